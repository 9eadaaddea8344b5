"""Parts of people who have left: the clock asks whoever takes them back, and tells him.

Kon Tum Điều 20.2; Bắc Giang Điều 6.1. Nobody does a verb on the day when an appointment ends.
"""

from django.db.models import QuerySet

from accounts.models import Agency, Appointment
from core import clock
from documents.actions.concluding import expected_waits
from documents.actions.routing import route
from documents.choices import WorkNotice, WorkTask
from documents.models import Matter, Waiting
from notifications.actions import notify
from notifications.models import Notification

_WORK = (WorkTask.PROCESS, WorkTask.CONCLUDE)


def lying(agency: Agency, kind: str) -> set[int]:
    """Keys of the matters of a kind with parts of people who have left, or whom others stand for.

    The latter all: the person may be back, and the post that is asked may be empty since. And those
    where one who has left was to decide on a later day.
    """
    here = Appointment.objects.in_force(clock.today()).filter(unit__agency=agency)
    rows = Waiting.objects.filter(agency=agency, document__kind=kind)
    asked = rows.filter(verb__in=(*_WORK, WorkTask.DECIDE), user__isnull=False)
    gone = asked.exclude(user__in=here.values("user"))
    turned = rows.filter(verb=WorkTask.GIVE_ANEW)
    return {
        *gone.values_list("document", flat=True),
        *turned.values_list("document", flat=True),
    }


def turn(document: Matter) -> str:
    """Route it anew: "left" when a part is asked of another now, "back" when it is his again.

    Whoever is asked is told once for each part, whether the clock or a verb has turned it, and
    however often the clock looks. The caller holds the document's lock.
    """
    before = _asked(document)
    route(document, expected_waits(document))
    new = {verb for verb, *_who in _asked(document) - before}
    rows = Waiting.objects.filter(document=document.pk, verb=WorkTask.GIVE_ANEW)
    tell(document, WorkNotice.WORK_LEFT, rows)
    if WorkTask.GIVE_ANEW in new:
        return "left"
    return "back" if new else ""


def _asked(document: Matter) -> set[tuple[str, int, int | None, int | None]]:
    rows = Waiting.objects.filter(document=document.pk, verb__in=(*_WORK, WorkTask.GIVE_ANEW))
    return set(rows.values_list("verb", "assignment", "user", "group"))


def tell(document: Matter, kind: str, rows: QuerySet[Waiting]) -> None:
    """Tell whoever is asked by these rows, but for those who were told so since."""
    path = document.get_absolute_url()
    for row in rows.select_related("user", "group__post"):
        people = [row.user] if row.user else []
        if row.group:
            held = Appointment.objects.in_force(clock.today()).of_posts([row.group.post])
            people = [one.user for one in held.select_related("user")]
        told = Notification.objects.filter(
            agency=document.agency_id, kind=kind, path=path, created_at__gte=row.since
        ).values_list("user", flat=True)
        told_keys = set(told)
        notify(
            document.agency, kind, path, users=[one for one in people if one.pk not in told_keys]
        )
