"""What waits is delivered; what receivers have done with it is written back.

Each delivery is a transaction of its own that holds its row and lets go of rows that somebody
else holds: run twice at once, killed in the middle, run again, nothing arrives twice inside the
installation, and nothing is lost. A letter that was sent in the moment of death goes once more,
under the same Message-ID.
"""

import logging
import smtplib
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
from exchange import following, letters
from incoming.actions import Enclosed, Letter, receive_sent, sender_recalls
from notifications.actions import notify
from outgoing.choices import TOLD, DeliveryCode, Way
from outgoing.issued import files_of
from outgoing.models import Delivery, DeliveryStatus

logger = logging.getLogger(__name__)
AT_ONCE = 500  # of one run; the next minute goes on
MOST_TRIES = 12  # a day and a half, with the pauses between them
_LONGEST_PAUSE = timedelta(hours=4)


def deliver() -> dict[str, int]:
    """One round: what is due, then what has changed. Answers how many were done."""
    with translation.override("vi"):  # what is noted of a delivery is the office's, in Vietnamese
        sent = failed = 0
        now = clock.now()
        for pk in list(Delivery.objects.due(now).values_list("pk", flat=True)[:AT_ONCE]):
            done = _tried(pk)
            sent += done is True
            failed += done is False
        changed = sum(
            _follow(pk)
            for pk in list(Delivery.objects.changed().values_list("pk", flat=True)[:AT_ONCE])
        )
    return {"sent": sent, "failed": failed, "changed": changed}


def _tried(pk: int) -> bool | None:
    """Do what a delivery waits for; True: done, False: it failed, None: somebody else has it.

    One that fails, by whatever fault, never stops those behind it.
    """
    try:
        with transaction.atomic():
            delivery = _held(Delivery.objects.due(clock.now()).filter(pk=pk))
            if delivery is None:
                return None
            _carry(delivery)
            return True
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = _answer_of(error)
        _failed(pk, f"{code} {answer}", for_good=500 <= code < 600)
    except (smtplib.SMTPException, OSError) as error:
        _failed(pk, _("Máy chủ chưa nhận: %(error)s") % {"error": _plain(error)})
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
    """One step of one delivery."""
    recalled = delivery.status == DeliveryCode.RECALL_ASKED
    if delivery.way == Way.INSIDE:
        (_recall_inside if recalled else _lay)(delivery)
    elif delivery.way == Way.EMAIL:
        (_recall_by_mail if recalled else _mail)(delivery)
    delivery.next_try_at, delivery.error = None, ""
    delivery.save()


def _lay(delivery: Delivery) -> None:
    """Into the receiver's tray."""
    document, receiver = delivery.document, delivery.agency
    assert receiver is not None  # noqa: S101 -- a constraint of the table
    if not receiver.is_active:
        raise Refusal(_("Nơi nhận không còn hoạt động trong hệ thống."))
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
    )
    delivery.received = receive_sent(
        once(delivery.issued_by),
        receiver,
        letter,
        [Enclosed(one.file, one.name) for one in files_of(document)],
        token=delivery.token,
        detail={"delivery": delivery.pk, "of": document.pk},
    )
    delivery.sent_at = clock.now()
    delivery.compared = following.newest_act(delivery.received.pk)
    note(delivery, DeliveryCode.ARRIVED)


def _mail(delivery: Delivery) -> None:
    """To the receiver's mailbox."""
    letters.document_letter(delivery).send()
    delivery.sent_at = clock.now()
    note(delivery, DeliveryCode.SENT, letters.message_id(delivery))


def _recall_inside(delivery: Delivery) -> None:
    if delivery.received is None:
        return
    sender_recalls(once(delivery.issued_by), _entry(delivery), reason=_reason(delivery))


def _recall_by_mail(delivery: Delivery) -> None:
    letters.recall_letter(delivery, _reason(delivery)).send()


def _entry(delivery: Delivery) -> Any:
    """The receiver's document; where the clerk has put it together with another, that one."""
    delivery.received = following.merged_into(delivery.received)
    return delivery.received


def _reason(delivery: Delivery) -> str:
    """Why it was recalled, as the sender wrote it."""
    asked = delivery.statuses.filter(code=DeliveryCode.RECALL_ASKED).last()
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
            if delivery.status != DeliveryCode.RECALL_ASKED:
                note(delivery, DeliveryCode.FAILED, delivery.error)
        else:
            pause = min(timedelta(minutes=2**delivery.tries), _LONGEST_PAUSE)
            delivery.next_try_at = clock.now() + pause
        delivery.save()


def _answer_of(error: smtplib.SMTPRecipientsRefused) -> tuple[int, str]:
    code, answer = next(iter(error.recipients.values()))
    return code, answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)


def _plain(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        return f"{error.smtp_code} {words}"
    return str(error) or type(error).__name__


@transaction.atomic
def bounced(token: str, reason: str) -> bool:
    """A letter came back; False when it is none of ours, or known to have come back."""
    rows = Delivery.objects.select_for_update(of=("self",)).filter(way=Way.EMAIL, token=token)
    delivery = rows.select_related("document__agency", "issued_by__user").first()
    if delivery is None or delivery.status != DeliveryCode.SENT:
        return False
    delivery.error, delivery.next_try_at = clean(reason)[:300], None
    note(delivery, DeliveryCode.FAILED, delivery.error)
    delivery.save()
    return True


# --- What receivers do.


def _follow(pk: int) -> bool:
    """Write back what the receiver has done since; True when the sender sees something new."""
    with transaction.atomic():
        delivery = _held(Delivery.objects.changed().filter(pk=pk))
        if delivery is None or delivery.received is None:
            return False
        # First the acts, then the state: an act in between is looked at in the next round.
        document = _entry(delivery)
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
