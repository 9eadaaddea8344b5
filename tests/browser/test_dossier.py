"""A dossier from its first paper to the day the chair closes it, with a mouse and a keyboard."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from core import clock
from dossiers.choices import State
from dossiers.models import Dossier
from tests import cast as play
from tests.browser.test_accessible import LOOKS, seen
from tests.files import scan_pdf
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = pytest.mark.usefixtures("glance")


def day(days: int) -> str:
    return (clock.today() + timedelta(days=days)).strftime("%d/%m/%Y")


def press(page: Page, label: str) -> None:
    """The button of a verb, and then its form is there."""
    page.locator(".verbs").get_by_role("link", name=label, exact=True).click()
    expect(page.get_by_role("heading", name=label, level=1)).to_be_visible()


def send(page: Page, said: str) -> None:
    """Send the form by the keyboard; the page says what was done."""
    page.keyboard.press("Control+Enter")
    expect(page.locator("main")).to_contain_text(said)


def field(page: Page, name: str):
    return page.locator(f"main form [name='{name}']")


def judged(page: Page, path: str, looks: list[tuple[int, bool]]) -> list[str]:
    """What is wrong with that page, in these widths and themes."""
    page.goto(path)
    return [f"{path}: {line}" for line in seen(page, looks)]


def from_desk(page: Page, button: str) -> None:
    """From the desk to what is asked first."""
    page.goto("/kontum/")
    page.locator(".work__item .button", has_text=button).first.click()
    page.wait_for_url(re.compile(r"/dossiers/\d+/"))


def test_from_a_document_to_the_closed_dossier(open_as, office, pdf, tmp_path):
    """Bắc Giang Điều 6.1 đến 6.3 → /dossiers/<id>/"""
    office.city.regulation_name = "bac-giang-2014"
    office.city.save()
    document = play.submitted(office, pdf)
    chair = open_as("chair")
    chair.goto(document.get_absolute_url())
    chair.get_by_role("link", name="Lập hồ sơ").click()
    expect(field(chair, "title")).to_have_value(document.subject)
    field(chair, "file_notation").fill("01TH")
    field(chair, "maintenance").fill("20 năm")
    field(chair, "who-0").select_option(label="Phòng Quản lý đô thị")
    field(chair, "directive-0").fill("Tham mưu phương án khắc phục.")
    field(chair, "due_date-0").fill(day(-1))
    chair.keyboard.press("Control+Enter")
    refusal = chair.locator(".verdict--refused")
    expect(refusal).to_contain_text("đã qua")
    expect(field(chair, "directive-0")).to_have_value("Tham mưu phương án khắc phục.")
    field(chair, "due_date-0").fill(day(10))
    send(chair, "Đã lập hồ sơ")
    expect(chair.locator(".story")).to_contain_text(document.subject)
    expect(chair.locator(".assignees")).to_contain_text("Phòng Quản lý đô thị")

    head = open_as("head")
    from_desk(head, "Giao việc")
    field(head, "who-0").select_option(label="Hoàng Thị Mỹ Linh, Chuyên viên")
    field(head, "due_date-0").fill(day(8))
    send(head, "Đã giao việc")
    # Who was given it reads what it is about.
    expect(head.locator(".story")).to_contain_text(document.subject)

    specialist = open_as("specialist")
    from_desk(specialist, "Xử lý")
    expect(specialist.locator(".story")).to_contain_text(document.subject)
    press(specialist, "Đề xuất phối hợp")
    specialist.get_by_label("Phòng Tài chính - Kế hoạch", exact=True).check()
    specialist.get_by_label("Đặng Thị Thu Hà, VP").check()
    field(specialist, "directive").fill("Thẩm định kinh phí.")
    field(specialist, "day").fill(day(5))
    field(specialist, "text").fill("Cần dự toán.")
    send(specialist, "Đã gửi đề xuất phối hợp")

    finance, adviser = open_as("finance_head"), open_as("adviser", width=390)
    for helper in (finance, adviser):
        from_desk(helper, "Trả lời")
        expect(field(helper, "proposal")).to_contain_text("Thẩm định kinh phí.")
        helper.get_by_role("button", name="Trả lời đề xuất phối hợp").click()
        expect(helper.locator("main")).to_contain_text("Đã trả lời đề xuất phối hợp.")

    specialist.reload()
    expect(specialist.locator(".assignee--coordinate")).to_have_count(2)
    press(specialist, "Xin ý kiến")
    specialist.get_by_label("Phòng Tài chính - Kế hoạch", exact=True).check()
    field(specialist, "text").fill("Kinh phí lấy từ nguồn nào?")
    send(specialist, "Đã gửi xin ý kiến.")
    finance.reload()
    press(finance, "Góp ý")
    finance.get_by_label("Không thống nhất").check()
    field(finance, "text").fill("Chưa có nguồn.")
    send(finance, "Đã gửi góp ý.")
    specialist.reload()
    expect(specialist.locator("table.asked")).to_contain_text("Chưa có nguồn.")

    # What came of it is filed, reported and completed.
    press(specialist, "Đưa vào hồ sơ")
    scan = scan_pdf(tmp_path / "bao-cao.pdf")
    specialist.set_input_files("input[type=file]", scan)
    specialist.locator("form", has=specialist.locator("input[type=file]")).get_by_role(
        "button"
    ).last.click()
    expect(specialist.locator(".story")).to_contain_text("bao-cao.pdf")
    press(specialist, "Kết thúc")
    field(specialist, "issued").select_option(label="bao-cao.pdf")
    field(specialist, "text").fill("Đề xuất phương án 2.")
    send(specialist, "Đã kết thúc phần việc.")
    from_desk(head, "Kết thúc")
    expect(field(head, "issued").locator("option:checked")).to_have_text("bao-cao.pdf")
    expect(field(head, "text")).to_have_value("Đề xuất phương án 2.")
    send(head, "Đã hoàn thành hồ sơ.")

    dossier = Dossier.objects.get()
    wrong: list[str] = []
    for language, looks in LOOKS.items():
        for name in ("chair", "head", "specialist", "adviser"):
            page = open_as(name, language=language)
            for path in ("", "close/", "?view=contents"):
                wrong += judged(page, f"{dossier.get_absolute_url()}{path}", looks)
    page = open_as("chair")
    for path in ("new/", "tasks/new/", f"{dossier.pk}/share/"):
        wrong += judged(page, f"/kontum/dossiers/{path}", LOOKS["vi"])
    assert not wrong, "\n".join(wrong)

    from_desk(chair, "Đóng hồ sơ")
    field(chair, "description").fill("Xong.")
    for reason in chair.locator("[name^='why-']").all():
        reason.fill("Không cần.")
    send(chair, "Đã đóng hồ sơ.")
    dossier.refresh_from_db()
    assert (dossier.state, dossier.issued.attachment.file_name) == (State.CLOSED, "bao-cao.pdf")
