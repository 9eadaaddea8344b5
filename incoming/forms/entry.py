"""The registering form: the national fields as the clerk types them from the paper."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.models import Appointment, Unit
from core import clock
from core.forms import DayField, own_words
from core.text import clean, small_number
from documents.actions.at_hand import newest_ordinal
from documents.catalogue import field_number
from documents.choices import Priority
from documents.forms.lines import DueField, OfficeForm, Targets
from documents.gate import CLEARED, NOT_FORBIDDEN, may_clear
from documents.models import DocumentType
from incoming import rules
from incoming.actions import DIRECTORS, Annex, Checked, Entry, too_far_back
from incoming.actions.exchanging import TOLD
from incoming.actions.registering import NO_NUMBER
from incoming.choices import TYPED_CHANNELS, Channel
from incoming.models import IncomingDocument

FORWARDING = ("forward_to", "forward_by", "forward_text")


class LineField(forms.CharField):
    """One line of text, cleaned; a longer one says by how much. ``counted``: letters are counted;
    ``suggested``: the id of the list that the browser offers.

    The browser gets no maxlength: it would cut what is pasted without a word.
    """

    def __init__(
        self, *, longest: int, counted: bool = False, suggested: str = "", **kwargs: Any
    ) -> None:
        attrs = {"autocomplete": "off"} | ({"list": suggested} if suggested else {})
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
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
    code_notation = LineField(label=gettext_lazy("Ký hiệu"), longest=30, suggested="notations")
    issued_date = DayField(label=gettext_lazy("Ngày văn bản"))
    subject = LineField(
        label=gettext_lazy("Trích yếu nội dung"),
        longest=500,
        counted=True,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    signer_position = LineField(
        label=gettext_lazy("Chức vụ người ký"), longest=100, suggested="positions"
    )
    signer_full_name = LineField(
        label=gettext_lazy("Họ và tên người ký"), longest=50, suggested="signers"
    )
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
            # What lies in the tray came on the day that it was received, not on that of typing.
            "arrival_date": document.day if document else clock.today(),
            "language": "Tiếng Việt",
            "priority": Priority.NORMAL,
            "channel": document.channel if document else Channel.PAPER,
            "page_amount": pages or "",
        }
        exchanged = document is not None and document.channel == Channel.EXCHANGE
        if exchanged and document is not None:
            values |= _told(document)
        super().__init__(_apart(data), initial=values | (initial or {}))
        channels: Any = self.fields["channel"]
        channels.choices = (
            [(Channel.EXCHANGE.value, Channel.EXCHANGE.label)] if exchanged else TYPED_CHANNELS
        )
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

    def lead_nowhere(self) -> None:
        """The keyboard starts in no field: there is something to be seen first."""
        for field in self.fields.values():
            field.widget.attrs.pop("autofocus", None)

    def clean_arrival_date(self) -> date:
        """The day of arrival: that of receiving when nothing is said."""
        day = self.cleaned_data["arrival_date"] or self.initial["arrival_date"]
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


def _apart(data: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Số and ký hiệu typed or pasted in one, "4127/UBND-HTKT", each in its field.

    Only where nothing stands in the field of the notation, or the same: nothing is typed over.
    """
    number = str((data or {}).get("code_number", ""))
    before, slash, behind = (part.strip() for part in number.partition("/"))
    if data is None or not (before and slash and behind):
        return data
    if clean(str(data.get("code_notation", ""))) not in ("", clean(behind)):
        return data
    parted: Any = data.copy()  # type: ignore[attr-defined]
    parted["code_number"], parted["code_notation"] = before, behind
    return parted


NATIONAL = frozenset(EntryForm.base_fields) - {"channel"}
# The register is of no use without these, whatever the regulation names.
ALWAYS = ("arrival_date", "type_name", "issued_date", "organ_name", "subject")


