"""Dossiers of the demo: in each office one closed, one in work, and a task; played by verbs."""

from accounts.actor import Actor
from accounts.choices import Role
from accounts.models import Appointment, User
from core import clock
from documents.calendar import office_calendar
from documents.choices import AssignmentRole
from dossiers import actions, checks, rules
from dossiers.actions import Fields, Line, cataloguing, issuing
from dossiers.actions.cataloguing import LineEntry
from dossiers.models import Catalogue, Dossier
from dossiers.tree import next_notation, unit_words
from edocman.demo.stories import Office
from incoming.choices import State
from incoming.filed import works_on
from incoming.models import IncomingDocument

_PERIODS = ("20 năm", "10 năm", "Vĩnh viễn")
_TASK = "Rà soát hồ sơ lưu của đơn vị, chuẩn bị nộp lưu"


def play(office: Office) -> None:
    """Two dossiers from what was worked on, and one task."""
    number = 0
    for state in (State.FINISHED, State.IN_PROCESS):
        found = _worked_on(office, state)
        if found is None:
            continue
        document, worker = found
        number += 1
        dossier = _open(office, document, worker, number)
        actions.add_note(worker, dossier, text="Đã trao đổi qua điện thoại với cơ quan gửi.")
        if state == State.FINISHED:
            _close(office, dossier, worker)
        else:
            _work_on(office, dossier, worker)
    if IncomingDocument.objects.filter(agency=office.agency).exists():
        _give_task(office)


def _worked_on(office: Office, state: State) -> tuple[IncomingDocument, Actor] | None:
    """The newest document of that state on which somebody works who may open its dossier."""
    rows = IncomingDocument.objects.filter(agency=office.agency, state=state)
    for document in rows.order_by("-day", "-number")[:40]:
        leads = [one for one in document.all_assignments if one.role == AssignmentRole.LEAD]
        for one in reversed(leads):
            user = one.person or next(iter(_heads(one.unit_id)), None)
            actor = office.actor(user) if user else None
            if actor is None or not works_on(actor, document):
                continue
            return document, actor
    return None


def _heads(unit: int) -> list[User]:
    held = Appointment.objects.in_force(clock.today()).filter(unit=unit)
    return [
        one.user for one in held.select_related("user", "unit") if one.role == one.unit.head_role
    ]


def _open(office: Office, document: IncomingDocument, worker: Actor, number: int) -> Dossier:
    maintenance = _PERIODS[number % len(_PERIODS)]
    fields = Fields(
        title=document.subject,
        file_notation=_notation(office, document, worker, maintenance) or f"{number:02d}.TH",
        maintenance=maintenance,
        creator=worker.user.full_name[:30],
        start_date=document.day,
        due_date=document.due_date,
    )
    # Where only the office opens dossiers, the chair gives it to whoever works (Bắc Giang 6.1).
    opener = worker
    if rules.may_open_from(worker, document) is not None:
        opener = office.actor(office.held(Role.LEADER)[0])
    return actions.open(opener, fields, keeper=worker.appointment, source=document)


def _notation(office: Office, document: IncomingDocument, worker: Actor, maintenance: str) -> str:
    """The number under which the work is added to the issued catalogue (Cần Thơ Điều 13.1)."""
    issued = Catalogue.objects.issued().filter(agency=office.agency, year=document.day.year)
    catalogue = issued.first()
    if catalogue is None:
        return ""
    lines = list(catalogue.lines.all())
    own = [one.heading for one in lines if one.unit_id == worker.unit.pk and one.heading]
    heading = own[0] if own else lines[0].heading
    group = lines[0] if not own else next(one for one in lines if one.heading == heading)
    entry = LineEntry(
        next_notation(lines, group.file_notation.partition(".")[2]),
        document.subject,
        maintenance,
        unit_words(worker.unit),
        heading,
        unit=worker.unit,
    )
    line = cataloguing.propose_line(worker, catalogue, entry)
    leader = office.actor(office.held(Role.LEADER)[0])
    return issuing.approve_line(leader, line, version=line.version).file_notation


def _close(office: Office, dossier: Dossier, worker: Actor) -> None:
    done = actions.complete(worker, dossier, text="Đã giải quyết xong, không ban hành văn bản.")
    closer = worker
    if rules.may_close(worker, done) is not None:
        closer = office.actor(dossier.opened_by.user)
    actions.close(
        closer,
        done,
        end_date=clock.today(),
        description="Đủ văn bản theo mục lục.",
        overruled={one.code: "Đã kiểm tra." for one in checks.findings(closer, done)},
    )


def _work_on(office: Office, dossier: Dossier, worker: Actor) -> None:
    """A leader gives it out; the lead finds another unit to help, and asks what it thinks."""
    others = [
        (unit, office.actor(head))
        for code, unit in office.units.items()
        if unit.pk != worker.unit.pk
        and not unit.is_office
        and (head := office.head(code))
        and head.pk != worker.user.pk
    ]
    leaders = office.held(Role.LEADER)
    others = [one for one in others if one[1].user not in leaders]
    if not others:
        return
    due = office_calendar().add_working_days(clock.today(), 5)
    lead = Line(AssignmentRole.LEAD, worker.unit, worker.user, "Tham mưu phương án.", due)
    dossier = actions.give_out(office.actor(leaders[0]), dossier, [lead])
    unit, helper = others[0]
    asked = [Line(AssignmentRole.COORDINATE, unit, None, "Cho số liệu của đơn vị.", due)]
    dossier = actions.propose_coordinators(worker, dossier, asked, text="Cần số liệu để tham mưu.")
    dossier = actions.answer_proposal(helper, dossier, dossier.open_proposals[0], agree=True)
    unit, helper = others[-1]
    asked = [Line(AssignmentRole.COORDINATE, unit)]
    dossier = actions.ask_opinion(worker, dossier, asked, text="Phương án này có vướng gì không?")
    actions.give_opinion(helper, dossier, stance="agree", text="Nhất trí, không có ý kiến khác.")


def _give_task(office: Office) -> None:
    """A head gives his first specialist work that no document asks for."""
    for user in office.held(Role.UNIT_HEAD):
        head = office.actor(user)
        people = Appointment.objects.in_force(clock.today()).filter(
            unit=head.unit, role=Role.SPECIALIST
        )
        first = people.select_related("user", "unit").order_by("pk").first()
        if first is not None and rules.may_open_task(head) is None:
            actions.open_task(
                head, Fields(title=_TASK), keeper=first, text="Báo cáo tôi trong tuần."
            )
            return
