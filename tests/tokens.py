"""A device that holds keys (SoftHSM2), and a time stamp service, both of the tests' own."""

import http.server
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization

from tests import files

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
TOKEN, PIN = "edocman", "48151623"
CLOCK = "Dịch vụ thời gian"


def make_token(folder: Path, *names: str) -> None:
    """A device with the keys and certificates of these people; one for each run of the tests.

    Its library reads the place once, when it is first loaded in a process.
    """
    (folder / "tokens").mkdir()
    config = folder / "softhsm2.conf"
    config.write_text(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\n")
    os.environ["SOFTHSM2_CONF"] = str(config)
    _tool("--init-token", "--free", "--label", TOKEN, "--pin", PIN, "--so-pin", PIN)
    for place, name in enumerate(names, 1):
        pem = folder / "key.pem"
        pem.write_bytes(
            files._key(name).private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        where = ("--token", TOKEN, "--pin", PIN, "--label", name, "--id", f"{place:02}")
        _tool("--import", str(pem), *where)
        _keep_certificate(name)


def _tool(*arguments: str) -> None:
    subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True)


def _keep_certificate(name: str) -> None:
    import pkcs11  # noqa: PLC0415 -- after the device has been made
    from pkcs11.util.x509 import decode_x509_certificate  # noqa: PLC0415 -- likewise

    token = pkcs11.lib(MODULE).get_token(token_label=TOKEN)
    with token.open(rw=True, user_pin=PIN) as session:
        entries = decode_x509_certificate(files.der(name))
        session.create_object(
            {**entries, pkcs11.Attribute.LABEL: name, pkcs11.Attribute.TOKEN: True}
        )


@contextmanager
def time_service(name: str = CLOCK) -> Iterator[str]:
    """The address of a time stamp service of the tests' authority (RFC 3161)."""
    from asn1crypto import tsp  # noqa: PLC0415 -- slow import
    from pyhanko.sign.timestamps import DummyTimeStamper  # noqa: PLC0415 -- slow import

    holder, key, store = files._asn1(name, "CA thử nghiệm", purpose="time")
    stamper = DummyTimeStamper(tsa_cert=holder, tsa_key=key, certs_to_embed=store)

    class Answering(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            asked = tsp.TimeStampReq.load(self.rfile.read(length))
            answer = stamper.request_tsa_response(asked).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
