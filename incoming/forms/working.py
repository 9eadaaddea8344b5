"""What people type when they do a verb on a document; checked for shape only."""

from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from documents.forms import working
from documents.forms.lines import LinesForm, VerbForm
from documents.forms.working import (
    AssignForm,
    CommentForm,
    ProgressForm,
    SendBackForm,
    ShareForm,
)
from dossiers.filing import Proposed, dossier_name, proposed_for
from incoming.actions import Line
from incoming.choices import Verb
from incoming.forms.deciding import DirectForm, ProposeForm
from incoming.forms.filing import CodeField, IntoDossier
from incoming.forms.gate import PurgeForm
from incoming.proposed import agreed_lines
from incoming.rules import may_distribute, my_assignment


class SubmitForm(VerbForm):
    """Trình."""

    def prepare(self) -> None:
        self.fields["text"].label = _("Lời trình")


class DistributeForm(LinesForm):
    """Phân phối: as the leader agreed; the day that the document names is the lead's (11.6a)."""

    def prepare(self) -> None:
        super().prepare()
        due = self.document.due_date
        if due is not None and due >= clock.today():
            self.initial["due_date-0"] = self.initial.get("due_date-0") or due

    def first_lines(self) -> list[Line]:
        return agreed_lines([self.document]).get(self.document.pk, [])


class FinishForm(IntoDossier, VerbForm):
    """Kết thúc."""

    needs_text = True
    empty: ClassVar[dict[str, Promise]] = {
        "text": gettext_lazy("Ghi kết quả giải quyết trước khi kết thúc.")
    }
    dossier = forms.ChoiceField(label=gettext_lazy("Đưa vào hồ sơ"), required=False)
    code = CodeField()
    field_order = ("text", "dossier", "code")

    def prepare(self) -> None:
        self.fields["text"].label = _("Kết quả giải quyết")
        proposed = proposed_for(self.actor, self.document)
        offered = {str(one.dossier.pk): (one.dossier, _named(one)) for one in proposed}
        self.offer_dossiers(self.actor, offered, self.document)
        mine = my_assignment(self.actor, self.document)
        below = [
            one
            for one in self.document.all_assignments
            if mine and one.parent_id == mine.pk and one.result
        ]
        self.initial = {"text": below[-1].result if below else ""}

    def arguments(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["text"], "dossier": self.dossier_chosen}


def _named(one: Proposed) -> str:
    """ "01.TH Title (same issuer)"."""
    name = dossier_name(one.dossier)
    return f"{name} ({one.why})" if one.why else name


class RecallForm(VerbForm):
    """Thu hồi."""

    def prepare(self) -> None:
        self.fields["text"].label = _("Lời nhắn")


class ReopenForm(VerbForm):
    """Mở lại."""

    needs_text = True
    empty: ClassVar[dict[str, Promise]] = {"text": gettext_lazy("Ghi lý do mở lại.")}

    def prepare(self) -> None:
        self.fields["text"].label = _("Lý do mở lại")


class CancelForm(VerbForm):
    """Hủy văn bản được thu hồi: nothing is asked but what one wants to add."""


class KeepForm(VerbForm):
    """Không hủy: the reason goes back to the sender."""

    needs_text = True
    empty: ClassVar[dict[str, Promise]] = {
        "text": gettext_lazy("Ghi lý do không hủy để bên gửi biết.")
    }

    def prepare(self) -> None:
        self.fields["text"].label = _("Lý do không hủy")


class TakeBackForm(working.TakeBackForm):
    """Thu hồi phần việc."""

    gives_out = may_distribute


FORMS: dict[Verb, Any] = {
    Verb.SUBMIT: SubmitForm,
    Verb.PROPOSE: ProposeForm,
    Verb.DIRECT: DirectForm,
    Verb.DISTRIBUTE: DistributeForm,
    Verb.ASSIGN: AssignForm,
    Verb.TAKE_BACK: TakeBackForm,
    Verb.PROGRESS: ProgressForm,
    Verb.COMMENT: CommentForm,
    Verb.FINISH: FinishForm,
    Verb.SEND_BACK: SendBackForm,
    Verb.SHARE: ShareForm,
    Verb.RECALL: RecallForm,
    Verb.REOPEN: ReopenForm,
    Verb.PURGE: PurgeForm,
    Verb.CANCEL: CancelForm,
    Verb.KEEP: KeepForm,
}
