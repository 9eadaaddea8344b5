"""Documents that are issued, and their receivers, as the cast makes them."""

from types import SimpleNamespace
from typing import Any

from accounts.models import Agency, User
from core import clock
from documents.actions import forget, made_here
from outgoing import actions
from outgoing.actions.making import Made
from outgoing.actions.signing import current_file, resulting
from outgoing.choices import State, Way
from outgoing.models import Delivery, OutgoingDocument
from outgoing.recipients import Recipient
from tests.cast import act_as
from tests.files import build
from tests.outgoing.drafts import drafted, passed
from tests.outgoing.signing import read_again

# What the check of a file answers that was signed rightly.
VALID: dict[str, Any] = {"verdict": "valid", "signatures": []}

_TAKERS = {
    State.CONTENT: "head",
    State.FORMAT: "chief",
    State.APPRAISAL: "chief",
    State.CLERK: "clerk",
}


def to_agency(agency: Agency, way: str = Way.INSIDE, **more: Any) -> Recipient:
    """An agency of this installation."""
    return Recipient(
        organ_name=agency.name, organ_id=agency.organ_id, agency=agency, way=way, **more
    )


def to_mailbox(name: str, address: str) -> Recipient:
    """Somebody who is sent it by e-mail."""
    return Recipient(organ_name=name, way=Way.EMAIL, address=address)


def to_post(name: str, **more: Any) -> Recipient:
    """Somebody who is sent it on paper."""
    return Recipient(organ_name=name, way=Way.PAPER, **more)


def sealed(cast: SimpleNamespace, size: int = 0, **changes: Any) -> OutgoingDocument:
    """A document of the city that waits to be issued: its verbs are played, without the printing
    and the cryptography.

    ``size``: bytes that its file has beyond what it needs.
    """
    document = drafted(cast, **changes)
    chair, clerk = act_as(cast.chair), act_as(cast.clerk)
    row = made_here(build() + f"%draft {document.pk}".encode(), "du-thao.pdf", pages=1, texts=[""])
    document = actions.submit(act_as(cast.specialist), document, Made(1, row))
    forget(row)
    while document.state != State.SIGNING:
        document = passed(getattr(cast, _TAKERS[document.state]), document)
    pdf = build() + f"%signed {document.pk}".encode()
    with resulting(document, current_file(document), pdf, VALID) as result:
        document = actions.sign(chair, document, result, seen=document.version_count)
    document = read_again(document)
    if document.needs_paper:
        document = read_again(actions.note_paper(clerk, document, day=clock.today()))
    document = actions.number(clerk, document)
    pdf = build() + f"%sealed {document.pk}".encode() + b"%" * size
    with resulting(document, current_file(document), pdf, VALID) as result:
        return actions.seal(clerk, read_again(document), result)


def issued(
    cast: SimpleNamespace, *recipients: Recipient, by: User | None = None, **changes: Any
) -> OutgoingDocument:
    """A document of the city that has gone out to these; to the ward without any."""
    document = sealed(cast, **changes)
    return actions.issue(
        act_as(by or cast.clerk), read_again(document), recipients or [to_agency(cast.ward)]
    )


def only(document: OutgoingDocument) -> Delivery:
    """Its one delivery, as it is now."""
    found: Delivery = Delivery.objects.select_related("received__agency").get(document=document.pk)
    return found
