"""Which documents will be hard to prove: when that is known, who sees it, who is told of it."""

import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from notifications.choices import Lapse
from notifications.models import Notification
from notifications.reasons import reason_of
from outgoing import actions, lasting
from outgoing.choices import FileStep
from outgoing.models import IssuedFile, OutgoingDocument
from signatures.lasting import Support, support_of
from tests.cast import act_as
from tests.outgoing import issuing
from tests.outgoing.issuing import issued, sealed
from tests.outgoing.signing import newest
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = pytest.mark.django_db

MAY = datetime(2027, 5, 2, 8, tzinfo=UTC)
AUTUMN = datetime(2027, 9, 30, 8, tzinfo=UTC)
LATER = datetime(2029, 1, 1, tzinfo=UTC)


def finding(signer: str, not_after: datetime, **more: Any) -> dict[str, Any]:
    """What the examination says of one signature, as far as it matters here."""
    facts = {"kind": "signature", "signer": signer, "field": signer, "trusted": True}
    return {**facts, "not_after": not_after.isoformat(), "stamp_not_after": "", **more}


def verdict(*findings: dict[str, Any]) -> dict[str, Any]:
    return {"verdict": "valid", "signatures": list(findings)}


# --- Until when.


def test_what_the_signatures_of_a_file_rest_on():
    """The first that lapses; a time stamp bears its signature beyond the signer's certificate."""
    chair, city = finding("Chủ tịch", MAY), finding("UBND", AUTUMN)
    assert support_of(verdict(city, chair)) == Support(MAY, False, "Chủ tịch")
    stamped = {**chair, "stamp_not_after": LATER.isoformat()}
    assert support_of(verdict(stamped, city)) == Support(AUTUMN, False, "UBND")
    assert support_of(verdict(stamped)) == Support(LATER, True, "Chủ tịch")
    # One time stamp over the whole file, where it is of somebody who is trusted.
    over_all = finding("TSA", LATER, kind="timestamp")
    assert support_of(verdict(chair, city, over_all)) == Support(LATER, True, "TSA")
    foreign = {**over_all, "trusted": False}
    assert support_of(verdict(chair, foreign)) == Support(MAY, False, "Chủ tịch")


def test_nothing_is_made_up_where_it_is_not_known():
    old = {name: what for name, what in finding("Chủ tịch", MAY).items() if "after" not in name}
    assert support_of(None) is support_of(verdict()) is support_of(verdict(old)) is None


# --- The list.


@pytest.fixture
def rests_on_may(monkeypatch):
    """What is signed from here on rests on a certificate until May."""
    signed = verdict(finding("Nguyễn Đức Thành", MAY), finding("UBND thành phố", AUTUMN))
    monkeypatch.setattr(issuing, "VALID", signed)


def url() -> str:
    return reverse("outgoing:weakening", args=["kontum"])


def listed(cast, at: datetime) -> list[lasting.Row]:
    with clock.set_to(at):
        return lasting.weakening(act_as(cast.clerk))[0]


@pytest.mark.usefixtures("glance", "rests_on_may")
def test_it_is_listed_a_month_before_and_ever_after(cast):
    document = issued(cast)
    assert newest(document).proof_until == MAY
    assert listed(cast, MAY - timedelta(days=31)) == []
    [row] = listed(cast, MAY - timedelta(days=20, hours=1))
    assert row.document.pk == document.pk
    assert (row.distance, row.is_over) == ("Còn 20 ngày", False)
    assert row.why == (
        "Không có dấu thời gian; chứng thư số của Nguyễn Đức Thành có hiệu lực đến 02/05/2027."
    )
    [row] = listed(cast, MAY + timedelta(days=400))
    assert (row.distance, row.is_over) == ("Đã yếu từ 02/05/2027", True)


@pytest.mark.usefixtures("glance", "rests_on_may")
def test_only_the_file_that_is_kept_counts(cast, monkeypatch):
    """What was signed and is not sealed yet is in work; of a sealed one the last file counts."""
    document = sealed(cast)
    assert document.issued_files.count() == 2
    assert len(listed(cast, MAY)) == 1
    last = newest(document)
    last.proof_until = LATER
    last.save()
    assert listed(cast, MAY) == []


@pytest.mark.usefixtures("glance", "rests_on_may")
def test_who_sees_it_and_how_many_questions_it_asks(cast, client):
    document = issued(cast)
    with clock.set_to(MAY - timedelta(days=3)):
        seen = {}
        for name in ("clerk", "chief", "admin", "chair", "specialist", "stranger"):
            client.force_login(getattr(cast, name))
            answer = client.get(url())
            seen[name] = (answer.status_code, answer.content.decode().count("data-row>"))
            shown = (
                url() in client.get(reverse("outgoing:outgoing", args=["kontum"])).content.decode()
            )
            assert shown is (answer.status_code == 200), name
        assert seen == {
            "clerk": (200, 1),
            "chief": (200, 1),
            "admin": (200, 0),  # who sees no documents sees none here
            "chair": (409, 0),
            "specialist": (409, 0),
            "stranger": (404, 0),
        }
        client.force_login(cast.clerk)
        page = client.get(url()).content.decode()
        report = reverse(
            "outgoing:signature_report", args=["kontum", document.pk, newest(document).pk]
        )
        assert document.get_absolute_url() in page
        assert report in page
        with CaptureQueriesContext(connection) as few:
            client.get(url())
        kept = newest(document)
        for part in range(1, 6):
            IssuedFile.objects.create(
                document=document,
                version=kept.version,
                part=part,
                step=FileStep.SEALED,
                file=kept.file,
                made_at=kept.made_at,
                proof_until=MAY,
            )
        with CaptureQueriesContext(connection) as many:
            assert client.get(url()).content.decode().count("data-row>") == 6
        assert len(many) == len(few)
        # A voided one proves nothing any more.
        OutgoingDocument.objects.filter(pk=document.pk).update(state="void")
        assert lasting.weakening(act_as(cast.clerk)) == ([], False)


# --- The clock.


def told(at: datetime) -> int:
    out = io.StringIO()
    with clock.set_to(at):
        call_command("watch_proofs", "--json", stdout=out)
    facts: dict[str, int] = json.loads(out.getvalue())
    assert facts["failed"] == 0
    return facts["told"]


@pytest.mark.usefixtures("glance", "rests_on_may")
def test_clerk_and_chief_hear_of_it_once_a_week_until_it_is_over(cast):
    issued(cast)
    actions.issue(act_as(cast.clerk), sealed(cast), [issuing.to_agency(cast.ward)])
    said = [told(MAY - timedelta(days=days)) for days in (40, 29, 28, 22, 21, 0, -7)]
    assert said == [0, 2, 0, 2, 0, 0, 0]
    rows = Notification.objects.filter(kind=Lapse.PROOF)
    assert {row.user for row in rows} == {cast.clerk, cast.chief}
    assert {row.path for row in rows} == {url()}
    assert reason_of(rows[0]).startswith(
        "2 văn bản đi có chữ ký số sắp khó kiểm chứng, sớm nhất từ ngày 02/05/2027."
    )
