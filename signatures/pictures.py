"""The picture of a hand or of a seal: drawn anew when it comes, so that it is nothing else."""

import base64
import io
from pathlib import Path

from django.utils.translation import gettext as _
from PIL import Image, ImageChops, ImageOps

from core.errors import Refusal

MOST_PIXELS = 40_000_000
LARGEST = 1200  # pixels: a seal at 800 dpi; more costs and shows nothing
LEAST = 40
_PAPER = 40  # of 255: what is fainter than that is paper, or its shadow


def drawn_anew(path: Path, *, is_seal: bool) -> bytes:
    """PNG of ink on nothing, cut to the ink; on white paper, the paper is taken away.

    Raises Refusal for what is no picture, is beyond all measure, shows nothing, or is not of the
    colour that the rules want: blue of a hand, red of a seal.
    """
    try:
        with Image.open(path, formats=("PNG", "JPEG")) as found:
            if found.width * found.height > MOST_PIXELS:
                raise Refusal(_("Hình lớn quá. Thu nhỏ rồi thêm lại."), field="picture")
            found.load()
            whole = ImageOps.exif_transpose(found).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Refusal(_("Chỉ nhận hình PNG hoặc JPEG."), field="picture") from error
    if whole.getchannel("A").getextrema() == (255, 255):
        whole = _without_paper(whole)
    edges = whole.getchannel("A").point(lambda value: 255 if value > _PAPER else 0).getbbox()
    if edges is None or edges[2] - edges[0] < LEAST or edges[3] - edges[1] < LEAST // 2:
        raise Refusal(_("Hình trống hoặc nhỏ quá, không in ra được."), field="picture")
    whole = whole.crop(edges)
    whole.thumbnail((LARGEST, LARGEST), Image.Resampling.LANCZOS)
    _check_colour(whole, is_seal=is_seal)
    clean = Image.frombytes("RGBA", whole.size, whole.tobytes())  # nothing that came along
    out = io.BytesIO()
    clean.save(out, "PNG", optimize=True)
    return out.getvalue()


def _without_paper(whole: Image.Image) -> Image.Image:
    """The ink of a scan: the darker a point, the less one sees through it."""
    red, green, blue, _alpha = whole.split()
    darkest = ImageChops.darker(ImageChops.darker(red, green), blue)
    ink = ImageOps.invert(darkest).point(lambda value: 0 if value < _PAPER else value)
    whole.putalpha(ink)
    return whole


def _check_colour(whole: Image.Image, *, is_seal: bool) -> None:
    """NĐ 30 Phụ lục I: the hand's is blue, the seal's is red."""
    small = whole.resize((64, 64))
    sums = [0, 0, 0]
    data = small.tobytes()
    for start in range(0, len(data), 4):
        *colour, alpha = data[start : start + 4]
        for place, value in enumerate(colour):
            sums[place] += value * alpha
    red, green, blue = sums
    if is_seal and not (red > green and red > blue):
        raise Refusal(
            _("Hình dấu phải màu đỏ, kích thước thực tế, định dạng PNG."),
            _("điểm a khoản 8 mục II phần I Phụ lục I Nghị định số 30/2020/NĐ-CP"),
            field="picture",
        )
    if not is_seal and not (blue > red and blue >= green):
        raise Refusal(
            _("Hình chữ ký phải màu xanh, định dạng PNG, nền trong suốt."),
            _("điểm d khoản 7 mục II phần I Phụ lục I Nghị định số 30/2020/NĐ-CP"),
            field="picture",
        )


def as_address(png: bytes) -> str:
    """A picture as an address of its own, for a page that shows it once."""
    return "data:image/png;base64," + base64.b64encode(png).decode()
