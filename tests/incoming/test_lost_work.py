"""What a lost task or a picture drawn too late leaves behind: nothing that stays."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.management import call_command

from core import clock
from documents import previews
from documents.actions.filing import preview_folder
from documents.models import QuarantinedFile
from incoming import actions
from tests import cast as play
from tests.cast import act_as, upload

pytestmark = pytest.mark.django_db


def test_a_lost_inspection_is_made_up_by_the_clock(cast, pdf):
    """The queue was emptied: the file does not stay "Đang kiểm tra" for ever."""
    actions.receive(act_as(cast.clerk), [upload(pdf)])  # its task never runs: nothing commits
    call_command("inspect_tray")
    assert QuarantinedFile.objects.get().inspection is None  # it may still be on its way
    with clock.set_to(clock.now() + timedelta(minutes=4)):
        call_command("inspect_tray")
        call_command("inspect_tray")
    assert QuarantinedFile.objects.get().inspection["readable"] is True


def test_no_picture_of_a_refused_file_stays(cast, pdf):
    """Kon Tum Điều 4: drawn while it was refused, it goes with the file."""
    document = play.received(cast.clerk, pdf)
    file = document.quarantined.get()
    assert previews.page_image(file, 0) is not None
    assert preview_folder(file.token).exists()
    QuarantinedFile.objects.filter(pk=file.pk).delete()  # the other request has just refused it
    assert previews.page_image(file, 0, width=1600) is None
    assert not preview_folder(file.token).exists()


def test_a_full_disk_costs_the_picture_and_no_more(cast, client, pdf):
    """Where no folder can be made there is no picture; where one can, the picture is kept whole."""
    document = play.registered(cast.clerk, pdf)
    file = document.attachments.get().file
    client.force_login(cast.clerk)
    folder = Path(storages["derived"].path(f"{file.path}.pages"))
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("in the way")
    picture = f"{document.get_absolute_url()}files/1/1/"
    assert client.get(picture).status_code == 404
    folder.unlink()
    folder.mkdir()
    # The device takes no byte of where the stamp has room.
    (folder / "clearing").symlink_to("/dev/full")
    assert client.get(picture).status_code == 200
    assert previews.clearing_of(file) is None
    assert not (folder / "clearing").is_symlink()
