"""What was searched for, marked in the texts that hold it."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from html import escape

from django.utils.safestring import SafeString, mark_safe

from core.text import fold

# A whole subject may be pasted; more words than these narrow nothing further.
_MOST_WORDS = 32
_QUOTED = re.compile(r"[\"“”„«»]([^\"“”„«»]*)[\"“”„«»]")


def terms(words: str) -> list[str]:
    """What a query asks for, folded: its quoted phrases, then its single words, each once.

    A word that stands inside another one asks for nothing of its own.
    """
    phrases = [fold(found) for found in _QUOTED.findall(words)]
    single = fold(_QUOTED.sub(" ", words)).split()
    longest = sorted({*phrases, *single} - {""}, key=len, reverse=True)
    kept: set[str] = set()
    for one in longest:
        if len(kept) < _MOST_WORDS and not any(one in other for other in kept):
            kept.add(one)
    return [one for one in dict.fromkeys([*phrases, *single]) if one in kept]


def marked(text: str, asked: Iterable[str]) -> SafeString:
    """The text, escaped, with ``<mark>`` around every part that a folded term finds."""
    asked = tuple(asked)
    # Most texts of a page hold none of them; without their gaps they are compared at once.
    letters = "".join(map(_folded, text))
    if not any(one.replace(" ", "") in letters for one in asked):
        return mark_safe(escape(text))  # noqa: S308
    on = _places(text, asked)
    if not any(on):
        return mark_safe(escape(text))  # noqa: S308
    parts, start = [], 0
    for place in range(1, len(text) + 1):
        if place == len(text) or on[place] != on[start]:
            piece = escape(text[start:place])
            parts.append(f"<mark>{piece}</mark>" if on[start] else piece)
            start = place
    return mark_safe("".join(parts))  # noqa: S308 -- every piece was escaped


def holds(text: str, asked: Iterable[str]) -> set[str]:
    """Which of these folded terms the text holds."""
    if not (asked := list(asked)):
        return set()
    folded = fold(text)
    return {one for one in asked if one in folded}


@lru_cache(maxsize=4096)
def _folded(letter: str) -> str:
    """What ``core.text.fold`` makes of one letter; "" for marks and what draws nothing."""
    return fold(letter)


def _places(text: str, asked: tuple[str, ...]) -> list[bool]:
    """For each letter of the text, whether a term covers it."""
    on = [False] * len(text)
    folded, origin = "", []
    for place, letter in enumerate(text):
        made = _folded(letter)
        if not made:
            if unicodedata.combining(letter) or not folded or folded[-1] == " ":
                continue
            made = " "
        folded += made
        origin += [place] * len(made)
    for one in asked:
        # Where it stands as a word of its own, parts of other words are not meant ("lở", "lớn").
        # A single letter, which would paint half the line, is marked only so.
        hits = list(re.finditer(rf"\b{one}\b", folded))
        if not hits and len(one) > 1:
            hits = list(re.finditer(one, folded))
        for hit in hits:
            for place in range(origin[hit.start()], origin[hit.end() - 1] + 1):
                on[place] = True
    for place in range(1, len(text)):
        # A mark that is written apart goes with its letter.
        if unicodedata.combining(text[place]):
            on[place] = on[place - 1]
    return on
