"""Each sample over the drawing of Phụ lục I phần IV: every box is there, at its place, in order."""

import pytest

from outgoing.paper import Form, Paper
from tests.outgoing import papers
from tests.outgoing.schema import SCHEMA, boxes_of

AIR = 0.6  # millimetres of a letter beyond its column


def expected(paper: Paper) -> set[str]:
    boxes = {"1", "2", "3", "4", "6", "7a", "7b", "7c", "8"}
    boxes |= {"5b"} if paper.form is Form.LETTER else {"5a"}
    optional = {
        "9b": paper.recipients,
        "9a": paper.addressees,
        "10b": paper.priority,
        "11": paper.circulation,
        "12": paper.drafter_mark,
        "13": paper.contact,
    }
    return boxes | {number for number, shown in optional.items() if shown}


@pytest.mark.parametrize("name", papers.PAPERS)
def test_every_box_stands_where_the_annex_draws_it(name: str) -> None:
    """NĐ 30/2020 Điều 8: the drawing of Phụ lục I, phần IV."""
    paper = papers.PAPERS[name]
    boxes = boxes_of(paper)
    assert set(boxes) == expected(paper)
    for number, (_page, left, _top, right, _bottom) in boxes.items():
        drawn = SCHEMA[number]
        assert drawn.left - AIR <= left < right <= drawn.right + AIR, number
    for upper, (page, _left, _top, _right, bottom) in boxes.items():
        for lower, (other, _a, top, _b, _c) in boxes.items():
            if SCHEMA[upper].row < SCHEMA[lower].row <= 5 or lower == "13":
                # In invitations and telegrams those spoken to stand inside the text.
                inside = (upper, lower) == ("9a", "6") and paper.form in (
                    Form.INVITATION,
                    Form.TELEGRAM,
                )
                if page == other and upper != lower and not inside:
                    assert bottom <= top, (upper, lower)


@pytest.mark.parametrize("name", papers.PAPERS)
def test_the_block_of_the_signature_is_as_drawn(name: str) -> None:
    """NĐ 30/2020 Điều 8: post, signature, name below each other; the seal on a third of a hand
    of 40 mm in the middle of its box (others: tests/signatures/test_looks.py)."""
    paper = papers.PAPERS[name]
    boxes = boxes_of(paper)
    assert len({boxes[number][0] for number in ("7a", "7c", "8", "7b")}) == 1
    post, hand, full_name, seal = (boxes[number][1:] for number in ("7a", "7c", "7b", "8"))
    assert post[3] <= hand[1] + 2
    assert hand[3] <= full_name[1] + 1
    third = (hand[0] + hand[2]) / 2 - 40 / 2 + 40 / 3
    assert seal[0] < hand[0]
    assert seal[2] == pytest.approx(third, abs=0.5)
    if paper.recipients:
        assert boxes["9b"][1] <= boxes["7a"][1] - 25
    if paper.secretary is None:  # else the list stands below both signatures
        assert boxes["9b"][2] == pytest.approx(boxes["7a"][2], abs=2)
