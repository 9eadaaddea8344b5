"""follow: whoever is named to watch a field sees the open work that lies in it already.

What comes later he sees by the verb that gives it (``concluding``). Nobody does a verb on the day
when a field begins, so the clock looks, and whoever names somebody in the admin lets it look.
"""

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts.actor import Actor, actor_for
from accounts.choices import Role
from accounts.models import Agency
from core import clock
from documents import deciding
from documents.actions.routing import lock_rows
from documents.actions.trail import record
from documents.choices import OPEN_ASSIGNMENT, WorkVerb
from documents.models import Assignment, Document, Follow, GroupGrant, Matter, UserGrant

AT_ONCE = 500  # documents of an agency in one go; the next one goes on


def begin_following(agency: Agency, most: int = AT_ONCE) -> int:
    """Let those who follow a field see the open work in it (Bắc Giang Điều 5.4b, 11.1b).

    A transaction and an act for each document, ``most`` at most; answers how many there were. Run
    again, and by two at once, it does nothing twice.
    """
    done = 0
    rows = Follow.objects.in_force(clock.today()).filter(
        appointment__unit__agency=agency, appointment__user__is_active=True
    )
    for row in rows.select_related("appointment__user").order_by("pk"):
        actor = actor_for(row.appointment.user, agency, current=row.appointment_id)
        if actor is None or actor.sees_whole_agency or done >= most:
            continue
        keys = _unseen(row, actor).order_by("pk").values_list("pk", flat=True)
        for pk in list(keys[: most - done]):
            done += _begin(row, actor, pk)
    return done


@transaction.atomic
def _begin(row: Follow, actor: Actor, pk: int) -> bool:
    """One document; False when he sees it by now, or the work in it has ended."""
    lock_rows(pk)
    document = _unseen(row, actor).select_related("agency__parent").filter(pk=pk).first()
    if document is None:
        return False
    regulation = actor.agency.regulation
    ground = regulation.watcher
    if actor.holds(Role.DEPUTY_HEAD) and regulation.deputy_follows:
        ground = regulation.deputy_follows
    record(
        document,
        actor,
        WorkVerb.FOLLOW,
        before=document.state,
        users=[actor.user],
        article=ground.article if ground else "",
        detail={"follow": row.pk},
    )
    return True


def _unseen(row: Follow, actor: Actor) -> QuerySet[Document]:
    """Documents with open work in that field that its follower, who sees not all, does not see.

    Asked of each of them, never of all that he sees. What is handed over to him in person does not
    count: it goes back.
    """
    work = Assignment.objects.filter(
        document=OuterRef("pk"), role__in=deciding.WORK, state__in=OPEN_ASSIGNMENT
    )
    if row.unit_id:
        work = work.filter(unit=row.unit_id)
    if row.person_id:
        work = work.filter(person=row.person_id)
    states = {str(state) for kind in Matter.__subclasses__() for state in kind.work_states}
    found = Document.objects.filter(
        Exists(work), agency=actor.agency, state__in=states, register__isnull=False
    )
    if row.type_name:
        found = found.filter(type_name=row.type_name)
    groups = actor.post_groups | actor.delegated_groups
    return found.filter(
        ~Exists(UserGrant.objects.filter(content_object=OuterRef("pk"), user=actor.user)),
        ~Exists(GroupGrant.objects.filter(content_object=OuterRef("pk"), group__in=groups)),
    )
