"""How long a draft takes to be drawn: what somebody waits for who looks at his preview."""

import io
import re
import time
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import uuid4

from pypdf import PdfReader

from edocman.benchmark.measuring import Browser, percentiles
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


def preview(slug: str, browser: Browser, number: int) -> None:
    """A draft of one page as somebody types it: sent, drawn, its first page fetched as an image.

    Raises RuntimeError where no page comes.
    """
    paper = paper_of(PARAGRAPHS[0])
    fields = {
        "csrfmiddlewaretoken": browser.cookies["csrftoken"],
        "type_name": paper.type_name,
        # Nothing of it was drawn before.
        "subject": f"{paper.subject} {number} {uuid4().hex[:8]}",
        "code_notation": paper.code_notation,
        "place": paper.place,
        "addressees": "\n".join(paper.addressees),
        "body": paper.body,
        "recipients": "\n".join(paper.recipients),
        "authority": paper.signer.authority,
        "on_behalf_of": paper.signer.on_behalf_of,
        "signer_position": paper.signer.position,
        "signer_full_name": paper.signer.full_name,
        "priority": "0",
        "language": "Tiếng Việt",
        "annexes": "0",
        "body_key": "0",
        "token": str(uuid4()),
        "gate": "none",
    }
    form = "application/x-www-form-urlencoded"
    status, page = browser.send(f"/{slug}/outgoing/preview/", urlencode(fields).encode(), form)
    image = re.search(rb'src="([^"]+/preview/[^"]+)"', page)
    if status != 200 or image is None:
        raise RuntimeError(f"the preview answered {status} without a page")
    browser.get(image[1].decode())


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
