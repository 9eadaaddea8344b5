"""Numbers of the registers: no gap, no double, a new series each year."""

import json
from datetime import date, datetime
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from core.errors import Refusal
from documents.actions import draw_number
from documents.models import Document, Register
from incoming import actions
from incoming.models import IncomingDocument
from outgoing import actions as drafting
from tests import cast as play
from tests.cast import act_as
from tests.outgoing import drafts
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance")]
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def verify() -> tuple[int, dict]:
    out, code = StringIO(), 0
    try:
        call_command("verify_registers", "--json", stdout=out)
    except SystemExit as end:
        code = end.code
    return code, json.loads(out.getvalue())


def test_numbers_follow_each_other(cast, pdf):
    """NĐ 30/2020 Điều 22.2."""
    numbers = [play.registered(cast.clerk, pdf).number for _time in range(3)]
    assert numbers == [1, 2, 3]
    assert verify() == (0, {"sound": True, "findings": [], "registers": 1})


def test_each_agency_has_its_own_series(cast, pdf):
    """NĐ 30/2020 Điều 22.2."""
    assert play.registered(cast.clerk, pdf).number == 1
    assert play.registered(cast.ward_clerk, pdf).number == 1
    assert play.registered(cast.clerk, pdf).number == 2


def test_the_year_turns_at_midnight_in_vietnam(cast, pdf, at):
    """NĐ 30/2020 Điều 22.2: the series begins on 1 January and ends on 31 December."""
    found = []
    # 16:59 UTC is 23:59 in Hà Nội, 17:00 UTC is midnight.
    for moment in (
        datetime(2026, 12, 31, 16, 59, 59, tzinfo=ZoneInfo("UTC")),
        datetime(2026, 12, 31, 17, 0, tzinfo=ZoneInfo("UTC")),
        datetime(2027, 1, 1, 8, tzinfo=HANOI),
    ):
        at(moment)
        document = play.registered(cast.clerk, pdf)
        found.append((document.register.year, document.number))
    assert found == [(2026, 1), (2027, 1), (2027, 2)]


def test_the_year_is_that_of_registering_and_not_of_arrival(cast, pdf, at):
    """NĐ 30/2020 Điều 22.2: arrived on 31 December, registered on 2 January."""
    at(datetime(2026, 12, 31, 16, tzinfo=HANOI))
    document, entry = play.received(cast.clerk, pdf), play.entry()
    at(datetime(2027, 1, 2, 8, tzinfo=HANOI))
    document = actions.register(act_as(cast.clerk), document, entry)
    assert (document.register.year, document.number, document.day.year) == (2027, 1, 2026)


def test_what_fails_gives_its_number_back(cast, pdf):
    """NĐ 30/2020 Điều 22.2: no gap."""
    play.registered(cast.clerk, pdf)
    document = play.received(cast.clerk, pdf)
    with transaction.atomic():
        assert actions.register(act_as(cast.clerk), document, play.entry()).number == 2
        transaction.set_rollback(True)
    wrong = play.entry(issued_date=date(2999, 1, 1))
    with pytest.raises(Refusal):
        actions.register(act_as(cast.clerk), document, wrong)
    assert IncomingDocument.objects.get(pk=document.pk).number == 0
    assert play.registered(cast.clerk, pdf).number == 2


def test_the_database_refuses_a_double_and_a_number_without_a_book(cast, pdf):
    first, second = play.registered(cast.clerk, pdf), play.registered(cast.clerk, pdf)
    tray = play.received(cast.clerk, pdf)
    rows = Document.objects
    for change in (
        lambda: rows.filter(pk=second.pk).update(number=first.number),
        lambda: rows.filter(pk=tray.pk).update(number=7),
        lambda: rows.filter(pk=first.pk).update(number=0),
        lambda: rows.filter(pk=first.pk).update(register=None),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_gap_is_found_and_named(cast, pdf):
    """NĐ 30/2020 Điều 22.2."""
    for _time in range(3):
        play.registered(cast.clerk, pdf)
    register = Register.objects.get()
    with transaction.atomic():
        draw_number(cast.city, "incoming", register.year)  # drawn, and nothing registered
    code, said = verify()
    assert (code, said["sound"], len(said["findings"])) == (1, False, 1)
    assert "UBND thành phố Kon Tum" in said["findings"][0]
    assert said["findings"][0].endswith("last number 4, 3 documents, missing [4]")
    Register.objects.update(last_number=2)
    assert verify()[0] == 1
    Register.objects.update(last_number=3)
    assert verify()[0] == 0
    Document.objects.filter(number=2).update(number=9)
    assert verify()[1]["findings"][0].endswith("last number 3, 3 documents, missing [2]")


def test_drafts_have_a_book_of_their_own_without_a_gap(cast, pdf):
    """NĐ 30/2020 Điều 22.2: what is only drafted takes no number of what comes or goes."""
    assert play.registered(cast.clerk, pdf).number == 1
    numbers = [drafts.drafted(cast).number for _time in range(2)]
    drafting.abandon(act_as(cast.specialist), drafts.drafted(cast))
    assert numbers == [1, 2]
    assert play.registered(cast.clerk, pdf).number == 2
    books = Register.objects.values_list("book", "last_number")
    assert set(books) == {("incoming", 2), ("drafts", 3)}
    assert verify() == (0, {"sound": True, "findings": [], "registers": 2})
    # What is issued leaves this book for that of the outgoing ones: a gap here proves nothing, in
    # the book of what came it does.
    year = drafts.drafted(cast).day.year
    draw_number(cast.city, "drafts", year)
    assert verify() == (0, {"sound": True, "findings": [], "registers": 2})
    draw_number(cast.city, "incoming", year)
    code, said = verify()
    assert (code, len(said["findings"])) == (1, 1)
    assert said["findings"][0].endswith("last number 3, 2 documents, missing [3]")
