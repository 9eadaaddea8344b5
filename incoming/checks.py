"""Whether a paper may be received as it is: one panel for the registering form and the page.

Complete, signed, scanned well, not here already (Bắc Giang Điều 5.1; Cần Thơ Điều 5.1). Findings
are shown, never refused: the clerk decides, and what he decides stands on the trail.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actor import Actor
from accounts.regulation import Regulation
from documents.annexes import missing
from documents.catalogue import field_label
from documents.choices import Part
from documents.gate import Sign, pages_unread, signs
from documents.models import Attachment, QuarantinedFile
from incoming import twins as alike
from incoming.actions import Entry
from incoming.choices import Channel
from incoming.forms.entry import RegisterForm
from incoming.models import IncomingDocument
from incoming.presenting import annex_words
from incoming.twins import Twin
from signatures.panels import Signature, signatures_of
from signatures.verdicts import describe

OLDEST_PDF = "1.4"  # TT 01/2019 Điều 6.2; NĐ 30/2020 Phụ lục I phần II
Files = Sequence[QuarantinedFile | Attachment]


@dataclass(frozen=True)
class Finding:
    """One line of the panel: ``level`` is ok, note, unknown or refused."""

    level: str
    title: str
    text: str = ""
    article: str = ""
    signatures: list[Signature] = field(default_factory=list)
    # Others that may be the same paper, each beside this one: {twin, sides, mine}.
    compared: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Look:
    """What was found of a document that waits to be registered."""

    signs: list[Sign]
    unread: int
    panel: list[Finding]
    twins: list[Twin]
    unsigned: bool = False
    # Codes of annexes that the paper names and that are in no file (documents.annexes).
    annexes: list[str] = field(default_factory=list)
    # Others of the tray with the same file: shown, and nothing is asked.
    copies: Sequence[alike.Copy] = ()

    @property
    def marks(self) -> list[str]:
        """Codes of the marks that were found."""
        return [sign.mark for sign in self.signs]

    def is_decided(self, form: RegisterForm) -> bool:
        """True when the form answers for all that was found."""
        return (
            set(self.marks) <= form.marks()
            and (not self.twins or form.cleaned_data["confirm_duplicate"])
            and (not self.unsigned or form.cleaned_data["confirm_unsigned"])
            and (not self.annexes or form.cleaned_data["confirm_annexes"])
        )


def look(
    actor: Actor,
    document: IncomingDocument | None,
    files: Files,
    entry: Entry | None = None,
    *,
    on_paper: bool = False,
) -> Look:
    """Everything that the clerk should know before he registers; ``entry`` once it is typed.

    ``on_paper``: an annex stays on paper (Kon Tum Điều 13.4), so none is missing among the files.
    """
    regulation = actor.agency.regulation
    inspections = [_source(one).inspection for one in files]
    channel = entry.channel if entry else document.channel if document else Channel.PAPER
    type_name = entry.type_name if entry else ""
    signing = _signing(regulation, files, type_name, channel)
    annexes = [] if on_paper else _missing(files)
    waiting = [one for one in files if isinstance(one, QuarantinedFile)]
    copies = alike.in_tray(actor, waiting) if document and waiting else {}
    return Look(
        signs=signs(regulation, inspections),
        unread=pages_unread(inspections),
        panel=[
            *_whole(files),
            *_enclosed(regulation, files, annexes),
            *_verdicts(files),
            *signing,
            *_scans(regulation, files),
            *_long_annexes(actor, files),
        ],
        twins=alike.find(actor, document, entry, files) if document else [],
        unsigned=bool(entry and signing and signing[0].level == "note")
        and channel != Channel.PAPER,
        annexes=annexes if _is_sure(files) else [],
        copies=copies.get(document.pk, ()) if document else (),
    )


def of_document(
    actor: Actor, document: IncomingDocument, files: Sequence[Attachment]
) -> list[Finding]:
    """The panel of a registered document."""
    regulation = actor.agency.regulation
    if not files:
        return []
    return [
        *_fields(regulation, document),
        *_whole(files),
        *_verdicts(files),
        *_signing(regulation, files, document.type_name, document.channel),
        *_scans(regulation, files),
        *_long_annexes(actor, files),
        *_twins(actor, document, files),
    ]


def compared(
    actor: Actor, document: IncomingDocument | None, found: Sequence[Twin], form: RegisterForm
) -> list[dict[str, Any]]:
    """Twins beside the document: both first pages, and what is typed beside what is registered."""
    values = {name: form[name].value() for name in form.fields} if form.is_bound else {}
    return _beside(actor, document, found, alike.typed(values))


def _beside(
    actor: Actor,
    document: IncomingDocument | None,
    found: Sequence[Twin],
    values: Mapping[str, Any],
) -> list[dict[str, Any]]:
    mine = ""
    if document is not None:
        mine = reverse("incoming:page", args=[actor.agency.slug, document.pk, 1, 1])
    return [{"twin": twin, "sides": twin.sides(values), "mine": mine} for twin in found]


def _source(file: QuarantinedFile | Attachment) -> Any:
    return file.file if isinstance(file, Attachment) else file


def _inspection(file: QuarantinedFile | Attachment) -> dict[str, Any]:
    found = _source(file).inspection
    return found if found and found["readable"] else {}


def _main(files: Files) -> QuarantinedFile | Attachment | None:
    return next((one for one in files if one.part == Part.MAIN), None)


def _whole(files: Files) -> list[Finding]:
    """Is the main part there, and how much with it?"""
    read = [one for one in files if _inspection(one)]
    if not files or len(read) < len(files):
        return []  # what cannot be read, or is not read yet, is said above the form
    if _main(files) is None:
        return [Finding("note", _("Thiếu văn bản chính."), _("Chỉ có phụ lục."))]
    pages = sum(_inspection(one)["pages"] or 0 for one in read)
    said = ngettext("%(count)d trang", "%(count)d trang", pages) % {"count": pages}
    if annexes := len(files) - 1:
        more = ngettext("%(count)d phụ lục", "%(count)d phụ lục", annexes) % {"count": annexes}
        text = _("Văn bản chính và %(annexes)s, cộng %(pages)s. Đối chiếu với nơi nhận, bản giấy.")
        return [Finding("ok", _("Có đủ tệp."), text % {"annexes": more, "pages": said})]
    text = _("%(pages)s, không có phụ lục ở tệp riêng.") % {"pages": said}
    return [Finding("ok", _("Có văn bản chính:"), text)]


def _missing(files: Files) -> list[str]:
    """Annexes that the main part names and that begin in no file."""
    main = _main(files)
    if main is None or any(not _inspection(one) for one in files):
        return []
    others = [one for one in files if one is not main]
    begins = [(_inspection(one).get("annexes") or {}).get("there", []) for one in others]
    own = _inspection(main).get("annexes") or {}
    return missing(
        own.get("named", []),
        [*own.get("there", []), *(code for there in begins for code in there)],
        untitled=sum(not there for there in begins),
        has_more=bool(others),
    )


def _is_sure(files: Files) -> bool:
    """True when every page of the main part has words: no annex lies there unseen, as a scan."""
    main = _main(files)
    known = _inspection(main) if main is not None else {}
    return bool(known) and known.get("worded", 0) >= (known.get("pages") or 0)


def _enclosed(regulation: Regulation, files: Files, annexes: list[str]) -> list[Finding]:
    """What the paper says that it encloses and that was not found."""
    if not annexes:
        return []
    check = regulation.reception_check
    article = check.article if check else ""
    named = annex_words(annexes)
    if _is_sure(files):
        title = _("Văn bản nêu %(what)s, chưa thấy trong tệp.") % {"what": named}
        text = _("Quét bổ sung, ghi phụ lục giấy, hoặc đối chiếu rồi đánh dấu bên dưới.")
        return [Finding("note", title, text, article)]
    text = _("Có trang không có chữ (bản quét) nên không tìm được tên phụ lục; xem bản văn bản.")
    title = _("Văn bản nêu %(what)s.") % {"what": named}
    return [Finding("unknown", title, text, article)]


def _fields(regulation: Regulation, document: IncomingDocument) -> list[Finding]:
    """National fields that the regulation asks for and that are empty."""
    wanted = regulation.register_fields
    missing = [
        str(field_label(name)).lower()
        for name in wanted.value
        if getattr(document, name, "-") in ("", None)
    ]
    if not missing or (document.code_number == alike.NO_NUMBER and missing == [_notation()]):
        return []
    return [Finding("note", _("Thiếu dữ liệu:"), ", ".join(missing) + ".", wanted.article)]


def _notation() -> str:
    return str(field_label("code_notation")).lower()


def _verdicts(files: Files) -> list[Finding]:
    """What the signatures of each file say; of annexes only those that bear one."""
    found = []
    for one in files:
        if not _inspection(one):
            continue
        said = describe(_source(one).signatures)
        each = signatures_of(_source(one).signatures)
        if one.part != Part.MAIN and not each:
            continue
        name = "" if one.part == Part.MAIN else f"{one.file_name}: "
        level = "unknown" if said.level == "note" else said.level
        text = f"{said.text} {said.note}".strip()
        found.append(Finding(level, f"{name}{said.title}.", text, signatures=each))
    return found


def _signing(regulation: Regulation, files: Files, type_name: str, channel: str) -> list[Finding]:
    """Kinds that are received only when signed, and are not (Cần Thơ Điều 3.3)."""
    kinds, main = regulation.signed_kinds, _main(files)
    if kinds is None or main is None or not _inspection(main):
        return []
    if (_source(main).signatures or {}).get("verdict") != "unsigned":
        return []
    # Of whom it comes decides for some of them (Điều 3.3b, c): the clerk sees, and judges.
    if type_name and not regulation.signed_only(type_name, member=False):
        return []
    named = type_name or ", ".join(kinds.value)
    check = regulation.reception_check
    text = _("%(kinds)s: chỉ gửi, nhận văn bản điện tử có ký số (%(article)s).") % {
        "kinds": named,
        "article": kinds.article.removesuffix(f" {regulation.decision.title}"),
    }
    if channel == Channel.PAPER:
        todo = _("Đến bằng bản giấy: đề nghị nơi gửi gửi bản điện tử đã ký số.")
    else:
        todo = _("Bản này chưa ký số: phản hồi để nơi gửi biết, xử lý.")
    level = "note" if type_name else "unknown"
    title = _("Phải có chữ ký số.") if type_name else _("Loại phải có chữ ký số:")
    return [Finding(level, title, f"{text} {todo}", check.article if check else kinds.article)]


def _scans(regulation: Regulation, files: Files) -> list[Finding]:
    """How the paper was scanned, beside what the rule asks for (standards: TT 01/2019 Điều 6.2)."""
    rule = regulation.scan_dpi
    found: list[Finding] = []
    for one in files:
        known = _inspection(one)
        scan = known.get("scan") or {}
        if rule is None or not scan.get("pages"):
            continue
        faults = []
        if known["pdf_version"] < OLDEST_PDF:
            faults.append(_("PDF phiên bản %(version)s") % {"version": known["pdf_version"] or "?"})
        if scan["dpi"] < rule.value:
            faults.append(
                _("%(dpi)d dpi ở trang %(page)d") % {"dpi": scan["dpi"], "page": scan["page"]}
            )
        if scan["colour"] in ("grey", "bilevel"):
            faults.append(_("không phải ảnh màu"))
        asked = _("PDF từ phiên bản 1.4, ảnh màu, ít nhất %(dpi)d dpi, tỷ lệ 100 %%.") % {
            "dpi": rule.value
        }
        if faults:
            text = _("%(name)s: %(faults)s. Quy định: %(asked)s Nếu đọc không rõ thì quét lại.") % {
                "name": one.file_name,
                "faults": ", ".join(faults),
                "asked": asked,
            }
            found.append(Finding("note", _("Bản quét chưa đúng quy định."), text, rule.article))
        else:
            text = _("%(name)s: %(dpi)d dpi. Quy định: %(asked)s") % {
                "name": one.file_name,
                "dpi": scan["dpi"],
                "asked": asked,
            }
            found.append(Finding("ok", _("Bản quét đúng quy định."), text, rule.article))
    return found


def _long_annexes(actor: Actor, files: Files) -> list[Finding]:
    """Annexes that were scanned though the rule asks for the main part alone (Kon Tum Điều 13.4).

    What was made on a computer takes no scanning, however long it is.
    """
    rule = actor.agency.regulation.scanning(member=actor.agency.is_member)
    if rule is None:
        return []
    found = []
    for one in files:
        known = _inspection(one)
        pages, scan = known.get("pages") or 0, known.get("scan") or {}
        if one.part != Part.ANNEX or not scan.get("pages") or pages < rule.value:
            continue
        text = _(
            "%(name)s: %(count)d trang. Phụ lục từ %(most)d trang thì chỉ quét văn bản chính, "
            "phụ lục giữ bản giấy."
        ) % {"name": one.file_name, "count": pages, "most": rule.value}
        found.append(Finding("note", _("Phụ lục dài đã quét."), text, rule.article))
    return found


def _twins(actor: Actor, document: IncomingDocument, files: Sequence[Attachment]) -> list[Finding]:
    """Others in the book with the same file, the same number of the same day, nearly the text."""
    rows = alike.of_registered(actor, document, files)
    if not rows:
        return []
    said = "; ".join(
        _("số đến %(number)d ngày %(day)s (%(how)s)")
        % {
            "number": one.document.number,
            "day": f"{one.document.day:%d/%m/%Y}",
            "how": one.label.lower(),
        }
        for one in rows
    )
    beside = _beside(actor, document, rows, alike.fields_of(document))
    return [Finding("note", _("Có thể trùng:"), said + ".", compared=beside)]
