"""The gate's question, twins side by side, a purged document, the paper register: for everybody."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from playwright.sync_api import expect

from documents.actions import note_on_paper
from incoming import actions
from incoming.models import IncomingDocument
from tests import cast as play
from tests import files, papers
from tests.browser.test_accessible import kept, seen
from tests.cast import act_as
from tests.letters import as_pdf, form_letter, misread

LOOKS = [(1366, False), (390, True)]


@pytest.fixture
def shelf(office, tmp_path) -> dict[str, IncomingDocument]:
    """Papers marked, twice, signed and changed, badly scanned, purged, refused."""
    with (
        ThreadPoolExecutor() as apart
    ):  # signing runs a loop, and so does Playwright in this thread
        signed = apart.submit(files.annotated_later, tmp_path / "a.pdf").result()
    scan = papers.scanned(tmp_path / "scan.pdf")
    text = form_letter(Random(1))
    play.registered(
        office.clerk, as_pdf(misread(text, Random(3), 60)), code_number="không số",
        code_notation="", subject="Tài liệu của Sở", organ_name="Sở Xây dựng",
    )  # fmt: skip
    play.registered(office.clerk, papers.letter("V/v khắc phục sạt lở"))
    refused = play.received(office.clerk, files.build(pages=5))
    actions.refuse(act_as(office.clerk), refused, reason="incomplete", text="Thiếu trang 3.")
    note_on_paper(
        act_as(office.clerk), direction="incoming", kind="petitions", number=118,
        day=play.clock.today(),
    )  # fmt: skip
    return {
        "marked": play.received(office.clerk, papers.letter("BÁO CÁO", box="TỐI MẬT")),
        "twin": play.received(office.clerk, papers.letter("V/v khắc phục sạt lở")),
        # One letter, scanned twice and typed differently.
        "likened": play.registered(
            office.clerk, as_pdf(text), code_number="77", subject="Mời kiểm tra"
        ),
        "text": play.received(office.clerk, as_pdf(misread(text, Random(2), 60))),
        "changed": play.received(office.clerk, signed.read_bytes()),
        "scan": play.registered(office.clerk, scan, code_number="9", subject="Báo cáo thu chi"),
        "purged": play.purged(
            office.chair,
            play.assigned(office, files.build(pages=2), code_number="8", subject="Giao ban"),
        ),
        "refused": refused,
    }


def test_every_page_of_the_gate_is_for_everybody(open_as, shelf):
    """Kon Tum Điều 4 → /incoming/<id>/register/, /incoming/paper-register/"""
    wrong: list[str] = []
    clerk, chair = open_as("clerk"), open_as("chair")
    pages = {
        "marked": (clerk, f"/kontum/incoming/{shelf['marked'].pk}/register/"),
        "twin": (clerk, f"/kontum/incoming/{shelf['twin'].pk}/register/"),
        "text": (clerk, f"/kontum/incoming/{shelf['text'].pk}/register/"),
        "likened": (clerk, f"/kontum/incoming/{shelf['likened'].pk}/"),
        "changed": (clerk, f"/kontum/incoming/{shelf['changed'].pk}/register/"),
        "scan": (clerk, f"/kontum/incoming/{shelf['scan'].pk}/"),
        "purged": (clerk, f"/kontum/incoming/{shelf['purged'].pk}/"),
        "paper": (clerk, "/kontum/incoming/paper-register/"),
        "slip": (clerk, f"/kontum/incoming/{shelf['refused'].pk}/return-slip/"),
        "purge": (chair, f"/kontum/incoming/{shelf['scan'].pk}/?do=purge"),
    }
    for name, (page, path) in pages.items():
        page.goto(path)
        if name == "text":  # before the fields, which would be scrolled to
            expect(page.locator(".twins")).to_be_focused()
        if name == "likened":
            page.locator("details.twin > summary").click()
        kept(page, name)
        wrong += [f"{name}: {line}" for line in seen(page, LOOKS)]
    assert not wrong, "\n".join(wrong)


def test_what_was_kept_in_the_tab_answers_no_mark(open_as, shelf):
    """An answer that was chosen before a reload is not brought back to the question."""
    page = open_as("clerk")
    page.goto(f"/kontum/incoming/{shelf['marked'].pk}/register/")
    page.locator("[name=gate][value=none]").check()
    page.locator("[name=code_number]").fill("15")
    page.wait_for_timeout(700)  # the tab keeps what was typed
    page.reload()
    assert page.locator("[name=code_number]").input_value() == "15"
    assert page.locator("[name=gate]:checked").count() == 0
    # Nothing chosen: the server asks again, and chosen it goes on.
    page.locator("#entry .button--primary[value=next]").click()
    page.wait_for_selector(".gate--found")
    assert IncomingDocument.objects.get(pk=shelf["marked"].pk).state == "received"
