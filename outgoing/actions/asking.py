"""ask_opinion, comment, remark, settle: what others say of a draft."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Post, User
from core import clock
from core.errors import Refusal
from documents.actions import asking, keep_proof, working
from documents.actions.giving import Line
from documents.gate import let_words_in
from documents.models import DocumentAct
from outgoing import rules
from outgoing.actions import routing
from outgoing.actions.turns import whose_turn
from outgoing.actions.uploading import Uploaded
from outgoing.choices import LONGEST_QUOTE, Verb
from outgoing.models import OutgoingDocument, Remark


def ask_opinion(
    actor: Actor,
    document: OutgoingDocument,
    lines: Sequence[Line],
    *,
    text: str,
    day: date | None = None,
    answered: str | None = None,
) -> OutgoingDocument:
    """Ask units and people what they think of the draft, until a day (Cần Thơ Điều 9.2a).

    ``answered``, here and below: that these words are of no forbidden kind (documents.gate).
    """
    let_words_in(actor.agency.regulation, [text], answered)
    rule = rules.may_ask_opinion
    return asking.ask_opinion(actor, document, lines, text=text, day=day, rule=rule)


def share(
    actor: Actor, document: OutgoingDocument, lines: Sequence[Line], *, text: str = ""
) -> OutgoingDocument:
    """Let units and people see it."""
    return working.share(actor, document, lines, rule=rules.may_share, text=text)


@transaction.atomic
def give_opinion(
    actor: Actor,
    document: OutgoingDocument,
    *,
    stance: str,
    text: str = "",
    file: Uploaded | None = None,
    answered: str | None = None,
) -> OutgoingDocument:
    """Agree, disagree or say otherwise, with a file where there is more to say."""
    facts = let_words_in(actor.agency.regulation, [text], answered) | (file.facts if file else {})
    document = asking.give_opinion(actor, document, stance=stance, text=text, facts=facts)
    if file is not None:
        given = DocumentAct.objects.filter(target_id=document.pk, verb=Verb.GIVE_OPINION)
        keep_proof(given.latest("ordinal"), file.row)
    return document


@transaction.atomic
def comment(
    actor: Actor, document: OutgoingDocument, *, text: str, answered: str | None = None
) -> OutgoingDocument:
    """Say a word about all of it: the drafter is told; of his own words, whose turn it is."""
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_comment, actor, document)
    if not text:
        raise Refusal(_("Ghi ý kiến."), field="text")
    facts = let_words_in(actor.agency.regulation, [text], answered)
    users: list[User] = [document.drafter.user]
    posts: list[Post] = []
    if rules.drafts(actor, document):
        users, posts = whose_turn(document)
    routing.conclude(
        document,
        actor,
        Verb.COMMENT,
        before=document.state,
        text=text,
        users=users,
        posts=posts,
        detail=facts,
    )
    return document


@transaction.atomic
def remark(
    actor: Actor,
    document: OutgoingDocument,
    *,
    version: int,
    line: int,
    quote: str,
    text: str,
    answered: str | None = None,
) -> Remark:
    """Say a word about one place of a version; the drafter is told."""
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_remark, actor, document)
    if not text:
        raise Refusal(_("Ghi nội dung góp ý."), field="text")
    facts = let_words_in(actor.agency.regulation, [text], answered)
    made = Remark.objects.create(
        version=document.versions.get(ordinal=version),
        line=line,
        quote=quote[:LONGEST_QUOTE],
        text=text,
        author=actor.own,
        made_at=clock.now(),
    )
    routing.conclude(
        document,
        actor,
        Verb.REMARK,
        before=document.state,
        text=text,
        users=[document.drafter.user],
        detail={"version": version, "line": line, "remark": made.pk, **facts},
    )
    return made


@transaction.atomic
def settle(actor: Actor, document: OutgoingDocument, found: Remark) -> Remark:
    """The drafter has taken a remark into account; its author is told."""
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_settle, actor, document)
    row = Remark.objects.select_for_update(of=("self",)).get(
        pk=found.pk, version__document=document
    )
    if row.settled_at is not None:
        return row
    row.settled_at = clock.now()
    row.save(update_fields=["settled_at"])
    routing.conclude(
        document,
        actor,
        Verb.SETTLE,
        before=document.state,
        users=[row.author.user],
        detail={"remark": row.pk},
    )
    return row
