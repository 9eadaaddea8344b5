"""Pages of the catalogue: forms in place, what each reader is offered, the print form, queries."""

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from core import clock
from dossiers import actions, rules
from dossiers.actions import Fields, cataloguing, issuing
from dossiers.models import Catalogue, Heading, PlannedDossier
from tests.cast import act_as
from tests.stories.visitor import Reader

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]


def page(catalogue, name: str = "catalogue", *more: object) -> str:
    return reverse(f"dossiers:{name}", args=["kontum", catalogue.year, *more])


def line_data(line=None, **changes):
    values = {
        "file_notation": "04TH",
        "title": "Hồ sơ họp giao ban",
        "maintenance": "20",
        "description": "",
        "version": line.version if line else "",
    }
    return values | changes


def test_a_line_is_added_by_a_plain_form_and_written_in_one_way(client, cast, draft):
    """NĐ 30/2020 Phụ lục V: 04TH becomes 04.TH, 20 becomes 20 năm."""
    client.force_login(cast.clerk)
    heading = draft.headings.get(title="Tổng hợp")
    form = client.get(f"{page(draft)}?edit=new-line.{heading.pk}").content.decode()
    assert 'value="04.TH"' in form  # the next number is offered
    data = line_data(heading=heading.pk, who=f"u{cast.planning.pk}")
    answer = client.post(page(draft, "catalogue_line_add"), data)
    line = draft.lines.get(file_notation="04.TH")
    assert answer.url == f"{page(draft)}?part={heading.pk}#line-{line.pk}"
    assert (line.maintenance, line.creator, line.unit, line.ordinal) == (
        "20 năm",
        "Phòng Quản lý đô thị",
        cast.planning,
        4,
    )
    again = client.post(page(draft, "catalogue_line_add"), data | {"next": "1"})
    assert again.status_code == 409
    assert "Năm nay đã có hồ sơ 04.TH" in again.content.decode()
    assert "Hồ sơ họp giao ban" in again.content.decode()  # what was typed stays


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"file_notation": "TH"}, "ví dụ 01.TH"),
        ({"maintenance": "lâu dài"}, "ghi “Vĩnh viễn” hoặc số năm"),
        ({"title": ""}, "Chưa điền ô này."),
        ({"title": "x" * 501}, "Dài quá 500 ký tự"),
        ({"title": "C«ng v¨n chØ ®¹o"}, "phông TCVN3"),
        ({"heading": "0"}, "Chọn một mục trong danh sách."),
        ({"who": "p0.0"}, "Chọn một mục trong danh sách."),
        ({"version": "x"}, "Giá trị không đúng"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(client, cast, draft, change, words):
    client.force_login(cast.clerk)
    heading = draft.headings.get(title="Tổng hợp")
    data = line_data(heading=heading.pk, who=f"u{cast.planning.pk}") | change
    answer = client.post(page(draft, "catalogue_line_add"), data)
    assert answer.status_code == 422
    if "version" not in change:  # a hidden field has no place for words
        assert words in answer.content.decode()
    assert draft.lines.count() == 5


def test_a_line_is_changed_in_its_place_and_a_newer_one_is_not_lost(client, cast, draft):
    """Two people at once: the second is told what stands there, and may then save knowingly."""
    client.force_login(cast.clerk)
    line = draft.lines.get(file_notation="02.TH")
    root = Reader(client.get(f"{page(draft)}?edit=line.{line.pk}").content.decode()).root
    [form] = [one for one in root.all("form") if one.attributes.get("id") == "edit"]
    assert form.attributes["action"] == page(draft, "catalogue_line", line.pk)
    data = line_data(line, file_notation="02.TH", heading=line.heading_id)
    data["who"] = f"p{cast.specialist.pk}.{cast.planning.pk}"
    client.post(page(draft, "catalogue_line", line.pk), data)
    line.refresh_from_db()
    assert (line.title, line.creator, line.creator_user, line.version) == (
        "Hồ sơ họp giao ban",
        "Hoàng Thị Mỹ Linh",
        cast.specialist,
        2,
    )
    client.force_login(cast.chief)
    late = client.post(page(draft, "catalogue_line", line.pk), data | {"title": "Chữ của tôi"})
    said = late.content.decode()
    assert late.status_code == 409
    assert "Bùi Thị Hồng Nhung đã sửa trong lúc này" in said
    assert "Chữ của tôi" in said
    assert 'name="version" value="2"' in said
    client.post(
        page(draft, "catalogue_line", line.pk), data | {"title": "Chữ của tôi", "version": 2}
    )
    line.refresh_from_db()
    assert line.title == "Chữ của tôi"


def test_buttons_move_and_remove_lines_and_headings(client, cast, draft):
    client.force_login(cast.archivist)
    second = draft.lines.get(file_notation="02.TH")
    client.post(page(draft, "catalogue_line", second.pk), {"do": "up"})
    client.post(page(draft, "catalogue_line", second.pk), {"do": "up"})  # at the top already
    common = draft.headings.get(title="Tổng hợp")
    assert list(common.lines.values_list("file_notation", flat=True)) == ["02.TH", "01.TH", "03.TH"]
    client.post(page(draft, "catalogue_heading", common.pk), {"do": "down"})
    large = draft.headings.filter(parent=None)
    assert list(large.values_list("title", flat=True)) == ["Quản lý đô thị", "Tổng hợp"]
    client.post(page(draft, "catalogue_line", second.pk), {"do": "remove"})
    assert list(common.lines.values_list("ordinal", flat=True)) == [1, 2]
    refused = client.post(page(draft, "catalogue_heading", common.pk), {"do": "remove"})
    assert (refused.status_code, "Đề mục còn hồ sơ" in refused.content.decode()) == (409, True)


def test_headings_are_added_and_renamed(client, cast, draft):
    client.force_login(cast.archivist)
    add = page(draft, "catalogue_heading_add")
    client.post(add, {"title": "Tổ chức cán bộ", "abbreviation": "TCCB"})
    made = draft.headings.get(title="Tổ chức cán bộ")
    client.post(add, {"title": "Kỷ luật", "parent": made.pk})
    assert Heading.objects.get(title="Kỷ luật").parent == made
    assert client.post(add, {"title": "x", "parent": 10**9}).status_code == 404
    wrong = client.post(add, {"title": "Khác", "abbreviation": "1/x"})
    assert "Chữ viết tắt chỉ gồm chữ và số" in wrong.content.decode()
    data = {"title": "Tổ chức", "abbreviation": "TC", "version": made.version}
    client.post(page(draft, "catalogue_heading", made.pk), data)
    made.refresh_from_db()
    assert (made.title, made.abbreviation) == ("Tổ chức", "TC")
    assert client.post(page(draft, "catalogue_heading", made.pk), data).status_code == 409


def test_a_year_is_begun_and_copied_on_the_page_of_years(client, cast, issued):
    client.force_login(cast.chief)
    index = reverse("dossiers:catalogues", args=["kontum"])
    year = issued.year + 1
    assert f"Năm {year} chưa có danh mục" in client.get(index).content.decode()
    answer = client.post(index, {"year": year, "copy": "1"})
    made = Catalogue.objects.get(year=year)
    assert (answer.url, made.lines.count()) == (page(made), 5)
    rows = Reader(client.get(index).content.decode()).root
    linked = [one.attributes.get("href") for one in rows.all("a")]
    assert linked.index(page(made)) < linked.index(page(issued))  # the newest first
    refused = client.post(index, {"year": year, "copy": "1"})
    assert (refused.status_code, made.lines.count()) == (409, 5)
    assert client.post(index, {"year": "x"}).status_code == 409
    client.force_login(cast.specialist)
    said = client.get(index).content.decode()
    assert f">{issued.year}</a>" in said
    assert str(year) not in said


def test_it_goes_through_the_pages_to_its_issue(client, cast, draft):
    """NĐ 30/2020 Điều 28 → /dossiers/catalogue/<year>/"""
    client.force_login(cast.archivist)
    client.post(page(draft, "catalogue_verb", "submit"))
    client.force_login(cast.chair)
    desk = client.get("/kontum/").content.decode()
    assert "Danh mục hồ sơ chờ duyệt" in desk
    notices = client.get("/kontum/notifications/").content.decode()
    assert "Trình danh mục hồ sơ" in notices
    assert f'href="{page(draft)}"' in notices
    form = client.get(f"{page(draft)}?do=approve").content.decode()
    version = Catalogue.objects.get(pk=draft.pk).version
    assert f'name="version" value="{version}"' in form
    data = {"decided_date": f"{clock.today():%d/%m/%Y}", "version": version}
    missing = client.post(page(draft, "catalogue_verb", "approve"), data)
    assert (missing.status_code, "Chưa điền ô này." in missing.content.decode()) == (422, True)
    client.post(page(draft, "catalogue_verb", "approve"), data | {"decision_number": "15/QĐ-UBND"})
    client.force_login(cast.specialist)
    said = client.get(page(draft)).content.decode()
    assert "Quyết định 15/QĐ-UBND" in said
    assert "5 hồ sơ: 2 bảo quản vĩnh viễn, 3 có thời hạn" in said
    assert "Sửa" not in said
    assert client.get(page(draft, "catalogue_verb", "approve")).status_code == 302
    assert client.get(page(draft, "catalogue_verb", "dance")).status_code == 404


def test_a_draft_is_sent_back_on_its_page_with_the_reason_shown(client, cast, draft):
    issuing.submit(act_as(cast.archivist), draft)
    client.force_login(cast.chair)
    client.post(page(draft, "catalogue_verb", "send_back"), {"text": "Thiếu hồ sơ kỷ luật."})
    client.force_login(cast.clerk)
    assert "Thiếu hồ sơ kỷ luật." in client.get(page(draft)).content.decode()


def test_a_missing_dossier_is_proposed_and_answered_on_the_page(client, cast, issued):
    """Cần Thơ Điều 13.1; only its proposer and whoever decides see it before."""
    heading = issued.headings.get(title="Tổng hợp")
    data = line_data(heading=heading.pk, who=f"u{cast.planning.pk}")
    client.force_login(cast.specialist)
    assert "Đề nghị bổ sung hồ sơ" in client.get(f"{page(issued)}?edit=new-line").content.decode()
    client.post(page(issued, "catalogue_line_add"), data)
    line = PlannedDossier.objects.get(file_notation="04.TH")
    client.force_login(cast.colleague)
    assert "Hồ sơ họp giao ban" not in client.get(page(issued)).content.decode()
    assert (
        client.post(page(issued, "catalogue_line", line.pk), {"do": "approve"}).status_code == 404
    )
    client.force_login(cast.chair)
    assert "1 hồ sơ đề nghị bổ sung" in client.get("/kontum/").content.decode()
    assert "Hoàng Thị Mỹ Linh đề nghị" in client.get(page(issued)).content.decode()
    back = {"do": "return", "version": line.version, "text": "Đã có 01.TH."}
    client.post(page(issued, "catalogue_line", line.pk), back)
    client.force_login(cast.specialist)
    said = client.get(f"{page(issued)}?edit=line.{line.pk}").content.decode()
    assert "Đã có 01.TH." in client.get(page(issued)).content.decode()
    assert "Đề nghị lại" in said
    line.refresh_from_db()
    again = data | {"version": line.version, "title": "Hồ sơ giao ban tuần"}
    client.post(page(issued, "catalogue_line", line.pk), again)
    line.refresh_from_db()
    client.force_login(cast.chair)
    client.post(page(issued, "catalogue_line", line.pk), {"do": "approve", "version": line.version})
    client.force_login(cast.colleague)
    assert "Hồ sơ giao ban tuần" in client.get(page(issued)).content.decode()


def test_the_form_of_the_decree_is_printed(client, cast, issued, proposed):
    """NĐ 30/2020 Phụ lục V → /dossiers/catalogue/<year>/print/: five columns, headings, sums."""
    client.force_login(cast.specialist)
    answer = client.get(f"{page(issued, 'catalogue_print')}?as=pdf")
    assert answer["Content-Type"] == "application/pdf"
    said = " ".join(
        " ".join(one.extract_text() for one in PdfReader(io.BytesIO(answer.content)).pages).split()
    )
    for sentence in (
        "DANH MỤC HỒ SƠ CỦA UBND THÀNH PHỐ KON TUM",
        f"Năm {issued.year}",
        "Ban hành kèm theo Quyết định số 15/QĐ-UBND",
        "(1) (2) (3) (4) (5)",
        "I. TỔNG HỢP",
        "II. QUẢN LÝ ĐÔ THỊ",
        "1. Cấp phép",
        "02.QLĐT",
        "Bản Danh mục hồ sơ này có 5 hồ sơ, bao gồm:",
        "2 hồ sơ bảo quản vĩnh viễn;",
        "3 hồ sơ bảo quản có thời hạn.",
        "CHỦ TỊCH",
    ):
        assert sentence in said, sentence
    assert "Đăk Bla" not in said  # what waits for approval is no part of it
    client.cookies["django_language"] = "en"
    assert "DANH MỤC HỒ SƠ" in client.get(page(issued, "catalogue_print")).content.decode()


def test_a_thousand_lines_need_as_many_queries_as_five(client, cast, draft):
    heading = draft.headings.get(title="Tổng hợp")
    client.force_login(cast.clerk)

    def asked(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as found:
            answer = client.get(address)
            assert answer.status_code == 200
        assert len(answer.content) < 150_000, address
        return len([one for one in found if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))])

    addresses = [page(draft), f"{page(draft)}?edit=new-line.{heading.pk}"]
    few = [asked(one) for one in addresses]
    for part in range(2, 12):
        other = cataloguing.add_heading(act_as(cast.clerk), draft, title=f"Đề mục {part}")
        PlannedDossier.objects.bulk_create(
            PlannedDossier(
                catalogue=draft,
                heading=other,
                ordinal=number,
                file_notation=f"{part * 100 + number}.TH",
                title=f"Hồ sơ {number} về việc kiểm tra, báo cáo kết quả trong năm",
                maintenance="20 năm",
                creator="Văn phòng HĐND-UBND",
            )
            for number in range(1, 101)
        )
    assert [asked(one) for one in addresses] == few
    assert few[0] <= 12
    # One large heading is open at a time; the others lead there.
    said = client.get(f"{page(draft)}?part={other.pk}").content.decode()
    assert "1199.TH" in said
    assert "299.TH" not in said


