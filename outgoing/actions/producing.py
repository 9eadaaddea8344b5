"""The signed, sealed and scanned files of a document, made before a verb keeps them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from accounts.actor import Actor
from core import clock
from core.errors import Refusal
from documents.models import StoredFile
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
    seal,
    to_seal,
    write_number,
)
from outgoing.actions.uploading import looked_at
from outgoing.choices import Medium, Verb
from outgoing.content import body_of, content_of
from outgoing.models import IssuingBody, OutgoingDocument
from outgoing.places import COVERED
from outgoing.preparing import AGENCY, SIGNER
from signatures import looks
from signatures.actions import errand_for, returned_file
from signatures.actions.errands import WITH
from signatures.choices import Purpose
from signatures.models import Errand, SigningKey
from signatures.returned import check_by
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
    _refuse_unseen(key)
    if document.numbers_first:
        write_number(actor, document)
    base = current_file(document)
    pdf = content_at(base)
    look = looks.signer(key, COVERED)
    made = sign_file(pdf, key=key, pin=pin, field=SIGNER, look=look, certify=True, at=clock.now())
    with resulting(document, base, made.pdf, made.examined) as result:
        yield result


def _refuse_unseen(key: SigningKey) -> None:
    """Raise Refusal for a key whose signature nobody would see on the page."""
    if not key.picture:
        said = _("Khóa ký số chưa có ảnh nên chữ ký không hiện trên văn bản. Thêm ảnh rồi ký lại.")
        raise Refusal(said)  # of this document: a copy needs no picture, so the others go on


def issuing_body(document: OutgoingDocument) -> IssuingBody:
    """In whose name it is issued: whose seal it bears."""
    version = document.versions.get(ordinal=document.version_count)
    return body_of(document, content_of(version))


def _wrong_seal(body: IssuingBody) -> str:
    return _("Khóa ký số này không phải của %(organ)s.") % {"organ": body.name}


@contextmanager
def sealed(
    actor: Actor, document: OutgoingDocument, *, key: SigningKey, pin: str
) -> Iterator[Result]:
    """The file with the agency's signature: over the left third of the signer's, or on a scan at
    the top right of its first page (NĐ 30/2020 Phụ lục I, II.8; Cần Thơ Điều 10.1b, 10.2); so
    on a copy, with the form of the copy (Cần Thơ Điều 11).

    Of a sealed one, the next annex in a file of its own, there too. Takes time: outside a
    transaction.
    """
    routing.allowed(rules.may_seal, actor, document)
    if key.agency_id != document.agency_id:
        raise Refusal(_("Khóa ký số này không phải của cơ quan."), field="key")
    body = issuing_body(document)
    if not body.seal_keys().filter(pk=key.pk).exists():
        raise Refusal(_wrong_seal(body))  # it may be the right one for the next of many
    if not document.is_copy:
        _refuse_unseen(key)
    document = write_number(actor, document)
    (part, base), now = to_seal(document), clock.now()
    pdf = content_at(base)
    organ = body.organ_name
    style = document.agency.regulation.seal_look.value
    if part:
        look = looks.annex(code=document.code, at=now)
        # It may have come signed, by a field of that name too.
        field = _free_name(base)
        made = place_and_sign(pdf, key=key, pin=pin, field=field, look=look, at=now)
    elif document.is_copy:
        look = looks.copy(document.copy_kind, name=organ, at=now)
        made = place_and_sign(pdf, key=key, pin=pin, field=AGENCY, look=look, at=now)
    elif document.medium == Medium.PAPER:
        look = looks.digitised(key, name=organ, at=now, form=style)
        made = place_and_sign(pdf, key=key, pin=pin, field=AGENCY, look=look, at=now)
    else:
        look = looks.agency(key, name=organ, at=now, form=style)
        made = sign_file(pdf, key=key, pin=pin, field=AGENCY, look=look, at=now)
    with resulting(document, base, made.pdf, made.examined, part=part) as result:
        yield result


def _free_name(file: StoredFile) -> str:
    """A field for the agency's signature that no signature of the file has yet."""
    taken = {one["field"] for one in file.signatures["signatures"]}
    names = (AGENCY, *(f"{AGENCY}_{count}" for count in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def seal_all(
    actor: Actor, document: OutgoingDocument, *, key: SigningKey, pin: str
) -> OutgoingDocument:
    """``seal`` for the document itself, then for each annex in a file of its own.

    What is refused leaves those before it sealed; done again it goes on from there.
    """
    while True:
        with sealed(actor, document, key=key, pin=pin) as result:
            document = seal(actor, document, result)
        if not document.unsealed_annexes().exists():
            return document


def open_errand_of(actor: Actor, document: OutgoingDocument, verb: str) -> Errand | None:
    """The file that he has sent out for this, and that is still the one to be signed."""
    rows = Errand.objects.select_related(*WITH).filter(user=actor.user, document=document.pk)
    base = current_file(document) if verb == Verb.SIGN else to_seal(document)[1]
    rows = rows.filter(purpose=purpose_of(verb, document), file=base)
    return rows.filter(used_at=None, ended_at=None).first()


def errand_of(actor: Actor, document: OutgoingDocument, verb: str, *, page: str) -> Errand:
    """Send the file out to a key that is not here: the plug-in's, or a program elsewhere.

    ``page``: where it goes on. Raises Refusal where no certificate of the signer (of the agency)
    is known.
    """
    is_sign = verb == Verb.SIGN
    routing.allowed(rules.may_sign if is_sign else rules.may_seal, actor, document)
    if not is_sign or document.numbers_first:
        document = write_number(actor, document)
    part, base = (0, current_file(document)) if is_sign else to_seal(document)
    # A scan, a copy and an annex have no field of their own: the signature brings it.
    has_none = part or document.is_copy or document.medium == Medium.PAPER
    field = SIGNER if is_sign else "" if has_none else AGENCY
    return errand_for(
        actor,
        document,
        purpose=purpose_of(verb, document),
        file=base,
        field=field,
        page=page,
        file_name=file_name(document, part),
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
    part = 0
    if errand.purpose != Purpose.SIGN:
        part = to_seal(document)[0]
        _refuse_other_seal(document, errand, pdf)
    with resulting(document, errand.file, pdf, errand.verdict, errand, part) as result:
        yield result


def _refuse_other_seal(document: OutgoingDocument, errand: Errand, pdf: bytes) -> None:
    """Raise Refusal where an agency has several seals, and this one is of another body."""
    body = issuing_body(document)
    keys = body.seal_keys()
    if keys.count() == SigningKey.objects.active().of(agency=document.agency).count():
        return
    own = [bytes(one) for one in keys.values_list("certificate", flat=True)]
    if not own:
        raise Refusal(_wrong_seal(body))
    sent = content_at(errand.file)
    check_by(sent, pdf, field=errand.field, certificates=own, owner=body.organ_name)


@contextmanager
def scanned(
    actor: Actor, document: OutgoingDocument, upload: QuarantinedUpload, *, answered: str | None
) -> Iterator[Result]:
    """The scan of the paper that was signed and stamped, looked at as every upload is."""
    routing.allowed(rules.may_attach_scan, actor, document)
    base = current_file(document)
    with looked_at(actor, upload, answered=answered, is_scan=True) as file:
        yield Result(base.sha256, file.row)
