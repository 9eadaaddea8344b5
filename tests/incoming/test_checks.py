"""Checks of a paper before it is registered: whole, signed, scanned well, not here already."""

from copy import copy
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from accounts.models import Agency
from core import clock
from documents.choices import Part
from documents.models import DocumentAct
from incoming import actions, checks, twins
from incoming.choices import Channel
from incoming.models import IncomingDocument
from tests import cast as play
from tests import files, papers
from tests.cast import act_as
from tests.papers import letter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("types")]
SUBJECT = "Khắc phục sạt lở bờ kè sông Đăk Bla và bảo đảm an toàn giao thông"


def form_of(document) -> str:
    return reverse("incoming:register_received", args=[document.agency.slug, document.pk])


def under(cast, name: str) -> None:
    Agency.objects.filter(pk=cast.city.pk).update(regulation_name=name)


def received(cast, content: bytes, channel: str = Channel.PAPER) -> IncomingDocument:
    document = actions.receive(act_as(cast.clerk), [play.upload(content)], channel=channel)
    actions.inspect_tray(document)
    return document


# --- Duplicates at three levels.


def other(pages: int = 2) -> bytes:
    return files.build(pages=pages)


def levels(cast, document, **changes) -> list[tuple[int, str]]:
    found = twins.find(act_as(cast.clerk), document, play.entry(**changes))
    return [(one.document.number, one.level) for one in found]


def test_three_levels_of_likeness(cast, pdf):
    """NĐ 30/2020 Phụ lục VI phần I: warned, never refused."""
    play.registered(cast.clerk, pdf)
    day = clock.today() - timedelta(days=2)
    document = received(cast, other())
    # The same paper: number, notation, issuer, day.
    assert levels(cast, document) == [(1, "same")]
    assert levels(cast, document, organ_name="ubnd tỉnh kon tum") == [(1, "same")]
    # The same number of that year, the day mistyped.
    assert levels(cast, document, issued_date=day - timedelta(days=1)) == [(1, "near")]
    # Nearly the same words: the number mistyped, a word left out, another spelling.
    assert levels(cast, document, code_number="4172") == [(1, "near")]
    shorter = SUBJECT.replace(" và bảo đảm", ", bảo đảm")
    assert levels(cast, document, code_number="", code_notation="", subject=shorter) == [
        (1, "near")
    ]
    # Other papers of the same office and day; the same number of another office or year.
    assert levels(cast, document, code_number="9", subject="Giấy mời họp giao ban tháng 11") == []
    far = {"organ_name": "UBND huyện Đăk Hà", "subject": "Báo cáo thu ngân sách"}
    assert levels(cast, document, **far) == []
    long_ago = {"issued_date": day.replace(year=day.year - 1), "subject": "Báo cáo thu ngân sách"}
    assert levels(cast, document, **long_ago) == []
    # The same file, whatever is typed.
    again = received(cast, pdf)
    assert levels(cast, again, **far) == [(1, "file")]


def test_papers_without_a_number_are_not_all_alike(cast, pdf):
    none = {"code_number": "không số", "code_notation": ""}
    play.registered(cast.clerk, pdf, **none)
    document = received(cast, other())
    assert levels(cast, document, subject="Đơn xin nghỉ phép", **none) == []
    assert levels(cast, document, **none) == [(1, "near")]


def test_what_was_purged_and_what_others_have_is_no_twin(cast, pdf):
    play.registered(cast.ward_clerk, pdf)
    play.purged(cast.chair, play.registered(cast.clerk, pdf))
    assert levels(cast, received(cast, pdf)) == []


