"""The way of a draft: long (Kon Tum Điều 12, 14), short (Điều 16, 17), and others'."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command

from accounts.actions import delegate
from accounts.choices import Role
from accounts.models import Agency, Unit
from core import clock
from core.errors import NotYours, Refusal, Stale
from documents.actions.giving import Line
from documents.choices import AssignmentRole
from documents.models import DocumentAct, Waiting
from outgoing import actions, verifying
from outgoing.actions.making import making
from outgoing.choices import State, Verb
from outgoing.content import Content
from outgoing.models import IssuingBody, OutgoingDocument, SignOff
from tests.cast import act_as, make_person
from tests.outgoing.drafts import at_state, begun, content, drafted, passed, submitted

pytestmark = pytest.mark.django_db


def waits(document: OutgoingDocument) -> set[tuple[str, str]]:
    """What is asked, and of whom."""
    rows = Waiting.objects.filter(document_id=document.pk).select_related("user", "group")
    return {(row.verb, row.user.username if row.user else row.group.name) for row in rows}


def test_the_long_way_of_the_city(cast):
    """Kon Tum Điều 12.1, 12.2, 14.1, 14.2: head, office, leader; each is asked in turn."""
    document = drafted(cast)
    assert document.state == State.DRAFTING
    assert waits(document) == {("draft", "specialist")}
    document = submitted(cast.specialist, document)
    assert document.state == State.CONTENT
    assert waits(document) == {("approve_content", f"unit {cast.planning.pk} unit_head")}
    document = passed(cast.head, document)
    assert document.state == State.APPRAISAL
    assert waits(document) == {("appraise", f"unit {cast.office.pk} office_chief")}
    document = passed(cast.chief, document, text="Đúng thể thức")
    assert document.state == State.SIGNING
    assert waits(document) == {("approve", "chair")}
    document = passed(cast.chair, document)
    assert document.state == State.APPROVED
    assert document.approved_at is not None
    clerk = ("number", f"unit {cast.office.pk} clerk")
    assert waits(document) == {clerk, ("collect", "specialist")}
    steps = list(SignOff.objects.filter(document=document).values_list("step", flat=True))
    assert steps == ["content", "appraisal", "signing"]


def test_the_office_has_it_at_once_and_appraises_first(cast):
    """Kon Tum Điều 12.2: what goes to the leaders goes to the office at the same time."""
    document = passed(cast.head, submitted(cast.specialist, drafted(cast)))
    act = DocumentAct.objects.get(target_id=document.pk, verb=Verb.APPROVE_CONTENT)
    assert cast.chair.pk in act.addressed["users"]
    chair = act_as(cast.chair)
    with pytest.raises(Stale):
        actions.approve(chair, document, seen=1)


def test_only_heads_submit_to_the_leaders(cast):
    """Kon Tum Điều 12.1: a specialist's draft goes to his head, and nobody else takes that step."""
    document = submitted(cast.specialist, drafted(cast))
    for other in (cast.specialist, cast.colleague, cast.chief, cast.finance_head):
        with pytest.raises((NotYours, OutgoingDocument.DoesNotExist)):
            actions.approve_content(act_as(other), document, seen=1)
    assert OutgoingDocument.objects.get(pk=document.pk).state == State.CONTENT


def test_a_heads_own_draft_needs_no_second_reading_by_himself(cast):
    """Kon Tum Điều 12.1: by submitting it he answers for the content."""
    document = submitted(cast.head, drafted(cast, cast.head))
    assert document.state == State.APPRAISAL
    assert SignOff.objects.get(document=document).step == "content"


def test_the_offices_own_draft_goes_straight_to_its_chief(cast):
    """Kon Tum Điều 14.5: its specialist drafts, its chief appraises."""
    assert submitted(cast.adviser, drafted(cast, cast.adviser)).state == State.APPRAISAL


