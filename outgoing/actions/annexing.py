"""Annexes in files of their own: added to a draft, taken away (NĐ 30/2020 Phụ lục I, mục III)."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from core.errors import Refusal
from outgoing import rules
from outgoing.actions import routing
from outgoing.actions.drafting import save
from outgoing.actions.uploading import Uploaded
from outgoing.content import content_of
from outgoing.models import OutgoingDocument

MOST = 20


@transaction.atomic
def add_annex(
    actor: Actor, document: OutgoingDocument, file: Uploaded, *, base: int
) -> OutgoingDocument:
    """A new version that has this file as its last annex.

    Raises Overtaken when there is a newer one by now, Refusal for a file that is there already and
    for too many.
    """
    document = routing.lock(actor, document)
    routing.allowed(rules.may_edit, actor, document)
    newest = document.versions.get(ordinal=document.version_count)
    rows = list(newest.annex_files.all())
    if any(one.file_id == file.row.sha256 for one in rows):
        raise Refusal(_("Tệp này đã là phụ lục của dự thảo."), field="file")
    if len(rows) >= MOST:
        said = _("Một văn bản có nhiều nhất %(most)d tệp phụ lục.")
        raise Refusal(said % {"most": MOST}, field="file")
    note = _("Thêm phụ lục: %(name)s") % {"name": file.row.file_name}
    content = content_of(newest)
    return save(actor, document, content, base=base, note=note[:500], annexes=rows, annex=file)


@transaction.atomic
def drop_annex(
    actor: Actor, document: OutgoingDocument, part: int, *, base: int
) -> OutgoingDocument:
    """A new version without that annex; the older ones keep it.

    Raises Overtaken when there is a newer one by now: its annexes may be other ones.
    """
    document = routing.lock(actor, document)
    routing.allowed(rules.may_edit, actor, document)
    newest = document.versions.get(ordinal=document.version_count)
    rows = list(newest.annex_files.all())
    kept = [one for one in rows if one.part != part]
    gone = next((one for one in rows if one.part == part), None)
    if gone is None and base == newest.ordinal:
        raise Refusal(_("Dự thảo không có phụ lục này."))
    note = _("Bỏ phụ lục: %(name)s") % {"name": gone.file_name} if gone else ""
    return save(actor, document, content_of(newest), base=base, note=note[:500], annexes=kept)
