"""issue, resend, note_sent, recall: to whom, by which way, and what a regulation forbids."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse

from accounts.models import Agency, DirectoryEntry
from accounts.regulation import load
from core import clock
from core.errors import NotYours, Refusal, Stale
from documents import verifying
from documents.calendar import office_calendar
from documents.models import DocumentAct, Waiting
from exchange.delivering import deliver
from incoming import actions as incoming
from incoming.choices import RefusalReason
from notifications.models import Notification
from outgoing import actions, recipients, sending
from outgoing.choices import DeliveryCode, Medium, State, Way
from outgoing.forms.issuing import IssueForm
from outgoing.models import Delivery, DeliveryStatus, IssuedFile, SignedKind
from outgoing.verifying import findings
from tests.cast import act_as
from tests.outgoing.issuing import (
    issued,
    only,
    sealed,
    to_agency,
    to_mailbox,
    to_post,
)
from tests.outgoing.signing import read_again
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = pytest.mark.django_db


def issue(cast, document, *to, by=None):
    return actions.issue(act_as(by or cast.clerk), read_again(document), list(to))


# --- issue.


def test_it_goes_out_with_a_delivery_for_each(cast, settings):
    """Kon Tum Điều 15.1, 15.2: through the system, by official e-mail, on paper."""
    settings.EMAIL_HOST = "mail.example"
    document = issued(
        cast,
        to_agency(cast.ward),
        to_mailbox("UBND tỉnh", "vt@kontum.example"),
        to_post("Hội Người cao tuổi", copies=2, address="12 Nguyễn Huệ"),
    )
    assert (document.state, document.issued_at is not None) == (State.ISSUED, True)
    rows = document.deliveries.values_list("organ_name", "way", "copies", "status")
    assert list(rows) == [
        ("UBND phường Thắng Lợi", "inside", 1, ""),
        ("UBND tỉnh", "email", 1, ""),
        ("Hội Người cao tuổi", "paper", 2, ""),
    ]
    act = DocumentAct.objects.filter(target_id=document.pk).last()
    assert act.verb == "issue"
    assert act.detail["ways"] == {"inside": 1, "email": 1, "paper": 1}
    assert act.detail["copies"] == 2
    newest = IssuedFile.objects.filter(document=document).order_by("pk").last()
    assert act.detail["sha256"] == [newest.file_id]
    # Whoever drafted and signed it, and the head of the unit, hear of it.
    for person in (cast.specialist, cast.chair, cast.head):
        assert Notification.objects.filter(user=person, kind="issue").count() == 1
    assert list(findings()) == []
    assert list(verifying.broken_chains()) == list(verifying.broken_states()) == []


def test_only_the_clerk_and_only_what_is_sealed(cast):
    """Cần Thơ Điều 10.1b, Kon Tum Điều 15.1."""
    document = sealed(cast)
    for person in (cast.chief, cast.chair, cast.specialist, cast.head):
        with pytest.raises(NotYours):
            issue(cast, document, to_agency(cast.ward), by=person)
    issue(cast, document, to_agency(cast.ward))
    with pytest.raises(Stale):
        issue(cast, document, to_agency(cast.elsewhere))


def test_of_another_agency_it_does_not_exist(cast):
    document = sealed(cast)
    with pytest.raises(type(document).DoesNotExist):
        issue(cast, document, to_agency(cast.ward), by=cast.stranger)


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ([], "Chọn ít nhất một nơi nhận"),
        (["ward", "ward"], "hai lần cùng một cách gửi"),
        (["city"], "chính cơ quan mình"),
        (["nobody"], "không ở trong hệ thống này"),
    ],
)
def test_receivers_that_are_none(cast, to, words):
    known = {
        "ward": to_agency(cast.ward),
        "city": to_agency(cast.city),
        "nobody": recipients.Recipient(organ_name="Sở Y tế", way=Way.INSIDE),
    }
    document = sealed(cast)
    with pytest.raises(Refusal, match=words):
        issue(cast, document, *(known[one] for one in to))
    document.refresh_from_db()
    assert document.state == State.SEALED
    assert not Delivery.objects.exists()


def test_one_wrong_receiver_stops_all(cast):
    cast.elsewhere.is_active = False
    cast.elsewhere.save()
    document = sealed(cast)
    with pytest.raises(Refusal):
        issue(cast, document, to_agency(cast.ward), to_agency(cast.elsewhere))
    assert not Delivery.objects.exists()


def test_an_internal_one_stays_inside(cast):
    document = sealed(cast, is_internal=True)
    with pytest.raises(Refusal, match="nội bộ không gửi ra ngoài"):
        issue(cast, document, to_agency(cast.ward))
    assert issue(cast, document).state == State.ISSUED


# --- What regulations say of it.


def under(agency: Agency, name: str) -> None:
    agency.regulation_name = name
    agency.save()
    agency.__dict__.pop("regulation", None)


def test_the_two_units_exchange_with_the_so_alone_and_it_with_them(cast):
    """Bình Định Điều 9.2: "chỉ thực hiện liên thông với cơ quan Sở và ngược lại"."""
    for agency in (cast.city, cast.ward):
        under(agency, "binh-dinh-2016")
    ward = Agency.objects.get(pk=cast.ward.pk)
    stranger = to_agency(Agency.objects.get(pk=cast.elsewhere.pk))
    document = sealed(cast)
    # The Sở itself exchanges with everybody, and with its units.
    issue(cast, document, to_agency(ward), stranger)
    # Others reach the unit by other ways.
    rule = actions.issuing.rules.may_send_to
    unit_writes = read_again(sealed(cast))
    unit_writes.agency = ward
    refusal = rule(unit_writes, stranger)
    assert "chỉ liên thông với UBND thành phố Kon Tum" in refusal.message
    assert refusal.article.startswith("khoản 2 Điều 9 Quy chế")
    assert rule(unit_writes, to_agency(Agency.objects.get(pk=cast.city.pk))) is None
    assert rule(unit_writes, to_post("Sở Xây dựng")) is None
    unit_writes.agency = Agency.objects.get(pk=cast.elsewhere.pk)
    assert rule(unit_writes, to_agency(ward)).article.startswith("khoản 2 Điều 9")


def test_signed_documents_do_not_go_on_paper_to_those_in_the_system(cast):
    """Sơn La Điều 3.3: what is signed and sent online is not sent on paper."""
    under(cast.city, "son-la-2014")
    document = sealed(cast)
    both = [to_agency(cast.ward), to_agency(cast.ward, Way.PAPER)]
    with pytest.raises(Refusal, match="không gửi bản giấy") as said:
        issue(cast, document, *both)
    assert said.value.article.startswith("khoản 3 Điều 3")
    issue(cast, document, to_agency(cast.ward), to_post("Hội Nông dân"))


def test_ways_that_are_closed_are_not_offered(cast):
    """Sơn La Điều 3.3: no paper beside; what was chosen all the same stays, and is refused."""
    document = read_again(sealed(cast))
    entry = DirectoryEntry.objects.get(agency=cast.ward)

    def offered(data=None):
        form = IssueForm(act_as(cast.clerk), document, data, offered=[entry])
        (choice,) = form.choices
        return [way for way, _label in choice.ways], choice.way

    assert offered() == ([Way.INSIDE, recipients.BOTH, Way.PAPER], Way.INSIDE)
    under(cast.city, "son-la-2014")
    document = read_again(document)
    assert offered() == ([Way.INSIDE], Way.INSIDE)
    typed = QueryDict(f"entry={entry.pk}&way-{entry.pk}={Way.PAPER}")
    assert offered(typed) == ([Way.INSIDE, Way.PAPER], Way.PAPER)


def test_a_paper_goes_with_the_electronic_one(cast):
    """Sơn La Điều 8.1: "khi phát hành phải gửi kèm theo văn bản điện tử trên phần mềm"."""
    under(cast.city, "son-la-2014")
    document = sealed(cast)
    type(document).objects.filter(pk=document.pk).update(medium=Medium.PAPER)
    with pytest.raises(Refusal, match="gửi kèm bản điện tử") as said:
        issue(cast, document, to_agency(cast.ward, Way.PAPER))
    assert said.value.article.startswith("khoản 1 Điều 8")
    issue(cast, document, to_agency(cast.ward), to_agency(cast.ward, Way.PAPER))


def test_kinds_that_go_out_only_signed(cast):
    """Cần Thơ Điều 3.3: electronic and signed; on paper only to those without the system."""
    under(cast.city, "can-tho-2019")
    document = sealed(cast)
    file = IssuedFile.objects.filter(document=document).order_by("pk").last().file
    file.signatures = {"verdict": "unsigned", "signatures": []}
    file.save()
    with pytest.raises(Refusal, match="không có chữ ký số hợp lệ") as said:
        issue(cast, document, to_agency(cast.ward))
    assert said.value.article.startswith("khoản 3 Điều 3")
    file.signatures = {"verdict": "valid", "signatures": []}
    file.save()
    with pytest.raises(Refusal, match="chỉ gửi bản điện tử có ký số"):
        issue(cast, document, to_agency(cast.ward), to_agency(cast.ward, Way.PAPER))
    issue(cast, document, to_agency(cast.ward), to_post("Hội Nông dân"))


def test_a_broken_signature_is_none(cast):
    """What only goes out signed goes out with a signature that is valid (Cần Thơ Điều 3.3)."""
    document = sealed(cast)
    cast.city.regulation_name = "can-tho-2019"
    cast.city.save()
    file = document.issued_files.last().file
    for verdict in ("invalid", "indeterminate", "unsigned"):
        file.signatures = {"verdict": verdict, "signatures": []}
        file.save()
        with pytest.raises(Refusal, match="không có chữ ký số hợp lệ"):
            issue(cast, document, to_agency(cast.ward))


def test_a_list_says_what_goes_out_signed_from_when_until_when(cast):
    """Cần Thơ Điều 3.3q: by a list that was issued, with its dates."""
    document = sealed(cast)
    file = document.issued_files.last().file
    file.signatures = {"verdict": "unsigned", "signatures": []}
    file.save()
    day = document.issued_date
    kind = SignedKind.objects.create(
        agency=cast.city,
        type_name=document.type_name,
        basis="Quyết định 12/QĐ-UBND",
        start_date=day,
        end_date=day,
    )
    with pytest.raises(Refusal, match="ký số hợp lệ") as said:
        issue(cast, document, to_agency(cast.ward))
    assert said.value.article == "Quyết định 12/QĐ-UBND"
    kind.start_date = day - timedelta(days=3)
    kind.end_date = day - timedelta(days=1)
    kind.save()
    assert issue(cast, document, to_agency(cast.ward)).state == State.ISSUED


def test_of_some_types_only_those_of_the_issuer(cast):
    """Cần Thơ Điều 3.3b, c: directives of the chair of the city, not those of a ward."""
    rule = load("can-tho-2019")
    assert rule.signed_only("Chỉ thị", member=False).startswith("khoản 3 Điều 3")
    assert rule.signed_only("Chỉ thị", member=True) == ""
    assert rule.signed_only("Công văn", member=True).startswith("khoản 3 Điều 3")


# --- resend, note_sent, recall.


def test_what_came_back_is_sent_anew_and_what_lies_there_is_not(cast):
    """Cần Thơ Điều 10.1b."""
    document = issued(cast)
    clerk = act_as(cast.clerk)
    with pytest.raises(Refusal, match="chờ gửi, không gửi lại"):
        actions.resend(clerk, document, [only(document).pk])
    deliver()
    with pytest.raises(Refusal, match="đã đến, không gửi lại"):
        actions.resend(clerk, document, [only(document).pk])
    letter = only(document).received
    incoming.refuse(act_as(cast.ward_clerk), letter, reason=RefusalReason.INCOMPLETE)
    deliver()
    before = only(document)
    with pytest.raises(NotYours):
        actions.resend(act_as(cast.chief), document, [before.pk])
    actions.resend(clerk, document, [before.pk], text="Gửi lại đủ trang.")
    after = only(document)
    assert (after.status, after.received, after.tries) == ("", None, 0)
    assert after.token != before.token
    assert after.statuses.last().text == "Gửi lại đủ trang."
    with pytest.raises(Refusal, match="Chọn ít nhất một nơi nhận"):
        actions.resend(clerk, document, [])


def test_a_delivery_of_another_document_is_not_reached(cast):
    first, second = issued(cast), issued(cast)
    with pytest.raises(Refusal):
        actions.resend(act_as(cast.clerk), first, [only(second).pk])


def test_papers_wait_for_the_clerk_until_he_has_sent_them(client, cast):
    """Kon Tum Điều 15.2."""
    document = issued(cast, to_post("Hội A"), to_post("Hội B"))
    assert deliver()["sent"] == 0
    first, second = Delivery.objects.filter(document=document)
    assert Waiting.objects.get(document_id=document.pk).verb == "note_sent"
    clerk, today = act_as(cast.clerk), clock.today()
    client.force_login(cast.clerk)
    everything = reverse("outgoing:outgoing", args=[cast.city.slug]) + "?tab=all"
    assert "văn thư, gửi bản giấy" in client.get(everything).content.decode()
    for day in (today + timedelta(days=1), today - timedelta(days=1)):
        with pytest.raises(Refusal, match="Ngày gửi không thể"):
            actions.note_sent(clerk, document, [first.pk], day=day)
    actions.note_sent(clerk, document, [first.pk], day=today)
    assert Waiting.objects.filter(document_id=document.pk).exists()
    with pytest.raises(Stale):
        actions.note_sent(clerk, document, [first.pk], day=today)
    actions.note_sent(clerk, document, [second.pk], day=today)
    assert "gửi bản giấy" not in client.get(everything).content.decode()
    assert not Waiting.objects.filter(document_id=document.pk).exists()
    said = DeliveryStatus.objects.filter(delivery=first).last()
    assert (said.code, said.text) == ("sent", f"Đã gửi giấy ngày {today:%d/%m/%Y}")
    assert list(findings()) == []
    with pytest.raises(NotYours):
        actions.note_sent(act_as(cast.chief), document, [first.pk], day=today)


def test_a_recall_stands_on_the_trail_by_its_article(cast):
    """Cần Thơ Điều 10.1b."""
    under(cast.city, "can-tho-2019")
    document = issued(cast, to_agency(cast.ward), to_post("Hội A"))
    deliver()
    paper = Delivery.objects.get(document=document, way=Way.PAPER)
    actions.note_sent(act_as(cast.clerk), document, [paper.pk], day=clock.today())
    actions.recall(act_as(cast.clerk), document, text="Sai.")
    act = DocumentAct.objects.filter(target_id=document.pk).last()
    assert (act.verb, act.to_state, act.words.text) == ("recall", "recalled", "Sai.")
    assert act.article.startswith("điểm b khoản 1 Điều 10")
    paper.refresh_from_db()
    # Of a paper nobody can be told by us.
    assert (paper.status, paper.next_try_at) == (DeliveryCode.RECALL_ASKED, None)


@pytest.mark.usefixtures("glance")
def test_a_paper_that_had_left_is_noted_after_the_recall_and_wanted_back(cast, client):
    """Kon Tum Điều 15.2, Cần Thơ Điều 10.1b: noted too late, its receiver still has it."""
    document = issued(cast, to_post("Hội Nông dân"), to_post("Bưu điện"))
    clerk, today = act_as(cast.clerk), clock.today()
    first, second = document.deliveries.order_by("pk")
    actions.recall(clerk, document, text="Sai số liệu.")
    assert {one.status for one in document.deliveries.all()} == {DeliveryCode.CALLED_OFF}
    client.force_login(cast.clerk)
    page = client.get(document.get_absolute_url()).content.decode()
    assert f'name="delivery" value="{first.pk}" form="note-sent"' in page
    with pytest.raises(NotYours):
        actions.note_sent(act_as(cast.chief), document, [first.pk], day=today)
    sent = {"delivery": first.pk, "day": f"{today:%d/%m/%Y}"}
    assert client.post(url("note_sent", document), sent).status_code == 302
    first.refresh_from_db()
    assert (first.status, clock.day_of(first.sent_at)) == (DeliveryCode.RECALL_ASKED, today)
    said = first.statuses.order_by("pk").values_list("code", "text")
    assert list(said)[-2:] == [
        ("sent", f"Đã gửi giấy ngày {today:%d/%m/%Y}"),
        ("13", "Sai số liệu."),
    ]
    # It is asked for like the others, once.
    with pytest.raises(Stale):
        actions.note_sent(clerk, document, [first.pk], day=today)
    actions.note_answer(clerk, document, [first.pk], agreed=True, text="Đã trả lại.")
    # Nothing leaves after the recall.
    with clock.set_to(clock.now() + timedelta(days=1)):
        late = today + timedelta(days=1)
        with pytest.raises(Refusal, match="không thể sau ngày thu hồi"):
            actions.note_sent(clerk, document, [second.pk], day=late)
    second.refresh_from_db()
    assert second.status == DeliveryCode.CALLED_OFF


# --- Typed lines.


def test_lines_are_read_as_people_type_them(cast):
    text = (
        "UBND phường Thắng Lợi\n\n"
        "Hội Người cao tuổi | giấy | 12 Nguyễn Huệ | 2\n"
        "Báo Kon Tum | | bao@kontum.example\n"
        "ubnd phường thắng lợi | bản giấy\n"
    )
    found = recipients.to_lines(recipients.read_lines(text))
    assert [(one.organ_name, one.way, one.address, one.copies) for one in found] == [
        ("UBND phường Thắng Lợi", "inside", "", 1),
        ("Hội Người cao tuổi", "paper", "12 Nguyễn Huệ", 2),
        ("Báo Kon Tum", "email", "bao@kontum.example", 1),
        ("UBND phường Thắng Lợi", "paper", "", 1),
    ]


def test_wrong_lines_are_named_all_at_once(cast):
    text = "A | chim câu\nB | giấy | x | 0\n | giấy\nC | email | không phải\nD|giấy|x|1|y"
    with pytest.raises(ValidationError) as said:
        recipients.read_lines(text)
    assert said.value.messages == [
        "Dòng 1: cách gửi “chim câu” không có; ghi: hệ thống, thư điện tử hoặc giấy.",
        "Dòng 2: số bản là số từ 1 đến 999.",
        "Dòng 3: ghi tên nơi nhận, không quá 200 ký tự.",
        "Dòng 4: “không phải” không phải địa chỉ thư điện tử.",
        "Dòng 5: chỉ có bốn phần: tên | cách gửi | địa chỉ | số bản.",
    ]
    with pytest.raises(ValidationError) as said:
        recipients.to_lines(recipients.read_lines("A | hệ thống\nB | thư"))
    assert said.value.messages == [
        "Dòng 1: “A” không ở trong hệ thống này; chọn trong danh bạ.",
        "Dòng 2: “B” chưa có địa chỉ thư điện tử.",
    ]


def test_a_name_that_two_bear_is_nobodys(cast):
    for number in (1, 2):
        DirectoryEntry.objects.create(
            organ_id=f"H34.0{number}", organ_name="UBND xã Tân An", email="a@b.example"
        )
    [one] = recipients.to_lines(recipients.read_lines("UBND xã Tân An"))
    assert (one.way, one.organ_id) == ("paper", "")


def test_the_printed_lines_name_receivers(cast):
    found = recipients.suggested(
        ["- UBND phường Thắng Lợi (thực hiện);", "Như trên\nSở Xây dựng;\nLưu: VT, QLĐT."]
    )
    assert [one.organ_name for one in found] == ["Sở Xây dựng", "UBND phường Thắng Lợi"]


# --- The clock of sending.


@pytest.mark.parametrize(
    ("name", "urgent", "until"),
    [
        ("can-tho-2019", False, "2026-03-09 12:00:00"),  # signed on a Friday
        ("kon-tum-2017", False, "2026-03-09 23:59:59"),
        ("can-tho-2019", True, "2026-03-06 23:59:59"),
    ],
)
def test_by_when_it_is_sent(cast, name, urgent, until):
    """QĐ 28/2018 Điều 6.2, Cần Thơ Điều 4.5, NĐ 30/2020 Điều 18.1."""
    signed = datetime(2026, 3, 6, 9, 30, tzinfo=UTC)  # 16:30 in Vietnam
    rule = load(name).send_by
    found = sending.last_moment(signed, rule, office_calendar(), urgent=urgent)
    assert f"{found:%Y-%m-%d %H:%M:%S}" == until
    assert not sending.is_late(found, found)
    assert sending.is_late(found + timedelta(seconds=1), found)
    assert not sending.is_late(found + timedelta(days=3), found, sent_at=signed)


def test_the_morning_after_holidays(cast):
    signed = datetime(2026, 4, 29, 3, 0, tzinfo=UTC)  # before 30 April, 1 May and a weekend
    rule = load("can-tho-2019").send_by
    found = sending.last_moment(signed, rule, office_calendar())
    assert f"{found:%d/%m %H:%M}" == "04/05 12:00"


# --- Pages.


def url(name: str, document=None) -> str:
    return reverse(f"outgoing:{name}", args=["kontum", *([document.pk] if document else [])])


def test_the_form_offers_whom_the_paper_names_and_finds_others(cast, client):
    document = sealed(cast, addressees="UBND phường Thắng Lợi", recipients="Như trên\nLưu: VT")
    client.force_login(cast.clerk)
    page = client.get(url("issue", document)).content.decode()
    ward = DirectoryEntry.objects.get(agency=cast.ward)
    assert f'name="entry" value="{ward.pk}" id="entry-{ward.pk}" checked' in page
    so = DirectoryEntry.objects.get(agency=cast.elsewhere)
    sent = {"entry": [ward.pk], f"way-{ward.pk}": "both", "then": "search", "q": "xay dung"}
    found = client.post(url("issue", document), sent)
    page = found.content.decode()
    assert found.status_code == 200
    assert f'value="{so.pk}" id="entry-{so.pk}">' in page
    assert f'id="entry-{ward.pk}" checked' in page
    assert '<option value="both" selected>' in page
    # A script gets the receivers alone.
    part = client.post(url("issue", document), sent, headers={"HX-Request": "true"})
    text = part.content.decode().strip()
    assert text.startswith("<fieldset")
    assert text.endswith("</fieldset>")
    # The own agency is no receiver.
    mine = client.post(url("issue", document), sent | {"q": "thành phố Kon Tum"})
    assert f'id="entry-{DirectoryEntry.objects.get(agency=cast.city).pk}"' not in (
        mine.content.decode()
    )


def test_it_is_issued_from_the_form(cast, client):
    document = sealed(cast)
    ward = DirectoryEntry.objects.get(agency=cast.ward)
    client.force_login(cast.clerk)
    sent = {
        "entry": [ward.pk],
        f"way-{ward.pk}": "both",
        f"copies-{ward.pk}": "3",
        "lines": "Hội Nông dân | giấy | 1 Lê Lợi | 2",
    }
    answer = client.post(url("issue", document), sent)
    assert answer.status_code == 302
    rows = Delivery.objects.filter(document=document).values_list("organ_name", "way", "copies")
    assert list(rows) == [
        ("UBND phường Thắng Lợi", "inside", 1),
        ("UBND phường Thắng Lợi", "paper", 3),
        ("Hội Nông dân", "paper", 2),
    ]
    page = client.get(document.get_absolute_url()).content.decode()
    assert "Hội Nông dân" in page
    assert "Chờ gửi bản giấy" in page
    assert url("note_sent", document) in page


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({}, 422, "Chọn ít nhất một nơi nhận."),
        ({"lines": "A | chim câu"}, 422, "cách gửi “chim câu” không có"),
        ({"lines": "UBND thành phố Kon Tum"}, 409, "chính cơ quan mình"),
        ({"entry": ["x", "999999999999999999999", "0"]}, 422, "Chọn ít nhất một nơi nhận."),
    ],
)
def test_what_is_wrong_is_said_and_kept(cast, client, sent, status, words):
    document = sealed(cast)
    client.force_login(cast.clerk)
    answer = client.post(url("issue", document), sent)
    page = answer.content.decode()
    assert answer.status_code == status
    assert words in page
    if "lines" in sent:
        assert sent["lines"] in page


def test_pages_of_issuing_are_the_clerks_and_of_his_agency(cast, client):
    document = sealed(cast)
    for person, status in ((cast.stranger, 404), (cast.ward_clerk, 404), (cast.chief, 409)):
        client.force_login(person)
        assert client.post(url("issue", document), {"lines": "A | giấy"}).status_code == status
        assert client.get(url("issue", document)).status_code == (302 if status == 409 else 404)
        for name in ("resend", "note_sent"):
            answer = client.post(url(name, document), {"delivery": "1"})
            assert answer.status_code == (302 if status == 409 else 404)
    assert not Delivery.objects.exists()
    document.refresh_from_db()
    assert document.state == State.SEALED


@pytest.mark.usefixtures("glance")
def test_the_page_shows_what_became_of_each(cast, client):
    document = issued(cast, to_agency(cast.ward), to_agency(cast.elsewhere))
    deliver()
    letter = Delivery.objects.get(agency=cast.ward).received
    incoming.refuse(
        act_as(cast.ward_clerk), letter, reason=RefusalReason.OTHER, text="Thiếu phụ lục 2."
    )
    deliver()
    client.force_login(cast.clerk)
    page = client.get(document.get_absolute_url()).content.decode()
    assert "Từ chối tiếp nhận" in page
    assert "Lý do khác: Thiếu phụ lục 2." in page
    key = Delivery.objects.get(agency=cast.ward).pk
    assert f'name="delivery" value="{key}" form="resend"' in page
    answer = client.post(url("resend", document), {"delivery": key, "text": "Đã bổ sung."})
    assert answer.status_code == 302
    assert Delivery.objects.get(pk=key).status == ""
    # Others see it, and have nothing to press.
    client.force_login(cast.chair)
    page = client.get(document.get_absolute_url()).content.decode()
    assert "UBND phường Thắng Lợi" in page
    assert 'form="resend"' not in page


def test_what_has_not_arrived_is_one_page(cast, client, django_assert_num_queries):
    first = issued(cast, to_agency(cast.ward), to_post("Hội Nông dân"))
    second = issued(cast)
    client.force_login(cast.clerk)
    page = client.get(url("undelivered")).content.decode()
    assert page.count("data-row>") == 3
    assert "Hội Nông dân" in page
    deliver()
    page = client.get(url("undelivered")).content.decode()
    assert page.count("data-row>") == 1
    # Recalled, it is missed no more; and others see nothing of it.
    actions.recall(act_as(cast.clerk), first, text="Sai.")
    assert (
        "Mọi văn bản đã phát hành đều đến nơi." in client.get(url("undelivered")).content.decode()
    )
    issued(cast)
    client.force_login(cast.colleague)
    assert client.get(url("undelivered")).content.decode().count("data-row>") == 0
    client.force_login(cast.stranger)
    assert client.get(url("undelivered")).status_code == 404
    assert second.pk


def test_paper_and_recall_by_their_forms(cast, client):
    document = issued(cast, to_post("Hội Nông dân"))
    client.force_login(cast.clerk)
    key = only(document).pk
    wrong = client.post(url("note_sent", document), {"delivery": key, "day": "31/02/2026"})
    assert wrong.status_code == 422
    assert only(document).status == ""
    today = f"{clock.today():%d/%m/%Y}"
    client.post(url("note_sent", document), {"delivery": key, "day": today})
    assert only(document).status == "sent"
    recall = reverse("outgoing:verb", args=["kontum", document.pk, "recall"])
    assert client.post(recall, {"text": ""}).status_code == 422
    assert client.post(recall, {"text": "Sai thẩm quyền."}).status_code == 302
    document.refresh_from_db()
    assert document.state == State.RECALLED
