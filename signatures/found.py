"""The signature fields of a PDF, found by our own walk; in the bounded child, without Django."""

import unicodedata
from typing import Any

from signatures.changes import NODES, array, get, pages, resolve


def signed_fields(reader: Any, root: Any) -> tuple[list[tuple[str, Any]], bool]:
    """Every signature field that has a value, and whether all could be looked at."""
    found: list[tuple[str, Any]] = []
    complete = True
    # Our own walk: pyHanko's leaves out fields of odd make, and stops at the first broken one.
    waiting = [(item, "", None) for item in reversed(array(get(get(root, "/AcroForm"), "/Fields")))]
    waiting = waiting or [(item, "", None) for item in _page_widgets(root)]
    seen: set[Any] = set()
    while waiting:
        item, parent_name, parent_kind = waiting.pop()
        try:
            node = resolve(item)
            mark = getattr(item, "reference", None) or id(node)
            if mark in seen or not hasattr(node, "keys"):
                continue
            seen.add(mark)
            if len(seen) > NODES:
                return found, False
            name = ".".join(part for part in (parent_name, str(get(node, "/T") or "")) if part)
            kind = get(node, "/FT") or parent_kind
            if kind == "/Sig" and get(node, "/V") is not None:
                found.append((shown(name), item))
            waiting += [(kid, name, kind) for kid in reversed(array(get(node, "/Kids")))]
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 -- hostile files raise anything
            complete = False
    return found, complete


def _page_widgets(root: Any) -> list[Any]:
    # Some programs forget the list of fields; their signatures hang on the pages only.
    try:
        return [item for _, page in pages(root) for item in array(resolve(page.get("/Annots")))]
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 -- a broken page tree is for the reading to find
        return []


def shown(text: str) -> str:
    """A name or a word of a file as people may see it."""
    letters = (letter for letter in str(text) if unicodedata.category(letter)[0] != "C")
    return unicodedata.normalize("NFC", "".join(letters)).strip()[:255]
