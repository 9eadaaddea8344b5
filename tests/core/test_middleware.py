"""What every answer needs: the way to sign-in for htmx, and refusals as pages."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse, HttpResponseRedirect
from django.test import RequestFactory
from django.urls import reverse
from django_htmx.middleware import HtmxDetails

from core.errors import NotYours, Refusal, Stale, require
from core.middleware import LoginRedirectMiddleware, RefusalMiddleware

HTMX = {"HTTP_HX_REQUEST": "true"}


def asked(user, path: str = "/kontum/incoming/", **headers):
    request = RequestFactory().get(path, **headers)
    request.user, request.htmx = user, HtmxDetails(request)
    return request


@pytest.mark.django_db
@pytest.mark.usefixtures("empty_cache")
def test_an_ended_session_sends_htmx_to_the_sign_in_page(cast, client):
    """The sign-in page never lands inside a table."""
    path = reverse("incoming:book", args=["kontum"])
    plain = client.get(path)
    assert (plain.status_code, plain.url) == (302, f"/login/?next={path}")
    here = f"http://testserver{path}?page=2"
    answer = client.get(path, headers={"HX-Request": "true", "HX-Current-URL": here})
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == f"/login/?next={path}%3Fpage%3D2"
    assert answer.content == b""
    # Somebody else's address leads home, not there.
    foreign = client.get(
        path, headers={"HX-Request": "true", "HX-Current-URL": "https://example.com/x"}
    )
    assert foreign.headers["HX-Redirect"] == "/login/?next=/"


def test_a_redirect_of_somebody_signed_in_stays_one(django_user_model):
    middleware = LoginRedirectMiddleware(lambda _request: HttpResponseRedirect("/there/"))
    user = django_user_model(username="x")
    assert middleware(asked(user, **HTMX)).status_code == 302
    assert middleware(asked(AnonymousUser())).status_code == 302
    assert middleware(asked(AnonymousUser(), **HTMX)).status_code == 204
    fine = LoginRedirectMiddleware(lambda _request: HttpResponse("ok"))
    assert fine(asked(AnonymousUser(), **HTMX)).status_code == 200


@pytest.mark.django_db
@pytest.mark.usefixtures("empty_cache")
def test_no_page_of_a_signed_in_person_stays_in_the_browser(cast, client):
    """Whoever sits there next goes back and finds nothing."""
    client.force_login(cast.admin)
    paths = [
        "/",
        "/kontum/",
        "/kontum/incoming/",
        "/account/password/",
        "/admin/",
        reverse("admin:accounts_user_changelist"),
        "/khong-co/",
    ]
    style = client.get("/static/css/base.css")
    style.getvalue()
    assert "no-store" not in style.headers["Cache-Control"]
    for path in paths:
        for answer in (client.get(path), client.get(path, headers={"HX-Request": "true"})):
            assert "no-store" in answer.headers["Cache-Control"], path
    assert "no-store" in client.post("/account/password/", {}).headers["Cache-Control"]
    assert "no-store" in client.post("/logout/").headers["Cache-Control"]


@pytest.mark.parametrize("kind", [Refusal, NotYours, Stale])
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_refusal_becomes_a_page_or_a_part(kind, headers):
    """The sentence and the article that says so, with status 409."""
    refusal = kind("Chưa làm được.", "khoản 2 Điều 13")
    middleware = RefusalMiddleware(lambda _request: HttpResponse())
    answer = middleware.process_exception(asked(AnonymousUser(), **headers), refusal)
    assert answer.status_code == 409
    body = answer.content.decode()
    assert "Chưa làm được." in body
    assert "khoản 2 Điều 13" in body
    assert ("<html" in body) is not bool(headers)


def test_other_errors_are_not_ours():
    middleware = RefusalMiddleware(lambda _request: HttpResponse())
    assert middleware.process_exception(asked(AnonymousUser()), ValueError("x")) is None


def test_require_raises_what_a_rule_answered():
    require(None)
    refusal = Stale("Đã xong.", "Điều 1", field="text")
    with pytest.raises(Stale) as raised:
        require(refusal)
    assert raised.value is refusal
    assert (str(refusal), refusal.field) == ("Đã xong.", "text")
