"""What people put into a document: long texts, tables, pictures, and what looks like a page."""

import io
import socket
import urllib.request
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from outgoing import rendering
from outgoing.paper import Annex, Paper, Signer
from outgoing.rendering import render
from tests.files import picture_bomb
from tests.outgoing import papers
from tests.outgoing.measuring import Sheet

SENTENCE = "Ủy ban nhân dân thành phố Kon Tum yêu cầu các cơ quan, đơn vị nghiêm túc thực hiện. "
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=file:///etc/passwd>",
    "<link rel=stylesheet href=http://x.test/a.css>",
    "<style>@import url(http://x.test/b.css);p{background:url(http://x.test/c.png)}</style>",
    "<a rel=attachment href=file:///etc/passwd>a</a>",
    "url(http://x.test/d)",
    "{{ paper.body }}{% include 'base.html' %}",
    "&lt;b&gt; <!-- a --> ]]> \\00 \" onload='x",
)


def drawn(paper: Paper, **more: Any) -> Sheet:
    return Sheet(render(replace(paper, **more)))


@pytest.fixture
def _nothing_is_opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whoever asks the network or another's file is found out."""
    asked: list[object] = []
    render(papers.LETTER)  # fonts and styles are read
    real = Path.open

    def opened(self: Path, *args: Any, **kwargs: Any) -> Any:
        if str(self).startswith("/etc/passwd"):
            asked.append(self)
        return real(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", opened)
    monkeypatch.setattr(socket.socket, "connect", lambda *args: asked.append(args))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **_named: asked.append(args))
    monkeypatch.setattr(urllib.request.OpenerDirector, "open", lambda *args: asked.append(args))
    yield
    assert asked == []


def everywhere(text: str) -> Paper:
    """A paper with this text in every place that takes one."""
    made: dict[str, Any] = {}
    for one in fields(Paper):
        if one.type is str:
            made[one.name] = text
        elif one.type == tuple[str, ...]:
            made[one.name] = (text, text)
    return Paper(
        **made
        | {
            "type_name": "Thông báo",
            "code_number": text,
            "issued_date": date(2026, 1, 1),
            "body": f"{text}\n1. {text}\n| {text} | a |\n| b | **{text}** |\n[hình: {text}]",
            "annexes": (Annex(text, text, text), Annex(text, text, text, issued_with=True)),
            "signer": Signer(text, text, text, text),
            "secretary": Signer(text, text, text, text),
            "priority": 4,
            "pictures": {text: b"<svg xmlns='http://www.w3.org/2000/svg'/>"},
        }
    )


@pytest.mark.usefixtures("_nothing_is_opened")
@pytest.mark.parametrize("type_name", ["Công văn", "Quyết định", "Biên bản", "Công điện"])
def test_what_looks_like_a_page_is_text(type_name: str) -> None:
    data = render(replace(everywhere(" ".join(HOSTILE)), type_name=type_name))
    shown = "".join("".join(Sheet(data).texts).split())
    for text in HOSTILE:
        wanted = "".join(text.split())
        assert shown.count(wanted) + shown.count(wanted.upper()) >= 6, text
    for sign in (b"/JavaScript", b"/EmbeddedFile", b"/Launch", b"/URI", b"root:x:"):
        assert sign not in data


def test_control_characters_do_no_harm() -> None:
    seen = drawn(papers.LETTER, body="Một\x00\x07\x1b hai\ud800 ba\ufffe.", subject="a\x0bb")
    assert "Một hai ba." in seen.text


@pytest.mark.parametrize("letter", ["Ẵ", "W"])
def test_words_without_end_stay_on_the_sheet(letter: str) -> None:
    word = letter * 120
    paper = replace(everywhere(word), code_number="1", code_notation="TB-UBND", priority=0)
    seen = Sheet(render(paper))
    for one in seen.lines:
        assert one.right <= seen.sizes[one.page][0] - 10, one.text[:40]


# --- Length.


def test_three_hundred_pages() -> None:
    # Some full pages, and as many as the largest draft has.
    whole = "\n".join(f"{number}. {SENTENCE * 8}" for number in range(1, 121))
    broken = "\n---\n".join(f"{number}) {SENTENCE * 2}" for number in range(1, 280))
    data = render(replace(papers.REPORT, body=f"{whole}\n{broken}"))
    document = pypdfium2.PdfDocument(data)
    try:
        assert 300 <= len(document) <= 330
        words = document[len(document) - 1].get_textpage().get_text_bounded()
        assert "Lê Hoàng Sơn" in words
        assert "279) Ủy ban" in words
        assert "151" in document[150].get_textpage().get_text_bounded().split()
    finally:
        document.close()
    assert len(data) < 3_000_000


def test_a_table_over_pages_repeats_its_head() -> None:
    rows = "\n".join(
        f"| {number} | Phòng {number} | 1.0{number % 10} |" for number in range(1, 121)
    )
    seen = drawn(papers.PLAN, body=f"| TT | Tên đơn vị | Số lượng |\n{rows}\nHết./.", annexes=())
    heads = [one for one in seen.lines if one.text.startswith("TT Tên đơn vị")]
    assert seen.pages >= 3
    assert [one.page for one in heads] == list(range(len(heads)))
    # The last page may hold the signature alone.
    assert len(heads) >= seen.pages - 1
    assert all(one.bold for one in heads)
    assert all(f"Phòng {number}" in seen.text for number in range(1, 121))


def test_a_new_page_where_one_was_asked_for() -> None:
    seen = drawn(papers.LETTER, body="Một.\n---\nHai./.\n---\n")
    assert (seen.find("Một.").page, seen.find("Hai./.").page, seen.pages) == (0, 1, 2)


# --- Pictures.


def photograph(size: tuple[int, int], form: str = "JPEG", **how: Any) -> bytes:
    noise = Image.effect_noise(size, 90).convert("RGB")
    out = io.BytesIO()
    noise.save(out, form, **how)
    return out.getvalue()


def test_a_picture_of_five_megabytes() -> None:
    data = photograph((3400, 2400), quality=92)
    assert 4_500_000 < len(data) < 9_000_000
    seen = drawn(papers.REPORT, body="Một.\n[hình: kè.jpg]\nHai./.", pictures={"kè.jpg": data})
    (drawn_,) = [one for one in seen.shapes if one.height > 50]
    assert 29.9 <= drawn_.left < drawn_.right <= 192.1
    assert drawn_.width / drawn_.height == pytest.approx(3400 / 2400, rel=0.01)
    assert len(seen.data) < 1.2 * len(data) + 200_000


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("không có.png", b""),
        (
            "a.svg",
            b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
        ),
        ("bom.png", picture_bomb()),
        ("hỏng.png", photograph((200, 200), "PNG")[:-900]),
        ("cụt.jpg", photograph((200, 200))[:500]),
    ],
)
@pytest.mark.usefixtures("_nothing_is_opened")
def test_what_is_no_picture_is_named_instead(name: str, data: bytes) -> None:
    pictures = {name: data} if data else {}
    seen = drawn(papers.REPORT, body=f"Một.\n[hình: {name}]\nHai./.", pictures=pictures)
    assert name in seen.text
    assert "Hai./." in seen.text
    assert not [one for one in seen.shapes if one.height > 20]


def test_a_picture_that_is_too_large_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "PIXELS", 10_000)
    data = photograph((200, 200))
    seen = drawn(papers.REPORT, body="[hình: a.jpg]", pictures={"a.jpg": data})
    assert "[hình: a.jpg]" in seen.text
