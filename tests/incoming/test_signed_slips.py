"""The slip that was signed on paper: its scan stands beside the step, and is its proof."""

import re
from html import unescape
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from accounts.actions import delegate
from core import clock
from core.errors import NotYours, Refusal, Stale
from documents import verifying
from documents.gate import Asked
from documents.models import ActFile, DocumentAct, QuarantinedFile, StoredFile
from incoming import actions, papers, rules
from incoming.models import IncomingDocument, Paper
from incoming.verifying import findings
from tests import cast as play
from tests import files
from tests.cast import act_as
from tests.files import build, jpeg
from tests.papers import letter, petition

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]
SLIP = build(content=b"BT /F1 14 Tf 72 770 Td (Phieu giao nhan da ky) Tj ET")


def given(cast, pdf) -> Paper:
    """A paper that the specialist has signed for on the printed slip."""
    clerk = act_as(cast.clerk)
    paper = actions.keep_paper(clerk, play.assigned(cast, pdf), sheets=3)
    return actions.hand_over(clerk, paper, cast.planning, cast.specialist, sheets=3, signed=True)


def attach(actor, paper, content=SLIP, name="phieu.pdf", **more) -> Paper:
    slip = play.upload(content, name)
    move = [one for one in paper.moves.all() if rules.is_handed(one)][-1]
    return actions.attach_slip(actor, paper, move=move, slip=slip, **more)


def address(paper: Paper, tail: str = "") -> str:
    return f"/kontum/incoming/paper/{paper.token}/{tail}"


def posted(client, paper: Paper, content: bytes, name: str = "phieu.pdf", **more):
    data = {"move": paper.moves.last().pk, "slip": SimpleUploadedFile(name, content), "text": ""}
    return client.post(address(paper, "attach_slip/"), data | more)


def left_in_quarantine() -> list[str]:
    root = Path(storages["quarantine"].path(""))
    return sorted(one.name for one in root.rglob("*"))


def test_the_clerk_attaches_it_and_whoever_sees_the_document_has_it(client, cast, pdf):
    """The article asks to sign in the book, not for a scan: nothing is quoted."""
    paper = given(cast, pdf)
    document = paper.document
    own = list(document.attachments.values_list("file_id", "ordinal"))
    waiting = left_in_quarantine()
    client.force_login(cast.clerk)
    page = client.get(f"{address(paper)}?do=attach_slip").content.decode()
    assert 'enctype="multipart/form-data"' in page
    assert "đã ký nhận trên phiếu giấy" in page
    answer = posted(client, paper, SLIP, text="Ký ngày 12.")
    assert (answer.status_code, answer.url) == (302, address(paper))
    act = DocumentAct.objects.get(verb="attach_slip")
    assert act.article == ""
    assert act.detail["scan"] == act.proof.file_id
    assert list(document.attachments.values_list("file_id", "ordinal")) == own
    assert IncomingDocument.objects.get(pk=document.pk).page_amount == 1
    # Head and specialist see the document: the chain shows it, and they save it.
    for who in (cast.specialist, cast.head, cast.chair):
        client.force_login(who)
        page = client.get(address(paper)).content.decode()
        assert "Phiếu đã ký, " in page
        answer = client.get(address(paper, f"signed/{act.ordinal}/"))
        assert b"".join(answer.streaming_content) == SLIP
        assert answer["Content-Disposition"] == 'attachment; filename="phieu.pdf"'
        page = client.get(f"{document.get_absolute_url()}?full=1").content.decode()
        assert "đính kèm phiếu giao nhận đã ký của văn bản giấy" in page
    assert set(left_in_quarantine()) <= set(waiting)
    assert [*verifying.broken_chains(), *verifying.broken_files()] == []
    assert list(findings()) == []


def test_whoever_does_not_see_the_document_gets_nothing(client, cast, pdf):
    """Kon Tum Điều 9.3: the same 404 as for a code that nobody has."""
    paper = given(cast, pdf)
    attach(act_as(cast.clerk), paper)
    other = actions.keep_paper(
        act_as(cast.clerk), play.registered(cast.clerk, pdf, code_number="9"), sheets=1
    )
    act = DocumentAct.objects.get(verb="attach_slip")
    for who in (cast.accountant, cast.ward_clerk, cast.stranger):
        client.force_login(who)
        assert client.get(address(paper, f"signed/{act.ordinal}/")).status_code == 404
        assert posted(client, paper, SLIP).status_code == 404
    client.force_login(cast.clerk)
    # Of another paper, of an act without a file, of none.
    assert client.get(address(other, f"signed/{act.ordinal}/")).status_code == 404
    assert client.get(address(paper, "signed/1/")).status_code == 404
    assert client.get(address(paper, "signed/999/")).status_code == 404


