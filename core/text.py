"""Vietnamese text: one form for storing, one for searching, one for ordering."""

import re
import unicodedata

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SPLIT = re.compile(r"[^0-9a-z]+")


def clean(value: str, *, lines: bool = False) -> str:
    """NFC, without invisible characters; spaces collapsed. ``lines`` keeps line breaks."""
    value = unicodedata.normalize("NFC", value).replace("\u00a0", " ")
    value = _CONTROL.sub("", _INVISIBLE.sub("", value))
    if not lines:
        return " ".join(value.split())
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(" ".join(line.split()) for line in value.split("\n")).strip()


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
