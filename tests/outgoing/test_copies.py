"""Sao y, sao lục, trích sao: of what came in and what went out, numbered, sealed, issued."""

import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pypdf
import pytest
from django.urls import reverse

from core.errors import NotYours, Refusal, Stale
from documents.choices import Book, LinkKind
from documents.models import Attachment, DocumentAct, Link, Register, Waiting
from incoming import actions as incoming
from incoming import verifying as incoming_verifying
from incoming.models import IncomingDocument
from outgoing import actions, verifying
from outgoing.actions import batching
from outgoing.actions.copying import copying, in_words, read_pages
from outgoing.actions.signing import content_at
from outgoing.choices import FileStep, State, Verb
from outgoing.models import BatchRow, OutgoingDocument
from signatures.choices import Copy
from tests import files
from tests.cast import act_as, entry, purged, received, registered, upload
from tests.keys import PIN, trusted
from tests.outgoing.copies import copied
from tests.outgoing.drafts import body_of
from tests.outgoing.issuing import to_agency
from tests.outgoing.signing import bytes_of, keys_of, newest, number, out_to, read_again, seal
from tests.outgoing.signing import verdict as verdict_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]
WORDS = "Van ban so 127"


@pytest.fixture(autouse=True)
def _trust(settings: Any, tmp_path: Path) -> None:
    settings.SIGNATURE_ANCHORS = trusted(tmp_path)


@pytest.fixture(autouse=True)
def _body(cast: SimpleNamespace) -> None:
    body_of(cast)


@pytest.fixture
def keys(cast: SimpleNamespace) -> SimpleNamespace:
    return keys_of(cast)


def paged(count: int) -> bytes:
    """A file each of whose pages says which one it is."""
    writer = pypdf.PdfWriter()
    for place in range(count):
        words = f"BT /F1 14 Tf 72 770 Td (Trang so {place + 1}) Tj ET".encode()
        writer.append(io.BytesIO(files.build(content=words)))
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


@pytest.fixture
def letter(cast: SimpleNamespace) -> IncomingDocument:
    """A letter of four pages that nobody has signed."""
    return registered(cast.clerk, paged(4))


def texts(data: bytes) -> list[str]:
    """The words of each page."""
    return [page.extract_text().strip() for page in pypdf.PdfReader(io.BytesIO(data)).pages]


def file_of(document: OutgoingDocument) -> bytes:
    """The file of the copy before it is sealed."""
    return content_at(document.versions.get().pdf)


def originals(document: IncomingDocument) -> list[bytes]:
    """The stored bytes of what came in."""
    rows = Attachment.objects.filter(document=document.pk).select_related("file")
    return [content_at(one.file) for one in rows.order_by("ordinal")]


def proven() -> None:
    """Grants, waiting rows and files are what the acts say."""
    assert list(verifying.findings()) == []
    assert list(incoming_verifying.findings()) == []


# --- Made and entered.


def test_the_clerk_copies_and_it_is_in_the_book(cast, letter):
    """Kon Tum Điều 15.3, NĐ 30/2020 Phụ lục I phần II: a book of its own, SY, from 01 on."""
    before = originals(letter)
    document = copied(cast.clerk, letter, text="Gửi các phường")
    assert (document.state, document.code) == (State.NUMBERED, "01/SY-UBND")
    assert (document.register.book, document.register.name) == (Book.COPIES, "")
    assert (document.copy_of_id, document.copy_kind) == (letter.pk, Copy.WHOLE)
    assert document.type_name == "Bản sao y"
    assert document.subject.startswith("Công văn số 4127/UBND-HTKT ngày ")
    assert letter.subject in document.subject
    assert document.page_amount == 4
    assert file_of(document) == before[0], "unsigned: the same bytes"
    assert originals(letter) == before
    waiting = Waiting.objects.filter(document=document.pk)
    assert set(waiting.values_list("verb", flat=True)) == {"seal"}
    proven()


def test_all_copies_count_together(cast, letter):
    """NĐ 30/2020 Phụ lục I phần II: one series for sao y, sao lục, trích sao."""
    found = [
        copied(cast.clerk, letter).code,
        copied(cast.clerk, letter, Copy.AGAIN).code,
        copied(cast.clerk, letter, Copy.PART, "2").code,
    ]
    assert found == ["01/SY-UBND", "02/SL-UBND", "03/TrS-UBND"]
    assert Register.objects.get(book=Book.COPIES).last_number == 3


