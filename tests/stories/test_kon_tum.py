"""The whole way of a document through Kon Tum, over HTTP alone, each step by whose step it is."""

import pytest

from documents.models import DocumentAct
from incoming.models import IncomingDocument
from tests.stories.papers import SUBJECT, day, registered, scanned, written
from tests.stories.visitor import Visitor

pytestmark = pytest.mark.usefixtures("committed", "empty_cache")


@pytest.fixture
def office(committed, cast):
    """`office("chair")`: that person of the cast, signed in; the same one each time."""
    people: dict[str, Visitor] = {}

    def person(name: str) -> Visitor:
        if name not in people:
            slug = "phuong-thang-loi" if name.startswith("ward_") else "kontum"
            slug = "so-xay-dung" if name.startswith("strang") else slug
            people[name] = Visitor(getattr(cast, name), slug)
        return people[name]

    return person


def steps(person: Visitor, page: str) -> list[str]:
    """Who did which verb, oldest first: the names as the page tells them, the verbs as kept."""
    person.open(f"{page}?full=1")
    trail = next(one for one in person.page.all("ol") if one.attributes.get("class") == "trail")
    names = [act.all("b")[0].text for act in trail.all("li")][::-1]
    acts = DocumentAct.objects.filter(target=int(page.split("/")[1])).order_by("ordinal")
    return [f"{name}: {act.verb}" for name, act in zip(names, acts, strict=True)]


