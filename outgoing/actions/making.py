"""The PDF of a version: rendered, prepared for both signatures, looked at."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.files.storage import storages
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from core.errors import Refusal
from documents.actions import forget, keep_proof, made_here
from documents.gate import Asked, let_in
from documents.models import DocumentAct, QuarantinedFile
from outgoing import preparing, rendering, rules
from outgoing.actions import routing
from outgoing.actions.keeping import pictures_of
from outgoing.choices import Verb
from outgoing.content import Content, content_of, paper_of
from outgoing.models import DraftVersion, OutgoingDocument
from outgoing.places import MM
from outgoing.sheets import page_count
from signatures.looks import agency_room


@dataclass(frozen=True)
class Made:
    """The file that a version becomes; it lies in the quarantine until a verb keeps it."""

    version: int
    row: QuarantinedFile
    # What was looked at in it and answered, for the act: what makes it again asks no more.
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """Its content."""
        return self.row.sha256


@contextmanager
def making(
    actor: Actor, document: OutgoingDocument, *, answered: str | None = None
) -> Iterator[Made]:
    """The PDF of the newest version, with empty fields for number and date and for both signatures.

    Takes time: outside a transaction. Raises Refusal for a mark that may not enter (Kon Tum Điều
    4), and where an uploaded file has no place for the signature; Asked for other marks and for
    pictures, but not for those that somebody has answered for in this draft.
    """
    version = document.versions.get(ordinal=document.version_count)
    known = _answered_before(document)
    shown = _pictures(document, version)
    pdf = pdf_of(document, version)
    row = made_here(
        pdf,
        file_name(document),
        pages=page_count(pdf),
        texts=pages_of(version),
        unread=int(bool(shown)),
    )
    try:
        facts = _let_in(actor, version, row.inspection or {}, shown, known, answered)
        yield Made(version.ordinal, row, facts)
    finally:
        forget(row)


def _let_in(
    actor: Actor,
    version: DraftVersion,
    found: dict[str, Any],
    pictures: set[str],
    known: set[str],
    answered: str | None,
) -> dict[str, Any]:
    """Ask about what is new in it; answers what was answered for, for the act."""
    new = sorted(pictures - known)
    asked = {
        **found,
        "marks": [mark for mark in found.get("marks", ()) if mark not in known],
        "worded": found.get("pages", 0) - bool(new),
    }
    try:
        # The file is another one each time that it is made; what is asked about is the text.
        facts = let_in(actor.agency.regulation, [(_text_hash(version), asked)], answered)
    except Asked as asks:
        again = _(
            "Xem lại văn bản. Không thuộc loại không được đưa lên hệ thống thì đánh dấu rồi gửi "
            "lại."
        )
        raise Asked(f"{asks.found} {again}", asks.article, asks.look, asks.found) from None
    return {**facts, **({"pictures": new} if "unread" in facts else {})}


def _answered_before(document: OutgoingDocument) -> set[str]:
    """Marks and names of pictures of which somebody has said that they are of no forbidden kind.

    What was said of an annex in a file of its own was not said of the text.
    """
    acts = DocumentAct.objects.filter(
        target_id=document.pk, verb__in=(Verb.DRAFT, Verb.SAVE, Verb.SUBMIT)
    )
    return {
        one
        for detail in acts.values_list("detail", flat=True)
        if "annexes" not in detail
        for one in (*detail.get("marks", ()), *detail.get("pictures", ()))
    }


def pdf_of(document: OutgoingDocument, version: DraftVersion) -> bytes:
    """The bytes of it; an uploaded file gets its fields, a composed text is rendered."""
    content = content_of(version)
    if version.source is not None:
        with storages["store"].open(version.source.path) as stored:
            source = stored.read()
        name = content.signer_full_name
        return preparing.prepare(
            source,
            _chosen(version),
            texts={name: place_of(value) for name, value in version.text_places.items()},
            signer_full_name=name,
            is_foreign=True,
            seal_width=_seal_width(document),
        )
    return bytes_of(document, content)


def prepared(
    document: OutgoingDocument, version: DraftVersion, source: bytes, signer_full_name: str
) -> bytes:
    """A file that takes the place of an uploaded one under another name, with its fields."""
    more: dict[str, Any] = {
        "texts": {name: place_of(value) for name, value in version.text_places.items()},
        "signer_full_name": signer_full_name,
        "is_foreign": True,
        "seal_width": _seal_width(document),
    }
    try:
        return preparing.prepare(source, **more)
    except Refusal as refusal:
        # What was chosen on the page counts where the text shows no place.
        if refusal.field != "places" or version.signer_place is None:
            raise
        return preparing.prepare(source, _chosen(version), **more)


def bytes_of(document: OutgoingDocument, content: Content) -> bytes:
    """The sheet of a composed text, with its empty fields."""
    pictures = {one.name: bytes(one.content) for one in document.pictures.all()}
    paper = paper_of(document, content, pictures=pictures)
    return preparing.prepare(rendering.render(paper), seal_width=_seal_width(document))


def _seal_width(document: OutgoingDocument) -> float:
    """Of the agency's field in points: its seal, or the words that the regulation wants with it."""
    return agency_room(document.agency.regulation.seal_look.value)[0] * MM


def _chosen(version: DraftVersion) -> preparing.Places | None:
    """The place of the signature, where it was chosen on the page."""
    if version.signer_place is None:
        return None
    return preparing.chosen_places(place_of(version.signer_place))


def place_of(stored: Sequence[float]) -> preparing.Place:
    """A place as a version keeps it: the page, then the box."""
    page, *box = stored
    return preparing.Place(int(page), *box)


def make_again(
    actor: Actor, document: OutgoingDocument, *, answered: str | None = None
) -> OutgoingDocument:
    """Give a version its file that was saved by whoever has the draft to look at.

    The file stands beside an act of its own, so that what is approved is in the trail. The version
    is saved by then: raises Asked where its text has what nobody has answered for yet.
    """
    with making(actor, document, answered=answered) as made, transaction.atomic():
        document = routing.lock(actor, document)
        acting = routing.allowed(rules.may_edit, actor, document)
        version = document.versions.get(ordinal=document.version_count)
        if version.ordinal != made.version or version.pdf_id is not None:
            return document
        act = routing.conclude(
            document,
            acting,
            Verb.SAVE,
            before=document.state,
            detail={"version": made.version, "scan": made.sha256, **made.facts},
            quiet=True,
        )
        proof = keep_proof(act, made.row)
        document.versions.filter(ordinal=made.version).update(pdf=proof.file)
    return document


def pages_of(version: DraftVersion) -> list[str]:
    """The words of a version part by part: marks of titles stand at the head of each."""
    if version.is_uploaded:
        return [version.text]
    content = content_of(version)
    body = re.split(r"(?m)^-{3,}$", content.body)
    head = "\n".join((content.type_name, content.subject))
    annexes = ["\n".join((one.heading, one.title, one.body)) for one in content.annexes]
    return [head + "\n" + body[0], *body[1:], *annexes]


def _pictures(document: OutgoingDocument, version: DraftVersion) -> set[str]:
    """Names of the pictures that are drawn in it: in them no mark can be looked for."""
    called = set() if version.is_uploaded else pictures_of(version)
    return called & set(document.pictures.values_list("name", flat=True)) if called else called


def _text_hash(version: DraftVersion) -> str:
    return hashlib.sha256(f"{version.pk} {version.text}".encode()).hexdigest()


def file_name(document: OutgoingDocument) -> str:
    """What the file of a draft is called."""
    return f"du-thao-{document.number}.pdf"
