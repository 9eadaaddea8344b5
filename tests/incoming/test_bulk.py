"""One verb on many documents: each for itself, and a verdict for each."""

import pytest
from django.urls import reverse

from documents.choices import AssignmentRole
from dossiers import actions as dossiers
from dossiers.actions import Fields
from dossiers.filing import fillable, proposed_for
from incoming import actions
from incoming.models import IncomingDocument
from incoming.views.bulk import MOST
from tests import cast as play
from tests.cast import act_as

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance")]
from tests.quick import glance  # noqa: E402, F401 -- a fixture


def _url(verb):
    return reverse("incoming:bulk", args=["kontum", verb])


@pytest.fixture
def letters(cast, pdf):
    """Two that the chief may end as they stand, and one that others work on."""
    return [
        play.submitted(cast, pdf),
        play.submitted(cast, pdf, code_number="2"),
        play.assigned(cast, pdf, code_number="3"),
    ]


def test_the_good_ones_go_through_and_the_others_say_why(client, cast, letters):
    client.force_login(cast.chief)
    keys = [one.pk for one in letters]
    asked = client.get(_url("finish"), {"document": keys})
    assert asked.context["may"] == 2
    answer = client.post(_url("finish"), {"document": keys, "text": "Để biết, lưu."})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Đã kết thúc 2 văn bản. 1 văn bản chưa làm được." in page
    assert "verdict--note" in page  # not as if all were well
    states = dict(IncomingDocument.objects.values_list("pk", "state"))
    assert [states[key] for key in keys] == ["finished", "finished", "in_process"]
    results = set(
        IncomingDocument.objects.filter(state="finished").values_list("result", flat=True)
    )
    assert results == {"Để biết, lưu."}


def test_the_office_calls_any_dossier_by_its_code(client, cast, letters):
    """Kon Tum Điều 13.7c: into the dossier that it belongs to, which somebody else keeps."""
    named = Fields(title="Công tác đê kè", file_notation="09.QLĐT", maintenance="20 năm")
    theirs = dossiers.open(act_as(cast.specialist), named)
    client.force_login(cast.chief)
    keys = [one.pk for one in letters[:2]]
    assert "Mã hồ sơ" in client.get(_url("finish"), {"document": keys}).content.decode()
    sent = {"document": keys, "text": "Lưu."}
    wrong = client.post(_url("finish"), sent | {"code": "99.QLĐT"})
    assert wrong.status_code == 422
    assert "Không có hồ sơ nào đang giải quyết mang mã này" in wrong.content.decode()
    assert client.post(_url("finish"), sent | {"code": "09.qlđt"}).status_code == 200
    assert sorted(theirs.items.values_list("document", flat=True)) == sorted(keys)
    # Who works on some only is offered them all: there is no other to be called.
    client.force_login(cast.specialist)
    assert "Mã hồ sơ" not in client.get(_url("finish"), {"document": keys}).content.decode()


def test_what_is_ended_goes_into_one_dossier_and_each_row_says_what_became_of_it(
    client, cast, letters
):
    """Kon Tum Điều 13.7c: "chọn “Kết thúc” và lưu văn bản vào Hồ sơ"."""
    chief = act_as(cast.chief)
    own = Fields(title="Để biết năm nay", file_notation="01TH", maintenance="20 năm")
    dossier = dossiers.open(chief, own)
    # The first lies there already: it is not ended, the second one is.
    dossiers.add_document(chief, dossier, letters[0])
    client.force_login(cast.chief)
    keys = [letters[0].pk, letters[1].pk]
    page = client.get(_url("finish"), {"document": keys}).content.decode()
    assert "Đưa vào hồ sơ" in page
    assert "Để biết năm nay" in page
    sent = {"document": keys, "text": "Lưu.", "dossier": dossier.pk}
    page = client.post(_url("finish"), sent).content.decode()
    assert "Đã kết thúc 1 văn bản. 1 văn bản chưa làm được." in page
    assert "Văn bản đã có trong hồ sơ." in page
    states = dict(IncomingDocument.objects.values_list("pk", "state"))
    assert [states[key] for key in keys] == ["submitted", "finished"]
    assert set(dossier.items.values_list("document", flat=True)) == set(keys)
    # Nothing chosen, or one that is not offered: nothing goes anywhere.
    sent = {"document": keys, "text": "Lưu.", "dossier": "987654"}
    assert client.post(_url("finish"), sent).status_code == 422
    client.post(_url("finish"), sent | {"dossier": ""})
    assert IncomingDocument.objects.get(pk=keys[0]).state == "finished"


