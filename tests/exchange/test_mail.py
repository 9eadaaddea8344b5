"""Documents really go to mailboxes by SMTP, and what comes back is noted."""

import json
from datetime import timedelta
from email.message import EmailMessage
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from accounts.models import Appointment
from core import clock
from core.errors import NotYours, Refusal, Stale
from documents.models import DocumentAct
from exchange import bounces, letters, mailing
from exchange.delivering import MOST_TRIES, bounced, deliver
from notifications.models import Notification
from outgoing import actions
from outgoing.choices import DeliveryCode
from outgoing.issued import files_of
from outgoing.models import Delivery
from tests.cast import act_as
from tests.exchange import servers
from tests.outgoing.issuing import issued, only, sealed, to_agency, to_mailbox, to_post
from tests.outgoing.signing import read_again
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = pytest.mark.django_db
PROVINCE = to_mailbox("UBND tỉnh Kon Tum", "vanthu@kontum.example")


class Killed(BaseException):
    """No handler of ours sees it: as if the process were gone."""


def killed(*_arguments):
    raise Killed


@pytest.fixture
def post(settings):
    settings.SITE_URL = "https://vanphong.kontum.example"
    settings.BOUNCE_ADDRESS = "tra-lai@kontum.example"
    with servers.smtp(settings) as found:
        yield found


def test_the_document_goes_as_it_was_issued(cast, post):
    """Kon Tum Điều 15.2, 17.2: those without the system get it by official e-mail."""
    cast.city.mailbox = "ubnd@tp.kontum.example"
    cast.city.save()
    document = issued(cast, PROVINCE)
    assert deliver() == {"sent": 1, "failed": 0, "changed": 0}
    [envelope], [letter] = post.taken, post.letters
    # What cannot be delivered comes back to us; answers go to the office.
    assert (envelope.mail_from, envelope.rcpt_tos) == (
        "tra-lai@kontum.example",
        ["vanthu@kontum.example"],
    )
    assert letter["Reply-To"] == "ubnd@tp.kontum.example"
    assert letter["Subject"] == f"UBND thành phố Kon Tum: {document.code}"
    delivery = only(document)
    assert letter["Message-ID"] == letters.message_id(delivery)
    [attached] = letter.iter_attachments()
    [file] = files_of(document)
    with storages["store"].open(file.file.path) as stored:
        assert attached.get_content() == stored.read()
    assert attached.get_filename() == file.name
    assert document.code in letter.get_body().get_content()
    assert (delivery.status, delivery.error, delivery.next_try_at) == ("sent", "", None)
    assert delivery.sent_at is not None


def test_a_mailbox_that_the_server_refuses_is_told_at_once(cast, post):
    post.refusing["khong-co@kontum.example"] = "550 5.1.1 No such mailbox here"
    document = issued(cast, to_mailbox("Hội A", "khong-co@kontum.example"), PROVINCE)
    assert deliver() == {"sent": 1, "failed": 1, "changed": 0}
    failed = Delivery.objects.get(document=document, organ_name="Hội A")
    assert (failed.status, failed.error, failed.next_try_at) == (
        DeliveryCode.FAILED,
        "550 5.1.1 No such mailbox here",
        None,
    )
    assert Notification.objects.filter(user=cast.clerk, kind="delivery_fail").count() == 1


def test_a_server_that_says_later_is_asked_later(cast, post, at):
    post.refusing["vanthu@kontum.example"] = "451 4.7.1 Greylisted"
    document = issued(cast, PROVINCE)
    assert deliver()["failed"] == 1
    waiting = only(document)
    assert (waiting.status, waiting.error, waiting.tries) == ("", "451 4.7.1 Greylisted", 1)
    post.refusing.clear()
    assert deliver()["sent"] == 0  # not yet
    at(clock.now() + timedelta(minutes=3))
    assert deliver()["sent"] == 1
    assert only(document).status == "sent"


def test_a_server_that_is_away_is_given_up_after_a_day_and_a_half(cast, settings, at):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", servers.free_port()
    document = issued(cast, PROVINCE)
    moment = begun = clock.now()
    while only(document).next_try_at is not None:
        assert deliver()["failed"] == 1
        moment = only(document).next_try_at or moment
        at(moment)
    assert only(document).status == DeliveryCode.FAILED
    assert only(document).tries == MOST_TRIES
    assert timedelta(hours=12) < moment - begun < timedelta(days=2)


