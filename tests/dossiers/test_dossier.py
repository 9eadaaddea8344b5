"""The verbs of a dossier with the named cast: what they do, and to whom they are refused."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from accounts.models import Agency
from core import clock
from core.errors import NotYours, Refusal, Stale
from documents.choices import LinkKind
from documents.models import Document, DocumentAct, Waiting
from documents.querysets import count_of
from dossiers import actions, checks, verifying
from dossiers.actions import Fields
from dossiers.filing import dossiers_of, proposed_for
from dossiers.models import Dossier, Item
from incoming import actions as incoming_actions
from tests import cast as play
from tests.cast import act_as
from tests.files import build
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]


def fields(**changes: Any) -> Fields:
    """What is typed of an ordinary dossier."""
    values: dict[str, Any] = {
        "title": "Khắc phục sạt lở bờ kè sông Đăk Bla",
        "file_notation": "01TH",
        "maintenance": "20 năm",
    }
    return Fields(**(values | changes))


def opened(cast: SimpleNamespace, who: str = "specialist", **changes: Any) -> Dossier:
    """A dossier of somebody's own work."""
    return actions.open(act_as(getattr(cast, who)), fields(**changes))


def appointment(user: Any) -> Any:
    return user.appointments.get()


def regulated(agency: Agency, name: str) -> None:
    """From now on the agency works under another regulation."""
    Agency.objects.filter(pk=agency.pk).update(regulation_name=name)


def closable(cast: SimpleNamespace, pdf: bytes) -> Dossier:
    """A completed dossier in which nothing is left to find."""
    document = play.finished(cast, pdf)
    dossier = actions.open(act_as(cast.specialist), fields(), source=document)
    return actions.complete(act_as(cast.specialist), dossier, text="Đã khắc phục xong.")


# --- Opening


def test_open_takes_a_code_a_number_and_one_act(cast):
    """Cần Thơ Điều 13.3: organ_id, year and notation with dots; `01TH` is read as `01.TH`."""
    dossier = opened(cast)
    year = clock.today().year
    assert dossier.file_code == f"000.01.34.H34.{year}.01.TH"
    assert (dossier.number, dossier.state, dossier.day) == (1, "opened", clock.today())
    act = DocumentAct.objects.get(target=dossier)
    assert (act.verb, act.from_state, act.to_state) == ("open", "", "opened")
    waiting = Waiting.objects.get(document=dossier)
    assert (waiting.verb, waiting.user) == ("complete", cast.specialist)
    assert list(verifying.findings()) == []


def test_the_system_fills_year_code_and_totals(cast, pdf):
    """Cần Thơ Điều 13.5: fields 1.1, 1.2, 9 and 10 are the system's."""
    document = play.assigned(cast, pdf)
    dossier = actions.open(act_as(cast.specialist), fields(), source=document)
    assert (dossier.organ_id, dossier.file_catalog) == ("000.01.34.H34", clock.today().year)
    assert (dossier.doc_total, dossier.page_total) == (1, document.page_amount)
    assert dossier.page_amount == dossier.page_total


def test_an_agency_without_an_identifier_is_told(cast):
    Agency.objects.filter(pk=cast.city.pk).update(organ_id="")
    with pytest.raises(Refusal, match="mã định danh"):
        opened(cast)
    assert not Dossier.objects.exists()


def test_a_code_that_exists_is_named_only_to_those_who_may_see_it(cast):
    opened(cast)
    with pytest.raises(actions.CodeTaken) as mine:
        opened(cast, title="Hồ sơ khác")
    assert mine.value.other is not None
    assert "sạt lở" in mine.value.message
    with pytest.raises(actions.CodeTaken) as theirs:
        opened(cast, "accountant", title="Hồ sơ khác")
    assert theirs.value.other is None
    assert "sạt lở" not in theirs.value.message
    assert theirs.value.message.endswith("đã có.")
    assert Dossier.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"file_notation": "abc"}, "file_notation"),
        ({"maintenance": "lâu dài"}, "maintenance"),
        ({"maintenance": ""}, "maintenance"),
        ({"title": " "}, "title"),
        ({"title": "x" * 501}, "title"),
        ({"start_date": clock.today() + timedelta(days=9)}, "start_date"),
        ({"due_date": clock.today() - timedelta(days=9)}, "due_date"),
    ],
)
def test_bad_fields_are_refused_at_their_field(cast, changes, field):
    with pytest.raises(Refusal) as refused:
        opened(cast, **changes)
    assert refused.value.field == field


