"""Files: kept once and as they came, gone when they are refused, nothing half done."""

import errno
import gc
import hashlib
import os
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import transaction

from core.errors import Refusal
from documents import verifying
from documents.actions.filing import preview_folder
from documents.models import Attachment, QuarantinedFile, Register, StoredFile
from documents.uploads import path_of
from incoming import actions
from incoming.choices import Verb
from incoming.models import IncomingDocument
from tests import cast as play
from tests.cast import act_as
from tests.files import build
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance")]


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    """`with commits():` runs what a verb leaves for after its commit."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def quarantine() -> list[str]:
    folder = Path(settings.DATA_ROOT) / "quarantine"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def stored() -> list[Path]:
    folder = Path(storages["store"].path(""))
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.exists() else []


def in_tray(cast, *contents: bytes) -> IncomingDocument:
    document = actions.receive(act_as(cast.clerk), [play.upload(one) for one in contents])
    actions.inspect_tray(document)
    return document


def test_what_was_received_is_never_changed_by_a_byte(cast, commits):
    """NĐ 30/2020 Điều 22: the copy in the store is the file that came, and only it."""
    content = build(pages=2)
    with commits():
        document = in_tray(cast, content)
    with commits():
        actions.register(act_as(cast.clerk), document, play.entry())
    (path,) = stored()
    digest = hashlib.sha256(content).hexdigest()
    assert path.read_bytes() == content
    assert path.relative_to(storages["store"].path("")) == Path(digest[:2], digest[2:4], digest)
    assert StoredFile.objects.get().pk == digest
    assert path.stat().st_mode & 0o777 == 0o600
    assert quarantine() == []
    # The rest of the way reads it and leaves it.
    actions.correct(act_as(cast.clerk), document, play.entry(subject="Khác"), reason="Nhầm")
    assert path.read_bytes() == content


def test_the_same_content_is_stored_once(cast, pdf, commits):
    for _time in range(2):
        with commits():
            document = in_tray(cast, pdf)
        with commits():
            actions.register(act_as(cast.clerk), document, play.entry())
    assert len(stored()) == StoredFile.objects.count() == 1
    assert Attachment.objects.count() == 2
    assert quarantine() == []


def test_the_same_file_twice_in_one_document(cast, pdf, commits):
    with commits():
        document = in_tray(cast, pdf, pdf)
    with commits():
        document = actions.register(act_as(cast.clerk), document, play.entry())
    assert (len(stored()), document.attachments.count(), document.page_amount) == (1, 2, 2)


def test_refused_files_go_with_the_commit_and_not_before(cast, pdf, commits):
    """Kon Tum Điều 4.1: nothing of it stays, neither the file nor its page images."""
    with commits():
        document = in_tray(cast, pdf)
    token = document.quarantined.get().token
    preview_folder(token).mkdir()
    (preview_folder(token) / "page-1.png").write_bytes(b"an image of a secret")
    there = quarantine()
    assert there == [token, f"{token}.pages"]
    # Rolled back: everything is as it was.
    with commits(), transaction.atomic():
        actions.refuse(act_as(cast.clerk), document, reason="state_secrets")
        transaction.set_rollback(True)
        assert quarantine() == there
    assert (quarantine(), QuarantinedFile.objects.count()) == (there, 1)
    with commits():
        actions.refuse(act_as(cast.clerk), document, reason="state_secrets")
        assert quarantine() == there
    assert quarantine() == []
    assert stored() == []
    assert not QuarantinedFile.objects.exists()
    assert b"secret" not in b"".join(
        path.read_bytes() for path in Path(settings.DATA_ROOT).rglob("*") if path.is_file()
    )


def test_a_rolled_back_registration_leaves_the_file_in_the_tray(cast, pdf, commits):
    with commits():
        document = in_tray(cast, pdf)
    there = quarantine()
    with commits(), transaction.atomic():
        actions.register(act_as(cast.clerk), document, play.entry())
        transaction.set_rollback(True)
    assert (quarantine(), StoredFile.objects.count()) == (there, 0)
    # What the rollback left in the store is known as such, and used by the next attempt.
    assert [one for one in verifying.broken_files() if "in no document" in one]
    with commits():
        actions.register(act_as(cast.clerk), document, play.entry())
    assert list(verifying.broken_files()) == []


class FullDisk:
    """Writes half of what it is given, and then there is no room."""

    def __init__(self, store) -> None:
        self.store, self.error = store, OSError(errno.ENOSPC, "No space left on device")

    def __getattr__(self, name: str):
        return getattr(self.store, name)

    def save(self, name: str, content) -> str:
        path = Path(self.store.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.read(20))
        raise self.error


def test_a_full_disk_leaves_the_document_in_the_tray(cast, pdf, commits, monkeypatch):
    """NĐ 30/2020 Điều 22: no number is spent, what was typed can be sent again."""
    with commits():
        document = in_tray(cast, pdf)
    there = quarantine()
    whole, full = storages["store"], FullDisk(storages["store"])
    monkeypatch.setitem(storages._storages, "store", full)
    with pytest.raises(Refusal, match="Dữ liệu đã nhập giữ nguyên") as refused:
        actions.register(act_as(cast.clerk), document, play.entry())
    assert refused.value.__cause__ is full.error
    again = IncomingDocument.objects.get(pk=document.pk)
    assert (again.state, again.number, quarantine()) == ("received", 0, there)
    assert not Register.objects.exists()
    assert not StoredFile.objects.exists()
    assert document.acts.get().verb == Verb.RECEIVE
    assert stored() == []  # not half a file
    monkeypatch.setitem(storages._storages, "store", whole)
    with commits():
        assert actions.register(act_as(cast.clerk), document, play.entry()).number == 1
    assert stored()[0].read_bytes() == pdf


def test_half_a_file_of_a_killed_server_is_not_taken_for_the_whole(cast, pdf, commits):
    with commits():
        document = in_tray(cast, pdf)
    row = document.quarantined.get()
    half = Path(storages["store"].path(StoredFile(sha256=row.sha256).path))
    half.parent.mkdir(parents=True)
    half.write_bytes(pdf[:100])
    with commits():
        actions.register(act_as(cast.clerk), document, play.entry())
    assert half.read_bytes() == pdf
    assert stored() == [half]


def test_a_file_that_changed_or_went_in_the_tray_is_not_registered(cast, pdf, commits):
    with commits():
        document = in_tray(cast, pdf)
    path = path_of(document.quarantined.get().token)
    path.write_bytes(pdf + b"\n")
    with pytest.raises(Refusal, match="đã bị thay đổi"):
        actions.register(act_as(cast.clerk), document, play.entry())
    path.unlink()
    with pytest.raises(Refusal, match="không còn trong hàng chờ"):
        actions.register(act_as(cast.clerk), document, play.entry())
    assert IncomingDocument.objects.get().state == "received"


def test_what_nobody_claims_goes(cast, pdf, commits):
    upload = play.upload(pdf)
    assert quarantine() == [upload.token]
    upload.close()
    assert quarantine() == []
    # A verb that is rolled back has claimed nothing.
    upload = play.upload(pdf)
    with commits(), transaction.atomic():
        actions.receive(act_as(cast.clerk), [upload])
        transaction.set_rollback(True)
    assert quarantine() == [upload.token]
    del upload
    gc.collect()
    assert quarantine() == []


def test_only_orphans_that_are_a_day_old_are_cleared(cast, pdf, commits, capsys):
    with commits():
        document = in_tray(cast, pdf)
    waiting = document.quarantined.get().token
    preview_folder(waiting).mkdir()
    folder = Path(settings.DATA_ROOT) / "quarantine"
    old, young, other = "a" * 32, "b" * 32, "read-me.txt"
    for name in (old, young, other):
        (folder / name).write_bytes(b"x")
    (folder / f"{old}.pages").mkdir()
    (folder / f"{old}.pages" / "1.png").write_bytes(b"x")
    day_before = time.time() - 24 * 3600 - 60
    for name in (old, f"{old}.pages", other, waiting, f"{waiting}.pages"):
        os.utime(folder / name, (day_before, day_before))
    call_command("clear_quarantine")
    assert capsys.readouterr().out == "2 removed\n"
    assert quarantine() == sorted([waiting, f"{waiting}.pages", young, other])
