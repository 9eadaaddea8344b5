"""axe finds nothing on any page, nothing runs off sideways, and no browser complains."""

import os
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from core import clock
from documents.actions import saving
from documents.choices import AssignmentRole
from documents.models import Extension
from dossiers import actions as dossiers
from dossiers.actions import cataloguing, issuing
from dossiers.actions.cataloguing import LineEntry
from incoming import actions
from incoming.actions import Annex, Line
from incoming.models import IncomingDocument
from outgoing import actions as drafting
from tests import cast as play
from tests.cast import act_as
from tests.files import build, plain_pdf
from tests.outgoing import drafts
from tests.outgoing.copies import copied
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = pytest.mark.usefixtures("glance")

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
# Four runs a page: each width with each theme, each width and each theme in both languages.
LOOKS = {"vi": [(1366, False), (390, True)], "en": [(390, False), (1366, True)]}


@pytest.fixture
def shelf(office: SimpleNamespace) -> SimpleNamespace:
    """Documents in every state that a page can show."""
    pdf = build()
    proposed = play.submitted(office, pdf, code_number="2", priority=2)
    actions.propose(act_as(office.chief), proposed, office.chair, text="Phòng QLĐT chủ trì.")
    work = play.assigned(office, pdf, code_number="3")
    told = Line(AssignmentRole.INFORM, office.office, office.adviser)
    actions.share(act_as(office.chief), work, [told], text="Để biết.")
    actions.progress(act_as(office.specialist), work, percent=50, text="Đã khảo sát hiện trường.")
    paper = actions.keep_paper(act_as(office.clerk), work, sheets=3)
    annex = actions.keep_paper(act_as(office.clerk), work, annex=Annex(42, "Bản vẽ"))
    actions.report_lost(act_as(office.clerk), annex, text="Không thấy trong tủ.")
    actions.hand_over(act_as(office.clerk), paper, office.planning, office.specialist, sheets=3)
    _asked(office, work)
    corrected = play.registered(office.clerk, pdf, code_number="6")
    actions.correct(
        act_as(office.clerk),
        corrected,
        play.entry(code_number="6", subject="Trích yếu đã sửa"),
        reason="Gõ nhầm.",
    )
    for name, query in (("Khẩn", "priority=urgent&q=sat"), ("Sở " * 20, "organ_name=so")):
        saving.save_filter(act_as(office.clerk), page="book", name=name, query=query)
        saving.save_filter(act_as(office.clerk), page="search", name=f"{name}2"[-60:], query=query)
    return SimpleNamespace(
        tray=play.received(office.clerk, build(pages=2)),
        registered=play.registered(office.clerk, pdf, code_number="1"),
        submitted=play.submitted(office, pdf, code_number="4"),
        proposed=proposed,
        work=work,
        finished=play.finished(office, pdf, code_number="5"),
        corrected=corrected,
        paper=paper.token,
        lost=annex.token,
        dossier=_kept(office, work),
        year=_catalogue(office),
        **_drafts(office),
    )


def _drafts(office: SimpleNamespace) -> dict[str, str]:
    """Pages of a draft that is written, one that came back, one with its head, one to appraise,
    and of a copy."""
    me, head, chief = map(act_as, (office.specialist, office.head, office.chief))
    drafting.keep_template(chief, name="Công văn trả lời", content=drafts.content())
    drafting.keep_phrase(chief, "Đề nghị các đơn vị nghiêm túc thực hiện.")
    body = "Sai  chính tả:\n| Đơn vị | Số |\n| --- | --- |\n| Phòng Tài chính | 12 |"
    written = drafts.drafted(office, priority=2, recipients="", body=body)
    drafting.save(me, written, drafts.content(body="Gọn lại./."), base=1, note="Gọn lại.")
    sent = drafts.submitted(office.specialist, drafts.drafted(office, recipients=""))
    lines = [Line(AssignmentRole.COORDINATE, one) for one in (office.finance, office.office)]
    drafting.ask_opinion(me, sent, lines, text="Có bố trí được kinh phí không?")
    words = {"stance": "disagree", "text": "Chưa có nguồn."}
    drafting.give_opinion(act_as(office.finance_head), sent, **words)
    drafting.remark(head, sent, version=1, line=2, quote="1. Phòng", text="Nêu rõ ngày.")
    back = drafts.submitted(office.specialist, drafts.drafted(office))
    place = drafting.Place(0, "", "Bổ sung căn cứ.")
    drafting.send_back(head, back, text="Sửa lại.", places=[place])
    formal = drafts.drafted(office, recipients="", place="")
    formal = drafts.passed(office.head, drafts.submitted(office.specialist, formal))
    came = play.registered(office.clerk, build(pages=3), code_number="8")
    copy = copied(office.clerk, came, text="Gửi các phường.")
    named = {"written": written, "sent": sent, "back": back, "formal": formal, "copy": copy}
    return {name: str(one.get_absolute_url()) for name, one in named.items()}


