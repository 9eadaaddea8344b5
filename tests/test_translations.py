"""Every sentence for people stands in Vietnamese in the code and in English in the catalogue."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

BASE = Path(__file__).resolve().parent.parent
SOURCES = (
    "core",
    "accounts",
    "notifications",
    "documents",
    "dossiers",
    "signatures",
    "incoming",
    "outgoing",
    "exchange",
    "reports",
)
CATALOGUE = Path("locale", "en", "LC_MESSAGES", "django.po")


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    """The English catalogue as `make messages` would leave it, in a copy."""
    if not shutil.which("xgettext"):
        pytest.fail("xgettext is missing: install gettext, nothing can be judged without it")
    copy = tmp_path_factory.mktemp("translations")
    for name in (*SOURCES, "edocman", "templates"):
        skip = shutil.ignore_patterns("__pycache__", "migrations")
        if (BASE / name).exists():
            shutil.copytree(BASE / name, copy / name, ignore=skip)
    (copy / CATALOGUE.parent).mkdir(parents=True)
    if (BASE / CATALOGUE).exists():
        shutil.copy(BASE / CATALOGUE, copy / CATALOGUE)
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "--locale", "en", "--verbosity", "0"],
        cwd=copy,
        check=True,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
    )
    with (copy / CATALOGUE).open("rb") as file:
        return read_po(file, locale="en")


def _is_translated(message) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else [message.string]
    return all(strings) and not message.fuzzy


def test_every_sentence_has_its_english(catalogue):
    missing = [message.id for message in catalogue if message.id and not _is_translated(message)]
    assert missing == []


def test_placeholders_are_the_same_in_both(catalogue):
    wrong = [
        (message.id, [str(error) for error in message.check(catalogue)])
        for message in catalogue
        if message.id and _is_translated(message) and any(message.check(catalogue))
    ]
    assert wrong == []


def test_no_english_is_kept_of_what_no_page_says(catalogue):
    assert [message.id for message in catalogue.obsolete.values()] == []
