"""The registering form: the national fields as the clerk types them from the paper."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from core import clock
from core.forms import DayField, UnicodeForm, own_words
from core.text import clean
from documents.catalogue import field_number
from documents.choices import Priority
from documents.models import DocumentType
from incoming import rules
from incoming.actions import Annex, Entry, too_far_back
from incoming.choices import Channel, RefusalReason
from incoming.models import IncomingDocument

NO_GATE = "none"
NO_NUMBER = "không số"
DUE_YEARS = 5


class DueField(DayField):
    """A deadline: a year mistyped is told from one that is meant."""

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value and value > clock.today() + timedelta(days=366 * DUE_YEARS):
            raise ValidationError(
                _("Thời hạn xa hơn %(years)d năm; kiểm tra lại năm.") % {"years": DUE_YEARS}
            )


class LineField(forms.CharField):
    """One line of text, cleaned; a longer one says by how much. ``counted``: letters are counted.

    The browser gets no maxlength: it would cut what is pasted without a word.
    """

    def __init__(self, *, longest: int, counted: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off"}))
        super().__init__(**kwargs)
        self.longest = longest
        if counted:
            self.max_length = longest  # what the template shows; validate() says it better

    def to_python(self, value: Any) -> str:
        return clean(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        if (more := len(value) - self.longest) > 0:
            raise ValidationError(
                _("Dài %(length)d ký tự, quá %(more)d ký tự so với %(longest)d.")
                % {"length": len(value), "more": more, "longest": self.longest}
            )


class CountField(forms.IntegerField):
    """How many sheets or pages."""

    SAID = gettext_lazy("Gõ số từ 1 đến 9999.")

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        )
        super().__init__(min_value=1, max_value=9999, **kwargs)
        self.error_messages |= dict.fromkeys(("invalid", "min_value", "max_value"), self.SAID)


def scan_words(actor: Actor) -> str:
    """The rule about thick annexes and its article; "" where no regulation has one."""
    rule = rules.scan_rule(actor)
    if rule is None:
        return ""
    words = _("Từ %(pages)d trang trở lên thì chỉ quét văn bản chính") % {"pages": rule.value}
    return f"{words} ({rule.article})"


class OfficeForm(UnicodeForm):
    """A form of the office: what people type is Unicode (Kon Tum Điều 3.1; Bình Định Điều 7.3)."""

    actor: Actor

    @property
    def charset_article(self) -> str:  # type: ignore[override]
        """The article of the agency's regulation, where it has one."""
        charset = self.actor.agency.regulation.charset
        return charset.article if charset else ""


