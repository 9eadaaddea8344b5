"""Vietnamese typed with the old fonts TCVN3 (.VnTime) and VNI: how to tell it, and how to read it.

Such fonts draw Vietnamese over the codes of Western letters; pasted elsewhere, "Công văn" reads
"C«ng v¨n" (TCVN3) or "Coâng vaên" (VNI).
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import product
from typing import Literal

Charset = Literal["tcvn3", "vni"]

# --- The tables.

TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")  # none, huyền, hỏi, ngã, sắc, nặng

# Letters in the order of their codes. Capitals have none of their own with a tone: the fonts for
# capitals (.VnTimeH) draw the small letters large.
_TCVN3_BARE = dict(zip("¡¢£¤¥¦§¨©ª«¬\u00ad®", "ĂÂÊÔƠƯĐăâêôơưđ", strict=True))
_TCVN3_TONED = {
    "a": "µ¶·¸¹",
    "ă": "»¼½¾Æ",
    "â": "ÇÈÉÊË",
    "e": "ÌÎÏÐÑ",
    "ê": "ÒÓÔÕÖ",
    "i": "×ØÜÝÞ",
    "o": "ßáâãä",
    "ô": "åæçèé",
    "ơ": "êëìíî",
    "u": "ïñòóô",
    "ư": "õö÷øù",
    "y": "úûüýþ",
}
# VNI writes the mark as a letter of its own behind the base letter.
_VNI_TONES = "øûõùï"
_VNI_MARKED = {"a": {"â": "âàåãáä", "ă": "êèúüéë"}, "e": {"ê": "âàåãáä"}, "o": {"ô": "âàåãáä"}}
_VNI_ALONE = dict(zip("ñìæóíòîôö", "đìỉĩíịỵơư", strict=True))


def _with(letter: str, tone: str) -> str:
    return unicodedata.normalize("NFC", letter + tone)


def _tcvn3() -> dict[str, str]:
    table = dict(_TCVN3_BARE)
    for letter, codes in _TCVN3_TONED.items():
        table |= {code: _with(letter, tone) for code, tone in zip(codes, TONES[1:], strict=True)}
    return table


def _vni() -> dict[str, str]:
    table = dict(_VNI_ALONE)
    for letter, base in (*zip("aeouy", "aeouy", strict=True), ("ơ", "ô"), ("ư", "ö")):
        for mark, tone in zip(_VNI_TONES, TONES[1:], strict=True):
            table[base + mark] = _with(letter, tone)
    for base, hats in _VNI_MARKED.items():
        for letter, marks in hats.items():
            table |= {
                base + mark: _with(letter, tone) for mark, tone in zip(marks, TONES, strict=True)
            }
    for code, letter in list(table.items()):
        # "Coâng", "COÂNG", and the capital with a small mark that hurried typing leaves: "Aán".
        for shape in product(*((one, one.upper()) for one in code)):
            table["".join(shape)] = letter.upper() if shape[0].isupper() else letter
    return table


TABLES: dict[Charset, dict[str, str]] = {"tcvn3": _tcvn3(), "vni": _vni()}
_CODES = {
    charset: re.compile("|".join(sorted(map(re.escape, table), key=len, reverse=True)))
    for charset, table in TABLES.items()
}

# --- Syllables of Vietnamese, without their tones.

_ONSETS = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
_RIMES_LINES = """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
    i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăp oăt oc oe oen oeo oet
    oi om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
    u ua uân uâng uât uây uc uê uêch uên uênh ui um un ung uôc uôi uôm uôn uông uôt uơ up ut
    uy uya uych uyên uyêt uyn uynh uyp uyt uyu
    ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu
