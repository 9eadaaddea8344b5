"""The demo's papers: letters in the national form, the regulation whole, offices that fit."""

import io
import re
from datetime import date

import pytest
from pypdf import PdfReader

from accounts import account_names, regulation
from accounts.choices import Role
from documents import catalogue
from documents.workdays import SEED, WorkCalendar
from edocman.demo import letters, papers

TODAY = date(2024, 11, 19)


@pytest.fixture(scope="module")
def calendar():
    return WorkCalendar({row.day: row.kind for row in SEED})


@pytest.fixture(scope="module")
def arrivals(calendar):
    return letters.arrivals(TODAY, calendar)


@pytest.fixture(scope="module")
def offices():
    return letters.offices()


def words(pdf):
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def test_sixty_different_letters(arrivals):
    codes = {(each.organ_name, each.letter.number, each.letter.notation) for each in arrivals}
    assert len(codes) == len(arrivals) == 60
    assert len({each.file_name for each in arrivals}) == 60
    assert arrivals == sorted(arrivals, key=lambda each: each.arrival_date)


def test_fields_fit_the_national_lengths(arrivals):
    for each in arrivals:
        for name, value in {
            "code_number": each.letter.number,
            "code_notation": each.letter.notation,
            "organ_name": each.organ_name,
            "subject": each.letter.subject,
            "signer_position": each.signer_position,
            "signer_full_name": each.signer_full_name,
        }.items():
            assert 0 < len(value) <= catalogue.field(name).max_length
        assert "{" not in "".join([each.letter.subject, each.directive, *each.letter.body])
    assert max(len(each.letter.subject) for each in arrivals) > 250


def test_notations_follow_the_type(arrivals):
    types = {each.name for each in catalogue.TYPES}
    for each in arrivals:
        assert each.letter.type_name in types
        if short := catalogue.abbreviation(each.letter.type_name):
            assert each.letter.notation.startswith(f"{short}-")
        else:
            assert re.fullmatch(r"[A-ZĐ]+-[A-ZĐ0-9]+", each.letter.notation)


def test_days_are_working_days(arrivals, calendar):
    for each in arrivals:
        assert each.letter.issued <= each.arrival_date <= TODAY
        days = [each.letter.issued, each.arrival_date, each.due_date]
        assert all(calendar.is_working_day(day) for day in days if day)
    assert {each.letter.priority for each in arrivals} == {0, 1, 2, 3}
    assert any(each.due_date is None for each in arrivals)
    assert any(each.due_date and each.due_date < TODAY for each in arrivals)


def test_nothing_is_of_a_kind_that_must_stay_outside(arrivals):
    for each in arrivals:
        text = " ".join([each.letter.subject, *each.letter.body]).lower()
        assert not re.search(r"khiếu nại|tố cáo|tuyệt mật|tối mật|văn bản mật", text)


def test_a_letter_says_what_the_decree_asks(arrivals):
    found = next(each for each in arrivals if each.letter.number == "4127")
    (page,) = words(papers.letter(found.letter))
    for part in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: 4127/UBND-HTKT",
        "Kon Tum, ngày",
        "V/v khắc phục sạt lở bờ kè sông Đăk Bla",
        "KHẨN",
        "Kính gửi:",
        "KT. CHỦ TỊCH",
        "Lê Hoàng Sơn",
        "Nơi nhận:",
        "Lưu: VT, HTKT.",
    ):
        assert part in page


def test_a_named_type_has_a_title_and_an_annex_its_own_page(arrivals):
    found = next(each for each in arrivals if each.letter.number == "329")
    first, second = words(papers.letter(found.letter))
    assert "BÁO CÁO Thiệt hại do mưa lũ" in first
    assert "V/v" not in first
    assert second.startswith("PHỤ LỤC")
    assert second.endswith(" 2")


def test_the_same_letter_has_the_same_bytes(arrivals):
    assert papers.letter(arrivals[0].letter) == papers.letter(arrivals[0].letter)


def test_long_date_writes_noughts_as_the_decree_does():
    assert papers.long_date(date(2024, 1, 5)) == "05 tháng 01 năm 2024"
    assert papers.long_date(date(2024, 6, 29)) == "29 tháng 6 năm 2024"


@pytest.fixture(scope="module")
def carried():
    """The letters that carry the five regulations, by the name of the text."""
    return {each.letter.text: each.letter for each in letters.regulations(TODAY)}


