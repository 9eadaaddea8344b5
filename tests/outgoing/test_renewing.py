"""The proof of what went out is renewed by a time stamp over the whole file (PAdES B-LTA)."""

from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.urls import reverse

from core import clock
from core.errors import NotYours, Refusal, Stale
from documents.models import ActFile, DocumentAct, QuarantinedFile
from outgoing import actions, lasting, rules
from outgoing.actions import batching, producing, renewing
from outgoing.actions.signing import content_at, resulting
from outgoing.choices import FileStep, State, Verb
from outgoing.issued import files_of
from outgoing.models import Batch, BatchRow, IssuedFile, OutgoingDocument
from signatures.renewing import stamped
from tests import files, tokens
from tests.cast import act_as
from tests.keys import PIN, trusted
from tests.outgoing.issuing import to_agency
from tests.outgoing.signing import bytes_of, keys_of, newest, out_to, read_again, verdict
from tests.responder import responding

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]


@pytest.fixture
def keys(cast: SimpleNamespace, settings: Any, tmp_path: Path) -> SimpleNamespace:
    settings.SIGNATURE_ANCHORS = trusted(tmp_path)
    return keys_of(cast)


@pytest.fixture
def service(settings: Any) -> Iterator[str]:
    with tokens.time_service() as address:
        settings.TSA_URL = address
        yield address


def gone(cast: SimpleNamespace, keys: SimpleNamespace, settings: Any) -> OutgoingDocument:
    """Issued without a time stamp; its proof lasts for twenty days more."""
    address, settings.TSA_URL = settings.TSA_URL, ""
    document = out_to(cast, State.SEALED, keys)
    actions.issue(act_as(cast.clerk), read_again(document), [to_agency(cast.ward)])
    settings.TSA_URL = address
    near = clock.now() + timedelta(days=20)
    IssuedFile.objects.filter(document=document).update(proof_until=near)
    return read_again(document)


def parts(found: dict[str, str]) -> list[str]:
    return sorted(found)


def test_a_time_stamp_is_added_and_every_signature_stays_valid(
    cast, keys, service, settings, tmp_path
):
    """NĐ 30/2020 Điều 6.3: the original is kept whole; what was there stays, byte for byte."""
    document = gone(cast, keys, settings)
    before, base = bytes_of(document), newest(document)
    assert lasting.to_renew(act_as(cast.clerk), document)[0].pk == base.pk
    document = renewing.renew_all(act_as(cast.clerk), document)
    after, made = bytes_of(document), newest(document)
    assert after.startswith(before)
    assert len(after) > len(before)
    assert verdict(after, tmp_path) == {
        "": "valid",
        "signer_signature": "valid",
        "agency_signature": "valid",
        "document_time_stamp_1": "valid",
    }
    assert (made.step, document.state) == (FileStep.RENEWED, State.ISSUED)
    assert made.proof_until > clock.now() + timedelta(days=1000)
    assert lasting.weakening(act_as(cast.clerk)) == ([], False)
    act = DocumentAct.objects.get(target_id=document.pk, verb=Verb.RENEW)
    assert (act.detail["base"], act.detail["scan"]) == (base.file_id, made.file_id)
    assert ActFile.objects.get(act=act).file_id == made.file_id
    assert [one.file.pk for one in files_of(document)] == [made.file_id], "the one that is kept"
    assert not QuarantinedFile.objects.exclude(document__kind="incoming").exists()
    # What is changed afterwards is found as before.
    for field in ("code_number", "issued_day"):
        assert verdict(files.fill(after, "721", field), tmp_path)["agency_signature"] == "invalid"
    place = after.index(b"/Contents") + 40
    broken = after[:place] + bytes([after[place] ^ 1]) + after[place + 1 :]
    assert verdict(broken, tmp_path)[""] != "valid"


def test_it_is_renewed_again_when_the_time_stamp_weakens(cast, keys, service, settings, tmp_path):
    document = renewing.renew_all(act_as(cast.clerk), gone(cast, keys, settings))
    first = newest(document)
    IssuedFile.objects.filter(pk=first.pk).update(proof_until=clock.now() + timedelta(days=5))
    document = renewing.renew_all(act_as(cast.clerk), read_again(document))
    data = bytes_of(document)
    assert data.startswith(content_at(first.file))
    found = verdict(data, tmp_path)
    assert set(found.values()) == {"valid"}
    assert {"document_time_stamp_1", "document_time_stamp_2"} <= set(found)


def test_what_issuers_say_is_kept_below_the_stamp(cast, keys, service, settings, tmp_path):
    document = gone(cast, keys, settings)
    with responding() as responder:
        settings.OCSP_URLS = [responder.url]
        document = renewing.renew_all(act_as(cast.clerk), document)
    signatures = newest(document).file.signatures["signatures"]
    assert [one["revocation"] for one in signatures if one["kind"] == "signature"] == ["good"] * 2
    assert b"/OCSPs" in bytes_of(document)
    assert set(verdict(bytes_of(document), tmp_path).values()) == {"valid"}


# --- Refused.


def test_without_a_service_it_says_so(client, cast, keys, settings):
    document = gone(cast, keys, settings)
    assert "chưa khai báo dịch vụ" in rules.may_renew(act_as(cast.clerk), document).message
    with pytest.raises(Refusal, match="chưa khai báo dịch vụ"):
        stamped(bytes_of(document))
    client.force_login(cast.clerk)
    page = unescape(client.get(reverse("outgoing:weakening", args=["kontum"])).content.decode())
    assert "Hệ thống chưa khai báo dịch vụ cấp dấu thời gian" in page
    assert 'name="pk"' not in page
    answer = client.post(
        reverse("outgoing:renew", args=["kontum"]), {"pk": document.pk}, follow=True
    )
    assert "chưa khai báo dịch vụ" in unescape(answer.content.decode())
    assert not Batch.objects.exists()


