"""An uploaded PDF: looked at in the bounded child, and judged here by what that one answered."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings

from core.legacy_text import legacy_charset
from core.text import fold
from documents.inspection import Inspection, inspect
from outgoing.checking.findings import Finding, Hit, Rule, Severity, pdf_rules
from outgoing.checking.papers import finding_of
from outgoing.checking.sentences import SIDES
from outgoing.checking.uploaded import Reading, read, told
from outgoing.checking.words import confused, tokens, unknown
from outgoing.paper import Paper

# A name for ``programs`` of documents.inspection: what the child calls.
MEASURER = "outgoing.measuring.measure"

_MARGINS = ("left", "right", "top", "bottom")
# What pdfium and some programs write for a hyphen, above all at the end of a line.
_HYPHENS = str.maketrans(dict.fromkeys("\u00ad\u2010\u2011\ufffe\x02", "-"))
LINES = 8  # a page with fewer tells no margin


@dataclass(frozen=True)
class Facts:
    """What is known of a file, and the paper that it should be, if there is one."""

    found: Inspection
    paper: Paper | None

    @property
    def measured(self) -> dict[str, Any]:
        """What the child has measured; empty when it could not."""
        measured: dict[str, Any] = self.found.extra.get(MEASURER) or {}
        return measured

    @cached_property
    def pages(self) -> list[dict[str, Any]]:
        """The pages that could be measured."""
        return [page for page in self.measured.get("pages", ()) if "width" in page]

    @cached_property
    def texts(self) -> list[str]:
        """The words of each page."""
        texts = self.measured.get("texts", ())
        return [text.replace("\r\n", "\n").translate(_HYPHENS) for text in texts]

    @cached_property
    def reading(self) -> Reading | None:
        """The components that the words make; None without a paper that they should be."""
        return read(self.texts, self.paper) if self.paper and self.texts else None


def check_pdf(pdf: bytes, paper: Paper | None = None) -> tuple[Finding, ...]:
    """What is not in the right form in a file; starts one bounded process, so work for a worker."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "draft.pdf"
        path.write_bytes(pdf)
        found = inspect(
            path,
            seconds=settings.INSPECTION_SECONDS,
            memory_mib=settings.INSPECTION_MEMORY,
            programs=[MEASURER],
        )
    return check_measured(found, paper)


def check_measured(found: Inspection, paper: Paper | None = None) -> tuple[Finding, ...]:
    """The same for a file that was inspected already, with MEASURER among its programs."""
    if not found.readable:
        sentence = str(found.sentence)
        return (Finding("pdf_unreadable", Severity.ERROR, sentence, "", "file", found.reason),)
    facts = Facts(found, paper)
    of_file = (
        (rule, hit)
        for rule in pdf_rules()
        if paper is None or rule.applies(paper)
        for hit in CHECKS[rule.check](facts, rule)
    )
    of_words = told(facts.reading) if facts.reading else ()
    return tuple(finding_of(rule, hit) for rule, hit in (*of_file, *of_words))


# --- The file.


def _version(facts: Facts, rule: Rule) -> Iterator[Hit]:
    if facts.found.pdf_version and facts.found.pdf_version < rule.values["least"]:
        yield Hit("file", facts.found.pdf_version)


def _encrypted(facts: Facts, rule: Rule) -> Iterator[Hit]:
    if facts.found.encrypted:
        yield Hit("file")


def _active(facts: Facts, rule: Rule) -> Iterator[Hit]:
    if facts.found.active:
        yield Hit("file", ", ".join(facts.found.active))


def _unmeasured(facts: Facts, rule: Rule) -> Iterator[Hit]:
    if not facts.measured:
        yield Hit("file", facts.found.faults.get(MEASURER, ""))


def _no_text(facts: Facts, rule: Rule) -> Iterator[Hit]:
    if facts.measured and not any(any(map(str.isalnum, text)) for text in facts.texts):
        yield Hit("file")


# --- The sheet.


def _page_size(facts: Facts, rule: Rule) -> Iterator[Hit]:
    for page in facts.pages:
        sides = sorted((page["width"], page["height"]))
        pairs = zip(sides, rule.values["sides"], strict=True)
        if any(abs(side - wanted) > rule.values["near"] for side, wanted in pairs):
            yield Hit(f"page:{page['number']}", f"{page['width']:g} × {page['height']:g} mm")
            return


