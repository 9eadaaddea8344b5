"""What waits for whom: the desk's order, its limits in days, and the proof of grants and waits."""

import json
from datetime import date, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from guardian.models import GroupObjectPermission, UserObjectPermission

from accounts.actions import head_post, post_for
from accounts.choices import Role
from core import clock
from documents.actions import mark_seen
from documents.choices import AssignmentRole
from documents.models import GroupGrant, UserGrant, Waiting
from incoming import actions
from incoming.actions import Line
from incoming.models import IncomingDocument
from tests import cast as play
from tests.cast import act_as
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance")]
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def verify(*options: str) -> tuple[int, dict]:
    """The exit code of `verify_grants --json` and what it says."""
    out, code = StringIO(), 0
    try:
        call_command("verify_grants", "--json", *options, stdout=out)
    except SystemExit as end:
        code = end.code
    return code, json.loads(out.getvalue())


def due_of(document) -> dict[str, date | None]:
    return dict(Waiting.objects.filter(document=document.pk).values_list("verb", "due_date"))


@pytest.mark.parametrize(
    ("arrived", "priority", "days"),
    [
        ((2026, 3, 2, 9), 0, {"register": date(2026, 3, 3), "submit": date(2026, 3, 3)}),
        # On Friday evening: Monday, and not Saturday.
        ((2026, 3, 6, 18), 0, {"register": date(2026, 3, 9), "submit": date(2026, 3, 9)}),
        # Before the public holidays of the end of April.
        ((2026, 4, 29, 9), 0, {"register": date(2026, 5, 4), "submit": date(2026, 5, 4)}),
        # Urgent: submitted the same day. In the tray nobody knows yet that it is.
        ((2026, 3, 2, 9), 3, {"register": date(2026, 3, 3), "submit": date(2026, 3, 2)}),
    ],
)
def test_the_clerks_own_limits(cast, pdf, at, arrived, priority, days):
    """NĐ 30/2020 Điều 4.2c, 23.1: on the day or the working day after, urgent ones at once."""
    at(datetime(*arrived, tzinfo=HANOI))
    document = play.received(cast.clerk, pdf)
    found = due_of(document)
    document = actions.register(act_as(cast.clerk), document, play.entry(priority=priority))
    assert found | due_of(document) == days


def test_urgent_first(cast, pdf, at):
    """Kon Tum Điều 11.6b: urgent ones without a day at once, then by day, urgency and age."""
    moment = datetime(2026, 3, 2, 8, tzinfo=HANOI)
    wanted = [("late", 9, 0), ("flash", 9, 3), ("early", 5, 0), ("never", None, 1), ("old", 9, 0)]
    for minute, (name, day, priority) in enumerate(wanted):
        at(moment + timedelta(minutes=minute))
        due = date(2026, 3, day) if day else None
        play.submitted(cast, pdf, subject=name, due_date=due, priority=priority)
    rows = Waiting.objects.waiting_for(act_as(cast.chief)).urgent_first()
    names = [row.document.subject for row in rows.select_related("document")]
    assert names == ["never", "early", "flash", "late", "old"]


def test_what_waits_is_seen_by_the_holder_of_the_post_only(cast, pdf):
    """Kon Tum Điều 11.6."""
    play.distributed(cast, pdf)
    play.registered(cast.ward_clerk, pdf)
    for name, verbs in {
        "head": ["assign"],
        "finance_head": ["assign"],
        "ward_clerk": ["submit"],
        "deputy": [],
        "specialist": [],
        "chief": [],
        "clerk": [],
        "chair": [],
        "stranger": [],
    }.items():
        rows = Waiting.objects.waiting_for(act_as(getattr(cast, name)))
        assert list(rows.values_list("verb", flat=True)) == verbs, name


def test_to_be_read_is_not_counted_as_work(cast, pdf):
    """Kon Tum Điều 13.7c."""
    line = Line(AssignmentRole.INFORM, cast.office, cast.adviser)
    actions.share(act_as(cast.clerk), play.registered(cast.clerk, pdf), [line])
    rows = Waiting.objects.waiting_for(act_as(cast.adviser))
    assert (rows.due().count(), rows.unread().count()) == (0, 1)


