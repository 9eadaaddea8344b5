"""Rights that go between a page and the lock of its verb: the same 404 as for what never was."""

import pytest
from django.db import connection

from documents.models import GroupGrant, UserGrant
from dossiers import actions
from dossiers.actions import Fields
from tests import cast as play
from tests.cast import act_as
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]


def posted_while_rights_go(client, path: str, data: dict[str, object]) -> int:
    """The status of a POST whose page was found, and whose row is seen no more under the lock."""
    gone: list[int] = []

    def between(execute, sql, params, many, context):
        if "FOR UPDATE" in sql and not gone:
            gone.append(1)
            UserGrant.objects.all().delete()
            GroupGrant.objects.all().delete()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(between):
        answer = client.post(path, data)
    assert gone
    return int(answer.status_code)


def test_of_an_incoming_document(client, cast, pdf):
    """Kon Tum Điều 9.3 → /incoming/<id>/finish/"""
    document = play.assigned(cast, pdf)
    client.force_login(cast.specialist)
    path = f"{document.get_absolute_url()}finish/"
    assert posted_while_rights_go(client, path, {"text": "Xong."}) == 404


@pytest.mark.parametrize(
    ("tail", "data"),
    [
        ("complete/", {"text": "Xong."}),
        ("add_item/", {"what": "note", "text": "Ghi."}),
        ("move_item/", {"to": "2"}),
        ("remove_item/", {"text": "Thừa."}),
    ],
)
def test_of_a_dossier_and_what_lies_in_it(client, cast, tail, data):
    """Kon Tum Điều 9.3"""
    me = act_as(cast.specialist)
    typed = Fields(title="Kè sông", file_notation="01.XD", maintenance="20 năm")
    dossier = actions.open(me, typed)
    first = actions.add_note(me, dossier, text="Một")
    actions.add_note(me, dossier, text="Hai")
    client.force_login(cast.specialist)
    path = f"{dossier.get_absolute_url()}{tail}"
    assert posted_while_rights_go(client, path, data | {"item": first.pk}) == 404