def test_from_a_document_whoever_works_on_it_opens_by_the_decree(cast, pdf):
    """Cần Thơ Điều 13.1, NĐ 30/2020 Điều 29.2: the one who is given the work; nobody else."""
    document = play.assigned(cast, pdf)
    dossier = actions.open(act_as(cast.specialist), fields(), source=document)
    assert [one.document_id for one in dossier.items.all()] == [document.pk]
    assert dossiers_of(act_as(cast.specialist), document) == [dossier]
    with pytest.raises(NotYours):
        actions.open(act_as(cast.clerk), fields(file_notation="02.TH"), source=document)
    with pytest.raises(Document.DoesNotExist):
        actions.open(act_as(cast.colleague), fields(file_notation="03.TH"), source=document)


def test_in_bac_giang_chair_or_chief_open_from_a_document(cast, pdf):
    """Bắc Giang Điều 6.1: "Chủ tịch UBND thành phố hoặc Chánh Văn phòng ... lập hồ sơ giao cho
    phòng, đơn vị hoặc cán bộ".
    """
    document = play.assigned(cast, pdf)
    regulated(cast.city, "bac-giang-2014")
    with pytest.raises(NotYours) as refused:
        actions.open(act_as(cast.specialist), fields(), source=document)
    assert "khoản 1 Điều 6" in refused.value.article
    dossier = actions.open(
        act_as(cast.chair), fields(), source=document, keeper=appointment(cast.head), text="Giao."
    )
    assert dossier.keeper.user == cast.head
    assert Waiting.objects.get(document=dossier).user == cast.head
    assert dossier in Dossier.objects.visible_to(act_as(cast.head))
    assert "khoản 1 Điều 6" in DocumentAct.objects.get(target=dossier).article


def test_somebody_of_another_agency_keeps_no_dossier(cast):
    with pytest.raises(Refusal, match="không còn làm việc"):
        actions.open(act_as(cast.chair), fields(), keeper=appointment(cast.stranger))


# --- Tasks


def test_a_task_is_given_reported_ended_and_grows(cast, pdf):
    """Kon Tum Điều 20.2, 21.1; Bình Định chương III Điều 10.1: work without a document."""
    due = clock.today() + timedelta(days=3)
    task = actions.open_task(
        act_as(cast.head),
        Fields(title="Khảo sát vỉa hè", due_date=due),
        keeper=appointment(cast.specialist),
        text="Đi xem, báo cáo lại.",
    )
    assert task.is_task
    assert task.file_code is None
    assert Waiting.objects.get(document=task).due_date == due
    with pytest.raises(NotYours):
        actions.open_task(
            act_as(cast.specialist), Fields(title="x"), keeper=appointment(cast.head), text="x"
        )
    with pytest.raises(Refusal, match="đơn vị mình"):
        actions.open_task(
            act_as(cast.head), Fields(title="x"), keeper=appointment(cast.accountant), text="x"
        )
    done = actions.complete(act_as(cast.specialist), task, text="Đã khảo sát.")
    assert Waiting.objects.get(document=task).user == cast.head
    with pytest.raises(NotYours):
        actions.close(act_as(cast.specialist), done, end_date=clock.today())
    ended = actions.close(act_as(cast.head), done, end_date=clock.today())
    assert ended.state == "closed"
    again = actions.reopen(act_as(cast.head), ended, text="Còn thiếu.", decision_number="3/QĐ")
    grown = actions.grow(act_as(cast.specialist), again, fields(title="Vỉa hè"))
    assert not grown.is_task
    assert grown.file_code.endswith("01.TH")
    assert grown.number == task.number
    assert list(verifying.findings()) == []


