"""copy: sao y, sao lục, trích sao of a document that is there (NĐ 30/2020 Điều 25, Kon Tum 15.3).

A copy is an outgoing document without a draft: whoever may has it made, the clerk enters it in the
book of copies, seals it with the agency's key and issues it.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import receiving_post
from accounts.actor import Actor, Rule
from accounts.choices import Role
from core import clock
from core.errors import Refusal, Stale
from core.text import clean
from documents import uploads
from documents.actions import draw_number, examine, forget, keep_proof, lock_rows, record
from documents.choices import Book, Kind, LinkKind
from documents.inspection import REASONS, inspect, run_child
from documents.models import Attachment, Link, Matter, QuarantinedFile, StoredFile
from documents.rules import article_of
from documents.scans import workplace
from incoming import rules as incoming_rules
from incoming.models import IncomingDocument
from outgoing import excerpts, rules
from outgoing.actions import routing
from outgoing.actions.drafting import one_at_a_time
from outgoing.actions.signing import content_at, number
from outgoing.choices import COPY_NAMES, COPY_SIGNS, State, Verb
from outgoing.content import Content, body_of
from outgoing.issued import files_of
from outgoing.models import DraftVersion, OutgoingDocument
from outgoing.sheets import page_count
from signatures.choices import Copy

PROGRAM = "outgoing.flattening.together"
SECONDS = 60
FILE_BYTES = 256 << 20
_RANGE = re.compile(r"(\d{1,5})(?:\s*[-–]\s*(\d{1,5}))?")


@dataclass(frozen=True)
class Copied:
    """The file of a copy; it lies in the quarantine. ``sources``: what it was made of."""

    row: QuarantinedFile
    text: str
    sources: tuple[str, ...]
    kind: str
    pages: str
    part: str = ""


def original_of(actor: Actor, pk: int) -> IncomingDocument | OutgoingDocument | None:
    """The document of either direction as the actor sees it; None for any other."""
    came: IncomingDocument | None = IncomingDocument.objects.visible_to(actor).filter(pk=pk).first()
    rows = OutgoingDocument.objects.visible_to(actor).with_people()
    found: IncomingDocument | OutgoingDocument | None = came or rows.filter(pk=pk).first()
    if found is not None:
        found.agency = actor.agency
    return found


def copy_rule(original: Matter) -> Rule:
    """Who may have it copied."""
    is_in = isinstance(original, IncomingDocument)
    return incoming_rules.may_copy if is_in else rules.may_copy


def sources_of(original: Matter) -> list[StoredFile]:
    """Its files, the document itself first and its annexes behind it."""
    if isinstance(original, OutgoingDocument):
        return [one.file for one in files_of(original)]
    rows = Attachment.objects.filter(document=original.pk).select_related("file")
    return [one.file for one in rows.order_by("ordinal")]


def page_total(original: Matter) -> int:
    """The pages of all its files."""
    return sum(one.page_count for one in sources_of(original))


def read_pages(typed: str, most: int) -> list[int]:
    """Page numbers from 1 of "1, 3-4", ascending. Raises Refusal for what names none."""
    found: set[int] = set()
    for part in re.split(r"[,;\s]+(?![-–])", re.sub(r"\s*[-–]\s*", "-", typed.strip(" ,;"))):
        match = _RANGE.fullmatch(part)
        first = int(match[1]) if match else 0
        last = int(match[2] or first) if match else 0
        if not 1 <= first <= last <= most:
            said = _("Ghi các trang trích sao, như 1, 3-4; văn bản có %(count)d trang.")
            raise Refusal(said % {"count": most}, field="pages")
        found.update(range(first, last + 1))
    if len(found) == most:
        raise Refusal(_("Chép đủ các trang là sao y; trích sao chỉ chép một phần."), field="pages")
    return sorted(found)


def in_words(pages: Sequence[int]) -> str:
    """ "1, 3-4" of 1, 3, 4."""
    starts = [pages[0], *(now for before, now in pairwise(pages) if now != before + 1)]
    ends = [*(before for before, now in pairwise(pages) if now != before + 1), pages[-1]]
    spans = zip(starts, ends, strict=True)
    return ", ".join(f"{one}-{two}" if two > one else str(one) for one, two in spans)


@contextmanager
def copying(
    actor: Actor,
    original: IncomingDocument | OutgoingDocument,
    *,
    kind: str,
    pages: str = "",
    part: str = "",
    excerpt: str = "",
) -> Iterator[Copied]:
    """The file of the copy: the original's own bytes where it is one file that nobody has signed.

    ``excerpt``: the words of a ``part``, which stand under the form of the original; else whole
    ``pages``.

    Otherwise its pages without their signatures, which would be broken in another file; what they
    show stays on the page. Takes time: outside a transaction. Raises Refusal for what cannot be
    copied, and for pages that are not there.
    """
    routing.allowed(copy_rule(original), actor, original)
    if kind not in rules.forms_of(original):
        raise Refusal(_forms_said(original), field="kind")
    sources = sources_of(original)
    if not sources or not all(one.page_count for one in sources):
        raise Refusal(_("Có tệp của văn bản không đọc được nên không sao được."))
    most = sum(one.page_count for one in sources)
    in_words_of_it = kind == Copy.PART and bool(excerpt)
    if in_words_of_it:
        if not part:
            raise Refusal(_("Ghi phần được trích, như khoản 2 Điều 5."), field="part")
        excerpts.refuse_foreign(excerpt, excerpts.words_of(sources))
    wanted = read_pages(pages, most) if kind == Copy.PART and not in_words_of_it else []
    signed = any((one.signatures or {}).get("verdict") != "unsigned" for one in sources)
    if in_words_of_it:
        made = excerpts.sheet_of(original, part, excerpt)
        most = page_count(made)
    else:
        contents = [content_at(one) for one in sources]
        anew = wanted or signed or len(sources) > 1
        made = _together(contents, wanted) if anew else contents[0]
    upload = uploads.from_bytes(made, f"ban-sao-{original.pk}.pdf")
    row = examine(upload)
    try:
        if not (row.inspection or {}).get("readable") or (row.inspection or {}).get("encrypted"):
            raise Refusal(_("Có tệp của văn bản không đọc được nên không sao được."))
        if row.page_count != (len(wanted) or most):
            raise Refusal(_("Chưa sao được đủ các trang của văn bản."))
        if (row.signatures or {}).get("verdict") != "unsigned":
            raise Refusal(_("Chưa tách được chữ ký số khỏi bản sao."))
        found = inspect(
            uploads.path_of(row.token),
            seconds=settings.INSPECTION_SECONDS,
            memory_mib=settings.INSPECTION_MEMORY,
        )
        yield Copied(
            row,
            clean(found.text, lines=True),
            tuple(one.sha256 for one in sources),
            kind,
            in_words(wanted) if wanted else "",
            part if in_words_of_it else "",
        )
    finally:
        forget(row)
        upload.close()


def _together(contents: Sequence[bytes], wanted: Sequence[int]) -> bytes:
    """Pages put together in the bounded process."""
    folder = Path(settings.DATA_ROOT) / "work"
    with ExitStack() as stack:
        places = [stack.enter_context(workplace(folder)) for _each in contents]
        target = stack.enter_context(workplace(folder))
        for place, content in zip(places, contents, strict=True):
            place.write_bytes(content)
        answer = run_child(
            {
                "job": "call",
                "program": PROGRAM,
                "path": str(places[0]),
                "arguments": {
                    "more": [str(one) for one in places[1:]],
                    "pages": [one - 1 for one in wanted],
                    "target": str(target),
                },
            },
            seconds=SECONDS,
            memory_mib=settings.INSPECTION_MEMORY,
            file_bytes=FILE_BYTES,
        )
        (line,) = answer.lines[:1] or [{"result": None, "fault": answer.fault or "crashed"}]
        if fault := line["fault"] or answer.fault:
            raise Refusal(str(REASONS.get(fault, REASONS["broken"])))
        if line["result"].get("layers"):
            raise Refusal(
                _("Tệp có lớp nội dung ẩn, bản sao có thể khác bản gốc. In ra, quét lại rồi sao.")
            )
        return target.read_bytes()


@transaction.atomic
def copy(
    actor: Actor,
    original: IncomingDocument | OutgoingDocument,
    made: Copied,
    *,
    token: UUID,
    text: str = "",
) -> OutgoingDocument:
    """Make a copy of it that goes out by itself; the clerk's is entered in the book at once.

    The same form sent twice makes one. Raises Stale when the original's files are others by now.
    """
    one_at_a_time(token)
    done = OutgoingDocument.objects.filter(entry_token=token, drafter__user=actor.user).first()
    if done is not None:
        return done
    lock_rows(original.pk)
    found = original_of(actor, original.pk)
    if found is None:
        raise OutgoingDocument.DoesNotExist
    acting = routing.allowed(copy_rule(found), actor, found)
    if tuple(one.sha256 for one in sources_of(found)) != made.sources:
        raise Stale(_("Tệp của văn bản đã có bước mới. Mở lại rồi làm tiếp."))
    document = _document(acting, found, made, token, text)
    is_clerk = actor.holds(Role.CLERK)
    act = routing.conclude(
        document,
        acting,
        Verb.COPY,
        before="",
        text=text,
        posts=[] if is_clerk else [receiving_post(document.agency, Role.CLERK)],
        article=article_of(acting, "copies_issued"),
        detail={
            "of": found.pk,
            "kind": made.kind,
            "pages": made.pages,
            **({"part": made.part} if made.part else {}),
            "version": 1,
            "sources": list(made.sources),
            "scan": made.row.sha256,
        },
    )
    keep_proof(act, made.row)
    Link.objects.create(source=document, target=found, kind=LinkKind.COPIES)
    record(
        found,
        acting,
        Verb.COPY,
        before=found.state,
        article=article_of(acting, "copies_issued"),
        detail={
            "copy": document.pk,
            "kind": made.kind,
            "pages": made.pages,
            **({"part": made.part} if made.part else {}),
        },
    )
    return number(actor, document) if is_clerk else document


def _document(
    actor: Actor,
    original: IncomingDocument | OutgoingDocument,
    made: Copied,
    token: UUID,
    text: str,
) -> OutgoingDocument:
    """The copy, approved as it is; its one version is the file."""
    kind, now = Copy(made.kind), clock.now()
    document = OutgoingDocument(
        agency=actor.agency,
        kind=Kind.OUTGOING,
        state=State.APPROVED,
        day=clock.today(),
        drafter=actor.appointment,
        entry_token=token,
        created_at=now,
        approved_at=now,
        copy_of_id=original.pk,
        copy_kind=kind,
        copied_pages=made.pages,
        copied_part=made.part,
        version_count=1,
        type_name=COPY_NAMES[kind],
        subject=_subject(original),
        language=original.language,
        priority=original.priority,
        page_amount=made.row.page_count,
        description=text[:500],
    )
    content = Content(type_name=document.type_name, subject=document.subject)
    body = body_of(document, content)
    if not body.abbreviation:
        raise Refusal(
            _("Chưa khai chữ viết tắt của cơ quan nên chưa ghi được ký hiệu bản sao; báo quản trị.")
        )
    document.code_notation = f"{COPY_SIGNS[kind]}-{body.abbreviation}"
    document.organ_name = body.organ_name[:200]
    document.register, document.number = draw_number(actor.agency, Book.DRAFTS, document.day.year)
    document.draft_number = document.number
    document.search_text = document.searched(made.text)
    document.save()
    DraftVersion.objects.create(
        document=document,
        ordinal=1,
        content=Content(
            type_name=document.type_name,
            subject=document.subject,
            language=document.language,
            description=document.description,
            priority=document.priority,
            code_notation=document.code_notation,
        ).stored(),
        source_id=made.row.sha256,
        pdf_id=made.row.sha256,
        file_name=made.row.file_name,
        text=made.text,
        author=actor.own,
        saved_at=now,
    )
    return document


def _subject(original: IncomingDocument | OutgoingDocument) -> str:
    """What the book says of it, in Vietnamese: type, number, day, whose it is, what it is about."""
    day = original.issued_date
    parts = [
        original.type_name or "Văn bản",
        f"số {original.code}" if original.code else "",
        f"ngày {day:%d/%m/%Y}" if day else "",
        f"của {original.organ_name}" if original.organ_name else "",
    ]
    return f"{' '.join(part for part in parts if part)}: {original.subject}"[:500]


def _forms_said(original: IncomingDocument | OutgoingDocument) -> str:
    forms = rules.forms_of(original)
    if not forms:
        return _("Chỉ sao từ bản gốc, bản chính hoặc bản sao y.")
    names = ", ".join(str(one.label).lower() for one in forms)
    return _("Văn bản này chỉ: %(forms)s.") % {"forms": names}
