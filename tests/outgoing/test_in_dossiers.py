"""Drafts in dossiers: begun out of one, told there, checked before it is closed."""

import pytest
from django.urls import reverse

from core.errors import Refusal
from core.text import fold
from documents.actions.giving import Line
from documents.choices import AssignmentRole
from dossiers import actions as dossiers
from dossiers import checks, verifying
from dossiers.actions import Fields
from outgoing import actions
from outgoing.choices import Medium, State
from outgoing.models import OutgoingDocument
from tests import cast as play
from tests.cast import act_as
from tests.files import build
from tests.keys import trusted
from tests.outgoing.drafts import at_state, body_of, drafted, submitted
from tests.outgoing.issuing import issued, to_post
from tests.outgoing.signing import bytes_of, keys_of, newest, out_to, read_again
from tests.outgoing.test_pages import PATH, typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]


def opened(cast):
    fields = Fields(title="Sửa bờ kè", file_notation="01TH", maintenance="20 năm")
    return dossiers.open(act_as(cast.specialist), fields)


def other(cast, notation="02TH", title="Chiếu sáng"):
    fields = Fields(title=title, file_notation=notation, maintenance="20 năm")
    return dossiers.open(act_as(cast.specialist), fields)


def codes(cast, dossier) -> set[str]:
    return {one.code for one in checks.findings(act_as(cast.specialist), dossier)}


def test_a_draft_is_begun_out_of_a_dossier_and_lies_in_it(client, cast):
    """Cần Thơ Điều 13.1: the drafter says where it belongs; both pages show the other."""
    body_of(cast)
    dossier = opened(cast)
    client.force_login(cast.specialist)
    page = client.get(dossier.get_absolute_url()).content.decode()
    assert f"{PATH}new/?dossier={dossier.pk}" in page
    client.post(PATH + "new/", typed(dossier=str(dossier.pk)))
    document = OutgoingDocument.objects.get()
    assert dossier.items.get().document_id == document.pk
    assert document.subject in client.get(dossier.get_absolute_url()).content.decode()
    assert dossier.subject in client.get(f"{PATH}{document.pk}/").content.decode()


def test_drafts_left_and_unissued_finals_are_found_before_closing(cast):
    """NĐ 30/2020 Điều 29.4: drafts are taken out; what was approved and never sent is told."""
    dossier = opened(cast)
    drafted(cast, dossier=dossier)
    assert "drafts_left" in codes(cast, dossier)
    approved = at_state(cast, State.APPROVED)
    second = other(cast)
    dossiers.add_document(act_as(cast.specialist), second, approved)
    assert "unissued" in codes(cast, second)


def test_work_ends_with_what_was_issued_not_with_a_draft(client, cast):
    """Bắc Giang Điều 6.2; and what the agency issues is not asked for a scan."""
    dossier = opened(cast)
    document = drafted(cast, dossier=dossier)
    assert "no_scan" not in codes(cast, dossier)
    item, me = dossier.items.get(document=document), act_as(cast.specialist)
    client.force_login(cast.specialist)
    path = reverse("dossiers:dossier_verb", args=["kontum", dossier.pk, "complete"])
    assert f'<option value="{item.pk}"' not in client.get(path).content.decode()
    with pytest.raises(Refusal, match="chưa phát hành"):
        dossiers.complete(me, dossier, issued=item)
    OutgoingDocument.objects.filter(pk=document.pk).update(state=State.ISSUED)
    assert f'<option value="{item.pk}"' in client.get(path).content.decode()
    assert dossiers.complete(me, dossier, issued=item).issued_id == item.pk


def test_who_is_given_a_dossier_may_be_shown_its_draft(client, cast):
    """A draft in it is shared like any document: by those who work on it, with those who help."""
    dossier = opened(cast)
    document = drafted(cast, dossier=dossier)
    client.force_login(cast.accountant)
    assert client.get(f"{PATH}{document.pk}/").status_code == 404
    line = Line(AssignmentRole.INFORM, cast.finance, cast.accountant)
    actions.share(act_as(cast.specialist), document, [line])
    assert client.get(f"{PATH}{document.pk}/").status_code == 200
    shown = document.assignments.get()
    assert shown.state == "done"  # opening it is reading it


