"""Orders of the verbs and ways to sign, drawn by lot: whatever they are, every signature holds."""

import random
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.models import User
from outgoing.actions.signing import content_at
from outgoing.choices import Medium, State, Verb
from outgoing.models import OutgoingDocument
from outgoing.preparing import AGENCY, SIGNER
from signatures.choices import BackEnd
from signatures.files import verdict_on_filled
from signatures.models import SigningKey
from tests import files, tokens
from tests.keys import PIN, make_key, trusted
from tests.outgoing.drafts import at_state, drafted, passed
from tests.outgoing.signing import (
    bytes_of,
    elsewhere,
    newest,
    number,
    read_again,
    seal,
    sign,
    verdict,
)
from tests.signatures.test_signing import one_field_more, one_page_more, other_day, other_number

CITY = "UBND thành phố Kon Tum"
FIGURES = ("code_number", "issued_day", "issued_month")
WAYS = (BackEnd.PKCS12, BackEnd.PKCS11, BackEnd.ELSEWHERE)
# Each way for the signer and for the agency, each order; which of them meet is drawn by lot.
SEEDS = (2026, 30)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("with_device")]


@pytest.fixture(autouse=True)
def _trust(settings: Any, tmp_path: Path) -> None:
    settings.SIGNATURE_ANCHORS = trusted(tmp_path)


def key_of(name: str, way: str, **holder: Any) -> SigningKey:
    """The key of this holder, where it lies now; the one before is gone."""
    SigningKey.objects.of(holder.get("owner"), holder.get("agency")).delete()
    place = {"token_label": tokens.TOKEN, "key_label": name} if way == BackEnd.PKCS11 else {}
    return make_key(name, back_end=way, **holder, **place)


def do(
    by: User,
    document: OutgoingDocument,
    verb: str,
    key: SigningKey,
) -> OutgoingDocument:
    """Sign or seal it with that key, or elsewhere with its twin."""
    if key.back_end == BackEnd.ELSEWHERE:

        def hand(data: bytes, field: str) -> bytes:
            return files.sign(data, key.label, field=field, certify=field == SIGNER)

        return elsewhere(by, document, verb, hand)
    pin = tokens.PIN if key.back_end == BackEnd.PKCS11 else PIN
    return (sign if verb == Verb.SIGN else seal)(by, document, key, pin)


def another_byte(dice: random.Random) -> Callable[[bytes], bytes]:
    """One byte of what the sheet says, somewhere; never of the tables that lead to it."""

    def change(data: bytes) -> bytes:
        starts = []
        place = data.find(b"stream\n")
        while 0 <= place < len(data) // 2:
            head = data[max(0, place - 200) : place]
            if data[place - 3 : place] != b"end" and b"/ObjStm" not in head and b"XRef" not in head:
                starts.append(place)
            place = data.find(b"stream\n", place + 1)
        place = dice.choice(starts) + dice.randrange(12, 40)
        return data[:place] + bytes([data[place] ^ 1 << dice.randrange(8)]) + data[place + 1 :]

    return change


def the_sheet(cast: SimpleNamespace, first: OutgoingDocument | None) -> OutgoingDocument:
    """A document that waits for the signature; all have the one file, which takes a while."""
    if first is None:
        return at_state(cast, State.SIGNING)
    document = drafted(cast)
    document.versions.update(pdf=first.versions.get().pdf)
    whole = {"state": State.SIGNING, "code_notation": first.code_notation}
    OutgoingDocument.objects.filter(pk=document.pk).update(**whole)
    return read_again(document)


def all_hold(document: OutgoingDocument, folder: Path, *fields: str) -> None:
    """What is stored with the file, and what is found in it now: these fields, all valid."""
    kept = newest(document).file
    place = folder / "step.pdf"
    place.write_bytes(content_at(kept))
    for found in (kept.signatures, verdict_on_filled(place, FIGURES)):
        assert {one["field"]: one["verdict"] for one in found["signatures"]} == dict.fromkeys(
            fields, "valid"
        )
        assert found["verdict"] == ("valid" if fields else "unsigned")


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_the_order_and_the_ways_every_signature_holds(
    cast: SimpleNamespace, tmp_path: Path, seed: int
) -> None:
    """Cần Thơ Điều 10.1, NĐ 30/2020 Điều 15.3; then one thing is changed, and it is found."""
    dice = random.Random(seed)
    drawn = zip(
        dice.sample(WAYS, 3), dice.sample(WAYS, 3), dice.sample((True, False) * 2, 3), strict=True
    )
    byte = another_byte(dice)
    changes = [other_number, other_day, byte, one_page_more, one_field_more]
    dice.shuffle(changes)
    first: OutgoingDocument | None = None
    for signs, seals, numbers_first in drawn:
        said = f"seed {seed}: {signs}, {seals}, number first: {numbers_first}"
        chair = key_of(cast.chair.full_name, signs, owner=cast.chair)
        city = key_of(CITY, seals, agency=cast.city)
        document = first = the_sheet(cast, first)
        if numbers_first:
            OutgoingDocument.objects.filter(pk=document.pk).update(numbers_first=True)
            document = passed(cast.chair, read_again(document), medium=Medium.ELECTRONIC)
            document = number(cast.clerk, document)
            all_hold(document, tmp_path)
            document = do(cast.chair, document, Verb.SIGN, chair)
            all_hold(document, tmp_path, SIGNER)
        else:
            document = do(cast.chair, document, Verb.SIGN, chair)
            all_hold(document, tmp_path, SIGNER)
            document = number(cast.clerk, document)
            all_hold(document, tmp_path, SIGNER)
        document = do(cast.clerk, document, Verb.SEAL, city)
        all_hold(document, tmp_path, SIGNER, AGENCY)
        sealed = bytes_of(document)
        assert verdict(sealed, tmp_path)[""] == "valid", said
        for _each in range(2):
            change = changes.pop() if changes else byte
            found = verdict(change(sealed), tmp_path)[""]
            assert found == "invalid", f"{said}, {change.__name__}"
