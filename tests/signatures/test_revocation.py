"""What the clerk reads of certificates that may have been revoked, of what came in and of ours."""

import time
from datetime import timedelta
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from cryptography.x509.oid import AuthorityInformationAccessOID
from django.test import Client
from django.urls import reverse

from core import clock
from documents.models import QuarantinedFile
from edocman.demo import authority
from incoming import actions as arriving
from incoming.models import IncomingDocument
from incoming.tasks import inspect_files
from outgoing.choices import State
from signatures import ocsp, revocation
from signatures.verdicts import describe
from tests import files, tokens
from tests.cast import act_as, upload
from tests.keys import trusted
from tests.outgoing.signing import bytes_of, keys_of, newest, out_to, seal
from tests.responder import responding

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]
NOT_ASKED = "Chưa kiểm tra chứng thư số có bị thu hồi hay không"
NO_ANSWER = "Nơi cấp chưa trả lời chứng thư số có bị thu hồi hay không"
GOOD = "Chứng thư số chưa bị thu hồi"


@pytest.fixture(autouse=True)
def _trust(settings: Any, tmp_path: Path) -> None:
    settings.SIGNATURE_ANCHORS = trusted(tmp_path)
    settings.OCSP_SECONDS = 1


def came(cast: SimpleNamespace, data: bytes) -> IncomingDocument:
    """A file in the tray, looked at by the worker."""
    document = arriving.receive(act_as(cast.clerk), [upload(data)])
    inspect_files(document.pk)
    return document


def verdict_of(document: IncomingDocument) -> dict[str, Any]:
    row = QuarantinedFile.objects.get(document=document.pk)
    assert row.signatures is not None
    return row.signatures


def page_of(client: Client, cast: SimpleNamespace, document: IncomingDocument) -> str:
    client.force_login(cast.clerk)
    path = reverse("incoming:register_received", args=[document.agency.slug, document.pk])
    return unescape(client.get(path).content.decode())


# --- What came in.


def test_the_clerk_reads_that_nobody_was_asked(client, cast):
    """Cần Thơ Điều 5.1: the clerk checks the signature; what was not checked is said."""
    document = came(cast, files.sign(files.build()))
    assert verdict_of(document)["verdict"] == "valid"
    page = page_of(client, cast, document)
    assert "Chữ ký số hợp lệ" in page
    assert NOT_ASKED in page
    assert GOOD not in page
    tray = client.get(reverse("incoming:tray", args=["kontum"]))
    assert NOT_ASKED in unescape(tray.content.decode())


def test_he_reads_that_its_issuer_has_not_revoked_it(client, cast, settings):
    with responding() as responder:
        settings.OCSP_URLS = [responder.url]
        document = came(cast, files.sign(files.build()))
        assert len(responder.asked) == 1
        inspect_files(document.pk)
        ocsp.cache.clear()
        inspect_files(document.pk)
        assert len(responder.asked) == 1, "asked once for each file"
    page = page_of(client, cast, document)
    assert GOOD in page
    assert NOT_ASKED not in page
    assert NO_ANSWER not in page


def test_he_reads_that_nobody_has_answered(client, cast, settings):
    settings.OCSP_URLS = ["http://127.0.0.1:9/"]
    document = came(cast, files.sign(files.build()))
    assert verdict_of(document)["verdict"] == "valid"
    assert NO_ANSWER in page_of(client, cast, document)


def test_one_that_was_revoked_before_is_not_valid(client, cast, settings):
    with responding("revoked") as responder:
        settings.OCSP_URLS = [responder.url]
        document = came(cast, files.sign(files.build()))
    found = verdict_of(document)
    assert (found["verdict"], found["signatures"][0]["reason"]) == (
        "invalid",
        "certificate_revoked",
    )
    page = page_of(client, cast, document)
    assert "chứng thư số đã bị thu hồi" in page
    assert "Chữ ký số không hợp lệ" in page


def test_one_that_was_revoked_later_is_in_doubt_without_a_time_stamp(client, cast, settings):
    """The time in a signature is what its signer says; after a revocation nobody can rely on it."""
    data, later = files.sign(files.build()), clock.now() + timedelta(days=3)
    with responding("revoked") as responder, clock.set_to(later):
        settings.OCSP_URLS, responder.now = [responder.url], later
        document = came(cast, data)
        found = verdict_of(document)
        assert (found["verdict"], found["signatures"][0]["reason"]) == (
            "indeterminate",
            "revoked_since",
        )
        assert "bị thu hồi sau giờ ký" in page_of(client, cast, document)
        # Of what was signed here it is known when it was.
        row = QuarantinedFile.objects.get(document=document.pk)
        place = revocation.uploads.path_of(row.token)
        plain = {"verdict": "valid", "signatures": [{**found["signatures"][0], "reason": ""}]}
        plain["signatures"][0] |= {"verdict": "valid", "revocation": ""}
        ours = revocation.with_revocation(plain, place, is_ours=True)
    assert ours["verdict"] == "valid"
    assert ours["signatures"][0]["revocation"] == "revoked"
    assert describe(ours).note == ""


