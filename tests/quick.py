"""For tests that need papers in the tray, and not the look at their files."""

from typing import Any

import pytest

from documents.inspection import Inspection

READABLE = Inspection(
    kind="pdf",
    readable=True,
    pages=1,
    worded=1,
    pdf_version="1.7",
    extra={"signatures.pdf.examine": {"verdict": "unsigned", "signatures": []}},
)


@pytest.fixture
def glance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are found readable, of one page with words, without a process; no page is drawn."""
    look_quickly(monkeypatch)


def look_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for those who need it longer than one test."""

    def inspect(*_arguments: Any, **_bounds: Any) -> Inspection:
        return READABLE

    monkeypatch.setattr("documents.actions.filing.inspect", inspect)
    monkeypatch.setattr("incoming.tasks.warm", lambda *_arguments: None)
