"""Mail servers of the tests: one that takes and refuses letters, and mailboxes over IMAP."""

import asyncio
import os
import pwd
import re
import shutil
import socket
import socketserver
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope


class Post:
    """What an SMTP server has taken; it refuses whom it is told to, with that answer.

    ``answer``: what it says of each letter instead of taking it, ``of_sender``: of who sends it;
    ``parts``: it closes the connection after each.
    """

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.refusing: dict[str, str] = {}
        self.answer = self.of_sender = ""
        self.parts = False
        self.peers: set[Any] = set()

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, address: str, _o: Any):
        if self.of_sender:
            return self.of_sender
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _o: Any):
        if answer := self.refusing.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        self.peers.add(session.peer)
        if self.answer:
            return self.answer
        self.taken.append(envelope)
        if self.parts:
            asyncio.get_running_loop().call_soon(server.transport.close)
        return "250 taken"

    @property
    def letters(self) -> list[EmailMessage]:
        """The messages, oldest first."""
        return [
            message_from_bytes(one.content, policy=policy.default)  # type: ignore[misc, arg-type]
            for one in self.taken
        ]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def smtp(settings: Any) -> Iterator[Post]:
    """A server that our letters really go to."""
    post = Post()
    server = Controller(post, hostname="127.0.0.1", port=free_port())
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    try:
        yield post
    finally:
        server.stop()


@contextmanager
def silent_smtp(settings: Any) -> Iterator[socket.socket]:
    """A server that takes the connection and never says a word."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(50)
        door.setblocking(False)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = door.getsockname()
        settings.EMAIL_TIMEOUT = 0.3
        yield door


def visitors(door: socket.socket) -> int:
    """How many have knocked since it was asked last."""
    count = 0
    with suppress(BlockingIOError):
        while True:
            door.accept()[0].close()
            count += 1
    return count


class _Mailbox(socketserver.StreamRequestHandler):
    """The few words of IMAP that a reader of a mailbox says."""

    def handle(self) -> None:
        server: Any = self.server
        self.wfile.write(b"* OK ready\r\n")
        for raw in self.rfile:
            tag, _space, rest = raw.decode().strip().partition(" ")
            word = rest.split(" ", 1)[0].upper()
            self._answer(server, word, rest)
            ok = word != "LOGIN" or "secret" in rest
            self.wfile.write(f"{tag} {'OK' if ok else 'NO'} {word}\r\n".encode())
            if word == "LOGOUT":
                return

    def _answer(self, server: Any, word: str, rest: str) -> None:
        numbers = range(1, len(server.messages) + 1)
        if word == "CAPABILITY":
            self.wfile.write(b"* CAPABILITY IMAP4REV1\r\n")
        elif word == "SELECT":
            self.wfile.write(f"* {len(server.messages)} EXISTS\r\n".encode())
        elif word == "SEARCH":
            unseen = " ".join(str(one) for one in numbers if one not in server.seen)
            self.wfile.write(f"* SEARCH {unseen}\r\n".encode())
        elif word == "FETCH":
            number = int(rest.split()[1])
            most = int(re.search(r"<0\.(\d+)>", rest)[1])  # type: ignore[index]
            content = server.messages[number - 1][:most]
            self.wfile.write(f"* {number} FETCH (BODY[]<0> {{{len(content)}}}\r\n".encode())
            self.wfile.write(content + b")\r\n")
        elif word == "STORE":
            server.seen.add(int(rest.split()[1]))
        elif word == "LOGOUT":
            self.wfile.write(b"* BYE\r\n")


@contextmanager
def imap(settings: Any, messages: list[bytes]) -> Iterator[Any]:
    """A mailbox with these messages."""
    import threading  # noqa: PLC0415 -- here alone

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Mailbox) as server:
        server.daemon_threads = True
        server.messages, server.seen = messages, set()  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        _read_from(settings, server.server_address[1])
        try:
            yield server
        finally:
            server.shutdown()


def _read_from(settings: Any, port: int) -> None:
    settings.BOUNCE_IMAP_HOST, settings.BOUNCE_IMAP_PORT = "127.0.0.1", port
    settings.BOUNCE_IMAP_TLS = False
    settings.BOUNCE_IMAP_USER, settings.BOUNCE_IMAP_PASSWORD = "tra-lai", "secret"


DOVECOT = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")
_CONF = """
base_dir = {folder}/run
log_path = {folder}/log
state_dir = {folder}/state
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
mail_location = maildir:{folder}/mail
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}
}}
"""


@contextmanager
def dovecot(settings: Any, folder: Path, messages: list[bytes]) -> Iterator[Path]:
    """Dovecot itself with these messages; answers where they lie."""
    import grp  # noqa: PLC0415 -- here alone

    person = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    new = folder / "mail" / "new"
    for one in (new, folder / "mail" / "cur", folder / "mail" / "tmp", folder / "run"):
        one.mkdir(parents=True)
    for number, content in enumerate(messages):
        (new / f"{number}.M{number}.tests").write_bytes(content)
    port = free_port()
    words = {
        "folder": folder,
        "user": person.pw_name,
        "group": grp.getgrgid(person.pw_gid).gr_name,
        "port": port,
    }
    (folder / "dovecot.conf").write_text(_CONF.format(**words))
    if os.getuid() == 0:
        for one in (folder, *folder.rglob("*")):
            os.chown(one, person.pw_uid, person.pw_gid)
    assert DOVECOT is not None
    server = subprocess.Popen(
        [DOVECOT, "-F", "-c", str(folder / "dovecot.conf")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _try in range(100):
            with socket.socket() as door:
                if door.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        _read_from(settings, port)
        yield folder / "mail"
    finally:
        server.terminate()
        server.wait(10)
