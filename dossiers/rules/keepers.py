"""Whom one may name to keep a dossier or a task: work comes from above, never from below."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.choices import Role
from accounts.models import Appointment
from core import clock
from core.errors import Refusal
from dossiers.rules.keeping import may_open_task


def keepers_of(actor: Actor) -> Any:
    """Appointments whom the actor may name: all for leaders and the chief; a head his own unit's.

    And of units below it. A deputy, where he gives work, names those whom he may give it to
    (Bắc Giang Điều 5.4a), not his head; anybody else only himself.
    """
    held = Appointment.objects.in_force(clock.today()).filter(unit__agency=actor.agency)
    held = held.exclude(role=Role.AGENCY_ADMIN).select_related("user", "unit")
    if not actor.holds(Role.LEADER, Role.OFFICE_CHIEF):
        mine = Q(pk=actor.appointment.pk)
        if may_open_task.ask(actor) is None:
            mine |= Q(unit=actor.unit.pk) | Q(unit__parent=actor.unit.pk)
        held = held.filter(mine)
        if not actor.heads(actor.unit.pk):
            held = held.exclude(unit=actor.unit.pk, role=actor.unit.head_role)
    return held.order_by("unit__ordinal", "user__name_key", "pk")


def refuse_keeper(actor: Actor, keeper: Appointment) -> Refusal | None:
    """Why that person does not get the dossier or task from this one; None when he does."""
    if keepers_of(actor).filter(pk=keeper.pk).exists():
        return None
    held = Appointment.objects.in_force(clock.today()).filter(unit__agency=actor.agency)
    if not held.exclude(role=Role.AGENCY_ADMIN).filter(pk=keeper.pk).exists():
        return Refusal(_("Người này không còn làm việc ở cơ quan."), field="keeper")
    if may_open_task.ask(actor) is None:
        return Refusal(_("Chỉ giao việc cho người của đơn vị mình."), field="keeper")
    return Refusal(
        _("Lãnh đạo và người phụ trách đơn vị mới giao hồ sơ cho người khác giải quyết."),
        field="keeper",
    )
