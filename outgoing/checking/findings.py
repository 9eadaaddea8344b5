"""What the checker answers, the list of its rules, and the sheet that they look at."""

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

from documents.annexes import annexes_in
from outgoing.checking import places
from outgoing.checking.words import Token, tokens
from outgoing.markup import Block, is_row, read
from outgoing.paper import Form, Paper

HERE = Path(__file__).resolve().parent
# A line that may speak of an annex.
_ENCLOSED = re.compile(r"l[uụ]c\b|kèm", re.IGNORECASE)


class Severity(StrEnum):
    """An error is mended, or overruled with a reason; a hint may be passed over."""

    ERROR = "error"
    HINT = "hint"


@dataclass(frozen=True)
class Finding:
    """One thing that is not in the right form; ``code`` and ``where`` name it."""

    code: str
    severity: Severity
    # A sentence for a clerk, in the language of the page.
    message: str
    # What says so; "" where nothing that was read does.
    article: str
    # A place as ``places`` names them; "page:3" or "file" in a PDF.
    where: str
    # The words in question.
    found: str = ""
    # What should stand at that place; None where only a person can tell.
    mend: str | None = None

    @property
    def place(self) -> str:
        """Where, in the words of a clerk."""
        return places.label(self.where)


class Hit(NamedTuple):
    """What a rule has met."""

    where: str
    found: str = ""
    mend: str | None = None
    # What was expected, for the sentence.
    wanted: str = ""


@dataclass(frozen=True)
class Rule:
    """A row of a rule list (``rules.toml`` says what the keys mean)."""

    code: str
    severity: Severity
    check: str
    article: str = ""
    # None: all of them.
    forms: frozenset[Form] | None = None
    types: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    mend: str | None = None
    rows: bool = True
    values: dict[str, Any] = field(default_factory=dict)

    def applies(self, paper: Paper) -> bool:
        """Whether the rule speaks of papers like this one."""
        if self.types and paper.type_name.split(" (")[0].strip() not in self.types:
            return False
        return self.forms is None or paper.form in self.forms


class Sheet:
    """A paper with what several rules want to know of it, read once."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self._words: dict[str, list[list[Token]]] = {}

    @cached_property
    def texts(self) -> tuple[places.Text, ...]:
        """Every field with words."""
        return tuple(places.texts(self.paper))

    def of(self, names: tuple[str, ...]) -> Iterator[places.Text]:
        """The fields of these names."""
        return (text for text in self.texts if text.name in names)

    def words(self, text: places.Text) -> list[list[Token]]:
        """The words of each line of a field."""
        if text.place not in self._words:
            self._words[text.place] = [tokens(line) for line in text.lines]
        return self._words[text.place]

    @cached_property
    def named(self) -> tuple[str, ...]:
        """What annexes the words speak of, as documents.annexes codes them."""
        lines = [*self.paper.grounds, self.paper.subject, *places.lines_of(self.paper.body)]
        told = [line for line in lines if _ENCLOSED.search(line)]
        return tuple(annexes_in(["\n".join(told)])["named"])

    @cached_property
    def blocks(self) -> tuple[tuple[str, tuple[Block, ...]], ...]:
        """The blocks of the body and of each annex, with the place of their text."""
        annexes = enumerate(self.paper.annexes, 1)
        return (
            ("body", read(self.paper.body)),
            *((f"annexes.{number}.body", read(annex.body)) for number, annex in annexes),
        )


Function = Callable[[Sheet, Rule], Iterator[Hit]]


@cache
def rules() -> tuple[Rule, ...]:
    """The rules for papers that are written here, in the order of the list."""
    return _load("rules.toml")


@cache
def pdf_rules() -> tuple[Rule, ...]:
    """The rules for uploaded PDF files."""
    return _load("pdf_rules.toml")


@cache
def sheet_rules() -> tuple[Rule, ...]:
    """Which of the rules for papers the words of an uploaded PDF are held to; of which papers."""
    rows = tomllib.loads((HERE / "pdf_rules.toml").read_text(encoding="utf-8"))["sheet"]
    known = {rule.code: rule for rule in rules()}
    return tuple(
        replace(known[row["code"]], forms=None, types=tuple(row.get("types", ()))) for row in rows
    )


def _load(name: str) -> tuple[Rule, ...]:
    rows = tomllib.loads((HERE / name).read_text(encoding="utf-8"))
    articles = rows["articles"]
    return tuple(_rule(row, articles) for row in rows["rule"])


def _rule(row: dict[str, Any], articles: dict[str, str]) -> Rule:
    row = dict(row)
    pattern = row.pop("pattern", None)
    forms = row.pop("forms", None)
    return Rule(
        code=row.pop("code"),
        severity=Severity(row.pop("severity")),
        check=row.pop("check"),
        article=articles[row.pop("article")] if "article" in row else "",
        forms=None if forms is None else frozenset(Form(form) for form in forms),
        types=tuple(row.pop("types", ())),
        fields=tuple(row.pop("fields", ())),
        pattern=None if pattern is None else re.compile(pattern),
        mend=row.pop("mend", None),
        rows=row.pop("rows", True),
        values=row,
    )


# --- The two kinds of check that need no code of their own.


def required(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """Fields that stand empty."""
    for text in sheet.of(rule.fields):
        if not text.whole.strip():
            yield Hit(text.place)


def regex(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """Lines in which the pattern is met; ``mend`` is what takes its place."""
    pattern = rule.pattern
    if pattern is None:
        raise ValueError(f"{rule.code}: no pattern")
    for text in sheet.of(rule.fields):
        for number, line in enumerate(text.lines, 1):
            found = pattern.search(line)
            if found is None or (not rule.rows and text.many and is_row(line.strip())):
                continue
            mend = None
            if rule.mend is not None:
                mend, before = pattern.sub(rule.mend, line), line
                # What overlapped the first time is met the second.
                for _time in range(9):
                    if mend == before:
                        break
                    mend, before = pattern.sub(rule.mend, mend), mend
            yield Hit(text.at(number), found[0].strip() or found[0], mend)
