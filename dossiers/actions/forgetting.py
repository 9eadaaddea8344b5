"""What dossiers have kept of a document whose content is taken out by decision."""

from collections.abc import Iterable

from accounts.actor import Actor
from core.text import clean
from documents.models import ActText, Document, DocumentAct
from dossiers.actions import routing
from dossiers.actions.items import count, holders
from dossiers.choices import Verb
from dossiers.models import Dossier

# In the words of the book, whatever language the reader has.
NEUTRAL = "Hồ sơ có văn bản đã gỡ nội dung, số %(number)s"


def forget_document(actor: Actor, document: Document, subjects: Iterable[str]) -> list[int]:
    """Take its words out of the dossiers that hold it or held it; answers their keys.

    ``subjects``: what it was called, now and before. A title that still is one of them gives way
    to a neutral one; words of acts that hold one go, and those typed when it was put in or taken
    out. The keeper is told to look at the title, which may say it in other words. The caller has
    locked the dossiers with the document (``holders``).
    """
    said = {found for one in subjects if (found := clean(one))}
    put = DocumentAct.objects.filter(detail__document=document.pk, target__kind=Dossier.KIND)
    ActText.objects.filter(act__in=put).delete()
    rows = Dossier.objects.filter(pk__in=holders(document)).order_by("pk")
    whole = ("agency__parent", "keeper__user", "keeper__unit__agency", "opened_by__user")
    rows = rows.select_for_update(of=("document_ptr", "self")).select_related(*whole)
    keys = []
    for dossier in rows:
        _unsay(dossier, said)
        count(dossier)
        routing.conclude(
            dossier,
            actor,
            Verb.ITEM_PURGED,
            before=dossier.state,
            users=[dossier.keeper.user],
            detail={"document": document.pk},
        )
        keys.append(dossier.pk)
    return keys


def _unsay(dossier: Dossier, subjects: set[str]) -> None:
    neutral = NEUTRAL % {"number": dossier.number}
    for one in subjects:
        ActText.objects.filter(act__target_id=dossier.pk, text__contains=one).delete()
    if clean(dossier.subject) in subjects:
        dossier.subject = neutral
        dossier.search_text = f"{dossier.folded()} {(dossier.file_code or '').lower()}".strip()
    Document.history.filter(id=dossier.pk, subject__in=subjects).update(subject=neutral)
