"""Printed forms: what stands on them, in which letters, and the copy with the ĐẾN stamp."""

import errno
import io
import re
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path

import pypdfium2
import pytest
from django.conf import settings
from django.core.files.storage import storages
from pypdf import PdfReader

from accounts.actions import delegate
from core import clock
from documents import printing
from documents.choices import AssignmentRole
from documents.models import StoredFile
from dossiers import actions as dossiers
from dossiers.actions import Fields
from incoming import actions, slips
from incoming.actions import Annex, Line
from tests import cast as play
from tests.cast import act_as
from tests.files import build
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]


def words(content: bytes) -> str:
    """The text of a PDF, its lines joined."""
    return " ".join(
        " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split()
    )


def printed(client, user, path: str) -> bytes:
    client.force_login(user)
    answer = client.get(f"{path}?as=pdf")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    return answer.content


def size(content: bytes) -> tuple[int, int]:
    """Millimetres of the first page."""
    box = PdfReader(io.BytesIO(content)).pages[0].mediabox
    return round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)


def fonts(content: bytes) -> set[str]:
    found = set()
    for page in PdfReader(io.BytesIO(content)).pages:
        for font in page["/Resources"]["/Font"].values():
            font = font.get_object()
            inner = font.get("/DescendantFonts", [font])[0].get_object()
            assert (
                "/FontFile2" in inner["/FontDescriptor"] or "/FontFile3" in inner["/FontDescriptor"]
            )
            found.add(str(font["/BaseFont"]).split("+")[-1])
    return found


# --- Phiếu giải quyết văn bản đến.


def test_the_slip_is_filled_with_what_the_trail_says(client, cast, pdf):
    """NĐ 30/2020 Điều 23; Kon Tum Điều 13.2, 13.3, 20.2 → /incoming/<id>/resolution/"""
    due = clock.today() + timedelta(days=5)
    document = play.submitted(cast, pdf)
    chief = act_as(cast.chief)
    document = actions.propose(chief, document, cast.chair, text="Giao phòng Quản lý đô thị.")
    document = actions.direct(act_as(cast.chair), document, text="Đồng ý. Báo cáo tôi.")
    lines = [
        Line(AssignmentRole.LEAD, cast.planning, None, "Kiểm tra hiện trường.", due),
        Line(AssignmentRole.COORDINATE, cast.finance, None, "Bố trí kinh phí.", due),
    ]
    document = actions.distribute(chief, document, lines)
    line = Line(AssignmentRole.LEAD, cast.planning, cast.specialist, "Lập dự toán.", due)
    document = actions.assign(act_as(cast.head), document, [line], text="Làm trước thứ Sáu.")
    actions.progress(act_as(cast.specialist), document, percent=50, text="Đề xuất rọ đá tạm.")
    content = printed(client, cast.specialist, f"{document.get_absolute_url()}resolution/")
    said = words(content)
    for sentence in (
        "UBND THÀNH PHỐ KON TUM",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "PHIẾU GIẢI QUYẾT VĂN BẢN ĐẾN",
        "Công văn số 4127/UBND-HTKT",
        "Số đến: 1",
        "1. Ý kiến của lãnh đạo cơ quan",
        "Nguyễn Đức Thành, Chủ tịch",
        "Đồng ý. Báo cáo tôi.",
        f"Phòng Quản lý đô thị, thời hạn {due:%d/%m/%Y}. Kiểm tra hiện trường.",
        f"Phòng Tài chính - Kế hoạch, thời hạn {due:%d/%m/%Y}",
        "2. Ý kiến của lãnh đạo đơn vị",
        "Làm trước thứ Sáu.",
        "Hoàng Thị Mỹ Linh, thời hạn",
        "3. Ý kiến đề xuất của người giải quyết",
        "Đề xuất rọ đá tạm.",
    ):
        assert sentence in said, sentence
    assert size(content) == (210, 297)
    assert all("Liberation-Serif" in name or "Times" in name for name in fonts(content)), fonts(
        content
    )