def test_the_whole_way(cast, office, pdf):
    """Kon Tum Điều 13.1–13.3, 13.6, 13.7a, 13.7c, 20.1, 20.2, 21.1, 21.2 → /incoming/<id>/"""
    clerk, chief, chair, vice = office("clerk"), office("chief"), office("chair"), office("vice")
    head, finance_head = office("head"), office("finance_head")
    specialist, colleague, adviser = office("specialist"), office("colleague"), office("adviser")
    everyone = (clerk, chief, chair, vice, head, finance_head, specialist, colleague, adviser)
    assert [person.asked() for person in everyone] == [[]] * len(everyone)

    # The clerk takes in the scan, and enters it from the desk.
    clerk.open("incoming/tray/").press("Tiếp nhận", files=scanned(pdf))
    assert clerk.status == 200
    assert clerk.asked() == [("Tệp chờ đăng ký, 1 trang", "Đăng ký")]
    page = f"incoming/{IncomingDocument.objects.get().pk}/"
    assert [person.open(page).status for person in (head, specialist)] == [404, 404]
    clerk.open("").follow("Đăng ký")
    clerk.press("Lưu và nhập tiếp", **written(subject=""))
    assert clerk.status == 422
    assert "4127" in str([node.attributes.get("value") for node in clerk.page.all("input")])
    clerk.press("Lưu và nhập tiếp", **written())
    assert clerk.status == 200
    assert clerk.asked() == [(SUBJECT, "Trình")]

    # Nobody goes before him; then he submits it.
    chief.send(f"{page}distribute/", rows=1, **{"who-0": f"u{cast.planning.pk}"})
    assert chief.status == 409
    assert "đang ở bước “Chờ trình”" in chief.text
    clerk.open(page)
    assert clerk.offers() == ["Trình", "Cho ý kiến", "Thông báo", "Sửa dữ liệu", "Sao văn bản"]
    clerk.follow("Trình").press("Trình")
    assert "Đã trình văn bản số đến 1." in clerk.text
    assert clerk.asked() == []

    # The chief proposes, and asks the chair.
    assert chief.asked() == [(SUBJECT, "Phân phối")]
    chief.open(page).follow("Trình lãnh đạo")
    chief.press("Trình lãnh đạo", leader=cast.chair.pk, text="")
    assert chief.status == 422
    chief.press("Trình lãnh đạo", leader=cast.chair.pk, text="Phòng QLĐT chủ trì.")
    assert chief.status == 200
    assert chief.asked() == vice.asked() == []
    vice.send(f"{page}direct/", text="Để tôi xem.")
    assert vice.status == 409
    assert "Văn bản được trình lãnh đạo khác." in vice.text
    head.send(f"{page}direct/", text="Để tôi làm.")
    assert head.status == 404
    chief.open(page)
    assert "Phân phối" not in chief.offers()
    assert "phân phối sau khi có ý kiến chỉ đạo" in chief.text

    # The chair decides on one page; the document is the chief's again.
    assert chair.asked() == [(SUBJECT, "Cho ý kiến")]
    chair.open("").follow("Cho ý kiến")
    assert "Phòng QLĐT chủ trì." in chair.text
    chair.press("Ý kiến khác", text="")
    assert chair.status == 409
    assert "Ghi ý kiến chỉ đạo." in chair.text
    chair.press("Đồng ý, chuyển", phrases=["0"], text="")
    assert chair.status == 200
    assert chair.asked() == []
    assert chief.asked() == [(SUBJECT, "Phân phối")]

    # Sent to the wrong unit: back it comes, with the reason.
    chief.open("").follow("Phân phối")
    assert "Đồng ý với đề xuất. Làm ngay." in chief.text
    line = {"who-0": f"u{cast.finance.pk}", "due_date-0": day(-1)}
    chief.press("Phân phối", **line)
    assert chief.status == 409
    assert "đã qua" in chief.text
    chief.press("Phân phối", **(line | {"due_date-0": day(6)}))
    assert chief.status == 200
    assert chief.asked() == []
    assert finance_head.asked() == [(SUBJECT, "Giao việc")]
    finance_head.open(page).follow("Chuyển trả")
    finance_head.press("Chuyển trả")
    assert finance_head.status == 422
    finance_head.press("Chuyển trả", text="Không thuộc nhiệm vụ của Phòng.")
    assert finance_head.status == 200
    assert finance_head.asked() == []
    assert chief.asked() == [(SUBJECT, "Phân phối")]
    chief.open("").follow("Phân phối")
    chief.press(
        "Phân phối",
        **{
            "who-0": f"u{cast.planning.pk}",
            "directive-0": "Kiểm tra hiện trường, báo cáo.",
            "due_date-0": day(5),
            "who-1": f"u{cast.finance.pk}",
            "directive-1": "Bố trí kinh phí.",
            "inform": [f"p{cast.adviser.pk}.{cast.office.pk}"],
            "text": "Theo ý kiến của Chủ tịch.",
        },
    )
    assert chief.status == 200
    assert [colleague.open(page).status, office("stranger").open(page).status] == [404, 404]

    # The unit works: assigned, sent back, assigned again, reported, ended.
    assert head.asked() == [(SUBJECT, "Giao việc")]
    head.open("").follow("Giao việc")
    who = {"who-0": f"p{cast.specialist.pk}.{cast.planning.pk}", "due_date-0": day(3)}
    head.press("Giao việc", **who)
    assert head.asked() == []
    assert specialist.asked() == [(SUBJECT, "Xử lý")]
    specialist.open(page).follow("Chuyển trả")
    specialist.press("Chuyển trả", text="Chưa có hồ sơ thiết kế.")
    assert specialist.asked() == []
    head.open("").follow("Giao việc")
    head.press("Giao việc", **who, text="Đã xin hồ sơ của Ban quản lý.")
    specialist.open(page).follow("Báo cáo tiến độ")
    specialist.press("Báo cáo tiến độ", percent="50", text="Đã khảo sát.")
    assert "báo cáo tiến độ 50 %" in specialist.text
    head.send(f"{page}finish/", text="Xong.")
    assert head.status == 409
    assert "Hoàng Thị Mỹ Linh đang chủ trì, chưa báo kết quả" in head.text
    specialist.open("").follow("Xử lý")
    specialist.press("Kết thúc", text="Đã lập phương án.")
    assert specialist.asked() == []
    assert head.asked() == [(SUBJECT, "Kết thúc")]

    # The lead ends the whole; who still coordinates is named beforehand.
    head.open("").follow("Kết thúc")
    assert "Còn nơi chưa xong: Phòng Tài chính - Kế hoạch" in head.text
    head.press("Kết thúc", text="Đã khắc phục, báo cáo UBND tỉnh.")
    assert "Đã kết thúc" in head.text
    assert [person.asked() for person in everyone] == [[]] * len(everyone)

    # Taken up again, with a reason, and ended again.
    head.send(f"{page}reopen/", text="Chưa xong.")
    assert head.status == 409
    chief.open(page).follow("Mở lại")
    chief.press("Mở lại", text="UBND tỉnh yêu cầu bổ sung.")
    assert head.asked() == [(SUBJECT, "Kết thúc")]
    head.open("").follow("Kết thúc").press("Kết thúc", text="Đã bổ sung.")
    assert "Đã bổ sung." in head.text

    # Who is only informed is asked for nothing; opening it is enough.
    adviser.open("")
    assert "Để biết, chưa đọc" in adviser.text
    adviser.follow(SUBJECT)
    assert adviser.offers() == ["Thông báo"]
    assert SUBJECT not in adviser.open("").text

    assert steps(chair, page) == [
        "Bùi Thị Hồng Nhung: receive",
        "Bùi Thị Hồng Nhung: register",
        "Bùi Thị Hồng Nhung: submit",
        "Phạm Minh Tuấn: propose",
        "Nguyễn Đức Thành: direct",
        "Phạm Minh Tuấn: distribute",
        "Lý Thanh Tâm: send_back",
        "Phạm Minh Tuấn: distribute",
        "Nguyễn Quốc Bảo: assign",
        "Hoàng Thị Mỹ Linh: send_back",
        "Nguyễn Quốc Bảo: assign",
        "Hoàng Thị Mỹ Linh: progress",
        "Hoàng Thị Mỹ Linh: finish",
        "Nguyễn Quốc Bảo: finish",
        "Phạm Minh Tuấn: reopen",
        "Nguyễn Quốc Bảo: finish",
        "Đặng Thị Thu Hà: read",
    ]
    document = IncomingDocument.objects.get()
    assert (document.state, document.number, document.result) == ("finished", 1, "Đã bổ sung.")