def test_the_years_begin_anew(cast, at):
    """Each year from 01."""
    from datetime import UTC, datetime  # noqa: PLC0415 -- only here

    at(datetime(2026, 12, 31, 3, tzinfo=UTC))
    letter = registered(cast.clerk, paged(2))
    assert copied(cast.clerk, letter).code == "01/SY-UBND"
    asked = copied(cast.chief, letter)
    at(datetime(2027, 1, 4, 3, tzinfo=UTC))
    assert copied(cast.clerk, letter).code == "01/SY-UBND"
    assert number(cast.clerk, asked).code == "02/SY-UBND", "the year is that of the book"


@pytest.mark.parametrize("who", ["chief", "chair", "vice"])
def test_office_and_leaders_have_it_made_and_the_clerk_enters_it(cast, letter, who):
    """NĐ 30/2020 Điều 26, Kon Tum Điều 15.3."""
    document = copied(getattr(cast, who), letter)
    assert document.state == State.APPROVED
    assert document.numbered_at is None
    assert not Register.objects.filter(book=Book.COPIES).exists()
    waiting = Waiting.objects.filter(document=document.pk)
    assert set(waiting.values_list("verb", flat=True)) == {"number"}
    with pytest.raises(NotYours):
        number(getattr(cast, who), document)
    document = number(cast.clerk, document)
    assert (document.state, document.code) == (State.NUMBERED, "01/SY-UBND")
    proven()


def test_whoever_may_not_is_refused_and_whoever_does_not_see_it_finds_nothing(cast, letter):
    """The archivist sees it and makes no copy; others do not see it."""
    with pytest.raises(NotYours) as raised:
        copied(cast.archivist, letter)
    assert "khoản 3 Điều 15" in raised.value.article
    for who in (cast.specialist, cast.head, cast.stranger, cast.ward_chair):
        with pytest.raises((NotYours, OutgoingDocument.DoesNotExist)):
            copied(who, letter)
    assert not OutgoingDocument.objects.exists()


def test_both_trails_and_both_pages_say_it(client, cast, letter):
    document = copied(cast.clerk, letter, Copy.PART, "1, 3-4")
    link = Link.objects.get()
    assert (link.source_id, link.target_id, link.kind) == (
        document.pk,
        letter.pk,
        LinkKind.COPIES,
    )
    act = DocumentAct.objects.filter(target=letter.pk).last()
    assert (act.verb, act.detail) == (
        "copy",
        {"copy": document.pk, "kind": "TRÍCH SAO", "pages": "1, 3-4"},
    )
    verbs = DocumentAct.objects.filter(target=document.pk).values_list("verb", flat=True)
    assert list(verbs) == [Verb.COPY, Verb.NUMBER]
    client.force_login(cast.clerk)
    there = client.get(reverse("incoming:detail", args=["kontum", letter.pk])).content.decode()
    assert document.get_absolute_url() in there
    assert "sao văn bản: trích sao" in there
    here = client.get(document.get_absolute_url()).content.decode()
    assert f"/kontum/incoming/{letter.pk}/" in here
    assert "trích sao trang 1, 3-4" in here
    assert "cấp số 01/TrS-UBND, ngày" in here.replace("\u2060", "")
    assert ", báo<" not in here
    for way in ("?view=text", "versions/"):
        assert client.get(document.get_absolute_url() + way).status_code == 200, way


# --- Files.


def test_an_excerpt_has_its_pages_and_nothing_of_the_others(cast, letter):
    """NĐ 30/2020 Điều 3: trích sao is of a part."""
    document = copied(cast.clerk, letter, Copy.PART, "4,2")
    data = file_of(document)
    assert texts(data) == ["Trang so 2", "Trang so 4"]
    assert document.copied_pages == "2, 4"
    streams = b"".join(
        one.get_object().get_data()
        for one in pypdf.PdfReader(io.BytesIO(data)).resolved_objects.values()
        if hasattr(one, "get_data")
    )
    assert b"Trang so 1" not in data + streams
    assert b"Trang so 3" not in data + streams


