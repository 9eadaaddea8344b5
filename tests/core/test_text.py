"""One form for storing, one for searching."""

import pytest

from core.text import clean, fold, small_key, small_number


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Qu\u0079\u00ea\u0301t \u0111i\u0323nh", "Quyết định"),  # decomposed
        ("Kon\u00a0Tum", "Kon Tum"),
        ("\ufeffKon\u200b Tum\u200d\u2060", "Kon Tum"),
        ("  Kon \t Tum \n", "Kon Tum"),
        ("ab\u202ecd\u00ad", "abcd"),  # text that runs backwards, a soft hyphen
        ("a\x00b\x1fc\x7f", "abc"),
        ("Kon\u3000Tum", "Kon Tum"),
        ("Kon\u2066 Tum\u2069\u061c\u180e\ufff9", "Kon Tum"),  # the rest of category Cf
        ("\u115f\u1160\u3164\uffa0\u2800", ""),  # fillers: letters that draw nothing
        ("Số\ufe0f 5\U000e0041\U000e0100", "Số 5"),
        ("e\u200b\u0302", "ê"),  # joined when nothing stands between
        ("", ""),
    ],
)
def test_clean(typed, stored):
    """TCVN 6909:2001 (Kon Tum Điều 3.1)."""
    assert clean(typed) == stored
    assert clean(stored) == stored


def test_lines_are_kept_where_they_mean_something():
    assert clean(" một\r\n  hai \r\rba\u200b ", lines=True) == "một\nhai\n\nba"
    assert clean("một\nhai") == "một hai"


@pytest.mark.parametrize(
    ("value", "folded"),
    [
        ("4127/UBND-HTKT", "4127 ubnd htkt"),
        ("Đăk Bla", "dak bla"),
        ("ĐƯỜNG BỘ", "duong bo"),
        ("Khắc phục sạt lở bờ kè", "khac phuc sat lo bo ke"),
        ("quye\u0302\u0301t \u0111i\u0323nh", "quyet dinh"),
        ("01.QĐ/UBND;  (bản sao)", "01 qd ubnd ban sao"),
        ("%_'\"", ""),
        ("Kon\u200bTum", "kontum"),
    ],
)
def test_fold(value, folded):
    """Written and asked alike, or nothing is found."""
    assert fold(value) == folded
    assert fold(folded) == folded


@pytest.mark.parametrize(
    ("typed", "number"),
    [("7", 7), ("0", 0), ("99999", 99999), ("9" * 5000, 1), ("-1", 1), ("²", 1), ("", 1)],
)
def test_a_number_from_an_address_is_never_too_long(typed, number):
    assert small_number(typed) == number


@pytest.mark.parametrize(
    ("typed", "key"),
    [("7", 7), ("100000", 100000), ("9" * 17, 10**17 - 1), ("9" * 18, 0), ("-1", 0), ("", 0)],
)
def test_a_key_may_be_as_long_as_keys_grow(typed, key):
    """After 100,000 signatures elsewhere the next one still finds its errand."""
    assert small_key(typed) == key
