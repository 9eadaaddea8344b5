"""Files of a dossier go the way of every file: quarantine, inspection, store."""

import errno
import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from core import clock
from core.errors import Refusal
from documents import verifying
from documents.actions import quarantine
from documents.models import ActFile, Attachment, QuarantinedFile, StoredFile
from documents.uploads import path_of
from dossiers import actions
from dossiers.actions import Fields
from incoming import actions as incoming_actions
from tests import cast as play
from tests.cast import act_as
from tests.files import build, jpeg, picture, saved
from tests.papers import petition, stamped

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier(cast):
    """A dossier of the specialist."""
    typed = Fields(title="Cấp phép xây dựng", file_notation="01.XD", maintenance="20 năm")
    return actions.open(act_as(cast.specialist), typed)


def test_files_pass_quarantine_and_inspection(cast, dossier):
    """What can be read is counted; taken out again, its content goes too."""
    me = act_as(cast.specialist)
    items = actions.add_files(me, dossier, [play.upload(build(pages=3), "bien-ban.pdf")])
    dossier.refresh_from_db()
    assert [one.attachment.file_name for one in items] == ["bien-ban.pdf"]
    assert (dossier.doc_total, dossier.page_total) == (1, 3)
    more = actions.add_files(me, dossier, [play.upload(build(pages=2), "phu-luc.pdf")])
    assert [one.ordinal for one in (*items, *more)] == [1, 2]
    actions.remove_item(me, dossier, items[0], text="Trùng.")
    dossier.refresh_from_db()
    assert (dossier.doc_total, dossier.page_total) == (1, 2)
    assert Attachment.objects.get(document=dossier).file_name == "phu-luc.pdf"
    assert StoredFile.objects.count() == 1


def test_a_file_that_is_a_signed_slip_too_stays_with_its_act(cast, pdf, dossier):
    """Kon Tum Điều 13.3: the same PDF proves a step of a paper and lies in a dossier."""
    clerk, me = act_as(cast.clerk), act_as(cast.specialist)
    paper = incoming_actions.keep_paper(clerk, play.assigned(cast, pdf), sheets=3)
    paper = incoming_actions.hand_over(
        clerk, paper, cast.planning, cast.specialist, sheets=3, signed=True
    )
    content, move = build(pages=2), paper.moves.latest("pk")
    incoming_actions.attach_slip(clerk, paper, move=move, slip=play.upload(content))
    [item] = actions.add_files(me, dossier, [play.upload(content)])
    kept = item.attachment.file_id
    actions.remove_item(me, dossier, item, text="Trùng.")
    assert ActFile.objects.get().file_id == kept
    assert list(verifying.broken_files()) == []
    assert not Attachment.objects.filter(document=dossier).exists()


def test_a_file_that_cannot_be_read_leaves_nothing(cast, dossier):
    with pytest.raises(Refusal, match="chưa đọc được"):
        actions.add_files(
            act_as(cast.specialist), dossier, [play.upload(b"not a pdf at all", "lo.pdf")]
        )
    assert not dossier.quarantined.exists()
    assert not Attachment.objects.exists()
    assert not dossier.items.exists()


def test_whatever_ends_it_nothing_stays_in_quarantine(cast, dossier):
    """The file goes while it is looked at: no refusal, and still nothing stays."""
    upload = play.upload(build())
    path_of(upload.token).unlink()
    with pytest.raises(FileNotFoundError):
        actions.add_files(act_as(cast.specialist), dossier, [upload])
    assert not dossier.quarantined.exists()


def test_what_a_killed_worker_leaves_goes_by_the_clock(
    cast, dossier, django_capture_on_commit_callbacks, capsys
):
    """Of a dossier, a day old; what waits in the tray to be registered waits on."""
    waiting = play.received(cast.clerk, build(pages=3)).quarantined.get()
    uploads = [play.upload(build()), play.upload(build(pages=2))]
    with django_capture_on_commit_callbacks(execute=True):
        young, old = quarantine(dossier, uploads)
    day_before = clock.now() - timedelta(hours=24, minutes=1)
    rows = QuarantinedFile.objects.filter(pk__in=[old.pk, waiting.pk])
    rows.update(arrived_at=day_before)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("clear_quarantine")
    assert capsys.readouterr().out == "1 removed\n"
    assert not path_of(old.token).exists()
    assert path_of(young.token).exists()
    left = QuarantinedFile.objects.values_list("pk", flat=True)
    assert set(left) == {young.pk, waiting.pk}


