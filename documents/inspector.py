"""The child program that opens what strangers sent: one request in, lines of JSON out, no Django.

Started by inspection.py only. Limits are set before the file is touched; each stage has its own
fence and answers its own line, so that a stage that dies keeps what was found before it.
"""

import errno
import importlib
import json
import logging
import os
import re
import resource
import signal
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from documents.annexes import annexes_in
from documents.likeness import sketch_of
from documents.objects import at, items, notes, opened
from documents.resolution import measure
from documents.sniffing import PDF_HEADER_WITHIN, sniff
from documents.stamps import marks_in

OUT_OF_MEMORY = 77  # exit code
FULL = {errno.ENOSPC, errno.EDQUOT}
TEXT_LENGTH = 200_000
ITEMS = 20_000  # annotations, fields and outline entries that are looked at
PAGES = 100_000
# Of the whole time; the others take what is left.
STAGE_SHARE = {"facts": 0.4, "active": 0.2, "scan": 0.05}
MARKS_SHARE = 0.04  # kept for the marks when the text has taken its time
ANNEXES_SHARE = 0.02  # and for what comes after the marks
FINISH = 0.9  # of the whole time: the last line must be written before the parent loses patience

HARMLESS_ACTIONS = {"/GoTo", "/Named", "/URI"}
ACTIVE_ACTIONS = {
    "/JavaScript": "javascript",
    "/Launch": "launch",
    "/SubmitForm": "submit",
    "/ImportData": "submit",
    "/GoToE": "embedded_files",
}


class TooSlow(BaseException):
    """The time of a stage is over. No Exception, because libraries swallow those."""


def main() -> None:
    """Read the request, set the limits, do the job, answer."""
    request = json.loads(sys.stdin.buffer.read(1 << 20))
    started = time.monotonic()
    answer = _open_answer()
    _set_limits(request)
    jobs = {
        "inspect": _inspect,
        "paint": _paint,
        "bind": _bind,
        "stamp": _stamp,
        "call": _only_call,
    }
    jobs[request["job"]](request, started, answer)


def _open_answer() -> Callable[[dict[str, Any]], None]:
    # Libraries that print must not write into the answer.
    descriptor = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    logging.disable(logging.CRITICAL)

    def answer(line: dict[str, Any]) -> None:
        data = json.dumps(line).encode() + b"\n"
        while data:
            data = data[os.write(descriptor, data) :]

    return answer


def _set_limits(request: dict[str, Any]) -> None:
    memory, seconds = request["memory_mib"] << 20, int(request["seconds"]) + 1
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (request["file_bytes"], request["file_bytes"]))


def fault_of(error: BaseException) -> str:
    """The reason code of what a library raised."""
    if isinstance(error, TooSlow):
        return "too_slow"
    cause: BaseException | None = error
    while cause is not None:
        # pypdf wraps what it runs into.
        if isinstance(cause, MemoryError) or type(cause).__name__ == "LimitReachedError":
            return "too_big_for_memory"
        if isinstance(cause, OSError) and cause.errno in FULL:
            return "disk_full"
        cause = cause.__cause__ or cause.__context__
    return "broken"


def _stage(
    name: str, work: Callable[[], Any], seconds: float, answer: Callable[[dict[str, Any]], None]
) -> Any:
    def stop(signum: int, frame: object) -> None:
        raise TooSlow

    result: Any = None
    fault = ""
    signal.signal(signal.SIGALRM, stop)
    try:
        signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.05))
        try:
            result = work()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except (Exception, TooSlow) as error:  # noqa: BLE001 -- a hostile file makes pypdf raise anything
        fault = fault_of(error)
    answer({"part": name, "result": result, "fault": fault})
    return result


def _inspect(
    request: dict[str, Any], started: float, answer: Callable[[dict[str, Any]], None]
) -> None:
    seconds = request["seconds"]

    def left() -> float:
        return started + seconds * FINISH - time.monotonic()

    book: dict[str, Any] = {}
    facts = _stage(
        "facts", lambda: _facts(request["path"], book), seconds * STAGE_SHARE["facts"], answer
    )
    if not facts or not facts["readable"]:
        return
    reader = book["reader"]
    share = min(left(), seconds * STAGE_SHARE["active"])
    _stage("active", lambda: sorted(_active(reader)), share, answer)
    share = min(left(), seconds * STAGE_SHARE["scan"])
    _stage("scan", lambda: measure(reader), share, answer)
    programs = request["programs"]
    for index, name in enumerate(programs):
        # One share stays for the text.
        share = left() / (len(programs) - index + 1)
        arguments = request["arguments"].get(name, {})
        _stage(name, partial(_call, name, request["path"], arguments), share, answer)
    text: list[str] = []
    later = seconds * ANNEXES_SHARE
    share = left() - later - seconds * MARKS_SHARE
    _stage("text", lambda: _read_text(reader, text), share, answer)
    # The values of the form stand last.
    pages = [_tidy(page) for page in text[:-1]]
    share = max(left() - later, seconds * MARKS_SHARE)
    _stage("marks", lambda: _marks(reader, pages, text[-1:]), share, answer)
    answer({"part": "words", "result": _tidy("\n".join(text))[:TEXT_LENGTH], "fault": ""})
    # After the marks: what it costs must never cost those.
    _stage("annexes", lambda: annexes_in(pages), max(left(), later), answer)
    # Last of all: without it a paper is only not found among others.
    _stage("sketch", lambda: sketch_of("\n".join(pages)), left(), answer)