def test_killed_after_the_servers_answer_it_goes_again_under_the_same_name(cast, post, monkeypatch):
    document = issued(cast, PROVINCE)

    with monkeypatch.context() as patch:
        patch.setattr("exchange.delivering.note", killed)
        with pytest.raises(Killed):
            deliver()
    assert only(document).status == ""
    assert deliver()["sent"] == 1
    first, second = post.letters
    assert first["Message-ID"] == second["Message-ID"]


def test_what_is_too_large_for_a_letter_is_told_before(cast, settings, post):
    settings.MAIL_LIMIT = 20_000
    document = sealed(cast, size=30_000)
    with pytest.raises(Refusal, match=r"lớn hơn mức .* của thư điện tử; chọn cách gửi khác"):
        actions.issue(act_as(cast.clerk), read_again(document), [PROVINCE])
    actions.issue(act_as(cast.clerk), read_again(document), [to_post("UBND tỉnh")])


def test_without_a_mail_server_nobody_is_promised_a_letter(cast):
    with pytest.raises(Refusal, match="chưa nối máy chủ thư"):
        issued(cast, PROVINCE)


def test_a_recall_is_told_to_the_mailbox(cast, post):
    """Cần Thơ Điều 10.1b."""
    document = issued(cast, PROVINCE)
    deliver()
    actions.recall(act_as(cast.clerk), document, text="Sai số liệu tại khoản 2.")
    assert deliver()["sent"] == 1
    sent, recall = post.letters
    assert recall["In-Reply-To"] == sent["Message-ID"] != recall["Message-ID"]
    assert "thu hồi" in recall["Subject"]
    assert "Lý do: Sai số liệu tại khoản 2." in recall.get_content()
    assert only(document).status == DeliveryCode.RECALL_ASKED
    assert deliver()["sent"] == 0


def test_who_has_an_earlier_letter_is_told_whatever_became_of_the_next(cast, post, client):
    """Cần Thơ Điều 10.1b: sent, sent once more, and recalled before that one has gone."""
    document = issued(cast, PROVINCE, to_post("Hội Nông dân"))
    clerk = act_as(cast.clerk)
    mail, paper = document.deliveries.order_by("pk")
    actions.note_sent(clerk, document, [paper.pk], day=clock.today())
    deliver()
    actions.resend(clerk, document, [mail.pk, paper.pk])
    actions.recall(clerk, document, text="Sai số liệu.")
    rows = [(one.status, one.next_try_at is None) for one in document.deliveries.order_by("pk")]
    assert rows == [(DeliveryCode.RECALL_ASKED, False), (DeliveryCode.RECALL_ASKED, True)]
    assert deliver()["sent"] == 1
    sent, recall = post.letters
    # It answers the letter that lies there, not the one that never went.
    assert recall["In-Reply-To"] == recall["References"] == sent["Message-ID"]
    assert "Lý do: Sai số liệu." in recall.get_content()
    actions.note_answer(clerk, document, [mail.pk, paper.pk], agreed=True, text="Đã hủy.")
    codes = document.deliveries.values_list("status", flat=True)
    assert set(codes) == {DeliveryCode.RECALL_AGREED}


def test_a_second_letter_that_cannot_be_sent_takes_nothing_from_the_first(cast, post):
    """Cần Thơ Điều 10.1b."""
    document = issued(cast, PROVINCE)
    clerk = act_as(cast.clerk)
    deliver()
    post.refusing["vanthu@kontum.example"] = "550 5.1.1 No such mailbox here"
    actions.resend(clerk, document, [only(document).pk])
    deliver()
    assert only(document).status == DeliveryCode.FAILED
    actions.recall(clerk, document, text="Sai.")
    assert only(document).status == DeliveryCode.RECALL_ASKED


def test_what_came_back_is_called_off_and_nobody_is_written_to(cast, post):
    document = issued(cast, PROVINCE)
    deliver()
    assert bounced(only(document).token.hex, "5.1.1 unknown") is True
    actions.resend(act_as(cast.clerk), document, [only(document).pk])
    actions.recall(act_as(cast.clerk), document, text="Sai.")
    assert only(document).status == DeliveryCode.CALLED_OFF
    assert deliver()["sent"] == 0


