"""Signing with a person's own device, in a browser, beside a program that speaks as VGCA's does."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from signatures.choices import Purpose
from signatures.models import Errand
from tests import files
from tests.browser.test_accessible import LOOKS, seen
from tests.keys import trusted
from tests.plugin import FakePlugin
from tests.signatures.sheets import AGENCY, CHAIR, CITY, LEADER, keys, prepared, send_out, store

BUTTON = "Ký bằng thiết bị (VGCA)"
Start = Callable[..., FakePlugin]


@pytest.fixture
def start(settings: Any) -> Iterator[Start]:
    """`start("Nguyễn Đức Thành", mood="cancel")`: the program runs, and pages may speak to it."""
    running: list[FakePlugin] = []

    def started(owner: str = CHAIR, field: str = LEADER, **how: Any) -> FakePlugin:
        program = FakePlugin(owner, field, **how).__enter__()
        running.append(program)
        allow(settings, program.url)
        return program

    yield started
    for program in running:
        program.__exit__(None, None, None)


def allow(settings: Any, url: str) -> None:
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    settings.SIGNING_PLUGIN_URL = url
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": policy | {"connect-src": ["'self'", url]}}


@pytest.fixture
def out(office: SimpleNamespace, settings: Any, tmp_path: Path) -> Errand:
    """A file that waits for the chair's signature."""
    settings.SIGNATURE_ANCHORS = trusted(tmp_path)
    settings.ROOT_URLCONF = "tests.browser.signing_desk"
    keys(office)
    return at_desk(send_out(office)[0])


def at_desk(errand: Errand) -> Errand:
    errand.page = f"/kontum/desk/{errand.pk}/"
    errand.save()
    return errand


def press(page: Page, errand: Errand) -> None:
    page.goto(errand.page)
    page.get_by_role("button", name=BUTTON).click()


def said(page: Page) -> Any:
    return expect(page.locator("[data-errand-said]"))


def test_it_is_signed_and_the_verb_goes_on_by_itself(
    open_as: Any, out: Errand, start: Start
) -> None:
    program = start()
    page = open_as("chair")
    press(page, out)
    expect(page.locator(".errand")).to_contain_text("Đã ký xong.")
    [(operation, asked)] = program.heard
    assert operation == "SignApproved"
    assert set(asked) == {"FileName", "FileUploadHandler", "SessionId", "JWTToken", "MetaData"}
    assert program.replies[0]["Status"] == 0
    out.refresh_from_db()
    assert (out.way, out.verdict["verdict"]) == ("plugin", "valid")
    assert out.used_at is not None
    assert seen(page, LOOKS["vi"]) == []


def test_the_clerk_seals_and_tells_number_and_day(
    open_as: Any, out: Errand, start: Start, office: SimpleNamespace
) -> None:
    def on_scan(data: bytes) -> bytes:
        return files.sign(data, CITY, field="Signature1", box=files.CORNER)

    scan = store(files.build())
    about = out.document
    about.code_number, about.code_notation = "127", "UBND-QLĐT"
    about.save()
    errand = at_desk(
        send_out(office, office.clerk, about, purpose=Purpose.SEAL, field="", file=scan)[0]
    )
    program = start(CITY, AGENCY, sign=on_scan)
    page = open_as("clerk")
    press(page, errand)
    expect(page.locator(".errand")).to_contain_text("Đã ký xong.")
    [(operation, asked)] = program.heard
    assert (operation, asked["DocNumber"]) == ("SignIssued", "127/UBND-QLĐT")
    assert asked["IssuedDate"].endswith("+07:00")


def test_the_wrong_device_is_named_and_the_right_one_follows(
    open_as: Any, out: Errand, start: Start
) -> None:
    program = start("Trần Thị Bình")
    page = open_as("chair")
    press(page, out)
    why = "Chữ ký số không dùng chứng thư số đã đăng ký của Nguyễn Đức Thành."
    said(page).to_contain_text(why)  # what the program was told, and says
    expect(page.locator(".verdict--refused")).to_contain_text(why)
    out.refresh_from_db()
    assert out.returned_at is None
    program.owner = CHAIR
    page.get_by_role("button", name=BUTTON).click()
    expect(page.locator(".errand")).to_contain_text("Đã ký xong.")


def test_the_person_changes_his_mind(open_as: Any, out: Errand, start: Start) -> None:
    start(mood="cancel")
    page = open_as("chair")
    press(page, out)
    said(page).to_have_text("Phần mềm ký số báo chưa ký được: Người dùng hủy thao tác ký số")
    expect(page.get_by_role("button", name=BUTTON)).not_to_have_attribute("aria-busy", "true")