"""
_RIMES = frozenset(_RIMES_LINES.split())
_BY_LENGTH = sorted(_ONSETS.split(), key=len, reverse=True)
_SYLLABLE = re.compile(f"({'|'.join(_BY_LENGTH)})?(.+)")
_STOPS = ("c", "ch", "p", "t")
_WORD = re.compile(r"[^\x00-@\[-`{-\x7f\s]+")  # symbols above ASCII are letters to these fonts
_PUNCTUATION = re.compile("[\u2010-\u205e]")
_BEYOND = re.compile("[\u0100-\U0010ffff]")
# What Western languages do not write: such a mark behind such a vowel, Icelandic letters and signs
# inside a word, a large letter behind a small one ("tÕ", "ThuÇn").
_STRONG_VNI = re.compile("[aeo][âàåãáä]|a[êèúüéë]|[ôö][øûõùï]|[uye][øûõ]|[aoy]ø|y[ûõùï]|æ", re.I)
_SIGNS = frozenset("µªºÞþð")
_LARGE_INSIDE = re.compile("[a-z][À-Þ]")
_LARGE_SECOND = re.compile("^[A-Z][À-Þ][a-z]")


def _parts(syllable: str) -> tuple[str, list[str]]:
    """A syllable without its tones, and the tones."""
    letters: list[str] = []
    tones: list[str] = []
    for letter in unicodedata.normalize("NFD", syllable.lower()):
        (tones if letter in TONES else letters).append(letter)
    return unicodedata.normalize("NFC", "".join(letters)), tones


def _is_syllable(word: str, *, strict: bool = False) -> bool:
    """True for a syllable of Vietnamese; ``strict``: before a stop its tone is sắc or nặng."""
    bare, tones = _parts(word)
    if len(tones) > 1:
        return False
    found = _SYLLABLE.fullmatch(bare)
    if found is None or not (found[2] in _RIMES or bare in _RIMES or _of_g(bare)):
        return False
    return not strict or not bare.endswith(_STOPS) or tones in (["\u0301"], ["\u0323"])


def _of_g(bare: str) -> bool:
    # "gì", "giếng": the i belongs to both.
    return bare.startswith("g") and bare[1:] in _RIMES


def _read(text: str, charset: Charset) -> str:
    table = TABLES[charset]
    return _CODES[charset].sub(lambda found: table[found[0]], text)


def _words(text: str) -> Iterator[str]:
    """The words that hold more than ASCII, without the punctuation of typographers."""
    for word in _WORD.findall(_PUNCTUATION.sub(" ", text)):
        if not word.isascii():
            yield word


def _belongs(word: str, charset: Charset) -> bool:
    """True for a word that is Vietnamese in the old font and nothing as it stands."""
    if _BEYOND.search(word) or (_is_syllable(word) and not _is_odd(word)):
        return False
    # "½", "µm", "«": a symbol before anything else may be meant as one.
    if not word[0].isalpha() or word[0] in "µªº":
        return word[0] in "®§" and len(word) > 1 and _is_syllable(_read(word, charset), strict=True)
    return _is_syllable(_read(word, charset), strict=True)


def _is_strong(word: str, charset: Charset) -> bool:
    """True for a word of the old font that no Western language writes."""
    if charset == "vni":
        return bool(_STRONG_VNI.search(word))
    return bool(_LARGE_INSIDE.search(word)) or any(
        not one.isalpha() or one in _SIGNS for one in word
    )


def _is_odd(word: str) -> bool:
    """True for a large letter beyond ASCII behind a small one, or second before a small one."""
    return bool(_LARGE_INSIDE.search(word) or _LARGE_SECOND.search(word))


def _is_of_today(word: str) -> bool:
    """True for a word that is right as it stands, and no word of an old font."""
    if _BEYOND.search(word):
        return True
    old = any(_is_syllable(_read(word, charset), strict=True) for charset in TABLES)
    return _is_syllable(word) and not _is_odd(word) and not old


def legacy_charset(text: str) -> Charset | None:
    """The old character set that the text was typed in; None for Unicode and other languages."""
    words = list(_words(text))
    today = sum(map(_is_of_today, words))
    best: tuple[int, Charset] | None = None
    for charset in TABLES:
        found = [word for word in words if _belongs(word, charset)]
        strong = sum(_is_strong(word, charset) for word in found)
        enough = strong or len(found) > 2 or (charset == "tcvn3" and len(found) == 2)
        if enough and len(found) > today and (best is None or len(found) > best[0]):
            best = len(found), charset
    return best[1] if best else None


def to_unicode(text: str, charset: Charset) -> str:
    """The text in Unicode (NFC); words that are right already stay."""
    read = _WORD.sub(
        lambda word: word[0] if _is_of_today(word[0]) else _read(word[0], charset), text
    )
    return unicodedata.normalize("NFC", read)