def sent(client, dossier, *contents: bytes, **more):
    """Files as the page sends them."""
    uploads = [SimpleUploadedFile(f"tep-{place}.pdf", one) for place, one in enumerate(contents)]
    data = {"what": "files", "files": uploads}
    return client.post(f"{dossier.get_absolute_url()}add_item/", data | more)


def asked_about(answer) -> str:
    """What the page asks about, as its form sends it again."""
    assert answer.status_code == 409
    page = unescape(answer.content.decode())
    assert "checked" not in page.split('name="not_forbidden"')[1].split(">")[0]
    return re.search(r'name="looked" value="([0-9a-f]{64})"', page)[1]


@pytest.fixture
def specialist(client, cast):
    client.force_login(cast.specialist)
    return client


def test_an_answer_belongs_to_the_files_that_were_looked_at(specialist, cast, dossier):
    """Kon Tum Điều 4.2: the gate stands before dossiers too → /dossiers/<id>/add_item/"""
    petition_ = petition("ĐƠN TỐ CÁO")
    answer = sent(specialist, dossier, petition_)
    look = asked_about(answer)
    assert "tiêu đề Đơn tố cáo" in unescape(answer.content.decode())
    assert not dossier.quarantined.exists()
    # The browser has emptied the field: other files, more files, no tick, a tick unasked.
    others = ([petition("ĐƠN KHIẾU NẠI")], [petition_, petition("ĐƠN KHIẾU NẠI")])
    for contents in others:
        anew = sent(specialist, dossier, *contents, not_forbidden="1", looked=look)
        assert asked_about(anew) != look
    assert asked_about(sent(specialist, dossier, petition_, looked=look)) == look
    assert asked_about(sent(specialist, dossier, petition_, not_forbidden="1")) == look
    assert not dossier.items.exists()
    assert sent(specialist, dossier, petition_, not_forbidden="1", looked=look).status_code == 302
    assert dossier.items.count() == 1
    assert dossier.acts.last().detail["marks"] == ["denunciation"]


def full_disk(*_arguments: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("too large", "Tệp tep-1.pdf lớn hơn"),
        ("too many", "Một lần gửi nhận nhiều nhất 1 tệp."),
        ("full disk", "Máy chủ hết chỗ lưu nên chưa nhận được tệp."),
    ],
)
def test_what_did_not_arrive_whole_is_said_and_nothing_is_taken_in(
    specialist, dossier, settings, monkeypatch, what, said
):
    """Of three files the second is refused: the dossier gets all of them, or none."""
    contents = [build(), build(content=b" " * 9000), build(pages=2)]
    settings.UPLOAD_LIMIT = 8000 if what == "too large" else settings.UPLOAD_LIMIT
    settings.UPLOAD_FILES = 1 if what == "too many" else settings.UPLOAD_FILES
    if what == "full disk":
        monkeypatch.setattr("documents.uploads._Part.write", full_disk)
    answer = sent(specialist, dossier, *contents)
    assert answer.status_code == 409
    page = unescape(answer.content.decode())
    assert said in page
    assert "Lần này chưa đưa tệp nào vào hồ sơ" in page
    assert not dossier.items.exists()
    assert not dossier.quarantined.exists()
    assert not Attachment.objects.filter(document=dossier).exists()


@pytest.mark.parametrize("note", ["MẬT", "TUYỆT MẬT"])
def test_a_state_secret_is_waived_by_no_tick(specialist, dossier, note):
    """Kon Tum Điều 4.1: neither beforehand, nor after a question about another file."""
    look = asked_about(sent(specialist, dossier, petition("ĐƠN TỐ CÁO")))
    for more in ({}, {"not_forbidden": "1"}, {"not_forbidden": "1", "looked": look}):
        answer = sent(specialist, dossier, stamped(note), **more)
        assert answer.status_code == 409
        assert f"dấu {note}" in unescape(answer.content.decode())
        assert 'name="looked"' not in answer.content.decode()
    assert not dossier.items.exists()
    assert not dossier.quarantined.exists()


def test_pages_without_words_are_asked_about(specialist, dossier):
    """Kon Tum Điều 4.1: in a scan no mark can be looked for; it is known by its bytes."""
    scan = jpeg()
    look = asked_about(sent(specialist, dossier, scan))
    other = sent(specialist, dossier, saved(picture(), "PNG"), not_forbidden="1", looked=look)
    assert asked_about(other) != look
    assert sent(specialist, dossier, scan, not_forbidden="1", looked=look).status_code == 302
    # Whoever says so of a scan as he sends it is not asked.
    assert sent(specialist, dossier, scan, not_forbidden="1").status_code == 302
    assert [one.detail.get("unread") for one in dossier.acts.order_by("-pk")[:2]] == [1, 1]


