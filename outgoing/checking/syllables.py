"""The syllables of Vietnamese, built by rule: onset, rime, tone, and the way they are written.

Both ways to set a tone are right ("hòa", "hoà"), and both letters for the vowel i after some
onsets ("kỹ", "kĩ"). Before a stop (p, t, c, ch) only two tones are heard: sắc and nặng.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache

from core.legacy_text import TONES

_ONSET_WORDS = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
_RIME_WORDS = """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên ênh êng êp êt êu
    i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet
    oi om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
    u ua uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt uơ up ut
    uy uya uych uyên uyêt uyn uynh uyp uyt uyu
    ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu
"""
# Rimes in y: alone after these onsets, and at the head of a word.
_WITH_Y = ("h", "k", "l", "m", "s", "t", "v")
_HEADS_IN_Y = ("y", "yêm", "yên", "yêng", "yêt", "yêu")
_AFTER_QU_WORDS = """
    a ac ach ai an ang anh ao at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng ât âu ây e en eng eo et ê
    êch ên ênh êt êu i ich in inh it iu iên iêt ôc ơ ơi ơn ơt y ych yên yêt ynh yn yp yt yu o
"""
_ONSETS, _RIMES, _AFTER_QU = (
    words.split() for words in (_ONSET_WORDS, _RIME_WORDS, _AFTER_QU_WORDS)
)
LONGEST = 14  # letters of two syllables
_SOFT = "eêiy"
_STOPS = ("p", "t", "c", "ch")
_VOWELS = "aăâeêioôơuưy"
_MARKED = "ăâêôơư"


@cache
def syllables() -> frozenset[str]:
    """All of them, in small letters, composed."""
    return frozenset(toned for onset, rime in _bare() for toned in _toned(onset, rime))


@cache
def _strayed() -> dict[str, str]:
    """Syllables whose tone stands on another vowel of theirs, and how they are written."""
    known, found = syllables(), dict[str, str]()
    for onset, rime in _bare():
        for tone in _tones_of(rime):
            right = _set(onset, rime, _places(rime)[0], tone)
            for place, letter in enumerate(rime):
                if letter in _VOWELS:
                    wrong = _set(onset, rime, place, tone)
                    if wrong not in known:
                        found[wrong] = right
            if onset in ("qu", "gi") and tone:
                wrong = _set("", onset + rime, 1, tone)
                if wrong not in known:
                    found[wrong] = right
    return found


def strayed(word: str) -> str | None:
    """The syllable as it is written, of one whose tone is set on the wrong vowel."""
    return _strayed().get(word)


def split(word: str) -> str | None:
    """Two syllables with a space between, of a word that two make in one way only."""
    if len(word) > LONGEST:
        return None
    known = syllables()
    ways = [
        f"{word[:at]} {word[at:]}"
        for at in range(2, len(word) - 1)
        if word[:at] in known and word[at:] in known
    ]
    # At least one of them bears a mark: else it may be a foreign word.
    return ways[0] if len(ways) == 1 and not word.isascii() else None


def _bare() -> Iterator[tuple[str, str]]:
    for rime in _RIMES:
        if not rime.startswith("iê"):
            yield "", rime
        for onset in _ONSETS:
            if onset != "qu" and _fits(onset, rime):
                yield onset, rime
    for rime in _AFTER_QU:
        yield "qu", rime
    for rime in _HEADS_IN_Y:
        yield "", rime
    for onset in _WITH_Y:
        yield onset, "y"


def _fits(onset: str, rime: str) -> bool:
    """Whether the onset is written in this way before the rime."""
    soft = rime[0] in _SOFT
    if onset in ("c", "ng"):
        return not soft
    if onset in ("k", "gh", "ngh"):
        # "k" stands before others in names only.
        return soft
    if onset == "g":
        return not soft or rime in ("i", "in")
    if onset == "gi":
        # The i of both is written once: "giêng", "gì".
        return rime[0] not in "iy"
    return True


def _places(rime: str) -> list[int]:
    """Where the tone may stand, the newer way first."""
    marked = [at for at, letter in enumerate(rime) if letter in _MARKED]
    if marked:
        return [marked[-1]]
    vowels = [at for at, letter in enumerate(rime) if letter in _VOWELS]
    if len(vowels) == 1:
        return vowels
    if rime in ("oa", "oe", "uy"):
        return [1, 0]
    if len(vowels) == 3 or rime[-1] not in _VOWELS:
        return [vowels[1]]
    return [vowels[0]]


def _tones_of(rime: str) -> Iterator[str]:
    for at, tone in enumerate(TONES):
        # "none, huyền, hỏi, ngã, sắc, nặng"
        if at >= 4 or not rime.endswith(_STOPS):
            yield tone


def _toned(onset: str, rime: str) -> Iterator[str]:
    for tone in _tones_of(rime):
        for place in _places(rime):
            yield _set(onset, rime, place, tone)


def _set(onset: str, rime: str, place: int, tone: str) -> str:
    letters = f"{onset}{rime[: place + 1]}{tone}{rime[place + 1 :]}"
    return unicodedata.normalize("NFC", letters)
