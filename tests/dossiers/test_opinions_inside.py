"""What somebody said when asked lies in a dossier as a thing of its own (Bắc Giang Điều 4, 6)."""

from datetime import datetime, time

import pytest
from django.urls import reverse
from django.utils import timezone

from core import clock
from core.errors import NotYours, Refusal
from documents.models import DocumentAct, Opinion
from dossiers import actions, verifying
from dossiers.actions import Line
from dossiers.inside import counted, inside
from dossiers.models import Dossier, Item
from incoming import actions as incoming
from tests import cast as play
from tests.cast import act_as
from tests.dossiers.test_dossier import opened
from tests.dossiers.test_dossier_pages import page
from tests.dossiers.test_work import COORDINATE, led
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]

SAID = "Đồng ý phương án 2, cần bổ sung dự toán."


def answered(cast, text: str = SAID):
    """A dossier about which the department of finance was asked and has answered."""
    dossier = led(cast)
    line = Line(COORDINATE, cast.finance, cast.accountant)
    actions.ask_opinion(act_as(cast.specialist), dossier, [line], text="Kinh phí thế nào?")
    actions.give_opinion(act_as(cast.accountant), dossier, stance="agree", text=text)
    return Dossier.objects.get(pk=dossier.pk)


def test_an_opinion_lies_in_it_once_with_who_said_it_and_when(client, cast):
    dossier, me = answered(cast), act_as(cast.specialist)
    opinion = dossier.opinions.get()
    path = reverse("dossiers:add_item", args=["kontum", dossier.pk])
    client.force_login(cast.specialist)
    said = client.get(path).content.decode()
    assert f'<input type="radio" name="opinion" value="{opinion.pk}">' in said
    answer = client.post(path, {"what": "opinion", "opinion": str(opinion.pk)})
    assert answer.status_code == 302
    item = Item.objects.get(dossier=dossier)
    assert (item.opinion_id, item.ordinal, item.document_id) == (opinion.pk, 1, None)
    story = page(cast.specialist, dossier)
    assert "Ý kiến: Thống nhất" in story
    assert SAID in story
    assert cast.accountant.full_name in story
    # It is found by its words without marks, is no document by count, and comes once.
    assert "Ý kiến: Thống nhất" in page(cast.specialist, dossier, "?q=bo+sung+du+toan")
    dossier.refresh_from_db()
    assert dossier.doc_total == 0
    assert list(verifying.findings()) == []
    assert f'name="opinion" value="{opinion.pk}"' not in client.get(path).content.decode()
    with pytest.raises(Refusal, match="đã có trong hồ sơ"):
        actions.add_opinion(me, dossier, opinion)
    act = DocumentAct.objects.filter(target=dossier.pk, verb="add_item").get()
    assert act.detail["opinion"] == opinion.pk
    # Taken out, the answer itself stays.
    actions.remove_item(me, dossier, item, text="Đưa nhầm.")
    assert not dossier.items.exists()
    assert dossier.opinions.get().text == SAID


def test_what_was_not_said_yet_or_elsewhere_does_not_go_in(client, cast):
    dossier, me = led(cast), act_as(cast.specialist)
    line = Line(COORDINATE, cast.finance, cast.accountant)
    actions.ask_opinion(me, dossier, [line], text="Kinh phí thế nào?")
    unanswered = dossier.opinions.get()
    with pytest.raises(Refusal, match="chưa được trả lời"):
        actions.add_opinion(me, dossier, unanswered)
    actions.give_opinion(act_as(cast.accountant), dossier, stance="agree", text=SAID)
    other = opened(cast, file_notation="02TH")
    with pytest.raises(Refusal, match="không phải về hồ sơ"):
        actions.add_opinion(me, other, unanswered)
    with pytest.raises(NotYours):
        actions.add_opinion(act_as(cast.clerk), dossier, unanswered)
    client.force_login(cast.specialist)
    path = reverse("dossiers:add_item", args=["kontum", dossier.pk])
    for typed in ("", "x", "0", "9" * 30):
        answer = client.post(path, {"what": "opinion", "opinion": typed})
        assert answer.status_code == 409
        assert "Chọn ý kiến" in answer.content.decode()
    assert client.post(path, {"what": "opinion", "opinion": "9999999"}).status_code == 404
    assert not Item.objects.exists()


