"""add, move and remove: ordinals from 1 without gaps, and the totals, under the dossier's lock."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Q
from django.utils.translation import gettext as _

from accounts.actor import Actor, actor_for
from accounts.models import User
from core import clock
from core.errors import Refusal
from documents.actions import (
    discard_quarantined,
    drop_file,
    inspect_quarantined,
    keep_files,
    lock_rows,
    quarantine,
)
from documents.choices import Kind
from documents.gate import let_in, marks_of_words
from documents.models import Attachment, Document, DocumentAct, Opinion, QuarantinedFile
from documents.uploads import QuarantinedUpload
from dossiers import rules
from dossiers.actions import routing
from dossiers.choices import ISSUED, State, Verb
from dossiers.models import Dossier, Item
from dossiers.querysets import opinions_about


@transaction.atomic
def add_document(actor: Actor, dossier: Dossier, document: Document, *, text: str = "") -> Item:
    """Put a document that the actor sees into the dossier, at its end; it is not copied.

    One document may lie in several dossiers, in each of them once. Raises Refusal when it is there.
    """
    lock_rows(dossier.pk, document.pk)
    dossier = routing.lock(actor, dossier)
    actor = routing.allowed(rules.may_file, actor, dossier)
    document = routing.seen_document(actor, document)
    there = Item.objects.filter(dossier=dossier, document=document).first()
    if there is not None:
        raise Refusal(_("Văn bản đã có trong hồ sơ."), field="document")
    item = put(dossier, actor, document=document)
    _conclude(dossier, actor, text=text, detail={"document": document.pk}, document=document)
    return item


@transaction.atomic
def add_note(actor: Actor, dossier: Dossier, *, text: str) -> Item:
    """Put a note into the dossier: what was said by word of mouth, an explanation."""
    dossier = routing.lock(actor, dossier)
    actor = routing.allowed(rules.may_file, actor, dossier)
    if not text:
        raise Refusal(_("Ghi nội dung."), field="text")
    marks = marks_of_words(actor.agency.regulation, [text])
    item = put(dossier, actor, text=text)
    _conclude(dossier, actor, detail={"note": item.pk, **marks})
    return item


@transaction.atomic
def add_opinion(actor: Actor, dossier: Dossier, opinion: Opinion, *, text: str = "") -> Item:
    """Put into the dossier what somebody said about it, or about a document that lies in it.

    Raises Refusal for one that was not given yet, is about something else, or is there already.
    """
    about = opinion.document_id
    lock_rows(dossier.pk, about)
    dossier = routing.lock(actor, dossier)
    actor = routing.allowed(rules.may_file, actor, dossier)
    found = opinions_about(actor, dossier).filter(pk=opinion.pk).first()
    if found is None:
        said = _("Ý kiến này không phải về hồ sơ hay văn bản trong hồ sơ, hoặc chưa được trả lời.")
        raise Refusal(said, field="opinion")
    if Item.objects.filter(dossier=dossier, opinion=found).exists():
        raise Refusal(_("Ý kiến đã có trong hồ sơ."), field="opinion")
    item = put(dossier, actor, opinion=found)
    detail = {"opinion": found.pk}
    if about != dossier.pk:
        detail["document"] = about
    _conclude(dossier, actor, text=text, detail=detail, document=found.document)
    return item


def add_files(
    actor: Actor,
    dossier: Dossier,
    uploads: Sequence[QuarantinedUpload],
    *,
    answered: str | None = None,
    text: str = "",
) -> list[Item]:
    """Put files into the dossier, by the same quarantine and inspection as every file.

    ``answered``: that they are of no forbidden kind (documents.gate.let_in). What cannot be read or
    may not enter is refused, and nothing of it stays.
    """
    rows = _take_in(actor, dossier, uploads)
    sent = [row.sha256 for row in rows]  # a picture gives way to a PDF
    try:
        # Outside the lock: one hostile file takes as long as the bound lets it.
        rows = [inspect_quarantined(row) for row in rows]
        return _keep(actor, dossier, rows, sent, answered=answered, text=text)
    except BaseException:  # whatever ended it; what a killed worker leaves goes by the clock
        _drop(dossier, rows)
        raise


@transaction.atomic
def _take_in(
    actor: Actor, dossier: Dossier, uploads: Sequence[QuarantinedUpload]
) -> list[QuarantinedFile]:
    dossier = routing.lock(actor, dossier)
    routing.allowed(rules.may_file, actor, dossier)
    if not uploads:
        raise Refusal(_("Chọn tệp cần đưa vào."), field="files")
    return quarantine(dossier, uploads)


@transaction.atomic
def _keep(
    actor: Actor,
    dossier: Dossier,
    rows: Sequence[QuarantinedFile],
    sent: Sequence[str],
    *,
    answered: str | None,
    text: str,
) -> list[Item]:
    dossier = routing.lock(actor, dossier)
    actor = routing.allowed(rules.may_file, actor, dossier)
    for row in rows:
        if row.inspection is None or not row.inspection["readable"]:
            raise Refusal(
                _("Tệp %(name)s chưa đọc được, không đưa vào được. Thay tệp khác.")
                % {"name": row.file_name},
                field="files",
            )
    looked = zip(sent, (row.inspection for row in rows), strict=True)
    looked_at = let_in(actor.agency.regulation, list(looked), answered)
    ordinals = [row.ordinal for row in rows]
    keep_files(dossier, only=[row.pk for row in rows])
    files = Attachment.objects.filter(document_id=dossier.pk, ordinal__in=ordinals)
    items = [put(dossier, actor, attachment=one) for one in files.select_related("file")]
    detail: dict[str, Any] = {"files": [one.attachment.file_id for one in items if one.attachment]}
    _conclude(dossier, actor, text=text, detail=detail | looked_at)
    return items


@transaction.atomic
def _drop(dossier: Dossier, rows: Sequence[QuarantinedFile]) -> None:
    discard_quarantined(dossier, only=[row.pk for row in rows])


@transaction.atomic
def move_item(actor: Actor, dossier: Dossier, item: Item, *, to: int) -> Dossier:
    """Put an item at place ``to`` of the list as the actor sees it; the others move up or down."""
    dossier = routing.lock(actor, dossier)
    actor = routing.allowed(rules.may_file, actor, dossier)
    seen = list(dossier.items.visible_to(actor).order_by("ordinal"))
    moved = _of(seen, item)
    if not 1 <= to <= len(seen):
        raise Refusal(_("Số thứ tự từ 1 đến %(last)d.") % {"last": len(seen)}, field="to")
    start, end = moved.ordinal, seen[to - 1].ordinal
    if start == end:
        raise Refusal(_("Đang ở đúng số thứ tự ấy."), field="to")
    others = Item.objects.filter(dossier=dossier).exclude(pk=moved.pk)
    if start < end:
        others.filter(ordinal__gt=start, ordinal__lte=end).update(ordinal=F("ordinal") - 1)
    else:
        others.filter(ordinal__gte=end, ordinal__lt=start).update(ordinal=F("ordinal") + 1)
    Item.objects.filter(pk=moved.pk).update(ordinal=end)
    routing.conclude(
        dossier,
        actor,
        Verb.MOVE_ITEM,
        before=dossier.state,
        detail={"item": moved.pk, "from": start, "to": end},
        quiet=True,
    )
    return dossier


@transaction.atomic
def remove_item(actor: Actor, dossier: Dossier, item: Item, *, text: str) -> Dossier:
    """Take an item out, with a reason; a document stays what it is, a file of the dossier goes.

    NĐ 30/2020 Điều 29.4: what is double and what is a draft is taken out.
    """
    dossier = routing.lock(actor, dossier)
    whole = ("attachment", "document", "opinion__document", "added_by")
    gone = _of(dossier.items.visible_to(actor).select_related(*whole), item)
    actor = routing.allowed(rules.may_remove_item, actor, dossier, gone)
    if not text:
        raise Refusal(_("Ghi lý do đưa ra khỏi hồ sơ."), field="text")
    detail: dict[str, Any] = {
        "item": gone.pk,
        "ordinal": gone.ordinal,
        "document": gone.document_id,
        "added_by": gone.added_by_id,
    }
    attachment = gone.attachment
    # What it was goes with it, so the words keep it; a document has its own, for whoever sees it.
    if attachment is not None:
        detail["file"] = attachment.file_id
        detail["file_place"] = attachment.ordinal  # its address is no other file's
        text = f"{text}\nTệp: {attachment.file_name}"
    elif gone.opinion is not None:
        detail["opinion"] = gone.opinion_id
        if gone.opinion.document_id != dossier.pk:
            detail["document"] = gone.opinion.document_id
    elif gone.document is None:
        text = f"{text}\nGhi chép: {gone.text}"
    if dossier.issued_id == gone.pk:
        dossier.issued = None
    gone_at = gone.ordinal
    gone.delete()
    Item.objects.filter(dossier=dossier, ordinal__gt=gone_at).update(ordinal=F("ordinal") - 1)
    if attachment is not None:
        drop_file(attachment)
    count(dossier)
    routing.conclude(
        dossier,
        actor,
        Verb.REMOVE_ITEM,
        before=dossier.state,
        text=text,
        users=keeper_unless(dossier, actor, gone.about),
        detail=detail,
    )
    return dossier


def may_have_issued(actor: Actor, dossier: Dossier, item: Item) -> Item:
    """The item as the document with which the work ends; the caller holds the lock.

    Raises Refusal for a note, for what came in (its answer is what was issued), for a draft.
    """
    found = _of(dossier.items.visible_to(actor).select_related("document"), item)
    if found.document_id is None and found.attachment_id is None:
        raise Refusal(_("Chọn văn bản đã ban hành, không phải ghi chép."), field="issued")
    if found.document is not None and found.document.kind == Kind.INCOMING:
        raise Refusal(
            _("Văn bản đến không phải văn bản cơ quan ban hành. Chọn văn bản trả lời."),
            field="issued",
        )
    document = found.document
    if document is not None and document.kind == Kind.OUTGOING and document.state != ISSUED:
        said = _("Văn bản này chưa phát hành. Chọn văn bản đã phát hành.")
        raise Refusal(said, field="issued")
    return found


def put(dossier: Dossier, actor: Actor, **what: Any) -> Item:
    """One more item at the end, and the totals; the caller holds the lock."""
    last = Item.objects.filter(dossier=dossier).aggregate(last=Max("ordinal"))["last"] or 0
    item = Item(dossier=dossier, ordinal=last + 1, added_by=actor.own, added_at=clock.now(), **what)
    item.search_text = item.folded()
    item.save()
    count(dossier)
    return item


def count(dossier: Dossier) -> None:
    """Fields 9 and 10 anew, from what lies in it (Cần Thơ Điều 13.5); the caller holds the lock."""
    dossier.doc_total, dossier.page_total = Item.objects.filter(dossier=dossier).totals()
    dossier.page_amount = dossier.page_total
    dossier.save()


def holders(document: Document) -> list[int]:
    """Keys of the dossiers in which a document lies or lay: to be locked with it, ascending.

    One that was opened from it keeps its words also after it was taken out.
    """
    acts = DocumentAct.objects.filter(detail__document=document.pk, target__kind=Dossier.KIND)
    either = Q(document=document.pk) | Q(opinion__document=document.pk)
    there = Item.objects.filter(either).values_list("dossier", flat=True)
    return sorted({*there, *acts.order_by().values_list("target", flat=True)})


def lock_with_holders(
    document: Document, also: Callable[[Document], Iterable[int]] = lambda document: ()
) -> None:
    """Lock the document and the dossiers that hold it, all in ascending order; ``also``: more keys.

    Which ones hold it is certain only under its lock: whoever puts it into one needs that too. If
    one has come in between, all are let go and locked anew.
    """
    keys: set[int] = set()
    while not keys:
        wanted = {document.pk, *holders(document), *also(document)}
        with transaction.atomic():
            lock_rows(*wanted)
            if wanted >= {*holders(document), *also(document)}:
                keys = wanted
            else:
                transaction.set_rollback(True)  # to the savepoint; its row locks go with it


def recount(document: Document) -> None:
    """Totals of the dossiers that hold it, after its pages have changed.

    The caller has locked them with it (``lock_with_holders``).
    """
    for dossier in Dossier.objects.filter(items__document=document.pk).order_by("pk"):
        count(dossier)


def _conclude(
    dossier: Dossier,
    actor: Actor,
    *,
    text: str = "",
    detail: dict[str, Any],
    document: Document | None = None,
) -> None:
    before = dossier.state
    if before == State.OPENED:
        dossier.state = State.IN_PROCESS
        dossier.save()
    routing.conclude(
        dossier,
        actor,
        Verb.ADD_ITEM,
        before=before,
        text=text,
        users=keeper_unless(dossier, actor, document),
        detail=detail,
    )


def keeper_unless(dossier: Dossier, actor: Actor, document: Document | None) -> list[User]:
    """The keeper is told of what others do, and not of a document that he does not see."""
    keeper = dossier.keeper.user
    if keeper.pk == actor.user.pk:
        return []
    if document is not None:
        reader = actor_for(keeper, dossier.agency)
        if not Document.objects.visible_to(reader).filter(pk=document.pk).exists():
            return []
    return [keeper]


def _of(items: Any, item: Item) -> Item:
    """That item as the actor sees it. Raises Item.DoesNotExist for one that he does not see."""
    for one in items:
        if one.pk == item.pk:
            found: Item = one
            return found
    raise Item.DoesNotExist
