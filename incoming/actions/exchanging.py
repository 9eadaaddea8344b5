"""What another agency of this installation has sent: taken in, recalled by it, cancelled or kept.

The first two are acts of the sender: the person who issued it, or recalled it, has brought it
about, and the trail of the receiver's document names him with his post. He sees nothing of it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.files.storage import storages
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import receiving_post
from accounts.actor import Actor
from accounts.choices import Role
from accounts.models import Agency, Post, User
from core import clock
from core.errors import Refusal
from documents.actions import discard_quarantined, drop_file, quarantine
from documents.choices import AssignmentState, Kind, LinkKind, Part, Priority
from documents.models import DocumentAct, Link, QuarantinedFile, StoredFile, Waiting
from documents.uploads import from_bytes
from incoming import rules
from incoming.actions import routing
from incoming.actions.drafting import drop_drafts
from incoming.actions.texts import forget_text
from incoming.choices import RECALLED, Channel, RecallAnswer, State, Verb
from incoming.models import IncomingDocument

# What the sender says of it, for the registering form; gone again when it is sent away.
TOLD = (
    "type_name",
    "code_number",
    "code_notation",
    "issued_date",
    "organ_name",
    "subject",
    "language",
    "signer_position",
    "signer_full_name",
    "priority",
    "due_date",
)
_UNTOLD = {"issued_date": None, "due_date": None, "priority": Priority.NORMAL}


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The national fields as the sender has them."""

    type_name: str
    code_number: str
    code_notation: str
    issued_date: date | None
    organ_name: str
    subject: str
    language: str
    signer_position: str
    signer_full_name: str
    priority: int
    due_date: date | None
    # What it takes the place of, in words.
    replaces: str = ""


@dataclass(frozen=True)
class Enclosed:
    """A file as the sender's store holds it, and what it is called."""

    file: StoredFile
    name: str


@transaction.atomic
def receive_sent(
    sender: Actor,
    receiver: Agency,
    letter: Letter,
    files: Sequence[Enclosed],
    *,
    token: UUID,
    detail: Mapping[str, Any],
    replaced: IncomingDocument | None = None,
) -> IncomingDocument:
    """Lay what was sent into the receiver's tray: the same bytes, with what is known of them.

    ``token``: that of the delivery; the same one is taken in once. ``replaced``: what the receiver
    has of the document whose place it takes (NĐ 30/2020 Điều 18.3). Raises Refusal where the
    receiver has no clerk, and OSError when the store cannot be read.
    """
    there = IncomingDocument.objects.filter(entry_token=token).first()
    if there is not None:
        return there
    clerk = receiving_post(receiver, Role.CLERK)
    now = clock.now()
    document = IncomingDocument.objects.create(
        agency=receiver,
        kind=Kind.INCOMING,
        state=State.RECEIVED,
        day=clock.today(),
        created_at=now,
        received_at=now,
        channel=Channel.EXCHANGE,
        entry_token=token,
        sent_from=sender.agency,
        replaces_text=letter.replaces[:200],
        **{name: getattr(letter, name) for name in TOLD},
    )
    if replaced is not None:
        Link.objects.create(source=document, target=replaced, kind=LinkKind.REPLACES)
    rows = quarantine(document, [from_bytes(_content(one.file), one.name) for one in files])
    for row, one in zip(rows, files, strict=True):
        if row.sha256 != one.file.sha256:
            raise OSError(f"{one.file.path}: another content")
        row.inspection, row.signatures = one.file.inspection, one.file.signatures
    QuarantinedFile.objects.bulk_update(rows, ["inspection", "signatures"])
    routing.conclude(
        document,
        sender,
        Verb.RECEIVE,
        before="",
        posts=[clerk],
        detail={
            "files": len(rows),
            "channel": Channel.EXCHANGE,
            "sha256": [one.file.sha256 for one in files],
            **detail,
        },
    )
    return document


