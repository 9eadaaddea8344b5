"""Drafts that were made elsewhere: PDF, and texts that a worker converts."""

import io
import re
import zipfile
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse
from pypdf import PdfReader

from core import clock
from core.errors import Refusal
from documents.models import DocumentAct, QuarantinedFile
from outgoing import actions, office
from outgoing.actions import converting
from outgoing.actions.making import making, pdf_of
from outgoing.actions.uploading import looked_at
from outgoing.models import Conversion, OutgoingDocument
from tests import files
from tests.cast import act_as, upload
from tests.files import build
from tests.outgoing.drafts import content, drafted, plan, submitted
from tests.outgoing.test_checking_pdf import sheet
from tests.outgoing.test_preparing import UPLOADED

pytestmark = pytest.mark.django_db


def docx(name: str = "du-thao.docx"):
    """An office file, by its content."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w/>")
    return upload(file.getvalue(), name)


def ask(cast, document, file=None, **more) -> Conversion:
    return actions.ask_conversion(
        act_as(cast.specialist), document, file or docx(), base=document.version_count, **more
    )


def test_a_pdf_becomes_a_version_and_its_words_are_found(cast, pdf):
    document = drafted(cast)
    actor = act_as(cast.specialist)
    with looked_at(actor, upload(pdf, "ban-cuoi.pdf"), answered="") as file:
        document = actions.save(actor, document, content(), base=1, note="Bản in", file=file)
    version = document.versions.get(ordinal=2)
    assert version.is_uploaded
    assert (version.file_name, version.note) == ("ban-cuoi.pdf", "Bản in")
    assert version.text
    assert not QuarantinedFile.objects.exists()


def test_a_text_is_converted_once_however_often_a_worker_runs(cast, converter):
    """LibreOffice in a worker; a worker always runs twice."""
    document = drafted(cast)
    row = ask(cast, document, note="Theo mẫu", answered=True)
    assert converting.convert(row.pk)
    assert not converting.convert(row.pk)
    document.refresh_from_db()
    assert document.version_count == 2
    version = document.versions.get(ordinal=2)
    assert (version.file_name, version.note) == ("du-thao.pdf", "Theo mẫu")
    assert Conversion.objects.get().reason == ""


def test_without_the_program_a_plain_message_says_what_to_do(cast, settings):
    settings.OFFICE_CONVERTER = "/nowhere/soffice"
    with pytest.raises(Refusal, match="chưa cài LibreOffice"):
        ask(cast, drafted(cast))
    assert not Conversion.objects.exists()


@pytest.mark.parametrize("name", ["du-thao.doc", "bang-tinh.xlsx", "du-thao"])
def test_other_kinds_of_files_are_refused(cast, converter, name):
    with pytest.raises(Refusal, match="DOCX và ODT"):
        ask(cast, drafted(cast), docx(name))


def test_what_hinders_the_conversion_stands_beside_the_draft(cast, converter, client):
    """The program fails: no version, and whoever sent the file reads why."""
    document = drafted(cast)
    row = ask(cast, document, answered=True)
    converter.unlink()
    assert converting.convert(row.pk)
    document.refresh_from_db()
    assert document.version_count == 1
    client.force_login(cast.specialist)
    page = client.get(reverse("outgoing:detail", args=["kontum", document.pk]))
    assert "LibreOffice không mở được tệp" in page.content.decode()


def test_what_hinders_the_file_of_a_converted_version_is_said(cast, converter, client):
    """On its way the version becomes the file that goes on; where it cannot, the page says why."""
    document = submitted(cast.specialist, drafted(cast))
    head = act_as(cast.head)
    row = actions.ask_conversion(head, document, docx(), base=1, answered=True)
    assert converting.convert(row.pk)
    newest = document.versions.get(ordinal=2)  # in its text nobody is to sign
    assert newest.is_uploaded
    assert newest.pdf_id is None
    row.refresh_from_db()
    client.force_login(cast.head)
    assert row.reason
    assert row.reason in unescape(client.get(document.get_absolute_url()).content.decode())


def test_a_petition_that_was_converted_on_the_way_goes_on(cast, converter, client):
    """Kon Tum Điều 4: what was answered of the text that was sent is not asked of its version."""
    title = "<p>ĐƠN KHIẾU NẠI</p><p>Kính gửi: Ủy ban nhân dân thành phố</p>"
    document = submitted(cast.specialist, drafted(cast))
    converter.write_bytes(sheet(head=title))
    row = actions.ask_conversion(act_as(cast.head), document, docx(), base=1)
    assert converting.convert(row.pk)
    row.refresh_from_db()
    assert row.is_asked
    path = reverse("outgoing:conversion", args=["kontum", document.pk])
    client.force_login(cast.head)
    client.post(path, {"look": row.look, "clears": "1"})
    assert converting.convert(row.pk)
    row.refresh_from_db()
    assert "Đơn khiếu nại" not in row.reason
    assert "đã lưu bản" not in row.reason
    place = {"left": "120", "top": "240", "page": "1"}
    for target in ("code_number", "issued_day", "issued_month", "signer"):
        client.post(f"{document.get_absolute_url()}place/", place | {"target": target})
    assert document.versions.get(ordinal=2).pdf_id


def test_a_newer_version_is_not_covered_by_a_late_conversion(cast, converter):
    document = drafted(cast)
    row = ask(cast, document, answered=True)
    actions.save(act_as(cast.specialist), document, content(body="Mới hơn./."), base=1)
    converting.convert(row.pk)
    document.refresh_from_db()
    assert document.version_count == 2
    assert "đã lưu bản 2" in Conversion.objects.get().reason


def test_a_worker_that_died_is_followed_by_another(cast, converter, at):
    row = ask(cast, drafted(cast), answered=True)
    Conversion.objects.update(started_at=clock.now())
    assert converting.waiting() == []
    at(clock.now() + timedelta(minutes=11))
    assert converting.waiting() == [row.pk]


def test_a_program_that_hangs_is_ended(tmp_path, settings):
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nsleep 60\n", encoding="utf-8")
    program.chmod(0o755)
    settings.OFFICE_CONVERTER, settings.CONVERSION_SECONDS = str(program), 1
    source = Path(tmp_path / "a.docx")
    source.write_bytes(b"PK")
    with pytest.raises(office.NotConverted, match="too_slow"):
        office.to_pdf(source, ".docx")


def test_the_place_of_the_signature_is_chosen_on_the_page(cast):
    """ "found in the text or chosen on the page": the field stands where it was put."""
    document = drafted(cast)
    actor = act_as(cast.specialist)
    # Nobody of that name stands in the text.
    with looked_at(actor, upload(UPLOADED), answered="") as file:
        document = actions.save(actor, document, content(), base=1, file=file)
    with pytest.raises(Refusal, match="Không tìm thấy chỗ ký"), making(actor, document):
        pass
    document = actions.choose_place(actor, document, version=2, page=0, x=400, y=200)
    prepared = pdf_of(document, document.versions.get(ordinal=2))
    names = PdfReader(io.BytesIO(prepared)).get_fields() or {}
    assert {"code_number", "issued_day", "issued_month", "agency_signature"} <= set(names)
    left, low, right, high = rect_of(prepared, "signer_signature")
    assert (round((left + right) / 2), round((low + high) / 2)) == (400, 200)


def rect_of(pdf: bytes, name: str) -> tuple[float, float, float, float]:
    """Where a field stands."""
    for page in PdfReader(io.BytesIO(pdf)).pages:
        for one in page.get("/Annots", []):
            widget = one.get_object()
            if widget.get("/T") == name:
                left, low, right, high = (float(side) for side in widget["/Rect"])
                return left, low, right, high
    raise AssertionError(name)


def test_a_composed_version_has_its_place_already(cast):
    with pytest.raises(Refusal, match="soạn ở nơi khác"):
        actions.choose_place(
            act_as(cast.specialist), drafted(cast), version=1, page=0, x=100, y=100
        )


def test_a_click_on_the_page_sends_the_place(cast, pdf, client):
    """Works without JavaScript: the picture of the page is the button."""
    document = drafted(cast)
    actor = act_as(cast.specialist)
    with looked_at(actor, upload(pdf), answered="") as file:
        document = actions.save(actor, document, content(), base=1, file=file)
    client.force_login(cast.specialist)
    path = reverse("outgoing:place", args=["kontum", document.pk])
    assert 'type="image"' in client.get(path).content.decode()
    client.post(path, {"page": "1", "at.x": "350", "at.y": "500"})
    place = OutgoingDocument.objects.get().versions.get(ordinal=2).signer_place
    assert place[0] == 0
    assert "đã chọn ở trang 1" in client.get(path).content.decode()
    assert 280 < (place[1] + place[3]) / 2 < 320  # the middle of the page: 297 points


def unlabelled(cast) -> OutgoingDocument:
    """A draft whose file names no place of number, date or signature."""
    document = drafted(cast)
    actor = act_as(cast.specialist)
    with looked_at(actor, upload(build()), answered="") as file:
        return actions.save(actor, document, content(), base=1, file=file)


def test_all_places_are_chosen_on_the_page_where_the_text_shows_none(cast, client):
    """NĐ 30/2020 Phụ lục I, mục IV: number and date on the first page, by click or by lengths."""
    document = unlabelled(cast)
    client.force_login(cast.specialist)
    path = reverse("outgoing:place", args=["kontum", document.pk])
    page = client.get(path, {"target": "code_number"}).content.decode()
    assert page.count("chưa thấy trong tệp, cần chọn") == 4
    client.post(path, {"page": "1", "target": "code_number", "at.x": "120", "at.y": "150"})
    client.post(path, {"page": "1", "target": "issued_day", "left": "140", "top": "45,5"})
    client.post(path, {"page": "1", "target": "issued_month", "left": "155", "top": "45.5"})
    with pytest.raises(Refusal, match="Không tìm thấy chỗ ký"):
        pdf_of(document, document.versions.get(ordinal=2))
    client.post(path, {"page": "1", "target": "signer", "left": "150", "top": "230"})
    page = client.get(path).content.decode()
    assert page.count("đã chọn ở trang 1") == 4
    # Each is drawn where it was put: the middle of the day, 140 mm of 210 from the left.
    marks = page.split("chosen-place__marks")[1].split("</svg>")[0]
    boxes = re.findall(r'<rect x="(\d+)" y="\d+" width="(\d+)"', marks)
    assert any(abs(int(x) + int(wide) / 2 - 700 * 140 / 210) < 2 for x, wide in boxes)
    assert len(boxes) == 4
    prepared = pdf_of(document, document.versions.get(ordinal=2))
    left, low, right, high = rect_of(prepared, "issued_day")
    assert (left + right) / 2 == pytest.approx(140 * 72 / 25.4, abs=0.1)
    assert 842 - (low + high) / 2 == pytest.approx(45.5 * 72 / 25.4, abs=0.5)
    left, _low, right, _high = rect_of(prepared, "code_number")
    assert (left + right) / 2 == pytest.approx(120 / 700 * 595, abs=1)
    acts = DocumentAct.objects.filter(target=document.pk, detail__target="issued_day")
    assert acts.count() == 1
    # Every later version that keeps the file keeps the places.
    document.refresh_from_db()
    again = actions.save(act_as(cast.specialist), document, content(subject="sạt lở"), base=2)
    assert set(again.versions.get(ordinal=3).text_places) == {
        "code_number", "issued_day", "issued_month",
    }  # fmt: skip


def test_a_chosen_place_is_left_to_the_text_again(cast, client):
    document = unlabelled(cast)
    client.force_login(cast.specialist)
    path = reverse("outgoing:place", args=["kontum", document.pk])
    for target in ("code_number", "signer"):
        client.post(path, {"page": "1", "target": target, "left": "50", "top": "50"})
        client.post(path, {"target": target, "forget": "1"})
    version = document.versions.get(ordinal=2)
    assert (version.text_places, version.signer_place) == ({}, None)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"target": "code_number", "left": "900", "top": "50"}, "nằm ngoài trang"),
        ({"target": "code_number", "left": "x", "top": "50"}, "mi-li-mét"),
        ({"target": "code_number", "left": "nan", "top": "50"}, "nằm ngoài trang"),
    ],
)
def test_a_place_beside_the_page_is_refused(cast, client, sent, said):
    document = unlabelled(cast)
    client.force_login(cast.specialist)
    answer = client.post(reverse("outgoing:place", args=["kontum", document.pk]), sent)
    assert answer.status_code == 409
    assert said in answer.content.decode()


def test_number_and_date_stand_on_the_first_page(cast):
    document = unlabelled(cast)
    actor = act_as(cast.specialist)
    with pytest.raises(Refusal, match="trang thứ nhất"):
        actions.choose_place(actor, document, version=2, page=1, x=90, y=90, target="code_number")
    with pytest.raises(Refusal, match="Chọn ghi gì"):
        actions.choose_place(actor, document, version=2, page=0, x=90, y=90, target="seal")


def test_a_file_stays_when_only_its_data_are_corrected(cast):
    """Choosing the signer, mending the subject: the file that was uploaded goes on."""
    document = drafted(cast, signer=None)
    actor = act_as(cast.specialist)
    with looked_at(actor, upload(UPLOADED, "ban-cuoi.pdf"), answered="") as file:
        document = actions.save(actor, document, content(), base=1, file=file)
    corrected = content(subject="khắc phục sạt lở", signer_full_name=cast.chair.full_name)
    document = actions.save(actor, document, corrected, base=2, plan=plan(cast.chair))
    version = document.versions.get(ordinal=3)
    assert version.file_name == "ban-cuoi.pdf"
    assert "Sở Xây dựng đề nghị" in version.text
    document = actions.save(
        actor, document, content(body="Chữ soạn ở đây./."), base=3, drops_file=True
    )
    assert not document.versions.get(ordinal=4).is_uploaded


@pytest.mark.parametrize(
    ("build_file", "said"),
    [
        (lambda folder: build(version="1.3"), "cần từ phiên bản 1.4"),
        (lambda folder: files.with_javascript(folder / "a.pdf").read_bytes(), "nội dung chủ động"),
        (lambda folder: files.encrypted_empty_password(folder / "a.pdf").read_bytes(), "bảo vệ"),
        (lambda folder: files.signed_pdf(folder / "a.pdf", "Ai đó").read_bytes(), "chữ ký số"),
    ],
)
def test_what_cannot_be_signed_is_refused_when_it_comes(cast, tmp_path, build_file, said):
    """Cần Thơ Điều 9.5: PDF 1.4 or later; and nothing that would break the signature."""
    file = upload(build_file(tmp_path))
    with pytest.raises(Refusal, match=said), looked_at(act_as(cast.specialist), file, answered=""):
        pass
    assert not QuarantinedFile.objects.exists()


def test_a_file_without_room_for_number_and_date_is_not_submitted(cast, pdf):
    """What is signed without them could never be numbered."""
    document = drafted(cast)
    actor = act_as(cast.specialist)
    with looked_at(actor, upload(pdf), answered="") as file:
        document = actions.save(actor, document, content(), base=1, file=file)
    document = actions.choose_place(actor, document, version=2, page=0, x=300, y=200)
    with pytest.raises(Refusal, match="Không thấy chỗ ghi số"), making(actor, document):
        pass


def test_what_waits_for_the_worker_is_known_to_the_proofs(cast, converter):
    row = ask(cast, drafted(cast), answered=True)
    call_command("verify_files")
    converting.convert(row.pk)
    assert not QuarantinedFile.objects.exists()
    call_command("verify_files")


def asked(cast, converter) -> tuple[OutgoingDocument, Conversion]:
    """A text of which the gate asks: a petition's title stands in what the program makes of it."""
    title = "<p>ĐƠN KHIẾU NẠI</p><p>Kính gửi: Ủy ban nhân dân thành phố</p>"
    converter.write_bytes(sheet(head=title))
    document = drafted(cast)
    row = ask(cast, document)
    assert converting.convert(row.pk)
    row.refresh_from_db()
    return document, row


