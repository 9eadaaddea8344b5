"""`manage.py verify_pdf`: one verdict a file, for people and for programs."""

import json
import os
import subprocess
import sys
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import call_command

from signatures import files as examined
from tests import files

KEYS = {
    "field", "signer", "issuer", "serial", "signing_time", "intact", "trusted",
    "covers_whole_file", "modification", "reason",
}  # fmt: skip


def ask(*names: Any, code: int = 0) -> list[dict[str, Any]]:
    """What the command prints as JSON; it ends with `code`."""
    out = StringIO()
    ended = 0
    try:
        call_command("verify_pdf", *map(str, names), json=True, stdout=out, stderr=StringIO())
    except SystemExit as end:
        ended = end.code
    assert ended == code
    return json.loads(out.getvalue())


@pytest.fixture
def trusted(tmp_path: Path, settings: Any) -> None:
    settings.SIGNATURE_ANCHORS = [str(files.anchor(tmp_path / "root.pem"))]


def test_a_sound_file(tmp_path: Path, trusted: None) -> None:
    """Cần Thơ Điều 5.1: complete, whole, authentic."""
    [row] = ask(files.signed_pdf(tmp_path / "quyết định số 5.pdf", "Nguyễn Văn Ký"))
    assert set(row) == {"file", "verdict", "signatures"}
    assert (row["file"], row["verdict"]) == (str(tmp_path / "quyết định số 5.pdf"), "valid")
    [one] = row["signatures"]
    assert set(one) == KEYS
    assert one["signer"] == "Nguyễn Văn Ký"
    assert (one["intact"], one["trusted"], one["covers_whole_file"]) == (True, True, True)


def test_intact_and_trusted_are_two_things(tmp_path: Path) -> None:
    [row] = ask(files.signed_pdf(tmp_path / "a.pdf", "Nguyễn Văn Ký"), code=1)
    assert row["verdict"] == "indeterminate"
    [one] = row["signatures"]
    assert (one["intact"], one["trusted"], one["reason"]) == (True, False, "unknown_issuer")


def test_the_worst_decides_and_one_file_does_not_stop_the_others(
    tmp_path: Path, trusted: None
) -> None:
    rows = ask(
        files.tampered_pdf(tmp_path / "sua.pdf"),
        files.broken(tmp_path / "hong.pdf"),
        files.plain_pdf(tmp_path / "khong-ky.pdf"),
        files.encrypted(tmp_path / "mat-khau.pdf"),
        files.word_document(tmp_path / "cong-van.docx"),
        files.signed_pdf(tmp_path / "tot.pdf", "Nguyễn Văn Ký"),
        code=1,
    )
    assert [row["verdict"] for row in rows] == [
        "invalid",
        "unreadable",
        "unsigned",
        "unreadable",
        "unreadable",
        "valid",
    ]
    assert rows[0]["signatures"][0]["intact"] is False


def test_what_is_valid_or_unsigned_is_in_order(tmp_path: Path, trusted: None) -> None:
    ask(
        files.plain_pdf(tmp_path / "a.pdf"),
        files.signed_pdf(tmp_path / "b.pdf", "Nguyễn Văn Ký"),
        code=0,
    )


@pytest.mark.parametrize("name", ["no-such.pdf", "folder", "nul\0.pdf"])
def test_what_cannot_be_opened(tmp_path: Path, trusted: None, name: str) -> None:
    (tmp_path / "folder").mkdir()
    good = files.signed_pdf(tmp_path / "tot.pdf", "Nguyễn Văn Ký")
    rows = ask(f"{tmp_path}/{name}", good, code=2)
    assert [row["verdict"] for row in rows] == ["unreadable", "valid"]


@pytest.mark.parametrize(
    "build", [files.slow, files.slow_to_open, files.memory_bomb, files.deep_tree, files.zero_page]
)
def test_a_hostile_file_costs_its_own_verdict_only(
    tmp_path: Path, trusted: None, monkeypatch: Any, build: Any
) -> None:
    """A hang, a flood, a deep tree: no traceback, and the next file is examined."""
    monkeypatch.setattr(examined, "SECONDS", 10)  # the good file must have time on any machine
    monkeypatch.setattr(examined, "MEMORY", 512)
    bad, good = build(tmp_path / "xau.pdf"), files.signed_pdf(tmp_path / "tot.pdf", "Ký")
    out = StringIO()
    with suppress(SystemExit):  # a tree that is only deep has no signature, and that is all right
        call_command("verify_pdf", str(bad), str(good), json=True, stdout=out)
    rows = json.loads(out.getvalue())
    assert rows[0]["verdict"] in ("unreadable", "unsigned")
    assert rows[1]["verdict"] == "valid"


def test_thirty_seconds_and_a_gibibyte() -> None:
    assert (examined.SECONDS, examined.MEMORY) == (30, 1024)


def test_people_read_sentences(tmp_path: Path, trusted: None) -> None:
    out = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("verify_pdf", str(files.tampered_pdf(tmp_path / "a.pdf")), stdout=out)
    assert end.value.code == 1
    assert "nội dung đã bị sửa sau khi ký" in out.getvalue()


def test_a_real_process_writes_nothing_but_json(tmp_path: Path) -> None:
    """Odd bytes in the name, a name that looks like an option, warnings of libraries."""
    odd = os.fsdecode(os.fsencode(str(tmp_path)) + b"/\xff\xfe.pdf")
    files.signed_pdf(Path(odd), "Nguyễn Văn Ký")
    dash = tmp_path / "--json.pdf"
    files.hybrid_xref(dash)
    answer = subprocess.run(
        [sys.executable, "manage.py", "verify_pdf", "--json", "--", odd, "--json.pdf"],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    )
    rows = json.loads(answer.stdout)
    assert [row["verdict"] for row in rows] == ["indeterminate", "unreadable"]
    assert answer.returncode == 2
    assert b"Traceback" not in answer.stderr


@pytest.mark.parametrize("anchor", ["missing", "folder", "not a certificate"])
def test_a_wrong_anchor_stops_the_start(tmp_path: Path, settings: Any, anchor: str) -> None:
    """Else every signature of the country would read as unknown."""
    path = tmp_path / "root.pem"
    if anchor == "folder":
        path.mkdir()
    elif anchor == "not a certificate":
        path.write_text("-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n")
    settings.SIGNATURE_ANCHORS = [str(path)]
    [error] = [one for one in run_checks() if one.id.startswith("signatures.")]
    assert error.id == "signatures.E001"
    assert "root.pem" in error.msg


def test_right_anchors_are_fine(trusted: None) -> None:
    assert not [one for one in run_checks() if one.id.startswith("signatures.")]
