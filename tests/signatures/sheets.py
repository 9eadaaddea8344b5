"""A document of the cast with its prepared file, and the keys of those who sign it."""

import functools
from types import SimpleNamespace
from typing import Any

from accounts.models import User
from documents.actions import examine, forget, keep_content
from documents.models import Document, StoredFile
from signatures import actions
from signatures.adding import SignatureField, TextField, add_fields
from signatures.choices import BackEnd, Purpose
from signatures.models import Errand
from tests import files
from tests.cast import act_as, upload
from tests.keys import make_key
from tests.outgoing import drafts

LEADER, AGENCY = "signer_signature", "agency_signature"
FIGURES = ("code_number", "issued_day", "issued_month")
CHAIR, CITY = "Nguyễn Đức Thành", "UBND thành phố Kon Tum"


@functools.cache
def prepared() -> bytes:
    """A draft with its empty places: number, day, month, the leader's signature, the agency's."""
    return add_fields(
        files.build(pages=2),
        [
            *(
                TextField(name, 0, (100 + 60 * place, 700, 150 + 60 * place, 716), 13)
                for place, name in enumerate(FIGURES)
            ),
            SignatureField(LEADER, 0, (300, 200, 460, 260)),
            SignatureField(AGENCY, 0, (260, 180, 362, 282), locks=FIGURES),
        ],
    )


@functools.cache
def signed(owner: str = CHAIR, field: str = LEADER) -> bytes:
    """The same, signed by one of the tests' authority."""
    return files.sign(prepared(), owner, field=field, certify=field == LEADER)


def store(data: bytes) -> StoredFile:
    """Keep these bytes as a verb does."""
    with upload(data) as sent:
        row = examine(sent)
        try:
            return keep_content(row)
        finally:
            forget(row)


def keys(cast: SimpleNamespace) -> None:
    """The chair and the city have registered their certificates; the keys are with them."""
    make_key(CHAIR, owner=cast.chair, back_end=BackEnd.PLUGIN)
    make_key(CITY, agency=cast.city, back_end=BackEnd.PLUGIN)


def document(cast: SimpleNamespace) -> Document:
    """A draft of the specialist for the chair."""
    return Document.objects.get(pk=drafts.drafted(cast).pk)


def send_out(
    cast: SimpleNamespace, who: User | None = None, about: Document | None = None, **how: Any
) -> tuple[Errand, str]:
    """The prepared file goes out for the chair's signature, unless said otherwise."""
    about = about or document(cast)
    more = {
        "purpose": Purpose.SIGN,
        "field": LEADER,
        "page": f"/kontum/outgoing/{about.pk}/",
        "file_name": "127-UBND.pdf",
    } | how
    more.setdefault("file", None)
    more["file"] = more["file"] or store(prepared())
    return actions.open_errand(act_as(who or cast.chair), about, **more)
