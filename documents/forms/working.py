"""Forms of the work itself: assign, progress, comment, share, send_back."""

from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Rule
from documents.actions.giving import Line
from documents.choices import AssignmentRole, WorkVerb
from documents.forms.lines import LinesForm, Target, VerbForm
from documents.rules import my_assignment, parts_given


class AssignForm(LinesForm):
    """Giao việc."""

    informs = False

    def prepare(self) -> None:
        super().prepare()
        mine = my_assignment(self.actor, self.document)
        if mine is not None:
            self.initial["due_date-0"] = mine.due_date
            self.initial["directive-0"] = mine.directive

    def offered(self) -> list[Target]:
        return self.targets.people({self.actor.unit.pk})


class TakeBackForm(VerbForm):
    """Thu hồi phần việc: whose, and why."""

    needs_text = True
    empty: ClassVar[dict[str, Promise]] = {
        "part": gettext_lazy("Chọn phần việc cần thu hồi."),
        "text": gettext_lazy("Ghi lý do thu hồi phần việc."),
    }
    part = forms.ChoiceField(label=gettext_lazy("Phần việc của"), widget=forms.RadioSelect)
    field_order = ("part", "text")
    # Whose the first line is to take back: the kind's own rule of giving out.
    gives_out: ClassVar[Rule]

    def prepare(self) -> None:
        self.fields["text"].label = _("Lý do thu hồi")
        given = parts_given(self.actor, self.document, self.gives_out)
        self.found = {str(one.pk): one for one in given}
        self.fields["part"].choices = [  # type: ignore[attr-defined]
            (key, f"{one.person or one.unit} ({str(one.get_role_display()).lower()})")
            for key, one in self.found.items()
        ]
        self.initial = {"part": next(iter(self.found)) if len(self.found) == 1 else None}

    def arguments(self) -> dict[str, Any]:
        return {
            "part": self.found[self.cleaned_data["part"]],
            "text": self.cleaned_data["text"],
        }


class ProgressForm(VerbForm):
    """Báo cáo tiến độ."""

    needs_text = True
    empty: ClassVar[dict[str, Promise]] = {
        "percent": gettext_lazy("Chọn tiến độ."),
        "text": gettext_lazy("Ghi nội dung báo cáo."),
    }
    percent = forms.TypedChoiceField(
        label=gettext_lazy("Tiến độ"),
        coerce=int,
        choices=[(step, f"{step} %") for step in (0, 25, 50, 75, 100)],
    )
    field_order = ("percent", "text")

    def prepare(self) -> None:
        self.fields["text"].label = _("Nội dung báo cáo")
        mine = my_assignment(self.actor, self.document)
        self.initial = {"percent": mine.percent if mine else 0}

    def arguments(self) -> dict[str, Any]:
        return {"percent": self.cleaned_data["percent"], "text": self.cleaned_data["text"]}


class CommentForm(VerbForm):
    """Cho ý kiến."""

    needs_text = True
    empty: ClassVar[dict[str, Promise]] = {"text": gettext_lazy("Ghi ý kiến.")}


class ShareForm(VerbForm):
    """Thông báo."""

    people = forms.MultipleChoiceField(
        label=gettext_lazy("Thông báo cho"), widget=forms.CheckboxSelectMultiple, required=False
    )
    field_order = ("people", "text")

    def prepare(self) -> None:
        offered = self.targets.units + self.targets.people()
        self.found = {target.key: target for target in offered}
        choices: Any = self.fields["people"]
        choices.choices = self.targets.named(offered)
        self.fields["text"].label = _("Lời nhắn")

    def arguments(self) -> dict[str, Any]:
        chosen = [self.found[key] for key in self.cleaned_data["people"]]
        return {
            "lines": [Line(AssignmentRole.INFORM, one.unit, one.person) for one in chosen],
            "text": self.cleaned_data["text"],
        }


class SendBackForm(VerbForm):
    """Chuyển trả."""

    needs_text = True
    empty: ClassVar[dict[str, Promise]] = {"text": gettext_lazy("Ghi lý do chuyển trả.")}

    def prepare(self) -> None:
        self.fields["text"].label = _("Lý do chuyển trả")


FORMS: dict[str, type[VerbForm]] = {
    WorkVerb.ASSIGN: AssignForm,
    WorkVerb.PROGRESS: ProgressForm,
    WorkVerb.COMMENT: CommentForm,
    WorkVerb.SHARE: ShareForm,
    WorkVerb.SEND_BACK: SendBackForm,
}