def _call(name: str, path: str, arguments: dict[str, Any]) -> Any:
    module, _, function = name.rpartition(".")
    return getattr(importlib.import_module(module), function)(path, **arguments)


def _paint(
    request: dict[str, Any], started: float, answer: Callable[[dict[str, Any]], None]
) -> None:
    from documents import painter  # noqa: PLC0415 -- slow import, only for drawing

    for drawn in painter.paint(
        request["path"], request["pages"], request["width"], request["targets"]
    ):
        answer({"part": "page", "result": drawn, "fault": ""})


def _bind(
    request: dict[str, Any], started: float, answer: Callable[[dict[str, Any]], None]
) -> None:
    from documents import binder  # noqa: PLC0415 -- slow import, only for pictures

    work = partial(binder.bind, request["path"], request["kind"], request["target"])
    left = started + request["seconds"] * FINISH - time.monotonic()
    _stage("bind", work, left, answer)


def _stamp(
    request: dict[str, Any], started: float, answer: Callable[[dict[str, Any]], None]
) -> None:
    from documents import stamper  # noqa: PLC0415 -- slow import, only for printed copies

    names = ("path", "stamp", "target", "pages")
    work = partial(stamper.stamp, *(request[name] for name in names))
    left = started + request["seconds"] * FINISH - time.monotonic()
    _stage("stamp", work, left, answer)


def _only_call(
    request: dict[str, Any], started: float, answer: Callable[[dict[str, Any]], None]
) -> None:
    work = partial(_call, request["program"], request["path"], request["arguments"])
    left = started + request["seconds"] * FINISH - time.monotonic()
    _stage("call", work, left, answer)


# --- Reading with pypdf.


