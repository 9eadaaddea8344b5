"""Screens that no story opens: looked at by axe and by their width, and kept as pictures."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page

from accounts.actions import delegate
from accounts.models import Agency
from core import clock
from documents.choices import AssignmentRole
from incoming import actions
from incoming.actions import Line
from incoming.models import IncomingDocument
from outgoing import actions as drafting
from outgoing.actions.uploading import looked_at
from outgoing.choices import State
from outgoing.models import IssuedFile, OutgoingDocument
from tests import cast as play
from tests import files
from tests.browser.test_accessible import kept, seen, verbs
from tests.cast import act_as
from tests.files import build, plain_pdf
from tests.outgoing import drafts
from tests.outgoing.issuing import issued
from tests.outgoing.test_annexes_brought import table
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = pytest.mark.usefixtures("glance")
LOOKS = [(1366, False), (390, False)]


@pytest.fixture
def screens(office: SimpleNamespace) -> SimpleNamespace:
    """Documents at the points at which these screens are opened."""
    pdf = build()
    clerk, head, chief = map(act_as, (office.clerk, office.head, office.chief))
    given = play.distributed(office, pdf, code_number="11")
    work = play.assigned(office, pdf, code_number="12")
    wanted = clock.today() + timedelta(days=9)
    actions.request_extension(head, work, day=wanted, text="Chờ số liệu của Sở Xây dựng.")
    line = Line(AssignmentRole.COORDINATE, office.finance)
    actions.ask_opinion(head, work, [line], text="Nguồn vốn lấy từ đâu?", day=clock.today())
    taken_back = play.registered(office.clerk, pdf, code_number="13")
    IncomingDocument.objects.filter(pk=taken_back.pk).update(
        recalled_at=clock.now(), sent_from=office.ward
    )
    paper = actions.keep_paper(clerk, work, sheets=3)
    actions.hand_over(clerk, paper, office.planning, office.specialist, sheets=3)
    actions.take_over(act_as(office.specialist), paper)
    trays = [play.received(office.clerk, build(pages=one), f"quet-{one}.pdf") for one in (1, 2, 3)]
    registered = [play.registered(office.clerk, pdf, code_number=str(20 + n)) for n in range(2)]
    today = clock.today()
    delegate(act_as(office.chair), office.vice, start_date=today, end_date=today)
    return SimpleNamespace(
        given=given,
        work=work,
        taken_back=taken_back,
        paper=f"/kontum/incoming/paper/{paper.token}/",
        trays=trays,
        registered=registered,
        annexes=_annexes(office),
        away=drafts.at_state(office, State.SIGNING),
        old=_old(office),
        chief=chief,
    )


def _annexes(office: SimpleNamespace) -> OutgoingDocument:
    """A draft with an annex that somebody has signed, and a table that is being converted."""
    me, document = act_as(office.specialist), drafts.drafted(office)
    signed = play.upload(files.sign(build(), "Trần Thị Bình"), "bieu-tong-hop.pdf")
    with looked_at(me, signed, answered="", is_beside=True) as file:
        document = drafting.add_annex(me, document, file, base=1)
    drafting.ask_conversion(
        me, document, play.upload(table(), "bieu-so-lieu.xlsx"), base=2, for_annex=True
    )
    return document


def _old(office: SimpleNamespace) -> OutgoingDocument:
    """Issued; what proves it lapses in a week, of another it has lapsed."""
    for days in (7, -7):
        document = issued(office)
        until = clock.now() + timedelta(days=days)
        IssuedFile.objects.filter(document=document).update(proof_until=until)
    return document


def paths(screens: SimpleNamespace) -> dict[str, list[str]]:
    """By reader, the screens that he opens."""
    entries = "&".join(f"entry={one.pk}" for one in screens.trays)
    ticked = "&".join(f"document={one.pk}" for one in (*screens.registered, screens.work))
    first = screens.registered[0].pk
    return {
        "clerk": [
            f"/kontum/incoming/tray/merge/?{entries}",
            f"/kontum/incoming/bulk/share/?{ticked}",
            f"/kontum/incoming/{first}/related/",
            f"/kontum/incoming/{first}/related/?q=sat",
            f"/kontum/incoming/{first}/paper/",
            *verbs(screens.taken_back, "cancel", "keep"),
            f"{screens.paper}?do=return_paper",
            f"{screens.paper}?do=report_lost",
            f"{screens.paper}?do=attach_slip",
            "/kontum/outgoing/weakening/",
            screens.old.get_absolute_url(),
        ],
        "chief": [
            *verbs(screens.given, "recall"),
            f"/kontum/incoming/bulk/finish/?{ticked}",
        ],
        "chair": verbs(screens.work, "decide_extension"),
        "vice": [f"{screens.away.get_absolute_url()}take_over/"],
        "finance_head": verbs(screens.work, "give_opinion"),
        "head": [
            *verbs(screens.work, "withdraw_opinion"),
            f"/kontum/incoming/{screens.work.pk}/file/",
        ],
        "specialist": [
            f"{screens.paper}?do=return_paper",
            f"{screens.annexes.get_absolute_url()}annexes/",
            f"{screens.annexes.get_absolute_url()}file/",
        ],
    }


def judged(page: Page, name: str, wrong: list[str]) -> None:
    """Kept as a picture, then looked at in both widths."""
    kept(page, f"screen-{name}")
    wrong += [f"{name}: {line}" for line in seen(page, LOOKS)]
    page.set_viewport_size({"width": 1366, "height": 900})


def test_every_other_screen_is_for_everybody(open_as, screens, tmp_path, settings):
    """No sideways scrolling and nothing for axe, at 1366 and at 390 px."""
    settings.TSA_URL = "http://127.0.0.1:9/"  # is named, and not asked here
    wrong: list[str] = []
    for reader, addresses in paths(screens).items():
        page = open_as(reader)
        for number, address in enumerate(addresses):
            answer = page.goto(address)
            assert answer.status == 200, f"{reader} {address}"
            if "?do=" in address:
                assert page.locator("#do").count(), f"{reader} {address}: the form is not there"
            judged(page, f"{reader}-{number}-{address.rsplit('/', 1)[-1][:20]}", wrong)
    page = open_as("clerk")
    page.goto("/kontum/incoming/register/?new")
    page.locator("[name=gate][value=state_secrets]").check()
    page.set_input_files("#files", plain_pdf(tmp_path / "mat.pdf", pages=3))
    page.locator("#entry .button--primary[value=next]").click()
    page.wait_for_selector("[data-forget-entries]")
    judged(page, "clerk-refused", wrong)
    Agency.objects.filter(slug="kontum").update(regulation_name="binh-dinh-2016")
    page.goto("/kontum/incoming/rounds/")
    page.wait_for_selector("h1")
    judged(page, "clerk-rounds", wrong)
    assert not wrong, "\n".join(wrong)