def test_the_chief_answers_for_content_and_form_of_the_offices_own(cast, client):
    """NĐ 30/2020 Điều 12: two sign-offs, both in his name; his own draft he answers for at once."""
    document = passed(cast.chief, submitted(cast.adviser, drafted(cast, cast.adviser)))
    rows = SignOff.objects.filter(document=document).values_list("step", "appointment__user")
    assert list(rows) == [("content", cast.chief.pk), ("appraisal", cast.chief.pk)]
    client.force_login(cast.adviser)
    page = client.get(document.get_absolute_url()).content.decode()
    way = page.split('class="way"')[1].split("</ol>")[0]
    assert [word in way for word in ("Duyệt nội dung", "Thẩm định, trình")] == [True, True]
    assert way.count(cast.chief.full_name) == 2
    own = passed(cast.chief, submitted(cast.chief, drafted(cast, cast.chief)))
    assert list(own.sign_offs.values_list("step", flat=True)) == ["content", "appraisal"]


def test_a_leader_answers_for_what_he_drafts_himself(cast):
    """NĐ 30/2020 Điều 12: above him nobody reads the content."""
    document = submitted(cast.vice, drafted(cast, cast.vice))
    (row,) = document.sign_offs.all()
    assert (row.step, row.appointment.user) == ("content", cast.vice)


def test_the_short_way_of_a_ward(cast):
    """Kon Tum Điều 16.2, 17.1: its leader agrees, the clerk checks and prints, the leader signs."""
    document = begun(cast.ward_officer, cast.ward_chair)
    document = submitted(cast.ward_officer, document)
    assert document.state == State.APPROVAL
    document = passed(cast.ward_chair, document)
    assert document.state == State.CLERK
    document = passed(cast.ward_clerk, document)
    assert document.state == State.SIGNING
    assert passed(cast.ward_chair, document).state == State.APPROVED


def test_content_and_form_are_two_named_sign_offs(cast):
    """Cần Thơ Điều 9.3, 9.4, 9.5: head, whoever checks the form, the clerk."""
    office = make_can_tho()
    document = begun(office["drafter"], office["leader"])
    document = submitted(office["drafter"], document)
    articles = []
    for who in ("head", "chief", "clerk", "leader"):
        document = passed(office[who], document)
        articles.append(DocumentAct.objects.filter(target_id=document.pk).latest("pk").article)
    assert document.state == State.APPROVED
    assert [one.split(" Quy chế")[0] for one in articles[:3]] == [
        "khoản 3 Điều 9",
        "khoản 4 Điều 9",
        "khoản 5 Điều 9",
    ]


def test_in_binh_dinh_both_approvals_are_recorded(cast):
    """Bình Định Điều 9.2: signed on the system and on paper; the clerk notes the paper."""
    office = make_agency("sxd", "binh-dinh-2016")
    document = begun(office["drafter"], office["leader"])
    document = submitted(office["drafter"], document)
    document = passed(office["chief"], passed(office["head"], document))
    document = passed(office["leader"], document)
    assert document.state == State.APPROVED
    assert {verb for verb, _who in waits(document)} == {"note_paper"}
    with pytest.raises(NotYours):
        actions.note_paper(act_as(office["leader"]), document, day=document.day)
    with pytest.raises(Refusal, match="Bản giấy"):
        actions.number(act_as(office["clerk"]), document)
    document = actions.note_paper(act_as(office["clerk"]), document, day=document.day)
    assert {verb for verb, _who in waits(document)} == {"number"}
    act = DocumentAct.objects.filter(target_id=document.pk).latest("pk")
    assert act.article.startswith("khoản 2 Điều 9")


def test_what_was_approved_is_the_file_that_goes_on(cast):
    """Every step names the content of the file that it looked at (Cần Thơ Điều 9.5)."""
    document = at_state(cast, State.APPROVED)
    version = document.versions.get()
    assert version.pdf_id
    acts = DocumentAct.objects.filter(target_id=document.pk, verb__in=["appraise", "approve"])
    assert {act.detail["sha256"] for act in acts} == {version.pdf_id}
    call_command("verify_grants")
    call_command("verify_trail")
    call_command("verify_files")


