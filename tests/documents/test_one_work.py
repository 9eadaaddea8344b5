"""Assignments, later days and opinions moved down from incoming documents, row by row."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from core import clock
from documents.choices import AssignmentRole
from incoming import actions
from incoming.actions import Line
from tests import cast as play
from tests.cast import act_as, make_office

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("committed"),
]

BEFORE = [("documents", "0010_dossiers"), ("incoming", "0006_grid_and_proposals")]
TABLES = ("assignment", "extension", "opinion")


def migrated(targets) -> None:
    """The database at these migrations."""
    MigrationExecutor(connection).migrate(targets)


def rows(app: str) -> dict[str, list[tuple]]:
    """Everything that the three tables hold, as an app calls them."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {app}_{table} t ORDER BY id")
            found[table] = cursor.fetchall()
    return found


def points_at(table: str) -> set[str]:
    """The tables that the key ``document_id`` of a table points at."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_relations(cursor, table)
    return {found["document_id"][1]}


def work_on(cast, pdf) -> None:
    """A document with work, a request for a later day, and an opinion asked and one given."""
    due = clock.today() + timedelta(days=5)
    document = play.submitted(cast, pdf)
    lead = Line(AssignmentRole.LEAD, cast.planning, None, "Báo cáo.", due)
    document = actions.distribute(act_as(cast.chief), document, [lead])
    soon = due - timedelta(days=3)
    line = Line(AssignmentRole.LEAD, cast.planning, cast.specialist, "", soon)
    document = actions.assign(act_as(cast.head), document, [line])
    asked = [Line(AssignmentRole.COORDINATE, cast.finance)]
    document = actions.ask_opinion(act_as(cast.specialist), document, asked, text="Ý kiến?")
    document = actions.give_opinion(act_as(cast.finance_head), document, stance="agree")
    document = actions.ask_opinion(act_as(cast.specialist), document, asked, text="Còn gì nữa?")
    later = soon + timedelta(days=2)
    actions.request_extension(act_as(cast.specialist), document, day=later, text="Chờ số liệu.")


def test_no_row_is_lost_on_the_way_down_and_back(pdf):
    """What an office had before the move is there after it, under keys of the document itself."""
    cast = make_office()
    work_on(cast, pdf)
    now = rows("documents")
    assert {name: len(found) for name, found in now.items()} == {
        "assignment": 2,
        "extension": 1,
        "opinion": 2,
    }
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        migrated(BEFORE)
        assert rows("incoming") == now
        assert points_at("incoming_assignment") == {"incoming_incomingdocument"}
        assert points_at("incoming_opinion") == {"incoming_incomingdocument"}
    finally:
        migrated(newest)
    assert rows("documents") == now
    assert points_at("documents_assignment") == {"documents_document"}
    assert points_at("documents_opinion") == {"documents_document"}
