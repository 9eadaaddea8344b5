"""What is issued lies in the receiver's tray, and what he does with it comes back."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import IntegrityError, transaction

from accounts.models import Appointment, Delegation
from core import clock
from documents import uploads, verifying
from documents.choices import AssignmentRole
from documents.models import DocumentAct, StoredFile, UserGrant
from exchange import following
from exchange.delivering import MOST_TRIES, deliver
from incoming import actions as incoming
from incoming.actions import Line
from incoming.choices import Channel, RefusalReason, State
from incoming.models import IncomingDocument
from incoming.verifying import findings
from notifications.models import Notification
from outgoing import actions
from outgoing.choices import DeliveryCode
from outgoing.issued import files_of
from outgoing.models import Delivery, DeliveryStatus
from tests.cast import act_as, entry
from tests.outgoing.issuing import issued, only, to_agency
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance")]


def arrived(cast, **changes):
    """A document of the city in the tray of the ward: both sides."""
    document = issued(cast, **changes)
    deliver()
    return document, IncomingDocument.objects.get(agency=cast.ward)


def registered(cast, letter):
    return incoming.register(act_as(cast.ward_clerk), letter, entry(issued_date=clock.today()))


def codes(document) -> list[str]:
    return list(
        DeliveryStatus.objects.filter(delivery__document=document.pk).values_list("code", flat=True)
    )


def told(person, kind: str) -> int:
    return Notification.objects.filter(user=person, kind=kind).count()


def test_it_lies_in_the_receivers_tray_byte_for_byte_with_its_verdict(cast):
    """Kon Tum Điều 15.1, Cần Thơ Điều 10.1b."""
    document = issued(cast)
    assert deliver() == {"sent": 1, "failed": 0, "changed": 0}
    letter = IncomingDocument.objects.get(agency=cast.ward)
    assert (letter.state, letter.channel, letter.sent_from) == (
        State.RECEIVED,
        Channel.EXCHANGE,
        cast.city,
    )
    [file] = files_of(document)
    [there] = letter.quarantined.all()
    with storages["store"].open(file.file.path) as sent:
        assert uploads.path_of(there.token).read_bytes() == sent.read()
    assert (there.file_name, there.signatures) == (file.name, file.file.signatures)
    # What the sender says of it stands ready for the registering form.
    assert (letter.subject, letter.code, letter.issued_date, letter.signer_full_name) == (
        document.subject,
        document.code,
        document.issued_date,
        "Nguyễn Đức Thành",
    )
    delivery = only(document)
    assert (delivery.status, delivery.received, delivery.next_try_at) == ("01", letter, None)
    assert told(cast.ward_clerk, "receive") == 1


def test_the_act_is_the_senders_and_he_sees_nothing_of_it(cast):
    document, letter = arrived(cast)
    act = DocumentAct.objects.get(target_id=letter.pk)
    assert (act.verb, act.actor, act.title) == (
        "receive",
        cast.clerk,
        "Văn thư, Văn phòng HĐND-UBND",
    )
    assert act.detail["delivery"] == only(document).pk
    assert act.detail["sha256"] == [files_of(document)[0].file.sha256]
    registered(cast, letter)
    assert not IncomingDocument.objects.visible_to(act_as(cast.clerk)).exists()
    assert not UserGrant.objects.filter(content_object=letter.pk, user=cast.clerk).exists()
    assert list(verifying.broken_chains()) == list(verifying.broken_states()) == []
    assert list(findings()) == []


def test_a_delegate_who_issues_gets_no_sight_of_the_receivers_document(cast):
    """The trail names whoever pressed the button; the grants of the receiver know him not."""
    held = Appointment.objects.get(user=cast.clerk)
    Delegation.objects.create(
        appointment=held,
        delegate=cast.adviser,
        start_date=clock.today(),
        end_date=clock.today(),
        created_at=clock.now(),
    )
    document = issued(cast, by=cast.adviser)
    deliver()
    letter = registered(cast, IncomingDocument.objects.get(agency=cast.ward))
    act = DocumentAct.objects.get(target_id=letter.pk, verb="receive")
    assert act.actor == cast.adviser
    actions.recall(act_as(cast.adviser), document, text="Sai số liệu.")
    deliver()
    assert not UserGrant.objects.filter(content_object=letter.pk, user=cast.adviser).exists()
    assert list(findings()) == []


def test_it_arrives_though_whoever_issued_it_has_left_since(cast):
    document = issued(cast)
    Appointment.objects.filter(user=cast.clerk).update(end_date=clock.today() - timedelta(days=1))
    assert deliver()["sent"] == 1
    assert only(document).status == "01"


def test_a_second_run_delivers_nothing_twice(cast):
    issued(cast, to_agency(cast.ward), to_agency(cast.elsewhere))
    assert deliver()["sent"] == 2
    assert deliver() == {"sent": 0, "failed": 0, "changed": 0}
    assert IncomingDocument.objects.count() == 2


def test_the_statuses_come_back_one_after_the_other(cast):
    """QCVN 102:2016, QĐ 28/2018 Điều 6.3: 01, 03 with the number, 04, 05, 06."""
    document, letter = arrived(cast)
    registered(cast, letter)
    assert deliver()["changed"] == 1
    accepted = DeliveryStatus.objects.get(code="03")
    letter.refresh_from_db()
    assert accepted.text == f"Số đến {letter.number} ngày {letter.day:%d/%m/%Y}"
    assert accepted.at == letter.registered_at
    incoming.submit(act_as(cast.ward_clerk), letter)
    assert deliver()["changed"] == 0
    lines = [Line(AssignmentRole.LEAD, cast.ward_unit, cast.ward_officer, "Làm.", None)]
    incoming.distribute(act_as(cast.ward_chair), letter, lines)
    deliver()
    assert only(document).status == "04"
    incoming.progress(act_as(cast.ward_officer), letter, percent=50, text="Đang làm.")
    deliver()
    assert only(document).status == "05"
    incoming.finish(act_as(cast.ward_officer), letter, text="Xong.")
    deliver()
    assert codes(document) == ["01", "03", "04", "05", "06"]
    # Closed: what is done afterwards is the receiver's own business.
    incoming.reopen(act_as(cast.ward_chair), letter, text="Còn việc.")
    assert deliver()["changed"] == 0


def test_what_was_skipped_still_tells_the_number_of_arrival(cast):
    document, letter = arrived(cast)
    registered(cast, letter)
    incoming.submit(act_as(cast.ward_clerk), letter)
    incoming.finish(act_as(cast.ward_chair), letter, text="Để biết.")
    deliver()
    assert codes(document) == ["01", "03", "06"]


def test_a_refusal_comes_back_with_its_reason_and_the_clerk_is_told(cast):
    """Cần Thơ Điều 5.1, QĐ 28/2018 Điều 5.4."""
    document, letter = arrived(cast)
    incoming.refuse(
        act_as(cast.ward_clerk), letter, reason=RefusalReason.NOT_OURS, text="Thuộc xã khác."
    )
    deliver()
    delivery = only(document)
    assert delivery.status == DeliveryCode.REFUSED
    assert delivery.statuses.last().text == "Gửi nhầm nơi nhận: Thuộc xã khác."
    assert told(cast.clerk, "delivery_02") == 1
    # Of what it said nothing stays with whoever sent it away.
    letter.refresh_from_db()
    assert (letter.subject, letter.organ_name, letter.code, letter.issued_date) == (
        "",
        "",
        "",
        None,
    )


def test_of_a_forbidden_kind_only_the_kind_is_told(cast):
    """Kon Tum Điều 4."""
    document, letter = arrived(cast)
    incoming.refuse(act_as(cast.ward_clerk), letter, reason="petitions")
    deliver()
    text = only(document).statuses.last().text
    assert text.startswith("Đơn thư khiếu nại, tố cáo (khoản 2 Điều 4 Quy chế")


def test_sent_anew_it_arrives_once_more(cast):
    document, letter = arrived(cast)
    incoming.refuse(act_as(cast.ward_clerk), letter, reason=RefusalReason.INCOMPLETE)
    deliver()
    actions.resend(act_as(cast.clerk), document, [only(document).pk])
    assert deliver()["sent"] == 1
    again = only(document).received
    assert (again.state, again.pk != letter.pk) == (State.RECEIVED, True)
    # The old one speaks no more of it.
    assert deliver()["changed"] == 0
    assert codes(document) == ["01", "02", "", "01"]


def test_put_together_with_another_it_is_followed_there(cast, pdf):
    document, letter = arrived(cast)
    clerk = act_as(cast.ward_clerk)
    other = incoming.receive(clerk, [uploads.from_bytes(pdf, "bia.pdf")])
    incoming.merge(clerk, other, [letter])
    incoming.inspect_tray(other)
    deliver()
    assert only(document).status == "01"
    incoming.register(clerk, other, entry())
    deliver()
    delivery = only(document)
    assert (delivery.status, delivery.received.pk) == ("03", other.pk)


def test_an_agency_without_a_clerk_is_tried_again_later(cast, at):
    document = issued(cast)
    held = Appointment.objects.filter(user=cast.ward_clerk)
    held.update(end_date=clock.today() - timedelta(days=1))
    assert deliver() == {"sent": 0, "failed": 1, "changed": 0}
    delivery = only(document)
    assert delivery.error.startswith("Cơ quan chưa có ai giữ vai trò văn thư")
    assert (delivery.tries, delivery.status) == (1, "")
    assert delivery.next_try_at > clock.now() + timedelta(minutes=1)
    assert deliver()["failed"] == 0  # not yet
    held.update(end_date=None)
    at(clock.now() + timedelta(minutes=3))
    assert deliver()["sent"] == 1
    assert only(document).error == ""


def test_a_store_that_is_away_gives_up_at_last_and_tells(cast, at):
    document = issued(cast)
    store = storages["store"]
    for one in StoredFile.objects.filter(pk=files_of(document)[0].file.pk):
        Path(store.path(one.path)).unlink()
    moment = clock.now()
    for _try in range(MOST_TRIES):
        assert deliver()["failed"] == 1
        moment += timedelta(hours=5)
        at(moment)
    delivery = only(document)
    assert (delivery.status, delivery.next_try_at) == (DeliveryCode.FAILED, None)
    assert told(cast.clerk, "delivery_fail") == 1
    assert not IncomingDocument.objects.exists()


def test_a_file_that_was_changed_in_the_store_does_not_go_out(cast):
    document = issued(cast)
    path = Path(storages["store"].path(files_of(document)[0].file.path))
    path.chmod(0o600)
    path.write_bytes(path.read_bytes() + b"%")
    assert deliver()["failed"] == 1
    assert not IncomingDocument.objects.exists()
    assert "another content" in only(document).error


def test_one_that_fails_does_not_stop_the_others(cast, monkeypatch):
    issued(cast, to_agency(cast.elsewhere), to_agency(cast.ward))

    def broken(delivery):
        if delivery.agency == cast.elsewhere:
            raise RuntimeError("a fault nobody thought of")
        return carry(delivery)

    from exchange import delivering  # noqa: PLC0415 -- to reach what is replaced

    carry = delivering._carry
    monkeypatch.setattr("exchange.delivering._carry", broken)
    assert deliver() == {"sent": 1, "failed": 1, "changed": 0}
    failed = Delivery.objects.get(agency=cast.elsewhere)
    assert failed.error.startswith("Có lỗi khi gửi")


def test_what_was_issued_goes_by_itself_after_the_commit(cast, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        document = issued(cast)
    assert only(document).status == "01"


def test_statuses_are_only_inserted(cast):
    arrived(cast)
    for change in (
        lambda rows: rows.update(text="khác"),
        lambda rows: rows.delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change(DeliveryStatus.objects.all())


def test_unknown_codes_are_stored_and_shown(cast):
    document, _letter = arrived(cast)
    delivery = only(document)
    DeliveryStatus.objects.create(delivery=delivery, code="44", at=clock.now())
    delivery.status = "44"
    assert (delivery.status_label, delivery.statuses.last().label) == ("44", "44")


def test_the_command_says_what_it_did(cast, capsys):
    issued(cast)
    call_command("deliver")
    assert capsys.readouterr().out == "sent: 1, failed: 0, changed: 0\n"
    call_command("deliver", json=True)
    assert '"sent": 0' in capsys.readouterr().out


def test_what_is_not_delivered_is_no_failure_of_the_command(cast, capsys, monkeypatch):
    """It is tried again, and stands in the list of what has not arrived; the clock goes on."""
    issued(cast)
    monkeypatch.setattr("exchange.delivering._tried", lambda *_arguments: False)
    call_command("deliver")
    assert capsys.readouterr().out == "sent: 0, failed: 1, changed: 0\n"


def test_the_receiver_purges_it_and_the_sender_keeps_his(cast):
    """Bắc Giang Điều 8.2: the content that the sender holds is not taken from him."""
    document, letter = arrived(cast)
    registered(cast, letter)
    incoming.purge(
        act_as(cast.ward_chair),
        letter,
        reason="state_secrets",
        decision_number="12/QĐ",
        decision_date=clock.today(),
    )
    assert deliver()["changed"] == 0  # what became of it is nobody's business
    assert StoredFile.objects.filter(pk=files_of(document)[0].file.pk).exists()
    assert os.path.exists(storages["store"].path(files_of(document)[0].file.path))  # noqa: PTH110


def test_questions_of_a_round_do_not_grow_with_what_is_open(cast, django_assert_max_num_queries):
    document, letter = arrived(cast)
    with django_assert_max_num_queries(2):
        deliver()  # what is due, what has changed
    assert following.newest_act(letter.pk) == only(document).compared
