"""Printed forms: one HTML for the screen and for paper; the only file that knows WeasyPrint, segno.

Bring it data, never somebody's HTML: templates escape it, and nothing is fetched from anywhere.
"""

from functools import cache
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

STYLES = Path(settings.BASE_DIR) / "static" / "css"


def pdf(html: str, style: str) -> bytes:
    """A PDF of the page, laid out by this stylesheet of ours (its name under static/css)."""
    from weasyprint import HTML  # noqa: PLC0415 -- slow import, for printing only

    sheet, fonts = _style(style)
    page = HTML(string=html, url_fetcher=_nothing)
    return bytes(page.write_pdf(stylesheets=[sheet], font_config=fonts))


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


def _nothing(address: str, *_more: Any, **_named: Any) -> Any:
    raise ValueError(f"Printed forms fetch nothing: {address}")
