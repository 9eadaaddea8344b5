"""Whether what a copy was made of still stands: one that was recalled or replaced is copied and
sent no more.

NĐ 30/2020 Điều 18.3: it has no effect, and so has nothing that was copied from it. Reads only.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from core.errors import Refusal
from documents.models import Document, DocumentAct
from incoming.choices import RECALLED, RecallAnswer
from incoming.choices import State as IncomingState
from incoming.choices import Verb as IncomingVerb
from incoming.models import IncomingDocument
from outgoing import replacing
from outgoing.choices import State, Verb
from outgoing.models import OutgoingDocument

_LOOKED_UP = "original_looked_up"  # what a document of a list holds of its original


@dataclass(frozen=True)
class Gone:
    """An original that stands no more: what became of it, why, by which article."""

    original: Document
    sentence: str
    reason: str
    article: str

    @property
    def refusal(self) -> Refusal:
        """Why nothing more is done with its copies."""
        said = _("%(sentence)s Hủy bản sao này, không phát hành.") % {"sentence": self.sentence}
        return Refusal(said, self.article)


def gone(document: OutgoingDocument) -> Gone | None:
    """The original of a copy, or the original of that one, if it was recalled, replaced or taken
    out."""
    if _LOOKED_UP in document.__dict__:
        found: Gone | None = document.__dict__[_LOOKED_UP]
        return found
    return gone_of([document]).get(document.pk)


def look_up(documents: Iterable[OutgoingDocument]) -> None:
    """Ask of many at once, for a list: ``gone`` then answers for each of them without a question.

    Verbs decide on a document read anew, which knows nothing of it.
    """
    rows = list(documents)
    found = gone_of(rows)
    for one in rows:
        one.__dict__[_LOOKED_UP] = found.get(one.pk)


def gone_of(documents: Iterable[OutgoingDocument]) -> dict[int, Gone]:
    """Of these documents the copies whose original stands no more, by their keys; the number of
    questions is that of the originals above one another."""
    copies = {one.pk: one for one in documents if one.copy_of_id is not None}
    found: dict[int, Gone] = {}
    fallen: dict[int, tuple[Document, str, str]] = {}
    above = {pk: one.copy_of_id for pk, one in copies.items() if one.copy_of_id}
    seen: set[tuple[int, int]] = set()
    while above:
        seen |= {*above.items()}
        keys = {*above.values()}
        own = OutgoingDocument.objects.in_bulk(keys)
        newer = replacing.newer_of(own.values())
        came = IncomingDocument.objects.in_bulk(keys - own.keys())
        further: dict[int, int] = {}
        for pk, key in above.items():
            if key in own:
                if own[key].state == State.RECALLED:
                    fallen[pk] = (own[key], Verb.RECALL, "recall_notice")
                elif key in newer:
                    found[pk] = _replaced(own[key], newer[key])
                elif (higher := own[key].copy_of_id) and (pk, higher) not in seen:
                    further[pk] = higher
            elif _is_wanted_back(came[key]):
                fallen[pk] = (came[key], IncomingVerb.SENDER_RECALL, "recall_cancels")
            elif came[key].state == IncomingState.VOID:
                said = _("Bản gốc đã được gỡ khỏi hệ thống.")
                found[pk] = Gone(came[key], said, "", "")
        above = further
    reasons = _reasons({(original.pk, verb) for original, verb, _rule in fallen.values()})
    for pk, (original, verb, rule) in fallen.items():
        found[pk] = _gone(copies[pk], original, reasons.get((original.pk, verb), ""), rule)
    return found


def _reasons(acts: Collection[tuple[int, str]]) -> dict[tuple[int, str], str]:
    """Why each of these documents was recalled, by document and verb: the words of the newest
    act."""
    if not acts:
        return {}
    rows = DocumentAct.objects.filter(
        target_id__in={pk for pk, _verb in acts}, verb__in={verb for _pk, verb in acts}
    )
    return {
        (act.target_id, act.verb): act.words.text if hasattr(act, "words") else ""
        for act in rows.select_related("words").order_by("ordinal")
    }


def _is_wanted_back(came: IncomingDocument) -> bool:
    """Its sender has recalled it; one that was kept all the same stands."""
    if came.refusal_reason == RECALLED:
        return True
    return came.recalled_at is not None and came.recall_answer != RecallAnswer.REFUSED


def _gone(document: OutgoingDocument, original: Document, reason: str, key: str) -> Gone:
    code = original.code or original.subject[:80]
    if reason:
        said = _("Bản gốc %(code)s đã bị thu hồi: %(reason)s.")
        sentence = said % {"code": code, "reason": reason.rstrip(".")}
    else:
        sentence = _("Bản gốc %(code)s đã bị thu hồi.") % {"code": code}
    rule = getattr(document.agency.regulation, key)
    return Gone(original, sentence, reason, rule.article if rule else "")


def _replaced(original: OutgoingDocument, newer: OutgoingDocument) -> Gone:
    said = _("%(name)s đã thay thế bản gốc %(code)s.")
    return Gone(original, said % {"name": replacing.named(newer), "code": original.code}, "", "")


def copies_of(pk: int) -> list[int]:
    """The keys of all that was copied from a document, also of its copies, ascending."""
    found: set[int] = set()
    keys = {pk}
    while keys:
        rows = OutgoingDocument.objects.filter(copy_of__in=keys).values_list("pk", flat=True)
        keys = set(rows) - found
        found |= keys
    return sorted(found)


def answered(actor: Actor, document: OutgoingDocument) -> dict[str, Any]:
    """The document that it answers, where the reader sees it; and whether it was taken out."""
    key = document.answers_id
    if key is None:
        return {"answers": None, "answered_gone": ""}
    return {
        "answers": Document.objects.visible_to(actor).filter(pk=key).first(),
        "answered_gone": taken_out([key]).get(key, ""),
    }


def taken_out(answers: Iterable[int]) -> dict[int, str]:
    """By their keys, those of these answered documents that were taken out by decision: a sentence.

    Nothing of what they said stands in it, so whoever has drafted the answer may read it even when
    he does not see the document (any more).
    """
    acts = DocumentAct.objects.filter(target__in=set(answers), verb=IncomingVerb.PURGE)
    said = _(
        "Gỡ theo quyết định số %(number)s ngày %(day)s. Xem lại nội dung lấy từ đó: bỏ dự thảo, "
        "hoặc thu hồi nếu đã phát hành."
    )
    return {
        act.target_id: said
        % {
            "number": act.detail.get("decision_number", ""),
            "day": f"{date.fromisoformat(act.detail['decision_date']):%d/%m/%Y}",
        }
        for act in acts
    }
