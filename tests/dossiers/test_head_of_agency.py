"""What a regulation leaves to the chair, his deputies do by delegation only."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Appointment, Delegation
from core import clock
from core.errors import NotYours
from documents import proving
from documents.choices import AssignmentRole
from documents.models import Waiting
from dossiers import actions, checks, rules, shown
from dossiers.actions import Fields, Line, issuing
from dossiers.models import Catalogue, Dossier
from incoming.duty import Duty
from notifications.models import Notification
from tests import cast as play
from tests.cast import act_as
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]


def fields(notation: str = "01.XD") -> Fields:
    return Fields(title="Kè sông Đăk Bla", file_notation=notation, maintenance="20 năm")


@pytest.fixture
def bac_giang(cast):
    cast.city.regulation_name = "bac-giang-2014"
    cast.city.save()
    return cast


def completed(cast, who: str = "chief") -> Dossier:
    """The chief has given it out, and the unit has done it."""
    actor = act_as(getattr(cast, who))
    dossier = actions.open(actor, fields())
    line = Line(AssignmentRole.LEAD, cast.planning, cast.head, "", clock.today())
    dossier = actions.give_out(actor, dossier, [line])
    return actions.complete(act_as(cast.head), dossier, text="Đề xuất phương án 2.")


def stands_in(cast, scope: str = "all") -> None:
    Delegation.objects.create(
        appointment=cast.chair.appointments.get(),
        delegate=cast.vice,
        start_date=clock.today(),
        end_date=clock.today() + timedelta(days=1),
        scope=scope,
        decision_number="9/QĐ",
        created_at=clock.now(),
    )


def close(actor, dossier) -> Dossier:
    why = {one.code: "Đã xem." for one in checks.findings(actor, dossier)}
    return actions.close(actor, dossier, end_date=clock.today(), description="Xong.", overruled=why)


def test_the_chair_closes_and_the_vice_chair_does_not(bac_giang):
    """Bắc Giang Điều 6.3: "Chủ tịch UBND thành phố ... quyết định đóng hồ sơ công việc"."""
    cast, done = bac_giang, completed(bac_giang)
    with pytest.raises(NotYours) as refused:
        close(act_as(cast.vice), done)
    assert "khoản 3 Điều 6" in refused.value.article
    assert close(act_as(cast.chair), done).state == "closed"


def test_the_vice_chair_closes_by_delegation(bac_giang):
    """Bắc Giang Điều 6.3, by the chair's delegation; not by one of routine work."""
    cast, done = bac_giang, completed(bac_giang)
    stands_in(cast, "routine")
    with pytest.raises(NotYours):
        close(act_as(cast.vice), done)
    Delegation.objects.update(scope="all")
    closed = close(act_as(cast.vice), done)
    act = closed.acts.last()
    assert (act.actor, act.on_behalf_of.user) == (cast.vice, cast.chair)


def test_where_no_head_is_written_down_any_leader_closes(bac_giang):
    cast = bac_giang
    Appointment.objects.update(is_head=False)
    assert close(act_as(cast.vice), completed(cast)).state == "closed"


@pytest.mark.parametrize("opener", ["chief", "vice", "chair"])
def test_the_closing_waits_for_the_chair_alone(bac_giang, client, opener):
    """Bắc Giang Điều 6.3: on his desk and in his notices, and not on those of his deputies."""
    cast, done = bac_giang, completed(bac_giang, opener)
    row = Waiting.objects.get(document=done)
    assert row.verb == "close"
    assert list(Waiting.objects.waiting_for(act_as(cast.chair))) == [row]
    assert not Waiting.objects.waiting_for(act_as(cast.vice)).exists()
    assert not Waiting.objects.waiting_for(act_as(cast.chief)).exists()
    told = Notification.objects.filter(kind="complete", path=done.get_absolute_url())
    assert set(told.values_list("user", flat=True)) >= {cast.chair.pk}
    if opener != "vice":
        assert not told.filter(user=cast.vice).exists()
    assert [one.user for one in Duty(cast.city, clock.today()).of(row)] == [cast.chair]
    stands_in(cast)
    assert list(Waiting.objects.waiting_for(act_as(cast.vice))) == [row]
    for who, there in ((cast.chair, True), (cast.vice, True), (cast.chief, False)):
        client.force_login(who)
        page = client.get(reverse("reports:desk", args=["kontum"])).content.decode()
        assert (f"/dossiers/{done.pk}/close/" in page) is there, who
    assert list(proving.findings(Dossier)) == []


def test_the_chair_or_the_chief_opens_from_a_document(bac_giang, pdf):
    """Bắc Giang Điều 6.1: "Chủ tịch UBND thành phố hoặc Chánh Văn phòng ... lập hồ sơ"."""
    cast = bac_giang
    document = play.assigned(cast, pdf)
    with pytest.raises(NotYours) as refused:
        actions.open(act_as(cast.vice), fields(), source=document)
    assert "khoản 1 Điều 6" in refused.value.article
    actions.open(act_as(cast.chair), fields(), source=document)
    actions.open(act_as(cast.chief), fields("02.XD"), source=document)
    stands_in(cast)
    actions.open(act_as(cast.vice), fields("03.XD"), source=document)


def test_elsewhere_every_leader_opens_from_a_document(cast, pdf):
    """NĐ 30/2020 Điều 29.2: the head is not named."""
    actions.open(act_as(cast.vice), fields(), source=play.assigned(cast, pdf))


def test_the_head_of_the_agency_issues_the_catalogue(cast, draft: Catalogue):
    """NĐ 30/2020 Điều 28: by "người đứng đầu cơ quan"; he is told, his deputies are not."""
    submitted = issuing.submit(act_as(cast.archivist), draft)
    told = Notification.objects.filter(kind="catalogue_submit")
    assert [one.user for one in told] == [cast.chair]
    typed = {
        "version": submitted.version,
        "decision_number": "15/QĐ",
        "decided_date": clock.today(),
    }
    with pytest.raises(NotYours):
        issuing.approve(act_as(cast.vice), submitted, **typed)
    assert shown.waiting_for(act_as(cast.vice)) == []
    assert shown.waiting_for(act_as(cast.chair)) == [submitted]
    stands_in(cast)
    assert issuing.approve(act_as(cast.vice), submitted, **typed).state == "approved"


def test_the_vice_chair_does_not_approve_a_later_line(cast, proposed):
    """Cần Thơ Điều 13.1: "sau khi được phê duyệt"."""
    from dossiers.rules import catalogue  # noqa: PLC0415

    assert isinstance(catalogue.may_decide_line(act_as(cast.vice), proposed), NotYours)
    assert catalogue.may_decide_line(act_as(cast.chair), proposed) is None
    assert rules.may_open(act_as(cast.vice)) is None