# --- Items


def test_one_document_lies_in_two_dossiers_and_in_each_once(cast, pdf):
    document = play.assigned(cast, pdf)
    first, second = opened(cast), opened(cast, file_notation="02.TH")
    me = act_as(cast.specialist)
    for one in (first, second):
        actions.add_document(me, one, document)
    with pytest.raises(Refusal, match="đã có trong hồ sơ"):
        actions.add_document(me, first, document)
    assert set(dossiers_of(me, document)) == {first, second}
    assert Dossier.objects.get(pk=first.pk).doc_total == 1
    assert Dossier.objects.get(pk=first.pk).state == "in_process"


def test_what_the_actor_does_not_see_he_cannot_put_in(cast, pdf):
    hidden = play.registered(cast.clerk, pdf)
    with pytest.raises(Document.DoesNotExist):
        actions.add_document(act_as(cast.specialist), opened(cast), hidden)


def test_a_dossier_lies_in_no_dossier(cast):
    first, second = opened(cast), opened(cast, file_notation="02.TH")
    with pytest.raises(Document.DoesNotExist):
        actions.add_document(act_as(cast.specialist), first, second)


def test_notes_count_for_nothing_and_removing_needs_a_reason(cast):
    dossier, me = opened(cast), act_as(cast.specialist)
    note = actions.add_note(me, dossier, text="Chủ tịch chỉ đạo miệng.")
    assert Dossier.objects.get(pk=dossier.pk).doc_total == 0
    with pytest.raises(Refusal, match="lý do"):
        actions.remove_item(me, dossier, note, text="")
    for who in ("colleague", "accountant"):
        with pytest.raises(Dossier.DoesNotExist):
            actions.add_note(act_as(getattr(cast, who)), dossier, text="x")
    with pytest.raises(NotYours):
        actions.add_note(act_as(cast.clerk), dossier, text="x")


# --- The end


def test_complete_needs_the_issued_document_or_a_proposal(cast, pdf):
    """Bắc Giang Điều 6.2: "gắn văn bản phát hành hoặc ý kiến đề xuất"."""
    regulated(cast.city, "bac-giang-2014")
    dossier, me = opened(cast), act_as(cast.specialist)
    with pytest.raises(Refusal) as refused:
        actions.complete(me, dossier)
    assert "khoản 2 Điều 6" in refused.value.article
    item = actions.add_files(me, dossier, [play.upload(pdf, "cong-van-di.pdf")])[0]
    done = actions.complete(me, dossier, issued=item)
    assert (done.state, done.issued_id) == ("completed", item.pk)
    with pytest.raises(Stale):
        actions.complete(me, dossier, text="Lần nữa.")


def test_in_bac_giang_the_chair_closes(cast, pdf):
    """Bắc Giang Điều 6.3: "Chủ tịch UBND thành phố ... quyết định đóng hồ sơ công việc"."""
    regulated(cast.city, "bac-giang-2014")
    done = actions.complete(act_as(cast.specialist), opened(cast), text="Đề xuất.")
    waiting = Waiting.objects.get(document=done)
    assert (waiting.verb, waiting.user) == ("close", None)
    why = {"empty": "Chỉ có chỉ đạo miệng."}
    for who in ("specialist", "chief"):
        with pytest.raises(NotYours) as refused:
            actions.close(
                act_as(getattr(cast, who)), done, end_date=clock.today(), description="Xong."
            )
        assert "khoản 3 Điều 6" in refused.value.article
    back = actions.send_back(act_as(cast.chair), done, text="Chưa đủ.")
    assert back.state == "in_process"
    done = actions.complete(act_as(cast.specialist), back, text="Đề xuất đủ.")
    closed = actions.close(
        act_as(cast.chair), done, end_date=clock.today(), description="Xong.", overruled=why
    )
    assert closed.state == "closed"
    assert not Waiting.objects.filter(document=done).exists()


