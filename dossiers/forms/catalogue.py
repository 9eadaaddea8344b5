"""What people type about a catalogue; checked for shape only."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from core.forms import DayField, UnicodeForm, own_words
from core.text import clean
from dossiers import tree
from dossiers.actions.cataloguing import LineEntry
from dossiers.models import Heading, PlannedDossier
from dossiers.notation import parse_maintenance, parse_notation
from dossiers.tree import Part

_USUAL = ("Vĩnh viễn", "70 năm", "50 năm", "20 năm", "15 năm", "10 năm", "5 năm", "2 năm")


class LineField(forms.CharField):
    """One line of text, cleaned."""

    def to_python(self, value: Any) -> str:
        return clean(super().to_python(value) or "")


class CatalogueForm(UnicodeForm):
    """Text of the old fonts is refused where an article says so, as everywhere."""

    def __init__(self, actor: Actor, data: Any = None, **kwargs: Any) -> None:
        charset = actor.agency.regulation.charset
        self.charset_article = charset.article if charset else ""
        super().__init__(data, **kwargs)
        own_words(self.fields)


class HeadingForm(CatalogueForm):
    """A heading: its words, and the abbreviation that notations under it bear."""

    title = LineField(label=gettext_lazy("Tên đề mục"), max_length=300)
    abbreviation = LineField(
        label=gettext_lazy("Chữ viết tắt"),
        max_length=10,
        required=False,
        help_text=gettext_lazy("TH trong 01.TH; đề mục nhỏ dùng chữ của đề mục lớn."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(
        self,
        actor: Actor,
        data: Any = None,
        *,
        heading: Heading | None = None,
        prefix: str = "heading",
    ) -> None:
        first = {}
        if heading is not None:
            first = {
                "title": heading.title,
                "abbreviation": heading.abbreviation,
                "version": heading.version,
            }
        super().__init__(actor, data, initial=first, auto_id=f"{prefix}-%s")

    def clean_abbreviation(self) -> str:
        """Letters as in a notation."""
        text: str = self.cleaned_data["abbreviation"]
        if text:
            try:
                parse_notation(f"01.{text}")
            except ValidationError as error:
                raise ValidationError(
                    _("Chữ viết tắt chỉ gồm chữ và số, bắt đầu bằng chữ, ví dụ TH.")
                ) from error
        return text

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments of the action."""
        return {name: self.cleaned_data[name] for name in ("title", "abbreviation")}


