"""One's own signing keys in the browser: readable for everybody, and a key added by hand."""

from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from core import clock
from edocman.demo import hands
from tests.browser.test_keys import LOOKS, seen
from tests.keys import PIN, key_file, make_key, trusted

NAME = "Lê Văn Hùng"


def test_the_keys_are_for_everybody(open_as: Any, office: Any) -> None:
    """axe, no sideways scroll, both themes and languages, both widths."""
    make_key(NAME, owner=office.vice, label="Cũ", is_active=False)
    make_key(NAME, owner=office.vice, failures=3, locked_at=clock.now())
    wrong: list[str] = []
    for language, looks in LOOKS.items():
        page = open_as("vice", language=language)
        for path in ("/account/keys/", "/account/keys/new/"):
            page.goto(path)
            wrong += [f"{language} {path}: {line}" for line in seen(page, looks)]
    assert not wrong, "\n".join(wrong)


def test_a_key_is_added_with_its_picture(
    open_as: Any, office: Any, settings: Any, tmp_path: Path
) -> None:
    settings.SIGNATURE_ANCHORS = trusted(tmp_path)
    (tmp_path / "khoa.p12").write_bytes(key_file(NAME))
    (tmp_path / "chu-ky.png").write_bytes(hands.signature(NAME)[0])
    page = open_as("vice")
    page.goto("/account/")
    page.get_by_role("link", name="Khóa ký số của tôi").click()
    page.get_by_role("link", name="Thêm khóa").click()
    page.get_by_label("Tệp khóa hoặc tệp chứng thư số").set_input_files(tmp_path / "khoa.p12")
    page.get_by_label("Hình chữ ký").set_input_files(tmp_path / "chu-ky.png")
    page.get_by_label("Mã PIN").fill("sai-hẳn-rồi")
    page.get_by_role("button", name="Thêm khóa").click()
    expect(page.get_by_text("không mở được tệp")).to_be_visible()
    page.get_by_label("Tệp khóa hoặc tệp chứng thư số").set_input_files(tmp_path / "khoa.p12")
    page.get_by_label("Hình chữ ký").set_input_files(tmp_path / "chu-ky.png")
    page.get_by_label("Mã PIN").fill(PIN)
    page.get_by_role("button", name="Thêm khóa").click()
    expect(page.get_by_text("Đã thêm khóa ký số")).to_be_visible()
    expect(page.locator(".key-card img")).to_be_visible()
