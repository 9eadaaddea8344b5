"""What follows for our own documents when what they come from is recalled or taken out."""

from django.db import transaction

from accounts.actions import head_post, receiving_post
from accounts.actor import Actor
from accounts.choices import Role
from accounts.models import Appointment
from core import clock
from documents.models import Document, DocumentAct
from notifications.actions import notify
from outgoing import originals
from outgoing.actions import routing
from outgoing.choices import GIVEN_UP, GONE_OUT, TO_ISSUE, Notice, State, Verb
from outgoing.models import OutgoingDocument


@transaction.atomic
def stop_copies(actor: Actor, original: Document, *, text: str = "") -> list[OutgoingDocument]:
    """Say on every copy that its original was recalled, and tell its clerk and whoever had it made.

    One that has not gone out is stopped by that (``rules``); one that has, its clerk can recall.
    Done again for the same original it says nothing more. ``actor``: who has recalled it.
    """
    told = []
    for key in originals.copies_of(original.pk):
        rows = OutgoingDocument.objects.select_for_update(of=("document_ptr", "self"))
        copy = rows.select_related("agency__parent", "drafter__user", "drafter__unit").get(pk=key)
        if copy.state not in (*TO_ISSUE, State.ISSUED) or _knows(copy, original):
            continue
        issuers = {one.issued_by.user for one in copy.deliveries.select_related("issued_by__user")}
        has_gone = copy.state in GONE_OUT
        gone = originals.gone(copy)
        routing.conclude(
            copy,
            actor,
            Verb.ORIGINAL_RECALLED,
            before=copy.state,
            text=text,
            users=[copy.drafter.user, *issuers],
            posts=[receiving_post(copy.agency, Role.CLERK)],
            article=gone.article if gone else "",
            detail={"of": original.pk, "issued": has_gone},
            notice=Notice.RECALL_COPY if has_gone else Notice.STOP_COPY,
        )
        told.append(copy)
    return told


def tell_drafters(actor: Actor, answered: Document) -> int:
    """Tell whoever drafted a reply to what is taken out by decision; answers how many replies are.

    In the transaction of the verb. Of a drafter who has left, the head of his unit is told, who has
    the draft handed over. A reply that was given up holds its content all the same: it is counted.
    """
    replies = OutgoingDocument.objects.filter(answers=answered.pk).select_related(
        "agency", "drafter__user", "drafter__unit"
    )
    for reply in replies:
        if reply.state in GIVEN_UP:
            continue
        stays = Appointment.objects.in_force(clock.today()).filter(pk=reply.drafter_id).exists()
        notify(
            reply.agency,
            Notice.ANSWERED_GONE,
            reply.get_absolute_url(),
            users=[reply.drafter.user] if stays else [],
            posts=[] if stays else [head_post(reply.drafter.unit)],
            but=actor.user,
        )
    return len(replies)


def _knows(copy: OutgoingDocument, original: Document) -> bool:
    acts = DocumentAct.objects.filter(target_id=copy.pk, verb=Verb.ORIGINAL_RECALLED)
    return acts.filter(detail__of=original.pk).exists()
