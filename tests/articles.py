"""docs/articles.md: article → screen → test → result, from the docstrings of the tests.

A test names the articles that it proves: "Kon Tum Điều 13.7a", "Kon Tum Điều 13.1–13.3, 13.6",
"Bình Định chương III Điều 7.1", "NĐ 30/2020 Điều 22.2"; and, if it likes, its screen at the end
of a line: "→ /incoming/<id>/".

`python -m tests.articles` writes the names anew and keeps the results that are there;
`pytest -p tests.articles` runs the tests that name an article and writes their results too, when
each of them has one: a run that was stopped, or of some tests only, publishes nothing. A test
that is newer than the last whole run shows no result.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

BASE = Path(__file__).resolve().parent.parent
PAGE = BASE / "docs" / "articles.md"
NOT_RUN, OPEN = "chưa chạy", "**còn mở**"  # the page; an article
NO_RESULT = ""  # a test
WORDS = {"passed": "đạt", "failed": "**không đạt**", "skipped": "bỏ qua"}
_RANK = ("skipped", "passed", "failed")  # of the cases of one test, the worst counts

_PLACE = r"\d+(?:\.\d+)?(?:[a-zđ]\b)?"
_RANGE = rf"{_PLACE}(?:\s*[–-]\s*{_PLACE})?(?:\s*\([^)]*\))?"
_LIST = rf"{_RANGE}(?:,\s*(?:Điều\s+)?{_RANGE})*"
_SCREEN = re.compile(r"→\s*(/\S*)")
_ROW = re.compile(r"^\|(.*)\|$")


@dataclass(frozen=True, order=True)
class Place:
    """An article of a regulation, down to its clause and point."""

    regulation: str
    number: int
    chapter: str = ""
    clause: int = 0
    point: str = ""

    @property
    def below(self) -> str:
        """Clause and point, "7a"; "" for the whole article."""
        return f"{self.clause or ''}{self.point}"


@dataclass(frozen=True)
class Proof:
    """A test and what it proves, on which screen."""

    test: str  # tests/stories/test_kon_tum.py::test_the_whole_way
    screen: str
    places: tuple[Place, ...]


class UnknownArticle(Exception):
    """A test names an article that its regulation does not have."""


@cache
def data() -> dict[str, Any]:
    """The lists of articles, and the screens of the test files."""
    return tomllib.loads(Path(__file__).with_name("articles.toml").read_text("utf-8"))


def places_in(words: str) -> list[Place]:
    """The articles that a docstring names."""
    names = "|".join(re.escape(one["name"]) for one in (*data()["regulations"], *data()["decrees"]))
    named = re.compile(rf"({names})\s+(?:chương\s+([IVX]+)\s+)?Điều\s+({_LIST})")
    found: list[Place] = []
    for match in named.finditer(" ".join(words.split())):
        regulation, chapter, listed = match[1], match[2] or "", match[3]
        for part in re.sub(r"\([^)]*\)|Điều", "", listed).split(","):
            first, _, last = re.sub(r"\s", "", part).replace("-", "–").partition("–")
            start = _place(regulation, chapter, first)
            found += _until(start, _place(regulation, chapter, last)) if last else [start]
    return list(dict.fromkeys(found))


def _place(regulation: str, chapter: str, words: str) -> Place:
    match = re.fullmatch(r"(\d+)(?:\.(\d+))?([a-zđ])?", words)
    assert match, words
    return Place(regulation, int(match[1]), chapter, int(match[2] or 0), match[3] or "")


def _until(first: Place, last: Place) -> list[Place]:
    """A range of clauses of one article, or of whole articles."""
    if first.clause and first.number == last.number:
        return [
            Place(first.regulation, first.number, first.chapter, clause)
            for clause in range(first.clause, last.clause + 1)
        ]
    if first.clause or last.clause:
        raise UnknownArticle(f"{first.regulation} Điều {first.number}–{last.number}: not a range")
    return [
        Place(first.regulation, number, first.chapter)
        for number in range(first.number, last.number + 1)
    ]


def proofs() -> list[Proof]:
    """Every test that names an article, file by file, without importing any of them."""
    found: list[Proof] = []
    for path in sorted((BASE / "tests").rglob("test_*.py")):
        name = path.relative_to(BASE).as_posix()
        for test, words in _functions(ast.parse(path.read_text("utf-8")).body):
            if places := places_in(words):
                for place in places:
                    _check(place, f"{name}::{test}")
                screen = _SCREEN.search(words)
                shown = screen[1] if screen else data()["screens"].get(name, "")
                found.append(Proof(f"{name}::{test}", shown, tuple(places)))
    return found


def _functions(body: list[ast.stmt], inside: str = "") -> Iterator[tuple[str, str]]:
    """Name and docstring of every test, as pytest names them: test_a, TestB::test_c."""
    for node in body:
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            yield from _functions(node.body, f"{inside}{node.name}::")
        elif isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
            yield f"{inside}{node.name}", ast.get_docstring(node) or ""


def _check(place: Place, test: str) -> None:
    """Raises UnknownArticle when the regulation has no such article or clause."""
    listed = {one["name"]: one["articles"] for one in data()["regulations"]}
    if place.regulation not in listed:
        return  # a decree: not listed
    there = [one for one in listed[place.regulation] if one["number"] == place.number]
    fitting = [one for one in there if place.chapter in ("", one.get("chapter", place.chapter))]
    if len(fitting) != 1:
        raise UnknownArticle(f"{test}: {place.regulation} Điều {place.number}: {len(fitting)} such")
    if place.clause > fitting[0]["clauses"]:
        raise UnknownArticle(
            f"{test}: {place.regulation} Điều {place.number} has {fitting[0]['clauses']} clauses"
        )


# --- The page.


def render(found: list[Proof], results: dict[str, str], when: str) -> str:
    """The page: for each regulation its articles, with those that prove them."""
    lines = [
        "# Điều khoản và kiểm thử",
        "",
        "Trang này do `make articles` viết từ các kiểm thử; mỗi kiểm thử nêu điều khoản mà nó",
        f"chứng minh. Một điều, một khoản chưa có kiểm thử là {OPEN}.",
        "",
        f"Kết quả: {when or NOT_RUN}.",
        "",
        "| Quy chế | Số điều | Đủ các khoản | Một phần | Còn mở |",
        "|---|---|---|---|---|",
    ]
    body: list[str] = []
    for regulation in data()["regulations"]:
        body += ["", f"## {regulation['name']}", "", f"{regulation['title']}.", "", *_HEAD]
        counts = {"whole": 0, "partly": 0, "open": 0}
        for one in regulation["articles"]:
            tests = _proving(found, regulation["name"], one)
            counts["open" if not tests else "partly" if _missing(one, tests) else "whole"] += 1
            body += _article(one, tests, results)
        numbers = " | ".join(map(str, (len(regulation["articles"]), *counts.values())))
        lines.append(f"| {regulation['name']} | {numbers} |")
    for decree in data()["decrees"]:
        title = f"{decree['title']}; chỉ những điều mà kiểm thử nêu."
        body += ["", f"## {decree['name']}", "", title, "", *_HEAD]
        named = {place for proof in found for place in proof.places}
        for number in sorted({one.number for one in named if one.regulation == decree["name"]}):
            article = {"number": number, "clauses": 0, "title": ""}
            body += _article(article, _proving(found, decree["name"], article), results)
    return "\n".join([*lines, *body, ""])


_HEAD = [
    "| Điều | Nội dung | Khoản | Màn hình | Kiểm thử | Kết quả |",
    "|---|---|---|---|---|---|",
]


def _proving(
    found: list[Proof], regulation: str, article: dict[str, Any]
) -> list[tuple[Proof, list[Place]]]:
    """The tests of an article, with the places of it that each names."""
    tests = []
    for proof in found:
        here = [
            place
            for place in proof.places
            if place.regulation == regulation
            and place.number == article["number"]
            and place.chapter in ("", article.get("chapter", place.chapter))
        ]
        if here:
            tests.append((proof, sorted(here)))
    return tests


def _missing(article: dict[str, Any], tests: list[tuple[Proof, list[Place]]]) -> list[int]:
    """Clauses that no test names."""
    proven = {place.clause for _proof, places in tests for place in places}
    return [clause for clause in range(1, article["clauses"] + 1) if clause not in proven]


def _article(
    article: dict[str, Any], tests: list[tuple[Proof, list[Place]]], results: dict[str, str]
) -> list[str]:
    chapter = f" (chương {article['chapter']})" if article.get("chapter") else ""
    head = f"{article['number']}{chapter} | {article['title']}"
    if not tests:
        return [f"| {head} | | | | {OPEN} |"]
    lines = []
    for proof, places in tests:
        below = ", ".join(place.below for place in places if place.below)
        result = results.get(proof.test, NO_RESULT)
        lines.append(
            f"| {head} | {below} | {_code(proof.screen)} | {_code(proof.test)} | {result} |"
        )
        head = "|"  # named once
    if missing := _missing(article, tests):
        lines.append(f"| | | {', '.join(map(str, missing))} | | | {OPEN} |")
    return lines


def _code(words: str) -> str:
    return f"`{words}`" if words else ""


def recorded(page: str) -> tuple[dict[str, str], str]:
    """The results that a page holds, by test, and the run that they come from."""
    results = {}
    for line in page.splitlines():
        row = _ROW.match(line)
        cells = [cell.strip() for cell in row[1].split("|")] if row else []
        if len(cells) == 6 and cells[4].startswith("`") and cells[5] != NO_RESULT:
            results[cells[4].strip("`")] = cells[5]
    when = re.search(r"^Kết quả: (.*)\.$", page, re.MULTILINE)
    return results, when[1] if when and when[1] != NOT_RUN else ""


def names_of(page: str) -> str:
    """A page without its results: what has to be up to date whatever was run."""
    _results, when = recorded(page)
    bare = page.replace(f"Kết quả: {when}.", f"Kết quả: {NOT_RUN}.") if when else page
    for word in WORDS.values():
        bare = bare.replace(f"` | {word} |", f"` | {NO_RESULT} |")
    return bare


def write() -> None:
    """The names of today with the results of the last run."""
    old = PAGE.read_text("utf-8") if PAGE.exists() else ""
    PAGE.write_text(render(proofs(), *recorded(old)), "utf-8")


# --- `pytest -p tests.articles`.

_outcomes: dict[str, str] = {}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests that name an article."""
    named = {proof.test for proof in proofs()}
    kept = [item for item in items if item.nodeid.partition("[")[0] in named]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """The worst of setup, call and teardown, of all cases of a test."""
    test = report.nodeid.partition("[")[0]
    if report.when == "call" or report.outcome != "passed":
        known = _outcomes.get(test, "skipped")
        _outcomes[test] = max(known, report.outcome, key=_RANK.index)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the page; with several workers only whoever hears all of them does."""
    if hasattr(session.config, "workerinput"):
        return
    if not is_whole(proofs(), _outcomes):
        write()
        return
    when = datetime.now().astimezone().strftime("lần chạy ngày %d/%m/%Y lúc %H:%M")
    results = {test: WORDS[outcome] for test, outcome in _outcomes.items()}
    PAGE.write_text(render(proofs(), results, when), "utf-8")


def is_whole(found: list[Proof], outcomes: dict[str, str]) -> bool:
    """True when every test that names an article has ended, well or not."""
    return {proof.test for proof in found} <= set(outcomes)


if __name__ == "__main__":
    sys.exit(write())
