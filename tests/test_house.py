"""The house itself: floors, addresses, migrations, settings, what each app says of itself."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

ROOT = Path(settings.BASE_DIR)
APPS = (
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

# Whoever is not signed in may ask for these, and for nothing else.
OPEN = {"/login/", "/logout/", "/healthz", "/readyz", "/account/language/", "/admin/login/"}
# The signing program has no session: a token of one use opens them, and nothing without it.
BY_TOKEN = {"/sign/source", "/sign/upload"}
VALUES = {
    "agency": "kontum",
    "pk": "1",
    "key": "1",
    "draft": "1",
    "ordinal": "1",
    "year": "2026",
    "heading": "1",
    "line": "1",
    "page": "1",
    "verb": "submit",
    "token": "11111111-1111-1111-1111-111111111111",
    "picture": "1",
    "remark": "1",
    "typed": "1",
    "part": "1",
    "object_id": "1",
    "id": "1",
    "content_type_id": "1",
    "version_id": "1",
    "app_label": "accounts",
    "path:object_id": "1",
}


def paths(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    """An example of every address."""
    for entry in resolver.url_patterns:
        pattern = entry.pattern
        if not isinstance(pattern, RoutePattern):
            continue  # the admin's own last resort
        here = before + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: VALUES[found[1]], pattern._route)
        if isinstance(entry, URLPattern):
            yield here
        else:
            yield from paths(entry, here)


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A program of ours in an environment with nothing else in it."""
    plain = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=plain | environment,
        text=True,
        capture_output=True,
        check=False,
    )


def test_there_are_addresses_to_try():
    found = set(paths(get_resolver()))
    assert {"/", "/kontum/", "/kontum/incoming/", "/kontum/incoming/1/submit/"} <= found
    assert "/admin/accounts/user/" in found
    assert found >= OPEN


@pytest.mark.django_db
@pytest.mark.usefixtures("empty_cache")
@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_is_not_signed_in_comes_to_the_door(cast, client, method):
    """Kon Tum Điều 21.3: no page and no verb without an account."""
    for path in sorted(set(paths(get_resolver())) - OPEN - BY_TOKEN):
        answer = getattr(client, method)(path)
        assert answer.status_code == 302, path
        # The admin sends everybody to its own door, and that one leads to ours.
        assert answer.url.startswith(("/login/?next=", "/admin/login/?next=")), path
    for path in BY_TOKEN:
        answer = getattr(client, method)(path, {"t": "x"})
        assert answer.status_code in (404, 405) or answer.json()["Status"] != 0, path


@pytest.mark.django_db
@pytest.mark.usefixtures("empty_cache")
def test_the_door_itself_is_open(cast, client):
    for path in ("/login/", "/healthz", "/readyz"):
        assert client.get(path).status_code == 200, path
    assert client.get("/admin/login/?next=/admin/accounts/").url == "/login/?next=/admin/accounts/"
    assert client.post("/logout/").url == "/login/"
    assert client.post("/account/language/", {"language": "en"}).status_code == 302


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("app", APPS)
def test_every_app_says_what_it_is_for(app):
    text = (ROOT / app / "README.md").read_text(encoding="utf-8")
    assert text.startswith(f"# {app}\n")
    assert 15 <= len(text.splitlines()) <= 30


def test_the_floors_and_rooms_are_kept():
    """Imports go down only."""
    program = "from importlinter.cli import lint_imports_command as check; check()"
    checked = run("-c", program, "--no-cache")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "The floors of the house KEPT" in checked.stdout
    assert "The rooms of an app KEPT" in checked.stdout


@pytest.mark.parametrize(
    "line",
    [
        "from guardian.shortcuts import assign_perm",
        "import guardian.shortcuts",
        "from guardian.core import ObjectPermissionChecker",
        "from guardian.backends import ObjectPermissionBackend",
    ],
)
def test_guardians_shortcuts_are_banned(line):
    """They fall back to the generic tables on an inherited child."""
    checked = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--stdin-filename", "incoming/rules.py", "-"],
        input=f"{line}\n",
        cwd=ROOT,
        text=True,
        capture_output=True,
        check=False,
    )
    assert "TID251" in checked.stdout


def test_icons_are_named_by_literals():
    """django-lucide compiles its values as templates: a variable there runs what a person typed."""
    literal = re.compile(r"""^(?:[\w-]+=)?(?:"[^"{}]*"|'[^'{}]*'|\d+)$""")
    found = 0
    for path in (ROOT / "templates").rglob("*.html"):
        for call in re.findall(r"{%-?\s*lucide\s+(.*?)\s*-?%}", path.read_text(encoding="utf-8")):
            words = re.findall(r"""(?:[^\s"']|"[^"]*"|'[^']*')+""", call)
            wrong = [word for word in words if not literal.match(word)]
            assert not wrong, f"{path.name}: {call}"
            found += 1
    assert found > 10


def test_no_script_or_style_stands_in_a_page():
    """The Content-Security-Policy allows files of our own only."""
    wrong = re.compile(
        r"<style|\sstyle=|\son(click|change|submit|load|input)=|javascript:|<script>"
    )
    for path in (ROOT / "templates").rglob("*.html"):
        assert not wrong.search(path.read_text(encoding="utf-8")), path.name


START = "from django.conf import settings; import django; django.setup(); print(settings.DEBUG)"
SAFE = {
    "DJANGO_SETTINGS_MODULE": "edocman.settings",
    "SECRET_KEY": "k3y-" + "0123456789abcdefghij" * 3,
    "ALLOWED_HOSTS": "office.example.com",
}


def test_it_starts_with_a_key_and_hosts():
    started = run("-c", START, **SAFE)
    assert (started.stdout, started.returncode) == ("False\n", 0), started.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_it_does_not_start_without(name):
    started = run("-c", START, **{key: value for key, value in SAFE.items() if key != name})
    assert started.returncode != 0
    assert f"{name} is required" in started.stderr


def test_the_checks_of_deployment_have_nothing_to_say():
    address = {"DATABASE_URL": os.environ.get("DATABASE_URL", "postgresql:///edocman")}
    checked = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **SAFE, **address)
    assert checked.returncode == 0, checked.stderr
    assert "System check identified no issues" in checked.stdout
