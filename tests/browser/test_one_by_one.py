"""Many signed with a device in a browser: begun once, the page goes from file to file by itself."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import expect

from outgoing.choices import State
from tests.browser.test_accessible import LOOKS, seen
from tests.browser.test_signing_device import BUTTON, Start, start  # noqa: F401 -- a fixture
from tests.keys import trusted
from tests.outgoing.drafts import at_state
from tests.outgoing.signing import keys_of, read_again


@pytest.mark.usefixtures("committed")
def test_two_are_signed_after_one_press(
    open_as: Any,
    office: SimpleNamespace,
    settings: Any,
    tmp_path: Path,
    start: Start,  # noqa: F811 -- the fixture
) -> None:
    """Cần Thơ Điều 10.1a, on the product's own pages from the list to the verdicts."""
    settings.SIGNATURE_ANCHORS = trusted(tmp_path)
    keys_of(office)
    documents = [at_state(office, State.SIGNING) for _each in range(2)]
    program = start()
    page = open_as("chair")
    page.goto("/kontum/outgoing/?tab=waiting")
    for document in documents:
        page.locator(f'input[name="pk"][value="{document.pk}"]').check()
    page.get_by_role("button", name="Ký số các văn bản đã chọn").click()
    page.get_by_role("button", name="Ký lần lượt bằng thiết bị").click()
    expect(page.locator("body")).to_contain_text("xong 0 trên 2 văn bản")
    assert seen(page, LOOKS["vi"]) == []
    page.get_by_role("button", name=BUTTON).click()
    expect(page.locator("body")).to_contain_text("Xong cả 2 văn bản.", timeout=60_000)
    assert [operation for operation, _asked in program.heard] == ["SignApproved"] * 2
    assert {read_again(one).state for one in documents} == {State.APPROVED}
