"""Marks of what may not enter an office, looked for in the words of a PDF: codes, never words.

Runs in the bounded child. A mark stands where offices put it: a box or a title on a line of its
own. The same words in running text are no mark; a page of forms ("Mẫu số 01") has none.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from core.legacy_text import TABLES, to_unicode
from core.text import fold

PAGES = 30  # pages whose titles are read; the boxes of secrets are looked for on every one
LINES = 45  # lines of a page that a title may stand in
SHORT = 90  # letters of a title's line
HEAD = 2000  # letters of a page that say what kind of paper it is

# Codes, in the order in which people are asked.
CODES = (
    "secret",
    "top_secret",
    "utmost_secret",
    "complaint",
    "denunciation",
    "recommendation",
    "dispute",
    "resolving",
    "by_name",
    "one_stop",
)

# Most lines are told from a mark by their letters, before anything is read.
_MAYBE_SECRET = re.compile(r"[mM]\s{0,3}\S\s{0,3}\S?\s{0,3}[tT]")
_MAYBE_TITLE = re.compile(r"\W{0,3}[ĐDGCPVTQKBđd§®Ññ]")

_SECRET = {"mat": "secret", "toimat": "top_secret", "tuyetmat": "utmost_secret"}
# "MẶT", "MÁT", "MẤT" are other words; these are what is left of MẬT where a mark was lost.
_MAT = {"MẬT", "MÂT", "MẠT", "MAT"}
_LEVEL = re.compile(r"^(?:chi |dau )?(?:muc )?do mat (?:la )?(tuyet mat|toi mat|mat)$")
_BESIDE = re.compile(r"^(?:cong hoa xa hoi|doc lap tu do|.{0,40}ngay .{0,12}thang)")
_NUMBERED = re.compile(r"^so \S.{0,40}$")
_EDGES = " \t.,:;*-_=|/\\[](){}<>\"'“”«»…"

_PETITIONS = {
    "khieu nai": "complaint",
    "to cao": "denunciation",
    "kien nghi": "recommendation",
    "tranh chap": "dispute",
}
# What may stand between "Đơn" and its matter; "Đơn vị giải quyết khiếu nại" is no petition.
_DON = re.compile(
    r"^don (?:(?:thu|xin|de nghi|yeu cau|giai quyet|phan anh|keu cuu|cuu xet|xem xet|trinh bay"
    rf"|tap the|khan cap|rut|va|ve viec) )*(?:{'|'.join(_PETITIONS)})\b"
)
_MATTERS = re.compile(rf"\b(?<!khong )(?<!khong co )(?:{'|'.join(_PETITIONS)})\b")
_SPACED = re.compile(r"^don(?:thu)?(?:khieu|to|kien|tranh)(nai|cao|nghi|chap)")
_WRITER = re.compile(
    r"\b(?:kinh gui|toi ten la|ten toi la|nguoi lam don|nguoi khieu nai|nguoi to cao|nguyen don"
    r"|cong hoa xa hoi)\b"
)
_FORM = re.compile(r"^(?:bieu )?mau(?: don)?(?: so)? \d")
_OPENS = re.compile(
    r"^(?:v v|ve viec|thong bao|quyet dinh|ket luan|phieu|giay moi|bien ban|cong bo)\b"
)
_RESOLVES = re.compile(
    r"\b(?:giai quyet|thu ly|xu ly|tra loi|xac minh|ket luan|noi dung|chuyen|doi thoai|rut)\b"
    r".{0,25}?\b(?:khieu nai|to cao|don (?:thu )?kien nghi)\b"
)
# Papers about the matter as such: laws, plans, figures.
_GENERAL = re.compile(
    r"\b(?:bao cao|tang cuong|ke hoach|huong dan|tap huan|quy dinh|cong tac|luat|nghi dinh"
    r"|thong tu|quy trinh|quy che|tong hop|so lieu|tuyen truyen|pho bien|chi thi)\b"
)
_BY_NAME = re.compile(r"^(?:gui )?dich danh$|^gui dich danh\b|^chi nguoi co ten moi duoc boc bi\b")
_ONE_STOP = re.compile(
    r"^(?:giay tiep nhan ho so va hen tra ket qua|phieu tiep nhan ho so va hen tra ket qua"
    r"|phieu kiem soat qua trinh giai quyet ho so|phieu tiep nhan ho so)\b"
)
_LEGACY_LETTER = re.compile("[\u00a1-\u00ff]")
_BEYOND = re.compile("[\u0100-\u01ff\u1e00-\u1eff]")


def marks_in(pages: Sequence[str], loose: Iterable[str] = ()) -> list[str]:
    """The marks of a document; ``loose`` are words without a place: form values, notes."""
    found: set[str] = set()
    for number, page in enumerate(pages):
        lines = [line.strip() for line in page.splitlines() if line.strip()]
        found |= {mark for line in lines if (mark := _secrecy(line))}
        if number < PAGES and not any(_FORM.match(fold(line[:40])) for line in lines[:6]):
            found |= _titles(lines[:LINES], page[:HEAD], first=number == 0)
    for words in loose:
        for line in words.splitlines():
            if mark := _secrecy(line.strip()):
                found.add(mark)
            elif len(line) <= SHORT:
                found |= _petitions(line.strip())
    return [code for code in CODES if code in found]


# --- Secrets.


def _secrecy(line: str) -> str:
    """The code of a secret's box that is this line, or that stands beside the letterhead."""
    if len(line) > 160 or not _MAYBE_SECRET.search(line):
        return ""
    for part in (line, *re.split(r"\t|\s{3,}", line)):
        if mark := _box(part):
            return mark
    if (level := _LEVEL.match(fold(line[:60]))) and ":" in line:
        return _SECRET[level[1].replace(" ", "")]
    words = line.split()
    for count in (2, 1):
        # "MẬT Kon Tum, ngày 12 tháng 5": the box at the left of the letterhead.
        beside = _BESIDE.match(fold(" ".join(words[count : count + 12])))
        if beside and (mark := _box(" ".join(words[:count]))):
            return mark
        # "Số: 12/BC-UBND MẬT": box and number on one line.
        rest = " ".join(words[:-count])
        numbered = "/" in rest and _NUMBERED.match(fold(rest))
        if numbered and (mark := _box(" ".join(words[-count:]))):
            return mark
    return ""


