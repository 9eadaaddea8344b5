"""What dossiers have kept of a document whose content is taken out by decision."""

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet

from accounts.actor import Actor
from core.text import clean
from documents.models import ActText, Assignment, Document, DocumentAct, Extension, Opinion
from dossiers.actions import routing
from dossiers.actions.items import count, holders, keeper_unless
from dossiers.choices import Verb
from dossiers.models import Dossier, Item, Proposal

# In the words of the book, whatever language the reader has.
NEUTRAL = "Hồ sơ có văn bản đã gỡ nội dung, số %(number)s"
GONE = "[đã gỡ]"


def forget_document(actor: Actor, document: Document, subjects: Iterable[str]) -> list[int]:
    """Take its words out of the dossiers that hold it or held it; answers their keys.

    ``subjects``: what it was called, now and before. A title that still is one of them gives way
    to a neutral one; words of acts that hold one go, and those typed when it was put in or taken
    out; notes, directives, results and answers keep what else they say. A keeper who may open the
    document is told to look at title and notes, which may say it in other words. The caller has
    locked the dossiers with the document (``holders``).
    """
    said = {found for one in subjects if (found := clean(one))}
    put = DocumentAct.objects.filter(detail__document=document.pk, target__kind=Dossier.KIND)
    ActText.objects.filter(act__in=put).delete()
    # What was said of it has lost its words with it.
    Item.objects.filter(opinion__document=document.pk).update(search_text="")
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
            users=keeper_unless(dossier, actor, document),
            detail={"document": document.pk},
        )
        keys.append(dossier.pk)
    return keys


def _unsay(dossier: Dossier, subjects: set[str]) -> None:
    neutral = NEUTRAL % {"number": dossier.number}
    for one in subjects:
        ActText.objects.filter(act__target_id=dossier.pk, text__icontains=one).delete()
    if clean(dossier.subject) in subjects:
        dossier.subject = neutral
    Document.history.filter(id=dossier.pk, subject__in=subjects).update(subject=neutral)
    _unquote(dossier, subjects)


def _unquote(dossier: Dossier, subjects: set[str]) -> None:
    """Where one is quoted inside other words, these words stay and it goes."""
    if not subjects:
        return
    # The longest first: one may hold another.
    said = re.compile("|".join(map(re.escape, sorted(subjects, key=len, reverse=True))), re.I)
    quoting: tuple[tuple[QuerySet[Any], tuple[str, ...]], ...] = (
        (Item.objects.filter(dossier=dossier), ("text",)),
        (Assignment.objects.filter(document=dossier.pk), ("directive", "result")),
        (Extension.objects.filter(assignment__document=dossier.pk), ("reason", "answer")),
        (Opinion.objects.filter(document=dossier.pk), ("question", "text")),
        (Proposal.objects.filter(dossier=dossier), ("directive", "answer")),
        (Document.history.filter(id=dossier.pk), ("subject", "description")),
    )
    for rows, names in quoting:
        for name in names:
            longest = _longest(rows.model, name)
            for pk, words in rows.values_list("pk", name):
                if words and (left := said.sub(GONE, words)) != words:
                    rows.filter(pk=pk).update(**{name: left[:longest]})
    own = Item.objects.filter(dossier=dossier, document=None).exclude(search_text="")
    for item in own.select_related("attachment", "opinion__answered_by__user"):
        if item.search_text != (folded := item.folded()):
            Item.objects.filter(pk=item.pk).update(search_text=folded)
    # Saved by whoever counts it anew.
    for name in ("subject", "result", "description"):
        left = said.sub(GONE, getattr(dossier, name))
        setattr(dossier, name, left[: _longest(Dossier, name)])
    dossier.search_text = f"{dossier.folded()} {(dossier.file_code or '').lower()}".strip()


def _longest(model: type[Model], name: str) -> int | None:
    longest: int | None = getattr(model._meta.get_field(name), "max_length", None)
    return longest