def test_a_ward_goes_the_short_way(cast, office, pdf):
    """Kon Tum Điều 16.1a, 16.1b: to the leader of the agency, and from him to those who do it.

    → /incoming/<id>/
    """
    clerk, chair, officer = office("ward_clerk"), office("ward_chair"), office("ward_officer")
    page = registered(clerk, pdf)
    clerk.open(page).follow("Trình").press("Trình")
    assert clerk.asked() == officer.asked() == []
    assert office("clerk").open(f"/phuong-thang-loi/{page}").status == 404
    assert office("chair").open(f"/phuong-thang-loi/{page}").status == 404
    assert chair.asked() == [(SUBJECT, "Phân phối")]
    chair.open("").follow("Phân phối")
    assert "Trình lãnh đạo" not in chair.offers()  # the Quy chế has no such step here
    chair.press("Phân phối", **{"who-0": f"p{cast.ward_officer.pk}.{cast.ward_unit.pk}"})
    assert chair.status == 200
    assert officer.asked() == [(SUBJECT, "Xử lý")]
    officer.open("").follow("Xử lý").press("Kết thúc", text="Đã báo cáo UBND thành phố.")
    assert steps(chair, page) == [
        "Ngô Thị Ngọc Ánh: receive",
        "Ngô Thị Ngọc Ánh: register",
        "Ngô Thị Ngọc Ánh: submit",
        "Y Hạnh: distribute",
        "A Klăh: finish",
    ]


def test_what_is_only_for_information(cast, office, pdf):
    """Kon Tum Điều 13.7c: "Kết thúc" without work, and "Thông báo" to whoever should see it.

    → /incoming/<id>/
    """
    clerk, chief, finance_head = office("clerk"), office("chief"), office("finance_head")
    page = registered(clerk, pdf, type_name="Thông báo", subject="Lịch nghỉ Tết năm 2027")
    clerk.open(page).follow("Trình").press("Trình")
    chief.open(page).follow("Kết thúc").press("Kết thúc", text="Để biết, lưu hồ sơ.")
    assert "Đã kết thúc" in chief.text
    assert chief.asked() == []
    assert finance_head.open(page).status == 404
    chief.open(page).follow("Thông báo")
    chief.press("Thông báo", people=[f"u{cast.finance.pk}", f"p{cast.adviser.pk}.{cast.office.pk}"])
    assert chief.status == 200
    for person in (finance_head, office("adviser")):
        assert person.asked() == []
        person.open("").follow("Lịch nghỉ Tết năm 2027")
        assert person.offers() == ["Thông báo"]
        person.send(f"{page}finish/", text="Đã đọc.")
        assert person.status == 409
    assert steps(chief, page)[-2:] == ["Lý Thanh Tâm: read", "Đặng Thị Thu Hà: read"]
    chief.open(page).follow("Thông báo")
    chief.press("Thông báo", people=[f"u{cast.finance.pk}"])
    assert chief.status == 409
    assert "đều đã được thông báo" in chief.text


def test_what_may_not_enter_leaves_no_trace(office, pdf):
    """Kon Tum Điều 4.1, 14.7: a secret letter is refused at once, and nothing of it stays.

    → /incoming/register/
    """
    clerk = office("clerk")
    clerk.open("incoming/register/?new")
    clerk.press(
        "Lưu và nhập tiếp",
        files=scanned(pdf, "ke-hoach-mat.pdf"),
        gate="state_secrets",
        **written(subject="Kế hoạch tuyệt mật"),
    )
    assert clerk.status == 409
    assert "Điều 4" in clerk.text
    document = IncomingDocument.objects.get()
    assert (document.state, document.subject, document.number) == ("refused", "", 0)
    assert not document.quarantined.exists()
    assert not document.attachments.exists()
    assert clerk.asked() == []
