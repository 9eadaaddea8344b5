"""What people type about a paper; checked for shape only."""

from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.choices import Role
from core.forms import own_words
from documents.forms.lines import OfficeForm, Targets, WordsField
from incoming.actions import Annex
from incoming.choices import PaperPart
from incoming.forms.entry import CountField, LineField, scan_words
from incoming.models import Paper
from incoming.papers import handed


def count_words(fields: dict[str, forms.Field]) -> None:
    """What a count says of itself, after the general words of the house."""
    for field in fields.values():
        if isinstance(field, CountField):
            field.error_messages["invalid"] = CountField.SAID


class PaperForm(OfficeForm):
    """The form of a verb on a paper; ``arguments`` are what its action takes after the paper."""

    text = WordsField(
        label=gettext_lazy("Ghi chú"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
    )
    needs_text = False
    empty: ClassVar[dict[str, Promise]] = {}

    def __init__(self, actor: Actor, paper: Paper, data: Any = None, files: Any = None) -> None:
        self.actor, self.paper = actor, paper
        super().__init__(data, files, auto_id="do-%s")
        self.fields["text"].required = self.needs_text
        self.prepare()
        own_words(self.fields, **self.empty)
        count_words(self.fields)

    def prepare(self) -> None:
        """Fill choices and first values."""

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments of the action."""
        return {"text": self.cleaned_data["text"]}


class TakeOverForm(PaperForm):
    """Ký nhận, nhận lại, giữ lại."""


class SignForm(PaperForm):
    """A clerk records who signed the printed slip."""

    empty: ClassVar[dict[str, Promise]] = {"signed_by": gettext_lazy("Chọn người đã ký nhận.")}
    signed_by = forms.TypedChoiceField(
        label=gettext_lazy("Người đã ký nhận trên phiếu"), coerce=int
    )
    field_order = ("signed_by", "text")

    def prepare(self) -> None:
        held = Targets(self.actor).held
        to = self.paper
        self.people = {
            one.user.pk: one.user
            for one in held
            if one.user.pk == to.to_person_id
            or (to.to_person_id is None and one.unit.pk == to.to_unit_id)
        }
        self.fields["signed_by"].choices = [  # type: ignore[attr-defined]
            (pk, person.full_name) for pk, person in self.people.items()
        ]

    def arguments(self) -> dict[str, Any]:
        return super().arguments() | {"signed_by": self.people[self.cleaned_data["signed_by"]]}


class HandOverForm(PaperForm):
    """Giao bản giấy: to whom, how many sheets; clerks may record a signature on the slip."""

    empty: ClassVar[dict[str, Promise]] = {
        "who": gettext_lazy("Chọn người hoặc đơn vị nhận."),
        "sheets": gettext_lazy("Đếm và ghi số tờ giao."),
    }
    who = forms.ChoiceField(label=gettext_lazy("Giao cho"))
    sheets = CountField(label=gettext_lazy("Số tờ"))
    signed = forms.BooleanField(
        label=gettext_lazy("Người nhận đã ký nhận trên phiếu giấy"), required=False
    )
    field_order = ("who", "sheets", "text", "signed")

    def prepare(self) -> None:
        targets = Targets(self.actor)
        units = targets.units
        people = [one for one in targets.people() if one.person.pk != self.paper.holder_id]  # type: ignore[union-attr]
        self.found = {one.key: one for one in (*units, *people)}
        titles = targets.titles()
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            (_("Đơn vị"), [(one.key, one.unit.name) for one in units]),
            (
                _("Người"),
                [
                    (
                        one.key,
                        f"{one.person.full_name}, {titles.get((one.person.pk, one.unit.pk), '')}",  # type: ignore[union-attr]
                    )
                    for one in people
                ],
            ),
        ]
        self.initial["sheets"] = self.paper.sheets
        if lead := self._lead():
            self.initial["who"] = lead
        if not self.actor.holds(Role.CLERK):
            del self.fields["signed"]

    def _lead(self) -> str:
        """Whoever leads the work gets the paper (Kon Tum Điều 13.3, 13.4)."""
        for one in self.paper.document.all_assignments:
            if one.is_open and one.role == "lead" and one.parent_id is None:
                key = f"p{one.person_id}.{one.unit_id}" if one.person_id else f"u{one.unit_id}"
                return key if key in self.found else ""
        return ""

    def arguments(self) -> dict[str, Any]:
        target = self.found[self.cleaned_data["who"]]
        return super().arguments() | {
            "unit": target.unit,
            "person": target.person,
            "sheets": self.cleaned_data["sheets"],
            "signed": bool(self.cleaned_data.get("signed")),
        }


class ReturnForm(PaperForm):
    """Trả bản giấy."""


class LostForm(PaperForm):
    """Báo mất bản giấy."""

    needs_text = True
    empty: ClassVar[dict[str, Promise]] = {
        "text": gettext_lazy("Ghi rõ bản giấy mất thế nào, đã tìm ở đâu.")
    }

    def prepare(self) -> None:
        self.fields["text"].label = _("Mất thế nào, đã tìm ở đâu")


class AttachForm(PaperForm):
    """Đính kèm phiếu giao nhận đã ký: of which step, and its scan."""

    empty: ClassVar[dict[str, Promise]] = {
        "move": gettext_lazy("Chọn lần giao nhận có phiếu này."),
        "slip": gettext_lazy("Chọn tệp quét của phiếu đã ký."),
    }
    move = forms.TypedChoiceField(label=gettext_lazy("Lần giao nhận"), coerce=int)
    slip = forms.FileField(
        label=gettext_lazy("Bản quét phiếu đã ký"),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.tif,.tiff"}),
        help_text=gettext_lazy("PDF, JPEG, PNG hoặc TIFF."),
        allow_empty_file=True,  # the inspection says what is wrong with it
    )
    not_forbidden = forms.BooleanField(
        label=gettext_lazy("Đã xem: tệp không thuộc loại không được đưa lên hệ thống"),
        required=False,
    )
    looked = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
    field_order = ("move", "slip", "not_forbidden", "looked", "text")

    def prepare(self) -> None:
        self.fields["move"].choices = handed(self.paper)  # type: ignore[attr-defined]
        if not self.actor.agency.regulation.gate:
            del self.fields["not_forbidden"], self.fields["looked"]

    def ask(self, look: str) -> None:
        """Ask about what was found: the tick is for this file and these marks, and not yet set."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data.pop("not_forbidden", None)
        data["looked"] = look
        self.data = data

    def arguments(self) -> dict[str, Any]:
        moves = self.paper.moves.select_related("act")
        return super().arguments() | {
            "move": moves.get(pk=self.cleaned_data["move"]),
            "slip": self.cleaned_data["slip"],
            "answered": self.cleaned_data["looked"]
            if self.cleaned_data.get("not_forbidden")
            else None,
        }


class KeepForm(OfficeForm):
    """Theo dõi bản giấy: the original, or an annex that is not scanned."""

    part = forms.ChoiceField(
        label=gettext_lazy("Theo dõi"),
        choices=PaperPart.choices,
        initial=PaperPart.ORIGINAL,
        widget=forms.RadioSelect,
    )
    sheets = CountField(label=gettext_lazy("Số tờ"), required=False)
    annex_pages = CountField(label=gettext_lazy("Số trang phụ lục không quét"), required=False)
    annex_name = LineField(label=gettext_lazy("Tên phụ lục"), longest=200, required=False)

    def __init__(self, actor: Actor, data: Any = None, *, has_original: bool = False) -> None:
        self.actor = actor
        super().__init__(data)
        if has_original:
            self.fields["part"].choices = [  # type: ignore[attr-defined]
                (PaperPart.ANNEX.value, PaperPart.ANNEX.label)
            ]
            self.initial["part"] = PaperPart.ANNEX
        self.fields["annex_pages"].help_text = scan_words(actor)
        own_words(self.fields)
        count_words(self.fields)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        annex = values.get("part") == PaperPart.ANNEX
        if annex and not values.get("annex_pages") and "annex_pages" not in self.errors:
            self.add_error("annex_pages", _("Ghi số trang của phụ lục."))
        return values

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments of the action."""
        values = self.cleaned_data
        if values["part"] == PaperPart.ANNEX:
            annex = Annex(values["annex_pages"], values["annex_name"])
            return {"annex": annex, "sheets": values["sheets"]}
        return {"sheets": values["sheets"]}


FORMS: dict[str, type[PaperForm]] = {
    "take_over": TakeOverForm,
    "sign": SignForm,
    "hand_over": HandOverForm,
    "return_paper": ReturnForm,
    "report_lost": LostForm,
    "attach_slip": AttachForm,
}
