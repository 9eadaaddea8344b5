"""Forms of what a dossier or task adds: giving it out, coordinators who are proposed."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.choices import Role
from documents.actions.giving import Line
from documents.choices import AssignmentRole
from documents.forms import working
from documents.forms.lines import DueField, LinesForm, Target, Targets, VerbForm
from documents.models import Document
from documents.rules import my_assignment
from dossiers.choices import Verb
from dossiers.forms.fields import LineField
from dossiers.forms.issued import IssuedField
from dossiers.forms.showing import offer
from dossiers.models import Dossier
from dossiers.rules.work import answers, givers_of, gives_to, may_give_out


def reported_below(actor: Actor, dossier: Dossier) -> str:
    """What whoever leads it below the actor has reported: the first words of his own result."""
    mine = my_assignment(actor, dossier)
    results = [
        one.result
        for one in dossier.all_assignments
        if mine and one.parent_id == mine.pk and one.result
    ]
    return results[-1] if results else ""


def _offered(actor: Actor, targets: Targets) -> list[Target]:
    """Leaders and the chief give it to all units and people, a head to his own unit's."""
    if actor.holds(Role.LEADER, Role.OFFICE_CHIEF):
        return targets.units + targets.people()
    below = [one for one in targets.units if one.unit.parent_id == actor.unit.pk]
    return below + targets.people({actor.unit.pk, *(one.unit.pk for one in below)}, myself=True)


def _offered_by(givers: Sequence[Actor], targets: Targets) -> list[Target]:
    """Whom one of them may give it to; those of the widest first, as he has them."""
    each = [_offered(one, targets) for one in givers]
    widest = max(each, key=len)
    return list({target.key: target for found in (widest, *each) for target in found}.values())


class GiveOutForm(LinesForm):
    """Giao việc: who leads, who helps, who should know; once it is led, who else helps."""

    def prepare(self) -> None:
        self.leads = not self.document.is_led
        super().prepare()
        offer(self, self.actor, self.document)

    def arguments(self) -> dict[str, Any]:
        shown = self.cleaned_data.get("documents", ())
        return super().arguments() | {"documents": shown}

    def offered(self) -> list[Target]:
        givers = givers_of(self.actor, self.document) or [self.actor]
        return _offered_by(givers, self.targets)


class OpeningForm(LinesForm):
    """Whom it is given to in the step that opens it; a task is always given to somebody.

    ``givers``: the reader himself, if he gives work out, and for whom he stands in; offered are all
    whom one of them may give it to.
    """

    helpers = 1  # below a form that is long already

    def __init__(
        self,
        givers: Sequence[Actor],
        data: Any = None,
        *,
        is_task: bool = False,
        source: Document | None = None,
    ) -> None:
        self.givers, self.is_task, self.source = givers, is_task, source
        super().__init__(givers[0], None, data)

    def prepare(self) -> None:
        super().prepare()
        del self.fields["text"]  # the form above it has the words
        offer(self, self.actor, None, self.source)

    def offered(self) -> list[Target]:
        return _offered_by(self.givers, self.targets)

    @property
    def giver(self) -> Actor:
        """As whom these lines are given: himself where he may, else the first who may."""
        units = [line.unit for line in self.lines()]
        # Where none of them may the verb says so.
        return next((one for one in self.givers if gives_to(one, units)), self.givers[0])

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if (self.is_task and not values.get("who-0")) or (
            not values.get("who-0")
            and any(values.get(f"who-{place}") for place in self.places if place)
        ):
            self.add_error("who-0", _("Chọn đơn vị hoặc người chủ trì."))
        return values


class AssignForm(working.AssignForm):
    """Giao việc: to his people, or "trực tiếp xử lý" (Bắc Giang Điều 6.2)."""

    def prepare(self) -> None:
        super().prepare()
        offer(self, self.actor, self.document)

    def offered(self) -> list[Target]:
        return self.targets.people({self.actor.unit.pk}, myself=True)

    def arguments(self) -> dict[str, Any]:
        shown = self.cleaned_data.get("documents", ())
        return super().arguments() | {"documents": shown}


class TakeBackForm(working.TakeBackForm):
    """Thu hồi phần việc."""

    gives_out = may_give_out


class FinishForm(VerbForm):
    """Kết thúc: one's own part, with its result; who leads attaches what was issued."""

    issued = IssuedField()
    field_order = ("issued", "text")

    def prepare(self) -> None:
        self.fields["text"].label = _("Kết quả giải quyết")
        self.initial = {"text": reported_below(self.actor, self.document)}
        mine = my_assignment(self.actor, self.document)
        if self.document.is_task or mine is None or mine.role != AssignmentRole.LEAD:
            del self.fields["issued"]
            return
        issued: Any = self.fields["issued"]
        issued.offer(self.actor, self.document)
        self.initial["issued"] = self.document.issued_id
        self.fields["text"].label = _("Kết quả giải quyết, ý kiến đề xuất")

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if not values.get("issued") and not values.get("text") and "text" not in self.errors:
            self.add_error("text", _("Ghi kết quả giải quyết trước khi kết thúc."))
        return values

    def arguments(self) -> dict[str, Any]:
        return {
            "issued": self.cleaned_data.get("issued"),
            "text": self.cleaned_data["text"],
        }


