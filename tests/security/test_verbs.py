"""Only a POST changes something, only what the form has, and only what the log may hold."""

import logging
import re

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.models import Agency, Appointment, User
from core.log import OneLine
from documents.models import Document
from incoming import actions
from incoming.models import IncomingDocument
from notifications.models import Notification
from notifications.tasks import send_mail
from tests.cast import act_as
from tests.security.addresses import addresses, writes
from tests.security.conftest import drained, fresh
from tests.test_matrix import BLOCKS, READERS, address, form

# What a GET may write: that a page was opened, and how somebody likes his lists.
NOTED = {
    "django_session",
    "documents_waiting",  # seen, and done for whoever is only informed
    "notifications_notification",  # read
    "documents_documentact",  # that the informed has read
    "documents_acttext",
    "documents_assignment",
}


@pytest.mark.parametrize("method", ["get", "head", "options", "trace"])
def test_what_only_asks_changes_nothing(site, method):
    """Every address with the fields of its form in the query: no verb is done by a link."""
    wrong = []
    for reader in ("clerk", "boss"):
        client = fresh(site, reader)
        for path in addresses(site, each_verb=method == "get"):
            if path.startswith("/admin/") != (reader == "boss"):
                continue
            if method in ("options", "trace") and reader == "boss":
                continue  # Django's own views, which take GET and POST alone
            query = {} if method == "trace" else {"text": "x", "do": "delete", "post": "yes"}
            with writes() as written:
                answer = drained(getattr(client, method)(path, query))
            # The first sign of a reader may be noted on a page of one document, dossier, catalogue.
            one = re.search(r"/(incoming|outgoing|dossiers|dossiers/catalogue)/\d+/$", path)
            allowed = NOTED if one and method == "get" else {"django_session"}
            if set(written) - allowed or answer.status_code >= 500:
                wrong.append((path, answer.status_code, written))
    assert wrong == []


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_no_way_to_write(site, method):
    """With a valid token even, and one that pretends to be another."""
    client, wrong = fresh(site, "clerk"), []
    for path in addresses(site, each_verb=False):
        if not path.startswith("/admin/"):
            override = {"X-HTTP-Method-Override": "POST"}
            with writes() as written:
                answer = getattr(client, method)(path, headers=override)
            if answer.status_code not in (302, 404, 405) or written:
                wrong.append((path, answer.status_code, written))
    assert wrong == []


# --- Mass assignment.

EXTRA = {
    "id": "1",
    "pk": "1",
    "state": "finished",
    "number": "999",
    "kind": "outgoing",
    "agency": "1",
    "register": "1",
    "is_superuser": "on",
    "is_staff": "on",
    "user": "1",
    "actor": "1",
    "role": "leader",
    "on_behalf_of": "1",
    "arrival_number": "999",
    "page_amount": "999",
    "search_text": "x",
    "result": "x",
    "directed_at": "2020-01-01",
    "finished_at": "2020-01-01",
    "received_at": "2020-01-01",
    "must_change_password": "on",
}
# By its book: a register that a request made is another one each time it is undone.
BOOK = ("register__agency", "register__book", "register__year", "register__name")
GIVEN = ("state", "number", "kind", "agency_id", *BOOK, "page_amount", "search_text")


def _sent(site, more: dict[str, str]):
    """What stands in the documents after each right form, sent with more than it has."""
    for block in BLOCKS.values():
        for row in block:
            words, cells = " ".join(row[1 : -len(READERS)]), row[-len(READERS) :]
            place = next((n for n, cell in enumerate(cells[:16]) if cell == "302"), None)
            if row[0] != "POST" or place is None or words in ("login", "logout"):
                continue
            yield words, list(READERS.values())[place], more


@pytest.mark.usefixtures("empty_cache")
def test_more_fields_than_a_form_has_change_nothing_more(site):
    """State, number, agency, role: no form takes them from the browser."""
    tried = 0
    for words, reader, more in _sent(site, EXTRA):
        after = []
        for extra in ({}, more):
            with transaction.atomic():
                data = form(site, words, reader)
                kept = {name: value for name, value in extra.items() if name not in data}
                answer = fresh(site, reader).post(address(site, words), {**kept, **data})
                assert answer.status_code == 302, words
                documents = Document.objects.order_by("pk").values(*GIVEN)
                users = User.objects.order_by("pk").values(
                    "is_superuser", "is_staff", "must_change_password"
                )
                held = Appointment.objects.order_by("pk").values("role", "unit_id")
                after.append((list(documents), list(users), list(held)))
                transaction.set_rollback(True)
        assert after[0] == after[1], words
        tried += 1
    assert tried > 12


