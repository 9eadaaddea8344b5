"""The form of a dossier, one for the whole agency (Bắc Giang Điều 4.2), and of a task."""

from typing import Any, ClassVar
from uuid import UUID, uuid4

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.models import Appointment
from core import clock
from core.forms import DayField, WordsField, own_words
from core.text import clean
from documents.forms import lines as forms_of_work
from dossiers.actions import Fields
from dossiers.models import Dossier, PlannedDossier
from dossiers.notation import parse_maintenance, parse_notation
from dossiers.rules import keepers_of

# Numbers of the fields in TT 01/2019 Phụ lục VI; NĐ 30/2020 has the same.
NUMBERS = {
    "file_notation": "1.3",
    "title": "2",
    "maintenance": "3",
    "rights": "4",
    "creator": "5",
    "language": "6",
    "start_date": "7",
    "end_date": "8",
    "description": "11",
}


class LineField(forms.CharField):
    """One line of text, cleaned. The browser gets no maxlength: it would cut what is pasted.

    ``counted``: letters are counted below the field.
    """

    def __init__(self, *, longest: int, counted: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators.append(
            MaxLengthValidator(longest, gettext_lazy("Dài quá %(limit_value)d ký tự, bớt đi."))
        )
        if counted:
            self.max_length = longest
        self.widget.attrs["autocomplete"] = "off"

    def to_python(self, value: Any) -> str:
        return clean(super().to_python(value) or "")


class _Notation(LineField):
    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        return parse_notation(typed) if typed else ""


class _Maintenance(LineField):
    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        return parse_maintenance(typed) if typed else ""


class DueField(forms_of_work.DueField):
    """A deadline of work that may take years."""

    years = 20


class KeeperField(forms.ModelChoiceField):
    """Somebody who works in the agency today."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.user.full_name}, {obj.title}, {obj.unit.short_name or obj.unit.name}"


class ActorForm(forms_of_work.OfficeForm):
    """A form of the office about a dossier, with the national numbers of its fields."""

    numbers: ClassVar[dict[str, str]] = NUMBERS

    def __init__(self, actor: Actor, data: Any = None, **kwargs: Any) -> None:
        self.actor = actor
        super().__init__(data, **kwargs)


class DossierForm(ActorForm):
    """Fields 1.3 and 2 to 7, who keeps it, until when (Cần Thơ Điều 13.2)."""

    title = LineField(label=gettext_lazy("Tiêu đề hồ sơ"), longest=500, counted=True)
    file_notation = _Notation(label=gettext_lazy("Số và ký hiệu hồ sơ"), longest=30)
    maintenance = _Maintenance(label=gettext_lazy("Thời hạn bảo quản"), longest=30)
    start_date = DayField(label=gettext_lazy("Thời gian bắt đầu"))
    due_date = DueField(label=gettext_lazy("Thời hạn giải quyết"), required=False)
    rights = LineField(label=gettext_lazy("Chế độ sử dụng"), longest=30, required=False)
    creator = LineField(label=gettext_lazy("Người lập hồ sơ"), longest=30, required=False)
    language = LineField(label=gettext_lazy("Ngôn ngữ"), longest=50, required=False)
    description = LineField(label=gettext_lazy("Ghi chú"), longest=500, required=False)
    keeper = KeeperField(
        label=gettext_lazy("Người giải quyết"), queryset=Appointment.objects.none()
    )
    text = WordsField(label=gettext_lazy("Nội dung giao"), required=False)
    # Of this form: sent twice, it begins one.
    entry_token = forms.Field(widget=forms.HiddenInput, required=False)

    is_task = False

    def __init__(
        self,
        actor: Actor,
        data: Any = None,
        *,
        initial: dict[str, Any] | None = None,
        acting: Actor | None = None,
        planned: PlannedDossier | None = None,
    ) -> None:
        """``acting``: as whom it is opened, when he stands in for somebody; ``planned``: by which
        line of the catalogue, which fixes the notation.
        """
        first: dict[str, Any] = {
            "start_date": clock.today(),
            "creator": actor.principal.full_name[:30],
            "language": "Tiếng Việt",
            "keeper": actor.appointment.pk,
            "entry_token": uuid4(),
        }
        super().__init__(actor, data, initial=first | (initial or {}))
        self.fields["keeper"].queryset = keepers_of(acting or actor)  # type: ignore[attr-defined]
        self.fields["file_notation"].widget.attrs["placeholder"] = "01.TH"
        if planned is not None:
            self.fields["file_notation"].widget.attrs["readonly"] = True
        self.fields["maintenance"].widget.attrs |= {"list": "periods", "placeholder": "10 năm"}
        if self.is_task:
            # Whom it is given to stands in the lines below.
            for name in (
                "file_notation", "maintenance", "rights", "creator", "language", "keeper"
            ):  # fmt: skip
                del self.fields[name]
            self.fields["title"].label = _("Tên việc")
            self.fields["due_date"].label = _("Thời hạn")
            self.fields["text"].label = _("Nội dung chỉ đạo")
            self.fields["text"].required = True
        own_words(self.fields)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        start, due = values.get("start_date"), values.get("due_date")
        if start and due and due < start:
            self.add_error("due_date", _("Thời hạn không thể trước ngày bắt đầu."))
        if start and start > clock.today():
            self.add_error("start_date", _("Thời gian bắt đầu không thể sau hôm nay."))
        return values

    def clean_entry_token(self) -> UUID | None:
        """None for what is no token: then the form is like any other."""
        try:
            return UUID(str(self.cleaned_data["entry_token"]))
        except ValueError:
            return None

    def entry(self) -> Fields:
        """What the action takes."""
        names = ("title", "file_notation", "maintenance", "rights", "creator", "language")
        typed = {name: self.cleaned_data.get(name, "") for name in (*names, "description")}
        return Fields(
            **typed,
            start_date=self.cleaned_data["start_date"],
            due_date=self.cleaned_data.get("due_date"),
        )


class TaskForm(DossierForm):
    """Giao việc: a title, a directive, a day, somebody (Kon Tum Điều 20.2)."""

    is_task = True


def typed_of(dossier: Dossier) -> dict[str, Any]:
    """The fields of a dossier as a form shows them first."""
    return {
        "title": dossier.subject,
        "file_notation": dossier.code_notation,
        "maintenance": dossier.maintenance,
        "rights": dossier.rights,
        "creator": dossier.creator or dossier.keeper.user.full_name[:30],
        "language": dossier.language or "Tiếng Việt",
        "start_date": dossier.day,
        "due_date": dossier.due_date,
        "description": dossier.description,
        "keeper": dossier.keeper_id,
    }