def _kept(office: SimpleNamespace, work: IncomingDocument) -> str:
    """The page of a dossier with a document, a file and a note in it."""
    head = act_as(office.head)
    named = dossiers.Fields(
        title="Khắc phục sạt lở bờ kè sông Đăk Bla",
        file_notation="01QLĐT",
        maintenance="20 năm",
        due_date=clock.today() + timedelta(days=20),
    )
    dossier = dossiers.open(head, named, source=work)
    dossiers.add_files(head, dossier, [play.upload(build(pages=2))], text="Biên bản hiện trường.")
    dossiers.add_note(head, dossier, text="Chủ tịch đồng ý qua điện thoại.")
    return str(dossier.get_absolute_url())


def _catalogue(office: SimpleNamespace) -> int:
    """The year of an issued catalogue with a heading and two lines."""
    keeper = act_as(office.archivist)
    made = issuing.start(keeper, clock.today().year)
    heading = cataloguing.add_heading(keeper, made, title="Quản lý đô thị", abbreviation="QLĐT")
    for place in (1, 2):
        line = LineEntry(
            file_notation=f"{place:02}.QLĐT",
            title=f"Hồ sơ số {place} về chương trình công tác năm",
            maintenance="20 năm",
            creator="Phòng Quản lý đô thị",
            unit=office.planning,
            heading=heading,
        )
        cataloguing.add_line(keeper, made, line)
    sent = issuing.submit(keeper, made)
    issuing.approve(
        act_as(office.chair),
        sent,
        version=sent.version,
        decision_number="12/QĐ-UBND",
        decided_date=clock.today(),
    )
    return int(made.year)


def _asked(office: SimpleNamespace, work: IncomingDocument) -> None:
    """Opinions given and awaited, a chain of later days, an urge."""
    head = act_as(office.head)
    lines = [Line(AssignmentRole.COORDINATE, one) for one in (office.finance, office.office)]
    actions.ask_opinion(head, work, lines, text="Nguồn vốn lấy từ đâu?", day=clock.today())
    words = {"stance": "disagree", "text": "Chưa có nguồn."}
    actions.give_opinion(act_as(office.finance_head), work, **words)
    for day, agree in ((9, True), (20, False)):
        wanted = clock.today() + timedelta(days=day)
        actions.request_extension(head, work, day=wanted, text="Chờ số liệu.")
        row = Extension.objects.latest("pk")
        actions.decide_extension(act_as(office.chair), work, row, agree=agree, text="Lần cuối.")
    rows = list(work.assignments.filter(person=office.specialist))
    actions.urge(head, work, rows, level=1, text="Báo cáo trong ngày.")


def nobody(shelf: SimpleNamespace) -> list[str]:
    return ["/login/", "/login/?next=/kontum/"]


