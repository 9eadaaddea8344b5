"""The environment: a bad value stops the start and names itself."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from core import env

NAME = "EDOCMAN_TEST_VALUE"


@pytest.fixture
def given(monkeypatch):
    return lambda value: monkeypatch.setenv(NAME, value)


def test_text(given, monkeypatch):
    assert env.text(NAME, "x") == "x"
    with pytest.raises(ImproperlyConfigured, match=f"{NAME} is required"):
        env.text(NAME)
    given("y")
    assert env.text(NAME, "x") == "y"


def test_a_secret_may_lie_in_a_file(given, monkeypatch, tmp_path):
    given("from the environment")
    file = tmp_path / "secret"
    file.write_text("bí mật\n", encoding="utf-8")
    monkeypatch.setenv(f"{NAME}_FILE", str(file))
    assert env.text(NAME) == "bí mật"
    file.unlink()
    with pytest.raises(ImproperlyConfigured, match=f"{NAME}_FILE"):
        env.text(NAME, "x")


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        *((value, True) for value in ("1", "Yes", "TRUE", " on ")),
        *((value, False) for value in ("0", "no", "False", "off", "")),
    ],
)
def test_flag(given, value, meant):
    assert env.flag(NAME, not meant) is not meant
    given(value)
    assert env.flag(NAME, not meant) is meant


def test_neither_yes_nor_no(given):
    given("maybe")
    with pytest.raises(ImproperlyConfigured, match=f"{NAME} must be yes or no, not 'maybe'"):
        env.flag(NAME)


def test_number(given):
    assert env.number(NAME, 7) == 7
    given("12")
    assert env.number(NAME, 7) == 12
    for wrong in ("twelve", "1.5", ""):
        given(wrong)
        with pytest.raises(ImproperlyConfigured, match=f"{NAME} must be a whole number"):
            env.number(NAME, 7)


def test_words(given):
    assert env.words(NAME) == []
    given(" a, b ,,c ")
    assert env.words(NAME) == ["a", "b", "c"]
