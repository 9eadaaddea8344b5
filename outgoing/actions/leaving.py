"""look_into, hand_over: what somebody has left behind who went before he submitted it."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.choices import Role
from accounts.models import Appointment
from core import clock
from core.errors import Refusal
from outgoing import rules
from outgoing.actions import routing
from outgoing.choices import Verb
from outgoing.models import OutgoingDocument


@transaction.atomic
def look_into(actor: Actor, document: OutgoingDocument) -> OutgoingDocument:
    """The head opens such a draft of his unit, the chief one of a unit that nobody heads; the act
    lets him see it from now on.

    Raises OutgoingDocument.DoesNotExist for every other one.
    """
    rows = OutgoingDocument.objects.left_behind(actor)
    rows = rows.select_for_update(of=("document_ptr", "self"))
    whole = ("agency__parent", "drafter__user", "drafter__unit__agency", "signer__user")
    document = rows.select_related(*whole).get(pk=document.pk)
    acting = routing.allowed(rules.may_look_into, actor, document)
    routing.conclude(document, acting, Verb.LOOK_INTO, before=document.state, quiet=True)
    return document


@transaction.atomic
def hand_over(
    actor: Actor, document: OutgoingDocument, *, to: Appointment, text: str = ""
) -> OutgoingDocument:
    """Give it to somebody of the unit, who is its drafter from now on.

    Raises Refusal for somebody who does not work there.
    """
    document = routing.lock(actor, document)
    acting = routing.allowed(rules.may_hand_over, actor, document)
    held = possible_drafters(document).select_related("user", "unit__agency").filter(pk=to.pk)
    found = held.first()
    if found is None:
        raise Refusal(_("Chọn người đang làm việc ở đơn vị soạn thảo."), field="to")
    left, document.drafter = document.drafter, found
    document.save()
    routing.conclude(
        document,
        acting,
        Verb.HAND_OVER,
        before=document.state,
        text=text,
        users=[found.user],
        detail={"leaver": left.pk, "taker": found.pk, "name": left.user.full_name},
    )
    return document


def possible_drafters(document: OutgoingDocument) -> QuerySet[Appointment]:
    """Who may go on with it: those who work in the unit today; of a unit that nobody heads also
    those of the office, or of the leadership where there is none."""
    held = Appointment.objects.in_force(clock.today()).exclude(role=Role.AGENCY_ADMIN)
    unit = document.drafter.unit
    if not document.left_to:
        return held.filter(unit=unit)
    # Nobody heads it, and perhaps nobody is there: those of the post that takes it, too.
    taking = held.filter(unit__agency=document.agency_id, role=document.left_to).values("unit")
    return held.filter(Q(unit=unit) | Q(unit__in=taking))
