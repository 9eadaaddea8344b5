"""Drafts as the cast makes them, in each state of the way."""

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from accounts.models import User
from outgoing import actions
from outgoing.actions.drafting import Plan
from outgoing.actions.making import making
from outgoing.choices import PASSING, State
from outgoing.content import Content
from outgoing.models import IssuingBody, OutgoingDocument
from tests.cast import act_as

BODY = """Thực hiện Kế hoạch số 12/KH-UBND ngày 05 tháng 01 năm 2026 về chỉnh trang đô thị, Ủy ban \
nhân dân thành phố yêu cầu:
1. Phòng Quản lý đô thị chủ trì kiểm tra hiện trạng bờ kè sông Đăk Bla, báo cáo trước ngày 25 \
tháng 3 năm 2026.
2. Phòng Tài chính - Kế hoạch bố trí kinh phí./."""


def body_of(cast: SimpleNamespace) -> IssuingBody:
    """In whose name the city issues."""
    made, _new = IssuingBody.objects.get_or_create(
        agency=cast.city,
        name="Ủy ban nhân dân thành phố Kon Tum",
        defaults={
            "organ_name": "ỦY BAN NHÂN DÂN THÀNH PHỐ KON TUM",
            "parent_organ": "ỦY BAN NHÂN DÂN TỈNH KON TUM",
            "abbreviation": "UBND",
            "place": "Kon Tum",
            "collective": "ỦY BAN NHÂN DÂN",
            "deciding_post": "ỦY BAN NHÂN DÂN THÀNH PHỐ KON TUM",
        },
    )
    return made


def content(**changes: Any) -> Content:
    """A letter as a specialist types it."""
    values: dict[str, Any] = {
        "type_name": "Công văn",
        "subject": "khắc phục sạt lở bờ kè sông Đăk Bla",
        "code_notation": "UBND-QLĐT",
        "place": "Kon Tum",
        "addressees": "Phòng Quản lý đô thị\nPhòng Tài chính - Kế hoạch",
        "body": BODY,
        "recipients": "Như trên\nLưu: VT, QLĐT",
        "authority": "TM.",
        "on_behalf_of": "ỦY BAN NHÂN DÂN",
        "signer_position": "CHỦ TỊCH",
        "signer_full_name": "Nguyễn Đức Thành",
    }
    return Content(**(values | changes))


def plan(signer: User | None, **changes: Any) -> Plan:
    """Who signs."""
    found = signer.appointments.select_related("user", "unit").first() if signer else None
    return Plan(signer=found, **changes)


def drafted(cast: SimpleNamespace, drafter: User | None = None, **changes: Any) -> OutgoingDocument:
    """A draft that is being written, by the specialist for the chair unless said otherwise."""
    signer = changes.pop("signer", cast.chair)
    more = {
        name: changes.pop(name)
        for name in ("answers", "dossier", "gate_kind", "replaces", "token")
        if name in changes
    }
    planned = {name: changes.pop(name) for name in ("due_date", "is_internal") if name in changes}
    body_of(cast)
    return actions.draft(
        act_as(drafter or cast.specialist),
        content(**changes),
        plan(signer, **planned),
        **{"token": uuid4(), "gate_kind": "none", **more},
    )


def begun(drafter: User, signer: User, **changes: Any) -> OutgoingDocument:
    """A draft for that signer, whose name and post are printed."""
    post = signer.appointments.get().title.upper()
    text = content(signer_full_name=signer.full_name, signer_position=post, **changes)
    return actions.draft(act_as(drafter), text, plan(signer), token=uuid4(), gate_kind="none")


def submitted(drafter: User, document: OutgoingDocument, **more: Any) -> OutgoingDocument:
    """On its way, with its file."""
    actor = act_as(drafter)
    with making(actor, document) as made:
        return actions.submit(actor, document, made, **more)


def passed(by: User, document: OutgoingDocument, **more: Any) -> OutgoingDocument:
    """One step further by him who takes it."""
    verb = PASSING[State(document.state)]
    document.refresh_from_db()
    return getattr(actions, verb)(act_as(by), document, seen=document.version_count, **more)


def at_state(cast: SimpleNamespace, state: str, **changes: Any) -> OutgoingDocument:
    """A draft of the city at that state of the long way (Kon Tum Điều 12, 14)."""
    return moved_to(cast, state, drafted(cast, **changes))


def moved_to(cast: SimpleNamespace, state: str, document: OutgoingDocument) -> OutgoingDocument:
    """The same with a draft that is there."""
    if state == State.WITHDRAWN:
        return actions.abandon(act_as(cast.specialist), document)
    if state == State.DRAFTING:
        return document
    document = submitted(cast.specialist, document)
    takers = {State.CONTENT: cast.head, State.APPRAISAL: cast.chief, State.SIGNING: cast.chair}
    before = State.APPROVED if state in (State.NUMBERED, State.VOID) else state
    while document.state != before:
        document = passed(takers[State(document.state)], document)
    if state in (State.NUMBERED, State.VOID):
        document = actions.number(act_as(cast.clerk), document)
    if state == State.VOID:
        document = actions.void(act_as(cast.clerk), document, text="Nhầm bản")
    return document