class EntryForm(OfficeForm):
    """The national fields of an incoming document (Kon Tum Điều 13.6; NĐ 30/2020 Phụ lục VI).

    ``numbers`` maps fields to their national numbers under the agency's regulation.
    """

    arrival_number = forms.CharField(
        label=gettext_lazy("Số đến"),
        required=False,
        disabled=True,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("khi lưu")}),
    )
    arrival_date = DayField(label=gettext_lazy("Ngày đến"))
    type_name = forms.ChoiceField(label=gettext_lazy("Tên loại văn bản"))
    priority = forms.TypedChoiceField(
        label=gettext_lazy("Mức độ khẩn"),
        choices=Priority.choices,
        coerce=int,
        required=False,
        empty_value=None,
    )
    organ_name = LineField(
        label=gettext_lazy("Cơ quan ban hành"),
        longest=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "issuers"}),
    )
    language = LineField(
        label=gettext_lazy("Ngôn ngữ"),
        longest=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "languages"}),
    )
    code_number = LineField(label=gettext_lazy("Số"), longest=11)
    code_notation = LineField(label=gettext_lazy("Ký hiệu"), longest=30)
    issued_date = DayField(label=gettext_lazy("Ngày văn bản"))
    subject = LineField(
        label=gettext_lazy("Trích yếu nội dung"),
        longest=500,
        counted=True,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    signer_position = LineField(label=gettext_lazy("Chức vụ người ký"), longest=100)
    signer_full_name = LineField(label=gettext_lazy("Họ và tên người ký"), longest=50)
    page_amount = forms.CharField(label=gettext_lazy("Số trang"), required=False, disabled=True)
    description = LineField(
        label=gettext_lazy("Ghi chú"), longest=500, counted=True, required=False
    )
    due_date = DueField(label=gettext_lazy("Thời hạn giải quyết"), required=False)
    channel = forms.ChoiceField(
        label=gettext_lazy("Hình thức đến"), choices=Channel.choices, required=False
    )

    def __init__(
        self,
        actor: Actor,
        data: Mapping[str, Any] | None = None,
        *,
        document: IncomingDocument | None = None,
        pages: int | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        self.actor, self.document = actor, document
        values: dict[str, Any] = {
            "arrival_date": clock.today(),
            "language": "Tiếng Việt",
            "priority": Priority.NORMAL,
            "channel": document.channel if document else Channel.PAPER,
            "page_amount": pages or "",
        }
        super().__init__(data, initial=values | (initial or {}))
        regulation = actor.agency.regulation
        numbering = regulation.value("field_numbering")
        self.numbers = {
            name: field_number(name, numbering) for name in self.fields if name in NATIONAL
        }
        own_words(self.fields)
        required = {*regulation.value("register_fields"), *ALWAYS}
        for name, field in self.fields.items():
            if isinstance(field, LineField | DayField) and name in NATIONAL:
                field.required = name in required
            field.error_messages["required"] = _("Chưa có %(field)s.") % {
                "field": str(field.label).lower()
            }
        if data is not None and "arrival_date" not in data:
            self.fields["arrival_date"].required = False
        self._offer_types()
        self._lead()

    def _offer_types(self) -> None:
        field = self.fields["type_name"]
        field.choices = [("", "—"), *_types(self.actor, self.document)]  # type: ignore[attr-defined]
        field.error_messages["invalid_choice"] = _("Chọn tên loại có trong danh sách.")

    def _lead(self) -> None:
        """The keyboard starts in the first empty field that must be filled."""
        if self.is_bound or (self.document and self.document.number):
            return
        for name, field in self.fields.items():
            if field.required and not self.get_initial_for_field(field, name):
                field.widget.attrs["autofocus"] = True
                return

    def clean_arrival_date(self) -> date:
        """The day of arrival: today when nothing is said."""
        day = self.cleaned_data["arrival_date"] or clock.today()
        if day > clock.today():
            raise ValidationError(_("Ngày đến không thể sau hôm nay."))
        if too_far_back(self.document, day):
            raise ValidationError(_("Ngày đến cách ngày tiếp nhận quá xa; kiểm tra lại năm."))
        return day

    def clean_code_number(self) -> str:
        """The number alone, or that the paper bears none."""
        number = self.cleaned_data["code_number"]
        if "/" in number:
            raise ValidationError(_("Chỉ gõ số; phần sau dấu “/” gõ vào ô Ký hiệu."))
        if number.lower() == NO_NUMBER:
            return NO_NUMBER
        if not all(one in "0123456789-" or one.isalpha() for one in number):
            raise ValidationError(
                _(
                    "Số của văn bản chỉ gồm chữ số 0-9, chữ cái và dấu nối; không có số thì gõ "
                    "“không số”."
                )
            )
        return number

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        issued, arrived = values.get("issued_date"), values.get("arrival_date")
        if issued and arrived and issued > arrived:
            self.add_error(
                "issued_date",
                _("Ngày văn bản không thể sau ngày đến %(day)s.") % {"day": f"{arrived:%d/%m/%Y}"},
            )
        due = values.get("due_date")
        if due and arrived and due < arrived:
            self.add_error(
                "due_date",
                _("Thời hạn không thể trước ngày đến %(day)s.") % {"day": f"{arrived:%d/%m/%Y}"},
            )
        if values.get("code_number") == NO_NUMBER:
            # A paper without a number bears no notation either.
            self.errors.pop("code_notation", None)
            values.setdefault("code_notation", "")
        return values

    def entry(self) -> Entry:
        """What the verb takes."""
        values = {
            name: value
            for name, value in self.cleaned_data.items()
            if name in Entry.__dataclass_fields__
        }
        values["priority"] = values["priority"] or Priority.NORMAL
        for name in ("channel", "language"):
            if name not in self.data:
                values[name] = self.initial[name]
        return Entry(**values)


NATIONAL = frozenset(EntryForm.base_fields) - {"channel"}
# The register is of no use without these, whatever the regulation names.
ALWAYS = ("arrival_date", "type_name", "issued_date", "organ_name", "subject")


class RegisterForm(EntryForm):
    """The entry behind the question that comes first: may it enter at all (Kon Tum Điều 4)?"""

    gate = forms.ChoiceField(
        label=gettext_lazy("Văn bản có thuộc diện không được đưa lên hệ thống?"),
        widget=forms.RadioSelect,
        required=False,
        initial=NO_GATE,
    )
    entry_token = forms.Field(widget=forms.HiddenInput, required=False)
    # What was not scanned and stays on paper (Kon Tum Điều 13.4).
    annex_pages = CountField(label=gettext_lazy("Số trang phụ lục không quét"), required=False)
    annex_name = LineField(label=gettext_lazy("Tên phụ lục"), longest=200, required=False)
    confirm_duplicate = forms.BooleanField(
        label=gettext_lazy("Đã đối chiếu, vẫn đăng ký văn bản này"), required=False
    )

    def __init__(self, actor: Actor, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(actor, data, **kwargs)
        self.fields["gate"].choices = [  # type: ignore[attr-defined]
            (NO_GATE, _("Không, được đăng ký")),
            *gate_choices(actor),
        ]
        self.fields["annex_pages"].help_text = scan_words(actor)
        self.fields["annex_pages"].error_messages["invalid"] = CountField.SAID
        document = kwargs.get("document")
        self.initial["entry_token"] = document.entry_token if document else uuid4()

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("annex_name") and not values.get("annex_pages"):
            self.errors.get("annex_pages") or self.add_error(
                "annex_pages", _("Ghi số trang của phụ lục.")
            )
        return values

    def annex(self) -> Annex | None:
        """The annex that stays on paper, if there is one."""
        pages = self.cleaned_data["annex_pages"]
        return Annex(pages, self.cleaned_data["annex_name"]) if pages else None


class CorrectForm(EntryForm):
    """The entry of a registered document, and why it is changed."""

    reason = LineField(label=gettext_lazy("Lý do sửa"), longest=500, counted=True)

    def __init__(
        self,
        actor: Actor,
        data: Mapping[str, Any] | None = None,
        *,
        document: IncomingDocument,
    ) -> None:
        written = {
            name: getattr(document, name)
            for name in EntryForm.base_fields
            if name not in ("arrival_date", "page_amount")
        }
        super().__init__(
            actor,
            data,
            document=document,
            pages=document.page_amount,
            initial={**written, "arrival_date": document.day},
        )


class RefuseForm(OfficeForm):
    """Why a document is not registered."""

    reason = forms.ChoiceField(label=gettext_lazy("Lý do"), widget=forms.RadioSelect)
    text = LineField(
        label=gettext_lazy("Ghi thêm"),
        longest=500,
        counted=True,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        actor: Actor,
        data: Mapping[str, Any] | None = None,
        *,
        initial: dict[str, Any] | None = None,
    ) -> None:
        self.actor = actor
        super().__init__(data, initial=initial)
        own_words(self.fields, reason=_("Chọn lý do từ chối."))
        self.fields["reason"].choices = [  # type: ignore[attr-defined]
            (_("Trả lại nơi gửi"), RefusalReason.choices),
            (_("Không được đưa lên hệ thống"), gate_choices(actor)),
        ]


def gate_choices(actor: Actor) -> list[tuple[str, str]]:
    """The forbidden kinds of the agency's regulation, each with its article."""
    regulation = actor.agency.regulation
    return [
        (
            code,
            format_html(
                '{} <span class="article">{}</span>',
                kind.value,
                kind.article.removesuffix(f" {regulation.decision.title}"),
            ),
        )
        for code, kind in regulation.gate.items()
    ]


def _types(actor: Actor, document: IncomingDocument | None) -> list[tuple[str, str]]:
    """Types in use, the national ones by their names in the reader's language.

    A document keeps a type that has gone out of use since.
    """
    names = list(
        DocumentType.objects.filter(
            Q(agency__isnull=True) | Q(agency=actor.agency), is_active=True
        ).values_list("type_name", flat=True)
    )
    if document and document.type_name and document.type_name not in names:
        names.append(document.type_name)
    return [(name, _(name)) for name in dict.fromkeys(names)]