def about_a_document(cast, pdf):
    """A document of the specialist's, about which accounting has answered, in his dossier."""
    document = play.assigned(cast, pdf)
    me = act_as(cast.specialist)
    line = Line(COORDINATE, cast.finance, cast.accountant)
    incoming.ask_opinion(me, document, [line], text="Kinh phí?")
    incoming.give_opinion(act_as(cast.accountant), document, stance="disagree", text=SAID)
    dossier = opened(cast)
    actions.add_document(me, dossier, document)
    actions.add_opinion(me, dossier, document.opinions.get())
    return document, dossier


def test_what_is_said_of_a_hidden_document_is_hidden_with_it(cast, pdf):
    """Seeing a dossier is not seeing each document in it, nor what was said about it."""
    document, dossier = about_a_document(cast, pdf)
    assert SAID in page(cast.specialist, dossier)
    assert document.subject in page(cast.specialist, dossier)
    actions.give_out(act_as(cast.head), dossier, [Line("lead", cast.planning, cast.colleague)])
    story = page(cast.colleague, dossier)
    assert SAID not in story
    assert "Ý kiến:" not in story
    assert SAID not in page(cast.colleague, dossier, "?view=contents")
    # Nor does the trail tell that something was put in and taken out.
    item = Item.objects.get(dossier=dossier, opinion__isnull=False)
    actions.remove_item(act_as(cast.specialist), dossier, item, text="Lý do riêng.")
    assert "Lý do riêng." not in page(cast.colleague, dossier)
    said = page(cast.specialist, dossier)
    assert "Lý do riêng." in said
    assert f"ý kiến của {cast.accountant.full_name}" in said


def test_purged_with_its_document(cast, pdf):
    """What was said of it goes with its content, also where a dossier holds it."""
    document, dossier = about_a_document(cast, pdf)
    play.purged(cast.chair, document)
    assert SAID not in page(cast.chief, dossier)
    assert Item.objects.get(dossier=dossier, opinion__isnull=False).search_text == ""
    assert "du toan" not in page(cast.chief, dossier, "?q=bo+sung+du+toan").split("</form>")[-1]


def test_one_of_many_opinions_is_found_by_its_words(client, cast):
    """Of thirty answers every one can be put in, not the newest alone."""
    dossier = answered(cast)
    mine, now = cast.accountant.appointments.get(), clock.now()
    Opinion.objects.bulk_create(
        Opinion(
            document=dossier.document_ptr, unit=cast.finance, question="?", asked_by=mine,
            asked_at=now, stance="agree", text=f"Góp ý {n}.", answered_by=mine, answered_at=now,
        )
        for n in range(25)
    )  # fmt: skip
    client.force_login(cast.specialist)
    path = reverse("dossiers:add_item", args=["kontum", dossier.pk])
    assert SAID not in client.get(path).content.decode()
    assert SAID in client.get(path, {"q": "bo sung du toan"}).content.decode()


def test_the_day_of_an_opinion_is_that_of_the_office(cast, at):
    """Before seven in the morning it is yesterday elsewhere in the world."""
    at(datetime.combine(clock.today(), time(6, 30), tzinfo=timezone.get_current_timezone()))
    dossier = answered(cast)
    actions.add_opinion(act_as(cast.specialist), dossier, dossier.opinions.get())
    day = f"{clock.today():%d/%m/%Y}"
    said = page(cast.specialist, dossier).split('class="story"')[1].split("</li>")[0]
    assert said.count(day) == 2


def test_an_item_taken_out_between_two_questions_is_not_shown(cast):
    dossier = answered(cast)
    me = act_as(cast.specialist)
    actions.add_note(me, dossier, text="Ghi một.")
    read = counted(Dossier.objects.filter(pk=dossier.pk), me).get()
    Item.objects.all().delete()
    assert inside(me, read, page=1, size=20, by_list=True).items == []
    assert inside(me, read, page=9, size=20, by_list=False, words="ghi").items == []
