"""purge: by decision, all that a document says goes; the number and the provable fact stay."""

import logging
import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import DatabaseError, connection, connections, transaction
from django.urls import reverse

from accounts.actions import delegate
from accounts.choices import Scope
from core import clock
from core.errors import NotYours, Refusal, Stale
from documents import previews
from documents.choices import AssignmentRole
from documents.models import ActText, Attachment, Document, DocumentAct, StoredFile, Waiting
from dossiers import actions as dossiers
from dossiers.actions import Fields
from dossiers.models import Dossier
from incoming import actions, rules
from incoming.actions import Annex, Line
from incoming.models import IncomingDocument
from notifications.models import Notification
from tests import cast as play
from tests import files
from tests.cast import act_as
from tests.stored import everything_stored, temporary_files

pytestmark = pytest.mark.usefixtures("committed")
TODAY = clock.today()


def sound() -> None:
    for command in ("verify_trail", "verify_grants", "verify_registers", "verify_files"):
        call_command(command)  # leaves by SystemExit when it finds something


def secret(mark: str) -> bytes:
    return files.build(content=f"BT /F1 14 Tf 72 770 Td ({mark}NOIDUNG) Tj ET".encode())


def lived(cast, mark: str) -> IncomingDocument:
    """A document that many have written about, every word of it with the mark."""
    words = {
        "subject": f"{mark} trích yếu",
        "organ_name": f"{mark} nơi gửi",
        "description": f"{mark} ghi chú",
        "signer_full_name": f"{mark} ký",
        "signer_position": f"{mark} chức vụ",
        "code_notation": mark[:20],
    }
    document = play.received(cast.clerk, secret(mark), f"{mark}.pdf")
    document = actions.register(act_as(cast.clerk), document, play.entry(**words))
    words["subject"] = f"{mark} trích yếu đã sửa"
    document = actions.correct(
        act_as(cast.clerk), document, play.entry(**words), reason=f"{mark} gõ nhầm"
    )
    other = play.registered(cast.clerk, files.build(), code_number="9999")
    actions.link(act_as(cast.clerk), document, other, kind="answers")
    annex = Annex(40, f"{mark} bản vẽ")
    actions.keep_paper(act_as(cast.clerk), document, annex=annex)
    document = actions.submit(act_as(cast.clerk), document, text=f"{mark} lời trình")
    wanted = Line(AssignmentRole.LEAD, cast.planning, None, f"{mark} đề xuất giao")
    document = actions.propose(
        act_as(cast.chief), document, cast.chair, text=f"{mark} đề xuất", lines=[wanted]
    )
    document = actions.direct(act_as(cast.chair), document, text=f"{mark} chỉ đạo", lines=[wanted])
    line = Line(AssignmentRole.LEAD, cast.planning, None, f"{mark} giao", TODAY + timedelta(days=3))
    document = actions.distribute(act_as(cast.chief), document, [line], text=f"{mark} ý kiến")
    document = actions.comment(act_as(cast.head), document, text=f"{mark} góp ý")
    asked = Line(AssignmentRole.COORDINATE, cast.finance)
    head, later = act_as(cast.head), TODAY + timedelta(days=9)
    actions.ask_opinion(head, document, [asked], text=f"{mark} hỏi")
    actions.give_opinion(
        act_as(cast.finance_head), document, stance="other", text=f"{mark} trả lời"
    )
    actions.ask_opinion(head, document, [asked], text=f"{mark} hỏi lại")
    actions.request_extension(head, document, day=later, text=f"{mark} xin thêm")
    keep(cast, document, mark)
    return actions.progress(act_as(cast.head), document, percent=50, text=f"{mark} tiến độ")


