"""The pages of the clock in a browser: rounds kept and missed, reminders, the drawing."""

from datetime import timedelta

import pytest

from accounts.models import Agency
from core import clock
from documents.choices import Priority
from incoming import actions
from notifications.actions import post_lines
from notifications.models import Notification
from tests import cast as play
from tests.browser.test_accessible import LOOKS, seen
from tests.cast import act_as
from tests.files import build
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = pytest.mark.usefixtures("glance")


def test_rounds_and_reminders_are_for_everybody(open_as, office):
    """Bình Định Điều 9.1; Kon Tum Điều 19.4: axe, no sideways scroll, both themes and languages."""
    Agency.objects.filter(pk=office.city.pk).update(regulation_name="binh-dinh-2016")
    office.city.refresh_from_db()
    agency = Agency.objects.get(pk=office.city.pk)
    past = clock.now() - timedelta(days=6)
    with clock.set_to(past):
        play.registered(office.clerk, build(), code_number="1", subject="Sạt lở " * 60)
        gone = play.registered(office.clerk, build(), code_number="2")
        actions.submit(act_as(office.clerk), gone)
    play.registered(office.clerk, build(), code_number="3", priority=Priority.URGENT)
    assert actions.record_rounds(agency) > 2
    lines = [
        ("overdue", {"days": 3}, clock.today(), None, None),
        ("unit_overdue", {"days": 12}, clock.today(), office.specialist, office.chair),
        ("due_today", {"count": 12}, None, None, None),
        ("morning", {"late": 3, "today": 2, "week": 5}, None, None, None),
    ]
    post_lines(
        Notification(
            agency=agency,
            user=office.clerk,
            kind=kind,
            path=gone.get_absolute_url() if due else "/kontum/",
            due_date=due,
            figures=figures,
            about=about,
            on_behalf_of=behalf,
        )
        for kind, figures, due, about, behalf in lines
    )
    wrong: list[str] = []
    for language, looks in LOOKS.items():
        for name, paths in (
            ("clerk", ["/kontum/", "/kontum/incoming/rounds/", "/kontum/notifications/"]),
            ("chair", ["/kontum/", "/kontum/incoming/rounds/"]),
        ):
            page = open_as(name, language=language)
            for path in paths:
                page.goto(path)
                wrong += [f"{language} {name} {path}: {line}" for line in seen(page, looks)]
    assert not wrong, "\n".join(wrong)


def test_the_round_goes_with_one_press(open_as, office):
    """Bình Định Điều 9.1: ticked rows, one button, a verdict each; by keyboard alone."""
    Agency.objects.filter(pk=office.city.pk).update(regulation_name="binh-dinh-2016")
    for number in range(3):
        play.registered(office.clerk, build(), code_number=str(number), subject=f"Việc {number}")
    page = open_as("clerk")
    page.goto("/kontum/incoming/rounds/")
    first = page.locator("input[name=document]").first
    first.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Trình các văn bản đã chọn").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".rounds__verdicts")
    assert "Đã trình 2 văn bản." in page.locator(".rounds__verdicts").inner_text()
    assert page.locator("input[name=document]").count() == 1


def test_the_drawing_is_a_list_on_a_phone(open_as, office):
    """Wide enough it is drawn, with every label inside; on a phone the same stands as a list."""
    page = open_as("clerk")
    page.goto("/kontum/incoming/help/")
    for width, drawn in ((1366, True), (1024, True), (390, False)):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.locator(".flow svg").is_visible() == drawn
        assert page.locator("ol.way").is_visible() == (not drawn)
        if drawn:
            outside = page.evaluate(
                """() => {
                    const room = document.querySelector(".flow svg").getBoundingClientRect();
                    return [...document.querySelectorAll(".flow text")].filter((one) => {
                        const box = one.getBoundingClientRect();
                        return box.left < room.left - 1 || box.right > room.right + 1;
                    }).map((one) => one.textContent);
                }"""
            )
            assert outside == []
