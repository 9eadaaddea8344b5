"""Nơi nhận by hand: typed lines, and what is typed about those whom a document has gone to."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import DirectoryEntry
from incoming.models import IncomingDocument
from outgoing.models import Delivery, OutgoingDocument
from tests.outgoing.issuing import sealed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]


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
