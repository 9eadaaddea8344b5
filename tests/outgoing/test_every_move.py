"""Every verb on a draft × every state × every person: allowed ones are played, others refused."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

from accounts.actor import Actor
from core import clock
from core.errors import Refusal
from documents.actions.giving import Line
from documents.choices import AssignmentRole
from outgoing import actions, rules
from outgoing.actions import routing
from outgoing.actions.making import making
from outgoing.choices import OPEN, State
from outgoing.models import OutgoingDocument, Remark
from tests.cast import act_as
from tests.outgoing.drafts import at_state, begun, body_of, content, drafted, passed, submitted
from tests.outgoing.issuing import issued, sealed
from tests.outgoing.test_way import make_agency

pytestmark = pytest.mark.django_db

CITY = (
    "specialist", "colleague", "head", "deputy", "finance_head", "accountant", "adviser",
    "chief", "clerk", "chair", "vice", "archivist", "admin", "ward_chair", "stranger",
)  # fmt: skip
WARD = ("ward_officer", "ward_chair", "ward_clerk", "chair", "specialist", "stranger")

# State -> verb -> who may; whoever is not named is refused, and so is every verb that is not.
OF_CITY: dict[str, dict[str, set[str]]] = {
    State.DRAFTING: {
        "save": {"specialist"},
        "submit": {"specialist"},
        "abandon": {"specialist"},
        "ask_opinion": {"specialist", "chief", "chair"},
        "give_opinion": {"finance_head"},
        "withdraw_opinion": {"specialist"},
        "remark": {"specialist", "finance_head", "chief", "chair", "vice"},
        "settle": {"specialist"},
        "comment": {"specialist", "finance_head", "chief", "clerk", "chair", "vice", "archivist"},
        "share": {"specialist", "chief", "chair"},
    },
    State.CONTENT: {
        "save": {"head"},
        "approve_content": {"head"},
        "send_back": {"head"},
        "withdraw": {"specialist"},
        "ask_opinion": {"specialist", "head", "chief", "chair"},
        "remark": {"specialist", "head", "chief", "chair", "vice"},
        "settle": {"head"},
        "comment": {"specialist", "head", "chief", "clerk", "chair", "vice", "archivist"},
        "share": {"specialist", "head", "chief", "chair"},
    },
    State.APPRAISAL: {
        "appraise": {"chief"},
        "send_back": {"chief"},
        "withdraw": {"specialist"},
        "ask_opinion": {"specialist", "head", "chief", "chair"},
        "remark": {"specialist", "head", "chief", "chair", "vice"},
        "comment": {"specialist", "head", "chief", "clerk", "chair", "vice", "archivist"},
        "share": {"specialist", "head", "chief", "chair"},
    },
    State.SIGNING: {
        "save": {"chair"},
        "approve": {"chair"},
        "send_back": {"chair"},
        "withdraw": {"specialist"},
        "ask_opinion": {"specialist", "head", "chief", "chair"},
        "remark": {"specialist", "head", "chief", "chair", "vice"},
        "settle": {"chair"},
        "comment": {"specialist", "head", "chief", "clerk", "chair", "vice", "archivist"},
        "share": {"specialist", "head", "chief", "chair"},
        "sign": {"chair"},
    },
    State.APPROVED: {
        "send_back": {"clerk"},
        "share": {"specialist", "head", "chief", "chair"},
        "number": {"clerk"},
    },
    State.NUMBERED: {
        "share": {"specialist", "head", "chief", "chair"},
        "write_number": {"clerk", "chair"},
        "attach_scan": {"clerk"},
        "void": {"chief", "clerk", "chair", "vice"},
    },
    State.SEALED: {
        "share": {"specialist", "head", "chief", "chair"},
        "void": {"chief", "clerk", "chair", "vice"},
        "issue": {"clerk"},
    },
    State.ISSUED: {
        "share": {"specialist", "head", "chief", "chair"},
        "resend": {"clerk"},
        "note_sent": {"clerk"},
        "recall": {"clerk"},
        "copy": {"chief", "clerk", "chair", "vice"},
        "replace": {"specialist", "head", "chief", "chair"},
    },
    State.RECALLED: {
        "share": {"specialist", "head", "chief", "chair"},
        "note_sent": {"clerk"},
        "recall_again": {"clerk"},
        "note_answer": {"clerk"},
        "replace": {"specialist", "head", "chief", "chair"},
    },
    State.VOID: {
        "share": {"specialist", "head", "chief", "chair"},
        "replace": {"specialist", "head", "chief", "chair"},
    },
    State.WITHDRAWN: {
        "resume": {"specialist"},
        "share": {"specialist", "chief", "chair"},
    },
}
OF_WARD: dict[str, dict[str, set[str]]] = {
    State.APPROVAL: {
        "release": {"ward_chair"},
        "save": {"ward_chair"},
        "send_back": {"ward_chair"},
        "withdraw": {"ward_officer"},
    },
    State.CLERK: {
        "check_again": {"ward_clerk"},
        "send_back": {"ward_clerk"},
        "withdraw": {"ward_officer"},
    },
}
OF_CAN_THO: dict[str, dict[str, set[str]]] = {
    State.CONTENT: {
        "save": {"head"},
        "approve_content": {"head"},
        "send_back": {"head"},
        "withdraw": {"drafter"},
        "ask_opinion": {"head", "drafter", "chief", "clerk", "leader"},
        "remark": {"head", "drafter", "chief", "clerk", "leader"},
        "comment": {"head", "drafter", "chief", "clerk", "leader"},
        "share": {"head", "drafter", "chief", "clerk", "leader"},
    },
    State.FORMAT: {
        "check_format": {"chief"},
        "send_back": {"chief"},
        "withdraw": {"drafter"},
        "ask_opinion": {"head", "drafter", "chief", "clerk", "leader"},
        "remark": {"head", "drafter", "chief", "clerk", "leader"},
        "comment": {"head", "drafter", "chief", "clerk", "leader"},
        "share": {"head", "drafter", "chief", "clerk", "leader"},
    },
    State.CLERK: {
        "check_again": {"clerk"},
        "send_back": {"clerk"},
        "withdraw": {"drafter"},
        "ask_opinion": {"head", "drafter", "chief", "clerk", "leader"},
        "remark": {"head", "drafter", "chief", "clerk", "leader"},
        "comment": {"head", "drafter", "chief", "clerk", "leader"},
        "share": {"head", "drafter", "chief", "clerk", "leader"},
    },
    State.SIGNING: {
        "save": {"leader"},
        "approve": {"leader"},
        "send_back": {"leader"},
        "withdraw": {"drafter"},
        "ask_opinion": {"head", "drafter", "chief", "clerk", "leader"},
        "remark": {"head", "drafter", "chief", "clerk", "leader"},
        "comment": {"head", "drafter", "chief", "clerk", "leader"},
        "share": {"head", "drafter", "chief", "clerk", "leader"},
        "sign": {"leader"},
    },
}
OF_BINH_DINH: dict[str, dict[str, set[str]]] = {
    "paper awaited": {
        "note_paper": {"clerk"},
        "send_back": {"clerk"},
        "share": {"head", "drafter", "chief", "leader"},
    },
    "paper noted": {
        "send_back": {"clerk"},
        "share": {"head", "drafter", "chief", "leader"},
        "number": {"clerk"},
    },
}
# Of a draft whose drafter has left, once his head has opened it.
LEFT_BEHIND: dict[str, set[str]] = {
    "save": {"head"},
    "submit": {"head"},
    "abandon": {"head"},
    "look_into": {"head"},
    "hand_over": {"head"},
    "ask_opinion": {"head", "chief", "chair"},
    "remark": {"head", "chief", "chair", "vice"},
    "comment": {"head", "chief", "clerk", "chair", "vice", "archivist"},
    "share": {"head", "chief", "chair"},
}
VERBS = (
    "save", "submit", "approve_content", "check_format", "appraise", "release", "check_again",
    "approve", "note_paper", "send_back", "withdraw", "abandon", "resume", "look_into", "hand_over",
    "ask_opinion", "give_opinion", "withdraw_opinion", "remark", "settle", "comment", "share",
    "number", "void",
)  # fmt: skip
# These need a file that a key has made, or receivers (test_signing.py, test_issuing.py): here
# their rules are asked.
BY_RULE = {
    "sign": rules.may_sign,
    "take_over": rules.may_take_over,
    "write_number": rules.may_write_number,
    "attach_scan": rules.may_attach_scan,
    "seal": rules.may_seal,
    "issue": rules.may_issue,
    "resend": rules.may_resend,
    "note_sent": rules.may_note_sent,
    "recall": rules.may_recall,
    "recall_again": rules.may_recall_again,
    "note_answer": rules.may_note_answer,
    "copy": rules.may_copy,
    "replace": rules.may_replace,
}
PASSING = ("approve_content", "check_format", "appraise", "release", "check_again", "approve")


def of_agency(slug: str, regulation: str) -> SimpleNamespace:
    """An office with each role once, and the people of the city as strangers."""
    people = make_agency(slug, regulation)
    unit = people["chief"].appointments.get().unit
    return SimpleNamespace(**people, office=unit, adviser=people["clerk"])


def play(verb: str, cast: Any, actor: Actor, document: OutgoingDocument, made: Any) -> None:
    """Do a verb with what it needs."""
    version = document.version_count
    match verb:
        case "save":
            name, post = document.signer.user.full_name, document.signer.title.upper()
            text = content(body="Bản khác./.", signer_full_name=name, signer_position=post)
            actions.save(actor, document, text, base=version)
        case "submit":
            actions.submit(actor, document, made, text="Đã đủ ý kiến")
        case _ if verb in PASSING:
            getattr(actions, verb)(actor, document, seen=version)
        case "note_paper":
            actions.note_paper(actor, document, day=document.day)
        case "void":
            actions.void(actor, document, text="Nhầm bản")
        case "send_back":
            actions.send_back(actor, document, text="Sửa lại")
        case "ask_opinion":
            line = Line(AssignmentRole.COORDINATE, cast.office, cast.adviser)
            actions.ask_opinion(actor, document, [line], text="Ý kiến?")
        case "give_opinion":
            actions.give_opinion(actor, document, stance="agree")
        case "withdraw_opinion":
            actions.withdraw_opinion(actor, document, list(document.opinions.all()))
        case "remark":
            actions.remark(actor, document, version=1, line=1, quote="", text="Rõ hơn")
        case "settle":
            actions.settle(actor, document, Remark.objects.get(version__document=document))
        case "share":
            line = Line(AssignmentRole.INFORM, cast.office, cast.adviser)
            actions.share(actor, document, [line])
        case "hand_over":
            to = getattr(cast, "colleague", cast.head).appointments.get()
            actions.hand_over(actor, document, to=to)
        case "comment":
            actions.comment(actor, document, text="Đã xem")
        case _:
            getattr(actions, verb)(actor, document)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens here is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def allowed(
    cast: SimpleNamespace, people: tuple[str, ...], document: OutgoingDocument, made: Any
) -> dict[str, set[str]]:
    """Who may do what, tried."""
    found: dict[str, set[str]] = {}
    for name in people:
        actor = act_as(getattr(cast, name))
        for verb in VERBS:
            with undone():
                try:
                    play(verb, cast, actor, document, made)
                except (Refusal, OutgoingDocument.DoesNotExist, Remark.DoesNotExist):
                    continue
                found.setdefault(verb, set()).add(name)
        with suppress(OutgoingDocument.DoesNotExist):
            locked = routing.lock(actor, document)
            for verb, rule in BY_RULE.items():
                if rule(actor, locked) is None:
                    found.setdefault(verb, set()).add(name)
    return found


def asked_about(cast: SimpleNamespace, document: OutgoingDocument) -> None:
    """A remark of the chair on it, and while it is drafted a question to the finance unit."""
    drafter = act_as(cast.specialist)
    chair = act_as(cast.chair)
    if document.state not in OPEN:
        return
    actions.remark(chair, document, version=1, line=1, quote="", text="Ngắn gọn")
    if document.state == State.DRAFTING:
        line = Line(AssignmentRole.COORDINATE, cast.finance)
        actions.ask_opinion(drafter, document, [line], text="Kinh phí?")


def city_document(cast: SimpleNamespace, state: str) -> OutgoingDocument:
    """A draft of the city in that state; what has gone out has gone to the ward."""
    if state == State.SEALED:
        return sealed(cast)
    if state in (State.ISSUED, State.RECALLED):
        document = issued(cast)
        if state == State.RECALLED:
            document = actions.recall(act_as(cast.clerk), document, text="Nhầm")
        return document
    return at_state(cast, state)


@pytest.mark.parametrize("state", OF_CITY)
def test_every_move_in_the_city(cast, state):
    """Kon Tum Điều 12, 14: who may do what at each step of the long way."""
    document = city_document(cast, state)
    asked_about(cast, document)
    document = OutgoingDocument.objects.get(pk=document.pk)
    drafted_by = act_as(cast.specialist)
    with making(drafted_by, document) as made:
        assert allowed(cast, CITY, document, made) == OF_CITY[state]


@pytest.mark.parametrize("state", OF_WARD)
def test_every_move_in_a_ward(cast, state):
    """Kon Tum Điều 16.2, 17.1: who may do what at the steps of the short way."""
    body_of(cast)
    officer = act_as(cast.ward_officer)
    document = submitted(cast.ward_officer, begun(cast.ward_officer, cast.ward_chair))
    if state == State.CLERK:
        document = actions.release(act_as(cast.ward_chair), document, seen=1)
    document = OutgoingDocument.objects.get(pk=document.pk)
    with making(officer, document) as made:
        found = allowed(cast, WARD, document, made)
    wanted = set(OF_WARD[state])
    assert {verb: who for verb, who in found.items() if verb in wanted} == OF_WARD[state]
    words = {"comment", "remark", "ask_opinion"}
    assert set(found) <= wanted | words, "a verb that the step does not know"


def test_every_move_on_what_somebody_left_behind(cast):
    """He has gone before he submitted it: his head stands in his place, and nobody else."""
    document, held = drafted(cast), cast.specialist.appointments.get()
    held.end_date = clock.today() - timedelta(days=1)
    held.save()
    actions.look_into(act_as(cast.head), document)
    document = OutgoingDocument.objects.get(pk=document.pk)
    here = tuple(name for name in CITY if name != "specialist")
    with making(act_as(cast.head), document) as made:
        assert allowed(cast, here, document, made) == LEFT_BEHIND


OFFICE = ("drafter", "head", "chief", "clerk", "leader")


@pytest.mark.parametrize("state", OF_CAN_THO)
def test_every_move_where_the_form_is_a_step(cast, state):
    """Cần Thơ Điều 9.3–9.5: the head, whoever checks the form, the clerk, the leader."""
    office = of_agency("snv", "can-tho-2019")
    document = submitted(office.drafter, begun(office.drafter, office.leader))
    for who in ("head", "chief", "clerk"):
        if document.state != state:
            document = passed(getattr(office, who), document)
    assert document.state == state
    document = OutgoingDocument.objects.get(pk=document.pk)
    people = SimpleNamespace(**vars(office), stranger=cast.specialist)
    with making(act_as(office.drafter), document) as made:
        assert allowed(people, (*OFFICE, "stranger"), document, made) == OF_CAN_THO[state]


@pytest.mark.parametrize("state", OF_BINH_DINH)
def test_every_move_where_the_paper_is_signed_too(cast, state):
    """Bình Định Điều 9.2: approved on the system, then noted on paper, then numbered."""
    office = of_agency("sxd", "binh-dinh-2016")
    document = submitted(office.drafter, begun(office.drafter, office.leader))
    for who in ("head", "chief", "leader"):
        document = passed(getattr(office, who), document)
    if state != "paper awaited":
        document = actions.note_paper(act_as(office.clerk), document, day=document.day)
    document = OutgoingDocument.objects.get(pk=document.pk)
    people = SimpleNamespace(**vars(office), stranger=cast.specialist)
    with making(act_as(office.drafter), document) as made:
        assert allowed(people, (*OFFICE, "stranger"), document, made) == OF_BINH_DINH[state]
