"""Children of the tests that are forked are what those of the application are."""

import os
from pathlib import Path
from typing import Any

import pytest

from documents.inspection import call, inspect, start_child
from tests import files

EXAMINE = "signatures.pdf.examine"
PROGRAMS = "tests.documents.test_inspection"


@pytest.mark.parametrize("kind", ["plain", "signed", "tampered", "broken"])
def test_they_answer_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    path = tmp_path / "quet.pdf"
    if kind == "broken":
        path.write_bytes(files.build()[:200])
    else:
        make = {
            "plain": files.plain_pdf,
            "signed": files.signed_pdf,
            "tampered": files.tampered_pdf,
        }
        make[kind](path)
    anchors = [str(files.anchor(tmp_path / "ca.pem", "CA thử nghiệm"))]
    wanted = {
        "seconds": 30,
        "memory_mib": 1024,
        "programs": [EXAMINE],
        "arguments": {EXAMINE: {"anchors": anchors, "now": "2026-07-01T08:00:00+07:00"}},
    }
    warm = inspect(path, **wanted)
    monkeypatch.setattr("documents.inspection.start_child", start_child)
    assert warm == inspect(path, **wanted)
    assert warm.readable == (kind != "broken")


@pytest.mark.parametrize(
    ("program", "fault"), [("hang", "too_slow"), ("exhaust", "too_big_for_memory")]
)
def test_time_and_memory_are_bounded(tmp_path: Path, program: str, fault: str) -> None:
    path = files.plain_pdf(tmp_path / "quet.pdf")
    answer, said = call(f"{PROGRAMS}.{program}", path, seconds=2, memory_mib=1024)
    assert (answer, said) == (None, fault)


def test_they_inherit_nothing_and_leave_nobody(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("SECRET_KEY", "bi-mat")
    path = files.plain_pdf(tmp_path / "quet.pdf")
    seen, said = call(f"{PROGRAMS}.look_around", path, seconds=5, memory_mib=1024)
    assert said == ""
    assert set(seen["names"]) <= {"PATH", "PYTHONPATH", "LANG", "LC_CTYPE"}
    assert not seen["wrote"]
    assert seen["session"] != os.getsid(0)
    assert not Path(f"/proc/{seen['session']}").exists()