def test_a_step_is_taken_on_the_version_that_was_read(cast):
    """Somebody edits while the head reads: he approves nothing that he has not seen."""
    document = submitted(cast.specialist, drafted(cast))
    head = act_as(cast.head)
    edited = actions.save(head, document, content(body="Bản sửa./."), base=1, note="Gọn lại")
    with pytest.raises(Stale, match="bản 2"):
        actions.approve_content(head, edited, seen=1)
    with pytest.raises(Stale, match="chưa thành tệp"):
        actions.approve_content(head, edited, seen=2)
    edited = actions.make_again(head, edited)
    assert actions.approve_content(head, edited, seen=2).state == State.APPRAISAL


def test_a_leader_edits_the_text_himself_marked_as_his(cast):
    """Kon Tum Điều 14.5: "xem xét, chỉnh sửa trực tiếp"."""
    document = at_state(cast, State.SIGNING)
    actions.save(act_as(cast.chair), document, content(body="Chủ tịch sửa./."), base=1)
    version = document.versions.get(ordinal=2)
    assert version.author.user == cast.chair
    act = DocumentAct.objects.filter(target_id=document.pk, verb=Verb.SAVE).latest("pk")
    assert act.article.startswith("khoản 5 Điều 14")
    assert cast.specialist.pk in act.addressed["users"]


def test_a_leader_whom_the_office_asks_edits_what_it_signs_by_order(cast):
    """Kon Tum Điều 14.5: "xem xét, chỉnh sửa trực tiếp, có ý kiến chỉ đạo và chuyển lại cho lãnh
    đạo Văn phòng ... ký thừa lệnh"."""
    chief, chair = act_as(cast.chief), act_as(cast.chair)
    by_order = {
        "authority": "TL.",
        "on_behalf_of": "CHỦ TỊCH",
        "signer_position": "CHÁNH VĂN PHÒNG",
        "signer_full_name": cast.chief.full_name,
    }
    document = drafted(cast, cast.adviser, signer=cast.chief, **by_order)
    document = submitted(cast.adviser, document)
    assert document.state == State.APPRAISAL
    text = content(**by_order, body="Chủ tịch kết luận như sau: kè trước mùa lũ./.")
    with pytest.raises(NotYours):
        actions.save(chair, document, text, base=1)

    asked = Line(AssignmentRole.COORDINATE, chair.own.unit, cast.chair)
    document = actions.ask_opinion(chief, document, [asked], text="Xin ý kiến kết luận.")
    assert ("give_opinion", "chair") in waits(document)
    for other in (cast.vice, cast.adviser):  # who is not asked; the drafter, who gave it away
        with pytest.raises(Refusal):
            actions.save(act_as(other), document, text, base=1)
    document = actions.save(chair, document, text, base=1)
    act = DocumentAct.objects.filter(target_id=document.pk, verb=Verb.SAVE).latest("pk")
    assert (act.actor, document.versions.get(ordinal=2).author.user) == (cast.chair, cast.chair)
    assert act.article.startswith("khoản 5 Điều 14")

    document = actions.make_again(chair, document)
    document = actions.give_opinion(chair, document, stance="agree", text="Ký ban hành.")
    with pytest.raises(NotYours):
        actions.save(chair, document, content(**by_order, body="Khác./."), base=2)
    document = passed(cast.chief, document)
    assert (document.state, waits(document)) == (State.SIGNING, {("approve", "chief")})
    assert passed(cast.chief, document).state == State.APPROVED


def _by_order(cast, agency_signer):
    """A draft of the office at its chief, to be signed by ``agency_signer``."""
    text = {
        "authority": "TL.",
        "on_behalf_of": "CHỦ TỊCH",
        "signer_position": agency_signer.appointments.get().title.upper(),
        "signer_full_name": agency_signer.full_name,
    }
    return submitted(cast.adviser, drafted(cast, cast.adviser, signer=agency_signer, **text)), text


