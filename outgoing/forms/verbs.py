"""The form of each verb; ``arguments`` are what its action takes after actor and draft."""

from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Appointment
from core import clock
from core.errors import Refusal
from core.forms import DayField
from core.text import small_number
from documents.forms import asking, working
from documents.forms.lines import VerbForm
from outgoing import rules
from outgoing.actions.leaving import possible_drafters
from outgoing.actions.producing import issuing_body
from outgoing.actions.reviewing import Place
from outgoing.actions.standing import block_for
from outgoing.actions.turns import offered_to, return_to
from outgoing.choices import Medium, State, Verb
from outgoing.content import paper_of
from outgoing.models import OutgoingDocument
from outgoing.texts import quote_of
from outgoing.wording import signing_lines
from signatures.choices import LONGEST_PIN, OURS
from signatures.models import SigningKey


class PlainForm(VerbForm):
    """Words, if any."""

    def arguments(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["text"]}


class StepForm(VerbForm):
    """One step further: the version that was read; findings that are let stand, with a reason."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    field_order: tuple[str, ...] = ("text",)

    def prepare(self) -> None:
        self.initial = {"seen": self.document.version_count}

    def arguments(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["text"], "seen": self.cleaned_data["seen"] or 0}


class SendBackForm(VerbForm):
    """Chuyển trả: to whom, with which words, and words on places of the text."""

    PLACES = 5
    empty: ClassVar[dict[str, Promise]] = {"to": gettext_lazy("Chọn bước nhận lại dự thảo.")}
    # The version whose lines he has read; somebody may save another one meanwhile.
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    to = forms.ChoiceField(label=gettext_lazy("Trả về"), widget=forms.RadioSelect)
    field_order = ("to", "text")

    def prepare(self) -> None:
        document: OutgoingDocument = self.document
        self.fields["text"].label = _("Ý kiến, nội dung cần sửa")
        fields: Any = self.fields
        fields["to"].choices = [
            (state, _who(document, state)) for state in reversed(offered_to(self.actor, document))
        ]
        self.initial = {"to": return_to(self.actor, document), "seen": document.version_count}
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
        version = self.document.versions.as_read(values["seen"])
        places = []
        for one in range(self.PLACES):
            said, line = values.get(f"said-{one}"), small_number(values.get(f"line-{one}") or "", 0)
            if said:
                quote = quote_of(version, line)
                places.append(Place(line if quote else 0, quote, said))
        return {
            "to": values["to"],
            "text": values["text"],
            "places": places,
            "seen": version.ordinal,
        }


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


class ApproveForm(StepForm):
    """Ký duyệt: where the number comes before the signature, also on what he signs."""

    medium = forms.ChoiceField(
        label=gettext_lazy("Ký bằng"),
        choices=[
            (Medium.ELECTRONIC.value, Medium.ELECTRONIC.label),
            (Medium.PAPER.value, Medium.PAPER.label),
        ],
        widget=forms.RadioSelect,
        initial=Medium.ELECTRONIC,
        required=False,
    )
    field_order: tuple[str, ...] = ("medium", "text")

    def prepare(self) -> None:
        super().prepare()
        if not self.document.numbers_first:
            del self.fields["medium"]
        elif rules.not_by_one_alone(self.document):
            fields: Any = self.fields
            fields["medium"].choices = [(Medium.PAPER.value, Medium.PAPER.label)]
            fields["medium"].initial = Medium.PAPER

    def arguments(self) -> dict[str, Any]:
        chosen = self.cleaned_data.get("medium")
        return {**super().arguments(), **({"medium": chosen} if chosen else {})}


class KeyForm(VerbForm):
    """Ký số: with which key, and its PIN, which is never kept."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    key = forms.ModelChoiceField(
        label=gettext_lazy("Chứng thư số"), queryset=SigningKey.objects.none(), empty_label=None
    )
    pin = forms.CharField(
        label=gettext_lazy("Mã PIN"),
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "text"}),
        max_length=LONGEST_PIN,
        strip=False,
    )
    empty: ClassVar[dict[str, Promise]] = {
        "key": gettext_lazy("Chưa có chứng thư số nào dùng được ở đây."),
        "pin": gettext_lazy("Nhập mã PIN của chứng thư số."),
    }
    field_order = ("key", "pin", "text")

    def prepare(self) -> None:
        keys = self.keys()
        fields: Any = self.fields
        fields["key"].queryset = keys
        self.initial = {"seen": self.document.version_count, "key": keys.first()}

    def keys(self) -> Any:
        """The keys that the installation can sign with."""
        raise NotImplementedError

    @property
    def signing(self) -> dict[str, Any]:
        """What the file is signed with."""
        return {"key": self.cleaned_data["key"], "pin": self.cleaned_data["pin"]}


class SignForm(KeyForm):
    """Ký số, with the signer's own key (Cần Thơ Điều 10.1a)."""

    def keys(self) -> Any:
        return SigningKey.objects.active().of(owner=self.actor.user).filter(back_end__in=OURS)

    def arguments(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["text"], "seen": self.cleaned_data["seen"] or 0}


