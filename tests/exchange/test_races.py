"""Two at once, and death in the middle: nothing arrives twice, nothing is lost."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import connection

from core.errors import Refusal
from documents import uploads, verifying
from exchange.delivering import deliver
from incoming import actions as incoming
from incoming.choices import State
from incoming.models import IncomingDocument
from incoming.verifying import findings
from outgoing import actions
from outgoing.models import Delivery, DeliveryStatus, OutgoingDocument
from outgoing.verifying import findings as outgoing_findings
from tests.cast import act_as, entry, make_office, make_person
from tests.incoming.test_races import at_once, wide_pool  # noqa: F401 -- a fixture
from tests.outgoing.issuing import issued, only, sealed, to_agency, to_post
from tests.outgoing.signing import read_again
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("wide_pool", "glance"),
]


@pytest.fixture
def cast() -> SimpleNamespace:
    """Committed, so that other threads see them."""
    return make_office()


@pytest.fixture(autouse=True)
def _by_hand(monkeypatch):
    """What is issued waits until the test delivers it."""
    monkeypatch.setattr("outgoing.actions.issuing.after_commit", lambda *_arguments: None)


def test_two_clerks_issue_one_document_at_once(cast):
    other = make_person(cast.office, "clerk", "clerk2", "Trần Thị Hai", "Văn thư")
    document = read_again(sealed(cast))
    to = [to_agency(cast.ward), to_post("Hội Nông dân")]
    answers = at_once(
        [lambda who=who: actions.issue(act_as(who), document, to) for who in (cast.clerk, other)]
        * 2
    )
    assert sum(isinstance(one, OutgoingDocument) for one in answers) == 1
    assert sum(isinstance(one, Refusal) for one in answers) == 3
    assert document.deliveries.count() == 2


def test_rounds_at_once_deliver_each_once(cast):
    documents = [issued(cast, to_agency(cast.ward), to_agency(cast.elsewhere)) for _ in range(3)]
    answers = at_once([deliver] * 4)
    assert sum(one["sent"] for one in answers) == 6
    assert IncomingDocument.objects.count() == 6
    assert not Delivery.objects.exclude(status="01").exists()
    assert DeliveryStatus.objects.count() == 6
    deliver()
    assert IncomingDocument.objects.count() == 6
    assert list(findings()) == list(outgoing_findings()) == []
    assert len(documents) == 3


def test_a_recall_and_a_delivery_at_the_same_moment(cast):
    """Either it never left, or it arrived and was cancelled there: never left over."""
    for _round in range(4):
        document = issued(cast)
        at_once(
            [lambda one=document: actions.recall(act_as(cast.clerk), one, text="Sai."), deliver]
        )
        deliver()
        deliver()
        delivery = only(document)
        if delivery.received is None:
            assert delivery.status == "off"
        else:
            assert (delivery.status, delivery.received.state) == ("15", State.REFUSED)


def test_a_delivery_and_what_replaces_it_at_the_same_moment(cast):
    """Either the old one never left, or it arrived before the new one."""
    clerk = act_as(cast.clerk)
    for _round in range(4):
        old = issued(cast)
        new = read_again(sealed(cast, replaces=old))
        at_once([lambda one=new: actions.issue(clerk, one, [to_agency(cast.ward)]), deliver])
        deliver()
        first, second = only(old), only(new)
        assert second.status == "01"
        if first.received is None:
            assert first.status == "repl"
        else:
            assert first.status == "01"
            assert first.received.pk < second.received.pk
    assert list(findings()) == list(outgoing_findings()) == []


def test_the_clerk_registers_while_it_is_recalled(cast):
    """Registered first, he is asked; recalled first, there is nothing to register."""
    for _round in range(4):
        document = issued(cast)
        deliver()
        letter = only(document).received
        actions.recall(act_as(cast.clerk), document, text="Sai.")
        clerk = act_as(cast.ward_clerk)
        words = entry()
        answers = at_once(
            [lambda one=letter: incoming.register(clerk, one, words), deliver],  # noqa: B023
        )
        letter.refresh_from_db()
        if letter.state == State.REFUSED:
            assert any(isinstance(one, Refusal) for one in answers)
        else:
            assert (letter.state, letter.is_recalled) == (State.REGISTERED, True)
    assert list(findings()) == []
    assert list(verifying.broken_registers()) == []


def test_the_clerk_answers_a_recall_twice(cast):
    document = issued(cast)
    deliver()
    letter = only(document).received
    clerk = act_as(cast.ward_clerk)
    letter = incoming.register(clerk, letter, entry())
    actions.recall(act_as(cast.clerk), document, text="Sai.")
    deliver()
    answers = at_once(
        [
            lambda: incoming.cancel(clerk, letter),
            lambda: incoming.keep(clerk, letter, text="Đã thi hành."),
        ]
    )
    assert sum(isinstance(one, Refusal) for one in answers) == 1
    deliver()
    letter.refresh_from_db()
    expected = "15" if letter.state == State.VOID else "16"
    assert only(document).status == letter.recall_answer == expected


KILLED = """
import os, signal, sys
import tests.settings as settings
settings.DATABASES["default"]["NAME"] = {name!r}
for one in settings.STORAGES.values():
    if "OPTIONS" in one and "location" in one["OPTIONS"]:
        place = one["OPTIONS"]["location"]
        one["OPTIONS"]["location"] = type(place)({root!r}) / place.name
import django
django.setup()
from exchange import delivering, following
def dies(*_arguments):
    os.kill(os.getpid(), signal.SIGKILL)
following.newest_act = dies
delivering.deliver()
"""


def test_a_worker_that_is_killed_in_the_middle_leaves_nothing_half_done(cast):
    """The entry was made, its file laid down, and then the process was gone (SIGKILL)."""
    document = issued(cast)
    name = connection.settings_dict["NAME"]
    program = KILLED.format(name=name, root=str(settings.DATA_ROOT))
    died = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        cwd=Path(settings.BASE_DIR),
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert not IncomingDocument.objects.exists()
    assert (only(document).status, only(document).tries) == ("", 0)
    assert deliver()["sent"] == 1
    letter = IncomingDocument.objects.get()
    assert only(document).received == letter
    assert uploads.path_of(letter.quarantined.get().token).is_file()
