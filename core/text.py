"""Vietnamese text: one form for storing, one for searching, one for ordering."""

import re
import unicodedata

# Letters that draw nothing and are not of category Cf: joiners, fillers of Hangul and Khmer, the
# empty Braille cell, variation selectors, tags. A name made of them alone would look empty.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0000-\U000e0fff]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_SPLIT = re.compile(r"[^0-9a-z]+")


def clean(value: str, *, lines: bool = False) -> str:
    """NFC, without invisible characters; spaces collapsed. ``lines`` keeps line breaks."""
    value = _CONTROL.sub("", value)
    if not value.isascii():
        value = _BLANK.sub("", value.replace("\u00a0", " "))
        value = "".join(letter for letter in value if unicodedata.category(letter) != "Cf")
        # Last: what stood apart only by an invisible letter now joins.
        value = unicodedata.normalize("NFC", value)
    if not lines:
        return " ".join(value.split())
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(" ".join(line.split()) for line in value.split("\n")).strip()


def small_number(value: str, default: int = 1) -> int:
    """A number from an address or a hidden field; ``default`` for anything else, however long."""
    return int(value) if value.isdecimal() and len(value) < 6 else default


def small_key(value: str) -> int:
    """A primary key from an address or a form; 0, which no row has, for anything else."""
    return int(value) if value.isdecimal() and len(value) < 18 else 0


def fold(value: str) -> str:
    """Lower case without marks, đ → d, split at everything that is not a letter or digit.

    Write and query fold alike: "4127/UBND-HTKT" becomes "4127 ubnd htkt".
    """
    value = unicodedata.normalize("NFD", clean(value).lower().replace("đ", "d"))
    value = "".join(mark for mark in value if not unicodedata.combining(mark))
    return " ".join(part for part in _SPLIT.split(value) if part)


# Order of the Vietnamese alphabet and of its five marks (none, huyền, hỏi, ngã, sắc, nặng).
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_HATS = {"\u0306", "\u0302", "\u031b"}


def sort_key(value: str) -> str:
    """A key that orders Vietnamese words as a dictionary does (a < ă < â, marks after letters)."""
    words = []
    for word in clean(value).lower().split():
        # One tone a syllable, wherever it is written: "hòa" and "hoà" are the same word.
        letters, tone = [], 0
        for letter in word:
            parts = unicodedata.normalize("NFD", letter)
            base = unicodedata.normalize(
                "NFC", parts[0] + "".join(mark for mark in parts[1:] if mark in _HATS)
            )
            place = _LETTERS.find(base)
            letters.append(chr(ord("A") + place) if place >= 0 else f"~{base}")
            tone = next((_TONES[mark] for mark in parts[1:] if mark in _TONES), tone)
        words.append(f"{''.join(letters)}!{tone}")
    return " ".join(words)


def name_key(full_name: str) -> str:
    """Order of people: given name first, then family name, then what stands between."""
    words = clean(full_name).split()
    if len(words) < 2:
        return sort_key(full_name)
    return sort_key(" ".join([words[-1], words[0], *words[1:-1]]))
