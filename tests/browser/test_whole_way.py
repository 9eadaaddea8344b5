"""From sign-in to the finished work, with a mouse and a keyboard."""

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from core import clock
from incoming.models import IncomingDocument
from tests.browser.conftest import sign_in
from tests.cast import PASSWORD
from tests.files import scan_pdf

SUBJECT = "Khắc phục sạt lở bờ kè sông Đăk Bla"


def day(days: int) -> str:
    return (clock.today() + timedelta(days=days)).strftime("%d/%m/%Y")


def in_form(page: Page, name: str):
    """A field of the open verb."""
    return page.locator(f"#do [name='{name}']")


def next_work(page: Page, button: str) -> None:
    """From the desk to what is asked first, by Enter."""
    expect(page.locator(".work__item--next")).to_contain_text(SUBJECT)
    expect(page.locator(".work__item--next .button")).to_have_text(button)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/incoming/\d+/"))


def test_the_whole_way(open_as, tmp_path):
    """Kon Tum Điều 13.1–13.3, 13.6, 13.7c, 20.2, 21.1 → /incoming/<id>/"""
    people = {name: open_as("") for name in ("clerk", "chief", "chair", "head", "specialist")}
    clerk, chief, chair, head, specialist = people.values()

    sign_in(clerk, "clerk", PASSWORD)
    clerk.keyboard.press("n")
    clerk.wait_for_url("**/incoming/register/")
    clerk.set_input_files("#files", scan_pdf(tmp_path / "quet-001.pdf"))
    clerk.locator("[name=type_name]").select_option("Công văn")
    typed = {
        "organ_name": "UBND tỉnh Kon Tum",
        "code_number": "4127",
        "code_notation": "UBND-HTKT",
        "issued_date": (clock.today() - timedelta(days=2)).strftime("%d%m%Y"),
        "subject": SUBJECT,
        "signer_position": "Phó Chủ tịch",
        "signer_full_name": "Lê Hoàng Sơn",
    }
    clerk.locator("[name=organ_name]").focus()
    for name, words in typed.items():
        if clerk.evaluate("document.activeElement.name") != name:
            clerk.keyboard.press("Tab")  # over what stands there already
        expect(clerk.locator(f"[name={name}]")).to_be_focused()
        clerk.keyboard.type(words)
        clerk.keyboard.press("Tab")
    clerk.keyboard.press("Control+Enter")
    expect(clerk.locator("#messages, .messages").first).to_contain_text("Đã đăng ký số đến 1.")
    clerk.goto("/")
    next_work(clerk, "Trình")
    clerk.keyboard.press("Control+Enter")
    expect(clerk.locator("main")).to_contain_text("Đã trình văn bản số đến 1.")

    sign_in(chief, "chief", PASSWORD)
    next_work(chief, "Phân phối")
    chief.get_by_role("link", name="Trình lãnh đạo").click()  # swapped by htmx
    in_form(chief, "leader").select_option(label="Nguyễn Đức Thành, Chủ tịch")
    in_form(chief, "text").fill("Phòng QLĐT chủ trì.")
    chief.keyboard.press("Control+Enter")
    expect(chief.locator("main")).to_contain_text("Đã trình lãnh đạo văn bản số đến 1.")

    sign_in(chair, "chair", PASSWORD)
    next_work(chair, "Cho ý kiến")
    chair.get_by_label("Làm ngay.").check()
    chair.get_by_role("button", name="Đồng ý, chuyển").click()
    expect(chair.locator("main")).to_contain_text("Đã cho ý kiến")

    chief.goto("/")
    next_work(chief, "Phân phối")
    expect(chief.locator(".trail")).to_contain_text("Đồng ý với đề xuất. Làm ngay.")
    in_form(chief, "who-0").select_option(label="Phòng Quản lý đô thị")
    in_form(chief, "directive-0").fill("Kiểm tra hiện trường, báo cáo.")
    in_form(chief, "due_date-0").fill(day(-1))
    chief.keyboard.press("Control+Enter")
    refusal = chief.locator(".verdict--refused")
    expect(refusal).to_contain_text("đã qua")
    expect(refusal).to_be_focused()
    expect(in_form(chief, "directive-0")).to_have_value("Kiểm tra hiện trường, báo cáo.")
    in_form(chief, "due_date-0").fill(day(5))
    chief.keyboard.press("Control+Enter")
    expect(chief.locator("main")).to_contain_text("Đã phân phối văn bản số đến 1.")

    sign_in(head, "head", PASSWORD)
    next_work(head, "Giao việc")
    in_form(head, "who-0").select_option(label="Hoàng Thị Mỹ Linh, Chuyên viên")
    head.locator("#do").get_by_role("button", name="Giao việc").click()
    expect(head.locator("main")).to_contain_text("Đã giao việc")

    sign_in(specialist, "specialist", PASSWORD)
    next_work(specialist, "Xử lý")
    in_form(specialist, "text").fill("Đã khảo sát, lập phương án.")
    specialist.keyboard.press("Control+Enter")
    expect(specialist.locator("main")).to_contain_text("Đã kết thúc phần việc")

    head.goto("/")
    next_work(head, "Kết thúc")
    expect(in_form(head, "text")).to_have_value("Đã khảo sát, lập phương án.")
    head.keyboard.press("Control+Enter")
    expect(head.locator("main")).to_contain_text("Kết quả giải quyết")
    document = IncomingDocument.objects.get()
    assert (document.state, document.result) == ("finished", "Đã khảo sát, lập phương án.")