@transaction.atomic
def sender_recalls(
    sender: Actor,
    document: IncomingDocument,
    *,
    reason: str,
    content: Collection[str] | None = None,
) -> IncomingDocument:
    """The sender wants it back (Cần Thơ Điều 10.1b).

    ``content``: what this sender laid into the entry, by SHA-256; else all that came through the
    system. What is not in the book yet goes at once, and what the clerk has put together with it
    stays; of what is, the clerk is asked. Of what was sent away, taken out or cancelled already,
    nothing more is said.
    """
    rows = IncomingDocument.objects.select_for_update(of=("document_ptr", "self"))
    document = rows.select_related("agency__parent").get(pk=document.pk)
    gone = (State.REFUSED, State.VOID)
    if document.state in gone or document.recalled_at is not None:
        return document
    clerk = receiving_post(document.agency, Role.CLERK)
    if content is None:
        content = {one for each in brought(document).values() for one in each}
    users, groups = readers(document)
    before = document.state
    if before == State.RECEIVED:
        _take_back(document, content)
    else:
        document.recalled_at = clock.now()
    document.save()
    routing.conclude(
        document,
        sender,
        Verb.SENDER_RECALL,
        before=before,
        text=reason,
        posts=[clerk],
        article=sender.agency.regulation.article("recall_notice")
        if sender.agency.regulation.recall_notice
        else "",
        detail={
            "sha256": sorted(content),
            "readers": {"users": users, "groups": groups},
            "taken_back": before == State.RECEIVED,
        },
        is_outside=True,
    )
    return document


@transaction.atomic
def cancel(actor: Actor, document: IncomingDocument, *, text: str = "") -> IncomingDocument:
    """Cancel what its sender has recalled; the number stays taken (Cần Thơ Điều 5.2).

    The sender's copy goes from the system and open work ends; what was written about it stays,
    and so does what the clerk himself had put with it. Who had read it stands on the act, and goes
    back to the sender.
    """
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_cancel, actor, document)
    users, groups = readers(document)
    people, posts = _end_work(document)
    files = document.attachments.order_by("file_id")
    if content := _recalled(document):
        files = files.filter(file_id__in=content)
    sha256 = [file.file_id for file in files]
    for file in files:
        drop_file(file)
    forget_text(document)
    before, document.state = document.state, State.VOID
    document.refusal_reason = RECALLED
    document.recall_answer = RecallAnswer.AGREED
    document.save()
    routing.conclude(
        document,
        actor,
        Verb.CANCEL,
        before=before,
        text=text,
        users=people,
        posts=posts,
        article=actor.agency.regulation.recall_cancels.article,
        detail={"readers": {"users": users, "groups": groups}, "sha256": sha256},
    )
    return document


@transaction.atomic
def keep(actor: Actor, document: IncomingDocument, *, text: str) -> IncomingDocument:
    """Not cancel what its sender has recalled; the reason goes back. Raises Refusal without one."""
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_keep, actor, document)
    if not text:
        raise Refusal(_("Ghi lý do không hủy để bên gửi biết."), field="text")
    document.recall_answer = RecallAnswer.REFUSED
    document.save()
    routing.conclude(document, actor, Verb.KEEP, before=document.state, text=text)
    return document


def forget_told(document: IncomingDocument) -> None:
    """What the sender told of a document that is sent away stays with the sender (Kon Tum Điều 4).

    The caller saves it.
    """
    if document.channel != Channel.EXCHANGE:
        return
    for name in TOLD:
        setattr(document, name, _UNTOLD.get(name, ""))
    document.replaces_text = ""
    Link.objects.filter(source=document, kind=LinkKind.REPLACES).delete()


def hand_over_replaced(document: IncomingDocument, target: IncomingDocument) -> None:
    """What was sent goes to another entry of the tray, and with it what it takes the place of."""
    if not document.replaces_text:
        return
    target.replaces_text, document.replaces_text = document.replaces_text, ""
    for one in (document, target):
        one.save(update_fields=["replaces_text"])
    links = Link.objects.filter(source=document, kind=LinkKind.REPLACES).exclude(target=target)
    links.update(source=target)