def test_a_dossier_in_whose_work_one_has_a_part_is_offered(cast, letters):
    """Cần Thơ Điều 13.1: whoever works on it files into it, whoever keeps it."""
    own = Fields(title="Kè sông", file_notation="01TH", maintenance="20 năm")
    dossier = dossiers.open(act_as(cast.head), own)
    accountant = act_as(cast.accountant)
    assert proposed_for(accountant, letters[0]) == []
    line = dossiers.Line(AssignmentRole.LEAD, cast.finance, cast.accountant)
    dossiers.give_out(act_as(cast.chair), dossier, [line])
    assert [one.dossier for one in proposed_for(accountant, letters[0])] == [dossier]
    assert fillable(accountant) == [dossier]
    # Who was only told of it has no part.
    informed = dossiers.Line(AssignmentRole.INFORM, cast.office, cast.adviser)
    dossiers.share(act_as(cast.head), dossier, [informed], confirmed=True)
    assert fillable(act_as(cast.adviser)) == []


def test_without_words_nothing_is_done_and_the_rows_stay_ticked(client, cast, letters):
    client.force_login(cast.chief)
    answer = client.post(_url("finish"), {"document": [letters[0].pk], "text": "  "})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Ghi kết quả giải quyết trước khi kết thúc." in page
    assert f'value="{letters[0].pk}" checked' in page
    assert not IncomingDocument.objects.filter(state="finished").exists()


def test_the_same_form_sent_twice_ends_each_once(client, cast, letters):
    client.force_login(cast.chief)
    sent = {"document": [letters[0].pk], "text": "Lưu."}
    assert client.post(_url("finish"), sent).status_code == 200
    again = client.post(_url("finish"), sent)
    assert again.status_code == 409
    assert letters[0].acts.filter(verb="finish").count() == 1


def test_many_are_shared_with_the_same_people(client, cast, letters):
    client.force_login(cast.chief)
    keys = [one.pk for one in letters]
    people = [f"p{cast.adviser.pk}.{cast.office.pk}"]
    answer = client.post(_url("share"), {"document": keys, "people": people, "text": "Để biết."})
    assert answer.status_code == 200
    seen = IncomingDocument.objects.visible_to(act_as(cast.adviser))
    assert set(seen.values_list("pk", flat=True)) == set(keys)


def test_a_foreign_document_is_no_row(client, cast, letters, pdf):
    foreign = play.registered(cast.ward_clerk, pdf)
    client.force_login(cast.chief)
    page = client.get(_url("finish"), {"document": [foreign.pk, letters[0].pk, "x", "9" * 40]})
    assert [row.document.pk for row in page.context["rows"]] == [letters[0].pk]
    answer = client.post(_url("finish"), {"document": [foreign.pk], "text": "Xong."})
    assert answer.status_code == 422
    foreign.refresh_from_db()
    assert foreign.state == "registered"


def test_only_some_verbs_are_done_in_bulk(client, cast):
    client.force_login(cast.chief)
    for verb in ("register", "direct", "nothing"):
        assert client.get(_url(verb)).status_code == 404


def test_no_more_than_so_many_at_once(client, cast, letters):
    client.force_login(cast.chief)
    page = client.get(_url("finish"), {"document": list(range(10**6, 10**6 + MOST + 50))})
    assert "Chỉ lấy 200 văn bản một lần." in page.content.decode()


def test_questions_grow_with_nothing_while_the_page_is_drawn(
    client, cast, letters, pdf, django_assert_max_num_queries
):
    client.force_login(cast.chief)
    more = [play.submitted(cast, pdf, code_number=str(100 + place)) for place in range(5)]
    client.get(_url("finish"), {"document": [letters[0].pk]})
    with django_assert_max_num_queries(14):
        client.get(_url("finish"), {"document": [one.pk for one in [*letters, *more]]})


def test_a_verb_that_came_between_is_told(client, cast, letters):
    client.force_login(cast.chief)
    actions.finish(act_as(cast.chief), letters[0], text="Chị làm trước.")
    answer = client.post(_url("finish"), {"document": [letters[0].pk], "text": "Xong."})
    assert answer.status_code == 409
    assert "Chỉ người đang giữ việc mới kết thúc được." in answer.content.decode()