@pytest.mark.parametrize(
    "case", ["asked by the drafter", "the chair signs", "of a ward", "stand-in"]
)
def test_nobody_else_edits_because_he_is_asked(cast, monkeypatch, case):
    """Kon Tum Điều 14.5 speaks of what the office signs by order and asks about, in person."""
    signer = cast.chair if case == "the chair signs" else cast.chief
    document, text = _by_order(cast, signer)
    leader = cast.vice if case == "the chair signs" else cast.chair
    asked = Line(AssignmentRole.COORDINATE, act_as(leader).own.unit, leader)
    asks = cast.adviser if case == "asked by the drafter" else cast.chief
    document = actions.ask_opinion(act_as(asks), document, [asked], text="Xin ý kiến.")
    actor = act_as(leader)
    if case == "of a ward":
        monkeypatch.setattr(Agency, "is_member", True)
    if case == "stand-in":
        today = clock.today()
        delegate(actor, cast.vice, start_date=today, end_date=today)
        actor = act_as(cast.vice)
    with pytest.raises(Refusal):
        actions.save(actor, document, content(**text, body="Khác./."), base=1)


def test_a_leader_gives_it_back_by_the_office_alone(cast):
    """Kon Tum Điều 14.2: not past the office chief."""
    document = at_state(cast, State.SIGNING)
    with pytest.raises(Refusal, match="Chọn bước"):
        actions.send_back(act_as(cast.chair), document, to=State.DRAFTING, text="Sửa")


def test_a_leader_gives_it_back_to_the_office_which_gives_it_on(cast):
    """Kon Tum Điều 14.2: "chuyển cho Chánh Văn phòng ..., Chánh Văn phòng chuyển trở lại"."""
    document = at_state(cast, State.SIGNING)
    document = actions.send_back(act_as(cast.chair), document, text="Bổ sung kinh phí")
    assert document.state == State.APPRAISAL
    act = DocumentAct.objects.filter(target_id=document.pk).latest("pk")
    assert act.article.startswith("khoản 2 Điều 14")
    document = actions.send_back(
        act_as(cast.chief), document, to=State.DRAFTING, text="Theo ý kiến Chủ tịch"
    )
    assert document.returned_at is not None
    assert waits(document) == {("revise", "specialist")}


def test_giving_back_wants_words_and_an_earlier_step(cast):
    document = submitted(cast.specialist, drafted(cast))
    with pytest.raises(Refusal, match="Ghi ý kiến"):
        actions.send_back(act_as(cast.head), document, text="")
    with pytest.raises(Refusal, match="Chọn bước"):
        actions.send_back(act_as(cast.head), document, to=State.SIGNING, text="x")
    with pytest.raises(NotYours):
        actions.send_back(act_as(cast.specialist), document, text="x")


def test_words_on_places_of_the_text_go_with_it(cast):
    """send_back with comments on places: the drafter settles each, its author is told."""
    document = submitted(cast.specialist, drafted(cast))
    place = actions.Place(2, "1. Phòng Quản lý đô thị", "Nêu rõ đơn vị phối hợp")
    document = actions.send_back(act_as(cast.head), document, text="", places=[place])
    remark = document.versions.get().remarks.get()
    assert (remark.line, remark.text) == (2, "Nêu rõ đơn vị phối hợp")
    actions.settle(act_as(cast.specialist), document, remark)
    remark.refresh_from_db()
    assert remark.settled_at is not None
    act = DocumentAct.objects.filter(target_id=document.pk).latest("pk")
    assert act.addressed["users"] == [cast.head.pk]