def test_elsewhere_whoever_does_the_work_closes(cast, pdf):
    """Cần Thơ Điều 13.4: with the day of its end and a note (fields 8 and 11)."""
    done = closable(cast, pdf)
    regulated(cast.city, "can-tho-2019")
    me = act_as(cast.specialist)
    assert checks.findings(me, done) == []
    with pytest.raises(Refusal) as refused:
        actions.close(me, done, end_date=clock.today())
    assert refused.value.field == "description"
    with pytest.raises(NotYours):
        actions.close(act_as(cast.chair), done, end_date=clock.today(), description="Xong.")
    closed = actions.close(me, done, end_date=clock.today(), description="Xong.")
    assert (closed.state, closed.end_date) == ("closed", clock.today())
    with pytest.raises(Stale):
        actions.add_note(me, closed, text="Thêm.")


def test_an_end_before_the_start_is_refused(cast, pdf):
    done = closable(cast, pdf)
    with pytest.raises(Refusal) as refused:
        actions.close(
            act_as(cast.specialist),
            done,
            end_date=done.day - timedelta(days=1),
            description="Xong.",
        )
    assert refused.value.field == "end_date"


def test_reopen_needs_a_reason_and_a_decision_that_stay(cast, pdf, client):
    done, me = closable(cast, pdf), act_as(cast.specialist)
    closed = actions.close(me, done, end_date=clock.today(), description="Xong.")
    for words in ({"text": "", "decision_number": "5/QĐ"}, {"text": "Sai.", "decision_number": ""}):
        with pytest.raises(Refusal):
            actions.reopen(me, closed, **words)
    again = actions.reopen(me, closed, text="Có khiếu nại.", decision_number="5/QĐ-UBND")
    assert (again.state, again.end_date) == ("in_process", None)
    done = actions.complete(me, again, text="Xong.")
    actions.close(me, done, end_date=clock.today(), description="Xong.")
    client.force_login(cast.specialist)
    page = client.get(done.get_absolute_url()).content.decode()
    assert "theo quyết định số 5/QĐ-UBND" in page
    assert "Có khiếu nại." in page


# --- The check before closing


def codes(cast: SimpleNamespace, dossier: Dossier, who: str = "specialist") -> set[str]:
    found = Dossier.objects.get(pk=dossier.pk)
    return {one.code for one in checks.findings(act_as(getattr(cast, who)), found)}


def test_open_work_on_its_documents_is_found_and_overruled_with_a_reason(cast, pdf):
    """NĐ 30/2020 Điều 29.4: the whole is looked through before it is closed."""
    document = play.assigned(cast, pdf)
    me = act_as(cast.specialist)
    dossier = actions.open(me, fields(), source=document)
    done = actions.complete(me, dossier, text="Xong.")
    assert codes(cast, done) == {"open_work"}
    with pytest.raises(Refusal, match="còn người đang xử lý"):
        actions.close(me, done, end_date=clock.today(), description="Xong.")
    with pytest.raises(Refusal):
        actions.close(
            me, done, end_date=clock.today(), description="Xong.", overruled={"open_work": " "}
        )
    actions.close(
        me,
        done,
        end_date=clock.today(),
        description="Xong.",
        overruled={"open_work": "Phần việc của phòng khác."},
    )
    act = DocumentAct.objects.filter(target=done).last()
    assert act.detail["overruled"][0]["code"] == "open_work"
    assert "Phần việc của phòng khác." in act.words.text


def test_doubles_numberless_and_short_retention_are_found(cast, pdf):
    me = act_as(cast.specialist)
    dossier = actions.open(
        me, fields(maintenance="5 năm"), source=play.finished(cast, pdf, code_number="")
    )
    actions.add_files(me, dossier, [play.upload(pdf)])
    other = opened(cast, file_notation="09.TH", maintenance="Vĩnh viễn")
    actions.add_document(me, other, dossier.items.first().document)
    assert codes(cast, dossier) >= {"no_number", "double", "short", "no_result"}


