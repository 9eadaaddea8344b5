"""What a paper says that it encloses, and which annexes stand in it: codes, never words.

Runs in the bounded child. "Phụ lục I" and "Phụ lục 01" are one annex; those of other papers
("Phụ lục III Nghị định 30/2020/NĐ-CP", "kèm theo Quyết định số 4") are none of this one. A code is
the annex's number ("3", "3a", "B"), or one of KINDS for what has no number.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from string import ascii_letters

from core.legacy_text import TABLES, to_unicode
from core.text import fold

MOST = 30  # numbers of annexes; beyond them it is a year or an amount
HEADING = 110  # letters of a heading's line
TOP = 8  # lines of a page that its title stands in
KINDS = ("annex", "list", "table", "form", "other")

_LEGACY = re.compile("[\u00a1-\u00ff]")
_BEYOND = re.compile("[\u0100-\u01ff\u1e00-\u1eff]")
_WORD = re.compile(r"[^\W_]+|[().;:]")
_ROMAN = re.compile(r"(?=[IVX])X{0,2}(?:IX|IV|V?I{0,3})")
_ARABIC = re.compile(r"(\d{1,2})([a-zđA-ZĐ]?)")
_LETTER = re.compile(r"[A-H]")
_VALUES = {"I": 1, "V": 5, "X": 10}
# "Phụ lục 15 trang": so many pages, no number.
_COUNTED = {"trang", "tờ", "bản", "bộ", "biểu", "mục", "phần"}
# What follows the annex of another paper. "này" at its end: it is this one after all.
_PAPERS = (
    r"(?:thong tu(?: lien tich)?|nghi dinh|quyet dinh|bo luat|luat|nghi quyet|phap lenh|cong van"
    r"|huong dan|quy che|quy dinh|chi thi|thong bao|ke hoach|cong dien|to trinh|bao cao|hop dong"
    r"|hiep dinh|van ban)"
)
_ELSEWHERE = re.compile(
    rf"^(?:(?:duoc )?(?:ban hanh )?(?:kem theo|theo|cua|tai|thuoc|trong) )?{_PAPERS}\b(?! nay\b)"
)
_ENCLOSED = r"(?:kem theo|dinh kem|gui kem|kem)"
_OWN_ANNEX = re.compile(
    rf"\b(?:cac )?phu luc (?:chi tiet )?{_ENCLOSED}\b|\b{_ENCLOSED} (?:cac |theo )?phu luc\b"
)
_THINGS = {
    "danh sach": "list",
    "danh muc": "list",
    "bieu mau": "form",
    "mau": "form",
    "bieu": "table",
    "bang": "table",
    "de cuong": "other",
    "du thao": "other",
    "tai lieu": "other",
    "ho so": "other",
    "ban ve": "other",
    "so do": "other",
}
_IN_BRACKETS = re.compile(r"\(([^()]{4,140})\)")
_NAMED_THING = re.compile(
    rf"^(?:co |chi tiet |theo |xem )?(?:cac )?(?:({'|'.join(_THINGS)}) (?:.{{0,60}} )?{_ENCLOSED}"
    rf"|{_ENCLOSED} (?:theo )?(?:cac )?({'|'.join(_THINGS)}))\b"
)
_OTHER_PAPER = re.compile(rf"\b{_PAPERS}\b(?! nay\b)")
_HEADING = re.compile(r"^phu luc(?: so)?\b")
_LEADS_ON = {"tai", "theo", "cua", "va", "trong", "thuoc", "cac", "kem", "xem", "den", "tu", "o"}
_TITLES = (("danh sach", "list"), ("danh muc", "list"), ("bieu", "table"), ("bang", "table"))


def annexes_in(pages: Sequence[str]) -> dict[str, list[str]]:
    """``named``: what the words say is enclosed; ``there``: annexes that begin in these pages."""
    named: dict[str, None] = {}
    there: dict[str, None] = {}
    before = ""
    for place, page in enumerate(map(_readable, pages)):
        running: list[str] = []
        lines = [line.strip() for line in page.splitlines() if line.strip()]
        for row, line in enumerate(lines):
            found = _heading(line, is_top=row < TOP, later=place > 0)
            if found and not _goes_on(before, line, is_first=not running):
                there[found] = None
            else:
                running.append(line)
            if not line.isdecimal():  # the number of a page stands between two lines of a sentence
                before = line
        named |= dict.fromkeys(_named(" ".join(running)))
    return {"named": list(named), "there": list(there)}


def _readable(page: str) -> str:
    """The page in composed letters; typed in an old font (TCVN3, VNI), as Unicode."""
    page = unicodedata.normalize("NFC", page)
    if not _LEGACY.search(page) or _BEYOND.search(page):
        return page
    readings = [to_unicode(page, charset) for charset in TABLES]
    return next((one for one in readings if "phu luc" in fold(one)), page)


# --- What stands there.


def _heading(line: str, *, is_top: bool, later: bool) -> str:
    """The code of the annex whose title this line is; "" for a line of running text."""
    if len(line) > HEADING:
        return ""
    folded = fold(line)
    loud = line == line.upper()
    if not _HEADING.match(folded):
        if later and loud and is_top:
            return next((code for words, code in _TITLES if folded.startswith(words)), "")
        return ""
    words = _WORD.findall(line)[2:]
    if words and fold(words[0]) == "so":
        words = words[1:]
    number = _number(words[0]) if words else ""
    rest = words[1:] if number else words
    if not rest or all(word in "().;:" for word in rest):
        return number or "annex"
    if loud or (is_top and later and number and rest[0] in ".:"):
        return number or "annex"
    return ""


def _goes_on(before: str, line: str, *, is_first: bool) -> bool:
    """True for the end of a sentence that was wrapped: "Số liệu nêu tại" / "Phụ lục II."."""
    if line == line.upper() or not before:
        return False
    if before.endswith(",") or fold(before).rpartition(" ")[2] in _LEADS_ON:
        return True
    # The words above a title are no sentence that waits for its full stop at the title's end.
    return not is_first and line[-1] in ".;)" and before[-1].isalnum() and before != before.upper()


# --- What is named.


def _named(text: str) -> Iterator[str]:
    words = _WORD.findall(text)
    small = [fold(word) for word in words]
    place = 0
    while place < len(words) - 1:
        if small[place] != "phu" or small[place + 1] != "luc":
            place += 1
            continue
        numbers, end = _numbers(words, small, place + 2)
        # Brackets fold to nothing: "(ban hành kèm theo ...)" is read like the same without them.
        tail = " ".join(word for word in small[end : end + 14] if word)
        if not _ELSEWHERE.match(tail):
            yield from numbers
        place = max(end, place + 2)
    whole = " ".join(word for word in small if word)
    for found in _OWN_ANNEX.finditer(whole):
        rest = whole[found.end() : found.end() + 60].strip()
        if not _number_follows(rest) and not _ELSEWHERE.match(rest):
            yield "annex"
    for found in _IN_BRACKETS.finditer(text):
        inside = fold(found[1])
        thing = _NAMED_THING.match(inside)
        if thing and not _OTHER_PAPER.search(inside):
            yield _THINGS[thing[1] or thing[2]]


def _number_follows(rest: str) -> bool:
    return bool(re.match(r"(?:so )?(?:\d{1,2}|[ivx]{1,5}|[a-h])\b", rest))


def _numbers(words: Sequence[str], small: Sequence[str], place: int) -> tuple[list[str], int]:
    """The numbers behind "Phụ lục", and where they end: "I, II và III", "số 01 đến 04"."""
    found: list[str] = []
    ranged = False
    while place < len(words):
        word = small[place]
        if word in ("so", "va", "cac") or (word == "phu" and found):
            ahead = place + (2 if word == "phu" else 1)
            if ahead < len(words) and (_number(words[ahead]) or small[ahead] in ("so", "phu")):
                place = ahead
                continue
            break
        if word in ("den", "toi") and found:
            ranged, place = True, place + 1
            continue
        number = _number(words[place])
        follower = words[place + 1].lower() if place + 1 < len(words) else ""
        if not number or follower in _COUNTED:
            break
        if ranged and found and found[-1].isdecimal() and number.isdecimal():
            found += [str(one) for one in range(int(found[-1]) + 1, int(number))]
        found.append(number)
        ranged, place = False, place + 1
    return found, place


def _number(word: str) -> str:
    """ "3" of "III" and "03", "3a" of "3A", "B" of "B"; "" of what is no number of an annex."""
    letter = ""
    if word and _ROMAN.fullmatch(word):
        values = [_VALUES[letter] for letter in word]
        pairs = zip(values, [*values[1:], 0], strict=True)
        value = sum(-one if one < following else one for one, following in pairs)
    elif arabic := _ARABIC.fullmatch(word):
        value, letter = int(arabic[1]), arabic[2].lower()
    else:
        return word if _LETTER.fullmatch(word) else ""
    return f"{value}{letter}" if 0 < value <= MOST else ""


# --- What is missing.


def missing(
    named: Sequence[str], there: Sequence[str], *, untitled: int, has_more: bool
) -> list[str]:
    """Codes that are named and stand nowhere.

    ``untitled``: files beside the main one in which no title could be read, each of which may be
    one of them; ``has_more``: there is any file beside the main one.
    """
    # "Phụ lục 3" is there as soon as "Phụ lục 3a" is.
    whole = {one.rstrip(ascii_letters + "đ") for one in there if one not in KINDS}
    numbered = [one for one in named if one not in {*KINDS, *there, *whole}]
    if len(numbered) <= untitled:
        numbered = []
    if there or has_more:
        return numbered  # what has no number is told from nothing
    return numbered + [one for one in named if one in KINDS and not numbered]
