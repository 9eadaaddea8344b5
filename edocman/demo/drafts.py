"""Drafts of the demo at each step of their way, and what offices keep ready; played by verbs."""

import io
import tomllib
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.management import call_command

from accounts.actor import Actor
from accounts.choices import Role
from accounts.models import Agency, Appointment, User
from core import clock
from documents.actions.giving import Line
from documents.choices import AssignmentRole
from dossiers.actions import add_document
from dossiers.filing import proposed_for
from edocman.demo import keys
from edocman.demo.stories import Office
from outgoing import actions
from outgoing.actions.drafting import Plan
from outgoing.actions.making import making
from outgoing.actions.producing import sealed, signed
from outgoing.choices import PASSING, State, Way
from outgoing.content import Content
from outgoing.forms.compose import notation_of
from outgoing.models import IssuingBody, OutgoingDocument, Phrase, Template
from outgoing.recipients import Recipient
from signatures.models import SigningKey

_SOURCE = Path(__file__).with_name("drafts.toml")


@cache
def _plan() -> dict[str, Any]:
    return tomllib.loads(_SOURCE.read_text(encoding="utf-8"))


def keep_ready() -> None:
    """Bodies, templates and phrases of the offices."""
    plan = _plan()
    for place, row in enumerate(plan["bodies"]):
        agency = Agency.objects.get(slug=row["agency"])
        values = {name: value for name, value in row.items() if name != "agency"}
        IssuingBody.objects.create(agency=agency, ordinal=place, **values)
    for agency in Agency.objects.filter(issuing_bodies__isnull=False).distinct():
        for row in plan["templates"]:
            values = {name: value for name, value in row.items() if name != "name"}
            Template.objects.create(
                agency=agency,
                name=row["name"],
                type_name=row["type_name"],
                content=Content(**values).stored(),
                changed_at=clock.now(),
            )
        for place, row in enumerate(plan["phrases"], start=1):
            Phrase.objects.create(agency=agency, text=row["text"], ordinal=place)


def play(office: Office) -> None:
    """The drafts of one office, each as far as the plan says."""
    for row in _plan()["drafts"]:
        if row["agency"] == office.agency.slug:
            _draft(office, row)


def _draft(office: Office, row: dict[str, Any]) -> None:
    drafter = _drafter(office)
    signer = _held(office, office.held(Role.LEADER)[0])
    body = IssuingBody.objects.filter(agency=office.agency).order_by("ordinal").first()
    unit = _held(office, drafter).unit
    typed = {name: row[name] for name in ("type_name", "subject", "body", "recipients")}
    typed |= {name: row[name] for name in ("addressees", "priority") if name in row}
    content = Content(
        **typed,
        body_key=body.pk if body else 0,
        code_notation=notation_of(row["type_name"], body.abbreviation if body else "", unit),
        authority="TM." if body and body.collective else "",
        on_behalf_of=body.collective if body else "",
        signer_position=signer.title.upper().split(" UBND")[0],
        signer_full_name=signer.user.full_name,
    )
    due = clock.today() + timedelta(days=max(row["days"], 0))
    document = actions.draft(
        office.actor(drafter),
        content,
        Plan(signer=signer, due_date=due),
        token=uuid4(),
        gate_kind="none",
    )
    _file(office.actor(drafter), document)
    _go_on(office, drafter, document, row["until"])


def _file(actor: Actor, document: OutgoingDocument) -> None:
    """Into the drafter's dossier that speaks of the same, where he has one (Cần Thơ Điều 13.1)."""
    likely = next((one for one in proposed_for(actor, document) if one.why), None)
    if likely is not None:
        add_document(actor, likely.dossier, document)


