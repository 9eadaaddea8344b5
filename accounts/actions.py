"""Verbs on people and posts."""

from datetime import date
from importlib import import_module

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.models import Group
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts import account_names, rules
from accounts.actor import Actor
from accounts.choices import Scope
from accounts.models import (
    Agency,
    Appointment,
    Delegation,
    Post,
    Preferences,
    SignedIn,
    Unit,
    User,
)
from core import clock
from core.errors import Refusal, require
from core.text import clean


def post_for(unit: Unit, role: str) -> Post:
    """The post of a role in a unit, made on first use (two at once make one)."""
    return post_at(unit.pk, role)


def post_at(unit_id: int, role: str) -> Post:
    """The same, of a unit by its key."""
    found = Post.objects.filter(unit=unit_id, role=role).first()
    if found:
        return found
    with transaction.atomic():
        group, _made = Group.objects.get_or_create(name=f"unit {unit_id} {role}")
        return Post.objects.get_or_create(unit_id=unit_id, role=role, defaults={"group": group})[0]


def head_post(unit: Unit) -> Post:
    """The post that answers for a unit."""
    return post_for(unit, unit.head_role)


def receiving_post(agency: Agency, role: str) -> Post:
    """The post of a role that works for the whole agency: its head's, the office's own first.

    Raises Refusal when nobody holds that role today.
    """
    held = Appointment.objects.in_force(clock.today()).receiving(agency, role).first()
    if held is None:
        raise Refusal(
            _("Cơ quan chưa có ai giữ vai trò %(role)s. Báo quản trị cơ quan bổ nhiệm trước.")
            % {"role": agency.title_of(role)}
        )
    return post_at(held.unit_id, role)


def suggest_username(full_name: str, agency: Agency, unit: str = "") -> str:
    """A free account name in the form of the regulation (Kon Tum, Sơn La Điều 7.2); "" without one.

    Raises ValueError when the rule of the regulation finds no free name: then a person decides.
    """
    form, order = agency.regulation.account_form, agency.regulation.account_order
    if form is None:
        return ""
    given_first = order is not None and order.value == "given_first"
    head, tail = form.value.split("{username}")
    taken = {
        name[len(head) : len(name) - len(tail)]
        for name in User.objects.filter(
            username__startswith=head, username__endswith=tail
        ).values_list("username", flat=True)
    }
    name = account_names.personal(full_name, unit, taken, given_first=given_first)
    return account_names.address(form.value, name)


def change_password(user: User, password: str) -> None:
    """Sets a person's own new password; the default one no longer counts (Kon Tum Điều 21.3)."""
    user.set_password(password)
    user.must_change_password = False
    user.save()


def choose(user: User, **chosen: object) -> None:
    """Keep what a person has set for himself; what is not named stays as it is."""
    Preferences.objects.update_or_create(user_id=user.pk, defaults=chosen)


def note_sign_in(user: User, session_key: str, *, browser: str, address: str | None) -> None:
    """Write down where somebody is signed in; his sessions that have ended go."""
    now = clock.now()
    over = SignedIn.objects.filter(user_id=user.pk, session__expire_date__lte=now)
    Session.objects.filter(pk__in=list(over.values_list("pk", flat=True))).delete()
    SignedIn.objects.create(
        user_id=user.pk,
        session_id=session_key,
        signed_in_at=now,
        browser=browser,
        address=address,
    )


def sign_out_elsewhere(user: User, session: SessionBase) -> int:
    """End every session of a person but this one; answers how many of the list were open.

    Also those that the list does not know, from before there was one: no session of an earlier
    round opens a page any more.
    """
    store = import_module(settings.SESSION_ENGINE).SessionStore
    rows = SignedIn.objects.filter(user_id=user.pk).exclude(pk=session.session_key)
    keys = list(rows.alive(clock.now()).values_list("pk", flat=True))
    User.objects.filter(pk=user.pk).update(session_round=F("session_round") + 1)
    user.refresh_from_db(fields=["session_round"])
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    for key in keys:
        store().delete(key)
    return len(keys)


