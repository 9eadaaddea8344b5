"""Uploaded PDF files: what is measured, what is said of it, and what a hostile file costs."""

import functools
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from documents.inspection import Inspection, inspect
from outgoing.checking import MEASURER, Severity, check_measured, check_pdf
from outgoing.checking.findings import pdf_rules
from outgoing.checking.sentences import SENTENCES
from outgoing.measuring import measure
from outgoing.paper import Paper, Signer
from tests import files

EXAMPLES = tomllib.loads(
    (Path(__file__).parent / "checks" / "pdf.toml").read_text(encoding="utf-8")
)
CASES = {
    kind: [
        pytest.param(code, case, id=f"{code}-{number}")
        for code, rows in EXAMPLES.items()
        for number, case in enumerate(rows[kind], 1)
    ]
    for kind in ("good", "bad")
}
HEAD = "<p>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</p><p>Độc lập - Tự do - Hạnh phúc</p>"
STYLE = """
    @page { size: A4; margin: 20mm 15mm 20mm 30mm }
    @page { @top-center { content: counter(page); font: 14pt "Liberation Serif" } }
    @page :first { @top-center { content: none } }
    body { font: 14pt/1.2 "Liberation Serif"; text-align: justify; margin: 0 }
    p { margin: 6pt 0 } h1 { font-size: 14pt }
"""
WORDS = "Ủy ban nhân dân thành phố báo cáo kết quả rà soát văn bản và đề nghị xem xét. " * 12


@functools.cache
def sheet(css: str = "", head: str = HEAD, text: str = "", foot: str = "") -> bytes:
    """A letter of two pages in the right form, but for what is asked."""
    from weasyprint import HTML  # noqa: PLC0415 -- slow import

    body = f"{head}<h1>Rà soát văn bản</h1><p>{text}</p>" + f"<p>{WORDS}</p>" * 5 + foot
    return bytes(HTML(string=f"<style>{STYLE}{css}</style>{body}").write_pdf())


def looked_at(case: dict[str, Any], path: Path) -> tuple[Inspection, Paper | None]:
    """The inspection of an example, measured in this process: the file is our own."""
    wanted = {key: case[key] for key in ("css", "head", "text", "foot") if key in case}
    typed = "subject" in case or "type_name" in case
    if typed:
        # What it should be is known: it has its components.
        letter = {"head": LETTER, "foot": FOOT}
        wanted = {"css": LETTER_STYLE, **letter, **wanted}
        for name, (old, new) in case.get("change", {}).items():
            wanted[name] = letter[name].replace(old, new)
    path.write_bytes(sheet(**wanted))
    measured = {**measure(str(path)), **case.get("measured", {})}
    found = Inspection(
        kind="pdf", readable=True, pages=2, pdf_version="1.7", extra={MEASURER: measured}
    )
    facts = dict(case.get("facts", {}))
    if "active" in facts:
        facts["active"] = tuple(facts["active"])
    paper = None
    if typed:
        name, subject = case.get("type_name", "Công văn"), case.get("subject", "")
        paper = Paper(name, "SỞ NỘI VỤ", subject=subject, signer=Signer())
    return replace(found, **facts), paper


def test_a_file_in_the_right_form_is_not_spoken_of(tmp_path):
    """Cần Thơ Điều 9.5."""
    assert check_measured(*looked_at({}, tmp_path / "a.pdf")) == ()


LETTER = """
<table class="top"><tr><td>ỦY BAN NHÂN DÂN TỈNH KON TUM<br><b>SỞ NỘI VỤ</b></td>
<td><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>Độc lập - Tự do - Hạnh phúc</b></td></tr>
<tr><td>Số: 127/SNV-TCCB<br><small>V/v rà soát văn bản</small></td>
<td><i>Kon Tum, ngày 12 tháng 5 năm 2026</i></td></tr></table>
<p style="text-align: center">Kính gửi: Ủy ban nhân dân các phường, xã</p>
"""
FOOT = """
<table><tr><td class="small"><b><i>Nơi nhận:</i></b><br>- Như trên;<br>- Lưu: VT, TCCB.</td>
<td><b>KT. GIÁM ĐỐC<br>PHÓ GIÁM ĐỐC</b><br><br><br><b>Phạm Thị Dung</b></td></tr></table>
"""
LETTER_STYLE = """
    table { width: 100%; text-align: center } td { vertical-align: top } .small { font-size: 11pt }
    small { font-size: 12pt } .top { font-size: 13pt; margin-left: -4mm } p { text-indent: 1cm }
"""


