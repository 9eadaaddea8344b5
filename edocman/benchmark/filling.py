"""Documents by the hundred thousand, as a province has them; by COPY, without the verbs."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from json import dumps
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.db.models import Field, JSONField, Model

from accounts.actions import post_for
from accounts.choices import Role
from accounts.models import Agency, Appointment, Unit, User
from core import clock
from documents.actions.routing import view_permission_id
from documents.choices import AssignmentRole, AssignmentState, Book, Kind
from documents.models import (
    Assignment,
    Document,
    DocumentAct,
    GroupGrant,
    Register,
    UserGrant,
    Waiting,
)
from dossiers.models import Dossier, Item
from incoming.models import IncomingDocument

AGENCIES = 20
BIG = 0.25  # share of the documents in the first agency
UNITS = 20
DAYS = 3 * 365
OPEN_AMONG = 10_000  # the first so many documents hold all work that is open
RARE = "Vinh Quang"  # words of ten documents, however many there are
PASSWORD = "benchmark-only"  # noqa: S105 -- of a database that is dropped
_BATCH = 5000
_PLACES = ("Kon Tum", "Đăk Hà", "Sa Thầy", "Ngọk Hồi", "Đăk Glei", "Tu Mơ Rông", "Kon Rẫy")
_ISSUERS = ("Sở Xây dựng", "Sở Tài chính", "Sở Y tế", "UBND huyện", "UBND phường", "Ban quản lý")
_VERBS = ("Báo cáo", "Đề nghị thẩm định", "Triển khai", "Kiểm tra", "Lấy ý kiến", "Khắc phục")
_MATTERS = (
    "công tác phòng chống thiên tai",
    "tiến độ giải ngân vốn đầu tư công",
    "sạt lở bờ kè sông Đăk Bla",
    "quy hoạch chi tiết khu dân cư",
    "dự toán ngân sách",
    "an toàn thực phẩm tại các trường học",
    "cải cách hành chính",
    "bồi thường, hỗ trợ, tái định cư",
)
_NOTATIONS = ("UBND-HTKT", "SXD-QLN", "STC-NS", "BC-UBND", "TB-VP", "KH-UBND")
_TYPES = ("Công văn", "Báo cáo", "Thông báo", "Kế hoạch", "Tờ trình", "Giấy mời")


@dataclass(frozen=True)
class Office:
    """The agency that is measured, and its readers."""

    agency: Agency
    units: list[Unit]
    readers: dict[str, User]
    agencies: list[Agency]


def make_office() -> Office:
    """Twenty agencies; in the first a clerk, one who may see 1 %, and one who may see twenty."""
    agencies = [
        Agency.objects.create(
            name=f"UBND thành phố {place}",
            slug=f"agency-{place}",
            organ_id=f"000.00.{place:02}.H99",
            regulation_name="kon-tum-2017",
        )
        for place in range(AGENCIES)
    ]
    units: list[Unit] = []
    readers: dict[str, User] = {}
    password = make_password(PASSWORD)  # once: it takes long on purpose
    since = clock.today() - timedelta(days=DAYS + 10)
    for agency in agencies:
        office = Unit.objects.create(
            agency=agency, name="Văn phòng", short_name="VP", is_office=True
        )
        made = [office] + [
            Unit.objects.create(agency=agency, name=f"Phòng {number}", short_name=f"P{number}")
            for number in range(1, UNITS)
        ]
        people = [("clerk", office, Role.CLERK), ("chief", office, Role.OFFICE_CHIEF)]
        if agency is agencies[0]:
            units = made
            people += [
                ("one_percent", made[1], Role.SPECIALIST),
                ("twenty", made[2], Role.SPECIALIST),
                ("head", made[3], Role.UNIT_HEAD),
                ("chair", made[0], Role.LEADER),
            ]
        for name, unit, role in people:
            user = User(username=f"{name}@{agency.slug}", full_name="Nguyễn Văn An")
            user.must_change_password = False
            user.password = password
            user.save()
            Appointment.objects.create(
                user=user, unit=unit, role=role, title="Chuyên viên", start_date=since
            )
            post_for(unit, role)
            if agency is agencies[0]:
                readers[name] = user
            elif agency is agencies[1] and role == Role.CLERK:
                readers["other_clerk"] = user  # registers, and leaves the measured desk alone
        Register.objects.create(
            agency=agency, book=Book.INCOMING, year=clock.today().year, last_number=10**7
        )
    return Office(agencies[0], units, readers, agencies)


def find_office() -> Office:
    """The office that ``make_office`` has made in this database before."""
    agencies = [Agency.objects.get(slug=f"agency-{place}") for place in range(AGENCIES)]
    readers = {
        name: User.objects.get(username=f"{name}@{agencies[0].slug}")
        for name in ("clerk", "chief", "one_percent", "twenty", "head", "chair")
    }
    readers["other_clerk"] = User.objects.get(username=f"clerk@{agencies[1].slug}")
    units = list(Unit.objects.filter(agency=agencies[0]).order_by("pk"))
    return Office(agencies[0], units, readers, agencies)


def fill(office: Office, first: int, last: int) -> None:
    """Documents number `first` to `last` (excluded), with all rows that lists and pages read."""
    registers = {row.agency_id: row for row in Register.objects.all()}
    chief = Appointment.objects.get(user=office.readers["chief"])
    head_group = post_for(office.units[3], Role.UNIT_HEAD).group_id
    chief_group = post_for(office.units[0], Role.OFFICE_CHIEF).group_id
    permission = view_permission_id()
    numbers = iter(range(first, last))
    while batch := list(islice(numbers, _BATCH)):
        documents = [_document(office, registers, number) for number in batch]
        _copy(Document, documents)
        _copy(IncomingDocument, documents, local=True)
        big = [one for one in documents if one.agency_id == office.agency.pk]
        _copy(Assignment, (_assignment(office, chief, one) for one in big))
        _copy(DocumentAct, (_act(chief, one) for one in documents))
        users, groups = [], []
        for one in big:
            grant = {
                "permission_id": permission,
                "content_object_id": one.pk,
                "kind": one.kind,
                "day": one.day,
                "number": one.number,
            }
            place = one.number // 4
            if place % 25 == 0:  # one in a hundred of all documents
                users.append(UserGrant(user=office.readers["one_percent"], **grant))
            if one.number < 80:
                users.append(UserGrant(user=office.readers["twenty"], **grant))
            if place % 20 == 3:
                groups.append(GroupGrant(group_id=head_group, **grant))
        _copy(UserGrant, users)
        _copy(GroupGrant, groups)
        _copy(Waiting, _waiting(office, big, head_group, chief_group))
    with connection.cursor() as cursor:
        for table in ("documents_document", "documents_documentact", "documents_assignment"):
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, 10**7 + last]
            )
        cursor.execute("ANALYZE")


def fill_dossier(office: Office, last: int) -> Dossier:
    """One dossier that the chair keeps, up to that many items: documents, then notes.

    Of each item the trail has its act, as if it had been put in by the verb.
    """
    chair, now = Appointment.objects.get(user=office.readers["chair"]), clock.now()
    dossier = Dossier.objects.filter(agency=office.agency).first() or _dossier(office, chair)
    inside = Item.objects.filter(dossier=dossier)
    first = inside.count() + 1
    there = inside.filter(document__isnull=False).values("document")
    rest = Document.objects.filter(agency=office.agency, kind=Kind.INCOMING).exclude(pk__in=there)
    keys = iter(rest.order_by("pk").values_list("pk", flat=True)[: last - first + 1])
    items = []
    for ordinal in range(first, last + 1):
        key = next(keys, None)
        text = "" if key else f"Ghi chép số {ordinal}"
        items.append(
            Item(
                dossier=dossier,
                ordinal=ordinal,
                document_id=key,
                text=text,
                added_by=chair,
                added_at=now,
            )
        )
    Item.objects.bulk_create(items, batch_size=_BATCH)
    DocumentAct.objects.bulk_create(
        [_adding(chair, dossier, one.ordinal) for one in items], batch_size=_BATCH
    )
    dossier.doc_total, dossier.page_total = inside.totals()
    dossier.save()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE dossiers_item, documents_documentact")
    return dossier


def _dossier(office: Office, chair: Appointment) -> Dossier:
    year = clock.today().year
    register, _made = Register.objects.get_or_create(
        agency=office.agency, book=Book.DOSSIERS, year=year, defaults={"last_number": 1}
    )
    dossier = Dossier(
        agency=office.agency,
        kind=Kind.DOSSIER,
        state="in_process",
        register=register,
        number=1,
        day=clock.today(),
        subject="Khắc phục sạt lở bờ kè sông Đăk Bla",
        organ_id=office.agency.organ_id,
        file_catalog=year,
        code_notation="01.TH",
        file_code=f"{office.agency.organ_id}.{year}.01.TH",
        maintenance="20 năm",
        keeper=chair,
        opened_by=chair,
        created_at=clock.now(),
    )
    dossier.search_text = dossier.folded()
    dossier.save()
    return dossier


def _adding(chair: Appointment, dossier: Dossier, ordinal: int) -> DocumentAct:
    return DocumentAct(
        target_id=dossier.pk,
        ordinal=ordinal,
        verb="add_item",
        actor=chair.user,
        appointment=chair,
        title="Chủ tịch",
        to_state=dossier.state,
        addressed={"users": [], "groups": []},
        detail={},
        at=clock.now(),
        hash="0" * 64,
    )


def _document(office: Office, registers: dict[int, Register], number: int) -> IncomingDocument:
    dice = random.Random(number)  # noqa: S311 -- a play, no secret
    agency = office.agencies[0 if number % 4 == 0 else 1 + number % (AGENCIES - 1)]
    now = clock.now()
    # The higher the number, the later the day. The archive grows; the work that is open does not.
    age = (10**7 - number) % DAYS
    state = "finished"
    if age < 30 and number < OPEN_AMONG:
        state = dice.choice(["registered", "submitted", "in_process", "in_process", "in_process"])
    document = IncomingDocument(
        id=number + 1,
        document_ptr_id=number + 1,
        agency_id=agency.pk,
        kind=Kind.INCOMING,
        state=state,
        register_id=registers[agency.pk].pk,
        day=clock.today() - timedelta(days=age),
        number=number + 1,
        type_name=dice.choice(_TYPES),
        code_number=str(number % 6000 + 1),
        code_notation=dice.choice(_NOTATIONS),
        issued_date=clock.today() - timedelta(days=age + 2),
        organ_name=f"{dice.choice(_ISSUERS)} {dice.choice(_PLACES)}",
        subject=f"{dice.choice(_VERBS)} {dice.choice(_MATTERS)} tại {dice.choice(_PLACES)}",
        language="Tiếng Việt",
        page_amount=1,
        signer_position="Phó Chủ tịch",
        signer_full_name="Lê Hoàng Sơn",
        priority=1 if number % 40 == 0 else 0,
        due_date=clock.today() - timedelta(days=age - 7) if number % 3 else None,
        created_at=now,
        entry_token=UUID(int=number + 1),
        received_at=now - timedelta(days=age),
        registered_at=now - timedelta(days=age),
    )
    # Ten of them however many there are: a page with more hits is a longer page.
    if number % 1000 == 0 and number < OPEN_AMONG:
        document.subject = f"Cải tạo nhà máy nước {RARE}"
    document.search_text = document.folded()
    return document


def _assignment(office: Office, chief: Appointment, document: IncomingDocument) -> Assignment:
    done = document.state == "finished"
    return Assignment(
        id=document.pk,
        document_id=document.pk,
        role=AssignmentRole.LEAD,
        state=AssignmentState.DONE if done else AssignmentState.WAITING,
        unit=office.units[3 if (document.number // 4) % 20 == 3 else 1 + document.number % 10],
        directive="Tham mưu, báo cáo.",
        due_date=document.due_date,
        given_by=chief,
        given_at=document.received_at,
        closed_at=document.received_at if done else None,
    )


def _act(chief: Appointment, document: IncomingDocument) -> DocumentAct:
    return DocumentAct(
        id=document.pk,
        target_id=document.pk,
        ordinal=1,
        verb="distribute",
        actor=chief.user,
        appointment=chief,
        title="Chánh Văn phòng",
        to_state=document.state,
        addressed={"users": [], "groups": []},
        detail={},
        at=document.received_at,
        hash="0" * 64,
    )


def _waiting(
    office: Office, documents: Iterable[IncomingDocument], head: int, chief: int
) -> Iterator[Waiting]:
    """Open work waits as the states say; a hundred at most for each, as on a desk."""
    for one in documents:
        if one.state == "finished" or one.number > 4 * DAYS:
            continue
        task, group = ("assign", head) if one.state == "in_process" else ("distribute", chief)
        yield Waiting(
            agency_id=one.agency_id,
            document_id=one.pk,
            verb=task,
            group_id=group,
            due_date=one.due_date,
            priority=one.priority,
            since=one.received_at,
        )


def _copy(model: type[Model], rows: Iterable[Model], *, local: bool = False) -> None:
    """Rows into their table by COPY; ``local`` leaves out what the parent table holds."""
    meta = model._meta
    fields = list(meta.local_concrete_fields if local else meta.concrete_fields)
    rows = list(rows)
    if not rows:
        return
    if not local and getattr(rows[0], fields[0].attname) is None:
        fields = [field for field in fields if not field.primary_key]
    names = ", ".join(f'"{field.column}"' for field in fields)
    with connection.cursor() as cursor:
        into = f'COPY "{model._meta.db_table}" ({names}) FROM STDIN'
        with cursor.cursor.copy(into) as copy:
            for row in rows:
                copy.write_row([_value(field, row) for field in fields])


def _value(field: Field, row: Model) -> object:
    value = getattr(row, field.attname)
    return dumps(value) if isinstance(field, JSONField) else value
