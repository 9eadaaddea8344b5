"""Pages ask the database as often for many rows as for one."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from documents.choices import AssignmentRole
from dossiers import actions as dossiers
from dossiers.actions import Fields
from dossiers.models import Dossier
from incoming import actions
from incoming.actions import Line
from tests import cast as play
from tests.cast import act_as, make_person
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]

# The frame of every page: session, user, agency, appointment, what waits, what is unread, posts.
FRAME, PAGE = 6, 6
BOTH = FRAME + PAGE
DOCUMENT = 20


def asked(client, user, path) -> list[str]:
    """The queries of one page, the second time that it is opened; sessions lie in the cache."""
    client.force_login(user)
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as found:
        response = client.get(path)
    assert response.status_code == 200
    return [one["sql"] for one in found if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]


def work(cast, pdf, count: int) -> None:
    """So many dossiers, and documents in the tray, submitted, with the unit, with the person."""
    due = clock.today() + timedelta(days=5)
    for number in range(count):
        notation = f"{Dossier.objects.count() + 1:02}.TH"
        typed = Fields(title="Kè sông", file_notation=notation, maintenance="20 năm")
        dossiers.open(act_as(cast.specialist), typed)
        play.received(cast.clerk, pdf)
        play.submitted(cast, pdf, code_number=f"1{number}")
        lead = Line(AssignmentRole.LEAD, cast.planning, None, "Báo cáo.", due)
        told = Line(AssignmentRole.INFORM, cast.office, cast.adviser)
        for place in (2, 3):
            document = play.submitted(cast, pdf, code_number=f"{place}{number}")
            document = actions.distribute(act_as(cast.chief), document, [lead, told])
            if place == 3:
                line = Line(AssignmentRole.LEAD, cast.planning, cast.specialist, "", due)
                actions.assign(act_as(cast.head), document, [line])


LISTS = {
    "desk": ("reports:desk", ["clerk", "chief", "chair", "head", "specialist", "adviser"]),
    "notifications": ("reports:notifications", ["chief", "head", "specialist", "adviser"]),
    "book": ("incoming:book", ["clerk", "chair", "head", "specialist", "adviser"]),
    "tray": ("incoming:tray", ["clerk"]),
    "search": ("reports:search", ["clerk", "head", "specialist"]),
    "saved": ("reports:saved", ["clerk", "head"]),
    "dossiers": ("dossiers:dossiers", ["clerk", "head", "specialist"]),
    "issuers": ("reports:issuers", ["clerk", "head", "adviser"]),
}


def test_lists_need_at_most_twelve_queries_whatever_their_rows(client, cast, pdf):
    counts: dict[tuple[str, str], list[int]] = {}
    there = 0
    for rows in (1, 3, 60):
        work(cast, pdf, rows - there)
        there = rows
        for page, (name, people) in LISTS.items():
            for who in people:
                path = reverse(name, args=["kontum"])
                queries = asked(client, getattr(cast, who), path)
                counts.setdefault((page, who), []).append(len(queries))
                assert len(queries) <= BOTH, (page, who, rows, queries)
    assert {key: found for key, found in counts.items() if len(set(found)) > 1} == {}


def test_the_frame_needs_at_most_six_queries(client, cast, pdf):
    """The help page asks nothing of its own: what it asks is the frame."""
    work(cast, pdf, 3)
    path = reverse("incoming:help", args=["kontum"])
    for who in ("clerk", "chief", "head", "specialist"):
        queries = asked(client, getattr(cast, who), path)
        assert len(queries) <= FRAME, (who, queries)


def test_a_document_asks_the_same_for_one_reader_and_for_five(client, cast, pdf):
    """However many have acted, are asked or know of it."""
    few = play.assigned(cast, pdf, code_number="1")
    many = play.assigned(cast, pdf, code_number="2")
    more = [
        make_person(cast.planning, "specialist", f"more{number}", "Người Thêm", "Chuyên viên")
        for number in range(5)
    ]
    head = act_as(cast.head)
    for person in more:
        line = Line(AssignmentRole.COORDINATE, cast.planning, person, "Góp ý.")
        actions.assign(head, many, [line], text="Thêm người.")
        actions.progress(act_as(person), many, percent=50, text="Đang làm.")
        actions.comment(act_as(person), many, text="Ý kiến.")
    actions.share(head, many, [Line(AssignmentRole.INFORM, cast.office, cast.adviser)])
    for who in ("clerk", "chief", "chair", "head", "specialist", "finance_head"):
        for query in ("", "?do=comment", "?do=share"):
            first, second = (
                len(asked(client, getattr(cast, who), f"{one.get_absolute_url()}{query}"))
                for one in (few, many)
            )
            assert first == second, (who, query)
            assert second <= DOCUMENT, (who, query, second)
