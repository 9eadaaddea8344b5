"""What a delegate may do, for whom the trail says he did it, and what stays everybody's own.

Bắc Giang Điều 5.3d, Kon Tum Điều 13.1.
"""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.actions import delegate, revoke
from accounts.choices import Role, Scope
from core import clock
from core.errors import Refusal
from documents.choices import AssignmentRole
from documents.models import DocumentAct, Waiting
from documents.querysets import page_of
from incoming import actions, rules, verifying
from incoming.actions import Line
from incoming.choices import State, Verb
from incoming.models import IncomingDocument
from incoming.presenting import VERBS, trail, verb_buttons
from notifications.models import Notification
from reports.desk import work_of
from tests import cast as play
from tests.cast import act_as, make_person
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance")]
LEAD = AssignmentRole.LEAD


@pytest.fixture
def office(cast):
    """The cast and a deputy chief."""
    cast.deputy_chief = make_person(
        cast.office, Role.DEPUTY_HEAD, "deputy_chief", "Lê Thị Hoa", "Phó Chánh Văn phòng"
    )
    return cast


def away(office, who: str, to: str, days: int = 3, scope: str = Scope.ALL):
    today = clock.today()
    return delegate(
        act_as(getattr(office, who)),
        getattr(office, to),
        start_date=today,
        end_date=today + timedelta(days=days),
        scope=scope,
    )


def last(document) -> DocumentAct:
    return DocumentAct.objects.filter(target_id=document.pk).last()


# --- The matrix: role × absence × verb.


def document_at(step: str, office, pdf) -> IncomingDocument:
    """A document at a step that somebody's absence would stop."""
    if step == "registered":
        return play.registered(office.clerk, pdf)
    if step == "proposed":
        submitted = play.submitted(office, pdf)
        return actions.propose(act_as(office.chief), submitted, office.chair, text="Đề xuất.")
    return getattr(play, step)(office, pdf)


# What whoever holds work may do; a later day only where there is a day.
HOLDING = {Verb.PROGRESS, Verb.SEND_BACK, Verb.ASK_OPINION}
HEADING = HOLDING | {Verb.ASSIGN, Verb.REQUEST_EXTENSION}
# Who is away, who stands in, what he may then do at which step that he might not before.
MATRIX = [
    ("clerk", "adviser", "registered", {Verb.SUBMIT, Verb.CORRECT}),
    (
        "chief",
        "deputy_chief",
        "submitted",
        {Verb.PROPOSE, Verb.DISTRIBUTE, Verb.FINISH, Verb.SEND_BACK, Verb.ASK_OPINION},
    ),
    ("chief", "deputy_chief", "finished", {Verb.REOPEN}),
    ("chair", "vice", "proposed", {Verb.DIRECT, Verb.SEND_BACK, Verb.ASK_OPINION}),
    ("head", "deputy", "distributed", HEADING | {Verb.FINISH}),
    ("head", "deputy", "assigned", HEADING | {Verb.URGE, Verb.TAKE_BACK}),
    # He has the day of his unit, and may ask for more.
    ("specialist", "colleague", "assigned", {Verb.FINISH, Verb.REQUEST_EXTENSION} | HOLDING),
]
DECISIONS = {Verb.PROPOSE, Verb.DIRECT, Verb.REOPEN}
# What everybody who sees a document may do anyway.
ANYBODY = {Verb.COMMENT, Verb.SHARE}


def allowed(user, document) -> set[Verb]:
    actor = act_as(user)
    seen = IncomingDocument.objects.visible_to(actor).filter(pk=document.pk).first()
    if seen is None:
        return set()
    return {verb for verb, rule in VERBS if rule(actor, seen) is None}


@pytest.mark.parametrize(("who", "to", "step", "verbs"), MATRIX)
@pytest.mark.parametrize("scope", [Scope.ALL, Scope.ROUTINE])
def test_the_matrix(office, pdf, at, who, to, step, verbs, scope):
    """Bắc Giang Điều 5.3d, Kon Tum Điều 13.1: role × absence × verb."""
    document = document_at(step, office, pdf)
    other = getattr(office, to)
    before = allowed(other, document)
    assert not before & verbs
    own = allowed(getattr(office, who), document)
    made = away(office, who, to, scope=scope)
    gained = verbs if scope == Scope.ALL else verbs - DECISIONS
    assert allowed(other, document) - before - ANYBODY == gained
    # Whoever is away may come in and do it himself.
    assert allowed(getattr(office, who), document) == own
    at(clock.now() + timedelta(days=4))
    assert allowed(other, document) == before
    revoke(act_as(getattr(office, who)), made)


# --- Each verb done for somebody else.


