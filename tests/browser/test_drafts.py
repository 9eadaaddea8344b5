"""A draft with a mouse and a keyboard: the long way of a city, the short way of a Sở."""

import re

from playwright.sync_api import Page, expect

from outgoing.choices import State
from outgoing.models import IssuingBody, OutgoingDocument
from tests.browser.test_accessible import LOOKS, seen
from tests.outgoing.drafts import body_of


def field(page: Page, name: str):
    return page.locator(f"main form [name='{name}']")


def press(page: Page, label: str) -> None:
    """The button of a verb, and then its form is there."""
    page.locator(".verbs").get_by_role("link", name=label, exact=True).click()
    expect(page.get_by_role("heading", name=label, level=1)).to_be_visible()


def send(page: Page, said: str) -> None:
    page.keyboard.press("Control+Enter")
    expect(page.locator("main")).to_contain_text(said)


def write(page: Page, signer: str, *, gate: str = "Không thuộc loại nào") -> None:
    """A letter typed in the composer, its sheet beside it."""
    page.goto("/kontum/outgoing/")
    page.get_by_role("link", name="Soạn văn bản").click()
    page.get_by_label(gate).check()
    field(page, "subject").fill("khắc phục sạt lở bờ kè sông Đăk Bla")
    field(page, "addressees").fill("Phòng Tài chính - Kế hoạch")
    field(page, "body").fill("Đề nghị bố trí kinh phí trước ngày 5 tháng 1 năm 2027.")
    field(page, "signer").select_option(label=signer)


def test_the_long_way_of_a_city(open_as, office):
    """Kon Tum Điều 12, 14: written, mended, submitted, approved, appraised, signed → /outgoing/"""
    body_of(office)
    linh = open_as("specialist")
    write(linh, "Nguyễn Đức Thành, Chủ tịch")
    field(linh, "authority").select_option("TM.")
    # The sheet follows what is typed, and the form check speaks beside it.
    expect(linh.locator(".compose__preview img")).to_be_visible(timeout=20_000)
    expect(linh.locator(".findings")).to_contain_text("có số 0 phía trước")
    send(linh, "Đã lưu dự thảo.")
    linh.locator(".verbs").get_by_role("link", name="Sửa văn bản").click()
    linh.locator(".finding", has_text="có số 0 phía trước").get_by_role("button").click()
    expect(field(linh, "body")).to_have_value(re.compile("ngày 05 tháng 01 năm 2027"))
    linh.locator(".finding", has_text="./.").get_by_role("button").click()
    expect(field(linh, "body")).to_have_value(re.compile(r"2027\./\.$"))
    send(linh, "Đã lưu bản 2.")
    press(linh, "Trình")
    send(linh, "Đã chuyển: chờ duyệt nội dung.")

    head = open_as("head")
    head.goto("/kontum/")
    head.locator(".work__item .button", has_text="Duyệt nội dung").first.click()
    head.wait_for_url(re.compile(r"/outgoing/\d+/$"))
    expect(head.locator(".page-image img")).to_be_visible()
    press(head, "Chuyển trả")
    field(head, "text").fill("Nêu rõ số tiền.")
    send(head, "Đã chuyển trả.")

    linh.goto("/kontum/outgoing/")
    expect(linh.locator(".draft-tabs [aria-current]")).to_contain_text("Trả lại tôi")
    linh.get_by_role("link", name="khắc phục sạt lở bờ kè sông Đăk Bla").click()
    linh.locator(".verbs").get_by_role("link", name="Sửa văn bản").click()
    body = field(linh, "body")
    body.fill("Đề nghị bố trí 185 triệu đồng trước ngày 05 tháng 01 năm 2027./.")
    send(linh, "Đã lưu bản 3.")
    press(linh, "Trình lại")
    send(linh, "Đã chuyển: chờ duyệt nội dung.")
    linh.get_by_role("link", name="3 bản đã lưu").click()
    expect(linh.locator(".diff ins").first).to_contain_text("185")

    head.reload()
    press(head, "Duyệt nội dung")
    send(head, "Đã chuyển: chờ thẩm định.")
    chief = open_as("chief")
    chief.goto(head.url)
    press(chief, "Thẩm định, trình")
    send(chief, "Đã chuyển: chờ ký duyệt.")
    chair = open_as("chair", width=390)
    chair.goto(head.url)
    press(chair, "Ký duyệt")
    send(chair, "Đã ký duyệt.")
    assert OutgoingDocument.objects.get().state == State.APPROVED
    wrong = []
    pages = ((linh, "/kontum/outgoing/new/"), (linh, head.url))
    for page, path in (*pages, (chief, "/kontum/outgoing/templates/")):
        page.goto(path)
        wrong += [f"{path}: {line}" for line in seen(page, LOOKS["vi"])]
    assert wrong == []


def test_the_short_way_of_a_department(open_as, office):
    """Bình Định Điều 9.2: head, form, the director approves, the paper is noted → /outgoing/"""
    office.city.regulation_name = "binh-dinh-2016"
    office.city.save()
    IssuingBody.objects.create(
        agency=office.city,
        name="Sở Xây dựng",
        organ_name="SỞ XÂY DỰNG",
        abbreviation="SXD",
        place="Bình Định",
    )
    linh = open_as("specialist")
    write(linh, "Nguyễn Đức Thành, Chủ tịch")
    send(linh, "Đã lưu dự thảo.")
    press(linh, "Trình")
    send(linh, "Đã chuyển: chờ duyệt nội dung.")
    head = open_as("head")
    head.goto(linh.url)
    press(head, "Duyệt nội dung")
    send(head, "Đã chuyển: chờ kiểm tra thể thức.")
    chief = open_as("chief")
    chief.goto(linh.url)
    press(chief, "Kiểm tra thể thức")
    for reason in chief.locator("input[name^='why-']").all():
        reason.fill("Đã xem, để như vậy.")
    send(chief, "Đã chuyển: chờ ký duyệt.")
    chair = open_as("chair")
    chair.goto(linh.url)
    press(chair, "Ký duyệt")
    send(chair, "Đã ký duyệt.")
    clerk = open_as("clerk")
    clerk.goto("/kontum/")
    clerk.locator(".work__item .button", has_text="Ghi nhận bản giấy").click()
    press(clerk, "Ghi nhận bản giấy đã ký")
    send(clerk, "Đã ghi nhận bản giấy.")
    expect(clerk.locator(".way")).to_contain_text("Bản giấy đã ký")
    assert OutgoingDocument.objects.get().paper_signed_on is not None
