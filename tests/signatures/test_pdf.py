"""The first verdict on the signatures of a received file."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from signatures.pdf import examine
from signatures.verdicts import CHANGES, REASONS, TITLES, describe
from tests import files

Build = Callable[[Path], Path]


@pytest.fixture
def look(tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Examine what a builder makes, trusting the authority of the tests."""
    trusted = [str(files.anchor(tmp_path / "ca.pem"))]

    def examined(build: Build, anchors: list[str] = trusted, **more: Any) -> dict[str, Any]:
        return examine(str(build(tmp_path / "a.pdf")), anchors, **more)

    return examined


def short(result: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["verdict"], one["reason"]) for one in result["signatures"]]


def wrote(data: bytes) -> Build:
    def build(path: Path) -> Path:
        path.write_bytes(data)
        return path

    return build


def test_a_sound_signature_says_who_by_whom_and_when(look: Any) -> None:
    result = look(files.signed_pdf)
    (one,) = result["signatures"]
    assert result["verdict"] == one["verdict"] == "valid"
    assert (one["signer"], one["issuer"]) == ("Nguyễn Văn An", "CA thử nghiệm")
    assert (one["organization"], one["field"]) == ("UBND tỉnh Kon Tum", "ChuKy1")
    assert (one["intact"], one["trusted"], one["covers_whole_file"]) == (True, True, True)
    assert int(one["serial"], 16) == files.certificate("Nguyễn Văn An").serial_number
    assert one["signing_time"][:2] == "20"
    assert (one["modification"], one["changes"]) == ("none", [])


def test_two_sound_signatures(look: Any) -> None:
    result = look(lambda path: files.signed_pdf(path, "Nguyễn Văn An", "Trần Thị Bình"))
    assert result["verdict"] == "valid"
    assert [one["signer"] for one in result["signatures"]] == ["Nguyễn Văn An", "Trần Thị Bình"]
    assert result["signatures"][0]["changes"] == ["later_signature"]
    assert describe(result).text == "2 chữ ký số hợp lệ, tệp chưa bị sửa."


def test_an_intact_signature_of_an_unknown_issuer_is_indeterminate(look: Any) -> None:
    result = look(lambda path: files.signed_pdf(path, authority="CA lạ"))
    assert result["verdict"] == "indeterminate"
    assert short(result) == [("indeterminate", "unknown_issuer")]
    assert result["signatures"][0]["intact"]


def test_nobody_is_trusted_unless_he_is_named(look: Any) -> None:
    assert look(files.signed_pdf, [])["verdict"] == "indeterminate"


@pytest.mark.parametrize(
    ("build", "reason", "changes"),
    [
        (files.tampered_pdf, "digest_mismatch", []),
        (files.pages_added_later, "changed_after_signing", ["pages_added"]),
        (files.content_replaced_later, "changed_after_signing", ["page_content"]),
        (files.annotated_later, "changed_after_signing", ["annotations"]),
        (files.tail_outside, "not_covered", []),
        (files.wide_gap, "not_covered", []),
        (files.one_range, "not_covered", []),
        (
            wrote(files.fill(files.sign(files.form_data()), "127")),
            "filled_after_signing",
            ["form_filled"],
        ),
    ],
)
def test_what_was_changed_is_found_and_named(
    look: Any, build: Build, reason: str, changes: list[str]
) -> None:
    result = look(build)
    assert result["verdict"] == "invalid"
    assert short(result) == [("invalid", reason)]
    assert result["signatures"][0]["changes"] == changes
    assert describe(result).level == "refused"


@pytest.mark.parametrize(
    ("build", "reason"),
    [
        (files.old_signature_format, "unsupported_format"),
        (files.odd_validation_data, "changes_unclear"),
        (lambda path: files.signed_pdf(path, "Lê Văn Cũ", days=-5), "certificate_out_of_time"),
        (lambda path: files.signed_pdf(path, digest="sha1"), "weak_algorithm"),
    ],
)
def test_what_cannot_be_judged_is_neither_valid_nor_forged(
    look: Any, build: Build, reason: str
) -> None:
    result = look(build)
    assert result["verdict"] == "indeterminate"
    assert short(result) == [("indeterminate", reason)]


def test_updates_for_long_term_validation_do_no_harm(look: Any) -> None:
    result = look(files.ltv_pdf)
    assert result["verdict"] == "valid"
    signature, stamp = result["signatures"]
    assert (signature["modification"], signature["changes"]) == ("ltv", ["ltv"])
    assert (stamp["kind"], stamp["verdict"]) == ("timestamp", "valid")
    assert describe(result).text == "1 chữ ký số hợp lệ, tệp chưa bị sửa."


def test_white_space_behind_the_end_does_no_harm(look: Any) -> None:
    assert look(lambda path: files.tail_outside(path, b"\r\n \r\n"))["verdict"] == "valid"


def test_hybrid_files_of_word_are_read(look: Any) -> None:
    build = wrote(files.sign(files.hybrid_xref_data()))
    assert look(build)["verdict"] == "valid"


def test_one_bad_signature_does_not_hide_the_other(look: Any) -> None:
    result = look(files.false_bytes_in_second)
    assert short(result) == [("valid", ""), ("indeterminate", "broken_signature")]
    assert result["verdict"] == "indeterminate"


def test_number_filled_in_between_two_signatures_stays_valid(look: Any) -> None:
    # The order of khoản 1 Điều 10 (Cần Thơ): the leader signs, the clerk numbers, the agency signs.
    numbered = files.fill(files.sign(files.form_data(), certify=True), "127")
    result = look(wrote(files.sign(numbered, "Sở Giao thông vận tải", field="ChuKy2")))
    assert short(result) == [("valid", ""), ("valid", "")]
    assert result["signatures"][0]["changed_fields"] == ["so"]


