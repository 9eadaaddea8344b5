"""The third level of likeness: what the files say. Shown with its share, refused never."""

from html import unescape
from random import Random

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from accounts.models import Agency
from documents.models import DocumentAct, StoredFile
from incoming import actions, twins
from incoming.choices import Channel
from incoming.models import IncomingDocument, TextKey
from tests import cast as play
from tests.cast import act_as
from tests.letters import as_pdf, form_letter, misread

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("types")]
# What another clerk typed of the same letter: hardly a field is the same.
OTHERWISE = {
    "code_number": "không số",
    "code_notation": "",
    "organ_name": "Văn phòng Sở",
    "subject": "Giấy tờ gửi kèm",
    "signer_full_name": "",
    "type_name": "Tờ trình",
}


@pytest.fixture(scope="module")
def scans() -> dict[str, bytes]:
    """One letter scanned twice, and the next one of the same form."""
    random = Random(11)
    letter, other = form_letter(random), form_letter(random)
    return {
        "first": as_pdf(misread(letter, random, 60)),
        "again": as_pdf(misread(letter, random, 60)),
        "other": as_pdf(other),
    }


def received(user, content: bytes) -> IncomingDocument:
    document = actions.receive(act_as(user), [play.upload(content)], channel=Channel.PAPER)
    actions.inspect_tray(document)
    return document


def form_of(document) -> str:
    return reverse("incoming:register_received", args=[document.agency.slug, document.pk])


def test_the_same_letter_scanned_twice_is_found(client, cast, scans, typed):
    """NĐ 30/2020 Phụ lục VI phần I: side by side, with its share → /incoming/<id>/register/"""
    there = play.registered(cast.clerk, scans["first"])
    document = received(cast.clerk, scans["again"])
    client.force_login(cast.clerk)
    # As soon as the scan is dropped, before anything is typed.
    page = unescape(client.get(form_of(document)).content.decode())
    assert "Có thể trùng với số đến 1" in page
    assert "Nội dung tệp gần giống, khoảng" in page
    assert " autofocus" not in page  # a field that took the keyboard would scroll past it
    for one in (document, there):
        assert reverse("incoming:page", args=["kontum", one.pk, 1, 1]) in page
    answer = client.post(form_of(document), typed(**OTHERWISE))
    assert answer.status_code == 409
    [compared] = answer.context["compared"]
    assert compared["twin"].level == "text"
    assert 60 <= compared["twin"].share < 100
    assert {one.label for one in compared["sides"] if one.differs} >= {"Trích yếu nội dung"}
    values = typed(**OTHERWISE, confirm_duplicate="on")
    assert client.post(form_of(document), values).status_code == 302
    act = DocumentAct.objects.get(target=document.pk, verb="register")
    share = compared["twin"].share
    assert act.detail["twins"] == [
        {"document": there.pk, "number": 1, "level": "text", "share": share}
    ]
    # And on both documents, whoever opens them.
    for one, number in ((document, 1), (there, 2)):
        page = unescape(client.get(one.get_absolute_url()).content.decode())
        assert f"số đến {number} ngày" in page
        assert f"nội dung tệp gần giống, khoảng {share} %" in page
        assert f"Đặt cạnh số đến {number}" in page
        assert "Văn phòng Sở" in page


def test_the_next_letter_of_the_same_form_is_not_held_up(client, cast, scans, typed):
    play.registered(cast.clerk, scans["first"])
    document = received(cast.clerk, scans["other"])
    client.force_login(cast.clerk)
    page = client.get(form_of(document)).content.decode()
    assert "Có thể trùng" not in page
    assert " autofocus" in page
    assert client.post(form_of(document), typed(**OTHERWISE)).status_code == 302
    assert TextKey.objects.filter(document=document).exists()  # it could have been found
    assert "Có thể trùng" not in client.get(document.get_absolute_url()).content.decode()


