"""Puts pages together into a new PDF, inside the bounded child only.

What stands on a page stays as it is, text as text; fields, notes and the looks of signatures become
part of the page. No signature, form, script or enclosed file of the old files comes along.
"""

import io
from collections.abc import Iterator, Sequence
from typing import Any

import pypdf
import pypdfium2
from pypdf.generic import ContentStream, DictionaryObject, NameObject, StreamObject
from pypdfium2 import raw

VERSION = 17  # PDF 1.7
# All that a page needs to look as it does.
_PAGE_KEYS = {
    *("/Type", "/Parent", "/Contents", "/Resources", "/Rotate", "/UserUnit", "/Group"),
    *("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox"),
}
_NAMED = ("/XObject", "/Pattern", "/Font")  # what others may lie inside of


def together(path: str, more: Sequence[str], pages: Sequence[int], target: str) -> dict[str, Any]:
    """Write the pages of these files one after the other, all or only these (from 0).

    Makes nothing of a file with hidden layers: there they would show.
    """
    if any(_hides(each) for each in (path, *more)):
        return {"pages": 0, "layers": True}
    made = pypdfium2.PdfDocument.new()
    passed = 0
    for each in (path, *more):
        book = pypdfium2.PdfDocument(each)
        count = len(book)
        # The others never come into the new file: what is deleted from one may stay in its bytes.
        wanted = [one for one in range(count) if not pages or passed + one in pages]
        passed += count
        book.init_forms()
        for place in wanted:
            page = book[place]
            # Its own `flatten` refuses files without a form, which may have notes all the same.
            if raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_FAIL:
                raise ValueError("flatten")
            page.close()
        if wanted:
            made.import_pages(book, wanted)
        book.close()
    buffer = io.BytesIO()
    made.save(buffer, version=VERSION)
    reader = pypdf.PdfReader(buffer)
    seen: set[int] = set()
    for page in reader.pages:
        leaf: Any = page.indirect_reference and page.indirect_reference.get_object()
        for key in leaf.keys() - _PAGE_KEYS:
            del leaf[key]
        if pages:
            _tidy(leaf, page.get_contents(), reader, seen)
    # Only what these pages lead to is written.
    writer = pypdf.PdfWriter(clone_from=reader)
    writer.pdf_header = "%PDF-1.7"
    writer.write(target)
    return {"pages": len(reader.pages)}


def _hides(path: str) -> bool:
    """True when a layer is off by default."""
    layers = pypdf.PdfReader(path).root_object.get("/OCProperties")
    default = layers.get_object().get("/D") if layers else None
    if default is None:
        return False
    default = default.get_object()
    off = default.get("/OFF")
    return default.get("/BaseState") == "/OFF" or bool(off and off.get_object())


def _tidy(holder: Any, contents: Any, reader: pypdf.PdfReader, seen: set[int]) -> None:
    """Take from a page, or a form on it, the pictures, forms and fonts that it does not show.

    Programs often give all pages one list of resources; what an excerpt leaves out would lie in it.
    """
    if contents is None or holder.get("/Resources") is None:
        return
    resources = DictionaryObject(holder["/Resources"].get_object())
    holder[NameObject("/Resources")] = resources
    names: set[str] = set()
    todo = [contents]
    while todo:
        found = set(_names(todo.pop(), reader)) - names
        names |= found
        for inner in _streams(resources, found):
            if inner.get("/Resources") is None:
                todo.append(inner)  # an old form takes what it needs from its page
            elif id(inner) not in seen:
                seen.add(id(inner))
                _tidy(inner, inner, reader, seen)
    for kind, row in list(resources.items()):
        rows = row.get_object()
        if isinstance(rows, DictionaryObject):
            # Default colours are used without being named.
            kept = [one for one in rows if one in names or one.startswith("/Default")]
            resources[NameObject(kind)] = DictionaryObject(
                {NameObject(one): rows.raw_get(one) for one in kept}
            )


def _names(stream: Any, reader: pypdf.PdfReader) -> Iterator[str]:
    """All names that its operators name."""
    for operands, _operator in ContentStream(stream, reader).operations:
        # Of a picture inside the text the settings are a dictionary of names.
        is_picture = isinstance(operands, dict)
        values = operands["settings"].values() if is_picture else operands
        yield from (str(one) for one in values if isinstance(one, NameObject))


def _streams(resources: DictionaryObject, names: set[str]) -> Iterator[Any]:
    """Forms, patterns and drawn letters of these names."""
    for kind in _NAMED:
        rows: Any = resources.get(kind)
        for name in sorted(names & set(rows.get_object() if rows else ())):
            one = rows.get_object()[name].get_object()
            if kind == "/Font":
                letters = one.get("/CharProcs")
                drawn = letters.get_object().values() if letters else ()
                yield from (each.get_object() for each in drawn)
            elif isinstance(one, StreamObject) and one.get("/Subtype") != "/Image":
                yield one
