"""Draws the demo's papers: letters in the form of NĐ 30/2020, and the five regulations."""

import base64
import io
import math
import random
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from html import escape
from typing import Any

from accounts.regulation import FOLDER

_SIGNED = re.compile(r"TM\. |GIÁM ĐỐC$")
_BEGINS = re.compile(r"Chương |Điều \d")

STAMPS = {1: "KHẨN", 2: "THƯỢNG KHẨN", 3: "HỎA TỐC", 4: "HỎA TỐC HẸN GIỜ"}

# Sizes and margins of Phụ lục I; millimetres and points, as the decree gives them.
_STYLE = """
@page { size: A4; margin: 20mm 17mm 20mm 30mm;
  @top-center { content: counter(page); font: 13pt "Liberation Serif", "Times New Roman", serif } }
@page :first { @top-center { content: none } }
html { font: 13.5pt/1.22 "Liberation Serif", "Times New Roman", serif; color: #111 }
body { margin: 0 }
p { margin: 0 0 6pt; text-align: justify; text-indent: 10mm; orphans: 2; widows: 2 }
table { border-collapse: collapse; width: 100% }
td { padding: 0; vertical-align: top }
.head td { text-align: center; font-size: 12pt; line-height: 1.2 }
.head td:first-child { width: 41% } .head td + td { white-space: nowrap }
.head b.motto { font-size: 13pt; border-bottom: .7pt solid; padding-bottom: 1.5pt }
.rule { width: 38%; margin: 2pt auto 0; border-top: .7pt solid }
.code td { padding-top: 7pt; font-size: 13pt } .code i { font-size: 13.5pt }
.about { font-size: 12pt; padding: 4pt 4mm 0 }
.stamp { display: inline-block; margin-top: 7pt; padding: 2pt 9pt; color: #d0261c;
  border: 1.2pt solid #d0261c; font-weight: bold; font-size: 13pt }
.to { margin: 16pt 0 10pt }
.to td:first-child { width: 44mm; text-align: right; padding-right: 3mm }
.to--one { text-align: center; margin: 16pt 0 10pt }
h1, h2 { font-size: 14pt; text-align: center; margin: 14pt 0 0; line-height: 1.25 }
h2 { margin: 0 8mm } .short { width: 34mm; margin: 3pt auto 10pt; border-top: .7pt solid }
.end { break-inside: avoid } .foot { margin-top: 10pt }
.foot td:first-child { width: 47%; font-size: 11pt }
.foot td + td { text-align: center } .foot b { font-size: 13.5pt }
.foot .list { font-weight: bold; font-style: italic; font-size: 12pt }
.mark { display: block; width: 70mm; height: 36mm; margin: -4mm auto -3mm }
.annex { break-before: page } .annex table { margin-top: 10pt; font-size: 12pt }
.annex td, .annex th { border: .6pt solid #111; padding: 3pt 4pt; text-align: left }
.annex th { text-align: center } .annex td:first-child { text-align: center; width: 10mm }
.chapter { text-align: center; text-indent: 0; font-weight: bold; margin: 12pt 0 6pt;
  break-after: avoid }
.carrier { text-align: center; font-style: italic; text-indent: 0; margin: 4pt 8mm 12pt }
.article { font-weight: bold; break-after: avoid }
.break { break-before: page }
"""


@dataclass(frozen=True)
class Letter:
    """All that is printed on one letter. ``body`` may hold **bold** words."""

    organ: tuple[str, ...]
    seal: tuple[str, str]
    number: str
    notation: str
    issued: date
    type_name: str
    subject: str
    body: tuple[str, ...]
    authority: tuple[str, ...]
    signer: str
    parent: str = ""
    place: str = "Kon Tum"
    recipients: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    priority: int = 0
    annex_title: str = ""
    annex: tuple[tuple[str, ...], ...] = ()
    # Name of the regulation whose whole text it carries.
    text: str = ""


def letter(spec: Letter) -> bytes:
    """The letter as a PDF, signed and sealed as a scan shows it."""
    body = [f"<p>{_words(paragraph)}</p>" for paragraph in spec.body]
    foot = _foot(spec.copies, spec.authority, spec.signer, spec.seal)
    parts = [_head(spec), _opening(spec), *body[:-1], _together(*body[-1:], foot), _annex(spec)]
    return _pdf(f"{spec.type_name} {spec.number}/{spec.notation}", parts)


