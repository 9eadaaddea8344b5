"""Inspection: what is known of a file, and that a hostile one costs one inspection only."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from documents.inspection import REASONS, Inspection, inspect, run_child
from documents.sniffing import sniff
from tests import files

pytestmark = pytest.mark.usefixtures("cold_children")

EXAMINE = "signatures.pdf.examine"


def looked_at(path: Path, *, seconds: int = 20, memory_mib: int = 1024, **more: Any) -> Inspection:
    return inspect(path, seconds=seconds, memory_mib=memory_mib, **more)


def wrote(data: bytes) -> Callable[[Path], Path]:
    def build(path: Path) -> Path:
        path.write_bytes(data)
        return path

    return build


@pytest.mark.parametrize(
    ("build", "kind"),
    [
        (files.plain_pdf, "pdf"),
        (files.polyglot, "pdf"),
        (files.renamed_executable, "executable"),
        (wrote(b"\x7fELF\x02\x01"), "executable"),
        (wrote(b"#!/bin/sh\nrm -rf /"), "executable"),
        (wrote(b"\xcf\xfa\xed\xfe\x07"), "executable"),
        (files.word_document, "office"),
        (wrote(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)), "office"),
        (files.archive, "zip"),
        (wrote(b"\x89PNG\r\n\x1a\n"), "png"),
        (wrote(b"\xff\xd8\xff\xe0"), "jpeg"),
        (wrote(b"II*\x00"), "tiff"),
        (wrote(b"MM\x00+"), "tiff"),
        (wrote(b"\xff\xd8\xff\xfe\x00\x10%PDF-1.4"), "jpeg"),
        (wrote(b"GIF89a\x01\x00"), "image"),
        (wrote(b"BM" + bytes(20)), "image"),
        (wrote(b"BM ghi nho\n%PDF-1.4"), "pdf"),
        (wrote(b"RIFF\x10\x00\x00\x00WEBPVP8 "), "image"),
        (wrote(b"\x00\x00\x00\x18ftypheic"), "image"),
        (wrote(b'<?xml version="1.0"?>\n<svg onload="x()"/>'), "image"),
        (wrote(b"\xef\xbb\xbf \n<!DOCTYPE html><p>"), "html"),
        (wrote(b""), "empty"),
        (wrote(bytes(1024) + b"%PDF-1.4"), "pdf"),
        (wrote(bytes(1025) + b"%PDF-1.4"), "other"),
        (wrote(b"Kinh gui"), "other"),
    ],
)
def test_content_and_not_the_name_says_what_a_file_is(
    tmp_path: Path, build: Callable[[Path], Path], kind: str
) -> None:
    assert sniff(build(tmp_path / "cong-van.pdf")) == kind


def test_an_ordinary_file_is_read_whole(tmp_path: Path) -> None:
    found = looked_at(files.simple_pdf(tmp_path / "a.pdf", pages=3))
    assert (found.kind, found.readable, found.reason, found.sentence) == ("pdf", True, "", "")
    assert (found.pages, found.pdf_version, found.encrypted) == (3, "1.7", False)
    assert found.has_text
    assert " ".join(found.text.split()).count(files.SAMPLE) == 3
    assert (found.active, found.extra, found.faults) == ((), {}, {})


def test_values_of_a_form_are_part_of_the_text(tmp_path: Path) -> None:
    found = looked_at(files.with_form(tmp_path / "a.pdf", "4127"))
    assert found.text.split("\n") == ["Van ban so 127", "4127"]


def test_a_scan_has_no_text(tmp_path: Path) -> None:
    found = looked_at(files.scan_pdf(tmp_path / "a.pdf", 200, 300))
    assert (found.readable, found.has_text, found.text) == (True, False, "")


@pytest.mark.parametrize("build", [files.broken_xref, files.hybrid_xref, files.polyglot])
def test_faulty_files_that_can_be_read_are_read(
    tmp_path: Path, build: Callable[[Path], Path]
) -> None:
    found = looked_at(build(tmp_path / "a.pdf"), programs=[EXAMINE])
    assert (found.readable, found.pages, found.text) == (True, 1, "Van ban so 127")
    assert found.pdf_version == "1.7"
    assert found.extra[EXAMINE]["verdict"] == "unsigned"


def test_an_empty_password_keeps_nobody_out(tmp_path: Path) -> None:
    found = looked_at(files.encrypted_empty_password(tmp_path / "a.pdf"))
    assert (found.readable, found.encrypted, found.needs_password) == (True, True, False)
    assert found.text == "Van ban so 127"


@pytest.mark.parametrize(
    ("build", "reason", "kind"),
    [
        (files.encrypted, "encrypted", "pdf"),
        (files.encrypted_for_certificates, "encrypted", "pdf"),
        (files.broken, "broken", "pdf"),
        (files.zero_page, "no_pages", "pdf"),
        (files.renamed_executable, "not_pdf", "executable"),
        (files.word_document, "not_pdf", "office"),
        (wrote(b""), "empty", "empty"),
    ],
)
def test_a_file_that_cannot_be_read_has_a_plain_reason(
    tmp_path: Path, build: Callable[[Path], Path], reason: str, kind: str
) -> None:
    found = looked_at(build(tmp_path / "a.pdf"))
    assert (found.readable, found.reason, found.kind) == (False, reason, kind)
    assert found.sentence == REASONS["executable" if kind == "executable" else reason]
    assert found.needs_password == (reason == "encrypted")


@pytest.mark.parametrize(
    ("build", "active"),
    [
        (files.with_javascript, ("javascript", "open_action")),
        (files.with_launch, ("launch",)),
        (files.with_submit, ("submit",)),
        (files.embedded_files, ("embedded_files",)),
        (files.with_xfa, ("portfolio", "xfa")),
        (files.with_form, ()),
    ],
)
def test_active_content_is_named(
    tmp_path: Path, build: Callable[[Path], Path], active: tuple[str, ...]
) -> None:
    assert looked_at(build(tmp_path / "a.pdf")).active == active


def test_a_file_that_takes_too_long_to_open_is_given_up(tmp_path: Path) -> None:
    path = files.slow_to_open(tmp_path / "a.pdf")
    started = time.monotonic()
    found = looked_at(path, seconds=2)
    assert (found.readable, found.reason) == (False, "too_slow")
    assert time.monotonic() - started < 4


def test_a_file_that_needs_too_much_memory_is_given_up(tmp_path: Path) -> None:
    found = looked_at(files.slow_to_open(tmp_path / "a.pdf"), memory_mib=200)
    assert (found.readable, found.reason) == (False, "too_big_for_memory")


def test_slow_text_costs_the_text_only(tmp_path: Path) -> None:
    path = files.slow_to_read(tmp_path / "a.pdf")
    found = looked_at(path, seconds=3, programs=[EXAMINE])
    assert (found.readable, found.pages, found.text) == (True, 1, "")
    assert found.extra[EXAMINE]["verdict"] == "unsigned"
    assert found.faults == {"text": "too_slow"}


def test_an_inflating_page_costs_the_text_only(tmp_path: Path) -> None:
    found = looked_at(files.inflating(tmp_path / "a.pdf"))
    assert (found.readable, found.faults) == (True, {"text": "too_big_for_memory"})


@pytest.mark.parametrize(
    ("program", "fault"),
    [
        ("os.abort", "broken"),  # takes no path: an error in Python
        ("tests.documents.test_inspection.die", "crashed"),
        ("tests.documents.test_inspection.give_up", "too_big_for_memory"),
        ("tests.documents.test_inspection.sleep", "too_slow"),
        ("tests.documents.test_inspection.hang", "too_slow"),
        ("tests.documents.test_inspection.chatter", "crashed"),
        ("tests.documents.test_inspection.exhaust", "too_big_for_memory"),
    ],
)
def test_a_program_that_fails_costs_its_own_answer_only(
    tmp_path: Path, program: str, fault: str
) -> None:
    found = looked_at(files.plain_pdf(tmp_path / "a.pdf"), seconds=4, programs=[program])
    assert (found.readable, found.pages, found.extra) == (True, 1, {})
    assert found.faults[program] == fault


def die(path: str) -> None:
    import signal  # noqa: PLC0415

    os.kill(os.getpid(), signal.SIGSEGV)


def give_up(path: str) -> None:
    os.abort()  # as PDFium does where it gets no more memory


def sleep(path: str) -> None:
    try:
        time.sleep(60)
    except Exception:  # noqa: BLE001 -- the fence must get through this
        time.sleep(60)


def hang(path: str) -> None:
    import signal  # noqa: PLC0415

    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    while True:
        pass


def chatter(path: str) -> str:
    return "x" * (20 << 20)


def exhaust(path: str) -> int:
    return len(bytearray(4 << 30))


def look_around(path: str) -> dict[str, Any]:
    print("noise")  # noqa: T201 -- must not reach the answer
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        Path(path).with_name("written").write_bytes(b"x")
        wrote_file = True
    except OSError:
        wrote_file = False
    return {"names": sorted(os.environ), "wrote": wrote_file, "session": os.getsid(0)}


def test_the_child_inherits_nothing_writes_nothing_and_leaves_nobody(
    tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setenv("SECRET_KEY", "bi-mat")
    name = "tests.documents.test_inspection.look_around"
    started = time.monotonic()
    found = looked_at(files.plain_pdf(tmp_path / "a.pdf"), seconds=5, programs=[name])
    seen = found.extra[name]
    assert set(seen["names"]) <= {"PATH", "PYTHONPATH", "LANG", "LC_CTYPE"}
    assert not seen["wrote"]
    assert seen["session"] != os.getsid(0)
    # What the file made the child start went with its session.
    assert found.text == "Van ban so 127"
    assert time.monotonic() - started < 7
    with pytest.raises(ProcessLookupError):
        _signal_session(seen["session"])


def _signal_session(session: int) -> None:
    # Killed processes vanish a moment after the signal.
    for _ in range(50):
        os.killpg(session, 0)
        time.sleep(0.05)


def test_arguments_reach_the_program(tmp_path: Path) -> None:
    path = files.signed_pdf(tmp_path / "a.pdf")
    trusted = {EXAMINE: {"anchors": [str(files.anchor(tmp_path / "ca.pem"))]}}
    assert looked_at(path, programs=[EXAMINE]).extra[EXAMINE]["verdict"] == "indeterminate"
    found = looked_at(path, programs=[EXAMINE], arguments=trusted)
    assert found.extra[EXAMINE]["verdict"] == "valid"


def test_a_child_that_never_starts_is_a_result(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    found = looked_at(files.plain_pdf(tmp_path / "a.pdf"))
    assert (found.kind, found.readable, found.reason) == ("pdf", False, "crashed")


def test_the_child_starts_fast() -> None:
    times = []
    for _ in range(3):
        started = time.monotonic()
        answer = run_child(
            {"job": "inspect", "path": os.devnull, "programs": [], "arguments": {}},
            seconds=10,
            memory_mib=512,
        )
        times.append(time.monotonic() - started)
        assert answer.fault == ""
    assert min(times) < 0.5
