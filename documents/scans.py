"""Pictures of scans (JPEG, PNG, TIFF) that become a PDF in the bounded child."""

import contextlib
import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from core.errors import Refusal
from documents.inspection import run_child
from documents.sniffing import SCANS, sniff
from documents.uploads import not_written


@dataclass(frozen=True)
class Scan:
    """A picture, and the PDF that was made of it; `reason` when none could be."""

    kind: str
    reason: str = ""
    sha256: str = ""  # of the PDF
    size: int = 0
    pages: int = 0


def is_scan(path: str | Path) -> bool:
    """True for a picture that becomes a PDF."""
    return sniff(path) in SCANS


@contextlib.contextmanager
def workplace(folder: Path) -> Iterator[Path]:
    """A place for one file in a folder; nothing of it stays, however the work ends."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = folder / f"{secrets.token_hex(8)}.part"
    try:
        yield place
    finally:
        place.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            folder.rmdir()  # somebody else may be at work in it


@contextlib.contextmanager
def laid_out(*contents: bytes) -> Iterator[list[Path]]:
    """Files with these contents for a bounded child, as long as the work lasts.

    Raises Refusal when no disk takes them.
    """
    folder = Path(settings.DATA_ROOT) / "work"
    with contextlib.ExitStack() as stack:
        try:
            places = [stack.enter_context(workplace(folder)) for _ in contents]
            for place, content in zip(places, contents, strict=True):
                place.write_bytes(content)
        except OSError as error:
            raise Refusal(not_written()) from error
        yield places


def to_pdf(
    path: str | Path,
    target: str | Path,
    *,
    sha256: str,
    seconds: int,
    memory_mib: int,
    file_bytes: int,
) -> Scan:
    """Make a PDF of a picture; the same picture gives the same bytes.

    `sha256` is what the picture had when it came, `file_bytes` the most that the PDF may have.
    """
    path, target = Path(path), Path(target)
    kind = sniff(path)
    if _digest(path) != sha256:
        return Scan(kind, "changed")
    answer = run_child(
        {"job": "bind", "path": str(path), "kind": kind, "target": str(target)},
        seconds=seconds,
        memory_mib=memory_mib,
        file_bytes=file_bytes,
    )
    (line,) = answer.lines[:1] or [{"result": None, "fault": answer.fault or "crashed"}]
    made = line["result"] or {"reason": line["fault"], "pages": 0}
    if made["reason"]:
        return Scan(kind, made["reason"])
    if answer.fault or not target.exists():
        return Scan(kind, answer.fault or "crashed")
    target.chmod(0o600)
    return Scan(kind, "", _digest(target), target.stat().st_size, made["pages"])


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
