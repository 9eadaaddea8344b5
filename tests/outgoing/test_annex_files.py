"""Annexes in files of their own: approved with the text, signed by the agency, sent with it."""

import io
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pypdf
import pytest
from django.urls import reverse

from core.errors import NotYours, Refusal
from documents.models import Waiting
from documents.uploads import path_of
from exchange.delivering import deliver
from incoming.models import IncomingDocument
from outgoing import actions
from outgoing.actions import producing
from outgoing.actions.drafting import Overtaken
from outgoing.actions.signing import content_at
from outgoing.actions.uploading import looked_at
from outgoing.choices import FileStep, State
from outgoing.content import content_of
from outgoing.issued import files_of
from outgoing.models import OutgoingDocument
from signatures.actions import bring
from tests import files
from tests.cast import act_as, upload
from tests.keys import PIN, trusted
from tests.outgoing.drafts import drafted, passed, submitted
from tests.outgoing.issuing import to_agency
from tests.outgoing.signing import keys_of, number, read_again, seal, sign, verdict

pytestmark = pytest.mark.django_db
CITY = "UBND thành phố Kon Tum"


@pytest.fixture(autouse=True)
def _trust(settings: Any, tmp_path: Path) -> None:
    settings.SIGNATURE_ANCHORS = trusted(tmp_path)


@pytest.fixture
def keys(cast: SimpleNamespace) -> SimpleNamespace:
    return keys_of(cast)


def add(
    cast: SimpleNamespace, document: OutgoingDocument, name: str, pdf: bytes | None = None
) -> OutgoingDocument:
    """The specialist adds an annex of that name; each has a content of its own."""
    actor, document = act_as(cast.specialist), read_again(document)
    content = pdf if pdf is not None else files.build() + f"%{name}".encode()
    with looked_at(actor, upload(content, name), answered="") as file:
        return actions.add_annex(actor, document, file, base=document.version_count)


def numbered(cast: SimpleNamespace, keys: SimpleNamespace) -> OutgoingDocument:
    """With two annexes, signed and numbered."""
    document = drafted(cast)
    for name in ("bieu-01.pdf", "bieu-02.pdf"):
        document = add(cast, document, name)
    document = submitted(cast.specialist, document)
    for taker in (cast.head, cast.chief):
        document = passed(taker, document)
    return number(cast.clerk, sign(cast.chair, document, keys.chair))


def asked(document: OutgoingDocument) -> set[str]:
    """What waits."""
    return set(Waiting.objects.filter(document_id=document.pk).values_list("verb", flat=True))


def test_each_annex_gets_the_agencys_signature_and_goes_out(cast, keys, tmp_path):
    """NĐ 30/2020 Phụ lục I, mục III: top right of page 1, number, notation and time, no picture."""
    document = numbered(cast, keys)
    clerk = act_as(cast.clerk)
    document = producing.seal_all(clerk, document, key=keys.city, pin=PIN)
    assert (document.state, asked(document)) == (State.SEALED, {"issue"})
    found = files_of(document)
    code = document.code.replace("/", "-")
    assert [one.name for one in found] == [
        f"{code}.pdf",
        f"{code}-phu-luc-1.pdf",
        f"{code}-phu-luc-2.pdf",
    ]
    for one in found[1:]:
        data = content_at(one.file)
        assert set(verdict(data, tmp_path).values()) == {"valid"}
        page = pypdf.PdfReader(io.BytesIO(data)).pages[0]
        (field,) = [row.get_object() for row in page["/Annots"]]
        left, low, right, high = (float(value) for value in field["/Rect"])
        wide, tall = float(page.mediabox.width), float(page.mediabox.height)
        assert wide / 2 < left < right <= wide
        assert tall * 0.85 < low < high <= tall
    document = actions.issue(clerk, read_again(document), [to_agency(cast.ward)])
    deliver()
    letter = IncomingDocument.objects.get(agency=cast.ward)
    there = letter.quarantined.order_by("ordinal")
    assert [(row.part, row.file_name) for row in there] == [
        ("main", f"{code}.pdf"),
        ("annex", f"{code}-phu-luc-1.pdf"),
        ("annex", f"{code}-phu-luc-2.pdf"),
    ]
    for row, one in zip(there, found, strict=True):
        assert path_of(row.token).read_bytes() == content_at(one.file)


def test_one_that_stops_between_goes_on_where_it_was(cast, keys):
    document = seal(cast.clerk, numbered(cast, keys), keys.city)
    sealed_at = document.sealed_at
    assert (document.state, asked(document)) == (State.SEALED, {"seal"})
    with pytest.raises(Refusal, match="phụ lục là tệp riêng chưa ký số"):
        actions.issue(act_as(cast.clerk), read_again(document), [to_agency(cast.ward)])
    document = seal(cast.clerk, document, keys.city)
    assert asked(document) == {"seal"}
    with (
        pytest.raises(NotYours),
        producing.sealed(act_as(cast.chief), read_again(document), key=keys.city, pin=PIN),
    ):
        pass
    document = producing.seal_all(act_as(cast.clerk), read_again(document), key=keys.city, pin=PIN)
    assert (asked(document), document.sealed_at) == ({"issue"}, sealed_at)
    made = document.issued_files.filter(step=FileStep.SEALED).values_list("part", flat=True)
    assert list(made) == [0, 1, 2]
    with pytest.raises(Refusal):
        seal(cast.clerk, document, keys.city)


