"""The benchmark's office: what it measures are real pages, and nothing of it stays."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group
from django.db import connection

from edocman.benchmark import drawing
from edocman.benchmark.filling import fill, fill_dossier, make_office
from edocman.benchmark.measuring import Row, queries_of, small_pdf
from edocman.management.commands.benchmark import READERS, _growth, _pages
from incoming.models import IncomingDocument
from tests.cast import act_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db) -> SimpleNamespace:
    made = make_office()
    fill(made, 0, 400)
    fill_dossier(made, 20)
    fill(made, 400, 800)
    return made


def test_each_reader_sees_his_share(office):
    """Design section 3: by role, by a hundredth, by twenty."""
    everything = IncomingDocument.objects.count()
    seen = {
        name: IncomingDocument.objects.visible_to(act_as(office.readers[name])).count()
        for name in READERS
    }
    assert everything == 800
    assert seen == {"clerk": 200, "one_percent": 8, "twenty": 20, "chair": 200}


def test_every_address_is_a_page(office, client):
    for reader in READERS:
        client.force_login(office.readers[reader])
        for page, path in _pages(office, reader).items():
            assert client.get(path).status_code == 200, (reader, page, path)


def test_the_chairs_dossier_grows_and_its_page_does_not(office, client):
    """Twenty items, and two thousand: as many lines, as many queries."""
    chair = office.readers["chair"]
    story, path = _pages(office, "chair").values()
    client.force_login(chair)
    few = client.get(path)
    queries = queries_of(chair, path)
    dossier = fill_dossier(office, 2000)
    assert (len(few.context["items"]), few.context["total"]) == (20, 20)
    many = client.get(path)
    assert (len(many.context["items"]), many.context["total"]) == (50, 2000)
    assert queries_of(chair, path) == queries < 12
    # The story's page is full with twenty: it is not one line longer.
    assert len(client.get(story).context["items"]) == 20
    assert list(dossier.items.order_by("ordinal").values_list("ordinal", flat=True)) == list(
        range(1, 2001)
    )
    assert dossier.items.filter(document__isnull=False).count() == 200  # all that there are


def test_growth_is_of_one_client_and_one_page():
    rows = [
        Row("list", "clerk", 1, 100, 10, 12, 9),
        Row("list", "clerk", 8, 100, 70, 90, 9),
        Row("list", "clerk", 1, 1000, 12, 15, 9),
        Row("list", "clerk", 8, 1000, 90, 99, 9),
    ]
    assert _growth(rows, 1000) == [{"page": "list", "reader": "clerk", "ratio": 1.2}]


def test_no_two_papers_are_the_same():
    assert small_pdf() != small_pdf()
    assert Group.objects.count() == 0
    assert connection.in_atomic_block


def test_a_draft_of_one_page_is_drawn_while_one_waits(monkeypatch):
    """Less than a second and a half, also when other tests take the same processors."""
    monkeypatch.setattr(drawing, "PARAGRAPHS", (drawing.PARAGRAPHS[0], 70))
    one, ten = drawing.drawings(5)
    assert (one.pages, 9 <= ten.pages <= 12) == (1, True)
    assert one.p50 < drawing.WANTED
    assert one.p50 <= one.p95


class OnClient:
    """The benchmark's browser on the test client."""

    def __init__(self, client) -> None:
        self.client, self.cookies, self.shown = client, {"csrftoken": "x"}, []

    def get(self, path: str) -> bytes:
        """The page."""
        answer = self.client.get(path)
        self.shown.append(answer["Content-Type"])
        return answer.content

    def send(self, path: str, body: bytes, kind: str) -> tuple[int, bytes]:
        """The answer to a POST."""
        answer = self.client.post(path, body, content_type=kind)
        return answer.status_code, answer.content


def test_the_preview_over_http_is_a_page_of_the_sheet(office, client):
    """What is timed is what somebody waits for, up to the image of the first page."""
    client.force_login(office.readers["clerk"])
    browser = OnClient(client)
    drawing.preview(office.agencies[0].slug, browser, 0)
    assert browser.shown in (["image/png"], ["image/jpeg"], ["image/webp"])
    client.logout()
    with pytest.raises(RuntimeError, match="302"):
        drawing.preview(office.agencies[0].slug, browser, 0)
