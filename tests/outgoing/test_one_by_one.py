"""Many signed one after another with a device (VGCA): one file at a time, a verdict for each."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from core.errors import Refusal
from outgoing import actions, verifying
from outgoing.actions import batching, queueing
from outgoing.choices import State, Verb
from outgoing.models import Batch, OutgoingDocument
from signatures.models import Errand
from tests import files
from tests.cast import act_as
from tests.keys import trusted
from tests.outgoing.drafts import at_state
from tests.outgoing.signing import bytes_of, keys_of, out_to, read_again, sign, verdict
from tests.outgoing.test_annex_files import numbered
from tests.outgoing.test_signing_page import by_program

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]
CHAIR, CITY = "Nguyễn Đức Thành", "UBND thành phố Kon Tum"


@pytest.fixture
def keys(cast: SimpleNamespace, settings: Any, tmp_path: Path) -> SimpleNamespace:
    settings.SIGNATURE_ANCHORS = trusted(tmp_path)
    return keys_of(cast)


def begun(client: Client, who: Any, verb: str, *documents: OutgoingDocument) -> str:
    """Ticked in the list and sent to the device; answers the page of the first row."""
    client.force_login(who)
    sent: dict[str, Any] = {
        "pk": [str(one.pk) for one in documents],
        **{f"seen-{one.pk}": str(one.version_count) for one in documents},
    }
    path = reverse("outgoing:many", args=["kontum", verb])
    assert "Ký lần lượt bằng thiết bị" in client.post(path, sent).content.decode()
    answer = client.post(path, {**sent, "entry_token": str(uuid4()), "outside": "1"})
    assert answer.status_code == 302
    page: str = answer.url
    return page


def out_now(client: Client, page: str) -> Errand:
    """The file that is out, as the page shows it."""
    errand = Errand.objects.filter(used_at=None, ended_at=None).latest("pk")
    assert f'data-errand="{errand.pk}"' in client.get(page).content.decode()
    assert errand.page == page
    return errand


def outcomes() -> list[tuple[str, str]]:
    return list(Batch.objects.latest("pk").rows.values_list("outcome", "reason"))


def test_one_after_another_each_with_its_verdict(client, cast, keys, tmp_path):
    """Standards 5.6: one connection, one file; the page goes on by itself after each."""
    documents = [at_state(cast, State.SIGNING) for _each in range(3)]
    page = begun(client, cast.chair, "sign", *documents)
    for number, document in enumerate(documents):
        errand = out_now(client, page)
        assert errand.document_id == document.pk
        told = by_program(client, errand, CHAIR, certify=True)
        assert (told["operation"], told["said"]["Status"]) == ("SignApproved", 0)
        answer = client.post(page, {"errand": str(errand.pk)})
        assert answer.url == f"{page}?go=1"
        shown = client.get(answer.url).content.decode()
        assert ("data-errand-goes-on" in shown) is (number < 2)
    assert "Xong cả 3 văn bản." in shown
    assert outcomes() == [("done", "")] * 3
    for document in documents:
        assert read_again(document).state == State.APPROVED
        assert verdict(bytes_of(document), tmp_path)["signer_signature"] == "valid"
    assert Batch.objects.get().ended_at is not None
    assert list(verifying.findings()) == []


def test_what_comes_back_wrong_stays_and_the_rest_goes_on(client, cast, keys):
    first, second, third = (at_state(cast, State.SIGNING) for _each in range(3))
    page = begun(client, cast.chair, "sign", first, second, third)
    errand = out_now(client, page)
    told = by_program(client, errand, cast.vice.full_name, certify=True)
    assert told["said"]["Status"] == 1
    shown = client.get(page).content.decode()
    assert "Chưa nhận tệp gửi về." in shown
    assert "data-errand-goes-on" not in shown
    skip = re.search(r'name="skip" value="([0-9]+)"', shown)[1]
    for _press in range(2):  # the second one leaves no other row out
        assert client.post(page, {"skip": skip}).status_code == 302
        assert [outcome for outcome, _reason in outcomes()] == ["refused", "waiting", "waiting"]
    # While it is the second one's turn, it is given back to its drafter.
    errand = out_now(client, page)
    by_program(client, errand, CHAIR, certify=True)
    actions.send_back(act_as(cast.chair), read_again(second), text="Sửa lại")
    client.post(page, {"errand": str(errand.pk)})
    errand = out_now(client, page)
    assert errand.document_id == third.pk
    by_program(client, errand, CHAIR, certify=True)
    client.post(page, {"errand": str(errand.pk)})
    kinds = [outcome for outcome, _reason in outcomes()]
    assert kinds == ["refused", "refused", "done"]
    assert outcomes()[0][1] == "Bỏ qua, chưa ký."
    assert outcomes()[1][1]
    assert read_again(first).state == State.SIGNING
    assert "1 văn bản được, 2 văn bản không được" in client.get(page).content.decode()


def test_a_text_that_is_another_by_now_is_not_sent_out(client, cast, keys):
    first, second = at_state(cast, State.SIGNING), at_state(cast, State.SIGNING)
    batch = queueing.start(
        act_as(cast.chair), Verb.SIGN, {first.pk: 7, second.pk: 1}, entry_token=uuid4()
    )
    assert [row.outcome for row in batch.rows.all()] == ["refused", "waiting"]
    assert "Xem bản mới rồi ký" in batch.rows.first().reason
    assert Errand.objects.get().document_id == second.pk


def test_what_was_signed_on_its_own_page_meanwhile_is_done(client, cast, keys):
    first, second = at_state(cast, State.SIGNING), at_state(cast, State.SIGNING)
    page = begun(client, cast.chair, "sign", first, second)
    sign(cast.chair, first, keys.chair)
    shown = client.get(page).content.decode()
    assert "Ký tiếp" in shown
    assert client.post(page, {}).status_code == 302
    assert outcomes() == [("done", ""), ("waiting", "")]
    assert out_now(client, page).document_id == second.pk


def test_the_clerk_seals_one_after_another(client, cast, keys, tmp_path):
    documents = [out_to(cast, State.NUMBERED, keys) for _each in range(2)]
    page = begun(client, cast.clerk, "seal", *documents)
    for document in documents:
        errand = out_now(client, page)
        told = by_program(client, errand, CITY)
        assert told["operation"] == "SignIssued"
        assert told["request"]["DocNumber"] == document.code
        client.post(page, {"errand": str(errand.pk)})
    assert outcomes() == [("done", "")] * 2
    assert verdict(bytes_of(documents[1]), tmp_path)[""] == "valid"


def test_pressed_twice_the_next_one_keeps_its_turn(client, cast, keys):
    """The second press carries the file of the row that is done by then."""
    first, second = at_state(cast, State.SIGNING), at_state(cast, State.SIGNING)
    page = begun(client, cast.chair, "sign", first, second)
    errand = out_now(client, page)
    by_program(client, errand, CHAIR, certify=True)
    for _press in range(2):
        assert client.post(page, {"errand": str(errand.pk)}).url == f"{page}?go=1"
        assert outcomes() == [("done", ""), ("waiting", "")]
    # Neither does a file that is still out, or nobody's.
    out = out_now(client, page)
    assert out.document_id == second.pk
    for key in (out.pk, out.pk + 100):
        assert client.post(page, {"errand": str(key)}).url == page
        assert outcomes() == [("done", ""), ("waiting", "")]
    by_program(client, out, CHAIR, certify=True)
    client.post(page, {"errand": str(out.pk)})
    assert outcomes() == [("done", "")] * 2


def test_pressed_twice_the_annexes_keep_their_turn(client, cast, keys):
    """NĐ 30/2020 Phụ lục I, mục III: the row is done when every file of it is sealed."""
    document = numbered(cast, keys)
    page = begun(client, cast.clerk, "seal", document)
    for part in range(3):
        errand = out_now(client, page)
        by_program(client, errand, CITY, **({"box": files.CORNER} if part else {}))
        for _press in range(2):
            client.post(page, {"errand": str(errand.pk)})
            assert outcomes() == [("done", "") if part == 2 else ("waiting", "")]
    assert not read_again(document).unsealed_annexes().exists()


def test_after_a_refusal_the_page_does_not_go_on_by_itself(client, cast, keys):
    """Whoever signs sees why before the program opens for the next one."""
    first, second = at_state(cast, State.SIGNING), at_state(cast, State.SIGNING)
    page = begun(client, cast.chair, "sign", first, second)
    errand = out_now(client, page)
    by_program(client, errand, CHAIR, certify=True)
    actions.send_back(act_as(cast.chair), read_again(first), text="Sửa lại")
    assert client.post(page, {"errand": str(errand.pk)}).url == page
    assert [outcome for outcome, _reason in outcomes()] == ["refused", "waiting"]


def test_no_worker_takes_it_up(client, cast, keys):
    page = begun(client, cast.chair, "sign", at_state(cast, State.SIGNING))
    assert batching.going() == []
    batch = Batch.objects.get()
    assert (batch.is_by_device, batch.key, bytes(batch.closed_pin)) == (True, None, b"")
    # Its own page leads here.
    answer = client.get(reverse("outgoing:batch", args=["kontum", batch.pk]))
    assert (answer.status_code, answer.url) == (302, page)


def test_it_is_the_own_page_of_whoever_has_begun(client, cast, keys):
    document = at_state(cast, State.SIGNING)
    page = begun(client, cast.chair, "sign", document)
    for who in (cast.vice, cast.clerk, cast.stranger):
        client.force_login(who)
        assert client.get(page).status_code == 404
        assert client.post(page, {"skip": "1"}).status_code == 404
    assert outcomes() == [("waiting", "")]
    # A batch of a key that is here has no such page; a number needs no device.
    client.force_login(cast.clerk)
    approved = out_to(cast, State.APPROVED, keys)
    batch = batching.start(act_as(cast.clerk), "number", {approved.pk: 1}, entry_token=uuid4())
    assert client.get(reverse("outgoing:device", args=["kontum", batch.pk])).status_code == 404
    with pytest.raises(ValueError, match="number"):
        queueing.start(act_as(cast.clerk), "number", {approved.pk: 1}, entry_token=uuid4())


def test_without_a_registered_certificate_every_row_says_so(cast):
    document = at_state(cast, State.SIGNING)
    batch = queueing.start(act_as(cast.chair), Verb.SIGN, {document.pk: 1}, entry_token=uuid4())
    (row,) = batch.rows.all()
    assert row.outcome == "refused"
    assert row.reason
    with pytest.raises(Refusal):
        queueing.start(act_as(cast.chair), Verb.SIGN, {}, entry_token=uuid4())