def _facts(path: str, book: dict[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "kind": sniff(path),
        "readable": False,
        "reason": "",
        "pages": None,
        "pdf_version": "",
        "encrypted": False,
        "needs_password": False,
    }
    if facts["kind"] != "pdf":
        facts["reason"] = {"empty": "empty", "image": "image_kind"}.get(facts["kind"], "not_pdf")
        return facts
    from pypdf import PasswordType, PdfReader  # noqa: PLC0415 -- slow import
    from pypdf.errors import FileNotDecryptedError  # noqa: PLC0415 -- slow import

    try:
        reader = PdfReader(path, strict=False)
        facts["encrypted"] = bool(reader.is_encrypted)
        if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
            raise FileNotDecryptedError
        facts["pdf_version"] = _version(path, reader)
        facts["pages"] = len(reader.pages)
        if facts["pages"]:
            # A page tree may promise pages that are not there.
            _ = reader.pages[0].mediabox
    except (FileNotDecryptedError, NotImplementedError):
        # NotImplementedError: encrypted for certain people, with their certificates.
        facts.update(encrypted=True, needs_password=True, reason="encrypted")
    except (Exception, TooSlow) as error:  # noqa: BLE001 -- see _stage
        facts["reason"] = fault_of(error)
    else:
        if not 0 < facts["pages"] <= PAGES:
            facts["reason"] = "no_pages" if facts["pages"] <= 0 else "too_big_for_memory"
        else:
            facts["readable"] = True
            book["reader"] = reader
    return facts


def _version(path: str, reader: Any) -> str:
    with Path(path).open("rb") as file:
        header = file.read(PDF_HEADER_WITHIN + 20).partition(b"%PDF-")[2][:3].decode("latin-1")
    later = str(at(reader.trailer, "/Root", "/Version") or "").removeprefix("/")
    versions = [text for text in (header, later) if re.fullmatch(r"\d\.\d", text)]
    return max(versions, default="")


def _active(reader: Any) -> set[str]:
    """What of a PDF acts by itself or carries other files."""
    found: set[str] = set()
    root = at(reader.trailer, "/Root")
    opening = at(root, "/OpenAction")
    if isinstance(opening, dict):
        if at(opening, "/S") not in HARMLESS_ACTIONS:
            found.add("open_action")
        found |= _action_codes(opening)
    if at(root, "/Names", "/JavaScript") is not None:
        found.add("javascript")
    if at(root, "/Names", "/EmbeddedFiles") is not None:
        found.add("embedded_files")
    if at(root, "/AcroForm", "/XFA") is not None:
        found.add("xfa")
    if at(root, "/Collection") is not None:
        found.add("portfolio")
    found |= _triggers(root)
    for field in _fields(reader):
        found |= _triggers(field)
    for entry in _outline(root):
        found |= _triggers(entry)
    left = ITEMS
    for page in reader.pages:
        found |= _triggers(page)
        for annotation in items(at(page, "/Annots"))[:left]:
            left -= 1
            found |= _triggers(annotation)
            if at(annotation, "/Subtype") == "/FileAttachment":
                found.add("embedded_files")
    return found


def _triggers(holder: Any) -> set[str]:
    found = _action_codes(at(holder, "/A"))
    events = at(holder, "/AA")
    if isinstance(events, dict):
        for action in dict.values(events):
            found |= _action_codes(opened(action))
    return found


def _action_codes(action: Any) -> set[str]:
    found: set[str] = set()
    waiting: list[Any] = [action]
    seen: set[int] = set()
    while waiting and len(seen) < ITEMS:
        step = opened(waiting.pop())
        if isinstance(step, list):
            waiting.extend(step)
        if not isinstance(step, dict) or id(step) in seen:
            continue
        seen.add(id(step))
        kind = at(step, "/S")
        if kind in ACTIVE_ACTIONS:
            found.add(ACTIVE_ACTIONS[kind])
        if dict.get(step, "/JS") is not None:
            found.add("javascript")
        waiting.append(dict.get(step, "/Next"))
    return found


def _outline(root: Any) -> Iterator[Any]:
    waiting: list[Any] = [at(root, "/Outlines", "/First")]
    seen: set[int] = set()
    while waiting and len(seen) < ITEMS:
        entry = opened(waiting.pop())
        if isinstance(entry, dict) and id(entry) not in seen:
            seen.add(id(entry))
            waiting += [dict.get(entry, "/Next"), dict.get(entry, "/First")]
            yield entry


def _fields(reader: Any) -> Iterator[Any]:
    waiting = items(at(reader.trailer, "/Root", "/AcroForm", "/Fields"))[::-1]
    seen: set[int] = set()
    while waiting and len(seen) < ITEMS:
        field = opened(waiting.pop())
        if isinstance(field, dict) and id(field) not in seen:
            seen.add(id(field))
            waiting += items(dict.get(field, "/Kids"))[::-1]
            yield field


def _inherited(field: Any, key: str) -> Any:
    for _ in range(20):
        if not isinstance(field, dict):
            return None
        if (value := at(field, key)) is not None:
            return value
        field = at(field, "/Parent")
    return None


def _read_text(reader: Any, text: list[str]) -> bool:
    """Collect the words of the pages and the values of the form; answers whether there are any."""
    # The values first: a page whose text takes for ever must not cost them.
    values = [
        str(value)
        for field in _fields(reader)
        if _inherited(field, "/FT") in {"/Tx", "/Ch"}
        for value in (items(at(field, "/V")) or [at(field, "/V")])
        if isinstance(value, str) and value.strip()
    ]
    text.append("\n".join(dict.fromkeys(values)))
    length, fault = len(text[0]), None
    for page in reader.pages:
        if length >= TEXT_LENGTH:
            break
        try:
            words = page.extract_text()
        except Exception as error:  # noqa: BLE001 -- one bad page must not cost the others
            fault = error
            continue
        length += len(words)
        text.insert(-1, words)
    if fault:
        raise fault
    return True


def _marks(reader: Any, pages: list[str], values: list[str]) -> dict[str, Any]:
    """Marks in what has been read, and on how many pages there were words."""
    return {
        "found": marks_in(pages, [*values, *notes(reader, ITEMS)]),
        "worded": sum(any(map(str.isalnum, page)) for page in pages),
    }


def _tidy(text: str) -> str:
    # PostgreSQL takes neither NUL nor half a surrogate pair.
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = "".join(
        letter for letter in text if letter in "\n\t" or unicodedata.category(letter) != "Cc"
    )
    return unicodedata.normalize("NFC", text).strip()


if __name__ == "__main__":
    try:
        main()
    except MemoryError:
        sys.exit(OUT_OF_MEMORY)
