"""The leader's question on a phone, without JavaScript."""

import pytest
from playwright.sync_api import expect

from documents.choices import Kind
from incoming import actions
from incoming.models import IncomingDocument
from tests import cast as play
from tests.browser.conftest import sign_in
from tests.cast import PASSWORD, act_as
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = pytest.mark.usefixtures("glance")


@pytest.mark.parametrize(
    ("button", "state", "words"),
    [
        ("Đồng ý, chuyển", "submitted", "Đồng ý với đề xuất. Làm ngay."),
        ("Trả lại", "submitted", "Chưa rõ kinh phí."),
    ],
)
def test_a_leader_decides_without_a_script(open_as, office, pdf, button, state, words):
    """Kon Tum Điều 13.3, 13.7a → /incoming/<id>/"""
    for number in ("1", "2"):
        document = play.submitted(office, pdf, code_number=number)
        actions.propose(act_as(office.chief), document, office.chair, text="Phòng QLĐT chủ trì.")
    page = open_as("", width=390, javascript=False)
    sign_in(page, "chair", PASSWORD)
    page.locator(".work__item .button").first.click()
    first = IncomingDocument.objects.filter(kind=Kind.INCOMING).earliest("pk")
    expect(page.locator("main")).to_contain_text("Phòng QLĐT chủ trì.")
    # A broken picture is "complete" too, and has no width; without scripts nothing waits for it.
    picture = page.locator("figure img").first
    for _moment in range(100):
        if wide := picture.evaluate("image => image.naturalWidth") > 0:
            break
        page.wait_for_timeout(100)
    assert wide
    if button == "Trả lại":
        page.get_by_label("Ý kiến chỉ đạo").fill(words)
    else:
        page.get_by_label("Làm ngay.").check()
    pressed = page.get_by_role("button", name=button)
    box = pressed.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    pressed.click()
    page.wait_for_url(f"**/incoming/{first.pk + 1}/")  # the next question
    first.refresh_from_db()
    assert first.state == state
    assert first.acts.latest("ordinal").words.text == words
    expect(page.locator("main")).to_contain_text("1 / 1")


def test_the_current_tab_is_in_sight(open_as):
    """Tabs run off sideways on a phone; the one that counts is never among the hidden ones."""
    page = open_as("chair", width=390)
    for tab in ("open", "done"):
        page.goto(f"/kontum/incoming/directives/?tab={tab}")
        box = page.locator(".tabs [aria-current]").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390


def test_the_door_has_its_form_beside_the_office(open_as):
    """On a desk form and notices fill the window side by side; on a phone the form alone."""
    page = open_as("", width=1366)
    page.goto("/login/")
    form, office = (page.locator(f"main > .{name}").bounding_box() for name in ("login", "office"))
    assert form is not None
    assert office is not None
    assert (form["x"], form["y"], office["y"]) == (0, 0, 0)
    assert office["x"] == form["width"]
    assert form["width"] + office["width"] == 1366
    page.set_viewport_size({"width": 390, "height": 844})
    assert not page.locator("main > .office").is_visible()
