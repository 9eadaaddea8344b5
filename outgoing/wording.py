"""The words of the sheet as the form writes them: closed lines, numbers with their zero, names."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import ceil
from textwrap import wrap

from documents.choices import Priority
from outgoing.markup import ABOVE, Block, BlockKind, Run
from outgoing.paper import Form, Paper, Signer

# From the widest to the narrowest; a line that is followed by a narrower one may be its title.
_DEPTH = (
    *ABOVE,
    BlockKind.ARTICLE,
    BlockKind.HEADING,
    BlockKind.CLAUSE,
    BlockKind.POINT,
    BlockKind.DASH,
    BlockKind.PARAGRAPH,
    BlockKind.TABLE,
    BlockKind.PICTURE,
)
_TITLE_LENGTH = 160
_PLACES = ("TỈNH ", "THÀNH PHỐ", "QUẬN ", "HUYỆN ", "THỊ XÃ ", "PHƯỜNG ", "XÃ ", "VÀ ")
# What is not torn at the end of a line: numbers with notation, "Điều 5", "ngày 08", "2,5 m".
_WHOLE = re.compile(
    r"(\b\d{1,7}/[\w./-]{1,40}"
    r"|\b(?:Điều|khoản|điểm|Mục|Chương|ngày|tháng|năm)\s[\w.]{1,7}\b"
    r"|\b\d{1,4}\s?[-–]\s?\d{1,4}\b"
    r"|\b[\d.,]{1,12}\s(?:giờ|m|km|cm|mm|ha|kg|m2|m3|km2|%|đồng|triệu|tỷ)\b)"
)
_URGENCY = {
    Priority.URGENT: "KHẨN",
    Priority.VERY_URGENT: "THƯỢNG KHẨN",
    Priority.FLASH: "HỎA TỐC",
    Priority.FLASH_TIMED: "HỎA TỐC",
}


@dataclass(frozen=True)
class Piece(Run):
    """Words of one look; ``whole`` is not torn at the end of a line."""

    whole: bool = False


@dataclass(frozen=True)
class Cell:
    """Words of a cell, and where they stand in it."""

    runs: tuple[Run, ...]
    look: str = ""


@dataclass(frozen=True)
class Item:
    """A block of the text as the page shows it; ``look`` is its class."""

    kind: BlockKind
    look: str = ""
    label: str = ""
    runs: tuple[Piece, ...] = ()
    head: tuple[Cell, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    picture: str = ""
    name: str = ""


def closed(lines: Iterable[str], last: str = ".") -> list[str]:
    """Lines of a list as the form closes them: each with ";", the last one with ``last``."""
    kept = [text for line in lines if (text := line.strip().rstrip(";,").rstrip())]
    marks = [";"] * len(kept)
    marks[-1:] = [last] * bool(kept)
    return [line.rstrip(".") + mark for line, mark in zip(kept, marks, strict=True)]


def lines(text: str, width: int) -> list[str]:
    """A heading in as few lines of ``width`` letters as it needs, all about the same length."""
    words = text.split()
    whole = " ".join(words)
    count = ceil(len(whole) / width)
    if count < 2:
        return words and [whole]
    narrow = min(len(whole) // count, width)
    return next(
        (parted for size in range(narrow, width) if len(parted := wrap(whole, size)) <= count),
        wrap(whole, width),
    )


def agency_lines(name: str, width: int) -> list[str]:
    """The name of an agency, parted in front of its place when it takes two lines."""
    words = name.split()
    if len(" ".join(words)) > width:
        for place in range(1, len(words)):
            parted = [" ".join(words[:place]), " ".join(words[place:])]
            if parted[1].startswith(_PLACES) and max(map(len, parted)) <= width:
                return parted
    return lines(name, width)


def number(paper: Paper) -> str | None:
    """The number as it is written: below ten with a zero in front; None when it is not known."""
    return None if paper.code_number is None else paper.code_number.strip().zfill(2)


def day(issued: date) -> str:
    """Days below ten have a zero in front (NĐ 30 Phụ lục I, II.4)."""
    return f"{issued.day:02}"


def month(issued: date) -> str:
    """Only January and February have one."""
    return f"{issued.month:02}" if issued.month < 3 else str(issued.month)


def type_name(paper: Paper) -> str:
    """The name of the type as the title shows it, without what catalogues add in brackets."""
    return paper.type_name.split(" (")[0].strip().upper()


def verdict(paper: Paper) -> str:
    """What stands between the grounds and the articles of a decision."""
    if paper.form != Form.DECISION:
        return ""
    return "QUYẾT NGHỊ:" if paper.type_name.startswith("Nghị quyết") else "QUYẾT ĐỊNH:"


def issuer(paper: Paper) -> str:
    """The one who issues, as a sentence names him."""
    return paper.issuer or paper.organ_name


def lead(paper: Paper) -> str:
    """The words in front of those whom the document speaks to."""
    if paper.form == Form.TELEGRAM:
        return f"{paper.deciding_post or issuer(paper)} điện:"
    if paper.form == Form.INVITATION:
        return f"{issuer(paper)} trân trọng kính mời:"
    return "Kính gửi:"


def urgency(paper: Paper) -> str:
    """The words of the frame; "" for an ordinary document."""
    return next((words for key, words in _URGENCY.items() if key == paper.priority), "")


def signing_lines(signer: Signer) -> list[str]:
    """Box 7a: in whose name, and as what (NĐ 30 Phụ lục I, II.7)."""
    authority, position = signer.authority.strip(), signer.position.strip().upper()
    behalf = signer.on_behalf_of.strip().upper()
    head = signer.deputy_for.strip().upper()
    if authority and not behalf:
        lines = [f"{authority} {position}"]
    else:
        lines = [f"{authority} {behalf}".strip(), f"KT. {head}" if head else "", position]
    return [line.strip() for line in lines if line.strip()]


def items(blocks: Sequence[Block], pictures: Sequence[str]) -> list[Item]:
    """The blocks as the page shows them."""
    while blocks and blocks[-1].kind == BlockKind.BREAK:
        blocks = blocks[:-1]  # nothing follows on the new page
    return list(_items(blocks, pictures))


def _items(blocks: Sequence[Block], pictures: Sequence[str]) -> Iterator[Item]:
    for block, following in pairwise([*blocks, None]):
        assert block is not None  # noqa: S101 -- only the last `following` is
        if block.kind == BlockKind.TABLE:
            if block.rows:
                yield _table(block)
        elif block.kind == BlockKind.PICTURE and block.picture in pictures:
            address = address_of(pictures.index(block.picture))
            yield Item(block.kind, picture=address, name=block.picture)
        elif block.kind == BlockKind.PICTURE:
            yield Item(BlockKind.PARAGRAPH, "paragraph", runs=pieces((Run(block.text),)))
        else:
            look = block.kind.value + (" titled" if _is_title(block, following) else "")
            yield Item(block.kind, look, _label(block), pieces(_runs(block)))


def address_of(place: int) -> str:
    """How the page calls the picture with this place among the paper's pictures."""
    return f"paper:picture/{place}"


