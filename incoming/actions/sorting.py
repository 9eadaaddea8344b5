"""merge and split: what lies in the tray is sorted into documents before it is registered."""

from collections.abc import Sequence
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from core.errors import Refusal
from core.tasks import after_commit
from documents.choices import Kind, Part
from documents.models import QuarantinedFile
from incoming import rules
from incoming.actions import routing
from incoming.actions.drafting import drop_drafts, take_drafts
from incoming.actions.exchanging import (
    brought,
    count_anew,
    forget_told,
    hand_over_replaced,
    own_channel,
)
from incoming.choices import MERGED, Channel, State, Verb
from incoming.models import EntryDraft, IncomingDocument
from incoming.tasks import inspect_files


@transaction.atomic
def merge(
    actor: Actor, document: IncomingDocument, others: Sequence[IncomingDocument]
) -> IncomingDocument:
    """The files of the others become annexes of this document, in their order; the others go.

    Raises Refusal when two of them have drafts: what was typed is thrown away by a person only;
    and when two were sent through the system: each sender may want his own back.
    """
    keys = sorted({document.pk, *(one.pk for one in others)})
    if len(keys) < 2:
        raise Refusal(_("Chọn ít nhất hai văn bản trong danh sách chờ đăng ký để gộp."))
    locked, acting = {}, actor
    for pk in keys:
        locked[pk] = routing.lock(actor, IncomingDocument(pk=pk))
        acting = routing.allowed(rules.may_sort, actor, locked[pk])
    drafted = set(
        EntryDraft.objects.filter(document__in=keys).values_list("document_id", flat=True)
    )
    if len(drafted) > 1:
        raise Refusal(
            _("Nhiều văn bản được chọn đang có bản nháp. Bỏ bớt bản nháp, giữ một, rồi gộp.")
        )
    # One that was taken apart and put together again is still one.
    sent = {frozenset(each) for one in locked.values() for each in brought(one).values()}
    if len(sent) > 1:
        raise Refusal(
            _(
                "Mỗi văn bản gửi qua hệ thống được đăng ký riêng, vì bên gửi có thể thu hồi từng "
                "văn bản. Chỉ gộp một văn bản như vậy với các tệp tự tải lên."
            )
        )
    main = locked[document.pk]
    absorbed = [locked[pk] for pk in dict.fromkeys(one.pk for one in others) if pk != main.pk]
    for one in absorbed:
        take_drafts(main, one.entry_token)
        _move_files(one, main)
        hand_over_replaced(one, main)
    for one in absorbed:
        _close(acting, one, main)
    routing.conclude(
        main,
        acting,
        Verb.MERGE,
        before=main.state,
        detail={"from": [one.pk for one in absorbed], "files": main.quarantined.count()},
    )
    after_commit(inspect_files, main.pk)
    return main


@transaction.atomic
def split(actor: Actor, document: IncomingDocument, ordinal: int) -> IncomingDocument:
    """One annex becomes a document of its own in the tray, behind the one it came with.

    What was sent through the system stays together, so that a recall finds it: put together with
    another entry it comes out whole. Raises Refusal for an annex that was sent with its document.
    """
    document = routing.lock(actor, document)
    acting = routing.allowed(rules.may_sort, actor, document)
    file = document.quarantined.filter(ordinal=ordinal, part=Part.ANNEX).first()
    if file is None:
        raise Refusal(_("Tệp này không còn là phụ lục của văn bản; tải lại danh sách rồi xem."))
    sent = next((one for one in brought(document).values() if file.sha256 in one), set())
    if document.quarantined.filter(part=Part.MAIN, sha256__in=sent).exists():
        raise Refusal(
            _(
                "Phụ lục này được gửi qua hệ thống kèm văn bản nên không tách riêng. Đăng ký cùng "
                "văn bản, hoặc từ chối và ghi lý do để bên gửi gửi lại."
            )
        )
    origin = _origin(document, sent)
    made = IncomingDocument.objects.create(
        agency=document.agency,
        kind=Kind.INCOMING,
        state=State.RECEIVED,
        day=document.day,
        created_at=document.created_at,
        received_at=document.received_at,
        channel=Channel.EXCHANGE if origin else own_channel(document),
        entry_token=uuid4(),
        sent_from=origin.sent_from if origin else None,
    )
    files = document.quarantined.filter(sha256__in=sent) if sent else [file]
    for place, one in enumerate(files, start=1):
        one.document_id, one.ordinal = made.pk, place
        one.part = Part.MAIN if place == 1 else Part.ANNEX
        one.save(update_fields=["document", "ordinal", "part"])
    count_anew(document)
    if sent:
        hand_over_replaced(document, made)
    content = {"sha256": sorted(sent)} if sent else {}
    routing.conclude(
        document, acting, Verb.SPLIT, before=document.state, detail={"into": made.pk, **content}
    )
    routing.conclude(
        made,
        acting,
        Verb.RECEIVE,
        before="",
        detail={
            "files": made.quarantined.count(),
            "channel": made.channel,
            "from": document.pk,
            **content,
        },
    )
    after_commit(inspect_files, made.pk)
    return made


def _origin(document: IncomingDocument, sent: set[str]) -> IncomingDocument | None:
    """The entry as which what was sent has come; None of what the clerk has uploaded."""
    keys = [pk for pk, content in brought(document).items() if content & sent]
    return IncomingDocument.objects.select_related("sent_from").filter(pk__in=keys).first()


def _move_files(document: IncomingDocument, target: IncomingDocument) -> None:
    there = target.quarantined.count()
    for place, file in enumerate(document.quarantined.all(), start=there + 1):
        QuarantinedFile.objects.filter(pk=file.pk).update(
            document_id=target.pk, ordinal=place, part=Part.ANNEX
        )


def _close(actor: Actor, document: IncomingDocument, main: IncomingDocument) -> None:
    before, document.state = document.state, State.REFUSED
    document.refusal_reason = MERGED
    forget_told(document)
    document.save()
    drop_drafts(document)
    routing.conclude(document, actor, Verb.MERGE, before=before, detail={"into": main.pk})
