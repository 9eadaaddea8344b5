"""Which processes are ours, asked of the kernel: a pid file alone may name a stranger."""

import importlib.util
import os
import signal
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TypedDict

PROC = Path("/proc")
_launched: list[subprocess.Popen[bytes]] = []  # collected when they end: a zombie keeps its number


class Account(TypedDict, total=False):
    """Whom subprocess becomes before it runs a program."""

    user: int
    group: int
    extra_groups: list[int]


class ServiceError(Exception):
    """A server cannot be started; the message is written for the person at the terminal."""


def package(name: str) -> Path:
    """The folder of an installed package, without loading it."""
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise ServiceError(f"The package {name} is not installed.")
    return Path(found.origin).parent


def is_alive(pid: int) -> bool:
    """Whether the process still runs; one that only waits to be collected does not."""
    try:
        stat = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in {"Z", "X"}


def in_folder(folder: Path, program: str) -> list[int]:
    """The living processes of a program whose working folder this is, oldest first."""
    return [
        pid
        for pid in _all()
        if _link(pid, "cwd") == str(folder.resolve())
        and Path(_link(pid, "exe").removesuffix(" (deleted)")).name == program
    ]


def marked(name: str, value: str) -> list[int]:
    """The living processes that carry this variable in their environment, but not ourselves."""
    wanted = f"{name}={value}".encode()
    found = []
    for pid in _all():
        try:
            environment = (PROC / str(pid) / "environ").read_bytes()
        except OSError:
            continue
        if pid != os.getpid() and wanted in environment.split(b"\0"):
            found.append(pid)
    return found


def stop(pids: Iterable[int], *steps: tuple[signal.Signals, float]) -> None:
    """Send each signal in turn to those that are left, and give them so many seconds to go."""
    left = _living(pids)
    for number, seconds in steps:
        for pid in left:
            # A process may go on its own between the look and the signal.
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue
        deadline = time.monotonic() + seconds
        while left and time.monotonic() < deadline:
            time.sleep(0.05)
            left = _living(left)
        if not left:
            return
    raise ServiceError(f"Could not stop process {', '.join(map(str, left))}.")


def launch(
    command: list[str], log: Path, user: int | None, group: int | None, environment: dict[str, str]
) -> subprocess.Popen[bytes]:
    """Start a server in a session of its own, so that Ctrl-C reaches it only through us."""
    with log.open("ab") as output:
        server = subprocess.Popen(  # noqa: S603 -- our own command, no shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=environment,
            start_new_session=True,
            umask=0o077,
            **as_account(user, group),
        )
    _launched.append(server)
    return server


def as_account(user: int | None, group: int | None) -> Account:
    """The arguments that make subprocess drop root, or none."""
    if user is None or group is None:
        return {}
    return {"user": user, "group": group, "extra_groups": []}


def open_log(folder: Path, name: str) -> Path:
    """The log file of a server; one that has grown large is kept aside once."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / name
    if log.exists() and log.stat().st_size > 5 * 1024 * 1024:
        log.replace(log.with_suffix(".old"))
    log.touch(mode=0o600)
    return log


def last_lines(log: Path, count: int = 8) -> str:
    """How a log ends, for the message that says why a server did not start."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:])


def _living(pids: Iterable[int]) -> list[int]:
    _launched[:] = [server for server in _launched if server.poll() is None]
    return [pid for pid in pids if is_alive(pid)]


def _all() -> list[int]:
    return sorted(int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit())


def _link(pid: int, name: str) -> str:
    try:
        return str((PROC / str(pid) / name).readlink())
    except OSError:
        return ""
