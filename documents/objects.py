"""Objects of a PDF, followed without stumbling over a broken one; knows pypdf's shapes only."""

from collections.abc import Iterator
from typing import Any


def opened(value: Any) -> Any:
    """What a reference points to; None when it cannot be read."""
    # One broken object must not hide the others.
    try:
        return value.get_object() if hasattr(value, "get_object") else value
    except Exception:  # noqa: BLE001 -- a hostile file makes pypdf raise anything
        return None


def at(value: Any, *keys: str) -> Any:
    """The entry behind these keys; None where the way ends."""
    for key in keys:
        value = opened(value)
        if not isinstance(value, dict):
            return None
        value = dict.get(value, key)
    return opened(value)


def items(value: Any) -> list[Any]:
    """The items of an array; none when it is something else."""
    value = opened(value)
    return list(value) if isinstance(value, list) else []


def notes(reader: Any, most: int) -> Iterator[str]:
    """What stamps and notes say that were laid upon the pages."""
    for page in reader.pages:
        for annotation in items(at(page, "/Annots"))[:most]:
            most -= 1
            if at(annotation, "/Subtype") in {"/FreeText", "/Stamp"}:
                said = at(annotation, "/Contents")
                if isinstance(said, str) and said.strip():
                    yield said
        if most <= 0:
            return
