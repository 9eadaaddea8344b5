"""choose_place, forget_place: where number, date and signature go in an uploaded file."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from core.errors import Refusal
from outgoing import rules
from outgoing.actions import routing
from outgoing.choices import Verb
from outgoing.models import DraftVersion, OutgoingDocument
from outgoing.places import TEXTS, box_around

SIGNATURE = "signer"
TARGETS = (*TEXTS, SIGNATURE)


@transaction.atomic
def choose_place(
    actor: Actor,
    document: OutgoingDocument,
    *,
    version: int,
    page: int,
    x: float,
    y: float,
    target: str = SIGNATURE,
) -> OutgoingDocument:
    """Choose where something goes in an uploaded file: its middle, in points from the foot.

    Number and date stand on the first page (NĐ 30/2020 Phụ lục I, mục IV). Raises Refusal for a
    composed version, which has its places, and for one that has been submitted.
    """
    document, acting, row = _taken(actor, document, version)
    if target not in TARGETS:
        raise Refusal(_("Chọn ghi gì vào chỗ ấy."), field="target")
    if target != SIGNATURE and page != 0:
        raise Refusal(_("Số, ngày, tháng ghi ở trang thứ nhất."), field="page")
    place = box_around(target, page, x, y)
    stored = [place.page, *place.box]
    if target == SIGNATURE:
        row.signer_place = stored
    else:
        row.text_places = {**row.text_places, target: stored}
    return _kept(document, acting, row, {"place": stored, "target": target})


@transaction.atomic
def forget_place(
    actor: Actor, document: OutgoingDocument, *, version: int, target: str
) -> OutgoingDocument:
    """Leave it to the text again where something goes."""
    document, acting, row = _taken(actor, document, version)
    if target == SIGNATURE:
        row.signer_place = None
    else:
        row.text_places = {name: at for name, at in row.text_places.items() if name != target}
    return _kept(document, acting, row, {"place": None, "target": target})


def _taken(
    actor: Actor, document: OutgoingDocument, version: int
) -> tuple[OutgoingDocument, Actor, DraftVersion]:
    document = routing.lock(actor, document)
    acting = routing.allowed(rules.may_edit, actor, document)
    row = document.versions.select_for_update(of=("self",)).get(ordinal=version)
    if row.source_id is None or row.ordinal != document.version_count:
        raise Refusal(_("Chỉ chọn chỗ ký trong tệp soạn ở nơi khác, ở bản mới nhất."))
    if row.pdf_id is not None:
        raise Refusal(_("Bản này đã trình; lưu bản mới rồi chọn chỗ ký."))
    return document, acting, row


def _kept(
    document: OutgoingDocument, acting: Actor, row: DraftVersion, facts: dict[str, object]
) -> OutgoingDocument:
    row.save(update_fields=["signer_place", "text_places"])
    routing.conclude(
        document,
        acting,
        Verb.SAVE,
        before=document.state,
        detail={"version": row.ordinal, **facts},
        quiet=True,
    )
    return document
