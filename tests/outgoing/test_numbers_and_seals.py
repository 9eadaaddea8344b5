"""No number twice, no seal of another body, nothing signed unread, nothing late unseen."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.models import Appointment, User
from core import clock
from core.errors import Refusal
from documents.choices import Book
from documents.models import DocumentAct, Register
from documents.verifying import broken_registers
from outgoing import actions, presenting, rules
from outgoing.actions import batching, producing
from outgoing.actions.signing import content_at, current_file, resulting
from outgoing.choices import Medium, State, Verb
from outgoing.models import Batch, BatchRow, IssuingBody, OutgoingDocument, Series
from signatures.actions import bring
from signatures.models import SigningKey
from tests import files
from tests.cast import act_as, registered, upload
from tests.keys import PIN, make_key, trusted
from tests.outgoing.copies import copied
from tests.outgoing.drafts import at_state, begun, body_of, passed, submitted
from tests.outgoing.issuing import VALID, issued
from tests.outgoing.issuing import sealed as waiting
from tests.outgoing.signing import keys_of, number, out_to, read_again
from tests.outgoing.test_way import make_agency

pytestmark = pytest.mark.django_db
COUNCIL = "HỘI ĐỒNG NHÂN DÂN THÀNH PHỐ"


@pytest.fixture(autouse=True)
def _trust(settings: Any, tmp_path: Path) -> None:
    settings.SIGNATURE_ANCHORS = trusted(tmp_path)


@pytest.fixture
def keys(cast: SimpleNamespace) -> SimpleNamespace:
    return keys_of(cast)


def council_of(cast: SimpleNamespace, **more: Any) -> IssuingBody:
    """Another body of the same office, after its own."""
    body_of(cast)
    name = "Hội đồng nhân dân thành phố Kon Tum"
    values = {"name": name, "organ_name": COUNCIL, "abbreviation": "HĐND", **more}
    return IssuingBody.objects.create(agency=cast.city, **values)


def test_two_registers_never_give_one_code(cast):
    """Cần Thơ Điều 4.3: what one prints with its unit, another prints by itself."""
    first = number(cast.clerk, at_state(cast, State.APPROVED))
    council = council_of(cast, abbreviation="UBND-QLĐT")
    document = at_state(cast, State.APPROVED, body_key=council.pk)
    assert document.code_notation == first.code_notation
    with pytest.raises(Refusal, match="năm nay đã cấp cho"):
        actions.number(act_as(cast.clerk), read_again(document))
    document = read_again(document)
    assert (document.state, document.code_number) == (State.APPROVED, "")
    right = at_state(cast, State.APPROVED, body_key=council.pk, code_notation="UBND-QLĐT-VP")
    assert number(cast.clerk, right).code == "01/UBND-QLĐT-VP"


def test_what_an_old_register_of_the_house_has_given_is_passed_over(cast):
    """NĐ 30/2020 Điều 15.1: in the year in which both registers were counted together."""
    old = number(cast.clerk, at_state(cast, State.APPROVED))
    register = old.register
    book = Register.objects.create(
        agency=cast.city, book=Book.INTERNAL, year=register.year, name=register.name, last_number=1
    )
    OutgoingDocument.objects.filter(pk=old.pk).update(register=book, is_internal=True)
    Register.objects.filter(pk=register.pk).update(last_number=0)
    new = number(cast.clerk, at_state(cast, State.APPROVED))
    assert (old.code, new.code) == ("01/UBND-QLĐT", "02/UBND-QLĐT")
    act = DocumentAct.objects.filter(target_id=new.pk, verb="number").get()
    assert act.detail["passed_over"] == [1]
    # The proof knows it; a number of which no act says so is missing still.
    assert list(broken_registers()) == []
    OutgoingDocument.objects.filter(pk=new.pk).update(number=3)
    Register.objects.filter(pk=register.pk).update(last_number=3)
    (said,) = broken_registers()
    assert "missing [1, 2]" in said


def test_an_abbreviation_stays_while_documents_of_the_house_bear_it(cast):
    old = number(cast.clerk, at_state(cast, State.APPROVED))
    register = old.register
    Register.objects.filter(pk=register.pk).update(book=Book.INTERNAL)
    body = IssuingBody.objects.get(agency=cast.city)
    body.abbreviation = "UB"
    with pytest.raises(ValidationError, match="Năm nay đã cấp số"):
        body.full_clean()


def numbered_first(cast: SimpleNamespace) -> OutgoingDocument:
    """Approved and numbered; the chair has still to sign it."""
    cast.city.regulation_name = "nd-30-2020"
    cast.city.save()
    body_of(cast)
    IssuingBody.objects.filter(agency=cast.city).update(numbers_first=True)
    document = submitted(cast.specialist, at_state(cast, State.DRAFTING))
    document = passed(cast.chief, passed(cast.head, document))
    document = passed(cast.chair, document, medium=Medium.ELECTRONIC)
    return read_again(actions.number(act_as(cast.clerk), document))


def signed_now(by: User, document: OutgoingDocument) -> OutgoingDocument:
    """Signed as it is, without the cryptography."""
    base = current_file(document)
    with resulting(document, base, files.build() + b"%signed", VALID) as result:
        return actions.sign(act_as(by), document, result, seen=document.version_count)


def test_what_has_its_number_is_signed_in_the_next_year(cast, at):
    """NĐ 30/2020 Điều 15.3: it bears the day and the year of its number, whenever it is signed."""
    at(datetime(2026, 12, 31, 3, tzinfo=UTC))
    document = numbered_first(cast)
    assert document.code == "01/UBND-QLĐT"
    # The body is called otherwise from the new year on: its old documents are not.
    at(datetime(2027, 1, 4, 3, tzinfo=UTC))
    body = IssuingBody.objects.get(agency=cast.city)
    body.abbreviation = "UB"
    body.full_clean()
    body.save()
    document = signed_now(cast.chair, document)
    assert (document.state, document.waits_for_signature) == (State.NUMBERED, False)
    assert f"{document.issued_date:%d/%m/%Y}" == "31/12/2026"


def test_whoever_may_not_sign_a_numbered_one_hears_what_can_be_done(cast):
    """NĐ 30/2020 Điều 13: it is not sent back any more; it is voided, and another is drafted."""
    document = numbered_first(cast)
    held = document.signer
    Appointment.objects.filter(pk=held.pk).update(end_date=clock.today() - timedelta(days=1))
    held.pk, held.start_date = None, clock.today()
    held.save()
    with pytest.raises(Refusal, match="Hủy văn bản rồi soạn văn bản thay thế"):
        signed_now(cast.chair, document)
    chair = act_as(cast.chair)
    assert rules.may_send_back(chair, document) is not None
    assert rules.may_void(chair, document) is None


def test_what_counts_by_itself_changes_with_the_year(cast):
    """A series renamed, changed or taken away in the middle of a year would give numbers again."""
    document = number(cast.clerk, at_state(cast, State.APPROVED))
    body = IssuingBody.objects.get(agency=cast.city)
    body.abbreviation = "UB"
    with pytest.raises(ValidationError, match="Năm nay đã cấp số"):
        body.full_clean()
    body.refresh_from_db()
    new = Series(body=body, name="Công văn", type_names=document.type_name)
    with pytest.raises(ValidationError, match="Năm nay đã cấp số"):
        new.full_clean()
    unused = Series(body=body, name="Quyết định", type_names="Quyết định")
    unused.full_clean()
    with clock.set_to(clock.now() + timedelta(days=366)):
        new.full_clean()
        body.abbreviation = "UB"
        body.full_clean()


def test_the_admin_deletes_no_series_that_has_given_numbers(client, cast):
    body = IssuingBody.objects.create(
        agency=cast.city,
        name="Ủy ban nhân dân thành phố Kon Tum",
        organ_name="ỦY BAN NHÂN DÂN THÀNH PHỐ KON TUM",
        abbreviation="UBND",
    )
    used = Series.objects.create(body=body, name="Công văn", type_names="Công văn")
    document = number(cast.clerk, at_state(cast, State.APPROVED, body_key=body.pk))
    assert document.register.name == "UBND · Công văn"
    root = User.objects.create_superuser("root", "root@example.com", "x", full_name="Root")
    User.objects.filter(pk=root.pk).update(must_change_password=False)
    client.force_login(root)
    url = reverse("admin:outgoing_issuingbody_change", args=[body.pk])
    form = {
        "agency": cast.city.pk,
        "name": body.name,
        "organ_name": body.organ_name,
        "abbreviation": "UBND",
        "ordinal": "0",
        "is_active": "on",
        "series-TOTAL_FORMS": "1",
        "series-INITIAL_FORMS": "1",
        "series-0-id": used.pk,
        "series-0-body": body.pk,
        "series-0-name": used.name,
        "series-0-type_names": used.type_names,
        "series-0-DELETE": "on",
    }
    answer = client.post(url, form)
    assert answer.status_code == 200, answer.headers
    page = answer.content.decode()
    assert "đã cấp số trong năm nay, không xóa được" in page
    assert Series.objects.filter(pk=used.pk).exists()


def test_a_body_that_is_no_longer_offered_keeps_its_documents(cast):
    council = council_of(cast)
    document = at_state(cast, State.APPROVED, body_key=council.pk, code_notation="HĐND-VP")
    IssuingBody.objects.filter(pk=council.pk).update(is_active=False)
    document = number(cast.clerk, document)
    assert (document.organ_name, document.register.name) == (COUNCIL, "HĐND")


def test_each_body_has_its_own_seal(cast, keys):
    """Kon Tum Điều 14.1, Cần Thơ Điều 3.4a: the council's document never bears the city's seal."""
    seal = make_key("HĐND thành phố Kon Tum", agency=cast.city, label="Dấu HĐND")
    council = council_of(cast)
    council.seals.add(seal)
    clerk = act_as(cast.clerk)
    ours = out_to(cast, State.NUMBERED, keys)
    theirs = out_to(cast, State.NUMBERED, keys, body_key=council.pk, code_notation="HĐND-VP")
    for document, wrong in ((ours, seal), (theirs, keys.city)):
        with (
            pytest.raises(Refusal, match="không phải của"),
            producing.sealed(clerk, read_again(document), key=wrong, pin=PIN),
        ):
            pass
    for document, right in ((ours, keys.city), (theirs, seal)):
        with producing.sealed(clerk, read_again(document), key=right, pin=PIN) as result:
            assert actions.seal(clerk, document, result).state == State.SEALED


def test_a_seal_of_another_body_that_comes_from_elsewhere_is_refused(cast, keys):
    seal = make_key("HĐND thành phố Kon Tum", agency=cast.city, label="Dấu HĐND")
    council_of(cast).seals.add(seal)
    clerk, document = act_as(cast.clerk), out_to(cast, State.NUMBERED, keys)
    errand = producing.errand_of(clerk, read_again(document), "seal", page="/")
    pdf = files.sign(content_at(errand.file), "HĐND thành phố Kon Tum", field="agency_signature")
    with upload(pdf) as back:
        bring(clerk, errand, back)
    with (
        pytest.raises(Refusal),
        producing.brought(clerk, read_again(document), errand.pk),
    ):
        pass
    assert read_again(document).state == State.NUMBERED


def sealed_at_once(client: Client, cast: SimpleNamespace, key: SigningKey, *rows: Any) -> Batch:
    """Ticked in the list by the clerk, and done by the worker."""
    client.force_login(cast.clerk)
    sent = {"pk": [one.pk for one in rows], **{f"seen-{one.pk}": "1" for one in rows}}
    asked = {"go": "1", "key": key.pk, "pin": PIN, "entry_token": str(uuid4())}
    answer = client.post(reverse("outgoing:many", args=["kontum", "seal"]), {**sent, **asked})
    assert answer.status_code == 302
    (batch,) = batching.going()
    batching.run(batch)
    return batch


def test_a_seal_that_is_of_another_body_stops_that_row_only(client, cast, keys):
    """Kon Tum Điều 14.1: ticked together, each body's document is asked for by itself."""
    seal = make_key("HĐND thành phố Kon Tum", agency=cast.city, label="Dấu HĐND")
    council = council_of(cast)
    council.seals.add(seal)
    theirs = out_to(cast, State.NUMBERED, keys, body_key=council.pk, code_notation="HĐND-VP")
    ours = out_to(cast, State.NUMBERED, keys)
    batch = sealed_at_once(client, cast, keys.city, theirs, ours)
    refused, done = batch.rows.order_by("pk")
    assert (refused.outcome, "Hội đồng nhân dân" in refused.reason) == (
        BatchRow.Outcome.REFUSED,
        True,
    )
    assert (done.outcome, done.reason) == (BatchRow.Outcome.DONE, "")
    assert (read_again(theirs).state, read_again(ours).state) == (State.NUMBERED, State.SEALED)


