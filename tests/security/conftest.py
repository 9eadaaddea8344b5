"""The office of the matrix, made once for the whole folder; what a test does to it is undone."""

from collections.abc import Iterator
from datetime import date, timedelta
from http.cookies import SimpleCookie
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from accounts import actions as people
from accounts.models import User
from core import clock
from documents.choices import DayKind
from documents.models import CalendarDay
from tests.cast import PASSWORD, act_as
from tests.kept import made_once, with_files
from tests.test_matrix import make_matrix


@pytest.fixture(scope="package")
def _made(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SimpleNamespace]:
    """For the whole folder."""
    with made_once(_site, django_db_blocker, tmp_path_factory.mktemp("store") / "files") as made:
        yield made


@pytest.fixture
def site(_made: SimpleNamespace, db: None) -> SimpleNamespace:
    """Every address has something to show; ``clients`` are signed in, ``boss`` among them."""
    return with_files(_made)


def _site() -> SimpleNamespace:
    made = make_matrix()
    today = clock.today()
    made.boss = User.objects.create_superuser(
        username="boss", password=PASSWORD, full_name="Quản trị hệ thống"
    )
    User.objects.filter(pk=made.boss.pk).update(must_change_password=False)
    made.clients["boss"] = Client()
    made.clients["boss"].force_login(made.boss)
    made.delegation = people.delegate(
        act_as(made.cast.head),
        made.cast.deputy,
        start_date=today,
        end_date=today + timedelta(days=3),
    )
    CalendarDay.objects.get_or_create(
        date=date(2026, 9, 1),
        defaults={"kind": DayKind.SWAP_OFF, "name": "Nghỉ bù", "source": "QĐ"},
    )
    return made


def fresh(site: SimpleNamespace, reader: str, **options: bool) -> Client:
    """Another browser with the session of a reader."""
    client = Client(raise_request_exception=False, **options)
    client.cookies = SimpleCookie(
        {name: morsel.value for name, morsel in site.clients[reader].cookies.items()}
    )
    return client


def drained(answer: Any) -> Any:
    """An answer read to its end, as a browser does: closed before, it would end the connection."""
    if answer.streaming:
        answer.read = b"".join(answer.streaming_content)
    return answer
