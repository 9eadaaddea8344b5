"""The table of moves is what the verbs do: each is played from every place, and no more is told."""

import re
from xml.etree import ElementTree

import pytest
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from accounts import regulation
from core.errors import Refusal
from documents.choices import AssignmentRole
from documents.models import DocumentAct
from incoming import actions, guide
from incoming.actions import Line
from incoming.choices import State, Verb
from incoming.drawing import BOX, WIDTH, draw
from incoming.models import IncomingDocument
from incoming.transitions import ASIDE, ELSEWHERE, MOVES, SILENT, Move, moves_of
from tests import cast as play
from tests.cast import act_as
from tests.incoming.test_rules import CITY, attempt, in_city
from tests.quick import glance  # noqa: F401 -- a fixture
from tests.sent import recalled_here, sent_here

pytestmark = pytest.mark.django_db
FIVE = ("bac-giang-2014", "binh-dinh-2016", "can-tho-2019", "kon-tum-2017", "son-la-2014")


def walked(verb: str, document: IncomingDocument) -> tuple[str, str, str]:
    """Verb, state before and state after of the document's newest act."""
    act = DocumentAct.objects.filter(target_id=document.pk).order_by("ordinal").last()
    assert act.verb == verb
    return act.verb, act.from_state, act.to_state


def told(moves) -> set[tuple[str, str, str]]:
    return {(one.verb, one.state, one.to or one.state) for one in moves}


def played_from(cast, pdf, place: str) -> set[tuple[str, str, str]]:
    """Every verb from that place, by each who may; what one does is undone for the next."""
    document, found = in_city(cast, pdf, place), set()
    if "merge" in CITY[place]:
        play.received(cast.clerk, pdf)  # with which it is put together
    for verb, people in CITY[place].items():
        for person in sorted(people):
            with transaction.atomic():
                attempt(verb, act_as(getattr(cast, person)), document, cast)
                if verb not in SILENT:
                    found.add(walked(verb, document))
                transaction.set_rollback(True)
    return found


def to_the_clerk(cast, pdf) -> tuple[str, str, str]:
    """Bắc Giang: what the lead sends back goes to whoever entered it."""
    document = play.distributed(cast, pdf)
    cast.city.regulation_name = "bac-giang-2014"
    cast.city.save()
    actions.send_back(act_as(cast.head), document, text="Không thuộc phòng.")
    return walked("send_back", document)


def reopened_without_a_lead(cast, pdf) -> tuple[str, str, str]:
    document = actions.finish(act_as(cast.chief), play.submitted(cast, pdf), text="Để biết.")
    actions.reopen(act_as(cast.chief), document, text="Cần xử lý.")
    return walked("reopen", document)


def taken_from_the_leader(cast, pdf) -> tuple[str, str, str]:
    """The lead has sent it back, the leaders are asked anew, and the chief thinks better of it."""
    document = actions.send_back(act_as(cast.head), play.distributed(cast, pdf), text="Nhầm.")
    document = actions.propose(act_as(cast.chief), document, cast.chair, text="Trình lại.")
    actions.recall(act_as(cast.chief), document)
    return walked("recall", document)


def given_out_by_the_leader(cast, pdf) -> set[tuple[str, str, str]]:
    """Bắc Giang Điều 6.1: the chair gives out himself, and takes back what nobody has opened."""
    cast.city.regulation_name = "bac-giang-2014"
    cast.city.save()
    document = actions.propose(
        act_as(cast.chief), play.submitted(cast, pdf), cast.chair, text="Trình."
    )
    lead = [Line(AssignmentRole.LEAD, cast.planning, None, "Xử lý.")]
    actions.direct(act_as(cast.chair), document, text="Đồng ý.", lines=lead)
    found = {walked("direct", document)}
    actions.recall(act_as(cast.chair), document)
    return found | {walked("recall", document)}


def opinions(cast, asker, document) -> set[tuple[str, str, str]]:
    """What was asked is answered, and withdrawn, each as if the other had not been."""
    found = set()
    for verb in ("give_opinion", "withdraw_opinion"):
        with transaction.atomic():
            if verb == "give_opinion":
                actions.give_opinion(act_as(cast.finance_head), document, stance="agree")
            else:
                actions.withdraw_opinion(act_as(asker), document, list(document.opinions.all()))
            found.add(walked(verb, document))
            transaction.set_rollback(True)
    return found


