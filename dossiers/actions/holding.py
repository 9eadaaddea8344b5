"""What the verbs of a catalogue share: its lock, whose turn it is, versions, places, notices."""

from collections.abc import Iterable

from django.db.models import F, Max
from django.utils.translation import gettext as _

from accounts.actor import Actor, Rule
from accounts.models import Appointment, User
from core import clock
from core.errors import Stale, require
from dossiers.choices import CatalogueVerb
from dossiers.models import Catalogue, Heading, PlannedDossier
from notifications.actions import notify

Row = Heading | PlannedDossier


def lock(actor: Actor, catalogue: Catalogue) -> Catalogue:
    """The catalogue read anew under its row lock, which every change of it, its headings and lines
    holds: two people change it one after the other.

    Raises Catalogue.DoesNotExist for one that the actor does not see.
    """
    rows = Catalogue.objects.visible_to(actor).select_for_update(of=("self",), no_key=True)
    found: Catalogue = rows.get(pk=catalogue.pk)
    found.agency = actor.agency
    return found


def lock_line(actor: Actor, line: PlannedDossier) -> PlannedDossier:
    """The line read anew, its catalogue locked. Raises DoesNotExist for one that has gone."""
    catalogue = lock(actor, Catalogue(pk=line.catalogue_id))
    found: PlannedDossier = (
        PlannedDossier.objects.visible_to(actor)
        .select_related("proposed_by__user", "heading")
        .get(pk=line.pk, catalogue=catalogue)
    )
    found.catalogue = catalogue
    return found


def allowed(rule: Rule, actor: Actor, *what: object) -> Actor:
    """The actor as whom the verb is done. Raises the rule's Refusal."""
    refusal, acting = rule.answer(actor, *what)
    require(refusal)
    return acting


def require_unchanged(row: Row, version: int) -> None:
    """Raises Stale when somebody has changed the row since the page with ``version`` was drawn."""
    if row.version == version:
        return
    last = row.history.select_related("history_user").first()
    who = last.history_user.full_name if last and last.history_user else _("Người khác")
    raise Stale(
        _(
            "%(who)s đã sửa trong lúc này, nay là: “%(title)s”. Xem lại rồi lưu lại nếu vẫn muốn "
            "đổi."
        )
        % {"who": who, "title": row.title}
    )


def save(actor: Actor, row: Catalogue | Row) -> None:
    """Write a row with its history under the actor's name."""
    row._history_user = actor.user  # type: ignore[union-attr]
    row.save()


def remove(actor: Actor, row: Row) -> None:
    """Take a row out; its history says who did."""
    row._history_user = actor.user  # type: ignore[union-attr]
    row.delete()


def changed(catalogue: Catalogue) -> None:
    """Count a change, without a line of history of its own."""
    Catalogue.objects.filter(pk=catalogue.pk).update(version=F("version") + 1)
    catalogue.version += 1


def last_place(rows: Iterable[Row]) -> int:
    """The next free place at the end of these rows (a queryset)."""
    return (rows.aggregate(last=Max("ordinal"))["last"] or 0) + 1  # type: ignore[attr-defined]


def move(row: Row, beside: Iterable[Row], by: int) -> bool:
    """Change places with the row before (-1) or after (1); False at the end of the list."""
    rows = list(beside)
    place = next(place for place, one in enumerate(rows) if one.pk == row.pk)
    if not 0 <= place + by < len(rows):
        return False
    other, table = rows[place + by], type(row)._default_manager
    table.filter(pk=row.pk).update(ordinal=other.ordinal)
    table.filter(pk=other.pk).update(ordinal=row.ordinal)
    return True


def close_gap(beside: Iterable[Row], ordinal: int) -> None:
    """Move up what stood behind the place that was left (``beside`` is a queryset)."""
    beside.filter(ordinal__gt=ordinal).update(ordinal=F("ordinal") - 1)  # type: ignore[attr-defined]


def tell(actor: Actor, catalogue: Catalogue, verb: CatalogueVerb, users: Iterable[User]) -> None:
    """Put a line with the page of the catalogue on their desks."""
    notify(actor.agency, verb.value, catalogue.get_absolute_url(), users=users, but=actor.user)


def holders(actor: Actor, *roles: str) -> list[User]:
    """Who holds one of these roles in the agency today; everybody without a role."""
    held = Appointment.objects.in_force(clock.today()).filter(unit__agency=actor.agency)
    if roles:
        held = held.filter(role__in=roles)
    return list(User.objects.filter(pk__in=held.values("user")))