def delegate(
    actor: Actor,
    to: User,
    *,
    start_date: date,
    end_date: date,
    scope: str = Scope.ALL,
    decision_number: str = "",
) -> Delegation:
    """Let a colleague act in one's current post from a day to a day, both included.

    Bắc Giang Điều 5.3d, Kon Tum Điều 13.1. Raises Refusal for a time that has begun yesterday or
    earlier, somebody who may not stand in or is away himself, or a post that is delegated already.
    """
    return delegate_post(
        actor.own,
        to,
        start_date=start_date,
        end_date=end_date,
        scope=scope,
        decision_number=decision_number,
    )


@transaction.atomic
def delegate_post(
    appointment: Appointment,
    to: User,
    *,
    start_date: date,
    end_date: date,
    scope: str = Scope.ALL,
    decision_number: str = "",
) -> Delegation:
    """The same for somebody who cannot do it himself; an administrator's verb. Raises Refusal."""
    # Two requests at once: the second waits here and finds the first one's row.
    appointment = (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("unit__agency__parent", "user")
        .get(pk=appointment.pk)
    )
    require(delegation_refusal(appointment, to, start_date, end_date))
    return Delegation.objects.create(
        appointment=appointment,
        delegate=to,
        scope=scope,
        start_date=start_date,
        end_date=end_date,
        decision_number=clean(decision_number),
        created_at=clock.now(),
    )


def delegation_refusal(
    appointment: Appointment, to: User, first: date, last: date
) -> Refusal | None:
    """Why that colleague may not stand in from that day to that day; None when he may."""
    if refusal := rules.may_delegate(appointment):
        return refusal
    if first < clock.today():
        return Refusal(_("Ủy quyền bắt đầu từ hôm nay hoặc về sau."), field="start_date")
    if last < first:
        return Refusal(_("Ngày kết thúc phải sau ngày bắt đầu."), field="end_date")
    if appointment.end_date and last > appointment.end_date:
        return Refusal(
            _("Chức vụ này kết thúc ngày %(day)s, trước ngày thôi ủy quyền.")
            % {"day": f"{appointment.end_date:%d/%m/%Y}"},
            field="end_date",
        )
    return _deputy_refusal(to, appointment, first, last) or _taken_refusal(
        to, appointment, first, last
    )


def _taken_refusal(to: User, appointment: Appointment, first: date, last: date) -> Refusal | None:
    """A post has one delegate a day, and two people do not stand in for each other."""
    taken = (
        Delegation.objects.between(first, last)
        .filter(Q(appointment=appointment) | Q(appointment__user=to, delegate=appointment.user))
        .select_related("delegate", "appointment__user")
        .first()
    )
    if taken is None:
        return None
    return Refusal(
        _("Trong thời gian này %(who)s đã ủy quyền cho %(name)s (%(first)s – %(last)s).")
        % {
            "who": taken.appointment.user.full_name,
            "name": taken.delegate.full_name,
            "first": f"{taken.start_date:%d/%m/%Y}",
            "last": f"{taken.end_date:%d/%m/%Y}",
        },
        field="start_date",
    )


def _deputy_refusal(to: User, appointment: Appointment, first: date, last: date) -> Refusal | None:
    """None when one of the posts that he holds in all that time lets him stand in."""
    posts = [
        held
        for held in Appointment.objects.in_force(first).filter(
            user=to, unit__agency=appointment.unit.agency_id
        )
        if held.end_date is None or held.end_date >= last
    ]
    if not posts:
        return Refusal(
            _("%(name)s không giữ chức vụ nào ở cơ quan trong suốt thời gian ủy quyền.")
            % {"name": to.full_name},
            field="delegate",
        )
    answers = [rules.may_stand_in(held, appointment) for held in posts]
    return None if None in answers else answers[0]


@transaction.atomic
def revoke(actor: Actor, delegation: Delegation) -> Delegation:
    """End one's delegation at once; what was done under it stays done. Ended twice, it is one."""
    row = (
        Delegation.objects.select_for_update(of=("self",))
        .select_related("appointment")
        .get(pk=delegation.pk, appointment__user=actor.user)
    )
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        row.save()
    return row


def possible_delegates(appointment: Appointment) -> list[User]:
    """Colleagues of today who may stand in for that post, by name."""
    held = Appointment.objects.in_force(clock.today()).filter(unit__agency=appointment.unit.agency)
    people = {
        one.user_id
        for one in held.select_related("user")
        if rules.may_stand_in(one, appointment) is None
    }
    return list(User.objects.filter(pk__in=people).by_name())
