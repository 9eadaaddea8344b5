"""The way of a catalogue: begun, submitted, sent back, issued; and of lines added later."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from accounts.actor import Actor
from accounts.models import Appointment
from core import clock
from core.errors import Refusal, Stale
from dossiers.actions import holding
from dossiers.choices import CatalogueState, CatalogueVerb
from dossiers.models import Catalogue, Heading, PlannedDossier
from dossiers.rules import catalogue as rules
from dossiers.tree import unit_words


def years_to_start() -> tuple[int, int]:
    """A catalogue is begun for this year or, before it ends, for the next one."""
    this = clock.today().year
    return this, this + 1


@transaction.atomic
def start(actor: Actor, year: int) -> Catalogue:
    """Begin the catalogue of a year. Raises Refusal when there is one."""
    actor = holding.allowed(rules.may_keep, actor)
    if year not in years_to_start():
        raise Refusal(
            _("Lập danh mục cho năm %(this)d hoặc năm %(next)d.")
            % dict(zip(("this", "next"), years_to_start(), strict=True)),
            field="year",
        )
    catalogue = Catalogue(agency=actor.agency, year=year)
    try:
        with transaction.atomic():
            holding.save(actor, catalogue)
    except IntegrityError as error:
        raise Stale(
            _("Đã có danh mục hồ sơ năm %(year)d; mở ra để làm tiếp.") % {"year": year},
            field="year",
        ) from error
    return catalogue


@transaction.atomic
def start_from_last(actor: Actor, year: int) -> Catalogue:
    """Begin a year with headings and lines of the newest catalogue before it.

    Notations stay. A person who has left is replaced by his unit. Raises Refusal when this year
    has one already, so nothing is overwritten, or when there is none before it.
    """
    earlier = Catalogue.objects.visible_to(actor).filter(year__lt=year).first()
    if earlier is None:
        raise Refusal(_("Chưa có danh mục của năm trước để chép."))
    catalogue = start(actor, year)
    made: dict[int, Heading] = {}
    for level in (True, False):  # large ones first: small ones point at them
        old = list(earlier.headings.filter(parent__isnull=level))
        new = [
            Heading(
                catalogue=catalogue,
                parent=made.get(one.parent_id or 0),
                ordinal=one.ordinal,
                title=one.title,
                abbreviation=one.abbreviation,
            )
            for one in old
        ]
        bulk_create_with_history(new, Heading, default_user=actor.user)
        made |= {one.pk: copy for one, copy in zip(old, new, strict=True)}
    lines = earlier.lines.select_related("unit").order_by("heading", "ordinal", "pk")
    if earlier.state == CatalogueState.APPROVED:
        lines = lines.filter(state=CatalogueState.APPROVED)
    here = set(
        Appointment.objects.in_force(clock.today())
        .filter(unit__agency=actor.agency)
        .values_list("user", flat=True)
    )
    places: dict[int | None, int] = {}
    copies = []
    for one in lines:
        places[one.heading_id] = places.get(one.heading_id, 0) + 1
        copies.append(_copy(one, catalogue, made.get(one.heading_id), places[one.heading_id], here))
    bulk_create_with_history(copies, PlannedDossier, batch_size=500, default_user=actor.user)
    return catalogue


def _copy(
    one: PlannedDossier,
    catalogue: Catalogue,
    heading: Heading | None,
    ordinal: int,
    here: set[int],
) -> PlannedDossier:
    gone = one.creator_user_id is not None and one.creator_user_id not in here
    return PlannedDossier(
        catalogue=catalogue,
        heading=heading,
        ordinal=ordinal,
        file_notation=one.file_notation,
        title=one.title,
        maintenance=one.maintenance,
        creator=unit_words(one.unit) if gone and one.unit else one.creator,
        creator_user_id=None if gone else one.creator_user_id,
        unit=one.unit,
        description=one.description,
    )


@transaction.atomic
def submit(actor: Actor, catalogue: Catalogue) -> Catalogue:
    """Hand a draft to the head of the agency; it is not edited while it waits."""
    catalogue = holding.lock(actor, catalogue)
    actor = holding.allowed(rules.may_submit, actor, catalogue)
    catalogue.state = CatalogueState.SUBMITTED
    catalogue.submitted_by, catalogue.submitted_at = actor.appointment, clock.now()
    catalogue.returned_reason = ""
    catalogue.version += 1
    holding.save(actor, catalogue)
    holding.tell(actor, catalogue, CatalogueVerb.SUBMIT, rules.approvers(actor))
    return catalogue


@transaction.atomic
def send_back(actor: Actor, catalogue: Catalogue, *, text: str) -> Catalogue:
    """Make it a draft again, with the reason; its keepers are told."""
    catalogue = holding.lock(actor, catalogue)
    actor = holding.allowed(rules.may_decide, actor, catalogue)
    if not text:
        raise Refusal(_("Ghi lý do trả lại."), field="text")
    catalogue.state, catalogue.returned_reason = CatalogueState.DRAFT, text
    catalogue.version += 1
    holding.save(actor, catalogue)
    holding.tell(actor, catalogue, CatalogueVerb.SEND_BACK, holding.holders(actor, *rules.KEEPERS))
    return catalogue


@transaction.atomic
def approve(
    actor: Actor, catalogue: Catalogue, *, version: int, decision_number: str, decided_date: date
) -> Catalogue:
    """Issue it by a decision; all of the agency are told (NĐ 30/2020 Điều 28).

    Raises Stale when it is no longer the one that was read.
    """
    catalogue = holding.lock(actor, catalogue)
    actor = holding.allowed(rules.may_decide, actor, catalogue)
    if catalogue.version != version:
        raise Stale(_("Danh mục đã thay đổi từ lúc mở trang. Xem lại rồi ban hành."))
    if not decision_number:
        raise Refusal(_("Ghi số quyết định ban hành."), field="decision_number")
    if decided_date > clock.today():
        raise Refusal(_("Ngày ban hành ở sau hôm nay."), field="decided_date")
    now = clock.now()
    catalogue.state = CatalogueState.APPROVED
    catalogue.decision_number, catalogue.decided_date = decision_number, decided_date
    catalogue.approved_by, catalogue.approved_at = actor.appointment, now
    catalogue.version += 1
    holding.save(actor, catalogue)
    lines = list(catalogue.lines.all())
    for line in lines:
        line.state = CatalogueState.APPROVED
        line.approved_by, line.approved_at = actor.appointment, now
    bulk_update_with_history(
        lines,
        PlannedDossier,
        ["state", "approved_by", "approved_at"],
        batch_size=500,
        default_user=actor.user,
    )
    holding.tell(actor, catalogue, CatalogueVerb.APPROVE, holding.holders(actor))
    return catalogue


@transaction.atomic
def approve_line(actor: Actor, line: PlannedDossier, *, version: int) -> PlannedDossier:
    """Let a proposed dossier into the issued catalogue (Cần Thơ Điều 13.1)."""
    line = holding.lock_line(actor, line)
    actor = holding.allowed(rules.may_decide_line, actor, line)
    holding.require_unchanged(line, version)
    line.state = CatalogueState.APPROVED
    line.approved_by, line.approved_at = actor.appointment, clock.now()
    line.version += 1
    holding.save(actor, line)
    holding.changed(line.catalogue)
    _answer(actor, line, CatalogueVerb.APPROVE_LINE)
    return line


@transaction.atomic
def return_line(actor: Actor, line: PlannedDossier, *, version: int, text: str) -> PlannedDossier:
    """Give a proposed dossier back to whoever proposed it, with the reason."""
    line = holding.lock_line(actor, line)
    actor = holding.allowed(rules.may_decide_line, actor, line)
    holding.require_unchanged(line, version)
    if not text:
        raise Refusal(_("Ghi lý do trả lại."), field="text")
    line.state, line.returned_reason = CatalogueState.DRAFT, text
    line.version += 1
    holding.save(actor, line)
    holding.changed(line.catalogue)
    _answer(actor, line, CatalogueVerb.RETURN_LINE)
    return line


def _answer(actor: Actor, line: PlannedDossier, verb: CatalogueVerb) -> None:
    asked = [line.proposed_by.user] if line.proposed_by else []
    holding.tell(actor, line.catalogue, verb, asked)