def test_a_form_that_may_be_filled_is_shown_as_changed_until_somebody_signs(look: Any) -> None:
    numbered = files.fill(files.sign(files.form_data(), certify=True), "127")
    result = look(wrote(numbered))
    assert short(result) == [("indeterminate", "filled_after_signing")]
    assert result["signatures"][0]["changed_fields"] == ["so"]


def test_the_worst_signature_decides(look: Any) -> None:
    data = files.sign(files.sign(files.build()), "Người lạ", field="ChuKy2", authority="CA lạ")
    result = look(wrote(data))
    assert [verdict for verdict, _ in short(result)] == ["valid", "indeterminate"]
    assert result["verdict"] == "indeterminate"


def test_when_the_comparison_fails_the_signed_bytes_are_still_judged(
    look: Any, monkeypatch: Any
) -> None:
    from pyhanko.sign.diff_analysis import StandardDiffPolicy  # noqa: PLC0415

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RecursionError

    monkeypatch.setattr(StandardDiffPolicy, "review_file", fail)
    result = look(lambda path: files.signed_pdf(path, "Nguyễn Văn An", "Trần Thị Bình"))
    assert short(result) == [("indeterminate", "changes_not_judged"), ("valid", "")]
    assert result["signatures"][0]["intact"]
    assert short(look(files.content_replaced_later)) == [("invalid", "changed_after_signing")]


def test_time_that_runs_out_is_said_for_each_signature(look: Any) -> None:
    result = look(lambda path: files.signed_pdf(path, "Nguyễn Văn An", "Trần Thị Bình"), seconds=0)
    assert short(result) == [("indeterminate", "not_examined")] * 2


def test_a_signing_time_to_come_is_not_believed(look: Any) -> None:
    result = look(files.signed_pdf, now="2020-01-01T08:00:00+07:00")
    assert short(result) == [("indeterminate", "time_to_come")]


@pytest.mark.parametrize(
    ("build", "verdict"),
    [
        (files.plain_pdf, "unsigned"),
        (files.polyglot, "unsigned"),
        (files.encrypted, "unreadable"),
        (files.encrypted_empty_password, "unsigned"),
        (wrote(b"%PDF-1.4 /Byte#52ange"), "unreadable"),
        (wrote(b"From: x\n" + files.sign(files.build())), "unreadable"),
    ],
)
def test_files_without_a_verdict_on_signatures(look: Any, build: Build, verdict: str) -> None:
    assert look(build) == {"verdict": verdict, "signatures": []}


@pytest.mark.parametrize(
    ("build", "level", "text"),
    [
        (files.plain_pdf, "note", "Tệp không có chữ ký số."),
        (files.encrypted, "unknown", "Chưa đọc được chữ ký số trong tệp."),
        (files.tampered_pdf, "refused", "nội dung đã bị sửa sau khi ký. Báo nơi gửi gửi lại tệp."),
        (files.old_signature_format, "unknown", "1 trong 1 chữ ký số chưa xác định được"),
    ],
)
def test_a_clerk_reads_a_sentence(look: Any, build: Build, level: str, text: str) -> None:
    verdict = describe(look(build))
    assert verdict.level == level
    assert text in verdict.text


def test_each_signature_has_its_line(look: Any) -> None:
    (line,) = describe(look(files.pages_added_later)).lines
    assert line.startswith("Nguyễn Văn An, chứng thư số của CA thử nghiệm, ký lúc ")
    assert line.endswith("tệp đã bị thay đổi sau khi ký. Sau khi ký: thêm trang.")


def test_no_answer_is_an_answer() -> None:
    assert describe(None).title == "Chưa kiểm tra được chữ ký số"


def test_every_code_has_its_words() -> None:
    import re  # noqa: PLC0415

    folder = Path(examine.__code__.co_filename).parent
    source = "".join((folder / name).read_text() for name in ("pdf.py", "changes.py"))
    judged = re.findall(r'judge\(\s*"\w+", "(\w+)"', source)
    noted = re.findall(r'reason ?= ?"(\w+)"', source)
    assert {*judged, *noted} - {"valid"} <= set(REASONS)
    assert set(re.findall(r'changes\.add\("(\w+)"\)', source)) <= set(CHANGES)
    with translation.override("vi"):
        assert all(str(words) for words in [*REASONS.values(), *CHANGES.values(), *TITLES.values()])


@pytest.mark.parametrize(
    ("build", "loads"),
    [
        (files.scan_pdf, False),
        (files.plain_pdf, False),
        (wrote(b"%PDF-1.7\n1 0 obj<</FT/Sig/T(a)>>endobj\n"), True),
        (files.encrypted_empty_password, True),
        (wrote(b"%PDF-1.7\n1 0 obj<</#42yteRange[0 1 2 3]>>endobj\n"), True),
    ],
)
def test_a_file_in_which_no_signature_can_hide_costs_no_library(
    build: Build, loads: bool, tmp_path: Path
) -> None:
    path = build(tmp_path / "a.pdf")
    asked = (
        "import sys; from signatures.pdf import examine; "
        "print(examine(sys.argv[1])['verdict'], 'pyhanko' in sys.modules)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", asked, str(path)],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent.parent.parent,
    ).stdout.split()
    assert answer[1] == str(loads)
    assert loads or answer[0] == "unsigned"