def test_opening_is_noted_once_and_only_for_whom_it_waits(cast, pdf, at):
    """Kon Tum Điều 11.6."""
    document = play.distributed(cast, pdf)
    first = datetime(2026, 3, 2, 9, tzinfo=HANOI)
    for minutes, person in enumerate((cast.clerk, cast.head, cast.head)):
        at(first + timedelta(minutes=minutes))
        mark_seen(document, act_as(person))
    mine = Waiting.objects.get(group=head_post(cast.planning).group)
    other = Waiting.objects.get(group=head_post(cast.finance).group)
    assert (mine.seen_at, other.seen_at) == (first + timedelta(minutes=1), None)


def test_a_row_that_stays_keeps_its_age(cast, pdf, at):
    """Kon Tum Điều 11.6b: who has waited longest stays first, whatever others do."""
    document = play.distributed(cast, pdf)
    group = head_post(cast.finance).group
    row = Waiting.objects.get(group=group)
    at(clock.now() + timedelta(hours=3))
    actions.assign(
        act_as(cast.head), document, [Line(AssignmentRole.LEAD, cast.planning, cast.specialist)]
    )
    again = Waiting.objects.get(group=group)
    assert (again.pk, again.since) == (row.pk, row.since)


def test_urgency_that_is_corrected_reaches_the_desk(cast, pdf):
    """NĐ 30/2020 Điều 4.2c; Kon Tum Điều 11.6b."""
    document = play.submitted(cast, pdf)
    actions.correct(act_as(cast.clerk), document, play.entry(priority=3), reason="Hỏa tốc")
    assert Waiting.objects.get(document=document).priority == 3


def everywhere(cast, pdf) -> list[IncomingDocument]:
    """Documents at every place and by every way: verify_grants must know them all."""
    # The post of a head begins with the first document for it, so the actor comes after that.
    play.distributed(cast, pdf)
    clerk, chief, head = act_as(cast.clerk), act_as(cast.chief), act_as(cast.head)
    inform = [Line(AssignmentRole.INFORM, cast.office, cast.adviser)]
    documents = [
        play.received(cast.clerk, pdf),
        actions.refuse(clerk, play.received(cast.clerk, pdf), reason="not_ours"),
        play.registered(cast.clerk, pdf),
        actions.propose(chief, play.submitted(cast, pdf), cast.vice, text="Trình"),
        actions.send_back(chief, play.submitted(cast, pdf), text="Sai"),
        actions.send_back(head, play.distributed(cast, pdf), text="Nhầm"),
        actions.send_back(act_as(cast.specialist), play.assigned(cast, pdf), text="Nghỉ"),
        actions.send_back(head, play.assigned(cast, pdf), text="Nhầm"),
        actions.reopen(chief, play.finished(cast, pdf), text="Còn việc"),
        actions.share(head, play.finished(cast, pdf), inform),
        play.registered(cast.ward_clerk, pdf),
    ]
    directed = actions.propose(chief, play.submitted(cast, pdf), cast.chair, text="Trình")
    documents.append(actions.direct(act_as(cast.chair), directed, text="Đồng ý"))
    shared = actions.share(head, play.distributed(cast, pdf), inform)
    actions.read(act_as(cast.adviser), shared)
    yesterday = clock.today() - timedelta(days=1)
    typed = play.entry(arrival_date=yesterday, due_date=shared.due_date)
    documents.append(actions.correct(clerk, shared, typed, reason="Nhầm ngày"))
    both = play.registered(cast.clerk, pdf)
    documents.append(actions.comment(act_as(cast.archivist), both, text="Lưu"))
    return documents


def test_grants_and_waits_are_what_the_trail_says_after_every_verb(cast, pdf):
    """Kon Tum Điều 13: the whole way, back and forth."""
    everywhere(cast, pdf)
    code, said = verify()
    assert (code, said["findings"], said["sound"]) == (0, [], True)
    assert said["grants"] == UserGrant.objects.count() + GroupGrant.objects.count() > 0
    assert said["waiting"] == Waiting.objects.count() > 0
    # Of guardian's own tables nothing is used.
    assert not UserObjectPermission.objects.exists()
    assert not GroupObjectPermission.objects.exists()


def spoil_user_grant(document, cast) -> str:
    UserGrant.objects.filter(content_object=document, user=cast.specialist).delete()
    return f"users: missing [{cast.specialist.pk}], too many []"


def spoil_group_grant(document, cast) -> str:
    group = head_post(cast.finance).group_id
    GroupGrant.objects.filter(content_object=document, group=group).delete()
    return f"groups: missing [{group}], too many []"


