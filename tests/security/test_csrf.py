"""Nothing is done in somebody's name by another site: every address, every method."""

import pytest
from django.test import Client

from documents import uploads
from incoming.models import IncomingDocument
from tests.files import build
from tests.security.addresses import addresses, patterns, writes
from tests.security.conftest import fresh
from tests.test_matrix import BLOCKS, address, form

FOREIGN = "https://elsewhere.example"
EXEMPT = "/sign/upload"


def test_no_view_is_exempt_but_that_of_the_signing_program():
    """It looks at no cookie: a one-time token is its right."""
    exempt = [path for path, one in patterns() if getattr(one.callback, "csrf_exempt", False)]
    assert exempt == [EXEMPT]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_done_without_a_token(site, method):
    """Clerk and administrator, every address: refused, and not one row is written."""
    clients = {
        is_admin: fresh(site, reader, enforce_csrf_checks=True)
        for is_admin, reader in ((True, "boss"), (False, "clerk"))
    }
    wrong = []
    for path in addresses(site, each_verb=method == "post"):
        with writes() as written:
            answer = getattr(clients[path.startswith("/admin/")], method)(path)
        refused = 405 if path == EXEMPT and method != "post" else 403
        if answer.status_code != refused or written:
            wrong.append((path, answer.status_code, written))
    assert wrong == []


def _verbs(site):
    """Address and right form of everything that the clerk, the chief or the head may do."""
    for block in BLOCKS.values():
        for row in block:
            words, cells = " ".join(row[1:-17]), row[-17:]
            for reader, place in (("clerk", 0), ("chief", 1), ("head", 5)):
                if row[0] == "POST" and cells[place] == "302":
                    yield reader, address(site, words), form(site, words, reader)
                    break


def test_a_form_that_is_rightly_filled_in_needs_the_token_of_its_own_session(site):
    """Without a token, with another session's, with a made-up one, and from another site."""
    token = fresh(site, "chief").get("/kontum/").cookies["csrftoken"].value
    tried = 0
    for reader, path, data in _verbs(site):
        for more, headers in (
            ({}, {}),
            ({"csrfmiddlewaretoken": "a" * 64}, {}),
            ({"csrfmiddlewaretoken": token}, {"Origin": FOREIGN}),
        ):
            client = fresh(site, reader, enforce_csrf_checks=True)
            if "Origin" in headers:
                client.cookies["csrftoken"] = token
            with writes() as written:
                answer = client.post(path, {**data, **more}, headers=headers)
            assert (answer.status_code, written) == (403, []), path
            tried += 1
    assert tried >= 3 * 12


def test_whoever_is_refused_loses_nothing(site):
    """The page says so in words, and tells the browser that what was typed did not arrive."""
    client = fresh(site, "clerk", enforce_csrf_checks=True)
    before = IncomingDocument.objects.count()
    lying = sorted(uploads.path_of("0" * 32).parent.iterdir())
    answer = client.post("/kontum/incoming/register/", form(site, "register", "clerk"))
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "những gì đã gõ còn trong trình duyệt này" in page
    assert "data-unsent" in page
    assert IncomingDocument.objects.count() == before
    # The file that came with it has gone with the request.
    assert sorted(uploads.path_of("0" * 32).parent.iterdir()) == lying
    assert build()[:5] == b"%PDF-"


def test_nobody_is_signed_in_by_another_site(site):
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/login/", {"username": "clerk", "password": "mat-khau-Kon-Tum-2026"})
    assert answer.status_code == 403
    assert "_auth_user_id" not in client.session


def test_the_token_of_the_page_is_enough(site):
    """So that the refusals above are of the token, not of something else."""
    client = fresh(site, "clerk", enforce_csrf_checks=True)
    page = client.get("/kontum/notifications/")
    token = page.cookies["csrftoken"].value
    assert client.post("/kontum/notifications/", {"csrfmiddlewaretoken": token}).status_code == 302
    by_header = client.post("/kontum/notifications/", headers={"X-CSRFToken": token})
    assert by_header.status_code == 302
