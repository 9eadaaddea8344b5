"""Every verb of a dossier, played by anybody at any place; whatever it did is undone."""

from datetime import date, timedelta
from types import SimpleNamespace

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from accounts.actor import Actor
from core import clock
from core.errors import NotYours, Refusal
from documents import deciding
from documents.choices import AssignmentRole
from documents.models import Assignment, Document, DocumentAct, Extension, Opinion
from documents.rules import parts_given
from dossiers import actions, checks
from dossiers.actions import Fields, Line
from dossiers.models import Dossier, Proposal
from dossiers.rules.work import answers, may_give_out
from incoming import actions as incoming_actions
from tests import cast as play
from tests.cast import act_as
from tests.files import build

LEAD, COORDINATE, INFORM = AssignmentRole

PEOPLE = (
    "chair", "vice", "chief", "clerk", "archivist", "adviser", "admin", "head", "deputy",
    "specialist", "colleague", "finance_head", "accountant", "ward_chair", "stranger",
)  # fmt: skip
# Verb by verb, in the order of a dossier's life.
VERBS = (
    "grow",
    "correct",
    "add_document",
    "add_files",
    "add_note",
    "add_opinion",
    "move_item",
    "remove_item",
    "give_out",
    "assign",
    "take_back",
    "propose_coordinators",
    "answer_proposal",
    "progress",
    "finish",
    "urge",
    "request_extension",
    "decide_extension",
    "ask_opinion",
    "give_opinion",
    "withdraw_opinion",
    "comment",
    "share",
    "read",
    "complete",
    "send_back",
    "close",
    "reopen",
)
# What the trail calls them.
ADDING = ("add_document", "add_files", "add_note", "add_opinion")
NAMES = dict.fromkeys(ADDING, "add_item")


def later(days: int) -> date:
    return clock.today() + timedelta(days=days)


def typed(**changes: object) -> Fields:
    """What is typed of an ordinary dossier."""
    values: dict[str, object] = {
        "title": "Khắc phục sạt lở bờ kè sông Đăk Bla",
        "file_notation": "01.QLĐT",
        "maintenance": "20 năm",
    }
    return Fields(**(values | changes))  # type: ignore[arg-type]


def shown_to_all(cast: SimpleNamespace) -> Document:
    """A letter that everybody of the city sees: only the dossier decides who may put it in."""
    document = play.distributed(cast, build(pages=2))
    lines = [
        Line(INFORM, user.appointments.get().unit, user)
        for user in (cast.head, cast.deputy, cast.specialist, cast.colleague, cast.adviser,
                     cast.finance_head, cast.accountant)
    ]  # fmt: skip
    return incoming_actions.share(act_as(cast.clerk), document, lines)


def given_on(dossier: Dossier) -> Opinion:
    """An opinion of the keeper's department, asked and given before."""
    asker = dossier.keeper
    return Opinion.objects.create(
        document=dossier.document_ptr, unit=asker.unit, question="Có ý kiến gì không?",
        asked_by=asker, asked_at=clock.now(), stance="agree", text="Đồng ý.",
        answered_by=asker, answered_at=clock.now(),
    )  # fmt: skip


def outcome(verb: str, actor: Actor, dossier: Dossier, cast: SimpleNamespace) -> str:
    """The state it led to, or how it was refused; nothing of it remains.

    "never": not his to do; "not now": his, or anybody's, at another step; "unseen": not there.
    """
    acts, said = DocumentAct.objects.count(), ""
    with transaction.atomic():
        try:
            done = attempt(verb, actor, dossier, cast)
        except ObjectDoesNotExist:
            answer = "unseen"
        except Refusal as error:
            answer = "never" if isinstance(error, NotYours) else "not now"
            said = error.message
        else:
            answer = "nothing" if done is False else Dossier.objects.get(pk=dossier.pk).state
        # One act in the name of whoever did it, or none.
        new = DocumentAct.objects.count() - acts
        if answer in ("unseen", "never", "not now", "nothing"):
            assert new == 0, verb
            assert said.endswith(".") or answer in ("unseen", "nothing"), verb
            assert Dossier.objects.get(pk=dossier.pk).state == dossier.state
        else:
            assert new == 1, verb
            last = DocumentAct.objects.filter(target=dossier.pk).order_by("ordinal").last()
            assert (last.verb, last.actor) == (NAMES.get(verb, verb), actor.user)
            assert (last.from_state, last.to_state) == (dossier.state, answer)
        transaction.set_rollback(True)
    return answer


