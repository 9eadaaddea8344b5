"""The form of each verb; ``arguments`` are what its action takes after actor and dossier."""

from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from core import clock
from core.forms import DayField, WordsField, own_words
from core.text import small_number
from documents.actions.at_hand import newest_ordinal
from documents.forms import asking, working
from documents.forms.lines import VerbForm
from dossiers import checks, presenting, rules
from dossiers.choices import Verb
from dossiers.forms import work
from dossiers.forms.fields import NUMBERS, DossierForm, LineField, TaskForm, typed_of
from dossiers.forms.issued import IssuedField
from dossiers.forms.work import reported_below
from dossiers.models import Dossier


class CompleteForm(VerbForm):
    """Hoàn thành: the issued document, or the proposal (Bắc Giang Điều 6.2)."""

    issued = IssuedField()
    field_order = ("issued", "text")

    def prepare(self) -> None:
        issued: Any = self.fields["issued"]
        issued.offer(self.actor, self.document)
        self.fields["text"].label = _("Ý kiến đề xuất, nếu không ban hành văn bản")
        # What whoever leads it below has attached, or proposed.
        below = reported_below(self.actor, self.document)
        self.initial = {"issued": self.document.issued_id, "text": below}
        if self.document.is_task:
            del self.fields["issued"]
            self.fields["text"].label = _("Kết quả công việc")

    def arguments(self) -> dict[str, Any]:
        return {
            "issued": self.cleaned_data.get("issued"),
            "text": self.cleaned_data["text"],
        }


# Things that a finding names; of a dossier of 2,000 items it may be found in all of them.
NAMED = 10


class CloseForm(VerbForm):
    """Đóng hồ sơ: fields 8 and 11, and a reason for every finding that is not mended."""

    numbers: ClassVar[dict[str, str]] = NUMBERS
    end_date = DayField(label=gettext_lazy("Thời gian kết thúc"))
    description = LineField(label=gettext_lazy("Ghi chú"), longest=500)

    def prepare(self) -> None:
        del self.fields["text"]
        self.findings = checks.findings(self.actor, self.document)
        self.initial = {"end_date": clock.today(), "description": self.document.description}
        for one in self.findings:
            if one.is_binding:
                continue
            self.fields[f"why-{one.code}"] = WordsField(
                label=_("Lý do bỏ qua"),
                required=False,
                max_length=500,
                widget=forms.Textarea(attrs={"rows": 1}),
            )
        if self.document.is_task:
            self.fields["description"].required = False

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each finding with what it was found in, the field of its reason, and its marks."""
        keys = {pk for one in self.findings for pk in one.items[:NAMED]}
        seen = self.document.items.visible_to(self.actor).with_content()
        things = {
            one.pk: presenting.item_line(self.actor, self.document, one, [], place=one.ordinal)
            for one in seen.filter(pk__in=keys)
        }
        return [
            {
                "finding": one,
                "things": [things[pk] for pk in one.items[:NAMED] if pk in things],
                "more": max(0, len(one.items) - NAMED),
                "why": None if one.is_binding else self[f"why-{one.code}"],
                "shown": "\n".join(sorted(one.marks)),
            }
            for one in self.findings
        ]

    def arguments(self) -> dict[str, Any]:
        values = self.cleaned_data
        return {
            "end_date": values["end_date"],
            "description": values["description"],
            "overruled": {
                one.code: values[f"why-{one.code}"]
                for one in self.findings
                if values.get(f"why-{one.code}")
            },
            "shown": {
                one.code: self.data.get(f"shown-{one.code}", "").splitlines()
                for one in self.findings
            },
        }


class ReopenForm(VerbForm):
    """Mở lại: by a decision, with a reason."""

    needs_text = True
    empty: ClassVar[dict[str, Promise]] = {
        "decision_number": gettext_lazy("Ghi số quyết định mở lại hồ sơ."),
        "text": gettext_lazy("Ghi lý do mở lại."),
    }
    decision_number = LineField(label=gettext_lazy("Số quyết định"), longest=60)
    field_order = ("decision_number", "text")

    def prepare(self) -> None:
        self.fields["text"].label = _("Lý do mở lại")

    def arguments(self) -> dict[str, Any]:
        return {
            "text": self.cleaned_data["text"],
            "decision_number": self.cleaned_data["decision_number"],
        }


class _MendForm(DossierForm):
    """What a dossier has, but for who keeps it; and for its day, where somebody above named it."""

    day_words = ""

    def __init__(self, actor: Actor, dossier: Dossier, data: Any = None) -> None:
        super().__init__(actor, data, initial=typed_of(dossier))
        for name in ("keeper", "text", "entry_token"):
            self.fields.pop(name, None)
        refusal = rules.may_move_day(actor, dossier)
        if refusal is not None:
            del self.fields["due_date"]
            self.day_words = refusal.message if dossier.due_date else ""


class GrowForm(_MendForm):
    """Lập thành hồ sơ: a task takes a number and a retention."""

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments of the action."""
        return {"fields": self.entry()}


class CorrectForm(_MendForm):
    """Sửa dữ liệu: a reason, and a tick where the rights change (NĐ 30/2020 Phụ lục VI)."""

    reason = LineField(label=gettext_lazy("Lý do sửa"), longest=300)
    confirmed = forms.BooleanField(
        label=gettext_lazy("Xác nhận đổi chế độ sử dụng"), required=False
    )

    def __init__(self, actor: Actor, dossier: Dossier, data: Any = None) -> None:
        super().__init__(actor, dossier, data)
        # How long the trail is now; a form that is shown again has been read with what came since.
        self.version = newest_ordinal(dossier)
        own_words(self.fields)

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments of the action."""
        return {
            "fields": self.entry(),
            "reason": self.cleaned_data["reason"],
            "confirmed": self.cleaned_data["confirmed"],
            "seen": small_number(self.data.get("seen", ""), 0) or None,
        }


class CorrectTaskForm(CorrectForm):
    """The same for a task, which has no number."""

    is_task = True


# Verbs with a page of their own at /dossiers/<id>/<verb>/; those of items stand in views.items.
FORMS: dict[Verb, Any] = {
    **{Verb(verb): form for verb, form in (working.FORMS | asking.FORMS).items()},
    **work.FORMS,
    Verb.COMPLETE: CompleteForm,
    Verb.CLOSE: CloseForm,
    Verb.REOPEN: ReopenForm,
    Verb.GROW: GrowForm,
    Verb.CORRECT: CorrectForm,
}


def form_of(verb: Verb, actor: Actor, dossier: Dossier, data: Any = None) -> Any:
    """The form of that verb on that dossier."""
    if verb == Verb.CORRECT and dossier.is_task:
        return CorrectTaskForm(actor, dossier, data)
    return FORMS[verb](actor, dossier, data)


__all__ = ["FORMS", "DossierForm", "TaskForm", "form_of"]
