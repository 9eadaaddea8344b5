"""Whoever has a document that was wrong hears what takes its place (NĐ 30/2020 Điều 18.3)."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from core import clock
from core.errors import Refusal
from documents.choices import LinkKind
from documents.models import DocumentAct, Link, Waiting
from exchange.delivering import deliver
from incoming import actions as incoming
from incoming.choices import RefusalReason
from incoming.models import IncomingDocument
from outgoing import actions, rules
from outgoing.choices import DeliveryCode
from outgoing.models import Delivery, OutgoingDocument
from outgoing.verifying import findings
from tests.cast import act_as, entry, received
from tests.exchange import servers
from tests.files import build
from tests.outgoing.issuing import issued, only, sealed, to_agency, to_mailbox, to_post
from tests.outgoing.signing import read_again
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]


def arrived(document: OutgoingDocument) -> IncomingDocument:
    deliver()
    letter = only(document).received
    assert letter is not None
    return letter


def registered(cast: SimpleNamespace, letter: IncomingDocument) -> IncomingDocument:
    return incoming.register(act_as(cast.ward_clerk), letter, entry(issued_date=clock.today()))


def words_for(old: OutgoingDocument) -> str:
    return f"Công văn số {old.code} ngày {old.issued_date:%d/%m/%Y}"


def linked(letter: IncomingDocument) -> list[int]:
    rows = Link.objects.filter(source=letter.pk, kind=LinkKind.REPLACES)
    return list(rows.values_list("target", flat=True))


def page_of(client: Any, user: Any, url: str) -> str:
    client.force_login(user)
    return client.get(url).content.decode()


def test_the_receiver_reads_it_in_the_tray_and_on_what_he_has(client, cast):
    old = issued(cast)
    first = registered(cast, arrived(old))
    assert (first.replaces_text, linked(first)) == ("", [])
    new = issued(cast, replaces=old)
    letter = arrived(new)
    assert (letter.replaces_text, linked(letter)) == (words_for(old), [first.pk])
    said = f"Bên gửi báo: thay thế {words_for(old)}"
    tray = reverse("incoming:tray", args=[cast.ward.slug])
    form = reverse("incoming:register_received", args=[cast.ward.slug, letter.pk])
    assert said in page_of(client, cast.ward_clerk, tray)
    page = page_of(client, cast.ward_clerk, form)
    assert said in page
    assert f'<a href="{first.get_absolute_url()}">Số đến {first.number}</a>' in page
    # What he has says so before the new one is in the book, and after.
    page = page_of(client, cast.ward_clerk, first.get_absolute_url())
    assert "Văn bản này đã được thay thế." in page
    assert f"{new.code} thay thế văn bản này." in page
    letter = registered(cast, letter)
    assert said in page_of(client, cast.ward_clerk, letter.get_absolute_url())
    page = page_of(client, cast.ward_clerk, first.get_absolute_url())
    assert f"Số đến {letter.number}, {letter.code} thay thế văn bản này." in page


def test_whoever_never_had_it_or_sent_it_away_reads_the_words_alone(cast):
    old = issued(cast)
    incoming.refuse(act_as(cast.ward_clerk), arrived(old), reason=RefusalReason.INCOMPLETE)
    letter = arrived(issued(cast, replaces=old))
    assert (letter.replaces_text, linked(letter)) == (words_for(old), [])
    stranger = arrived(issued(cast, to_agency(cast.elsewhere), replaces=old))
    assert (stranger.replaces_text, linked(stranger)) == (words_for(old), [])


def test_sent_away_nothing_of_it_stays(client, cast):
    """Kon Tum Điều 4: what the sender told stays with the sender."""
    old = issued(cast)
    first = registered(cast, arrived(old))
    letter = arrived(issued(cast, replaces=old))
    letter = incoming.refuse(act_as(cast.ward_clerk), letter, reason=RefusalReason.INCOMPLETE)
    assert (letter.replaces_text, linked(letter)) == ("", [])
    page = page_of(client, cast.ward_clerk, first.get_absolute_url())
    assert "Văn bản này đã được thay thế." not in page


def test_put_together_and_taken_apart_it_goes_with_its_files(cast):
    old = issued(cast)
    first = registered(cast, arrived(old))
    letter = arrived(issued(cast, replaces=old))
    clerk = act_as(cast.ward_clerk)
    own = received(cast.ward_clerk, build())
    incoming.merge(clerk, own, [letter])
    own.refresh_from_db()
    assert (own.replaces_text, linked(own), linked(letter)) == (words_for(old), [first.pk], [])
    apart = incoming.split(clerk, own, 2)
    own.refresh_from_db()
    apart.refresh_from_db()
    assert (own.replaces_text, linked(own)) == ("", [])
    assert (apart.replaces_text, linked(apart)) == (words_for(old), [first.pk])


def test_the_letter_says_it(cast, settings):
    settings.SITE_URL = "https://vanphong.kontum.example"
    settings.BOUNCE_ADDRESS = "tra-lai@kontum.example"
    mailbox = to_mailbox("UBND tỉnh", "vanthu@kontum.example")
    with servers.smtp(settings) as post:
        old = issued(cast, mailbox)
        deliver()
        new = issued(cast, mailbox, replaces=old)
        deliver()
    texts = [one.get_body(("plain",)).get_content() for one in post.letters]
    said = f"Văn bản này thay thế {words_for(old)}."
    assert [said in text for text in texts] == [False, True]
    assert new.code in texts[1]


def test_the_old_one_is_neither_sent_again_nor_copied_while_the_new_one_stands(client, cast):
    clerk = act_as(cast.clerk)
    old = issued(cast, to_post("Hội Nông dân"))
    row = old.deliveries.get()
    actions.note_sent(clerk, old, [row.pk], day=clock.today())
    new = issued(cast, replaces=old)
    for rule in (rules.may_resend, rules.may_copy):
        assert f"{words_for(new)} đã thay thế văn bản này" in rule(clerk, read_again(old)).message
    with pytest.raises(Refusal, match="đã thay thế văn bản này"):
        actions.resend(clerk, old, [row.pk])
    page = page_of(client, cast.clerk, old.get_absolute_url())
    assert "Văn bản này đã được thay thế." in page
    assert f"{new.code} ngày {new.issued_date:%d/%m/%Y} thay thế văn bản này" in page
    assert 'form="resend"' not in page
    # Nor does it stand where what has not arrived is listed: nobody misses it.
    undelivered = reverse("outgoing:undelivered", args=[cast.city.slug])
    Delivery.objects.filter(document=new.pk).update(status=DeliveryCode.FAILED)
    for status in (DeliveryCode.WAITS, DeliveryCode.REFUSED, DeliveryCode.FAILED):
        Delivery.objects.filter(pk=row.pk).update(status=status)
        page = page_of(client, cast.clerk, undelivered)
        assert (page.count("data-row>"), page.count(">Gửi lại</a>")) == (1, 1)
        assert old.get_absolute_url() not in page
    # Recalled itself, the new one stands in nobody's place.
    actions.recall(clerk, read_again(new), text="Sai số liệu.")
    assert rules.may_resend(clerk, read_again(old)) is None
    assert rules.may_copy(clerk, read_again(old)) is None
    page = page_of(client, cast.clerk, old.get_absolute_url())
    assert "Văn bản này đã được thay thế." not in page
    page = page_of(client, cast.clerk, undelivered)
    assert (page.count("data-row>"), page.count(">Gửi lại</a>")) == (1, 1)
    assert old.get_absolute_url() in page


def test_a_recall_that_did_not_reach_everybody_is_told_on_after_it_is_replaced(client, cast):
    """Cần Thơ Điều 10.1b: whoever still has the wrong one hears that it is wanted back."""
    clerk = act_as(cast.clerk)
    old = issued(cast, to_post("Hội Nông dân"))
    row = old.deliveries.get()
    actions.note_sent(clerk, old, [row.pk], day=clock.today())
    actions.recall(clerk, read_again(old), text="Sai số liệu.")
    Delivery.objects.filter(pk=row.pk).update(status=DeliveryCode.RECALL_FAILED)
    arrived(issued(cast, replaces=old))
    undelivered = reverse("outgoing:undelivered", args=[cast.city.slug])
    page = page_of(client, cast.clerk, undelivered)
    assert page.count("data-row>") == 1
    assert old.get_absolute_url() in page


def statuses_of(row: Delivery) -> list[tuple[str, str]]:
    return list(row.statuses.order_by("pk").values_list("code", "text"))


def asked(document: OutgoingDocument) -> list[str]:
    return list(Waiting.objects.filter(document=document.pk).values_list("verb", flat=True))


def test_what_has_not_left_of_the_old_one_does_not_leave(client, cast):
    """NĐ 30/2020 Điều 18.3: it would arrive after the new one, as the newer of the two."""
    clerk = act_as(cast.clerk)
    old = issued(cast, to_agency(cast.ward), to_post("Hội Nông dân"), to_agency(cast.elsewhere))
    failed = old.deliveries.get(agency=cast.elsewhere)
    Delivery.objects.filter(pk=failed.pk).update(status=DeliveryCode.FAILED, next_try_at=None)
    assert asked(old) == ["note_sent"]
    new = issued(cast, replaces=old)
    rows = list(old.deliveries.order_by("pk"))
    for row in rows:
        assert (row.status, row.next_try_at) == (DeliveryCode.REPLACED, None)
        assert statuses_of(row) == [(DeliveryCode.REPLACED, words_for(new))]
    act = DocumentAct.objects.get(target_id=new.pk, verb="issue")
    assert act.detail["called_off"] == [row.pk for row in rows]
    assert asked(old) == []
    assert deliver()["sent"] == 1
    assert IncomingDocument.objects.get().code_number == new.code_number
    page = page_of(client, cast.clerk, old.get_absolute_url())
    assert page.count("Thôi gửi, đã có văn bản thay thế") >= len(rows)
    assert words_for(new) in page
    # A paper that had left is still noted; what arrived stays what it is.
    actions.note_sent(clerk, read_again(old), [rows[1].pk], day=clock.today())
    undelivered = reverse("outgoing:undelivered", args=[cast.city.slug])
    assert page_of(client, cast.clerk, undelivered).count("data-row>") == 0
    # The new one is recalled: the old one stands again, is missed, and is sent.
    actions.recall(clerk, read_again(new), text="Sai số liệu.")
    page = page_of(client, cast.clerk, undelivered)
    assert (page.count("data-row>"), page.count(">Gửi lại</a>")) == (2, 2)
    actions.resend(clerk, read_again(old), [rows[0].pk])
    deliver()
    assert Delivery.objects.get(pk=rows[0].pk).status == DeliveryCode.ARRIVED
    # Recalled in its turn, nobody is asked for what he never had.
    actions.recall(clerk, read_again(old), text="Sai.")
    found = [Delivery.objects.get(pk=row.pk).status for row in rows]
    assert found == [
        DeliveryCode.RECALL_ASKED,
        DeliveryCode.RECALL_ASKED,
        DeliveryCode.REPLACED,
    ]
    assert list(findings()) == []


def test_the_round_asks_again_before_it_carries(cast):
    """What waited when this was not asked yet, or waits by whatever way, does not go either."""
    old = issued(cast)
    new = issued(cast, replaces=old)
    letter = arrived(new)
    row = only(old)
    due = {"status": DeliveryCode.WAITS, "next_try_at": clock.now()}
    Delivery.objects.filter(pk=row.pk).update(**due)
    assert deliver() == {"sent": 0, "failed": 0, "changed": 0}
    assert IncomingDocument.objects.get() == letter
    row = only(old)
    assert (row.status, row.next_try_at) == (DeliveryCode.REPLACED, None)


def test_a_second_letter_that_waits_is_not_sent_and_the_first_stays_sent(cast, settings):
    """NĐ 30/2020 Điều 18.3."""
    settings.SITE_URL = "https://vanphong.kontum.example"
    settings.BOUNCE_ADDRESS = "tra-lai@kontum.example"
    clerk, mailbox = act_as(cast.clerk), to_mailbox("UBND tỉnh", "vanthu@kontum.example")
    with servers.smtp(settings) as post:
        old = issued(cast, mailbox)
        deliver()
        sent_at = only(old).statuses.get().at
        actions.resend(clerk, read_again(old), [only(old).pk])
        new = issued(cast, mailbox, replaces=old)
        row = only(old)
        assert (row.status, row.sent_at, row.next_try_at) == (DeliveryCode.SENT, sent_at, None)
        assert [code for code, _text in statuses_of(row)] == ["sent", "", "sent"]
        assert statuses_of(row)[-1][1].endswith(words_for(new))
        Delivery.objects.filter(pk=row.pk).update(
            status=DeliveryCode.WAITS, next_try_at=clock.now()
        )
        deliver()
        assert [one["To"] for one in post.letters] == ["vanthu@kontum.example"] * 2
        assert only(old).status == DeliveryCode.SENT
        actions.recall(clerk, read_again(old), text="Sai số liệu.")
        assert only(old).status == DeliveryCode.RECALL_ASKED


def test_what_replaces_one_that_never_went_out_tells_nobody(cast):
    """A number that was voided before it was issued is nobody's business."""
    old = actions.void(act_as(cast.clerk), read_again(sealed(cast)), text="Nhầm bản")
    letter = arrived(issued(cast, replaces=old))
    assert (letter.replaces_text, linked(letter)) == ("", [])