def test_a_paper_that_is_not_with_the_clerk_is_found(cast, pdf):
    document = play.assigned(cast, pdf)
    clerk = act_as(cast.clerk)
    paper = incoming_actions.keep_paper(clerk, document, sheets=2)
    me = act_as(cast.specialist)
    dossier = actions.open(me, fields(), source=document)
    assert "paper" not in codes(cast, dossier)
    incoming_actions.hand_over(clerk, paper, cast.planning, cast.specialist, sheets=2)
    assert "paper" in codes(cast, dossier)


# --- Rights


def test_a_change_of_the_field_of_rights_warns_and_is_confirmed(cast):
    """NĐ 30/2020 Phụ lục VI: field 4 says who may use it, and is confirmed; nobody sees more."""
    dossier, me = opened(cast), act_as(cast.specialist)
    with pytest.raises(Refusal) as refused:
        actions.correct(me, dossier, fields(rights="Hạn chế"), reason="Theo quy định.")
    assert refused.value.field == "confirmed"
    assert "không đổi người xem được hồ sơ" in refused.value.message  # it is a note
    assert Dossier.objects.get(pk=dossier.pk).rights == ""
    mended = actions.correct(
        me, dossier, fields(rights="Hạn chế"), reason="Theo quy định.", confirmed=True
    )
    assert mended.rights == "Hạn chế"
    assert "– → Hạn chế" in DocumentAct.objects.filter(target=dossier).last().words.text


def test_seeing_a_dossier_is_not_seeing_each_document(cast, pdf, client):
    """A hidden document shows as nothing: no line, no title, no total, no gap in the numbers."""
    mine = play.assigned(cast, pdf, subject="Văn bản của tôi")
    secret = play.submitted(cast, build(pages=7), subject="Nhân sự chủ chốt")
    last = play.assigned(cast, pdf, subject="Văn bản sau cùng")
    dossier = actions.open(act_as(cast.specialist), fields(), source=mine)
    actions.add_document(act_as(cast.chief), dossier, secret)
    actions.add_document(act_as(cast.specialist), dossier, last)
    client.force_login(cast.specialist)
    for path in ("?view=contents", "", "?q=chu+chot"):
        page = client.get(f"{dossier.get_absolute_url()}{path}").content.decode()
        assert "chủ chốt" not in page
        assert "không được mở" not in page
    page = client.get(f"{dossier.get_absolute_url()}?view=contents").content.decode()
    assert "số 2</span>" in page
    assert "số 3</span>" not in page
    assert "<dd>2</dd>" in page
    assert "<dd>3</dd>" not in page
    print_url = reverse("dossiers:contents", args=["kontum", dossier.pk])
    printed = client.get(print_url).content.decode()
    assert "chủ chốt" not in printed
    assert "có 2 văn bản" in printed
    client.force_login(cast.chief)
    assert "chủ chốt" in client.get(dossier.get_absolute_url()).content.decode()
    # Neither may he take it out, nor learn of it by moving.
    hidden = Item.objects.get(document=secret)
    with pytest.raises(Item.DoesNotExist):
        actions.remove_item(act_as(cast.specialist), dossier, hidden, text="Thừa.")


def test_where_the_regulation_says_so_hidden_documents_are_counted(cast, pdf, client):
    """An agency's own regulation may let it be known: how many, and nothing else of them."""
    mine = play.assigned(cast, pdf, subject="Văn bản của tôi")
    secret = play.submitted(cast, pdf, subject="Nhân sự chủ chốt")
    dossier = actions.open(act_as(cast.specialist), fields(), source=mine)
    actions.add_document(act_as(cast.chief), dossier, secret)
    client.force_login(cast.specialist)
    page = client.get(dossier.get_absolute_url()).content.decode()
    assert "không được mở" not in page
    regulated(cast.city, "gtvt-son-la")
    page = client.get(dossier.get_absolute_url()).content.decode()
    assert "1 văn bản không được mở" in page
    assert "chủ chốt" not in page
    print_url = reverse("dossiers:contents", args=["kontum", dossier.pk])
    assert "Ngoài ra có 1 văn bản không được mở" in client.get(print_url).content.decode()


# --- Links both ways