def _box(text: str) -> str:
    if len(text) > 40:
        return ""
    compact = re.sub(r"\s+", "", text).strip(_EDGES)
    if not 3 <= len(compact) <= 12:
        return ""
    for reading, is_old in _readings(compact):
        if not is_old and reading != reading.upper():
            continue  # "Mật" is honey, too
        code = _SECRET.get(fold(reading))
        if code and (code != "secret" or reading.upper() in _MAT):
            return code
    return ""


def _readings(text: str) -> Iterator[tuple[str, bool]]:
    """The text as it stands, and as an old font (TCVN3, VNI) shows it: there case says nothing."""
    yield unicodedata.normalize("NFC", text), False
    if _LEGACY_LETTER.search(text) and not _BEYOND.search(text):
        for charset in TABLES:
            yield to_unicode(text, charset), True


# --- Titles.


def _titles(lines: Sequence[str], head: str, *, first: bool) -> set[str]:
    found: set[str] = set()
    personal: bool | None = None
    for place, line in enumerate(lines):
        if len(line) > SHORT or not _MAYBE_TITLE.match(line):
            continue
        if petitions := _petitions(line):
            personal = _is_personal(head) if personal is None else personal
            found |= petitions if personal else set()
        if mark := _routed(line, is_high=place < 25):
            found.add(mark)
        if first and _resolves(lines, place):
            found.add("resolving")
    return found


def _is_personal(head: str) -> bool:
    """True for a page that somebody writes to an office."""
    return any(_WRITER.search(fold(reading)) for reading, _old in _readings(head))


def _closed(line: str) -> str:
    """Words that were set in spaced letters, as words: "Đ Ơ N  T Ố  C Á O"."""
    parts = line.split()
    if len(parts) < 6 or any(len(unicodedata.normalize("NFC", part)) > 1 for part in parts):
        return line
    words = ["".join(word.split()) for word in re.split(r"\s{2,}", line)]
    if len(words) == 1 and (found := _SPACED.match(fold(words[0]))):
        cut = len(found[0]) - len(found[1])
        return f"{words[0][:3]} {words[0][3:cut]} {words[0][cut:]}"
    return " ".join(words)


def _petitions(line: str) -> set[str]:
    """The codes of the petition whose title this line is."""
    for reading, is_old in _readings(_closed(line.strip(_EDGES))):
        folded = fold(reading)
        if not _DON.match(folded) or not (reading[:1].isupper() or is_old):
            continue
        words = folded.split()
        alone = len(words) <= 4 and not line.rstrip().endswith((";", ","))
        if reading == reading.upper() or alone or (is_old and len(words) <= 8):
            return {_PETITIONS[matter] for matter in _MATTERS.findall(" ".join(words[:14]))}
    return set()


def _routed(line: str, *, is_high: bool) -> str:
    """The code of a mark that says where a paper goes: to a person, or through one door."""
    for reading, is_old in _readings(line.strip(_EDGES)):
        folded = fold(reading)
        if len(folded.split()) > 14 or not (is_old or reading[:1].isupper()):
            continue
        if not (is_high or is_old or reading == reading.upper()):
            continue
        if _BY_NAME.match(folded) and len(folded.split()) <= 9:
            return "by_name"
        if _ONE_STOP.match(folded):
            return "one_stop"
    return ""


def _resolves(lines: Sequence[str], place: int) -> bool:
    """True where the title of a paper begins that settles somebody's complaint."""
    for reading, _old in _readings(" ".join(lines[place : place + 4])[:260]):
        words = fold(reading)
        if not _OPENS.match(words):
            continue
        title = words[:150]
        found = _RESOLVES.search(title)
        if found and found.start() < 75 and not _GENERAL.search(title[: found.end()]):
            return True
    return False
