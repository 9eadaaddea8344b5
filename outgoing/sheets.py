"""Facts of PDF files that were made here."""

import io

from pypdf import PdfReader


def page_count(pdf: bytes) -> int:
    """How many pages a rendered file has."""
    return len(PdfReader(io.BytesIO(pdf)).pages)
