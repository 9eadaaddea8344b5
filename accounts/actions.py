"""Verbs on people and posts."""

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import account_names
from accounts.choices import Role
from accounts.models import Agency, Appointment, Post, Unit, User
from core import clock
from core.errors import Refusal


def post_for(unit: Unit, role: str) -> Post:
    """The post of a role in a unit, made on first use (two at once make one)."""
    found = Post.objects.filter(unit=unit, role=role).first()
    if found:
        return found
    with transaction.atomic():
        group, _made = Group.objects.get_or_create(name=f"unit {unit.pk} {role}")
        return Post.objects.get_or_create(unit=unit, role=role, defaults={"group": group})[0]


def head_post(unit: Unit) -> Post:
    """The post that answers for a unit."""
    return post_for(unit, unit.head_role)


def receiving_post(agency: Agency, role: str) -> Post:
    """The post of a role that works for the whole agency, the office's own first.

    Raises Refusal when nobody holds that role today.
    """
    held = (
        Appointment.objects.in_force(clock.today())
        .filter(unit__agency=agency, role=role)
        .select_related("unit")
        .order_by("-unit__is_office", "unit__ordinal", "pk")
        .first()
    )
    if held is None:
        raise Refusal(
            _("Cơ quan chưa có ai giữ vai trò %(role)s. Báo quản trị cơ quan bổ nhiệm trước.")
            % {"role": Role(role).label}
        )
    return post_for(held.unit, role)


def suggest_username(full_name: str, agency: Agency, unit: str = "") -> str:
    """A free account name in the form of the regulation (Kon Tum Điều 7.2); "" without one.

    Raises ValueError when the rule of the regulation finds no free name: then a person decides.
    """
    form = agency.regulation.account_form
    if form is None:
        return ""
    head, tail = form.value.split("{username}")
    taken = {
        name[len(head) : len(name) - len(tail)]
        for name in User.objects.filter(
            username__startswith=head, username__endswith=tail
        ).values_list("username", flat=True)
    }
    return account_names.address(form.value, account_names.personal(full_name, unit, taken))


def change_password(user: User, password: str) -> None:
    """Sets a person's own new password; the default one no longer counts (Kon Tum Điều 21.3)."""
    user.set_password(password)
    user.must_change_password = False
    user.save()
