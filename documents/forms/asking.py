"""Forms of urging, of a later day and of opinions."""

from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from documents import deciding
from documents.actions.giving import Line
from documents.calendar import office_calendar
from documents.choices import AssignmentRole, Stance, UrgeLevel, WorkVerb
from documents.forms.lines import DueField, VerbForm
from documents.models import Assignment
from documents.rules import my_assignment


class UrgeForm(VerbForm):
    """Đôn đốc: whom, how hard, in which words."""

    needs_text = True
    empty: ClassVar[dict[str, Promise]] = {
        "who": gettext_lazy("Chọn đầu việc đang làm để đôn đốc."),
        "level": gettext_lazy("Chọn mức đôn đốc."),
        "text": gettext_lazy("Ghi nội dung đôn đốc."),
    }
    who = forms.MultipleChoiceField(
        label=gettext_lazy("Đôn đốc ai"), widget=forms.CheckboxSelectMultiple
    )
    level = forms.TypedChoiceField(
        label=gettext_lazy("Mức đôn đốc"), coerce=int, choices=UrgeLevel.choices
    )
    field_order = ("who", "level", "text")

    def prepare(self) -> None:
        self.fields["text"].label = _("Nội dung đôn đốc")
        self.fields["level"].help_text = _(
            "Từ mức 2 báo cả trưởng đơn vị, mức 3 báo cả người phân phối. Lần sau không thấp hơn."
        )
        may = deciding.urgeable(self.actor, self.document)
        self.found = {str(one.pk): one for one in may}
        calendar, today = office_calendar(), clock.today()
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            (
                key,
                f"{one.person or one.unit} ({str(one.get_role_display()).lower()}, "
                f"{calendar.distance(today, one.due_date)})",
            )
            for key, one in self.found.items()
        ]
        late = [key for key, one in self.found.items() if calendar.is_late(today, one.due_date)]
        urged = Assignment.objects.filter(pk__in=[one.pk for one in may], urge__isnull=False)
        levels = urged.values_list("urge__detail__level", flat=True)
        reached = max((int(level or 0) for level in levels), default=0)
        self.initial = {
            "who": late or (list(self.found) if len(self.found) == 1 else []),
            "level": min(reached + 1, UrgeLevel.EXPLAIN),
        }

    def arguments(self) -> dict[str, Any]:
        return {
            "assignments": [self.found[key] for key in self.cleaned_data["who"]],
            "level": self.cleaned_data["level"],
            "text": self.cleaned_data["text"],
        }


class RequestExtensionForm(VerbForm):
    """Xin gia hạn: until when, and why."""

    needs_text = True
    empty: ClassVar[dict[str, Promise]] = {
        "day": gettext_lazy("Ghi ngày xin gia hạn đến."),
        "text": gettext_lazy("Ghi lý do xin gia hạn."),
    }
    day = DueField(label=gettext_lazy("Xin gia hạn đến"))
    field_order = ("day", "text")

    def prepare(self) -> None:
        self.fields["text"].label = _("Lý do xin gia hạn")
        mine = my_assignment(self.actor, self.document)
        if mine is not None and mine.due_date is not None:
            self.fields["day"].help_text = _("Thời hạn hiện nay: %(day)s.") % {
                "day": f"{mine.due_date:%d/%m/%Y}"
            }

    def arguments(self) -> dict[str, Any]:
        return {"day": self.cleaned_data["day"], "text": self.cleaned_data["text"]}


class DecideExtensionForm(VerbForm):
    """Quyết định gia hạn: yes, yes until another day, or no with the reason."""

    empty: ClassVar[dict[str, Promise]] = {
        "extension": gettext_lazy("Chọn yêu cầu gia hạn để quyết định."),
        "answer": gettext_lazy("Chọn đồng ý hay không."),
    }
    extension = forms.ChoiceField(label=gettext_lazy("Yêu cầu"))
    answer = forms.ChoiceField(
        label=gettext_lazy("Quyết định"),
        choices=[("yes", gettext_lazy("Đồng ý")), ("no", gettext_lazy("Không đồng ý"))],
        widget=forms.RadioSelect,
    )
    day = DueField(label=gettext_lazy("Gia hạn đến"), required=False)
    field_order = ("extension", "answer", "day", "text")

    def prepare(self) -> None:
        self.fields["text"].label = _("Ý kiến")
        self.fields["text"].help_text = _("Không đồng ý thì ghi lý do.")
        rows = [
            row
            for row in self.document.open_extensions
            if deciding.decides(self.actor, self.document, row)
        ]
        self.found = {str(row.pk): row for row in rows}
        self.fields["extension"].choices = [  # type: ignore[attr-defined]
            (
                key,
                f"{row.assignment.person or row.assignment.unit}: "
                f"{row.old_day:%d/%m/%Y} → {row.wanted_day:%d/%m/%Y}",
            )
            for key, row in self.found.items()
        ]
        self.fields["day"].help_text = _("Để trống thì theo ngày đã xin.")
        self.initial = {"answer": "yes"}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("answer") == "no" and not values.get("text"):
            self.add_error("text", _("Ghi lý do không đồng ý gia hạn."))
        return values

    def arguments(self) -> dict[str, Any]:
        values = self.cleaned_data
        return {
            "extension": self.found[values["extension"]],
            "agree": values["answer"] == "yes",
            "day": values["day"],
            "text": values["text"],
        }