def test_finish_files_a_document_in_the_same_step(cast, pdf, client):
    """Kon Tum Điều 13.7c: "chọn “Kết thúc” và lưu văn bản vào Hồ sơ"."""
    me = act_as(cast.specialist)
    earlier = play.assigned(cast, pdf, organ_name="Sở Xây dựng", subject="Quy hoạch phân khu 3")
    other, dossier = (
        opened(cast, file_notation="02.TH", title="Thi đua khen thưởng"),
        opened(cast, title="Quy hoạch"),
    )
    actions.add_document(me, dossier, earlier)
    document = play.assigned(cast, pdf, organ_name="Sở Xây dựng", subject="Họp tổ giúp việc")
    proposed = proposed_for(me, document)
    assert [one.dossier for one in proposed] == [dossier, other]
    assert [one.why for one in proposed] == ["cùng cơ quan ban hành", ""]
    client.force_login(cast.specialist)
    page = client.get(f"{document.get_absolute_url()}?do=finish").content.decode()
    assert "cùng cơ quan ban hành" in page
    offered = page.split('name="dossier"')[1].split("</select>")[0]
    assert '<option value="" selected>' in offered
    assert offered.count("selected") == 1
    path = reverse("incoming:verb", args=["kontum", document.pk, "finish"])
    assert client.post(path, {"text": "Đã xong.", "dossier": dossier.pk}).status_code == 302
    assert dossiers_of(me, document) == [dossier]
    page = client.get(document.get_absolute_url()).content.decode()
    assert dossier.get_absolute_url() in page
    assert "01.TH" in page


def test_a_linked_document_leads_to_its_dossier(cast, pdf):
    me = act_as(cast.specialist)
    first, second = (
        play.assigned(cast, pdf),
        play.assigned(cast, pdf, subject="Việc hoàn toàn khác"),
    )
    opened(cast, file_notation="02.TH", title="Việc hoàn toàn khác")
    dossier = opened(cast, title="Thi đua")
    actions.add_document(me, dossier, first)
    incoming_actions.link(me, second, first, kind=LinkKind.ANSWERS)
    assert proposed_for(me, second)[0].dossier == dossier
    with pytest.raises(Document.DoesNotExist):
        incoming_actions.link(me, second, dossier, kind=LinkKind.ANSWERS)


def test_the_book_filters_by_a_dossier_that_the_reader_sees(cast, pdf, client):
    document = play.assigned(cast, pdf, subject="Văn bản trong hồ sơ")
    play.assigned(cast, pdf, subject="Văn bản bên ngoài")
    actions.open(act_as(cast.specialist), fields(title="Bờ kè phía đông"), source=document)
    path = reverse("incoming:book", args=["kontum"])
    client.force_login(cast.specialist)
    page = client.get(path, {"dossier": "bo ke phia dong"}).content.decode()
    assert "Văn bản trong hồ sơ" in page
    assert "Văn bản bên ngoài" not in page
    # The head of finance sees the document, not the dossier: it finds him nothing.
    client.force_login(cast.finance_head)
    page = client.get(path, {"dossier": "bo ke phia dong"}).content.decode()
    assert "Văn bản trong hồ sơ" not in page


def test_totals_follow_a_document_that_is_purged(cast, pdf):
    """Bắc Giang Điều 8.2: what is taken out counts no pages any more; its place stays."""
    document = play.assigned(cast, pdf)
    dossier = actions.open(act_as(cast.specialist), fields(), source=document)
    play.purged(cast.chair, document)
    dossier.refresh_from_db()
    assert (dossier.doc_total, dossier.page_total) == (1, 0)
    assert list(verifying.findings()) == []


PAYLOAD = '"><script>alert(1)</script>'