def attempt(verb: str, actor: Actor, dossier: Dossier, cast: SimpleNamespace) -> object:
    """Do the verb with arguments that only the person or the state could make wrong."""
    seen = Dossier.objects.get(pk=dossier.pk)
    seen.agency = actor.agency
    match verb:
        case "grow":
            return actions.grow(actor, dossier, typed(file_notation="09.QLĐT"))
        case "correct":
            changed = typed(title="Tiêu đề khác", file_notation=seen.code_notation or "09.QLĐT")
            return actions.correct(actor, dossier, changed, reason="Gõ nhầm.")
        case "add_document":
            other = Document.objects.get(in_dossiers=None, kind="incoming")
            return actions.add_document(actor, dossier, other)
        case "add_files":
            return actions.add_files(actor, dossier, [play.upload(build(pages=3))])
        case "add_note":
            return actions.add_note(actor, dossier, text="Chỉ đạo miệng.")
        case "add_opinion":
            return actions.add_opinion(actor, dossier, given_on(seen))
        case "move_item":
            return actions.move_item(actor, dossier, seen.items.get(ordinal=1), to=2)
        case "remove_item":
            first = seen.items.get(ordinal=1)
            return actions.remove_item(actor, dossier, first, text="Trùng.")
        case "complete":
            return actions.complete(actor, dossier, text="Đề xuất phương án 1.")
        case "send_back":
            return actions.send_back(actor, dossier, text="Chưa đủ.")
        case "close":
            found = {one.code: "Đã xem." for one in checks.findings(actor, seen)}
            today = clock.today()
            return actions.close(actor, dossier, end_date=today, description="Đủ.", overruled=found)
        case "reopen":
            return actions.reopen(actor, dossier, text="Còn việc.", decision_number="3/QĐ-UBND")
    return attempt_work(verb, actor, seen, cast)


def attempt_work(verb: str, actor: Actor, dossier: Dossier, cast: SimpleNamespace) -> object:
    """The same for the verbs of the work: always with whom this person might choose."""
    own = {cast.finance.pk: cast.accountant, cast.planning.pk: cast.colleague}
    match verb:
        case "give_out":
            role = COORDINATE if dossier.is_led else LEAD
            mine = own.get(actor.unit.pk)
            line = Line(role, actor.unit, mine) if mine else Line(role, cast.leaders, cast.vice)
            return actions.give_out(actor, dossier, [line])
        case "assign":
            line = Line(COORDINATE, actor.unit, own.get(actor.unit.pk, actor.user))
            return actions.assign(actor, dossier, [line])
        case "take_back":
            parts = parts_given(actor, dossier, may_give_out) or dossier.all_assignments
            part = parts[0] if parts else Assignment(pk=0)
            return actions.take_back(actor, dossier, part, text="Đã chuyển công tác.")
        case "propose_coordinators":
            line = Line(COORDINATE, cast.office, cast.archivist)
            return actions.propose_coordinators(actor, dossier, [line], text="Cần hỗ trợ.")
        case "answer_proposal":
            rows = list(Proposal.objects.filter(dossier=dossier).order_by("pk"))
            mine = next((row for row in rows if answers(actor, row)), None)
            row = mine or (rows[0] if rows else Proposal(pk=0))
            return actions.answer_proposal(actor, dossier, row, agree=True)
        case "progress":
            return actions.progress(actor, dossier, percent=30, text="Đang làm.")
        case "finish":
            return actions.finish(actor, dossier, text="Kết quả.")
        case "urge":
            rows = deciding.urgeable(actor, dossier) or dossier.all_assignments
            return actions.urge(actor, dossier, rows[:1], level=1, text="Báo cáo ngay.")
        case "request_extension":
            return actions.request_extension(actor, dossier, day=later(12), text="Chờ số liệu.")
        case "decide_extension":
            row = Extension.objects.filter(assignment__document=dossier.pk).last()
            nothing = Extension(pk=0, wanted_day=later(12))
            return actions.decide_extension(actor, dossier, row or nothing, agree=True)
        case "ask_opinion":
            line = Line(COORDINATE, cast.leaders, cast.vice)
            return actions.ask_opinion(actor, dossier, [line], text="Có ý kiến gì không?")
        case "give_opinion":
            return actions.give_opinion(actor, dossier, stance="agree")
        case "withdraw_opinion":
            return actions.withdraw_opinion(actor, dossier, list(dossier.open_opinions))
        case "comment":
            return actions.comment(actor, dossier, text="Ý kiến.")
        case "share":
            return actions.share(actor, dossier, [Line(INFORM, cast.office)], confirmed=True)
        case "read":
            return actions.read(actor, dossier)
    raise ValueError(verb)