def test_twins_stand_side_by_side_and_the_decision_on_the_trail(client, cast, pdf, typed):
    """Both first pages and fields; nobody is refused silently → /incoming/<id>/register/"""
    there = play.registered(cast.clerk, pdf)
    document = received(cast, other())
    client.force_login(cast.clerk)
    answer = client.post(form_of(document), typed(code_number="4172", subject=there.subject))
    assert answer.status_code == 409
    page = unescape(answer.content.decode())
    for one in (document, there):
        assert reverse("incoming:page", args=["kontum", one.pk, 1, 1]) in page
    assert "Nội dung gần giống" in page
    sides = {one.label: one for one in answer.context["compared"][0]["sides"]}
    assert sides["Số, ký hiệu"].differs
    assert (sides["Số, ký hiệu"].mine, sides["Số, ký hiệu"].theirs) == (
        "4172/UBND-HTKT",
        "4127/UBND-HTKT",
    )
    assert not sides["Trích yếu nội dung"].differs
    assert f"{reverse('incoming:refuse', args=['kontum', document.pk])}?reason=duplicate" in page
    values = typed(code_number="4172", subject=there.subject, confirm_duplicate="on")
    assert client.post(form_of(document), values).status_code == 302
    act = DocumentAct.objects.filter(target=document.pk, verb="register").get()
    assert act.detail["twins"] == [{"document": there.pk, "number": 1, "level": "near"}]
    page = client.get(document.get_absolute_url()).content.decode()
    assert "Đã đối chiếu với số đến 1, vẫn đăng ký." in page


def test_the_other_decision_is_to_send_it_back(client, cast, pdf):
    document = received(cast, pdf)
    client.force_login(cast.clerk)
    url = reverse("incoming:refuse", args=["kontum", document.pk])
    form = client.get(f"{url}?reason=duplicate").context["form"]
    assert form["reason"].value() == "duplicate"


# --- Signatures.


def test_each_signature_says_who_when_what_changed_and_what_to_do(client, cast, tmp_path):
    """Cần Thơ Điều 5.1: "kiểm tra tính đầy đủ, toàn vẹn, tính xác thực"."""
    document = received(cast, files.annotated_later(tmp_path / "a.pdf").read_bytes())
    client.force_login(cast.clerk)
    page = unescape(client.get(form_of(document)).content.decode())
    assert "Chữ ký số không hợp lệ." in page
    assert "thêm hoặc sửa chú thích" in page
    assert "Không nhận tệp này; báo nơi gửi gửi lại bản đã ký." in page
    assert "Chứng thư số do" in page
    found = checks.look(act_as(cast.clerk), document, list(document.quarantined.all()))
    (line,) = [one for one in found.panel if one.signatures]
    assert line.level == "refused"
    assert line.signatures[0].who
    assert line.signatures[0].time


def test_an_unsigned_scan_is_no_alarm(cast, pdf):
    found = checks.look(act_as(cast.clerk), received(cast, pdf), [])
    assert found.panel == []
    document = received(cast, pdf)
    found = checks.look(act_as(cast.clerk), document, list(document.quarantined.all()))
    assert {one.level for one in found.panel} == {"ok", "unknown"}


def test_kinds_that_must_be_signed_and_are_not(client, cast, pdf, typed):
    """Cần Thơ Điều 3.3, 5.1 → /incoming/<id>/register/"""
    under(cast, "can-tho-2019")
    document = received(cast, pdf, Channel.ELECTRONIC)
    client.force_login(cast.clerk)
    page = unescape(client.get(form_of(document)).content.decode())
    assert "Loại phải có chữ ký số:" in page
    values = typed(type_name="Tờ trình", channel="electronic")
    answer = client.post(form_of(document), values)
    assert answer.status_code == 409
    page = unescape(answer.content.decode())
    assert "Tờ trình: chỉ gửi, nhận văn bản điện tử có ký số (khoản 3 Điều 3)." in page
    assert "phản hồi để nơi gửi biết, xử lý." in page
    assert "khoản 1 Điều 5 Quy chế" in page
    answer = client.post(form_of(document), values | {"confirm_unsigned": "on"})
    assert answer.status_code == 302
    assert DocumentAct.objects.get(verb="register").detail["unsigned"] is True
    page = client.get(document.get_absolute_url()).content.decode()
    assert "Đã biết tệp chưa ký số, vẫn đăng ký." in page
    assert "Phải có chữ ký số." in page


