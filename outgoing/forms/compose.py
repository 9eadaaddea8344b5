"""The composer: everything that stands on the sheet, and what is said of it beside."""

from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import Q
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.models import Appointment, Unit
from core import clock
from core.forms import DayField, WordsField, own_words
from core.text import clean
from documents import gate
from documents.choices import Priority
from documents.forms.lines import DueField, OfficeForm
from documents.models import DocumentType
from outgoing import notations
from outgoing.actions.drafting import SIGNING_ROLES, Plan
from outgoing.choices import Authority, Circulation, State
from outgoing.content import AnnexText, Content, content_of
from outgoing.models import DraftVersion, IssuingBody, OutgoingDocument
from outgoing.paper import Form, form_of

LONGEST_BODY = 1_500_000
MOST_ANNEXES = 20
TOO_LONG = gettext_lazy("Dài quá %(limit_value)d ký tự, bớt đi.")
# The numbers of TT 01/2019 Phụ lục V; NĐ 30/2020 counts one less.
NUMBERS_TT01 = {
    "type_name": "4",
    "code_notation": "6",
    "subject": "9",
    "language": "10",
    "description": "12",
    "signer_full_name": "13.2",
    "signer_position": "13.1",
    "priority": "15",
    "due_date": "17",
}
NUMBERS_ND30 = {
    "type_name": "3",
    "code_notation": "5",
    "subject": "8",
    "language": "9",
    "description": "11",
    "signer_full_name": "12.2",
    "signer_position": "12.1",
    "priority": "14",
    "due_date": "16",
}


class BodyField(WordsField):
    """The text as typed: rows that were pasted from a spreadsheet become rows of a table."""

    def __init__(self, *, rows: int = 3, longest: int = 20_000, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows, "spellcheck": "true"}))
        # The browser gets no maxlength: it would cut what is pasted.
        super().__init__(max_length=None, **kwargs)
        self.validators.append(MaxLengthValidator(longest, TOO_LONG))

    def to_python(self, value: Any) -> str:
        return clean(_rows(value or ""), lines=True)


def _rows(text: str) -> str:
    if "\t" not in text:
        return text
    return "\n".join(
        "| " + " | ".join(cell.strip().replace("|", "/") for cell in line.split("\t")) + " |"
        if "\t" in line.strip()
        else line
        for line in text.replace("\r\n", "\n").split("\n")
    )


