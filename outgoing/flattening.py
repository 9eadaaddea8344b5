"""Puts pages together into a new PDF, inside the bounded child only.

What stands on a page stays as it is, text as text; fields, notes and the looks of signatures become
part of the page. No signature, form, script or enclosed file of the old files comes along.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pypdfium2

VERSION = 17  # PDF 1.7


def together(path: str, more: Sequence[str], pages: Sequence[int], target: str) -> dict[str, Any]:
    """Write the pages of these files one after the other, all or only these (from 0)."""
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
            page.flatten()
            page.close()
        if wanted:
            made.import_pages(book, wanted)
        book.close()
    with Path(target).open("wb") as file:
        made.save(file, version=VERSION)
    return {"pages": len(made)}
