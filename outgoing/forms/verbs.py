"""The form of each verb; ``arguments`` are what its action takes after actor and draft."""

from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.forms import DayField
from core.text import small_number
from documents.forms import asking, working
from documents.forms.lines import VerbForm
from outgoing.actions.reviewing import Place, offered_to, return_to
from outgoing.choices import State, Verb
from outgoing.models import OutgoingDocument
from outgoing.presenting import text_lines


class PlainForm(VerbForm):
    """Words, if any."""

    def arguments(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["text"]}


class StepForm(VerbForm):
    """One step further: the version that was read; findings that are let stand, with a reason."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    field_order = ("text",)

    def prepare(self) -> None:
        self.initial = {"seen": self.document.version_count}

    def arguments(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["text"], "seen": self.cleaned_data["seen"] or 0}


class SendBackForm(VerbForm):
    """Chuyển trả: to whom, with which words, and words on places of the text."""

    PLACES = 5
    empty: ClassVar[dict[str, Promise]] = {"to": gettext_lazy("Chọn bước nhận lại dự thảo.")}
    to = forms.ChoiceField(label=gettext_lazy("Trả về"), widget=forms.RadioSelect)
    field_order = ("to", "text")

    def prepare(self) -> None:
        document: OutgoingDocument = self.document
        self.fields["text"].label = _("Ý kiến, nội dung cần sửa")
        fields: Any = self.fields
        fields["to"].choices = [
            (state, _who(document, state)) for state in reversed(offered_to(self.actor, document))
        ]
        self.initial = {"to": return_to(self.actor, document)}
        for place in range(self.PLACES):
            fields[f"line-{place}"] = forms.CharField(label=_("Dòng"), required=False, max_length=6)
            fields[f"said-{place}"] = forms.CharField(
                label=_("Góp ý vào dòng ấy"), required=False, max_length=1000
            )

    @property
    def places(self) -> list[tuple[Any, Any]]:
        """The pairs of line and words."""
        return [(self[f"line-{one}"], self[f"said-{one}"]) for one in range(self.PLACES)]

    def arguments(self) -> dict[str, Any]:
        values = self.cleaned_data
        version = self.document.versions.get(ordinal=self.document.version_count)
        body = [one.text for one in text_lines(version, ())]
        places = []
        for one in range(self.PLACES):
            said, line = values.get(f"said-{one}"), small_number(values.get(f"line-{one}") or "", 0)
            if said:
                quote = body[line - 1] if 0 < line <= len(body) else ""
                places.append(Place(line, quote[:300], said))
        return {"to": values["to"], "text": values["text"], "places": places}


def _who(document: OutgoingDocument, state: str) -> str:
    if state == State.DRAFTING:
        return _("Người soạn thảo: %(name)s") % {"name": document.drafter.user.full_name}
    step = document.way[state]
    who = (
        document.drafter.unit.name
        if state == State.CONTENT
        else document.agency.title_of(step.value)
    )
    return f"{State(state).label}: {who}"


class NotePaperForm(VerbForm):
    """Ghi nhận bản giấy đã ký: on which day (Bình Định Điều 9.2)."""

    day = DayField(label=gettext_lazy("Ngày ký bản giấy"))

    def prepare(self) -> None:
        del self.fields["text"]
        self.initial = {"day": clock.today()}

    def arguments(self) -> dict[str, Any]:
        return {"day": self.cleaned_data["day"]}


class EmptyForm(VerbForm):
    """Nothing is asked."""

    def prepare(self) -> None:
        del self.fields["text"]

    def arguments(self) -> dict[str, Any]:
        return {}


class CommentForm(VerbForm):
    """Cho ý kiến."""

    needs_text = True
    empty: ClassVar[dict[str, Promise]] = {"text": gettext_lazy("Ghi ý kiến.")}

    def arguments(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["text"]}


class GiveOpinionForm(asking.GiveOpinionForm):
    """Góp ý: agree, disagree or otherwise, with a file when there is more to say."""

    file = forms.FileField(label=gettext_lazy("Tệp góp ý (PDF)"), required=False)


FORMS: dict[str, type[VerbForm]] = {
    Verb.SUBMIT: PlainForm,
    Verb.APPROVE_CONTENT: StepForm,
    Verb.CHECK_FORMAT: StepForm,
    Verb.APPRAISE: StepForm,
    Verb.RELEASE: StepForm,
    Verb.CHECK_AGAIN: StepForm,
    Verb.APPROVE: StepForm,
    Verb.NOTE_PAPER: NotePaperForm,
    Verb.SEND_BACK: SendBackForm,
    Verb.WITHDRAW: PlainForm,
    Verb.ABANDON: PlainForm,
    Verb.RESUME: EmptyForm,
    Verb.COMMENT: CommentForm,
    Verb.SHARE: working.ShareForm,
    Verb.ASK_OPINION: asking.AskOpinionForm,
    Verb.GIVE_OPINION: GiveOpinionForm,
    Verb.WITHDRAW_OPINION: asking.WithdrawOpinionForm,
}