def regulation_pdf(spec: Letter) -> bytes:
    """A decision with the whole regulation that it carries, as ``spec.text`` names it."""
    lines = (FOLDER / f"{spec.text}.txt").read_text(encoding="utf-8").splitlines()
    second = lines.index("QUY CHẾ")
    decision, carried = lines[:second], lines[second + 1 :]
    parts = [_head(spec), _opening(spec)]
    begin = next(place for place, line in enumerate(decision) if line.startswith("Căn cứ")) - 1
    end = next(
        place
        for place, line in enumerate(decision)
        if place > begin and (line == "Nơi nhận:" or _SIGNED.match(line))
    )
    last = next(
        place for place, line in enumerate(decision) if place >= end and _SIGNED.match(line)
    )
    copies = tuple(line.removeprefix("- ").rstrip(";. ") for line in decision[end + 1 : last])
    body = [_paragraph(line, inside=False) for line in decision[begin:end]]
    foot = _foot(copies, spec.authority, spec.signer, spec.seal)
    parts += [*body[:-2], _together(*body[-2:], foot)]
    parts.append('<h1 class="break">QUY CHẾ</h1>')
    first = next(place for place, line in enumerate(carried) if _BEGINS.match(line))
    title = [line for line in carried[:first] if not line.startswith(("(", "của "))]
    carrier = " ".join(line for line in carried[:first] if line not in title)
    parts.append(f"<h2>{escape(' '.join(title) or spec.subject.removeprefix('Ban hành '))}</h2>")
    parts.append(f'<p class="carrier">{escape(carrier)}</p>')
    signed = [place for place, line in enumerate(carried) if _SIGNED.match(line)]
    body = [_paragraph(line) for line in carried[first : signed[-1] if signed else None]]
    foot = _foot((), spec.authority, spec.signer, spec.seal)
    parts += [*body[:-1], _together(body[-1], foot)]
    return _pdf(f"{spec.type_name} {spec.number}/{spec.notation}", parts)


def long_date(day: date) -> str:
    """As documents write it: a nought before days under 10 and before months 1 and 2."""
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"{day.day:02} tháng {month} năm {day.year}"


def _head(spec: Letter) -> str:
    parent = f"{escape(spec.parent)}<br>" if spec.parent else ""
    organ = "<br>".join(escape(line) for line in spec.organ)
    about = ""
    if spec.type_name == "Công văn":
        about = f'<div class="about">V/v {escape(_lowered(spec.subject))}</div>'
    stamp = ""
    if spec.priority:
        stamp = f'<div><span class="stamp">{STAMPS[spec.priority]}</span></div>'
    return f"""<table class="head"><tr>
<td>{parent}<b>{organ}</b><div class="rule"></div></td>
<td><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</b><br>
<b class="motto">Độc lập - Tự do - Hạnh phúc</b></td>
</tr><tr class="code"><td>Số: {escape(spec.number)}/{escape(spec.notation)}{about}{stamp}</td>
<td><i>{escape(spec.place)}, ngày {long_date(spec.issued)}</i></td></tr></table>"""


def _opening(spec: Letter) -> str:
    title = ""
    if spec.type_name != "Công văn":
        title = f"<h1>{escape(spec.type_name.upper())}</h1><h2>{escape(spec.subject)}</h2>"
        title += '<div class="short"></div>'
    if not spec.recipients:
        return title
    if len(spec.recipients) == 1:
        return f'{title}<div class="to--one">Kính gửi: {escape(spec.recipients[0])}.</div>'
    lines = ";<br>".join(f"- {escape(each)}" for each in spec.recipients)
    return f'{title}<table class="to"><tr><td>Kính gửi:</td><td><br>{lines}.</td></tr></table>'


def _foot(
    copies: tuple[str, ...], authority: tuple[str, ...], signer: str, seal: tuple[str, str]
) -> str:
    listed = ""
    if copies:
        lines = "".join(f"<br>- {escape(each)};" for each in copies[:-1])
        listed = f'<span class="list">Nơi nhận:</span>{lines}<br>- {escape(copies[-1])}.'
    post = "<br>".join(escape(line) for line in authority)
    return f"""<table class="foot"><tr><td>{listed}</td><td><b>{post}</b>
<img class="mark" src="{_mark(seal, signer)}" alt=""><b>{escape(signer)}</b></td></tr></table>"""


def _annex(spec: Letter) -> str:
    if not spec.annex:
        return ""
    head, *rows = spec.annex
    cells = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    lines = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"""<div class="annex"><h1>PHỤ LỤC</h1><h2>{escape(spec.annex_title)}</h2>
<table><thead><tr>{cells}</tr></thead>{lines}</table></div>"""


def _together(*parts: str) -> str:
    """A signature never stands alone on a page: the end of the text stays with it."""
    return f'<div class="end">{"".join(parts)}</div>'


def _paragraph(line: str, *, inside: bool = True) -> str:
    """One line: chapter, article, or text. ``inside`` a regulation the articles have headings."""
    text = escape(line)
    if line.startswith("Chương ") and (found := re.match(r"(Chương [IVX]+) (.+)", text)):
        return f'<p class="chapter">{found[1]}<br>{found[2]}</p>'
    if line.isupper():
        return f'<p class="chapter">{text}</p>'
    if found := re.match(r"(Điều \d+\.)(.*)", text):
        if inside:
            return f'<p class="article">{text}</p>'
        return f"<p><b>{found[1]}</b>{found[2]}</p>"
    return f"<p>{text}</p>"


def _words(text: str) -> str:
    return re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", escape(text))


def _lowered(subject: str) -> str:
    """After "V/v" the first letter is small, but for a proper name (two capitals in a row)."""
    words = subject.split()
    if len(words) > 1 and words[0][0].isupper() and not words[1][0].isupper():
        return subject[0].lower() + subject[1:]
    return subject


