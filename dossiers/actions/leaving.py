"""watch_leavers: what lies with one who has left comes onto the desk of who has his work now.

Of a dossier that nobody leads, or that waits to be closed: its keeper, the giver of a task, who led
it; and the parts of its work. Nobody does a verb on the day when an appointment ends, so the clock
looks.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Agency, Appointment
from core import clock
from documents.actions import lock_rows
from documents.actions.leaving import lying, tell, turn
from documents.choices import AssignmentRole, AssignmentState, Kind, WorkNotice
from documents.models import Assignment, Waiting
from dossiers.choices import Task
from dossiers.models import Dossier

_OWN = (Task.GIVE_OUT, Task.COMPLETE, Task.CLOSE)


@dataclass
class Watched:
    """How many have gone to a post since, and how many back to a person."""

    left: int = 0
    back: int = 0


def watch_leavers(agency: Agency) -> Watched:
    """Ask the post that follows for what lies with one who has left; one who is back, anew.

    Each in a transaction of its own. Run again it finds nothing more to do.
    """
    done = Watched()
    here = Appointment.objects.in_force(clock.today()).filter(unit__agency=agency)
    rows = Waiting.objects.filter(
        agency=agency, document__kind=Kind.DOSSIER, assignment=0, verb__in=_OWN
    )
    gone = rows.filter(user__isnull=False).exclude(user__in=here.values("user"))
    # Posts that may have been asked for a person: what a unit led is closed by its post anyway.
    led = Assignment.objects.filter(
        document=OuterRef("document"),
        parent=None,
        role=AssignmentRole.LEAD,
        state=AssignmentState.DONE,
        person__isnull=True,
    )
    posts = rows.filter(group__isnull=False)
    of_post = Q(verb=Task.CLOSE, document__dossier__is_task=False)
    found = agency.regulation.dossier_closer
    if found is None or found.value == "handler":
        of_post &= Q(Exists(led))
    stood_in = posts.exclude(of_post)
    for pk in sorted({*_keys(gone), *_keys(stood_in), *lying(agency, Kind.DOSSIER)}):
        turned = _turn(pk)
        done.left += turned == "left"
        done.back += turned == "back"
    return done


def _keys(rows: QuerySet[Waiting]) -> list[int]:
    return list(rows.values_list("document", flat=True))


@transaction.atomic
def _turn(pk: int) -> str:
    """Route it anew: "left" when a post is asked instead, "back" when a person; else "".

    The holders of the post are told once, whether the clock or a verb has turned it.
    """
    lock_rows(pk)
    dossier = Dossier.objects.with_people().select_related("agency__parent").get(pk=pk)
    before = _asked(pk)
    turned = turn(dossier)
    new = _asked(pk) - before
    rows = Waiting.objects.filter(document=pk, assignment=0, verb__in=_OWN, group__isnull=False)
    if dossier.closing_place is None:
        rows = rows.exclude(verb=Task.CLOSE)  # the post closes it, whoever has left
    tell(dossier, WorkNotice.HOLDER_LEFT, rows)
    if any(group is not None for _verb, _user, group in new):
        return "left"
    return "back" if new else turned


def _asked(pk: int) -> set[tuple[str, int | None, int | None]]:
    rows = Waiting.objects.filter(document=pk, assignment=0, verb__in=_OWN)
    return set(rows.values_list("verb", "user", "group"))
