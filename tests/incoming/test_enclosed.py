"""Annexes that the paper names and that are in no file: asked about, never refused by itself."""

from html import unescape

import pytest
from django.urls import reverse

from documents.models import DocumentAct
from incoming import actions, checks
from incoming.models import IncomingDocument
from tests import cast as play
from tests import papers
from tests.cast import act_as
from tests.papers import letter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("types", "empty_cache")]
NAMES_TWO = letter(body="<p>Danh mục tại Phụ lục I và Phụ lục II kèm theo.</p>")
BREAK = "<p style='break-before:page;text-align:center'>{}</p><p>Dự án</p>"
HOLDS_BOTH = letter(
    body="<p>Danh mục tại Phụ lục I và Phụ lục II kèm theo.</p>"
    + BREAK.format("PHỤ LỤC I")
    + BREAK.format("PHỤ LỤC 02")
)


def received(cast, *contents: bytes) -> IncomingDocument:
    names = [f"{place}.pdf" for place in range(len(contents))]
    uploads = [play.upload(*one) for one in zip(contents, names, strict=True)]
    document = actions.receive(act_as(cast.clerk), uploads)
    actions.inspect_tray(document)
    return document


def form_of(document) -> str:
    return reverse("incoming:register_received", args=[document.agency.slug, document.pk])


def asked(cast, document, **more) -> list[str]:
    return checks.look(
        act_as(cast.clerk), document, list(document.quarantined.all()), **more
    ).annexes


def test_the_clerk_is_asked_and_his_answer_stands_on_the_trail(client, cast, typed):
    """Bắc Giang Điều 5.1; Cần Thơ Điều 5.1: whole before it is entered; the clerk decides."""
    document = received(cast, NAMES_TWO)
    client.force_login(cast.clerk)
    page = unescape(client.get(form_of(document)).content.decode())
    assert "Văn bản nêu Phụ lục 1, 2, chưa thấy trong tệp." in page
    assert "confirm_annexes" in page
    answer = client.post(form_of(document), typed())
    assert answer.status_code == 409
    assert IncomingDocument.objects.get().state == "received"
    assert 'value="4127"' in answer.content.decode()
    answer = client.post(form_of(document), typed(confirm_annexes="on"), follow=True)
    document = IncomingDocument.objects.get()
    assert document.state == "registered"
    assert DocumentAct.objects.get(verb="register").detail["annexes"] == ["1", "2"]
    page = client.get(f"{document.get_absolute_url()}?full=1").content.decode()
    assert "Đã biết văn bản nêu Phụ lục 1, 2 mà chưa thấy trong tệp, vẫn đăng ký." in page


def test_what_is_not_missing_is_not_asked_about(client, cast, typed):
    """Bắc Giang Điều 5.1: a title in the main part counts as there, and so does a file."""
    document = received(cast, HOLDS_BOTH)
    client.force_login(cast.clerk)
    assert "confirm_annexes" not in client.get(form_of(document)).content.decode()
    client.post(form_of(document), typed())
    assert IncomingDocument.objects.get(pk=document.pk).state == "registered"
    assert "annexes" not in DocumentAct.objects.get(verb="register").detail


def test_the_files_beside_the_main_one_count(cast, tmp_path):
    """Cần Thơ Điều 5.1: by their titles; a scan without words may be any of them."""
    first, second = (letter(title=f"PHỤ LỤC {number}", body="") for number in ("I", "02"))
    scan = papers.scanned(tmp_path / "scan.pdf")
    other = papers.scanned(tmp_path / "other.pdf", 1300, 1800)
    assert asked(cast, received(cast, NAMES_TWO, first, second)) == []
    assert asked(cast, received(cast, NAMES_TWO, first)) == ["2"]
    assert asked(cast, received(cast, NAMES_TWO, first, scan)) == []
    assert asked(cast, received(cast, NAMES_TWO, scan)) == ["1", "2"]
    assert asked(cast, received(cast, NAMES_TWO, scan, other)) == []


def test_an_annex_that_stays_on_paper_is_not_missing(client, cast, typed):
    """Kon Tum Điều 13.4: "không scan tài liệu, phụ lục kèm theo"."""
    document = received(cast, NAMES_TWO)
    assert asked(cast, document, on_paper=True) == []
    client.force_login(cast.clerk)
    client.post(form_of(document), typed(annex_pages="20", annex_name="Phụ lục I, II"))
    assert IncomingDocument.objects.get().state == "registered"


def test_a_scan_without_words_is_never_asked_about(cast, tmp_path):
    document = received(cast, papers.scanned(tmp_path / "scan.pdf"))
    found = checks.look(act_as(cast.clerk), document, list(document.quarantined.all()))
    assert found.annexes == []
    assert not any("Văn bản nêu" in one.title for one in found.panel)


def test_where_pages_were_scanned_it_is_said_and_not_asked(cast):
    """The annex may be one of the pages that have no words."""
    body = "<p>Danh mục tại Phụ lục I kèm theo.</p><p style='break-before:page'>&nbsp;</p>"
    document = received(cast, letter(body=body))
    found = checks.look(act_as(cast.clerk), document, list(document.quarantined.all()))
    assert found.annexes == []
    [said] = [one for one in found.panel if "Văn bản nêu" in one.title]
    assert (said.level, said.title) == ("unknown", "Văn bản nêu Phụ lục 1.")