def test_a_recall_answers_every_letter_that_went(cast, post):
    document = issued(cast, PROVINCE)
    deliver()
    actions.resend(act_as(cast.clerk), document, [only(document).pk])
    deliver()
    actions.recall(act_as(cast.clerk), document, text="Sai.")
    deliver()
    first, second, recall = post.letters
    assert first["Message-ID"] != second["Message-ID"]
    assert recall["In-Reply-To"] == second["Message-ID"]
    assert recall["References"].split() == [first["Message-ID"], second["Message-ID"]]


# --- One server, one round at a time.


def mailboxes(count: int) -> list:
    return [to_mailbox(f"Hội {n}", f"hoi{n}@kontum.example") for n in range(count)]


def test_the_letters_of_a_round_go_over_one_connection(cast, post):
    issued(cast, *mailboxes(3))
    assert deliver()["sent"] == 3
    assert (len(post.taken), len(post.peers)) == (3, 1)


def test_a_server_that_closes_after_each_letter_is_opened_anew(cast, post):
    post.parts = True
    document = issued(cast, *mailboxes(3))
    assert deliver() == {"sent": 3, "failed": 0, "changed": 0}
    assert (len(post.taken), len(post.peers)) == (3, 3)
    assert set(document.deliveries.values_list("tries", flat=True)) == {0}


def test_a_server_that_never_answers_holds_up_one_letter_and_nothing_inside(cast, settings):
    with servers.silent_smtp(settings) as door:
        document = issued(cast, *mailboxes(3), to_agency(cast.ward))
        assert deliver() == {"sent": 1, "failed": 1, "changed": 0}
        assert servers.visitors(door) == 1
        tries = document.deliveries.order_by("pk").values_list("tries", "status")
        assert list(tries) == [(1, ""), (0, ""), (0, ""), (0, "01")]
        # The next round knocks for the next one.
        assert deliver()["failed"] == 1
        assert servers.visitors(door) == 1


def test_while_one_round_mails_another_leaves_the_letters_to_it(cast, post):
    issued(cast, PROVINCE, to_agency(cast.ward))
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [mailing.ROUND])
        assert deliver() == {"sent": 1, "failed": 0, "changed": 0}
        assert post.taken == []
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [mailing.ROUND])
        assert deliver()["sent"] == 1
        # And lets go of it: the next round is not kept out.
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [mailing.ROUND])
            assert cursor.fetchone() == (True,)
            cursor.execute("SELECT pg_advisory_unlock_all()")
    finally:
        other.close()


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ("552 5.3.4 Message too big", DeliveryCode.FAILED),
        ("554 5.7.1 Rejected as spam", DeliveryCode.FAILED),
        ("451 4.3.0 Try later", DeliveryCode.WAITS),
    ],
)
def test_a_letter_that_is_refused_for_good_is_told_at_once(cast, post, answer, status):
    """RFC 5321, 4.2.1: 5yz is no matter of trying again."""
    post.answer = answer
    document = issued(cast, PROVINCE)
    assert deliver()["failed"] == 1
    delivery = only(document)
    assert (delivery.status, delivery.next_try_at is None) == (status, bool(status))
    assert answer in delivery.error
    told = Notification.objects.filter(user=cast.clerk, kind="delivery_fail").count()
    assert told == bool(status)


# --- A recall that does not get through.


def lost(document) -> Delivery:
    """What became of it: its receiver does not know that it was recalled."""
    delivery = only(document)
    assert (delivery.status, delivery.next_try_at) == (DeliveryCode.RECALL_FAILED, None)
    assert delivery.error
    return delivery


def told_of_it(cast) -> int:
    return Notification.objects.filter(user=cast.clerk, kind="delivery_lost").count()


def page_of(client, person, name: str, *arguments) -> str:
    client.force_login(person)
    return client.get(reverse(f"outgoing:{name}", args=["kontum", *arguments])).content.decode()