def test_only_a_clerk_attaches_and_only_of_a_paper_that_was_given(cast, pdf):
    """In every place of a paper, by everybody."""
    clerk = act_as(cast.clerk)
    paper = actions.keep_paper(clerk, play.assigned(cast, pdf), sheets=3)
    slip = play.upload(SLIP)
    with pytest.raises(Stale, match="chưa giao cho ai"):
        actions.attach_slip(clerk, paper, move=paper.moves.get(), slip=slip)
    paper = actions.hand_over(clerk, paper, cast.planning, cast.specialist, sheets=3)
    places = ["on_way"]
    while places:
        assert paper.state == places.pop()
        for who in ("chair", "chief", "archivist", "head", "specialist", "finance_head"):
            with pytest.raises(NotYours, match="Chỉ văn thư đính kèm"):
                attach(act_as(getattr(cast, who)), paper)
        with transaction.atomic():
            attach(clerk, paper)
            transaction.set_rollback(True)
        if paper.state == "on_way":
            paper = actions.take_over(act_as(cast.specialist), paper)
            places = ["held"]
        elif paper.state == "held":
            paper = actions.report_lost(act_as(cast.specialist), paper, text="Mất.")
            places = ["lost"]
    assert not ActFile.objects.exists()


def test_a_step_without_a_slip_and_one_of_another_paper_are_refused(cast, pdf):
    paper, clerk = given(cast, pdf), act_as(cast.clerk)
    kept = actions.keep_paper(clerk, play.registered(cast.clerk, pdf, code_number="2"), sheets=1)
    for move in (paper.moves.first(), kept.moves.last()):
        with pytest.raises(Refusal, match="Chọn lần giao nhận"):
            actions.attach_slip(clerk, paper, move=move, slip=play.upload(SLIP))
    attach(clerk, paper)
    with pytest.raises(Refusal, match="đã được đính kèm"):
        attach(clerk, paper)
    # A better scan stands beside the first one.
    attach(clerk, paper, build(content=b"BT /F1 9 Tf (lan 2) Tj ET"), "phieu-2.pdf")
    [step] = [one for one in papers.steps(paper) if one.slips]
    assert [one.name for one in step.slips] == ["phieu.pdf", "phieu-2.pdf"]


def test_a_delegate_of_the_clerk_attaches_in_his_name(cast, pdf):
    """Kon Tum Điều 13.1."""
    paper, today = given(cast, pdf), clock.today()
    delegate(act_as(cast.clerk), cast.adviser, start_date=today, end_date=today)
    acting = act_as(cast.adviser)
    assert rules.may_attach_slip(acting, paper) is None
    attach(acting, paper)
    act = DocumentAct.objects.get(verb="attach_slip")
    assert (act.actor, act.on_behalf_of.user) == (cast.adviser, cast.clerk)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_a_picture_of_the_slip_becomes_a_pdf(cast, pdf, kind):
    paper = given(cast, pdf)
    content = jpeg() if kind == "JPEG" else files.saved(files.picture(), kind)
    with pytest.raises(Asked, match="1 trang không có chữ"):
        attach(act_as(cast.clerk), paper, content, f"phieu.{kind.lower()}")
    attach(act_as(cast.clerk), paper, content, f"phieu.{kind.lower()}", answered="")
    assert DocumentAct.objects.get(verb="attach_slip").detail["unread"] == 1
    proof = ActFile.objects.get()
    assert (proof.file_name, proof.file.page_count) == ("phieu.pdf", 1)
    assert proof.file.inspection["made_from"]["file_name"] == f"phieu.{kind.lower()}"
    with storages["store"].open(proof.file.path) as stored:
        assert stored.read(5) == b"%PDF-"
    assert list(verifying.broken_files()) == []


HOSTILE = {
    "program": (files.renamed_executable, "Tệp là chương trình"),
    "broken": (files.broken, "Tệp PDF bị hỏng"),
    "password": (files.encrypted, "Tệp đặt mật khẩu"),
    "javascript": (files.with_javascript, "chứa mã hoặc tệp bên trong"),
    "embedded": (files.embedded_files, "chứa mã hoặc tệp bên trong"),
    "picture bomb": (lambda path: wrote(path, files.picture_bomb()), "Ảnh quá lớn"),
    "secret": (lambda path: wrote(path, letter(box="TỐI MẬT")), "dấu TỐI MẬT"),
    "empty": (lambda path: wrote(path, b""), "Tệp rỗng"),
}