def test_words_that_were_taken_back_are_not_printed(client, cast, pdf):
    """NĐ 30/2020 Phụ lục IV: they were said to nobody in the end."""
    document, chief = play.submitted(cast, pdf), act_as(cast.chief)
    wrong = [Line(AssignmentRole.LEAD, cast.finance, None, "Nhầm.")]
    document = actions.distribute(chief, document, wrong, text="Giao nhầm phòng.")
    document = actions.recall(chief, document)
    right = [Line(AssignmentRole.LEAD, cast.planning, None, "Kiểm tra.")]
    document = actions.distribute(chief, document, right, text="Giao đúng phòng.")
    sections = slips.resolution(document)
    assert [one.text for one in sections["units"].opinions] == ["Giao đúng phòng."]
    assert [one.name for one in sections["leaders"].leads] == ["Phòng Quản lý đô thị"]
    assert [one.directive for one in sections["units"].given_out] == ["Kiểm tra."]


def sides(document) -> tuple[list[str], list[str]]:
    """Who speaks in the part of the agency's leaders, and in that of the units'."""
    found = slips.resolution(document)
    return tuple([one.who for one in found[name].opinions] for name in ("leaders", "units"))  # type: ignore[return-value]


def test_what_the_chief_writes_stands_under_the_heads_of_units(client, cast, pdf):
    """NĐ 30/2020 Phụ lục IV: "Ý kiến của lãnh đạo cơ quan" is the words of leaders alone."""
    due = clock.today() + timedelta(days=5)
    document = play.submitted(cast, pdf)
    lines = [
        Line(AssignmentRole.LEAD, cast.planning, None, "Kiểm tra hiện trường.", due),
        Line(AssignmentRole.COORDINATE, cast.finance, None, "Bố trí kinh phí."),
    ]
    document = actions.distribute(act_as(cast.chief), document, lines, text="Chuyển QLĐT.")
    assert sides(document) == ([], ["Phạm Minh Tuấn"])
    client.force_login(cast.chief)
    page = unescape(client.get(f"{document.get_absolute_url()}resolution/").content.decode())
    first, second = page.split("2. Ý kiến của lãnh đạo đơn vị")
    by = "Chánh Văn phòng Phạm Minh Tuấn"
    # Who leads, and until when, the form asks for in its first part: with whose decision it is.
    assert f"Phòng Quản lý đô thị, thời hạn {due:%d/%m/%Y} ({by} phân phối)" in first
    for his in ("Chuyển QLĐT.", "Kiểm tra hiện trường.", "Bố trí kinh phí."):
        assert his not in first
        assert his in second


def test_a_leader_who_gives_out_himself_speaks_as_one(cast, pdf):
    """NĐ 30/2020 Phụ lục IV; Kon Tum Điều 16.1: in a ward its chairman gives out."""
    clerk = act_as(cast.ward_clerk)
    document = actions.submit(clerk, play.registered(cast.ward_clerk, pdf))
    line = Line(AssignmentRole.LEAD, cast.ward_unit, cast.ward_officer, "Làm ngay.")
    document = actions.distribute(act_as(cast.ward_chair), document, [line], text="Đồng chí làm.")
    assert sides(document) == (["Y Hạnh"], [])
    [lead] = slips.resolution(document)["leaders"].leads
    assert (lead.directive, lead.by) == ("Làm ngay.", "")


def test_lines_to_which_a_leader_has_agreed_are_his_whoever_gives_them_out(cast, pdf):
    """NĐ 30/2020 Phụ lục IV; Kon Tum Điều 13.3."""
    document, chief = play.submitted(cast, pdf), act_as(cast.chief)
    lines = [Line(AssignmentRole.LEAD, cast.planning, None, "Kiểm tra hiện trường.")]
    document = actions.propose(chief, document, cast.chair, text="Đề nghị.", lines=lines)
    document = actions.direct(act_as(cast.chair), document, text="Đồng ý.", lines=lines)
    own = Line(AssignmentRole.COORDINATE, cast.finance, None, "Bố trí kinh phí.")
    document = actions.distribute(chief, document, [*lines, own], text="Theo ý kiến Chủ tịch.")
    assert sides(document) == (["Nguyễn Đức Thành"], ["Phạm Minh Tuấn"] * 2)
    found = slips.resolution(document)
    assert [(one.directive, one.by) for one in found["leaders"].leads] == [
        ("Kiểm tra hiện trường.", "")
    ]
    [added] = found["leaders"].coordinators
    assert (added.directive, added.by) == ("", "Chánh Văn phòng Phạm Minh Tuấn")
    assert [one.directive for one in found["units"].given_out] == ["Bố trí kinh phí."]


