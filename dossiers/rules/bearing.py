"""What rules of every topic ask: who keeps a dossier, who works on it, its state."""

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.choices import Role
from core.errors import Refusal, Stale
from dossiers.choices import State
from dossiers.models import Dossier


def keeps(actor: Actor, dossier: Dossier) -> bool:
    """True for the keeper himself."""
    return actor.principal.pk == dossier.keeper.user_id


def heads(actor: Actor, dossier: Dossier) -> bool:
    """True for the head of the keeper's unit."""
    return actor.heads(dossier.keeper.unit_id)


def works_on(actor: Actor, dossier: Dossier) -> bool:
    """True for whoever puts things into it: keeper, his head, and those who have a part in it."""
    # An assignment of the dossier also counts here.
    return keeps(actor, dossier) or heads(actor, dossier)


def is_office(actor: Actor) -> bool:
    """True for leaders and the office chief."""
    return actor.holds(Role.LEADER, Role.OFFICE_CHIEF)


def closer(dossier: Dossier) -> str:
    """Who closes it: "giver" of a task, else what the regulation says: "leader" or "handler"."""
    if dossier.is_task:
        return "giver"
    found = dossier.agency.regulation.dossier_closer
    return found.value if found else "handler"


def closes(actor: Actor, dossier: Dossier) -> bool:
    """True when the actor is the one who closes this dossier."""
    match closer(dossier):
        case "leader":
            return actor.holds(Role.LEADER)
        case "giver":
            return actor.principal.pk == dossier.opened_by.user_id
    return keeps(actor, dossier) or heads(actor, dossier)


def article_of(actor: Actor, key: str) -> str:
    """The article of a key, where the regulation has it."""
    found = getattr(actor.agency.regulation, key)
    return found.article if found else ""


def stands_in(dossier: Dossier, *states: State) -> Refusal | None:
    """A refusal when the dossier is in none of these states."""
    if dossier.state in states:
        return None
    return Stale(
        _("Hồ sơ đang ở bước “%(state)s” nên không làm việc này được.")
        % {"state": dossier.get_state_display()}
    )
