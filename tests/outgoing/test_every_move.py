"""Every verb on a draft × every state × every person: allowed ones are played, others refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

from core.errors import Refusal
from documents.actions.giving import Line
from documents.choices import AssignmentRole
from outgoing import actions, rules
from outgoing.actions import routing
from outgoing.actions.making import making
from outgoing.choices import OPEN, State
from outgoing.models import OutgoingDocument, Remark
from tests.cast import act_as
from tests.outgoing.drafts import at_state, begun, body_of, content, submitted

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
    },
    State.APPRAISAL: {
        "appraise": {"chief"},
        "send_back": {"chief"},
        "withdraw": {"specialist"},
        "ask_opinion": {"specialist", "head", "chief", "chair"},
        "remark": {"specialist", "head", "chief", "chair", "vice"},
        "comment": {"specialist", "head", "chief", "clerk", "chair", "vice", "archivist"},
    },
    State.SIGNING: {
        "save": {"chair"},
        "approve": {"chair"},
        "sign": {"chair"},
        "send_back": {"chair"},
        "withdraw": {"specialist"},
        "ask_opinion": {"specialist", "head", "chief", "chair"},
        "remark": {"specialist", "head", "chief", "chair", "vice"},
        "settle": {"chair"},
        "comment": {"specialist", "head", "chief", "clerk", "chair", "vice", "archivist"},
    },
    State.APPROVED: {"number": {"clerk"}, "send_back": {"clerk"}},
    State.NUMBERED: {
        "attach_scan": {"clerk"},
        "void": {"clerk", "chief", "chair", "vice"},
    },
    State.VOID: {},
    State.WITHDRAWN: {"resume": {"specialist"}},
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
VERBS = (
    "save", "submit", "approve_content", "check_format", "appraise", "release", "check_again",
    "approve", "note_paper", "send_back", "withdraw", "abandon", "resume", "ask_opinion",
    "give_opinion", "withdraw_opinion", "remark", "settle", "comment",
    "sign", "take_over", "number", "attach_scan", "seal", "void",
)  # fmt: skip
# These need a file that a key has made (test_signing.py): here their rules are asked.
BY_RULE = {
    "sign": rules.may_sign,
    "take_over": rules.may_take_over,
    "attach_scan": rules.may_attach_scan,
    "seal": rules.may_seal,
}
PASSING = ("approve_content", "check_format", "appraise", "release", "check_again", "approve")


def play(verb: str, cast: Any, who: Any, document: OutgoingDocument, made: Any) -> None:
    """Do a verb with what it needs."""
    actor, version = act_as(who), document.version_count
    match verb:
        case "save":
            actions.save(actor, document, content(body="Bản khác./."), base=version)
        case "submit":
            actions.submit(actor, document, made, text="Đã đủ ý kiến")
        case _ if verb in PASSING:
            getattr(actions, verb)(actor, document, seen=version)
        case "note_paper":
            actions.note_paper(actor, document, day=document.day)
        case _ if verb in BY_RULE:
            routing.allowed(BY_RULE[verb], actor, routing.lock(actor, document))
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
    for verb in VERBS:
        for name in people:
            with undone():
                try:
                    play(verb, cast, getattr(cast, name), document, made)
                except (Refusal, OutgoingDocument.DoesNotExist, Remark.DoesNotExist):
                    continue
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


@pytest.mark.parametrize("state", OF_CITY)
def test_every_move_in_the_city(cast, state):
    """Kon Tum Điều 12, 14: who may do what at each step of the long way."""
    document = at_state(cast, state)
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
