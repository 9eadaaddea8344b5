"""Signed, numbered, sealed here with real keys: there every signature is still valid."""

from pathlib import Path
from typing import Any

import pytest

from documents import uploads
from exchange.delivering import deliver
from incoming import actions as incoming
from incoming.models import IncomingDocument
from outgoing import actions
from outgoing.choices import State
from signatures.verdicts import describe
from tests.cast import act_as, entry
from tests.keys import trusted
from tests.outgoing.issuing import only, to_agency
from tests.outgoing.signing import bytes_of, keys_of, out_to, read_again, verdict

pytestmark = pytest.mark.django_db


def test_from_the_signature_to_the_receivers_book_and_back(
    cast: Any, client: Any, settings: Any, tmp_path: Path
) -> None:
    """Cần Thơ Điều 5, 10.1: issued, accepted with its number, recalled, cancelled, reported."""
    settings.SIGNATURE_ANCHORS = trusted(tmp_path)
    document = out_to(cast, State.SEALED, keys_of(cast))
    clerk, theirs = act_as(cast.clerk), act_as(cast.ward_clerk)
    document = actions.issue(clerk, read_again(document), [to_agency(cast.ward)])
    deliver()
    letter = IncomingDocument.objects.get(agency=cast.ward)
    there = letter.quarantined.get()
    content = uploads.path_of(there.token).read_bytes()
    assert content == bytes_of(document)
    found = verdict(content, tmp_path)
    assert found == {"": "valid", "signer_signature": "valid", "agency_signature": "valid"}
    assert describe(there.signatures).level == "ok"
    client.force_login(cast.ward_clerk)
    tray = client.get("/phuong-thang-loi/incoming/tray/").content.decode()
    assert describe(there.signatures).title in tray
    letter = incoming.register(theirs, letter, entry(issued_date=document.issued_date))
    deliver()
    assert only(document).statuses.last().text.startswith("Số đến 1 ngày ")
    actions.recall(clerk, document, text="Sai số liệu.")
    deliver()
    incoming.cancel(theirs, letter)
    deliver()
    assert only(document).status == "15"
    assert "Đã đọc: Ngô Thị Ngọc Ánh" in only(document).statuses.last().text
