"""A paper as PDF, in the form of NĐ 30/2020 Phụ lục I and III.

What people typed is text: templates escape it, and nothing is fetched but the paper's own pictures.
"""

import io
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from PIL import Image

from core import clock
from documents import printing
from documents.blanks import Blank
from documents.choices import Priority
from outgoing import wording
from outgoing.markup import read
from outgoing.paper import Annex, Paper

STYLE = "outgoing.css"
# Sizes of outgoing.css, in points, and where a field writes.
HEAD, BODY = 13, 14
MIDDLE, RIGHT = 1, 2
PIXELS = 40_000_000  # a photograph of 5 MB, and no bomb


@dataclass(frozen=True)
class Sheet:
    """An annex as it is laid out."""

    annex: Annex
    # The name of its kind of page: two that follow each other differ, so that each counts anew.
    page: str
    title: list[str]
    items: list[wording.Item]
    # What its form fields are called: code_number_2 ... ; "" where nothing is to be filled.
    suffix: str


def render(paper: Paper) -> bytes:
    """The document as PDF 1.7.

    Without a number or a day there are empty form fields in their place: ``code_number``,
    ``issued_day``, ``issued_month``, and with a suffix ``_2``, ``_3`` the same on the annexes.
    """
    pictures = {name: data for name, data in paper.pictures.items() if _is_picture(data)}
    names = list(pictures)
    html = wording.clean(
        render_to_string(f"outgoing/forms/{paper.form}.html", context(paper, names))
    )
    supplied = {wording.address_of(place): data for place, data in enumerate(pictures.values())}
    return printing.pdf(
        html, STYLE, supplied=supplied, blanks=_blanks(paper), places=("signer", "secretary")
    )


def _blanks(paper: Paper) -> dict[str, Blank]:
    """The fields that stand empty, by name: on the first page, and on each annex."""
    blanks: dict[str, Blank] = {}
    for suffix in ["", *(suffix_of(place) for place in range(len(paper.annexes)))]:
        if paper.code_number is None:
            size = BODY if suffix else HEAD
            blanks[f"code_number{suffix}"] = Blank(size, italic=bool(suffix), align=RIGHT)
        if paper.issued_date is None:
            blanks[f"issued_day{suffix}"] = Blank(BODY, italic=True, align=MIDDLE)
            blanks[f"issued_month{suffix}"] = Blank(BODY, italic=True, align=MIDDLE)
    return blanks


def suffix_of(place: int) -> str:
    """What the names of the fields of an annex end with: "_2" on the first one."""
    return f"_{place + 2}"


def context(paper: Paper, pictures: list[str]) -> Mapping[str, Any]:
    """What the templates show."""
    issued = paper.issued_date
    return {
        "paper": paper,
        "organ": wording.agency_lines(paper.organ_name, 20),
        "parent": wording.agency_lines(paper.parent_organ, 22),
        "subject": wording.lines(paper.subject, 54),
        "about": wording.lines(f"V/v {paper.subject}", 29),
        "contact": wording.lines(paper.contact, 90),
        "number": wording.number(paper),
        "day": issued and wording.day(issued),
        "month": issued and wording.month(issued),
        "year": (issued or clock.today()).year,
        "type_name": wording.type_name(paper),
        "verdict": wording.verdict(paper),
        "issuer": wording.issuer(paper),
        "with_document": paper.type_name.split(" (")[0].strip(),
        "lead": wording.lead(paper),
        "addressees": _addressees(paper),
        "grounds": wording.closed(paper.grounds),
        "urgency": wording.urgency(paper),
        "hour": _hour(paper),
        "items": wording.items(read(paper.body), pictures),
        "signed": wording.signing_lines(paper.signer),
        "other_post": wording.lines(paper.signer.other_post.strip().upper(), 30),
        "witnessed": paper.secretary and wording.signing_lines(paper.secretary),
        "recipients": wording.closed(paper.recipients),
        "sheets": [_sheet(annex, place, pictures) for place, annex in enumerate(paper.annexes)],
    }


def _hour(paper: Paper) -> list[str]:
    if paper.priority != Priority.FLASH_TIMED or not paper.deliver_at.strip():
        return []
    hour, comma, day = f"Hẹn giờ: {paper.deliver_at}".partition(",")
    return wording.lines(hour + comma, 26) + wording.lines(day, 26)


def _addressees(paper: Paper) -> list[str]:
    lines = [line.strip() for line in paper.addressees if line.strip()]
    return wording.closed(lines) if len(lines) > 1 else [line.rstrip(";.") for line in lines]


def _sheet(annex: Annex, place: int, pictures: list[str]) -> Sheet:
    kind = "wide" if annex.landscape else "annex"
    title = annex.title.strip()
    return Sheet(
        annex=annex,
        page=f"{kind}-{'ab'[place % 2]}",
        title=wording.lines(title, 54)
        if annex.issued_with
        else wording.lines(title.upper(), 62 if annex.landscape else 42),
        items=wording.items(read(annex.body), pictures),
        suffix=suffix_of(place),
    )


def _is_picture(data: bytes) -> bool:
    """True for a whole PNG or JPEG of a size that a page can hold; others are not drawn."""
    if not any(end in data[-1024:] for end in (b"IEND", b"\xff\xd9")):
        return False  # cut off; the library would draw what there is
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as picture:
                if picture.width * picture.height > PIXELS:
                    return False
                # To the last byte, and for a JPEG as small as can be.
                picture.draft("L", (1, 1))
                picture.load()
                return True
    except Exception:  # noqa: BLE001 -- a hostile picture makes the library raise anything
        return False