def test_a_key_elsewhere_signs_one_after_the_other(cast, keys):
    """By the page: each file goes out, comes back signed, and is used for itself only."""
    document = seal(cast.clerk, numbered(cast, keys), keys.city)
    clerk = act_as(cast.clerk)
    for part in (1, 2):
        document = read_again(document)
        errand = producing.errand_of(clerk, document, "seal", page="/")
        assert producing.open_errand_of(clerk, document, "seal") == errand
        signed = files.sign(content_at(errand.file), CITY, field="dau", box=files.CORNER)
        with upload(signed) as back:
            bring(clerk, errand, back)
        with producing.brought(clerk, document, errand.pk) as result:
            document = actions.seal(clerk, document, result)
        assert document.issued_files.last().part == part
    assert asked(document) == {"issue"}


def test_an_annex_makes_a_version_and_older_ones_keep_theirs(cast):
    document = drafted(cast)
    document = add(cast, document, "bieu-01.pdf")
    document = add(cast, document, "bieu-02.pdf")
    document = actions.drop_annex(act_as(cast.specialist), document, 1, base=3)
    names = [
        [one.file_name for one in version.annex_files.all()]
        for version in document.versions.order_by("ordinal")
    ]
    assert names == [[], ["bieu-01.pdf"], ["bieu-01.pdf", "bieu-02.pdf"], ["bieu-02.pdf"]]
    assert [one.note for one in document.versions.order_by("ordinal")][1:] == [
        "Thêm phụ lục: bieu-01.pdf",
        "Thêm phụ lục: bieu-02.pdf",
        "Bỏ phụ lục: bieu-01.pdf",
    ]
    # An edit of the text takes them over.
    text = replace(content_of(document.versions.get(ordinal=4)), body="Nội dung khác.")
    document = actions.save(act_as(cast.specialist), document, text, base=4)
    newest = document.versions.get(ordinal=5)
    assert [one.part for one in newest.annex_files.all()] == [1]


def test_what_is_refused(cast, tmp_path):
    document = add(cast, drafted(cast), "bieu-01.pdf")
    actor = act_as(cast.specialist)
    with pytest.raises(Refusal, match="đã là phụ lục"):
        add(cast, document, "ten-khac.pdf", files.build() + b"%bieu-01.pdf")
    with pytest.raises(Overtaken):
        actions.drop_annex(actor, document, 1, base=1)
    with pytest.raises(Refusal, match="không có phụ lục này"):
        actions.drop_annex(actor, document, 7, base=2)
    with pytest.raises(Refusal, match="đã có chữ ký số"):
        add(cast, document, "ky.pdf", files.signed_pdf(tmp_path / "s.pdf", "Ai đó").read_bytes())
    with pytest.raises(Refusal, match=r"mật khẩu|bảo vệ"):
        add(cast, document, "khoa.pdf", files.encrypted(tmp_path / "e.pdf").read_bytes())
    with pytest.raises(NotYours):
        actions.drop_annex(act_as(cast.clerk), document, 1, base=2)
    document = submitted(cast.specialist, read_again(document))
    with pytest.raises(Refusal):
        actions.drop_annex(actor, document, 1, base=2)
    assert read_again(document).version_count == 2


def test_the_pages(cast, client):
    document = drafted(cast)
    client.force_login(cast.specialist)
    url = reverse("outgoing:annexes", args=[cast.city.slug, document.pk])
    assert "Thêm phụ lục" in client.get(document.get_absolute_url()).content.decode()
    assert "Chọn tệp phụ lục." in client.post(url, {"base": 1}).content.decode()
    sent = io.BytesIO(files.build())
    sent.name = "biểu số liệu.pdf"
    answer = client.post(url, {"base": 1, "file": sent, "not_forbidden": "1"}, follow=True)
    assert "biểu số liệu.pdf" in answer.content.decode()
    assert "biểu số liệu.pdf" in client.get(document.get_absolute_url()).content.decode()
    file = reverse("outgoing:annex_file", args=[cast.city.slug, document.pk, 2, 1])
    assert b"".join(client.get(file).streaming_content) == files.build()
    client.force_login(cast.ward_clerk)
    assert client.get(file).status_code == 404
    client.force_login(cast.specialist)
    drop = reverse("outgoing:annex_drop", args=[cast.city.slug, document.pk, 1])
    answer = client.post(drop, {"base": 2}, follow=True)
    assert "Đã bỏ phụ lục" in answer.content.decode()
    stale = client.post(drop, {"base": 2}, follow=True)
    assert "đã lưu bản 3" in stale.content.decode()
