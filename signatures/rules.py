"""Who may keep a key; who signs with it is asked by the verbs of a document."""

from django.utils.translation import gettext as _

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


def _administers(user: User, agency: Agency) -> bool:
    held = Appointment.objects.in_force(clock.today()).filter(
        user=user, unit__agency=agency, role=Role.AGENCY_ADMIN
    )
    return user.is_superuser or held.exists()