def test_whatever_is_typed_is_shown_as_text(cast, client, pdf):
    """Title, rights, creator, notes, results, reasons, file names and a decision's number."""
    me = act_as(cast.specialist)
    dossier = opened(
        cast,
        title=f"T{PAYLOAD}",
        rights=f"R{PAYLOAD}"[:30],
        creator=f"C{PAYLOAD}"[:30],
        language=f"L{PAYLOAD}"[:30],
        description=f"D{PAYLOAD}",
    )
    actions.add_note(me, dossier, text=f"N{PAYLOAD}")
    item = actions.add_files(me, dossier, [play.upload(pdf, f"F{PAYLOAD}.pdf")])[0]
    done = actions.complete(me, dossier, text=f"P{PAYLOAD}")
    why = {one.code: f"W{PAYLOAD}" for one in checks.findings(me, done)}
    closed = actions.close(
        me, done, end_date=clock.today(), description=f"E{PAYLOAD}", overruled=why
    )
    again = actions.reopen(me, closed, text=f"Q{PAYLOAD}", decision_number=f"S{PAYLOAD}")
    client.force_login(cast.specialist)
    page = again.get_absolute_url()
    for path in (
        page, f"{page}?view=contents", f"{page}contents/", f"{page}add_item/", f"{page}correct/",
        f"{page}complete/", f"{page}remove_item/?item={item.pk}",
        reverse("dossiers:dossiers", args=["kontum"]), reverse("reports:desk", args=["kontum"]),
    ):  # fmt: skip
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "<script>alert" not in answer.content.decode(), path
    assert client.get(f"{page}contents/?as=pdf").content.startswith(b"%PDF")


# --- Pages


def test_the_list_shows_mine_and_what_i_see(cast, client):
    mine = opened(cast)
    closed_to_me = opened(cast, "accountant", file_notation="05.KT", title="Quyết toán ngân sách")
    path = reverse("dossiers:dossiers", args=["kontum"])
    client.force_login(cast.specialist)
    page = client.get(path).content.decode()
    assert mine.get_absolute_url() in page
    assert "Chờ tôi" in page
    assert closed_to_me.get_absolute_url() not in page
    for query, found in (
        ("q=sat+lo", True), ("q=ngan+sach", False), ("state=closed", False), ("kind=task", False),
        (f"year={clock.today().year}", True), ("year=1999", False), ("lateness=none", True),
    ):  # fmt: skip
        page = client.get(f"{path}?{query}").content.decode()
        assert (mine.get_absolute_url() in page) is found, query
    assert client.get(f"{path}?year=abc&state=zz").status_code == 422


def test_search_finds_a_dossier_as_a_dossier(cast, client, pdf):
    dossier = opened(cast)
    play.assigned(cast, pdf)
    path = reverse("reports:search", args=["kontum"])
    client.force_login(cast.specialist)
    page = client.get(path, {"q": "sat lo bo ke"}).content.decode()
    assert dossier.get_absolute_url() in page
    assert page.count("search-dossiers") == 1
    client.force_login(cast.accountant)
    assert dossier.get_absolute_url() not in client.get(path, {"q": "sat lo"}).content.decode()
    # Counts of documents do not count dossiers.
    assert count_of(act_as(cast.chief), "incoming", narrow=lambda rows: rows, most=9) == 1


def test_the_desk_shows_a_dossier_and_leads_to_it(cast, client):
    dossier = opened(cast, due_date=clock.today() + timedelta(days=2))
    client.force_login(cast.specialist)
    page = client.get(reverse("reports:desk", args=["kontum"])).content.decode()
    assert dossier.get_absolute_url() in page
    assert "Giải quyết" in page
    done = actions.complete(act_as(cast.specialist), dossier, text="Xong.")
    page = client.get(reverse("reports:desk", args=["kontum"])).content.decode()
    assert reverse("dossiers:dossier_verb", args=["kontum", done.pk, "close"]) in page


def test_a_notification_of_a_dossier_has_its_words(cast, client):
    actions.open(act_as(cast.chair), fields(), keeper=appointment(cast.specialist))
    client.force_login(cast.specialist)
    page = client.get(reverse("reports:notifications", args=["kontum"])).content.decode()
    assert "Lập hồ sơ" in page
    assert "sạt lở" in page