def test_whoever_may_not_see_the_other_one_is_told_nothing(client, cast, scans):
    """Bắc Giang Điều 11.2: a specialist with one of the two, and the clerk next door."""
    hidden = play.registered(cast.clerk, scans["first"])
    mine = play.assigned(cast, scans["again"], **OTHERWISE)
    client.force_login(cast.specialist)
    page = unescape(client.get(mine.get_absolute_url()).content.decode())
    assert "Có thể trùng" not in page
    assert f"/incoming/{hidden.pk}/" not in page
    client.force_login(cast.clerk)
    assert "Có thể trùng" in client.get(mine.get_absolute_url()).content.decode()
    away = received(cast.ward_clerk, scans["again"])
    client.force_login(cast.ward_clerk)
    assert "Có thể trùng" not in client.get(form_of(away)).content.decode()


def test_found_otherwise_it_says_the_share_too(cast, scans):
    play.registered(cast.clerk, scans["first"])
    document = received(cast.clerk, scans["again"])
    files = list(document.quarantined.all())
    [twin] = twins.find(act_as(cast.clerk), document, play.entry(), files)
    assert (twin.level, twin.share is not None) == ("same", True)
    assert "; chữ trong tệp giống khoảng" in twin.label
    same = received(cast.clerk, scans["first"])
    [twin] = twins.find(act_as(cast.clerk), same, None, list(same.quarantined.all()))
    assert (twin.level, twin.label) == ("file", "Cùng một tệp")


def test_what_is_taken_out_or_refused_leaves_no_key(cast, scans):
    """Bắc Giang Điều 8.2: of what is taken out nothing of the text stays, not even its numbers."""
    document = play.registered(cast.clerk, scans["first"])
    assert TextKey.objects.filter(document=document).count() == 8
    play.purged(cast.chair, document)
    assert not TextKey.objects.exists()
    assert not StoredFile.objects.exists()
    refused = received(cast.clerk, scans["again"])
    assert refused.quarantined.get().inspection["sketch"]
    actions.refuse(act_as(cast.clerk), refused, reason="petitions")
    assert not TextKey.objects.exists()
    assert not refused.quarantined.exists()


def test_what_was_stored_before_is_read_once(cast, scans):
    """Those of the years before are found as well, once the command has read them."""
    there = play.registered(cast.clerk, scans["first"])
    TextKey.objects.all().delete()
    file = there.attachments.get().file
    del file.inspection["sketch"]
    file.save()
    document = received(cast.clerk, scans["again"])
    files = list(document.quarantined.all())
    clerk = act_as(cast.clerk)
    assert twins.find(clerk, document, None, files) == []
    call_command("read_texts")
    assert [one.document for one in twins.find(clerk, document, None, files)] == [there]
    before = StoredFile.objects.get(pk=file.pk).inspection
    call_command("read_texts")
    assert StoredFile.objects.get(pk=file.pk).inspection == before


def test_the_candidates_are_bounded_and_come_from_the_index(
    cast, scans, django_assert_max_num_queries
):
    """However many papers share its keys, forty of each are looked at, by the index alone."""
    there = play.registered(cast.clerk, scans["first"])
    document = received(cast.clerk, scans["again"])
    files = list(document.quarantined.all())
    clerk = act_as(cast.clerk)
    with django_assert_max_num_queries(3):
        assert len(twins.find(clerk, document, None, files)) == 1
    key = there.text_keys.order_by("key").first().key
    with connection.cursor() as cursor:
        # Of so few rows any way is as good: what is asked is whether the index can do it alone.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(
            "EXPLAIN SELECT document_id FROM incoming_textkey WHERE key = %s"
            " ORDER BY document_id DESC LIMIT 40",
            [key],
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Only Scan Backward using incoming_textkey_pkey" in plan


def test_agencies_of_other_regulations_have_it_too(cast, scans):
    Agency.objects.filter(pk=cast.city.pk).update(regulation_name="binh-dinh-2016")
    there = play.registered(cast.clerk, scans["first"])
    document = received(cast.clerk, scans["again"])
    found = twins.find(act_as(cast.clerk), document, None, list(document.quarantined.all()))
    assert [one.document for one in found] == [there]