def keep(cast, document: IncomingDocument, mark: str) -> None:
    """One dossier was opened from it, another one bore its name for a while."""
    title = {"title": document.subject, "maintenance": "20 năm"}
    head = act_as(cast.head)
    first = Fields(file_notation="01TH", **title)
    dossiers.open(head, first, source=document, text=f"{mark} mở từ văn bản")
    second = dossiers.open(head, Fields(file_notation="02TH", **title))
    dossiers.add_document(head, second, document, text=f"{mark} đưa vào")
    named = Fields(file_notation="02TH", title="Hồ sơ về kè sông", maintenance="20 năm")
    dossiers.correct(head, second, named, reason="Đặt lại tiêu đề.")
    third = dossiers.open(head, Fields(file_notation="03TH", **title), source=document)
    dossiers.remove_item(head, third, third.items.get(), text=f"{mark} lấy ra")


def test_after_a_purge_nothing_but_the_fact_is_left(client, cast, caplog):
    """Bắc Giang Điều 8.2; Kon Tum Điều 4.1: in no table, file, picture, cache or log."""
    caplog.set_level(logging.DEBUG)
    mark = f"DAU{uuid4().hex}"
    document = lived(cast, mark)
    for user in (cast.clerk, cast.head):
        client.force_login(user)
        client.get(document.get_absolute_url())
        image = reverse("incoming:page", args=[cast.city.slug, document.pk, 1, 1])
        assert client.get(image).status_code == 200
    before = everything_stored()
    assert before.count(mark) > 15
    assert f"{mark}NOIDUNG" in before
    trail = list(DocumentAct.objects.order_by("pk").values_list("hash", "note_hash"))
    caplog.clear()
    client.force_login(cast.chair)
    url = reverse("incoming:verb", args=[cast.city.slug, document.pk, "purge"])
    answer = client.post(
        url,
        {
            "reason": "state_secrets",
            "decision_number": "12/QĐ-UBND",
            "decision_date": f"{TODAY:%d/%m/%Y}",
            "understood": "on",
        },
    )
    assert answer.status_code == 302
    after = everything_stored()
    assert "Bùi Thị Hồng Nhung" in after  # the search does find what is there
    assert mark not in after
    assert mark not in caplog.text
    assert mark not in str(dict(client.session))
    assert temporary_files(mark) == []
    kept = set(StoredFile.objects.values_list("pk", flat=True))  # of the letter it was linked to
    left = [path for path in settings.DATA_ROOT.rglob("*") if path.is_file()]
    assert [path for path in left if not any(key in str(path) for key in kept)] == []
    assert len(kept) == 1
    # What is left: the number, who did what when, and the decision.
    gone = IncomingDocument.objects.get(pk=document.pk)
    assert (gone.state, gone.number, gone.refusal_reason) == ("void", 1, "state_secrets")
    assert gone.subject == f"Đã gỡ theo quyết định số 12/QĐ-UBND ngày {TODAY:%d/%m/%Y}"
    acts = DocumentAct.objects.order_by("pk").values_list("hash", "note_hash")
    assert list(acts)[: len(trail)] == trail
    act = DocumentAct.objects.filter(target=document.pk).last()
    assert act.verb == "purge"
    assert act.article.startswith("khoản 1 Điều 4 Quy chế")
    assert act.detail == {
        "reason": "state_secrets",
        "decision_number": "12/QĐ-UBND",
        "decision_date": TODAY.isoformat(),
        "files": 1,
        "dossiers": list(Dossier.objects.order_by("pk").values_list("pk", flat=True)),
    }
    assert not ActText.objects.exists()
    assert not Document.history.filter(id=document.pk).exists()
    assert not Waiting.objects.filter(document_id=document.pk).exists()
    sound()
    for user in (cast.clerk, cast.head, cast.chair):
        client.force_login(user)
        page = client.get(document.get_absolute_url())
        assert page.status_code == 200
        assert "Nội dung đã gỡ khỏi hệ thống." in page.content.decode()
        assert "theo quyết định số 12/QĐ-UBND" in page.content.decode()
        book = client.get(reverse("incoming:book", args=[cast.city.slug])).content.decode()
        assert "Đã gỡ theo quyết định số 12/QĐ-UBND" in book
        assert client.get(image).status_code == 404
    assert not Document.objects.matching(mark).exists()


