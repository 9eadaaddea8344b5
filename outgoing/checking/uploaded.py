"""The words of an uploaded file, read into the components that the rules for papers speak of.

Only what words without their layout tell for certain is read. What cannot be told stands as it
should be, so that no rule speaks of it: a false alarm costs more than a fault that is passed over.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.legacy_text import legacy_charset
from core.text import fold
from outgoing.checking.findings import Hit, Rule, Sheet, rules, sheet_rules
from outgoing.checking.papers import hits
from outgoing.paper import Annex, Form, Paper, Signer

_CODE = re.compile(
    r"(?:^|\s)Số\s*:?\s*(?P<number>[\d\s.…_]{0,30})/\s*(?P<rest>[^\n]*)", re.MULTILINE
)
_NOTATION = re.compile(
    r"(?:\d{4}/)?[^\s–—_/-]+(?:(?:\s+[-–—]\s+|[-–—_])[^\s–—_/-]+)+|[^\s/-]+(?=\s|$)"
)
_DATE = re.compile(r"ngày[\s\d.…_]{0,40}tháng[\s\d.…_]{0,40}năm", re.IGNORECASE)
_DASHED = re.compile(r"\s*[-–—+•*\uf02d\uf0b7]\s*(?P<words>\S.*)$")
# Marks get lost where a page was read from an image.
_KEPT = re.compile(r"\W*l[uư]u\s*[:;.,]", re.IGNORECASE)
_RIGHTLY = re.compile(r"L[uư]u\s*:\s*VT\b(?P<more>.*)$")
_TORN = re.compile(r"(?<=\S)\s+-(?=\S)|(?<=\S)-\s+(?=\S)")
_GROUND = re.compile(r"\W*(?:can cu|xet|theo de nghi)\b")
_AUTHORITY = re.compile(
    r"\s*(?P<typed>TM|KT|TL|TUQ|T/M|K/T|T/L|T\.M|K\.T|T\.L)\b(?P<dot>[./]?)\s*(?P<rest>\S.*)$"
)
_ANNEX = re.compile(r"phu luc(?: so)?(?: (?P<number>\d{1,2}|[ivxlc]{1,5}))?")
_SHORT = {"ubnd": "uy ban nhan dan", "hdnd": "hoi dong nhan dan"}
# Types for which Phụ lục III shows no form: whoever makes one with others writes as they agree.
_FREE = {"Hợp đồng", "Bản ghi nhớ", "Bản thỏa thuận", "Thư công"}
_FIRST_ANNEX = {"phu luc", "phu luc i", "phu luc 1", "phu luc 01", "phu luc so 1", "phu luc so 01"}
_HEAD = 4  # lines of a page among which an annex has its heading
MOST = 5  # what one finding tells of a page


@dataclass(frozen=True)
class Reading:
    """The paper that the words make, and the page of each of its parts."""

    paper: Paper
    # The page of each line of the body, and of recipients, signer and annexes.
    lines: tuple[int, ...]
    recipients: int
    signer: int
    annexes: tuple[int, ...]
    has_code: bool
    has_date: bool
    has_type: bool
    # Codes of rules that this text gives no answer to.
    untold: frozenset[str]

    def page_of(self, where: str) -> int:
        """The page of a place."""
        path, _, line = where.partition(":")
        name, _, rest = path.partition(".")
        if name == "body" and line:
            return self.lines[int(line) - 1]
        if name == "annexes" and rest:
            return self.annexes[int(rest.partition(".")[0]) - 1]
        return {"recipients": self.recipients, "signer": self.signer}.get(name, 1)


def read(texts: Sequence[str], typed: Paper) -> Reading | None:
    """What the words of the pages say; None where they say nothing that can be relied on."""
    pages = [unicodedata.normalize("NFC", text).split("\n") for text in texts]
    first = "\n".join(pages[0]) if pages else ""
    # A page that is a picture, or in letters of another time: nothing on it can be missed.
    if not first.strip() or legacy_charset(first) or typed.type_name in _FREE:
        return None
    code = _CODE.search(first)
    if code:
        # Its number is none that the text speaks of.
        start, end = code.start(), code.start("rest")
        pages[0] = (
            first[:start] + re.sub(r"[^\n]", "", code[0][: end - start]) + first[end:]
        ).split("\n")
    body = [(number, line) for number, page in enumerate(pages, 1) for line in page]
    whole, head = fold("\n".join(line for _page, line in body)), fold(first)
    notation = _NOTATION.match(_TORN.sub("-", code["rest"].strip())) if code else None
    recipients, of_recipients = _recipients(body, whole)
    signer, of_signer = _signer(body, of_recipients)
    annexes = _annexes(pages)
    paper = Paper(
        type_name=typed.type_name,
        organ_name=typed.organ_name if _names(typed.organ_name, head) else "",
        code_number=(code["number"].strip(" .…_") or None) if code else None,
        code_notation=notation[0] if notation else typed.code_notation,
        addressees=("-",) if _is_addressed(typed.form, head) else (),
        grounds=("-",) if any(_GROUND.match(fold(line)) for _page, line in body) else (),
        body="\n".join(line for _page, line in body),
        signer=signer,
        recipients=recipients,
        annexes=tuple(Annex(line, "-", "-") for _page, line in annexes),
    )
    untold = set() if notation and not notation[0].endswith("-") else _of_notation()
    return Reading(
        paper,
        tuple(page for page, _line in body),
        of_recipients,
        of_signer,
        tuple(page for page, _line in annexes),
        code is not None,
        _DATE.search(first) is not None,
        fold(typed.type_name.split(" (")[0]) in head,
        frozenset(untold),
    )


def told(reading: Reading) -> Iterator[tuple[Rule, Hit]]:
    """What the rules for papers say of it, one finding a rule and page; nothing is mended."""
    sheet, known = Sheet(reading.paper), {rule.code: rule for rule in rules()}
    for one in sheet_rules():
        rule = known[one.code]
        if one.code in reading.untold or not (
            one.applies(reading.paper) and rule.applies(reading.paper)
        ):
            continue
        found: dict[int, list[Hit]] = {}
        for hit in hits(sheet, rule):
            found.setdefault(reading.page_of(hit.where), []).append(hit)
        for page, here in found.items():
            words = list(dict.fromkeys(hit.found for hit in here))[:MOST]
            first = here[0]
            wanted = first.wanted or first.mend or ""
            yield rule, Hit(f"page:{page}", ", ".join(words), wanted=wanted)


def _of_notation() -> set[str]:
    return {one.code for one in sheet_rules() if one.code.startswith("notation_")}


def _names(organ: str, head: str) -> bool:
    """Whether all words of the agency stand on the page; columns may tear its lines apart."""
    there = set(head.split())
    for short, long in _SHORT.items():
        if short in there:
            there |= set(long.split())
    return set(fold(organ).split()) <= there


def _is_addressed(form: Form, head: str) -> bool:
    return " kinh gui " in f" {head} " or (form is Form.TELEGRAM and " dien " in f" {head} ")


_IN_ORDER = ("Như trên", "Lưu: VT, -")


def _recipients(body: Sequence[tuple[int, str]], whole: str) -> tuple[tuple[str, ...], int]:
    """The lines below "Nơi nhận:" as far as they are certain, and their page."""
    heads = (line.partition(":") for _page, line in body)
    at = next((at for at, (head, colon, _) in enumerate(heads) if colon and _is_label(head)), None)
    if at is None:
        # Beside other words, or without its colon: it is there, and no more is known.
        return (_IN_ORDER if " noi nhan " in f" {whole} " else ()), 1
    page, items, kept = body[at][0], [], ""
    for here, line in body[at + 1 :]:
        if _KEPT.match(line):
            kept = re.sub(r"^\W+|[\s.;,]+$", "", line)
            break
        if here == page and (dashed := _DASHED.match(line)):
            items.append(dashed["words"].strip(" .;,"))
    if not items:
        return _IN_ORDER, page
    if rightly := _RIGHTLY.match(kept):
        # What stands behind may be of the column beside it.
        kept = "Lưu: VT, -" if rightly["more"] else "Lưu: VT"
    return (*items, *([kept] if kept else ())), page


def _is_label(head: str) -> bool:
    return fold(head) == "noi nhan"


def _signer(body: Sequence[tuple[int, str]], page: int) -> tuple[Signer, int]:
    """The authority of the signature block: lines in capitals on the page of the recipients."""
    rows = [line.strip() for here, line in body if here == page]
    for at, line in enumerate(rows):
        found = _AUTHORITY.match(line)
        if found is None or not _is_capital(found["rest"]):
            continue
        below = rows[at + 1 : at + 4]
        below = below[: next((n for n, row in enumerate(below) if not _is_capital(row)), 3)]
        heads = (re.match(r"K\.?T\.?\s+(\S.*)$", row) for row in below)
        deputy = next((one[1] for one in heads if one), "")
        # Names of bodies and of people may stand in capitals as well.
        post = next((row for row in below if row.startswith(("PHÓ ", "THỨ TRƯỞNG"))), "")
        if found["typed"].replace("/", "").replace(".", "") == "KT" and not post:
            post = " ".join(below)
        return Signer(found["typed"] + found["dot"], found["rest"], post, "", deputy), page
    return Signer(), page


def _is_capital(line: str) -> bool:
    return any(map(str.isalpha, line)) and line == line.upper()


def _annexes(pages: Sequence[Sequence[str]]) -> list[tuple[int, str]]:
    """Headings of annexes, each alone on its line at the head of a page."""
    found: list[tuple[int, str]] = []
    for number, page in enumerate(pages[1:], 2):
        for line in [line.strip() for line in page if line.strip()][:_HEAD]:
            words = fold(line)
            if _ANNEX.fullmatch(words) and (not found or fold(found[-1][1]) != words):
                found.append((number, " ".join(line.split())))
                break
    # What begins elsewhere goes on in other files.
    return found if found and fold(found[0][1]) in _FIRST_ANNEX else []
