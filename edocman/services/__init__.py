"""PostgreSQL and Redis for a machine that has neither: started, taken over, stopped, recovered."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from edocman.services import broker, database
from edocman.services.processes import ServiceError

__all__ = ["Busy", "ServiceError", "lock", "start", "stop"]


class Busy(ServiceError):
    """Another process holds the folder; `note` is what it left for us to read."""

    def __init__(self, note: str) -> None:
        super().__init__(note)
        self.note = note


def start(folder: Path, *, durable: bool = True) -> dict[str, str]:
    """Start what the environment does not name already, and return the addresses.

    What is not ``durable`` is lost with the machine.

    Raises ServiceError with a plain reason when a server cannot be started.
    """
    folder = folder.resolve()  # the servers work elsewhere
    _make(folder)
    servers: dict[str, Callable[[Path], str]] = {
        "DATABASE_URL": partial(database.start, durable=durable),
        "REDIS_URL": broker.start,
    }
    return {
        name: start_server(folder)
        for name, start_server in servers.items()
        if not (os.environ.get(name) or os.environ.get(f"{name}_FILE"))
    }


def stop(folder: Path) -> None:
    """Stop both servers of this folder, whoever started them."""
    folder = folder.resolve()
    broker.stop(folder)
    database.stop(folder)


@contextmanager
def lock(folder: Path, note: str) -> Iterator[None]:
    """Hold the folder for as long as the block runs, or as this process lives.

    Raises Busy when another process holds it.
    """
    _make(folder)
    with (folder / "lock").open("a+", encoding="utf-8") as file:
        # A record lock, not flock: children that outlive a killed parent must not inherit it.
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            raise Busy(file.read().strip()) from None
        file.truncate(0)
        file.write(note)
        file.flush()
        yield


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except PermissionError:
        raise ServiceError(f"{folder} cannot be made by this user.") from None
