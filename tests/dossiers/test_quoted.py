"""An article is quoted only for what it says: of dossiers, of tasks, or of documents alone."""

from datetime import timedelta

import pytest

from accounts.models import Agency
from core import clock
from core.errors import Refusal
from documents.choices import AssignmentRole
from documents.models import DocumentAct
from dossiers import actions, rules
from dossiers.actions import Fields, Line
from tests.cast import act_as

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]

LEAD, COORDINATE = AssignmentRole.LEAD, AssignmentRole.COORDINATE


def works_under(cast, name: str) -> None:
    Agency.objects.filter(pk=cast.city.pk).update(regulation_name=name)


def fields() -> Fields:
    return Fields(title="Kè sông Đăk Bla", file_notation="01.XD", maintenance="20 năm")


def given(cast):
    """Of the chair to the planning unit."""
    chair, day = act_as(cast.chair), clock.today() + timedelta(days=5)
    dossier = actions.open(chair, fields())
    return actions.give_out(chair, dossier, [Line(LEAD, cast.planning, None, "", day)])


def task(cast):
    keeper = cast.specialist.appointments.get()
    return actions.open_task(act_as(cast.head), Fields(title="Việc"), keeper=keeper, text="Làm.")


def quoted(dossier, verb: str) -> str:
    return DocumentAct.objects.filter(target=dossier.pk, verb=verb).latest("ordinal").article


@pytest.mark.parametrize(
    ("regulation", "article"),
    [
        ("kon-tum-2017", "khoản 2 Điều 20"),
        ("binh-dinh-2016", "khoản 1 Điều 10 Chương III"),
        ("can-tho-2019", ""),
        ("bac-giang-2014", ""),
    ],
)
def test_a_task_quotes_what_speaks_of_tasks(cast, regulation, article):
    """Kon Tum Điều 20.2, Bình Định chương III Điều 10.1; Cần Thơ Điều 8.1 speaks of documents."""
    works_under(cast, regulation)
    made = task(cast)
    refused = rules.may_open_task(act_as(cast.specialist))
    for said in (quoted(made, "open_task"), refused.article):
        assert said.startswith(article)
        assert bool(said) is bool(article)


def test_what_is_said_of_dossiers_is_not_said_of_tasks(cast):
    """Bắc Giang Điều 6.2 speaks of "hồ sơ công việc"."""
    works_under(cast, "bac-giang-2014")
    made = task(cast)
    with pytest.raises(Refusal) as refused:
        actions.complete(act_as(cast.specialist), made)
    assert refused.value.article == ""
    done = actions.complete(act_as(cast.specialist), made, text="Xong.")
    assert quoted(done, "complete") == ""
    dossier = actions.open(act_as(cast.specialist), fields())
    done = actions.complete(act_as(cast.specialist), dossier, text="Xong.")
    assert "khoản 2 Điều 6" in quoted(done, "complete")


def test_the_check_and_the_note_are_quoted_where_they_are_asked_for(cast):
    """Cần Thơ Điều 13.4: "rà soát lại", fields 8 and 11; Bắc Giang Điều 6.3 knows neither."""
    dossier = actions.open(act_as(cast.specialist), fields())
    done = actions.complete(act_as(cast.specialist), dossier, text="Xong.")
    for regulation, who, article in (
        ("can-tho-2019", cast.specialist, "khoản 4 Điều 13"),
        ("bac-giang-2014", cast.chair, ""),
    ):
        works_under(cast, regulation)
        for description in ("", "Xong."):
            with pytest.raises(Refusal) as refused:
                actions.close(act_as(who), done, end_date=clock.today(), description=description)
            assert refused.value.article.startswith(article)
            assert bool(refused.value.article) is bool(article)
    # The closing itself is what Điều 6.3 speaks of.
    why = {"empty": "Chỉ có ý kiến."}
    closed = actions.close(
        act_as(cast.chair), done, end_date=clock.today(), description="Xong.", overruled=why
    )
    assert "khoản 3 Điều 6" in quoted(closed, "close")


def test_an_answer_to_a_proposal_quotes_nothing(cast):
    """Bắc Giang Điều 6.2: "có thể đề xuất ... phối hợp xử lý"; of answers it says nothing."""
    works_under(cast, "bac-giang-2014")
    dossier = given(cast)
    dossier = actions.propose_coordinators(
        act_as(cast.head), dossier, [Line(COORDINATE, cast.finance)], text="Cần dự toán."
    )
    assert "khoản 2 Điều 6" in quoted(dossier, "propose_coordinators")
    [row] = dossier.open_proposals
    assert rules.may_answer_proposal(act_as(cast.chief), dossier).article == ""
    dossier = actions.answer_proposal(act_as(cast.finance_head), dossier, row, agree=True)
    assert quoted(dossier, "answer_proposal") == ""


def test_a_head_returns_what_was_sent_to_the_wrong_unit(cast):
    """Bắc Giang Điều 5.3b: "văn bản, hồ sơ công việc chuyển nhầm ... thì chuyển lại"."""
    works_under(cast, "bac-giang-2014")
    dossier = given(cast)
    dossier = actions.assign(
        act_as(cast.head), dossier, [Line(LEAD, cast.planning, cast.specialist)]
    )
    dossier = actions.send_back(act_as(cast.specialist), dossier, text="Không phải việc tôi.")
    assert quoted(dossier, "send_back") == ""  # it speaks of heads of units
    dossier = actions.send_back(act_as(cast.head), dossier, text="Không đúng chức năng.")
    assert "điểm b khoản 3 Điều 5" in quoted(dossier, "send_back")