def asked_before_the_work(cast, pdf) -> set[tuple[str, str, str]]:
    """Kon Tum Điều 13.7b: the chief asks, then sends back to the clerk; a leader asks."""
    line = [Line(AssignmentRole.COORDINATE, cast.finance)]
    document = play.submitted(cast, pdf)
    actions.ask_opinion(act_as(cast.chief), document, line, text="Ý kiến?")
    found = opinions(cast, cast.chief, document)
    actions.send_back(act_as(cast.chief), document, text="Thiếu trang.")
    found |= opinions(cast, cast.chief, document)
    document = play.submitted(cast, pdf)
    actions.propose(act_as(cast.chief), document, cast.chair, text="Trình.")
    actions.ask_opinion(act_as(cast.chair), document, line, text="Ý kiến?")
    return found | opinions(cast, cast.chair, document)


def wanted_back(cast, pdf) -> set[tuple[str, str, str]]:
    """Cần Thơ Điều 5.2: whatever it had come to, the clerk cancels it or says why not."""
    clerk, chief, found = act_as(cast.clerk), act_as(cast.chief), set()
    lead = [Line(AssignmentRole.LEAD, cast.planning)]
    ways = (
        [],
        [lambda one: actions.submit(clerk, one)],
        [
            lambda one: actions.submit(clerk, one),
            lambda one: actions.propose(chief, one, cast.chair, text="Trình."),
        ],
        [
            lambda one: actions.submit(clerk, one),
            lambda one: actions.distribute(chief, one, lead),
        ],
        [
            lambda one: actions.submit(clerk, one),
            lambda one: actions.finish(chief, one, text="Để biết."),
        ],
    )
    for way in ways:
        document = actions.register(clerk, sent_here(cast, pdf), play.entry())
        for step in way:
            document = step(document)
        recalled_here(cast, document)
        for verb in ("cancel", "keep"):
            with transaction.atomic():
                attempt(verb, clerk, document, cast)
                found.add(walked(verb, document))
                transaction.set_rollback(True)
    return found


@pytest.mark.usefixtures("glance")
def test_every_move_of_the_table_is_played_and_every_played_move_stands_there(cast, pdf):
    """Kon Tum Điều 13.1–13.3, 13.7, 20.2, 21.1; Bắc Giang Điều 5.3b: neither more nor less."""
    found = {move for place in CITY for move in played_from(cast, pdf, place)}
    found |= asked_before_the_work(cast, pdf)
    found |= wanted_back(cast, pdf)
    found |= {reopened_without_a_lead(cast, pdf), taken_from_the_leader(cast, pdf)}
    found |= {to_the_clerk(cast, pdf), *given_out_by_the_leader(cast, pdf)}
    assert found == told(MOVES)


@pytest.mark.usefixtures("glance")
def test_a_move_of_a_certain_case_is_not_that_of_the_others(cast, pdf):
    """Kon Tum Điều 13.7a: to the chief, not the clerk; and nobody proposes what somebody leads."""
    document = play.distributed(cast, pdf)
    document = actions.send_back(act_as(cast.head), document, text="Nhầm.")
    assert document.state == State.IN_PROCESS
    with pytest.raises(Refusal):
        actions.propose(act_as(cast.chief), play.distributed(cast, pdf), cast.chair, text="Trình.")
    document = actions.reopen(act_as(cast.chief), play.finished(cast, pdf), text="Còn việc.")
    assert document.state == State.IN_PROCESS
    line = Line(AssignmentRole.INFORM, cast.office, cast.adviser)
    assert actions.share(act_as(cast.clerk), document, [line]).state == State.IN_PROCESS


def test_every_verb_has_a_move_or_is_silent():
    assert {move.verb for move in MOVES} == set(Verb) - SILENT - ELSEWHERE
    said = {(one.verb, one.state, one.to, one.who) for one in MOVES}
    assert len(said) == len(MOVES)  # nothing stands there twice
    for move in MOVES:
        assert not move.key or any(
            getattr(regulation.load(name), move.key, move.key in ("receiver", "returning"))
            for name in FIVE
        ), move


def test_only_where_a_leader_gives_out_do_the_moves_say_so():
    """Bắc Giang Điều 6.1; a ward proposes nothing to anybody."""
    own = {("direct", "proposed", "in_process"), ("recall", "in_process", "proposed")}
    for name in FIVE:
        for member in (False, True):
            moves = told(moves_of(regulation.load(name), member=member))
            assert (own <= moves) == (name == "bac-giang-2014" and not member), name
            assert bool(own & moves) == (own <= moves)


# --- The drawing.


