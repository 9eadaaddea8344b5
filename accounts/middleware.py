"""Puts the Actor on the request, and holds a default password to its change."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.actor import actor_at

Answer = Callable[[HttpRequest], HttpResponse]
CURRENT = "appointment"  # session key: the appointment to act as


class FirstPasswordMiddleware:
    """Until the default password is changed, every page leads to its change (Kon Tum Điều 21.3)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and request.user.must_change_password:
            allowed = {
                reverse("accounts:password_change"),
                reverse("accounts:logout"),
                reverse("set_language"),
            }
            if request.path not in allowed:
                return redirect("accounts:password_change")
        return self.get_response(request)


class ActorMiddleware:
    """Turns the first path part into ``request.agency`` and ``request.actor``.

    An agency where the person holds nothing answers 404, like one that does not exist.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: list[Any], kwargs: dict[str, Any]
    ) -> None:
        slug = kwargs.pop("agency", None)
        if slug is None or not request.user.is_authenticated:
            return
        actor = actor_at(request.user, slug, current=request.session.get(CURRENT))
        if actor is None:
            raise Http404
        request.actor = actor  # type: ignore[attr-defined]
