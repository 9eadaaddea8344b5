"""Who knocks: the name that was typed, the address that it comes from, the kind of browser."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

LONGEST_NAME = 150  # as User.username


def typed_name(request: HttpRequest, credentials: dict[str, str] | None) -> str:
    """The name that was typed, as far as the counter has room for it."""
    name = (credentials or request.POST).get("username") or ""
    return name.replace("\0", "")[:LONGEST_NAME]


def client_address(request: HttpRequest) -> str | None:
    """Where the request comes from: behind our proxy, the address that the proxy has added last.

    What stands before it in the header is the client's own word and counts for nothing.
    """
    there = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
        return _address(forwarded.rpartition(",")[2]) or _address(there)
    return _address(there)


def _address(text: str) -> str | None:
    try:
        return str(ip_address(text.strip().partition("%")[0]))
    except ValueError:
        return None


# The first that is found counts: Edge and Cốc Cốc call themselves Chrome, too, and Chrome Safari.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("coc_coc", "Cốc Cốc"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
_MACHINES = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def browser_of(request: HttpRequest) -> str:
    """ "Chrome, Windows": words of ours, nothing of what the browser says; "" for others."""
    said = request.META.get("HTTP_USER_AGENT", "")
    found = [
        next((name for mark, name in names if mark in said), "") for names in (_BROWSERS, _MACHINES)
    ]
    return ", ".join(name for name in found if name)
