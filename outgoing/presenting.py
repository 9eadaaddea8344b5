"""A draft as its page shows it: its verbs, its trail, its data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from accounts.actor import Actor, Rule
from core import clock
from core.errors import NotYours, Refusal, Stale
from documents import asked
from documents import rules as work
from documents.calendar import office_calendar
from documents.choices import Stance
from documents.models import DocumentAct
from outgoing import rules
from outgoing.choices import (
    ON_THE_WAY,
    OPEN,
    PASSING,
    TO_ISSUE,
    State,
    Verb,
)
from outgoing.content import Content
from outgoing.models import DraftVersion, IssuedFile, OutgoingDocument
from outgoing.sending import NEXT_MORNING, is_late
from signatures.choices import Copy
from signatures.models import SigningKey

# While there is something to be done with it, what may not be done says why.
OPEN_MORE = (*OPEN, *TO_ISSUE)
# In the order of the buttons; the first that may be done now is the page's one primary button.
VERBS: tuple[tuple[Verb, Rule], ...] = (
    (Verb.TAKE_OVER, rules.may_take_over),
    (Verb.SIGN, rules.may_sign),
    *((PASSING[state], rule) for state, rule in rules.OF_STEP.items()),
    (Verb.NUMBER, rules.may_number),
    (Verb.ATTACH_SCAN, rules.may_attach_scan),
    (Verb.SEAL, rules.may_seal),
    (Verb.ISSUE, rules.may_issue),
    (Verb.NOTE_PAPER, rules.may_note_paper),
    (Verb.GIVE_OPINION, work.may_give_opinion),
    (Verb.SUBMIT, rules.may_submit),
    (Verb.SAVE, rules.may_edit),
    (Verb.SEND_BACK, rules.may_send_back),
    (Verb.ASK_OPINION, rules.may_ask_opinion),
    (Verb.WITHDRAW_OPINION, work.may_withdraw_opinion),
    (Verb.COMMENT, rules.may_comment),
    (Verb.SHARE, rules.may_share),
    (Verb.WITHDRAW, rules.may_withdraw),
    (Verb.ABANDON, rules.may_abandon),
    (Verb.RESUME, rules.may_resume),
    (Verb.HAND_OVER, rules.may_hand_over),
    (Verb.VOID, rules.may_void),
    (Verb.RECALL, rules.may_recall),
    (Verb.COPY, rules.may_copy),
)
# Of what may not be done now, only these say why.
_EXPLAINED = frozenset(
    {Verb.SUBMIT, Verb.TAKE_OVER, Verb.APPROVE, Verb.SIGN, Verb.NUMBER, Verb.SEAL}
)
# One of these is what is asked next; the others are only allowed as well.
_FIRST = frozenset(
    {
        *PASSING.values(),
        *(Verb.TAKE_OVER, Verb.SIGN, Verb.NUMBER, Verb.ATTACH_SCAN, Verb.SEAL, Verb.ISSUE),
        *(Verb.NOTE_PAPER, Verb.GIVE_OPINION, Verb.SUBMIT),
    }
)
# Saving stands in the list of versions.
QUIET = (Verb.SAVE, Verb.READ, Verb.WRITE_NUMBER)

_TRAIL = {
    Verb.SUBMIT: pgettext_lazy("trail", "trình"),
    Verb.APPROVE_CONTENT: pgettext_lazy("trail", "duyệt nội dung, chuyển"),
    Verb.CHECK_FORMAT: pgettext_lazy("trail", "kiểm tra thể thức, chuyển"),
    Verb.APPRAISE: pgettext_lazy("trail", "thẩm định, trình"),
    Verb.RELEASE: pgettext_lazy("trail", "đồng ý phát hành, chuyển"),
    Verb.CHECK_AGAIN: pgettext_lazy("trail", "kiểm tra lại, trình ký"),
    Verb.APPROVE: pgettext_lazy("trail", "ký duyệt, báo"),
    Verb.SIGN: pgettext_lazy("trail", "ký số, báo"),
    Verb.ATTACH_SCAN: pgettext_lazy("trail", "đính kèm bản quét từ bản giấy đã ký"),
    Verb.SEAL: pgettext_lazy("trail", "ký số của cơ quan"),
    Verb.ISSUE: pgettext_lazy("trail", "phát hành, báo"),
    Verb.RECALL: pgettext_lazy("trail", "thu hồi, báo"),
    Verb.ORIGINAL_RECALLED: pgettext_lazy("trail", "thu hồi bản gốc, báo"),
    Verb.SEND_BACK: pgettext_lazy("trail", "chuyển trả"),
    Verb.WITHDRAW: pgettext_lazy("trail", "rút dự thảo, báo"),
    Verb.REMARK: pgettext_lazy("trail", "góp ý vào văn bản, báo"),
    Verb.SETTLE: pgettext_lazy("trail", "đã tiếp thu góp ý của"),
    Verb.COMMENT: pgettext_lazy("trail", "cho ý kiến"),
    Verb.SHARE: pgettext_lazy("trail", "thông báo đến"),
    Verb.ASK_OPINION: pgettext_lazy("trail", "xin ý kiến của"),
    Verb.WITHDRAW_OPINION: pgettext_lazy("trail", "thôi xin ý kiến của"),
}
TELLING = frozenset(
    str(verb.value)
    for verb in (
        Verb.SUBMIT, Verb.APPROVE_CONTENT, Verb.CHECK_FORMAT, Verb.APPRAISE, Verb.RELEASE,
        Verb.CHECK_AGAIN, Verb.APPROVE, Verb.SEND_BACK, Verb.GIVE_OPINION, Verb.COMMENT,
        Verb.SIGN, Verb.NUMBER, Verb.SEAL, Verb.VOID,
    )
)  # fmt: skip


@dataclass(frozen=True)
class VerbButton:
    """A verb on the page: pressed, or dashed with its reason."""

    verb: Verb
    label: str
    url: str
    refusal: Refusal | None
    is_primary: bool
    on_behalf: str = ""

    @property
    def why_id(self) -> str:
        """What ties the reason to the button."""
        return f"why-{self.verb.value}"


def verb_buttons(actor: Actor, document: OutgoingDocument) -> list[VerbButton]:
    """The verbs of this person on this draft that its state allows; the others are absent."""
    buttons, primary = [], False
    for verb, rule in VERBS:
        refusal, acting = rule.answer(actor, document)
        if isinstance(refusal, NotYours) or (refusal and verb not in _EXPLAINED):
            continue
        if refusal is not None and (isinstance(refusal, Stale) or document.state not in OPEN_MORE):
            continue
        if refusal is not None and verb == Verb.SUBMIT and document.state != State.DRAFTING:
            continue
        if verb == Verb.SIGN and not _has_key(actor):
            continue  # without a certificate he approves, and signs the paper
        first = refusal is None and not primary and verb in _FIRST
        primary = primary or first
        behalf = acting.principal.full_name if acting.acting_for else ""
        buttons.append(
            VerbButton(
                verb, label_of(verb, document), url_of(verb, document), refusal, first, behalf
            )
        )
    return buttons


def _has_key(actor: Actor) -> bool:
    """Whether he has a certificate to sign with, wherever its key is."""
    return SigningKey.objects.active().of(owner=actor.user).exists()


def label_of(verb: Verb, document: OutgoingDocument) -> str:
    """The words on the button."""
    if verb == Verb.SAVE:
        return _("Sửa văn bản")
    if verb == Verb.SUBMIT and document.returned_at:
        return _("Trình lại")
    return str(verb.label)


def url_of(verb: Verb, document: OutgoingDocument) -> str:
    """Where a verb is done."""
    if verb == Verb.SAVE:
        return reverse("outgoing:compose", args=[document.agency.slug, document.pk])
    if verb == Verb.COPY:
        return reverse("outgoing:copy", args=[document.agency.slug, document.pk])
    if verb == Verb.ISSUE:
        return reverse("outgoing:issue", args=[document.agency.slug, document.pk])
    return reverse("outgoing:verb", args=[document.agency.slug, document.pk, verb.value])


def verb_words(act: DocumentAct) -> str:
    """What was done, as the trail says it."""
    if act.verb not in Verb.values:
        return act.verb
    verb, version = Verb(act.verb), act.detail.get("version", "")
    match verb:
        case Verb.DRAFT:
            return _("khởi tạo dự thảo")
        case Verb.SAVE:
            return _("lưu bản %(number)s") % {"number": version}
        case Verb.SUBMIT:
            return _("trình bản %(number)s đến") % {"number": version}
        case Verb.TAKE_OVER:
            return _("nhận ký thay, in lại thành bản %(number)s (%(base)s → %(scan)s), báo") % {
                "number": version,
                "base": act.detail["base"][:12],
                "scan": act.detail["scan"][:12],
            }
        case Verb.SIGN | Verb.APPROVE if act.detail.get("for"):
            words = {"what": _TRAIL[verb], "name": act.detail["for"]}
            if act.detail.get("decision"):
                words["decision"] = act.detail["decision"]
                return _("thay %(name)s theo văn bản ủy quyền %(decision)s, %(what)s") % words
            return _("thay %(name)s theo ủy quyền trên hệ thống, %(what)s") % words
        case Verb.NOTE_PAPER:
            return _("ghi nhận bản giấy ký ngày %(day)s, báo") % {"day": act.detail["day"]}
        case Verb.NUMBER:
            words = {"code": act.detail.get("code", ""), "day": act.detail.get("day", "")}
            others = set(act.addressed.get("users", [])) - {act.actor_id}
            if not others and not act.addressed.get("groups"):  # the clerk's own copy
                return _("cấp số %(code)s, ngày %(day)s") % words
            return _("cấp số %(code)s, ngày %(day)s, báo") % words
        case Verb.RENEW:
            said = _("gia hạn chữ ký bằng dấu thời gian (%(base)s → %(scan)s)")
            return said % {name: act.detail[name][:12] for name in ("base", "scan")}
        case Verb.VOID:
            return (
                _("hủy văn bản số %(code)s, báo") % {"code": act.detail["code"]}
                if act.detail.get("code")
                else _("hủy, báo")
            )
        case Verb.COPY:
            return _copy_words(act)
        case Verb.ABANDON:
            return _("bỏ dự thảo")
        case Verb.RESUME:
            return _("soạn lại dự thảo")
        case Verb.LOOK_INTO:
            return _("mở dự thảo của người đã thôi giữ chức vụ")
        case Verb.HAND_OVER:
            said = _("giao dự thảo của %(name)s, đã thôi giữ chức vụ, cho")
            return said % {"name": act.detail["name"]}
    if said := asked.act_words(act):
        return said
    return str(_TRAIL.get(verb) or str(verb.label).lower())


def _copy_words(act: DocumentAct) -> str:
    """Of the copy: what it is; of its original: that it was copied."""
    kind = str(Copy(act.detail["kind"]).label).lower()
    if act.detail.get("part"):
        kind = f"{kind} {act.detail['part']}"
    elif act.detail.get("pages"):
        kind = _("%(kind)s trang %(pages)s") % {"kind": kind, "pages": act.detail["pages"]}
    return f"{str(Verb.COPY.label).lower()}: {kind}"


def due(document: OutgoingDocument) -> dict[str, Any]:
    """The day by which it should be ready, later issued, for parts/due.html."""
    calendar, today = office_calendar(), clock.today()
    if document.state in TO_ISSUE and (until := document.issue_until):
        last = timezone.localtime(until).date()
        return {
            "label": _("Phát hành trước %(time)s") % {"time": f"{timezone.localtime(until):%H:%M}"}
            if document.agency.regulation.send_by.value == NEXT_MORNING
            else _("Phát hành chậm nhất"),
            "date": last,
            "distance": calendar.distance(today, last),
            "late": is_late(clock.now(), until),
            "today": last == today,
        }
    running, day = document.state in OPEN, document.due_date
    return {
        "label": _("Hạn"),
        "date": day,
        "distance": calendar.distance(today, day) if running else "",
        "late": running and calendar.is_late(today, day),
        "today": running and day is not None and calendar.closing_day(day) == today,
    }


def status_kind(document: OutgoingDocument) -> str:
    """The ring of parts/status.html."""
    if document.state == State.DRAFTING:
        return "back" if document.returned_at else "new"
    if document.state in (*ON_THE_WAY, *TO_ISSUE):
        return "review"
    return "done" if document.state == State.ISSUED else "back"


@dataclass(frozen=True)
class Annex:
    """A file of an annex: where it is, and its report once the agency has signed it."""

    name: str
    pages: int
    size: int
    url: str
    report_url: str = ""


def annexes(
    document: OutgoingDocument, version: DraftVersion, signed: Mapping[int, IssuedFile]
) -> list[Annex]:
    """The annexes in files of their own; one of ``signed``, by part, takes the place of its own."""
    slug, pk = document.agency.slug, document.pk
    found = []
    for row in version.annex_files.select_related("file"):
        made = signed.get(row.part)
        url = (
            reverse("outgoing:issued_file", args=[slug, pk, made.pk])
            if made
            else reverse("outgoing:annex_file", args=[slug, pk, version.ordinal, row.part])
        )
        report = reverse("outgoing:signature_report", args=[slug, pk, made.pk]) if made else ""
        size, pages = row.file.size, row.file.page_count
        found.append(Annex(row.file_name, pages, size, url, report))
    return found


@dataclass(frozen=True)
class DataLine:
    """One national field with its number."""

    label: str
    number: str
    value: str
    is_wide: bool = False


def data(document: OutgoingDocument, content: Content, numbers: dict[str, str]) -> list[DataLine]:
    """The drafter's fields under their national numbers; empty ones are left out."""
    reply, issued = document.reply_due_date, document.issued_date
    signer = ", ".join(one for one in (document.signer_full_name, document.signer_position) if one)
    rows = (
        ("type_name", _("Tên loại văn bản"), _(document.type_name), False),
        ("code_number", _("Số, ký hiệu"), document.code if document.numbered_at else "", False),
        (
            "code_notation",
            _("Ký hiệu"),
            "" if document.numbered_at else document.code_notation,
            False,
        ),
        ("issued_date", _("Ngày văn bản"), f"{issued:%d/%m/%Y}" if issued else "", False),
        ("priority", _("Mức độ khẩn"), document.get_priority_display(), False),
        ("language", _("Ngôn ngữ"), document.language, False),
        ("signer_full_name", _("Người ký"), signer, True),
        ("due_date", _("Hạn trả lời văn bản"), f"{reply:%d/%m/%Y}" if reply else "", False),
        ("description", _("Ghi chú"), document.description, True),
    )
    lines: list[DataLine] = []
    if document.is_copy:
        form = document.get_copy_kind_display()
        if document.copied_part:
            form = f"{form} {document.copied_part}"
        elif document.copied_pages:
            words = {"kind": form, "pages": document.copied_pages}
            form = _("%(kind)s trang %(pages)s") % words
        lines.append(DataLine(_("Hình thức sao"), "", form))
    lines += [
        DataLine(label, numbers.get(name, ""), value, wide)
        for name, label, value, wide in rows
        if value
    ]
    if document.page_amount:
        lines.append(DataLine(_("Số trang của văn bản"), "", str(document.page_amount)))
    if document.is_internal:
        lines.append(DataLine(_("Phạm vi gửi"), "", _("Văn bản nội bộ")))
    if content.circulation:
        lines.append(DataLine(_("Phạm vi lưu hành"), "", content.circulation))
    return lines


def stance_counts(document: OutgoingDocument) -> dict[str, int]:
    """How many agree, disagree, think otherwise, have not answered."""
    rows = list(
        document.opinions.filter(withdrawn_at__isnull=True).values_list("stance", flat=True)
    )
    return {
        **{str(one.label): rows.count(one.value) for one in Stance if rows.count(one.value)},
        **({_("Chưa trả lời"): rows.count("")} if rows.count("") else {}),
    }
