"""What the pages and prints of a dossier say, to whoever sees all of it and to who does not."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.errors import Refusal
from documents.choices import AssignmentRole
from dossiers import actions, checks
from dossiers.actions import Line
from dossiers.models import Dossier, Item
from tests import cast as play
from tests.cast import act_as
from tests.dossiers.test_dossier import appointment, fields, opened, regulated
from tests.dossiers.test_work import given, proposed
from tests.files import build
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]


def page(who: Any, dossier: Dossier, path: str = "") -> str:
    """The words of that page as somebody gets it."""
    client = Client()
    client.force_login(who)
    answer = client.get(f"{dossier.get_absolute_url()}{path}")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def without_tags(said: str) -> str:
    """Its words in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", said).split())


def notes(dossier: Dossier, who: Any, count: int) -> None:
    """Many notes at once."""
    last, mine = dossier.items.count(), appointment(who)
    Item.objects.bulk_create(
        Item(dossier=dossier, ordinal=n, text=f"Ghi {n}", added_by=mine, added_at=clock.now())
        for n in range(last + 1, last + count + 1)
    )


# --- What is hidden


def test_a_dossier_of_hidden_documents_only_says_how_many_where_that_is_told(cast, pdf):
    """By an agency's own regulation: how many, also when its reader sees nothing else there."""
    dossier = opened(cast)
    actions.add_document(act_as(cast.chief), dossier, play.submitted(cast, pdf))
    said = page(cast.specialist, dossier)
    assert "Chưa có văn bản nào" in said
    assert "không được mở" not in said
    regulated(cast.city, "gtvt-son-la")
    said = page(cast.specialist, dossier)
    assert "1 văn bản không được mở" in said
    assert "Chưa có văn bản nào" not in said
    assert "không được mở" not in page(cast.chief, dossier)


def test_a_page_beyond_the_last_is_the_last(cast, pdf):
    dossier = opened(cast)
    actions.add_document(act_as(cast.chief), dossier, play.submitted(cast, pdf))
    notes(dossier, cast.specialist, 51)
    regulated(cast.city, "gtvt-son-la")
    for number in (2, 99):
        said = page(cast.specialist, dossier, f"?view=contents&page={number}")
        assert "51 đến 51 trong 51" in said
        assert "Ghi 52" in said
        assert "1 văn bản không được mở" in said
        assert "page=1" in said
    assert "Không có gì khớp" in page(cast.specialist, dossier, "?q=xyz&page=99")


# --- The search inside


def test_notes_and_file_names_are_found_without_marks(cast, pdf):
    """As documents are: "chi dao mieng" finds "Chỉ đạo miệng"."""
    dossier, me = opened(cast), act_as(cast.specialist)
    actions.add_note(me, dossier, text="Chủ tịch chỉ đạo miệng, gọi lúc 8 giờ.")
    actions.add_files(me, dossier, [play.upload(pdf, "Biên bản hiện trường.pdf")])
    actions.add_note(me, dossier, text="Ghi khác")
    for typed, found in (
        ("chi+dao+mieng", "chỉ đạo miệng"), ("CHỈ+ĐẠO", "chỉ đạo miệng"),
        ("bien+ban+hien+truong", "Biên bản hiện trường.pdf"), ("trường.pdf", "Biên bản"),
    ):  # fmt: skip
        said = page(cast.specialist, dossier, f"?q={typed}")
        assert found in said, typed
        assert "Ghi khác" not in said, typed


# --- Closing


def test_a_reason_covers_only_what_was_shown_when_it_was_written(cast, pdf):
    """NĐ 30/2020 Điều 29.4: what came in since is looked at anew before it is closed."""
    me = act_as(cast.specialist)
    first, second = (play.assigned(cast, build(pages=one), subject=f"Việc {one}") for one in (1, 2))
    dossier = actions.open(me, fields(), source=first)
    done = actions.complete(me, dossier, text="Xong.")
    client = Client()
    client.force_login(cast.specialist)
    path = reverse("dossiers:dossier_verb", args=["kontum", done.pk, "close"])

    def form(said: str) -> dict[str, str]:
        shown = dict(re.findall(r'name="(shown-[\w.-]+)" value="([^"]+)"', said))
        why = {"why-open_work": "Phần việc của phòng khác."}
        return {"end_date": f"{clock.today():%d/%m/%Y}", "description": "Xong."} | why | shown

    seen = form(client.get(path).content.decode())
    assert seen["shown-open_work"] == str(done.items.get().pk)
    actions.add_document(me, done, second)
    refused = client.post(path, seen)
    assert refused.status_code == 409
    said = unescape(refused.content.decode())
    assert "Đã khác so với lúc ghi lý do: 2 văn bản còn người đang xử lý" in without_tags(said)
    assert "Phần việc của phòng khác." in said  # what was typed stays
    assert Dossier.objects.get(pk=done.pk).state == "completed"
    assert client.post(path, form(said)).status_code == 302
    assert Dossier.objects.get(pk=done.pk).state == "closed"


