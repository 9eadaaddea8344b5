"""Nothing typed is lost, nothing is sent twice, and the keys do what they say."""

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from playwright.sync_api import Route, expect

from documents.models import DocumentAct
from tests import cast as play
from tests.cast import PASSWORD
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = pytest.mark.usefixtures("glance")


def end_sessions() -> None:
    Session.objects.all().delete()
    cache.clear()


def test_an_expired_session_brings_back_what_was_typed(open_as, office):
    page = open_as("clerk")
    page.goto("/kontum/incoming/register/?new")
    page.locator("[name=subject]").fill("Trích yếu dài đã gõ xong")
    page.locator("[name=type_name]").select_option("Tờ trình")
    page.locator("[name=code_number]").fill("4127")
    end_sessions()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/login/?next=**")
    page.get_by_label("Tên đăng nhập").fill("clerk")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/incoming/register/**")
    expect(page.locator("form[data-keep] [role=status]")).to_contain_text(
        "Đã đưa lại những gì đã gõ và chưa gửi."
    )
    expect(page.locator("[name=subject]")).to_have_value("Trích yếu dài đã gõ xong")
    expect(page.locator("[name=type_name]")).to_have_value("Tờ trình")
    expect(page.locator("[name=code_number]")).to_have_value("4127")


def test_an_expired_session_before_a_verb(open_as, office, pdf):
    document = play.assigned(office, pdf)
    page = open_as("specialist")
    page.goto(f"{document.get_absolute_url()}?do=comment")
    page.locator("#do [name=text]").fill("Cần thêm hồ sơ thiết kế.")
    end_sessions()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/login/?next=**")
    page.get_by_label("Tên đăng nhập").fill("specialist")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#do [name=text]")).to_have_value("Cần thêm hồ sơ thiết kế.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".trail")).to_contain_text("Cần thêm hồ sơ thiết kế.")
    page.goto(f"{document.get_absolute_url()}?do=comment")
    expect(page.locator("#do [name=text]")).to_have_value("")


def test_a_double_click_sends_once(open_as, office, pdf):
    """The second press comes while the first still waits for its answer."""
    document = play.assigned(office, pdf)
    page = open_as("specialist")
    page.goto(f"{document.get_absolute_url()}?do=comment")
    page.locator("#do [name=text]").fill("Một lần thôi.")
    sent: list[Route] = []
    page.route("**/comment/", lambda route: sent.append(route))  # held back until we let it go
    page.evaluate(
        """() => {
            const button = document.querySelector("#do button.button--primary");
            button.click();
            setTimeout(() => button.click(), 100);
            setTimeout(() => button.form.requestSubmit(button), 200);
        }"""
    )
    page.wait_for_timeout(400)
    assert len(sent) == 1
    sent[0].continue_()
    expect(page.locator(".trail")).to_contain_text("Một lần thôi.")
    assert DocumentAct.objects.filter(target=document.pk, verb="comment").count() == 1


def test_keys(open_as, office, pdf):
    document = play.assigned(office, pdf)
    page = open_as("specialist")
    page.goto("/kontum/")
    page.keyboard.press("/")
    expect(page.locator("[data-find]")).to_be_focused()
    page.keyboard.type("sat lo 4127")  # letters typed here are no commands
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=**")
    expect(page.locator("table")).to_contain_text(document.subject)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/incoming/{document.pk}/")
    page.keyboard.press("F2")
    expect(page.locator("[data-stage]")).to_be_focused()