def test_dossiers_keep_none_of_its_words_and_their_keepers_are_told(client, cast, pdf):
    """Bắc Giang Điều 8.2: the title of a dossier is read by those who never saw the document."""
    document = play.distributed(cast, pdf, subject="Danh sách người tố cáo ông Kiên")
    document.refresh_from_db()
    head = act_as(cast.head)
    titled = Fields(file_notation="01TH", title=document.subject, maintenance="20 năm")
    dossier = dossiers.open(head, titled, source=document)
    own = Fields(file_notation="02TH", title="Công tác kè năm nay", maintenance="20 năm")
    other = dossiers.open(act_as(cast.finance_head), own)
    dossiers.add_document(act_as(cast.finance_head), other, document, text="Ông Kiên.")
    told = [Line(AssignmentRole.INFORM, cast.office, cast.adviser)]
    dossiers.share(head, dossier, told, confirmed=True)
    client.force_login(cast.chair)
    page = client.get(f"{document.get_absolute_url()}?do=purge").content.decode()
    assert "Văn bản đang nằm trong hồ sơ; người giải quyết được báo" in page
    assert "Công tác kè năm nay" in page
    play.purged(cast.chair, document)
    dossier.refresh_from_db()
    other.refresh_from_db()
    assert dossier.subject == f"Hồ sơ có văn bản đã gỡ nội dung, số {dossier.number}"
    assert other.subject == "Công tác kè năm nay"
    for words in ("Danh sách người tố cáo", "danh sach nguoi to cao", "Ông Kiên."):
        assert words not in everything_stored()
    for keeper, one in ((cast.head, dossier), (cast.finance_head, other)):
        told = Notification.objects.filter(user=keeper, path=one.get_absolute_url())
        assert told.filter(kind="item_purged").count() == 1
        act = one.acts.last()
        assert (act.verb, act.detail) == ("item_purged", {"document": document.pk})
    client.force_login(cast.head)
    desk = client.get(reverse("reports:notifications", args=[cast.city.slug])).content.decode()
    assert "Văn bản đã gỡ nội dung, xem lại tiêu đề, ghi chép của hồ sơ" in desk
    # Who was shown the dossier and never the document learns nothing of it.
    for reader, told in ((cast.head, True), (cast.chief, True), (cast.adviser, False)):
        client.force_login(reader)
        page = client.get(dossier.get_absolute_url()).content.decode()
        assert ("gỡ nội dung một văn bản trong hồ sơ" in page) is told, reader
    sound()


def test_notes_and_directives_of_a_dossier_quote_it_no_more(cast, pdf):
    """Bắc Giang Điều 8.2: what quotes it word for word goes, whatever else is said stays."""
    called = "Danh sách người tố cáo ông Kiên"
    document = play.distributed(cast, pdf, subject=called)
    head, lead = act_as(cast.head), act_as(cast.specialist)
    typed = Fields(
        file_notation="01TH",
        title=f"Vụ việc: {called}, năm nay",
        maintenance="20 năm",
        description=f"Kèm {called.upper()}",
    )
    dossier = dossiers.open(head, typed, source=document)
    dossiers.add_note(head, dossier, text=f"Đã đọc “{called}”, sẽ họp.")
    line = Line(AssignmentRole.LEAD, cast.planning, cast.specialist, f"Xem {called}.")
    dossier = dossiers.give_out(head, dossier, [line], text=f"Theo {called}.")
    more = [Line(AssignmentRole.COORDINATE, cast.finance, None, f"Về {called}.")]
    dossier = dossiers.propose_coordinators(lead, dossier, more, text="Cần số liệu.")
    dossier = dossiers.ask_opinion(lead, dossier, more, text=f"Ý kiến về {called}?")
    play.purged(cast.chair, document)
    for words in (called, called.upper(), "danh sach nguoi to cao"):
        assert words not in everything_stored()
    dossier.refresh_from_db()
    assert dossier.subject == "Vụ việc: [đã gỡ], năm nay"
    assert dossier.description == "Kèm [đã gỡ]"
    assert dossier.items.get(document=None).text == "Đã đọc “[đã gỡ]”, sẽ họp."
    assert dossier.assignments.get().directive == "Xem [đã gỡ]."
    assert dossier.proposals.get().directive == "Về [đã gỡ]."
    sound()