def test_what_other_pages_show_does_not_hide_in_an_excerpt(cast):
    """All pages share one list of pictures; a form has one of its own inside it."""
    common = (
        "/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
        "/XObject<</A 4 0 R/B 5 0 R>>>>/PieceInfo<</X<</Private(so mat)>>>>"
    )
    form = "/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</Z 6 0 R>>"
    form += "/Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    words = b"BT /F1 14 Tf 72 700 Td (%s) Tj ET"
    shown = files.stream(words % b"Cua trang hai", form)
    other = files.stream(words % b"Cua trang mot", form)
    deep = files.stream(words % b"Khong ai thay", form.replace("/XObject<</Z 6 0 R>>", ""))
    pages = [
        files.build(content=what, page=common, more=(shown, other, deep))
        for what in (b"/B Do", b"/A Do")
    ]
    writer = pypdf.PdfWriter()
    for one in pages:
        writer.append(io.BytesIO(one))
    made = io.BytesIO()
    writer.write(made)
    letter = registered(cast.clerk, made.getvalue())
    data = file_of(copied(cast.clerk, letter, Copy.PART, "2"))
    assert texts(data) == ["Cua trang hai"]
    reader = pypdf.PdfReader(io.BytesIO(data))
    found = [reader.get_object(place) for place in range(1, int(reader.trailer["/Size"]))]
    streams = b"".join(one.get_data() for one in found if hasattr(one, "get_data"))
    assert b"Cua trang hai" in streams
    assert data.startswith(b"%PDF-1.7")
    for hidden in (b"Cua trang mot", b"Khong ai thay", b"so mat"):
        assert hidden not in data + streams


def test_hidden_layers_are_not_copied(cast):
    """In the copy they would show."""
    layer = "/OCProperties<</OCGs[4 0 R]/D<</OFF[4 0 R]>>>>"
    data = files.build(catalog=layer, pages=2, more=(b"<</Type/OCG/Name(An)>>",))
    letter = registered(cast.clerk, data)
    assert file_of(copied(cast.clerk, letter)) == data, "the same bytes have the same layers"
    with pytest.raises(Refusal, match="lớp nội dung ẩn"):
        copied(cast.clerk, letter, Copy.PART, "2")


@pytest.mark.parametrize("pages", ["", "0", "5", "3-2", "một", "1-", "1-99999", "1-4", "1,2,3,4"])
def test_pages_that_are_not_there_or_are_all(cast, letter, pages):
    with pytest.raises(Refusal) as raised:
        copied(cast.clerk, letter, Copy.PART, pages)
    assert raised.value.field == "pages"


def test_pages_are_read_as_people_write_them():
    assert read_pages("1, 3 - 4;6", 9) == [1, 3, 4, 6]
    assert in_words([1, 3, 4, 6]) == "1, 3-4, 6"


def test_signatures_stay_with_the_original(cast, tmp_path):
    """What is signed is copied without its signatures; what the page shows and says stays."""
    signed = files.sign(files.build(pages=2), "UBND tỉnh Kon Tum")
    letter = registered(cast.clerk, signed)
    document = copied(cast.clerk, letter)
    data = file_of(document)
    assert data != signed
    assert originals(letter) == [signed]
    assert verdict_of(data, tmp_path)[""] == "unsigned"
    root = pypdf.PdfReader(io.BytesIO(data)).trailer["/Root"]
    assert "/AcroForm" not in root
    assert texts(data) == [WORDS, WORDS], "text is text"


def test_annexes_follow_the_document(cast):
    """A whole copy has all files; pages of an excerpt are counted through all of them."""
    clerk = act_as(cast.clerk)
    document = incoming.receive(clerk, [upload(paged(2), "a.pdf"), upload(paged(3), "b.pdf")])
    incoming.inspect_tray(document)
    letter = incoming.register(clerk, document, entry())
    whole = copied(cast.clerk, letter)
    assert whole.page_amount == 5
    assert texts(file_of(whole)) == [f"Trang so {one}" for one in (1, 2, 1, 2, 3)]
    part = copied(cast.clerk, letter, Copy.PART, "3")
    assert texts(file_of(part)) == ["Trang so 1"]


# --- Sealed and issued.


def test_the_seal_of_a_copy(cast, letter, keys, tmp_path):
    """Cần Thơ Điều 11, NĐ 30/2020 Phụ lục I phần II: form, agency, time at the top right."""
    document = copied(cast.clerk, letter, Copy.AGAIN)
    with pytest.raises(NotYours):
        seal(cast.chair, document, keys.city)
    with pytest.raises(Refusal, match="không phải của cơ quan"):
        seal(cast.clerk, document, keys.chair)
    document = seal(cast.clerk, document, keys.city)
    assert document.state == State.SEALED
    data = bytes_of(document)
    assert verdict_of(data, tmp_path) == {"": "valid", "agency_signature": "valid"}
    assert newest(document).file.signatures["verdict"] == "valid"
    assert data.startswith(originals(letter)[0])
    reader = pypdf.PdfReader(io.BytesIO(data))
    left, low, right, high = (
        reader.get_fields()["agency_signature"].indirect_reference
        and (reader.pages[0]["/Annots"][-1].get_object()["/Rect"])
    )
    box = reader.pages[0].mediabox
    assert left > box.width / 2
    assert low > box.height * 3 / 4
    assert right > left
    assert high > low
    assert list(document.issued_files.values_list("step", flat=True)) == [FileStep.SEALED]
    proven()