def test_a_seal_without_a_picture_still_seals_the_copies_among_many(client, cast, keys):
    """Cần Thơ Điều 11: a copy bears words, so its seal needs no picture."""
    ours = out_to(cast, State.NUMBERED, keys)
    made = number(cast.clerk, copied(cast.chief, registered(cast.clerk, files.build())))
    SigningKey.objects.filter(pk=keys.city.pk).update(picture=b"")
    batch = sealed_at_once(client, cast, keys.city, ours, made)
    refused, done = batch.rows.order_by("pk")
    assert (refused.outcome, "chưa có ảnh" in refused.reason) == (BatchRow.Outcome.REFUSED, True)
    assert (done.outcome, done.reason) == (BatchRow.Outcome.DONE, "")


def test_the_old_paper_does_not_count_for_a_new_text(cast):
    """Bình Định Điều 9.2: given back after the paper was signed, it is signed anew."""
    office = make_agency("sxd", "binh-dinh-2016")
    document = submitted(office["drafter"], begun(office["drafter"], office["leader"]))
    for who in ("head", "chief", "leader"):
        document = passed(office[who], document)
    clerk = act_as(office["clerk"])
    document = actions.note_paper(clerk, document, day=document.day)
    document = actions.send_back(clerk, document, text="Sai số liệu")
    document = submitted(office["drafter"], read_again(document))
    for who in ("head", "chief", "leader"):
        document = passed(office[who], document)
    with pytest.raises(Refusal, match="Bản giấy"):
        actions.number(clerk, read_again(document))


