"""LibreOffice, asked to turn a text into a PDF: alone, bounded, without macros and without net."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from django.conf import settings

# What LibreOffice is told before it opens anything: no macros, nothing from other addresses.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Save/URL">
<prop oor:name="Internet" oor:op="fuse"><value>false</value></prop></item>
</oor:items>
"""
_MEMORY = 4 << 30  # bytes of address space; a text of 300 pages needs about one
# A proxy that is nowhere: whatever a text links to stays unasked.
_NOWHERE = "http://127.0.0.1:9"


class NotConverted(Exception):
    """No PDF came out; the code says why: "missing", "too_slow" or "failed"."""


def is_there() -> bool:
    """True where a converter is installed."""
    return shutil.which(settings.OFFICE_CONVERTER) is not None


def to_pdf(source: Path, suffix: str) -> bytes:
    """The PDF of a text (.docx, .odt). Raises NotConverted."""
    program = shutil.which(settings.OFFICE_CONVERTER)
    if program is None:
        raise NotConverted("missing")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        profile = home / "profile" / "user"
        profile.mkdir(parents=True)
        (profile / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        text = home / f"text{suffix}"
        shutil.copyfile(source, text)
        command = [
            program,
            "--headless",
            "--norestore",
            "--nolockcheck",
            f"-env:UserInstallation=file://{home / 'profile'}",
            "--convert-to",
            "pdf",
            "--outdir",
            str(home),
            str(text),
        ]
        _run(command, home)
        made = home / "text.pdf"
        if not made.exists() or made.stat().st_size > settings.UPLOAD_LIMIT:
            raise NotConverted("failed")
        return made.read_bytes()


def _run(command: list[str], home: Path) -> None:
    limits = [f"--as={_MEMORY}", f"--fsize={settings.UPLOAD_LIMIT * 2}", "--core=0"]
    prlimit = shutil.which("prlimit")
    child = subprocess.Popen(  # noqa: S603 -- programs of ours, and a name of ours
        [prlimit, *limits, *command] if prlimit else command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "http_proxy": _NOWHERE,
            "https_proxy": _NOWHERE,
        },
        cwd=home,
        start_new_session=True,
    )
    try:
        child.wait(timeout=settings.CONVERSION_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise NotConverted("too_slow") from error
    finally:
        # The whole session: LibreOffice starts a second process that does the work.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    if child.returncode != 0:
        raise NotConverted("failed")
