"""Two questions of whoever watches the machine: does it run, and can it work?"""

import logging
import secrets
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis

log = logging.getLogger(__name__)


@login_not_required
@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """The process is up; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, broker and storage, each really tried: 200, or 503 with those that failed."""
    verdicts = {name: _works(name, attempt) for name, attempt in ATTEMPTS.items()}
    ready = all(verdicts.values())
    answer = {
        "status": "ok" if ready else "failed",
        "checks": {name: "ok" if works else "failed" for name, works in verdicts.items()},
    }
    return JsonResponse(answer, status=200 if ready else 503)


def _works(name: str, attempt: Callable[[], None]) -> bool:
    try:
        attempt()
    except Exception as error:  # noqa: BLE001 -- whatever fails here is the answer itself
        # The kind alone: the text of such an error may hold an address or a password.
        log.error("readyz: %s failed with %s", name, type(error).__name__)
        return False
    return True


def _try_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()


def _try_broker() -> None:
    with Redis.from_url(
        settings.CELERY_BROKER_URL, socket_timeout=3, socket_connect_timeout=3
    ) as client:
        client.ping()


def _try_storage() -> None:
    store = storages["store"]
    content = secrets.token_bytes(16)
    name = store.save(f"readyz/{secrets.token_hex(8)}", ContentFile(content))
    try:
        with store.open(name) as file:
            if file.read() != content:
                raise OSError("what was written is not what is read")
    finally:
        store.delete(name)


ATTEMPTS: dict[str, Callable[[], None]] = {
    "database": _try_database,
    "broker": _try_broker,
    "storage": _try_storage,
}
