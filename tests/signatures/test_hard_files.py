"""What the world's files do to pyHanko: each is a verdict with a reason, and hides no other."""

import io
import itertools
import logging
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

from documents.inspection import inspect
from signatures.pdf import examine
from signatures.verdicts import CHANGES, REASONS, describe
from tests import files, hard_files
from tests.hard_files import ODD_SIGNATURES

pytestmark = pytest.mark.usefixtures("cold_children")

EXAMINE = "signatures.pdf.examine"
BAD_FORM = files.fill(files.sign(files.form_data()), "127")


@pytest.fixture
def look(tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Examine these bytes, trusting the authority of the tests."""
    trusted = [str(files.anchor(tmp_path / "ca.pem"))]

    def examined(data: bytes, **more: Any) -> dict[str, Any]:
        path = tmp_path / "a.pdf"
        path.write_bytes(data)
        return examine(str(path), trusted, **more)

    return examined


def short(result: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["verdict"], one["reason"]) for one in result["signatures"]]


def made(build: Callable[[Path], Path], folder: Path) -> bytes:
    return build(folder / "made.pdf").read_bytes()


def by_the_library(data: bytes, *, strict: bool = False) -> str:
    """What pyHanko itself raises when it lists and checks what is in the file; empty: nothing."""
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415 -- slow import
    from pyhanko.sign.validation import validate_pdf_signature  # noqa: PLC0415 -- slow import
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415 -- slow import

    logging.disable(logging.CRITICAL)
    try:
        reader = PdfFileReader(io.BytesIO(data), strict=strict)
        for one in reader.embedded_signatures:
            context = ValidationContext(trust_roots=[], allow_fetching=False)
            validate_pdf_signature(one, context)
    except Exception as error:  # noqa: BLE001 -- that is the question
        return type(error).__name__
    finally:
        logging.disable(logging.NOTSET)
    return ""


# --- Reading leniently.


@pytest.mark.parametrize("data", [files.hybrid_xref_data(), hard_files.small_faults()])
def test_what_strict_reading_refuses_is_read_and_judged(look: Any, data: bytes) -> None:
    signed = files.sign(data)
    assert by_the_library(signed, strict=True) in {"PdfStrictReadError", "SignatureValidationError"}
    assert by_the_library(signed) == ""
    assert look(signed)["verdict"] == "valid"


# --- What listing and validating raise.


@pytest.mark.parametrize("kind", ODD_SIGNATURES)
def test_an_odd_signature_is_a_verdict_and_hides_no_other(look: Any, kind: str) -> None:
    build, error = ODD_SIGNATURES[kind]
    data = build()
    assert by_the_library(data) == error
    result = look(data)
    assert short(result) == [("valid", ""), ("indeterminate", "broken_signature")]
    assert result["verdict"] == "indeterminate"
    assert "dữ liệu chữ ký bị hỏng" in describe(result).lines[1]


@pytest.mark.parametrize(
    "error", [ValueError, OSError, RecursionError, KeyError, AssertionError, "read", "extract"]
)
@pytest.mark.parametrize("where", ["list", "validate"])
def test_whatever_the_library_raises_is_a_verdict(
    look: Any, monkeypatch: Any, error: Any, where: str
) -> None:
    from pyhanko.pdf_utils.misc import PdfReadError  # noqa: PLC0415 -- slow import
    from pyhanko.sign.general import CMSExtractionError  # noqa: PLC0415 -- slow import
    from pyhanko.sign.validation import EmbeddedPdfSignature  # noqa: PLC0415 -- slow import

    kinds = {"read": PdfReadError("x"), "extract": CMSExtractionError("x")}
    fault = kinds[error] if isinstance(error, str) else error("x")
    name = "__init__" if where == "list" else "compute_integrity_info"
    real = getattr(EmbeddedPdfSignature, name)

    def fail(self: Any, *args: Any, **kwargs: Any) -> Any:
        if "ChuKy2" in (getattr(self, "fq_name", ""), *args):
            raise fault
        return real(self, *args, **kwargs)

    monkeypatch.setattr(EmbeddedPdfSignature, name, fail)
    data = files.sign(files.sign(files.build()), "Trần Thị Bình", field="ChuKy2")
    assert short(look(data)) == [("valid", ""), ("indeterminate", "broken_signature")]


def test_fields_too_deep_to_be_listed_do_not_make_a_file_unsigned(
    look: Any, tmp_path: Path
) -> None:
    """The comparison falls as well: the second try says whether the signed bytes are whole."""
    data = made(hard_files.deep_fields_later, tmp_path)
    assert by_the_library(data) == "RecursionError"
    result = look(data, seconds=120)
    assert short(result) == [("indeterminate", "changes_not_judged")]
    assert result["signatures"][0]["intact"]
    said = "phần đã ký còn nguyên vẹn, chưa đánh giá được phần thêm vào sau khi ký"
    assert said in describe(result).text


def test_the_old_format_that_the_library_leaves_out_is_no_unsigned_file(
    look: Any, tmp_path: Path
) -> None:
    data = made(files.old_signature_format, tmp_path)
    assert by_the_library(data) == ""  # a line in a log, and nothing in the list
    result = look(data)
    assert short(result) == [("indeterminate", "unsupported_format")]
    assert "chữ ký theo định dạng cũ, phần mềm chưa kiểm tra được" in describe(result).text


# --- What came after.


@pytest.mark.parametrize(
    ("build", "change", "verdict"),
    [
        (lambda path: files.signed_pdf(path, "An", "Bình"), "later_signature", "valid"),
        (files.ltv_pdf, "ltv", "valid"),
        (lambda path: path.write_bytes(BAD_FORM) and path, "form_filled", "invalid"),
        (files.annotated_later, "annotations", "invalid"),
        (files.content_replaced_later, "page_content", "invalid"),
        (files.pages_added_later, "pages_added", "invalid"),
        (hard_files.pages_removed_later, "pages_removed", "invalid"),
    ],
)
def test_the_clerk_reads_what_came_after_the_signature(
    look: Any, tmp_path: Path, build: Any, change: str, verdict: str
) -> None:
    result = look(made(build, tmp_path))
    first = result["signatures"][0]
    assert (first["intact"], first["changes"]) == (True, [change])
    assert result["verdict"] == verdict
    with translation.override("vi"):
        assert f"Sau khi ký: {CHANGES[change]}" in describe(result).lines[0]


@pytest.mark.parametrize(("certify", "verdict"), [(False, "invalid"), (True, "indeterminate")])
def test_a_look_that_is_swapped_under_the_name_of_form_filling_is_shown(
    look: Any, certify: bool, verdict: str
) -> None:
    """The library passes it, and whoever trusts only its word reads another page."""
    data = hard_files.looks_replaced_later(certify=certify)
    assert by_the_library(data) == ""
    result = look(data)
    (one,) = result["signatures"]
    assert (one["intact"], one["modification"]) == (True, "form_filling")
    assert short(result) == [(verdict, "filled_after_signing")]
    assert one["changes"] == ["form_filled"]
    assert str(REASONS["filled_after_signing"]) in describe(result).text


# --- Time.


def test_twenty_five_signatures_are_all_judged(look: Any) -> None:
    result = look(hard_files.many_signatures(), seconds=120)
    assert short(result) == [("valid", "")] * 25
    assert describe(result).text == "25 chữ ký số hợp lệ, tệp chưa bị sửa."


def test_signatures_that_nobody_came_to_are_named_when_the_time_is_over(
    look: Any, monkeypatch: Any
) -> None:
    # A second for each signature.
    clock = SimpleNamespace(monotonic=itertools.count().__next__)
    for module in ("pdf", "judging"):
        monkeypatch.setattr(f"signatures.{module}.time", clock)
    result = look(hard_files.many_signatures(), seconds=10)
    reasons = [reason for _verdict, reason in short(result)]
    assert reasons.count("") == 10
    assert reasons[10:] == ["not_examined"] * 15
    assert result["verdict"] == "indeterminate"


def test_a_check_without_end_is_stopped_and_the_file_stays_readable(tmp_path: Path) -> None:
    path = files.signed_pdf(tmp_path / "a.pdf")
    name = "tests.documents.test_inspection.sleep"
    started = time.monotonic()
    found = inspect(path, seconds=3, memory_mib=1024, programs=[name])
    assert (found.readable, found.faults[name]) == (True, "too_slow")
    assert time.monotonic() - started < 6
