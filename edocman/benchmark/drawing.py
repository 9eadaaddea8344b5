"""How long a draft takes to be drawn: what somebody waits for who looks at his preview."""

import io
import time
from dataclasses import dataclass

from pypdf import PdfReader

from edocman.benchmark.measuring import percentiles
from outgoing.paper import Paper, Signer
from outgoing.rendering import render

WANTED = 1500  # milliseconds for one page, at most
_SENTENCE = (
    "Ủy ban nhân dân thành phố yêu cầu các cơ quan, đơn vị nghiêm túc triển khai thực hiện. "
)
PARAGRAPHS = (4, 700)  # of about one page and a hundred


@dataclass(frozen=True)
class Drawing:
    """A draft of so many pages, in milliseconds; ``first`` is that of a fresh process."""

    pages: int
    first: float
    p50: float
    p95: float


def drawings(times: int) -> list[Drawing]:
    """A draft of one page, and one of about a hundred (that one drawn a tenth as often)."""
    return [
        _drawing(PARAGRAPHS[0], times),
        _drawing(PARAGRAPHS[1], max(times // 10, 1)),
    ]


def _drawing(paragraphs: int, times: int) -> Drawing:
    paper = paper_of(paragraphs)
    first, data = _timed(paper)
    p50, p95 = percentiles([_timed(paper)[0] for _number in range(times)])
    return Drawing(len(PdfReader(io.BytesIO(data)).pages), round(first, 1), p50, p95)


def _timed(paper: Paper) -> tuple[float, bytes]:
    started = time.perf_counter()
    data = render(paper)
    return (time.perf_counter() - started) * 1000, data


def paper_of(paragraphs: int) -> Paper:
    """A letter of so many paragraphs."""
    lines = (f"{number}. {_SENTENCE * 5}" for number in range(1, paragraphs + 1))
    return Paper(
        type_name="Công văn",
        organ_name="ỦY BAN NHÂN DÂN THÀNH PHỐ",
        parent_organ="UBND TỈNH",
        code_notation="UBND-VX",
        place="Kon Tum",
        subject="đo thời gian trình bày văn bản",
        addressees=("Các phòng, ban",),
        body="\n".join(lines),
        signer=Signer("KT.", "CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Lê Hoàng Sơn"),
        recipients=("Như trên", "Lưu: VT"),
    )
