"""Text of the old fonts TCVN3 and VNI: told from Unicode and from other languages, read exactly."""

import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.legacy_text import TABLES, Charset, legacy_charset, to_unicode

ROOT = Path(__file__).resolve().parent.parent.parent
CHARSETS: tuple[Charset, ...] = ("tcvn3", "vni")


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield unicodedata.normalize("NFC", value)
    elif isinstance(value, dict):
        yield from (text for each in value.values() for text in strings(each))
    elif isinstance(value, list):
        yield from (text for each in value for text in strings(each))


def letters() -> list[str]:
    """Every text of the letters of the demo."""
    path = ROOT / "edocman" / "demo" / "letters.toml"
    return list(strings(tomllib.loads(path.read_text(encoding="utf-8"))))


def subjects() -> list[str]:
    """Real-looking subjects, senders and directives."""
    return sorted({text for text in letters() if " " in text and 30 < len(text) < 300})


def typed_in(charset: Charset, text: str) -> str:
    """What the old font leaves of a text when it is pasted. TCVN3 has no capitals with a tone."""
    codes: dict[str, str] = {}
    for code, letter in TABLES[charset].items():
        codes.setdefault(letter, code)
    if charset == "vni":
        # "AÙ" for a capital in capitals, "AÙ" as well where only the first letter is one.
        codes |= {letter: code for code, letter in TABLES[charset].items() if code.isupper()}
    return "".join(
        letter if letter.isascii() else codes.get(letter) or codes.get(letter.lower(), letter)
        for letter in text
    )


def test_the_tables_hold_every_letter_of_the_alphabet():
    """Kon Tum Điều 3.1."""
    tones = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
    small = {
        unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in tones
    } | {"đ"}
    small = {letter for letter in small if not letter.isascii()}
    assert len(small) == 67
    assert small <= set(TABLES["tcvn3"].values())
    assert small | {letter.upper() for letter in small} == set(TABLES["vni"].values())
    for charset in CHARSETS:
        assert all(ord(sign) < 256 for code in TABLES[charset] for sign in code)


@pytest.mark.parametrize("charset", CHARSETS)
def test_a_corpus_in_the_old_font_is_told_and_read_exactly(charset: Charset):
    """Kon Tum Điều 3.1."""
    corpus = subjects()
    assert len(corpus) > 60
    for text in corpus:
        old = typed_in(charset, text)
        assert legacy_charset(old) == charset, old
        read = to_unicode(old, charset)
        if charset == "tcvn3":
            # Capitals with a tone were typed as small letters, and drawn large.
            assert read.lower() == text.lower()
            read, text = (each.replace("\u00a0", " ") for each in (read, text))
            assert all(a in (b, b.lower()) for a, b in zip(read, text, strict=True))
        else:
            assert read == text


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_right_vietnamese_is_left_alone(form: Any):
    for text in letters():
        assert legacy_charset(unicodedata.normalize(form, text)) is None, text


@pytest.mark.parametrize(
    ("old", "charset", "read"),
    [
        ("C«ng v¨n sè 12", "tcvn3", "Công văn số 12"),
        ("Céng hßa x· héi chñ nghÜa ViÖt Nam", "tcvn3", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
        ("Tr­êng §¹i häc", "tcvn3", "Trường Đại học"),
        ("Chñ tÞch", "tcvn3", "Chủ tịch"),
        ("Së Y tÕ", "tcvn3", "Sở Y tế"),
        ("Hµ Néi", "tcvn3", "Hà Nội"),
        ("Coâng vaên soá 12", "vni", "Công văn số 12"),
        (
            "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam",
            "vni",
            "Cộng hòa xã hội chủ nghĩa Việt Nam",
        ),
        ("COÄNG HOØA XAÕ HOÄI", "vni", "CỘNG HÒA XÃ HỘI"),
        ("Phoù Chuû tòch", "vni", "Phó Chủ tịch"),
        ("ÑAÛNG UÛY", "vni", "ĐẢNG ỦY"),
    ],
)
def test_short_texts_of_the_office(old: str, charset: Charset, read: str):
    assert legacy_charset(old) == charset
    assert to_unicode(old, charset) == read


FOREIGN = """
    Société Générale du Crédit à l'Équipement|Agence française de développement
    Université de Genève, Faculté de médecine|Côte d'Ivoire, Île-de-France|François Hollande
    Deutsche Gesellschaft für Internationale Zusammenarbeit|Müller & Söhne GmbH, Köln|Weiß, Groß
    Björk Guðmundsdóttir|Søren Kierkegaard|Åse Lång|José Muñoz Peña|João da Conceição, São Paulo
    Loïc Caïn|Anaïs Saône|Hervé Noël|Thérèse Zoé|naïf, maïs, où est-ce tôt|été à Nîmes|Raúl Castro
    «Bonjour» l'été|Microsoft® Office 2016|§ 5, §12|1½ ngày|2×3 m, 5÷10|bụi 2,5 µm|2 µm và 5 µm
    37 °C|50 m³ trên 2 km²|A4 ±3 mm|No. 12/2017|UBND-HTKT|QĐ-TTg|4127/UBND-HTKT|WHO & EU–ASEAN
    Hà Nội|xã, báo cáo|hoà bình|tài liệu|Sở Y tế|Quý|là|ý kiến|THÔng báo|CÔng an|Kon Plông, Ngok Réo
    Y Ngọc|A Klăh|Đắk Tô – “Tân Cảnh”||   |12345|Report on the Mekong Delta
"""


@pytest.mark.parametrize("text", [one.strip() for one in FOREIGN.replace("\n", "|").split("|")])
def test_other_languages_names_signs_and_codes_are_left_alone(text: str):
    assert legacy_charset(text) is None


def test_words_that_are_right_already_stay_when_the_others_are_read():
    """A clerk types “về việc” and pastes the rest."""
    text = "về việc b¸o c¸o t×nh h×nh thùc hiÖn kÕ ho¹ch"
    assert legacy_charset(text) == "tcvn3"
    assert to_unicode(text, "tcvn3") == "về việc báo cáo tình hình thực hiện kế hoạch"
