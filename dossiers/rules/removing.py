"""Taking things out of a dossier: less than putting them in, for a file of its own then goes."""

from django.utils.translation import gettext as _

from accounts.actor import Actor, rule
from core.errors import NotYours, Refusal, Stale
from documents.choices import VOID_ASSIGNMENT, AssignmentRole
from documents.models import Assignment
from documents.rules.bearing import WORK, holds
from dossiers.choices import State
from dossiers.models import Dossier, Item
from dossiers.rules.bearing import heads, is_office, keeps
from dossiers.rules.keeping import may_file


@rule
def may_remove_item(actor: Actor, dossier: Dossier, item: Item) -> Refusal | None:
    """The keeper, who leads the work, the office; who helps takes out what he has put in himself.

    And only while his part goes on. What the dossier was completed with stays in it.
    """
    refusal = may_file.ask(actor, dossier)
    if refusal is not None:
        return refusal
    over = dossier.state == State.COMPLETED
    if over and item.pk == dossier.issued_id:
        return Stale(_("Hồ sơ hoàn thành với văn bản này. Chuyển trả hồ sơ rồi mới đưa ra được."))
    if keeps(actor, dossier) or heads(actor, dossier) or is_office(actor) or leads(actor, dossier):
        return None
    if over:
        return NotYours(
            _("Hồ sơ đã hoàn thành: người giữ, người chủ trì và lãnh đạo mới đưa ra được.")
        )
    if not _is_helping(actor, dossier) or item.added_by.user_id != actor.principal.pk:
        return NotYours(
            _("Người phối hợp chỉ đưa ra thứ chính mình đã đưa vào, khi phần việc chưa xong.")
        )
    if item.pk == dossier.issued_id:
        return NotYours(_("Người chủ trì đã chọn tệp này làm văn bản ban hành của hồ sơ."))
    return None


def leads(actor: Actor, dossier: Dossier) -> bool:
    """True for who leads the whole work, or led it, at whatever level below the first lead."""
    parts = {one.pk: one for one in dossier.all_assignments}
    return any(
        one.state not in VOID_ASSIGNMENT and holds(actor, one) and _of_lead(one, parts)
        for one in parts.values()
    )


def _of_lead(one: Assignment | None, parts: dict[int, Assignment]) -> bool:
    """True when it and all above it lead: who leads a helper's part only helps."""
    while one is not None:
        if one.role != AssignmentRole.LEAD:
            return False
        one = parts.get(one.parent_id or 0)
    return True


def _is_helping(actor: Actor, dossier: Dossier) -> bool:
    parts = (one for one in dossier.all_assignments if one.is_open and one.role in WORK)
    return any(holds(actor, one) for one in parts)
