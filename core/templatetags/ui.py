"""Filters and tags that every template has at hand. Pure: they ask nothing of the database."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from django import template
from django.forms import BoundField
from django.template.loader import get_template
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext
from lucide.templatetags.lucide import lucide

from core import clock

register = template.Library()

WEEKDAYS = (
    gettext_lazy("Thứ Hai"),
    gettext_lazy("Thứ Ba"),
    gettext_lazy("Thứ Tư"),
    gettext_lazy("Thứ Năm"),
    gettext_lazy("Thứ Sáu"),
    gettext_lazy("Thứ Bảy"),
    gettext_lazy("Chủ nhật"),
)


@register.filter
def initials(full_name: object) -> str:
    """First letters of the last two words: "Nguyễn Quốc Bảo" is QB, "A Thiu" is AT."""
    return "".join(word[0] for word in str(full_name or "").split()[-2:]).upper()


@register.filter
def due_distance(days: int | None, form: str = "short") -> str:
    """Working days left as words: 2, 0, -1 or None; ``form`` "long" says what kind of days."""
    if days is None:
        return gettext("không hạn")
    if days == 0:
        return gettext("hôm nay")
    if days < 0:
        return ngettext("quá hạn %(days)d ngày", "quá hạn %(days)d ngày", -days) % {"days": -days}
    if form == "long":
        words = ngettext("còn %(days)d ngày làm việc", "còn %(days)d ngày làm việc", days)
    else:
        words = ngettext("còn %(days)d ngày", "còn %(days)d ngày", days)
    return words % {"days": days}


@register.filter
def vnumber(value: object) -> str:
    """A number with its thousands apart: 1846 is 1.846. What is no number stays ("999+")."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return "" if value is None else str(value)
    return str(number_format(value, use_l10n=True, force_grouping=True))


@register.filter
def nbsp_code(value: object) -> SafeString:
    """A number and notation that never breaks across lines; its letters stay as they are."""
    # Special spaces and hyphens would come along when the code is copied, so the style does it.
    return format_html('<span class="code">{}</span>', value) if value else mark_safe("")


@register.filter
def weekday(value: date | datetime | None) -> str:
    """A day of the page sentence: "Thứ Ba, 19/11/2024"."""
    if value is None:
        return ""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{WEEKDAYS[value.weekday()]}, {value:%d/%m/%Y}"


@register.filter
def field_number(field: BoundField) -> str:
    """The national number of a form field, from ``numbers`` of its form (name to number)."""
    return str(getattr(field.form, "numbers", {}).get(field.name, ""))


@register.filter
def is_locked(field: BoundField) -> bool:
    """True when the system fills the field and nobody types in it."""
    attrs = field.field.widget.attrs
    return bool(field.field.disabled or attrs.get("readonly") or attrs.get("disabled"))


@register.filter
def counts_from(field: BoundField) -> int | None:
    """The longest text that a field takes, when it is worth counting (30 letters or more)."""
    limit = getattr(field.field, "max_length", None)
    typed = field.widget_type in {"text", "textarea"}
    return limit if typed and limit and limit >= 30 and not is_locked(field) else None


@register.filter
def conclusion(message: object) -> SafeString:
    """A refusal with its conclusion in bold: up to the colon, else the first sentence."""
    text = str(message)
    mark = re.match(r"[^:.]{1,80}: |.+?[.] ", text)
    end = mark.end() if mark else len(text)
    return format_html("<strong>{}</strong> {}", text[:end].rstrip(), text[end:])


@register.simple_tag
def today() -> date:
    """The office's day, as ``core.clock`` tells it."""
    return clock.today()


@register.simple_tag
def icon(name: str, size: int = 20) -> SafeString:
    """A lucide icon whose name comes from Python code, such as the places of the frame."""
    # Called as a function: in a template, lucide's own tag takes literals only.
    return _icon(str(name), int(size), (("aria_hidden", "true"),))


@register.simple_tag(name="lucide")
def lucide_once(name: str, size: int = 24, **attributes: str) -> SafeString:
    """lucide's own tag, each icon drawn once: a page has thirty, and drawing copies a tree."""
    return _icon(name, size, tuple(attributes.items()))


@lru_cache(maxsize=512)
def _icon(name: str, size: int, attributes: tuple[tuple[str, str], ...]) -> SafeString:
    return mark_safe(lucide(name, size=size, **dict(attributes)))  # noqa: S308 -- SVG of the package


@register.simple_tag
def pure(template_name: str, of: Mapping[str, object] | None = None, **given: object) -> SafeString:
    """A part that depends on what it is given alone, drawn once for each difference.

    A list draws the same states and deadlines hundreds of times, and many open the same list.
    Only plain values may be given, by name or as a mapping of them.
    """
    given |= of or {}
    # With its type: markup that is safe must not stand for text that is not.
    key = tuple((name, type(value), value) for name, value in sorted(given.items()))
    return _drawn(template_name, get_language(), key)


@register.simple_tag
def plain_field(field: BoundField, css: str = "") -> SafeString:
    """parts/field.html of a field of a filter, drawn once for each value that it holds.

    Nothing but its name, value, choices, attributes and errors may tell two such fields apart.
    """
    inner = field.field
    choices = tuple((str(key), str(words)) for key, words in getattr(inner, "choices", ()))
    attrs = tuple(sorted((name, str(words)) for name, words in inner.widget.attrs.items()))
    key = (
        field.auto_id, str(field.label), str(field.help_text), choices, attrs, type(inner),
        type(inner.widget), repr(field.value()), tuple(map(str, field.errors)), css,
    )  # fmt: skip
    language = get_language()
    found = _fields.get((language, key))
    if found is None:
        part = get_template("parts/field.html")
        found = mark_safe(part.render({"field": field, "plain": True, "css": css}))  # noqa: S308 -- a template's
        if len(_fields) >= _MOST_FIELDS:
            _fields.clear()
        _fields[language, key] = found
    return found


_MOST_FIELDS = 2000
_fields: dict[tuple[str | None, tuple[object, ...]], SafeString] = {}


@lru_cache(maxsize=4096)
def _drawn(
    template_name: str, language: str | None, given: tuple[tuple[str, type, object], ...]
) -> SafeString:
    drawn = get_template(template_name).render({name: value for name, _type, value in given})
    return mark_safe(drawn)  # noqa: S308 -- a template's


@register.filter
def form_month(day: date) -> str:
    """The month of a form: 1 and 2 with a zero before (NĐ 30/2020 Phụ lục I)."""
    return f"{day.month:02d}" if day.month < 3 else str(day.month)


@register.filter
def form_date(day: date | None) -> str:
    """A day as forms write it: "ngày 05 tháng 01 năm 2024"; "" for none."""
    return f"ngày {day.day:02d} tháng {form_month(day)} năm {day.year}" if day else ""


@register.filter
def lower_first(text: str) -> str:
    """The subject after "về": its first letter small, but for a name (two capitals in a row)."""
    words = text.split()
    if len(words) > 1 and words[0][:1].isupper() and not words[1][:1].isupper():
        return text[:1].lower() + text[1:]
    return text