class AskOpinionForm(VerbForm):
    """Xin ý kiến: whom, what, until when."""

    needs_text = True
    empty: ClassVar[dict[str, Promise]] = {
        "people": gettext_lazy("Chọn đơn vị hoặc người được xin ý kiến."),
        "text": gettext_lazy("Ghi nội dung xin ý kiến."),
    }
    people = forms.MultipleChoiceField(
        label=gettext_lazy("Xin ý kiến của"), widget=forms.CheckboxSelectMultiple
    )
    day = DueField(label=gettext_lazy("Góp ý trước ngày"), required=False)
    field_order = ("people", "day", "text")

    def prepare(self) -> None:
        self.fields["text"].label = _("Nội dung xin ý kiến")
        mine = {self.actor.unit.pk} if self.actor.heads(self.actor.unit.pk) else set()
        offered = [one for one in self.targets.units if one.unit.pk not in mine]
        offered += self.targets.people()
        self.found = {target.key: target for target in offered}
        choices: Any = self.fields["people"]
        choices.choices = self.targets.named(offered)

    def arguments(self) -> dict[str, Any]:
        chosen = [self.found[key] for key in self.cleaned_data["people"]]
        return {
            "lines": [Line(AssignmentRole.COORDINATE, one.unit, one.person) for one in chosen],
            "day": self.cleaned_data["day"],
            "text": self.cleaned_data["text"],
        }


class GiveOpinionForm(VerbForm):
    """Góp ý: agree, disagree or otherwise."""

    empty: ClassVar[dict[str, Promise]] = {"stance": gettext_lazy("Chọn ý kiến.")}
    stance = forms.ChoiceField(
        label=gettext_lazy("Ý kiến"), choices=Stance.choices, widget=forms.RadioSelect
    )
    field_order = ("stance", "text")

    def prepare(self) -> None:
        self.fields["text"].label = _("Nội dung góp ý")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("stance") not in (None, Stance.AGREE) and not values.get("text"):
            self.add_error("text", _("Ghi nội dung góp ý."))
        return values

    def arguments(self) -> dict[str, Any]:
        return {"stance": self.cleaned_data["stance"], "text": self.cleaned_data["text"]}


class WithdrawOpinionForm(VerbForm):
    """Thôi xin ý kiến: of whom."""

    empty: ClassVar[dict[str, Promise]] = {"who": gettext_lazy("Chọn nơi không cần trả lời nữa.")}
    who = forms.MultipleChoiceField(
        label=gettext_lazy("Không chờ ý kiến của"), widget=forms.CheckboxSelectMultiple
    )
    field_order = ("who", "text")

    def prepare(self) -> None:
        self.fields["text"].label = _("Lý do")
        rows = [row for row in self.document.open_opinions if deciding.asked_it(self.actor, row)]
        self.found = {str(row.pk): row for row in rows}
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            (key, str(row.person or row.unit)) for key, row in self.found.items()
        ]
        self.initial = {"who": list(self.found) if len(self.found) == 1 else []}

    def arguments(self) -> dict[str, Any]:
        return {
            "opinions": [self.found[key] for key in self.cleaned_data["who"]],
            "text": self.cleaned_data["text"],
        }


FORMS: dict[str, type[VerbForm]] = {
    WorkVerb.URGE: UrgeForm,
    WorkVerb.REQUEST_EXTENSION: RequestExtensionForm,
    WorkVerb.DECIDE_EXTENSION: DecideExtensionForm,
    WorkVerb.ASK_OPINION: AskOpinionForm,
    WorkVerb.GIVE_OPINION: GiveOpinionForm,
    WorkVerb.WITHDRAW_OPINION: WithdrawOpinionForm,
}
