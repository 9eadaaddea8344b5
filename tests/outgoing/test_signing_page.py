"""The sign and seal pages themselves, with a key that is not here: outside=, then errand=."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from outgoing import actions
from outgoing.choices import Medium, State, Verb
from outgoing.models import OutgoingDocument
from signatures.models import Errand
from tests import files
from tests.cast import act_as
from tests.keys import trusted
from tests.outgoing.drafts import at_state
from tests.outgoing.signing import bytes_of, keys_of, out_to, read_again, verdict

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]
CHAIR, CITY = "Nguyễn Đức Thành", "UBND thành phố Kon Tum"


@pytest.fixture
def keys(cast: SimpleNamespace, settings: Any, tmp_path: Path) -> SimpleNamespace:
    settings.SIGNATURE_ANCHORS = trusted(tmp_path)
    return keys_of(cast)


def page_of(document: OutgoingDocument, verb: str = "sign") -> str:
    return reverse("outgoing:verb", args=["kontum", document.pk, verb])


def sent_out(client: Client, who: Any, page: str) -> Errand:
    """The file goes out, and the page shows it."""
    client.force_login(who)
    answer = client.post(page, {"outside": "1"})
    assert (answer.status_code, answer.url) == (302, page)
    errand = Errand.objects.latest("pk")
    shown = client.get(page).content.decode()
    assert f'data-errand="{errand.pk}"' in shown
    assert reverse("signatures:errand_begin", args=["kontum", errand.pk]) in shown
    return errand


def by_program(client: Client, errand: Errand, owner: str, **more: Any) -> dict[str, Any]:
    """What the signing program does with it, by the addresses that the page tells it."""
    begin = reverse("signatures:errand_begin", args=["kontum", errand.pk])
    told: dict[str, Any] = json.loads(client.post(begin).content)
    tool = Client(enforce_csrf_checks=True)
    source, upload = (_local(told["request"][name]) for name in ("FileName", "FileUploadHandler"))
    data = tool.get(source).getvalue()
    signed = files.sign(data, owner, field=errand.field or "dau", **more)
    file = SimpleUploadedFile("ky.pdf", signed, "application/pdf")
    said = json.loads(tool.post(upload, {"uploadfile": file}).content)
    return {**told, "said": said}


def _local(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def test_the_signer_signs_with_his_device_from_the_page(client, cast, keys, tmp_path):
    """Cần Thơ Điều 10.1a: out, signed, brought back, used; the file is signed and valid."""
    document = at_state(cast, State.SIGNING)
    page = page_of(document)
    errand = sent_out(client, cast.chair, page)
    told = by_program(client, errand, CHAIR, certify=True)
    assert (told["operation"], told["said"]["Status"]) == ("SignApproved", 0)
    assert 'name="errand"' in client.get(page).content.decode()
    answer = client.post(page, {"errand": str(errand.pk)})
    assert (answer.status_code, answer.url) == (302, document.get_absolute_url())
    document = read_again(document)
    assert (document.state, document.medium) == (State.APPROVED, Medium.ELECTRONIC)
    assert verdict(bytes_of(document), tmp_path)["signer_signature"] == "valid"
    assert "Đã ký số." in client.get(answer.url).content.decode()
    # Sent once more it does nothing more.
    again = client.post(page, {"errand": str(errand.pk)})
    assert again.status_code == 302
    assert read_again(document).issued_files.count() == 1


def test_the_clerk_seals_with_the_token_of_the_agency(client, cast, keys, tmp_path):
    """Kon Tum Điều 15.1: by SignIssued, which is told number and date."""
    document = out_to(cast, State.NUMBERED, keys)
    page = page_of(document, "seal")
    errand = sent_out(client, cast.clerk, page)
    told = by_program(client, errand, CITY)
    assert told["operation"] == "SignIssued"
    assert told["request"]["DocNumber"] == document.code
    client.post(page, {"errand": str(errand.pk)})
    document = read_again(document)
    assert document.state == State.SEALED
    assert verdict(bytes_of(document), tmp_path)[""] == "valid"


def test_what_has_not_come_back_signs_nothing(client, cast, keys):
    document = at_state(cast, State.SIGNING)
    errand = sent_out(client, cast.chair, page_of(document))
    answer = client.post(page_of(document), {"errand": str(errand.pk)}, follow=True)
    assert "Chưa nhận được tệp đã ký" in answer.content.decode()
    assert read_again(document).state == State.SIGNING


def test_another_persons_file_comes_back_in_vain(client, cast, keys):
    """The vice chair's certificate in the chair's field: refused when it comes."""
    document = at_state(cast, State.SIGNING)
    page = page_of(document)
    errand = sent_out(client, cast.chair, page)
    told = by_program(client, errand, cast.vice.full_name, certify=True)
    assert told["said"]["Status"] == 1
    assert cast.chair.full_name in told["said"]["Message"]
    assert "Chưa nhận tệp gửi về." in client.get(page).content.decode()
    client.post(page, {"errand": str(errand.pk)})
    assert read_again(document).state == State.SIGNING


def test_the_errand_of_another_document_is_no_key_to_this_one(client, cast, keys):
    first, second = at_state(cast, State.SIGNING), at_state(cast, State.SIGNING)
    errand = sent_out(client, cast.chair, page_of(first))
    by_program(client, errand, CHAIR, certify=True)
    answer = client.post(page_of(second), {"errand": str(errand.pk)}, follow=True)
    assert "Chưa nhận được tệp đã ký" in answer.content.decode()
    assert read_again(second).state == State.SIGNING
    assert read_again(first).state == State.SIGNING


def test_whoever_may_not_sign_sends_no_file_out(client, cast, keys):
    document = at_state(cast, State.SIGNING)
    for who in (cast.vice, cast.clerk, cast.specialist):
        client.force_login(who)
        assert client.post(page_of(document), {"outside": "1"}).status_code == 409
        assert client.post(page_of(document), {"errand": "1"}, follow=True).status_code == 200
    client.force_login(cast.stranger)
    assert client.post(page_of(document), {"outside": "1"}).status_code == 404
    assert Errand.objects.count() == 0
    assert read_again(document).state == State.SIGNING


@pytest.mark.parametrize("typed", ["0", "x", "9" * 30, ""])
def test_an_errand_that_is_none(client, cast, keys, typed):
    """Not a number, or nobody's: the form as it is, nothing done."""
    document = at_state(cast, State.SIGNING)
    client.force_login(cast.chair)
    answer = client.post(page_of(document), {"errand": typed})
    assert answer.status_code in (302, 422)
    assert read_again(document).state == State.SIGNING


def test_a_text_that_changed_while_the_file_was_out(client, cast, keys):
    document = at_state(cast, State.SIGNING)
    page = page_of(document)
    errand = sent_out(client, cast.chair, page)
    by_program(client, errand, CHAIR, certify=True)
    document = read_again(document)
    actions.send_back(act_as(cast.chair), document, text="Sửa lại")
    answer = client.post(page, {"errand": str(errand.pk)}, follow=True)
    assert answer.status_code == 200
    assert read_again(document).issued_files.count() == 0
    assert Verb.SIGN not in read_again(document).acts.values_list("verb", flat=True)