def test_the_deputy_chief_distributes_for_the_chief(office, pdf):
    """Kon Tum Điều 13.1: submissions go to the deputy chief when delegated."""
    document = play.submitted(office, pdf)
    deputy = office.deputy_chief
    with pytest.raises(IncomingDocument.DoesNotExist):
        actions.distribute(act_as(deputy), document, [Line(LEAD, office.planning)])
    away(office, "chief", "deputy_chief")
    actor = act_as(deputy)
    actions.distribute(actor, document, [Line(LEAD, office.planning)])
    act = last(document)
    assert (act.actor, act.title) == (deputy, "Phó Chánh Văn phòng, Văn phòng HĐND-UBND")
    assert act.on_behalf_of == office.chief.appointments.get()
    assert act.detail["delegation"]
    [line, *_] = trail([act])
    assert line.on_behalf == "thay Chánh Văn phòng Phạm Minh Tuấn, theo ủy quyền"
    assert list(verifying.findings()) == []


def test_the_deputy_assigns_and_ends_for_the_head(office, pdf):
    """Bắc Giang Điều 5.3d."""
    document = play.distributed(office, pdf)
    away(office, "head", "deputy")
    deputy = act_as(office.deputy)
    actions.assign(deputy, document, [Line(LEAD, office.planning, office.specialist)])
    actions.finish(act_as(office.specialist), document, text="Đã khảo sát.")
    done = actions.finish(act_as(office.deputy), document, text="Đã xong.")
    assert done.state == State.FINISHED
    assert last(document).on_behalf_of == office.head.appointments.get()
    # The head hears of it, though he is away.
    assert Notification.objects.filter(user=office.head, kind=Verb.FINISH).exists()
    assert list(verifying.findings()) == []


def test_what_is_his_own_comes_first(office, pdf):
    """His own work stays his own, also while he stands in for the head."""
    document = play.distributed(office, pdf)
    actions.assign(act_as(office.head), document, [Line(LEAD, office.planning, office.deputy)])
    away(office, "head", "deputy")
    actions.finish(act_as(office.deputy), document, text="Phần của tôi.")
    assert last(document).on_behalf_of is None
    ended = actions.finish(act_as(office.deputy), document, text="Phần của phòng.")
    assert ended.state == State.FINISHED
    assert last(document).on_behalf_of == office.head.appointments.get()


def test_who_stands_in_for_the_office_ends_his_part_and_the_document(office, pdf):
    """Kon Tum Điều 13.7c: in one step, his own as himself, what nobody leads for the chief."""
    lines = [
        Line(LEAD, office.planning),
        Line(AssignmentRole.COORDINATE, office.office, office.deputy_chief),
    ]
    document = actions.distribute(act_as(office.chief), play.submitted(office, pdf), lines)
    document = actions.send_back(act_as(office.head), document, text="Không phải làm.")
    away(office, "chief", "deputy_chief")
    document = actions.finish(act_as(office.deputy_chief), document, text="Để biết.")
    assert document.state == State.FINISHED
    assert document.assignments.get(person=office.deputy_chief).state == "done"
    acts = DocumentAct.objects.filter(target_id=document.pk, verb=Verb.FINISH).order_by("ordinal")
    assert [one.on_behalf_of for one in acts] == [None, office.chief.appointments.get()]
    assert list(verifying.findings()) == []


def test_a_vice_chair_directs_what_was_put_before_the_chair(office, pdf, client):
    document = document_at("proposed", office, pdf)
    client.force_login(office.vice)
    page = reverse("incoming:detail", args=["kontum", document.pk])
    assert "Cho ý kiến chỉ đạo" not in client.get(page).content.decode()
    with pytest.raises(Refusal, match="lãnh đạo khác"):
        actions.direct(act_as(office.vice), document, text="Đồng ý.")
    away(office, "chair", "vice")
    answer = client.post(
        reverse("incoming:verb", args=["kontum", document.pk, "direct"]), {"text": "Đồng ý."}
    )
    assert answer.status_code == 302
    act = last(document)
    assert (act.verb, act.actor, act.on_behalf_of.user) == ("direct", office.vice, office.chair)
    shown = client.get(page + "?full=1").content.decode()
    assert "thay Chủ tịch Nguyễn Đức Thành, theo ủy quyền" in shown


def test_a_clerk_away_is_stood_in_for_at_the_tray(office, pdf, client):
    """Kon Tum Điều 13.1: the office never stands still for want of its clerk."""
    play.received(office.clerk, pdf)
    client.force_login(office.adviser)
    tray = reverse("incoming:tray", args=["kontum"])
    assert client.get(tray).status_code == 404
    away(office, "clerk", "adviser")
    assert client.get(tray).status_code == 200
    document = play.registered(office.adviser, pdf, code_number="77")
    assert last(document).on_behalf_of.user == office.clerk


# --- The desk and the lists.


def test_both_desks_show_the_work_and_say_whose_it_is(office, pdf):
    play.distributed(office, pdf)
    away(office, "head", "deputy")
    own, standing = work_of(act_as(office.head)), work_of(act_as(office.deputy))
    assert [item.on_behalf for group in own.groups for item in group.items] == [""]
    assert [item.on_behalf for group in standing.groups for item in group.items] == [
        "Nguyễn Quốc Bảo"
    ]