def overlap(one, other) -> bool:
    (left, right), (start, end) = one.span, other.span
    return abs(one.y - other.y) < 11 and left < end and start < right


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", FIVE)
@pytest.mark.parametrize("member", [False, True])
def test_the_drawing_has_an_arrow_for_every_move_and_no_other(name, member, language):
    """Bắc Giang, Bình Định, Cần Thơ, Kon Tum, Sơn La: drawn from the table of the agency."""
    with translation.override(language):
        text = regulation.load(name)
        flow = draw(text, member=member)
        moves = [move for move in moves_of(text, member=member) if move.verb not in ASIDE]
        drawn = {box.state for box in flow.boxes}
        assert drawn >= {State.RECEIVED, State.FINISHED, State.REFUSED}
        assert (State.PROPOSED in drawn) == (text.proposer is not None and not member)
        moves = [move for move in moves if move.state in drawn]
        arrows = {(arrow.source, arrow.target): arrow for arrow in flow.arrows}
        assert set(arrows) == {(one.state, one.to) for one in moves if one.to}
        for pair, arrow in arrows.items():
            words = {str(one.verb.label) for one in moves if (one.state, one.to) == pair}
            assert {word for label in arrow.labels for word in label.words.split(", ")} == words
        for box in flow.boxes:
            stays = {str(one.verb.label) for one in moves if one.state == box.state and not one.to}
            assert {line.words for line in box.lines} == stays
        assert len(flow.sentences) == len(moves)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", FIVE)
def test_no_words_of_the_drawing_cover_others_or_leave_it(name, language):
    with translation.override(language):
        flow = draw(regulation.load(name), member=False)
    labels = [label for arrow in flow.arrows for label in arrow.labels]
    inside = [line for box in flow.boxes for line in (*box.lines, box.title)]
    for place, one in enumerate(labels):
        assert not any(overlap(one, other) for other in [*labels[:place], *inside]), one
        left, right = one.span
        assert left >= 0
        assert right <= WIDTH
        assert 8 < one.y < flow.height - 4
        for box in flow.boxes:
            beside = right <= box.x or left >= box.right
            assert beside or not box.y < one.y < box.bottom + 8, (one, box.state)
    for box in flow.boxes:
        for line in (*box.lines, box.title):
            assert line.span[1] <= box.x + BOX + 12, line  # letters are counted wider than they are
            assert box.y < line.y < box.bottom


def test_a_new_verb_finds_its_room(monkeypatch):
    """Whatever is added to the table is drawn: more verbs in a box, more on an arrow."""
    more = [
        Move(verb, State.IN_PROCESS, MOVES[0].who, to)
        for verb, to in (
            (Verb.READ, None),
            (Verb.REGISTER, None),
            (Verb.DIRECT, State.PROPOSED),
            (Verb.REFUSE, State.FINISHED),
            (Verb.RECEIVE, State.SUBMITTED),
        )
    ]
    before = draw(regulation.load("kon-tum-2017"), member=False)
    monkeypatch.setattr("incoming.transitions.MOVES", (*MOVES, *more))
    flow = draw(regulation.load("kon-tum-2017"), member=False)
    assert len(flow.sentences) == len(before.sentences) + len(more)
    assert flow.height > before.height
    assert (State.IN_PROCESS, State.SUBMITTED) in {(a.source, a.target) for a in flow.arrows}


def test_the_drawing_is_told_to_those_who_do_not_see_it_and_needs_no_style(cast, client):
    client.force_login(cast.chief)
    page = client.get(reverse("incoming:help", args=["kontum"])).content.decode()
    svg = page[page.index("<svg viewBox") : page.index("</svg>", page.index("<svg viewBox")) + 6]
    tree = ElementTree.fromstring(svg)
    assert tree.get("role") == "img"
    named = {each.get("id"): "".join(each.itertext()) for each in tree.iter() if each.get("id")}
    title, desc = (named[key] for key in tree.get("aria-labelledby").split())
    assert title == "Sơ đồ các bước của văn bản đến"
    assert "Chờ trình: Trình, sang Chờ phân phối." in desc
    assert "Đã kết thúc: Mở lại, sang Chờ phân phối (khi chưa ai chủ trì)." in desc
    assert "style" not in svg
    assert not re.search(r'="-?\d+,\d', svg)  # a comma of the reader's language is no coordinate
    # The same as a table, for whoever wants to read it.
    for line in (line for stop in guide.way(act_as(cast.chief)) for line in stop.lines):
        assert line.verb in page
        assert str(line.when) in page


def test_coordinates_are_numbers_in_every_language():
    for language in ("vi", "en"):
        with translation.override(language):
            flow = draw(regulation.load("bac-giang-2014"), member=False)
            svg = render_to_string("incoming/_flow.html", {"flow": flow})
        numbers = re.findall(r' (?:x|y|cx|cy|width|height)="([^"]+)"', svg)
        assert len(numbers) > 40
        assert all(re.fullmatch(r"-?\d+(\.\d+)?", number) for number in numbers)
