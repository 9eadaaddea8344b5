"""The directory of recipients: kept, searched, imported."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from openpyxl import Workbook

from accounts import directory
from accounts.models import Agency, DirectoryEntry

HEAD = "Mã định danh,Tên cơ quan,Mã cơ quan cấp trên,Thư điện tử\n"
LIST = (
    HEAD
    + "000.00.00.H34,UBND tỉnh Kon Tum,,vanthu@kontum.gov.vn\n"
    + "000.00.09.H34,Sở Nội vụ tỉnh Kon Tum,000.00.00.H34,snv@kontum.gov.vn\n"
    + "H34.15.02,UBND xã Đăk Rơ Wa,000.00.00.H34,\n"
)


def file_of(tmp_path: Path, text: str, name: str = "danh-ba.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8-sig")
    return path


def imported(path: Path, *options: str) -> tuple[dict, int]:
    out, code = StringIO(), 0
    try:
        call_command("import_directory", path, "--json", *options, stdout=out)
    except SystemExit as error:
        code = int(error.code or 0)
    return json.loads(out.getvalue()), code


def names(words: str) -> list[str]:
    return [row.organ_name for row in directory.search(words).rows]


def test_agencies_of_the_installation_stand_in_it_by_themselves(cast):
    row = DirectoryEntry.objects.get(agency=cast.ward)
    assert (row.organ_id, row.organ_name, row.is_active) == (
        "001.01.34.H34",
        "UBND phường Thắng Lợi",
        True,
    )
    assert row.parent == DirectoryEntry.objects.get(agency=cast.city)
    ward = cast.ward
    ward.name, ward.mailbox, ward.is_active = "UBND phường Thắng Lợi mới", "tl@kontum.vn", False
    ward.save()
    row.refresh_from_db()
    assert (row.organ_name, row.email, row.is_active) == (ward.name, ward.mailbox, False)
    assert names("thang loi moi") == []


def test_a_listed_agency_that_joins_the_installation_takes_its_row(cast, tmp_path):
    imported(file_of(tmp_path, LIST))
    listed = DirectoryEntry.objects.get(organ_id="000.00.09.H34")
    agency = Agency.objects.create(name="Sở Nội vụ", slug="snv", organ_id="000.00.09.H34")
    listed.refresh_from_db()
    assert (listed.agency, listed.organ_name) == (agency, "Sở Nội vụ")
    assert listed.parent.organ_name == "UBND tỉnh Kon Tum"
    # It takes another identifier, which was listed too: one row is it, the other is switched off.
    agency.organ_id = "H34.15.02"
    agency.save()
    listed.refresh_from_db()
    assert (listed.agency, listed.is_active) == (None, False)
    assert DirectoryEntry.objects.get(agency=agency).organ_id == "H34.15.02"


def test_a_list_is_put_in_and_a_second_time_changes_nothing(cast, tmp_path):
    facts, code = imported(file_of(tmp_path, LIST))
    assert (facts["new"], facts["faults"], code) == (3, [], 0)
    row = DirectoryEntry.objects.get(organ_id="000.00.09.H34")
    assert (row.parent.organ_name, row.email) == ("UBND tỉnh Kon Tum", "snv@kontum.gov.vn")
    facts, _code = imported(file_of(tmp_path, LIST))
    assert (facts["new"], facts["changed"], facts["unchanged"]) == (0, 0, 3)


def test_a_dry_run_only_says_it(cast, tmp_path):
    facts, code = imported(file_of(tmp_path, LIST), "--dry-run", "--whole")
    assert (facts["new"], facts["dry_run"], code) == (3, True, 0)
    assert not DirectoryEntry.objects.filter(organ_id="000.00.00.H34").exists()


def test_a_whole_list_switches_off_what_is_not_in_it_but_never_our_own(cast, tmp_path):
    imported(file_of(tmp_path, LIST))
    shorter = HEAD + "000.00.00.H34,Ủy ban nhân dân tỉnh Kon Tum,,\n"
    facts, _code = imported(file_of(tmp_path, shorter), "--whole")
    assert (facts["changed"], facts["switched_off"]) == (1, 2)
    assert not DirectoryEntry.objects.get(organ_id="H34.15.02").is_active
    assert DirectoryEntry.objects.get(agency=cast.city).is_active
    # It comes back with the next list.
    facts, _code = imported(file_of(tmp_path, LIST))
    assert DirectoryEntry.objects.get(organ_id="H34.15.02").is_active


def test_our_own_stand_as_they_are_whatever_a_list_says(cast, tmp_path):
    text = HEAD + f"{cast.city.organ_id},Tên khác,,khac@kontum.gov.vn\n"
    facts, _code = imported(file_of(tmp_path, text))
    assert facts["own"] == 1
    assert DirectoryEntry.objects.get(agency=cast.city).organ_name == cast.city.name


def test_faults_are_named_by_row_and_column_and_nothing_is_put(cast, tmp_path):
    before = DirectoryEntry.objects.count()
    text = (
        "DANH SÁCH MÃ ĐỊNH DANH\n"
        + HEAD
        + "000.00.00.H34,UBND tỉnh,,\n"
        + "mã sai,Sở A,,\n"
        + "000.00.01.H34,,,không phải thư\n"
        + "000.00.00.H34,UBND tỉnh hai lần,,\n"
    )
    facts, code = imported(file_of(tmp_path, text))
    assert code == 1
    assert facts["faults"] == [
        "dòng 4, cột A (Mã định danh): Mã định danh có dạng 000.00.09.H13 hoặc H13.09.",
        "dòng 5, cột B (Tên cơ quan): ô trống.",
        "dòng 5, cột D (Thư điện tử): không phải địa chỉ thư điện tử.",
        "dòng 6, cột A (Mã định danh): trùng với dòng 3.",
    ]
    assert DirectoryEntry.objects.count() == before


def test_a_parent_that_is_nowhere_and_rings_are_faults(cast, tmp_path):
    text = (
        HEAD
        + "H34.01,Sở A,H34.99,\n"
        + "H34.02,Sở B,H34.03,\n"
        + "H34.03,Sở C,H34.02,\n"
        + "H34.04,Sở D,H34.04,\n"
    )
    facts, code = imported(file_of(tmp_path, text))
    # What a row says of itself comes first; then what only the whole list tells.
    assert code == 1
    assert facts["faults"] == [
        "dòng 5, cột C (Mã cơ quan cấp trên): cơ quan không là cấp trên của chính mình."
    ]
    facts, code = imported(file_of(tmp_path, text.replace("H34.04,\n", "\n")))
    assert facts["faults"] == [
        "dòng 2, cột Mã cơ quan cấp trên: không có cơ quan mang mã H34.99.",
        "dòng 3, cột Mã cơ quan cấp trên: các cơ quan là cấp trên của nhau: H34.02, H34.03.",
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"T\xean,M\xe3\n", "không phải chữ UTF-8"),
        ("Tên cơ quan\nSở A\n".encode(), "không thấy dòng tên cột"),
        (HEAD.encode(), "chưa có dòng nào"),
    ],
)
def test_a_file_that_is_none(cast, tmp_path, content, words):
    path = tmp_path / "danh-ba.csv"
    path.write_bytes(content)
    facts, code = imported(path)
    assert code == 1
    assert facts["faults"][0].startswith("tệp: ")
    assert words in facts["faults"][0]


def test_a_workbook_is_read_like_a_table(cast, tmp_path):
    book = Workbook()
    for row in LIST.splitlines():
        book.active.append(row.split(","))
    path = tmp_path / "danh-ba.xlsx"
    book.save(path)
    facts, code = imported(path)
    assert (facts["new"], code) == (3, 0)
    broken = tmp_path / "hong.xlsx"
    broken.write_bytes(path.read_bytes()[:200])
    facts, code = imported(broken)
    assert code == 1
    assert "không đọc được" in facts["faults"][0]


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(SystemExit) as stopped:
        call_command("import_directory", tmp_path / "none.csv", stderr=StringIO())
    assert stopped.value.code == 2


def test_it_is_found_without_marks_by_words_or_identifier(cast, tmp_path):
    imported(file_of(tmp_path, LIST))
    assert names("so noi vu") == ["Sở Nội vụ tỉnh Kon Tum"]
    assert names("Đăk rơ wa") == ["UBND xã Đăk Rơ Wa"]
    assert names("000.00.09.H34") == ["Sở Nội vụ tỉnh Kon Tum"]
    # The installation's own come first.
    assert names("kon tum")[0] == "UBND thành phố Kon Tum"
    assert names("%") == names("") == []


@pytest.fixture
def hundred_thousand(cast):
    """A national list: communes everywhere."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO accounts_directoryentry
                (organ_id, organ_name, email, is_active, search_text)
            SELECT 'X' || lpad((n % 90)::text, 2, '0') || '.' || n,
                   'UBND xã Tân An ' || n, '', true,
                   'ubnd xa tan an ' || n || ' x' || lpad((n % 90)::text, 2, '0') || ' ' || n
            FROM generate_series(1, 100000) AS n
            """
        )
        cursor.execute("ANALYZE accounts_directoryentry")


def test_of_a_hundred_thousand_few_are_read(
    hundred_thousand, django_assert_num_queries, django_assert_max_num_queries
):
    with django_assert_num_queries(2):
        found = directory.search("tân an 4127")
    assert found.rows[0].organ_name == "UBND xã Tân An 4127"
    with django_assert_num_queries(2):
        common = directory.search("ubnd xã")  # all of them
    assert (len(common.rows), common.more) == (directory.SHOWN, True)
    plan = DirectoryEntry.objects.active().matching("tan an 41277").order_by().explain()
    assert "directory_search" in plan
    assert "Seq Scan" not in plan
