"""open, open_task, grow, correct: a dossier, its code and its national fields."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import head_post
from accounts.actor import Actor
from accounts.models import Appointment, Post, User
from core import clock
from core.errors import Refusal
from core.text import clean
from documents.actions import draw_number, lock_rows
from documents.actions.concluding import answering
from documents.actions.extending import carry_down
from documents.choices import Book, Kind
from documents.models import Document, GroupGrant, UserGrant
from dossiers import rules
from dossiers.actions import routing
from dossiers.actions.items import put
from dossiers.actions.planning import CodeTaken, free_line, line_for
from dossiers.choices import State, Verb, Way
from dossiers.models import Dossier, PlannedDossier
from dossiers.notation import is_shorter, parse_maintenance, parse_notation

# Fields of TT 01/2019 Phụ lục VI that their opener fills in (Cần Thơ Điều 13.2), by column.
LABELS = {
    "code_notation": gettext_lazy("Số và ký hiệu hồ sơ"),
    "subject": gettext_lazy("Tiêu đề hồ sơ"),
    "maintenance": gettext_lazy("Thời hạn bảo quản"),
    "rights": gettext_lazy("Chế độ sử dụng"),
    "creator": gettext_lazy("Người lập hồ sơ"),
    "language": gettext_lazy("Ngôn ngữ"),
    "day": gettext_lazy("Thời gian bắt đầu"),
    "due_date": gettext_lazy("Thời hạn giải quyết"),
    "description": gettext_lazy("Ghi chú"),
}


@dataclass(frozen=True, kw_only=True)
class Fields:
    """What people type of a dossier; the system adds fields 1.1, 1.2, 9 and 10."""

    title: str
    file_notation: str = ""
    maintenance: str = ""
    rights: str = ""
    creator: str = ""
    language: str = "Tiếng Việt"
    start_date: date | None = None
    due_date: date | None = None
    description: str = ""


@transaction.atomic
def open(
    actor: Actor,
    fields: Fields,
    *,
    keeper: Appointment | None = None,
    source: Document | None = None,
    planned: PlannedDossier | None = None,
    text: str = "",
    token: UUID | None = None,
) -> Dossier:
    """Open a dossier (lập hồ sơ): from a document, from a line of the catalogue, or of own work.

    Bắc Giang Điều 6.1, Cần Thơ Điều 13.1-2. ``keeper``: who works on it, when it is somebody else;
    the head of his unit sees it too, and takes it on when he has left.
    Raises Refusal for a keeper whom the actor may not name, without the agency's identifier, for a
    wrong notation or retention, CodeTaken for a code that there is, and NotPlanned for one that
    the catalogue lacks where it must stand in it. A line with that notation becomes its line.
    """
    article = ""
    if planned is not None:
        planned = free_line(actor, planned)
    if source is not None:
        lock_rows(source.pk)
        source = routing.seen_document(actor, source)
        actor = routing.allowed(rules.may_open_from, actor, source)
        opener = actor.agency.regulation.dossier_opener
        article = opener.article if opener else ""
    elif planned is None:
        actor = routing.allowed(rules.may_open, actor)
    if planned is not None:
        actor = routing.allowed(rules.may_open_planned, actor, planned)
    dossier = _new(actor, fields, keeper)
    dossier.planned, dossier.entry_token = planned, token
    _name(actor, dossier, fields)
    _enter(actor, dossier)
    if source is not None:
        put(dossier, actor, document=source)
    # Typed as it stands in the catalogue it is of the catalogue, too.
    way = Way.DOCUMENT if source else Way.PLANNED if dossier.planned else Way.OWN
    routing.conclude(
        dossier,
        actor,
        Verb.OPEN,
        before="",
        text=text,
        users=[dossier.keeper.user],
        posts=[head_post(dossier.keeper.unit)],
        article=article,
        detail={
            "way": way.value,
            "document": source.pk if source else None,
            "keeper": dossier.keeper_id,
        },
    )
    return dossier


@transaction.atomic
def open_task(
    actor: Actor, fields: Fields, *, keeper: Appointment, text: str, token: UUID | None = None
) -> Dossier:
    """Give work that no document asks for, with a directive and a day (Kon Tum Điều 20.2, 21.1).

    Bình Định chương III Điều 10.1. Raises Refusal without words.
    """
    actor = routing.allowed(rules.may_open_task, actor)
    if not text:
        raise Refusal(_("Ghi nội dung chỉ đạo."), field="text")
    dossier = _new(actor, fields, keeper)
    dossier.is_task, dossier.entry_token = True, token
    _common(dossier, fields)
    _enter(actor, dossier)
    routing.conclude(
        dossier,
        actor,
        Verb.OPEN_TASK,
        before="",
        text=text,
        users=[keeper.user],
        posts=[head_post(keeper.unit)],
        article=dossier.article("assign"),
    )
    return dossier


@transaction.atomic
def grow(actor: Actor, dossier: Dossier, fields: Fields) -> Dossier:
    """Turn a task that has grown into a dossier; it takes its code, all else stays.

    So does its day, but for who may move it.
    """
    dossier = routing.lock(actor, dossier)
    acting = routing.allowed(rules.may_grow, actor, dossier)
    fields, actor = _kept_day(actor, acting, dossier, fields)
    before, day = dossier.state, dossier.due_date
    dossier.is_task = False
    _name(actor, dossier, fields)
    _save(actor, dossier)
    _move_grants(dossier)
    users, posts, moved = _move_day(dossier, day)
    routing.conclude(
        dossier,
        actor,
        Verb.GROW,
        before=before,
        users=[dossier.keeper.user, dossier.opened_by.user, *users],
        posts=posts,
        detail={"code": dossier.file_code, **moved},
    )
    return dossier


@transaction.atomic
def correct(
    actor: Actor,
    dossier: Dossier,
    fields: Fields,
    *,
    reason: str,
    confirmed: bool = False,
    seen: int | None = None,
) -> Dossier:
    """Mend the fields; what stood there before goes into the trail's words.

    A change of field 4, of who may use it, warns first (NĐ 30/2020 Phụ lục VI): without
    ``confirmed`` it raises Refusal. The field is a note; who sees the dossier is changed by share.
    Its day goes to whoever leads the work and to those below him who had the same; of one who may
    not move it (may_move_day) None leaves it, and any other raises Refusal. Raises Stale when
    somebody has acted since the form was drawn at ``seen`` acts.
    """
    dossier = routing.lock(actor, dossier)
    acting = routing.allowed(rules.may_correct, actor, dossier)
    routing.unchanged(dossier, seen)
    if not reason:
        raise Refusal(_("Ghi lý do sửa."), field="reason")
    fields, actor = _kept_day(actor, acting, dossier, fields)
    old = {name: getattr(dossier, name) for name in LABELS}
    if dossier.is_task:
        _common(dossier, fields)
    else:
        _name(actor, dossier, fields)
    changed = [name for name in LABELS if old[name] != getattr(dossier, name)]
    if not changed:
        raise Refusal(_("Chưa có trường nào được sửa."))
    if "rights" in changed and not confirmed:
        raise Refusal(
            _(
                "Chế độ sử dụng đổi từ “%(old)s” thành “%(new)s”. Trường này chỉ ghi lại chế độ, "
                "không đổi người xem được hồ sơ trên hệ thống. Xác nhận rồi lưu."
            )
            % {"old": old["rights"] or _("chưa ghi"), "new": dossier.rights or _("chưa ghi")},
            field="confirmed",
        )
    _save(actor, dossier)
    _move_grants(dossier)
    users, posts, moved = _move_day(dossier, old["due_date"])
    with translation.override("vi"):  # the record's language, whatever the reader's is
        said = [f"{LABELS[name]}: {_shown(old[name])} → {_shown(getattr(dossier, name))}"
                for name in changed]  # fmt: skip
    routing.conclude(
        dossier,
        actor,
        Verb.CORRECT,
        before=dossier.state,
        text="\n".join([reason, *said]),
        users=[dossier.keeper.user, *users],
        posts=posts,
        detail={"fields": changed, **moved},
    )
    return dossier


def _kept_day(
    actor: Actor, acting: Actor, dossier: Dossier, fields: Fields
) -> tuple[Fields, Actor]:
    """The fields with the day that stays, and as whom the verb is done: the day may be another's.

    Raises Refusal for another day, where the actor may not move it.
    """
    if fields.due_date == dossier.due_date:
        return fields, acting
    refusal, mover = rules.may_move_day.answer(actor, dossier)
    if refusal is None:
        return fields, mover
    if fields.due_date is not None:
        raise Refusal(refusal.message, refusal.article, field="due_date")
    return replace(fields, due_date=dossier.due_date), acting


def _move_day(
    dossier: Dossier, before: date | None
) -> tuple[list[User], list[Post], dict[str, list[int]]]:
    """Carry a new day of the work to whoever leads it and to those below; answers whom to tell.

    A nearer one that he was given stays, unless it lies beyond the new one.
    """
    lead, day = dossier.handler, dossier.due_date
    if lead is None or day == before:
        return [], [], {}
    if lead.due_date != before and (day is None or (lead.due_date and lead.due_date <= day)):
        return [], [], {}
    held, lead.due_date = lead.due_date, day
    lead.save(update_fields=["due_date"])
    moved = [lead, *carry_down(dossier, lead, held)]
    told = [answering(one) for one in moved]
    return (
        [user for users, _posts in told for user in users],
        [post for _users, posts in told for post in posts],
        {"moved": [one.pk for one in moved]},
    )


def _shown(value: Any) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return str(value) if value else "–"


def _new(actor: Actor, fields: Fields, keeper: Appointment | None) -> Dossier:
    keeper = keeper or actor.appointment
    refusal = rules.refuse_keeper(actor, keeper)
    if refusal is not None:
        raise refusal
    return Dossier(
        agency=actor.agency,
        kind=Kind.DOSSIER,
        state=State.OPENED,
        day=fields.start_date or clock.today(),
        keeper=keeper,
        opened_by=actor.appointment,
        created_at=clock.now(),
    )


def _common(dossier: Dossier, fields: Fields) -> None:
    """What a task has too."""
    today = clock.today()
    dossier.subject = clean(fields.title)
    dossier.description = clean(fields.description)
    dossier.day = fields.start_date or dossier.day
    dossier.due_date = fields.due_date
    if not dossier.subject:
        raise Refusal(_("Ghi tiêu đề hồ sơ."), field="title")
    if dossier.day > today:
        raise Refusal(_("Thời gian bắt đầu không thể sau hôm nay."), field="start_date")
    if dossier.due_date and dossier.due_date < dossier.day:
        raise Refusal(_("Thời hạn không thể trước ngày bắt đầu."), field="due_date")
    _require_lengths(dossier)


def _name(actor: Actor, dossier: Dossier, fields: Fields) -> None:
    """Fields and code of a dossier: organ_id.year.notation (Cần Thơ Điều 13.3)."""
    organ_id = dossier.organ_id or dossier.agency.organ_id
    if not organ_id:
        raise Refusal(
            _("Cơ quan chưa có mã định danh nên chưa lập được mã hồ sơ. Báo quản trị khai mã.")
        )
    notation = _parsed(parse_notation, fields.file_notation, "file_notation")
    dossier.maintenance = _parsed(parse_maintenance, fields.maintenance, "maintenance")
    dossier.rights = clean(fields.rights)
    dossier.language = clean(fields.language)
    dossier.creator = clean(fields.creator) or dossier.keeper.user.full_name[:30]
    _common(dossier, fields)
    dossier.organ_id = organ_id
    _place(actor, dossier, notation)
    dossier.file_code = f"{organ_id}.{dossier.file_catalog}.{dossier.code_notation}"
    if dossier.planned and is_shorter(dossier.maintenance, dossier.planned.maintenance):
        raise Refusal(
            _("Thời hạn bảo quản ngắn hơn danh mục hồ sơ (%(plan)s).")
            % {"plan": dossier.planned.maintenance},
            field="maintenance",
        )
    _require_free(actor, dossier)


def _place(actor: Actor, dossier: Dossier, notation: str) -> None:
    """Its notation, its year, and its line of that year's catalogue (Cần Thơ Điều 13.3b)."""
    line = dossier.planned
    year = line.catalogue.year if line else dossier.day.year
    if line is None or line.file_notation.lower() != notation.lower():
        if line is not None and dossier.pk is None:
            raise Refusal(
                _("Danh mục hồ sơ ghi hồ sơ này là %(notation)s.")
                % {"notation": line.file_notation},
                field="file_notation",
            )
        # What a dossier has been called before the catalogue was issued it goes on being called.
        if (year, notation) != (dossier.file_catalog, dossier.code_notation):
            line = dossier.planned = line_for(actor, year, notation)
    dossier.code_notation = line.file_notation if line else notation
    dossier.file_catalog = year


