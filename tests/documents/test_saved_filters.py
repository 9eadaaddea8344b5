"""Bộ lọc của tôi: a list kept under a name, by its owner alone."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.urls import reverse

from accounts.models import Unit
from core.errors import Refusal
from documents.actions import saving
from documents.models import SavedFilter
from dossiers import actions as dossier_actions
from dossiers.actions import Fields
from tests import cast as play
from tests.cast import act_as
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]


def keep(user, name="Sạt lở", query="q=s%E1%BA%A1t", page="book"):
    return saving.save_filter(act_as(user), page=page, name=name, query=query)


def names(user, page="book"):
    return [one.name for one in SavedFilter.objects.filter(user=user, page=page)]


def send(client, user, **data):
    client.force_login(user)
    return client.post(reverse("reports:saved", args=["kontum"]), data)


def change(client, user, row, do, **data):
    client.force_login(user)
    path = reverse("reports:saved_change", args=["kontum", row.pk])
    return client.post(path, data | {"do": do})


# --- The verbs.


def test_a_filter_is_kept_last_in_the_order(cast):
    row = keep(cast.head, "  Của   tôi ")
    keep(cast.head, "Khẩn", "priority=urgent")
    assert (row.name, row.query, row.is_default) == ("Của tôi", "q=s%E1%BA%A1t", False)
    assert names(cast.head) == ["Của tôi", "Khẩn"]
    assert names(cast.specialist) == []


def test_a_name_once_for_each_person_whatever_its_case(cast):
    keep(cast.head, "Đô thị")
    with pytest.raises(Refusal, match="Đã có bộ lọc tên “ĐÔ THỊ”") as refused:
        keep(cast.head, "ĐÔ THỊ", page="search")
    assert refused.value.field == "name"
    keep(cast.specialist, "Đô thị")
    assert (names(cast.head), names(cast.specialist)) == (["Đô thị"], ["Đô thị"])


@pytest.mark.parametrize(("name", "query"), [("", "q=a"), ("\u200b", "q=a"), ("Trống", "")])
def test_without_a_name_or_without_a_filter_nothing_is_kept(cast, name, query):
    with pytest.raises(Refusal):
        keep(cast.head, name, query)
    assert names(cast.head) == []


def test_thirty_are_enough(cast):
    for number in range(saving.MOST):
        keep(cast.head, f"Số {number}")
    with pytest.raises(Refusal, match="Đã có 30 bộ lọc"):
        keep(cast.head, "Thêm nữa")
    saving.delete_filter(act_as(cast.head), SavedFilter.objects.filter(user=cast.head)[0].pk)
    keep(cast.head, "Thêm nữa")
    assert len(names(cast.head)) == saving.MOST


def test_names_order_and_the_one_that_opens_can_be_changed(cast):
    one, two, three = (keep(cast.head, name) for name in ("Một", "Hai", "Ba"))
    actor = act_as(cast.head)
    saving.move_filter(actor, three.pk)
    assert names(cast.head) == ["Một", "Ba", "Hai"]
    saving.move_filter(actor, one.pk)  # the first stays
    assert saving.rename_filter(actor, two.pk, "hai").name == "hai"
    with pytest.raises(Refusal, match="Đã có bộ lọc tên “một”"):
        saving.rename_filter(actor, two.pk, "một")
    for row in (one, three):
        saving.open_with_filter(actor, row.pk, opens=True)
    assert list(SavedFilter.objects.filter(is_default=True)) == [three]
    saving.open_with_filter(actor, three.pk, opens=False)
    assert not SavedFilter.objects.filter(is_default=True).exists()
    with pytest.raises(Refusal, match="Chỉ bộ lọc của danh sách văn bản đến"):
        saving.open_with_filter(actor, keep(cast.head, "Tìm", page="search").pk, opens=True)
    assert saving.delete_filter(actor, one.pk) == "Một"
    assert names(cast.head) == ["Ba", "hai"]


def test_nobody_touches_the_filter_of_another(cast):
    row = keep(cast.head)
    for verb in (
        lambda actor: saving.rename_filter(actor, row.pk, "Khác"),
        lambda actor: saving.move_filter(actor, row.pk),
        lambda actor: saving.open_with_filter(actor, row.pk, opens=True),
        lambda actor: saving.delete_filter(actor, row.pk),
    ):
        for other in (cast.deputy, cast.chair, cast.stranger):
            with pytest.raises(SavedFilter.DoesNotExist):
                verb(act_as(other))
    assert names(cast.head) == ["Sạt lở"]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_tabs_saving_one_name_at_once_keep_one(committed, cast):
    actor, start = act_as(cast.head), threading.Barrier(4)

    def work():
        try:
            start.wait(60)
            return saving.save_filter(actor, page="book", name="Một tên", query="q=a").name
        except Refusal as refusal:
            return refusal.field
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        answers = [one.result(60) for one in [threads.submit(work) for _unused in range(4)]]
    assert sorted(answers) == ["Một tên", "name", "name", "name"]
    assert names(cast.head) == ["Một tên"]


# --- The pages, without JavaScript.


def test_the_open_list_is_kept_and_opened_again(client, cast, pdf):
    play.submitted(cast, pdf, code_number="1")
    play.registered(cast.clerk, pdf, code_number="2")
    client.force_login(cast.clerk)
    text = client.get("/kontum/incoming/?q=4&q=sạt&state=submitted&nonsense=1").content.decode()
    assert '<input type="hidden" name="query" value="q=s%E1%BA%A1t&amp;state=submitted">' in text
    response = send(
        client,
        cast.clerk,
        page="book",
        name="Chờ",
        query="state=submitted&q=s%E1%BA%A1t&nonsense=1&unit=zzz&since=31%2F11%2F2024&cursor=a_b",
    )
    # Only what the filters know, in their own order.
    assert response.url == "/kontum/incoming/?q=s%E1%BA%A1t&state=submitted"
    response = client.get(response.url)
    assert [row["document"].number for row in response.context["rows"]] == [1]
    text = response.content.decode()
    assert "Đã lưu bộ lọc “Chờ”." in text
    assert 'aria-current="page"><svg' in text.replace("\n", "")
    assert [one["current"] for one in response.context["tabs"]] == [False] * 6
    assert not response.context["may_save"]
    assert "Chờ</span>" in client.get("/kontum/incoming/").content.decode()


def test_a_tab_is_kept_with_the_filters_of_the_book_only(client, cast):
    assert send(client, cast.head, page="book", name="1", query="tab=week&q=a").url.endswith(
        "/incoming/?tab=week&q=a"
    )
    assert send(client, cast.head, page="search", name="2", query="tab=week&q=a").url.endswith(
        "/search/?q=a"
    )
    response = send(client, cast.head, page="search", name="3", query="tab=week")
    assert response.status_code == 409
    assert "Chưa lọc theo điều kiện nào" in response.content.decode()


def test_what_was_typed_stays_when_a_name_is_taken_or_wrong(client, cast):
    keep(cast.head, "Khẩn", "priority=urgent")
    response = send(client, cast.head, page="search", name="khẩn", query="q=k%C3%A8")
    text = response.content.decode()
    assert response.status_code == 409
    assert "Đã có bộ lọc tên “khẩn”." in text
    assert 'value="khẩn"' in text
    assert 'name="query" value="q=k%C3%A8"' in text
    for name, said in (("", "Chưa điền ô này."), ("x" * 61, "Dài quá 60 ký tự, bớt đi.")):
        response = send(client, cast.head, page="search", name=name, query="q=a")
        assert (response.status_code, said in response.content.decode()) == (422, True)
    assert send(client, cast.head, page="nowhere", name="x", query="q=a").status_code == 422
    assert names(cast.head) == ["Khẩn"]


def test_his_page_renames_orders_opens_and_deletes(client, cast):
    one = keep(cast.head, "Một", "tab=overdue&priority=urgent")
    two = keep(cast.head, "Hai")
    client.force_login(cast.head)
    text = client.get("/kontum/search/saved/").content.decode()
    assert "Quá hạn · Mức độ khẩn: Mọi mức khẩn" in text
    assert change(client, cast.head, two, "earlier").status_code == 302
    assert change(client, cast.head, one, "open").status_code == 302
    assert change(client, cast.head, two, "rename", name="Hai mới").status_code == 302
    assert names(cast.head) == ["Hai mới", "Một"]
    response = change(client, cast.head, two, "rename", name="MỘT")
    assert (response.status_code, "Đã có bộ lọc tên “MỘT”" in response.content.decode()) == (
        409,
        True,
    )
    assert change(client, cast.head, two, "rename", name="").status_code == 422
    assert change(client, cast.head, one, "burn").status_code == 404
    # The book opens with it, and all of it stays one press away.
    response = client.get("/kontum/incoming/")
    assert response.url == "/kontum/incoming/?tab=overdue&priority=urgent"
    response = client.get(response.url)
    assert response.context["tabs"][0]["url"] == "/kontum/incoming/?tab=all"
    assert response.context["chosen"][0]["url"] == "/kontum/incoming/?tab=overdue"
    assert client.get("/kontum/incoming/?tab=all").status_code == 200
    assert change(client, cast.head, one, "close").status_code == 302
    assert client.get("/kontum/incoming/").status_code == 200
    assert change(client, cast.head, one, "delete").status_code == 302
    assert names(cast.head) == ["Hai mới"]
    assert change(client, cast.head, one, "delete").status_code == 404
    assert change(client, cast.deputy, two, "delete").status_code == 404
    client.force_login(cast.head)
    assert client.get(reverse("reports:saved_change", args=["kontum", two.pk])).status_code == 405


def test_a_filter_of_another_agency_stays_there(client, cast):
    keep(cast.head)
    row = keep(cast.ward_chair, "Phường")
    assert change(client, cast.ward_chair, row, "delete").status_code == 404  # not under kontum
    client.force_login(cast.ward_chair)
    text = client.get("/phuong-thang-loi/search/saved/").content.decode()
    assert ("Phường" in text, "Sạt lở" in text) == (True, False)


def test_what_has_gone_is_said_and_the_rest_opens(client, cast, pdf):
    """A unit that no longer exists is no error of whoever kept it."""
    gone = Unit.objects.create(agency=cast.city, name="Phòng Cũ", short_name="PC")
    row = keep(cast.chief, "Phòng cũ", f"unit={gone.pk}&state=submitted")
    play.submitted(cast, pdf)
    gone.delete()
    client.force_login(cast.chief)
    response = client.get(f"/kontum/incoming/?{row.query}")
    assert (response.status_code, response.context["gone"]) == (200, ["Đơn vị chủ trì"])
    assert "Đã bỏ qua: Đơn vị chủ trì." in response.content.decode()
    assert len(response.context["rows"]) == 1
    text = client.get("/kontum/search/saved/").content.decode()
    assert "Đơn vị chủ trì: không còn" in text


def test_names_are_escaped(client, cast):
    keep(cast.head, "<b>&quot;", "q=%3Cscript%3E")
    client.force_login(cast.head)
    for path in ("/kontum/incoming/", "/kontum/search/saved/"):
        text = client.get(path).content.decode()
        assert "&lt;b&gt;&amp;quot;" in text
        assert "<b>&quot;" not in text
        assert "<script>" not in text.replace("<script defer", "")


# --- The list of dossiers.


def test_the_list_of_dossiers_is_kept_and_opened_again(client, cast):
    typed = {"title": "Kè sông Đăk Bla", "file_notation": "01.TH", "maintenance": "20 năm"}
    mine = dossier_actions.open(act_as(cast.head), Fields(**typed))
    path, year = "/kontum/dossiers/", mine.day.year
    client.force_login(cast.head)
    text = client.get(f"{path}?q=kè&year={year}&state=opened&nonsense=1").content.decode()
    kept = f"q=k%C3%A8&amp;state=opened&amp;year={year}"
    assert f'<input type="hidden" name="query" value="{kept}">' in text
    assert "Trạng thái: Mới lập" in text
    response = send(
        client,
        cast.head,
        page="dossiers",
        name="Kè năm nay",
        query=f"nonsense=1&year={year}&q=k%C3%A8&lateness=zz&state=opened&cursor=a_b&tab=week",
    )
    # Only what the form knows, in its own order.
    assert response.url == f"{path}?q=k%C3%A8&state=opened&year={year}"
    response = client.get(response.url)
    text = response.content.decode()
    assert mine.get_absolute_url() in text
    assert "Đã lưu bộ lọc “Kè năm nay”." in text
    assert not response.context["may_save"]
    assert 'aria-current="page"><svg' in text.replace("\n", "")
    assert "Kè năm nay</span>" in client.get(path).content.decode()
    # Each page has its own; the book's are not offered here, nor anybody else's.
    assert names(cast.head, "dossiers") == ["Kè năm nay"]
    assert "Kè năm nay" not in client.get("/kontum/incoming/").content.decode()
    text = client.get("/kontum/search/saved/").content.decode()
    assert f"Tìm trong danh sách: “kè” · Trạng thái: Mới lập · Năm: {year}" in text
    assert "Mở sẵn" not in text
    client.force_login(cast.deputy)
    assert "Kè năm nay" not in client.get(path).content.decode()


def test_a_list_of_dossiers_that_narrows_nothing_is_not_kept(client, cast):
    response = send(client, cast.head, page="dossiers", name="Tất cả", query="year=abc&state=zz")
    assert response.status_code == 409
    assert "Chưa lọc theo điều kiện nào" in response.content.decode()
    row = keep(cast.head, "Hồ sơ", "state=opened", page="dossiers")
    with pytest.raises(Refusal, match="văn bản đến mở được sẵn"):
        saving.open_with_filter(act_as(cast.head), row.pk, opens=True)
    client.force_login(cast.head)
    text = client.get("/kontum/dossiers/?state=opened&q=x").content.decode()
    assert "Không có hồ sơ nào khớp." in text
    assert 'href="/kontum/dossiers/?q=x"' in text  # one condition less
