"""The people of every story, and the papers they handle."""

from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

from simple_history.utils import bulk_create_with_history

from accounts.actor import Actor, actor_for
from accounts.choices import Role
from accounts.models import Agency, Appointment, Unit, User
from core import clock
from core.text import name_key
from documents.choices import AssignmentRole
from documents.uploads import QuarantinedUpload, from_bytes
from incoming import actions
from incoming.actions import Entry, Line
from incoming.models import IncomingDocument

PASSWORD = "mat-khau-Kon-Tum-2026"
SINCE = date(2020, 1, 1)


def make_person(
    unit: Unit, role: str, username: str, full_name: str, title: str, *, is_head: bool = False
) -> User:
    """A person with one appointment and a password of his own."""
    user = User(username=username, full_name=full_name, must_change_password=False)
    user.set_password(PASSWORD)
    user.save()
    Appointment.objects.create(
        user=user, unit=unit, role=role, title=title, start_date=SINCE, is_head=is_head
    )
    return user


def _people(rows: list[tuple[str, Unit, str, str, str]]) -> dict[str, User]:
    """Each of them as ``make_person`` makes one, all at once: most tests begin with them."""
    users = []
    for username, _unit, _role, full_name, _title in rows:
        user = User(username=username, full_name=full_name, must_change_password=False)
        user.name_key = name_key(full_name)
        user.set_password(PASSWORD)
        user._password = None  # it is checked and kept by ``save`` only, which is not called
        users.append(user)
    users = bulk_create_with_history(users, User)
    posts = [
        Appointment(
            user=user,
            unit=unit,
            role=role,
            title=title,
            start_date=SINCE,
            is_head=username == "chair",
        )
        for user, (username, unit, role, _name, title) in zip(users, rows, strict=True)
    ]
    bulk_create_with_history(posts, Appointment)
    return {user.username: user for user in users}


def make_office() -> SimpleNamespace:
    """UBND thành phố Kon Tum in small: every role once, two departments, a stranger next door."""
    city = Agency.objects.create(
        name="UBND thành phố Kon Tum",
        slug="kontum",
        organ_id="000.01.34.H34",
        regulation_name="kon-tum-2017",
    )
    leaders = Unit.objects.create(agency=city, name="Lãnh đạo UBND", short_name="LĐ", ordinal=1)
    office = Unit.objects.create(
        agency=city, name="Văn phòng HĐND-UBND", short_name="VP", is_office=True, ordinal=2
    )
    planning = Unit.objects.create(
        agency=city, name="Phòng Quản lý đô thị", short_name="QLĐT", ordinal=3
    )
    finance = Unit.objects.create(
        agency=city, name="Phòng Tài chính - Kế hoạch", short_name="TCKH", ordinal=4
    )
    ward = Agency.objects.create(
        name="UBND phường Thắng Lợi",
        slug="phuong-thang-loi",
        organ_id="001.01.34.H34",
        parent=city,
        regulation_name="kon-tum-2017",
    )
    ward_unit = Unit.objects.create(agency=ward, name="UBND phường", short_name="UB", ordinal=1)
    elsewhere = Agency.objects.create(
        name="Sở Xây dựng", slug="so-xay-dung", organ_id="000.00.20.H08"
    )
    their_unit = Unit.objects.create(
        agency=elsewhere, name="Văn phòng Sở", short_name="VP", is_office=True
    )
    people = [
        ("chair", leaders, Role.LEADER, "Nguyễn Đức Thành", "Chủ tịch"),
        ("vice", leaders, Role.LEADER, "Lê Văn Hùng", "Phó Chủ tịch"),
        ("chief", office, Role.OFFICE_CHIEF, "Phạm Minh Tuấn", "Chánh Văn phòng"),
        ("clerk", office, Role.CLERK, "Bùi Thị Hồng Nhung", "Văn thư"),
        ("archivist", office, Role.ARCHIVIST, "Trần Thị Lưu", "Lưu trữ viên"),
        ("adviser", office, Role.SPECIALIST, "Đặng Thị Thu Hà", "Chuyên viên"),
        ("admin", office, Role.AGENCY_ADMIN, "Võ Quang Trí", "Quản trị"),
        ("head", planning, Role.UNIT_HEAD, "Nguyễn Quốc Bảo", "Trưởng phòng"),
        ("deputy", planning, Role.DEPUTY_HEAD, "Đinh Thị Vân", "Phó Trưởng phòng"),
        ("specialist", planning, Role.SPECIALIST, "Hoàng Thị Mỹ Linh", "Chuyên viên"),
        ("colleague", planning, Role.SPECIALIST, "A Thiu", "Chuyên viên"),
        ("finance_head", finance, Role.UNIT_HEAD, "Lý Thanh Tâm", "Trưởng phòng"),
        ("accountant", finance, Role.SPECIALIST, "Trần Công Danh", "Chuyên viên"),
        ("ward_chair", ward_unit, Role.LEADER, "Y Hạnh", "Chủ tịch UBND phường"),
        ("ward_clerk", ward_unit, Role.CLERK, "Ngô Thị Ngọc Ánh", "Văn thư"),
        ("ward_officer", ward_unit, Role.SPECIALIST, "A Klăh", "Công chức"),
        ("stranger", their_unit, Role.CLERK, "Người Lạ", "Văn thư"),
        ("strange_boss", their_unit, Role.LEADER, "Giám Đốc Khác", "Giám đốc"),
    ]
    made = _people(people)
    return SimpleNamespace(
        city=city,
        ward=ward,
        elsewhere=elsewhere,
        leaders=leaders,
        office=office,
        planning=planning,
        finance=finance,
        ward_unit=ward_unit,
        **made,
    )


