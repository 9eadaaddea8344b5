"""Pages of a PDF as images: what the viewer, the phone and a browser without JavaScript show."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from documents.inspection import run_child

WIDTH = 1000
ZOOM_WIDTH = 1600
THUMB_WIDTH = 240  # in lists
FILE_BYTES = 32 << 20  # no image of a page may grow beyond this
ATTEMPTS = 3  # children for one call: each one that dies costs the page that it was drawing


@dataclass(frozen=True)
class Page:
    """One drawn page; `reason` (a code of inspection.REASONS or "disk_full") when it was not."""

    index: int
    path: Path
    width: int = 0
    height: int = 0
    size: int = 0
    media_type: str = ""
    reason: str = ""
    clearing: Sequence[int] = ()  # of a first page: where it has room for the stamp "ĐẾN" (mm)


def media_type_of(head: bytes) -> str:
    """The type of an image that was drawn here, by its first bytes."""
    return "image/png" if head.startswith(b"\x89PNG") else "image/jpeg"


def page_name(index: int, width: int) -> str:
    """The file name of a drawn page."""
    return f"{index + 1:04d}-{width}.image"


def render(
    path: str | Path,
    page_index: int,
    width: int,
    out_path: str | Path,
    *,
    seconds: int,
    memory_mib: int,
) -> Page:
    """Draw one page into a file."""
    (page,) = _draw(path, [(page_index, Path(out_path))], width, seconds, memory_mib)
    return page


def render_pages(
    path: str | Path,
    out_dir: str | Path,
    first: int,
    count: int,
    width: int,
    *,
    seconds: int,
    memory_mib: int,
) -> list[Page]:
    """Draw several pages into a folder, as `page_name` calls them.

    A page that cannot be drawn costs itself. Takes at most ATTEMPTS times `seconds`.
    """
    targets = [
        (index, Path(out_dir) / page_name(index, width)) for index in range(first, first + count)
    ]
    return _draw(path, targets, width, seconds, memory_mib)


def _draw(
    path: str | Path,
    targets: Sequence[tuple[int, Path]],
    width: int,
    seconds: int,
    memory_mib: int,
) -> list[Page]:
    drawn: list[Page] = []
    fault = ""
    for _attempt in range(ATTEMPTS):
        waiting = targets[len(drawn) :]
        if not waiting:
            break
        answer = run_child(
            {
                "job": "paint",
                "path": str(path),
                "pages": [index for index, _ in waiting],
                "targets": [str(target) for _, target in waiting],
                "width": width,
            },
            seconds=seconds,
            memory_mib=memory_mib,
            file_bytes=FILE_BYTES,
        )
        results = [line["result"] for line in answer.lines]
        for (index, target), result in zip(waiting, results, strict=False):
            result.pop("page")
            drawn.append(Page(index, target, **result))
        if len(results) < len(waiting):
            # The child died over this page: the next one starts behind it.
            fault = answer.fault or "crashed"
            index, target = waiting[len(results)]
            target.with_name(target.name + ".part").unlink(missing_ok=True)
            drawn.append(Page(index, target, reason=fault))
    drawn += [Page(index, target, reason=fault) for index, target in targets[len(drawn) :]]
    return drawn
