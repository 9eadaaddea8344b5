"""Two versions side by side: what is shown, and that a text as long as a book holds nobody up."""

from outgoing import actions, comparing
from outgoing.comparing import Piece, Row, compare
from tests.cast import act_as
from tests.outgoing.drafts import content, drafted


def kinds(row: Row) -> list[str]:
    return [piece.kind for piece in row.pieces]


def test_words_that_came_and_went_are_shown_in_their_line():
    rows = compare("Điều 1.\nHạn 5 ngày, kể từ nay.", "Điều 1.\nHạn 15 ngày, kể từ hôm nay.\nHết.")
    assert rows == [
        Row("same", (Piece("same", "Điều 1."),), 1, 1),
        Row(
            "changed",
            (
                Piece("same", "Hạn"),
                Piece("same", " "),
                Piece("removed", "5"),
                Piece("added", "15"),
                Piece("same", " ngày, kể từ"),
                Piece("added", " hôm"),
                Piece("same", " nay."),
            ),
            2,
            2,
        ),
        Row("added", (Piece("added", "Hết."),), 0, 3),
    ]


def test_what_is_the_same_shows_nothing_and_long_parts_are_left_out():
    text = "\n".join(str(number) for number in range(20))
    assert compare(text, text) == []
    rows = compare(text, text + "\nhết")
    assert [(row.kind, row.skipped) for row in rows] == [
        ("same", 0), ("same", 0), ("gap", 16), ("same", 0), ("same", 0), ("added", 0),
    ]  # fmt: skip


def test_one_word_of_a_line_that_is_as_long_as_a_book_is_found():
    words = [str(number) for number in range(10_000)]
    (row,) = compare(" ".join(words), " ".join([*words[:5000], "khác", *words[5001:]]))
    assert kinds(row) == ["same", "same", "removed", "added", "same"]
    assert [row.pieces[2].text, row.pieces[3].text] == ["5000", "khác"]


def test_a_line_with_thousands_of_other_words_is_another_line():
    """Word by word, 10,000 words that are alike in every second take more than a minute."""
    (row,) = compare("xã một " * 5000, "xã hai " * 5000)
    assert kinds(row) == ["same", "same", "removed", "added", "same"]
    assert row.pieces[2].text.count("xã") == 4999


def test_all_lines_together_are_bounded(monkeypatch):
    """Each of them alone would be compared word by word."""
    monkeypatch.setattr(comparing, "MOST_WORK", 400_000)
    old = [f"{number} " + "xã một " * 300 for number in range(30)]
    new = [f"{number} " + "xã hai " * 300 for number in range(1, 31)]
    rows = compare("\n".join(old), "\n".join(new))
    assert [row.kind for row in rows] == ["changed"] * 30
    assert len(kinds(rows[0])) > 10
    assert kinds(rows[-1]) == ["removed", "added", "same"]


def test_lines_that_are_alike_by_the_thousand_are_bounded(monkeypatch):
    """Every second line is empty: all is there, though not beside its twin."""
    monkeypatch.setattr(comparing, "MOST_WORK", 10_000)
    old = [f"{number}\n" for number in range(1000)]
    new = ["đầu", *(f"số {number}\n" for number in range(1000))]
    rows = compare("\n".join(old), "\n".join(new))
    found = [row.kind for row in rows]
    assert found[:2] == ["changed", "changed"]
    assert found.count("changed") > 900
    assert [row.old for row in rows if row.old] == list(range(1, 2001))
    assert [row.new for row in rows if row.new] == list(range(1, 2002))


def test_a_page_shows_so_many_rows_and_says_that_there_are_more(
    client, cast, db, empty_cache, monkeypatch
):
    monkeypatch.setattr(comparing, "MOST_ROWS", 50)
    document = drafted(cast, body="Trước./.")
    lines = "\n".join(f"Dòng {number}." for number in range(49))
    document = actions.save(act_as(cast.specialist), document, content(body=lines), base=1)
    client.force_login(cast.specialist)
    path = f"/kontum/outgoing/{document.pk}/versions/?old=1&new=2"
    page = client.get(path).content.decode()
    assert "Dòng 40." in page
    assert "Dòng 48." not in page
    assert "Hai bản khác nhau quá nhiều" in page
    client.cookies["django_language"] = "en"
    assert "The versions differ too much" in client.get(path).content.decode()