def test_many_are_signed_as_they_stood_in_the_list(cast, client, keys):
    """Between the list and the PIN one was withdrawn, changed and submitted again."""
    document = at_state(cast, State.SIGNING)
    client.force_login(cast.chair)
    url = reverse("outgoing:many", args=[cast.city.slug, "sign"])
    listed = client.get(reverse("outgoing:outgoing", args=[cast.city.slug]), {"tab": "waiting"})
    assert f'name="seen-{document.pk}" value="1"' in listed.content.decode()
    actions.withdraw(act_as(cast.specialist), document)
    document = submitted(cast.specialist, read_again(document))
    document = passed(cast.chief, passed(cast.head, document))
    page = client.post(url, {"pk": document.pk, f"seen-{document.pk}": "1"})
    assert f'name="seen-{document.pk}" value="1"' in page.content.decode()
    sent = {
        "pk": document.pk,
        f"seen-{document.pk}": "1",
        "go": "1",
        "key": keys.chair.pk,
        "pin": PIN,
        "entry_token": str(uuid4()),
    }
    assert client.post(url, sent).status_code == 302
    assert client.post(url, sent).status_code == 302
    (batch,) = batching.going()
    batching.run(batch)
    row = batch.rows.get()
    assert (row.outcome, "bản 2" in row.reason) == (BatchRow.Outcome.REFUSED, True)
    assert read_again(document).signed_at is None


