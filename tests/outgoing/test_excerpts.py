"""Trích sao of a part in words, under the form of the original (NĐ 30/2020 Điều 25)."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from core.errors import Refusal
from documents.models import DocumentAct
from outgoing import excerpts, verifying
from outgoing.choices import State, Verb
from outgoing.models import OutgoingDocument
from signatures.choices import Copy
from tests.cast import registered
from tests.files import build
from tests.keys import trusted
from tests.outgoing.copies import copied
from tests.outgoing.drafts import body_of
from tests.outgoing.signing import bytes_of, keys_of, out_to, seal, verdict
from tests.outgoing.test_copies import file_of, paged, texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]


@pytest.fixture(autouse=True)
def _trust(settings: Any, tmp_path: Path, cast: SimpleNamespace) -> None:
    settings.SIGNATURE_ANCHORS = trusted(tmp_path)
    body_of(cast)


@pytest.fixture
def letter(cast):
    """Of four pages, each with its words."""
    return registered(cast.clerk, paged(4))


def refused(cast, original, **more: str) -> Refusal:
    with pytest.raises(Refusal) as raised:
        copied(cast.clerk, original, Copy.PART, **more)
    assert OutgoingDocument.objects.filter(copy_of=original.pk).count() == 0
    return raised.value


def test_the_part_stands_under_the_form_of_the_original(cast, letter, tmp_path):
    """Header, number, day, type and signer are those of the original; the words its own."""
    document = copied(
        cast.clerk, letter, Copy.PART, part="đoạn 2 và 4", excerpt="Trang so 2\n[…]\nTrang so 4"
    )
    assert (document.code, document.copied_part) == ("01/TrS-UBND", "đoạn 2 và 4")
    assert (document.copied_pages, document.page_amount) == ("", 1)
    (page,) = texts(file_of(document))
    words = " ".join(page.split())
    for part in ("UBND TỈNH KON TUM", "4127/UBND-HTKT", "Trích đoạn 2 và 4:", "Trang so 2"):
        assert part in words
    assert "Trang so 4" in words
    assert "Trang so 1" not in words
    assert letter.signer_full_name in words
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in words
    act = DocumentAct.objects.get(target_id=document.pk, verb=Verb.COPY)
    assert (act.detail["part"], act.detail["pages"]) == ("đoạn 2 và 4", "")
    document = seal(cast.clerk, document, keys_of(cast).city)
    assert document.state == State.SEALED
    assert verdict(bytes_of(document), tmp_path)[""] == "valid"
    assert list(verifying.findings()) == []


def test_of_what_went_out_signed_a_part_is_copied(cast):
    """A signed file is one source like another; its own words are looked for."""
    keys = keys_of(cast)
    original = out_to(cast, State.SEALED, keys)
    OutgoingDocument.objects.filter(pk=original.pk).update(state=State.ISSUED)
    words = "Phòng Tài chính - Kế hoạch bố trí kinh phí"
    document = copied(cast.clerk, original, Copy.PART, part="mục 2", excerpt=words)
    (page,) = texts(file_of(document))
    shown = " ".join(page.split())
    assert words in shown
    assert original.code in shown
    assert "bờ kè sông Đăk Bla, báo cáo" not in shown


@pytest.mark.parametrize(
    ("excerpt", "why"),
    [
        ("Trang so 9", "không có nguyên văn “Trang so 9”"),
        ("Trang so 4\nTrang so 2", "không theo thứ tự"),
        ("Trang so 2 va them", "không có nguyên văn"),
        ("Trang so 1 Trang so 2 Trang so 3 Trang so 4", "Chép đủ nội dung là sao y"),
    ],
)
def test_words_that_are_not_the_originals_are_no_excerpt(cast, letter, excerpt, why):
    refusal = refused(cast, letter, part="đoạn 2", excerpt=excerpt)
    assert why in refusal.message
    assert refusal.field == "excerpt"


def test_lines_break_where_they_like(cast):
    """A file breaks its lines elsewhere than the form does; the letters are compared."""
    excerpts.refuse_foreign("Phòng Quản\nlý đô thị", "1. Phòng Quản lý\n đô  thị chủ trì.")
    excerpts.refuse_foreign("a … c", "a b c d")
    with pytest.raises(Refusal):
        excerpts.refuse_foreign("a c", "a b c d")


def test_of_a_scan_only_pages_are_copied(cast):
    scan = registered(cast.clerk, build(content=b""), code_number="7")
    assert "bản quét" in refused(cast, scan, part="đoạn 1", excerpt="chữ").message


def test_the_part_is_named(cast, letter):
    assert "Ghi phần được trích" in refused(cast, letter, excerpt="Trang so 2").message


def test_the_form_takes_pages_or_words(client, cast, letter):
    path = reverse("outgoing:copy", args=["kontum", letter.pk])
    client.force_login(cast.clerk)
    page = client.get(path).content.decode()
    assert "Nguyên văn phần trích" in page
    sent = {"kind": Copy.PART, "text": "", "entry_token": str(uuid4())}
    for typed, why in (
        ({}, "Ghi các trang trích sao"),
        ({"pages": "1", "part": "đoạn 1", "excerpt": "Trang so 1"}, "chọn một cách"),
        ({"excerpt": "Trang so 1"}, "Ghi phần được trích"),
        ({"part": "đoạn 1", "pages": "1"}, "Chép nguyên văn"),
    ):
        answer = client.post(path, sent | typed)
        assert (answer.status_code, why in answer.content.decode()) == (422, True), typed
    answer = client.post(path, sent | {"part": "đoạn 1", "excerpt": "Trang so 8"})
    assert answer.status_code == 409
    assert "Trang so 8" in answer.content.decode()
    answer = client.post(path, sent | {"part": " đoạn  1 ", "excerpt": "Trang so 1"})
    assert answer.status_code == 302
    document = OutgoingDocument.objects.get(copy_of=letter.pk)
    assert document.copied_part == "đoạn 1"
    page = client.get(document.get_absolute_url()).content.decode()
    assert "Trích sao đoạn 1" in page


def test_one_page_gives_a_part_in_words(client, cast):
    """Before, nothing could be excerpted from a document of one page."""
    letter = registered(cast.clerk, paged(1), code_number="8")
    client.force_login(cast.clerk)
    path = reverse("outgoing:copy", args=["kontum", letter.pk])
    page = client.get(path).content.decode()
    assert 'name="excerpt"' in page
    assert 'name="pages"' not in page
    document = copied(cast.clerk, letter, Copy.PART, part="phần đầu", excerpt="Trang")
    assert document.copied_part == "phần đầu"


def test_a_full_copy_takes_no_part(client, cast, letter):
    client.force_login(cast.clerk)
    path = reverse("outgoing:copy", args=["kontum", letter.pk])
    sent = {"kind": Copy.WHOLE, "part": "x", "excerpt": "y", "entry_token": str(uuid4())}
    assert client.post(path, sent).status_code == 302
    assert OutgoingDocument.objects.get(copy_of=letter.pk).copied_part == ""