def test_what_the_gate_asks_of_a_text_is_answered_on_the_page(cast, converter, client):
    """Kon Tum Điều 4: the question stands beside the draft, the answer lets the text go on."""
    document, row = asked(cast, converter)
    assert row.is_asked
    assert converting.waiting() == []
    client.force_login(cast.specialist)
    page = client.get(document.get_absolute_url()).content.decode()
    assert "tiêu đề Đơn khiếu nại" in page
    assert "hx-trigger" not in page.split('id="conversion"')[1].split(">")[0]
    path = reverse("outgoing:conversion", args=["kontum", document.pk])
    client.post(path, {"look": row.look, "clears": "1"})
    # The program never makes the same bytes twice; what was answered is of the text that was sent.
    converter.write_bytes(converter.read_bytes() + b"\n%again\n")
    assert converting.waiting() == [row.pk]
    assert converting.convert(row.pk)
    document.refresh_from_db()
    assert document.version_count == 2
    act = DocumentAct.objects.filter(target=document.pk, verb="save").latest("ordinal")
    assert act.detail["marks"] == ["complaint"]
    assert not QuarantinedFile.objects.exists()


def test_a_text_of_a_forbidden_kind_is_let_go(cast, converter, client):
    document, row = asked(cast, converter)
    client.force_login(cast.specialist)
    path = reverse("outgoing:conversion", args=["kontum", document.pk])
    client.post(path, {"look": row.look, "drops": "1"})
    row.refresh_from_db()
    assert "thuộc loại không được đưa lên" in row.reason
    assert not QuarantinedFile.objects.exists()
    # Said once: nothing waits any more.
    client.post(path, {"look": row.look, "clears": "1"})
    assert converting.waiting() == []


def test_only_whoever_edits_answers_and_only_what_he_saw(cast, converter, client):
    document, row = asked(cast, converter)
    path = reverse("outgoing:conversion", args=["kontum", document.pk])
    client.force_login(cast.chief)
    client.post(path, {"look": row.look, "clears": "1"})
    client.force_login(cast.specialist)
    client.post(path, {"look": "", "clears": "1"})
    client.post(path, {"look": "other", "clears": "1"})
    row.refresh_from_db()
    assert row.is_asked


def test_what_nobody_answers_is_not_kept_for_ever(cast, converter, at):
    document, row = asked(cast, converter)
    assert converting.drop_unanswered() == 0
    at(clock.now() + timedelta(days=4))
    call_command("convert_drafts")
    row.refresh_from_db()
    assert "Chưa ai trả lời" in row.reason
    assert not QuarantinedFile.objects.exists()
    assert document.versions.count() == 1