class SealForm(KeyForm):
    """Ký số của cơ quan: the clerk, with the agency's key (Cần Thơ Điều 10.1b)."""

    def prepare(self) -> None:
        super().prepare()
        del self.fields["text"]

    def keys(self) -> Any:
        return issuing_body(self.document).seal_keys().filter(back_end__in=OURS)

    def arguments(self) -> dict[str, Any]:
        return {}


class ScanForm(VerbForm):
    """Đính kèm bản quét: of the paper that bears signature and stamp."""

    file = forms.FileField(label=gettext_lazy("Bản quét (PDF)"), required=False)

    def prepare(self) -> None:
        del self.fields["text"]

    def arguments(self) -> dict[str, Any]:
        return {}


class EmptyForm(VerbForm):
    """Nothing is asked."""

    def prepare(self) -> None:
        del self.fields["text"]

    def arguments(self) -> dict[str, Any]:
        return {}


class TakeOverForm(PlainForm):
    """Nhận ký thay: the sheet is made anew with his own block, which is shown first; a file that
    was made elsewhere is sent again with that block."""

    file = forms.FileField(label=gettext_lazy("Tệp PDF có phần ký trên"), required=False)
    field_order = ("file", "text")

    def prepare(self) -> None:
        self.fields["text"].label = _("Ghi chú")
        if not self.is_elsewhere:
            del self.fields["file"]

    @property
    def is_elsewhere(self) -> bool:
        """True for a draft that is a file made elsewhere."""
        document: OutgoingDocument = self.document
        return document.versions.get(ordinal=document.version_count).is_uploaded

    @property
    def block(self) -> list[str]:
        """The lines of the block, and the name; empty where he may not sign."""
        document: OutgoingDocument = self.document
        if self.actor.acting_for is None or document.signer is None:
            return []
        version = document.versions.get(ordinal=document.version_count)
        try:
            signer = paper_of(document, block_for(self.actor, document, version)).signer
        except Refusal:
            return []
        return [*signing_lines(signer), signer.full_name]


class CommentForm(VerbForm):
    """Cho ý kiến."""

    needs_text = True
    empty: ClassVar[dict[str, Promise]] = {"text": gettext_lazy("Ghi ý kiến.")}

    def arguments(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["text"]}


class VoidForm(CommentForm):
    """Hủy văn bản: why; the number stays taken."""

    empty: ClassVar[dict[str, Promise]] = {"text": gettext_lazy("Ghi lý do hủy.")}

    def prepare(self) -> None:
        self.fields["text"].label = _("Lý do hủy")


class GiveOpinionForm(asking.GiveOpinionForm):
    """Góp ý: agree, disagree or otherwise, with a file when there is more to say."""

    file = forms.FileField(label=gettext_lazy("Tệp góp ý (PDF)"), required=False)


class RecallForm(VerbForm):
    """Thu hồi: the reason, which every receiver is told."""

    needs_text = True
    empty: ClassVar[dict[str, Promise]] = {
        "text": gettext_lazy("Ghi lý do thu hồi: nơi nhận được báo lý do này.")
    }

    def prepare(self) -> None:
        self.fields["text"].label = _("Lý do thu hồi")

    def arguments(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["text"]}


class HolderField(forms.ModelChoiceField):
    """Somebody by name, with his post and where he works."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.user.full_name}, {obj.title}, {obj.unit.short_name or obj.unit.name}"


class HandOverForm(VerbForm):
    """Giao người khác soạn: who goes on with it."""

    empty: ClassVar[dict[str, Promise]] = {"to": gettext_lazy("Chọn người soạn tiếp.")}
    to = HolderField(label=gettext_lazy("Người soạn tiếp"), queryset=Appointment.objects.none())
    field_order = ("to", "text")

    def prepare(self) -> None:
        fields: Any = self.fields
        held = possible_drafters(self.document).select_related("user", "unit")
        fields["to"].queryset = held.order_by("user__name_key", "pk")

    def arguments(self) -> dict[str, Any]:
        return {"to": self.cleaned_data["to"], "text": self.cleaned_data["text"]}


FORMS: dict[str, type[VerbForm]] = {
    Verb.SUBMIT: PlainForm,
    Verb.APPROVE_CONTENT: StepForm,
    Verb.CHECK_FORMAT: StepForm,
    Verb.APPRAISE: StepForm,
    Verb.RELEASE: StepForm,
    Verb.CHECK_AGAIN: StepForm,
    Verb.APPROVE: ApproveForm,
    Verb.SIGN: SignForm,
    Verb.TAKE_OVER: TakeOverForm,
    Verb.NUMBER: EmptyForm,
    Verb.ATTACH_SCAN: ScanForm,
    Verb.SEAL: SealForm,
    Verb.VOID: VoidForm,
    Verb.NOTE_PAPER: NotePaperForm,
    Verb.SEND_BACK: SendBackForm,
    Verb.RECALL: RecallForm,
    Verb.WITHDRAW: PlainForm,
    Verb.ABANDON: PlainForm,
    Verb.RESUME: EmptyForm,
    Verb.HAND_OVER: HandOverForm,
    Verb.COMMENT: CommentForm,
    Verb.SHARE: working.ShareForm,
    Verb.ASK_OPINION: asking.AskOpinionForm,
    Verb.GIVE_OPINION: GiveOpinionForm,
    Verb.WITHDRAW_OPINION: asking.WithdrawOpinionForm,
}