def test_the_drafter_takes_it_back_as_long_as_nobody_has_signed(cast):
    document = submitted(cast.specialist, drafted(cast))
    with pytest.raises(NotYours):
        actions.withdraw(act_as(cast.head), document)
    document = actions.withdraw(act_as(cast.specialist), document)
    assert document.state == State.DRAFTING
    assert waits(document) == {("draft", "specialist")}
    approved = at_state(cast, State.APPROVED)
    with pytest.raises(Stale):
        actions.withdraw(act_as(cast.specialist), approved)


def test_it_is_not_submitted_without_a_signer(cast):
    document = drafted(cast, signer=None)
    with pytest.raises(Refusal, match="Chọn người ký"):
        submitted(cast.specialist, document)


def test_it_goes_on_without_late_opinions_with_a_note(cast):
    """Whoever goes on without them says why; they are waited for no longer."""
    document = drafted(cast)
    actor = act_as(cast.specialist)
    line = _asked(cast.finance)
    actions.ask_opinion(actor, document, [line], text="Có bố trí được kinh phí không?")
    with pytest.raises(Refusal, match="chưa góp ý"):
        submitted(cast.specialist, document)
    document = submitted(cast.specialist, document, text="Đã trao đổi bằng điện thoại")
    assert document.open_opinions == []
    assert document.opinions.get().withdrawn_at is not None


def test_the_same_form_sent_twice_makes_one_draft(cast):
    token = _token()
    first = drafted(cast, token=token)
    assert drafted(cast, token=token).pk == first.pk
    assert OutgoingDocument.objects.count() == 1


def test_a_file_of_an_older_version_is_not_submitted(cast):
    document = drafted(cast)
    actor = act_as(cast.specialist)
    with making(actor, document) as made:
        actions.save(actor, document, content(body="Mới hơn./."), base=1)
        with pytest.raises(Stale, match="bản mới hơn"):
            actions.submit(actor, document, made)


def _asked(unit: Unit) -> object:
    return Line(AssignmentRole.COORDINATE, unit)


def _token() -> UUID:
    return uuid4()


def make_agency(slug: str, regulation: str) -> dict[str, object]:
    """An office with each role once, under a regulation."""
    agency = Agency.objects.create(
        name=f"Sở {slug}", slug=slug, organ_id=f"H13.{slug.upper()}", regulation_name=regulation
    )
    board = Unit.objects.create(agency=agency, name="Lãnh đạo Sở", short_name="LĐ")
    office = Unit.objects.create(agency=agency, name="Văn phòng", short_name="VP", is_office=True)
    room = Unit.objects.create(agency=agency, name="Phòng Quản lý nhà", short_name="QLN")
    return {
        "leader": make_person(board, Role.LEADER, f"{slug}-gd", "Trần Minh Đức", "Giám đốc"),
        "chief": make_person(
            office, Role.OFFICE_CHIEF, f"{slug}-cvp", "Lê Thị Hoa", "Chánh Văn phòng"
        ),
        "clerk": make_person(office, Role.CLERK, f"{slug}-vt", "Phan Thị Mai", "Văn thư"),
        "head": make_person(room, Role.UNIT_HEAD, f"{slug}-tp", "Võ Văn Nam", "Trưởng phòng"),
        "drafter": make_person(room, Role.SPECIALIST, f"{slug}-cv", "Đỗ Anh Thư", "Chuyên viên"),
    }


def make_can_tho() -> dict[str, object]:
    """Sở Nội vụ Cần Thơ in small."""
    return make_agency("snv", "can-tho-2019")


def test_the_name_that_is_printed_is_the_signers(cast):
    """The sheet bears the name of whoever approves it, and nobody else's."""
    document = drafted(cast, signer_full_name="Lê Văn Hùng")
    with pytest.raises(Refusal, match="in tên người ký"):
        submitted(cast.specialist, document)


