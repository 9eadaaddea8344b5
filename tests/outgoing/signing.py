"""Documents of the city on their way out, with keys that the tests trust."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from accounts.models import User
from outgoing import actions
from outgoing.actions import producing
from outgoing.actions.signing import content_at
from outgoing.choices import State, Verb
from outgoing.models import IssuedFile, OutgoingDocument
from signatures.actions import bring
from signatures.files import verdict_on
from signatures.models import SigningKey
from tests.cast import act_as, upload
from tests.keys import PIN, make_key
from tests.outgoing.drafts import at_state


def keys_of(cast: SimpleNamespace) -> SimpleNamespace:
    """The chair's own key and the seal of the city."""
    return SimpleNamespace(
        chair=make_key(cast.chair.full_name, owner=cast.chair),
        city=make_key("UBND thành phố Kon Tum", agency=cast.city),
    )


def read_again(document: OutgoingDocument) -> OutgoingDocument:
    """As a page reads it."""
    found: OutgoingDocument = OutgoingDocument.objects.with_people().get(pk=document.pk)
    return found


def sign(by: User, document: OutgoingDocument, key: SigningKey, pin: str = PIN) -> OutgoingDocument:
    """Signed with that key, of the version that is the newest."""
    actor, document = act_as(by), read_again(document)
    with producing.signed(actor, document, key=key, pin=pin) as result:
        return actions.sign(actor, document, result, seen=document.version_count)


def number(by: User, document: OutgoingDocument) -> OutgoingDocument:
    """Numbered, and the number written into the file."""
    actor = act_as(by)
    return actions.write_number(actor, actions.number(actor, read_again(document)))


def seal(by: User, document: OutgoingDocument, key: SigningKey, pin: str = PIN) -> OutgoingDocument:
    """Sealed with the agency's key."""
    actor, document = act_as(by), read_again(document)
    with producing.sealed(actor, document, key=key, pin=pin) as result:
        return actions.seal(actor, document, result)


def elsewhere(
    by: User, document: OutgoingDocument, verb: str, hand: Callable[[bytes, str], bytes]
) -> OutgoingDocument:
    """Signed or sealed with a program elsewhere; ``hand`` is given the file and the field."""
    actor, document = act_as(by), read_again(document)
    errand = producing.errand_of(actor, document, verb, page=document.get_absolute_url())
    with upload(hand(content_at(errand.file), errand.field)) as sent:
        bring(actor, errand, sent)
    with producing.brought(actor, document, errand.pk) as result:
        if verb == Verb.SEAL:
            return actions.seal(actor, document, result)
        return actions.sign(actor, document, result, seen=document.version_count)


def out_to(
    cast: SimpleNamespace, state: str, keys: SimpleNamespace, **changes: Any
) -> OutgoingDocument:
    """A document of the city that was signed here, at that state."""
    document = sign(cast.chair, at_state(cast, State.SIGNING, **changes), keys.chair)
    if state == State.APPROVED:
        return document
    document = number(cast.clerk, document)
    if state == State.NUMBERED:
        return document
    return seal(cast.clerk, document, keys.city)


def newest(document: OutgoingDocument) -> IssuedFile:
    """The file that goes on."""
    found = document.issued_files.select_related("file").last()
    assert found is not None
    return found


def bytes_of(document: OutgoingDocument) -> bytes:
    """The content of it."""
    return content_at(newest(document).file)


def verdict(data: bytes, folder: Path) -> dict[str, str]:
    """The file's verdict under "", and that of each field."""
    place = folder / "examined.pdf"
    place.write_bytes(data)
    found = verdict_on(place)
    return {"": found["verdict"], **{one["field"]: one["verdict"] for one in found["signatures"]}}
