"""A real Chromium before a real server; the cast signs in and out of it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Response,
    expect,
    sync_playwright,
)

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
HEIGHTS = {1366: 900, 390: 844, 320: 640}
PATIENCE = 20_000  # milliseconds; only a failure is as slow as that
FOLDER = Path(__file__).parent

Open = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is of the browser."""
    for item in items:
        if FOLDER in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's browser, once a worker."""
    if not CHROMIUM.exists():
        pytest.fail(f"There is no {CHROMIUM}: `apt-get install chromium` brings it.")
    # Playwright runs a loop in this thread, in which Django would refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def office(
    chromium: Browser, committed: None, empty_cache: None, cast: SimpleNamespace
) -> SimpleNamespace:
    """The cast, in a database that the server sees."""
    return cast


@pytest.fixture
def open_as(office: SimpleNamespace, live_server: Any, chromium: Browser) -> Iterator[Open]:
    """`open_as("clerk", width=390)`: a window of that person; "" is nobody yet.

    When the test ends, no window may have complained of anything.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def window(
        name: str,
        *,
        width: int = 1366,
        dark: bool = False,
        language: str = "vi",
        javascript: bool = True,
    ) -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": HEIGHTS[width]},
            locale=language,
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        if name:
            client = Client()
            client.force_login(getattr(office, name))
            key = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}]
            )
        page = context.new_page()
        page.on("console", lambda message: complaints.extend(_console(message)))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("response", lambda response: complaints.extend(_response(response)))
        return page

    yield window
    for context in contexts:
        context.close()
    assert complaints == []


def _console(message: ConsoleMessage) -> list[str]:
    """Errors and warnings; a status is judged where it arrives."""
    about_a_status = message.text.startswith("Failed to load resource")
    loud = message.type in ("error", "warning") and not about_a_status
    return [f"{message.type}: {message.text}"] if loud else []


def _response(response: Response) -> list[str]:
    """Failures, and things beside the page that are not there; a page itself may refuse."""
    page = response.request.resource_type in ("document", "xhr", "fetch")
    bad = response.status >= (500 if page else 400)
    return [f"{response.status}: {response.url}"] if bad else []


def sign_in(page: Page, username: str, password: str) -> None:
    """By the form and the keyboard."""
    page.goto("/")
    page.get_by_label("Tên đăng nhập").focus()
    page.keyboard.type(username)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/kontum/")
