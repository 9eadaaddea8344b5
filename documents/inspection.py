"""Inspection of received files in a process of their own, bounded in time, memory and output."""

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from documents.inspector import OUT_OF_MEMORY
from documents.sniffing import sniff

PROJECT = Path(__file__).resolve().parent.parent
ANSWER_BYTES = 8 << 20

REASONS: dict[str, str | Promise] = {
    "too_slow": _(
        "Tệp quá phức tạp, không đọc xong trong thời gian cho phép. Đề nghị nơi gửi gửi lại bản "
        "PDF đơn giản hơn, hoặc in ra rồi quét lại."
    ),
    "too_big_for_memory": _(
        "Tệp cần quá nhiều bộ nhớ để mở. Đề nghị nơi gửi gửi lại bản PDF nhỏ hơn, hoặc in ra rồi "
        "quét lại ở 200 dpi."
    ),
    "crashed": _(
        "Tệp làm dừng chương trình đọc, có thể đã hỏng hoặc gây hại. Không mở tệp trên máy; "
        "đề nghị nơi gửi gửi lại."
    ),
    "not_pdf": _(
        "Tệp không phải là PDF. Chuyển văn bản sang PDF phiên bản 1.4 trở lên rồi đính kèm lại."
    ),
    "executable": _(
        "Tệp là chương trình, không phải văn bản. Không mở tệp trên máy; báo người quản trị và "
        "nơi gửi."
    ),
    "empty": _("Tệp rỗng, không có nội dung. Đề nghị nơi gửi gửi lại, hoặc quét lại."),
    "encrypted": _(
        "Tệp đặt mật khẩu nên không đọc được. Đề nghị nơi gửi gửi bản không đặt mật khẩu."
    ),
    "broken": _("Tệp PDF bị hỏng, không mở được. Đề nghị nơi gửi gửi lại, hoặc quét lại."),
    "changed": _("Tệp đã bị thay đổi sau khi nhận. Đính kèm lại tệp."),
    "image_broken": _(
        "Ảnh bị hỏng hoặc thiếu dữ liệu, không mở được. Quét lại, hoặc đề nghị nơi gửi gửi lại."
    ),
    "image_too_big": _(
        "Ảnh quá lớn hoặc quá nhiều trang nên không chuyển được sang PDF. Quét lại ở 200 dpi, hoặc "
        "tách thành nhiều tệp."
    ),
    "image_kind": _(
        "Loại ảnh này không chuyển được sang PDF. Hệ thống nhận PDF, JPEG, PNG, TIFF: lưu ảnh "
        "thành một trong các loại đó rồi đính kèm lại, hoặc quét lại."
    ),
    "image_moving": _(
        "Tệp là ảnh động, không phải bản quét của văn bản. Quét lại văn bản rồi đính kèm tệp PDF, "
        "JPEG, PNG hoặc TIFF."
    ),
    "image_disguised": _(
        "Tệp vừa là ảnh vừa chứa tệp loại khác, có thể gây hại. Không mở tệp trên máy; đề nghị "
        "nơi gửi gửi lại bản PDF."
    ),
    "no_pages": _("Tệp PDF không có trang nào. Đề nghị nơi gửi gửi lại, hoặc quét lại."),
}


@dataclass(frozen=True)
class Inspection:
    """What is known of a received file. `reason` is set when it cannot be read."""

    kind: str
    readable: bool = False
    reason: str = ""
    pages: int | None = None
    pdf_version: str = ""
    encrypted: bool = False
    needs_password: bool = False
    active: tuple[str, ...] = ()
    has_text: bool = False
    text: str = ""
    # Codes of documents.stamps that stand in the words, and the pages that had words to look in.
    marks: tuple[str, ...] = ()
    worded: int = 0
    # What documents.annexes read: codes of annexes that are named, and that stand in the file.
    annexes: dict[str, list[str]] = field(default_factory=dict)
    # What documents.likeness makes of the words; empty when they are too few, or were not reached.
    sketch: dict[str, str] = field(default_factory=dict)
    # What documents.resolution measured; empty when nothing was.
    scan: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    # A stage that failed on a file that can be read otherwise: "text", "active", a program's name.
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> str | Promise:
        """Why the file cannot be read, for a clerk; empty when it can."""
        if self.reason == "not_pdf" and self.kind == "executable":
            return REASONS["executable"]
        return REASONS.get(self.reason, "")


def sentence_of(found: Mapping[str, Any]) -> str | Promise:
    """Why a file cannot be read, of what was kept of its inspection; empty when it can."""
    if found.get("reason") == "not_pdf" and found.get("kind") == "executable":
        return REASONS["executable"]
    return REASONS.get(found.get("reason", ""), "")


@dataclass(frozen=True)
class Answer:
    """The lines that a child wrote before it ended, and how it ended ("" = in order)."""

    lines: list[dict[str, Any]]
    fault: str


