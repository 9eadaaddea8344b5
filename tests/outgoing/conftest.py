"""What tests of drafts share."""

import stat
from pathlib import Path
from typing import Any

import pytest

from tests.files import build


@pytest.fixture
def converter(tmp_path: Path, settings: Any) -> Path:
    """A program that stands in LibreOffice's place: it answers with the PDF that it is given."""
    made, program = tmp_path / "made.pdf", tmp_path / "soffice"
    made.write_bytes(build())
    program.write_text(
        f'#!/bin/sh\nwhile [ "$1" != "--outdir" ]; do shift; done\ncp {made} "$2/text.pdf"\n',
        encoding="utf-8",
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    settings.OFFICE_CONVERTER = str(program)
    return made