def test_a_dossier_of_two_thousand_items_opens_in_under_twelve_queries(cast, pdf, client):
    few, many = opened(cast), opened(cast, file_notation="02.TH")
    document = play.assigned(cast, pdf)
    me = act_as(cast.specialist)
    for one in (few, many):
        actions.add_document(me, one, document)
    mine, now = appointment(cast.specialist), clock.now()
    Item.objects.bulk_create(
        Item(dossier=many, ordinal=place, text=f"Ghi {place}", added_by=mine, added_at=now)
        for place in range(2, 2001)
    )
    from tests.test_queries import asked  # noqa: PLC0415 -- its marks are its own

    counts = [len(asked(client, cast.specialist, one.get_absolute_url())) for one in (few, many)]
    assert counts[0] == counts[1]
    assert counts[1] < 12
    page = client.get(f"{many.get_absolute_url()}?view=contents&page=40").content.decode()
    assert "1951 đến 2000 trong 2000" in page


def test_every_verb_plays_through_its_form(cast, pdf, client):
    """Open, add a note and a file, move, correct, complete, close, reopen: over HTTP."""
    client.force_login(cast.specialist)
    new = reverse("dossiers:new_dossier", args=["kontum"])
    day = f"{clock.today():%d/%m/%Y}"
    typed = {
        "title": "Hồ sơ mới",
        "file_notation": "01TH",
        "maintenance": "10",
        "start_date": day,
        "creator": "Linh",
        "language": "Tiếng Việt",
        "keeper": appointment(cast.specialist).pk,
    }
    assert client.get(new).status_code == 200
    assert client.post(new, typed | {"file_notation": "xx"}).status_code == 422
    assert client.post(new, typed).status_code == 302
    assert client.post(new, typed).status_code == 409
    dossier = Dossier.objects.get()

    def post(verb: str, data: dict[str, Any]) -> int:
        path = f"{dossier.get_absolute_url()}{verb}/"
        assert client.get(path).status_code in (200, 302, 405)
        return client.post(path, data).status_code

    assert post("add_item", {"what": "note", "text": "Một"}) == 302
    assert post("add_item", {"what": "note", "text": "Hai"}) == 302
    assert post("add_item", {"what": "note", "text": ""}) == 409
    scan = SimpleUploadedFile("quet.pdf", pdf, content_type="application/pdf")
    assert post("add_item", {"what": "files", "files": scan}) == 302
    file = dossier.items.get(attachment__isnull=False)
    answer = client.get(f"{dossier.get_absolute_url()}files/{file.attachment.ordinal}/")
    assert b"".join(answer.streaming_content) == pdf
    assert (
        client.post(
            f"{dossier.get_absolute_url()}remove_item/", {"item": file.pk, "text": "Trùng"}
        ).status_code
        == 302
    )
    first, second = dossier.items.order_by("ordinal")
    assert post("move_item", {"item": second.pk, "to": "1"}) == 302
    assert list(dossier.items.order_by("ordinal")) == [second, first]
    assert (
        client.get(f"{dossier.get_absolute_url()}remove_item/?item={first.pk}").status_code == 200
    )
    assert (
        client.post(
            f"{dossier.get_absolute_url()}remove_item/", {"item": first.pk, "text": "Thừa"}
        ).status_code
        == 302
    )
    assert post("correct", typed | {"title": "Tên khác", "reason": "Nhầm"}) == 302
    assert post("complete", {"text": ""}) == 409
    assert post("complete", {"text": "Đã xong"}) == 302
    assert post("close", {"end_date": day, "description": "Xong"}) == 409
    ending = {"end_date": day, "description": "Xong", "why-empty": "Miệng"}
    assert post("close", ending) == 409  # a reason for nothing that was shown
    assert post("close", ending | {"shown-empty": "Hồ sơ chưa có văn bản nào"}) == 302
    assert post("reopen", {"text": "Sai", "decision_number": "1/QĐ"}) == 302
    assert client.post(f"{dossier.get_absolute_url()}dance/").status_code == 404
    call_command("verify_trail")
    call_command("verify_grants")
    call_command("verify_registers")
