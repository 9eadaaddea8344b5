"""Who may keep a key, and who may sign with it."""

from django.utils.translation import gettext as _

from accounts.actor import Actor, rule
from accounts.choices import Role
from accounts.models import Agency, Appointment, User
from core import clock
from core.errors import NotYours, Refusal
from signatures.models import SigningKey


def may_keep(user: User, *, owner: User | None, agency: Agency | None) -> Refusal | None:
    """A person keeps his own; those of an agency its administrator (TT 41/2017/TT-BTTTT)."""
    if owner is not None and agency is None and owner.pk == user.pk:
        return None
    if owner is None and agency is not None and _administers(user, agency):
        return None
    return NotYours(_("Khóa ký số do chính chủ khóa, hoặc quản trị của cơ quan, thêm và giữ."))


def may_change(user: User, key: SigningKey) -> Refusal | None:
    """Whoever may keep it: retire it, open it again, give it another picture."""
    return may_keep(user, owner=key.owner, agency=key.agency)


@rule
def may_use(actor: Actor, key: SigningKey) -> Refusal | None:
    """One's own key, whoever one stands in for; the agency's is the clerk's (NĐ 30 Điều 32, 33)."""
    if key.owner_id is not None:
        if key.owner_id == actor.user.pk:
            return None
        return NotYours(_("Khóa ký số là của người khác."))
    if key.agency_id == actor.agency.pk and actor.role == Role.CLERK:
        return None
    return NotYours(_("Khóa ký số của cơ quan do văn thư cơ quan dùng."))


def _administers(user: User, agency: Agency) -> bool:
    held = Appointment.objects.in_force(clock.today()).filter(
        user=user, unit__agency=agency, role=Role.AGENCY_ADMIN
    )
    return user.is_superuser or held.exists()
