"""Where a finding stands: a place is the name of a field, and the line in it ("body:12").

Fields of one line: "subject", "signer.authority", "annexes.2.heading". Fields of lines: "body",
"grounds", "annexes.2.body"; with ":12" the twelfth line, counted from 1 as ``markup`` counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from outgoing.paper import Annex, Paper

ONE_LINE = (
    "type_name",
    "organ_name",
    "parent_organ",
    "code_number",
    "code_notation",
    "place",
    "subject",
    "deciding_post",
    "deliver_at",
    "circulation",
    "drafter_mark",
    "contact",
)
LISTS = ("addressees", "grounds", "recipients")
OF_SIGNER = ("authority", "on_behalf_of", "deputy_for", "position", "other_post", "full_name")
OF_ANNEX = ("heading", "title", "body")

LABELS = {
    "type_name": gettext_lazy("Tên loại văn bản"),
    "organ_name": gettext_lazy("Cơ quan ban hành"),
    "parent_organ": gettext_lazy("Cơ quan chủ quản"),
    "code_number": gettext_lazy("Số"),
    "code_notation": gettext_lazy("Ký hiệu"),
    "issued_date": gettext_lazy("Ngày, tháng, năm"),
    "place": gettext_lazy("Địa danh"),
    "subject": gettext_lazy("Trích yếu nội dung"),
    "deciding_post": gettext_lazy("Thẩm quyền ban hành"),
    "deliver_at": gettext_lazy("Giờ phải đến"),
    "circulation": gettext_lazy("Chỉ dẫn phạm vi lưu hành"),
    "drafter_mark": gettext_lazy("Ký hiệu người soạn thảo"),
    "contact": gettext_lazy("Địa chỉ, điện thoại, thư điện tử"),
    "priority": gettext_lazy("Mức độ khẩn"),
    "addressees": gettext_lazy("Kính gửi"),
    "grounds": gettext_lazy("Căn cứ ban hành"),
    "recipients": gettext_lazy("Nơi nhận"),
    "body": gettext_lazy("Nội dung"),
    "annexes": gettext_lazy("Phụ lục"),
    "signer": gettext_lazy("Người ký"),
    "signer.authority": gettext_lazy("Quyền hạn ký"),
    "signer.on_behalf_of": gettext_lazy("Ký thay mặt, ký thay"),
    "signer.deputy_for": gettext_lazy("Cấp trưởng được ký thay"),
    "signer.other_post": gettext_lazy("Chức vụ khác của người ký"),
    "signer.position": gettext_lazy("Chức vụ người ký"),
    "signer.full_name": gettext_lazy("Họ và tên người ký"),
    "secretary": gettext_lazy("Thư ký"),
    "secretary.position": gettext_lazy("Chức vụ thư ký"),
    "secretary.full_name": gettext_lazy("Họ và tên thư ký"),
    "heading": gettext_lazy("Tiêu đề phụ lục"),
    "title": gettext_lazy("Tên phụ lục"),
    "file": gettext_lazy("Tệp PDF"),
}


@dataclass(frozen=True)
class Text:
    """The words of one field; ``name`` is its place without the number of the annex."""

    place: str
    name: str
    lines: tuple[str, ...]
    # Lines are addressed one by one.
    many: bool = False

    @property
    def whole(self) -> str:
        """All lines."""
        return "\n".join(self.lines)

    def at(self, number: int) -> str:
        """The place of a line, counted from 1."""
        return f"{self.place}:{number}" if self.many else self.place


def texts(paper: Paper) -> Iterator[Text]:
    """Every field with words, in the order of the sheet."""
    for name in ONE_LINE:
        yield Text(name, name, ((getattr(paper, name) or ""),))
    yield Text("addressees", "addressees", paper.addressees, many=True)
    yield Text("grounds", "grounds", paper.grounds, many=True)
    yield Text("body", "body", lines_of(paper.body), many=True)
    for owner in ("signer", "secretary"):
        signer = getattr(paper, owner)
        if signer is not None:
            for part in OF_SIGNER:
                name = f"{owner}.{part}"
                yield Text(name, name, (getattr(signer, part),))
    yield Text("recipients", "recipients", paper.recipients, many=True)
    for number, annex in enumerate(paper.annexes, 1):
        here = f"annexes.{number}"
        yield Text(f"{here}.heading", "annexes.heading", (annex.heading,))
        yield Text(f"{here}.title", "annexes.title", (annex.title,))
        yield Text(f"{here}.body", "annexes.body", lines_of(annex.body), many=True)


def lines_of(text: str) -> tuple[str, ...]:
    """Lines as ``markup`` counts them."""
    return tuple(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))


def put(paper: Paper, place: str, value: str) -> Paper:
    """The paper with other words at this place; an empty line of a list goes away."""
    name, _, _rest = place.partition(":")[0].partition(".")
    changed: dict[str, Any] = {name: _put(paper, place, value)}
    return replace(paper, **changed)


def _put(paper: Paper, place: str, value: str) -> Any:
    """What the field of the paper holds then."""
    path, _, line = place.partition(":")
    name, _, rest = path.partition(".")
    if name in ("signer", "secretary"):
        return replace(getattr(paper, name), **{rest: value})
    if name == "annexes":
        number, _, part = rest.partition(".")
        annexes = list(paper.annexes)
        annexes[int(number) - 1] = _put_annex(annexes[int(number) - 1], part, line, value)
        return tuple(annexes)
    if name in LISTS:
        return _put_item(getattr(paper, name), line, value)
    return _put_line(paper.body, line, value) if name == "body" else value


def label(place: str) -> str:
    """The place in the words of a clerk: "Nội dung, dòng 12"."""
    path, _, line = place.partition(":")
    if path == "page":
        return gettext("Trang %(number)s") % {"number": line}
    name, _, rest = path.partition(".")
    if name == "annexes" and rest:
        number, _, part = rest.partition(".")
        words = f"{LABELS['annexes']} {number}"
        if part in ("heading", "title"):
            words = f"{words}, {LABELS[part]}"
    else:
        words = str(LABELS.get(path, path))
    if line:
        return gettext("%(field)s, dòng %(number)s") % {"field": words, "number": line}
    return words


def _put_annex(annex: Annex, part: str, line: str, value: str) -> Annex:
    if part == "body":
        value = _put_line(annex.body, line, value)
    changed: dict[str, Any] = {part: value}
    return replace(annex, **changed)


def _put_line(text: str, line: str, value: str) -> str:
    if not line:
        return value
    lines = list(lines_of(text))
    lines[int(line) - 1] = value
    return "\n".join(lines)


def _put_item(items: tuple[str, ...], line: str, value: str) -> tuple[str, ...]:
    if not line:
        return tuple(item for item in value.split("\n") if item.strip())
    changed = [*items[: int(line) - 1], value, *items[int(line) :]]
    return tuple(item for item in changed if item.strip())
