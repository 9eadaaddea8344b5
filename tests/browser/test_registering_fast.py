"""A known sender's letter is entered by the keyboard alone; scans, drafts and keys in a browser."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from playwright.sync_api import Page, expect

from core import clock
from documents.models import QuarantinedFile
from incoming.models import EntryDraft, IncomingDocument
from tests import cast as play
from tests.cast import make_person
from tests.files import build
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = pytest.mark.usefixtures("glance")

# Counts what the person does: fields in which the keyboard stood, and every press of a mouse. It
# is kept in the tab, since the template opens the form anew.
COUNT = """
addEventListener("focusin", ({ target }) => {
  if (!target.name || !target.closest("#entry") || target.type === "hidden") return;
  const seen = new Set(JSON.parse(sessionStorage.getItem("touched") ?? "[]"));
  seen.add(target.name);
  sessionStorage.setItem("touched", JSON.stringify([...seen]));
});
addEventListener("pointerdown", () => sessionStorage.setItem("mouse", "1"));
"""


def touched(page: Page) -> list[str]:
    return page.evaluate("JSON.parse(sessionStorage.getItem('touched') ?? '[]')")


def focused(page: Page, name: str):
    return expect(page.locator(f"[name={name}]")).to_be_focused()


def test_a_known_sender_in_eight_fields_and_without_a_mouse(open_as, office, pdf):
    """Kon Tum Điều 13.6 → /incoming/register/"""
    play.registered(office.clerk, pdf, code_number="4126")
    first = play.received(office.clerk, build(pages=2), "mot.pdf")
    second = play.received(office.clerk, build(pages=3), "hai.pdf")
    page = open_as("clerk")
    page.add_init_script(COUNT)
    page.goto(f"/kontum/incoming/{first.pk}/register/")
    focused(page, "type_name")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    focused(page, "organ_name")
    page.keyboard.type("UBND tỉnh Kon Tum")
    page.keyboard.press("Tab")
    expect(page.locator("#sender")).to_contain_text("Lần trước: số đến 1")
    page.keyboard.press("Control+d")
    expect(page.locator("#messages")).to_contain_text("Đã lấy theo số đến 1")
    focused(page, "code_number")
    expect(page.locator("[name=issued_date]")).to_have_value("")
    page.keyboard.type("4127")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    focused(page, "issued_date")
    page.keyboard.type((clock.today() - timedelta(days=1)).strftime("%d%m%Y"))
    page.keyboard.press("Tab")
    focused(page, "subject")
    page.keyboard.type("Báo cáo tiến độ khắc phục sạt lở")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/incoming/{second.pk}/register/")
    expect(page.locator("#messages")).to_contain_text("Đã đăng ký số đến 2.")
    first.refresh_from_db()
    assert (first.code, first.type_name) == ("4127/UBND-HTKT", "Công văn")
    assert first.signer_full_name == "Lê Hoàng Sơn"
    fields = touched(page)
    assert len(fields) <= 8, fields
    assert page.evaluate("sessionStorage.getItem('mouse')") is None
    assert not EntryDraft.objects.exists()


def test_the_form_is_walked_through_in_reading_order(open_as, office, pdf):
    document = play.received(office.clerk, pdf)
    page = open_as("clerk")
    page.goto(f"/kontum/incoming/{document.pk}/register/")
    page.locator("[name=arrival_date]").focus()
    names = []
    for _step in range(20):
        here = page.evaluate(
            "document.activeElement.name === 'then' ? document.activeElement.value"
            " : document.activeElement.name"
        )
        names.append(here or "")
        page.keyboard.press("Tab")
    walk = [
        "arrival_date",
        "type_name",
        "priority",
        "organ_name",
        "language",
        "code_number",
        "code_notation",
        "issued_date",
        "subject",
        "signer_position",
        "signer_full_name",
        "due_date",
        "channel",
        "description",
        "next",
        "submit",
        "draft",
    ]
    assert [one for one in names if one in walk] == walk


def test_the_keyboard_lands_on_the_first_wrong_field(open_as, office, pdf):
    document = play.received(office.clerk, pdf)
    page = open_as("clerk")
    page.goto(f"/kontum/incoming/{document.pk}/register/")
    page.locator("[name=type_name]").select_option("Công văn")
    page.locator("[name=organ_name]").fill("Sở Y tế")
    page.locator("[name=issued_date]").fill("31/02/2024")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".field--error").first).to_be_visible()
    focused(page, "code_number")


def test_number_and_notation_pasted_as_one(open_as, office, pdf):
    document = play.received(office.clerk, pdf)
    page = open_as("clerk")
    page.goto(f"/kontum/incoming/{document.pk}/register/")
    page.locator("[name=code_number]").focus()
    page.keyboard.insert_text("4127/UBND-HTKT")
    focused(page, "code_notation")
    expect(page.locator("[name=code_number]")).to_have_value("4127")
    expect(page.locator("[name=code_notation]")).to_have_value("UBND-HTKT")
    page.locator("[name=code_number]").fill("")
    page.locator("[name=code_notation]").fill("")
    page.locator("[name=code_number]").focus()
    page.keyboard.type("17/SYT")  # the slash leads on
    expect(page.locator("[name=code_number]")).to_have_value("17")
    expect(page.locator("[name=code_notation]")).to_have_value("SYT")


def test_a_crash_loses_nothing_and_two_clerks_hear_of_each_other(open_as, office, pdf):
    document = play.received(office.clerk, pdf)
    office.second = make_person(office.office, "clerk", "clerk2", "Lê Thị Mai", "Văn thư")
    address = f"/kontum/incoming/{document.pk}/register/"
    page = open_as("clerk")
    page.goto(address)
    page.locator("[name=subject]").fill("Trích yếu gõ dở")
    expect(page.locator("#draft-note")).to_contain_text(re.compile(r"Bản nháp lưu lúc \d\d:\d\d"))
    page.locator("[name=organ_name]").fill("Sở Y tế")
    page.keyboard.press("Control+s")  # at once
    expect(page.locator("#draft-revision")).to_have_value("2")
    page.context.close()  # the browser is gone, and all that it kept

    again = open_as("clerk")
    again.goto(address)
    expect(again.locator("[name=subject]")).to_have_value("Trích yếu gõ dở")
    expect(again.locator("[name=organ_name]")).to_have_value("Sở Y tế")
    expect(again.locator("#entry")).to_contain_text("Bản nháp của tôi, lưu lúc")

    other = open_as("second")
    other.goto(address)
    expect(other.locator("#entry")).to_contain_text("Bản nháp của Bùi Thị Hồng Nhung, lưu lúc")
    expect(other.locator("#entry")).to_contain_text("Bùi Thị Hồng Nhung đang mở văn bản này")
    other.locator("[name=subject]").fill("Chữ của người thứ hai")
    expect(other.locator("#draft-note")).to_contain_text("Bùi Thị Hồng Nhung cũng có bản nháp")
    assert EntryDraft.objects.count() == 2
    again.locator("[name=subject]").fill("Của người thứ nhất")
    expect(again.locator("#draft-note")).to_contain_text("Lê Thị Mai cũng có bản nháp")
    assert EntryDraft.objects.get(clerk=office.clerk).values["subject"] == "Của người thứ nhất"


def test_a_session_that_ends_while_one_types_takes_nobody_away(open_as, office, pdf):
    document = play.received(office.clerk, pdf)
    page = open_as("clerk")
    page.goto(f"/kontum/incoming/{document.pk}/register/")
    Session.objects.all().delete()
    cache.clear()
    page.locator("[name=subject]").fill("Gõ khi phiên đã hết")
    expect(page.locator("#draft-note")).to_contain_text("Phiên làm việc đã hết.")
    assert "/login/" not in page.url
    expect(page.locator("[name=subject]")).to_have_value("Gõ khi phiên đã hết")


def test_scans_dropped_at_once_become_entries_with_previews(open_as, office, tmp_path, settings):
    """Each by itself: a bad one stops nobody, and its reason stands beside it."""
    settings.UPLOAD_LIMIT = 200_000
    paths = []
    for number in range(3):
        path = tmp_path / f"quet-{number}.pdf"
        path.write_bytes(build(pages=number + 1))
        paths.append(path)
    paths[1].write_bytes(build() + b"%" * 300_000)
    page = open_as("clerk")
    page.goto("/kontum/incoming/tray/")
    page.set_input_files("#files", paths)
    page.get_by_role("button", name="Tiếp nhận").click()
    lines = page.locator(".drop__files li")
    expect(lines).to_have_count(3)
    expect(lines.nth(0)).to_contain_text("Đã nhận")
    expect(lines.nth(1)).to_contain_text("Tệp quet-1.pdf lớn hơn")
    expect(lines.nth(2)).to_contain_text("Đã nhận")
    expect(page.locator("#waiting tbody tr")).to_have_count(2)
    expect(page.locator("#waiting img.thumb")).to_have_count(2)
    assert IncomingDocument.objects.count() == 2

    page.get_by_label("Một văn bản, tệp sau là phụ lục").check()
    page.set_input_files("#files", [paths[0], paths[2]])
    page.get_by_role("button", name="Tiếp nhận").click()
    expect(page.locator("#waiting tbody tr")).to_have_count(3)
    parts = QuarantinedFile.objects.filter(document=IncomingDocument.objects.last())
    assert list(parts.values_list("part", flat=True)) == ["main", "annex"]
