"""sign, number, seal, scans of signed papers, void (Cần Thơ Điều 10, Kon Tum Điều 15, 17).

Every file is made outside the transaction from the one that is there, and kept only if that is
still the newest: what is signed, numbered and sealed is one chain.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.files.storage import storages
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.actions import head_post
from accounts.actor import Actor
from core import clock
from core.errors import Refusal, Stale
from documents.actions import forget, keep_proof, made_here
from documents.actions.numbering import draw_number
from documents.choices import BESIDE
from documents.models import DocumentAct, GroupGrant, QuarantinedFile, StoredFile, UserGrant
from documents.scans import laid_out
from dossiers.actions import lock_with_holders, recount
from outgoing import rules, series
from outgoing.actions import routing
from outgoing.actions.making import pages_of
from outgoing.actions.refusing import (
    refuse_gone,
    refuse_other_body,
    refuse_other_post,
    refuse_other_year,
)
from outgoing.actions.reviewing import sign_off
from outgoing.choices import FileStep, Medium, State, Verb
from outgoing.content import body_of, content_of
from outgoing.models import DraftVersion, IssuedFile, OutgoingDocument
from outgoing.standing import in_place_of
from signatures.actions import end_errands, use
from signatures.adding import fill_fields
from signatures.choices import Purpose
from signatures.files import verdict_on_filled
from signatures.lasting import support_of
from signatures.models import Errand
from signatures.revocation import carried


@dataclass(frozen=True)
class Result:
    """A file that was made of another one (``base``: its SHA-256); it lies in the quarantine."""

    base: str
    row: QuarantinedFile
    # It was signed by a key that is not here.
    errand: Errand | None = None


def current_file(document: OutgoingDocument) -> StoredFile:
    """The file that goes on: the newest of the newest version. Raises Refusal without one."""
    version = document.versions.select_related("pdf").get(ordinal=document.version_count)
    made = document.issued_files.filter(version=version, part=0).select_related("file")
    newest = made.last()
    file = newest.file if newest else version.pdf
    if file is None:
        raise Refusal(_("Bản vừa sửa chưa thành tệp PDF. Lưu lại bản sửa rồi ký."))
    return file


def to_seal(document: OutgoingDocument) -> tuple[int, StoredFile]:
    """What the agency signs next: the document itself, then its annexes in files of their own.

    Raises Stale where nothing is left.
    """
    if document.state != State.SEALED:
        return 0, current_file(document)
    annex = document.unsealed_annexes().select_related("file").first()
    if annex is None:
        raise Stale(_("Văn bản và các phụ lục đã ký số của cơ quan."))
    return annex.part, annex.file


def content_at(file: StoredFile) -> bytes:
    """The bytes of a stored file."""
    with storages["store"].open(file.path) as stored:
        found: bytes = stored.read()
    return found


@contextmanager
def resulting(
    document: OutgoingDocument,
    base: StoredFile,
    pdf: bytes,
    signatures: dict[str, Any] | None,
    errand: Errand | None = None,
    part: int = 0,
) -> Iterator[Result]:
    """A file made of ``base``, until a verb keeps it; ``signatures`` is what its check answered."""
    version = document.versions.get(ordinal=document.version_count)
    name = file_name(document, part)
    # An annex was looked at when it came; nothing was written into it but the signature.
    texts = [] if part else pages_of(version)
    row = made_here(pdf, name, pages=base.page_count, texts=texts)
    if signatures is not None:
        row.signatures = signatures
    try:
        yield Result(base.sha256, row, errand)
    finally:
        forget(row)


def purpose_of(verb: str, document: OutgoingDocument) -> Purpose:
    """What its file goes out for: a scan of the paper is sealed as such (TT 01/2019 Điều 6)."""
    if verb == Verb.SIGN:
        return Purpose.SIGN
    if document.state == State.SEALED:
        return Purpose.APPENDIX
    if document.is_copy:
        return Purpose.COPY
    return Purpose.SCAN if document.medium == Medium.PAPER else Purpose.SEAL


def file_name(document: OutgoingDocument, part: int = 0) -> str:
    """What a file of it is called on a disk: its number and notation, or that of the draft."""
    code = document.code if document.numbered_at else f"du-thao-{document.draft_number}"
    code = code.replace("/", "-")
    return f"{code}-phu-luc-{part}.pdf" if part else f"{code}.pdf"


@transaction.atomic
def sign(
    actor: Actor, document: OutgoingDocument, result: Result, *, text: str = "", seen: int = 0
) -> OutgoingDocument:
    """The authorised person signs the version that he has read; by that he approves it.

    Raises Stale when the text or its file is not the newest any more.
    """
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_sign, actor, document)
    version = _unchanged(document, result, seen)
    refuse_gone(document)
    if document.state != State.NUMBERED:
        # One that has its number bore year, notation and post of the day on which it was given.
        refuse_other_year(version)
        refuse_other_body(document, version)
        refuse_other_post(document, version)
    _use(actor, document, result, Purpose.SIGN)
    before = document.state
    document.medium, document.signed_at = Medium.ELECTRONIC, clock.now()
    if before == State.SIGNING:
        document.state, document.approved_at = State.APPROVED, clock.now()
        sign_off(document, actor, State.SIGNING, {})
    document.save()
    end_errands(document)
    act = routing.conclude(
        document,
        actor,
        Verb.SIGN,
        before=before,
        text=text,
        users=[document.drafter.user],
        article=_article(actor, "sign_before_number"),
        detail={**_detail(version, result), **in_place_of(document)},
    )
    _keep(document, version, act, result, FileStep.SIGNED)
    return document


@transaction.atomic
def number(actor: Actor, document: OutgoingDocument) -> OutgoingDocument:
    """Give it the next number of its register and today's date (NĐ 30/2020 Điều 15).

    The number stays with it whatever happens to the file: ``write_number`` follows, and whoever
    goes on after a breakdown does it again.
    """
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_number, actor, document)
    version = document.versions.select_related("pdf").get(ordinal=document.version_count)
    if not document.is_copy:
        refuse_other_year(version)
        refuse_other_body(document, version)
    body = body_of(document, content_of(version))
    if not document.code_notation:
        raise Refusal(_("Văn bản chưa có ký hiệu. Chuyển trả để người soạn ghi ký hiệu."))
    before, today = document.state, clock.today()
    document.state, document.numbered_at = State.NUMBERED, clock.now()
    document.issued_date = document.day = today
    document.organ_name = body.organ_name[:200]
    book, name = series.register_of(document, body)
    passed_over: list[int] = []
    while True:
        document.register, document.number = draw_number(document.agency, book, today.year, name)
        document.code_number = f"{document.number:02d}"
        if not _is_taken(document):
            break
        passed_over.append(document.number)
    document.search_text = document.searched(version.text)
    document.save()
    # Its words stand: what somebody still typed of it becomes no version any more.
    document.typed_drafts.all().delete()
    # What is seen is listed by day and number of the register.
    key = {"day": document.day, "number": document.number}
    for grants in (UserGrant, GroupGrant):
        grants.objects.filter(content_object_id=document.pk).update(**key)
    routing.conclude(
        document,
        actor,
        Verb.NUMBER,
        before=before,
        users=[document.drafter.user],
        article=_article(actor, "copies_issued" if document.is_copy else "sign_before_number"),
        detail={
            "version": version.ordinal,
            "code": document.code,
            "day": f"{today:%d/%m/%Y}",
            **({"passed_over": passed_over} if passed_over else {}),
        },
    )
    return document


def write_number(actor: Actor, document: OutgoingDocument) -> OutgoingDocument:
    """Number and date into the empty fields of the file; done before, it is not repeated.

    A signature that is there allows it (DocMDP), the agency's locks it afterwards. Takes time:
    outside a transaction. Raises Refusal where the file has no such fields.
    """
    document = OutgoingDocument.objects.with_people().select_related("agency").get(pk=document.pk)
    if document.is_copy:
        return document  # its pages are those of another document
    if document.medium == Medium.PAPER and document.scanned_at is not None:
        return document  # the number stands on the paper that was scanned
    if document.state != State.NUMBERED or document.issued_date is None or _is_written(document):
        return document
    base, day = current_file(document), document.issued_date
    values = {
        "code_number": document.code_number,
        "issued_day": f"{day:%d}",
        "issued_month": month_of(day.month),
    }
    pdf = fill_fields(content_at(base), values)
    with (
        resulting(document, base, pdf, _still_good(pdf, base, values)) as result,
        transaction.atomic(),
    ):
        document = routing.lock(actor, document)
        acting = routing.allowed(rules.may_write_number, actor, document)
        if _is_written(document):
            return document
        version = _unchanged(document, result, document.version_count)
        act = routing.conclude(
            document,
            acting,
            Verb.WRITE_NUMBER,
            before=document.state,
            detail=_detail(version, result),
            quiet=True,
        )
        _keep(document, version, act, result, FileStep.NUMBERED)
    return document


def _still_good(pdf: bytes, base: StoredFile, names: Collection[str]) -> dict[str, Any]:
    """What is found in the filled file. Raises Refusal where a signature has suffered by it."""
    with laid_out(pdf) as (place,):
        found = carried(verdict_on_filled(place, names), base.signatures)
    if found["verdict"] not in ("valid", base.signatures["verdict"]):
        raise Refusal(
            _(
                "Ghi số, ngày vào tệp thì chữ ký số không còn hợp lệ, nên tệp chưa được lưu; số đã "
                "cấp giữ nguyên. Làm lại; nếu vẫn vậy thì báo quản trị hệ thống."
            )
        )
    return found


def month_of(month: int) -> str:
    """January and February with a zero (NĐ 30/2020 Phụ lục I, mục II.4)."""
    return f"{month:02d}" if month < 3 else str(month)


@transaction.atomic
def attach_scan(actor: Actor, document: OutgoingDocument, result: Result) -> OutgoingDocument:
    """Keep the scan of the paper that was signed and stamped (Kon Tum Điều 17.2)."""
    lock_with_holders(document)  # its pages are counted in the dossiers where it lies
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_attach_scan, actor, document)
    version = document.versions.get(ordinal=document.version_count)
    document.scanned_at = clock.now()
    document.save()
    act = routing.conclude(
        document,
        actor,
        Verb.ATTACH_SCAN,
        before=document.state,
        detail=_detail(version, result),
    )
    _keep(document, version, act, result, FileStep.SCAN)
    document.page_amount = (result.row.inspection or {}).get("pages") or document.page_amount
    document.save(update_fields=["page_amount"])
    recount(document)
    return document


@transaction.atomic
def seal(actor: Actor, document: OutgoingDocument, result: Result) -> OutgoingDocument:
    """The agency's signature, which locks number and date (Cần Thơ Điều 10.1b, Kon Tum 15.1).

    Done again it signs the next annex in a file of its own (NĐ 30/2020 Phụ lục I, mục III).
    """
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_seal, actor, document)
    part, base = to_seal(document)
    version = _unchanged(document, result, document.version_count, base)
    _use(actor, document, result, purpose_of(Verb.SEAL, document), base)
    before, document.state = document.state, State.SEALED
    if not part:
        document.sealed_at = clock.now()
    # What is asked next follows from what is kept here.
    made_file(document, version, result, FileStep.SEALED, part)
    document.save()
    act = routing.conclude(
        document,
        actor,
        Verb.SEAL,
        before=before,
        article=actor.agency.regulation.seal_look.article,
        detail={**_detail(version, result), **({"part": part} if part else {})},
    )
    keep_proof(act, result.row)
    return document


@transaction.atomic
def void(actor: Actor, document: OutgoingDocument, *, text: str) -> OutgoingDocument:
    """Void it before it goes out: the number is never used again, what was made stays.

    Raises Refusal without a reason.
    """
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_void, actor, document)
    if not text:
        raise Refusal(_("Ghi lý do hủy: số đã cấp không dùng lại."), field="text")
    before, document.state = document.state, State.VOID
    document.save()
    signer = [document.signer.user] if document.signer else []
    routing.conclude(
        document,
        actor,
        Verb.VOID,
        before=before,
        text=text,
        users=[document.drafter.user, *signer],
        posts=[head_post(document.drafter.unit)],
        detail={"code": document.code if document.numbered_at else ""},
    )
    return document


def _unchanged(
    document: OutgoingDocument, result: Result, seen: int, base: StoredFile | None = None
) -> DraftVersion:
    version = document.versions.select_related("pdf").get(ordinal=document.version_count)
    if seen != version.ordinal:
        said = _("Dự thảo đã có bản %(number)d. Xem bản mới rồi ký.")
        raise Stale(said % {"number": version.ordinal})
    if (base or current_file(document)).sha256 != result.base:
        raise Stale(_("Tệp của văn bản đã có bước mới. Mở lại rồi làm tiếp."))
    return version


def _use(
    actor: Actor,
    document: OutgoingDocument,
    result: Result,
    purpose: str,
    base: StoredFile | None = None,
) -> None:
    """What came back signed is used once, for this file of this document."""
    if result.errand is not None:
        base = base or current_file(document)
        use(actor, result.errand, document=document, purpose=purpose, file=base)


def _is_taken(document: OutgoingDocument) -> bool:
    """True for a number that the register once kept for documents of the house has given with this
    notation: it is passed over, as the act says (NĐ 30/2020 Điều 15.1).

    Raises Refusal for one that another document of the year has by other ways (Cần Thơ 4.3): two
    registers may have been made to print one notation.
    """
    register = document.register
    assert register is not None  # noqa: S101 -- drawn just now
    with connection.cursor() as cursor:
        key = f"number {document.agency_id} {register.year}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
    books = BESIDE.get(register.book, (register.book,))
    twin = OutgoingDocument.objects.filter(
        agency=document.agency_id,
        register__year=register.year,
        register__book__in=books,
        code_number=document.code_number,
        code_notation__iexact=document.code_notation,
    ).exclude(pk=document.pk)
    found = twin.select_related("register").first()
    if found is None:
        return False
    if found.register.book != register.book and found.register.name == register.name:
        return True
    raise Refusal(
        _("Số %(code)s năm nay đã cấp cho “%(subject)s”. Trả lại để sửa ký hiệu.")
        % {"code": document.code, "subject": found.subject[:80]}
    )


def _is_written(document: OutgoingDocument) -> bool:
    rows = document.issued_files.filter(version__ordinal=document.version_count)
    return rows.filter(step=FileStep.NUMBERED).exists()


def _detail(version: DraftVersion, result: Result) -> dict[str, Any]:
    return {"version": version.ordinal, "base": result.base, "scan": result.row.sha256}


def _keep(
    document: OutgoingDocument,
    version: DraftVersion,
    act: DocumentAct,
    result: Result,
    step: FileStep,
) -> None:
    made_file(document, version, result, step)
    keep_proof(act, result.row)


def made_file(
    document: OutgoingDocument,
    version: DraftVersion,
    result: Result,
    step: FileStep,
    part: int = 0,
) -> None:
    """The row of a file whose content is stored with its act, in the same transaction."""
    support = support_of(result.row.signatures)
    IssuedFile.objects.create(
        document=document,
        version=version,
        part=part,
        step=step,
        file_id=result.row.sha256,
        made_at=clock.now(),
        proof_until=support.until if support else None,
    )


def _article(actor: Actor, key: str) -> str:
    found = getattr(actor.agency.regulation, key)
    return found.article if found else ""
