"""The national catalogue: NĐ 30/2020 Điều 7, Phụ lục III and VI; TT 01/2019 Phụ lục IV."""

import pytest
from django.utils import translation

from documents import catalogue


def test_twenty_nine_types_two_without_an_abbreviation():
    names = [each.name for each in catalogue.TYPES]
    short = [each.abbreviation for each in catalogue.TYPES if each.abbreviation]
    assert len(names) == len(set(names)) == 29
    assert len(short) == len(set(short)) == 27
    assert {each.name for each in catalogue.TYPES if not each.abbreviation} == {
        "Công văn",
        "Thư công",
    }


@pytest.mark.parametrize(
    ("name", "short"),
    [("Quy định", "QyĐ"), ("Tờ trình", "TTr"), ("Công điện", "CĐ"), ("Công văn", ""), ("Luật", "")],
)
def test_abbreviation(name, short):
    assert catalogue.abbreviation(name) == short


def test_stored_names_are_vietnamese_in_every_language():
    with translation.override("en"):
        assert [name for name, _label in catalogue.type_choices()][:2] == [
            "Nghị quyết",
            "Quyết định",
        ]


def test_priorities_are_those_of_the_exchange():
    with translation.override("vi"):
        assert {code: str(label) for code, label in catalogue.PRIORITIES.items()} == {
            0: "Thường",
            1: "Khẩn",
            2: "Thượng khẩn",
            3: "Hỏa tốc",
            4: "Hỏa tốc hẹn giờ",
        }


@pytest.mark.parametrize(
    ("name", "tt01", "nd30"),
    [
        ("doc_code", "1", ""),
        ("file_notation", "2.3", "1.3"),
        ("type_name", "4", "3"),
        ("subject", "9", "8"),
        ("arrival_number", "14", "13"),
        ("signer_position", "15.1", "14.1"),
        ("signer_full_name", "15.2", "14.2"),
        ("due_date", "19", "18"),
    ],
)
def test_field_numbers(name, tt01, nd30):
    assert catalogue.field_number(name, "tt01") == tt01
    assert catalogue.field_number(name, "nd30") == nd30


def test_nd30_counts_one_less_everywhere():
    for each in catalogue.FIELDS[1:]:
        first, *rest = each.tt01.split(".")
        assert each.nd30 == ".".join([str(int(first) - 1), *rest])


def test_unknown_field_and_numbering():
    with pytest.raises(KeyError):
        catalogue.field_number("colour", "nd30")
    with pytest.raises(ValueError, match="hd822"):
        catalogue.field_number("subject", "hd822")


def test_lengths():
    lengths = {each.name: each.max_length for each in catalogue.FIELDS}
    assert (lengths["subject"], lengths["organ_name"], lengths["to_places"]) == (500, 200, 1000)
    assert lengths["trace_header_list"] is None
