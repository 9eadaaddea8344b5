"""What was changed in a catalogue: before and after, who, when; newest first."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dossiers.choices import CatalogueState
from dossiers.models import Catalogue, Heading, PlannedDossier

MOST = 200
_KINDS = {"+": gettext_lazy("thêm"), "~": gettext_lazy("sửa"), "-": gettext_lazy("bỏ")}
# Of each table the columns that people fill in or decide on.
_COLUMNS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (Catalogue, ("state", "decision_number", "decided_date", "returned_reason")),
    (Heading, ("title", "abbreviation")),
    (
        PlannedDossier,
        ("file_notation", "title", "maintenance", "creator", "description", "state",
         "returned_reason"),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One change of one row."""

    at: datetime
    who: str
    kind: str
    name: str
    fields: list[dict[str, str]] = field(default_factory=list)


def changes_of(catalogue: Catalogue) -> list[Change]:
    """The newest MOST changes of it, its headings and lines, also of those that were taken out."""
    found: list[tuple[Any, Change]] = []
    for model, names in _COLUMNS:
        own = {"id": catalogue.pk} if model is Catalogue else {"catalogue_id": catalogue.pk}
        rows = model.history.filter(**own).select_related("history_user")
        newest = list(rows.order_by("-history_date", "-history_id")[:MOST])
        earlier: dict[int, Any] = {}
        before: dict[int, Any] = {}
        keys = {one.id for one in newest}
        for one in model.history.filter(id__in=keys).order_by("history_id"):
            before[one.history_id] = earlier.get(one.id)
            earlier[one.id] = one
        for one in newest:
            said = _change(model, names, one, before.get(one.history_id))
            if said.fields or one.history_type != "~":
                found.append(((one.history_date, one.history_id), said))
    found.sort(key=lambda pair: pair[0], reverse=True)
    return [said for _key, said in found[:MOST]]


def _change(model: Any, names: tuple[str, ...], after: Any, before: Any) -> Change:
    fields = []
    for name in names if after.history_type == "~" and before is not None else ():
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            label = _("trạng thái") if name == "state" else model._meta.get_field(name).verbose_name
            fields.append({"label": str(label), "old": _shown(name, old), "new": _shown(name, new)})
    who = after.history_user.full_name if after.history_user else ""
    kind = str(_KINDS[after.history_type])
    return Change(after.history_date, who, kind, _name(model, after), fields)


def _name(model: Any, row: Any) -> str:
    if model is Catalogue:
        return _("danh mục hồ sơ năm %(year)d") % {"year": row.year}
    if model is Heading:
        return _("đề mục “%(title)s”") % {"title": row.title}
    return f"{row.file_notation} {row.title}"


def _shown(name: str, value: Any) -> str:
    if name == "state":
        return str(CatalogueState(value).label)
    if hasattr(value, "year"):
        return f"{value:%d/%m/%Y}"
    return str(value or "")