def readers(document: IncomingDocument) -> tuple[list[int], list[int]]:
    """Keys of the people who have acted on it or opened what waited for them; groups likewise."""
    acts = DocumentAct.objects.filter(
        target_id=document.pk, appointment__unit__agency=document.agency_id
    )
    seen = Waiting.objects.filter(document_id=document.pk, seen_at__isnull=False)
    users = {*acts.values_list("actor", flat=True)}
    users |= {pk for pk in seen.values_list("user", flat=True) if pk}
    groups = {pk for pk in seen.values_list("group", flat=True) if pk}
    return sorted(users), sorted(groups)


def _content(file: StoredFile) -> bytes:
    with storages["store"].open(file.path) as stored:
        found: bytes = stored.read()
    return found


def brought(document: IncomingDocument) -> dict[int, set[str]]:
    """What was sent into an entry of the tray and lies there still, by the entry that it came as.

    As SHA-256; also where the clerk has put that entry together with this one.
    """
    there = set(document.quarantined.values_list("sha256", flat=True))
    found: dict[int, set[str]] = {}
    seen: set[int] = set()
    keys = {document.pk}
    while keys:
        seen |= keys
        acts = DocumentAct.objects.filter(target_id__in=keys)
        keys = set()
        for act in acts.filter(verb__in=(Verb.RECEIVE, Verb.MERGE)):
            if act.verb == Verb.MERGE:
                keys |= {*act.detail.get("from", ())} - seen
            elif act.detail.get("channel") == Channel.EXCHANGE:
                found[act.target_id] = {*act.detail.get("sha256", ())} & there
    return {pk: content for pk, content in found.items() if content}


def count_anew(document: IncomingDocument) -> None:
    """The files of an entry without a gap, the first of them its main one.

    From the front, so that no two files ever bear one number.
    """
    for place, file in enumerate(document.quarantined.all(), start=1):
        part = Part.MAIN if place == 1 else Part.ANNEX
        if (file.ordinal, file.part) != (place, part):
            QuarantinedFile.objects.filter(pk=file.pk).update(ordinal=place, part=part)


def own_channel(document: IncomingDocument) -> str:
    """How those files of an entry came that nobody has sent through the system."""
    if document.channel != Channel.EXCHANGE:
        return document.channel
    merges = DocumentAct.objects.filter(target_id=document.pk, verb=Verb.MERGE)
    keys = [pk for act in merges for pk in act.detail.get("from", ())]
    others = IncomingDocument.objects.filter(pk__in=keys).exclude(channel=Channel.EXCHANGE)
    return others.order_by("pk").values_list("channel", flat=True).first() or Channel.PAPER


def _take_back(document: IncomingDocument, content: Collection[str]) -> None:
    """What the sender laid into the tray goes; what else lies in the entry stays there."""
    theirs = document.quarantined.filter(sha256__in=content).values_list("pk", flat=True)
    discard_quarantined(document, list(theirs))
    if document.quarantined.exists():
        count_anew(document)
        if document.sent_from is not None:
            # The clerk's own files are left, of which the sender has told nothing.
            drop_drafts(document)
            forget_told(document)
            document.channel, document.sent_from = own_channel(document), None
        return
    drop_drafts(document)
    forget_told(document)
    document.recalled_at = clock.now()
    document.state, document.refusal_reason = State.REFUSED, RECALLED
    document.recall_answer = RecallAnswer.AGREED


def _recalled(document: IncomingDocument) -> list[str]:
    """What its sender wants back, by SHA-256; empty where the act does not say it."""
    acts = DocumentAct.objects.filter(target_id=document.pk, verb=Verb.SENDER_RECALL)
    newest = acts.order_by("-ordinal").first()
    return list(newest.detail.get("sha256", ())) if newest else []


def _end_work(document: IncomingDocument) -> tuple[list[User], list[Post]]:
    """End what is open; answers who had it. Words stay: they say why somebody did what he did."""
    users: list[User] = []
    posts: list[Post] = []
    now = clock.now()
    for one in document.all_assignments:
        if one.is_open:
            people, heads = routing.answering(one)
            users += people
            posts += heads
            one.state, one.closed_at = AssignmentState.RECALLED, now
            one.save(update_fields=["state", "closed_at"])
    opinions = document.opinions.filter(answered_at=None, withdrawn_at=None)
    opinions.update(withdrawn_at=now)
    document.forget_rows()
    return users, posts
