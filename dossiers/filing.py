"""Into which dossier a document may go, and in which it lies: asked by every app of documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, OuterRef, Prefetch, Q, When
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.choices import Role
from core.errors import Refusal
from core.text import clean, fold
from documents.choices import VOID_ASSIGNMENT, Kind
from documents.models import Assignment, Document, Link
from documents.rules.bearing import WORK
from dossiers.choices import RUNNING
from dossiers.models import Dossier, Item
from dossiers.querysets import DossierQuerySet
from dossiers.rules import may_file

_NEWEST = 100  # dossiers of his among which one is proposed
OFFERED = 30
# Who may put things into every dossier.
_OFFICE = (Role.LEADER, Role.OFFICE_CHIEF)
_SPEAKING = 2000  # documents in them that are looked at, the newest
# Words that stand in every second subject.
_COMMON = frozenset(
    fold(
        "và về việc của cho các tác trên trong theo tại đến ngày năm tháng số thực hiện ban hành "
        "văn bản báo cáo kế hoạch công tác tổ chức triển khai địa thành phố tỉnh phường xã huyện "
        "ủy nhân dân tăng cường giải quyết đề nghị thông được quy định một người rà soát"
    ).split()
)


@dataclass(frozen=True)
class Proposed:
    """A dossier that a document may go into, and why it is proposed; "" for no reason."""

    dossier: Dossier
    why: str = ""


def dossiers_of(actor: Actor, document: Document) -> list[Dossier]:
    """The dossiers in which it lies, those that the reader sees."""
    rows = Dossier.objects.visible_to(actor).filter(items__document=document)
    found = list(rows.with_people().order_by("-day", "-pk"))
    for one in found:
        one.agency = actor.agency
    return found


def proposed_for(actor: Actor, document: Document, typed: str = "") -> list[Proposed]:
    """Running dossiers into which the actor may put it, the likeliest first; at most OFFERED.

    Likely is where a linked document lies (what it answers), where its sender's earlier ones lie,
    and whose title or documents speak in the same words. Nothing is chosen for anybody.
    ``typed``: only those whose code or title has these words, however old they are.
    """
    rows, words = Dossier.objects.exclude(items__document=document), fold(typed).split()
    for word in words:
        rows = rows.filter(search_text__contains=word)
    offered = _fillable(actor, rows, asked=bool(words))
    scored = _scores(actor, document, offered)
    likely = sorted(offered, key=lambda one: (-scored[one.pk][0], -one.day.toordinal(), -one.pk))
    return [Proposed(one, scored[one.pk][1]) for one in likely[:OFFERED]]


def names_others(actor: Actor, offered: int) -> bool:
    """True when there may be more dossiers for him than the ``offered`` ones: by code, then.

    The office may put things into all, and is offered only its own.
    """
    return offered >= OFFERED or actor.holds(*_OFFICE)


def dossier_called(actor: Actor, code: str, document: Document | None = None) -> Dossier:
    """The one dossier with that code, or that notation, into which the actor may put things.

    Not the one in which the ``document`` lies. Raises Refusal when there is none, or more than one.
    """
    named = Q(file_code__iexact=clean(code)) | Q(code_notation__iexact=clean(code))
    rows = Dossier.objects.filter(named)
    if document is not None:
        rows = rows.exclude(items__document=document)
    found = _fillable(actor, rows, asked=True)
    if not found:
        raise Refusal(
            _("Không có hồ sơ nào đang giải quyết mang mã này để đưa văn bản vào."), field="code"
        )
    if len(found) > 1:
        raise Refusal(_("Có hơn một hồ sơ mang ký hiệu này; ghi cả mã hồ sơ."), field="code")
    return found[0]


def typed_dossier(request: HttpRequest) -> str:
    """What a list is to be narrowed to, as its reader typed it; "" for all."""
    return clean(request.GET.get("dossier", ""))[:200]


def of_dossiers(actor: Actor, typed: str, key: str = "pk") -> Q:
    """What lies in dossiers whose code or title has these words, and those dossiers themselves.

    Of dossiers that the reader sees; ``key`` is where the rows have the document.
    """
    found = Dossier.objects.visible_to(actor)
    for word in fold(typed).split():
        found = found.filter(search_text__contains=word)
    inside = Item.objects.filter(dossier__in=found.values("pk"), document=OuterRef(key))
    return Q(Exists(inside)) | Q(**{f"{key}__in": found.values("pk")})


def dossier_name(dossier: Dossier) -> str:
    """ "01.TH Title", for a list of choices."""
    return f"{dossier.code_notation} {dossier.subject}".strip()[:110]


def fillable(actor: Actor) -> list[Dossier]:
    """Running dossiers into which the actor may put documents, the newest first."""
    return _fillable(actor, Dossier.objects.all())[:OFFERED]


def _fillable(actor: Actor, rows: DossierQuerySet, *, asked: bool = False) -> list[Dossier]:
    """Those that he or his unit keeps, and those in whose work he or his unit has a part.

    ``asked``: he looks for them; the office, which may put things into all, finds all.
    """
    part = Assignment.objects.filter(
        Q(person=actor.principal.pk) | Q(person=None, unit=actor.unit), role__in=WORK
    ).exclude(state__in=VOID_ASSIGNMENT)
    mine = (
        Q(keeper__user=actor.principal.pk)
        | Q(keeper__unit=actor.unit)
        | Q(Exists(part.filter(document=OuterRef("pk"))))
    )
    if not (asked and actor.holds(*_OFFICE)):
        rows = rows.filter(mine)
    rows = rows.visible_to(actor).filter(state__in=RUNNING).with_people()
    found: list[Dossier] = []
    work = Assignment.objects.select_related("unit", "person", "given_by__user")
    whole = Prefetch("assignments", work.order_by("given_at", "pk"), to_attr="all_assignments")
    rows = rows.select_related("keeper__unit").prefetch_related(whole)
    for one in rows.order_by("-day", "-pk")[:_NEWEST]:
        one.agency = actor.agency
        if may_file(actor, one) is None:
            found.append(one)
    return found


def _scores(
    actor: Actor, document: Document, dossiers: Sequence[Dossier]
) -> dict[int, tuple[int, str]]:
    if not dossiers:
        return {}
    ends = Link.objects.filter(Q(source=document.pk) | Q(target=document.pk))
    linked = {pk for pair in ends.values_list("source", "target") for pk in pair} - {document.pk}
    words, organ_of = _words(document.subject), document.organ_name
    found: dict[int, tuple[int, str]] = {
        one.pk: _spoken(len(words & _words(one.subject))) for one in dossiers
    }
    # Only what may speak for one is read: of a hundred dossiers of 2,000 items most say nothing.
    of_case = Q(document__in=linked)
    alike = of_case | Q(document__organ_name=organ_of) if organ_of else of_case
    for word in words:
        alike |= Q(document__search_text__contains=word)
    inside = Item.objects.visible_to(actor).filter(alike, dossier__in=dossiers)
    rows = inside.order_by(Case(When(of_case, then=0), default=1), "-on", "-pk")
    for dossier, key, organ, subject in rows.values_list(
        "dossier", "document", "document__organ_name", "document__subject"
    )[:_SPEAKING]:
        if key in linked:
            other: tuple[int, str] = (100, _("có văn bản liên quan"))
        elif organ and organ == organ_of and document.kind == Kind.INCOMING:
            same = len(words & _words(subject))
            other = (10 + same, _("cùng cơ quan ban hành"))
        else:
            other = _spoken(len(words & _words(subject)))
        found[dossier] = max(found[dossier], other)
    return found


def _spoken(same: int) -> tuple[int, str]:
    return (same, _("cùng nội dung")) if same >= 2 else (0, "")


def _words(text: str) -> set[str]:
    return {one for one in fold(text).split() if len(one) > 1} - _COMMON


def file_notation(dossiers: Sequence[Dossier]) -> str:
    """Field 2.3 (Cần Thơ Điều 8.2): the notations of the dossiers in which a document lies."""
    return ", ".join(one.code_notation for one in dossiers if one.code_notation)


def lying_in(actor: Actor, document: Document, *, filed: bool = True) -> dict[str, Any]:
    """For the panel on a document's page; ``filed``: False where it is known to lie in none."""
    return {
        "dossiers": dossiers_of(actor, document) if filed else [],
        "notation_rule": actor.agency.regulation.dossier_notation,
    }
