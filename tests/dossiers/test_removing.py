"""Taking out of a dossier: keeper and lead may, a helper only what is his, while he helps."""

from datetime import timedelta

import pytest

from core import clock
from core.errors import NotYours, Refusal, Stale
from documents.choices import AssignmentRole
from documents.models import Attachment
from dossiers import actions, checks, rules
from dossiers.actions import Fields, Line
from dossiers.models import Dossier, Item
from tests import cast as play
from tests.cast import act_as
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]

LEAD, COORDINATE = AssignmentRole.LEAD, AssignmentRole.COORDINATE


@pytest.fixture
def shared(cast, pdf):
    """The chair's dossier: planning leads, finance helps; each has put a file into it."""
    day = clock.today() + timedelta(days=9)
    fields = Fields(title="Kè sông Đăk Bla", file_notation="01.XD", maintenance="20 năm")
    dossier = actions.open(act_as(cast.chair), fields)
    lines = [
        Line(LEAD, cast.planning, None, "", day),
        Line(COORDINATE, cast.finance, None, "", day),
    ]
    dossier = actions.give_out(act_as(cast.chair), dossier, lines)
    for head, unit, person in (
        (cast.head, cast.planning, cast.specialist),
        (cast.finance_head, cast.finance, cast.accountant),
    ):
        actions.assign(act_as(head), dossier, [Line(LEAD, unit, person)])
    for who, name in ((cast.specialist, "ket-qua.pdf"), (cast.accountant, "du-toan.pdf")):
        actions.add_files(act_as(who), dossier, [play.upload(pdf, name)])
    return dossier


def file(name: str) -> Item:
    return Item.objects.select_related("added_by").get(attachment__file_name=name)


def may(cast, dossier: Dossier, name: str) -> set[str]:
    """Who takes that file out now."""
    people = ("chair", "chief", "head", "specialist", "finance_head", "accountant")
    now = Dossier.objects.get(pk=dossier.pk)
    asked = {who: rules.may_remove_item(act_as(getattr(cast, who)), now, file(name))
             for who in people}  # fmt: skip
    return {who for who, refusal in asked.items() if refusal is None}


KEEPING = {"chair", "chief", "head", "specialist"}


def test_a_helper_takes_out_only_what_he_has_put_in(cast, shared, client):
    """Bắc Giang Điều 6.2: who leads attaches the result; who helps does not take it away."""
    assert may(cast, shared, "ket-qua.pdf") == KEEPING
    assert may(cast, shared, "du-toan.pdf") == KEEPING | {"accountant"}
    with pytest.raises(NotYours, match="chính mình đã đưa vào"):
        actions.remove_item(act_as(cast.accountant), shared, file("ket-qua.pdf"), text="Thừa.")
    client.force_login(cast.accountant)
    page = client.get(f"{shared.get_absolute_url()}?view=contents").content.decode()
    assert f"?item={file('du-toan.pdf').pk}" in page
    assert f"?item={file('ket-qua.pdf').pk}" not in page
    path = f"{shared.get_absolute_url()}remove_item/?item={file('ket-qua.pdf').pk}"
    assert client.get(path).status_code == 302
    actions.remove_item(act_as(cast.accountant), shared, file("du-toan.pdf"), text="Bản cũ.")
    assert not Attachment.objects.filter(file_name="du-toan.pdf").exists()


def test_not_after_his_part_has_ended(cast, shared):
    actions.finish(act_as(cast.accountant), shared, text="Đã lập dự toán.")
    assert may(cast, shared, "du-toan.pdf") == KEEPING
    with pytest.raises(NotYours, match="khi phần việc chưa xong"):
        actions.remove_item(act_as(cast.accountant), shared, file("du-toan.pdf"), text="Thừa.")


def test_nor_once_it_is_completed(cast, shared):
    """Bắc Giang Điều 6.2: what it was completed with stays, whoever wants it out."""
    result = file("ket-qua.pdf")
    dossier = actions.finish(act_as(cast.specialist), shared, issued=result)
    # As long as it is a proposal who leads may take it back; who helps never.
    assert may(cast, dossier, "ket-qua.pdf") == KEEPING
    done = actions.complete(act_as(cast.head), dossier, issued=result)
    assert may(cast, done, "ket-qua.pdf") == set()
    assert may(cast, done, "du-toan.pdf") == KEEPING
    with pytest.raises(NotYours, match="Hồ sơ đã hoàn thành"):
        actions.remove_item(act_as(cast.accountant), done, file("du-toan.pdf"), text="Thừa.")
    for who in (cast.head, cast.chair, cast.chief):
        with pytest.raises(Stale, match="hoàn thành với văn bản này"):
            actions.remove_item(act_as(who), done, file("ket-qua.pdf"), text="Thừa.")
    assert Dossier.objects.get(pk=done.pk).issued_id == result.pk
    assert Attachment.objects.filter(file_name="ket-qua.pdf").exists()


def test_a_helpers_file_that_is_the_result_stays(cast, shared):
    dossier = actions.finish(act_as(cast.specialist), shared, issued=file("du-toan.pdf"))
    with pytest.raises(NotYours, match="văn bản ban hành của hồ sơ"):
        actions.remove_item(act_as(cast.accountant), dossier, file("du-toan.pdf"), text="Bản cũ.")


def test_a_dossier_without_a_result_is_not_closed_with_a_reason(cast, client):
    """Bắc Giang Điều 6.2, 6.3: the chair closes by what came of it."""
    cast.city.regulation_name = "bac-giang-2014"
    cast.city.save()
    fields = Fields(title="Kè sông Đăk Bla", file_notation="01.XD", maintenance="20 năm")
    done = actions.complete(
        act_as(cast.specialist), actions.open(act_as(cast.specialist), fields), text="Xong."
    )
    Dossier.objects.filter(pk=done.pk).update(result="")
    chair = act_as(cast.chair)
    why = {
        one.code: "Không cần." for one in checks.findings(chair, Dossier.objects.get(pk=done.pk))
    }
    assert "no_result" in why
    with pytest.raises(Refusal, match="Chưa có văn bản ban hành hoặc ý kiến đề xuất") as refused:
        actions.close(chair, done, end_date=clock.today(), description="Xong.", overruled=why)
    assert "khoản 2 Điều 6" in refused.value.article
    client.force_login(cast.chair)
    path = f"{done.get_absolute_url()}close/"
    page = client.get(path).content.decode()
    assert 'name="why-empty"' in page
    assert 'name="why-no_result"' not in page
    assert "Phải sửa rồi mới đóng được" in page
    typed = {"end_date": f"{clock.today():%d/%m/%Y}", "description": "Xong.", "why-empty": "Miệng."}
    assert client.post(path, typed | {"why-no_result": "Thôi."}).status_code == 409