def test_the_admin_has_no_way_to_tell_which_documents_there_are(site):
    """Kon Tum Điều 9.3: Django's jump to a row would answer for any row of the installation."""
    with pytest.raises(NoReverseMatch):
        reverse("admin:view_on_site", args=[1, 1])
    client = fresh(site, "admin")
    answers = {client.get(f"/admin/r/{kind}/{site.foreign.pk}/").status_code for kind in range(40)}
    assert answers == {404}


# --- What is written into the log.

LINES = "văn\r\n2026-01-01 INFO forged\x1b[2J\u2028\u202ex\x00"


def _formatted(record: logging.LogRecord) -> str:
    return OneLine("%(levelname)s %(name)s %(message)s").format(record)


def test_one_record_is_one_line(caplog):
    """Nobody writes a line of his own, or paints the screen of whoever reads."""
    logging.getLogger("edocman").warning("opened %s", LINES)
    line = _formatted(caplog.records[-1])
    assert line.splitlines() == [line]
    assert "văn" in line
    assert "\\r\\n" in line
    assert not re.search(r"[\x00-\x1f\x7f\u2028\u202e]", line)


def test_what_an_error_says_stays_behind_its_own_lines(caplog):
    try:
        raise ValueError(f"broken {LINES}")
    except ValueError:
        logging.getLogger("edocman").exception("failed")
    lines = _formatted(caplog.records[-1]).split("\n")
    assert lines[0] == "ERROR edocman failed"
    assert all(line.startswith("  ") for line in lines[1:])
    assert "\x1b" not in "".join(lines)


def test_the_log_of_the_product_is_written_so(settings):
    formats = settings.LOGGING["formatters"]
    assert {one["formatter"] for one in settings.LOGGING["handlers"].values()} == set(formats)
    assert {one["class"] for one in formats.values()} == {"core.log.OneLine"}


@pytest.mark.usefixtures("empty_cache")
def test_what_people_send_is_no_line_of_the_log(site, caplog):
    """Names at sign-in, addresses, hosts, names of files."""
    caplog.set_level("INFO")
    for _attempt in range(6):
        Client().post("/login/", {"username": f"clerk{LINES[:-1]}", "password": LINES[:-1]})
    client = fresh(site, "clerk")
    client.get("/kontum/%0d%0aforged%1b[2J/")
    client.get("/login/", headers={"Host": "a\x1b[2Jb"})
    client.post("/kontum/incoming/tray/", {"files": "x"}, headers={"Origin": "http://\x1b"})
    Client(enforce_csrf_checks=True).post("/kontum/%0aforged/")
    assert len(caplog.records) > 5
    for record in caplog.records:
        line = _formatted(record)
        assert "\n2026-01-01" not in line
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u2028\u202e]", line)
        # Nor is it told whose password was wrong, or what it was.
        assert "clerk" not in record.getMessage() or record.name.startswith("django")


# --- E-mail.


def test_an_e_mail_tells_no_words_and_takes_no_header(site, settings):
    """Neither subject nor directive leaves the system; a name of two lines makes no header."""
    settings.EMAIL_HOST = "localhost"
    User.objects.filter(pk=site.cast.head.pk).update(email="bao@kontum.example")
    Agency.objects.filter(pk=site.cast.city.pk).update(name="UBND\r\nBcc: x@elsewhere.example")
    actions.comment(
        act_as(site.cast.clerk), IncomingDocument.objects.get(pk=site.work.pk), text="Kín"
    )
    row = Notification.objects.filter(user=site.cast.head).latest("pk")
    send_mail(row.pk)
    (sent,) = mail.outbox
    assert sent.subject.startswith("UBND Bcc: x@elsewhere.example: ")
    assert sent.recipients() == ["bao@kontum.example"]
    assert list(sent.message().keys()).count("Bcc") == 0
    assert site.work.subject not in sent.body + sent.subject
    assert "Kín" not in sent.body
