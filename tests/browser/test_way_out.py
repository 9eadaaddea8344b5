"""The whole way of a document in Cần Thơ, with a mouse and a keyboard (Điều 9, 10, 5)."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from accounts.models import Agency
from outgoing.choices import State
from outgoing.models import IssuingBody, OutgoingDocument
from tests.browser.test_accessible import LOOKS, seen
from tests.browser.test_drafts import field, press, send, write
from tests.keys import PIN, make_key, trusted


@pytest.fixture(autouse=True)
def _trust(settings: Any, tmp_path: Path) -> None:
    settings.SIGNATURE_ANCHORS = trusted(tmp_path)


def step(page: Page, url: str, label: str, said: str, **typed: str) -> None:
    """Open the document, press the verb's button, fill its form, send it."""
    page.goto(url)
    press(page, label)
    for name, value in typed.items():
        field(page, name).fill(value)
    for reason in page.locator("input[name^='why-']").all():
        reason.fill("Đã xem, để như vậy.")
    send(page, said)


def test_from_the_draft_to_the_recall(open_as, office):
    """Cần Thơ Điều 9.3–9.5, 10.1, 5.1, 5.2: sign → number → seal → issue → received → recalled."""
    Agency.objects.update(regulation_name="can-tho-2019")
    office.elsewhere.refresh_from_db()
    office.elsewhere.name = "Sở Nội vụ thành phố Cần Thơ"
    office.elsewhere.save()  # the directory follows
    IssuingBody.objects.create(
        agency=office.city,
        name="Ủy ban nhân dân thành phố Cần Thơ",
        organ_name="ỦY BAN NHÂN DÂN THÀNH PHỐ CẦN THƠ",
        abbreviation="UBND",
        place="Cần Thơ",
        collective="ỦY BAN NHÂN DÂN",
    )
    make_key(office.chair.full_name, owner=office.chair)
    make_key("UBND thành phố Cần Thơ", agency=office.city)

    linh = open_as("specialist")
    write(linh, "Nguyễn Đức Thành, Chủ tịch", gate="Không thuộc loại nào")
    send(linh, "Đã lưu dự thảo.")
    url = linh.url
    step(linh, url, "Trình", "Đã chuyển: chờ duyệt nội dung.")
    step(open_as("head"), url, "Duyệt nội dung", "Đã chuyển: chờ kiểm tra thể thức.")
    step(open_as("chief"), url, "Kiểm tra thể thức", "Đã chuyển: chờ văn thư kiểm tra.")
    clerk = open_as("clerk")
    step(clerk, url, "Kiểm tra lại, trình ký", "Đã chuyển: chờ ký duyệt.")

    chair = open_as("chair", width=390)
    chair.goto(url)
    press(chair, "Ký số")
    field(chair, "pin").fill("sai")
    send(chair, "PIN")
    assert OutgoingDocument.objects.get().state == State.SIGNING
    field(chair, "pin").fill(PIN)
    send(chair, "Đã ký số.")
    expect(chair.locator("main")).to_contain_text("1 chữ ký số hợp lệ")

    clerk.goto("/kontum/")
    clerk.locator(".work__item .button", has_text="Cấp số").first.click()
    press(clerk, "Cấp số, ngày tháng")
    send(clerk, "Đã cấp số 01/")
    step(clerk, url, "Ký số của cơ quan", "Văn bản chờ phát hành.", pin=PIN)
    expect(clerk.locator("main")).to_contain_text("2 chữ ký số hợp lệ")
    clerk.get_by_role("link", name="Kết quả kiểm tra chữ ký số").click()
    expect(clerk.get_by_role("heading", level=1)).to_have_text("Kết quả kiểm tra chữ ký số")
    wrong = [f"report: {line}" for line in seen(clerk, LOOKS["vi"])]

    clerk.goto(url)
    clerk.locator(".verbs").get_by_role("link", name="Phát hành", exact=True).click()
    wrong += [f"issue: {line}" for line in seen(clerk, LOOKS["vi"])]
    clerk.locator("#q").fill("noi vu can tho")
    row = clerk.locator("#receivers tr", has_text="Sở Nội vụ thành phố Cần Thơ")
    row.get_by_role("checkbox").check()
    send(clerk, "Đã phát hành đến 1 nơi.")
    call_command("deliver")

    theirs = open_as("stranger")
    theirs.goto("/so-xay-dung/incoming/tray/")
    expect(theirs.locator("main")).to_contain_text("gửi qua hệ thống từ UBND thành phố Kon Tum")
    wrong += [f"tray: {line}" for line in seen(theirs, LOOKS["vi"])]
    theirs.get_by_role("link", name=re.compile("Đăng ký")).last.click()
    expect(theirs.locator("main")).to_contain_text("điền sẵn theo bên gửi")
    theirs.wait_for_load_state("networkidle")  # the page as a picture, from the quarantine
    theirs.get_by_label("Không, được đăng ký").check()
    theirs.keyboard.press("Control+Enter")
    expect(theirs.locator("main")).to_contain_text("số đến 1")
    call_command("deliver")
    clerk.goto(url)
    expect(clerk.locator(".deliveries")).to_contain_text("Đã tiếp nhận")
    wrong += [f"issued: {line}" for line in seen(clerk, LOOKS["vi"])]

    step(clerk, url, "Thu hồi", "Đã thu hồi", text="Sai số tiền ở điểm 2")
    call_command("deliver")
    theirs.goto("/so-xay-dung/")
    theirs.locator(".work__item", has_text="Hủy văn bản được thu hồi").get_by_role(
        "link"
    ).first.click()
    expect(theirs.locator("main")).to_contain_text("Sai số tiền ở điểm 2")
    wrong += [f"recalled: {line}" for line in seen(theirs, LOOKS["vi"])]
    assert OutgoingDocument.objects.get().state == State.RECALLED
    assert wrong == []