def test_a_letter_with_its_columns_and_signature_block_is_in_order(tmp_path):
    """Cần Thơ Điều 9.5: columns, a table that stands out by a cell's edge, small recipients."""
    case = {"css": LETTER_STYLE, "head": LETTER, "text": "Kèm theo danh sách."}
    path = tmp_path / "a.pdf"
    found, _paper = looked_at({**case, "foot": FOOT}, path)
    paper = Paper(
        "Công văn", "SỞ NỘI VỤ", subject="rà soát văn bản", code_notation="SNV-TCCB",
        signer=Signer("KT.", "GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Phạm Thị Dung"),
    )  # fmt: skip
    assert check_measured(found, paper) == ()


def test_every_rule_has_its_sentence_and_its_examples():
    codes = [rule.code for rule in pdf_rules()]
    assert set(EXAMPLES) == set(codes)
    assert set(codes) <= set(SENTENCES)
    assert all(rows["good"] and rows["bad"] for rows in EXAMPLES.values())


@pytest.mark.parametrize(("code", "case"), CASES["bad"])
def test_what_is_wrong_is_found_alone(code, case, tmp_path):
    """Cần Thơ Điều 9.4–9.5: form and technique of presentation are checked again."""
    found = check_measured(*looked_at(case, tmp_path / "a.pdf"))
    assert {one.code for one in found} - set(case.get("also", ())) == {code}
    (one,) = (one for one in found if one.code == code)
    assert one.where == case["where"]
    assert one.found == case.get("found", one.found)
    assert one.mend is None
    assert "%(" not in one.message


@pytest.mark.parametrize(("code", "case"), CASES["good"])
def test_what_is_right_is_not_found(code, case, tmp_path):
    assert check_measured(*looked_at(case, tmp_path / "a.pdf")) == ()


def test_margins_are_measured_to_the_millimetre(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(sheet(css="@page { margin: 24mm 18mm 22mm 33mm }"))
    first, second = measure(str(path))["pages"]
    for page in (first, second):
        assert (page["width"], page["height"]) == (210, 297)
        assert page["left"] == pytest.approx(33, abs=0.6)
        assert page["right"] == pytest.approx(18, abs=0.6)
    assert second["top"] == pytest.approx(24, abs=3)
    assert (first["shown"], second["shown"]) == ("", "2")


def test_a_file_is_looked_at_in_the_bounded_process():
    """The whole way: the child measures, the parent judges."""
    assert check_pdf(sheet()) == ()
    found = check_pdf(sheet(css="body { font-size: 11pt }"))
    assert [(one.code, one.severity) for one in found] == [("pdf_size", Severity.ERROR)]


def test_what_is_no_pdf_is_told_with_its_reason():
    (one,) = check_pdf(b"not a PDF at all")
    assert (one.code, one.where, one.found) == ("pdf_unreadable", "file", "not_pdf")


@pytest.mark.parametrize("make", [files.broken, files.encrypted, files.zero_page])
def test_a_file_that_cannot_be_read_is_one_finding(make, tmp_path):
    (one,) = check_pdf(make(tmp_path / "a.pdf").read_bytes())
    assert one.code == "pdf_unreadable"
    assert one.message


def test_a_page_that_never_ends_costs_the_measures_only(tmp_path):
    """A hostile file costs one bounded process, and the answer says what could not be told."""
    content = b"BT /F1 14 Tf 72 770 Td (a) Tj ET\n" * 1_500_000
    path = files.plain_pdf(tmp_path / "a.pdf", content=content)
    found = inspect(path, seconds=3, memory_mib=1024, programs=[MEASURER])
    assert found.readable
    (one,) = check_measured(found)
    assert (one.code, one.severity) == ("pdf_unmeasured", Severity.HINT)


def test_a_broken_page_is_left_out(tmp_path):
    path = files.plain_pdf(tmp_path / "a.pdf", pages=3)
    path.write_bytes(path.read_bytes().replace(b"/MediaBox[0 0 595 842]", b"/MediaBox[0 0 0 0 0 ]"))
    measured = measure(str(path))
    assert len(measured["pages"]) == 3
    check_measured(Inspection(kind="pdf", readable=True, pages=3, extra={MEASURER: measured}))
