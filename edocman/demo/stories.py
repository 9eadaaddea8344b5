"""Plays what happens to one letter, verb by verb; each step waits until its moment has come."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from accounts.actor import Actor, actor_for
from accounts.choices import Role
from accounts.models import Agency, Appointment, Unit, User
from core import clock
from documents import deciding
from documents.actions import mark_seen
from documents.choices import AssignmentRole, Stance
from documents.uploads import QuarantinedUpload
from documents.workdays import WorkCalendar
from edocman.demo import hours
from edocman.demo.letters import Arrival
from edocman.demo.plans import Plan
from incoming import actions
from incoming.actions import Annex, Entry, Line
from incoming.choices import TYPED_CHANNELS, Channel
from incoming.models import IncomingDocument
from notifications.actions import mark_read

LEAD, COORDINATE, INFORM = AssignmentRole.LEAD, AssignmentRole.COORDINATE, AssignmentRole.INFORM
Step = Callable[..., IncomingDocument]

# Which leader looks after which department: 1 economy, 2 culture and society, 3 town planning.
_FIELDS = {"tckh": 1, "kt": 1, "gddt": 2, "yt": 2, "vhtt": 2, "ldtbxh": 2, "qldt": 3, "tnmt": 3}
_DIRECTIONS = ("Đồng ý đề xuất của Văn phòng.", "Đồng ý. Báo cáo kết quả trước thời hạn.")
_HELP_ASKED = "Phối hợp, gửi ý kiến bằng văn bản cho đơn vị chủ trì."
_TASKS = (
    "Nghiên cứu, tham mưu văn bản trả lời.",
    "Chủ trì tham mưu, dự thảo văn bản trình.",
    "Kiểm tra, tổng hợp số liệu, báo cáo tôi trước một ngày.",
)
_MISTAKEN = "Chuyển nhầm đơn vị."
_TWO_DAYS = 900


@dataclass(frozen=True)
class Stage:
    """The time of the play: the day on which it is watched, and the moment at which it stops."""

    today: date
    end: datetime
    calendar: WorkCalendar


@dataclass(frozen=True)
class Office:
    """An agency's people by unit and role, as the stories ask for them."""

    agency: Agency
    units: dict[str, Unit]
    people: dict[tuple[str, str], list[User]]

    def held(self, role: str) -> list[User]:
        """All who hold a role, in the order of the offices."""
        return [user for key, users in self.people.items() if key[1] == role for user in users]

    def actor(self, user: User) -> Actor:
        """That person today."""
        actor = actor_for(user, self.agency)
        if actor is None:
            raise LookupError(f"{user.username} holds nothing in {self.agency.slug}.")
        return actor

    @property
    def clerk(self) -> User:
        """Who registers."""
        return self.held(Role.CLERK)[0]

    @property
    def distributor(self) -> User:
        """Who sends documents on, by the agency's own regulation (Kon Tum Điều 13.2, 16.1b ...)."""
        agency = self.agency
        return self.held(agency.regulation.distribution(member=agency.is_member).value)[0]

    def head(self, code: str) -> User | None:
        """Who answers for a unit."""
        held = self.people.get((code, self.units[code].head_role))
        return held[0] if held else None

    def specialists(self, code: str) -> list[User]:
        """Those of a unit who have signed in once."""
        return [
            user
            for user in self.people.get((code, Role.SPECIALIST), [])
            if not user.must_change_password
        ]


def office(agency: Agency, codes: dict[str, str]) -> Office:
    """Reads an agency; ``codes`` gives the demo's code of each unit by its name."""
    units = {codes[unit.name]: unit for unit in agency.units.all()}
    people: dict[tuple[str, str], list[User]] = {}
    held = Appointment.objects.filter(unit__agency=agency).select_related("user", "unit")
    for one in held.order_by("pk"):
        people.setdefault((codes[one.unit.name], one.role), []).append(one.user)
    return Office(agency, units, people)