def _go_on(office: Office, drafter: User, document: OutgoingDocument, until: str) -> None:
    actor = office.actor(drafter)
    if until == "opinions":
        _ask(office, drafter, document)
        return
    with making(actor, document) as made:
        document = actions.submit(actor, document, made)
    if until == "returned":
        taker = office.actor(_taker(office, document))
        actions.send_back(
            taker,
            document,
            to=State.DRAFTING,
            text="Bổ sung số liệu so với quý trước.",
            places=[actions.Place(2, document.subject[:60], "Nêu rõ từng phường")],
        )
        return
    if until in _OUT:
        _out(office, _to_the_signature(office, document), until)
        return
    wanted = State.APPROVED if until == "paper" else until
    while document.state != wanted:
        taker = office.actor(_taker(office, document))
        verb = getattr(actions, PASSING[State(document.state)].value)
        overruled: dict[str, Any] = {}
        if document.state in (State.FORMAT, State.APPRAISAL, State.CLERK):
            overruled = {"overruled": {}}
        document = verb(taker, document, seen=document.version_count, **overruled)


# What was signed with a key, and how far it has gone; without keys it waits for the signature.
_OUT = ("sealed", "issued")


def _to_the_signature(office: Office, document: OutgoingDocument) -> OutgoingDocument:
    while document.state != State.SIGNING:
        taker = office.actor(_taker(office, document))
        verb = getattr(actions, PASSING[State(document.state)].value)
        document = verb(taker, document, seen=document.version_count)
    return document


def _out(office: Office, document: OutgoingDocument, until: str) -> None:
    """Signed by the leader, numbered and sealed by the clerk, perhaps sent to the wards."""
    signer = document.signer
    own = SigningKey.objects.active()
    hand = own.of(owner=signer.user).first() if signer else None
    seal = own.of(agency=office.agency).first()
    if signer is None or hand is None or seal is None:
        return
    leader, clerk = office.actor(signer.user), office.actor(office.held(Role.CLERK)[0])
    with signed(leader, document, key=hand, pin=keys.PIN) as result:
        document = actions.sign(leader, document, result, seen=document.version_count)
    document = actions.write_number(clerk, actions.number(clerk, document))
    with sealed(clerk, document, key=seal, pin=keys.PIN) as result:
        document = actions.seal(clerk, document, result)
    if until == "issued":
        members = Agency.objects.filter(parent=office.agency, is_active=True).order_by("pk")
        inside = [
            Recipient(organ_name=one.name, organ_id=one.organ_id, way=Way.INSIDE, agency=one)
            for one in members
        ]
        paper = Recipient(organ_name="Hội Người cao tuổi thành phố", way=Way.PAPER, copies=2)
        actions.issue(clerk, document, [*inside, paper])
        call_command("deliver", stdout=io.StringIO())


def _ask(office: Office, drafter: User, document: OutgoingDocument) -> None:
    own = _held(office, drafter).unit_id
    heads = [user for user in office.held(Role.UNIT_HEAD) if _held(office, user).unit_id != own]
    units = [_held(office, user).unit for user in heads[:3]]
    actions.ask_opinion(
        office.actor(drafter),
        document,
        [Line(AssignmentRole.COORDINATE, unit) for unit in units],
        text="Đề nghị góp ý danh mục công trình, kinh phí và thời gian thực hiện.",
        day=clock.today() + timedelta(days=3),
    )
    answers = (("agree", ""), ("other", "Chuyển công trình số 3 sang năm sau vì chưa có nguồn."))
    for user, (stance, text) in zip(heads, answers, strict=False):
        actions.give_opinion(office.actor(user), document, stance=stance, text=text)


def _drafter(office: Office) -> User:
    for user in office.held(Role.SPECIALIST):
        if not user.must_change_password and not _held(office, user).unit.is_office:
            return user
    return office.held(Role.SPECIALIST)[0]


def _taker(office: Office, document: OutgoingDocument) -> User:
    if document.state == State.SIGNING and document.signer:
        return document.signer.user
    post = document.post_of(document.state)
    held = Appointment.objects.in_force(clock.today()).filter(unit=post.unit, role=post.role)
    return held.select_related("user").order_by("pk")[0].user


def _held(office: Office, user: User) -> Appointment:
    rows = Appointment.objects.in_force(clock.today()).filter(user=user, unit__agency=office.agency)
    return rows.select_related("user", "unit__agency").order_by("pk")[0]