@pytest.mark.parametrize(
    ("name", "number", "articles"),
    [
        ("bac-giang-2014", "04/2014/QĐ-UBND", range(1, 13)),
        ("son-la-2014", "31/2014/QĐ-UBND", range(1, 13)),
        ("can-tho-2019", "1637/QĐ-UBND", range(1, 22)),
        ("binh-dinh-2016", "131/QĐ-SXD", [*range(1, 8), *range(7, 11), 10, 11]),
    ],
)
def test_the_other_regulations_are_whole(carried, name, number, articles):
    """Every article of the Quy chế is printed, in its order."""
    text = " ".join(words(papers.regulation_pdf(carried[name])))
    assert f"Số: {number}" in text
    found = re.findall(r"Điều (\d+)\. [A-ZĐÁÀÂĂÊÔƠƯÍÚÝ\[]", text[text.index("QUY CHẾ") :])
    assert [int(one) for one in found] == list(articles)


def test_the_regulation_is_whole(carried):
    pages = words(papers.regulation_pdf(carried["kon-tum-2017"]))
    text = " ".join(pages)
    assert "Số: 04/2017/QĐ-UBND" in pages[0]
    articles = re.findall(r"Điều (\d+)\. [A-ZĐÁÀÂĂÊÔƠƯÍÚÝ]", text[text.index("QUY CHẾ") :])
    assert [int(number) for number in articles] == list(range(1, 27))
    assert all(page.endswith(f" {number}") for number, page in enumerate(pages[1:], start=2))
    assert "Tháo" not in text
    assert "longrightarrow" not in text


def test_offices_fit_the_letters(arrivals, offices):
    city, *wards = offices["agencies"][:4]
    codes = {unit["code"] for unit in city["units"]}
    for each in arrivals:
        assert {each.lead, *each.coordinate, *each.inform} <= codes
        assert each.lead not in (*each.coordinate, *each.inform)
    assert [ward["parent"] for ward in wards] == ["kontum"] * 3
    assert [unit["code"] for unit in city["units"] if unit.get("is_office")] == ["vp"]
    for agency in offices["agencies"]:
        assert agency["regulation_name"] in regulation.names()
        assert re.fullmatch(r"\d{3}\.\d{2}\.\d{2}\.H(34|02|52|13|08)", agency["organ_id"])
        units = {unit["code"] for unit in agency["units"]}
        assert {person["unit"] for person in agency["people"]} <= units
        assert {person["role"] for person in agency["people"]} <= set(Role.values)
    roles = [person["role"] for person in city["people"]]
    assert set(roles) == set(Role.values)
    assert roles.count("office_chief") == 1
    assert all({p["role"] for p in w["people"]} == {"leader", "clerk", "specialist"} for w in wards)


def test_accounts_are_those_of_article_7(offices):
    form = regulation.load("kon-tum-2017").account_form.value
    taken = set()
    for agency in offices["agencies"][:4]:
        short = {unit["code"]: unit["short_name"] for unit in agency["units"]}
        for person in agency["people"]:
            if "post" in person:
                name = account_names.of_post(*person["post"])
            else:
                unit = short[person["unit"]]
                name = account_names.personal(person["full_name"], unit, taken)
            assert person["username"] == account_names.address(form, name)
            assert name not in taken
            taken.add(name)
    assert {"nqbao", "nqbaotckh", "tpqldt", "ctthangloi"} <= taken


def test_accounts_of_son_la_are_those_of_its_article_7(offices):
    """Sơn La Điều 7.1, 7.2: the path in one word, the given name before the initials."""
    ours = [one for one in offices["agencies"] if one["organ_id"].endswith("H52")]
    assert {one["slug"] for one in ours} == {"sonla", "gtvt", "maison", "tpsonla"}
    for agency in ours:
        assert agency["slug"].isalnum()
        for person in agency["people"]:
            name = account_names.personal(person["full_name"], given_first=True)
            assert person["username"] == name


def test_organ_ids_and_names_are_given_once(offices):
    ids = [one["organ_id"] for one in offices["agencies"]]
    names = [person["username"] for one in offices["agencies"] for person in one["people"]]
    assert len(ids) == len(set(ids))
    assert len(names) == len(set(names))
    assert "000.00.09.H13" in ids


def test_one_account_must_still_change_its_password(offices):
    people = [person for agency in offices["agencies"] for person in agency["people"]]
    assert [p["full_name"] for p in people if p.get("must_change_password")] == ["Trần Công Danh"]
