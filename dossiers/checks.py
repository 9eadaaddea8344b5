"""What is looked at before a dossier is closed (NĐ 30/2020 Điều 29.4; Cần Thơ Điều 13.4).

Only what the closer sees: of a document that he may not open he learns nothing, and need not
answer for it. Apps above add their own checks (papers, drafts, signatures) in ``above``.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actor import Actor
from documents.choices import READ, Kind
from documents.deciding import WORK
from documents.models import Attachment, Waiting
from dossiers.above import CHECKS, KINDS, Finding
from dossiers.choices import ISSUED
from dossiers.models import Dossier, Item
from dossiers.notation import is_shorter

Part = Callable[[Actor, Dossier, Sequence[Item]], Iterator[Finding]]


def findings(actor: Actor, dossier: Dossier) -> list[Finding]:
    """Everything that should be mended or overruled before closing."""
    items = list(dossier.items.visible_to(actor).with_content().order_by("ordinal"))
    found: list[Finding] = []
    for check in (*_OWN, *CHECKS):
        found.extend(check(actor, dossier, items))
    return found


def _empty(actor: Actor, dossier: Dossier, items: Sequence[Item]) -> Iterator[Finding]:
    if not dossier.is_task and not any(one.document_id or one.attachment_id for one in items):
        yield Finding("empty", _("Hồ sơ chưa có văn bản nào"), "Hồ sơ chưa có văn bản nào")


def _no_result(actor: Actor, dossier: Dossier, items: Sequence[Item]) -> Iterator[Finding]:
    # The issued document was taken out after the dossier was completed.
    if dossier.issued_id is None and not dossier.result:
        said = "Chưa có văn bản ban hành hoặc ý kiến đề xuất"
        shown = _("Chưa có văn bản ban hành hoặc ý kiến đề xuất")
        yield Finding("no_result", shown, said, is_binding=True)
    issued = next((one for one in items if one.pk == dossier.issued_id), None)
    if issued is None:
        return
    document, file = issued.document, issued.attachment
    if document is not None and document.kind == Kind.OUTGOING and document.state != ISSUED:
        said = "Văn bản ban hành của hồ sơ không còn hiệu lực phát hành"
        shown = _("Văn bản ban hành của hồ sơ không còn hiệu lực phát hành (đã thu hồi hoặc hủy)")
        yield Finding("result_recalled", shown, said, (issued.pk,))
    if file is not None and (file.file.signatures or {}).get("verdict") != "valid":
        said = "Tệp được chọn làm văn bản ban hành không có chữ ký số hợp lệ"
        shown = _("Tệp được chọn làm văn bản ban hành không có chữ ký số hợp lệ")
        yield Finding("unsigned_result", shown, said, (issued.pk,))


def _no_number(actor: Actor, dossier: Dossier, items: Sequence[Item]) -> Iterator[Finding]:
    """Documents without their own number; letters of people have none either, and say so."""
    keys = [
        one.pk
        for one in items
        if one.document and one.document.state != "void" and not one.document.code_number
    ]
    if keys:
        said = ngettext(
            "%(count)d văn bản chưa có số", "%(count)d văn bản chưa có số", len(keys)
        ) % {"count": len(keys)}
        yield Finding("no_number", said, "Văn bản chưa có số", tuple(keys))


def _no_scan(actor: Actor, dossier: Dossier, items: Sequence[Item]) -> Iterator[Finding]:
    # What the agency issues has no attachment: its app looks for its file (above.CHECKS).
    documents = {
        one.document_id: one.pk
        for one in items
        if one.document and one.document.kind == Kind.INCOMING
    }
    having = Attachment.objects.filter(document__in=documents).values_list("document", flat=True)
    keys = [documents[pk] for pk in documents.keys() - set(having)]
    if keys:
        said = ngettext(
            "%(count)d văn bản chưa có bản quét", "%(count)d văn bản chưa có bản quét", len(keys)
        ) % {"count": len(keys)}
        yield Finding("no_scan", said, "Văn bản chưa có bản quét", tuple(sorted(keys)))


def _double(actor: Actor, dossier: Dossier, items: Sequence[Item]) -> Iterator[Finding]:
    """The same content twice, whichever documents bring it."""
    holders: dict[str, set[int]] = defaultdict(set)
    documents = {one.document_id: one.pk for one in items if one.document_id}
    kinds = {one.document.kind for one in items if one.document} & KINDS.keys()
    for kind in kinds:
        for document, file in KINDS[kind].files(documents):
            holders[file].add(documents[document])
    for one in items:
        if one.attachment:
            holders[one.attachment.file_id].add(one.pk)
    keys = sorted({pk for found in holders.values() if len(found) > 1 for pk in found})
    if keys:
        said = "Có tệp trùng nhau trong hồ sơ"
        yield Finding("double", _("Có tệp trùng nhau trong hồ sơ"), said, tuple(keys))


def _short(actor: Actor, dossier: Dossier, items: Sequence[Item]) -> Iterator[Finding]:
    """Kept shorter than something in it.

    What can be compared: the catalogue's line, and other dossiers in which the same documents lie;
    a document has no period of its own in the national fields.
    """
    if dossier.is_task or not dossier.maintenance:
        return
    if dossier.planned and is_shorter(dossier.maintenance, dossier.planned.maintenance):
        plan = dossier.planned.maintenance
        said = _("Thời hạn bảo quản ngắn hơn danh mục hồ sơ (%(plan)s)") % {"plan": plan}
        record = f"Thời hạn bảo quản ngắn hơn danh mục hồ sơ ({plan})"
        yield Finding("short_plan", said, record)
    documents = {one.document_id: one.pk for one in items if one.document_id}
    others = (
        Item.objects.filter(
            document__in=documents,
            dossier__in=Dossier.objects.visible_to(actor).filter(is_task=False),
        )
        .exclude(dossier=dossier)
        .values_list("document", "dossier__maintenance")
    )
    keys = {
        documents[pk] for pk, period in others if period and is_shorter(dossier.maintenance, period)
    }
    if keys:
        said = _("Thời hạn bảo quản ngắn hơn hồ sơ khác đang giữ cùng văn bản")
        record = "Thời hạn bảo quản ngắn hơn hồ sơ khác đang giữ cùng văn bản"
        yield Finding("short", said, record, tuple(sorted(keys)))


def _open_work(actor: Actor, dossier: Dossier, items: Sequence[Item]) -> Iterator[Finding]:
    """Documents on which somebody still works; what is only to be read does not count."""
    documents = {one.document_id: one.pk for one in items if one.document_id}
    waiting = Waiting.objects.filter(document__in=documents).exclude(verb=READ)
    keys = sorted({documents[pk] for pk in waiting.values_list("document", flat=True)})
    if keys:
        said = ngettext(
            "%(count)d văn bản còn người đang xử lý",
            "%(count)d văn bản còn người đang xử lý",
            len(keys),
        ) % {"count": len(keys)}
        yield Finding("open_work", said, "Văn bản còn người đang xử lý", tuple(keys))


def _open_part(actor: Actor, dossier: Dossier, items: Sequence[Item]) -> Iterator[Finding]:
    """Those who still lead or help on the dossier itself."""
    busy = [one for one in dossier.all_assignments if one.is_open and one.role in WORK]
    if busy:
        names = ", ".join(dict.fromkeys(str(one.person or one.unit) for one in busy))
        said = _("Chưa báo kết quả phần việc: %(who)s") % {"who": names}
        yield Finding("open_part", said, f"Chưa báo kết quả phần việc: {names}")


_OWN: tuple[Part, ...] = (
    _empty,
    _no_result,
    _no_number,
    _no_scan,
    _double,
    _short,
    _open_work,
    _open_part,
)
