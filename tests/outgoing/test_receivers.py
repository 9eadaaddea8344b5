"""Nơi nhận by hand: typed lines, and what is typed about those whom a document has gone to."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import DirectoryEntry
from core import clock
from documents.models import DocumentAct
from incoming.models import IncomingDocument
from outgoing import actions
from outgoing.choices import DeliveryCode, Verb
from outgoing.models import Delivery, OutgoingDocument
from signatures.choices import Copy
from tests.cast import act_as, registered
from tests.files import build
from tests.outgoing.drafts import body_of
from tests.outgoing.issuing import issued, sealed, to_agency, to_post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]


PETITION = "Đơn tố cáo"


def url(name: str, document: OutgoingDocument | IncomingDocument) -> str:
    return reverse(f"outgoing:{name}", args=["kontum", document.pk])


def rows_of(document: OutgoingDocument) -> list[tuple[Any, ...]]:
    rows = Delivery.objects.filter(document=document).order_by("pk")
    return list(rows.values_list("organ_name", "way", "address", "copies"))


def test_one_of_the_system_is_also_sent_the_paper_to_an_address(cast, client):
    """Sơn La Điều 8.1: through the system, and the paper by post to where the line says."""
    document = sealed(cast)
    client.force_login(cast.clerk)
    lines = "Sở Xây dựng | qua hệ thống và bản giấy | 12 Nguyễn Huệ | 2"
    answer = client.post(url("issue", document), {"lines": lines})
    assert (answer.status_code, answer.url) == (302, document.get_absolute_url())
    assert rows_of(document) == [
        ("Sở Xây dựng", "inside", "", 1),
        ("Sở Xây dựng", "paper", "12 Nguyễn Huệ", 2),
    ]
    assert Delivery.objects.filter(document=document, agency=cast.elsewhere).count() == 2


def test_a_postal_address_without_a_way_is_no_mailbox(cast, client):
    """Somebody of the directory with a mailbox: the line names a street, so a paper goes there."""
    DirectoryEntry.objects.create(organ_name="Báo Kon Tum", email="bao@kontum.example")
    document = sealed(cast)
    client.force_login(cast.clerk)
    lines = "Báo Kon Tum | | 5 Lê Lợi\nSở Xây dựng | hệ thống | 12 Nguyễn Huệ"
    assert client.post(url("issue", document), {"lines": lines}).status_code == 302
    assert rows_of(document) == [
        ("Báo Kon Tum", "paper", "5 Lê Lợi", 1),
        ("Sở Xây dựng", "inside", "", 1),
    ]


def test_what_was_typed_about_receivers_stays_when_it_is_refused(cast, client):
    """No row was ticked, or the day is none: words, ticks and day stand there again."""
    document = issued(cast, to_post("Hội Nông dân"), to_post("Hội Phụ nữ"))
    first = document.deliveries.order_by("pk").first()
    client.force_login(cast.clerk)
    wrong = client.post(url("note_sent", document), {"delivery": first.pk, "day": "31/02/2026"})
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert 'value="31/02/2026"' in page
    assert f'value="{first.pk}" form="note-sent" checked' in page
    assert page.count(" checked") == 1
    late = (clock.today() + timedelta(days=1)).strftime("%d/%m/%Y")
    refused = client.post(url("note_sent", document), {"delivery": first.pk, "day": late})
    assert refused.status_code == 409
    assert f'value="{late}"' in refused.content.decode()
    assert "Ngày gửi không thể sau hôm nay." in refused.content.decode()
    # The page leads on from its own address, not from that of the form.
    assert f'href="{document.get_absolute_url()}?view=text"' in page
    assert 'href="?' not in page


def test_the_answer_to_a_recall_stays_when_nobody_is_ticked(cast, client):
    document = issued(cast, to_post("Hội Nông dân"))
    paper = document.deliveries.get()
    clerk = act_as(cast.clerk)
    actions.note_sent(clerk, document, [paper.pk], day=clock.today())
    actions.recall(clerk, document, text="Sai.")
    client.force_login(cast.clerk)
    sent = {"answer": "16", "text": "Công văn 7: đã thi hành."}
    answer = client.post(url("note_answer", document), sent)
    page = answer.content.decode()
    assert (answer.status_code, "Chọn ít nhất một nơi nhận." in page) == (422, True)
    assert 'value="Công văn 7: đã thi hành."' in page
    assert '<option value="16" selected>' in page
    # What a colleague has noted meanwhile takes the row away, not the words.
    actions.note_answer(clerk, document, [paper.pk], agreed=True, text="Đã hủy.")
    answer = client.post(url("note_answer", document), {**sent, "delivery": paper.pk})
    page = answer.content.decode()
    assert (answer.status_code, "không chờ ghi nhận" in page) == (409, True)
    assert 'value="Công văn 7: đã thi hành."' in page


def test_a_note_to_receivers_is_asked_about_as_all_words_are(cast, client):
    """Kon Tum Điều 4.2: the title of a petition in what is typed is answered for."""
    document = issued(cast, to_agency(cast.ward))
    Delivery.objects.update(status=DeliveryCode.REFUSED)
    row = document.deliveries.get()
    client.force_login(cast.clerk)
    sent = {"delivery": row.pk, "text": PETITION}
    answer = client.post(url("resend", document), sent)
    page = answer.content.decode()
    assert (answer.status_code, "tiêu đề Đơn tố cáo" in page) == (409, True)
    assert f'value="{PETITION}"' in page
    assert 'name="not_forbidden" value="1" form="resend"' in page
    assert not DocumentAct.objects.filter(target_id=document.pk, verb=Verb.RESEND).exists()
    look = re.search(r'name="looked" value="([^"]+)" form="resend"', page)[1]
    answered = {"looked": look, "not_forbidden": "1"}
    assert client.post(url("resend", document), {**sent, **answered}).status_code == 302
    act = DocumentAct.objects.get(target_id=document.pk, verb=Verb.RESEND)
    assert act.words.text == PETITION


def test_what_a_copy_is_for_is_asked_about_as_all_words_are(cast, client):
    """Kon Tum Điều 4.2: it is printed on the copy, and sent with it."""
    body_of(cast)
    letter = registered(cast.clerk, build())
    address = url("copy", letter)
    client.force_login(cast.clerk)
    page = client.get(address).content.decode()
    token = re.search(r'name="entry_token" value="([^"]+)"', page)[1]
    sent = {"kind": Copy.WHOLE, "text": PETITION, "entry_token": token}
    answer = client.post(address, sent)
    page = answer.content.decode()
    assert (answer.status_code, "tiêu đề Đơn tố cáo" in page) == (409, True)
    assert PETITION in page
    assert not OutgoingDocument.objects.exists()
    look = re.search(r'name="looked" value="([^"]+)"', page)[1]
    assert client.post(address, {**sent, "looked": look, "not_forbidden": "1"}).status_code == 302
    assert OutgoingDocument.objects.get().description == PETITION