def test_a_draft_and_what_was_issued_are_put_in_from_either_page(client, cast):
    """One document in several dossiers, without copying; whoever drafts says where it belongs."""
    first, second = opened(cast), other(cast)
    draft = drafted(cast)
    client.force_login(cast.specialist)
    page = client.get(f"{PATH}{draft.pk}/").content.decode()
    assert "Chưa nằm trong hồ sơ nào." in page
    assert f'href="{PATH}{draft.pk}/file/"' in page
    chosen = client.get(f"{PATH}{draft.pk}/file/").content.decode()
    assert first.subject in chosen
    assert second.subject in chosen
    answer = client.post(f"{PATH}{draft.pk}/file/", {"dossier": str(first.pk)})
    assert answer.status_code == 302
    assert client.post(f"{PATH}{draft.pk}/file/", {}).status_code == 409
    # And from the dossier: looked for by words, without marks.
    path = reverse("dossiers:add_item", args=["kontum", second.pk])
    found = client.get(path, {"q": fold(draft.subject)[:12]}).content.decode()
    assert f'name="document" value="{draft.pk}"' in found
    assert "dự thảo" in found
    assert client.post(path, {"what": "document", "document": str(draft.pk)}).status_code == 302
    assert {one.dossier_id for one in draft.in_dossiers.all()} == {first.pk, second.pk}
    assert client.post(path, {"what": "document", "document": str(draft.pk)}).status_code == 409
    # What was given up is not offered any more, nor filed.
    actions.abandon(act_as(cast.specialist), read_again(draft))
    third = other(cast, "03TH", "Thoát nước")
    path = reverse("dossiers:add_item", args=["kontum", third.pk])
    assert f'value="{draft.pk}"' not in client.get(path).content.decode()
    client.post(f"{PATH}{draft.pk}/file/", {"dossier": str(third.pk)})
    assert not third.items.exists()


def test_lists_of_what_goes_out_are_narrowed_to_a_dossier(client, cast):
    dossier = opened(cast)
    inside, outside = drafted(cast, dossier=dossier), drafted(cast)
    rows = "data-row-link>"
    client.force_login(cast.specialist)
    for tab in ("mine", "all"):
        page = client.get(PATH, {"tab": tab, "dossier": "bo ke"}).content.decode()
        assert page.count(rows) == 1
        assert f"{PATH}{inside.pk}/" in page
        assert f"{PATH}{outside.pk}/" not in page
    assert client.get(PATH, {"tab": "mine"}).content.decode().count(rows) == 2
    assert client.get(PATH, {"tab": "all", "dossier": "khong co"}).content.decode().count(rows) == 0
    # A dossier that its reader does not see narrows to nothing: it cannot be guessed at.
    actions.share(act_as(cast.specialist), inside, [Line("inform", cast.finance, cast.accountant)])
    client.force_login(cast.accountant)
    assert client.get(PATH, {"tab": "all"}).content.decode().count(rows) == 1
    assert client.get(PATH, {"tab": "all", "dossier": "bo ke"}).content.decode().count(rows) == 0


def test_what_has_not_arrived_is_narrowed_to_a_dossier(client, cast):
    dossier = opened(cast)
    first, second = issued(cast, to_post("Hội Nông dân")), issued(cast, to_post("Hội Phụ nữ"))
    dossiers.add_document(act_as(cast.specialist), dossier, first)
    client.force_login(cast.clerk)
    path = reverse("outgoing:undelivered", args=["kontum"])
    page = client.get(path, {"dossier": "bo ke"}).content.decode()
    assert "Hội Nông dân" in page
    assert "Hội Phụ nữ" not in page
    assert "Hội Phụ nữ" in client.get(path).content.decode()
    book = reverse("outgoing:book", args=["kontum"])
    row = f'href="{PATH}{{}}/"'
    page = client.get(book, {"dossier": "bo ke"}).content.decode()
    assert row.format(first.pk) in page
    assert row.format(second.pk) not in page
    assert row.format(second.pk) in client.get(book).content.decode()
    nothing = client.get(path, {"dossier": "khong co"}).content.decode()
    assert "Không có văn bản nào của hồ sơ này chưa đến nơi." in nothing