@pytest.mark.parametrize("state", [State.CONTENT, State.SIGNING])
def test_on_its_way_the_printed_name_stays_the_signers(cast, state):
    """Kon Tum Điều 14.5: a leader edits the text; who signs is settled when it is submitted."""
    document = at_state(cast, state)
    who = act_as(cast.head if state == State.CONTENT else cast.chair)
    with pytest.raises(Refusal, match="in tên người ký"):
        actions.save(who, document, content(signer_full_name="Lê Văn Hùng"), base=1)
    assert document.versions.count() == 1
    changed = content(signer_position="QUYỀN CHỦ TỊCH", body="Khác./.")
    actions.save(who, document, changed, base=1)
    act = DocumentAct.objects.filter(target=document.pk, verb="save").latest("ordinal")
    assert act.detail["signing"] == {"signer_position": ["CHỦ TỊCH", "QUYỀN CHỦ TỊCH"]}


def test_a_signer_who_has_left_signs_nothing(cast):
    """Nobody signs as what he is no longer (NĐ 30/2020 Điều 13)."""
    document, other = at_state(cast, State.SIGNING), drafted(cast)
    held = document.signer
    held.end_date = clock.today() - timedelta(days=1)
    held.save()
    with pytest.raises(Refusal):
        actions.approve(act_as(cast.vice), document, seen=1)
    with pytest.raises(Refusal, match="không còn giữ"):
        submitted(cast.specialist, other)


def test_a_vacant_post_is_told_before_it_is_submitted(cast):
    """Whoever submits reads which post has nobody, instead of waiting for ever."""
    held = cast.chief.appointments.get()
    held.end_date = clock.today() - timedelta(days=1)
    held.save()
    with pytest.raises(Refusal, match="chưa có ai giữ vai trò"):
        submitted(cast.specialist, drafted(cast))


def test_a_sheet_of_last_year_is_not_approved_in_the_next(cast, at):
    """The year is printed: what goes over the new year is made again."""
    document = at_state(cast, State.SIGNING)
    year = clock.today().year
    at(datetime(year + 1, 1, 4, 3, tzinfo=UTC))
    with pytest.raises(Refusal, match=f"Bản in mang năm {year}"):
        actions.approve(act_as(cast.chair), document, seen=1)


def test_saving_unchanged_on_the_way_changes_no_file(cast):
    """The file that others have signed off stays the one that goes on."""
    document = at_state(cast, State.SIGNING)
    file = document.versions.get().pdf_id
    chair = act_as(cast.chair)
    same = document.versions.get().content
    actions.save(chair, document, Content.read(same), base=1)
    document = actions.make_again(chair, document)
    assert document.versions.get().pdf_id == file
    assert list(verifying.findings()) == []


def test_what_is_submitted_again_is_made_anew(cast):
    """Sent back for its header, put right by the office, submitted again: the new file goes on."""
    document = submitted(cast.specialist, drafted(cast))
    first = document.versions.get().pdf_id
    document = actions.send_back(act_as(cast.head), document, text="Sai tên cơ quan")
    IssuingBody.objects.update(organ_name="ỦY BAN NHÂN DÂN THÀNH PHỐ")
    document = submitted(cast.specialist, document)
    again = document.versions.get(ordinal=2).pdf_id
    assert document.versions.get(ordinal=1).pdf_id == first != again
    act = DocumentAct.objects.filter(target_id=document.pk, verb="submit").latest("pk")
    assert act.detail["scan"] == again
    passed(cast.head, document)
    assert list(verifying.findings()) == []


def test_a_delegate_does_not_sign_under_the_others_name(cast):
    """Whoever signs for him stands in the block (KT., TUQ.): the sheet is made for that first."""
    document = at_state(cast, State.SIGNING)
    today = clock.today()
    delegate(
        act_as(cast.chair),
        cast.vice,
        start_date=today,
        end_date=today + timedelta(days=3),
        decision_number="12/GUQ-UBND",
    )
    with pytest.raises(Refusal, match="Bản in mang tên Nguyễn Đức Thành"):
        actions.approve(act_as(cast.vice), document, seen=1)
    document = actions.send_back(act_as(cast.vice), document, text="Sửa phần ký")
    assert document.state == State.APPRAISAL
