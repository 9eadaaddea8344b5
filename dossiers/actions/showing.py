"""show: let those who are given a dossier read documents that lie in it."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from core.errors import Refusal
from documents.actions import lock_rows, working
from documents.actions.giving import Line
from documents.models import Document
from dossiers import showing
from dossiers.above import KINDS
from dossiers.models import Dossier


@transaction.atomic
def assign(
    actor: Actor,
    dossier: Dossier,
    lines: Sequence[Line],
    *,
    text: str = "",
    documents: Sequence[Document] = (),
) -> Dossier:
    """The head gives it to his people, as all work; ``documents`` they may read from now on."""
    lock_rows(*(one.pk for one in documents), dossier.pk)
    dossier = working.assign(actor, dossier, lines, text=text)
    show(actor, dossier, lines, documents)
    return dossier


def show(
    actor: Actor, dossier: Dossier, lines: Iterable[Line], documents: Sequence[Document]
) -> None:
    """Share these with those who lead or help and cannot open them; the caller holds the locks.

    Raises Refusal for one that does not lie in it, or that the actor may not share.
    """
    offered = {one.pk for one in showing.shareable(actor, dossier)} if documents else set()
    given = showing.working(lines)
    for document in documents:
        if document.pk not in offered:
            raise Refusal(_("Văn bản này không chia sẻ được từ hồ sơ."), field="documents")
        blind = [one for one in given if showing.unseen(actor.agency, one, [document])]
        if blind:
            KINDS[document.kind].share(actor, document, blind)
