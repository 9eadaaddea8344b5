"""Drafts in dossiers: begun out of one, told there, checked before it is closed."""

import pytest
from django.urls import reverse

from core.errors import Refusal
from documents.actions.giving import Line
from documents.choices import AssignmentRole
from dossiers import actions as dossiers
from dossiers import checks
from dossiers.actions import Fields
from outgoing import actions
from outgoing.choices import State
from outgoing.models import OutgoingDocument
from tests.cast import act_as
from tests.outgoing.drafts import at_state, body_of, drafted
from tests.outgoing.test_pages import PATH, typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]


def opened(cast):
    fields = Fields(title="Sửa bờ kè", file_notation="01TH", maintenance="20 năm")
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


def test_drafts_left_and_unsigned_finals_are_found_before_closing(cast):
    """NĐ 30/2020 Điều 29.4: drafts are taken out; what was approved and never signed is told."""
    dossier = opened(cast)
    drafted(cast, dossier=dossier)
    assert "drafts_left" in codes(cast, dossier)
    approved = at_state(cast, State.APPROVED)
    other = dossiers.open(
        act_as(cast.specialist),
        Fields(title="Chiếu sáng", file_notation="02TH", maintenance="20 năm"),
    )
    dossiers.add_document(act_as(cast.specialist), other, approved)
    assert "unsigned_finals" in codes(cast, other)


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
