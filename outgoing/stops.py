"""The way of a draft as its page draws it: each stop, who takes it, who has signed off."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import Role
from documents.models import DocumentAct, Waiting
from outgoing.choices import GONE_OUT, PASSING, TO_ISSUE, Medium, State, Task, Verb
from outgoing.models import OutgoingDocument, SignOff
from outgoing.sending import is_late


@dataclass(frozen=True)
class Stop:
    """One station of its way: who takes it, what became of it."""

    label: str
    who: str
    # "done", "now" or "later"; "old" where somebody has edited the text since.
    status: str
    by: str = ""
    at: datetime | None = None
    version: int = 0
    overruled: tuple[str, ...] = ()
    since: datetime | None = None
    note: str = ""


def same_text(document: OutgoingDocument, acts: Sequence[DocumentAct]) -> set[int]:
    """The versions whose text is that of the newest: between them only the signer changed."""
    found = {document.version_count}
    for act in reversed(acts):
        if act.verb == Verb.TAKE_OVER and act.detail["version"] in found:
            found.add(act.detail["of"])
    return found


def stops_of(
    document: OutgoingDocument, sign_offs: Sequence[SignOff], same: Collection[int] = ()
) -> list[Stop]:
    """Its whole way, from the drafter to the signature, with what has been signed off.

    ``same``: the versions that hold the newest text (``same_text``).
    """
    newest_text = {document.version_count, *same}
    if document.is_copy:
        who = document.drafter.user.full_name
        label = str(Verb.COPY.label)
        return [Stop(label, document.drafter.title, "done", by=who, at=document.approved_at)]
    waits = {row.verb: row for row in Waiting.objects.filter(document_id=document.pk)}
    newest = {row.step: row for row in sign_offs}
    found: list[Stop] = []
    order = [State.DRAFTING, *document.way, State.SIGNING]
    # An approved one has passed all of them.
    at = order.index(document.state) if document.state in order else len(order)
    for place, state in enumerate(order):
        done = newest.get(state)
        status = "done" if place < at else "now" if place == at else "later"
        since = None
        if status == "now":
            verb = PASSING[State(state)].value if state != State.DRAFTING else ""
            row = waits.get(verb) or waits.get("draft") or waits.get("revise")
            since = row.since if row else None
        if done is not None and done.version.ordinal not in newest_text and place < at:
            status = "old"
        found.append(
            Stop(
                label=_stop_label(State(state)),
                who=_taker(document, State(state)),
                status=status,
                by=done.appointment.user.full_name if done and place < at else "",
                at=done.at if done and place < at else None,
                version=done.version.ordinal if done and place < at else 0,
                overruled=tuple(done.overruled.values()) if done and place < at else (),
                since=since,
            )
        )
    if State.CONTENT not in document.way and (done := newest.get(State.CONTENT)):
        found.insert(1, _of_office(document, done))
    return found


def _of_office(document: OutgoingDocument, done: SignOff) -> Stop:
    """Who answered for the content where nobody had it to look at for that alone: the head in his
    own draft, the chief in those of the office (NĐ 30/2020 Điều 12)."""
    is_newest = done.version.ordinal == document.version_count
    return Stop(
        label=_stop_label(State.CONTENT),
        who=document.drafter.unit.name,
        status="done" if is_newest and document.state != State.DRAFTING else "old",
        by=done.appointment.user.full_name,
        at=done.at,
        version=done.version.ordinal,
    )


# What comes after the approval: when it was done, by which verb; none of it in a draft.
_LATER = (
    ("numbered_at", Verb.NUMBER),
    ("signed_at", Verb.SIGN),
    ("scanned_at", Verb.ATTACH_SCAN),
    ("sealed_at", Verb.SEAL),
    ("issued_at", Verb.ISSUE),
)


def later_stops(document: OutgoingDocument, acts: Sequence[DocumentAct]) -> list[Stop]:
    """The rest of its way, from the approval to the receivers."""
    if document.state not in (*TO_ISSUE, *GONE_OUT, State.VOID):
        return []
    on_paper = document.medium == Medium.PAPER
    clerk = document.agency.title_of(Role.CLERK)
    clerk = clerk[:1].upper() + clerk[1:]
    found: list[Stop] = []
    for name, verb in _LATER:
        if verb == Verb.ATTACH_SCAN and not on_paper:
            continue
        if verb == Verb.SIGN and not (document.numbers_first and not on_paper):
            continue  # where it is signed first, the signature is the approval itself
        at = getattr(document, name)
        act = next((one for one in reversed(acts) if one.verb == verb), None)
        by = act.actor.full_name if act and at else ""
        who = _taker(document, State.SIGNING) if verb == Verb.SIGN else clerk
        asked = _NEXT.get(document.next_task) if document.state in TO_ISSUE else None
        if document.waits_for_signature:
            asked = Verb.SIGN
        status = "done" if at else "now" if verb == asked else "later"
        until = document.issue_until if verb == Verb.ISSUE and at else None
        note = _("Phát hành chậm: hạn %(until)s") if until and is_late(at, until) else ""
        note = note and note % {"until": f"{timezone.localtime(until):%H:%M %d/%m/%Y}"}
        if status == "later" and document.state in (State.VOID, *GONE_OUT):
            continue
        found.append(Stop(str(verb.label), who, status, by=by, at=at, note=note))
    return found


_NEXT = {
    Task.NUMBER: Verb.NUMBER,
    Task.ATTACH_SCAN: Verb.ATTACH_SCAN,
    Task.SEAL: Verb.SEAL,
    Task.ISSUE: Verb.ISSUE,
}


def _stop_label(state: State) -> str:
    if state == State.DRAFTING:
        return _("Soạn thảo")
    return str(PASSING[state].label)


def _taker(document: OutgoingDocument, state: State) -> str:
    if state == State.DRAFTING:
        return document.drafter.user.full_name
    if state == State.SIGNING:
        return document.signer.user.full_name if document.signer else _("chưa chọn người ký")
    if state == State.CONTENT:
        return document.drafter.unit.name
    title = document.agency.title_of(document.way[state].value)
    return title[:1].upper() + title[1:]
