"""The signed, sealed and scanned files of a document, made before a verb keeps them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from accounts.actor import Actor
from core import clock
from core.errors import Refusal
from documents.uploads import QuarantinedUpload
from outgoing import rules
from outgoing.actions import routing
from outgoing.actions.signing import (
    Result,
    content_at,
    current_file,
    file_name,
    purpose_of,
    resulting,
    write_number,
)
from outgoing.actions.uploading import looked_at
from outgoing.choices import Medium, Verb
from outgoing.content import body_of, content_of
from outgoing.models import OutgoingDocument
from outgoing.preparing import AGENCY, SIGNER
from signatures import looks
from signatures.actions import errand_for, returned_file
from signatures.actions.errands import WITH
from signatures.models import Errand, SigningKey
from signatures.returned import check_returned
from signatures.signing import place_and_sign
from signatures.signing import sign as sign_file


@contextmanager
def signed(
    actor: Actor, document: OutgoingDocument, *, key: SigningKey, pin: str
) -> Iterator[Result]:
    """The file with the signer's signature in box 7c, which lets number and date be filled in.

    Takes time: outside a transaction. Raises Refusal for a wrong PIN, a key that does not sign, a
    certificate that is not his.
    """
    acting = routing.allowed(rules.may_sign, actor, document)
    if key.owner_id != acting.user.pk:
        raise Refusal(_("Khóa ký số này không phải của người ký."), field="key")
    if document.numbers_first:
        write_number(actor, document)
    base = current_file(document)
    pdf = content_at(base)
    look = looks.signer(key)
    made = sign_file(pdf, key=key, pin=pin, field=SIGNER, look=look, certify=True, at=clock.now())
    verdict = check_returned(pdf, made, field=SIGNER, owner=acting.user, agency=None)
    with resulting(document, base, made, verdict) as result:
        yield result


@contextmanager
def sealed(
    actor: Actor, document: OutgoingDocument, *, key: SigningKey, pin: str
) -> Iterator[Result]:
    """The file with the agency's signature: over the left third of the signer's, or on a scan at
    the top right of its first page (NĐ 30/2020 Phụ lục I, II.8; Cần Thơ Điều 10.1b, 10.2).

    Takes time: outside a transaction.
    """
    routing.allowed(rules.may_seal, actor, document)
    if key.agency_id != document.agency_id:
        raise Refusal(_("Khóa ký số này không phải của cơ quan."), field="key")
    document = write_number(actor, document)
    base, now = current_file(document), clock.now()
    pdf = content_at(base)
    version = document.versions.get(ordinal=document.version_count)
    organ = body_of(document, content_of(version)).organ_name
    style = document.agency.regulation.seal_look.value
    if document.medium == Medium.PAPER:
        look = looks.digitised(key, name=organ, at=now, form=style)
        made = place_and_sign(pdf, key=key, pin=pin, field=AGENCY, look=look, at=now)
    else:
        look = looks.agency(key, name=organ, at=now, form=style)
        made = sign_file(pdf, key=key, pin=pin, field=AGENCY, look=look, at=now)
    verdict = check_returned(pdf, made, field=AGENCY, owner=None, agency=document.agency)
    with resulting(document, base, made, verdict) as result:
        yield result


def open_errand_of(actor: Actor, document: OutgoingDocument, verb: str) -> Errand | None:
    """The file that he has sent out for this, and that is still the one to be signed."""
    rows = Errand.objects.select_related(*WITH).filter(user=actor.user, document=document.pk)
    found = rows.filter(purpose=purpose_of(verb, document), used_at=None, ended_at=None).first()
    return found if found and found.file_id == current_file(document).pk else None


def errand_of(actor: Actor, document: OutgoingDocument, verb: str, *, page: str) -> Errand:
    """Send the file out to a key that is not here: the plug-in's, or a program elsewhere.

    ``page``: where it goes on. Raises Refusal where no certificate of the signer (of the agency)
    is known.
    """
    is_sign = verb == Verb.SIGN
    routing.allowed(rules.may_sign if is_sign else rules.may_seal, actor, document)
    if not is_sign or document.numbers_first:
        document = write_number(actor, document)
    # A scan has no field of its own: the signature brings it.
    field = SIGNER if is_sign else "" if document.medium == Medium.PAPER else AGENCY
    return errand_for(
        actor,
        document,
        purpose=purpose_of(verb, document),
        file=current_file(document),
        field=field,
        page=page,
        file_name=file_name(document),
    )


@contextmanager
def brought(actor: Actor, document: OutgoingDocument, key: int) -> Iterator[Result]:
    """The file that came back signed; it was checked when it came.

    Raises Refusal where it is no longer here, or never came.
    """
    errand = Errand.objects.select_related("file").filter(pk=key, user=actor.user).first()
    pdf = returned_file(actor, errand) if errand else None
    if errand is None or pdf is None or errand.document_id != document.pk:
        raise Refusal(_("Chưa nhận được tệp đã ký. Ký xong rồi làm tiếp."))
    with resulting(document, errand.file, pdf, errand.verdict, errand) as result:
        yield result


@contextmanager
def scanned(
    actor: Actor, document: OutgoingDocument, upload: QuarantinedUpload, *, answered: str | None
) -> Iterator[Result]:
    """The scan of the paper that was signed and stamped, looked at as every upload is."""
    routing.allowed(rules.may_attach_scan, actor, document)
    base = current_file(document)
    with looked_at(actor, upload, answered=answered, is_beside=True) as file:
        yield Result(base.sha256, file.row)