def test_a_service_that_does_not_answer_changes_nothing(cast, keys, settings):
    document = gone(cast, keys, settings)
    settings.TSA_URL, settings.TSA_SECONDS = "http://127.0.0.1:9/", 1
    with pytest.raises(Refusal, match="không trả lời"):
        renewing.renew_all(act_as(cast.clerk), document)
    assert newest(document).step == FileStep.SEALED


def test_a_signature_that_is_not_valid_is_not_made_to_last(cast, keys, service, settings, tmp_path):
    data = bytes_of(gone(cast, keys, settings))
    broken = files.fill(data, "721", "code_number")
    with pytest.raises(Refusal, match="không còn hợp lệ"):
        stamped(broken)


def test_too_late_too_early_and_by_others(cast, keys, service, settings):
    """NĐ 30/2020 Điều 6.3: the clerk's office keeps the originals."""
    document = gone(cast, keys, settings)
    for who in (cast.specialist, cast.head, cast.chair):
        assert isinstance(rules.may_renew(act_as(who), document), NotYours)
    assert rules.may_renew(act_as(cast.chief), document) is None
    with clock.set_to(clock.now() + timedelta(days=21)):
        late = rules.may_renew(act_as(cast.clerk), document)
        assert "không chứng minh được lúc ký" in late.message
    IssuedFile.objects.update(proof_until=clock.now() + timedelta(days=400))
    assert rules.may_renew(act_as(cast.clerk), document) is not None
    assert rules.may_renew(act_as(cast.clerk), out_to(cast, State.NUMBERED, keys)) is not None


def test_two_at_once_keep_one(cast, keys, service, settings):
    document = gone(cast, keys, settings)
    clerk, base = act_as(cast.clerk), newest(document)
    made = stamped(content_at(base.file))
    with resulting(document, base.file, made.pdf, made.examined) as result:
        renewing.renew_all(clerk, document)
        # Of the first one nothing was known when this one was made.
        IssuedFile.objects.update(proof_until=clock.now() + timedelta(days=5))
        with pytest.raises(Stale):
            renewing.renew(clerk, document, base, result)
    assert document.issued_files.filter(step=FileStep.RENEWED).count() == 1


# --- On the page, many at once.


def test_one_or_many_from_the_list(client, cast, keys, service, settings):
    documents = [gone(cast, keys, settings) for _each in range(2)]
    over = gone(cast, keys, settings)
    IssuedFile.objects.filter(document=over).update(proof_until=clock.now() - timedelta(days=1))
    client.force_login(cast.clerk)
    page = client.get(reverse("outgoing:weakening", args=["kontum"])).content.decode()
    assert page.count('name="pk"') == 2, "of what is over already nothing is renewed"
    path, token = reverse("outgoing:renew", args=["kontum"]), uuid4()
    sent = {"pk": [one.pk for one in (*documents, over)], "entry_token": token}
    answer = client.post(path, sent, follow=True)
    assert "không chứng minh được lúc ký" in unescape(answer.content.decode())
    batch = Batch.objects.get()
    assert client.post(path, sent).status_code == 302
    assert Batch.objects.count() == 1, "the same form sent twice"
    call_command("sign_batches", verbosity=0)
    rows = BatchRow.objects.filter(batch=batch)
    assert {one.outcome for one in rows} == {BatchRow.Outcome.DONE}
    assert rows.count() == 2
    page = client.get(reverse("outgoing:batch", args=["kontum", batch.pk])).content.decode()
    assert "Xong cả 2 văn bản" in unescape(page)
    for document in documents:
        assert newest(document).step == FileStep.RENEWED
        page = unescape(client.get(document.get_absolute_url()).content.decode())
        assert "gia hạn chữ ký bằng dấu thời gian" in page
    client.force_login(cast.specialist)
    assert client.post(path, sent).status_code == 409


def test_a_worker_that_died_after_it_is_no_refusal(cast, keys, service, settings):
    document = gone(cast, keys, settings)
    clerk = act_as(cast.clerk)
    batch = batching.line_up(clerk, Verb.RENEW, {document.pk: 1}, entry_token=uuid4())
    renewing.renew_all(clerk, document)
    BatchRow.objects.update(taken_at=clock.now() - timedelta(minutes=10))
    batching.run(batch)
    assert BatchRow.objects.get().outcome == BatchRow.Outcome.DONE


def test_annexes_are_renewed_too(cast, keys, service, settings, tmp_path):
    """NĐ 30/2020 Phụ lục I, mục III: each file of an annex bears a signature of its own."""
    from tests.outgoing.test_annex_files import numbered  # noqa: PLC0415 -- a sample of theirs

    address, settings.TSA_URL = settings.TSA_URL, ""
    document = numbered(cast, keys)
    clerk = act_as(cast.clerk)
    document = producing.seal_all(clerk, document, key=keys.city, pin=PIN)
    settings.TSA_URL = address
    IssuedFile.objects.update(proof_until=clock.now() + timedelta(days=9))
    renewing.renew_all(clerk, read_again(document))
    renewed = document.issued_files.filter(step=FileStep.RENEWED)
    assert set(renewed.values_list("part", flat=True)) == {0, 1, 2}
    for one in renewed.select_related("file"):
        assert set(verdict(content_at(one.file), tmp_path).values()) == {"valid"}
