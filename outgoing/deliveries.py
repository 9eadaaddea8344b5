"""What has become of each delivery, as pages show it; what has not arrived. Reads only."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from core import clock
from core.errors import Refusal
from dossiers.filing import of_dossiers
from outgoing import originals, replacing, rules
from outgoing.choices import GONE_OUT, DeliveryCode, Way
from outgoing.models import Delivery, DeliveryStatus, OutgoingDocument

SHOWN = 200  # of what has not arrived, on one page
_KINDS = {
    DeliveryCode.WAITS: "new",
    DeliveryCode.ARRIVED: "sent",
    DeliveryCode.ACCEPTED: "sent",
    DeliveryCode.ASSIGNED: "doing",
    DeliveryCode.PROCESSING: "doing",
    DeliveryCode.FINISHED: "done",
    DeliveryCode.SENT: "sent",
    DeliveryCode.RECALL_ASKED: "review",
}
# Which form of the page goes to which address.
_FORMS = {
    "resend": "resend",
    "note_sent": "note-sent",
    "recall_again": "recalled",
    "note_answer": "recalled",
}


@dataclass(frozen=True)
class Row:
    """One delivery: who, how, its status in words, and what may be done with it."""

    delivery: Delivery
    status: str
    kind: str
    text: str
    at: datetime | None
    history: list[DeliveryStatus]
    may_resend: bool
    may_note: bool
    may_recall_again: bool
    may_answer: bool

    @property
    def form(self) -> str:
        """The form of the page to which its tick belongs; "" where nothing is to do with it."""
        if self.may_note:
            return "note-sent"
        if self.may_resend:
            return "resend"
        return "recalled" if self.may_recall_again or self.may_answer else ""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What was typed in a form of the table and did not go through, and why."""

    name: str  # of the address that it was sent to
    values: Mapping[str, str]
    ticked: frozenset[int]
    refusal: Refusal

    @property
    def form(self) -> str:
        """The form of the page in which it was typed."""
        return _FORMS[self.name]


@dataclass(frozen=True)
class Table:
    """The deliveries of a document; the addresses of the forms are empty where nothing is to do."""

    rows: list[Row]
    counts: list[tuple[str, int]]
    resend_url: str
    sent_url: str
    again_url: str
    answer_url: str
    today: date
    sent: Sent | None = None

    @property
    def recalled_url(self) -> str:
        """Where the form about a recall goes by itself."""
        return self.answer_url or self.again_url

    @property
    def has_forms(self) -> bool:
        """True when the person may do something with one of them."""
        return bool(self.resend_url or self.sent_url or self.recalled_url)


def table(actor: Actor, document: OutgoingDocument, sent: Sent | None = None) -> Table | None:
    """What the page of a document shows; None while it has not gone out. Two questions.

    The form that was ``sent`` stands there as it was typed, whatever may still be done.
    """
    if document.state not in GONE_OUT:
        return None
    may = _May(
        resend=rules.may_resend(actor, document) is None,
        note=rules.may_note_sent(actor, document) is None,
        recall_again=rules.may_recall_again(actor, document) is None,
        answer=rules.may_note_answer(actor, document) is None,
    )
    statuses = Prefetch("statuses", queryset=DeliveryStatus.objects.order_by("pk"))
    rows = [
        _row(one, may)
        for one in Delivery.objects.filter(document=document.pk).prefetch_related(statuses)
    ]
    counted = Counter(row.status for row in rows)

    def url(name: str, *, wanted: bool) -> str:
        if not wanted and (sent is None or sent.name != name):
            return ""
        return reverse(f"outgoing:{name}", args=[document.agency.slug, document.pk])

    return Table(
        rows,
        counted.most_common(),
        url("resend", wanted=any(row.may_resend for row in rows)),
        url("note_sent", wanted=any(row.may_note for row in rows)),
        url("recall_again", wanted=any(row.may_recall_again for row in rows)),
        url("note_answer", wanted=any(row.may_answer for row in rows)),
        clock.today(),
        sent,
    )


@dataclass(frozen=True)
class _May:
    """What the person may do with deliveries of a document."""

    resend: bool = False
    note: bool = False
    recall_again: bool = False
    answer: bool = False


def _row(one: Delivery, may: _May) -> Row:
    history = list(one.statuses.all())
    newest = history[-1] if history else None
    waits_for_paper = one.way == Way.PAPER and one.status == DeliveryCode.WAITS
    kind = _KINDS.get(DeliveryCode(one.status), "back") if one.status in DeliveryCode else "new"
    text = newest.text if newest and newest.code == one.status else ""
    if one.way == Way.EMAIL and one.status == DeliveryCode.SENT:
        text = ""  # the Message-ID, for whoever looks for the letter in a log
    return Row(
        delivery=one,
        status=_("Chờ gửi bản giấy") if waits_for_paper else one.status_label,
        kind=kind,
        text=one.error or text,
        at=newest.at if newest else None,
        history=history,
        may_resend=may.resend and rules.may_send_again(one) is None,
        may_note=may.note and one.is_unnoted_paper,
        may_recall_again=may.recall_again and rules.may_be_told_again(one) is None,
        may_answer=may.answer and rules.may_answer_outside(one) is None,
    )


@dataclass(frozen=True)
class Missing:
    """A delivery that has not arrived, with its document."""

    delivery: Delivery
    document: OutgoingDocument
    status: str
    why: str
    is_wrong: bool
    may_resend: bool
    may_recall_again: bool


def not_arrived(actor: Actor, *, dossier: str = "") -> tuple[list[Missing], bool]:
    """What is not where it should be, the newest first; and whether there is more.

    ``dossier``: only of dossiers whose code or title has these words.

    Cần Thơ Điều 10.1b, QĐ 28/2018/QĐ-TTg Điều 8.2: the sender sees to it that it arrives.
    """
    rows: Any = (
        Delivery.objects.visible_to(actor)
        .not_arrived()
        .select_related("document")
        .prefetch_related("statuses")
    )
    if dossier:
        rows = rows.filter(of_dossiers(actor, dossier, "document"))
    found = []
    shown = list(rows[: SHOWN + 1])
    for one in shown:
        one.document.agency = actor.agency
    originals.look_up(one.document for one in shown)
    replacing.look_up(one.document for one in shown)
    for one in shown:
        row = _row(one, _May())
        may = rules.may_resend(actor, one.document)
        again = rules.may_recall_again(actor, one.document)
        found.append(
            Missing(
                one,
                one.document,
                row.status,
                row.text,
                one.status != DeliveryCode.WAITS,
                may is None and rules.may_send_again(one) is None,
                again is None and rules.may_be_told_again(one) is None,
            )
        )
    return found[:SHOWN], len(found) > SHOWN
