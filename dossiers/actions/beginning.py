"""begin: open a dossier or a task, and give it out in the same step; one form begins one."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.actor import Actor
from accounts.models import Appointment
from documents.actions.giving import Line
from documents.choices import AssignmentRole
from documents.models import Document
from dossiers import rules, showing
from dossiers.actions.handing import keeper_of
from dossiers.actions.opening import Fields, open, open_task
from dossiers.actions.planning import CodeTaken
from dossiers.actions.showing import show
from dossiers.actions.work import give_out
from dossiers.models import Dossier, PlannedDossier


def begin(
    actor: Actor,
    fields: Fields,
    *,
    lines: Sequence[Line] = (),
    keeper: Appointment | None = None,
    source: Document | None = None,
    planned: PlannedDossier | None = None,
    text: str = "",
    documents: Sequence[Document] = (),
    token: UUID | None = None,
) -> Dossier:
    """Open a dossier, and give it out to these (Bắc Giang Điều 6.1): two acts or none.

    Whoever leads it keeps it: the person, of a unit its head, where there is one; they may read
    these ``documents``. The same form (``token``) sent twice opens one, and answers it. Raises
    whatever open or give_out raises; then nothing has happened, and no number is taken.
    """
    for line in lines:
        if line.role == AssignmentRole.LEAD:
            keeper = keeper_of(line) or keeper

    def do(token: UUID | None) -> Dossier:
        dossier = open(
            actor, fields, keeper=keeper, source=source, planned=planned, text=text, token=token
        )
        if lines:
            return give_out(actor, dossier, lines, documents=documents)
        show(actor, dossier, [showing.keeping(dossier)], documents)
        return dossier

    return _once(actor, token, do)


def begin_task(
    actor: Actor, fields: Fields, *, lines: Sequence[Line], text: str, token: UUID | None = None
) -> Dossier:
    """Give work without a document to whoever leads it, and to those who help (Kon Tum Điều 20.2).

    The person who leads keeps it; of a unit its head, where there is one. The words are the
    lead's directive where his line has none. The same form (``token``) sent twice gives it once.
    """
    # Of whoever stands in for another it is the other's, when nobody heads the unit that leads.
    keeper = rules.may_open_task.answer(actor)[1].appointment
    told = []
    for line in lines:
        if line.role != AssignmentRole.LEAD:
            told.append(line)
            continue
        keeper = keeper_of(line) or keeper
        told.append(line if line.directive else replace(line, directive=text[:1000]))

    def do(token: UUID | None) -> Dossier:
        task = open_task(actor, fields, keeper=keeper, text=text, token=token)
        return give_out(actor, task, told)

    return _once(actor, token, do)


def _once(actor: Actor, token: UUID | None, do: Callable[[UUID | None], Dossier]) -> Dossier:
    """What this form has begun already, else what it begins now."""
    if token is not None and Dossier.objects.filter(entry_token=token).exists():
        if (there := _sent(actor, token)) is not None:
            return there
        token = None  # somebody else's: no token of this form
    try:
        with transaction.atomic():
            return do(token)
    except (IntegrityError, CodeTaken):
        # The same form, sent at the same moment, was first.
        there = _sent(actor, token) if token else None
        if there is None:
            raise
        return there


def _sent(actor: Actor, token: UUID) -> Dossier | None:
    rows = Dossier.objects.visible_to(actor).with_people()
    there: Dossier | None = rows.filter(entry_token=token).first()
    if there is not None:
        there.agency = actor.agency
    return there
