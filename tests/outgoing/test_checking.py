"""The form checker, rule by rule: every rule with examples of right and wrong, as data."""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from outgoing.checking import Severity, check, label, mend
from outgoing.checking.findings import rules
from outgoing.checking.sentences import SENTENCES
from outgoing.paper import Annex, Form, Paper, Signer

CHECKS = Path(__file__).parent / "checks"


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((CHECKS / name).read_text(encoding="utf-8"))


def _paper(values: dict[str, Any]) -> Paper:
    values = dict(values)
    for name in ("addressees", "grounds", "recipients"):
        values[name] = tuple(values.get(name, ()))
    values["annexes"] = tuple(Annex(**annex) for annex in values.get("annexes", ()))
    for name in ("signer", "secretary"):
        if name in values:
            values[name] = Signer(**values[name])
    return Paper(**values)


PAPERS = _read("papers.toml")
EXAMPLES = {
    code: rows
    for name in ("components.toml", "order.toml", "words.toml")
    for code, rows in _read(name).items()
}
CASES = {
    kind: [
        pytest.param(code, case, id=f"{code}-{number}")
        for code, rows in EXAMPLES.items()
        for number, case in enumerate(rows[kind], 1)
    ]
    for kind in ("good", "bad")
}


def build(case: dict[str, Any]) -> Paper:
    """The paper of an example."""
    values = {**PAPERS[case["paper"]]}
    for name, value in case.get("set", {}).items():
        owner, _, part = name.partition(".")
        values[owner] = {**values.get(owner, {}), part: value} if part else value
    if "repeat" in case:
        values["subject"] = (case["repeat"]["subject"] * case["repeat"]["times"]).strip()
    return _paper(values)


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_in_the_right_form_is_not_spoken_of(name):
    """Kon Tum Điều 17.1, Cần Thơ Điều 9.4."""
    assert check(_paper(PAPERS[name])) == ()


def test_there_is_a_paper_of_each_form():
    assert {_paper(values).form for values in PAPERS.values()} == set(Form)


def test_every_rule_has_its_sentence_and_its_examples():
    """Kon Tum Điều 17.1, Cần Thơ Điều 9.4–9.5."""
    codes = [rule.code for rule in rules()]
    assert len(codes) == len(set(codes))
    assert set(EXAMPLES) == set(codes)
    assert set(codes) <= set(SENTENCES)
    for code, rows in EXAMPLES.items():
        assert rows["good"], code
        assert rows["bad"], code


@pytest.mark.parametrize(("code", "case"), CASES["bad"])
def test_what_is_wrong_is_found_alone(code, case):
    """Cần Thơ Điều 9.4: the one finding, at its place, with the article of its rule."""
    found = check(build(case))
    assert {one.code for one in found} - set(case.get("also", ())) == {code}
    (one,) = (one for one in found if one.code == code)
    rule = next(rule for rule in rules() if rule.code == code)
    assert one.where == case["where"]
    assert (one.severity, one.article) == (rule.severity, rule.article)
    assert one.message.endswith(".")
    assert "%(" not in one.message
    assert label(one.where)


@pytest.mark.parametrize(("code", "case"), CASES["good"])
def test_what_is_right_is_not_found(code, case):
    assert {one.code for one in check(build(case))} <= set(case.get("also", ()))


@pytest.mark.parametrize(("code", "case"), CASES["bad"])
def test_a_mend_takes_its_finding_away(code, case):
    """One click: the value that the example names, and no second click changes anything."""
    paper = build(case)
    one = next(one for one in check(paper) if one.code == code)
    assert one.mend == case.get("mend")
    mended = mend(paper, code, one.where)
    if one.mend is None:
        assert mended == paper
        return
    assert mended != paper
    after = {found.code for found in check(mended)}
    assert code not in after
    # It brings no new fault with it, but those that the example names.
    before = {found.code for found in check(paper)}
    assert after - before <= set(case.get("also_after", ()))
    assert mend(mended, code, one.where) == mended


def test_a_finding_that_has_gone_mends_nothing():
    paper = _paper(PAPERS["letter"])
    assert mend(paper, "subject_vv", "subject") == paper
    assert mend(paper, "no_such_rule", "body:99") == paper


def test_a_mend_of_one_place_leaves_the_others():
    paper = replace(_paper(PAPERS["letter"]), body="Bổ xung.\nBổ xung./.")
    mended = mend(paper, "confusion", "body:2")
    assert mended.body == "Bổ xung.\nBổ sung./."
    assert [one.where for one in check(mended)] == ["body:1"]


