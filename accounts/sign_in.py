"""By what wrong passwords are counted: the name, and the address that they come from."""

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
