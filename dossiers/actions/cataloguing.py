"""Headings and lines of a catalogue: add, change, move, remove."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import ProtectedError, QuerySet
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Unit, User
from core.errors import Refusal
from dossiers.actions import holding
from dossiers.choices import MOST_HEADINGS, MOST_LINES, CatalogueState, CatalogueVerb
from dossiers.models import Catalogue, Heading, PlannedDossier
from dossiers.rules import catalogue as rules


@dataclass(frozen=True)
class LineEntry:
    """What is typed of one dossier; notation and retention as ``dossiers.notation`` writes them."""

    file_notation: str
    title: str
    maintenance: str
    creator: str
    heading: Heading
    creator_user: User | None = None
    unit: Unit | None = None
    description: str = ""


@transaction.atomic
def add_heading(
    actor: Actor,
    catalogue: Catalogue,
    *,
    title: str,
    abbreviation: str = "",
    parent: Heading | None = None,
) -> Heading:
    """Add a heading at the end: a large one, or a small one of ``parent``.

    Raises Refusal outside a draft, for a third level, and for a title that stands there already.
    """
    catalogue = holding.lock(actor, catalogue)
    actor = holding.allowed(rules.may_edit, actor, catalogue)
    if parent is not None:
        parent = catalogue.headings.get(pk=parent.pk)
        if parent.parent_id is not None:
            raise Refusal(_("Đề mục nhỏ không chia thêm được; danh mục có hai cấp đề mục."))
    if catalogue.headings.count() >= MOST_HEADINGS:
        raise Refusal(_("Danh mục có nhiều nhất %(most)d đề mục.") % {"most": MOST_HEADINGS})
    beside = catalogue.headings.filter(parent=parent)
    _require_new_title(beside, title)
    heading = Heading(
        catalogue=catalogue,
        parent=parent,
        title=title,
        abbreviation=abbreviation,
        ordinal=holding.last_place(beside),
    )
    holding.save(actor, heading)
    holding.changed(catalogue)
    return heading


@transaction.atomic
def change_heading(
    actor: Actor, heading: Heading, *, version: int, title: str, abbreviation: str = ""
) -> Heading:
    """Give a heading other words. Raises Stale when somebody changed it since ``version``."""
    actor, heading = _heading(actor, heading)
    holding.require_unchanged(heading, version)
    _require_new_title(_beside(heading).exclude(pk=heading.pk), title)
    heading.title, heading.abbreviation = title, abbreviation
    heading.version += 1
    holding.save(actor, heading)
    holding.changed(heading.catalogue)
    return heading


@transaction.atomic
def move_heading(actor: Actor, heading: Heading, by: int) -> bool:
    """One place up (-1) or down (1) among its equals; False when it stands at the end."""
    actor, heading = _heading(actor, heading)
    if moved := holding.move(heading, _beside(heading), by):
        holding.changed(heading.catalogue)
    return moved


@transaction.atomic
def remove_heading(actor: Actor, heading: Heading) -> None:
    """Take an empty heading out. Raises Refusal when something stands under it."""
    actor, heading = _heading(actor, heading)
    if heading.lines.exists() or heading.children.exists():
        raise Refusal(_("Đề mục còn hồ sơ hoặc đề mục nhỏ. Chuyển hoặc bỏ chúng trước."))
    beside, place, catalogue = _beside(heading), heading.ordinal, heading.catalogue
    holding.remove(actor, heading)
    holding.close_gap(beside, place)
    holding.changed(catalogue)


@transaction.atomic
def add_line(actor: Actor, catalogue: Catalogue, entry: LineEntry) -> PlannedDossier:
    """Add a dossier at the end of its heading.

    Raises Refusal outside a draft, and for a notation that stands in the year's catalogue.
    """
    catalogue = holding.lock(actor, catalogue)
    actor = holding.allowed(rules.may_edit, actor, catalogue)
    return _add(actor, catalogue, entry, CatalogueState.DRAFT)


@transaction.atomic
def propose_line(actor: Actor, catalogue: Catalogue, entry: LineEntry) -> PlannedDossier:
    """Ask for a dossier in an issued catalogue (Cần Thơ Điều 13.1, NĐ 30/2020 Điều 29.2c).

    It counts once it is approved; whoever approves is told.
    """
    catalogue = holding.lock(actor, catalogue)
    actor = holding.allowed(rules.may_propose_line, actor, catalogue)
    line = _add(actor, catalogue, entry, CatalogueState.SUBMITTED)
    _tell_approvers(actor, catalogue)
    return line


@transaction.atomic
def change_line(
    actor: Actor, line: PlannedDossier, *, version: int, entry: LineEntry
) -> PlannedDossier:
    """Write a line anew. Raises Stale when somebody changed it since ``version``.

    A proposed line that was sent back is proposed again by it.
    """
    line = holding.lock_line(actor, line)
    actor = holding.allowed(rules.may_change_line, actor, line)
    holding.require_unchanged(line, version)
    catalogue = line.catalogue
    _require_free(catalogue, entry.file_notation, but=line)
    was, place = line.heading, line.ordinal
    heading = catalogue.headings.get(pk=entry.heading.pk)
    moves = was is None or was.pk != heading.pk
    _fill(line, entry, heading)
    if moves:
        line.ordinal = holding.last_place(heading.lines.all())
    if catalogue.state == CatalogueState.APPROVED:
        line.state, line.returned_reason = CatalogueState.SUBMITTED, ""
        _tell_approvers(actor, catalogue)
    line.version += 1
    holding.save(actor, line)
    if moves and was is not None:
        holding.close_gap(was.lines.all(), place)
    holding.changed(catalogue)
    return line


@transaction.atomic
def move_line(actor: Actor, line: PlannedDossier, by: int) -> bool:
    """One place up (-1) or down (1) under its heading; False when it stands at the end."""
    line = holding.lock_line(actor, line)
    holding.allowed(rules.may_edit, actor, line.catalogue)
    beside = line.catalogue.lines.filter(heading=line.heading)
    if moved := holding.move(line, beside, by):
        holding.changed(line.catalogue)
    return moved


@transaction.atomic
def remove_line(actor: Actor, line: PlannedDossier) -> None:
    """Take a line out of a draft, or a proposal back. Its history stays."""
    line = holding.lock_line(actor, line)
    actor = holding.allowed(rules.may_remove_line, actor, line)
    beside = line.catalogue.lines.filter(heading=line.heading)
    place, catalogue = line.ordinal, line.catalogue
    try:
        holding.remove(actor, line)
    except ProtectedError as error:
        raise Refusal(_("Đã có hồ sơ lập theo dòng này nên không bỏ được.")) from error
    holding.close_gap(beside, place)
    holding.changed(catalogue)


def _heading(actor: Actor, heading: Heading) -> tuple[Actor, Heading]:
    """The heading read anew, its catalogue locked, and as whom it may be changed."""
    catalogue = holding.lock(actor, Catalogue(pk=heading.catalogue_id))
    actor = holding.allowed(rules.may_edit, actor, catalogue)
    found: Heading = catalogue.headings.get(pk=heading.pk)
    found.catalogue = catalogue
    return actor, found


def _beside(heading: Heading) -> "QuerySet[Heading]":
    return heading.catalogue.headings.filter(parent=heading.parent_id)


def _require_new_title(beside: "QuerySet[Heading]", title: str) -> None:
    if beside.filter(title__iexact=title).exists():
        raise Refusal(_("Đã có đề mục này ở cùng cấp. Ghi tên khác."), field="title")


def _add(
    actor: Actor, catalogue: Catalogue, entry: LineEntry, state: CatalogueState
) -> PlannedDossier:
    if catalogue.lines.count() >= MOST_LINES:
        raise Refusal(_("Danh mục có nhiều nhất %(most)d hồ sơ.") % {"most": MOST_LINES})
    _require_free(catalogue, entry.file_notation)
    heading = catalogue.headings.get(pk=entry.heading.pk)
    line = PlannedDossier(catalogue=catalogue, state=state)
    _fill(line, entry, heading)
    line.ordinal = holding.last_place(heading.lines.all())
    if state == CatalogueState.SUBMITTED:
        line.proposed_by = actor.appointment
    holding.save(actor, line)
    holding.changed(catalogue)
    return line


def _fill(line: PlannedDossier, entry: LineEntry, heading: Heading) -> None:
    line.heading = heading
    for name in ("file_notation", "title", "maintenance", "creator", "creator_user", "unit"):
        setattr(line, name, getattr(entry, name))
    line.description = entry.description


def _require_free(
    catalogue: Catalogue, notation: str, *, but: PlannedDossier | None = None
) -> None:
    rows = catalogue.lines.filter(file_notation__iexact=notation)
    taken = rows.exclude(pk=but.pk if but else None).first()
    if taken is None:
        return
    if taken.state == CatalogueState.APPROVED or catalogue.state != CatalogueState.APPROVED:
        raise Refusal(
            _("Năm nay đã có hồ sơ %(notation)s: “%(title)s”. Chọn số khác.")
            % {"notation": taken.file_notation, "title": taken.title},
            field="file_notation",
        )
    # What somebody else proposes is not shown before it is approved.
    raise Refusal(
        _("Đã có người đề nghị hồ sơ mang số %(notation)s. Chọn số khác.")
        % {"notation": taken.file_notation},
        field="file_notation",
    )


def _tell_approvers(actor: Actor, catalogue: Catalogue) -> None:
    holding.tell(actor, catalogue, CatalogueVerb.PROPOSE_LINE, rules.approvers(actor))
