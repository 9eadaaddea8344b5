"""For tests that need papers in the tray, and not the look at their files."""

from typing import Any

import pytest

from documents.actions.filing import EXAMINERS
from documents.inspection import Inspection

READABLE = Inspection(
    kind="pdf",
    readable=True,
    pages=1,
    worded=1,
    pdf_version="1.7",
    # Without an answer about its signatures a file is not taken as one without any.
    extra={EXAMINERS: {"verdict": "unsigned", "signatures": []}},
)


@pytest.fixture
def glance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are found readable, unsigned, one page with words, without a process; none is drawn."""
    look_quickly(monkeypatch)


def look_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for those who need it longer than one test."""

    def inspect(*_arguments: Any, **_bounds: Any) -> Inspection:
        return READABLE

    monkeypatch.setattr("documents.actions.filing.inspect", inspect)
    monkeypatch.setattr("incoming.tasks.warm", lambda *_arguments: None)