def _margins(facts: Facts, rule: Rule) -> Iterator[Hit]:
    """The first page on which a margin lies outside its bounds, each margin once."""
    told: set[str] = set()
    for page in facts.pages:
        if page["lines"] < LINES or page["width"] > page["height"]:
            continue
        for side in _MARGINS:
            low, high = rule.values[side]
            value = page.get(side)
            # What stands at the foot of the first page has its own place.
            ours = side != "bottom" or page["number"] > 1
            if value is not None and ours and side not in told and not low <= value <= high:
                told.add(side)
                yield Hit(f"page:{page['number']}", f"{value:g} mm", wanted=str(SIDES[side]))


def _font(facts: Facts, rule: Rule) -> Iterator[Hit]:
    fonts = facts.measured.get("fonts", {})
    total = sum(fonts.values())
    others = {name: amount for name, amount in fonts.items() if not _is_times(name, rule)}
    if total and sum(others.values()) > rule.values["share"] * total:
        names = sorted(others, key=lambda name: -others[name])[:3]
        yield Hit("file", ", ".join(name.partition("+")[2] or name for name in names))


def _is_times(name: str, rule: Rule) -> bool:
    plain = re.sub(r"[\s_-]", "", name.partition("+")[2] or name).lower()
    return any(family in plain for family in rule.values["families"])


def _size(facts: Facts, rule: Rule) -> Iterator[Hit]:
    """The size that most letters have is the body's."""
    sizes = facts.measured.get("sizes", {})
    if sizes:
        most = max(sizes, key=lambda size: sizes[size])
        low, high = rule.values["sizes"]
        if not low <= float(most) <= high:
            yield Hit("file", most)


def _loose_fonts(facts: Facts, rule: Rule) -> Iterator[Hit]:
    names = facts.measured.get("loose", ())
    if names:
        yield Hit("file", ", ".join(names[:3]))


def _colour(facts: Facts, rule: Rule) -> Iterator[Hit]:
    colours = facts.measured.get("colours", {})
    odd = {one: amount for one, amount in colours.items() if not _is_black_or_red(one, rule)}
    if sum(odd.values()) > rule.values["share"] * sum(colours.values()):
        yield Hit("file", max(odd, key=lambda one: odd[one]))


def _is_black_or_red(colour: str, rule: Rule) -> bool:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    dark = rule.values["dark"]
    return max(red, green, blue) <= dark or (red > 150 and max(green, blue) <= dark)


def _number_missing(facts: Facts, rule: Rule) -> Iterator[Hit]:
    for page in facts.pages:
        if page["number"] > 1 and page["lines"] and not page["shown"] and not page["turned"]:
            yield Hit(f"page:{page['number']}")
            return


def _number_first(facts: Facts, rule: Rule) -> Iterator[Hit]:
    for page in facts.pages[:1]:
        if page["number"] == 1 and page["shown"]:
            yield Hit("page:1", page["shown"])


# --- The words.


def _motto_missing(facts: Facts, rule: Rule) -> Iterator[Hit]:
    words = fold(facts.texts[0]) if facts.texts else ""
    if words and not all(fold(phrase) in words for phrase in rule.values["phrases"]):
        yield Hit("page:1")


def _code_missing(facts: Facts, rule: Rule) -> Iterator[Hit]:
    if facts.reading and not facts.reading.has_code:
        yield Hit("page:1")


def _date_missing(facts: Facts, rule: Rule) -> Iterator[Hit]:
    if facts.reading and not facts.reading.has_date:
        yield Hit("page:1")


def _type_missing(facts: Facts, rule: Rule) -> Iterator[Hit]:
    if facts.reading and not facts.reading.has_type:
        yield Hit("page:1", facts.reading.paper.type_name)


def _order(facts: Facts, rule: Rule) -> Iterator[Hit]:
    """A component that stands above the one that it follows."""
    places = {
        mark["name"]: (mark["page"], -mark["top"]) for mark in facts.measured.get("marks", ())
    }
    for above, below in rule.values["pairs"]:
        if facts.reading is None or above not in places or below not in places:
            continue
        (page, high), (other, low) = places[above], places[below]
        # Columns need not stand on the same line to the point.
        if (page, high) > (other, low + rule.values["near"]):
            names = rule.values["names"]
            yield Hit(f"page:{other}", names[below], wanted=names[above])


