"""What waits is delivered; what receivers have done with it is written back.

Each delivery is a transaction of its own that holds its row and lets go of rows that somebody
else holds: run twice at once, killed in the middle, run again, nothing arrives twice inside the
installation, and nothing is lost. A letter that was sent in the moment of death goes once more,
under the same Message-ID.
"""

import logging
import smtplib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actions import receiving_post
from accounts.actor import once
from accounts.choices import Role
from accounts.models import Post, User
from core import clock
from core.errors import Refusal
from core.text import clean
from exchange import following, letters, mailing
from incoming.actions import Enclosed, Letter, receive_sent, sender_recalls
from incoming.choices import MERGED
from notifications.actions import notify
from outgoing import replacing
from outgoing.actions import stop_copies, stop_sending
from outgoing.choices import TOLD, DeliveryCode, Way
from outgoing.issued import files_of
from outgoing.models import Delivery, DeliveryStatus

logger = logging.getLogger(__name__)
AT_ONCE = 500  # of one run; the next minute goes on
MOST_TRIES = 12  # a day and a half, with the pauses between them
_LONGEST_PAUSE = timedelta(hours=4)


def deliver() -> dict[str, int]:
    """One round: what is due inside, what has changed there, then the letters.

    Answers how many were done. The letters come last, and one round at a time sends them: whatever
    a mail server does, the rest goes on.
    """
    with translation.override("vi"):  # what is noted of a delivery is the office's, in Vietnamese
        facts = {"sent": 0, "failed": 0, "changed": 0}
        due = Delivery.objects.due(clock.now()).inside_first().values_list("pk", "way")
        waiting = list(due[:AT_ONCE])
        for pk, way in waiting:
            if way == Way.INSIDE:
                _count(facts, _tried(pk, _carry))
        rows = Delivery.objects.changed().values_list("pk", flat=True)
        facts["changed"] = sum(_followed(pk) for pk in list(rows[:AT_ONCE]))
        if by_mail := [pk for pk, way in waiting if way != Way.INSIDE]:
            _mail_round(by_mail, facts)
    return facts


def _count(facts: dict[str, int], done: bool | None) -> None:
    if done is not None:
        facts["sent" if done else "failed"] += 1


def _mail_round(waiting: list[int], facts: dict[str, int]) -> None:
    """The letters, until one finds no server; what is left waits for the next round."""
    with mailing.one_round() as server:
        if server is None:
            return

        def post(delivery: Delivery) -> None:
            _post(delivery, server)

        for pk in waiting:
            try:
                _count(facts, _tried(pk, post))
            except mailing.ServerAway as away:
                _failed(pk, _("Máy chủ chưa nhận: %(error)s") % {"error": away})
                _count(facts, False)
                return


def _tried(pk: int, step: Callable[[Delivery], None]) -> bool | None:
    """Do what a delivery waits for; True: done, False: it failed, None: somebody else has it.

    One that fails, by whatever fault, never stops those behind it. Raises ServerAway alone.
    """
    try:
        with transaction.atomic():
            delivery = _held(Delivery.objects.due(clock.now()).filter(pk=pk))
            if delivery is None:
                return None
            newer = replacing.newer_than(delivery.document)
            if newer is not None and stop_sending(delivery, newer):
                return None
            step(delivery)
            delivery.next_try_at, delivery.error = None, ""
            delivery.save()
            return True
    except mailing.ServerAway:
        raise
    except smtplib.SMTPException as error:
        for_good = mailing.is_for_good(error)
        words = mailing.said_by(error)
        if not (for_good or isinstance(error, smtplib.SMTPRecipientsRefused)):
            words = _("Máy chủ chưa nhận: %(error)s") % {"error": words}
        _failed(pk, words, for_good=for_good)
    except OSError as error:  # the store cannot be read
        _failed(pk, _("Chưa đọc được tệp: %(error)s") % {"error": mailing.plain(error)})
    except Refusal as refusal:
        _failed(pk, refusal.message)
    except Exception:
        logger.exception("delivery %s", pk)
        _failed(pk, _("Có lỗi khi gửi; người quản trị xem nhật ký máy chủ."))
    return False


def _held(rows: QuerySet[Any]) -> Delivery | None:
    """The delivery under its lock; None when it waits no longer or somebody else holds it."""
    whole = ("document__agency__parent", "agency__parent", "issued_by__unit__agency")
    found: Delivery | None = (
        rows.select_for_update(of=("self",), skip_locked=True)
        .select_related("issued_by__user", "received", *whole)
        .first()
    )
    return found


def _carry(delivery: Delivery) -> None:
    """One step of a delivery inside the installation."""
    recalled = delivery.status == DeliveryCode.RECALL_ASKED
    (_recall_inside if recalled else _lay)(delivery)


def _post(delivery: Delivery, server: mailing.Server) -> None:
    """One step of a delivery to a mailbox."""
    if delivery.status == DeliveryCode.RECALL_ASKED:
        server.send(letters.recall_letter(delivery, _reason(delivery)))
        return
    server.send(letters.document_letter(delivery))
    delivery.sent_at = clock.now()
    note(delivery, DeliveryCode.SENT, letters.message_id(delivery))


