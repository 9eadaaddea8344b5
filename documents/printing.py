"""Printed forms: one HTML for the screen and for paper; the only file that knows WeasyPrint, segno.

Bring it data, never somebody's HTML: templates escape it, and nothing is fetched from anywhere.
"""

from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import segno
from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from documents.blanks import LETTERS, Blank, add_blanks, add_places, small_font

NONE: Mapping[str, Any] = MappingProxyType({})
FAMILY = "'Times New Roman', 'Liberation Serif', serif"
STYLES = Path(settings.BASE_DIR) / "static" / "css"


def pdf(
    html: str,
    style: str,
    *,
    supplied: Mapping[str, bytes] = NONE,
    blanks: Mapping[str, Blank] = NONE,
    places: Collection[str] = (),
) -> bytes:
    """A PDF of the page, laid out by this stylesheet of ours (its name under static/css).

    ``supplied`` are pictures by the address that the page calls them by; nothing else is fetched.
    Elements whose id is in ``blanks`` become form fields, empty ones; where those of ``places``
    stand is kept in the file (`documents.blanks`).
    """
    from weasyprint import HTML  # noqa: PLC0415 -- slow import, for printing only

    def finish(document: Any, file: Any) -> None:
        if blanks:
            add_blanks(document, file, blanks, figures)
        if places:
            add_places(document, file, places)

    sheet, fonts = _style(style)
    page = HTML(string=html, url_fetcher=_Supply(supplied))
    return bytes(
        page.write_pdf(stylesheets=[sheet], font_config=fonts, pdf_version="1.7", finisher=finish)
    )


@cache
def figures(*, italic: bool = False) -> bytes:
    """The digits and letters of the font of printed forms, as a small font of their own."""
    return letters(LETTERS, italic=italic)


def letters(text: str, *, italic: bool = False) -> bytes:
    """The font of printed forms with the letters of this text alone; one that it lacks is none."""
    from weasyprint import HTML  # noqa: PLC0415 -- slow import, for printing only

    found: list[bytes] = []

    def take(document: Any, _file: Any) -> None:
        # Another font stands in for what the first one lacks.
        font = max(document.fonts.values(), key=lambda one: len(one.to_unicode))
        known = {glyph: letter for glyph, letter in font.to_unicode.items() if len(letter) == 1}
        found.append(small_font(font.file_content, known))

    look = "italic" if italic else "normal"
    style = f"font: {look} 14pt {FAMILY}; font-variant-ligatures: none; white-space: pre"
    html = f'<p style="{style}">{escape(text)}</p>'
    HTML(string=html, url_fetcher=_Supply(NONE)).write_pdf(finisher=take)
    return found[0]


def qr(address: str) -> SafeString:
    """The address as a QR in SVG, as wide as its box; error correction for worn paper."""
    code = segno.make_qr(address, error="m")
    drawn = code.svg_inline(omitsize=True, border=2, svgclass="qr", lineclass=None)
    return mark_safe(drawn)  # noqa: S308 -- drawn here; the address is in it as squares only


@cache
def _style(name: str) -> tuple[Any, Any]:
    from weasyprint import CSS  # noqa: PLC0415 -- slow import, for printing only
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 -- slow import

    fonts = FontConfiguration()
    return CSS(filename=str(STYLES / name), font_config=fonts), fonts


class _Supply:
    """Hands the library what a page may show, by its address, and nothing else."""

    _fail_on_errors = False  # the library asks: what is missing is left out

    def __init__(self, supplied: Mapping[str, bytes]) -> None:
        self.supplied = supplied

    def __call__(self, address: str) -> Any:
        from weasyprint.urls import URLFetcherResponse  # noqa: PLC0415 -- slow import

        if address not in self.supplied:
            raise ValueError(f"Printed forms fetch nothing: {address}")
        return URLFetcherResponse(address, self.supplied[address])
