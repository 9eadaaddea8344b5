"""What the agency's own book knows of a sender: the last entry as a template, and who signs."""

from dataclasses import dataclass

from accounts.actor import Actor
from core.text import clean
from incoming.models import IncomingDocument

# What one letter of a sender has in common with the next: never number, date or subject.
TAKEN = (
    "type_name",
    "code_notation",
    "signer_position",
    "signer_full_name",
    "language",
    "priority",
    "channel",
)
_SEEN = 50  # newest documents of a sender that names are taken from


@dataclass(frozen=True)
class Sender:
    """An issuer as it was typed, its last document, and what its papers bore."""

    organ_name: str
    last: IncomingDocument | None
    signers: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()
    notations: tuple[str, ...] = ()


def sender(actor: Actor, organ_name: str) -> Sender:
    """What is known of an issuer; nothing of one that the agency has not had."""
    name = clean(organ_name)[:200]
    if not name:
        return Sender("", None)
    rows = list(
        IncomingDocument.objects.visible_to(actor)
        .registered()
        .matching(name)
        .filter(organ_name__iexact=name)
        .select_related("register")
        .order_by("-day", "-number", "-pk")[:_SEEN]
    )

    def names(field: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value for one in rows if (value := getattr(one, field))))

    return Sender(
        name,
        rows[0] if rows else None,
        names("signer_full_name"),
        names("signer_position"),
        names("code_notation"),
    )


def template(
    last: IncomingDocument, typed: dict[str, str], given: dict[str, str]
) -> dict[str, str]:
    """``typed`` with what the last document of the sender bore, where nothing was typed yet.

    ``given`` is what stands in a field before anybody types.
    """
    taken = {
        name: str(getattr(last, name))
        for name in TAKEN
        if typed.get(name, "") in ("", given.get(name, ""))
    }
    return {**typed, **taken}