def test_what_was_written_on_the_paper_stands_where_its_writer_belongs(cast, pdf):
    """NĐ 30/2020 Phụ lục IV; Kon Tum Điều 13.6: a direction in writing, taken from the paper."""
    for writer, parts in (
        (cast.chair, (["Nguyễn Đức Thành"], [])),
        (cast.chief, ([], ["Phạm Minh Tuấn"])),
    ):
        document = play.registered(cast.clerk, pdf, code_number=writer.username)
        by = writer.appointments.get()
        clerk = act_as(cast.clerk)
        document = actions.forward(clerk, document, cast.planning, by=by, text="Giải quyết.")
        assert sides(document) == parts


def test_whoever_ends_it_when_it_was_submitted_speaks_in_his_own_part(cast, pdf):
    """NĐ 30/2020 Phụ lục IV: the chief who finds that nothing is to be done is no handler."""
    document = actions.finish(act_as(cast.chief), play.submitted(cast, pdf), text="Để biết, lưu.")
    assert sides(document) == ([], ["Phạm Minh Tuấn"])
    assert slips.resolution(document)["handlers"].opinions == []


def test_a_proposal_is_no_leaders_opinion_and_a_delegate_says_for_whom(client, cast, pdf):
    """NĐ 30/2020 Phụ lục IV; Kon Tum Điều 13.1, 13.2; Bắc Giang Điều 5.3d."""
    document = play.submitted(cast, pdf)
    document = actions.propose(act_as(cast.chief), document, cast.chair, text="Đề nghị giao QLĐT.")
    today = clock.today()
    delegate(act_as(cast.chair), cast.vice, start_date=today, end_date=today)
    document = actions.direct(act_as(cast.vice), document, text="Đồng ý.")
    sections = slips.resolution(document)
    behalf = "thay Chủ tịch Nguyễn Đức Thành, theo ủy quyền"
    assert [(one.who, one.text, one.on_behalf) for one in sections["leaders"].opinions] == [
        ("Lê Văn Hùng", "Đồng ý.", behalf)
    ]
    assert [one.text for one in sections["units"].opinions] == ["Đề nghị giao QLĐT."]
    client.force_login(cast.chief)
    page = client.get(f"{document.get_absolute_url()}resolution/").content.decode()
    assert f"({behalf})" in page


def test_what_nobody_has_said_stays_blank(client, cast, pdf):
    document = play.registered(cast.clerk, pdf)
    client.force_login(cast.clerk)
    page = client.get(f"{document.get_absolute_url()}resolution/").content.decode()
    assert page.count('<p class="dots"></p>') == 8
    assert page.count("Ngày …… tháng …… năm ………") == 3
    sections = slips.resolution(document)
    assert [sections[name].opinions for name in ("leaders", "units", "handlers")] == [[], [], []]


def test_the_form_is_vietnamese_in_every_language(client, cast, pdf):
    document = play.registered(cast.clerk, pdf)
    client.force_login(cast.clerk)
    client.cookies["django_language"] = "en"
    page = client.get(f"{document.get_absolute_url()}resolution/").content.decode()
    assert "Công văn số" in page
    assert 'lang="vi"' in page


def test_dates_of_a_form_are_written_as_the_decree_wants(client, cast, pdf, at):
    """NĐ 30/2020 Phụ lục I: ngày 05 tháng 01, ngày 12 tháng 6."""
    at(datetime(2027, 1, 5, 9, tzinfo=clock.now().tzinfo))
    document = play.registered(cast.clerk, pdf)
    client.force_login(cast.clerk)
    path = f"{document.get_absolute_url()}resolution/"
    page = client.get(path).content.decode()
    assert "Kon Tum, ngày 05 tháng 01 năm 2027" in page
    at(datetime(2027, 6, 12, 9, tzinfo=clock.now().tzinfo))
    assert "ngày 12 tháng 6 năm 2027" in client.get(path).content.decode()


# --- The label and the receipt of a paper.