def test_a_reason_still_covers_what_has_become_less(cast, pdf):
    me = act_as(cast.specialist)
    dossier = actions.open(me, fields(), source=play.assigned(cast, pdf))
    other = actions.add_document(me, dossier, play.assigned(cast, build(), subject="Việc khác"))
    done = actions.complete(me, dossier, text="Xong.")
    shown = {one.code: one.marks for one in checks.findings(me, done)}
    assert len(shown["open_work"]) == 2
    actions.remove_item(me, done, other, text="Nhầm hồ sơ.")
    closing = {"end_date": clock.today(), "description": "Xong."}
    why = dict.fromkeys(shown, "Đã xem.")
    with pytest.raises(Refusal, match="Đã khác"):
        actions.close(me, done, **closing, overruled=why, shown={})
    assert actions.close(me, done, **closing, overruled=why, shown=shown).state == "closed"


# --- The printed list of contents


def printed(who: Any, dossier: Dossier) -> str:
    return page(who, dossier, "contents/")


def test_the_print_of_a_restricted_reader_says_whose_view_it_is(cast, pdf):
    """NĐ 30/2020 Phụ lục V: a form that may lack documents does not look as if it were whole."""
    mine = play.assigned(cast, pdf, subject="Văn bản của tôi")
    dossier = actions.open(act_as(cast.specialist), fields(), source=mine)
    view = f"Theo quyền xem của {cast.specialist.full_name}, Chuyên viên"
    # Also where nothing is hidden: else its absence would tell.
    assert view in printed(cast.specialist, dossier)
    actions.add_document(act_as(cast.chief), dossier, play.submitted(cast, build(pages=7)))
    assert view in printed(cast.specialist, dossier)
    assert "Theo quyền xem" not in printed(cast.chief, dossier)
    # Nor does field 9 on the page.
    assert "Tổng số văn bản được xem" in page(cast.specialist, dossier)
    assert "Tổng số văn bản trong hồ sơ" in page(cast.chief, dossier)


def test_the_print_has_the_places_of_the_dossier(cast, pdf):
    """TT 01/2019 DocOrdinal: a note has its place too, so the numbers are those of the page."""
    me = act_as(cast.specialist)
    dossier = actions.open(me, fields(), source=play.assigned(cast, pdf))
    assert "có cả ý kiến, ghi chép" not in printed(cast.chief, dossier)
    actions.add_note(me, dossier, text="Chỉ đạo miệng.")
    actions.add_files(me, dossier, [play.upload(build(pages=2), "to-trinh.pdf")])
    said = printed(cast.chief, dossier)
    assert re.findall(r"<tr><td>(\d+)</td>", said) == ["1", "3"]
    assert "Chỉ đạo miệng" not in said
    assert "có cả ý kiến, ghi chép" in said
    assert "có 2 văn bản, tài liệu" in said
    # To whom one is hidden no number is missing.
    secret = actions.add_document(act_as(cast.chief), dossier, play.submitted(cast, build()))
    actions.move_item(act_as(cast.chief), dossier, secret, to=1)
    assert re.findall(r"<tr><td>(\d+)</td>", printed(cast.specialist, dossier)) == ["1", "3"]
    assert re.findall(r"<tr><td>(\d+)</td>", printed(cast.chief, dossier)) == ["1", "2", "4"]


# --- The trail


def trail(who: Any, dossier: Dossier) -> str:
    return without_tags(page(who, dossier).split('id="h-trail"')[1])


def test_who_is_only_told_is_not_said_to_have_been_asked(cast):
    """Bắc Giang Điều 6.2: the giver learns of the proposal; he is not proposed himself."""
    said = trail(cast.chair, proposed(cast))
    asked = f"{cast.finance.name}, {cast.adviser.full_name}"
    assert f"đề xuất phối hợp: {asked}, báo {cast.planning.name}" in said


def test_a_completion_is_submitted_to_whoever_closes_it(cast):
    """Bắc Giang Điều 6.3: the chair; who gave the work and who still helps have been told."""
    regulated(cast.city, "bac-giang-2014")
    dossier = given(cast)
    helper = Line(AssignmentRole.COORDINATE, cast.finance, None, "Thẩm định.", None)
    dossier = actions.give_out(act_as(cast.chair), dossier, [helper])
    done = actions.complete(act_as(cast.head), dossier, text="Đề xuất.")
    said = trail(cast.chair, done)
    assert f"hoàn thành, trình {cast.chair.full_name}, báo {cast.finance.name}" in said