def test_a_refused_recall_is_told_and_sent_again(cast, client, post):
    """Cần Thơ Điều 10.1b, QĐ 28/2018 Điều 8.2: the sender sees to it that it arrives."""
    document = issued(cast, PROVINCE)
    deliver()
    post.refusing["vanthu@kontum.example"] = "550 5.1.1 No such mailbox here"
    actions.recall(act_as(cast.clerk), document, text="Sai số liệu tại khoản 2.")
    assert deliver()["failed"] == 1
    delivery = lost(document)
    assert told_of_it(cast) == 1
    page = page_of(client, cast.clerk, "undelivered")
    assert page.count("data-row>") == 1
    assert "Không gửi được yêu cầu thu hồi" in page
    assert "Gửi lại yêu cầu thu hồi" in page
    page = page_of(client, cast.clerk, "detail", document.pk)
    again = reverse("outgoing:recall_again", args=["kontum", document.pk])
    assert f'name="delivery" value="{delivery.pk}" form="recalled"' in page
    assert f'formaction="{again}"' in page
    # Not a second time the document itself.
    with pytest.raises(Stale):
        actions.resend(act_as(cast.clerk), document, [delivery.pk])
    post.refusing.clear()
    client.post(again, {"delivery": delivery.pk, "text": "Đã sửa hộp thư."})
    assert only(document).status == DeliveryCode.RECALL_ASKED
    assert deliver()["sent"] == 1
    sent, recall = post.letters
    assert recall["In-Reply-To"] == sent["Message-ID"]
    assert "Lý do: Sai số liệu tại khoản 2." in recall.get_content()
    assert "data-row>" not in page_of(client, cast.clerk, "undelivered")
    # It has got through: there is nothing to send again.
    with pytest.raises(Refusal, match="không gửi lại yêu cầu thu hồi"):
        actions.recall_again(act_as(cast.clerk), document, [delivery.pk])
    with pytest.raises(NotYours):
        actions.recall_again(act_as(cast.chief), document, [delivery.pk])
    assert DocumentAct.objects.get(target_id=document.pk, verb="recall_again").actor == cast.clerk


def test_a_recall_for_which_there_is_no_server_is_told_at_last(cast, post, settings, at):
    document = issued(cast, PROVINCE)
    deliver()
    settings.EMAIL_PORT = servers.free_port()
    actions.recall(act_as(cast.clerk), document, text="Sai.")
    while only(document).next_try_at is not None:
        assert deliver()["failed"] == 1
        at(only(document).next_try_at or clock.now())
    assert lost(document).tries == MOST_TRIES
    assert told_of_it(cast) == 1


@pytest.mark.usefixtures("glance")
def test_a_recall_to_an_agency_without_a_clerk_is_told_and_sent_again(cast, at):
    document = issued(cast, to_agency(cast.ward))
    deliver()
    letter = only(document).received
    held = Appointment.objects.filter(user=cast.ward_clerk)
    held.update(end_date=clock.today() - timedelta(days=1))
    actions.recall(act_as(cast.clerk), document, text="Sai.")
    while only(document).next_try_at is not None:
        assert deliver()["failed"] == 1
        at(only(document).next_try_at or clock.now())
    delivery = lost(document)
    assert told_of_it(cast) == 1
    held.update(end_date=None)
    actions.recall_again(act_as(cast.clerk), document, [delivery.pk])
    deliver()
    deliver()
    letter.refresh_from_db()
    assert (letter.state, only(document).status) == ("refused", DeliveryCode.RECALL_AGREED)


def test_a_recall_that_came_back_is_told(cast, post):
    document = issued(cast, PROVINCE)
    deliver()
    actions.recall(act_as(cast.clerk), document, text="Sai.")
    deliver()
    delivery = only(document)
    found = bounces.read(report(letters.message_id(delivery, letters.RECALL)))
    assert found == bounces.Bounce(delivery.token.hex, "5.2.2 552 5.2.2 Mailbox full", True)
    assert bounced(found.token, found.reason, is_recall=True) is True
    assert bounced(found.token, found.reason, is_recall=True) is False
    assert lost(document).error == "5.2.2 552 5.2.2 Mailbox full"
    assert told_of_it(cast) == 1


