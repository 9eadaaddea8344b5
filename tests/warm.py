"""Children of documents.inspection without their second of imports.

``serve`` runs in a process that has imported the child program and what it reads files with, and
forks for each request: a process, a session and limits of its own as ever. The tests of the child
itself start it as the application does (``cold_children``).
"""

import ctypes
import gc
import importlib
import os
import socket
import struct
import subprocess
import sys
import threading
from types import TracebackType

# The child program's own rooms, and what they import when a file needs it.
NAMES = (
    "documents.inspector",
    "documents.binder",
    "documents.painter",
    "documents.stamper",
    "encodings.utf_16_be",
    "outgoing.measuring",
    "pyhanko.keys",
    "pyhanko.pdf_utils.crypt",
    "pyhanko.pdf_utils.incremental_writer",
    "pyhanko.pdf_utils.reader",
    "pyhanko.sign.diff_analysis",
    "pyhanko.sign.fields",
    "pyhanko.sign.validation",
    "pyhanko_certvalidator",
    "pypdf",
    "pypdf.filters",
    "signatures.pdf",
)
SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER


class Child:
    """What ``subprocess.Popen`` is to documents.inspection."""

    def __init__(self, pid: int, stdin: int, stdout: int) -> None:
        self.pid = pid
        self.stdin, self.stdout = os.fdopen(stdin, "wb"), os.fdopen(stdout, "rb")

    def __enter__(self) -> "Child":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stdout.close()
        self.stdin.close()
        os.waitpid(self.pid, 0)


class Nursery:
    """Starts children by way of the process that is warm, which starts with the first."""

    def __init__(self) -> None:
        self.line: socket.socket | None = None
        self.lock = threading.Lock()
        self.control = ctypes.CDLL(None).prctl

    def _warm(self) -> socket.socket:
        from documents.inspection import child_environment  # noqa: PLC0415 -- Django, not for it

        self.line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-s", "-B", "-m", "tests.warm", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=child_environment(),
                cwd="/",
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        return self.line

    def start(self) -> Child:
        """A child that waits for its request, as ours: its parent has ended, and left it to us."""
        (request, stdin), (stdout, answer) = os.pipe(), os.pipe()
        with self.lock:
            line = self.line or self._warm()
            self.control(SUBREAPER, 1, 0, 0, 0)
            try:
                socket.send_fds(line, [b"?"], [request, answer])
                (pid,) = struct.unpack("i", line.recv(4))
            finally:
                self.control(SUBREAPER, 0, 0, 0, 0)
        os.close(request)
        os.close(answer)
        return Child(pid, stdin, stdout)

    def close(self) -> None:
        """The warm process ends when nobody is left to ask."""
        if self.line is not None:
            self.line.close()
            self.process.wait(20)


def serve(line: socket.socket) -> None:
    """Fork for each request until whoever asks has gone."""
    for name in NAMES:
        importlib.import_module(name)
    gc.freeze()
    while True:
        message, ends, _flags, _address = socket.recv_fds(line, 1, 2)
        if not message:
            return
        heard, told = os.pipe()
        if not (between := os.fork()):
            if not os.fork():
                line.close()
                os.close(heard)
                _be_child(*ends, told)
            os._exit(0)
        os.waitpid(between, 0)
        line.send(os.read(heard, 4))
        for one in (*ends, heard, told):
            os.close(one)


def _be_child(stdin: int, stdout: int, told: int) -> None:
    from documents import inspector  # noqa: PLC0415 -- in the child alone

    code = 1
    try:
        os.setsid()
        os.write(told, struct.pack("i", os.getpid()))
        os.dup2(stdin, 0)
        os.dup2(stdout, 1)
        for one in (stdin, stdout, told):
            os.close(one)
        inspector.main()
        code = 0
    except MemoryError:
        code = inspector.OUT_OF_MEMORY
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        os._exit(code)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