def inspect(
    path: str | Path,
    *,
    seconds: int,
    memory_mib: int,
    programs: Sequence[str] = (),
    arguments: Mapping[str, Mapping[str, Any]] | None = None,
) -> Inspection:
    """Inspect a file in a child process; whatever the file does, the answer is an Inspection.

    `programs` are dotted names of functions that the child calls with the path (and with their
    `arguments`) after its own work; what they answer stands in `extra` under the same name.
    """
    answer = run_child(
        {
            "job": "inspect",
            "path": str(path),
            "programs": list(programs),
            "arguments": {name: dict(values) for name, values in (arguments or {}).items()},
        },
        seconds=seconds,
        memory_mib=memory_mib,
    )
    parts = {line["part"]: line for line in answer.lines}
    facts = parts.get("facts")
    if facts is None or facts["result"] is None:
        fault = answer.fault or (facts["fault"] if facts else "crashed")
        return Inspection(kind=sniff(path), reason=fault)
    facts = facts["result"]
    if not facts["readable"]:
        return Inspection(**facts)
    expected = ["active", "scan", *programs, "text", "marks", "annexes"]
    faults = {
        name: parts[name]["fault"] if name in parts else answer.fault or "crashed"
        for name in expected
        if name not in parts or parts[name]["fault"]
    }
    text = parts.get("words", {}).get("result", "")
    looked = parts.get("marks", {}).get("result") or {}
    return Inspection(
        **facts,
        active=tuple(parts.get("active", {}).get("result") or ()),
        has_text=any(letter.isalnum() for letter in text),
        text=text,
        marks=tuple(looked.get("found", ())),
        worded=looked.get("worded", 0),
        annexes=parts.get("annexes", {}).get("result") or {},
        sketch=parts.get("sketch", {}).get("result") or {},
        scan=parts.get("scan", {}).get("result") or {},
        extra={name: parts[name]["result"] for name in programs if name not in faults},
        faults=faults,
    )


def call(
    program: str, path: str | Path, *, seconds: int, memory_mib: int, **arguments: Any
) -> tuple[Any, str]:
    """What one function answers about a file, in a child process; else None and why.

    ``program`` is its dotted name; arguments and answer are plain JSON, of a megabyte at most.
    """
    request = {"job": "call", "path": str(path), "program": program, "arguments": arguments}
    answer = run_child(request, seconds=seconds, memory_mib=memory_mib)
    (line,) = answer.lines[:1] or [{"result": None, "fault": answer.fault or "crashed"}]
    return line["result"], line["fault"] or answer.fault


def run_child(
    request: Mapping[str, Any], *, seconds: int, memory_mib: int, file_bytes: int = 0
) -> Answer:
    """Run one job of the child program and collect what it answers until it ends or must end."""
    limits = {"seconds": seconds, "memory_mib": memory_mib, "file_bytes": file_bytes}
    child = start_child()
    deadline = time.monotonic() + seconds
    with child:
        try:
            _send(child, json.dumps({**request, **limits}).encode())
            data, fault = _receive(child, deadline)
            if not fault:
                fault = _wait(child, deadline)
        finally:
            # The whole session, in case the file made the child start others. It has not been
            # reaped yet, so its number cannot belong to somebody else.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
    return Answer(_lines(data), fault)


def start_child() -> subprocess.Popen[bytes]:
    """The child program, which waits for its request; it has a session of its own."""
    # The child sets its own limits: preexec_fn may deadlock in a process with threads.
    return subprocess.Popen(
        [sys.executable, "-P", "-s", "-B", "-m", "documents.inspector"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=child_environment(),
        cwd="/",
        start_new_session=True,
    )


def child_environment() -> dict[str, str]:
    """Nothing of ours: no address, no secret."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONPATH": str(PROJECT),
        "LANG": "C.UTF-8",
    }


def _send(child: subprocess.Popen[bytes], data: bytes) -> None:
    with contextlib.suppress(BrokenPipeError), child.stdin:  # type: ignore[union-attr]
        child.stdin.write(data)  # type: ignore[union-attr]


def _receive(child: subprocess.Popen[bytes], deadline: float) -> tuple[bytes, str]:
    data = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)  # type: ignore[arg-type]
        while True:
            if not selector.select(max(0.0, deadline - time.monotonic())):
                return bytes(data), "too_slow"
            chunk = os.read(child.stdout.fileno(), 1 << 16)  # type: ignore[union-attr]
            if not chunk:
                return bytes(data), ""
            data += chunk
            if len(data) > ANSWER_BYTES:
                return bytes(data), "crashed"


def _wait(child: subprocess.Popen[bytes], deadline: float) -> str:
    while True:
        # WNOWAIT leaves the dead child in place until its session has been killed.
        end = os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG)
        if end is not None:
            break
        if time.monotonic() > deadline:
            return "too_slow"
        time.sleep(0.005)
    if end.si_code == os.CLD_EXITED:
        return {0: "", OUT_OF_MEMORY: "too_big_for_memory"}.get(end.si_status, "crashed")
    if end.si_status == signal.SIGXCPU:
        return "too_slow"
    # A SIGKILL is not ours: the kernel takes the one that needs too much. PDFium aborts where it
    # gets no more.
    is_memory = end.si_status in (signal.SIGKILL, signal.SIGABRT)
    return "too_big_for_memory" if is_memory else "crashed"


def _lines(data: bytes) -> list[dict[str, Any]]:
    lines = []
    # What follows the last line end is half a line of a child that was stopped.
    for line in data.split(b"\n")[:-1]:
        with contextlib.suppress(ValueError):
            lines.append(json.loads(line))
    return lines
