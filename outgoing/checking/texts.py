"""The words themselves: old fonts, letters in pieces, marks, dates, the end of the text."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date

from core.legacy_text import legacy_charset, to_unicode
from core.text import clean, fold
from outgoing.checking import places
from outgoing.checking.findings import Hit, Rule, Sheet
from outgoing.checking.places import Text
from outgoing.checking.words import is_known
from outgoing.markup import Block, BlockKind, is_row

FEW = 200  # lines
_CHUNK = re.compile(r"[^\s“”‘’…–]+")
_WESTERN = re.compile("[\u00a1-\u00ff]")
_BEYOND = re.compile("[\u0100-\U0010ffff]")
# Printable, and yet they draw nothing.
_BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0]")
_INK = re.compile(r"[^ \t\u00a0]+")
_DATE = re.compile(
    r"\b(?P<day_word>ngày\s+)(?P<day>\d{1,2})(?P<month_word>\s+tháng\s+)(?P<month>\d{1,2})"
    r"(?:\s+năm\s+(?P<year>\d{4}))?",
    re.IGNORECASE,
)


def legacy(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """Words typed in TCVN3 or VNI: a whole field at once, or the lines that were pasted."""
    for text in sheet.of(rule.fields):
        strange = [number for number, line in enumerate(text.lines, 1) if _is_strange(line)]
        if not strange:
            continue
        # The whole text tells more than a line; a long one of today is not read for one word.
        many = len(strange) > len(text.lines) / 5 or len(text.lines) < FEW
        charset = legacy_charset(text.whole) if many else None
        if charset:
            read = to_unicode(text.whole, charset)
            yield Hit(text.place, _first_difference(text.whole, read), read)
            continue
        for number in strange if text.many else ():
            line = text.lines[number - 1]
            charset = legacy_charset(line)
            if charset:
                read = to_unicode(line, charset)
                yield Hit(text.at(number), _first_difference(line, read), read)


def _is_strange(line: str) -> bool:
    """True for a line with a word of Western letters alone that is no syllable."""
    if line.isascii():
        return False
    return any(
        not is_known(chunk.strip(".,;:!?()[]\"'*/-").lower())
        for chunk in _CHUNK.findall(line)
        if _WESTERN.search(chunk) and not _BEYOND.search(chunk)
    )


def _first_difference(typed: str, read: str) -> str:
    pairs = zip(typed.split(), read.split(), strict=False)
    return next((one for one, other in pairs if one != other), typed[:40])


def composed(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """Letters whose marks stand apart (NFD)."""
    for place, line in _all_lines(sheet, rule):
        if not line.isascii() and not unicodedata.is_normalized("NFC", line):
            words = [word for word in line.split() if not unicodedata.is_normalized("NFC", word)]
            yield Hit(place, words[0] if words else line, unicodedata.normalize("NFC", line))


def invisible(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """Characters that draw nothing, and make words that nobody finds."""
    for place, line in _all_lines(sheet, rule):
        if line.isprintable() and not _BLANK.search(line):
            continue
        shown = _INK.sub(lambda found: clean(found[0]), line)
        # The marks that stand apart are told by another rule.
        if shown != unicodedata.normalize("NFC", line):
            gone = sorted({f"U+{ord(one):04X}" for one in set(line) - set(shown) if _hidden(one)})
            yield Hit(place, ", ".join(gone), shown)


def _hidden(letter: str) -> bool:
    return not clean(letter) and not letter.isspace()


def _all_lines(sheet: Sheet, rule: Rule) -> Iterator[tuple[str, str]]:
    for text in sheet.of(rule.fields) if rule.fields else sheet.texts:
        for number, line in enumerate(text.lines, 1):
            yield text.at(number), line


# --- Dates.


def date_zero(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """Days below 10, January and February without their zero."""
    for place, line in _all_lines(sheet, rule):
        yield from _rewritten(place, line, _with_zeros)


def date_extra_zero(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """A zero before the months from March on."""
    for place, line in _all_lines(sheet, rule):
        yield from _rewritten(place, line, _without_zeros)


def _with_zeros(day: str, month: str) -> tuple[str, str]:
    return day.zfill(2), month.zfill(2) if int(month) < 3 else month


def _without_zeros(day: str, month: str) -> tuple[str, str]:
    return day, str(int(month)) if 2 < int(month) < 10 else month


def _rewritten(
    place: str, line: str, rewrite: Callable[[str, str], tuple[str, str]]
) -> Iterator[Hit]:
    first = ""

    def anew(found: re.Match[str]) -> str:
        nonlocal first
        day, month = rewrite(found["day"], found["month"])
        if (day, month) == (found["day"], found["month"]):
            return found[0]
        first = first or found[0]
        year = found[0][found.end("month") - found.start() :]
        return f"{found['day_word']}{day}{found['month_word']}{month}{year}"

    if "tháng" not in line.lower():
        return
    mend = _DATE.sub(anew, line)
    if first:
        yield Hit(place, first, mend)


def date_impossible(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """A day that no calendar has."""
    for place, line in _all_lines(sheet, rule):
        if "tháng" not in line.lower():
            continue
        for found in _DATE.finditer(line):
            try:
                # Without its year, the 29th of February may be.
                date(int(found["year"] or 2000), int(found["month"]), int(found["day"]))
            except ValueError:
                yield Hit(place, found[0])
                break


# --- Quotation marks and brackets.

_PAIRS = {"“": "”", "«": "»"}
_STRAIGHT = re.compile(r'(?<![\d"])"([^"]*)"')


def quotes_open(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """A quotation that is not closed, or closed without having been opened."""
    for text in sheet.of(rule.fields):
        for opening, closing in _PAIRS.items():
            wrong = _unmatched(text, opening, closing)
            if wrong:
                yield Hit(text.at(wrong), opening)
                break


def _unmatched(text: Text, opening: str, closing: str) -> int:
    """The line of a mark that stands alone; a quoted text may run over many lines. 0: none."""
    opened: list[int] = []
    for number, line in enumerate(text.lines, 1):
        for letter in line if opening in line or closing in line else "":
            if letter == opening:
                opened.append(number)
            elif letter == closing:
                if not opened:
                    return number
                opened.pop()
    return opened[0] if opened else 0


def quotes_mixed(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """Straight quotation marks beside curly ones in one paper."""
    if not any("“" in line for _place, line in _all_lines(sheet, rule)):
        return
    for place, line in _all_lines(sheet, rule):
        mend = _STRAIGHT.sub(r"“\1”", line)
        if mend != line:
            yield Hit(place, '"', mend)


_LABEL = re.compile(r"(?:^|[\s;:,.])(?:\d{1,2}|[a-zđ]{1,2})$")


def brackets_open(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """A bracket without the other in its line or the next one; "a)" and "1)" are labels."""
    for text in sheet.of(rule.fields):
        open_at = 0
        for number, line in enumerate(text.lines, 1):
            if not line.strip():
                continue
            wrong = _lonely_bracket(line) if "(" in line or ")" in line else ""
            if open_at and wrong == ")":
                open_at = 0
                continue
            if open_at:
                yield Hit(text.at(open_at), "(")
            open_at = number if wrong == "(" else 0
            if wrong == ")":
                yield Hit(text.at(number), ")")
        if open_at:
            yield Hit(text.at(open_at), "(")


def _lonely_bracket(line: str) -> str:
    depth = 0
    for found in re.finditer(r"[()]", line):
        if found[0] == "(":
            depth += 1
        elif depth:
            depth -= 1
        elif not _LABEL.search(line[max(0, found.start() - 4) : found.start()].lstrip("*")):
            return ")"
    return "(" if depth else ""


# --- The end of the text, and what the form prints itself.

_AT_END = " \t\u00a0.;:,/…"


def end_mark(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """The body does not end with "./."."""
    blocks = sheet.blocks[0][1]
    if not blocks or blocks[-1].kind in (BlockKind.TABLE, BlockKind.PICTURE, BlockKind.BREAK):
        return
    line = places.lines_of(sheet.paper.body)[blocks[-1].line - 1].rstrip()
    bare = line.rstrip("*")
    words, stars = bare.rstrip(_AT_END), line[len(bare) :]
    if words and bare != f"{words}./.":
        yield Hit(
            f"body:{blocks[-1].line}", " ".join(line[-60:].split()[-2:]), f"{words}./.{stars}"
        )


def end_mark_early(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """ "./." before the end of the body."""
    blocks = sheet.blocks[0][1]
    last = blocks[-1].line if blocks else 0
    for number, line in enumerate(places.lines_of(sheet.paper.body), 1):
        if number < last and "./." in line:
            bare = line.rstrip().rstrip("*")
            stars = line.rstrip()[len(bare) :]
            alone = bare.endswith("./.") and bare.count("./.") == 1
            yield Hit(f"body:{number}", "./.", f"{bare[:-3]}.{stars}" if alone else None)


def typed_frame(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """Lines that the form prints, typed once more into the text."""
    phrases = {fold(phrase) for phrase in rule.values["phrases"]}
    for block in sheet.blocks[0][1]:
        if _is_line(block) and fold(block.text) in phrases:
            yield Hit(f"body:{block.line}", block.text, "")


def _is_line(block: Block) -> bool:
    return block.kind is BlockKind.PARAGRAPH and len(block.text) < 60


def articles_missing(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """A decision without articles."""
    blocks = sheet.blocks[0][1]
    if blocks and not any(block.kind is BlockKind.ARTICLE for block in blocks):
        yield Hit("body")


def minutes_head(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """Minutes whose text does not begin with when, where, who was there, chaired and wrote."""
    labels: list[str] = rule.values["labels"]
    body = places.lines_of(sheet.paper.body)
    heads = [fold(line.partition(":")[0]) if ":" in line else "" for line in body]
    # "Chủ trì", "Chủ tọa", "Chủ trì (chủ tọa)" are one.
    known = {
        label: {fold(one) for one in re.split(r"[()]", label) if one.strip()} for label in labels
    }
    known = {label: {*names, fold(label)} for label, names in known.items()}
    missing = [label for label, names in known.items() if not names & set(heads)]
    if not missing:
        return
    there = [
        next((at for at, one in enumerate(heads) if one in known[each]), None) for each in labels
    ]
    mended = list(body)
    for place in reversed(range(len(labels))):
        if there[place] is None:
            # In front of the one that follows it, else behind the last one that stands before it.
            after = [at for at in there[place + 1 :] if at is not None]
            before = [at + 1 for at in there[:place] if at is not None]
            at = min(after) if after else max(before) if before else 0
            mended.insert(at, f"{labels[place]}: …")
    yield Hit("body", ", ".join(missing), "\n".join(mended))


def fixed_words(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """Words that the form of the type has in its text and that are not there."""
    there = fold(sheet.paper.body)
    missing = [one for one in rule.values["phrases"] if fold(one) not in there]
    if missing:
        yield Hit("body", ", ".join(f"“{one}”" for one in missing))


def secretary_missing(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """Minutes that nobody has written."""
    secretary = sheet.paper.secretary
    if secretary is None or not secretary.full_name.strip():
        yield Hit("secretary.full_name" if secretary else "secretary")


# --- Marks and spaces. Addresses of the net are no sentences.

_ADDRESS = re.compile(r"@|://|www\.|\.(?:vn|com|gov|org|net|docx?|pdf|xlsx?|zip)\b", re.IGNORECASE)
_NO_SPACE = re.compile(r"(?<=\w)([,;:!?])(?=[^\W\d_])|(?<=[^\W\d_A-ZĐ])(\.)(?=[A-ZĐ][^\W\d_A-Z])")


def space_after_mark(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """Two words that a mark joins without a space."""
    for text in sheet.of(rule.fields):
        for number, line in enumerate(text.lines, 1):
            if not _NO_SPACE.search(line):
                continue
            mend = re.sub(r"\S+", _spaced, line)
            if mend != line:
                found = next(_NO_SPACE.finditer(line))
                around = line[max(0, found.start() - 12) : found.end() + 12]
                yield Hit(text.at(number), around.strip(), mend)


def _spaced(chunk: re.Match[str]) -> str:
    return chunk[0] if _ADDRESS.search(chunk[0]) else _NO_SPACE.sub(r"\1\2 ", chunk[0])


def spaces_double(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """Two spaces between words; tables are laid out as one likes."""
    for text in sheet.of(rule.fields):
        for number, line in enumerate(text.lines, 1):
            inner = line.strip()
            if "  " in inner and not is_row(inner):
                yield Hit(text.at(number), "", re.sub(r" {2,}", " ", inner))