def pieces(runs: Iterable[Run]) -> tuple[Piece, ...]:
    """The same words, with those apart that stay together on a line."""
    return tuple(
        Piece(text, run.bold, run.italic, place % 2 == 1)
        for run in runs
        for place, text in enumerate(_WHOLE.split(run.text))
        if text
    )


def _label(block: Block) -> str:
    if block.kind == BlockKind.DASH:
        return "+" if block.label == "+" else "-"
    return block.label


def _runs(block: Block) -> tuple[Run, ...]:
    if block.kind == BlockKind.TITLE:
        return tuple(Run(run.text.upper()) for run in block.runs)
    return block.runs


def _is_title(block: Block, following: Block | None) -> bool:
    """An article, heading or clause that only names what the lines under it say."""
    kinds = (BlockKind.ARTICLE, BlockKind.HEADING, BlockKind.CLAUSE)
    if block.kind not in kinds or following is None or following.kind not in _DEPTH:
        return False
    deeper = _DEPTH.index(following.kind) > _DEPTH.index(block.kind)
    below = following.kind == block.kind and following.label.count(".") > block.label.count(".")
    ends = block.text.rstrip("*").endswith((".", ";", ":", ",", "./."))
    return (deeper or below) and not ends and len(block.text) <= _TITLE_LENGTH


def _table(block: Block) -> Item:
    head, *rows = block.rows
    width = max(len(row) for row in block.rows)
    middle = {place for place, cell in enumerate(head) if _text(cell).upper() in _COUNTED}
    return Item(
        block.kind,
        head=tuple(Cell(cell, _long(cell)) for cell in _filled(head, width)),
        rows=tuple(
            tuple(
                Cell(cell, "middle" if place in middle else _side(cell) or _long(cell))
                for place, cell in enumerate(_filled(row, width))
            )
            for row in rows
        ),
    )


_LONG_WORD = 20
_COUNTED = {"TT", "STT", "SỐ TT"}


def _filled(row: tuple[tuple[Run, ...], ...], width: int) -> tuple[tuple[Run, ...], ...]:
    return row + ((),) * (width - len(row))


def _text(cell: tuple[Run, ...]) -> str:
    return "".join(run.text for run in cell).strip()


def _side(cell: tuple[Run, ...]) -> str:
    """Amounts stand one under the other at the right."""
    text = _text(cell).replace("%", "").strip()
    amount = any(letter.isdigit() for letter in text)
    return "amount" if amount and all(letter in "0123456789., -" for letter in text) else ""


def _long(cell: tuple[Run, ...]) -> str:
    """A word that no column can hold is torn, others are not."""
    return "long" if any(len(word) > _LONG_WORD for word in _text(cell).split()) else ""


def clean(text: str) -> str:
    """Composed letters, and none of those that no page can show."""
    text = unicodedata.normalize("NFC", text)
    return "".join(
        letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in _UNSEEN
    )


_UNSEEN = {"Cc", "Cs", "Co", "Cn"}
