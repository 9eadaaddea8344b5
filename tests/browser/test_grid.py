"""The distribution grid: by keys alone, and as a plain form on a phone without JavaScript."""

import pytest
from playwright.sync_api import expect

from incoming import actions
from incoming.models import IncomingDocument, Preset
from tests import cast as play
from tests.cast import act_as
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = pytest.mark.usefixtures("glance")
GRID = "/kontum/incoming/distribute/"


def test_the_chief_gives_out_by_keys_alone(open_as, office, pdf):
    """Kon Tum Điều 13.2 → /incoming/distribute/"""
    for number in range(3):
        play.submitted(office, pdf, code_number=f"{number}")
    preset = Preset.objects.create(
        agency=office.city, name="Xây dựng", lead=office.planning, working_days=5
    )
    preset.coordinators.add(office.finance)
    page = open_as("chief")
    page.goto(GRID)
    for key in ("j", "Space", "j", "Space"):
        page.keyboard.press(key)
    send = page.get_by_role("button", name="Chuyển 2 văn bản")
    expect(send).to_be_visible()
    page.keyboard.press("2")
    expect(page.locator("[name$=-helpers]").first).to_have_value("TCKH")
    expect(page.locator("[name$=-lead]").nth(2)).to_have_value("")
    # The row that was chosen keeps the keyboard; what is typed into a row ticks it.
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/distribute/?sent=*")
    expect(page.locator("main")).to_contain_text("Đã chuyển 2 văn bản.")
    assert IncomingDocument.objects.filter(state="in_process").count() == 2
    page.locator("[name$=-directive]").fill("Xem xét")
    page.locator("[name$=-directive]").blur()
    expect(page.locator("[name=tick]")).to_be_checked()
    page.get_by_role("button", name="Thu hồi 2 văn bản vừa chuyển").click()
    expect(page.locator("main")).to_contain_text("Đã thu hồi 2 văn bản.")
    assert IncomingDocument.objects.filter(state="submitted").count() == 3
    expect(page.locator("[name$=-directive]").first).to_have_value("Xem xét")


def test_one_plain_form_on_a_phone(open_as, office, pdf):
    """Kon Tum Điều 13.2: without JavaScript, 390 px wide."""
    documents = [play.submitted(office, pdf, code_number=f"{number}") for number in range(2)]
    page = open_as("chief", width=390, javascript=False)
    page.goto(GRID)
    first, second = (page.locator("tr.grid__row").nth(place) for place in range(2))
    first.locator("[name=tick]").check()
    first.locator("select").select_option(f"u{office.planning.pk}")
    first.get_by_label("Phối hợp, để biết, ý kiến").check()
    first.locator("[name$=-directive]").fill("Tham mưu.")
    second.locator("[name=tick]").check()
    page.get_by_role("button", name="Chuyển các dòng đã chọn").click()
    expect(page.locator("main")).to_contain_text("Đã chuyển 1 văn bản, 1 chưa chuyển được.")
    expect(page.get_by_role("button", name="Thu hồi 1 văn bản vừa chuyển")).to_be_visible()
    assert documents[0].assignments.get().directive == "Tham mưu."
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_leader_changes_what_was_proposed_on_a_phone(open_as, office, pdf):
    """Kon Tum Điều 13.3: another lead, without JavaScript → /incoming/<id>/"""
    document = play.submitted(office, pdf)
    line = actions.Line("lead", office.planning, None, "Kiểm tra.")
    actions.propose(act_as(office.chief), document, office.chair, text="Trình.", lines=[line])
    page = open_as("chair", width=390, javascript=False)
    page.goto(document.get_absolute_url())
    expect(page.locator("dl")).to_contain_text("Phòng Quản lý đô thị")
    page.get_by_text("Giao khác đề xuất").click()
    page.locator("[name=who-0]").select_option(f"u{office.finance.pk}")
    page.get_by_role("button", name="Đồng ý, chuyển").click()
    page.wait_for_url("**/kontum/")
    act = document.acts.get(verb="direct")
    assert [one.unit for one in act.lines.all()] == [office.finance]
    assert act.words.text == "Đồng ý, phân công có thay đổi."
