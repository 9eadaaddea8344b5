"""forward: what bears a direction on paper already goes straight to whoever is to do it."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import receiving_post
from accounts.actor import Actor
from accounts.choices import Role
from accounts.models import Appointment, Post, Unit
from core import clock
from core.errors import Refusal
from documents.actions.giving import Line, give, places, refuse_stranger
from documents.choices import AssignmentRole
from documents.gate import marks_of_words
from incoming import rules
from incoming.actions import routing
from incoming.choices import State, Verb
from incoming.models import IncomingDocument

DIRECTORS = (Role.LEADER, Role.OFFICE_CHIEF)


@transaction.atomic
def forward(
    actor: Actor, document: IncomingDocument, unit: Unit, *, by: Appointment, text: str
) -> IncomingDocument:
    """The clerk types the written direction and sends the document on (Kon Tum Điều 13.6).

    "ý kiến chỉ đạo của lãnh đạo UBND thành phố, lãnh đạo Văn phòng (nếu có) rồi chuyển ngay cho
    người xử lý": without the words, and whose they are, there is nothing to forward by. Whoever
    distributes is told, and holds it as if he had distributed it: he may recall it unread. A day
    that the document sets goes with it even when it has passed ("văn bản đã quy định ngày xử lý
    thì áp dụng theo quy định", Điều 11.6a): late from the first minute, and seen as late.
    """
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_forward, actor, document)
    line = Line(AssignmentRole.LEAD, unit, None, text, document.due_date)
    distributor = check_direction(actor, document, line, by=by)
    made = give(actor, document, [line], parent=None, kept=document.due_date)
    before, document.state = document.state, State.IN_PROCESS
    document.to_places = places(document)
    document.save()
    posts = [post for one in made for post in routing.answering(one)[1]]
    routing.conclude(
        document,
        actor,
        Verb.FORWARD,
        before=before,
        # What goes into the record is Vietnamese, whatever language the clerk reads.
        text=f"Theo ý kiến của {by.title} {by.user.full_name}: {text}",
        posts=[*posts, distributor],
        article=actor.agency.regulation.article("clerk_forwards"),
        detail={"assignments": [one.pk for one in made], "directed_by": by.pk},
    )
    return document


def check_direction(
    actor: Actor, document: IncomingDocument, line: Line, *, by: Appointment
) -> Post:
    """Raise what would refuse this direction; answers who distributes, who is told of it.

    Asked before the document is registered in the same step: then no file has been stored.
    """
    provision = actor.agency.regulation.clerk_forwards
    article = provision.article if provision else ""
    if not line.directive:
        raise Refusal(_("Gõ ý kiến chỉ đạo ghi trên văn bản."), article, field="forward_text")
    if not _directs(actor, by):
        raise Refusal(
            _("Ý kiến chỉ đạo phải là của lãnh đạo cơ quan hoặc lãnh đạo Văn phòng."),
            article,
            field="forward_by",
        )
    marks_of_words(actor.agency.regulation, [line.directive])
    refuse_stranger(document, line)
    distributor = actor.agency.regulation.distribution(member=actor.agency.is_member)
    return receiving_post(document.agency, distributor.value)


def _directs(actor: Actor, by: Appointment) -> bool:
    in_force = Appointment.objects.in_force(clock.today())
    return in_force.filter(pk=by.pk, unit__agency=actor.agency, role__in=DIRECTORS).exists()
