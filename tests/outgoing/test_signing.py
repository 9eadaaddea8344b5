"""Signed, numbered, sealed: who may, in which order, and every signature stays valid."""

import errno
import random
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from accounts.models import Agency
from core import clock
from core.errors import NotYours, Refusal, Stale
from documents import uploads
from documents.choices import Book, LinkKind
from documents.models import Link, Register, Waiting
from documents.verifying import broken_registers
from outgoing import actions, verifying
from outgoing.actions import producing, signing
from outgoing.actions.drafting import Plan
from outgoing.choices import FileStep, Medium, State, Verb
from outgoing.models import IssuingBody, OutgoingDocument, Series
from signatures.choices import Purpose
from signatures.models import Errand, SigningKey
from tests import files
from tests.cast import act_as
from tests.cast import upload as upload_of
from tests.files import build, encrypted
from tests.keys import PIN, make_key, trusted
from tests.outgoing.drafts import at_state, content, drafted, passed, submitted
from tests.outgoing.signing import (
    bytes_of,
    elsewhere,
    keys_of,
    newest,
    number,
    out_to,
    read_again,
    seal,
    sign,
    verdict,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _trust(settings: Any, tmp_path: Path) -> None:
    settings.SIGNATURE_ANCHORS = trusted(tmp_path)


@pytest.fixture
def keys(cast: SimpleNamespace) -> SimpleNamespace:
    return keys_of(cast)


def waits(document: OutgoingDocument) -> set[str]:
    """What is asked."""
    return set(Waiting.objects.filter(document_id=document.pk).values_list("verb", flat=True))


def test_sign_number_seal(cast, keys, tmp_path):
    """Cần Thơ Điều 10.1, Kon Tum Điều 15.1: the leader signs, the clerk numbers, the seal last."""
    with clock.set_to(datetime(2026, 3, 6, 2, tzinfo=UTC)):
        drafted(cast)  # so that its number among the drafts is not that of the register
        document = at_state(cast, State.SIGNING)  # drafted on another day than it is numbered
    document = sign(cast.chair, document, keys.chair)
    assert (document.state, document.medium) == (State.APPROVED, Medium.ELECTRONIC)
    assert verdict(bytes_of(document), tmp_path) == {"": "valid", "signer_signature": "valid"}
    assert waits(document) == {"number"}
    document = number(cast.clerk, document)
    assert document.state == State.NUMBERED
    assert (document.code, document.issued_date) == ("01/UBND-QLĐT", clock.today())
    assert waits(document) == {"seal"}
    document = seal(cast.clerk, document, keys.city)
    assert document.state == State.SEALED
    assert verdict(bytes_of(document), tmp_path) == {
        "": "valid",
        "signer_signature": "valid",
        "agency_signature": "valid",
    }
    assert newest(document).file.signatures["verdict"] == "valid"
    assert waits(document) == {"issue"}
    assert list(verifying.findings()) == []
    steps = list(document.issued_files.values_list("step", flat=True))
    assert steps == [FileStep.SIGNED, FileStep.NUMBERED, FileStep.SEALED]
    assert list(verifying.findings()) == []


def test_each_file_begins_with_the_one_before(cast, keys):
    """What was signed is never changed by a byte: everything is added behind it."""
    document = out_to(cast, State.SEALED, keys)
    version = document.versions.select_related("pdf").get(ordinal=document.version_count)
    chain = [producing.content_at(version.pdf)]
    chain += [producing.content_at(one.file) for one in document.issued_files.all()]
    assert all(later.startswith(earlier) for earlier, later in pairwise(chain))


def test_only_the_signer_signs_and_with_his_own_key(cast, keys):
    """NĐ 30/2020 Điều 13: nobody else, and with no other's key."""
    document = at_state(cast, State.SIGNING)
    for other in (cast.clerk, cast.chief, cast.vice, cast.head):
        with pytest.raises((NotYours, OutgoingDocument.DoesNotExist)):
            sign(other, document, keys.chair)
    vice = make_key(cast.vice.full_name, owner=cast.vice)
    with pytest.raises(Refusal, match="không phải của người ký"):
        sign(cast.chair, document, vice)
    with pytest.raises(Refusal, match="PIN"):
        sign(cast.chair, document, keys.chair, pin="sai")
    assert read_again(document).state == State.SIGNING
    assert not document.issued_files.exists()


def test_nothing_that_has_not_passed_its_steps_can_be_signed(cast, keys):
    """Kon Tum Điều 12.2: not while head or office have it."""
    for state in (State.DRAFTING, State.CONTENT, State.APPRAISAL):
        document = at_state(cast, state)
        if document.state == State.DRAFTING:
            continue
        with pytest.raises(Stale):
            sign(cast.chair, document, keys.chair)


def test_no_number_without_the_approval(cast, keys):
    """Bình Định Điều 9.2, Kon Tum Điều 15.1: only what has been approved by signature."""
    document = at_state(cast, State.SIGNING)
    with pytest.raises(Stale) as raised:
        number(cast.clerk, document)
    assert "Điều 15" in raised.value.article
    assert not Register.objects.filter(book=Book.OUTGOING).exists()
    with pytest.raises(NotYours):
        number(cast.chair, sign(cast.chair, document, keys.chair))


def test_no_seal_without_the_signature(cast, keys):
    """NĐ 30/2020 Điều 32.2d: the clerk seals what the authorised person has signed."""
    document = sign(cast.chair, at_state(cast, State.SIGNING), keys.chair)
    with pytest.raises(Stale):
        seal(cast.clerk, document, keys.city)
    document = number(cast.clerk, document)
    with pytest.raises(NotYours):
        seal(cast.chair, document, keys.city)
    with pytest.raises(Refusal, match="không phải của cơ quan"):
        seal(cast.clerk, document, keys.chair)


def test_an_edited_text_is_signed_as_it_is_now(cast, keys):
    """Two at once: what was read is what is signed, else nothing is."""
    document = at_state(cast, State.SIGNING)
    actor = act_as(cast.chair)
    with producing.signed(actor, read_again(document), key=keys.chair, pin=PIN) as result:
        actions.sign(actor, read_again(document), result, seen=document.version_count)
        with pytest.raises(Stale):
            actions.sign(actor, read_again(document), result, seen=document.version_count)
    other = at_state(cast, State.SIGNING)
    with (
        producing.signed(actor, read_again(other), key=keys.chair, pin=PIN) as result,
        pytest.raises(Stale),
    ):
        actions.sign(actor, read_again(other), result, seen=other.version_count + 1)


def test_a_number_is_written_again_after_a_breakdown(cast, keys, tmp_path):
    """A crash between number and file: the number stays, whoever goes on writes it."""
    document = sign(cast.chair, at_state(cast, State.SIGNING), keys.chair)
    document = actions.number(act_as(cast.clerk), read_again(document))
    assert document.code_number == "01"
    assert newest(document).step == FileStep.SIGNED
    document = seal(cast.clerk, document, keys.city)
    assert document.code_number == "01"
    assert verdict(bytes_of(document), tmp_path)[""] == "valid"
    once = actions.write_number(act_as(cast.clerk), document)
    assert once.issued_files.filter(step=FileStep.NUMBERED).count() == 1


def test_a_breakdown_before_the_scan_leaves_a_way_on(cast, keys):
    """On paper too: the number stands on the paper that is scanned, not in the file."""
    clerk, document = act_as(cast.clerk), passed(cast.chair, at_state(cast, State.SIGNING))
    document = actions.number(clerk, document)  # and the file was never written
    document.paper_signed_on = clock.today()
    document.save(update_fields=["paper_signed_on"])
    paper = upload_of(build(version="1.7"), "quet.pdf")
    with producing.scanned(clerk, read_again(document), paper, answered=None) as result:
        document = actions.attach_scan(clerk, document, result)
    document = seal(cast.clerk, document, keys.city)
    assert (document.state, document.code_number) == (State.SEALED, "01")


def test_a_key_without_a_picture_signs_nothing(cast, keys):
    """Nobody would see on the page that it is signed (NĐ 30/2020 Phụ lục I, II.7)."""
    document = at_state(cast, State.SIGNING)
    SigningKey.objects.filter(pk=keys.chair.pk).update(picture=b"")
    keys.chair.refresh_from_db()
    with pytest.raises(Refusal, match="chưa có ảnh"):
        sign(cast.chair, document, keys.chair)


def test_a_file_that_suffers_by_its_number_is_not_kept(cast, keys, monkeypatch):
    """What is kept after the number is what was found in that file, and it is valid."""
    document = sign(cast.chair, at_state(cast, State.SIGNING), keys.chair)
    filled = signing.fill_fields

    def spoilt(pdf: bytes, values: dict[str, str]) -> bytes:
        place = pdf.index(b"stream") + 60
        data = filled(pdf, values)
        return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]

    monkeypatch.setattr(signing, "fill_fields", spoilt)
    with pytest.raises(Refusal, match="không còn hợp lệ"):
        number(cast.clerk, document)
    document = read_again(document)
    assert (document.code_number, newest(document).step) == ("01", FileStep.SIGNED)
    monkeypatch.undo()
    actions.write_number(act_as(cast.clerk), document)
    kept = newest(document)
    assert (kept.step, kept.file.signatures["verdict"]) == (FileStep.NUMBERED, "valid")
    assert "code_number" in kept.file.signatures["signatures"][0]["changed_fields"]


