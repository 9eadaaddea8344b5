"""What is typed for a notation and for a retention, and what it becomes."""

import pytest
from django.core.exceptions import ValidationError

from dossiers.notation import (
    NOTATION_LENGTH,
    is_shorter,
    parse_maintenance,
    parse_notation,
    retention_years,
)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("01.TH", "01.TH"),
        ("01TH", "01.TH"),
        ("1TH", "01.TH"),
        (" 01 . TH ", "01.TH"),
        ("01 TH", "01.TH"),
        ("001.TH", "01.TH"),
        ("12.TCCB", "12.TCCB"),
        ("105.QLĐT", "105.QLĐT"),
        ("03.VP-TH", "03.VP-TH"),
        ("02.KTr", "02.KTr"),
        ("07.TH2", "07.TH2"),
        ("07.QL\u0110T\u200b", "07.QLĐT"),
    ],
)
def test_a_notation_is_written_with_a_dot(typed, written):
    """Cần Thơ Điều 13.3b: the text prints both 01TH and 01.TH."""
    assert parse_notation(typed) == written
    assert parse_notation(written) == written


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  ",
        "TH",
        "01",
        "01.",
        "00.TH",
        "TH.01",
        "01/TH",
        "01.TH/",
        "01.-TH",
        "-1.TH",
        "1,5.TH",
        "01.TH;x",
        "=1+1",
        "01._",
        "99999.TH",
        "٠١.TH",
    ],
)
def test_what_is_no_notation_is_told(typed):
    with pytest.raises(ValidationError, match=r"ví dụ 01\.TH"):
        parse_notation(typed)


def test_a_notation_has_at_most_twenty_letters():
    """TT 01/2019 Phụ lục VI: FileNotation is a string of 20."""
    longest = "01." + "T" * (NOTATION_LENGTH - 3)
    assert parse_notation(longest) == longest
    with pytest.raises(ValidationError, match="dài quá 20 ký tự"):
        parse_notation(longest + "T")


@pytest.mark.parametrize(
    ("typed", "written", "years"),
    [
        ("Vĩnh viễn", "Vĩnh viễn", None),
        ("vĩnh  viễn", "Vĩnh viễn", None),
        ("VINH VIEN", "Vĩnh viễn", None),
        ("20 năm", "20 năm", 20),
        ("20", "20 năm", 20),
        ("05 NĂM", "5 năm", 5),
        ("70nam", "70 năm", 70),
        ("1", "1 năm", 1),
        ("100", "100 năm", 100),
    ],
)
def test_a_retention_is_for_ever_or_a_number_of_years(typed, written, years):
    """NĐ 30/2020 Phụ lục V."""
    assert parse_maintenance(typed) == written
    assert retention_years(typed) == years
    assert parse_maintenance(written) == written


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "lâu dài",
        "hai mươi năm",
        "20 tháng",
        "-20",
        "20-30 năm",
        "1,5 năm",
        "1.5",
        "0",
        "0 năm",
        "101",
        "2026",
        "=20",
        "99999",
    ],
)
def test_another_retention_is_told(typed):
    with pytest.raises(ValidationError, match="Thời hạn bảo quản"):
        parse_maintenance(typed)


def test_for_ever_is_longer_than_any_number_of_years():
    assert is_shorter("5 năm", "20 năm")
    assert is_shorter("70 năm", "Vĩnh viễn")
    assert not is_shorter("Vĩnh viễn", "70 năm")
    assert not is_shorter("Vĩnh viễn", "Vĩnh viễn")
    assert not is_shorter("20", "20 năm")