def spoil_too_many_users(document, cast) -> str:
    row = UserGrant.objects.filter(content_object=document).first()
    row.pk, row.user = None, cast.colleague
    row.save(force_insert=True)
    return f"users: missing [], too many [{cast.colleague.pk}]"


def spoil_too_many_groups(document, cast) -> str:
    row = GroupGrant.objects.filter(content_object=document).first()
    row.pk, row.group = None, post_for(cast.office, Role.SPECIALIST).group
    row.save(force_insert=True)
    return f"groups: missing [], too many [{row.group_id}]"


def spoil_sort_key(document, cast) -> str:
    UserGrant.objects.filter(content_object=document).update(number=99)
    return "a grant has another sort key"


def spoil_waiting(document, cast) -> str:
    Waiting.objects.filter(document=document, user=cast.specialist).delete()
    return "waiting: missing ["


def spoil_waiting_too_many(document, cast) -> str:
    row = Waiting.objects.filter(document=document).first()
    row.pk, row.user, row.group = None, cast.colleague, None
    row.save(force_insert=True)
    return "waiting: missing [], too many ["


def spoil_waiting_day(document, cast) -> str:
    Waiting.objects.filter(document=document).update(due_date=date(2001, 1, 1))
    return "waiting: missing ["


SPOILS = (
    spoil_user_grant,
    spoil_group_grant,
    spoil_too_many_users,
    spoil_too_many_groups,
    spoil_sort_key,
    spoil_waiting,
    spoil_waiting_too_many,
    spoil_waiting_day,
)


@pytest.mark.parametrize("spoil", SPOILS)
def test_wrong_rows_are_named_and_mended(cast, pdf, spoil):
    """Kon Tum Điều 13.2: who may see and who is asked follows from the trail alone."""
    document, other = play.assigned(cast, pdf), play.assigned(cast, pdf)
    before = state_of_rows(document), state_of_rows(other)
    sentence = spoil(document, cast)
    code, said = verify()
    assert (code, said["sound"]) == (1, False)
    assert len(said["findings"]) == 1
    assert said["findings"][0].startswith(f"document {document.pk}")
    assert sentence in said["findings"][0]
    assert verify("--rebuild")[0] == 1  # it tells what it found
    assert verify() == (0, {**verify()[1], "findings": [], "sound": True})
    assert (state_of_rows(document), state_of_rows(other)) == before


def state_of_rows(document):
    key = ("kind", "day", "number")
    return (
        set(UserGrant.objects.filter(content_object=document).values_list("user", *key)),
        set(GroupGrant.objects.filter(content_object=document).values_list("group", *key)),
        set(Waiting.objects.filter(document=document).values_list("verb", "user", "group")),
    )


def test_rows_in_guardians_own_tables_are_named(cast, pdf):
    """What somebody granted past our tables would be seen by nobody; it is named all the same."""
    document = play.registered(cast.clerk, pdf)
    UserObjectPermission.objects.assign_perm("view_document", cast.deputy, document.document_ptr)
    code, said = verify()
    assert (code, len(said["findings"])) == (1, 1)
    assert "UserObjectPermission" in said["findings"][0]
    assert not IncomingDocument.objects.visible_to(act_as(cast.deputy)).exists()


def test_a_post_without_a_holder_is_named_and_breaks_nothing(cast, pdf):
    """Kon Tum Điều 13.1: the only clerk has gone; what waits for one is found."""
    document = play.received(cast.clerk, pdf)
    play.distributed(cast, pdf)
    cast.clerk.appointments.update(end_date=clock.today() - timedelta(days=1))
    for options in ((), ("--rebuild",)):
        code, said = verify(*options)
        assert (code, len(said["findings"])) == (1, 1)
        assert said["findings"][0].startswith(f"document {document.pk}, waiting: ")
        assert "văn thư" in said["findings"][0]


def test_without_json_it_speaks_in_lines(cast, pdf):
    out = StringIO()
    play.registered(cast.clerk, pdf)
    call_command("verify_grants", stdout=out)
    assert out.getvalue() == "SOUND (grants: 0, waiting: 1)\n"
    Waiting.objects.all().delete()
    out = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("verify_grants", stdout=out)
    assert end.value.code == 1
    assert out.getvalue().endswith("1 FOUND (grants: 0, waiting: 0)\n")