def test_electronic_finals_without_a_valid_signature_and_doubles(cast, settings, tmp_path):
    """NĐ 30/2020 Điều 29.4, 30: what was signed is told from what only says so."""
    settings.SIGNATURE_ANCHORS = trusted(tmp_path)
    dossier = opened(cast)
    me = act_as(cast.specialist)
    good = out_to(cast, State.SEALED, keys_of(cast))
    dossiers.add_document(me, dossier, good)
    assert "unsigned_finals" not in codes(cast, dossier)
    # The file itself again, as a file of the dossier.
    upload = play.upload(bytes_of(good), "ban-luu.pdf")
    dossiers.add_files(me, dossier, [upload])
    found = {one.code: one for one in checks.findings(me, dossier)}
    assert len(found["double"].items) == 2
    broken = newest(good)
    broken.file.signatures = {"verdict": "invalid", "signatures": []}
    broken.file.save()
    assert "unsigned_finals" in codes(cast, dossier)
    # Signed on paper it bears its signature there.
    OutgoingDocument.objects.filter(pk=good.pk).update(medium=Medium.PAPER)
    assert "unsigned_finals" not in codes(cast, dossier)


def test_what_was_given_up_or_recalled_is_told_before_closing(cast):
    """NĐ 30/2020 Điều 29.4: drafts are taken out; a dossier ends with what stands."""
    me, dossier = act_as(cast.specialist), opened(cast)
    draft = drafted(cast, dossier=dossier)
    actions.abandon(me, read_again(draft))
    assert "drafts_left" in codes(cast, dossier)
    second = other(cast)
    sent = issued(cast, to_post("Hội Nông dân"))
    dossiers.add_document(me, second, sent)
    done = dossiers.complete(me, second, issued=second.items.get())
    assert "result_recalled" not in codes(cast, done)
    actions.recall(act_as(cast.clerk), read_again(sent), text="Sai số liệu.")
    assert "result_recalled" in codes(cast, done)


def test_a_draft_given_up_while_the_page_was_open_does_not_go_in(cast):
    dossier, draft = opened(cast), drafted(cast)
    actions.abandon(act_as(cast.specialist), read_again(draft))
    with pytest.raises(Refusal, match="Dự thảo đã bỏ"):
        dossiers.add_document(act_as(cast.specialist), dossier, draft)
    assert not dossier.items.exists()


def test_pages_of_a_draft_are_counted_when_it_has_them(cast):
    """Field 10 is by the system (Cần Thơ Điều 13.5): a draft has pages once it is submitted."""
    dossier = opened(cast)
    draft = drafted(cast, dossier=dossier)
    dossier.refresh_from_db()
    assert (dossier.doc_total, dossier.page_total) == (1, 0)
    submitted(cast.specialist, draft)
    dossier.refresh_from_db()
    assert (dossier.doc_total, dossier.page_total) == (1, 1)
    assert list(verifying.findings()) == []


def test_a_file_as_the_result_is_asked_for_its_signature(cast):
    me, dossier = act_as(cast.specialist), opened(cast)
    dossiers.add_files(me, dossier, [play.upload(build(pages=1))])
    done = dossiers.complete(me, dossier, issued=dossier.items.get())
    assert "unsigned_result" in codes(cast, done)


def test_searching_in_a_dossier_finds_what_goes_out_of_it(client, cast):
    dossier = opened(cast)
    inside, outside = drafted(cast, dossier=dossier), drafted(cast)
    client.force_login(cast.specialist)
    path = reverse("reports:search", args=["kontum"])
    page = client.get(path, {"dossier": "bo ke"}).content.decode()
    assert f"{PATH}{inside.pk}/" in page
    assert f"{PATH}{outside.pk}/" not in page
    page = client.get(path, {"q": fold(inside.subject)[:12]}).content.decode()
    assert f"{PATH}{outside.pk}/" in page
