"""Drawn signatures and seals for the demonstration; nobody's real ones."""

import io
import math
import random
import unicodedata

from PIL import Image, ImageDraw, ImageFont

from signatures.looks import SEAL

BLUE, RED = (24, 54, 166), (206, 22, 32)
DOTS = 24  # a millimetre; a third of it is left when all is drawn
KEPT = 8
FONT = "/usr/share/fonts/truetype/liberation2/LiberationSans-Bold.ttf"


def signature(full_name: str) -> tuple[bytes, float]:
    """A blue signature as PNG with transparency, and its width in mm.

    Strokes that lean and run as a quick pen does: large initials, waves, a flourish.
    """
    chance = random.Random(full_name)  # noqa: S311 -- a drawing, the same at every call
    wide, high = 46, 22
    sheet = Image.new("L", (wide * DOTS, high * DOTS), 0)
    pen = ImageDraw.Draw(sheet)
    bare = unicodedata.normalize("NFD", full_name)
    words = ["".join(one for one in word if one.isalpha()) for word in bare.split()]
    given = words[-1] if words else "X"
    points = _initial(chance, 4.0, 11.0)
    x = 13.0
    waves, pace = chance.uniform(1.6, 3.9), chance.uniform(1.5, 2.6)
    for place in range(max(4, min(9, len(given) + 3))):
        swing = waves * math.exp(-place / chance.uniform(3, 7)) + 0.6
        x += pace + chance.uniform(-0.4, 0.6)
        points += [(x - 0.9, 12.2 - swing + chance.uniform(-0.5, 0.5)), (x, 12.6)]
    _stroke(pen, points, chance)
    end = x + chance.uniform(3, 7)
    back = [(x, 12.6), (end, 9.5), (end + 3, 6.5), (end - 6, 8.6), (9, 17.2), (6.5, 18.4)]
    _stroke(pen, [*back, (18, 16.4), (min(end + 4, wide - 3), 15.2)], chance)
    if chance.random() > 0.4:
        _stroke(pen, [(x - 6, 6.6), (x - 4.6, 5.5), (x - 3.4, 6.4)], chance)
    # Everybody leans another way.
    lean = chance.uniform(-0.28, 0.18)
    squeeze = chance.uniform(0.94, 1.06)
    flat = (squeeze, lean, -lean * high * DOTS / 2, 0, squeeze, 0)
    sheet = sheet.transform(
        sheet.size, Image.Transform.AFFINE, flat, resample=Image.Resampling.BICUBIC
    )
    return _inked(sheet, BLUE), float(wide)


def _initial(chance: random.Random, left: float, base: float) -> list[tuple[float, float]]:
    """A tall loop, as a capital is begun."""
    tall = chance.uniform(7.0, 8.6)
    lean = chance.uniform(1.5, 3.0)
    return [
        (left, base + 3),
        (left + 1.2, base - 2),
        (left + 2.4 + lean, base - tall),
        (left + 5.2 + lean, base - tall + 1.0),
        (left + 3.0, base + 1.2),
        (left + 2.4, base + 4.4),
        (left + 4.6, base + 0.6),
        (left + 7.4, base - 2.6),
        (left + 8.2, base + 1.4),
    ]


def _stroke(
    pen: ImageDraw.ImageDraw, points: list[tuple[float, float]], chance: random.Random
) -> None:
    """A smooth line through these points (mm), thinner where the pen is quick."""
    ends = [points[0], *points, points[-1]]
    last = None
    weight = chance.uniform(0.46, 0.56)
    for one, two, three, four in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        length = math.dist(two, three)
        steps = max(12, int(length * 14))
        for step in range(steps + 1):
            t = step / steps
            x, y = (
                0.5
                * (
                    2 * b
                    + (c - a) * t
                    + (2 * a - 5 * b + 4 * c - d) * t * t
                    + (3 * b - a - 3 * c + d) * t**3
                )
                for a, b, c, d in zip(one, two, three, four, strict=True)
            )
            thick = weight * (1.15 - min(length, 9) * 0.055 * math.sin(math.pi * t))
            if last is None or math.dist(last, (x, y)) > 0.04:
                radius = thick * DOTS / 2
                middle = (x * DOTS, y * DOTS)
                box = [middle[0] - radius, middle[1] - radius, middle[0] + radius]
                pen.ellipse([*box, middle[1] + radius], fill=255)
                last = (x, y)


def seal(name: str, above: str = "") -> tuple[bytes, float]:
    """A round red seal as PNG with transparency, and its width in mm: two rings, the name of the
    agency between them, a star."""
    side = int(SEAL * DOTS)
    sheet = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(sheet)
    middle = side / 2
    for radius, thick in ((17.7, 0.7), (16.6, 0.25), (10.9, 0.35)):
        edge = radius * DOTS
        box = [middle - edge, middle - edge, middle + edge, middle + edge]
        pen.ellipse(box, outline=255, width=int(thick * DOTS))
    points = []
    for place in range(10):
        far = 6.6 if place % 2 == 0 else 2.55
        turn = math.pi * (place / 5 - 0.5)
        points.append((middle + far * DOTS * math.cos(turn), middle + far * DOTS * math.sin(turn)))
    pen.polygon(points, fill=255)
    below = above or "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    _around(sheet, name.upper(), 13.7, top=True)
    _around(sheet, below.upper(), 13.7, top=False)
    return _inked(sheet, RED), SEAL


def _around(sheet: Image.Image, text: str, radius: float, *, top: bool) -> None:
    """Words along the ring, over or under the star, as wide as there is room."""
    most = math.radians(196 if top else 150)
    size = 3.6
    while size > 1.6:
        font = ImageFont.truetype(FONT, int(size * DOTS))
        widths = [font.getlength(letter) / DOTS * 1.04 for letter in text]
        if sum(widths) / radius <= most:
            break
        size -= 0.1
    turn = -sum(widths) / radius / 2
    middle = sheet.width / 2
    for letter, width in zip(text, widths, strict=True):
        angle = turn + width / radius / 2
        turn += width / radius
        tile = Image.new("L", (int(size * DOTS * 2.4),) * 2, 0)
        centre = tile.width / 2
        drop = size * DOTS * 0.36
        ImageDraw.Draw(tile).text((centre, centre + drop), letter, font=font, fill=255, anchor="ms")
        if top:
            tile = tile.rotate(-math.degrees(angle), resample=Image.Resampling.BICUBIC)
            x, y = math.sin(angle), -math.cos(angle)
        else:
            tile = tile.rotate(math.degrees(angle), resample=Image.Resampling.BICUBIC)
            x, y = math.sin(angle), math.cos(angle)
        place = (
            int(middle + x * radius * DOTS - centre),
            int(middle + y * radius * DOTS - centre),
        )
        sheet.paste(255, (*place, place[0] + tile.width, place[1] + tile.height), tile)


def _inked(sheet: Image.Image, colour: tuple[int, int, int]) -> bytes:
    small = sheet.resize(
        (sheet.width * KEPT // DOTS, sheet.height * KEPT // DOTS), Image.Resampling.LANCZOS
    )
    ink = Image.new("RGBA", small.size, (*colour, 0))
    ink.putalpha(small)
    out = io.BytesIO()
    ink.save(out, "PNG", optimize=True)
    return out.getvalue()
