"""A drafter who has left before he submitted: his head sees what he left, and gives it on."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from accounts.choices import Role
from accounts.models import Appointment
from core import clock
from core.errors import NotYours, Refusal, Stale
from documents.models import DocumentAct
from outgoing import actions
from outgoing.choices import State, Verb
from outgoing.models import OutgoingDocument
from tests.cast import act_as
from tests.outgoing.drafts import at_state, begun, body_of, content, drafted, submitted
from tests.outgoing.test_way import waits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]
LEFT = "/kontum/outgoing/left/"


def leaves(who) -> Appointment:
    """His appointment has ended yesterday."""
    held = who.appointments.get()
    held.end_date = clock.today() - timedelta(days=1)
    held.save()
    return held


@pytest.fixture
def left(cast, client) -> OutgoingDocument:
    """A draft of the specialist, who has left; her head sits at the desk."""
    document = drafted(cast)
    leaves(cast.specialist)
    client.force_login(cast.head)
    return document


def test_the_head_opens_it_and_hands_it_on(left, cast, client):
    """Nothing of it is lost: seen by its head, given to a colleague, submitted by that one."""
    assert client.get(left.get_absolute_url()).status_code == 404
    assert 'href="/kontum/outgoing/left/"' in client.get("/kontum/outgoing/").content.decode()
    page = client.get(LEFT).content.decode()
    assert left.subject in page
    assert client.post(f"{LEFT}{left.pk}/").url == left.get_absolute_url()
    page = client.get(left.get_absolute_url()).content.decode()
    assert "mở dự thảo của người đã thôi giữ chức vụ" in page
    assert "Giao người khác soạn" in page
    to = cast.colleague.appointments.get()
    answer = client.post(f"{left.get_absolute_url()}hand_over/", {"to": str(to.pk), "text": "Tiếp"})
    assert answer.url == left.get_absolute_url()
    document = OutgoingDocument.objects.with_people().get(pk=left.pk)
    assert document.drafter == to
    assert waits(document) == {("draft", "colleague")}
    act = DocumentAct.objects.filter(target=left.pk).latest("ordinal")
    assert (act.verb, act.addressed["users"]) == (Verb.HAND_OVER, [cast.colleague.pk])
    name = cast.specialist.full_name
    assert (
        f"giao dự thảo của {name}, đã thôi" in client.get(left.get_absolute_url()).content.decode()
    )
    assert submitted(cast.colleague, document).state == State.CONTENT
    assert left.subject not in client.get(LEFT).content.decode()
    call_command("verify_grants")


def test_he_may_go_on_himself(left, cast):
    actions.look_into(act_as(cast.head), left)
    document = actions.save(act_as(cast.head), left, content(body="Khác./."), base=1)
    actions.hand_over(act_as(cast.head), document, to=cast.head.appointments.get())
    document.refresh_from_db()
    assert submitted(cast.head, document).sign_offs.get().step == "content"


def test_only_the_head_of_the_unit_sees_it(left, cast, client):
    for who in (cast.colleague, cast.finance_head, cast.deputy, cast.adviser, cast.stranger):
        with pytest.raises(OutgoingDocument.DoesNotExist):
            actions.look_into(act_as(who), left)
    client.force_login(cast.finance_head)
    assert client.post(f"{LEFT}{left.pk}/").status_code == 404
    assert left.subject not in client.get(LEFT).content.decode()


def test_what_somebody_writes_who_is_still_here_is_not_given_away(cast, client):
    document = drafted(cast)
    with pytest.raises(OutgoingDocument.DoesNotExist):
        actions.look_into(act_as(cast.head), document)
    other = at_state(cast, State.CONTENT)
    with pytest.raises(NotYours):
        actions.hand_over(act_as(cast.head), other, to=cast.colleague.appointments.get())


def test_what_is_on_its_way_is_not_handed_over(cast):
    document = at_state(cast, State.CONTENT)
    leaves(cast.specialist)
    with pytest.raises(Stale):
        actions.hand_over(act_as(cast.head), document, to=cast.colleague.appointments.get())


def test_only_those_who_work_in_the_unit_are_given_it(left, cast):
    head = act_as(cast.head)
    actions.look_into(head, left)
    for who in (cast.specialist, cast.accountant, cast.stranger):
        with pytest.raises(Refusal, match="đang làm việc ở đơn vị"):
            actions.hand_over(head, left, to=who.appointments.get())


def test_the_chief_sees_it_anyway_and_does_not_give_it_away(left, cast):
    with pytest.raises(NotYours):
        actions.hand_over(act_as(cast.chief), left, to=cast.colleague.appointments.get())


# --- A unit that nobody heads.


@pytest.fixture
def orphaned(left, cast) -> OutgoingDocument:
    """Its head has gone, too."""
    leaves(cast.head)
    return left


def test_of_a_unit_without_a_head_the_chief_takes_it(orphaned, cast, client):
    """Nothing of it is lost: the office's chief opens it, and gives it to whoever is there."""
    client.force_login(cast.chief)
    assert 'href="/kontum/outgoing/left/"' in client.get("/kontum/outgoing/").content.decode()
    page = client.get(LEFT).content.decode()
    assert orphaned.subject in page
    assert cast.planning.name in page
    assert client.post(f"{LEFT}{orphaned.pk}/").url == orphaned.get_absolute_url()
    path = f"{orphaned.get_absolute_url()}hand_over/"
    offered = client.get(path).content.decode()
    for who in (cast.colleague, cast.adviser, cast.chief):
        assert who.full_name in offered
    assert cast.accountant.full_name not in offered
    to = cast.adviser.appointments.get()
    assert client.post(path, {"to": str(to.pk)}).status_code == 302
    document = OutgoingDocument.objects.with_people().get(pk=orphaned.pk)
    assert document.drafter == to
    assert waits(document) == {("draft", "adviser")}
    # A draft of the office: no head of another unit has to read it first.
    assert submitted(cast.adviser, document).state == State.APPRAISAL
    call_command("verify_grants")


