"""What is asked about documents that may not be here: purging one, noting one on paper."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from core import clock
from core.forms import DayField, own_words
from documents.forms.lines import OfficeForm
from dossiers.filing import dossiers_of
from incoming.forms.entry import LineField, gate_choices
from incoming.models import IncomingDocument


class PurgeForm(OfficeForm):
    """Gỡ văn bản: which forbidden kind it is, and the decision that says so."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Văn bản thuộc loại không được đưa lên hệ thống"),
        widget=forms.RadioSelect,
    )
    decision_number = LineField(label=gettext_lazy("Số quyết định"), longest=60)
    decision_date = DayField(label=gettext_lazy("Ngày quyết định"))
    understood = forms.BooleanField(
        label=gettext_lazy(
            "Tệp, dữ liệu văn bản, lịch sử sửa và lời trong các bước xử lý bị xóa hẳn, không lấy "
            "lại được. Số đến và diễn biến (ai, việc gì, lúc nào) giữ lại"
        )
    )

    def __init__(self, actor: Actor, document: IncomingDocument, data: Any = None) -> None:
        self.actor, self.document = actor, document
        super().__init__(data, auto_id="do-%s")
        own_words(
            self.fields,
            reason=_("Chọn loại văn bản không được đưa lên hệ thống."),
            decision_number=_("Chưa có số quyết định."),
            decision_date=_("Chưa có ngày quyết định."),
            understood=_("Đánh dấu ô này rồi mới gỡ được."),
        )
        self.fields["reason"].choices = gate_choices(actor)  # type: ignore[attr-defined]
        # Their titles may say in other words what is taken out here.
        self.held_by = [str(one.subject) for one in dossiers_of(actor, document)]

    def clean_decision_date(self) -> Any:
        """The day of the decision: not to come."""
        day = self.cleaned_data["decision_date"]
        if day > clock.today():
            raise ValidationError(_("Ngày quyết định không thể sau hôm nay."))
        return day

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments of the action."""
        names = ("reason", "decision_number", "decision_date")
        return {name: self.cleaned_data[name] for name in names}


class PaperForm(OfficeForm):
    """A line of the paper register: kind, number, day; nothing else may be typed."""

    kind = forms.ChoiceField(label=gettext_lazy("Loại"))
    number = forms.IntegerField(
        label=gettext_lazy("Số trong sổ giấy"),
        min_value=1,
        max_value=99_999,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    day = DayField(label=gettext_lazy("Ngày vào sổ giấy"))

    def __init__(self, actor: Actor, data: Mapping[str, Any] | None = None, kind: str = "") -> None:
        self.actor = actor
        super().__init__(data, initial={"kind": kind, "day": clock.today()})
        own_words(self.fields, number=_("Chưa có số trong sổ giấy."), kind=_("Chọn loại văn bản."))
        number = self.fields["number"]
        for code in ("invalid", "min_value", "max_value"):
            number.error_messages[code] = _("Chỉ gõ số, từ 1 đến 99999.")
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (code, one.value) for code, one in actor.agency.regulation.gate.items()
        ]
