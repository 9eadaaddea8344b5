"""Redis away: the office works on, only slower."""

import socket
import time
from datetime import date

import pytest
from celery import Celery
from django.core.cache import cache, caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.middleware import CURRENT
from core.cache import LONGEST, ForgivingCache
from core.tasks import after_commit
from documents.calendar import forget, office_calendar
from tests import cast as play
from tests.cast import PASSWORD
from tests.quick import glance  # noqa: F401 -- a fixture


@pytest.fixture
def closed() -> str:
    """An address where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"redis://127.0.0.1:{taken.getsockname()[1]}/0"


@pytest.fixture
def no_redis(settings, closed):
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": closed}}


def test_without_redis_nothing_is_found_and_nothing_breaks(no_redis, caplog):
    assert isinstance(caches["default"], ForgivingCache)
    cache.set("a", 1)
    cache.set_many({"a": 1, "b": 2})
    assert cache.get("a") is None
    assert cache.get("a", 5) == 5
    assert cache.get_many(["a", "b"]) == {}
    assert cache.get_or_set("a", lambda: 7) == 7
    assert (cache.add("a", 1), cache.touch("a"), cache.delete("a")) == (True, False, False)
    assert "a" not in cache
    cache.delete_many(["a", "b"])
    with pytest.raises(ValueError, match="not found"):
        cache.incr("a")
    assert set(caplog.messages) == {"The cache is away: ConnectionError"}


@pytest.mark.usefixtures("empty_cache")
def test_nothing_lies_there_longer_than_five_minutes():
    """So a session that ended while Redis was away does not come back with it."""
    client = caches["default"]._cache.get_client()
    for name, timeout in (("day", 86400), ("ever", None), ("short", 60)):
        cache.set(name, 1, timeout)
        left = client.ttl(cache.make_key(name))
        assert 0 < left <= min(timeout or LONGEST, LONGEST), name
    cache.set("never", 1, 0)
    assert cache.get("never") is None
    assert cache.incr("short") == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("no_redis", "glance")
def test_without_redis_one_signs_in_and_works(cast, pdf, client):
    """Sign in, the desk, the calendar, a verb, another post, sign out."""
    signed = client.post("/login/", {"username": "clerk", "password": PASSWORD})
    assert signed.status_code == 302
    assert client.get("/kontum/").status_code == 200
    assert client.get("/kontum/incoming/").status_code == 200
    with CaptureQueriesContext(connection) as asked:
        assert office_calendar().is_working_day(date(2026, 4, 30)) is False
        forget()
    assert len(asked) == 1
    document = play.registered(cast.clerk, pdf)
    assert client.get(document.get_absolute_url()).status_code == 200
    assert client.post(f"{document.get_absolute_url()}submit/", {"text": ""}).status_code == 302
    document.refresh_from_db()
    assert document.state == "submitted"
    post = cast.clerk.appointments.get()
    assert client.post("/account/post/", {"appointment": post.pk}).status_code == 302
    assert client.session[CURRENT] == post.pk
    assert client.post("/logout/").status_code == 302
    assert client.get("/kontum/").status_code == 302


def nothing() -> None:
    """A task; it is never run."""


@pytest.mark.parametrize("listening", [True, False])
def test_a_broker_that_is_away_or_silent_costs_two_seconds_and_the_task(
    settings, caplog, closed, listening, django_capture_on_commit_callbacks, db
):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"redis://127.0.0.1:{silent.getsockname()[1]}/0" if listening else closed
        # As a web process has it: the address alone is another.
        broker = Celery("without-redis", broker=address, set_as_current=False)
        broker.conf.update(
            broker_transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS,
            task_publish_retry_policy=settings.CELERY_TASK_PUBLISH_RETRY_POLICY,
        )
        began = time.monotonic()
        with django_capture_on_commit_callbacks(execute=True):
            after_commit(broker.task(nothing, name="nothing", shared=False))
        assert time.monotonic() - began < 4
    assert "queue in on_commit()" in caplog.text
    assert "OperationalError" in caplog.text