def test_a_stranger_puts_nothing_in(cast, dossier):
    with pytest.raises(type(dossier).DoesNotExist):
        actions.add_files(act_as(cast.accountant), dossier, [play.upload(build())])


# --- Its pages.


def test_a_file_is_read_page_by_page_and_not_only_saved(cast, client, dossier):
    """The story leads to its pages, drawn like those of documents; so do its other files."""
    me = act_as(cast.specialist)
    actions.add_files(me, dossier, [play.upload(build(pages=3), "phieu-khao-sat.pdf")])
    actions.add_files(me, dossier, [play.upload(build(pages=1, version="1.5"), "so-do.pdf")])
    client.force_login(cast.specialist)
    story = client.get(dossier.get_absolute_url()).content.decode()
    first = f"{dossier.get_absolute_url()}files/1/"
    assert f'href="{first}pages/"' in story
    assert "data-download" not in story
    assert "3 trang" in story
    answer = client.get(f"{first}pages/?page=2&zoom=1")
    text = answer.content.decode()
    assert "Trang 2 / 3" in text
    assert f'src="{first}2/?zoom=1"' in text
    assert f'href="{first}pages/?file=1&amp;page=3&amp;zoom=1"' in text
    assert f'href="{first}" download' in text
    assert f'href="{dossier.get_absolute_url()}files/2/pages/"' in text
    for query, kind in (("", "image/png"), ("?zoom", "image/png"), ("?thumb", "image/png")):
        picture = client.get(f"{first}3/{query}")
        assert (picture.status_code, picture["Content-Type"]) == (200, kind)
        assert picture["Cache-Control"] == "private, no-cache"
    for path in (f"{first}4/", f"{first}0/", f"{dossier.get_absolute_url()}files/9/pages/"):
        assert client.get(path).status_code == 404
    # What is asked for and is not there shows the nearest page.
    assert "Trang 3 / 3" in client.get(f"{first}pages/?page=99").content.decode()


def test_a_new_file_never_stands_where_another_was(cast, client, dossier):
    """Neither in the browser's own copy nor by its address: the last one is taken out and replaced.

    What was drawn of the first is not shown for the second.
    """
    me = act_as(cast.specialist)
    [item] = actions.add_files(me, dossier, [play.upload(build(pages=1), "nham.pdf")])
    client.force_login(cast.specialist)
    path = f"{dossier.get_absolute_url()}files/1/1/"
    shown = client.get(path)
    again = client.get(path, headers={"If-None-Match": shown["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == "private, no-cache"
    actions.remove_item(me, dossier, item, text="Nhầm tệp.")
    actions.add_files(me, dossier, [play.upload(build(pages=2), "dung.pdf")])
    assert client.get(path, headers={"If-None-Match": shown["ETag"]}).status_code == 404
    new = f"{dossier.get_absolute_url()}files/2/1/"
    marks = {shown["ETag"]}
    for one in (new, f"{new}?zoom", f"{new}?thumb", new.replace("/1/", "/2/")):
        marks.add(client.get(one, headers={"If-None-Match": shown["ETag"]})["ETag"])
    assert len(marks) == 5
    # Whoever may not see it is not told that it is the same.
    client.force_login(cast.accountant)
    assert client.get(new, headers={"If-None-Match": "*"}).status_code == 404


def test_pages_are_for_those_who_see_the_dossier(cast, client, dossier):
    """Nobody else learns that there is such a file, open or taken out."""
    me = act_as(cast.specialist)
    [item] = actions.add_files(me, dossier, [play.upload(build(pages=1), "bien-ban.pdf")])
    paths = [f"{dossier.get_absolute_url()}files/1/{rest}" for rest in ("", "pages/", "1/")]
    for who, seen in ((cast.chief, 200), (cast.head, 200), (cast.accountant, 404)):
        client.force_login(who)
        assert answers(client, paths) == [seen] * 3, who
    actions.remove_item(me, dossier, item, text="Nhầm.")
    client.force_login(cast.specialist)
    assert answers(client, paths) == [404] * 3


def answers(client, paths) -> list[int]:
    found = []
    for path in paths:
        answer = client.get(path)
        if answer.streaming:
            b"".join(answer.streaming_content)  # a download holds its file until it is read
        found.append(answer.status_code)
    return found
