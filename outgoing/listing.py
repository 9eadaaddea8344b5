"""Drafts and outgoing documents as lines of lists and of what a search finds."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.choices import Role
from documents.marks import marked
from documents.models import Waiting
from outgoing import presenting
from outgoing.choices import TO_ISSUE, State, Verb
from outgoing.models import OutgoingDocument

# What waits beside the step at which a draft stands.
BESIDE = (Verb.READ, Verb.GIVE_OPINION)


def loaded() -> QuerySet:
    """Drafts with their people, and since when each waits."""
    # Of the step that it stands at: an opinion or a share waits beside it.
    step = Waiting.objects.filter(document=OuterRef("pk")).exclude(verb__in=BESIDE)
    since = step.order_by("since")
    rows = OutgoingDocument.objects.with_people().select_related("agency")
    return rows.annotate(waits_since=Subquery(since.values("since")[:1]))


def line(actor: Actor, one: Any, words: list[str]) -> dict[str, Any]:
    """One line: its state, whom it waits for and since when; ``words`` that were looked for."""
    one.agency = actor.agency
    one.drafter.unit.agency = actor.agency
    return {
        "document": one,
        "url": one.get_absolute_url(),
        "subject": marked(one.subject, words) if words else one.subject,
        "status": presenting.status_kind(one),
        "state": one.get_state_display(),
        "due": presenting.due(one),
        "since": one.waits_since,
        "who": _waits_for(one),
    }


def _waits_for(one: Any) -> str:
    """Whom a draft of ``loaded`` waits for, in words."""
    if one.state == State.DRAFTING:
        return one.drafter.user.full_name
    if one.state == State.SIGNING and one.signer:
        return one.signer.user.full_name
    if one.state in TO_ISSUE:
        if one.waits_for_signature and one.signer:
            return one.signer.user.full_name
        return one.agency.title_of(Role.CLERK)
    if one.state == State.ISSUED and one.waits_since:  # its paper copies are still to be sent
        return _("%(post)s, gửi bản giấy") % {"post": one.agency.title_of(Role.CLERK)}
    step = one.way.get(one.state)
    if step is None:
        return ""
    return one.drafter.unit.name if one.state == State.CONTENT else one.agency.title_of(step.value)
