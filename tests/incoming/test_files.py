"""Files and their pages: what the browser may keep, and questions without an answer's body."""

import pytest
from django.urls import reverse

from documents.models import DocumentAct, UserGrant, Waiting
from tests import cast as play

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]


def image(document) -> str:
    return reverse("incoming:page", args=["kontum", document.pk, 1, 1])


def test_pages_of_the_quarantine_stay_nowhere(cast, client, pdf):
    client.force_login(cast.clerk)
    kept = client.get(image(play.received(cast.clerk, pdf)))
    assert kept.headers["Content-Type"].startswith("image/")
    assert "no-store" in kept.headers["Cache-Control"]
    assert "max-age" not in kept.headers["Cache-Control"]
    stored = client.get(image(play.registered(cast.clerk, pdf)))
    assert set(stored.headers["Cache-Control"].split(", ")) == {"private", "no-cache"}


def test_a_page_that_the_browser_has_is_asked_about_again(cast, client, pdf):
    """Taken from him, its pages are gone from his screen, too."""
    document = play.assigned(cast, pdf)
    client.force_login(cast.specialist)
    mark = client.get(image(document))["ETag"]
    assert client.get(image(document), headers={"If-None-Match": mark}).status_code == 304
    UserGrant.objects.filter(content_object_id=document.pk, user=cast.specialist).delete()
    assert client.get(image(document), headers={"If-None-Match": mark}).status_code == 404


def test_head_answers_like_get_and_changes_nothing(cast, client, pdf):
    document = play.submitted(cast, pdf)
    client.force_login(cast.chief)
    paths = [
        reverse(name, args=["kontum"])
        for name in ("reports:desk", "reports:notifications", "incoming:book", "incoming:help")
    ]
    paths += [
        reverse(name, args=["kontum", document.pk])
        for name in ("incoming:detail", "incoming:history")
    ]
    paths += [image(document), reverse("incoming:file", args=["kontum", document.pk, 1])]
    paths += [reverse("accounts:password_change")]
    acts = DocumentAct.objects.count()
    for path in paths:
        answer = client.head(path)
        assert (answer.status_code, answer.getvalue()) == (200, b"")
    assert client.head("/").status_code == 302
    # A verb is never done by it, and nobody has seen the document.
    verb = reverse("incoming:verb", args=["kontum", document.pk, "distribute"])
    assert client.head(verb).status_code == 302
    assert DocumentAct.objects.count() == acts
    assert not Waiting.objects.exclude(seen_at=None).exists()