def _pdf(title: str, parts: Iterable[str]) -> bytes:
    from weasyprint import HTML  # noqa: PLC0415 -- slow import, for the demo only

    page = (
        f'<html lang="vi"><head><title>{escape(title)}</title></head><body>{"".join(parts)}</body>'
    )
    style, fonts = _stylesheet()
    return HTML(string=page).write_pdf(stylesheets=[style], font_config=fonts)


@cache
def _stylesheet() -> tuple[Any, Any]:
    from weasyprint import CSS  # noqa: PLC0415 -- slow import
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 -- slow import

    fonts = FontConfiguration()
    return CSS(string=_STYLE, font_config=fonts), fonts


@cache
def _mark(seal: tuple[str, str], signer: str) -> str:
    """Seal and signature as one picture: a scan has no letters there that a search could find."""
    import pypdfium2  # noqa: PLC0415 -- slow import
    from weasyprint import HTML  # noqa: PLC0415 -- slow import

    drawing = base64.b64encode(_drawing(seal, signer).encode()).decode()
    page = f"""<style>@page {{ size: 70mm 36mm; margin: 0 }} body {{ margin: 0 }}
img {{ display: block; width: 70mm }}</style><img src="data:image/svg+xml;base64,{drawing}">"""
    picture = io.BytesIO()
    with pypdfium2.PdfDocument(HTML(string=page).write_pdf()) as sheet:
        bitmap = sheet[0].render(scale=170 / 72, fill_color=(255, 255, 255, 0), maybe_alpha=True)
        bitmap.to_pil().quantize(48).save(picture, "PNG")
    return f"data:image/png;base64,{base64.b64encode(picture.getvalue()).decode()}"


def _drawing(seal: tuple[str, str], signer: str) -> str:
    """70 x 36 mm: the seal of 36 mm over the left third of the signature."""
    dice = random.Random(f"{seal}{signer}")  # noqa: S311 -- a drawing, no secret
    rings = "".join(
        f'<circle r="{radius}" fill="none" stroke-width="{width}"/>'
        for radius, width in ((17.2, 0.7), (16.2, 0.25), (10.4, 0.25))
    )
    points = [
        (radius * math.sin(turn * math.pi / 5), -radius * math.cos(turn * math.pi / 5))
        for turn, radius in enumerate((6.4, 2.45) * 5)
    ]
    star = " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 70 36">
<g transform="translate(18.5 18) rotate({dice.uniform(-7, 7):.1f})" stroke="#d0261c" opacity=".88">
{rings}<g fill="#d0261c" stroke="none"><polygon points="{star}"/>
{_arc(seal[0], 11.6, 2.75, -1)}{_arc(seal[1], 14.4, 2.75, 1)}</g></g>
<path d="{_scribble(dice)}" fill="none" stroke="#1d3f94" stroke-width=".55" stroke-linecap="round"/>
</svg>"""


def _arc(text: str, radius: float, size: float, side: int) -> str:
    """Words along a ring: ``side`` -1 above (read clockwise), 1 below (read the other way)."""
    widths = [
        size * (0.34 if letter in " I.-" else 0.9 if letter in "MW" else 0.73) for letter in text
    ]
    room = math.radians(205 if side < 0 else 140) * radius
    squeeze = min(1.0, room / sum(widths))
    font = size * min(1.0, squeeze + 0.12)
    angle = -sum(widths) * squeeze / 2 / radius
    glyphs = []
    for letter, width in zip(text, widths, strict=True):
        step = width * squeeze / radius
        middle = math.degrees(angle + step / 2) * -side
        angle += step
        glyphs.append(
            f'<text transform="rotate({middle:.2f})" y="{side * radius:.2f}" text-anchor="middle" '
            f'font-family="Liberation Sans" font-weight="bold" font-size="{font:.2f}">'
            f"{escape(letter)}</text>"
        )
    return "".join(glyphs)


def _scribble(dice: random.Random) -> str:
    """A signature: a tall stroke, some waves, a tail under them."""
    x, y = 25.0 + dice.uniform(0, 3), 22 + dice.uniform(-2, 2)
    path = [f"M{x:.1f} {y:.1f}"]
    for turn in range(dice.randint(4, 6)):
        height = dice.uniform(9, 15) if turn == 0 else dice.uniform(3, 8)
        width = dice.uniform(3.2, 4.8)
        path.append(
            f"c{width * 0.2:.1f} {-height:.1f} {width * 0.9:.1f} {-height:.1f} "
            f"{width * 0.5:.1f} {height * 0.15:.1f} "
            f"s{width * -0.1:.1f} {height * 0.5:.1f} {width * 0.5:.1f} {-height * 0.1:.1f}"
        )
        x += width
    path.append(f"c4 -3 6 -4 {dice.uniform(5, 8):.1f} 1 ")
    path.append(
        f"M{x - 15:.1f} {27 + dice.uniform(-1, 2):.1f} q12 -3 {dice.uniform(18, 24):.1f} -1"
    )
    return "".join(path)