class LineField(forms.CharField):
    """One line of text, cleaned."""

    def __init__(self, *, longest: int, counted: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators.append(MaxLengthValidator(longest, TOO_LONG))
        if counted:
            self.max_length = longest
        self.widget.attrs["autocomplete"] = "off"

    def to_python(self, value: Any) -> str:
        return clean(super().to_python(value) or "")


class SignerField(forms.ModelChoiceField):
    """Somebody who may sign documents of the agency."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.user.full_name}, {obj.title}"


class ComposeForm(OfficeForm):
    """Every component of the sheet (NĐ 30/2020 Phụ lục I); a form of the text alone for templates.

    ``document`` is None for a new draft.
    """

    empty: ClassVar[dict[str, Promise]] = {
        "type_name": gettext_lazy("Chọn tên loại văn bản."),
        "subject": gettext_lazy("Ghi trích yếu nội dung."),
        "gate": gettext_lazy("Trả lời văn bản có thuộc loại không được đưa lên hệ thống không."),
    }

    type_name = forms.ChoiceField(label=gettext_lazy("Tên loại văn bản"))
    subject = LineField(label=gettext_lazy("Trích yếu nội dung"), longest=500, counted=True)
    priority = forms.TypedChoiceField(
        label=gettext_lazy("Mức độ khẩn"), choices=Priority.choices, coerce=int, initial=0
    )
    deliver_at = LineField(
        label=gettext_lazy("Giờ hẹn (hỏa tốc hẹn giờ)"), longest=40, required=False
    )
    due_date = DayField(label=gettext_lazy("Hạn trả lời văn bản"), required=False)
    draft_due_date = DueField(label=gettext_lazy("Thời hạn soạn thảo"), required=False)
    language = LineField(
        label=gettext_lazy("Ngôn ngữ"), longest=30, initial="Tiếng Việt", required=False
    )
    description = LineField(label=gettext_lazy("Ghi chú"), longest=500, required=False)
    is_internal = forms.BooleanField(label=gettext_lazy("Văn bản nội bộ"), required=False)
    # One that is there no longer gives way to the first.
    body_key = forms.IntegerField(
        label=gettext_lazy("Ban hành với tư cách"), widget=forms.Select, required=False
    )
    code_notation = LineField(
        label=gettext_lazy("Ký hiệu"),
        longest=30,
        required=False,
        help_text=gettext_lazy("Trống: hệ thống ghép theo loại và đơn vị."),
    )
    place = LineField(label=gettext_lazy("Địa danh"), longest=60, required=False)
    addressees = BodyField(label=gettext_lazy("Kính gửi"), rows=2, longest=4000, required=False)
    grounds = BodyField(label=gettext_lazy("Căn cứ"), rows=3, longest=8000, required=False)
    body = BodyField(label=gettext_lazy("Nội dung"), rows=22, longest=LONGEST_BODY, required=False)
    recipients = BodyField(label=gettext_lazy("Nơi nhận"), rows=5, longest=4000, required=False)
    signer = SignerField(
        label=gettext_lazy("Người ký"), queryset=Appointment.objects.none(), required=False
    )
    authority = forms.ChoiceField(
        label=gettext_lazy("Quyền hạn ký"), choices=Authority.choices, required=False
    )
    on_behalf_of = LineField(label=gettext_lazy("Thay mặt, ký thay"), longest=200, required=False)
    deputy_for = LineField(
        label=gettext_lazy("Cấp trưởng được ký thay"), longest=100, required=False
    )
    signer_position = LineField(
        label=gettext_lazy("Chức vụ của người ký"), longest=100, required=False
    )
    signer_full_name = LineField(
        label=gettext_lazy("Họ và tên người ký"), longest=50, required=False
    )
    signer_other_post = LineField(
        label=gettext_lazy("Chức vụ khác của người ký"), longest=100, required=False
    )
    secretary_position = LineField(
        label=gettext_lazy("Chức vụ người ký thứ hai"), longest=100, required=False
    )
    secretary_full_name = LineField(
        label=gettext_lazy("Người ký thứ hai"), longest=50, required=False
    )
    circulation = forms.ChoiceField(
        label=gettext_lazy("Phạm vi lưu hành"), choices=Circulation.choices, required=False
    )
    drafter_mark = LineField(
        label=gettext_lazy("Ký hiệu người soạn thảo, số bản"), longest=40, required=False
    )
    note = LineField(label=gettext_lazy("Sửa những gì"), longest=500, required=False)
    drops_file = forms.BooleanField(
        label=gettext_lazy("Dùng chữ soạn ở đây thay cho tệp đã đính kèm"), required=False
    )
    base = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=0)
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    gate = forms.ChoiceField(
        label=gettext_lazy("Văn bản này có thuộc loại không được đưa lên hệ thống không"),
        widget=forms.RadioSelect,
    )

    def __init__(
        self,
        actor: Actor,
        document: OutgoingDocument | None = None,
        data: Any = None,
        *,
        only_text: bool = False,
        **kwargs: Any,
    ) -> None:
        self.actor, self.document = actor, document
        initial = {"token": uuid4(), **kwargs.pop("initial", {})}
        super().__init__(data, initial=initial, **kwargs)
        self._choices()
        self._count = self._annexes_wanted(data, initial)
        for place in range(self._count):
            self._add_annex(place)
        if document is not None or only_text:
            del self.fields["gate"]
        if self._newest is None or not self._newest.is_uploaded:
            del self.fields["drops_file"]
        if document is not None and document.state != State.DRAFTING:
            # Once it is on its way, these are settled: saving takes the text alone.
            for name in ("signer", "draft_due_date", "is_internal"):
                del self.fields[name]
        if only_text:
            for name in ("signer", "draft_due_date", "is_internal", "note", "due_date"):
                del self.fields[name]
        own_words(self.fields, **self.empty)
        wanted = actor.agency.regulation.draft_fields
        # What the regulation wants of the drafter (Cần Thơ Điều 9.2b) is asked for at once.
        if wanted and "language" in wanted.value:
            self.fields["language"].required = True

    def _choices(self) -> None:
        fields: Any = self.fields
        types = list(self.types)
        fields["type_name"].choices = [("", "---------"), *((one, _(one)) for one in types)]
        bodies = list(self.bodies)
        fields["body_key"].widget.choices = [(one.pk, _called(one)) for one in bodies]
        held = (
            Appointment.objects.in_force(clock.today())
            .filter(unit__agency=self.actor.agency, role__in=SIGNING_ROLES)
            .select_related("user", "unit")
        )
        fields["signer"].queryset = held.order_by("unit__ordinal", "pk")
        fields["signer"].empty_label = _("Chọn khi trình")
        found = self.actor.agency.regulation.gate
        fields["gate"].choices = [
            (gate.NOT_FORBIDDEN, _("Không thuộc loại nào")),
            *(
                [(gate.CLEARED, _("Văn bản giải quyết đơn thư đã được cho công bố công khai"))]
                if gate.may_clear(self.actor.agency.regulation)
                else []
            ),
            *((code, one.value) for code, one in found.items()),
        ]

    @cached_property
    def types(self) -> list[str]:
        """Names of the types that the agency uses."""
        rows = DocumentType.objects.filter(is_active=True)
        return [
            one.type_name
            for one in rows.order_by("ordinal", "type_name")
            if one.agency_id in (None, self.actor.agency.pk)
        ]

    @cached_property
    def _newest(self) -> DraftVersion | None:
        return self.document.versions.latest("ordinal") if self.document is not None else None

    @cached_property
    def bodies(self) -> list[IssuingBody]:
        """In whose name the agency issues; what was begun in another's name keeps it."""
        kept = content_of(self._newest).body_key if self._newest else 0
        rows = IssuingBody.objects.filter(agency=self.actor.agency)
        return list(rows.filter(Q(is_active=True) | Q(pk=kept)))

    @property
    def numbers(self) -> dict[str, str]:
        """National field numbers, as the agency's regulation counts."""
        tt01 = self.actor.agency.regulation.field_numbering.value == "tt01"
        return NUMBERS_TT01 if tt01 else NUMBERS_ND30

    # --- Annexes: as many as there are, and one more when asked for.

    def _annexes_wanted(self, data: Any, initial: dict[str, Any]) -> int:
        if data is None:
            return min(len(initial.get("annexes", ())), MOST_ANNEXES)
        typed = data.get("annexes", "0")
        count = int(typed) if str(typed).isdecimal() and len(str(typed)) < 3 else 0
        return min(count + ("more" in data), MOST_ANNEXES)

    def _add_annex(self, place: int) -> None:
        given = self.initial.get("annexes", ())
        first = given[place] if place < len(given) else AnnexText(heading="")
        text = BodyField(rows=8, longest=LONGEST_BODY, required=False)
        for name, label, field in (
            ("heading", gettext_lazy("Đề mục"), LineField(longest=60, required=False)),
            ("title", gettext_lazy("Tên phụ lục"), LineField(longest=500, required=False)),
            ("body", gettext_lazy("Nội dung"), text),
            ("issued_with", gettext_lazy("Ban hành kèm theo"), forms.BooleanField(required=False)),
            ("landscape", gettext_lazy("Khổ ngang"), forms.BooleanField(required=False)),
        ):  # fmt: skip
            field.label, field.initial = label, getattr(first, name)
            self.fields[f"annex-{place}-{name}"] = field

    @property
    def annexes(self) -> list[dict[str, Any]]:
        """The fields of each annex, for the page."""
        names = ("heading", "title", "body", "issued_with", "landscape")
        return [
            {name: self[f"annex-{place}-{name}"] for name in names} for place in range(self._count)
        ]

    @property
    def annex_count(self) -> int:
        """How many annexes the form shows."""
        return self._count

    # --- What was typed.

    @property
    def has_paper(self) -> bool:
        """True when what was typed makes a sheet, whatever else is still to be answered."""
        missing = set(self.errors) - {"gate"}
        return self.is_bound and not missing

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("priority") == Priority.FLASH_TIMED and not values.get("deliver_at"):
            self.add_error("deliver_at", _("Ghi giờ, ngày hẹn của hỏa tốc hẹn giờ."))
        return values

    def content(self) -> Content:
        """The text, with what the system adds where nothing was typed."""
        values = self.cleaned_data
        signer: Appointment | None = values.get("signer")
        reply = values.get("due_date")
        given = {
            name: values.get(name) or ""
            for name in (
                "type_name", "subject", "deliver_at", "language", "description", "place",
                "addressees", "grounds", "body", "recipients", "authority", "on_behalf_of",
                "deputy_for", "signer_position", "signer_full_name", "signer_other_post",
                "secretary_position",
                "secretary_full_name", "circulation", "drafter_mark",
            )
        }  # fmt: skip
        if signer is not None:
            # Another signer than the one whose name is typed: name and post are his from now on.
            name = signer.user.full_name[:50]
            if given["signer_full_name"] != name or not given["signer_position"]:
                given["signer_position"] = signer.title.upper()[:100]
            given["signer_full_name"] = name
        body = self._body(values.get("body_key") or 0)
        notation = self._notation(values.get("code_notation") or "", given["type_name"], body)
        return Content(
            **given,
            priority=values.get("priority") or 0,
            reply_due_date=reply.isoformat() if reply else "",
            body_key=body.pk if body else 0,
            code_notation=notation,
            annexes=tuple(self._typed_annexes()),
        )

    def _typed_annexes(self) -> list[AnnexText]:
        found = []
        for place in range(self._count):
            one: dict[str, Any] = {
                name: self.cleaned_data.get(f"annex-{place}-{name}") or default
                for name, default in (
                    ("heading", ""), ("title", ""), ("body", ""),
                    ("issued_with", False), ("landscape", False),
                )
            }  # fmt: skip
            if one["title"] or one["body"] or one["heading"]:
                found.append(AnnexText(**one))
        return found

    def _body(self, key: int) -> IssuingBody | None:
        offered = (one for one in self.bodies if one.is_active)
        return next((one for one in self.bodies if one.pk == key), next(offered, None))

    def _notation(self, typed: str, type_name: str, body: IssuingBody | None) -> str:
        """Ký hiệu where none was typed; that of another body of the office follows the chosen one.

        Another that does not fit is left, and refused on the way.
        """
        others = [one for one in self.bodies if one is not body]
        if typed and body and not notations.follows(typed, type_name, body):
            if notations.is_of_another(typed, type_name, others):
                return notations.mended(typed, type_name, body, others)
            return typed
        if typed:
            return typed
        organ = body.abbreviation if body else ""
        drafter = self.document.drafter.unit if self.document else self.actor.unit
        return notation_of(type_name, organ, drafter)

    def plan(self) -> Plan:
        """Signer, deadline, and whether it stays inside."""
        return Plan(
            signer=self.cleaned_data["signer"],
            due_date=self.cleaned_data["draft_due_date"],
            is_internal=self.cleaned_data["is_internal"],
        )


def _called(body: IssuingBody) -> str:
    if body.is_active:
        return body.name
    return _("%(name)s (không còn dùng)") % {"name": body.name}


def notation_of(type_name: str, organ: str, unit: Unit) -> str:
    """ "QĐ-UBND", or of a letter "UBND-VX" (NĐ 30/2020 Phụ lục I, mục II.3)."""
    if not organ or not type_name:
        return ""
    if form_of(type_name) == Form.LETTER:
        return f"{organ}-{unit.short_name}"[:30] if unit.short_name else organ
    found = DocumentType.objects.filter(type_name=type_name).exclude(abbreviation="").first()
    return f"{found.abbreviation}-{organ}"[:30] if found else organ


def first_recipients(type_name: str, unit: Unit) -> str:
    """Nơi nhận to begin with: its last line keeps a copy (NĐ 30/2020 Phụ lục I, mục II.9)."""
    last = f"Lưu: VT, {unit.short_name}" if unit.short_name else "Lưu: VT"
    return f"Như trên\n{last}" if form_of(type_name) == Form.LETTER else last


def of_content(content: Content) -> dict[str, Any]:
    """What the form begins with for a text."""
    data = {name: getattr(content, name) for name in Content.__dataclass_fields__}
    data["due_date"] = content.reply_day
    return data