def test_the_clerk_notes_what_those_outside_answer_to_a_recall(cast, client, post):
    """Cần Thơ Điều 10.1b; QCVN 102:2016 codes 15 and 16 come with words."""
    document = issued(cast, PROVINCE, to_post("Hội Nông dân"), to_agency(cast.ward))
    mail, paper, inside = document.deliveries.order_by("pk")
    actions.note_sent(act_as(cast.clerk), document, [paper.pk], day=clock.today())
    deliver()
    clerk = act_as(cast.clerk)
    with pytest.raises(Stale):  # nobody has recalled it
        actions.note_answer(clerk, document, [mail.pk], agreed=True, text="Đã hủy.")
    actions.recall(clerk, document, text="Sai.")
    url = reverse("outgoing:note_answer", args=["kontum", document.pk])
    page = page_of(client, cast.clerk, "detail", document.pk)
    assert f'action="{url}"' in page
    assert page.count('form="recalled" aria-label') == 2
    for person, status in ((cast.chief, 302), (cast.stranger, 404), (cast.ward_clerk, 404)):
        client.force_login(person)
        sent = {"delivery": [mail.pk], "answer": "15", "text": "Đã hủy."}
        assert client.post(url, sent).status_code == status
    client.force_login(cast.clerk)
    client.post(url, {"delivery": [mail.pk], "answer": "15", "text": ""})
    client.post(url, {"delivery": [mail.pk], "answer": "17", "text": "Đã hủy."})
    client.post(url, {"delivery": [inside.pk], "answer": "15", "text": "Đã hủy."})
    codes = document.deliveries.order_by("pk").values_list("status", flat=True)
    assert list(codes) == ["13", "13", "13"]
    text = "Công văn 7/UBND ngày 02/3: đã hủy."
    client.post(url, {"delivery": [mail.pk], "answer": "15", "text": text})
    client.post(url, {"delivery": [paper.pk], "answer": "16", "text": "Bà Hoa báo: đã thi hành."})
    assert list(codes.all()) == ["15", "16", "13"]
    mail.refresh_from_db()
    assert (mail.statuses.last().text, mail.next_try_at) == (text, None)
    act = DocumentAct.objects.filter(target_id=document.pk, verb="note_answer").first()
    assert (act.actor, act.words.text, act.detail["answer"]) == (cast.clerk, text, "15")
    assert text in page_of(client, cast.clerk, "detail", document.pk)
    # Answered, no letter goes any more, and no second answer is noted.
    deliver()
    assert len(post.letters) == 1
    with pytest.raises(Refusal, match="không chờ ghi nhận"):
        actions.note_answer(clerk, document, [mail.pk], agreed=False, text="Không.")


# --- What comes back.


def report(message_id: str, *, action: str = "failed", whole: bool = False) -> bytes:
    """What a server reports of a letter (RFC 3464)."""
    headers = f"From: tra-lai@kontum.example\r\nMessage-ID: {message_id}\r\nSubject: x\r\n\r\n"
    back = (
        f"Content-Type: message/rfc822\r\n\r\n{headers}body\r\n"
        if whole
        else f"Content-Type: text/rfc822-headers\r\n\r\n{headers}"
    )
    return (
        "From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; vanthu@kontum.example\r\nAction: {action}\r\n"
        "Status: 5.2.2\r\nDiagnostic-Code: smtp; 552 5.2.2 Mailbox full\r\n\r\n"
        f"--b\r\n{back}\r\n--b--\r\n"
    ).encode()


@pytest.fixture
def mailed(cast, post):
    document = issued(cast, PROVINCE)
    deliver()
    return document


@pytest.mark.parametrize("whole", [True, False])
def test_a_report_names_the_delivery_and_the_reason(cast, mailed, whole):
    delivery = only(mailed)
    found = bounces.read(report(letters.message_id(delivery), whole=whole))
    assert found == bounces.Bounce(delivery.token.hex, "5.2.2 552 5.2.2 Mailbox full")


def test_what_is_no_failure_of_ours_is_none(cast, mailed):
    ours = letters.message_id(only(mailed))
    plain = EmailMessage()
    plain["Message-ID"], plain["Subject"] = ours, "Re: công văn"
    plain.set_content("Đã nhận.")
    for content in (
        report(ours, action="delayed"),
        report(ours.replace("vanphong.kontum.example", "elsewhere.example")),
        report(ours.replace("<d-", "<x-")),
        report("<d-1.2@vanphong.kontum.example>"),
        plain.as_bytes(),
        b"",
        b"\x00\xff not a letter",
    ):
        assert bounces.read(content) is None


def test_what_came_back_is_noted_once_and_sent_anew_by_another_name(cast, mailed, post):
    delivery = only(mailed)
    assert bounced(delivery.token.hex, "Mailbox full") is True
    assert bounced(delivery.token.hex, "Mailbox full") is False
    failed = only(mailed)
    assert (failed.status, failed.error) == (DeliveryCode.FAILED, "Mailbox full")
    assert Notification.objects.filter(user=cast.clerk, kind="delivery_fail").count() == 1
    actions.resend(act_as(cast.clerk), mailed, [failed.pk])
    deliver()
    assert only(mailed).status == "sent"
    # The old report, read late, is about the old letter.
    assert bounced(delivery.token.hex, "Mailbox full") is False
    assert len({letter["Message-ID"] for letter in post.letters}) == 2


