"""`python -m edocman.supervisor run|test`: the servers, and what runs on them, as one thing."""

import contextlib
import hashlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from edocman import services, translations
from edocman.demo import authority
from edocman.services import processes

BASE = Path(__file__).resolve().parent.parent
VAR = BASE / "var"
MARK = "EDOCMAN_SUPERVISED"  # in the environment of all that we start, so that it is found again
STOP_SECONDS = 12  # honcho itself gives its processes five


class Stopped(BaseException):
    """Somebody asked us to stop."""


def run() -> int:
    """Web, worker and beat with their servers, until Ctrl-C."""
    host = os.environ.get("HOST") or "127.0.0.1"
    port = _port()
    address = f"http://{'localhost' if host in {'127.0.0.1', '0.0.0.0'} else host}:{port}/"  # noqa: S104
    try:
        with services.lock(VAR, f"{address} (process {os.getpid()})"):
            _stop_orphans(VAR)
            if not _is_free(host, port):
                _complain(f"port {port} of {host} is taken; PORT=8001 make run takes another.")
                return 1
            with _stopping(VAR):
                environment = _environment(VAR) | _office(host, port)
                _prepare(environment)
                return _serve(environment, port, address)
    except services.Busy as busy:
        _complain(f"already running in this folder: {busy.note}")
        return 1


def test(arguments: list[str]) -> int:
    """The suite on servers of its own; `make run` may go on beside it."""
    folder = VAR / "test"
    try:
        with services.lock(folder, f"process {os.getpid()}"):
            _stop_orphans(folder)
            with _stopping(folder):
                translations.compile_all()
                environment = _environment(folder, durable=False)
                environment["DJANGO_SETTINGS_MODULE"] = "tests.settings"
                command = [sys.executable, "-m", "pytest", "-n", "auto", *arguments]
                return subprocess.call(command, cwd=BASE, env=environment)  # noqa: S603 -- ours
    except services.Busy as busy:
        _complain(f"the tests already run in this folder: {busy.note}")
        return 1


# --- Before the start.


def _port() -> int:
    value = os.environ.get("PORT") or "8000"
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise services.ServiceError(f"PORT must be a number from 1 to 65535, not {value!r}.")
    return int(value)


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError:
            return False
    return True


def _environment(folder: Path, *, durable: bool = True) -> dict[str, str]:
    # The programs of .venv come first, wherever the Procfile is run.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    addresses = services.start(folder, durable=durable)
    return os.environ | {"PATH": path, MARK: str(folder)} | addresses


def _office(host: str, port: int) -> dict[str, str]:
    """What an office on this machine needs and the environment does not say."""
    beat = VAR / "beat"
    beat.mkdir(exist_ok=True)
    (VAR / "data").mkdir(mode=0o700, exist_ok=True)  # the files of the office are nobody else's
    defaults = {
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "HTTPS": "off",
        "SITE_URL": f"http://localhost:{port}",
        "DATA_ROOT": str(VAR / "data"),
        "REGULATIONS_FOLDER": str(BASE / "edocman" / "demo" / "regulations"),
        "STATIC_ROOT": str(VAR / "static"),
        "BEAT_SCHEDULE": str(beat / "schedule"),
        "LOG_LEVEL": "WARNING",
    }
    if not os.environ.get("SECRET_KEY"):
        defaults["SECRET_KEY_FILE"] = str(_secret_key())
    if not os.environ.get("SIGNATURE_ANCHORS"):
        # The demo's people sign with keys of the demo's own authority.
        defaults["SIGNATURE_ANCHORS"] = str(authority.root_in(VAR / "authority"))
        defaults["SIGNATURE_CRLS"] = str(authority.list_in(VAR / "authority"))
    wanted = {name: value for name, value in defaults.items() if not os.environ.get(name)}
    return wanted | {"WEB_BIND": f"{host}:{port}"}


def _secret_key() -> Path:
    file = VAR / "secret_key"
    if not file.exists():
        draft = file.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        draft.rename(file)
    return file


def _prepare(environment: dict[str, str]) -> None:
    translations.compile_all()
    _manage(environment, "migrate", "--noinput", "--verbosity", "0")
    stamp = Path(environment.get("STATIC_ROOT", "")) / ".collected"
    state = _static_state()
    if not stamp.exists() or stamp.read_text() != state:
        _say("collecting the static files")
        _manage(environment, "collectstatic", "--noinput", "--clear", "--verbosity", "0")
        stamp.write_text(state)
    _manage(environment, "demo", "--if-empty")


def _static_state() -> str:
    # Sizes and times are enough: a file that is edited has a new time.
    files = sorted(path for path in BASE.glob("static/**/*") if path.is_file())
    lines = [f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files]
    lines.append((BASE / "requirements.lock").read_text())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _manage(environment: dict[str, str], *arguments: str) -> None:
    command = [sys.executable, str(BASE / "manage.py"), *arguments]
    if subprocess.call(command, env=environment):  # noqa: S603 -- our own command, no shell
        raise services.ServiceError(f"manage.py {arguments[0]} failed.")


# --- While it runs, and after.


def _serve(environment: dict[str, str], port: int, address: str) -> int:
    # The user's .env belongs to docker compose; a session of its own keeps Ctrl-C to us alone.
    command = [sys.executable, "-m", "honcho", "-e", os.devnull, "-f", "Procfile", "start"]
    honcho = subprocess.Popen(  # noqa: S603 -- our own command, no shell
        command, cwd=BASE, env=environment, start_new_session=True
    )
    try:
        while honcho.poll() is None and not _answers(environment):
            time.sleep(0.2)
        if honcho.poll() is None:
            _manage(environment, "demo", "--accounts")
            _say(f"{address}   Ctrl-C stops everything.")
        return honcho.wait()
    finally:
        with contextlib.suppress(subprocess.TimeoutExpired):
            honcho.terminate()
            honcho.wait(STOP_SECONDS)


def _answers(environment: dict[str, str]) -> bool:
    command = [sys.executable, "-m", "edocman.probe", "/healthz"]
    return not subprocess.call(command, cwd=BASE, env=environment)  # noqa: S603 -- ours


def _stop_orphans(folder: Path) -> None:
    """Stop what a supervisor that was killed has left running."""
    for_now = (signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0)
    processes.stop(processes.marked(MARK, str(folder)), *for_now)


@contextlib.contextmanager
def _stopping(folder: Path) -> Iterator[None]:
    """Whatever happens inside, nothing is left running behind."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        _ignore_signals()  # a second Ctrl-C must not interrupt the stopping
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        yield
    finally:
        _ignore_signals()
        _stop_orphans(folder)
        services.stop(folder)


def _ignore_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def _say(text: str) -> None:
    sys.stdout.write(f"edocman: {text}\n")
    sys.stdout.flush()


def _complain(text: str) -> None:
    sys.stderr.write(f"edocman: {text}\n")


def main(arguments: list[str]) -> int:
    """Run the office or its tests; all that follows `test` goes to pytest."""
    try:
        match arguments:
            case ["run"]:
                return run()
            case ["test", *rest]:
                return test(rest)
        _complain("python -m edocman.supervisor run | test [what pytest takes]")
        return 2
    except Stopped:
        _say("stopped.")
        # To stop the office is how it ends; tests that were stopped have not passed.
        return 0 if arguments == ["run"] else 130
    except services.ServiceError as error:
        _complain(str(error))
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