# --- What was changed.


def test_who_changed_what_is_read_by_those_who_see_drafts(client, cast, issued, proposed):
    """Before and after of headings, lines and the whole, under the name of whoever did it."""
    issuing.return_line(
        act_as(cast.chair), proposed, version=proposed.version, text="Ghi rõ <b>thời hạn</b>."
    )
    path = reverse("dossiers:catalogue_history", args=["kontum", issued.year])
    client.force_login(cast.archivist)
    assert path in client.get(issued.get_absolute_url()).content.decode()
    answer = client.get(path)
    first = answer.context["changes"][0]
    assert (first.who, first.kind, first.name.split()[0]) == (
        cast.chair.full_name,
        "sửa",
        "03.QLĐT",
    )
    assert first.fields == [
        {"label": "trạng thái", "old": "Chờ duyệt", "new": "Đang lập"},
        {"label": "lý do trả lại", "old": "", "new": "Ghi rõ <b>thời hạn</b>."},
    ]
    text = answer.content.decode()
    assert "Trạng thái: Chờ duyệt → Đang lập" in text
    assert "&lt;b&gt;thời hạn" in text
    assert "Thêm</b> đề mục “Quản lý đô thị”" in text
    assert "Số quyết định ban hành: – → 15/QĐ-UBND" in text
    for who in (cast.head, cast.specialist, cast.admin):
        client.force_login(who)
        assert client.get(path).status_code == 404
        assert path not in client.get(issued.get_absolute_url()).content.decode()