def test_an_annex_is_mended_in_its_own_lines():
    annexes = tuple(Annex(f"Phụ lục {n}", "Danh sách", "Một.\nBổ xung.") for n in ("I", "II"))
    body = "Xem Phụ lục I, Phụ lục II./."
    paper = replace(_paper(PAPERS["letter"]), body=body, annexes=annexes)
    found = [(one.code, one.where) for one in check(paper)]
    assert found == [("confusion", "annexes.1.body:2"), ("confusion", "annexes.2.body:2")]
    mended = mend(paper, "confusion", "annexes.2.body:2")
    assert [annex.body for annex in mended.annexes] == ["Một.\nBổ xung.", "Một.\nBổ sung."]


def test_all_mends_one_after_the_other_come_to_an_end():
    """A bad day: whatever can be mended is, and nothing is mended twice."""
    values = {
        **PAPERS["letter"],
        "organ_name": "Ủy ban nhân dân thành phố",
        "code_notation": "12/cv – ubnd - vx",
        "subject": "V/v Công văn  bổ xung hồ sơ .",
        "addressees": ["Kính gửi: Sở Nội vụ;", "- Sở Tư pháp."],
        "recipients": ["Lưu VT", "- Như trên;"],
        "body": "Họp ngày 5 tháng 1 năm 2026 ,bàn việc  nghành.\na) Một ;\nd) Hai",
        "signer": {
            **PAPERS["letter"]["signer"],
            "authority": "k/t",
            "full_name": "Bà Phạm Thị Dung",
        },
    }
    paper = _paper(values)
    clicks = 0
    while (one := next((one for one in check(paper) if one.mend is not None), None)) is not None:
        paper = mend(paper, one.code, one.where)
        clicks += 1
        assert clicks < 60, one
    assert check(paper) == ()
    assert (paper.code_notation, paper.subject) == ("UBND-VX", "bổ sung hồ sơ")
    assert paper.addressees == ("Sở Nội vụ", "Sở Tư pháp")
    assert paper.recipients == ("Như trên", "Lưu: VT, VX")
    assert paper.body == "Họp ngày 05 tháng 01 năm 2026, bàn việc ngành.\na) Một;\nb) Hai./."


def test_a_rule_speaks_of_its_own_forms_only():
    """A letter needs no grounds, a decision no "Kính gửi"."""
    letter = {one.code for one in check(Paper(type_name="Công văn", organ_name="SỞ NỘI VỤ"))}
    decision = {one.code for one in check(Paper(type_name="Quyết định", organ_name="SỞ NỘI VỤ"))}
    assert "addressees_missing" in letter - decision
    assert {"grounds_missing", "deciding_post_missing"} <= decision - letter


def test_an_empty_paper_and_a_hostile_one_are_looked_at():
    empty = check(Paper(type_name="", organ_name=""))
    assert {one.severity for one in empty} == {Severity.ERROR}
    odd = "\x00\ud800“((|\t|\n**Điều 999999999999. **\n" * 50 + "(" * 5000 + "ngày 99 tháng 99"
    hostile = Paper(type_name=odd, organ_name=odd, subject=odd, body=odd, recipients=(odd,))
    assert check(hostile)
    for one in check(hostile):
        assert isinstance(mend(hostile, one.code, one.where), Paper)


PIECES = [
    *(".", ". ", "; ", "a", "a,a", "Ngọkk ", "(", "“", "ô", "**a", "\u00e9", "9", "./.", "V/v"),
    *("TS.", "-/", "- ", '"', " ", ", ", "ngày ", "kèm phụ lục ", "Phụ lục I, ", "1. "),
]


@pytest.mark.parametrize("piece", PIECES)
def test_a_long_line_costs_no_more_than_its_length(piece):
    """Fifteen thousand letters without an end: what looks at each from each would not come back."""
    long = "x" + piece * (15_000 // len(piece)) + "ạ x"
    values = {**PAPERS["letter"], "body": long, "subject": long, "addressees": [long]}
    assert check(_paper({**values, "recipients": [long], "place": long}))
    assert check(_paper({**values, "body": f"Điều {long}\nChương {long}\n1. {long}"}))


def test_the_sentences_have_their_english():
    paper = replace(_paper(PAPERS["letter"]), subject="V/v báo cáo")
    with translation.override("en"):
        (one,) = check(paper)
        assert "V/v" in one.message
        assert "Không" not in one.message


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("body:12", "Nội dung, dòng 12"),
        ("signer.authority", "Quyền hạn ký"),
        ("annexes.2.body:3", "Phụ lục 2, dòng 3"),
        ("annexes.1.heading", "Phụ lục 1, Tiêu đề phụ lục"),
        ("page:3", "Trang 3"),
        ("file", "Tệp PDF"),
    ],
)
def test_places_are_named_for_a_clerk(place, words):
    assert label(place) == words
