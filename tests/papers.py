"""Papers of our own making: with the marks that an office must not let in, and their likes."""

import functools
from typing import Any

from tests.files import build, scan_pdf, stream

WINDOWS = (
    "/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica"
    "/Encoding/WinAnsiEncoding>>>>>>"
)
HEAD = (
    "<table style='width:100%'><tr><td style='text-align:center'>UBND TỈNH KON TUM<br>"
    "SỞ XÂY DỰNG<br>Số: 12/BC-SXD{box}</td><td style='text-align:center'>"
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>Độc lập - Tự do - Hạnh phúc<br>"
    "Kon Tum, ngày 12 tháng 5 năm 2026</td></tr></table>"
)
BODY = "<p>Kính gửi: UBND thành phố Kon Tum</p><p>Sở Xây dựng báo cáo như sau.</p>"
CITIZEN = (
    "<p style='text-align:center'>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>"
    "Độc lập - Tự do - Hạnh phúc</p>"
)


@functools.cache
def printed(html: str) -> bytes:
    """A PDF with these words, its font embedded."""
    from weasyprint import HTML  # noqa: PLC0415 -- slow import

    return HTML(string=f"<style>@page {{ size: A4 }}</style>{html}").write_pdf()


def letter(title: str = "", body: str = BODY, box: str = "") -> bytes:
    """A letter of an office; ``box`` is what is stamped under its number."""
    frame = f"<br><span style='border:2px solid;padding:2px 9px'>{box}</span>" if box else ""
    return printed(f"{HEAD.format(box=frame)}<p style='text-align:center'>{title}</p>{body}")


def petition(title: str) -> bytes:
    """What a citizen writes to an office."""
    body = "<p>Kính gửi: Chủ tịch UBND thành phố</p><p>Tôi tên là Nguyễn Văn A.</p>"
    return printed(f"{CITIZEN}<p style='text-align:center'>{title}</p>{body}")


def old_font(*lines: str) -> bytes:
    """Words typed in TCVN3 or VNI: Western letters to every program."""
    shown = b"".join(
        b"BT /F1 14 Tf 72 %d Td (%s) Tj ET\n" % (780 - 30 * place, line.encode("cp1252"))
        for place, line in enumerate(lines)
    )
    return build(content=shown, page=WINDOWS)


def stamped(note: str) -> bytes:
    """A page over which somebody laid a note."""
    words = "".join(f"{ord(letter):04x}" for letter in note)
    more = [f"<</Type/Annot/Subtype/FreeText/Rect[50 700 200 740]/Contents<feff{words}>>>".encode()]
    return build(page="/Annots[4 0 R]", more=more)


def scanned(path: Any, width: int = 1240, height: int = 1754) -> bytes:
    """A page that is one picture."""
    return scan_pdf(path, width, height).read_bytes()


def page_with(*images: str, more: tuple[bytes, ...] = ()) -> bytes:
    """A page of A4 with pictures of which only the dictionaries count."""
    names = "".join(f"/I{place} {place + 4} 0 R" for place in range(len(images)))
    objects = [stream(b"\0", f"/Type/XObject/Subtype/Image{entries}") for entries in images]
    return build(page=f"/Resources<</XObject<<{names}>>>>", content=b"q Q", more=[*objects, *more])