def act_as(user: User, agency: Agency | None = None) -> Actor:
    """The Actor of a person, in the agency of his first appointment."""
    if agency is None:
        agency = user.appointments.first().unit.agency
    actor = actor_for(user, Agency.objects.select_related("parent").get(pk=agency.pk))
    assert actor is not None
    return actor


def upload(content: bytes | Path, name: str = "quet-001.pdf") -> QuarantinedUpload:
    """A file as the upload handler leaves it in the quarantine."""
    return from_bytes(content if isinstance(content, bytes) else content.read_bytes(), name)


def entry(**changes: object) -> Entry:
    """What a clerk types from an ordinary letter."""
    today = clock.today()
    values: dict[str, object] = {
        "arrival_date": today,
        "type_name": "Công văn",
        "code_number": "4127",
        "code_notation": "UBND-HTKT",
        "issued_date": today - timedelta(days=2),
        "organ_name": "UBND tỉnh Kon Tum",
        "subject": "Khắc phục sạt lở bờ kè sông Đăk Bla và bảo đảm an toàn giao thông",
        "signer_position": "Phó Chủ tịch",
        "signer_full_name": "Lê Hoàng Sơn",
    }
    return Entry(**(values | changes))  # type: ignore[arg-type]


def received(clerk: User, pdf: bytes, name: str = "quet-001.pdf") -> IncomingDocument:
    """A document in the tray, its file inspected."""
    document = actions.receive(act_as(clerk), [upload(pdf, name)])
    actions.inspect_tray(document)
    return document


def registered(clerk: User, pdf: bytes, **changes: object) -> IncomingDocument:
    """A document in the book."""
    return actions.register(act_as(clerk), received(clerk, pdf), entry(**changes))


def submitted(cast: SimpleNamespace, pdf: bytes, **changes: object) -> IncomingDocument:
    """A document before the chief."""
    return actions.submit(act_as(cast.clerk), registered(cast.clerk, pdf, **changes))


def distributed(cast: SimpleNamespace, pdf: bytes, **changes: object) -> IncomingDocument:
    """A document that the planning unit leads and the finance unit coordinates."""
    document = submitted(cast, pdf, **changes)
    due = clock.today() + timedelta(days=5)
    return actions.distribute(
        act_as(cast.chief),
        document,
        [
            Line(AssignmentRole.LEAD, cast.planning, None, "Kiểm tra hiện trường, báo cáo.", due),
            Line(AssignmentRole.COORDINATE, cast.finance, None, "Bố trí kinh phí.", due),
        ],
        text="Phòng Quản lý đô thị chủ trì.",
    )


def assigned(cast: SimpleNamespace, pdf: bytes, **changes: object) -> IncomingDocument:
    """A document on which a specialist of the planning unit works."""
    document = distributed(cast, pdf, **changes)
    return actions.assign(
        act_as(cast.head), document, [Line(AssignmentRole.LEAD, cast.planning, cast.specialist)]
    )


def finished(cast: SimpleNamespace, pdf: bytes, **changes: object) -> IncomingDocument:
    """A document whose work has ended."""
    document = assigned(cast, pdf, **changes)
    document = actions.finish(act_as(cast.specialist), document, text="Đã kiểm tra.")
    return actions.finish(act_as(cast.head), document, text="Đã khắc phục, báo cáo UBND tỉnh.")


def purged(
    leader: User, document: IncomingDocument, actor: Actor | None = None, **changes: object
) -> IncomingDocument:
    """A document that was taken out by decision."""
    values: dict[str, object] = {
        "reason": "state_secrets",
        "decision_number": "12/QĐ-UBND",
        "decision_date": clock.today(),
    }
    values |= changes
    return actions.purge(actor or act_as(leader), document, **values)  # type: ignore[arg-type]