def test_the_catalogue_is_found_from_the_list_of_dossiers(client, cast, issued):
    client.force_login(cast.specialist)
    page = client.get("/kontum/dossiers/").content.decode()
    assert 'href="/kontum/dossiers/catalogue/"' in page
    places = client.get(issued.get_absolute_url()).context["frame"].places
    assert [one.label for one in places if one.current] == ["Hồ sơ công việc"]


def test_each_line_of_an_issued_one_says_whether_it_was_opened(client, cast, issued):
    """Cần Thơ Điều 13.1: dossiers are opened by the catalogue, so it leads to the form for that."""
    town = issued.lines.get(file_notation="01.QLĐT")
    open_it = f"{reverse('dossiers:new_dossier', args=['kontum'])}?planned={town.pk}"
    client.force_login(cast.specialist)
    before = client.get(page(issued)).content.decode()
    assert open_it in before
    assert before.count("Lập hồ sơ<span") == 5
    assert client.get(open_it).status_code == 200
    client.force_login(cast.accountant)  # of another unit than the one that opens them
    before = client.get(page(issued)).content.decode()
    assert "Lập hồ sơ<span" not in before
    assert before.count("Chưa lập") == 5
    fields = Fields(title=town.title, file_notation="01.QLĐT", maintenance="20 năm")
    dossier = actions.open(act_as(cast.specialist), fields, planned=town)
    after = client.get(page(issued)).content.decode()
    assert after.count("Chưa lập") == 4
    assert after.count("Đã lập") == 1
    assert dossier.get_absolute_url() not in after
    client.force_login(cast.specialist)
    after = client.get(page(issued)).content.decode()
    assert open_it not in after
    assert dossier.get_absolute_url() in after