def test_content_that_another_document_holds_stays(cast, pdf):
    """Stored once: of two documents with the same file one is purged."""
    first = play.registered(cast.clerk, pdf)
    second = play.registered(cast.ward_clerk, pdf, code_number="9")
    play.purged(cast.chair, first)
    assert not Attachment.objects.filter(document=first.pk).exists()
    stored = StoredFile.objects.get()
    assert storages["store"].exists(stored.path)
    sound()
    play.purged(cast.ward_chair, second)
    assert not StoredFile.objects.exists()
    assert not storages["store"].exists(stored.path)
    sound()


def test_the_same_content_may_come_again(cast, pdf):
    play.purged(cast.chair, play.registered(cast.clerk, pdf))
    play.registered(cast.clerk, pdf)
    sound()


def test_a_picture_that_is_drawn_meanwhile_goes_too(cast, pdf):
    """A worker that still held the file leaves no page behind."""
    document = play.registered(cast.clerk, pdf)
    file = StoredFile.objects.get()
    play.purged(cast.chair, document)
    store, derived = storages["store"], storages["derived"]
    store.save(file.path, ContentFile(pdf))  # what the worker had opened before it went
    assert previews.page_image(file, 0) is None
    previews.warm(file, 1)
    assert not derived.exists(f"{file.path}.pages")
    store.delete(file.path)
    sound()


def test_acts_stay_insert_only(cast, pdf):
    """The row trigger stands: a purge takes words, not acts."""
    document = play.purged(cast.chair, play.registered(cast.clerk, pdf))
    change = "UPDATE documents_documentact SET verb = 'x'"
    for statement in (change, "DELETE FROM documents_documentact"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert DocumentAct.objects.filter(target=document.pk).count() == 3


# --- Who may, and on what ground.


def test_only_a_leader_purges(cast, pdf):
    """Bắc Giang Điều 8.2: "Mọi thay đổi nội dung ... do Chủ tịch UBND thành phố quyết định"."""
    document = play.submitted(cast, pdf)
    for name in ("clerk", "chief", "archivist"):
        with pytest.raises(NotYours, match="gỡ văn bản khỏi hệ thống, theo quyết định"):
            play.purged(getattr(cast, name), document)
    type(cast.city).objects.filter(pk=cast.city.pk).update(regulation_name="bac-giang-2014")
    refusal = rules.may_purge(act_as(cast.clerk), document)
    assert refusal.article.startswith("khoản 2 Điều 8 Quy chế")
    assert refusal.message.startswith("Chỉ Chủ tịch UBND thành phố gỡ văn bản")
    assert play.purged(cast.chair, document).state == "void"


def test_where_the_chair_is_named_a_vice_purges_only_in_his_place(cast, pdf):
    """Bắc Giang Điều 8.2, 5.3d; elsewhere a leader decides."""
    document = play.submitted(cast, pdf)
    assert rules.may_purge(act_as(cast.vice), document) is None
    type(cast.city).objects.filter(pk=cast.city.pk).update(regulation_name="bac-giang-2014")
    with pytest.raises(NotYours, match="gỡ văn bản khỏi hệ thống"):
        play.purged(cast.vice, document)
    until = TODAY + timedelta(days=2)
    given = delegate(act_as(cast.chair), cast.vice, start_date=TODAY, end_date=until)
    type(given).objects.filter(pk=given.pk).update(scope=Scope.ROUTINE)
    with pytest.raises(NotYours, match="gỡ văn bản khỏi hệ thống"):
        play.purged(cast.vice, document)
    type(given).objects.filter(pk=given.pk).update(scope=Scope.ALL)
    document = play.purged(cast.vice, document)
    act = DocumentAct.objects.filter(target_id=document.pk).last()
    assert (act.verb, act.on_behalf_of.user) == ("purge", cast.chair)


def test_what_is_in_the_tray_is_refused_instead(cast, pdf):
    document = play.received(cast.clerk, pdf)
    with pytest.raises(Stale, match="văn thư từ chối"):
        play.purged(cast.chair, document)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": "vì tôi thích"}, "reason"),
        ({"reason": "harmful"}, "reason"),  # Sơn La forbids it, Kon Tum does not
        ({"decision_number": "  "}, "decision_number"),
        ({"decision_number": "1" * 61}, "decision_number"),
        ({"decision_date": TODAY + timedelta(days=1)}, "decision_date"),
    ],
)
def test_a_purge_needs_its_ground(cast, pdf, changes, field):
    document = play.registered(cast.clerk, pdf)
    with pytest.raises(Refusal) as refused:
        play.purged(cast.chair, document, **changes)
    assert refused.value.field == field
    assert IncomingDocument.objects.get().subject == play.entry().subject