def test_the_desk_and_the_buttons_say_for_whom(office, pdf, client):
    document = play.distributed(office, pdf)
    away(office, "head", "deputy")
    client.force_login(office.deputy)
    shown = client.get("/kontum/").content.decode()
    assert "Đang làm thay <strong>Nguyễn Quốc Bảo</strong>" in shown
    client.force_login(office.head)
    assert (
        "<strong>Đinh Thị Vân</strong> đang làm thay tôi" in client.get("/kontum/").content.decode()
    )
    buttons = {one.verb: one.on_behalf for one in verb_buttons(act_as(office.deputy), document)}
    assert buttons[Verb.ASSIGN] == "Nguyễn Quốc Bảo"
    assert buttons[Verb.COMMENT] == ""


def test_what_waits_in_person_is_handed_over_and_nothing_more(office, pdf):
    """The head's personal documents that wait for nothing stay his."""
    told = play.distributed(office, pdf, code_number="8")
    actions.share(act_as(office.chief), told, [Line("inform", office.finance, office.accountant)])
    waits = play.submitted(office, pdf, code_number="9")
    waits = actions.distribute(
        act_as(office.chief), waits, [Line(LEAD, office.finance, office.accountant)]
    )
    away(office, "accountant", "finance_head")
    away(office, "specialist", "colleague")
    actor = act_as(office.colleague)
    assert not IncomingDocument.objects.visible_to(actor).exists()
    delegate(
        act_as(office.adviser), office.colleague, start_date=clock.today(), end_date=clock.today()
    )
    assert not IncomingDocument.objects.visible_to(act_as(office.colleague)).exists()
    # The finance head sees by his own post what came to the unit, by delegation what waits.
    actor = act_as(office.finance_head)
    seen = set(IncomingDocument.objects.visible_to(actor).values_list("pk", flat=True))
    assert seen == {told.pk, waits.pk}
    page = page_of(IncomingDocument.objects.all(), actor, "incoming")
    assert {row.pk for row in page.rows} == seen
    # What the accountant is only to read, he reads himself.
    verbs = set(Waiting.objects.waiting_for(actor).values_list("verb", flat=True))
    assert "read" not in verbs


def test_opening_for_somebody_else_reads_nothing_away(office, pdf, client):
    """What was sent for information still waits for its reader."""
    document = play.distributed(office, pdf)
    actions.share(act_as(office.chief), document, [Line("inform", office.planning, office.head)])
    away(office, "head", "deputy")
    client.force_login(office.deputy)
    client.get(reverse("incoming:detail", args=["kontum", document.pk]))
    assert Waiting.objects.filter(document_id=document.pk, verb="read", user=office.head).exists()


def test_after_it_he_sees_what_he_has_acted_on_and_no_other(office, pdf, at):
    acted = play.distributed(office, pdf, code_number="10")
    other = play.distributed(office, pdf, code_number="11")
    away(office, "head", "deputy")
    actions.progress(act_as(office.deputy), acted, percent=10, text="Bắt đầu.")
    at(clock.now() + timedelta(days=5))
    seen = IncomingDocument.objects.visible_to(act_as(office.deputy))
    assert list(seen.values_list("pk", flat=True)) == [acted.pk]
    assert other.pk not in seen.values_list("pk", flat=True)


def test_the_switch_of_posts_and_a_delegation_at_once(office, pdf, client):
    """Several posts of one person: he acts as the current one, the delegation goes with him."""
    from accounts.models import Appointment  # noqa: PLC0415 -- only here

    second = Appointment.objects.create(
        user=office.deputy,
        unit=office.finance,
        role=Role.SPECIALIST,
        title="Chuyên viên biệt phái",
        start_date=date(2024, 1, 1),
    )
    document = play.distributed(office, pdf)
    away(office, "head", "deputy")
    client.force_login(office.deputy)
    client.post(reverse("accounts:switch"), {"appointment": second.pk})
    client.post(
        reverse("incoming:verb", args=["kontum", document.pk, "progress"]),
        {"percent": "50", "text": "Đang làm."},
    )
    act = last(document)
    assert act.appointment == second
    assert act.on_behalf_of == office.head.appointments.get()


def test_every_rule_is_asked_for_the_delegate_too(office):
    """A rule that is not wrapped would silently forget delegations."""
    from accounts.actor import Rule  # noqa: PLC0415 -- only here

    found = [value for name, value in vars(rules).items() if name.startswith("may_")]
    assert len(found) >= 13
    assert all(isinstance(one, Rule) for one in found)
    assert {one.__name__ for one in found if one.decides} == {
        "may_propose",
        "may_direct",
        "may_reopen",
        "may_decide_extension",
        "may_purge",
    }
