"""One row of the distribution grid, and what is said once for all ticked rows."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from core import clock
from core.forms import own_words
from core.text import clean, fold
from documents.calendar import office_calendar
from documents.choices import AssignmentRole
from documents.forms.lines import DueField, OfficeForm, Target, Targets, WordsField
from dossiers.filing import dossier_name, fillable
from incoming.actions import Line
from incoming.forms.entry import LineField
from incoming.forms.filing import CodeField, IntoDossier

_DAYS = re.compile(r"\+?(\d{1,3})( ngày)?")
_ALL = ("tat ca", "cac don vi", "tat ca cac don vi")


class Names:
    """Units and people as the grid writes and reads them: by short name, full name or key."""

    def __init__(self, actor: Actor) -> None:
        self.targets = Targets(actor)
        self.units = self.targets.units
        self.people = self.targets.people({actor.unit.pk})
        self.by_key = {one.key: one for one in (*self.units, *self.people)}
        self._by_name: dict[str, list[Target]] = {}
        for one in self.by_key.values():
            for name in {fold(self.full(one)), fold(self.short(one))}:
                self._by_name.setdefault(name, []).append(one)
        self._options = self._draw()

    @staticmethod
    def short(target: Target) -> str:
        """ "QLĐT"; people by their full names."""
        return target.person.full_name if target.person else target.unit.short_name

    @staticmethod
    def full(target: Target) -> str:
        """ "Phòng Quản lý đô thị"."""
        return target.person.full_name if target.person else target.unit.name

    def written(self, lines: Iterable[Line], role: str) -> str:
        """Those of a role as the field shows them: "TCKH, QLĐT"."""
        return ", ".join(
            self.short(Target(line.unit, line.person)) for line in lines if line.role == role
        )

    def read(self, value: str) -> list[Target]:
        """Those whom a field names. Raises ValidationError for a name that nobody has."""
        found: list[Target] = []
        for part in re.split(r"[,;\n]", value):
            name = fold(part)
            if name in _ALL:
                found += self.units
            elif name:
                meant = self._by_name.get(name, [])
                if len(meant) != 1:
                    raise ValidationError(self._wrong(clean(part), meant))
                found += meant
        return list(dict.fromkeys(found))

    def _wrong(self, name: str, meant: list[Target]) -> str:
        if meant:
            return _("Có %(count)d nơi tên “%(name)s”; giao trên trang văn bản.") % {
                "count": len(meant),
                "name": name,
            }
        known = ", ".join(self.short(one) for one in self.units[:4])
        return _("Không có đơn vị hoặc người “%(name)s”. Gõ tên viết tắt: %(known)s.") % {
            "name": name,
            "known": known,
        }

    def options(self, chosen: str) -> SafeString:
        """The options of a lead, with one chosen; drawn once for all rows."""
        marked = format_html('value="{}"', chosen)
        return mark_safe(self._options.replace(marked, f"{marked} selected", 1))  # noqa: S308 -- both are escaped

    def _draw(self) -> SafeString:
        groups = [(_("Đơn vị"), self.units), (_("Người"), self.people)]
        return format_html(
            '<option value="">{}</option>{}',
            _("Chọn nơi chủ trì"),
            format_html_join(
                "",
                '<optgroup label="{}">{}</optgroup>',
                (
                    (
                        label,
                        format_html_join(
                            "",
                            '<option value="{}">{}</option>',
                            ((one.key, self.full(one)) for one in group),
                        ),
                    )
                    for label, group in groups
                    if group
                ),
            ),
        )


class GridDay(DueField):
    """A day, or so many working days from today: "5"."""

    def to_python(self, value: Any) -> date | None:
        found = _DAYS.fullmatch(clean(value or "")) if isinstance(value, str) else None
        if found:
            return office_calendar().add_working_days(clock.today(), int(found[1]))
        return super().to_python(value)


class RowForm(OfficeForm):
    """One document: who leads, helps, knows; until when; in which words."""

    lead = forms.CharField(label=gettext_lazy("Chủ trì"), required=False)
    helpers = LineField(label=gettext_lazy("Phối hợp"), longest=1000, required=False)
    informed = LineField(label=gettext_lazy("Để biết"), longest=1000, required=False)
    due_date = GridDay(label=gettext_lazy("Hạn"), required=False)
    directive = LineField(label=gettext_lazy("Ý kiến"), longest=1000, required=False)

    def __init__(self, actor: Actor, names: Names, key: int, data: Mapping[str, Any]) -> None:
        self.actor, self.names = actor, names
        super().__init__(data, prefix=f"d{key}")
        own_words(self.fields)

    def clean_lead(self) -> Target | None:
        """The unit or person of the list."""
        key = self.cleaned_data["lead"]
        if key and key not in self.names.by_key:
            raise ValidationError(_("Chọn nơi chủ trì có trong danh sách."))
        return self.names.by_key.get(key)

    def clean_helpers(self) -> list[Target]:
        return self.names.read(self.cleaned_data["helpers"])

    def clean_informed(self) -> list[Target]:
        return self.names.read(self.cleaned_data["informed"])

    def lines(self) -> list[Line]:
        """The lines of the distribution; day and words hold for all who work on it."""
        values = self.cleaned_data
        words, day, lead = values["directive"], values["due_date"], values["lead"]
        lines = [Line(AssignmentRole.LEAD, lead.unit, lead.person, words, day)] if lead else []
        for one in values["helpers"]:
            if one != lead:
                lines.append(Line(AssignmentRole.COORDINATE, one.unit, one.person, words, day))
        lines += [Line(AssignmentRole.INFORM, one.unit, one.person) for one in values["informed"]]
        return lines


class LeaderForm(OfficeForm):
    """Trình lãnh đạo, for all ticked rows."""

    leader = forms.TypedChoiceField(label=gettext_lazy("Trình"), coerce=int)
    propose_text = WordsField(
        label=gettext_lazy("Đề xuất ý kiến xử lý"), widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self, actor: Actor, targets: Targets, data: Any = None, *, initial: Any = None
    ) -> None:
        self.actor = actor
        super().__init__(data, initial=initial)
        self.people = {one.user.pk: one for one in targets.leaders()}
        self.fields["leader"].choices = [  # type: ignore[attr-defined]
            (pk, f"{one.user.full_name}, {one.title}") for pk, one in self.people.items()
        ]
        own_words(
            self.fields,
            leader=_("Chọn lãnh đạo để trình."),
            propose_text=_("Ghi ý kiến đề xuất trước khi trình."),
        )


class EndForm(IntoDossier):
    """Không cần xử lý, for all ticked rows; and if one likes one dossier for them."""

    finish_text = WordsField(
        label=gettext_lazy("Vì sao không cần xử lý"), widget=forms.Textarea(attrs={"rows": 2})
    )

    finish_dossier = forms.ChoiceField(label=gettext_lazy("Đưa vào hồ sơ"), required=False)
    finish_code = CodeField()
    into = ("finish_dossier", "finish_code")

    def __init__(self, actor: Actor, data: Any = None, *, initial: Any = None) -> None:
        self.actor = actor
        super().__init__(data, initial=initial)
        offered = {str(one.pk): (one, dossier_name(one)) for one in fillable(actor)}
        self.offer_dossiers(actor, offered)
        own_words(self.fields, finish_text=_("Ghi lý do không cần xử lý."))
