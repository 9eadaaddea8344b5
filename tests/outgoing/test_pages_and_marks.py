"""Page numbers, annexes, marks, and what stays together: measured from the PDF."""

from dataclasses import replace
from typing import Any

import pytest

from outgoing.paper import Annex, Paper
from outgoing.rendering import render
from tests.outgoing import papers
from tests.outgoing.measuring import Line, Sheet

LEFT, MIDDLE = 63.0, 111.0  # of the left column, of the text
SENTENCE = "Ủy ban nhân dân thành phố Kon Tum yêu cầu các cơ quan, đơn vị nghiêm túc thực hiện. "


def drawn(paper: Paper, **more: Any) -> Sheet:
    return Sheet(render(replace(paper, **more)))


def short(body: str, **more: Any) -> Sheet:
    """A letter with this text."""
    return drawn(papers.LETTER, body=body, **more)


def stands(line: Line, where: float) -> bool:
    return abs(line.middle - where) < 0.7


# --- Page numbers: Phụ lục I, phần I.


def test_pages_are_numbered_from_the_second_in_the_middle_above() -> None:
    """NĐ 30/2020 Điều 8: page numbers stand in the upper margin, not on the first page."""
    seen = short(SENTENCE * 200)
    assert seen.pages > 3
    for page in range(seen.pages):
        numbers = [one for one in seen.lines if one.page == page and one.text.isdigit()]
        assert [one.text for one in numbers] == ([] if page == 0 else [str(page + 1)])
        for one in numbers:
            assert (one.size, one.bold, one.italic) == (14, False, False)
            assert stands(one, MIDDLE)
            assert 5 < one.high < one.base < 20


def test_each_annex_counts_its_own_pages() -> None:
    long = Annex("Phụ lục", "Một", SENTENCE * 80)
    seen = short("Một.", annexes=(long, replace(long, landscape=True), long, long))
    numbers = {one.page: one.text for one in seen.lines if one.text.isdigit()}
    starts = [one.page for one in seen.lines if one.text == "Phụ lục"]
    assert len(starts) == 4
    for page in range(seen.pages):
        first = max((start for start in starts if start <= page), default=0)
        assert numbers.get(page) == (None if page == first else str(page - first + 1))
    wide = [round(width) for width, _height in seen.sizes]
    assert wide[starts[1] : starts[2]] == [297] * (starts[2] - starts[1])
    assert set(wide[: starts[1]] + wide[starts[2] :]) == {210}


# --- Marks: boxes 10b, 11, 13.


@pytest.mark.parametrize(
    ("priority", "words", "width"),
    [(1, "KHẨN", 20), (2, "THƯỢNG KHẨN", 40), (3, "HỎA TỐC", 30), (4, "HỎA TỐC", 30)],
)
def test_the_frame_of_urgency(priority: int, words: str, width: int) -> None:
    seen = drawn(papers.NOTICE, priority=priority, deliver_at="11 giờ 30")
    mark = seen.find(words)
    assert (mark.text, mark.size, mark.bold, mark.red) == (words, 13, True, True)
    (frame,) = [one for one in seen.shapes if one.height > 5 and one.top < mark.high < one.bottom]
    assert (frame.width, frame.height) == (pytest.approx(width, abs=0.1), pytest.approx(8, abs=0.1))
    assert frame.left < mark.left
    assert mark.right < frame.right
    assert stands(mark, LEFT)
    assert ("Hẹn giờ: 11 giờ 30" in seen.text) == (priority == 4)
    # Nothing else is red.
    assert {one.text for one in seen.lines if one.red} <= {words, "Hẹn giờ: 11 giờ 30"}


def test_an_ordinary_document_has_no_frame() -> None:
    seen = drawn(papers.DECISION, priority=0)
    assert not [one for one in seen.shapes if one.height > 5]
    assert not [one for one in seen.lines if one.red]


def test_the_address_stands_at_the_foot_of_the_first_page_only() -> None:
    seen = short(SENTENCE * 150)
    (first, _second) = [one for one in seen.lines if one.text.startswith(("Số 542", "ĐT: 0260"))]
    assert first.page == 0
    (rule,) = [one for one in seen.shapes if one.page == 0 and one.width > 150]
    assert (rule.left, rule.right) == (pytest.approx(30, abs=0.1), pytest.approx(192, abs=0.1))
    above = [one for one in seen.lines if one.page == 0 and one.base < first.base]
    assert max(one.base for one in above) < rule.top < first.high < first.base < 277


def test_the_signature_is_not_torn_and_does_not_stand_alone() -> None:
    for lines in range(22, 42, 2):
        seen = drawn(papers.DECISION, body="\n".join(["Một dòng."] * lines))
        name, list_, last = (seen.find(text) for text in ("Phạm Quang Minh", "Nơi nhận:", "- Lưu:"))
        assert name.page == list_.page == last.page == seen.pages - 1
        assert any(one.text == "Một dòng." and one.page == name.page for one in seen.lines)
