"""docs/articles.md says what the tests say."""

import pytest

from tests import articles
from tests.articles import PAGE, Place, names_of, places_in, proofs, recorded, render


def test_the_page_names_every_test_of_today():
    """Results are those of the run that wrote the page; the names must be those of the tests."""
    written = names_of(PAGE.read_text("utf-8"))
    assert written == names_of(render(proofs(), {}, "")), "run: make articles"


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("Kon Tum Điều 13.7a", [Place("Kon Tum", 13, "", 7, "a")]),
        ("Kon Tum Điều 13.1, 13.2.", [Place("Kon Tum", 13, "", 1), Place("Kon Tum", 13, "", 2)]),
        ("Kon Tum Điều 4.1–4.3", [Place("Kon Tum", 4, "", n) for n in (1, 2, 3)]),
        ("NĐ 30/2020 Điều 22.2: a year.", [Place("NĐ 30/2020", 22, "", 2)]),
        ("Bình Định chương III Điều 7.1", [Place("Bình Định", 7, "III", 1)]),
        (
            'Kon Tum Điều 13.7a ("ghi rõ lý do"), Điều 20.2; Sơn La Điều 9',
            [
                Place("Kon Tum", 13, "", 7, "a"),
                Place("Kon Tum", 20, "", 2),
                Place("Sơn La", 9),
            ],
        ),
        ("the fifth article of nothing", []),
    ],
)
def test_articles_are_read_from_words(words, places):
    assert places_in(words) == places


@pytest.mark.parametrize("place", [Place("Kon Tum", 27), Place("Kon Tum", 20, "", 4)])
def test_an_article_that_is_not_there_is_refused(place):
    with pytest.raises(articles.UnknownArticle):
        articles._check(place, "a test")


def test_an_article_that_its_regulation_counts_twice_needs_its_chapter():
    with pytest.raises(articles.UnknownArticle):
        articles._check(Place("Bình Định", 7), "a test")
    articles._check(Place("Bình Định", 7, "III"), "a test")


def test_articles_and_clauses_without_a_test_are_open_and_results_are_kept():
    test = "tests/a.py::test_b"
    found = [articles.Proof(test, "/incoming/", (Place("Kon Tum", 20, "", 2),))]
    page = render(found, {test: "đạt"}, "lần chạy ngày 22/11/2026")
    assert f"| `/incoming/` | `{test}` | đạt |" in page
    assert "| | | 1, 3 | | | **còn mở** |" in page
    assert "| 21 | Trách nhiệm của cán bộ, công chức, viên chức và người lao động | | | |" in page
    assert recorded(page) == ({test: "đạt"}, "lần chạy ngày 22/11/2026")
    assert names_of(page) == names_of(render(found, {}, ""))
    assert "| Kon Tum | 26 | 0 | 1 | 25 |" in page


def test_a_run_that_was_stopped_publishes_nothing():
    """What the page says of a test comes from a run in which all of them ended."""
    places = (Place("Kon Tum", 20, "", 2),)
    found = [articles.Proof(f"tests/a.py::test_{name}", "", places) for name in "bc"]
    assert articles.is_whole(
        found, {"tests/a.py::test_b": "failed", "tests/a.py::test_c": "passed"}
    )
    assert not articles.is_whole(found, {"tests/a.py::test_b": "failed"})
    page = render(found, {"tests/a.py::test_b": "đạt"}, "lần chạy ngày 22/11/2026")
    assert "| `tests/a.py::test_c` |  |" in page
    assert recorded(page)[0] == {"tests/a.py::test_b": "đạt"}
