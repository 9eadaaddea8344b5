"""What every answer needs: nothing left behind, the way to sign-in, refusals as pages."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_cache_control

from core.errors import Refusal
from core.htmx import wants_part

Answer = Callable[[HttpRequest], HttpResponse]


class PlainRequestMiddleware:
    """Text is UTF-8 whatever the request says of it, and a session's key is what we made it of.

    Another charset can turn bytes into letters that no database takes, and so can a quoted cookie.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.encoding is not None:
            request.encoding = settings.DEFAULT_CHARSET
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if key and not (key.isascii() and key.isalnum()):
            del request.COOKIES[settings.SESSION_COOKIE_NAME]
        return self.get_response(request)


class LanguageMiddleware(LocaleMiddleware):
    """Vietnamese, unless the person has chosen otherwise: a browser's setting is no choice."""

    def process_request(self, request: HttpRequest) -> None:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()


class NoStoreMiddleware:
    """No page of a signed-in person stays in the browser, for whoever sits there next."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Asked before the view, too: whoever signs out on this request was signed in.
        signed_in = request.user.is_authenticated
        response = self.get_response(request)
        html = response.headers.get("Content-Type", "").startswith("text/html")
        if html and (signed_in or request.user.is_authenticated):
            patch_cache_control(response, private=True, no_store=True)
        return response


class LoginRedirectMiddleware:
    """A session that ended answers htmx with HX-Redirect: no sign-in page inside a table."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        anonymous = not request.user.is_authenticated
        if anonymous and response.status_code == 302 and request.htmx:  # type: ignore[attr-defined]
            answer = HttpResponse(status=204)
            answer.headers["HX-Redirect"] = redirect_to_login(_current(request)).url
            return answer
        return response


def _current(request: HttpRequest) -> str:
    """The page that htmx works in, by its own word; "/" when that is no address of ours."""
    try:
        return request.htmx.current_url_abs_path or "/"  # type: ignore[attr-defined]
    except ValueError:
        return "/"


class RefusalMiddleware:
    """A refusal that no view has put beside its form becomes a page (or part) with status 409.

    What a verb no longer finds under its lock, because the rights or the row have gone since the
    page was drawn, is the same 404 as what was never there.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, ObjectDoesNotExist) and request.method == "POST":
            raise Http404 from exception
        if not isinstance(exception, Refusal):
            return None
        template = "parts/refusal.html" if wants_part(request) else "409.html"
        return render(request, template, {"refusal": exception}, status=409)
