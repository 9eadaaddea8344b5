"""Annexes that come as texts and tables, and annexes that somebody has signed elsewhere."""

import io
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from core.errors import Refusal
from documents.models import DocumentAct, QuarantinedFile
from outgoing import actions
from outgoing.actions import producing
from outgoing.actions.signing import content_at
from outgoing.actions.uploading import looked_at
from outgoing.choices import State
from outgoing.issued import files_of
from outgoing.models import Conversion, OutgoingDocument
from tests import files
from tests.cast import act_as, upload
from tests.keys import PIN, trusted
from tests.outgoing.drafts import drafted, passed, submitted
from tests.outgoing.signing import keys_of, number, read_again, sign, verdict
from tests.outgoing.test_uploading import docx

pytestmark = pytest.mark.django_db
EXPERT = "Trần Thị Bình"


@pytest.fixture(autouse=True)
def _trust(settings: Any, tmp_path: Path) -> None:
    settings.SIGNATURE_ANCHORS = trusted(tmp_path)


def table() -> bytes:
    """A table as a finance office keeps it."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in (("Đơn vị", "Số tiền"), ("Phường Quyết Thắng", 1_250_000)):
        sheet.append(row)
    file = io.BytesIO()
    book.active.column_dimensions["A"].width = 30  # what has no room in a cell is cut, as on paper
    book.save(file)
    return file.getvalue()


def brought(cast: SimpleNamespace, document: OutgoingDocument, pdf: bytes) -> OutgoingDocument:
    actor, document = act_as(cast.specialist), read_again(document)
    with looked_at(actor, upload(pdf, "bieu.pdf"), answered="", may_be_signed=True) as file:
        return actions.add_annex(actor, document, file, base=document.version_count)


def path_of(document: OutgoingDocument) -> str:
    return reverse("outgoing:annexes", args=["kontum", document.pk])


# --- Converted.


@pytest.mark.parametrize("name", ["bieu.docx", "bieu.odt", "bieu.xlsx", "bieu.xls", "bieu.ods"])
def test_a_text_or_a_table_becomes_an_annex(client, cast, converter, name):
    document = drafted(cast)
    client.force_login(cast.specialist)
    row = actions.ask_conversion(
        act_as(cast.specialist),
        document,
        upload(table(), name),
        base=1,
        answered=True,
        for_annex=True,
    )
    page = unescape(client.get(path_of(document)).content.decode())
    assert f"Đang chuyển tệp {name} thành PDF" in page
    call_command("convert_drafts", verbosity=0)
    document = read_again(document)
    version = document.versions.get(ordinal=2)
    annex = version.annex_files.get()
    assert (annex.file_name, version.is_uploaded) == ("bieu.pdf", False)
    row.refresh_from_db()
    assert row.reason == ""
    assert not QuarantinedFile.objects.exists()
    page = unescape(client.get(path_of(document)).content.decode())
    assert "bieu.pdf" in page
    assert "Đang chuyển" not in page


@pytest.mark.skipif(
    not list(Path("/usr/lib/libreoffice/program").glob("libsclo.so")),
    reason="needs LibreOffice Calc",
)
def test_a_real_table_is_converted(cast):
    document = drafted(cast)
    row = actions.ask_conversion(
        act_as(cast.specialist),
        document,
        upload(table(), "bieu.xlsx"),
        base=1,
        answered=True,
        for_annex=True,
    )
    call_command("convert_drafts", verbosity=0)
    row.refresh_from_db()
    assert row.reason == ""
    annex = read_again(document).versions.get(ordinal=2).annex_files.get()
    text = pypdf.PdfReader(io.BytesIO(content_at(annex.file))).pages[0].extract_text()
    assert "Phường Quyết Thắng" in text


def test_the_page_takes_a_table(client, cast, converter):
    document = drafted(cast)
    client.force_login(cast.specialist)
    sent = {"file": SimpleUploadedFile("bieu.xlsx", table()), "not_forbidden": "1", "base": "1"}
    answer = client.post(path_of(document), sent, follow=True)
    assert "Đã nhận tệp, đang chuyển thành PDF" in unescape(answer.content.decode())
    row = Conversion.objects.get()
    assert (row.file_name, row.for_annex, row.is_answered) == ("bieu.xlsx", True, True)
    client.force_login(cast.accountant)
    assert client.post(path_of(document), sent).status_code == 404


def test_without_the_program_a_plain_message_says_what_to_do(client, cast, settings):
    settings.OFFICE_CONVERTER = "/nowhere/soffice"
    document = drafted(cast)
    client.force_login(cast.specialist)
    sent = {"file": SimpleUploadedFile("bieu.xlsx", table()), "not_forbidden": "1"}
    answer = client.post(path_of(document), sent)
    assert answer.status_code == 409
    assert "chưa cài LibreOffice" in unescape(answer.content.decode())
    assert not Conversion.objects.exists()


@pytest.mark.parametrize("name", ["bieu.doc", "bieu.pptx", "bieu"])
def test_other_kinds_are_refused(cast, converter, name):
    with pytest.raises(Refusal, match="XLSX"):
        actions.ask_conversion(
            act_as(cast.specialist), drafted(cast), docx(name), base=1, for_annex=True
        )


def test_a_table_is_no_draft(cast, converter):
    with pytest.raises(Refusal, match="DOCX và ODT"):
        actions.ask_conversion(
            act_as(cast.specialist), drafted(cast), upload(table(), "bieu.xlsx"), base=1
        )


def test_one_that_comes_too_late_is_told_so(client, cast, converter):
    """Somebody has saved meanwhile: nothing is covered unseen."""
    document = drafted(cast)
    specialist = act_as(cast.specialist)
    row = actions.ask_conversion(
        specialist, document, docx("a.docx"), base=1, answered=True, for_annex=True
    )
    brought(cast, document, files.build() + b"%another")
    call_command("convert_drafts", verbosity=0)
    row.refresh_from_db()
    assert "đã lưu bản 2" in row.reason
    client.force_login(cast.specialist)
    assert "đã lưu bản 2" not in unescape(client.get(path_of(document)).content.decode()), (
        "an older version's matter is over"
    )
    assert read_again(document).version_count == 2


# --- Signed elsewhere.


def test_an_annex_that_is_signed_keeps_its_signature(client, cast, tmp_path):
    """NĐ 30/2020 Phụ lục I, mục III: the agency signs top right of page 1, whatever is there."""
    keys, data = keys_of(cast), files.sign(files.build(), EXPERT, field="agency_signature")
    document = brought(cast, drafted(cast), data)
    act = DocumentAct.objects.filter(target_id=document.pk, verb="save").last()
    assert act.detail["signers"] == [EXPERT]
    client.force_login(cast.specialist)
    page = unescape(client.get(path_of(document)).content.decode())
    assert f"Đã ký số: {EXPERT}" in page
    document = submitted(cast.specialist, document)
    for taker in (cast.head, cast.chief):
        document = passed(taker, document)
    document = number(cast.clerk, sign(cast.chair, document, keys.chair))
    document = producing.seal_all(act_as(cast.clerk), document, key=keys.city, pin=PIN)
    assert document.state == State.SEALED
    after = content_at(files_of(document)[1].file)
    assert after.startswith(data), "what somebody has signed stays, byte for byte"
    assert verdict(after, tmp_path) == {
        "": "valid",
        "agency_signature": "valid",
        "agency_signature_2": "valid",
    }
    page_1 = pypdf.PdfReader(io.BytesIO(after)).pages[0]
    boxes = [row.get_object()["/Rect"] for row in page_1["/Annots"]]
    left, low, right, high = max(
        [float(side) for side in box] for box in boxes if float(box[2]) > float(box[0])
    )
    wide, tall = float(page_1.mediabox.width), float(page_1.mediabox.height)
    assert wide / 2 < left < right <= wide
    assert tall * 0.85 < low < high <= tall


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (files.sign(files.build(), EXPERT, authority="CA lạ"), "chữ ký chưa hợp lệ"),
        (files.sign(files.build(), EXPERT, certify=True), "không cho thêm chữ ký"),
        (
            files.sign(files.build(), EXPERT).replace(b"Van ban so 127", b"Van ban so 721"),
            "chữ ký chưa hợp lệ",
        ),
    ],
)
def test_a_signature_that_would_be_worth_nothing_is_refused(cast, data, why):
    document = drafted(cast)
    with pytest.raises(Refusal, match=why):
        brought(cast, document, data)
    assert not QuarantinedFile.objects.exists()


def test_the_draft_itself_comes_unsigned(cast):
    with (
        pytest.raises(Refusal, match="đã có chữ ký số"),
        looked_at(act_as(cast.specialist), upload(files.sign(files.build())), answered=""),
    ):
        pass
