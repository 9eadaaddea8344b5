"""To whom a document goes: chosen in the directory, typed as lines; resent, noted, recalled."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.models import DirectoryEntry
from core import clock
from core.forms import DayField, own_words
from core.text import clean, small_number
from documents.forms.lines import OfficeForm
from outgoing import recipients, rules
from outgoing.choices import DeliveryCode
from outgoing.models import Delivery, OutgoingDocument
from outgoing.recipients import MOST, MOST_COPIES, WORDS, Recipient, ways_of

LONGEST = 200_000  # letters of all typed lines


@dataclass(frozen=True)
class Choice:
    """A receiver of the directory as a line of the form."""

    entry: DirectoryEntry
    ways: list[tuple[str, str]]
    way: str
    copies: int
    is_chosen: bool


class IssueForm(OfficeForm):
    """Phát hành: receivers from the directory with a way each, and typed lines for others."""

    lines = forms.CharField(
        label=gettext_lazy("Nơi nhận khác"),
        help_text=gettext_lazy("Mỗi dòng một nơi: tên | cách gửi | địa chỉ | số bản"),
        required=False,
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(
        self,
        actor: Actor,
        document: OutgoingDocument,
        data: Mapping[str, Any] | None = None,
        *,
        offered: Iterable[DirectoryEntry] = (),
    ) -> None:
        self.actor, self.document = actor, document
        self.query: Any = data
        super().__init__(data)
        own_words(self.fields)
        keys = _keys(data.getlist("entry")) if data is not None else []  # type: ignore[attr-defined]
        entries = DirectoryEntry.objects.active().filter(pk__in=keys)
        entries = entries.select_related("agency__parent")
        self.entries = list(entries.order_by("organ_name", "pk"))
        self.offered = [one for one in offered if one.agency_id != document.agency_id]
        if data is None:
            # What the printed lines name is ticked; the clerk looks at it.
            self.entries, self.offered = self.offered, []

    @property
    def choices(self) -> list[Choice]:
        """Those that were chosen, then those that a search has found."""
        chosen = {one.pk for one in self.entries}
        others = [one for one in self.offered if one.pk not in chosen]
        return [
            *(self._choice(one, True) for one in self.entries),
            *(self._choice(one, False) for one in others),
        ]

    def _choice(self, entry: DirectoryEntry, is_chosen: bool) -> Choice:
        ways = self._open_ways(entry)
        way, copies = self._typed(entry)
        if way and way not in ways:
            ways = [*ways, way]  # refused; what was chosen stays on the page
        return Choice(
            entry, [(one, str(WORDS[one])) for one in ways], way or ways[0], copies, is_chosen
        )

    def _open_ways(self, entry: DirectoryEntry) -> list[str]:
        """The ways that the regulation leaves open; all where it leaves none, so that it says why.

        Sơn La Điều 3.3, Cần Thơ Điều 3.3 (no paper), Bình Định Điều 9.2 (with whom one exchanges).
        """
        ways = ways_of(entry)
        found = [
            way
            for way in ways
            if all(
                rules.may_send_to(self.document, one) is None
                for one in recipients.to_entry(entry, way)
            )
        ]
        return found or ways

    def _typed(self, entry: DirectoryEntry) -> tuple[str, int]:
        if self.query is None:
            return "", 1
        way = self.query.get(f"way-{entry.pk}", "")
        copies = small_number(self.query.get(f"copies-{entry.pk}", ""), 1)
        return (way if way in ways_of(entry) else ""), min(max(copies, 1), MOST_COPIES)

    def clean_lines(self) -> list[Recipient]:
        """The receivers that were typed."""
        return recipients.to_lines(recipients.read_lines(self.cleaned_data["lines"]))

    def typed(self) -> list[str]:
        """Names and addresses of typed lines; those of the directory are nobody's words."""
        lines: list[Recipient] = self.cleaned_data["lines"]
        return [words for one in lines for words in (one.organ_name, one.address)]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if len(self.entries) > MOST:
            raise ValidationError(_("Một văn bản gửi nhiều nhất %(most)d nơi.") % {"most": MOST})
        found: list[Recipient] = []
        for one in self.entries:
            way, copies = self._typed(one)
            found += recipients.to_entry(one, way or self._open_ways(one)[0], copies=copies)
        values["recipients"] = [*found, *(values.get("lines") or [])]
        if not values["recipients"] and not self.errors and not self.document.is_internal:
            raise ValidationError(_("Chọn ít nhất một nơi nhận."))
        return values


def _keys(typed: Iterable[str]) -> list[int]:
    keys = [int(one) for one in typed if one.isdecimal() and len(one) < 18]
    return list(dict.fromkeys(keys))[: MOST + 1]


class DeliveriesForm(OfficeForm):
    """Which deliveries of a document are meant."""

    def __init__(
        self, actor: Actor, document: OutgoingDocument, data: Mapping[str, Any] | None = None
    ) -> None:
        self.actor, self.document, self.query = actor, document, data
        super().__init__(data)
        own_words(self.fields)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        typed = self.query.getlist("delivery") if self.query is not None else []  # type: ignore[attr-defined]
        rows = Delivery.objects.filter(document=self.document.pk, pk__in=_keys(typed))
        values["deliveries"] = list(rows.values_list("pk", flat=True))
        if not values["deliveries"]:
            raise ValidationError(_("Chọn ít nhất một nơi nhận."))
        return values


class ResendForm(DeliveriesForm):
    """Gửi lại."""

    text = forms.CharField(label=gettext_lazy("Ghi chú"), required=False, max_length=500)

    def clean_text(self) -> str:
        return clean(self.cleaned_data["text"])


class NoteAnswerForm(DeliveriesForm):
    """Ghi nhận trả lời thu hồi: what was answered, and how."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Nơi nhận trả lời"),
        choices=[
            (one.value, one.label)
            for one in (DeliveryCode.RECALL_AGREED, DeliveryCode.RECALL_REFUSED)
        ],
    )
    text = forms.CharField(label=gettext_lazy("Trả lời thế nào"), required=False, max_length=500)

    def clean_text(self) -> str:
        return clean(self.cleaned_data["text"])


class NoteSentForm(DeliveriesForm):
    """Ghi nhận đã gửi bản giấy: on which day."""

    day = DayField(label=gettext_lazy("Ngày gửi"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"day": clock.today()}