def test_the_form_asks_once_more(client, cast, pdf):
    document = play.registered(cast.clerk, pdf)
    client.force_login(cast.chair)
    page = client.get(f"{document.get_absolute_url()}?do=purge").content.decode()
    assert "không lấy lại được" in page
    url = reverse("incoming:verb", args=[cast.city.slug, document.pk, "purge"])
    values = {
        "reason": "by_name",
        "decision_number": "3",
        "decision_date": f"{TODAY:%d/%m/%Y}",
    }
    answer = client.post(url, values)
    assert answer.status_code == 422
    assert "Đánh dấu ô này rồi mới gỡ được." in answer.content.decode()
    assert client.post(url, values | {"understood": "on"}).status_code == 302


@pytest.mark.race
def test_a_purge_and_another_verb_at_once(cast, pdf):
    """One wins; the other is told, or comes first and goes with the rest."""
    document = play.distributed(cast, pdf)
    start, answers = threading.Barrier(2), []

    def run(work) -> None:
        try:
            start.wait(60)
            answers.append(work().state)
        except Refusal as refusal:
            answers.append(refusal)
        finally:
            connections.close_all()

    chair, head = act_as(cast.chair), act_as(cast.head)
    works = (
        lambda: play.purged(cast.chair, document, chair),
        lambda: actions.progress(head, document, percent=10, text="DAUVETLOI"),
    )
    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    told = [one for one in answers if isinstance(one, Refusal)]
    assert "void" in answers
    assert all("Đã gỡ" in str(one) or "giao việc" in str(one) for one in told)
    assert "DAUVETLOI" not in everything_stored()
    sound()


@pytest.mark.race
def test_the_same_content_is_purged_and_stored_at_once(cast, pdf):
    """Whoever is quicker: what a document holds is in the store, and nothing else."""
    for round_ in range(5):
        first = play.registered(cast.clerk, pdf, code_number=f"{round_}1")
        second = play.received(cast.ward_clerk, pdf)
        start, faults = threading.Barrier(2), []

        def run(work, start=start, faults=faults) -> None:
            try:
                start.wait(60)
                work()
            except Exception as error:  # noqa: BLE001 -- shown by the assertion
                faults.append(error)
            finally:
                connections.close_all()

        chair, clerk = act_as(cast.chair), act_as(cast.ward_clerk)
        works = (
            lambda chair=chair, first=first: play.purged(cast.chair, first, chair),
            lambda clerk=clerk, second=second: actions.register(clerk, second, play.entry()),
        )
        threads = [threading.Thread(target=run, args=(work,)) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        assert faults == []
        sound()
        play.purged(cast.ward_chair, second)
        sound()


@pytest.mark.parametrize("rule", ["may_share", "may_link", "may_keep_paper"])
def test_of_a_purged_document_it_is_said_that_it_was_taken_out(cast, pdf, rule):
    """Bắc Giang Điều 8.2: it was registered; "chưa đăng ký" would be untrue."""
    document = play.registered(cast.clerk, pdf)
    assert getattr(rules, rule)(act_as(cast.clerk), document) is None
    document = play.purged(cast.chair, document)
    refusal = getattr(rules, rule)(act_as(cast.clerk), document)
    assert isinstance(refusal, Stale)
    assert str(refusal).startswith("Văn bản đã gỡ")
