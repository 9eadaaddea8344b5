"""Single-letter keys: on, and switched off in the account (WCAG 2.1.4)."""

import pytest
from playwright.sync_api import expect

from tests import cast as play
from tests.browser.test_accessible import LOOKS, seen
from tests.files import build
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = pytest.mark.usefixtures("glance")


def test_letters_rest_when_they_are_switched_off(open_as, office):
    """By the page's own switch; keys with Ctrl and Esc go on."""
    play.received(office.clerk, build())
    page = open_as("clerk")
    page.goto("/kontum/incoming/")
    page.keyboard.press("n")
    page.wait_for_url("**/register/")
    page.goto("/account/")
    page.get_by_label("Dùng phím tắt một chữ").uncheck()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Đã lưu thiết lập.")).to_be_visible()
    page.goto("/kontum/incoming/")
    for key in ("n", "j", "k", "g", "/", "1", "Enter"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement === document.body")
    assert page.url.endswith("/kontum/incoming/")
    expect(page.locator(".bar__search .key")).to_be_hidden()
    page.locator("details.person > summary").click()
    page.keyboard.press("Escape")
    expect(page.locator("details.person .menu")).to_be_hidden()


def test_the_account_is_for_everybody(open_as, office):
    """axe, no sideways scroll, both themes and languages, both widths."""
    wrong: list[str] = []
    for language, looks in LOOKS.items():
        page = open_as("head", language=language)
        page.goto("/account/")
        wrong += [f"{language}: {line}" for line in seen(page, looks)]
    assert not wrong, "\n".join(wrong)


def test_the_menu_leads_there_on_a_phone(open_as):
    page = open_as("head", width=390)
    page.goto("/kontum/")
    page.locator("details.person > summary").click()
    page.get_by_role("link", name="Tài khoản của tôi").click()
    page.wait_for_url("**/account/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tài khoản của tôi")
