"""The commands that prove and clean: what they find, how they say it, how they end."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import storages
from django.core.management import call_command

from core.tasks import run_command
from documents.models import StoredFile, TrailSeal
from tests import cast as play
from tests.files import build
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance")]


def verify(command: str) -> tuple[int, dict]:
    out, code = StringIO(), 0
    try:
        call_command(command, "--json", stdout=out)
    except SystemExit as end:
        code = end.code
    return code, json.loads(out.getvalue())


@pytest.mark.parametrize(
    ("command", "facts"),
    [
        ("verify_trail", {"documents", "acts", "seals"}),
        ("verify_registers", {"registers"}),
        ("verify_files", {"files"}),
        ("verify_grants", {"grants", "waiting"}),
    ],
)
def test_an_empty_office_is_sound(db, command, facts):
    code, said = verify(command)
    assert (code, said["sound"], said["findings"]) == (0, True, [])
    assert {name: said[name] for name in facts} == dict.fromkeys(facts, 0)
    assert set(said) == facts | {"sound", "findings"}


@pytest.fixture
def kept(cast):
    """Two stored files and their places."""
    for pages in (1, 2):
        play.registered(cast.clerk, build(pages=pages))
    # The tray's own copies go after the commit, which a test never reaches.
    for path in (Path(settings.DATA_ROOT) / "quarantine").iterdir():
        path.unlink()
    rows = StoredFile.objects.order_by("page_count", "pk")
    return [(row.pk, Path(storages["store"].path(row.path))) for row in rows]


def test_sound_files(kept):
    """NĐ 30/2020 Điều 22: the files are those that came."""
    assert verify("verify_files") == (0, {"sound": True, "findings": [], "files": 2})


def test_a_changed_file_is_found(kept):
    digest, path = kept[0]
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    assert verify("verify_files") == (
        1,
        {"sound": False, "findings": [f"file {digest}: was changed"], "files": 2},
    )


def test_a_missing_file_is_found(kept):
    digest, path = kept[1]
    path.unlink()
    assert verify("verify_files")[1]["findings"] == [f"file {digest}: missing"]


def test_an_unknown_file_is_found(kept):
    path = Path(storages["store"].path("ab/cd/unknown.pdf"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"%PDF-1.4")
    assert verify("verify_files") == (
        1,
        {
            "sound": False,
            "findings": ["file ab/cd/unknown.pdf: in the store, but in no document"],
            "files": 2,
        },
    )


def test_an_orphan_in_the_quarantine_is_found(kept):
    token = "f" * 32
    (Path(settings.DATA_ROOT) / "quarantine" / token).write_bytes(b"x")
    assert verify("verify_files")[1]["findings"] == [f"quarantine {token}: waits for nobody"]


def test_the_clock_seals_every_agency_that_has_something_new(cast, pdf, capsys):
    play.registered(cast.clerk, pdf)
    play.registered(cast.ward_clerk, pdf)
    run_command("seal_trail")
    assert capsys.readouterr().out == "2 sealed\n"
    assert set(TrailSeal.objects.values_list("agency", flat=True)) == {cast.city.pk, cast.ward.pk}
    run_command("seal_trail")
    assert capsys.readouterr().out == "0 sealed\n"


def test_the_clock_runs_nothing_else():
    for name in ("flush", "verify_trail", "demo", "shell", ""):
        with pytest.raises(ValueError, match="not a command of the clock"):
            run_command(name)


def test_everything_that_beat_asks_for_is_allowed():
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert entry["task"] == "core.tasks.run_command"
        run_command(*entry["args"])