def test_a_copy_of_what_is_signed_is_sealed_validly(cast, keys, tmp_path):
    letter = registered(cast.clerk, files.sign(files.build(), "UBND tỉnh Kon Tum"))
    document = seal(cast.clerk, copied(cast.clerk, letter), keys.city)
    assert verdict_of(bytes_of(document), tmp_path) == {"": "valid", "agency_signature": "valid"}


def test_it_is_issued_and_recalled_as_all_are(cast, letter, keys):
    """Kon Tum Điều 15.3: the clerk issues it."""
    clerk = act_as(cast.clerk)
    document = copied(cast.clerk, letter)
    with pytest.raises(Refusal):
        actions.issue(clerk, read_again(document), [to_agency(cast.ward)])
    document = seal(cast.clerk, document, keys.city)
    document = actions.issue(clerk, read_again(document), [to_agency(cast.ward)])
    assert document.state == State.ISSUED
    document = actions.recall(clerk, document, text="Nhầm trang")
    assert document.state == State.RECALLED
    with pytest.raises(Stale):
        copied(cast.clerk, document, Copy.AGAIN)


def test_a_copy_that_is_not_entered_is_voided_not_given_back(cast, letter):
    document = copied(cast.chief, letter)
    with pytest.raises(NotYours, match="hủy rồi sao lại"):
        actions.send_back(act_as(cast.clerk), document, text="Sai")
    document = actions.void(act_as(cast.clerk), document, text="Không cần nữa")
    assert document.state == State.VOID
    assert not Register.objects.filter(book=Book.COPIES).exists()
    proven()


# --- Of what, and in which form.


def test_own_documents_are_copied_once_they_have_gone_out(cast, keys, tmp_path):
    """NĐ 30/2020 Điều 3: sao y of the original, sao lục of a sao y, nothing of a sao lục."""
    original = out_to(cast, State.SEALED, keys)
    with pytest.raises(Stale):
        copied(cast.clerk, original)
    clerk = act_as(cast.clerk)
    actions.issue(clerk, read_again(original), [to_agency(cast.ward)])
    signed = bytes_of(original)
    with pytest.raises(Refusal, match="chỉ: sao y, trích sao"):
        copied(cast.clerk, original, Copy.AGAIN)
    first = seal(cast.clerk, copied(cast.clerk, original), keys.city)
    words = " ".join(texts(file_of(first)))
    assert "01/UBND-QLĐT" in words.replace(" ", "") or "01" in words, (
        "the number that was filled in"
    )
    assert "Đăk Bla" in words
    assert verdict_of(bytes_of(first), tmp_path) == {"": "valid", "agency_signature": "valid"}
    assert bytes_of(original) == signed
    actions.issue(clerk, read_again(first), [to_agency(cast.ward)])
    with pytest.raises(Refusal, match="chỉ: sao lục"):
        copied(cast.clerk, first)
    again = seal(cast.clerk, copied(cast.clerk, first, Copy.AGAIN), keys.city)
    assert again.code == "02/SL-UBND"
    assert verdict_of(bytes_of(again), tmp_path)[""] == "valid"
    actions.issue(clerk, read_again(again), [to_agency(cast.ward)])
    with pytest.raises(Refusal, match="bản gốc, bản chính hoặc bản sao y"):
        copied(cast.clerk, again, Copy.AGAIN)


def test_a_notation_that_says_what_came_in(cast):
    """What came in as SY is copied as sao lục, what came as SL or TrS is not."""
    came = registered(cast.clerk, paged(2), code_notation="SY-UBND")
    with pytest.raises(Refusal, match="chỉ: sao lục"):
        copied(cast.clerk, came)
    assert copied(cast.clerk, came, Copy.AGAIN).copy_kind == Copy.AGAIN
    excerpt = registered(cast.clerk, paged(3), code_number="9", code_notation="TrS-UBND")
    with pytest.raises(Refusal, match="bản sao y"):
        copied(cast.clerk, excerpt, Copy.AGAIN)


def test_nothing_that_is_not_in_the_book_any_more(cast):
    """In the tray, taken out, voided: no copy."""
    tray = received(cast.clerk, paged(2))
    with pytest.raises(Stale):
        copied(cast.clerk, tray)
    gone = purged(cast.chair, registered(cast.clerk, paged(3)))
    with pytest.raises(Stale):
        copied(cast.clerk, gone)