def test_a_pin_that_no_worker_came_for_is_forgotten(cast, keys):
    document = at_state(cast, State.SIGNING)
    chair = act_as(cast.chair)
    batch = batching.start(
        chair, Verb.SIGN, {document.pk: 1}, entry_token=uuid4(), key=keys.chair, pin=PIN
    )
    assert (batching.forget_old(), bytes(Batch.objects.get().closed_pin) != b"") == (0, True)
    with clock.set_to(clock.now() + timedelta(minutes=31)):
        assert batching.forget_old() == 1
        assert bytes(Batch.objects.get().closed_pin) == b""
        batching.run(batching.going()[0])
    assert batch.rows.get().outcome == BatchRow.Outcome.REFUSED


@pytest.mark.parametrize(
    ("regulation", "label", "hour", "late"),
    [
        ("can-tho-2019", "Phát hành trước 12:00", 11, False),
        ("can-tho-2019", "Phát hành trước 12:00", 13, True),
        ("kon-tum-2017", "Phát hành chậm nhất", 13, False),
    ],
)
def test_the_clock_of_sending_is_seen(cast, regulation, label, hour, late):
    """Cần Thơ Điều 4.5, NĐ 30/2020 Điều 18.1: signed on a Friday, until noon or night of Monday."""
    cast.city.regulation_name = "kon-tum-2017"
    with clock.set_to(datetime(2026, 3, 6, 9, 30, tzinfo=UTC)):
        document = at_state(cast, State.APPROVED)
    cast.city.regulation_name = regulation
    cast.city.save()
    document = OutgoingDocument.objects.with_people().get(pk=document.pk)
    with clock.set_to(datetime(2026, 3, 9, hour - 7, tzinfo=UTC)):
        due = presenting.due(document)
    assert (due["label"], f"{due['date']:%d/%m}", due["late"]) == (label, "09/03", late)


def test_late_issuing_is_written_on_the_way(client, cast):
    with clock.set_to(datetime(2026, 3, 6, 2, tzinfo=UTC)):
        document = waiting(cast)
    document = issued(cast)
    client.force_login(cast.clerk)
    assert "Phát hành chậm" not in client.get(document.get_absolute_url()).content.decode()
    OutgoingDocument.objects.filter(pk=document.pk).update(
        signed_at=clock.now() - timedelta(days=9), approved_at=clock.now() - timedelta(days=9)
    )
    assert "Phát hành chậm: hạn" in client.get(document.get_absolute_url()).content.decode()
