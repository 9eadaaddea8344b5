"""What the web server loads."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "edocman.settings")

_office = get_wsgi_application()


def without_charset(content_type: str) -> str:
    """Text is UTF-8. Some charsets stop Django while it makes the request, before our pages."""
    parts = content_type.split(";")
    return ";".join(part for part in parts if part.strip()[:7].lower() != "charset")


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Django's application."""
    if "CONTENT_TYPE" in environ:
        environ["CONTENT_TYPE"] = without_charset(environ["CONTENT_TYPE"])
    return _office(environ, start_response)