class ShareForm(working.ShareForm):
    """Thông báo: a change of who sees it, so it wants a tick (NĐ 30/2020 Phụ lục VI)."""

    confirmed = forms.BooleanField(
        label=gettext_lazy("Xác nhận: những nơi, người đã chọn được xem"), required=False
    )

    def prepare(self) -> None:
        super().prepare()
        self.order_fields(("people", "text", "confirmed"))

    def arguments(self) -> dict[str, Any]:
        return super().arguments() | {"confirmed": self.cleaned_data["confirmed"]}


class ProposeCoordinatorsForm(VerbForm):
    """Đề xuất phối hợp: whom, why, what they would do until when."""

    needs_text = True
    empty: ClassVar[dict[str, Promise]] = {
        "people": gettext_lazy("Chọn đơn vị hoặc người phối hợp."),
        "text": gettext_lazy("Ghi lý do đề xuất phối hợp."),
    }
    people = forms.MultipleChoiceField(
        label=gettext_lazy("Đơn vị, người phối hợp"), widget=forms.CheckboxSelectMultiple
    )
    directive = LineField(label=gettext_lazy("Nội dung phối hợp"), longest=1000, required=False)
    day = DueField(label=gettext_lazy("Thời hạn phối hợp"), required=False)
    field_order = ("people", "directive", "day", "text")

    def prepare(self) -> None:
        self.fields["text"].label = _("Lý do đề xuất")
        asked = {
            (one.unit_id, one.person_id)
            for one in self.document.all_assignments
            if one.is_open and one.role != AssignmentRole.INFORM
        } | {(row.unit_id, row.person_id) for row in self.document.open_proposals}
        offered = [
            one
            for one in self.targets.units + self.targets.people()
            if (one.unit.pk, one.person.pk if one.person else None) not in asked
        ]
        self.found = {target.key: target for target in offered}
        choices: Any = self.fields["people"]
        choices.choices = self.targets.named(offered)

    def arguments(self) -> dict[str, Any]:
        values = self.cleaned_data
        chosen = [self.found[key] for key in values["people"]]
        role, words, day = AssignmentRole.COORDINATE, values["directive"], values["day"]
        return {
            "lines": [Line(role, one.unit, one.person, words, day) for one in chosen],
            "text": values["text"],
        }


class AnswerProposalForm(VerbForm):
    """Trả lời đề xuất phối hợp: yes, or no with the reason."""

    empty: ClassVar[dict[str, Promise]] = {
        "proposal": gettext_lazy("Chọn đề xuất phối hợp để trả lời."),
        "answer": gettext_lazy("Chọn đồng ý hay không."),
    }
    proposal = forms.ChoiceField(label=gettext_lazy("Đề xuất"))
    answer = forms.ChoiceField(
        label=gettext_lazy("Trả lời"),
        choices=[("yes", gettext_lazy("Đồng ý")), ("no", gettext_lazy("Không đồng ý"))],
        widget=forms.RadioSelect,
    )
    field_order = ("proposal", "answer", "text")

    def prepare(self) -> None:
        self.fields["text"].label = _("Ý kiến")
        self.fields["text"].help_text = _("Không đồng ý thì ghi lý do.")
        rows = [row for row in self.document.open_proposals if answers(self.actor, row)]
        self.found = {str(row.pk): row for row in rows}
        choices: Any = self.fields["proposal"]
        choices.choices = [
            (
                key,
                _("%(who)s phối hợp với %(lead)s")
                % {"who": row.person or row.unit, "lead": row.proposed_by.user}
                + (f": {row.directive}" if row.directive else ""),
            )
            for key, row in self.found.items()
        ]
        self.initial = {"answer": "yes"}

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("answer") == "no" and not values.get("text"):
            self.add_error("text", _("Ghi lý do không phối hợp."))
        return values

    def arguments(self) -> dict[str, Any]:
        values = self.cleaned_data
        return {
            "proposal": self.found[values["proposal"]],
            "agree": values["answer"] == "yes",
            "text": values["text"],
        }


FORMS: dict[Verb, type[VerbForm]] = {
    Verb.GIVE_OUT: GiveOutForm,
    Verb.ASSIGN: AssignForm,
    Verb.TAKE_BACK: TakeBackForm,
    Verb.PROPOSE_COORDINATORS: ProposeCoordinatorsForm,
    Verb.ANSWER_PROPOSAL: AnswerProposalForm,
    Verb.FINISH: FinishForm,
    Verb.SHARE: ShareForm,
}