class Story:
    """One letter and the people who handle it. ``steps`` answers when the next step is due."""

    def __init__(self, office: Office, arrival: Arrival, plan: Plan, stage: Stage) -> None:
        self.office = office
        self.arrival = arrival
        self.plan = plan
        self.stage = stage
        self.dice = random.Random(arrival.file_name)  # noqa: S311 -- a play, no secret
        self.document = IncomingDocument()
        self.moment = self._arrives()

    def receive(self, upload: QuarantinedUpload) -> None:
        """The clerk takes the letter in, as a scan or from the mailbox."""
        channel = self.dice.choice([*dict(TYPED_CHANNELS), Channel.PAPER])
        clerk = self.office.actor(self.office.clerk)
        with clock.set_to(self.moment):
            self.document = actions.receive(clerk, [upload], channel=channel)

    def steps(self) -> Iterator[datetime]:
        """The moments of all that follows; whoever iterates sets the clock to each of them."""
        if self.plan.until == "tray":
            return
        yield self._after(self.dice.randint(15, 40))
        if self.plan.until == "refused":
            words = {"reason": self.plan.reason, "text": self.plan.returned}
            self._do(self.office.clerk, actions.refuse, **words)
            return
        yield from self._to_the_office()
        if self.plan.reaches("submitted"):
            yield from self._to_the_units()
        if self.plan.reaches("distributed"):
            yield from self._in_the_unit()

    # --- Clerk, chief and leaders.

    def _to_the_office(self) -> Iterator[datetime]:
        office, plan = self.office, self.plan
        entry = self._entry()
        if plan.correct:
            typed = replace(entry, subject=plan.typed)
            self._do(office.clerk, actions.register, typed, annex=self._annex())
            yield self._after(20)
            self._do(office.clerk, actions.correct, entry, reason=plan.correct)
        else:
            self._do(office.clerk, actions.register, entry, annex=self._annex())
        if not plan.reaches("registered"):
            return
        yield self._after(self.dice.randint(5, 20))
        self._do(office.clerk, actions.submit)
        if plan.until == "returned":
            yield self._after(self.dice.randint(20, 60))
            self._do(office.distributor, actions.send_back, text=plan.returned)
        if plan.until == "purged":
            yield self._after(self.dice.randint(20, 60))
            self._do(
                office.held(Role.LEADER)[0],
                actions.purge,
                reason=plan.reason,
                decision_number=plan.decision,
                decision_date=clock.today(),
            )

    def _to_the_units(self) -> Iterator[datetime]:
        office, plan, arrival = self.office, self.plan, self.arrival
        yield self._after(self.dice.randint(20, 120))
        if arrival.propose or plan.until in ("proposed", "directed"):
            leader = office.held(Role.LEADER)[
                _FIELDS.get(arrival.lead, 0) if plan.leader is None else plan.leader
            ]
            for words in filter(None, (plan.leader_back, "-")):
                self._do(
                    office.distributor,
                    actions.propose,
                    leader,
                    text=arrival.directive,
                    lines=self._lines(),
                )
                if plan.until == "proposed":
                    return
                yield self._after(self.dice.randint(45, 240))
                if words != "-":
                    self._do(leader, actions.send_back, text=words)
                    yield self._after(self.dice.randint(200, 600))
            said = plan.say or self.dice.choice(_DIRECTIONS)
            self._do(leader, actions.direct, text=said, lines=self._lines())
            if self.document.state == "in_process":
                return  # he gave it out himself (Bắc Giang Điều 6.1)
            if plan.until == "directed":
                return
            yield self._after(self.dice.randint(10, 60))
        if plan.until == "noted":
            yield from self._shares()
            self._do(office.distributor, actions.finish, text=plan.result)
            yield from self._readers()
            return
        if plan.recalled:
            wrong = Line(LEAD, office.units[plan.recalled])
            self._do(office.distributor, actions.distribute, [wrong])
            yield self._after(2)
            self._do(office.distributor, actions.recall, text=_MISTAKEN)
        self._do(office.distributor, actions.distribute, self._lines())
        if plan.back:
            yield self._part(0.3)
            self._do(self._lead(arrival.lead), actions.send_back, text=plan.back)
        if plan.again:
            yield self._part(0.2)
            self.arrival = replace(arrival, lead=plan.again, coordinate=())
            self._do(office.distributor, actions.distribute, self._lines(only_lead=True))
        yield from self._carries_paper()
        yield from self._readers()

    # --- The unit that leads, and those who help it.

    def _in_the_unit(self) -> Iterator[datetime]:
        plan = self.plan
        if plan.until in ("sent_back", "noted"):
            return
        head = self.office.head(self.arrival.lead)
        worker = self.office.specialists(self.arrival.lead)[0]
        if head is not None:
            yield self._part(0.3)
            self._do(head, actions.assign, self._task(worker))
            if plan.person_back:
                yield self._part(0.2)
                self._do(worker, actions.send_back, text=plan.person_back)
                yield self._part(0.2)
                worker = self.office.specialists(self.arrival.lead)[1]
                self._do(head, actions.assign, self._task(worker))
        if not plan.reaches("assigned"):
            return
        yield from self._shares()
        yield from self._helpers()
        for percent, words in plan.progress:
            yield self._part(0.5)
            self._do(worker, actions.progress, percent=percent, text=words)
        yield from self._asks(head or worker)
        if not plan.reaches("working"):
            return
        if head is not None:
            yield self._part(0.5)
            self._do(worker, actions.finish, text=plan.report)
        if plan.until == "reported":
            return
        yield self._part(0.5)
        self._do(head or worker, actions.finish, text=plan.result)
        if plan.until == "reopened":
            yield self._part(0.7)
            self._do(self.office.distributor, actions.reopen, text=plan.reopen)

    def _helpers(self) -> Iterator[datetime]:
        plan, arrival, office = self.plan, self.arrival, self.office
        if plan.later:
            yield self._part(0.3)
            lines = [Line(COORDINATE, office.units[code], None, _HELP_ASKED) for code in plan.later]
            self._do(office.distributor, actions.distribute, lines)
        if plan.comment:
            yield self._part(0.3)
            code = (*arrival.coordinate, arrival.lead)[0]
            self._do(self._lead(code), actions.comment, text=plan.comment)
        if plan.help:
            yield self._part(0.3)
            self._do(self._lead(arrival.coordinate[0]), actions.finish, text=plan.help)

    def _asks(self, holder: User) -> Iterator[datetime]:
        """Opinions, a later day, an urge: as far as the plan names them."""
        plan, office = self.plan, self.office
        if plan.ask:
            yield self._part(0.3)
            lines = [Line(COORDINATE, office.units[code]) for code in plan.ask]
            day = self.stage.calendar.add_working_days(self.stage.today, 3)
            self._do(holder, actions.ask_opinion, lines, text=plan.question, day=day)
        if plan.opinion:
            yield self._part(0.3)
            words = {"stance": Stance.OTHER, "text": plan.opinion}
            self._do(self._lead(plan.ask[0]), actions.give_opinion, **words)
        if plan.extend and plan.extend_in is not None:
            yield self._part(0.3)
            day = self.stage.calendar.add_working_days(self.stage.today, plan.extend_in)
            self._do(holder, actions.request_extension, day=day, text=plan.extend)
            if plan.extended:
                yield self._part(0.3)
                row = self.document.open_extensions[0]
                one = next(a for a in self.document.all_assignments if a.pk == row.assignment_id)
                user, post = deciding.decider_of(self.document, one)
                leader = user or office.held(post.role if post else Role.LEADER)[0]
                say = {"agree": True, "text": plan.extended}
                self._do(leader, actions.decide_extension, row, **say)
        if plan.urge:
            yield self._part(0.4)
            chief = office.actor(office.distributor)
            rows = deciding.urgeable(chief, self.document)[:1]
            self._do(office.distributor, actions.urge, rows, level=plan.urge_level, text=plan.urge)

    def _shares(self) -> Iterator[datetime]:
        if self.plan.share:
            units = [self.office.units[code] for code in self.plan.share]
            lines = [Line(INFORM, unit) for unit in units]
            self._do(self.office.distributor, actions.share, lines)
            yield self._after(15)

    def _readers(self) -> Iterator[datetime]:
        told = self.plan.share if self.plan.until == "noted" else self.arrival.inform
        for code in told[: self.plan.read]:
            yield self._after(self.dice.randint(5, 60))
            reader = self.office.actor(self._lead(code))
            self._open(reader)
            actions.read(reader, self.document)

    # --- What stays on paper.

    def _annex(self) -> Annex | None:
        return Annex(self.plan.annex, self.plan.annex_name) if self.plan.annex else None

    def _carries_paper(self) -> Iterator[datetime]:
        """The clerk brings the paper to whoever leads, who signs for it (Kon Tum Điều 13.3)."""
        if not self.plan.paper:
            return
        yield self._after(self.dice.randint(20, 60))
        lead, unit = self._lead(self.arrival.lead), self.office.units[self.arrival.lead]
        clerk = self.office.actor(self.office.clerk)
        paper = self.document.papers.first() or actions.keep_paper(clerk, self.document)
        sheets = (self.plan.annex + 1) // 2 or 2
        paper = actions.hand_over(clerk, paper, unit, lead, sheets=sheets)
        if self.plan.paper == "held":
            yield self._after(self.dice.randint(20, 60))
            actions.take_over(self.office.actor(lead), paper)

    # --- What the clerk types, and whom the chief asks.

    def _entry(self) -> Entry:
        letter = self.arrival.letter
        return Entry(
            arrival_date=self.arrival.arrival_date,
            type_name=letter.type_name,
            code_number=letter.number,
            code_notation=letter.notation,
            issued_date=letter.issued,
            organ_name=self.arrival.organ_name,
            subject=letter.subject,
            signer_position=self.arrival.signer_position,
            signer_full_name=self.arrival.signer_full_name,
            priority=letter.priority,
            due_date=self.arrival.due_date,
            channel=self.document.channel,
        )

    def _lines(self, *, only_lead: bool = False) -> list[Line]:
        arrival, units, due = self.arrival, self.office.units, self._due()
        # In a ward nobody heads a unit: its leader asks the official himself (Kon Tum Điều 16.1b).
        person = None
        if self.office.head(arrival.lead) is None:
            person = self.office.specialists(arrival.lead)[0]
        lines = [Line(LEAD, units[arrival.lead], person, arrival.directive, due)]
        if not only_lead:
            helpers, told = arrival.coordinate, arrival.inform
            lines += [Line(COORDINATE, units[code], None, _HELP_ASKED, due) for code in helpers]
            lines += [Line(INFORM, units[code]) for code in told]
        return lines

    def _task(self, worker: User) -> list[Line]:
        unit, due = self.office.units[self.arrival.lead], self._due()
        lines = [Line(LEAD, unit, worker, self.dice.choice(_TASKS), due)]
        others = [one for one in self.office.specialists(self.arrival.lead) if one != worker]
        if others and self.plan.pair:
            lines.append(Line(COORDINATE, unit, others[0], "Phối hợp, chuẩn bị số liệu.", due))
        return lines

    def _due(self) -> date | None:
        if self.plan.due_in is not None:
            return self.stage.calendar.add_working_days(self.stage.today, self.plan.due_in)
        due = self.arrival.due_date
        return max(due, clock.today()) if due else None

    def _lead(self, code: str) -> User:
        return self.office.head(code) or self.office.specialists(code)[0]

    # --- Time.

    def _arrives(self) -> datetime:
        """In the course of its day; what came on the last day came early."""
        opens = hours.at(self.arrival.arrival_date, hours.OPENS)
        last = self.arrival.arrival_date == self.stage.end.date()
        minutes = self.dice.randint(5, 50 if last else 390)
        return hours.later(opens, minutes, self.stage.calendar)

    def _after(self, minutes: float) -> datetime:
        """So many working minutes on; never past the end."""
        left = self._left()
        self.moment = hours.later(self.moment, min(minutes, left * 0.6), self.stage.calendar)
        return self.moment

    def _part(self, share: float) -> datetime:
        """That part of the time left, two days at most."""
        left = self._left()
        return self._after(min(left * share * self.dice.uniform(0.7, 1), _TWO_DAYS))

    def _left(self) -> float:
        return hours.between(self.moment, self.stage.end, self.stage.calendar)

    # --- One verb.

    def _do(self, user: User, step: Step, *values: object, **words: object) -> None:
        """The person opens the document, as people do, and acts on it."""
        actor = self.office.actor(user)
        self._open(actor)
        self.document = step(actor, self.document, *values, **words)

    def _open(self, actor: Actor) -> None:
        mark_seen(self.document, actor)
        mark_read(actor, self.document.get_absolute_url())
