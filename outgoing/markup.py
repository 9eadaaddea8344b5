"""The text of a draft as people type it: plain lines whose numbering the office already uses.

A line is a paragraph. Its beginning says what it is, as in every administrative text:

    Phần I / Chương II / Mục 3 / Tiểu mục 1   a heading; the next line is its title
    Điều 1. Tên điều                 an article
    A. Tình hình / I. Tình hình      a numbered heading
    1. Nội dung                      a clause;  1.1. is a clause under it
    a) Nội dung                      a point
    - Nội dung, + Nội dung           a dash
    | ô | ô |                        a row of a table; the first row is its head. Lines with
                                     tabs, as pasted from a spreadsheet, are rows as well
    [hình: ten-tep.png]              a picture that was added to the draft
    ---                              a new page

``**đậm**`` and ``*nghiêng*`` set a few words apart. Nothing else means anything: what looks like
HTML is text like any other.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class BlockKind(StrEnum):
    """What a line is."""

    PART = "part"
    CHAPTER = "chapter"
    SECTION = "section"
    SUBSECTION = "subsection"
    TITLE = "title"
    ARTICLE = "article"
    HEADING = "heading"
    CLAUSE = "clause"
    POINT = "point"
    DASH = "dash"
    PARAGRAPH = "paragraph"
    TABLE = "table"
    PICTURE = "picture"
    BREAK = "break"


@dataclass(frozen=True)
class Run:
    """Words of one look."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True)
class Block:
    """One line or one table; ``line`` is where it stands in the text, from 1."""

    kind: BlockKind
    line: int
    # As typed, without the marks of bold and italic: "Điều 1.", "a)", "-" included.
    text: str = ""
    # "Điều 1.", "1.1.", "a)", "-"; "" where the kind has none.
    label: str = ""
    # The words after the label.
    runs: tuple[Run, ...] = ()
    rows: tuple[tuple[tuple[Run, ...], ...], ...] = ()
    # The name of a picture.
    picture: str = ""


# What stands above articles, from the widest to the narrowest (NĐ 30/2020 Phụ lục I, II.6.đ).
ABOVE = (BlockKind.PART, BlockKind.CHAPTER, BlockKind.SECTION, BlockKind.SUBSECTION)
# Headings that stand alone on their line and take the next line as their title.
_ABOVE = (
    (BlockKind.PART, re.compile(r"Phần\s+(?:thứ\s+\w+|[IVXLC]+|\d+)\.?$", re.IGNORECASE)),
    (BlockKind.CHAPTER, re.compile(r"Chương\s+[IVXLC\d]+\.?$", re.IGNORECASE)),
    (BlockKind.SECTION, re.compile(r"Mục\s+\d+\.?$", re.IGNORECASE)),
    (BlockKind.SUBSECTION, re.compile(r"Tiểu\s+mục\s+\d+\.?$", re.IGNORECASE)),
)
_LABELLED = (
    (BlockKind.ARTICLE, re.compile(r"(Điều\s+\d+[a-zđ]?[.:])\s*(.*)$", re.IGNORECASE)),
    (BlockKind.HEADING, re.compile(r"((?:[IVXLC]+|[A-HĐ])[.)])\s+(.+)$")),
    (BlockKind.CLAUSE, re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,3}[.)]?(?<=[.)\d]))\s+(.+)$")),
    (BlockKind.POINT, re.compile(r"([a-zđ]{1,2}(?:\.\d{1,2})?\))\s+(.+)$")),
    (BlockKind.DASH, re.compile(r"([-–—+•])\s+(.+)$")),
)
# "2026 ..." begins a sentence, "12 ..." may too: a clause has its dot or bracket, or is 1.1.
_BARE_NUMBER = re.compile(r"\d{1,2}$")
_PICTURE = re.compile(r"\[hình:\s*([^\]\[]{1,120}?)\s*\]$", re.IGNORECASE)
_BREAK = re.compile(r"-{3,}$")
_MARKS = re.compile(r"\*\*(?P<bold>[^*\n]+)\*\*|\*(?P<italic>[^*\s](?:[^*\n]*[^*\s])?)\*")


def read(text: str) -> tuple[Block, ...]:
    """The blocks of a text, in order. Never raises: what is not understood is a paragraph."""
    return tuple(_blocks(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")))


def runs(text: str) -> tuple[Run, ...]:
    """Words set apart by their marks."""
    found, at = [], 0
    for mark in _MARKS.finditer(text):
        if mark.start() > at:
            found.append(Run(text[at : mark.start()]))
        if mark["bold"] is not None:
            found.append(Run(mark["bold"], bold=True))
        else:
            found.append(Run(mark["italic"], italic=True))
        at = mark.end()
    if at < len(text):
        found.append(Run(text[at:]))
    return tuple(found)


def plain(text: str) -> str:
    """The words alone, without marks."""
    return "".join(run.text for run in runs(text))


def is_row(line: str) -> bool:
    """True for a row of a table."""
    return (line.startswith("|") and line.count("|") > 1) or "\t" in line.strip("\t ")


def _blocks(lines: list[str]) -> Iterator[Block]:
    at, titled = 0, False
    while at < len(lines):
        line = lines[at].strip(" \u00a0") if "\t" not in lines[at].strip() else lines[at]
        number = at + 1
        if is_row(line.strip(" ")):
            rows = []
            while at < len(lines) and is_row(lines[at].strip(" ")):
                cells = _cells(lines[at].strip(" "))
                if cells:
                    rows.append(cells)
                at += 1
            yield Block(BlockKind.TABLE, number, rows=tuple(rows))
            titled = False
            continue
        at += 1
        line = line.strip()
        if not line:
            continue
        block = _block(line, number)
        if titled and block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING):
            block = Block(BlockKind.TITLE, number, text=plain(line), runs=runs(line))
        yield block
        titled = block.kind in ABOVE


def _cells(line: str) -> tuple[tuple[Run, ...], ...]:
    if line.startswith("|"):
        parts = line.strip("|").split("|")
        # The rule under the head, as some programs write it.
        if all(re.fullmatch(r"\s*:?-{2,}:?\s*", part) for part in parts):
            return ()
    else:
        parts = line.split("\t")
    return tuple(runs(part.strip()) for part in parts)


def _block(line: str, number: int) -> Block:
    words = plain(line)
    if _BREAK.match(line):
        return Block(BlockKind.BREAK, number)
    if found := _PICTURE.match(line):
        return Block(BlockKind.PICTURE, number, text=line, picture=found[1])
    for kind, form in _ABOVE:
        if form.match(words):
            return Block(kind, number, text=words, label=words, runs=())
    for kind, form in _LABELLED:
        found = form.match(words)
        if found is None or _BARE_NUMBER.match(found[1]):
            continue
        # The label is cut off the typed line, so that the marks after it stay.
        rest = line
        if line.startswith(found[1]):
            rest = line[len(found[1]) :].lstrip()
        elif (opened := re.match(r"\*{1,2}", line)) and line[opened.end() :].startswith(found[1]):
            rest = line[opened.end() + len(found[1]) :]
            # Only the label stands in bold, or more than it.
            closed = rest.startswith(opened[0])
            rest = rest[len(opened[0]) :].lstrip() if closed else opened[0] + rest.lstrip()
        return Block(kind, number, text=words, label=found[1], runs=runs(rest))
    return Block(BlockKind.PARAGRAPH, number, text=words, runs=runs(line))
