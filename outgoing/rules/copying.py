"""Who has a copy made, of what, in which form (NĐ 30/2020 Điều 3, 25, 26)."""

from django.utils.translation import gettext as _

from accounts.actor import Actor, rule
from accounts.choices import Role
from core.errors import NotYours, Refusal
from documents.models import Document
from documents.rules.bearing import article_of, stands_in
from outgoing.choices import COPY_SIGNS, State
from outgoing.models import OutgoingDocument
from outgoing.originals import gone
from outgoing.replacing import refusal_of
from signatures.choices import Copy


@rule
def may_copy(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """Clerk, office or leader have one made of what has gone out, and was not recalled.

    Of what came in the rule is ``incoming.rules.may_copy``.
    """
    article = article_of(actor, "copies_issued")
    if not actor.holds(Role.CLERK, Role.OFFICE_CHIEF, Role.LEADER):
        return NotYours(_("Chỉ văn thư, Văn phòng và lãnh đạo sao văn bản."), article)
    if refusal := stands_in(document, State.ISSUED) or refusal_of(document):
        return refusal
    if found := gone(document):
        return Refusal(found.sentence, found.article or article)
    if not forms_of(document):
        return Refusal(_("Chỉ sao từ bản gốc, bản chính hoặc bản sao y."))
    return None


def forms_of(original: Document) -> list[Copy]:
    """In which forms it may be copied: sao lục is of a sao y, the others of the original itself.

    NĐ 30/2020 Điều 3. Of what came in, whoever holds the paper knows best, unless its notation
    says that it is a copy.
    """
    if isinstance(original, OutgoingDocument):
        if not original.is_copy:
            return [Copy.WHOLE, Copy.PART]
        return [Copy.AGAIN] if original.copy_kind == Copy.WHOLE else []
    sign = original.code_notation.split("-")[0].upper()
    found = next((form for form, mark in COPY_SIGNS.items() if mark.upper() == sign), None)
    if found is None:
        return [Copy.WHOLE, Copy.AGAIN, Copy.PART]
    return [Copy.AGAIN] if found == Copy.WHOLE else []