def clerk(shelf: SimpleNamespace) -> list[str]:
    return [
        "/kontum/",
        "/kontum/incoming/",
        "/kontum/incoming/?q=khong-co-gi",
        "/kontum/incoming/?density=line",
        "/kontum/incoming/?q=sat&signer_full_name=son&since=31/02/2024&unit=999999",
        "/kontum/search/",
        "/kontum/search/?q=sat+lo+son&priority=urgent",
        "/kontum/search/?q=khong+co+gi&state=submitted",
        "/kontum/search/saved/",
        "/kontum/incoming/tray/",
        "/kontum/incoming/register/?new",
        "/kontum/incoming/paper/",
        "/kontum/incoming/paper/?q=999",
        f"/kontum/incoming/paper/{shelf.paper}/?do=sign",
        f"/kontum/incoming/paper/{shelf.paper}/?do=hand_over",
        f"/kontum/incoming/paper/{shelf.lost}/",
        f"/kontum/incoming/paper/{shelf.paper}/slip/",
        f"/kontum/incoming/paper/{shelf.paper}/receipt/",
        f"/kontum/incoming/{shelf.registered.pk}/paper/",
        f"/kontum/incoming/{shelf.work.pk}/resolution/",
        f"/kontum/incoming/{shelf.tray.pk}/register/",
        f"/kontum/incoming/{shelf.tray.pk}/refuse/",
        f"/kontum/incoming/{shelf.tray.pk}/correct/",  # 409
        *verbs(shelf.registered, "submit", "share"),
        f"/kontum/incoming/{shelf.registered.pk}/correct/",
        f"/kontum/incoming/{shelf.corrected.pk}/history/",
        f"/kontum/incoming/{shelf.registered.pk}/history/",
        "/kontum/outgoing/?tab=all",
        "/kontum/outgoing/templates/",
        "/kontum/outgoing/templates/new/",
        f"/kontum/outgoing/copy/{shelf.registered.pk}/",
        shelf.copy,
    ]


def chief(shelf: SimpleNamespace) -> list[str]:
    return [
        "/kontum/",
        "/kontum/notifications/",
        "/kontum/incoming/distribute/",
        f"/kontum/incoming/distribute/?sent={shelf.work.pk}",
        *verbs(shelf.submitted, "distribute", "propose", "finish", "send_back"),
        *verbs(shelf.work, "distribute", "comment", "urge"),
        "/kontum/incoming/directives/",
        "/kontum/incoming/directives/?tab=done",
        "/kontum/incoming/backlog/",
        *verbs(shelf.finished, "reopen"),
        "/kontum/incoming/help/",
        "/kontum/outgoing/",
        f"{shelf.formal}appraise/",
    ]


def chair(shelf: SimpleNamespace) -> list[str]:
    return [
        "/kontum/",
        f"/kontum/incoming/{shelf.proposed.pk}/",
        f"/kontum/incoming/{shelf.proposed.pk}/?full=1",
        f"/kontum/incoming/{shelf.finished.pk}/",
    ]


def head(shelf: SimpleNamespace) -> list[str]:
    return [
        "/kontum/",
        *verbs(shelf.work, "assign", "send_back", "request_extension", "ask_opinion"),
        "/kontum/incoming/",
        "/kontum/incoming/backlog/",
        "/kontum/dossiers/",
        "/kontum/dossiers/?q=khong-co-gi",
        "/kontum/dossiers/new/",
        f"/kontum/dossiers/new/?from={shelf.work.pk}",
        "/kontum/dossiers/tasks/new/",
        shelf.dossier,
        f"{shelf.dossier}?view=contents",
        f"{shelf.dossier}?do=correct",
        "/kontum/dossiers/catalogue/",
        f"/kontum/dossiers/catalogue/{shelf.year}/",
        shelf.sent,
        f"{shelf.sent}?view=text",
        f"{shelf.sent}approve_content/",
        f"{shelf.sent}send_back/",
        f"{shelf.sent}ask_opinion/",
        "/account/",
    ]


def specialist(shelf: SimpleNamespace) -> list[str]:
    return [
        "/kontum/",
        *verbs(shelf.work, "finish", "progress"),
        "/account/password/",
        "/kontum/incoming/999999999/",  # 404
        "/kontum/outgoing/?tab=mine",
        "/kontum/outgoing/?tab=elsewhere",
        "/kontum/outgoing/?tab=all&q=khong-co-gi",
        "/kontum/outgoing/new/",
        f"{shelf.written}compose/",
        f"{shelf.written}upload/",
        f"{shelf.written}submit/",
        f"{shelf.written}versions/",
        f"{shelf.back}?view=text",
    ]


def archivist(shelf: SimpleNamespace) -> list[str]:
    return [
        "/kontum/",
        "/kontum/notifications/",
        f"/kontum/incoming/{shelf.work.pk}/",
        f"/kontum/dossiers/catalogue/{shelf.year}/?edit=new-line",
        f"/kontum/dossiers/catalogue/{shelf.year}/import/",
    ]


def adviser(shelf: SimpleNamespace) -> list[str]:
    return ["/kontum/"]


