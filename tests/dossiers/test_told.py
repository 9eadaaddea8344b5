"""A document that the reader may not open leaves no trace on the trail of its dossier."""

from datetime import timedelta

import pytest

from accounts.models import Agency
from core import clock
from documents.choices import AssignmentRole
from dossiers import actions, checks
from dossiers.actions import Fields
from dossiers.models import Dossier
from notifications.models import Notification
from tests import cast as play
from tests.cast import act_as
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]


def opened(cast, who="specialist", **changes) -> Dossier:
    values = {"title": "Kè sông Đăk Bla", "file_notation": "01.XD", "maintenance": "20 năm"}
    return actions.open(act_as(getattr(cast, who)), Fields(**(values | changes)))


def page_of(client, who, dossier) -> str:
    client.force_login(who)
    return client.get(dossier.get_absolute_url()).content.decode()


def test_who_may_not_open_it_reads_nothing_of_its_removal(cast, pdf, client):
    """Kon Tum Điều 9.3: the chief takes it out with his reason; the keeper never saw it."""
    dossier, chief = opened(cast), act_as(cast.chief)
    secret = play.submitted(cast, pdf, subject="Nhân sự chủ chốt")
    item = actions.add_document(chief, dossier, secret)
    actions.remove_item(chief, dossier, item, text="Đơn tố cáo gửi nhầm.")
    seen = play.assigned(cast, pdf, code_number="2")
    item = actions.add_document(chief, dossier, seen)
    actions.remove_item(chief, dossier, item, text="Thừa bản này.")
    for reader in (cast.chief, cast.chair):
        page = page_of(client, reader, dossier)
        assert "Đơn tố cáo gửi nhầm." in page
        assert page.count("đưa một thành phần ra khỏi hồ sơ") == 2
    page = page_of(client, cast.specialist, dossier)
    assert "Đơn tố cáo" not in page
    assert "Thừa bản này." in page
    assert page.count("đưa một thành phần ra khỏi hồ sơ") == 1


def test_nor_the_words_with_which_it_was_put_in_or_purged(cast, pdf, client):
    """Bắc Giang Điều 8.2: the fact of a purge is for those who could open the document."""
    dossier = opened(cast)
    secret = play.submitted(cast, pdf, subject="Nhân sự chủ chốt")
    actions.add_document(act_as(cast.chief), dossier, secret, text="Kèm theo vụ này.")
    play.purged(cast.chair, secret)
    assert "gỡ nội dung một văn bản" in page_of(client, cast.chief, dossier)
    page = page_of(client, cast.specialist, dossier)
    assert "gỡ nội dung" not in page
    assert "Kèm theo vụ này." not in page
    told = Notification.objects.filter(user=cast.specialist, kind="item_purged")
    assert not told.exists()


def test_of_a_closing_only_the_reasons_about_what_one_sees_are_read(cast, pdf, client):
    """Bắc Giang Điều 6.3: the chair closes over points of which one is about a hidden document."""
    Agency.objects.filter(pk=cast.city.pk).update(regulation_name="bac-giang-2014")
    dossier, chair = opened(cast, "chair"), act_as(cast.chair)
    day = clock.today() + timedelta(days=3)
    line = actions.Line(AssignmentRole.LEAD, cast.planning, cast.head, "Làm.", day)
    dossier = actions.give_out(chair, dossier, [line])
    actions.add_document(chair, dossier, play.assigned(cast, pdf, code_number=""))
    secret = play.submitted(cast, pdf, code_number="", subject="Nhân sự")
    actions.add_document(chair, dossier, secret)
    done = actions.complete(act_as(cast.head), dossier, text="Xong.")
    found = {one.code: one.items for one in checks.findings(chair, done)}
    assert len(found["no_number"]) == 2
    actions.add_note(act_as(cast.head), done, text="Đã gọi điện.")
    why = {one: f"Lý do {one},\nxem kỹ." for one in found} | {"empty": ""}
    actions.close(chair, done, end_date=clock.today(), description="Đã đủ.", overruled=why)
    for reader, told in ((cast.vice, True), (cast.chief, True), (cast.head, False)):
        page = page_of(client, reader, done)
        assert "Đã đủ." in page
        assert ("Lý do no_number, xem kỹ." in page) is told, reader
        assert ("Văn bản chưa có số" in page) is told, reader


def test_of_a_closing_what_concerns_all_is_read_by_all(cast, pdf, client):
    """NĐ 30/2020 Điều 29.4: the reasons stay on the trail."""
    dossier = opened(cast)
    actions.add_document(act_as(cast.specialist), dossier, play.assigned(cast, pdf))
    done = actions.complete(act_as(cast.specialist), dossier, text="Xong.")
    why = {one.code: f"Lý do {one.code}." for one in checks.findings(act_as(cast.specialist), done)}
    assert set(why) == {"open_work"}
    actions.close(
        act_as(cast.specialist),
        done,
        end_date=clock.today(),
        description="Đã đủ.",
        overruled=why,
    )
    assert "Lý do open_work." in page_of(client, cast.specialist, done)
    # The head of the keeper's unit sees the dossier and the document, too.
    assert "Lý do open_work." in page_of(client, cast.head, done)
