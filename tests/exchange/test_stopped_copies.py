"""What was copied from a document that is recalled goes no further (NĐ 30/2020 Điều 18.3)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from core.errors import Refusal
from documents.models import DocumentAct, Waiting
from documents.rules import article_of
from exchange.delivering import deliver
from incoming import actions as incoming
from incoming.models import IncomingDocument
from notifications.models import Notification
from outgoing import actions, originals, replacing, rules
from outgoing.actions.signing import current_file, resulting
from outgoing.choices import DeliveryCode, Notice, State, Verb
from outgoing.models import Delivery, IssuingBody, OutgoingDocument
from outgoing.verifying import findings
from signatures.choices import Copy
from tests.cast import act_as, entry, purged, registered
from tests.files import build
from tests.outgoing.copies import copied
from tests.outgoing.drafts import body_of
from tests.outgoing.issuing import VALID, issued, to_agency, to_post
from tests.outgoing.signing import read_again
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]
WHY = "Sai số liệu tại khoản 2"


def sealed(clerk, copy):
    copy = read_again(copy)
    pdf = build() + f"%sealed {copy.pk}".encode()
    with resulting(copy, current_file(copy), pdf, VALID) as result:
        return actions.seal(act_as(clerk), copy, result)


def told(copy) -> set[tuple[str, str]]:
    """Who has a line about the original on his desk."""
    rows = Notification.objects.filter(
        path=copy.get_absolute_url(), kind__in=(Notice.STOP_COPY, Notice.RECALL_COPY)
    )
    return set(rows.values_list("user__username", "kind"))


def acts(copy) -> list[DocumentAct]:
    return list(DocumentAct.objects.filter(target_id=copy.pk, verb=Verb.ORIGINAL_RECALLED))


def test_a_copy_that_has_not_gone_out_is_stopped_at_every_step(client, cast):
    original = issued(cast)
    made = copied(cast.chief, original)  # the clerk has still to enter it
    numbered = copied(cast.clerk, original)
    done = sealed(cast.clerk, copied(cast.clerk, original))
    actions.recall(act_as(cast.clerk), original, text=WHY)
    clerk = act_as(cast.clerk)
    for copy, rule in (
        (made, rules.may_number),
        (numbered, rules.may_seal),
        (done, rules.may_issue),
    ):
        copy = read_again(copy)
        refusal = rule(clerk, copy)
        assert WHY in refusal.message
        assert "Hủy bản sao này" in refusal.message
        assert refusal.article == article_of(clerk, "recall_notice")
        (act,) = acts(copy)
        assert act.detail == {"of": original.pk, "issued": False}
        client.force_login(cast.clerk)
        page = client.get(copy.get_absolute_url()).content.decode()
        assert WHY in page
        assert "Bản sao này không phát hành nữa" in page
    assert told(made) == {("chief", "stop_copy")}  # the clerk has recalled it himself
    with pytest.raises(Refusal, match="Hủy bản sao"):
        actions.issue(clerk, done, [to_agency(cast.ward)])
    assert actions.void(clerk, done, text="Bản gốc thu hồi").state == State.VOID
    assert list(findings()) == []


def test_a_copy_of_one_that_is_replaced_is_stopped_at_every_step(client, cast):
    """NĐ 30/2020 Điều 18.3: until what has replaced it is recalled itself."""
    original = issued(cast)
    clerk = act_as(cast.clerk)
    made = copied(cast.chief, original)
    numbered = copied(cast.clerk, original)
    done = sealed(cast.clerk, copied(cast.clerk, original))
    gone = sealed(cast.clerk, copied(cast.clerk, original))
    gone = actions.issue(clerk, gone, [to_agency(cast.ward)])
    steps = (
        (made, rules.may_number),
        (numbered, rules.may_seal),
        (done, rules.may_issue),
        (gone, rules.may_resend),
        (gone, rules.may_copy),
    )
    assert [rule(clerk, read_again(copy)) for copy, rule in steps] == [None] * len(steps)
    newer = issued(cast, replaces=original)
    client.force_login(cast.clerk)
    for copy, rule in steps:
        said = f"{replacing.named(newer)} đã thay thế bản gốc {original.code}."
        assert rule(clerk, read_again(copy)).message.startswith(said)
        page = client.get(copy.get_absolute_url()).content.decode()
        assert said in page
        assert ("xem có thu hồi." if copy == gone else "không phát hành nữa: hủy.") in page
    with pytest.raises(Refusal, match="Hủy bản sao"):
        actions.issue(clerk, read_again(done), [to_agency(cast.ward)])
    actions.recall(clerk, read_again(newer), text=WHY)
    assert [rule(clerk, read_again(copy)) for copy, rule in steps] == [None] * len(steps)


def test_what_has_not_arrived_asks_as_often_for_many_copies(client, cast):
    """Each row knows whether its original stands, without a question of its own."""
    clerk = act_as(cast.clerk)
    path = reverse("outgoing:undelivered", args=["kontum"])
    client.force_login(cast.clerk)

    def sent(original) -> None:
        copy = sealed(cast.clerk, copied(cast.clerk, original))
        actions.issue(clerk, read_again(copy), [to_agency(cast.ward)])
        Delivery.objects.filter(document=copy).update(status=DeliveryCode.FAILED)

    def asked() -> tuple[int, str]:
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(path).content.decode()
        return len(queries), page

    first, second = issued(cast), issued(cast)
    Delivery.objects.all().delete()
    sent(first)
    count, page = asked()
    assert page.count("data-row>") == page.count(">Gửi lại</a>") == 1
    for original in (first, second, second):
        sent(original)
    again, page = asked()
    assert (again, page.count("data-row>"), page.count(">Gửi lại</a>")) == (count, 4, 4)
    # What was copied from a recalled one is not sent again; one question more says why.
    actions.recall(clerk, read_again(second), text=WHY)
    asked_now, page = asked()
    assert (asked_now, page.count("data-row>"), page.count(">Gửi lại</a>")) == (count + 1, 4, 2)


def test_of_one_that_has_gone_out_its_issuer_is_told_and_recalls_it(client, cast):
    original = issued(cast)
    copy = sealed(cast.clerk, copied(cast.clerk, original))
    copy = actions.issue(act_as(cast.clerk), copy, [to_agency(cast.ward)])
    second = sealed(cast.clerk, copied(cast.clerk, original))
    second = actions.issue(act_as(cast.clerk), second, [to_post("Bưu điện")])
    Notification.objects.all().delete()
    actions.recall(act_as(cast.clerk), original, text=WHY)
    assert acts(copy)[0].detail == {"of": original.pk, "issued": True}
    client.force_login(cast.chief)
    page = client.get(copy.get_absolute_url()).content.decode()
    assert "Bản sao đã phát hành: xem có thu hồi." in page
    refusal = rules.may_resend(act_as(cast.clerk), read_again(copy))
    assert refusal.message.endswith("Không gửi lại.")
    copy = actions.recall(act_as(cast.clerk), copy, text="Theo bản gốc")
    assert copy.state == State.RECALLED
    assert "xem có thu hồi" not in client.get(copy.get_absolute_url()).content.decode()
    assert list(findings()) == []


def test_what_is_taken_out_by_decision_stops_its_copies(client, cast):
    """Bắc Giang Điều 8.2: those unissued go no further, of the issued the clerk is told."""
    body_of(cast)
    letter = registered(cast.clerk, build())
    sent = sealed(cast.clerk, copied(cast.clerk, letter))
    sent = actions.issue(act_as(cast.clerk), read_again(sent), [to_agency(cast.ward)])
    kept = copied(cast.clerk, letter)
    purged(cast.chair, letter)
    for one, notice in ((sent, "recall_copy"), (kept, "stop_copy")):
        assert one.acts.last().verb == "original_recalled"
        assert ("clerk", notice) in told(one)
    assert "đã được gỡ khỏi hệ thống" in originals.gone(read_again(kept)).sentence
    act = letter.acts.last()
    assert (act.verb, act.detail["held"]) == ("purge", {"copies": 2, "replies": 0})
    client.force_login(cast.clerk)
    page = client.get(letter.get_absolute_url()).content.decode()
    assert "nội dung còn ở 2 bản sao, 0 văn bản trả lời" in page


def test_a_copy_of_the_copy_is_stopped_too(cast):
    original = issued(cast)
    first = sealed(cast.clerk, copied(cast.clerk, original))
    actions.issue(act_as(cast.clerk), first, [to_agency(cast.ward)])
    again = copied(cast.clerk, read_again(first), Copy.AGAIN)
    actions.recall(act_as(cast.clerk), original, text=WHY)
    assert WHY in rules.may_seal(act_as(cast.clerk), read_again(again)).message
    assert len(acts(again)) == 1
    # The copy is recalled in its turn: of that the copy of it is told as well.
    actions.recall(act_as(cast.clerk), read_again(first), text="Theo bản gốc")
    assert len(acts(again)) == 2
    # Nothing more is copied from it.
    with pytest.raises(Refusal):
        copied(cast.clerk, first, Copy.AGAIN)


def at_the_ward(cast) -> tuple[OutgoingDocument, IncomingDocument]:
    IssuingBody.objects.create(
        agency=cast.ward,
        name="Ủy ban nhân dân phường",
        organ_name="ỦY BAN NHÂN DÂN PHƯỜNG",
        abbreviation="UBND",
    )
    document = issued(cast)
    deliver()
    letter = IncomingDocument.objects.get(agency=cast.ward)
    letter = incoming.register(act_as(cast.ward_clerk), letter, entry(issued_date=clock.today()))
    return document, letter


def test_what_a_receiver_has_copied_is_stopped_when_the_sender_wants_it_back(cast):
    """Across agencies: the receiver's own clerk is told, by the act of the sender."""
    document, letter = at_the_ward(cast)
    copy = copied(cast.ward_clerk, letter)
    actions.recall(act_as(cast.clerk), document, text=WHY)
    deliver()
    deliver()
    (act,) = acts(copy)
    assert act.actor == cast.clerk
    assert told(copy) == {("ward_clerk", "stop_copy")}
    assert WHY in rules.may_seal(act_as(cast.ward_clerk), read_again(copy)).message
    assert set(Waiting.objects.filter(document=copy.pk).values_list("verb", flat=True)) == {"seal"}
    # The receiver keeps it all the same: so does what was copied from it.
    letter.refresh_from_db()
    incoming.keep(act_as(cast.ward_clerk), letter, text="Đã thực hiện xong")
    assert rules.may_seal(act_as(cast.ward_clerk), read_again(copy)) is None
    assert list(findings()) == []


def test_and_when_the_receiver_cancels_it(cast):
    document, letter = at_the_ward(cast)
    copy = copied(cast.ward_clerk, letter)
    actions.recall(act_as(cast.clerk), document, text=WHY)
    deliver()
    letter.refresh_from_db()
    incoming.cancel(act_as(cast.ward_clerk), letter)
    assert WHY in rules.may_seal(act_as(cast.ward_clerk), read_again(copy)).message
    assert list(findings()) == []


def test_others_are_not_touched(cast):
    """A copy of another document goes on; so does a draft, which is none."""
    body_of(cast)
    other = copied(cast.clerk, registered(cast.clerk, build()))
    original = issued(cast)
    actions.recall(act_as(cast.clerk), original, text=WHY)
    assert acts(other) == []
    assert rules.may_seal(act_as(cast.clerk), read_again(other)) is None
