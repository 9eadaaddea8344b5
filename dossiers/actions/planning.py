"""The line of the year's catalogue under which a dossier is opened: one line, one dossier."""

from django.utils.translation import gettext as _

from accounts.actor import Actor
from core.errors import Refusal
from dossiers import rules
from dossiers.choices import CatalogueState
from dossiers.models import Catalogue, Dossier, PlannedDossier
from dossiers.rules.catalogue import addition_article


class CodeTaken(Refusal):
    """The code is another dossier's; ``other`` is that one, when the actor may see it."""

    def __init__(self, message: str, other: Dossier | None) -> None:
        super().__init__(message, field="file_notation")
        self.other = other


class NotPlanned(Refusal):
    """The issued ``catalogue`` has no such line: it is proposed there and approved first."""

    def __init__(self, message: str, article: str, catalogue: Catalogue) -> None:
        super().__init__(message, article, field="file_notation")
        self.catalogue = catalogue


def free_line(actor: Actor, line: PlannedDossier) -> PlannedDossier:
    """The line of the catalogue, locked. Raises CodeTaken when a dossier was opened under it."""
    rows = PlannedDossier.objects.select_for_update(of=("self",)).select_related("catalogue")
    line = rows.get(pk=line.pk, catalogue__agency=actor.agency)
    other = Dossier.objects.filter(planned=line).first()
    if other is not None:
        seen = Dossier.objects.visible_to(actor).filter(pk=other.pk).first()
        raise CodeTaken(_("Hồ sơ này của danh mục đã được lập."), seen)
    return line


def line_for(actor: Actor, year: int, notation: str) -> PlannedDossier | None:
    """The free line of the year's issued catalogue with that notation; None where none is needed.

    Raises Refusal for a line that is somebody else's to open or has its dossier, and NotPlanned
    where the agency's regulation wants what the catalogue lacks to be approved first (Cần Thơ
    Điều 13.1).
    """
    catalogue = Catalogue.objects.issued().filter(agency=actor.agency, year=year).first()
    if catalogue is None:
        return None
    found = catalogue.lines.filter(file_notation__iexact=notation)
    line = found.filter(state=CatalogueState.APPROVED).first()
    if line is not None:
        line = free_line(actor, line)
        refusal = rules.may_open_planned.ask(actor, line)
        if refusal is not None:
            raise Refusal(refusal.message, refusal.article, field="file_notation")
        return line
    if actor.agency.regulation.catalogue_addition is None:
        return None
    catalogue.agency = actor.agency
    what = {"notation": notation, "year": year}
    if found.filter(state=CatalogueState.SUBMITTED).exists():
        said = _("Hồ sơ %(notation)s đang chờ duyệt bổ sung vào danh mục năm %(year)d.") % what
    else:
        said = (
            _(
                "Danh mục hồ sơ năm %(year)d không có hồ sơ %(notation)s. Đề nghị bổ sung vào danh "
                "mục, được duyệt rồi lập."
            )
            % what
        )
    raise NotPlanned(said, addition_article(actor), catalogue)