def test_lists_of_the_installation_count_for_what_comes_in(client, cast, settings, tmp_path):
    settings.SIGNATURE_CRLS = [str(files.revocations(tmp_path / "a.crl", "Ai đó khác"))]
    assert GOOD in page_of(client, cast, came(cast, files.sign(files.build())))
    named = files.revocations(tmp_path / "b.crl", "Nguyễn Văn An")
    settings.SIGNATURE_CRLS = [str(named)]
    document = came(cast, files.sign(files.build()))
    assert verdict_of(document)["signatures"][0]["reason"] == "certificate_revoked"
    # A list of somebody else says nothing of it.
    settings.SIGNATURE_CRLS = [str(files.revocations(tmp_path / "c.crl", authority="CA lạ"))]
    document = came(cast, files.sign(files.build(), "Trần Thị Bình"))
    assert verdict_of(document)["signatures"][0]["revocation"] == "unknown"


def test_a_responder_that_a_certificate_names_is_never_called(settings):
    """Else whoever sends us a file makes our machine call an address of his choice (SSRF)."""
    with responding() as stranger, responding() as own:
        place = x509.UniformResourceIdentifier(stranger.url)
        access = x509.AuthorityInformationAccess(
            [x509.AccessDescription(AuthorityInformationAccessOID.OCSP, place)]
        )
        old = files.certificate("Nguyễn Văn An")
        builder = x509.CertificateBuilder(
            old.issuer, old.subject, old.public_key(), old.serial_number
        )
        builder = builder.not_valid_before(old.not_valid_before_utc).not_valid_after(
            old.not_valid_after_utc
        )
        made = builder.add_extension(access, critical=False).sign(
            files._key("CA thử nghiệm"), hashes.SHA256()
        )
        data = made.public_bytes(Encoding.DER)
        assert revocation.standing(data).state == "unknown"
        settings.OCSP_URLS = [own.url]
        assert revocation.standing(data).state == "good"
    assert stranger.asked == []
    assert len(own.asked) == 1


def test_a_file_full_of_signatures_is_not_asked_about_for_ever(settings, tmp_path):
    people = ["Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Cường", "Phạm Thị Dung", "Hoàng Văn Em"]
    path = files.signed_pdf(tmp_path / "a.pdf", *people)
    found = {
        "verdict": "valid",
        "signatures": [
            {"field": f"ChuKy{place}", "kind": "signature", "verdict": "valid", "reason": ""}
            | {"signing_time": ""}
            for place in range(1, 6)
        ],
    }
    with responding("slow") as responder:
        settings.OCSP_URLS = [responder.url]
        began = time.monotonic()
        asked = revocation.with_revocation(found, path)
        took = time.monotonic() - began
    assert [one["revocation"] for one in asked["signatures"]] == ["unknown"] * 5
    assert len(responder.asked) < 5
    assert took < 8


def test_the_demo_says_it_of_its_own_people(settings, tmp_path):
    """`make run` shows what a clerk reads where an issuer has answered."""
    settings.SIGNATURE_ANCHORS = [str(authority.root_in(tmp_path))]
    settings.SIGNATURE_CRLS = [str(authority.list_in(tmp_path))]
    assert authority.list_in(tmp_path) == authority.list_in(tmp_path)
    data = authority.key_file(tmp_path, "Lê Văn Hùng", "UBND thành phố Kon Tum", "123456")
    certificate = pkcs12.load_key_and_certificates(data, b"123456")[1]
    assert certificate is not None
    assert revocation.standing(certificate.public_bytes(Encoding.DER)).state == "good"


# --- What is ours.


def test_the_panel_of_a_signed_document_says_it_too(client, cast, settings):
    keys = keys_of(cast)
    document = out_to(cast, State.APPROVED, keys)
    client.force_login(cast.clerk)
    assert NOT_ASKED in unescape(client.get(document.get_absolute_url()).content.decode())
    report = reverse("outgoing:signature_report", args=["kontum", document.pk, newest(document).pk])
    assert NOT_ASKED in unescape(client.get(report).content.decode())
    with responding() as responder:
        settings.OCSP_URLS = [responder.url]
        document = out_to(cast, State.NUMBERED, keys)
        page = unescape(client.get(document.get_absolute_url()).content.decode())
        assert page.count(GOOD) == 1, "known of the file before the number was written into it"
        document = seal(cast.clerk, document, keys.city)
        for path in (
            document.get_absolute_url(),
            reverse("outgoing:signature_report", args=["kontum", document.pk, newest(document).pk]),
        ):
            page = unescape(client.get(path).content.decode())
            assert page.count(GOOD) == 2, "the signer's and the agency's"
            assert NOT_ASKED not in page


def test_what_a_file_proves_by_itself_counts(cast, settings):
    """B-LT: its issuer's answer lies in the file; who reads it needs to ask nobody."""
    keys = keys_of(cast)
    with tokens.time_service() as settings.TSA_URL, responding() as responder:
        settings.OCSP_URLS = [responder.url]
        document = out_to(cast, State.APPROVED, keys)
    settings.OCSP_URLS, settings.TSA_URL = [], ""
    found = verdict_of(came(cast, bytes_of(document)))
    assert found["signatures"][0]["revocation"] == "good"
    assert describe(found).note == ""