def test_the_label_bears_the_qr_and_nothing_of_what_the_document_says(client, cast, pdf):
    """Kon Tum Điều 13.4 → /incoming/paper/<token>/slip/"""
    document = play.registered(cast.clerk, pdf)
    paper = actions.keep_paper(act_as(cast.clerk), document, annex=Annex(42), sheets=21)
    path = f"/kontum/incoming/paper/{paper.token}/slip/"
    content = printed(client, cast.clerk, path)
    said = words(content)
    for sentence in (
        "UBND THÀNH PHỐ KON TUM",
        "Số đến 1",
        "4127/UBND-HTKT",
        "42 trang, không quét",
    ):
        assert sentence in said, sentence
    assert document.subject[:20] not in said
    assert paper.token not in said
    assert size(content) == (105, 60)
    assert len(PdfReader(io.BytesIO(content)).pages) == 1
    page = client.get(path).content.decode()
    assert '<svg viewBox="0 0 ' in page
    assert paper.token not in page.replace(f"{path}?as=pdf", "").replace(path[:-5], "")


def test_the_receipt_has_room_for_two_signatures(client, cast, pdf):
    """Kon Tum Điều 13.3, 13.4 → /incoming/paper/<token>/receipt/"""
    document, clerk = play.distributed(cast, pdf), act_as(cast.clerk)
    paper = actions.keep_paper(clerk, document, annex=Annex(42, "Bản vẽ kè"), sheets=21)
    path = f"/kontum/incoming/paper/{paper.token}/receipt/"
    blank = words(printed(client, cast.clerk, path))
    assert "Người nhận ……" in blank
    actions.hand_over(clerk, paper, cast.planning, cast.head, sheets=21, text="Kèm đĩa CD.")
    content = printed(client, cast.clerk, path)
    said = words(content)
    for sentence in (
        "PHIẾU GIAO NHẬN BẢN GIẤY",
        "Phụ lục giấy, Bản vẽ kè, 42 trang, không quét, 21 tờ",
        "Người giao Bùi Thị Hồng Nhung, Văn thư",
        "Người nhận Nguyễn Quốc Bảo",
        "Kèm đĩa CD.",
        "NGƯỜI GIAO",
        "NGƯỜI NHẬN",
        "lưu giữ tài liệu, phụ lục giấy và xuất trình khi có yêu cầu (khoản 4 Điều 13",
    ):
        assert sentence in said, sentence
    assert size(content) == (210, 148)
    assert len(PdfReader(io.BytesIO(content)).pages) == 1


def test_the_longest_words_stay_on_one_sheet(client, cast, pdf):
    """Nothing of a small form falls onto a second page."""
    document = play.registered(
        cast.clerk, pdf, subject="Khắc phục sạt lở " * 29, organ_name="Ban Quản lý " * 16
    )
    clerk = act_as(cast.clerk)
    paper = actions.keep_paper(clerk, document, annex=Annex(9999, "Tập bản vẽ " * 18), sheets=9999)
    actions.hand_over(clerk, paper, cast.planning, cast.head, sheets=9999, text="Kèm theo " * 110)
    for form in ("slip", "receipt"):
        content = printed(client, cast.clerk, f"/kontum/incoming/paper/{paper.token}/{form}/")
        assert len(PdfReader(io.BytesIO(content)).pages) == 1, form


# --- The copy with the ĐẾN stamp.


def test_the_stamp_bears_the_notation_of_the_dossier(client, cast, pdf, monkeypatch):
    """NĐ 30/2020 Phụ lục IV: "Số và ký hiệu HS", as far as its reader may see the dossier."""
    document = play.distributed(cast, pdf)
    fields = Fields(title="Kè sông Đăk Bla", file_notation="07.QLĐT", maintenance="20 năm")
    dossiers.open(act_as(cast.head), fields, source=document)
    client.force_login(cast.head)
    stamp = client.get(document.get_absolute_url()).context["stamp"]
    assert stamp["file_code"] == "07.QLĐT"
    drawn: list[str] = []

    def draw(html: str, style: str) -> bytes:
        drawn.append(html)
        return printing.pdf(html, style)

    monkeypatch.setattr("incoming.views.prints.pdf", draw)
    answer = client.get(f"{document.get_absolute_url()}files/1/stamped/")
    assert answer.status_code == 200
    answer.close()
    assert "Số và ký hiệu HS: 07.QLĐT" in drawn[0]


