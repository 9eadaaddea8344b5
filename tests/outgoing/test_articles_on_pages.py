"""What pages of a draft quote and say: spelling, the leader's hand, remarks, previews."""

import pytest
from django.urls import reverse

from core.errors import Refusal
from documents.models import DocumentAct
from notifications.models import Notification
from outgoing import actions
from outgoing.choices import State, Verb
from outgoing.forms.compose import of_content
from outgoing.models import IssuingBody, OutgoingDocument
from tests.cast import act_as
from tests.outgoing import drafts
from tests.outgoing.test_way import make_can_tho

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]


def of_ward(cast) -> OutgoingDocument:
    """A draft of the ward before its clerk."""
    document = drafts.begun(cast.ward_officer, cast.ward_chair)
    document = drafts.submitted(cast.ward_officer, document)
    return drafts.passed(cast.ward_chair, document)


def typed(**changes) -> dict[str, object]:
    """The composer's fields as its page sends them."""
    values = of_content(drafts.content(**changes))
    sent = {name: "" if value is None else value for name, value in values.items()}
    return sent | {"annexes": "0", "gate": "none", "base": "1"}


def page(client, user, path):
    """A page as its reader gets it, in words."""
    client.force_login(user)
    return client.get(path).content.decode()


def test_the_clerks_last_check_quotes_what_asks_for_the_spelling(client, cast):
    """Kon Tum Điều 17.1: "kiểm tra chính tả, thể thức trình bày văn bản"; others do not say it."""
    document = of_ward(cast)
    assert document.state == State.CLERK
    text = page(client, cast.ward_clerk, f"{document.get_absolute_url()}check_again/")
    assert "Kiểm tra chính tả, thể thức trình bày trước khi trình ký." in text
    assert "khoản 1 Điều 17 Quy chế ban hành kèm theo Quyết định 04/2017/QĐ-UBND" in text
    office = make_can_tho()
    document = drafts.begun(office["drafter"], office["leader"])
    document = drafts.submitted(office["drafter"], document)
    for who in ("head", "chief"):
        document = drafts.passed(office[who], document)
    text = page(client, office["clerk"], f"{document.get_absolute_url()}check_again/")
    assert "Kiểm tra lại, trình ký" in text
    assert "chính tả, thể thức" not in text


def test_a_wards_leader_edits_without_the_citys_article(cast):
    """Kon Tum Điều 14.5 speaks of the leaders of the city; Điều 16.2b of none who edits himself."""
    document = of_ward(cast)
    document = drafts.passed(cast.ward_clerk, document)
    name = cast.ward_chair.full_name
    edited = drafts.content(body="Sửa./.", signer_full_name=name)
    actions.save(act_as(cast.ward_chair), document, edited, base=1)
    act = DocumentAct.objects.filter(target_id=document.pk, verb=Verb.SAVE).latest("pk")
    assert act.article == ""


def test_what_is_on_its_way_is_not_submitted_once_more(client, cast):
    """A form that was open meanwhile is refused in words."""
    document = drafts.submitted(cast.specialist, drafts.drafted(cast))
    client.force_login(cast.specialist)
    answer = client.post(f"{document.get_absolute_url()}submit/", {"text": ""})
    assert answer.status_code == 409
    assert "Chờ duyệt nội dung" in answer.content.decode()
    many = reverse("outgoing:submit_many", args=["kontum"])
    answer = client.post(many, {"pk": [document.pk]}, follow=True)
    assert "Chờ duyệt nội dung" in answer.content.decode()
    assert document.acts.filter(verb=Verb.SUBMIT).count() == 1


def test_an_office_with_one_body_writes_in_its_name(client, cast):
    """The page sends 0 where there is nothing to choose (Cần Thơ Điều 3.4a)."""
    body = drafts.body_of(cast)
    client.force_login(cast.specialist)
    new = reverse("outgoing:new", args=["kontum"])
    assert '<input type="hidden" name="body_key" value="0">' in client.get(new).content.decode()
    assert client.post(new, typed(body_key=0)).status_code == 302
    version = OutgoingDocument.objects.get().versions.get()
    assert version.content["body_key"] == body.pk
    IssuingBody.objects.all().delete()
    assert client.post(new, typed(body_key=0)).status_code == 302


@pytest.mark.parametrize(("name", "status"), [("kon-tum-2017", 302), ("can-tho-2019", 422)])
def test_the_language_is_asked_for_where_the_regulation_does(client, cast, name, status):
    """Cần Thơ Điều 9.2b: fields 4, 9, 10, 12, 15, 17 are the drafter's."""
    type(cast.city).objects.filter(pk=cast.city.pk).update(regulation_name=name)
    client.force_login(cast.specialist)
    new = reverse("outgoing:new", args=["kontum"])
    assert client.post(new, typed(language="")).status_code == status


def test_remarks_are_read_after_the_text_has_changed(client, cast):
    """What was said of the first version stands below the second until it is settled."""
    document = drafts.submitted(cast.specialist, drafts.drafted(cast))
    places = [actions.Place(2, "1. Phòng Quản lý", "Nêu rõ ngày."), actions.Place(0, "", "Gọn.")]
    document = actions.send_back(act_as(cast.head), document, text="Sửa.", places=places)
    shown = page(client, cast.specialist, f"{document.get_absolute_url()}?view=text")
    assert (shown.count("Nêu rõ ngày."), shown.count("<q>1. Phòng")) == (1, 0)
    edited = drafts.content(body="Bản mới./.")
    document = actions.save(act_as(cast.specialist), document, edited, base=1)
    shown = page(client, cast.specialist, f"{document.get_absolute_url()}?view=text")
    assert "<q>1. Phòng Quản lý</q>" in shown
    assert "Gọn." in shown
    assert shown.count('class="button button--small">Đã tiếp thu<') == 2


def test_a_preview_is_ones_own(client, cast):
    """Kon Tum Điều 9.3: what is being typed is seen by nobody else, even with its address."""
    client.force_login(cast.specialist)
    path = reverse("outgoing:preview_new", args=["kontum"])
    answer = client.post(path, typed())
    (sheet,) = answer.context["preview_pages"]
    image = client.get(sheet)
    assert (image.status_code, image["Content-Type"].partition("/")[0]) == (200, "image")
    client.force_login(cast.clerk)
    assert client.get(sheet).status_code == 404


def test_a_word_about_the_draft_reaches_its_drafter_and_his_answer_whose_turn_it_is(cast):
    """comment: the drafter is told; his own words go to whoever has it."""
    document = drafts.submitted(cast.specialist, drafts.drafted(cast))
    Notification.objects.all().delete()
    actions.comment(act_as(cast.clerk), document, text="Nhớ số bản.")
    assert told() == {"specialist"}
    Notification.objects.all().delete()
    actions.comment(act_as(cast.specialist), document, text="Đã ghi.")
    assert told() == {"head"}
    with pytest.raises(Refusal):
        actions.comment(act_as(cast.clerk), document, text="")


def told() -> set[str]:
    """Who has a notice."""
    return set(Notification.objects.values_list("user__username", flat=True))


def test_a_leaders_own_draft_waits_for_no_head_above_him(cast):
    """Kon Tum Điều 12.2, 14.2: the office appraises it, and he signs."""
    document = drafts.submitted(cast.chair, drafts.drafted(cast, cast.chair))
    assert document.state == State.APPRAISAL
    assert drafts.passed(cast.chief, document).state == State.SIGNING