def test_a_draft_leads_nowhere(client, cast, draft):
    client.force_login(cast.clerk)
    said = client.get(page(draft)).content.decode()
    assert "Chưa lập" not in said
    assert "?planned=" not in said


def test_the_form_offers_the_lines_that_wait_in_the_order_of_the_catalogue(client, cast, issued):
    """However many lines of others stand before them, and as many as the page holds."""
    for who in (
        "specialist", "head", "deputy", "colleague", "accountant", "finance_head", "chief",
        "chair", "clerk",
    ):  # fmt: skip
        actor = act_as(getattr(cast, who))
        rows = PlannedDossier.objects.filter(catalogue=issued).select_related("unit", "catalogue")
        by_rule = {one.pk for one in rows if rules.may_open_planned(actor, one) is None}
        found = set(PlannedDossier.objects.to_open_by(actor).values_list("pk", flat=True))
        assert found == by_rule, who
    mine = PlannedDossier.objects.to_open_by(act_as(cast.specialist))
    assert [one.file_notation for one in mine] == [
        "01.TH", "02.TH", "03.TH", "01.QLĐT", "02.QLĐT"
    ]  # fmt: skip
    common, line = issued.headings.get(title="Tổng hợp"), issued.lines.get(file_notation="01.TH")
    PlannedDossier.objects.bulk_create(
        PlannedDossier(
            catalogue=issued,
            heading=common,
            ordinal=10 + number,
            file_notation=f"{10 + number}.TH",
            title=f"Của phòng tài chính {number}",
            maintenance="5 năm",
            unit=cast.finance,
            state=line.state,
        )
        for number in range(220)
    )
    client.force_login(cast.specialist)
    said = client.get(reverse("dossiers:new_dossier", args=["kontum"])).content.decode()
    assert "02.QLĐT" in said
    assert "Của phòng tài chính" not in said
    assert "Xem tất cả trong danh mục" not in said
    client.force_login(cast.chief)
    said = client.get(reverse("dossiers:new_dossier", args=["kontum"])).content.decode()
    assert said.count("?planned=") == 20
    assert issued.get_absolute_url() in said.split("Xem tất cả trong danh mục")[0]
    assert "Xem tất cả trong danh mục" in said


def test_a_returned_line_whose_proposer_has_gone_frees_its_number(client, cast, issued, proposed):
    """Cần Thơ Điều 13.1: a keeper removes it, and another proposes that number."""
    issuing.return_line(act_as(cast.chair), proposed, version=proposed.version, text="Trùng.")
    yesterday = clock.today() - timedelta(days=1)
    cast.specialist.appointments.update(end_date=yesterday)
    client.force_login(cast.archivist)
    assert "Đã bị trả lại:" in client.get(page(issued)).content.decode()
    path = page(issued, "catalogue_line", proposed.pk)
    assert client.post(path, {"do": "remove"}).status_code == 302
    assert not issued.lines.filter(pk=proposed.pk).exists()
    heading = issued.headings.get(title="Quản lý đô thị")
    entry = cataloguing.LineEntry(
        file_notation="03.QLĐT",
        title="Hồ sơ kè mới",
        maintenance="20 năm",
        creator="Phòng Quản lý đô thị",
        unit=cast.planning,
        heading=heading,
    )
    assert cataloguing.propose_line(act_as(cast.colleague), issued, entry).state == "submitted"