def test_what_a_head_himself_left_is_taken_likewise(cast):
    document = drafted(cast, cast.head)
    leaves(cast.head)
    chief = act_as(cast.chief)
    actions.look_into(chief, document)
    document = actions.save(chief, document, content(body="Khác./."), base=1)
    document = actions.hand_over(chief, document, to=cast.colleague.appointments.get())
    assert document.drafter.user == cast.colleague


def test_nobody_else_takes_it_from_a_unit_without_a_head(orphaned, cast, client):
    here = (cast.clerk, cast.chair, cast.vice, cast.finance_head, cast.colleague, cast.deputy)
    for who in (*here, cast.adviser, cast.archivist, cast.stranger, cast.ward_chair):
        assert not OutgoingDocument.objects.left_behind(act_as(who)).exists()
        with pytest.raises(OutgoingDocument.DoesNotExist):
            actions.look_into(act_as(who), orphaned)
    client.force_login(cast.chair)
    assert orphaned.subject not in client.get(LEFT).content.decode()


def test_of_an_agency_without_an_office_a_leader_takes_it(cast):
    """A ward: nobody heads its unit, and it has no chief (Kon Tum Điều 16)."""
    body_of(cast)
    document = begun(cast.ward_officer, cast.ward_chair)
    leaves(cast.ward_officer)
    assert not OutgoingDocument.objects.left_behind(act_as(cast.chief)).exists()
    chair = act_as(cast.ward_chair)
    assert list(OutgoingDocument.objects.left_behind(chair)) == [document]
    actions.look_into(chair, document)
    document = actions.hand_over(chair, document, to=cast.ward_chair.appointments.get())
    assert document.drafter.user == cast.ward_chair


def test_once_the_unit_has_a_head_again_it_is_his(orphaned, cast):
    held = cast.deputy.appointments.get()
    held.role = Role.UNIT_HEAD
    held.save()
    assert not OutgoingDocument.objects.left_behind(act_as(cast.chief)).exists()
    with pytest.raises(OutgoingDocument.DoesNotExist):
        actions.look_into(act_as(cast.chief), orphaned)
    actions.look_into(act_as(cast.deputy), orphaned)
