"""What every test may ask for: an empty store, and the clock."""

import asyncio
import gc
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import translation

from core import clock
from documents.inspection import start_child
from tests import tokens
from tests.cast import make_office
from tests.files import build
from tests.warm import Nursery


@contextmanager
def _no_loop(item: pytest.Item) -> Iterator[None]:
    """The loop that Playwright leaves running in this thread is none of a test without a browser.

    ``asyncio.run``, which pyHanko calls, would find it there and refuse.
    """
    loop = None
    if item.get_closest_marker("browser") is None:
        loop = asyncio._get_running_loop()
        asyncio._set_running_loop(None)
    try:
        yield
    finally:
        if loop is not None:
            asyncio._set_running_loop(loop)


# Not around the teardown: with the last test the browser itself is closed, which needs its loop.
@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, Any, Any]:
    """With fixtures of a module or a session, which come before every autouse one of a test."""
    with _no_loop(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    with _no_loop(item):
        return (yield)


def pytest_collection_finish() -> None:
    """The collector need not look again and again at what has been imported and stays."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _warm_children() -> Iterator[None]:
    """Files are looked at in real processes, forked from one that has imported the libraries."""
    nursery = Nursery()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("documents.inspection.start_child", nursery.start)
        yield
    nursery.close()


@pytest.fixture
def cold_children(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are started as the application starts them: for what is hard on time and memory."""
    monkeypatch.setattr("documents.inspection.start_child", start_child)


@pytest.fixture(autouse=True)
def _empty_store() -> Iterator[None]:
    """No test finds the files of another."""
    yield
    shutil.rmtree(settings.DATA_ROOT, ignore_errors=True)


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """A page that a test has read in English leaves no English to the next one."""
    yield
    translation.deactivate()


@pytest.fixture
def empty_cache() -> Iterator[None]:
    """No counter of wrong passwords, no session and no message from before."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def at() -> Iterator[Callable[[datetime], None]]:
    """`at(moment)` holds the time there until the test ends or sets it anew."""
    with ExitStack() as stack:

        def hold(moment: datetime) -> None:
            stack.enter_context(clock.set_to(moment))

        yield hold


def _fill_catalogue() -> None:
    """The rows of the catalogue's migration, which emptying all tables takes away."""
    import_module("documents.migrations.0003_catalogue").fill(apps, None)


@pytest.fixture
def _catalogue_afterwards(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    yield
    with django_db_blocker.unblock():
        _fill_catalogue()
        connection.close()


@pytest.fixture
def committed(_catalogue_afterwards: None, transactional_db: None) -> None:
    """Transactions really end: files are kept, tasks run, and other threads see the rows."""
    _fill_catalogue()


@pytest.fixture
def cast(db: None) -> SimpleNamespace:
    """The people of every story."""
    return make_office()


@pytest.fixture
def pdf() -> bytes:
    """A letter of one page, as small as it can be."""
    return build()


@pytest.fixture(scope="session")
def device(tmp_path_factory: Any) -> None:
    """A device with the keys of two leaders and of the city: one, for its library knows one."""
    names = ("Lê Hoàng Sơn", "Nguyễn Đức Thành", "UBND thành phố Kon Tum")
    tokens.make_token(tmp_path_factory.mktemp("device"), *names)


@pytest.fixture
def with_device(device: None, settings: Any) -> None:
    """The installation signs with that device."""
    settings.PKCS11_MODULE = tokens.MODULE