def _parsed(parse: Any, typed: str, field: str) -> str:
    try:
        return str(parse(typed))
    except ValidationError as error:
        raise Refusal(" ".join(error.messages), field=field) from error


def _require_lengths(dossier: Dossier) -> None:
    names = {"subject": "title", "code_notation": "file_notation"}
    for name in ("subject", "code_notation", "rights", "creator", "language", "description"):
        longest = getattr(dossier._meta.get_field(name), "max_length", None)
        if longest and len(getattr(dossier, name)) > longest:
            raise Refusal(
                _("%(field)s dài quá %(count)d ký tự.") % {"field": LABELS[name], "count": longest},
                field=names.get(name, name),
            )


def _require_free(actor: Actor, dossier: Dossier) -> None:
    """Raise CodeTaken for a code that there is; of a dossier unseen nothing more is said."""
    other = (
        Dossier.objects.filter(file_code__iexact=dossier.file_code).exclude(pk=dossier.pk).first()
    )
    if other is None:
        return
    seen = Dossier.objects.visible_to(actor).filter(pk=other.pk).first()
    said = _("Mã hồ sơ %(code)s đã có.") % {"code": dossier.file_code}
    if seen is not None:
        seen.agency = actor.agency
        said = _("Mã hồ sơ %(code)s đã có: %(title)s.") % {
            "code": dossier.file_code,
            "title": seen.subject,
        }
    raise CodeTaken(said, seen)


def _enter(actor: Actor, dossier: Dossier) -> None:
    """Take the number last, and save."""
    dossier.register, dossier.number = draw_number(
        dossier.agency, Book.DOSSIERS, clock.today().year
    )
    _save(actor, dossier)


def _save(actor: Actor, dossier: Dossier) -> None:
    dossier.search_text = f"{dossier.folded()} {(dossier.file_code or '').lower()}".strip()
    try:
        with transaction.atomic():
            dossier.save()
    except IntegrityError:
        _require_free(actor, dossier)  # somebody took the code meanwhile
        raise


def _move_grants(dossier: Dossier) -> None:
    """Grants repeat the day that lists sort by."""
    for grants in (UserGrant, GroupGrant):
        grants.objects.filter(content_object_id=dossier.pk).update(day=dossier.day)
