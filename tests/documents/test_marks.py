"""What was searched for, marked where it stands, whatever is in the text."""

import pytest

from documents.marks import marked, terms


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("sạt lở", ["sat", "lo"]),
        ("4127/UBND-HTKT", ["4127", "ubnd", "htkt"]),
        ('"sạt lở" kè', ["sat lo", "ke"]),
        ("“bờ kè” 4127", ["bo ke", "4127"]),
        ('"chưa đóng', ["chua", "dong"]),
        ("lo lo LỞ", ["lo"]),
        ("an toàn tan", ["toan", "tan"]),  # "an" stands in both
        ('""', []),
        ("% _ \\ * 🏢 … ", []),
        ("\u202eسري\u202c", []),
        ("sa\u0323t", ["sat"]),
    ],
)
def test_a_query_asks_for_phrases_and_words_once(typed, asked):
    assert terms(typed) == asked


def test_a_pasted_page_asks_for_its_longest_words():
    asked = terms(" ".join(f"chu{'x' * (number % 7)}{number:03}" for number in range(300)))
    assert len(asked) == 32
    assert min(map(len, asked)) >= 11


@pytest.mark.parametrize(
    ("text", "typed", "shown"),
    [
        ("Khắc phục sạt lở", "sat", "Khắc phục <mark>sạt</mark> lở"),
        ("Khắc phục sạt lở", '"sạt lở"', "Khắc phục <mark>sạt lở</mark>"),
        ("4127/UBND-HTKT", "ubnd htkt", "4127/<mark>UBND</mark>-<mark>HTKT</mark>"),
        ("Đăk Bla", "dak", "<mark>Đăk</mark> Bla"),
        ("<b>Sở & Phòng</b>", "so", "&lt;b&gt;<mark>Sở</mark> &amp; Phòng&lt;/b&gt;"),
        ("<script>", "script", "&lt;<mark>script</mark>&gt;"),
        ("Kế hoạch a", "a", "Kế hoạch <mark>a</mark>"),  # not in every word
        ("Ke\u0302\u0301 hoạch", "ke", "<mark>Ke\u0302\u0301</mark> hoạch"),
        ("UBND - HĐND", '"ubnd hdnd"', "<mark>UBND - HĐND</mark>"),
        ("Mưa lớn, sạt lở", "lở", "Mưa lớn, sạt <mark>lở</mark>"),  # the word, not its letters
        ("Mưa lớn", "lo", "Mưa <mark>lớ</mark>n"),  # part of a word where it is none of its own
        ("Không có", "mark", "Không có"),
        ("", "gì", ""),
    ],
)
def test_words_are_marked_without_regard_to_marks_and_escaped(text, typed, shown):
    assert marked(text, terms(typed)) == shown
