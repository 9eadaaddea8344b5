"""The mail server during one round: one connection, and one round at a time."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.db import connection

# Any number, so long as nothing else locks it.
ROUND = 7_301_202_016


class ServerAway(Exception):
    """Nobody answers, or not as a mail server does: no letter of this round will go."""


class Server:
    """Sends letters over one connection, which the first of them opens."""

    def __init__(self) -> None:
        self._open: Any = None

    def send(self, letter: EmailMessage) -> None:
        """Hand a letter over. Raises ServerAway, and SMTPException for what the server answers.

        Servers close a connection that has carried many letters: such a letter goes over a new one.
        """
        used = self._open is not None
        try:
            self._send(letter)
        except ServerAway:
            self.close()
            if not used:
                raise
            self._send(letter)

    def _send(self, letter: EmailMessage) -> None:
        if self._open is None:
            door = get_connection()
            try:
                door.open()
            except (smtplib.SMTPException, OSError) as error:
                raise ServerAway(plain(error)) from error
            self._open = door
        letter.connection = self._open
        try:
            letter.send()
        except smtplib.SMTPServerDisconnected as error:
            raise ServerAway(plain(error)) from error
        except smtplib.SMTPHeloError as error:  # it does not even say good day
            raise ServerAway(plain(error)) from error
        except smtplib.SMTPException:
            raise
        except OSError as error:
            raise ServerAway(plain(error)) from error

    def close(self) -> None:
        """Part from the server."""
        door, self._open = self._open, None
        if door is not None:
            with suppress(smtplib.SMTPException, OSError):  # it may have gone already
                door.close()


@contextmanager
def one_round() -> Iterator[Server | None]:
    """A server for this round; None while another round mails.

    A server that does not answer so holds up one worker, not one more with every minute. The lock
    is that of the database connection: it goes with a process that dies.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ROUND])
        [held] = cursor.fetchone()
    if not held:
        yield None
        return
    server = Server()
    try:
        yield server
    finally:
        server.close()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ROUND])


def plain(error: Exception) -> str:
    """What went wrong, in the server's words where it has said some."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        return f"{error.smtp_code} {words}"
    return str(error) or type(error).__name__


def is_for_good(error: smtplib.SMTPException) -> bool:
    """True for an answer after which the same letter need not be sent again (RFC 5321, 4.2.1)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, _answer = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code = error.smtp_code
    else:
        return False
    return 500 <= code < 600


def said_by(error: smtplib.SMTPException) -> str:
    """The answer of a server that did not take a letter."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, answer = next(iter(error.recipients.values()))
        words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
        return f"{code} {words}"
    return plain(error)
