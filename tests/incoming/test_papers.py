"""Papers: who has one, who may give, take, return and report it; the rows of its custody."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, transaction

from accounts.actions import delegate, head_post, receiving_post
from accounts.choices import Role
from core import clock
from core.errors import NotYours, Refusal, Stale
from documents.models import DocumentAct, Waiting
from incoming import actions, papers, rules
from incoming.actions import Annex
from incoming.choices import PaperPart, PaperState, Verb
from incoming.models import IncomingDocument, Paper, PaperMove
from incoming.verifying import findings
from notifications.models import Notification
from tests import cast as play
from tests.cast import act_as
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]

PEOPLE = (
    "chair",
    "chief",
    "clerk",
    "archivist",
    "adviser",
    "head",
    "specialist",
    "colleague",
    "finance_head",
    "accountant",
    "ward_clerk",
    "stranger",
)
VERBS = ("hand_over", "take_over", "sign", "return_paper", "report_lost")
# Where the paper is -> verb -> those who may. What is not named, nobody may. The document is led
# by the planning unit, whose specialist works on it; finance coordinates.
TABLE: dict[str, dict[str, set[str]]] = {
    "kept": {"hand_over": {"clerk"}, "report_lost": {"clerk"}},
    "to_person": {
        "take_over": {"specialist", "clerk"},
        "sign": {"clerk"},
        "hand_over": {"clerk"},
        "report_lost": {"clerk"},
    },
    # For a unit whoever of it sees the document signs: its head, its specialist.
    "to_unit": {
        "take_over": {"head", "specialist", "clerk"},
        "sign": {"clerk"},
        "hand_over": {"clerk"},
        "report_lost": {"clerk"},
    },
    "held": {
        "hand_over": {"specialist"},
        "return_paper": {"specialist"},
        "take_over": {"clerk"},
        "report_lost": {"specialist", "clerk"},
    },
    # From the specialist's hands to the head, not signed for.
    "passed_on": {
        "take_over": {"head", "specialist"},
        "sign": {"clerk"},
        "hand_over": {"specialist"},
        "report_lost": {"specialist", "clerk"},
    },
    "going_back": {
        "take_over": {"specialist", "clerk"},
        "hand_over": {"specialist"},
        "report_lost": {"specialist", "clerk"},
    },
    "returned": {"hand_over": {"clerk"}, "report_lost": {"clerk"}},
    "lost": {"take_over": {"clerk"}},
}


def kept(cast, pdf: bytes) -> Paper:
    """The original of a document on which the specialist works, with the clerk."""
    return actions.keep_paper(act_as(cast.clerk), play.assigned(cast, pdf), sheets=3)


def at(cast, pdf: bytes, place: str) -> Paper:
    """A paper at that place of the table."""
    paper, clerk, specialist = kept(cast, pdf), act_as(cast.clerk), act_as(cast.specialist)
    match place:
        case "kept":
            return paper
        case "lost":
            return actions.report_lost(clerk, paper, text="Không thấy trong tủ.")
        case "to_unit":
            return actions.hand_over(clerk, paper, cast.planning, sheets=3)
    paper = actions.hand_over(clerk, paper, cast.planning, cast.specialist, sheets=3)
    if place == "to_person":
        return paper
    paper = actions.take_over(specialist, paper)
    if place == "held":
        return paper
    if place == "passed_on":
        return actions.hand_over(specialist, paper, cast.planning, cast.head, sheets=3)
    paper = actions.return_paper(specialist, paper)
    return paper if place == "going_back" else actions.take_over(clerk, paper)


def attempt(verb: str, actor, paper: Paper, cast) -> object:
    """Do the verb with arguments that only the person or the place could make wrong."""
    match verb:
        case "hand_over":
            return actions.hand_over(actor, paper, cast.finance, cast.accountant, sheets=3)
        case "take_over":
            return actions.take_over(actor, paper)
        case "sign":
            signer = cast.head if paper.to_unit_id else cast.specialist
            if paper.to_person_id:
                signer = paper.to_person
            return actions.take_over(actor, paper, signed_by=signer)
        case "return_paper":
            return actions.return_paper(actor, paper)
        case "report_lost":
            return actions.report_lost(actor, paper, text="Thất lạc khi chuyển phòng.")
    raise ValueError(verb)


def outcome(verb: str, person: str, paper: Paper, cast) -> str:
    """ "done", or how it was refused; whatever happened is undone."""
    acts, moves = DocumentAct.objects.count(), PaperMove.objects.count()
    with transaction.atomic():
        try:
            attempt(verb, act_as(getattr(cast, person)), paper, cast)
        except (Refusal, ObjectDoesNotExist) as error:
            answer = type(error).__name__
            assert (DocumentAct.objects.count(), PaperMove.objects.count()) == (acts, moves)
            assert Paper.objects.get(pk=paper.pk).state == paper.state
        else:
            answer = "done"
            assert (DocumentAct.objects.count(), PaperMove.objects.count()) == (acts + 1, moves + 1)
            last = PaperMove.objects.filter(paper=paper).last()
            assert last.act.actor.username == person
            assert last.state == Paper.objects.get(pk=paper.pk).state
            assert list(findings()) == []
        transaction.set_rollback(True)
    return answer


@pytest.mark.parametrize("place", TABLE)
def test_every_verb_of_everybody_on_a_paper(cast, pdf, place):
    """Kon Tum Điều 13.3, 13.4: nobody gives what he does not hold, nobody signs for another."""
    paper = at(cast, pdf, place)
    answers = {
        verb: {person: outcome(verb, person, paper, cast) for person in PEOPLE} for verb in VERBS
    }
    may = {
        verb: {person for person, answer in each.items() if answer == "done"}
        for verb, each in answers.items()
    }
    assert {verb: people for verb, people in may.items() if people} == TABLE[place]
    seeing = {
        person
        for person in PEOPLE
        if IncomingDocument.objects.visible_to(act_as(getattr(cast, person))).exists()
    }
    for verb, each in answers.items():
        unseen = {person for person, answer in each.items() if answer == "DoesNotExist"}
        assert unseen == set(PEOPLE) - seeing, verb


# --- The rule of fifteen pages.


def test_an_annex_of_fifteen_pages_stays_on_paper(cast, pdf):
    """Kon Tum Điều 13.4: the main part is scanned, the annex is not."""
    clerk = act_as(cast.clerk)
    document = play.received(cast.clerk, pdf)
    document = actions.register(clerk, document, play.entry(), annex=Annex(42, "Bản vẽ kè"))
    paper = document.papers.get()
    assert (paper.part, paper.pages, paper.name) == (PaperPart.ANNEX, 42, "Bản vẽ kè")
    assert (paper.state, paper.holder) == (PaperState.KEPT, None)
    assert papers.what(paper) == "Phụ lục giấy, Bản vẽ kè, 42 trang, không quét"
    act = DocumentAct.objects.get(target=document.pk, verb="register")
    assert act.detail["annex_pages"] == 42
    assert [move.act for move in paper.moves.all()] == [act]


def test_a_thinner_annex_is_scanned(cast, pdf):
    """Kon Tum Điều 13.4: from 15 pages on; the number is not lost by the refusal."""
    clerk, document = act_as(cast.clerk), play.received(cast.clerk, pdf)
    with pytest.raises(Refusal, match="từ 15 trang") as refused:
        actions.register(clerk, document, play.entry(), annex=Annex(14))
    assert refused.value.article.startswith("khoản 4 Điều 13 Quy chế")
    assert refused.value.field == "annex_pages"
    assert actions.register(clerk, document, play.entry(), annex=Annex(15)).number == 1


def test_where_no_regulation_counts_pages_any_annex_may_stay_on_paper(cast, pdf):
    """NĐ 30/2020 knows no such number; a ward has its own article, which does not count either."""
    for clerk in (cast.stranger, cast.ward_clerk):
        document = play.received(clerk, pdf)
        document = actions.register(act_as(clerk), document, play.entry(), annex=Annex(2))
        assert document.papers.get().pages == 2
        assert rules.scan_rule(act_as(clerk)) is None


def test_an_annex_may_be_told_later(cast, pdf):
    """Kon Tum Điều 13.4."""
    clerk, document = act_as(cast.clerk), play.registered(cast.clerk, pdf)
    with pytest.raises(Refusal, match="từ 15 trang"):
        actions.keep_paper(clerk, document, annex=Annex(3))
    paper = actions.keep_paper(clerk, document, annex=Annex(20), sheets=10)
    assert (paper.part, paper.sheets) == (PaperPart.ANNEX, 10)
    act = paper.moves.get().act
    assert (act.verb, act.article[:15]) == (Verb.KEEP_PAPER, "khoản 4 Điều 13")


# --- Keeping.


KEEPING = {
    "received": set(),
    "registered": {"clerk"},
    "submitted": {"clerk"},
    "assigned": {"clerk"},
    "finished": {"clerk"},
    "refused": set(),
}


@pytest.mark.parametrize("state", KEEPING)
def test_only_clerks_watch_a_paper_and_only_of_what_is_registered(cast, pdf, state):
    """Kon Tum Điều 13.3."""
    match state:
        case "received":
            document = play.received(cast.clerk, pdf)
        case "refused":
            document = play.received(cast.clerk, pdf)
            document = actions.refuse(act_as(cast.clerk), document, reason="not_ours")
        case "registered":
            document = play.registered(cast.clerk, pdf)
        case _:
            document = getattr(play, state)(cast, pdf)
    may = set()
    for person in PEOPLE:
        with transaction.atomic():
            try:
                actions.keep_paper(act_as(getattr(cast, person)), document)
            except (Refusal, ObjectDoesNotExist):
                pass
            else:
                may.add(person)
            transaction.set_rollback(True)
    assert may == KEEPING[state]


def test_a_document_has_one_original_and_any_annexes(cast, pdf):
    clerk, document = act_as(cast.clerk), play.registered(cast.clerk, pdf)
    actions.keep_paper(clerk, document, sheets=2)
    with pytest.raises(Refusal, match="đã được theo dõi"):
        actions.keep_paper(clerk, document)
    for pages in (20, 30):
        actions.keep_paper(clerk, document, annex=Annex(pages))
    assert document.papers.count() == 3


def test_a_token_says_nothing_and_is_not_guessed(cast, pdf):
    tokens = {kept(cast, pdf).token for _time in range(3)}
    assert len(tokens) == 3
    for token in tokens:
        assert re.fullmatch(r"\d{32}", token)


# --- Handing over.


def test_who_is_handed_a_paper_sees_the_document_and_is_asked(cast, pdf):
    """Kon Tum Điều 13.3: "yêu cầu ký nhận"; it waits until he has signed."""
    paper, clerk = kept(cast, pdf), act_as(cast.clerk)
    colleague = act_as(cast.colleague)
    assert not IncomingDocument.objects.visible_to(colleague).exists()
    paper = actions.hand_over(clerk, paper, cast.planning, cast.colleague, sheets=3)
    assert (paper.state, paper.holder, paper.to_person) == ("on_way", None, cast.colleague)
    assert IncomingDocument.objects.visible_to(colleague).exists()
    row = Waiting.objects.get(verb="take_over")
    assert row.user == cast.colleague
    assert Notification.objects.filter(kind="hand_over", user=cast.colleague).exists()
    act = paper.moves.last().act
    assert act.article.startswith("khoản 3 Điều 13 Quy chế")
    paper = actions.take_over(colleague, paper)
    assert (paper.state, paper.holder, paper.to_person) == ("held", cast.colleague, None)
    assert not Waiting.objects.filter(verb="take_over").exists()
    assert Notification.objects.filter(kind="take_over", user=cast.clerk).exists()


def test_a_unit_is_asked_by_its_head(cast, pdf):
    paper = at(cast, pdf, "to_unit")
    row = Waiting.objects.get(verb="take_over")
    assert row.group == head_post(cast.planning).group
    paper = actions.take_over(act_as(cast.specialist), paper)
    assert paper.holder == cast.specialist


def test_two_papers_to_one_person_are_asked_for_once(cast, pdf):
    clerk, document = act_as(cast.clerk), play.assigned(cast, pdf)
    both = [
        actions.keep_paper(clerk, document),
        actions.keep_paper(clerk, document, annex=Annex(20)),
    ]
    for paper in both:
        actions.hand_over(clerk, paper, cast.planning, cast.specialist, sheets=5)
    assert Waiting.objects.filter(verb="take_over").count() == 1
    actions.take_over(act_as(cast.specialist), both[0])
    assert Waiting.objects.filter(verb="take_over").count() == 1
    actions.take_over(act_as(cast.specialist), both[1])
    assert not Waiting.objects.filter(verb="take_over").exists()
    assert list(findings()) == []


def test_what_is_brought_back_waits_for_the_clerks(cast, pdf):
    paper = at(cast, pdf, "going_back")
    row = Waiting.objects.get(verb="take_over")
    assert row.group == receiving_post(cast.city, Role.CLERK).group
    paper = actions.take_over(act_as(cast.clerk), paper)
    assert (paper.state, paper.holder) == (PaperState.RETURNED, None)


def test_a_paper_is_not_given_to_strangers_or_to_oneself(cast, pdf):
    paper, clerk = kept(cast, pdf), act_as(cast.clerk)
    wrong = {
        "không thuộc cơ quan này": (cast.ward_unit, cast.ward_chair),
        "không làm việc ở đơn vị": (cast.planning, cast.accountant),
        "ở chỗ Bùi Thị Hồng Nhung rồi": (cast.office, cast.clerk),
    }
    for sentence, (unit, person) in wrong.items():
        with pytest.raises(Refusal, match=sentence) as refused:
            actions.hand_over(clerk, paper, unit, person, sheets=3)
        assert refused.value.field == "who"
    for sheets in (0, 10000):
        with pytest.raises(Refusal, match="Số tờ từ 1"):
            actions.hand_over(clerk, paper, cast.planning, sheets=sheets)
    assert Paper.objects.get(pk=paper.pk).state == "kept"


def test_other_sheets_than_one_has_need_a_word(cast, pdf):
    paper, clerk = kept(cast, pdf), act_as(cast.clerk)
    with pytest.raises(Refusal, match=r"\(3 tờ\): ghi rõ vì sao") as refused:
        actions.hand_over(clerk, paper, cast.planning, sheets=2)
    assert refused.value.field == "text"
    paper = actions.hand_over(clerk, paper, cast.planning, sheets=2, text="Giữ lại một bản sao.")
    assert paper.sheets == 2
    assert [move.sheets for move in paper.moves.all()] == [3, 2]


def test_a_signature_on_the_slip_is_recorded_by_a_clerk_only(cast, pdf):
    paper, clerk = kept(cast, pdf), act_as(cast.clerk)
    with pytest.raises(Refusal, match="Chọn người đã ký nhận"):
        actions.hand_over(clerk, paper, cast.planning, sheets=3, signed=True)
    paper = actions.hand_over(clerk, paper, cast.planning, cast.head, sheets=3, signed=True)
    assert (paper.state, paper.holder) == ("held", cast.head)
    assert paper.moves.last().signed_on_paper
    assert not Waiting.objects.filter(verb="take_over").exists()
    with pytest.raises(Refusal, match="Chỉ văn thư"):
        actions.hand_over(
            act_as(cast.head), paper, cast.planning, cast.specialist, sheets=3, signed=True
        )


def test_a_clerk_records_the_signature_of_whom_it_was_given_to(cast, pdf):
    paper, clerk = at(cast, pdf, "to_unit"), act_as(cast.clerk)
    with pytest.raises(Refusal, match="giao cho Phòng Quản lý đô thị"):
        actions.take_over(clerk, paper, signed_by=cast.accountant)
    paper = actions.take_over(clerk, paper, signed_by=cast.colleague)
    assert (paper.holder, paper.moves.last().signed_on_paper) == (cast.colleague, True)
    assert IncomingDocument.objects.visible_to(act_as(cast.colleague)).exists()
    assert list(findings()) == []


def test_who_gave_it_keeps_it_as_long_as_nobody_has_signed(cast, pdf):
    paper = at(cast, pdf, "passed_on")
    paper = actions.take_over(act_as(cast.specialist), paper)
    assert (paper.state, paper.holder) == ("held", cast.specialist)
    assert papers.steps(paper)[0].words == "giữ lại, chưa giao"
    paper = at(cast, pdf, "to_person")
    assert actions.take_over(act_as(cast.clerk), paper).state == "kept"


def test_a_loss_is_told_to_clerk_and_chief_and_ends_when_it_is_found(cast, pdf):
    """Kon Tum Điều 13.4: the keeper must be able to show it."""
    paper = at(cast, pdf, "held")
    with pytest.raises(Refusal, match="mất thế nào"):
        actions.report_lost(act_as(cast.specialist), paper, text="")
    paper = actions.report_lost(act_as(cast.specialist), paper, text="Không thấy sau khi dọn tủ.")
    assert (paper.state, paper.holder) == (PaperState.LOST, cast.specialist)
    told = set(Notification.objects.filter(kind="report_lost").values_list("user", flat=True))
    assert told == {cast.clerk.pk, cast.chief.pk}
    with pytest.raises(Stale):
        actions.hand_over(act_as(cast.specialist), paper, cast.planning, cast.head, sheets=3)
    paper = actions.take_over(act_as(cast.clerk), paper, text="Kẹp trong hồ sơ khác.")
    assert (paper.state, paper.holder) == (PaperState.RETURNED, None)


def test_the_wrong_moment_says_who_was_quicker(cast, pdf):
    paper = at(cast, pdf, "to_unit")
    actions.take_over(act_as(cast.head), paper)
    with pytest.raises(Stale, match="Bước gần nhất: Nguyễn Quốc Bảo, ký nhận bản giấy lúc"):
        actions.take_over(act_as(cast.specialist), paper)
    assert type(rules.may_take_over(act_as(cast.chair), paper)) is NotYours


def test_a_finished_document_still_gets_its_paper_back(cast, pdf):
    paper = at(cast, pdf, "held")
    document = actions.finish(act_as(cast.specialist), paper.document, text="Đã xong.")
    document = actions.finish(act_as(cast.head), document, text="Đã xong.")
    assert document.state == "finished"
    paper = actions.return_paper(act_as(cast.specialist), paper)
    assert actions.take_over(act_as(cast.clerk), paper).state == "returned"
    assert list(findings()) == []


def test_a_delegate_signs_for_whom_he_stands_in_and_has_it_then(cast, pdf):
    """Kon Tum Điều 13.1: what waits for the absent waits for his deputy."""
    today = clock.today()
    delegate(act_as(cast.head), cast.deputy, start_date=today, end_date=today + timedelta(days=3))
    paper, deputy = kept(cast, pdf), act_as(cast.deputy)
    paper = actions.hand_over(act_as(cast.clerk), paper, cast.planning, cast.head, sheets=3)
    assert [line.action for line in papers.mine(deputy)] == ["Ký nhận"]
    paper = actions.take_over(deputy, paper)
    assert paper.holder == cast.deputy
    assert paper.moves.last().act.on_behalf_of.user == cast.head
    assert actions.return_paper(act_as(cast.deputy), paper).state == "on_way"
    assert list(findings()) == []


# --- The rows of custody.


def test_moves_are_only_inserted(cast, pdf):
    paper = at(cast, pdf, "held")
    for change in (
        lambda: PaperMove.objects.filter(paper=paper).update(sheets=99),
        lambda: PaperMove.objects.filter(paper=paper).delete(),
    ):
        with pytest.raises(DatabaseError, match="only inserted"), transaction.atomic():
            change()


def test_a_paper_that_is_not_where_its_last_move_left_it_is_found(cast, pdf):
    paper = at(cast, pdf, "held")
    assert list(findings()) == []
    Paper.objects.filter(pk=paper.pk).update(state="returned", holder=None)
    found = list(findings())
    assert len(found) == 1
    assert f"paper {paper.pk}" in found[0]


def test_the_chain_tells_the_whole_way(cast, pdf):
    paper = at(cast, pdf, "returned")
    words = [step.words for step in papers.steps(paper)][::-1]
    assert words == [
        "bắt đầu theo dõi, văn thư giữ",
        "giao Hoàng Thị Mỹ Linh",
        "ký nhận từ văn thư",
        "trả lại văn thư",
        "ký nhận từ Hoàng Thị Mỹ Linh",
    ]
