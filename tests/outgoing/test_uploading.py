"""Drafts that were made elsewhere: PDF, and texts that a worker converts."""

import io
import stat
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse
from pypdf import PdfReader

from core import clock
from core.errors import Refusal
from documents.models import QuarantinedFile
from outgoing import actions, office
from outgoing.actions import converting
from outgoing.actions.making import making, pdf_of
from outgoing.actions.uploading import looked_at
from outgoing.models import Conversion, OutgoingDocument
from tests import files
from tests.cast import act_as, upload
from tests.files import build
from tests.outgoing.drafts import content, drafted, plan
from tests.outgoing.test_preparing import UPLOADED

pytestmark = pytest.mark.django_db


@pytest.fixture
def converter(tmp_path, settings):
    """A program that stands in LibreOffice's place: it answers with the PDF that it is given."""
    made, program = tmp_path / "made.pdf", tmp_path / "soffice"
    made.write_bytes(build())
    program.write_text(
        f'#!/bin/sh\nwhile [ "$1" != "--outdir" ]; do shift; done\ncp {made} "$2/text.pdf"\n',
        encoding="utf-8",
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    settings.OFFICE_CONVERTER = str(program)
    return made


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
    left, low, right, high = _rect(prepared)
    assert (round((left + right) / 2), round((low + high) / 2)) == (400, 200)


def _rect(pdf: bytes) -> tuple[float, float, float, float]:
    for page in PdfReader(io.BytesIO(pdf)).pages:
        for one in page.get("/Annots", []):
            widget = one.get_object()
            if widget.get("/T") == "signer_signature":
                left, low, right, high = (float(side) for side in widget["/Rect"])
                return left, low, right, high
    raise AssertionError("no field of the signer")


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
    assert 280 < (place[1] + place[3]) / 2 < 320  # the middle of the page: 297 points


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