def test_a_token_that_is_none_is_nobodys():
    assert bounced("00" * 16, "Mailbox full") is False


def read_bounces() -> tuple[dict, int]:
    out, code = StringIO(), 0
    try:
        call_command("read_bounces", json=True, stdout=out, stderr=StringIO())
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    return json.loads(out.getvalue() or "{}"), code


def messages_of(document) -> list[bytes]:
    return [b"Subject: xin chao\r\n\r\nhello\r\n", report(letters.message_id(only(document)))]


def test_the_mailbox_is_read_and_each_message_once(cast, mailed, settings):
    with servers.imap(settings, messages_of(mailed)) as box:
        assert read_bounces() == ({"read": 2, "bounced": 1}, 0)
        assert box.seen == {1, 2}
        assert read_bounces() == ({"read": 0, "bounced": 0}, 0)
    assert only(mailed).status == DeliveryCode.FAILED


ODD = [
    *("<", "<>", "<a@", "<@", "<[@b>", "<a@[b", "", "=?utf-8?q?<d-?=", "\u0000"),
    "<d-" + "ă" * 22 + "@vanphong.kontum.example>",
    "<d-" + "-" * 22 + "@vanphong.kontum.example>",
]


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("odd", ODD)
def test_an_odd_message_stops_none_behind_it(cast, mailed, settings, odd, whole):
    strange = report(odd, whole=whole)
    if not whole:
        strange = strange.replace(
            b"text/rfc822-headers", b"text/rfc822-headers; charset=utf-8", 1
        ).replace(b"Mailbox full", b"\xff\x00 \xed\xa0\x80")
    with servers.imap(settings, [strange, report(letters.message_id(only(mailed)))]) as box:
        assert read_bounces() == ({"read": 2, "bounced": 1}, 0)
        assert box.seen == {1, 2}
    assert only(mailed).status == DeliveryCode.FAILED


def test_words_of_any_bytes_are_noted(cast, mailed, settings):
    """A server's diagnostic need be no text at all."""
    content = report(letters.message_id(only(mailed)))
    content = content.replace(b"Mailbox full", b"H\xf4p th\xff \x00\xed\xa0\x80")
    with servers.imap(settings, [content]) as box:
        assert read_bounces() == ({"read": 1, "bounced": 1}, 0)
        assert box.seen == {1}
    assert only(mailed).error.startswith("5.2.2 552 5.2.2 H")


def test_one_that_cannot_be_read_at_all_is_passed_over(cast, mailed, settings, monkeypatch, caplog):
    read = bounces.read

    def broken(content):
        if content.startswith(b"Subject: xin chao"):
            raise IndexError("a fault nobody thought of")
        return read(content)

    monkeypatch.setattr(bounces, "read", broken)
    with servers.imap(settings, messages_of(mailed)) as box:
        assert read_bounces() == ({"read": 2, "bounced": 1}, 0)
        assert box.seen == {1, 2}
    assert "was passed over" in caplog.text


def test_a_message_over_which_it_died_is_found_again(cast, mailed, settings, monkeypatch):
    with servers.imap(settings, messages_of(mailed)[1:]):
        with monkeypatch.context() as patch:
            patch.setattr(bounces, "read", killed)
            with pytest.raises(Killed):
                read_bounces()
        assert read_bounces() == ({"read": 1, "bounced": 1}, 0)


def test_a_mailbox_that_cannot_be_read_says_so(cast, settings):
    assert read_bounces() == ({"read": 0, "bounced": 0}, 0)  # none is named
    with servers.imap(settings, []):
        settings.BOUNCE_IMAP_PASSWORD = "wrong"
        assert read_bounces() == ({}, 2)
    settings.BOUNCE_IMAP_PORT = servers.free_port()
    assert read_bounces() == ({}, 2)


@pytest.mark.skipif(servers.DOVECOT is None, reason="dovecot-imapd is not installed")
def test_dovecot_is_read_too(cast, mailed, settings):
    with (
        TemporaryDirectory(prefix="edocman-imap-") as folder,
        servers.dovecot(settings, Path(folder), messages_of(mailed)) as mail,
    ):
        assert read_bounces() == ({"read": 2, "bounced": 1}, 0)
        assert read_bounces() == ({"read": 0, "bounced": 0}, 0)
        assert all(":2,S" in one.name for one in (mail / "cur").iterdir())
    assert only(mailed).status == DeliveryCode.FAILED