def _phrase(facts: Facts, rule: Rule) -> Iterator[Hit]:
    """Fixed words that are written in another way: other marks, dashes, capitals."""
    for number, text in enumerate(facts.texts, 1):
        for phrase in rule.values.get("phrases", ()) if number == 1 else ():
            for found in _like(phrase, text):
                if found != phrase:
                    yield Hit(f"page:{number}", found, wanted=phrase)
        for line in text.split("\n"):
            for phrase in rule.values.get("heads", ()):
                head, colon, _rest = line.partition(":")
                if colon and fold(head) == fold(phrase) and head.strip() != phrase:
                    yield Hit(f"page:{number}", head.strip(), wanted=phrase)


def _like(phrase: str, text: str) -> Iterator[str]:
    """What reads like the phrase when marks and case are left out, as it stands."""
    text = unicodedata.normalize("NFC", text)
    wanted = fold(phrase).split()
    words = [(found.start(), found.end(), fold(found[0])) for found in re.finditer(r"\w+", text)]
    for at in range(len(words) - len(wanted) + 1):
        row = words[at : at + len(wanted)]
        if [word for _start, _end, word in row] == wanted:
            yield " ".join(text[row[0][0] : row[-1][1]].split())


def _legacy_words(facts: Facts, rule: Rule) -> Iterator[Hit]:
    for number, text in enumerate(facts.texts, 1):
        if not text.isascii() and legacy_charset(text):
            yield Hit(f"page:{number}", text.strip()[:40])
            return


def _pieces(facts: Facts, rule: Rule) -> Iterator[Hit]:
    for number, text in enumerate(facts.texts, 1):
        if not text.isascii() and not unicodedata.is_normalized("NFC", text):
            yield Hit(f"page:{number}")
            return


def _differs(facts: Facts, rule: Rule) -> Iterator[Hit]:
    """Words that were typed into the fields and stand nowhere in the file."""
    words = fold("\n".join(facts.texts))
    if facts.paper is None or not words:
        return
    values = {
        "subject": facts.paper.subject,
        "code_notation": facts.paper.code_notation,
        "signer.full_name": facts.paper.signer.full_name,
    }
    for place, value in values.items():
        if fold(value) and fold(value) not in words:
            yield Hit(place, value)


def _lines(facts: Facts) -> Iterator[tuple[int, str]]:
    for number, text in enumerate(facts.texts, 1):
        for line in unicodedata.normalize("NFC", text).split("\n"):
            yield number, line


def _confusion_words(facts: Facts, rule: Rule) -> Iterator[Hit]:
    for number, line in _lines(facts):
        for slip in confused(line, tokens(line)):
            yield Hit(f"page:{number}", slip.found, wanted=slip.right or "")


def _misspelled_words(facts: Facts, rule: Rule) -> Iterator[Hit]:
    """One finding a page, each word once."""
    told: set[str] = set()
    pages: dict[int, list[str]] = {}
    for number, line in _lines(facts):
        here = tokens(line)
        spans = [(slip.start, slip.end) for slip in confused(line, here)]
        for token in unknown(line, here):
            slipped = any(start <= token.start < end for start, end in spans)
            if token.small not in told and not slipped:
                told.add(token.small)
                pages.setdefault(number, []).append(token.word)
    for number, words in pages.items():
        yield Hit(f"page:{number}", ", ".join(words))


CHECKS: dict[str, Callable[[Facts, Rule], Iterator[Hit]]] = {
    "version": _version,
    "encrypted": _encrypted,
    "active": _active,
    "unmeasured": _unmeasured,
    "no_text": _no_text,
    "page_size": _page_size,
    "margins": _margins,
    "font": _font,
    "size": _size,
    "loose_fonts": _loose_fonts,
    "colour": _colour,
    "number_missing": _number_missing,
    "number_first": _number_first,
    "motto_missing": _motto_missing,
    "code_missing": _code_missing,
    "date_missing": _date_missing,
    "type_missing": _type_missing,
    "order": _order,
    "phrase": _phrase,
    "legacy_words": _legacy_words,
    "pieces": _pieces,
    "differs": _differs,
    "confusion_words": _confusion_words,
    "misspelled_words": _misspelled_words,
}