def _lay(delivery: Delivery) -> None:
    """Into the receiver's tray."""
    document, receiver = delivery.document, delivery.agency
    assert receiver is not None  # noqa: S101 -- a constraint of the table
    if not receiver.is_active:
        raise Refusal(_("Nơi nhận không còn hoạt động trong hệ thống."))
    replaced = replacing.replaced_by(document)
    letter = Letter(
        type_name=document.type_name,
        code_number=document.code_number,
        code_notation=document.code_notation,
        issued_date=document.issued_date,
        organ_name=document.organ_name or document.agency.name,
        subject=document.subject,
        language=document.language or "Tiếng Việt",
        signer_position=document.signer_position,
        signer_full_name=document.signer_full_name,
        priority=document.priority,
        due_date=document.reply_due_date,
        replaces=replacing.named(replaced) if replaced else "",
    )
    delivery.received = receive_sent(
        once(delivery.issued_by),
        receiver,
        letter,
        [Enclosed(one.file, one.name) for one in files_of(document)],
        token=delivery.token,
        detail={"delivery": delivery.pk, "of": document.pk},
        replaced=following.entry_of(replaced, receiver) if replaced else None,
    )
    delivery.sent_at = clock.now()
    delivery.compared = following.newest_act(delivery.received.pk)
    note(delivery, DeliveryCode.ARRIVED)


def _recall_inside(delivery: Delivery) -> None:
    if delivery.received is None:
        return
    content = following.content_of(delivery)
    while True:
        entry = sender_recalls(
            once(delivery.issued_by),
            following.lies_in(delivery),
            reason=_reason(delivery),
            content=content,
        )
        delivery.received = entry
        if entry.refusal_reason != MERGED:  # put together with another at this very moment
            break
    # What the receiver has copied from it.
    stop_copies(once(delivery.issued_by), entry, text=_reason(delivery))


def _reason(delivery: Delivery) -> str:
    """Why it was recalled, as the sender wrote it."""
    asked = delivery.statuses.filter(code=DeliveryCode.RECALL_ASKED).first()
    return asked.text if asked else ""


# --- What went wrong.


def _failed(pk: int, error: str, *, for_good: bool = False) -> None:
    """Note it, and try again after a pause that grows; at last, or for good, tell the sender."""
    with transaction.atomic():
        rows = Delivery.objects.filter(pk=pk, next_try_at__isnull=False)
        delivery = _held(rows)
        if delivery is None:
            return
        delivery.tries += 1
        delivery.error = clean(error)[:300]
        if for_good or delivery.tries >= MOST_TRIES:
            delivery.next_try_at = None
            recalled = delivery.status == DeliveryCode.RECALL_ASKED
            code = DeliveryCode.RECALL_FAILED if recalled else DeliveryCode.FAILED
            note(delivery, code, delivery.error)
        else:
            pause = min(timedelta(minutes=2**delivery.tries), _LONGEST_PAUSE)
            delivery.next_try_at = clock.now() + pause
        delivery.save()


@transaction.atomic
def bounced(token: str, reason: str, *, is_recall: bool = False) -> bool:
    """A letter came back; False when it is none of ours, or known to have come back."""
    asked, code = DeliveryCode.SENT, DeliveryCode.FAILED
    if is_recall:
        asked, code = DeliveryCode.RECALL_ASKED, DeliveryCode.RECALL_FAILED
    rows = Delivery.objects.select_for_update(of=("self",)).filter(way=Way.EMAIL, token=token)
    delivery = rows.select_related("document__agency", "issued_by__user").first()
    if delivery is None or delivery.status != asked:
        return False
    delivery.error, delivery.next_try_at = clean(reason)[:300], None
    note(delivery, code, delivery.error)
    delivery.save()
    return True


# --- What receivers do.


def _followed(pk: int) -> bool:
    """Follow a delivery; one that cannot be followed never stops those behind it."""
    try:
        return _follow(pk)
    except Exception:
        logger.exception("delivery %s cannot be followed", pk)
        return False


def _follow(pk: int) -> bool:
    """Write back what the receiver has done since; True when the sender sees something new."""
    with transaction.atomic():
        delivery = _held(Delivery.objects.changed().filter(pk=pk))
        if delivery is None or delivery.received is None:
            return False
        # First the acts, then the state: an act in between is looked at in the next round.
        document = delivery.received = following.lies_in(delivery)
        delivery.compared = following.newest_act(document.pk)
        document.refresh_from_db()
        before = delivery.status
        for code, text, at in following.steps(delivery, document):
            note(delivery, code, text, at=at)
        delivery.save()
        return delivery.status != before


def note(delivery: Delivery, code: str, text: str = "", *, at: Any = None) -> None:
    """A new status; the sender's clerk is told of what asks something of him, the rest he sees
    when he looks.

    The caller holds the row, and saves it.
    """
    delivery.status = code
    DeliveryStatus.objects.create(
        delivery=delivery, code=code, at=at or clock.now(), text=text[:1000]
    )
    if notice := TOLD.get(code):  # type: ignore[call-overload]
        document = delivery.document
        users: list[User] = [delivery.issued_by.user]
        posts: list[Post] = []
        try:
            posts = [receiving_post(document.agency, Role.CLERK)]
        except Refusal:
            logger.warning("agency %s has no clerk to be told", document.agency_id)
        notify(
            document.agency,
            notice,
            document.get_absolute_url(),
            users=users,
            posts=posts,
        )