def red(content: bytes) -> set[tuple[int, int]]:
    """Where the first page is red, in centimetres from the left upper corner."""
    with pypdfium2.PdfDocument(content) as book:
        image = book[0].render(scale=25.4 / 72).to_pil().convert("RGB")
    return {
        (x // 10, y // 10)
        for x in range(image.width)
        for y in range(image.height)
        if (lambda r, g, b: r - g > 50 and r - b > 50)(*image.getpixel((x, y)))
    }


def test_on_the_screen_the_stamp_stands_where_the_page_has_room(client, cast):
    document = play.registered(cast.clerk, build(content=b"0 g 300 560 260 200 re f"))
    client.force_login(cast.clerk)
    address = f"/kontum/incoming/{document.pk}/"
    assert 'class="stamp-arrival" role="img"' in client.get(address).content.decode()
    assert client.get(f"{address}files/1/1/").status_code == 200  # drawn
    page = client.get(address).content.decode()
    left, top = re.search(r'stamp-arrival" data-left="(\d+)" data-top="(\d+)"', page).groups()
    assert int(left) + 50 <= 106 or int(top) >= 99


def test_a_copy_bears_the_stamp_and_the_file_stays_as_it_came(client, cast, pdf):
    """NĐ 30/2020 Phụ lục IV: 35 x 50 mm, on the printed copy, never in the file
    → /incoming/<id>/files/<n>/stamped/"""
    document = play.registered(cast.clerk, pdf)
    file = StoredFile.objects.get()
    before = Path(storages["store"].path(file.path)).read_bytes()
    client.force_login(cast.clerk)
    answer = client.get(f"{document.get_absolute_url()}files/1/stamped/")
    content = b"".join(answer.streaming_content)
    assert answer["Content-Type"] == "application/pdf"
    assert 'filename="ban-in-so-den-1-1.pdf"' in answer["Content-Disposition"]
    assert content.startswith(b"%PDF-")
    squares = red(content)
    wide = max(x for x, _y in squares) - min(x for x, _y in squares) + 1
    tall = max(y for _x, y in squares) - min(y for _x, y in squares) + 1
    assert 5 <= wide <= 6
    assert 3 <= tall <= 5
    assert Path(storages["store"].path(file.path)).read_bytes() == before
    assert StoredFile.objects.count() == 1
    # Nothing of the copy stays on disk.
    assert not list(Path(settings.DATA_ROOT).rglob("*.part"))


def test_a_copy_carries_nothing_that_acts(client, cast):
    """What a hostile file could do is not in a picture of it."""
    active = build(
        catalog="/OpenAction<</S/JavaScript/JS(app.alert(1))>>",
    )
    document = play.registered(cast.clerk, active)
    client.force_login(cast.clerk)
    answer = client.get(f"{document.get_absolute_url()}files/1/stamped/")
    content = b"".join(answer.streaming_content)
    assert b"JavaScript" in Path(storages["store"].path(StoredFile.objects.get().path)).read_bytes()
    assert b"JavaScript" not in content
    assert b"/OpenAction" not in content


def test_a_file_that_cannot_be_drawn_costs_a_sentence(client, cast):
    document = play.registered(cast.clerk, b"%PDF-1.4\nnothing of a PDF")
    client.force_login(cast.clerk)
    answer = client.get(f"{document.get_absolute_url()}files/1/stamped/")
    assert answer.status_code == 409
    assert "Không in được bản có dấu đến." in answer.content.decode()


@pytest.mark.parametrize("step", ["mkdir", "write_bytes"])
def test_a_full_disk_costs_the_copy_a_sentence(client, cast, pdf, monkeypatch, step):
    """The clerk is told whose fault it is; nothing is left behind."""
    document = play.registered(cast.clerk, pdf)
    client.force_login(cast.clerk)

    def refuse(*_arguments: object, **_more: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, step, refuse)
    answer = client.get(f"{document.get_absolute_url()}files/1/stamped/")
    monkeypatch.undo()
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Không in được bản có dấu đến." in page
    assert "Máy chủ hết chỗ lưu. Báo người quản trị rồi in lại." in page
    assert not list(Path(settings.DATA_ROOT).rglob("*.part"))


def test_only_whoever_sees_the_document_prints(client, cast, pdf):
    document = play.assigned(cast, pdf)
    for user, status in ((cast.colleague, 404), (cast.adviser, 404)):
        client.force_login(user)
        for tail in ("resolution/", "resolution/?as=pdf", "files/1/stamped/", "files/9/stamped/"):
            assert client.get(f"{document.get_absolute_url()}{tail}").status_code == status
    client.force_login(cast.specialist)
    assert client.get(f"{document.get_absolute_url()}files/9/stamped/").status_code == 404
