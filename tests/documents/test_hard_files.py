"""What the world's files do to pypdf and PDFium: a reason each, and nothing else is lost."""

import time
from pathlib import Path
from typing import Any

import pytest

from documents import inspector
from documents.inspection import inspect
from documents.pages import render
from tests import files, hard_files
from tests.hard_files import UNREADABLE

pytestmark = pytest.mark.usefixtures("cold_children")


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_the_library_raises_is_a_reason(tmp_path: Path, kind: str) -> None:
    data, error, reason, fault = UNREADABLE[kind]
    assert list(hard_files.raised(data)) == [error]
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    found = inspect(path, seconds=20, memory_mib=1024)
    assert (found.reason, found.readable) == (reason, not reason)
    assert found.faults.get("text", "") == fault


@pytest.mark.parametrize(
    "error",
    [NotImplementedError, ValueError, TypeError, AttributeError, AssertionError, RecursionError],
)
@pytest.mark.parametrize("stage", ["open", "count", "text"])
def test_every_foreign_exception_costs_its_stage_only(
    tmp_path: Path, monkeypatch: Any, error: type[Exception], stage: str
) -> None:
    """In the child these are real; here the same code is run with a library that fails."""
    import pypdf  # noqa: PLC0415 -- slow import

    def fail(*args: Any, **kwargs: Any) -> Any:
        raise error("x")

    place: tuple[Any, str] = {
        "open": (pypdf.PdfReader, "__init__"),
        "count": (pypdf.PdfReader, "get_num_pages"),
        "text": (pypdf.PageObject, "extract_text"),
    }[stage]
    monkeypatch.setattr(*place, fail)
    request = {
        "path": str(files.plain_pdf(tmp_path / "a.pdf")),
        "seconds": 20,
        "programs": [],
        "arguments": {},
    }
    lines: list[dict[str, Any]] = []
    inspector._inspect(request, time.monotonic(), lines.append)
    said = {line["part"]: line for line in lines}
    if stage == "text":
        assert said["facts"]["result"]["pages"] == 1
        assert said["text"]["fault"] == "broken"
        return
    facts = said["facts"]
    reason = facts["fault"] or facts["result"]["reason"]
    locked = error is NotImplementedError
    assert reason == ("encrypted" if locked else "broken")
    assert "text" not in said


def test_a_shading_without_end_is_given_up(tmp_path: Path) -> None:
    path = hard_files.endless_shading(tmp_path / "a.pdf")
    assert path.stat().st_size < 2_000
    started = time.monotonic()
    page = render(path, 0, 1000, tmp_path / "page.image", seconds=2, memory_mib=1024)
    assert page.reason in {"too_slow", "too_big_for_memory"}  # whichever limit it meets first
    assert time.monotonic() - started < 6
    assert list(tmp_path.iterdir()) == [path]
    # One round of it is an ordinary page: it is the endless one that is given up.
    once = hard_files.endless_shading(tmp_path / "once.pdf", times=1)
    assert render(once, 0, 200, tmp_path / "x", seconds=20, memory_mib=1024).reason == ""
