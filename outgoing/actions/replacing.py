"""What follows for a document when another is issued in its place (NĐ 30/2020 Điều 18.3)."""

from core import clock
from documents.actions import lock_rows, route
from documents.actions.concluding import expected_waits
from documents.choices import LinkKind
from documents.models import Link
from outgoing.choices import DeliveryCode, State
from outgoing.models import Delivery, DeliveryStatus, OutgoingDocument
from outgoing.replacing import named


def lock_with_replaced(document: OutgoingDocument) -> list[int]:
    """Wait for a document and for those that it replaces; answers the keys of these."""
    links = Link.objects.filter(source=document.pk, kind=LinkKind.REPLACES)
    replaced = list(links.values_list("target", flat=True))
    if replaced:
        lock_rows(*replaced, document.pk)
    return replaced


def stop_replaced(replaced: list[int], newer: OutgoingDocument) -> list[int]:
    """Call off what has not left of those replaced; answers the keys of these deliveries.

    The caller holds the documents. What is on its way at this moment arrives first: its row is
    held by whoever carries it.
    """
    stopped = []
    olds = OutgoingDocument.objects.filter(pk__in=replaced, state=State.ISSUED)
    for old in olds.select_related("agency__parent").order_by("pk"):
        rows = old.deliveries.select_for_update(of=("self",)).order_by("pk")
        found = [one.pk for one in rows if stop_sending(one, newer)]
        if found:
            route(old, expected_waits(old))  # nobody is asked to post its papers
        stopped += found
    return stopped


def stop_sending(delivery: Delivery, newer: OutgoingDocument) -> bool:
    """Call off one delivery of a document that is replaced; False where it does not wait.

    What was to be sent once more lies with its receiver, or may: that it was sent stays.
    The caller holds the row.
    """
    now, sent_at = clock.now(), None
    if delivery.status not in (DeliveryCode.WAITS, DeliveryCode.FAILED):
        return False
    if not delivery.may_lie_there:
        code, text = DeliveryCode.REPLACED, named(newer)
    elif delivery.status == DeliveryCode.WAITS:
        code = DeliveryCode.SENT
        text = f"Thôi gửi lại, đã có văn bản thay thế: {named(newer)}"
        before = delivery.statuses.filter(code=DeliveryCode.SENT).order_by("pk").last()
        sent_at = before.at if before else None
    else:
        return False
    delivery.status, delivery.sent_at = code, sent_at
    delivery.error, delivery.tries, delivery.next_try_at = "", 0, None
    delivery.save()
    DeliveryStatus.objects.create(delivery=delivery, code=code, at=now, text=text[:1000])
    return True
