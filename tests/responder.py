"""A responder that says of certificates whether they are revoked (OCSP), as the tests wish."""

import http.server
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from core import clock
from tests import files

AUTHORITY = "CA thử nghiệm"


@dataclass
class Responder:
    """``mood``: "good", "revoked", "unknown"; "old", "stranger" (signs for nobody), "delegate",
    "layman" (a certificate that is for something else), "other" (speaks of another certificate),
    "busy", "rubbish", "huge", "slow"."""

    mood: str = "good"
    url: str = ""
    asked: list[int] = field(default_factory=list)
    # Its own clock; that of the tests is not seen from another thread.
    now: datetime | None = None

    def answer(self, data: bytes) -> bytes:
        """What it says to a request."""
        request = ocsp.load_der_ocsp_request(data)
        self.asked.append(request.serial_number)
        if self.mood == "rubbish":
            return b"no answer at all"
        if self.mood == "huge":
            return b"0" * (1 << 20)
        if self.mood == "slow":
            time.sleep(3)
        if self.mood == "busy":
            status = ocsp.OCSPResponseStatus.TRY_LATER
            late = ocsp.OCSPResponseBuilder.build_unsuccessful(status)
            return late.public_bytes(Encoding.DER)
        return self._about(request.serial_number)

    def _about(self, serial: int) -> bytes:
        issuer = files.certificate(AUTHORITY, AUTHORITY)
        named = ocsp.OCSPRequestBuilder().add_certificate(issuer, issuer, hashes.SHA1()).build()
        now = (self.now or clock.now()) - timedelta(days=30 if self.mood == "old" else 0)
        is_revoked = self.mood == "revoked"
        status = ocsp.OCSPCertStatus.REVOKED if is_revoked else ocsp.OCSPCertStatus.GOOD
        if self.mood == "unknown":
            status = ocsp.OCSPCertStatus.UNKNOWN
        builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
            issuer_name_hash=named.issuer_name_hash,
            issuer_key_hash=named.issuer_key_hash,
            serial_number=serial + 1 if self.mood == "other" else serial,
            algorithm=hashes.SHA1(),
            cert_status=status,
            this_update=now,
            next_update=now + timedelta(days=1),
            revocation_time=now - timedelta(days=1) if is_revoked else None,
            revocation_reason=None,
        )
        name, by = AUTHORITY, issuer
        if self.mood in ("stranger", "delegate", "layman"):
            name = {"stranger": "CA lạ"}.get(self.mood, "OCSP thử nghiệm")
            purpose = "ocsp" if self.mood == "delegate" else ""
            of = name if self.mood == "stranger" else AUTHORITY
            by = files.certificate(name, of, purpose=purpose)
            builder = builder.certificates([by])
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, by)
        return builder.sign(files._key(name), hashes.SHA256()).public_bytes(Encoding.DER)


@contextmanager
def responding(mood: str = "good") -> Iterator[Responder]:
    """A responder of the tests' authority, on this machine."""
    responder = Responder(mood)

    class Answering(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            answer = responder.answer(self.rfile.read(length))
            self.send_response(200)
            self.send_header("Content-Type", "application/ocsp-response")
            self.end_headers()
            try:
                self.wfile.write(answer)
            except OSError:
                return  # nobody waits any more

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        responder.url = f"http://127.0.0.1:{server.server_port}/"
        yield responder
    finally:
        server.shutdown()
        server.server_close()
