"""Order in the text: parts, chapters, articles, headings, clauses, points."""

import re
from collections.abc import Iterator

from outgoing.checking.components import roman
from outgoing.checking.findings import Hit, Rule, Sheet
from outgoing.markup import ABOVE, Block, BlockKind

# Letters of points, in the order of the alphabet: without those that bear a hat, and f j w z.
POINTS = "abcdđeghiklmnopqrstuvxy"
_LETTERS = "ABCDĐEGH"
_DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_ENDS_POINTS = (BlockKind.CLAUSE, BlockKind.ARTICLE, BlockKind.HEADING, *ABOVE)
_WORDS = ("nhất", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười")


def _value(digits: str) -> int:
    values = [_DIGITS[letter] for letter in digits]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-one if one < following else one for one, following in pairs)


def _number(label: str) -> int | None:
    """The number of "Chương II", "Mục 3", "Phần thứ hai", "Điều 4a."."""
    word = label.split()[-1].rstrip(".:")
    if re.fullmatch("[IVXLC]+", word.upper()):
        return _value(word.upper())
    if found := re.match(r"\d{1,6}", word):
        return int(found[0])
    return _WORDS.index(word.lower()) + 1 if word.lower() in _WORDS else None


def chapter_order(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """Parts, chapters, sections, subsections, each counted anew under the one above it."""
    for place, blocks in sheet.blocks:
        last: dict[BlockKind, int] = {}
        fresh = False
        for block in blocks:
            if block.kind not in ABOVE:
                continue
            number = _number(block.label)
            expected = last.get(block.kind, 0) + 1
            # Chapters are counted through all parts, or anew in each.
            anew = fresh and block.kind is BlockKind.CHAPTER and number == 1
            if number is not None and number != expected and not anew:
                yield Hit(f"{place}:{block.line}", block.label, wanted=str(expected))
            last[block.kind] = expected if number is None else number
            fresh = block.kind is BlockKind.PART
            # Sections begin anew under a chapter, what is below them under each of them.
            if block.kind is not BlockKind.SUBSECTION:
                last.pop(BlockKind.SUBSECTION, None)
            if block.kind not in (BlockKind.SECTION, BlockKind.SUBSECTION):
                last.pop(BlockKind.SECTION, None)


def article_order(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """Điều 1, 2, 3 through the whole text."""
    for place, blocks in sheet.blocks:
        last, letter = 0, ""
        for block in blocks:
            if block.kind is not BlockKind.ARTICLE:
                continue
            found = re.search(r"(\d{1,6})([a-zđ]?)", block.label)
            if found is None:
                continue
            number = int(found[1])
            # "Điều 4a" stands behind "Điều 4".
            inserted = found[2] and number == last and found[2] > letter
            if number != last + 1 and not inserted:
                yield Hit(
                    f"{place}:{block.line}", f"Điều {found[1]}{found[2]}", wanted=str(last + 1)
                )
            last, letter = number, found[2]


def _clauses(blocks: tuple[Block, ...], *, in_articles: bool) -> Iterator[tuple[Block, str]]:
    """Clauses that do not follow the one before, with the number that would."""
    last: dict[tuple[str, int], tuple[int, ...]] = {}
    inside = fresh = False
    for block in blocks:
        if block.kind in (BlockKind.ARTICLE, *ABOVE):
            inside, fresh = block.kind is BlockKind.ARTICLE, False
            last.clear()
        elif block.kind is BlockKind.HEADING:
            fresh = True
        if block.kind is not BlockKind.CLAUSE:
            continue
        numbers = tuple(int(one) for one in re.findall(r"\d+", block.label))
        stream = (")" if block.label.endswith(")") else ".", len(numbers))
        before = last.get(stream)
        # Under a new heading they begin anew, or go on.
        allowed = {1} if before is None or before[:-1] != numbers[:-1] else {before[-1] + 1}
        if fresh and stream[1] == 1:
            allowed, fresh = allowed | {1}, False
        last[stream] = numbers
        for key in [key for key in last if key[1] > stream[1]]:
            del last[key]
        if stream[0] == "." and stream[1] == 1:
            last.pop((")", 1), None)
        if numbers[-1] not in allowed and inside is in_articles:
            expected = ".".join(map(str, (*numbers[:-1], max(allowed))))
            yield block, expected


def clause_order(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """Clauses of an article: 1, 2, 3, anew in each."""
    for place, blocks in sheet.blocks:
        for block, wanted in _clauses(blocks, in_articles=True):
            yield Hit(f"{place}:{block.line}", block.label, wanted=wanted)


def list_order(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """The same outside articles, where lists may stand in lists."""
    for place, blocks in sheet.blocks:
        for block, wanted in _clauses(blocks, in_articles=False):
            yield Hit(f"{place}:{block.line}", block.label, wanted=wanted)


def heading_order(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """Headings A, B, C and below them I, II, III."""
    for place, blocks in sheet.blocks:
        letters = numbers = 0
        for block in blocks:
            if block.kind in ABOVE:
                letters = numbers = 0
            if block.kind is not BlockKind.HEADING:
                continue
            mark = block.label[:-1]
            is_letter = mark in _LETTERS and not (mark == "C" and letters != 2)
            if is_letter:
                number, expected, numbers = _LETTERS.index(mark) + 1, letters + 1, 0
                wanted, letters = _LETTERS[min(expected, 8) - 1], number
            else:
                number, expected = _value(mark), numbers + 1
                wanted, numbers = roman(expected), number
            if number != expected:
                yield Hit(f"{place}:{block.line}", block.label, wanted=wanted)


def point_order(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """Points a, b, c, d, đ, e, g in each clause."""
    for place, blocks in sheet.blocks:
        texts = {text.place: text for text in sheet.texts}
        last = -1
        for block in blocks:
            if block.kind in _ENDS_POINTS:
                last = -1
            if block.kind is not BlockKind.POINT or not re.fullmatch(r"[^\W\d]\)", block.label):
                continue
            letter, expected = block.label[0], last + 1
            # A second list in the same clause begins anew.
            if letter == "a" or expected >= len(POINTS):
                last = 0 if letter == "a" else last
                continue
            last = expected
            if letter == POINTS[expected]:
                continue
            line = texts[place].lines[block.line - 1]
            mend = line.replace(f"{letter})", f"{POINTS[expected]})", 1)
            yield Hit(f"{place}:{block.line}", block.label, mend, f"{POINTS[expected]})")