def test_kinds_that_need_no_signature_and_paper_pass(client, cast, pdf, typed):
    """Cần Thơ Điều 3.3: of paper the clerk is told, and not held up."""
    under(cast, "can-tho-2019")
    client.force_login(cast.clerk)
    document = received(cast, pdf, Channel.ELECTRONIC)
    values = typed(type_name="Công điện", channel="electronic")
    assert client.post(form_of(document), values).status_code == 302
    document = received(cast, other(), Channel.PAPER)
    values = typed(type_name="Tờ trình", code_number="77", subject="Xin chủ trương đầu tư")
    assert client.post(form_of(document), values).status_code == 302
    page = client.get(document.get_absolute_url()).content.decode()
    assert "đề nghị nơi gửi gửi bản điện tử đã ký số" in page


def test_elsewhere_no_kind_must_be_signed(client, cast, pdf, typed):
    document = received(cast, pdf, Channel.ELECTRONIC)
    client.force_login(cast.clerk)
    assert "Loại phải có chữ ký số" not in client.get(form_of(document)).content.decode()
    assert client.post(form_of(document), typed(channel="electronic")).status_code == 302
    document = received(cast, other())
    url = reverse("incoming:refuse", args=["kontum", document.pk])
    assert 'value="unsigned"' not in client.get(url).content.decode()


# --- The scan rule.


def test_a_poor_scan_is_shown_and_not_refused(client, cast, tmp_path, typed):
    """TT 01/2019 Điều 6.2; NĐ 30/2020 Phụ lục I: PDF 1.4, colour, 200 dpi; Cần Thơ Điều 6.2."""
    content = papers.scanned(tmp_path / "scan.pdf")
    document = received(cast, content)
    client.force_login(cast.clerk)
    page = unescape(client.get(form_of(document)).content.decode())
    assert "Bản quét chưa đúng quy định." in page
    assert "150 dpi ở trang 1" in page
    assert "phần II Phụ lục I Nghị định 30/2020/NĐ-CP" in page
    assert client.post(form_of(document), typed()).status_code == 302
    page = unescape(client.get(document.get_absolute_url()).content.decode())
    assert "150 dpi ở trang 1" in page
    under(cast, "can-tho-2019")
    page = unescape(client.get(document.get_absolute_url()).content.decode())
    assert "khoản 2 Điều 6 Quy chế" in page


def test_a_good_scan_and_a_letter_from_a_computer(cast, tmp_path):
    clerk = act_as(cast.clerk)
    colour = "/Width 1654/Height 2339/BitsPerComponent 8/ColorSpace/DeviceRGB"
    document = received(cast, papers.page_with(colour))
    titles = [
        one.title for one in checks.look(clerk, document, list(document.quarantined.all())).panel
    ]
    assert "Bản quét đúng quy định." in titles
    document = received(cast, letter())
    titles = [
        one.title for one in checks.look(clerk, document, list(document.quarantined.all())).panel
    ]
    assert not any("quét" in one for one in titles)


def test_a_long_annex_that_was_scanned_is_told(cast, tmp_path):
    """Kon Tum Điều 13.4: from fifteen pages on only the main part is scanned; the city only."""

    def titles(user, pages: int, *, scanned: bool = True) -> list[str]:
        document = received(cast, letter())
        [main] = document.quarantined.all()
        annex = copy(main)
        annex.part, annex.file_name = Part.ANNEX, "phu-luc.pdf"
        scan = {"pages": pages, "dpi": 200, "page": 1, "colour": "colour"} if scanned else {}
        annex.inspection = main.inspection | {"pages": pages, "scan": scan}
        actor = act_as(user)
        return [one.title for one in checks.look(actor, document, [main, annex]).panel]

    said = "Phụ lục dài đã quét."
    assert said in titles(cast.clerk, 15)
    assert said not in titles(cast.clerk, 14)
    assert said not in titles(cast.clerk, 40, scanned=False)
    assert said not in titles(cast.ward_clerk, 40)  # nothing is said of the wards


def test_the_same_file_of_another_paper_is_only_the_same_file(cast, pdf):
    """NĐ 30/2020 Phụ lục VI: number, notation, issuer and day, all four, make it the same paper."""
    play.registered(cast.clerk, pdf)
    document = play.registered(cast.clerk, pdf, organ_name="Sở Xây dựng")
    [twin] = twins.of_registered(act_as(cast.clerk), document)
    assert twin.level == "file"
    same = play.registered(cast.clerk, pdf)
    levels_ = {one.level for one in twins.of_registered(act_as(cast.clerk), same)}
    assert levels_ == {"same", "file"}