def test_what_its_sender_wants_back_is_not_copied(cast, letter):
    from core import clock  # noqa: PLC0415 -- only here

    IncomingDocument.objects.filter(pk=letter.pk).update(recalled_at=clock.now())
    with pytest.raises(Refusal, match="thu hồi"):
        copied(cast.clerk, letter)


def test_one_form_sent_twice_makes_one(cast, letter):
    actor, token = act_as(cast.clerk), uuid4()
    with copying(actor, letter, kind=Copy.WHOLE) as made:
        first = actions.copy(actor, letter, made, token=token)
        assert actions.copy(actor, letter, made, token=token).pk == first.pk
    assert Register.objects.get(book=Book.COPIES).last_number == 1


def test_other_files_by_now(cast, letter):
    """Taken out between the making and the verb."""
    actor = act_as(cast.clerk)
    with copying(actor, letter, kind=Copy.WHOLE) as made:
        purged(cast.chair, letter)
        with pytest.raises(Stale):
            actions.copy(actor, letter, made, token=uuid4())


def test_links_of_copies_are_not_made_by_hand(cast, letter):
    other = registered(cast.clerk, paged(2), code_number="8")
    with pytest.raises(Refusal, match="quan hệ"):
        incoming.link(act_as(cast.clerk), letter, other, kind=LinkKind.COPIES)


# --- Through HTTP.


def test_the_form_and_its_refusals(client, cast, letter, keys):
    address = reverse("outgoing:copy", args=["kontum", letter.pk])
    client.force_login(cast.clerk)
    page = client.get(address)
    assert page.status_code == 200
    assert "Trích sao" in page.content.decode()
    sent = {"entry_token": str(uuid4()), "kind": Copy.PART, "pages": "9", "text": "Gửi phường"}
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert "văn bản có 4 trang" in refused.content.decode()
    assert 'value="9"' in refused.content.decode()
    done = client.post(address, {**sent, "pages": "2-3"})
    document = OutgoingDocument.objects.get()
    assert done.url == document.get_absolute_url()
    page = client.get(document.get_absolute_url()).content.decode()
    assert "01/TrS-UBND" in page.replace("\N{NO-BREAK SPACE}", " ").replace("\u2060", "")
    sealing = reverse("outgoing:verb", args=["kontum", document.pk, "seal"])
    assert client.get(sealing).status_code == 200
    answer = client.post(sealing, {"key": keys.city.pk, "pin": PIN, "seen": "1"})
    assert answer.status_code == 302
    book = client.get(
        reverse("outgoing:book", args=["kontum"]), {"register": document.register_id}
    ).content.decode()
    assert "Sổ đăng ký bản sao" in book
    assert "01/TrS-UBND" in book.replace("\u2060", "")


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("clerk", 200),
        ("chief", 200),
        ("chair", 200),
        ("archivist", 302),
        ("specialist", 404),
        ("stranger", 404),
    ],
)
def test_who_finds_the_page(client, cast, letter, who, status):
    client.force_login(getattr(cast, who))
    assert client.get(reverse("outgoing:copy", args=["kontum", letter.pk])).status_code == status


def test_the_button_stands_where_it_may_be_pressed(client, cast, letter):
    address = reverse("outgoing:copy", args=["kontum", letter.pk])
    page = reverse("incoming:detail", args=["kontum", letter.pk])
    client.force_login(cast.clerk)
    assert address in client.get(page).content.decode()
    client.force_login(cast.archivist)
    assert address not in client.get(page).content.decode()


def test_many_copies_are_sealed_at_once(cast, letter, keys):
    """What the clerk does for many works for copies, too."""
    made = [copied(cast.chief, letter), copied(cast.chief, letter, Copy.AGAIN)]
    for verb, key, pin in (("number", None, ""), ("seal", keys.city, PIN)):
        batch = batching.start(
            act_as(cast.clerk),
            verb,
            {one.pk: one.version_count for one in made},
            key=key,
            pin=pin,
            entry_token=uuid4(),
        )
        batching.run(batch)
        assert set(batch.rows.values_list("outcome", flat=True)) == {BatchRow.Outcome.DONE}
    rows = OutgoingDocument.objects.order_by("pk")
    assert [one.code for one in rows] == ["01/SY-UBND", "02/SL-UBND"]
    assert {one.state for one in rows} == {State.SEALED}
    proven()
