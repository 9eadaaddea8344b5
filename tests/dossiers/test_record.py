"""What goes into the record of a dossier: Vietnamese always, and nothing of hidden documents."""

import pytest
from django.utils import translation

from accounts.models import Agency
from core import clock
from core.errors import Refusal
from documents.models import DocumentAct
from dossiers import actions, checks
from dossiers.actions import Fields
from dossiers.models import Dossier
from incoming import actions as incoming_actions
from notifications.models import Notification
from tests import cast as play
from tests.cast import act_as
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]


def typed(**changes) -> Fields:
    values = {"title": "Kè sông Đăk Bla", "file_notation": "01.XD", "maintenance": "20 năm"}
    return Fields(**(values | changes))


def last_words(document) -> str:
    return DocumentAct.objects.filter(target=document.pk).latest("ordinal").words.text


def test_a_correction_is_recorded_in_vietnamese(cast):
    """TT 01/2019 Phụ lục VI: the names of the fields, whatever language the person reads."""
    dossier, me = actions.open(act_as(cast.specialist), typed()), act_as(cast.specialist)
    with translation.override("en"):
        actions.correct(me, dossier, typed(title="Kè sông Pô Kô"), reason="Nhầm.")
    assert last_words(dossier) == "Nhầm.\nTiêu đề hồ sơ: Kè sông Đăk Bla → Kè sông Pô Kô"


def test_a_written_direction_is_recorded_in_vietnamese(cast, pdf):
    """Kon Tum Điều 13.6: whose words they are."""
    document, by = play.registered(cast.clerk, pdf), cast.chair.appointments.get()
    with translation.override("en"):
        incoming_actions.forward(
            act_as(cast.clerk), document, cast.planning, by=by, text="Kiểm tra."
        )
    assert last_words(document) == "Theo ý kiến của Chủ tịch Nguyễn Đức Thành: Kiểm tra."


def test_what_was_overruled_is_recorded_without_counts_in_vietnamese(cast, pdf):
    """Bắc Giang Điều 6.3: the trail is read by those who see less than the chair, who closes."""
    me = act_as(cast.specialist)
    dossier = actions.open(me, typed(), source=play.assigned(cast, pdf))
    actions.add_document(
        act_as(cast.chief), dossier, play.submitted(cast, pdf, code_number="", subject="Nhân sự")
    )
    Agency.objects.filter(pk=cast.city.pk).update(regulation_name="bac-giang-2014")
    chair = act_as(cast.chair)
    actions.complete(act_as(cast.specialist), dossier, text="Xong.")
    with translation.override("en"):
        found = checks.findings(chair, Dossier.objects.get(pk=dossier.pk))
        why = {one.code: "Đã xem." for one in found}
        with pytest.raises(Refusal, match="2 documents"):
            actions.close(chair, dossier, end_date=clock.today(), description="Hết việc.")
        actions.close(
            chair, dossier, end_date=clock.today(), description="Hết việc.", overruled=why
        )
    words = last_words(dossier)
    assert "Văn bản còn người đang xử lý: Đã xem." in words
    assert not any(letter.isdigit() for letter in words)
    assert {one.code for one in found} >= {"open_work", "double"}
    assert len(words.splitlines()) == len(found) + 1
    act = DocumentAct.objects.filter(target=dossier.pk).latest("ordinal")
    assert [one["code"] for one in act.detail["overruled"]] == [one.code for one in found]


def test_the_keeper_is_not_told_of_a_document_that_he_does_not_see(cast, pdf):
    """Kon Tum Điều 9.3: neither when it comes in nor when it goes out again."""
    dossier, chief = actions.open(act_as(cast.specialist), typed()), act_as(cast.chief)
    told = Notification.objects.filter(user=cast.specialist, path=dossier.get_absolute_url())
    told.delete()
    item = actions.add_document(chief, dossier, play.submitted(cast, pdf, subject="Nhân sự"))
    actions.remove_item(chief, dossier, item, text="Nhầm hồ sơ.")
    assert not told.exists()
    seen = play.assigned(cast, pdf, code_number="2")
    actions.add_document(chief, dossier, seen)
    assert told.exists()
    told.delete()
    actions.add_note(chief, dossier, text="Đã gọi điện.")
    assert told.exists()