# --- Completeness, and what goes back.


def test_what_is_missing_is_named(client, cast, pdf):
    """Bắc Giang Điều 5.1: "kiểm tra tính pháp lý của văn bản đến"."""
    document = play.registered(cast.clerk, pdf, signer_full_name="", signer_position="")
    client.force_login(cast.clerk)
    under(cast, "nd-30-2020")
    page = unescape(client.get(document.get_absolute_url()).content.decode())
    assert "Thiếu dữ liệu:" in page
    assert "họ và tên người ký" in page


def test_files_are_counted(cast, pdf):
    files_ = [play.upload(pdf), play.upload(other(3), "phu-luc.pdf")]
    document = actions.receive(act_as(cast.clerk), files_)
    actions.inspect_tray(document)
    rows = list(document.quarantined.all())
    panel = checks.look(act_as(cast.clerk), document, rows).panel
    assert panel[0].text.startswith("Văn bản chính và 1 phụ lục, cộng 4 trang.")
    rows[0].part = "annex"
    assert checks.look(act_as(cast.clerk), document, rows).panel[0].title == "Thiếu văn bản chính."


@pytest.mark.parametrize(
    ("name", "channel", "article"),
    [
        ("can-tho-2019", Channel.PAPER, "khoản 1 Điều 5 Quy chế"),
        ("bac-giang-2014", Channel.PAPER, ""),  # Điều 5.1 speaks of checking, not of returning
        ("kon-tum-2017", Channel.ELECTRONIC, "điểm b khoản 2 Điều 21 Nghị định 30/2020/NĐ-CP"),
        ("kon-tum-2017", Channel.PAPER, ""),
    ],
)
def test_a_slip_goes_back_with_the_paper(client, cast, pdf, name, channel, article):
    """Cần Thơ Điều 5.1; NĐ 30/2020 Điều 21.2b → /incoming/<id>/return-slip/"""
    under(cast, name)
    document = received(cast, pdf, channel)
    client.force_login(cast.clerk)
    url = reverse("incoming:refuse", args=["kontum", document.pk])
    slip = reverse("incoming:return_slip", args=["kontum", document.pk])
    assert client.get(slip).status_code == 404
    values = {"reason": "incomplete", "text": "Thiếu trang 3."}
    page = client.post(url, values, follow=True).content.decode()
    assert slip in page
    text = unescape(client.get(slip).content.decode())
    for words in ("PHIẾU TRẢ LẠI VĂN BẢN", "Thiếu trang 3.", "Gửi lại đủ trang, đủ phụ lục."):
        assert words in text
    assert (article in text) if article else ("Căn cứ:" not in text)
    assert "quet-001" not in text  # not even the name of the file was kept


def test_of_a_forbidden_kind_there_is_no_slip(client, cast, pdf):
    document = received(cast, pdf)
    actions.refuse(act_as(cast.clerk), document, reason="petitions")
    client.force_login(cast.clerk)
    slip = reverse("incoming:return_slip", args=["kontum", document.pk])
    assert client.get(slip).status_code == 404


def test_another_reason_is_written_out(client, cast, pdf):
    document = received(cast, pdf)
    client.force_login(cast.clerk)
    url = reverse("incoming:refuse", args=["kontum", document.pk])
    answer = client.post(url, {"reason": "other"})
    assert answer.status_code == 422
    assert "Ghi rõ lý do." in answer.content.decode()
    assert client.post(url, {"reason": "other", "text": "Gửi thử."}).status_code == 302


def test_the_panel_asks_the_database_no_more_for_many_files(
    cast, pdf, django_assert_max_num_queries
):
    document = play.registered(cast.clerk, pdf)
    attachments = list(document.attachments.select_related("file"))
    clerk = act_as(cast.clerk)
    with django_assert_max_num_queries(2):
        checks.of_document(clerk, document, attachments * 5)
