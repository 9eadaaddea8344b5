"""What a lost task or a picture drawn too late leaves behind: nothing that stays."""

from datetime import timedelta

import pytest
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
