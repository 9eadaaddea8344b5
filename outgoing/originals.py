"""Whether what a copy was made of still stands: one that was recalled is copied and sent no more.

NĐ 30/2020 Điều 18.3: what was recalled has no effect, and so has nothing that was copied from it.
Reads only.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from core.errors import Refusal
from documents.choices import Kind
from documents.models import Document, DocumentAct
from incoming.choices import RECALLED, RecallAnswer
from incoming.choices import State as IncomingState
from incoming.choices import Verb as IncomingVerb
from incoming.models import IncomingDocument
from outgoing.choices import State, Verb
from outgoing.models import OutgoingDocument


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
    """The original of a copy, or the original of that one, if it was recalled or taken out."""
    key, seen = document.copy_of_id, set()
    while key is not None and key not in seen:
        seen.add(key)
        original = Document.objects.get(pk=key)
        if original.kind == Kind.OUTGOING:
            own = OutgoingDocument.objects.get(pk=key)
            if own.state == State.RECALLED:
                return _gone(document, original, Verb.RECALL, "recall_notice")
            key = own.copy_of_id
            continue
        came = IncomingDocument.objects.get(pk=key)
        if _is_wanted_back(came):
            return _gone(document, original, IncomingVerb.SENDER_RECALL, "recall_cancels")
        if came.state == IncomingState.VOID:
            said = _("Bản gốc đã được gỡ khỏi hệ thống.")
            return Gone(original, said, "", "")
        return None
    return None


def _is_wanted_back(came: IncomingDocument) -> bool:
    """Its sender has recalled it; one that was kept all the same stands."""
    if came.refusal_reason == RECALLED:
        return True
    return came.recalled_at is not None and came.recall_answer != RecallAnswer.REFUSED


def _gone(document: OutgoingDocument, original: Document, verb: str, key: str) -> Gone:
    acts = DocumentAct.objects.filter(target_id=original.pk, verb=verb).select_related("words")
    act = acts.order_by("-ordinal").first()
    reason = act.words.text if act is not None and hasattr(act, "words") else ""
    code = original.code or original.subject[:80]
    if reason:
        said = _("Bản gốc %(code)s đã bị thu hồi: %(reason)s.")
        sentence = said % {"code": code, "reason": reason.rstrip(".")}
    else:
        sentence = _("Bản gốc %(code)s đã bị thu hồi.") % {"code": code}
    rule = getattr(document.agency.regulation, key)
    return Gone(original, sentence, reason, rule.article if rule else "")


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