def verbs(document: Any, *names: str) -> list[str]:
    """The page of a document with the form of each verb open."""
    return [f"{document.get_absolute_url()}?do={name}" for name in names]


READERS: list[Callable[[SimpleNamespace], list[str]]] = [
    nobody,
    clerk,
    chief,
    chair,
    head,
    specialist,
    archivist,
    adviser,
]


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
def test_every_page_is_for_everybody(open_as, shelf, reader):
    name = "" if reader is nobody else reader.__name__
    wrong: list[str] = []
    for language, looks in LOOKS.items():
        page = open_as(name, language=language)
        for path in reader(shelf):
            page.goto(path)
            place = re.sub(r"[^a-z0-9]+", "-", path.lower().strip("/"))
            kept(page, f"{reader.__name__}-{language}-{place}")
            wrong += [f"{language} {path}: {line}" for line in seen(page, looks)]
    assert not wrong, "\n".join(wrong)


def test_refusals_are_for_everybody_too(open_as, shelf, tmp_path):
    """What stands there after a wrong field, a rule's no, and a forbidden kind."""
    wrong: list[str] = []
    for language, looks in LOOKS.items():
        page = open_as("clerk", language=language)
        chief_page = open_as("chief", language=language)

        def judge(window: Page, what: str, language: str = language, looks: Any = looks) -> None:
            wrong.extend(f"{language} {what}: {line}" for line in seen(window, looks))
            window.set_viewport_size({"width": 1366, "height": 900})

        page.goto(f"/kontum/incoming/{shelf.tray.pk}/register/")
        page.locator("#entry .button--primary[value=next]").click()
        page.wait_for_selector(".field--error")
        judge(page, "a wrong field")
        page.goto("/kontum/incoming/register/?new")
        page.locator("[name=gate][value=state_secrets]").check()
        page.set_input_files("#files", plain_pdf(tmp_path / "mat.pdf", pages=3))
        page.locator("#entry .button--primary[value=next]").click()
        page.wait_for_selector("[data-forget-entries]")
        judge(page, "a forbidden kind")
        chief_page.goto(f"{shelf.submitted.get_absolute_url()}?do=distribute")
        chief_page.locator("#do [name=due_date-0]").fill("30/02/2026")
        chief_page.locator("#do .button--primary").click()
        chief_page.wait_for_selector(".field--error")
        judge(chief_page, "a wrong line")
        chief_page.goto(f"{shelf.submitted.get_absolute_url()}?do=distribute")
        chief_page.locator("#do .button--primary").click()
        chief_page.wait_for_selector(".verdict--refused")
        judge(chief_page, "a refused verb")
    assert not wrong, "\n".join(wrong)


def kept(page: Page, name: str) -> None:
    """A picture of the page in both widths, where somebody asks for them (SHOTS=folder)."""
    if folder := os.environ.get("SHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.emulate_media(color_scheme="light")  # whatever was looked at before
        for width in (1366, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=Path(folder) / f"{name.strip('-')}-{width}.png", full_page=True)


def seen(page: Page, looks: list[tuple[int, bool]]) -> list[str]:
    """What is wrong with the page in front of us, in these widths and themes."""
    found: list[str] = []
    for width, dark in looks:
        page.emulate_media(color_scheme="dark" if dark else "light")
        found += sideways(page, width)
        _at_full_length(page, width)
        for one in Axe().run(page, options=RULES).response["violations"]:
            where = [" ".join(map(str, node["target"])) for node in one["nodes"]]
            found.append(f"{width} {'dark' if dark else 'light'} {one['id']}: {where[:4]}")
    found += sideways(page, 320)
    return found


def _at_full_length(page: Page, width: int) -> None:
    """Scrolled or not, a part that sticks to the edge of the window hides others from axe."""
    length = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": min(length + 200, 9000)})


def sideways(page: Page, width: int) -> list[str]:
    """At this width: whether the page itself can be scrolled sideways, and what sticks out."""
    page.set_viewport_size({"width": width, "height": 844})
    out = page.evaluate(
        """() => {
            const room = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= room) return [];
            return [...document.querySelectorAll("body *")]
                .filter((one) => one.getBoundingClientRect().right > room + 1)
                .slice(0, 3).map((one) => one.tagName + "." + one.className);
        }"""
    )
    return [f"{width}: wider than the window by {out}"] if out else []