@pytest.mark.parametrize(
    "broken",
    [(Path, "write_bytes"), (uploads._Part, "write")],
    ids=["for the bounded child", "in the quarantine"],
)
def test_a_full_disk_is_said_so_and_nothing_is_lost(cast, keys, monkeypatch, broken):
    """Signing, numbering and sealing each write files: a sentence, and afterwards they go on."""
    document = at_state(cast, State.SIGNING)

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def refused(work: Any) -> None:
        with monkeypatch.context() as fault:
            fault.setattr(*broken, full)
            with pytest.raises(Refusal, match="Máy chủ chưa lưu được tệp"):
                work()

    refused(lambda: sign(cast.chair, document, keys.chair))
    sign(cast.chair, document, keys.chair)
    refused(lambda: number(cast.clerk, document))
    refused(lambda: seal(cast.clerk, document, keys.city))
    assert seal(cast.clerk, document, keys.city).state == State.SEALED


def test_what_is_changed_afterwards_is_found(cast, keys, tmp_path):
    """Number, date, one byte: the file's verdict is the worst of all."""
    data = bytes_of(out_to(cast, State.SEALED, keys))
    dice = random.Random(30)
    for _each in range(5):
        place = dice.randrange(2000, len(data) // 2)
        changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        assert verdict(changed, tmp_path)[""] != "valid"


def test_bodies_and_series_count_by_themselves(cast, keys):
    """NĐ 30/2020 Điều 15.1, Cần Thơ Điều 3.4a, 4.3: one office, several series, no pair twice."""
    first = out_to(cast, State.NUMBERED, keys)
    body = IssuingBody.objects.get(agency=cast.city)
    Series.objects.create(body=body, name="Quyết định", type_names="Quyết định\nNghị quyết")
    council = IssuingBody.objects.create(
        agency=cast.city,
        name="Hội đồng nhân dân thành phố",
        organ_name="HỘI ĐỒNG NHÂN DÂN THÀNH PHỐ",
        abbreviation="HĐND",
    )
    second = out_to(cast, State.NUMBERED, keys, code_notation="UBND-VX")
    decision = out_to(
        cast,
        State.NUMBERED,
        keys,
        type_name="Quyết định",
        code_notation="QĐ-UBND",
        grounds="Luật Lưu trữ ngày 21 tháng 6 năm 2024",
        body="Điều 1. Thành lập Tổ công tác.",
    )
    other = out_to(cast, State.NUMBERED, keys, body_key=council.pk, code_notation="HĐND-VP")
    assert [one.code for one in (first, second, decision, other)] == [
        "01/UBND-QLĐT",
        "02/UBND-VX",
        "01/QĐ-UBND",
        "01/HĐND-VP",
    ]
    names = set(Register.objects.filter(book=Book.OUTGOING).values_list("name", flat=True))
    assert names == {"UBND", "UBND · Quyết định", "HĐND"}


def test_internal_ones_count_with_the_others(cast, keys):
    """NĐ 30/2020 Điều 15.1, Cần Thơ Điều 4.3: they print the same notation, which has each number
    once in a year."""
    notice = {"type_name": "Thông báo", "code_notation": "TB-UBND"}
    inside = out_to(cast, State.NUMBERED, keys, is_internal=True, **notice)
    outside = out_to(cast, State.NUMBERED, keys, **notice)
    again = out_to(cast, State.NUMBERED, keys, is_internal=True, **notice)
    codes = [one.code for one in (inside, outside, again)]
    assert codes == ["01/TB-UBND", "02/TB-UBND", "03/TB-UBND"]
    assert {one.register.book for one in (inside, outside, again)} == {Book.OUTGOING}
    assert list(broken_registers()) == []


def test_void_keeps_the_number(cast, keys):
    """NĐ 30/2020 Phụ lục VI: a number is never used again; why it was voided is told."""
    document = out_to(cast, State.NUMBERED, keys)
    with pytest.raises(Refusal, match="lý do"):
        actions.void(act_as(cast.clerk), document, text="")
    with pytest.raises(NotYours):
        actions.void(act_as(cast.specialist), document, text="Sai")
    document = actions.void(act_as(cast.clerk), document, text="Gửi nhầm bản cũ")
    assert (document.state, document.code) == (State.VOID, "01/UBND-QLĐT")
    assert waits(document) == set()
    assert out_to(cast, State.NUMBERED, keys).code_number == "02"


def test_the_clerk_gives_back_what_has_no_number_yet(cast, keys, tmp_path):
    """Cần Thơ Điều 9.5: what is found wrong is reported; the signature falls with its version."""
    document = sign(cast.chair, at_state(cast, State.SIGNING), keys.chair)
    document = actions.send_back(act_as(cast.clerk), document, text="Sai tên loại")
    assert (document.state, document.signed_at, document.medium) == (State.DRAFTING, None, "")
    # The signature stays with its version; the next one is signed anew.
    document = submitted(cast.specialist, read_again(document))
    assert (document.state, document.version_count) == (State.CONTENT, 2)
    document = passed(cast.chief, passed(cast.head, document))
    document = number(cast.clerk, sign(cast.chair, document, keys.chair))
    document = seal(cast.clerk, document, keys.city)
    assert verdict(bytes_of(document), tmp_path)[""] == "valid"
    assert list(verifying.findings()) == []
    numbered = out_to(cast, State.NUMBERED, keys)
    with pytest.raises(NotYours):
        actions.send_back(act_as(cast.clerk), numbered, text="Sai")


def test_the_number_first_where_the_regulation_leaves_it_open(cast, keys, tmp_path, monkeypatch):
    """NĐ 30/2020 Điều 15.3: approved, numbered, signed, sealed; all of it valid."""
    body = IssuingBody.objects.filter(agency=cast.city)
    cast.city.regulation_name = "nd-30-2020"
    cast.city.save()
    at_state(cast, State.DRAFTING)
    body.update(numbers_first=True)
    document = at_state(cast, State.DRAFTING)
    document = submitted(cast.specialist, document)
    document = passed(cast.head, document)
    document = passed(cast.chief, document)
    assert document.numbers_first
    with pytest.raises(Stale):
        sign(cast.chair, document, keys.chair)
    document = passed(cast.chair, document, medium=Medium.ELECTRONIC)
    assert waits(document) == {"number"}
    document = number(cast.clerk, document)
    assert waits(document) == {"sign"}
    with pytest.raises(Refusal, match="chưa ký số"):
        seal(cast.clerk, document, keys.city)
    document = sign(cast.chair, document, keys.chair)
    document = seal(cast.clerk, document, keys.city)
    assert verdict(bytes_of(document), tmp_path) == {
        "": "valid",
        "signer_signature": "valid",
        "agency_signature": "valid",
    }


def test_a_body_does_not_loosen_its_regulation(cast):
    """Kon Tum Điều 15.1: into the book goes what was signed; the setting is not for its bodies."""
    from django.core.exceptions import ValidationError  # noqa: PLC0415 -- only here

    body = IssuingBody(agency=cast.city, organ_name="X", abbreviation="UBND", numbers_first=True)
    with pytest.raises(ValidationError, match="Điều 15"):
        body.clean()


def test_the_clerks_day_is_that_of_the_signature(cast, keys):
    """NĐ 30/2020 Điều 18.1: issued on that day, at the latest on the next working day."""
    with clock.set_to(datetime(2026, 3, 6, 2, tzinfo=UTC)):  # a Friday
        document = out_to(cast, State.NUMBERED, keys)
        row = Waiting.objects.get(document_id=document.pk)
        assert f"{row.due_date}" == "2026-03-09"


def test_a_document_takes_the_place_of_one_that_was_wrong(cast, keys):
    """NĐ 30/2020 Điều 18.3: by a document of the same form; both know of each other."""
    document = out_to(cast, State.SEALED, keys)
    specialist = act_as(cast.specialist)
    with pytest.raises(Stale):
        _again(specialist, document)
    document = actions.void(act_as(cast.clerk), document, text="Sai số tiền")
    newer = _again(specialist, read_again(document))
    link = Link.objects.get(source=newer)
    assert (link.target_id, link.kind) == (document.pk, LinkKind.REPLACES)
    with pytest.raises(OutgoingDocument.DoesNotExist):
        _again(act_as(cast.strange_boss), document)


def _again(actor: Any, document: OutgoingDocument) -> OutgoingDocument:
    return actions.draft(
        actor, content(), Plan(), token=uuid4(), gate_kind="none", replaces=document
    )


@pytest.mark.parametrize(
    ("regulation", "is_member", "next_step"),
    [
        ("kon-tum-2017", False, "seal"),
        ("kon-tum-2017", True, "issue"),
        ("binh-dinh-2016", False, "issue"),
        ("can-tho-2019", False, "seal"),
    ],
)
def test_the_scan_of_a_signed_paper(
    cast, keys, tmp_path, monkeypatch, regulation, is_member, next_step
):
    """Kon Tum Điều 17.2, Bình Định Điều 9.2: it goes out as it is; Kon Tum Điều 15.1 of the city,
    Cần Thơ Điều 10.2: the agency signs the scan."""
    document = passed(cast.chair, at_state(cast, State.SIGNING))
    document = number(cast.clerk, document)
    assert waits(document) == {"attach_scan"}
    with pytest.raises(Refusal, match="bản quét"):
        seal(cast.clerk, document, keys.city)
    cast.city.regulation_name = regulation
    cast.city.save()
    monkeypatch.setattr(Agency, "is_member", is_member)
    document.paper_signed_on = clock.today()
    document.save(update_fields=["paper_signed_on"])
    clerk, document = act_as(cast.clerk), read_again(document)
    for poor in (build(version="1.3"), encrypted(tmp_path / "khoa.pdf").read_bytes()):
        with (
            pytest.raises(Refusal, match=r"1\.3|bảo vệ|mật khẩu"),
            producing.scanned(clerk, document, upload_of(poor, "quet.pdf"), answered=None),
        ):
            pass
    paper = upload_of(build(version="1.7"), "quet.pdf")
    with producing.scanned(clerk, document, paper, answered=None) as result:
        document = actions.attach_scan(clerk, document, result)
    assert waits(document) == {next_step}
    document = seal(cast.clerk, document, keys.city)
    found = verdict(bytes_of(document), tmp_path)
    assert found[""] == "valid"
    assert len(found) == 2


def test_a_scan_goes_out_to_be_sealed_as_a_scan(cast, keys, tmp_path):
    """Standards 5.6: SignIncome; where it comes back signed elsewhere than the law wants, it is
    not taken (NĐ 30/2020 Phụ lục I, ô số 14)."""
    document = number(cast.clerk, passed(cast.chair, at_state(cast, State.SIGNING)))
    clerk = act_as(cast.clerk)
    paper = upload_of(build(version="1.7"), "quet.pdf")
    with producing.scanned(clerk, read_again(document), paper, answered=None) as result:
        document = actions.attach_scan(clerk, read_again(document), result)

    def at(box: tuple[float, ...]) -> Any:
        def hand(data: bytes, field: str) -> bytes:
            assert field == ""
            return files.sign(data, keys.city.label, field="Signature1", box=box)

        return hand

    with pytest.raises(Refusal, match="góc trên bên phải"):
        elsewhere(cast.clerk, document, Verb.SEAL, at((40, 40, 240, 120)))
    errand = Errand.objects.get(document=document)
    assert (errand.purpose, errand.operation) == (Purpose.SCAN, "SignIncome")
    assert producing.open_errand_of(clerk, read_again(document), Verb.SEAL) == errand
    document = elsewhere(cast.clerk, document, Verb.SEAL, at(files.CORNER))
    assert (document.state, verdict(bytes_of(document), tmp_path)[""]) == (State.SEALED, "valid")