@pytest.mark.parametrize("mood", ["refuse", "rubbish"])
def test_a_program_that_says_nothing_of_use(
    open_as: Any, out: Errand, start: Start, mood: str
) -> None:
    start(mood=mood)
    page = open_as("chair")
    press(page, out)
    said(page).to_have_text("Chưa ký. Bấm ký lại khi sẵn sàng.")


def test_a_program_that_says_signed_and_sends_nothing(
    open_as: Any, out: Errand, start: Start
) -> None:
    """The word of a browser or a program counts for nothing."""
    start(mood="lie")
    page = open_as("chair")
    press(page, out)
    said(page).to_contain_text("báo đã ký xong nhưng chưa nhận được tệp đúng")
    out.refresh_from_db()
    assert (out.returned_at, out.used_at) == (None, None)


def test_a_lost_connection_costs_nothing(open_as: Any, out: Errand, start: Start) -> None:
    """The window of the program is still there: the file comes, and the page goes on."""
    program = start(mood="vanish")
    page = open_as("chair")
    press(page, out)
    said(page).to_contain_text("Mất kết nối với phần mềm ký số.")
    program.go_on()
    expect(page.locator(".errand")).to_contain_text("Đã ký xong.")


def test_after_a_lost_connection_one_signs_again(open_as: Any, out: Errand, start: Start) -> None:
    program = start(mood="break")
    page = open_as("chair")
    press(page, out)
    said(page).to_contain_text("Mất kết nối với phần mềm ký số.")
    program.mood = "sign"
    page.reload()  # the errand is still there
    page.get_by_role("button", name=BUTTON).click()
    expect(page.locator(".errand")).to_contain_text("Đã ký xong.")


def test_no_program_runs(
    out: Errand, settings: Any, chromium: Any, live_server: Any, office: Any, client: Any
) -> None:
    """Its own window: the browser complains in its console of an address where nobody listens."""
    allow(settings, "ws://127.0.0.1:9")
    client.force_login(office.chair)
    context = chromium.new_context(base_url=live_server.url)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
    )
    page = context.new_page()
    press(page, out)
    said(page).to_contain_text("Không thấy phần mềm ký số trên máy này.")
    before = Errand.objects.get(pk=out.pk).token_hash
    page.get_by_role("button", name=BUTTON).click()
    said(page).to_contain_text("Không thấy phần mềm ký số trên máy này.")
    assert Errand.objects.get(pk=out.pk).token_hash == before  # no token was made for nobody
    context.close()


def test_signed_elsewhere(open_as: Any, out: Errand, tmp_path: Path) -> None:
    """The file is saved, signed with whatever program, and sent; on a phone as well."""
    page = open_as("chair", width=390)
    page.goto(out.page)
    page.get_by_text("Ký ở nơi khác rồi tải lên").click()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Tải tệp cần ký").click()
    data = Path(saved.value.path()).read_bytes()
    assert data == prepared()
    wrong = tmp_path / "sai.pdf"
    wrong.write_bytes(files.sign(data, "Trần Thị Bình", field=LEADER))
    page.get_by_label("Tải tệp đã ký ở nơi khác").set_input_files(wrong)
    page.get_by_role("button", name="Tải lên").click()
    expect(page.locator(".verdict--refused")).to_contain_text("Chưa nhận tệp gửi về.")
    right = tmp_path / "ky.pdf"
    right.write_bytes(files.sign(data, CHAIR, field=LEADER))
    if not page.get_by_label("Tải tệp đã ký ở nơi khác").is_visible():
        page.get_by_text("Ký ở nơi khác rồi tải lên").click()
    assert seen(page, LOOKS["vi"]) == []
    page.get_by_label("Tải tệp đã ký ở nơi khác").set_input_files(right)
    page.get_by_role("button", name="Tải lên").click()
    expect(page.locator(".verdict--ok").last).to_contain_text("Tệp đúng là tệp đã đưa đi ký")
    page.get_by_role("button", name="Hoàn tất").click()
    expect(page.locator(".errand")).to_contain_text("Đã ký xong.")
    out.refresh_from_db()
    assert out.way == "elsewhere"


def test_without_scripts_one_signs_elsewhere(open_as: Any, out: Errand) -> None:
    page = open_as("chair", javascript=False)
    page.goto(out.page)
    expect(page.get_by_role("button", name=BUTTON)).not_to_be_visible()
    expect(page.locator(".errand")).to_contain_text("Tải tệp về ký rồi tải lên.")