class LineForm(CatalogueForm):
    """A dossier of the catalogue, by the columns of the form (NĐ 30/2020 Phụ lục V)."""

    file_notation = LineField(
        label=gettext_lazy("Số và ký hiệu"), max_length=20, help_text=gettext_lazy("Ví dụ 01.TH.")
    )
    title = LineField(
        label=gettext_lazy("Tiêu đề hồ sơ"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    heading = forms.TypedChoiceField(label=gettext_lazy("Đề mục"), coerce=int)
    maintenance = LineField(
        label=gettext_lazy("Thời hạn bảo quản"),
        max_length=20,  # as typed; what it becomes is shorter
        widget=forms.TextInput(attrs={"list": "retentions", "autocomplete": "off"}),
        help_text=gettext_lazy("Vĩnh viễn, hoặc số năm."),
    )
    who = forms.ChoiceField(label=gettext_lazy("Người lập hồ sơ"))
    description = LineField(label=gettext_lazy("Ghi chú"), max_length=500, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    retentions = _USUAL

    def __init__(
        self,
        actor: Actor,
        data: Any = None,
        *,
        parts: Iterable[Part],
        line: PlannedDossier | None = None,
        under: Heading | None = None,
    ) -> None:
        self.line, self.creators = line, {one.key: one for one in tree.creators_of(actor)}
        self.headings: dict[int, Heading] = {}
        parts = list(parts)
        super().__init__(actor, data, initial=self._first(parts, under), auto_id="line-%s")
        choices = []
        for part in parts:
            for one, number in [(part, part.number)] + [
                (child, f"{part.number}.{child.number}") for child in part.parts
            ]:
                self.headings[one.heading.pk] = one.heading
                choices.append((one.heading.pk, f"{number}. {one.heading.title}"))
        self.fields["heading"].choices = choices  # type: ignore[attr-defined]
        self.fields["who"].choices = self._who()  # type: ignore[attr-defined]

    def _first(self, parts: list[Part], under: Heading | None) -> dict[str, Any]:
        line = self.line
        if line is None:
            lines = [one for part in parts for one in part.all_lines]
            top = next(
                (
                    part.heading
                    for part in parts
                    if under
                    and under.pk in (part.heading.pk, *(one.heading.pk for one in part.parts))
                ),
                None,
            )
            short = (under and under.abbreviation) or (top and top.abbreviation) or ""
            return {
                "heading": under.pk if under else None,
                "file_notation": tree.next_notation(lines, short),
            }
        key = (
            f"p{line.creator_user_id}.{line.unit_id}"
            if line.creator_user_id
            else f"u{line.unit_id}"
        )
        return {
            "file_notation": line.file_notation,
            "title": line.title,
            "heading": line.heading_id,
            "maintenance": line.maintenance,
            "who": key if key in self.creators else "kept",
            "description": line.description,
            "version": line.version,
        }

    def _who(self) -> list[Any]:
        units = [(key, one.unit.name) for key, one in self.creators.items() if not one.user]
        people = [
            (key, f"{one.user.full_name}, {one.title}, {one.unit.short_name}")
            for key, one in self.creators.items()
            if one.user
        ]
        choices: list[Any] = [("", "—"), (_("Đơn vị"), units), (_("Người"), people)]
        if self.line is not None and self.initial.get("who") == "kept":
            # Whoever has left stays until somebody else is named.
            choices.insert(1, ("kept", self.line.creator))
        return choices

    def clean_file_notation(self) -> str:
        """01TH becomes 01.TH."""
        return parse_notation(self.cleaned_data["file_notation"])

    def clean_maintenance(self) -> str:
        """20 becomes 20 năm."""
        return parse_maintenance(self.cleaned_data["maintenance"])

    def entry(self) -> LineEntry:
        """What the actions take."""
        values = self.cleaned_data
        creator = self.creators.get(values["who"])
        line = self.line
        return LineEntry(
            file_notation=values["file_notation"],
            title=values["title"],
            maintenance=values["maintenance"],
            creator=creator.words if creator else (line.creator if line else ""),
            creator_user=creator.user if creator else (line.creator_user if line else None),
            unit=creator.unit if creator else (line.unit if line else None),
            heading=self.headings[values["heading"]],
            description=values["description"],
        )


class ReasonForm(CatalogueForm):
    """Why something is sent back."""

    text = forms.CharField(
        label=gettext_lazy("Lý do trả lại"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, actor: Actor, data: Any = None) -> None:
        super().__init__(actor, data, auto_id="do-%s")

    def clean_text(self) -> str:
        return clean(self.cleaned_data["text"])

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments of the action."""
        return {"text": self.cleaned_data["text"]}


class ApproveForm(CatalogueForm):
    """The decision that issues a catalogue."""

    decision_number = LineField(label=gettext_lazy("Số quyết định ban hành"), max_length=60)
    decided_date = DayField(label=gettext_lazy("Ngày ban hành"))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, actor: Actor, data: Any = None, **kwargs: Any) -> None:
        super().__init__(actor, data, auto_id="do-%s", **kwargs)

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments of the action."""
        return dict(self.cleaned_data)


class ImportForm(forms.Form):
    """A table that is uploaded."""

    file = forms.FileField(
        label=gettext_lazy("Tệp XLSX"),
        error_messages={
            "required": gettext_lazy("Chọn tệp XLSX."),
            "invalid": gettext_lazy("Chọn tệp XLSX."),
            "missing": gettext_lazy("Chọn tệp XLSX."),
            "empty": gettext_lazy("Tệp rỗng."),
        },
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )
