"""The text of a version line by line, as its page and the remarks on it count the lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from outgoing.choices import LONGEST_QUOTE
from outgoing.content import content_of
from outgoing.models import DraftVersion, Remark


@dataclass(frozen=True)
class TextLine:
    """One line of the text, and what was said about it."""

    number: int
    text: str
    remarks: list[Remark]


@dataclass(frozen=True)
class TextPart:
    """A component of the sheet (NĐ 30 Phụ lục I) with its lines."""

    label: str
    lines: list[TextLine]


def text_parts(version: DraftVersion, remarks: Sequence[Remark] = ()) -> list[TextPart]:
    """All of the text, each line with its remarks of this version, numbered through."""
    parts, number = [], 0
    for label, text in _components(version):
        lines = []
        for line in text.split("\n"):
            number += 1
            lines.append(TextLine(number, line, []))
        parts.append(TextPart(label, lines))
    lines = [line for part in parts for line in part.lines]
    for one in remarks:
        if one.version_id == version.pk and (at := _line_of(one, lines)):
            at.remarks.append(one)
    return parts


def _line_of(remark: Remark, lines: Sequence[TextLine]) -> TextLine | None:
    """Where a remark stands: by its number, as long as that line begins as the remark quotes it."""
    if not 0 < remark.line <= len(lines):
        return None
    found = lines[remark.line - 1]
    if found.text.startswith(remark.quote):
        return found
    return next((line for line in lines if line.text.startswith(remark.quote)), None)


def _components(version: DraftVersion) -> Iterator[tuple[str, str]]:
    if version.is_uploaded:
        yield "", version.text
        return
    content = content_of(version)
    signed_for = f"{content.authority} {content.on_behalf_of}".strip()
    for_head = f"KT. {content.deputy_for}" if content.deputy_for else ""
    signer = (signed_for, for_head, content.signer_position, content.signer_full_name)
    parts = [
        (_("Trích yếu"), content.subject),
        (_("Kính gửi"), content.addressees),
        (_("Căn cứ"), content.grounds),
        (_("Nội dung"), content.body),
        (_("Nơi nhận"), content.recipients),
        (_("Người ký"), "\n".join(one for one in signer if one)),
    ]
    for one in content.annexes:
        text = "\n".join(line for line in (one.title, one.body) if line)
        parts.append((one.heading or _("Phụ lục"), text))
    yield from ((label, text) for label, text in parts if text)


def quote_of(version: DraftVersion, line: int) -> str:
    """The line of this number, as far as it is kept beside a remark; "" where there is none."""
    lines = [one for part in text_parts(version) for one in part.lines]
    return lines[line - 1].text[:LONGEST_QUOTE] if 0 < line <= len(lines) else ""