def test_a_completion_by_whoever_closes_it_names_those_told_as_told(cast):
    dossier = opened(cast, "head")
    lines = [
        Line(AssignmentRole.LEAD, cast.planning, cast.head, "", None),
        Line(AssignmentRole.COORDINATE, cast.planning, cast.specialist, "", None),
    ]
    dossier = actions.give_out(act_as(cast.head), dossier, lines)
    done = actions.complete(act_as(cast.head), dossier, text="Đề xuất.")
    assert f"hoàn thành, báo {cast.specialist.full_name}" in trail(cast.head, done)


def test_what_was_taken_out_is_named_with_who_had_put_it_in(cast, pdf):
    """NĐ 30/2020 Điều 29.4: for whoever may see it; of a hidden one its words stay hidden."""
    chief, me = act_as(cast.chief), act_as(cast.specialist)
    mine = play.assigned(cast, pdf, subject="Văn bản của tôi", code_number="77")
    secret = play.submitted(cast, build(), subject="Nhân sự chủ chốt")
    dossier = actions.open(me, fields(), source=mine)
    hidden = actions.add_document(chief, dossier, secret)
    [file] = actions.add_files(me, dossier, [play.upload(build(pages=2), "to-trinh.pdf")])
    note = actions.add_note(me, dossier, text="Gọi lúc 8 giờ.")
    assert "đưa vào" not in trail(cast.chair, dossier)
    for item in (dossier.items.get(document=mine), hidden, file, note):
        actions.remove_item(chief, dossier, item, text="Nhầm hồ sơ.")
    seen = trail(cast.chair, dossier)
    by = f"{cast.specialist.full_name} đưa vào"
    assert f"Nhầm hồ sơ. {mine.code}, Văn bản của tôi, {by}" in seen
    assert f"Nhân sự chủ chốt, {cast.chief.full_name} đưa vào" in seen
    assert f"Nhầm hồ sơ. Tệp: to-trinh.pdf {by}" in seen
    assert f"Nhầm hồ sơ. Ghi chép: Gọi lúc 8 giờ. {by}" in seen
    theirs = trail(cast.specialist, dossier)
    assert f"Văn bản của tôi, {by}" in theirs
    assert "chủ chốt" not in theirs
    assert f"{cast.chief.full_name} đưa vào" not in theirs


# --- Who sees it


def test_sharing_names_who_will_see_it_and_wants_a_tick(cast):
    """NĐ 30/2020 Phụ lục VI: a change of who has access warns until it is confirmed."""
    dossier = given(cast)
    path = reverse("dossiers:dossier_verb", args=["kontum", dossier.pk, "share"])
    chosen = [f"p{cast.accountant.pk}.{cast.finance.pk}", f"u{cast.office.pk}"]
    client = Client()
    client.force_login(cast.chair)
    assert client.post(path, {"confirmed": "on"}).status_code == 409  # nobody is chosen
    warned = client.post(path, {"people": chosen, "text": "Để phối hợp."})
    assert warned.status_code == 409
    said = without_tags(unescape(warned.content.decode()))
    assert "sẽ xem được hồ sơ này" in said
    assert f"{cast.accountant}, {cast.office} sẽ xem được" in said
    assert "Để phối hợp." in said  # what was typed stays
    assert not Dossier.objects.visible_to(act_as(cast.accountant)).exists()
    sent = {"people": chosen, "text": "Để phối hợp.", "confirmed": "on"}
    assert client.post(path, sent).status_code == 302
    assert dossier in Dossier.objects.visible_to(act_as(cast.accountant))


# --- The looks that a test can hold


def test_the_form_begins_with_one_coordinator_and_gets_more_one_by_one(cast):
    """Three empty lines made it longer than two screens of a phone."""
    client = Client()
    client.force_login(cast.chair)
    path = reverse("dossiers:new_dossier", args=["kontum"])
    said = client.get(path).content.decode()
    assert re.findall(r'name="who-(\d)"', said) == ["0", "1"]
    more = client.post(path, {"rows": "2", "more": "1"}).content.decode()
    assert re.findall(r'name="who-(\d)"', more) == ["0", "1", "2"]


def test_filters_of_the_list_are_folded_until_one_of_them_is_used(cast):
    client = Client()
    client.force_login(cast.chair)
    path = reverse("dossiers:dossiers", args=["kontum"])
    folded = '<details class="dossier-filter__open" data-more>'
    assert folded in client.get(path).content.decode()
    assert folded in client.get(path, {"q": "kè"}).content.decode()
    assert folded not in client.get(path, {"state": "closed"}).content.decode()


def test_a_reason_that_is_needed_is_not_called_optional(cast, pdf):
    me = act_as(cast.specialist)
    dossier = actions.open(me, fields(), source=play.assigned(cast, pdf))
    said = page(cast.specialist, actions.complete(me, dossier, text="Xong."), "close/")
    assert "nếu có" not in said.split('id="h-check"')[1].split("</section>")[0]