class RegisterForm(EntryForm):
    """The entry behind the question that comes first: may it enter at all (Kon Tum Điều 4)?

    Where a file bears the mark of a forbidden kind nothing is answered beforehand: see ``ask``.
    """

    gate = forms.ChoiceField(
        label=gettext_lazy("Văn bản có thuộc diện không được đưa lên hệ thống?"),
        widget=forms.RadioSelect,
        required=False,
        initial=NOT_FORBIDDEN,
    )
    # The article by which the clerk sends on; "" where he does not.
    forwarding = ""
    clearance = LineField(
        label=gettext_lazy("Ý kiến cho công bố công khai: của ai, số, ngày"),
        longest=300,
        required=False,
    )
    # The marks that were on the page when the question was answered.
    marks_seen = forms.CharField(widget=forms.HiddenInput, required=False)
    entry_token = forms.Field(widget=forms.HiddenInput, required=False)
    # What was not scanned and stays on paper (Kon Tum Điều 13.4).
    annex_pages = CountField(label=gettext_lazy("Số trang phụ lục không quét"), required=False)
    annex_name = LineField(label=gettext_lazy("Tên phụ lục"), longest=200, required=False)
    confirm_duplicate = forms.BooleanField(
        label=gettext_lazy("Đã đối chiếu, vẫn đăng ký văn bản này"), required=False
    )
    confirm_unsigned = forms.BooleanField(
        label=gettext_lazy("Đã biết chưa ký số, vẫn đăng ký văn bản này"), required=False
    )
    confirm_annexes = forms.BooleanField(
        label=gettext_lazy("Đã đối chiếu phụ lục, vẫn đăng ký văn bản này"), required=False
    )

    # Only where the regulation lets the clerk send on by a written direction (Kon Tum Điều 13.6).
    forward_to = forms.ModelChoiceField(
        label=gettext_lazy("Chuyển đến"),
        empty_label="—",
        queryset=Unit.objects.none(),
        required=False,
    )
    forward_by = forms.ModelChoiceField(
        label=gettext_lazy("Theo ý kiến của"),
        empty_label="—",
        queryset=Appointment.objects.none(),
        required=False,
    )
    forward_text = LineField(
        label=gettext_lazy("Ý kiến chỉ đạo ghi trên văn bản"), longest=500, required=False
    )

    def __init__(self, actor: Actor, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(actor, data, **kwargs)
        self._offer_forwarding(data)
        choices = [(NOT_FORBIDDEN, _("Không, được đăng ký")), *gate_choices(actor)]
        if may_clear(actor.agency.regulation):
            words = _("Văn bản giải quyết đơn thư đã được cho công bố công khai, được đăng ký")
            choices.insert(1, (CLEARED, words))
        else:
            del self.fields["clearance"]
        self.fields["gate"].choices = choices  # type: ignore[attr-defined]
        self.fields["annex_pages"].help_text = scan_words(self.actor)
        self.fields["annex_pages"].error_messages["invalid"] = CountField.SAID
        document = kwargs.get("document")
        self.initial["entry_token"] = document.entry_token if document else uuid4()

    def _offer_forwarding(self, data: Mapping[str, Any] | None) -> None:
        provision = self.actor.agency.regulation.clerk_forwards
        if provision is None or self.actor.agency.is_member:
            for name in FORWARDING:
                del self.fields[name]
            return
        self.forwarding = provision.article
        wanted = data is not None and data.get("then") == "forward"
        words = (_("Chọn nơi xử lý."), _("Chọn người có ý kiến."), _("Gõ ý kiến chỉ đạo."))
        for name, sentence in zip(FORWARDING, words, strict=True):
            self.fields[name].required = wanted
            self.fields[name].error_messages["required"] = sentence
        to, by = self.fields["forward_to"], self.fields["forward_by"]
        offered = [one.unit.pk for one in Targets(self.actor).units]
        to.queryset = Unit.objects.filter(pk__in=offered)  # type: ignore[attr-defined]
        by.queryset = (  # type: ignore[attr-defined]
            Appointment.objects.in_force(clock.today())
            .filter(unit__agency=self.actor.agency, role__in=DIRECTORS)
            .select_related("user", "unit")
        )
        to.label_from_instance = lambda unit: unit.name  # type: ignore[attr-defined]
        by.label_from_instance = (  # type: ignore[attr-defined]
            lambda held: f"{held.user.full_name}, {held.title}"
        )

    def ask(self, marks: Sequence[str]) -> None:
        """Ask about these marks: the answer is left open until they have been seen."""
        if set(marks) <= self.marks():
            return
        self.initial.update(gate=None, marks_seen=" ".join(marks))
        if self.is_bound:
            data: Any = self.data.copy()  # type: ignore[attr-defined]
            data.pop("gate", None)
            data["marks_seen"] = " ".join(marks)
            self.data = data

    def marks(self) -> frozenset[str]:
        """The marks that have been answered for."""
        if self.data.get("gate") not in (NOT_FORBIDDEN, CLEARED):
            return frozenset()
        return frozenset(self.data.get("marks_seen", "").split())

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("gate") == CLEARED and not values.get("clearance"):
            self.add_error("clearance", _("Ghi ý kiến cho công bố: của ai, số, ngày."))
        if values.get("annex_name") and not values.get("annex_pages"):
            self.errors.get("annex_pages") or self.add_error(
                "annex_pages", _("Ghi số trang của phụ lục.")
            )
        return values

    def checked(
        self,
        twins: Sequence[Mapping[str, Any]],
        *,
        unsigned: bool,
        annexes: Sequence[str] = (),
    ) -> Checked:
        """What was decided on the page, for the verb."""
        is_cleared = self.cleaned_data.get("gate") == CLEARED
        return Checked(
            marks=self.marks(),
            clearance=self.cleaned_data.get("clearance", "") if is_cleared else "",
            twins=twins,
            unsigned=unsigned,
            annexes=annexes,
        )

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
        # How long the trail is now; a form that is shown again has been read with what came since.
        self.version = newest_ordinal(document)

    def typed(self) -> list[str]:
        """What is written anew, and why: what stands in the book was asked about when it came."""
        values = [self.cleaned_data.get(name) for name in self.changed_data]
        return [one for one in values if isinstance(one, str)]

    @property
    def seen(self) -> int:
        """How long the trail was when the form was drawn that was sent; 0: it does not say."""
        return small_number(self.data.get("seen", ""), 0)


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


def _told(document: IncomingDocument) -> dict[str, Any]:
    """What the sender of an exchanged document says of it; the clerk looks at it and saves."""
    return {name: value for name in TOLD if (value := getattr(document, name)) not in ("", None)}


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
