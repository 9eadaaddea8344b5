"""What changed in a PDF file between two of its revisions, in words that a clerk can use.

Works on the objects that pyHanko hands out, without importing it.
"""

from collections.abc import Iterator
from typing import Any

NODES = 50_000  # objects looked at for one comparison or one list of fields
DEPTH = 150
INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")
NOT_CONTENT = {"/Parent", "/Annots", "/P", "/StructParents", "/Tabs", "/Metadata"}
CATALOG_UPKEEP = {"/Pages", "/AcroForm", "/DSS", "/Extensions", "/Metadata", "/Version", "/Perms"}


def get(value: Any, key: str) -> Any:
    """An entry of a dictionary; None when it is missing or cannot be read."""
    try:
        # By index: it follows references, which `get` does not.
        return value[key] if hasattr(value, "keys") and key in value else None
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 -- one broken object must not hide the others
        return None


def array(value: Any) -> list[Any]:
    """The items of an array; none when it is something else."""
    return list(value) if isinstance(value, list) else []


def resolve(value: Any) -> Any:
    """What a reference points to."""
    return value.get_object() if hasattr(value, "get_object") else value


def pages(root: Any) -> Iterator[tuple[Any, dict[str, Any]]]:
    """The pages in order: reference, and the entries with what they inherit."""
    waiting: list[tuple[Any, dict[str, Any]]] = [(root.raw_get("/Pages"), {})]
    seen: set[Any] = set()
    while waiting and len(seen) < NODES:
        item, inherited = waiting.pop()
        node = resolve(item)
        mark = getattr(item, "reference", None) or id(node)
        if mark in seen or not hasattr(node, "keys"):
            continue
        seen.add(mark)
        inherited = {**inherited, **{key: node.raw_get(key) for key in INHERITED if key in node}}
        kids = get(node, "/Kids")
        if isinstance(kids, list):
            waiting += [(kid, inherited) for kid in reversed(list(kids))]
        else:
            place = getattr(item, "reference", None)
            key = (place.idnum, place.generation) if place else mark
            yield key, {**inherited, **{name: node.raw_get(name) for name in node}}


def compare(old: Any, new: Any, changes: set[str]) -> None:
    """Note what differs between two catalogs; raises when something cannot be compared."""
    # The catalog comes last: what hangs on it may be too deep to be compared.
    same = Sameness()
    before, after = dict(pages(old)), dict(pages(new))
    if set(after) - set(before):
        changes.add("pages_added")
    if set(before) - set(after):
        changes.add("pages_removed")
    kept = [place for place in before if place in after]
    if kept != [place for place in after if place in before]:
        changes.add("page_content")
    for place in kept:
        one, other = before[place], after[place]
        if not same.entries(one, other, NOT_CONTENT):
            changes.add("page_content")
        notes, later_notes = _annotations(one), _annotations(other)
        if len(notes) != len(later_notes) or not all(map(same.values, notes, later_notes)):
            changes.add("annotations")
    if not same.values(get(old, "/DSS"), get(new, "/DSS")):
        changes.add("ltv")
    if not same.entries(_values(old), _values(new), set()):
        changes.add("form_filled")
    if not same.entries(_raw(old), _raw(new), CATALOG_UPKEEP):
        changes.add("catalog")


def _raw(node: Any) -> dict[str, Any]:
    return {key: node.raw_get(key) for key in node}


def _annotations(page: dict[str, Any]) -> list[Any]:
    items = map(resolve, array(resolve(page.get("/Annots"))))
    return [item for item in items if get(item, "/Subtype") != "/Widget"]


def _values(root: Any) -> dict[str, Any]:
    """What the fields show, but for those of signatures: value and appearance, by full name."""
    values: dict[str, Any] = {}
    waiting = [(item, "", None) for item in array(get(get(root, "/AcroForm"), "/Fields"))]
    seen: set[Any] = set()
    while waiting and len(seen) < NODES:
        item, parent_name, parent_kind = waiting.pop()
        node = resolve(item)
        mark = getattr(item, "reference", None) or id(node)
        if mark in seen or not hasattr(node, "keys"):
            continue
        seen.add(mark)
        name, kind = (
            f"{parent_name}.{get(node, '/T') or len(seen)}",
            get(node, "/FT") or parent_kind,
        )
        if kind != "/Sig":
            values |= {name + key: node.raw_get(key) for key in ("/V", "/AP", "/AS") if key in node}
        waiting += [(kid, name, kind) for kid in array(get(node, "/Kids"))]
    return values


class Sameness:
    """Compares two objects of two revisions with all that hangs on them."""

    def __init__(self) -> None:
        self.seen: dict[Any, bool] = {}

    def entries(
        self, one: dict[str, Any], other: dict[str, Any], but: set[str], deep: int = 0
    ) -> bool:
        """Whether two dictionaries are the same, leaving out some keys."""
        keys = set(one) - but
        if keys != set(other) - but:
            return False
        return all(self.values(one[key], other[key], deep + 1) for key in keys)

    def values(self, one: Any, other: Any, deep: int = 0) -> bool:
        """Whether two objects are the same. Raises RecursionError when they are too deep."""
        if deep > DEPTH or len(self.seen) > NODES:
            raise RecursionError
        if not (hasattr(one, "reference") and hasattr(other, "reference")):
            return self._contents(resolve(one), resolve(other), deep)
        marks = (one.reference, other.reference)
        place = tuple((mark.idnum, mark.generation) for mark in marks)
        if place not in self.seen:
            self.seen[place] = True  # a circle: as good as what else hangs on it
            self.seen[place] = self._contents(resolve(one), resolve(other), deep)
        return self.seen[place]

    def _contents(self, one: Any, other: Any, deep: int) -> bool:
        if hasattr(one, "encoded_data") or hasattr(other, "encoded_data"):
            data = [getattr(value, "encoded_data", None) for value in (one, other)]
            if data[0] != data[1]:
                return False
        if hasattr(one, "keys") and hasattr(other, "keys"):
            return self.entries(_raw(one), _raw(other), NOT_CONTENT, deep)
        if isinstance(one, list) and isinstance(other, list):
            # By raw_get: reading a reference any other way follows it.
            arrays: tuple[Any, Any] = (one, other)
            ones, others = ([value.raw_get(i) for i in range(len(value))] for value in arrays)
            return len(ones) == len(others) and all(
                self.values(a, b, deep + 1) for a, b in zip(ones, others, strict=True)
            )
        return type(one) is type(other) and one == other
