"""Who may delegate his post to whom."""

from django.utils.translation import gettext as _

from accounts.choices import Role
from accounts.models import Appointment
from core.errors import NotYours, Refusal

# An administrator's rights are given by appointment only.
NEVER = frozenset({Role.AGENCY_ADMIN})


def may_delegate(appointment: Appointment) -> Refusal | None:
    """Whoever holds a post may let a colleague act for him while he is away."""
    if appointment.role in NEVER:
        return NotYours(_("Quyền quản trị không ủy quyền được; quản trị hệ thống bổ nhiệm."))
    return None


def is_deputy(other: Appointment, appointment: Appointment) -> bool:
    """True for the deputy of that post: in its unit, or another leader for a leader."""
    if appointment.role == Role.LEADER:
        return other.role == Role.LEADER
    return other.role == Role.DEPUTY_HEAD and other.unit_id == appointment.unit_id


def may_stand_in(other: Appointment, appointment: Appointment) -> Refusal | None:
    """A colleague; the deputy where the regulation says so (Bắc Giang 5.3d, Kon Tum 13.1)."""
    if other.user_id == appointment.user_id:
        return Refusal(_("Không ủy quyền cho chính mình."), field="delegate")
    agency = appointment.unit.agency
    provision = agency.regulation.delegate(appointment.role, member=agency.is_member)
    if provision is not None and not is_deputy(other, appointment):
        return Refusal(
            _("Người được ủy quyền phải là cấp phó của chức vụ này."),
            provision.article,
            field="delegate",
        )
    return None
