"""A table is shown first and written only when the one who uploaded it confirms just that."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from accounts.actor import Actor
from core import clock
from core.errors import Refusal, Stale
from dossiers import importing, tree
from dossiers.actions import holding
from dossiers.choices import MOST_HEADINGS, MOST_LINES
from dossiers.importing import Difference, Planned, Reading
from dossiers.models import Catalogue, CatalogueImport, Heading, PlannedDossier
from dossiers.rules import catalogue as rules

_WRITTEN = [
    "file_notation", "title", "maintenance", "description", "creator", "unit", "creator_user",
    "heading", "version",
]  # fmt: skip


@transaction.atomic
def keep_import(actor: Actor, catalogue: Catalogue, reading: Reading) -> CatalogueImport:
    """Keep what a sheet says until it is confirmed; his earlier one of this catalogue goes."""
    catalogue = holding.lock(actor, catalogue)
    holding.allowed(rules.may_edit, actor, catalogue)
    CatalogueImport.objects.filter(catalogue=catalogue, user=actor.user).delete()
    return CatalogueImport.objects.create(
        catalogue=catalogue,
        user=actor.user,
        version=catalogue.version,
        rows=reading.rows,
        created_at=clock.now(),
    )


def difference(actor: Actor, catalogue: Catalogue, rows: list[dict[str, Any]]) -> Difference:
    """What these rows would change in the catalogue as it stands."""
    headings, lines = tree.loaded(actor, catalogue)
    return importing.compare(rows, headings, lines, tree.creators_of(actor))


@transaction.atomic
def confirm_import(
    actor: Actor, catalogue: Catalogue, token: UUID, *, remove_missing: bool
) -> Difference:
    """Write what was shown under this token, in the order of the table.

    Raises Stale when the token is no longer his, or when somebody has changed the catalogue, and
    Refusal when it would become too long with what stands there already.
    """
    catalogue = holding.lock(actor, catalogue)
    actor = holding.allowed(rules.may_edit, actor, catalogue)
    kept = CatalogueImport.objects.filter(catalogue=catalogue, user=actor.user, token=token).first()
    if kept is None:
        raise Stale(_("Lần nhập này đã xong hoặc đã được thay bằng tệp khác. Gửi lại tệp."))
    if kept.version != catalogue.version:
        raise Stale(
            _("Danh mục đã thay đổi từ lúc xem trước nên chưa ghi gì. Gửi lại tệp để xem lại.")
        )
    found = difference(actor, catalogue, kept.rows)
    if found.faults:
        raise Refusal(_("Tệp còn chỗ sai nên chưa ghi gì. Sửa tệp rồi gửi lại."))
    _refuse_too_many(catalogue, found, remove_missing=remove_missing)
    headings = _headings(actor, catalogue, found)
    if remove_missing:
        _remove(actor, found)
    _write(actor, catalogue, found, headings)
    kept.delete()
    holding.changed(catalogue)
    return found


def _refuse_too_many(catalogue: Catalogue, found: Difference, *, remove_missing: bool) -> None:
    count = len(found.planned) + (0 if remove_missing else len(found.missing))
    if count > MOST_LINES:
        raise Refusal(
            _(
                "Ghi tệp này thì danh mục có %(count)d hồ sơ, nhiều nhất %(most)d. Bớt trong tệp, "
                "hoặc chọn bỏ các hồ sơ không có trong tệp."
            )
            % {"count": count, "most": MOST_LINES}
        )
    count = catalogue.headings.count() + len(found.new_headings)
    if count > MOST_HEADINGS:
        raise Refusal(
            _(
                "Ghi tệp này thì danh mục có %(count)d đề mục, nhiều nhất %(most)d. "
                "Bớt đề mục trong tệp."
            )
            % {"count": count, "most": MOST_HEADINGS}
        )


def _headings(
    actor: Actor, catalogue: Catalogue, found: Difference
) -> dict[tuple[str, str], Heading]:
    """Every heading by its titles, missing ones made; in the order of the table, others last."""
    rows = list(catalogue.headings.all())
    titles = {one.pk: one.title for one in rows}
    made = {
        (titles[one.parent_id], one.title) if one.parent_id else (one.title, ""): one
        for one in rows
    }
    order = list(dict.fromkeys([*found.headings, *made]))
    for place in sorted(order, key=lambda place: bool(place[1])):  # large ones first
        if place not in made:
            parent = made[place[0], ""] if place[1] else None
            heading = Heading(
                catalogue=catalogue,
                parent=parent,
                title=place[1] or place[0],
                abbreviation="" if parent else _group(found, place),
                ordinal=holding.last_place(catalogue.headings.filter(parent=parent)),
            )
            holding.save(actor, heading)
            made[place] = heading
    counts: dict[int | None, int] = {}
    for place in order:
        heading = made[place]
        counts[heading.parent_id] = counts.get(heading.parent_id, 0) + 1
        heading.ordinal = counts[heading.parent_id]
    Heading.objects.bulk_update(made.values(), ["ordinal"])  # layout: no history of it
    return made


def _group(found: Difference, place: tuple[str, str]) -> str:
    """The abbreviation that the notations under a new heading share, if they do."""
    groups = {one.notation.partition(".")[2] for one in found.planned if one.heading[0] == place[0]}
    [group] = groups if len(groups) == 1 else [""]
    return group[:10]


def _remove(actor: Actor, found: Difference) -> None:
    if PlannedDossier.objects.filter(
        pk__in=[line.pk for line in found.missing], dossiers__isnull=False
    ).exists():
        raise Refusal(_("Có hồ sơ đã lập theo dòng không còn trong tệp; giữ các dòng ấy lại."))
    for line in found.missing:
        holding.remove(actor, line)


def _write(
    actor: Actor,
    catalogue: Catalogue,
    found: Difference,
    headings: dict[tuple[str, str], Heading],
) -> None:
    new = []
    for one in found.new:
        line = PlannedDossier(catalogue=catalogue, ordinal=0)
        _fill(line, one, headings)
        new.append(line)
    changed = [one.line for one in found.changed if one.line is not None]
    for one in found.changed:
        if one.line is not None:
            _fill(one.line, one, headings)
            one.line.version += 1
    bulk_update_with_history(
        changed, PlannedDossier, _WRITTEN, batch_size=500, default_user=actor.user
    )
    # Places before the new rows are written: two of one heading may not share one, at the end.
    by_row = dict(zip((one.row for one in found.new), new, strict=True))
    counts: dict[int | None, int] = {}
    placed: list[PlannedDossier] = []
    for one in found.planned:
        placed.append(by_row[one.row] if one.line is None else one.line)
    rest = [line for line in found.missing if line.pk]
    placed += sorted(rest, key=lambda line: (line.heading_id or 0, line.ordinal))
    for line in placed:
        counts[line.heading_id] = counts.get(line.heading_id, 0) + 1
        line.ordinal = counts[line.heading_id]
    PlannedDossier.objects.bulk_update(
        [line for line in placed if line.pk], ["ordinal"], batch_size=500
    )
    bulk_create_with_history(new, PlannedDossier, batch_size=500, default_user=actor.user)


def _fill(line: PlannedDossier, one: Planned, headings: dict[tuple[str, str], Heading]) -> None:
    for name in ("file_notation", "title", "maintenance", "description"):
        setattr(line, name, one.values[name])
    if one.creator is not None:
        line.creator, line.unit = one.creator.words, one.creator.unit
        line.creator_user = one.creator.user
    line.heading = headings[one.heading]
