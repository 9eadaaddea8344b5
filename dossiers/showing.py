"""Which documents of a dossier those to whom it is given cannot open yet.

Seeing a dossier is not seeing each document in it; but whoever is given the work needs what it is
about (Bắc Giang Điều 6.1: "lập hồ sơ giao cho phòng, đơn vị hoặc cán bộ xử lý văn bản đến").
"""

from collections.abc import Iterable, Sequence

from django.utils.translation import ngettext

from accounts.actions import head_post
from accounts.actor import Actor, actor_for
from accounts.models import Agency, Appointment, User
from core import clock
from documents.actions.giving import Line
from documents.choices import AssignmentRole
from documents.deciding import WORK
from documents.models import Document, GroupGrant
from dossiers.above import KINDS
from dossiers.choices import Verb
from dossiers.models import Dossier

MOST = 50


def shareable(actor: Actor, dossier: Dossier) -> list[Document]:
    """Documents in the dossier that the actor may let others see."""
    inside = dossier.items.visible_to(actor).filter(document__isnull=False)
    rows = Document.objects.filter(pk__in=inside.values("document")).order_by("day", "pk")
    return may_show(actor, list(rows[:MOST]))


def may_show(actor: Actor, documents: Sequence[Document]) -> list[Document]:
    """Those of these that their apps let the actor share; each app is asked once."""
    kinds: dict[str, list[Document]] = {}
    for one in documents:
        kinds.setdefault(one.kind, []).append(one)
    found = {
        pk
        for kind, rows in kinds.items()
        if kind in KINDS
        for pk in KINDS[kind].shareable(actor, rows)
    }
    return [one for one in documents if one.pk in found]


def opened_from(dossier: Dossier) -> int | None:
    """Key of the document from which it was opened."""
    act = dossier.acts.filter(verb=Verb.OPEN).order_by("ordinal").first()
    found: int | None = act.detail.get("document") if act else None
    return found


def unseen(agency: Agency, line: Line, documents: Sequence[Document]) -> list[Document]:
    """Those that a person, or the head of a unit, cannot open."""
    keys = [one.pk for one in documents]
    seen = set(keys)
    people = [line.person] if line.person else _heads(line)
    for person in people:
        reader = actor_for(person, agency)
        rows = Document.objects.visible_to(reader).filter(pk__in=keys)
        seen &= set(rows.values_list("pk", flat=True))
    if not people:
        given = GroupGrant.objects.filter(group=head_post(line.unit).group_id)
        seen &= set(given.filter(content_object__in=keys).values_list("content_object", flat=True))
    return [one for one in documents if one.pk not in seen]


def _heads(line: Line) -> list[User]:
    held = Appointment.objects.in_force(clock.today()).filter(unit=line.unit)
    return [one.user for one in held.filter(role=line.unit.head_role).select_related("user")]


def keeping(dossier: Dossier) -> Line:
    """Its keeper, as somebody who is given the work."""
    return Line(AssignmentRole.LEAD, dossier.keeper.unit, dossier.keeper.user)


def working(lines: Iterable[Line]) -> list[Line]:
    """The lines of those who lead or help; who should only know needs not read everything."""
    return [one for one in lines if one.role in WORK]


def still_unseen(actor: Actor, dossier: Dossier, lines: Iterable[Line]) -> list[str]:
    """One sentence for each who has work and cannot open something that the actor can."""
    documents = shareable(actor, dossier)
    found = []
    for line in working(lines) if documents else ():
        if count := len(unseen(actor.agency, line, documents)):
            found.append(
                ngettext(
                    "%(who)s chưa mở được %(count)d văn bản trong hồ sơ.",
                    "%(who)s chưa mở được %(count)d văn bản trong hồ sơ.",
                    count,
                )
                % {"who": line.person or line.unit, "count": count}
            )
    return found
