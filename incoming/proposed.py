"""What was proposed to a leader, and what he agreed to, as lines of a distribution."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.actor import Actor
from documents.choices import AssignmentRole
from documents.models import DocumentAct
from incoming.actions import Line, lines_of
from incoming.choices import State, Verb
from incoming.models import IncomingDocument


def proposed_lines(document: IncomingDocument) -> list[Line]:
    """The lines of the newest proposal."""
    acts = DocumentAct.objects.filter(target_id=document.pk, verb=Verb.PROPOSE)
    newest = list(acts.order_by("-ordinal")[:1])
    return lines_of(newest).get(newest[0].pk, []) if newest else []


def decisions(documents: Iterable[IncomingDocument]) -> dict[int, DocumentAct]:
    """The newest decision of a leader on each document that he has decided."""
    # Once given out, the lines have been used: what is added later is the chief's own.
    keys = [
        one.pk for one in documents if one.directed_at is not None and one.state == State.SUBMITTED
    ]
    acts = DocumentAct.objects.filter(target_id__in=keys, verb=Verb.DIRECT)
    newest = acts.order_by("target_id", "-ordinal").distinct("target_id")
    return {act.target_id: act for act in newest.select_related("actor", "words")} if keys else {}


def agreed_lines(documents: Iterable[IncomingDocument]) -> dict[int, list[Line]]:
    """By document, the lines to which its leader agreed (Kon Tum Điều 13.3)."""
    acts = decisions(documents)
    lines = lines_of(acts.values())
    return {key: lines[act.pk] for key, act in acts.items() if act.pk in lines}


def in_words(lines: Iterable[Line]) -> str:
    """ "Chủ trì: Phòng QLĐT, hạn 05/12/2024. Phối hợp: Phòng TCKH. Để biết: ..."."""
    parts: dict[str, list[str]] = {}
    for line in lines:
        who = str(line.person or line.unit)
        if line.due_date:
            who = _("%(who)s (hạn %(day)s)") % {"who": who, "day": f"{line.due_date:%d/%m/%Y}"}
        if line.directive:
            who = f"{who} – {line.directive.rstrip('.')}"
        parts.setdefault(line.role, []).append(who)
    return " ".join(
        f"{role.label}: {'; '.join(parts[role.value])}."
        for role in AssignmentRole
        if role.value in parts
    )


def plan(lines: Iterable[Line]) -> list[tuple[str, str]]:
    """The lines of a proposal as labels and words: "Chủ trì", "Phối hợp", "Hạn" ..."""
    lines = list(lines)
    found = [
        (str(role.label), "; ".join(str(one.person or one.unit) for one in mine))
        for role in AssignmentRole
        if (mine := [one for one in lines if one.role == role])
    ]
    found += [
        (_("Hạn"), f"{one.due_date:%d/%m/%Y}")
        for one in lines
        if one.role == AssignmentRole.LEAD and one.due_date
    ]
    found += [
        (_("Nội dung giao"), one.directive)
        for one in lines
        if one.role == AssignmentRole.LEAD and one.directive
    ]
    return found


def after_consent(actor: Actor, asked: Verb) -> tuple[str, str]:
    """What follows when the leader agrees, and the article that says so."""
    regulation = actor.agency.regulation
    if asked == Verb.DISTRIBUTE:
        return "", ""
    if gives := regulation.leader_gives_out:
        return _("Đồng ý có chủ trì thì việc được giao ngay."), gives.article
    if back := regulation.direction_returns_to:
        words = _("Ý kiến chuyển lại %(role)s để phân phối.")
        return words % {"role": actor.agency.title_of(back.value)}, back.article
    return "", ""