def wrote(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_refused_and_nothing_of_it_stays(client, cast, pdf, tmp_path, kind):
    """Kon Tum Điều 4.1, 13.3: inspected like every other file."""
    make, words = HOSTILE[kind]
    paper = given(cast, pdf)
    before = set(StoredFile.objects.values_list("pk", flat=True)), DocumentAct.objects.count()
    waiting = left_in_quarantine()
    client.force_login(cast.clerk)
    content = make(tmp_path / "phieu.pdf").read_bytes()
    answer = posted(client, paper, content, not_forbidden="on")
    assert answer.status_code == 409
    assert words in unescape(answer.content.decode())
    after = set(StoredFile.objects.values_list("pk", flat=True)), DocumentAct.objects.count()
    assert after == before
    assert not QuarantinedFile.objects.exists()
    assert set(left_in_quarantine()) <= set(waiting)
    assert list(verifying.broken_files()) == []


def asked_about(answer) -> str:
    """What the page asks about, as its form sends it again; the tick is not yet set."""
    assert answer.status_code == 409
    page = unescape(answer.content.decode())
    assert "checked" not in page.split('name="not_forbidden"')[1].split(">")[0]
    return re.search(r'name="looked" value="([0-9a-f]{64})"', page)[1]


MARKED = {
    "tiêu đề Đơn tố cáo": lambda: petition("ĐƠN TỐ CÁO"),
    "dấu gửi đích danh": lambda: letter(box="GỬI ĐÍCH DANH"),
    "1 trang không có chữ": jpeg,
}


@pytest.mark.parametrize("words", MARKED)
def test_a_marked_slip_is_asked_about_and_the_answer_is_of_this_file(client, cast, pdf, words):
    """Kon Tum Điều 4.1, 4.2: every kind of the gate → /incoming/paper/<token>/attach_slip/"""
    paper, content = given(cast, pdf), MARKED[words]()
    client.force_login(cast.clerk)
    answer = posted(client, paper, content)
    look = asked_about(answer)
    assert words in unescape(answer.content.decode())
    assert not ActFile.objects.exists()
    # The tick of one file is none of another, and without the tick nothing is answered.
    other = posted(client, paper, petition("ĐƠN KHIẾU NẠI"), not_forbidden="on", looked=look)
    assert asked_about(other) != look
    assert asked_about(posted(client, paper, content, looked=look)) == look
    assert posted(client, paper, content, not_forbidden="on", looked=look).status_code == 302
    act = DocumentAct.objects.get(verb="attach_slip")
    assert act.detail.keys() & {"marks", "unread"}


def test_without_a_file_or_one_that_is_too_large_the_form_says_so(client, cast, pdf, settings):
    paper = given(cast, pdf)
    client.force_login(cast.clerk)
    url = address(paper, "attach_slip/")
    answer = client.post(url, {"move": paper.moves.last().pk})
    assert answer.status_code == 422
    assert "Chọn tệp quét của phiếu đã ký." in answer.content.decode()
    settings.UPLOAD_LIMIT = 1000
    answer = posted(client, paper, SLIP + b" " * 2000)
    assert answer.status_code == 422
    assert "nên chưa được nhận" in answer.content.decode()


def test_a_scan_that_was_changed_removed_or_exchanged_is_found(cast, pdf):
    """verify_files: byte for byte, and the one that the act names."""
    paper = given(cast, pdf)
    attach(act_as(cast.clerk), paper)
    assert list(verifying.broken_files()) == []
    proof = ActFile.objects.select_related("file", "act").get()
    other = paper.document.attachments.get().file
    ActFile.objects.filter(pk=proof.pk).update(file=other)
    where = f"document {paper.document_id}, act {proof.act.ordinal}"
    assert list(verifying.broken_files()) == [f"{where}: its file is another one"]
    ActFile.objects.filter(pk=proof.pk).update(file=proof.file)
    path = Path(storages["store"].path(proof.file.path))
    path.chmod(0o600)
    path.write_bytes(path.read_bytes() + b" ")
    assert list(verifying.broken_files()) == [f"file {proof.file_id}: was changed"]
    path.unlink()
    assert list(verifying.broken_files()) == [f"file {proof.file_id}: missing"]
    ActFile.objects.all().delete()
    assert f"{where}: its file is missing" in list(verifying.broken_files())


@pytest.mark.parametrize("shared", [False, True])
def test_a_purge_takes_it_out_and_leaves_the_fact(
    cast, pdf, shared, django_capture_on_commit_callbacks
):
    """Bắc Giang Điều 8.2: the fact stays; what another document holds too stays with that one."""
    paper = given(cast, pdf)
    content = SLIP
    if shared:
        content = build(content=b"BT /F1 9 Tf (chung) Tj ET")
        play.registered(cast.clerk, content, code_number="77")
    attach(act_as(cast.clerk), paper, content)
    kept = ActFile.objects.get().file
    with django_capture_on_commit_callbacks(execute=True):
        play.purged(cast.chair, paper.document)
    assert not ActFile.objects.exists()
    assert StoredFile.objects.filter(pk=kept.pk).exists() == shared
    assert storages["store"].exists(kept.path) == shared
    assert DocumentAct.objects.filter(verb="attach_slip").count() == 1
    assert list(verifying.broken_files()) == []
    document = IncomingDocument.objects.get(pk=paper.document_id)
    paper.document = document
    document.agency = cast.city
    with pytest.raises(Stale, match="đã gỡ"):
        attach(act_as(cast.clerk), paper)


def test_the_steps_cost_no_query_more_for_many_slips(cast, pdf, django_assert_num_queries):
    paper, clerk = given(cast, pdf), act_as(cast.clerk)
    for place in range(3):
        attach(clerk, paper, build(content=b"BT (%d) Tj ET" % place), f"{place}.pdf")
    with django_assert_num_queries(2):
        assert sum(len(one.slips) for one in papers.steps(paper)) == 3


def test_the_address_stands_for_the_paper(cast, pdf):
    paper = given(cast, pdf)
    assert reverse("incoming:paper_signed", args=["kontum", paper.token, 3]) == address(
        paper, "signed/3/"
    )
