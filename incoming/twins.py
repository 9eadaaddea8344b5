"""Documents that may be the one at hand: the same file, the same paper, nearly the same text.

Nearly the same: in what is typed (``NEAR``) or in what the file says (``TEXT``, incoming.texts).
Reads only. Warned, never refused (NĐ 30/2020 Phụ lục VI phần I): the clerk compares and decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Case, Q, When
from django.db.models.functions import Length
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from core.text import clean, fold
from documents.catalogue import field_label
from documents.models import Attachment, QuarantinedFile
from incoming import texts
from incoming.actions.registering import NO_NUMBER, Entry
from incoming.choices import State
from incoming.models import IncomingDocument

SHOWN = 3
# Likeness of all that was typed, from 0 to 1: one number mistyped is 0.9, another matter 0.5.
LIKE = 0.75
# Papers that are compared word by word: those whose own dates are so near, at most so many, the
# same issuer's first. Comparing one costs more than finding it; see docs/performance.md.
WINDOW = timedelta(days=1)
MOST = 200

FILE, SAME, NEAR, TEXT = "file", "same", "near", "text"
LABELS: dict[str, Promise] = {
    FILE: gettext_lazy("Cùng một tệp"),
    SAME: gettext_lazy("Cùng số, ký hiệu, cơ quan ban hành và ngày"),
    NEAR: gettext_lazy("Nội dung gần giống"),
    TEXT: gettext_lazy("Nội dung tệp gần giống"),
}
_COMPARED = ("code", "issued_date", "organ_name", "type_name", "subject", "signer_full_name")


@dataclass(frozen=True)
class Side:
    """One field of both papers."""

    label: str
    mine: str
    theirs: str

    @property
    def differs(self) -> bool:
        """True where something else was typed; what is empty still is no difference."""
        return bool(self.mine) and fold(self.mine) != fold(self.theirs)


@dataclass(frozen=True)
class Twin:
    """A registered document that may be the same, and how it was found."""

    document: IncomingDocument
    level: str
    # How like the words of the two files are, in per cent; None where that is not known.
    share: int | None = None

    @property
    def label(self) -> str:
        """How it was found, and how like the words of the two files are."""
        said = str(LABELS[self.level])
        if self.share is None or self.level == FILE:
            return said
        if self.level == TEXT:
            return _("%(how)s, khoảng %(share)d %%") % {"how": said, "share": self.share}
        more = _("%(how)s; chữ trong tệp giống khoảng %(share)d %%")
        return more % {"how": said, "share": self.share}

    @property
    def image_url(self) -> str:
        """Its first page."""
        key = [self.document.agency.slug, self.document.pk, 1, 1]
        return reverse("incoming:page", args=key)

    def sides(self, mine: Mapping[str, Any]) -> list[Side]:
        """What was typed beside what is registered; before anything is typed, only the latter."""
        return [
            Side(_label(name), _text(mine.get(name)), _text(getattr(self.document, name)))
            for name in _COMPARED
        ]


@dataclass(frozen=True)
class Copy:
    """Another entry of the tray that holds the same file, byte for byte."""

    document: IncomingDocument
    mine: str
    theirs: str


def in_tray(actor: Actor, files: Sequence[QuarantinedFile]) -> dict[int, list[Copy]]:
    """By entry: the others of the tray with a file of the same content, the oldest first.

    Before either is registered; asked at once for all of these files.
    """
    content = {one.sha256 for one in files}
    waiting = IncomingDocument.objects.visible_to(actor).in_tray().order_by()
    rows = QuarantinedFile.objects.filter(sha256__in=content, document__in=waiting.values("pk"))
    by_content: dict[str, list[QuarantinedFile]] = {}
    for row in rows.select_related("document__incomingdocument").order_by("arrived_at", "pk"):
        row.document.incomingdocument.agency = actor.agency
        by_content.setdefault(row.sha256, []).append(row)
    found: dict[int, dict[int, Copy]] = {}
    for file in files:
        here = found.setdefault(file.document_id, {})
        for row in by_content.get(file.sha256, ()):
            if row.document_id != file.document_id:
                copy = Copy(row.document.incomingdocument, file.file_name, row.file_name)
                here.setdefault(row.document_id, copy)
    return {pk: list(copies.values()) for pk, copies in found.items() if copies}


def find(
    actor: Actor,
    document: IncomingDocument | None,
    entry: Entry | None = None,
    files: Sequence[QuarantinedFile | Attachment] = (),
) -> list[Twin]:
    """The likeliest twins, the surest first; without an entry only those of the same file or text.

    ``files``: those of the document; what the main one says is looked for among the others'.
    """
    seen = (
        IncomingDocument.objects.visible_to(actor)
        .registered()
        .exclude(state=State.VOID)
        .exclude(pk=document.pk if document else None)
        .order_by("-day", "-number")
    )
    shares = texts.alike(seen, texts.sketch_of(files), actor.agency.pk)
    found: dict[int, Twin] = {}
    if document is not None:
        same_file = seen.filter(attachments__file__in=_hashes(document)).distinct()
        _add(found, same_file, FILE, shares)
    if entry is not None:
        _add(found, _same(seen, entry), SAME, shares)
    # What the files say is surer than what was typed of them.
    _add(found, _likest(seen, shares, found), TEXT, shares)
    if entry is not None:
        _add(found, _near(seen, entry), NEAR, shares)
    for twin in found.values():
        twin.document.agency = actor.agency
    return list(found.values())[:SHOWN]


def of_registered(
    actor: Actor, document: IncomingDocument, files: Sequence[Attachment] = ()
) -> list[Twin]:
    """Twins of a document that is in the book itself: the same file, paper, or nearly its text."""
    seen = IncomingDocument.objects.visible_to(actor).registered().exclude(pk=document.pk)
    same = Q(attachments__file__in=_hashes(document))
    is_numbered = document.code_number not in ("", NO_NUMBER)
    if is_numbered:
        same |= Q(**_identity(document))
    shares = texts.alike(seen, texts.sketch_of(files), document.agency_id)
    found: dict[int, Twin] = {}
    for row in seen.filter(same).distinct().order_by("-day", "-number")[:SHOWN]:
        is_same = is_numbered and _identity(row) == _identity(document)
        found[row.pk] = Twin(row, SAME if is_same else FILE, shares.get(row.pk))
    _add(found, _likest(seen, shares, found), TEXT, shares)
    for twin in found.values():
        twin.document.agency = actor.agency
    return list(found.values())[:SHOWN]


def _likest(seen: Any, shares: Mapping[int, int], found: Mapping[int, Twin]) -> Any:
    """Those whose files say nearly the same and that were not found otherwise, likest first."""
    wanted = [pk for pk in shares if pk not in found][:SHOWN]
    if not wanted or len(found) >= SHOWN:
        return []
    rows = seen.in_bulk(wanted)
    return [rows[pk] for pk in wanted if pk in rows]


def _identity(document: IncomingDocument) -> dict[str, Any]:
    """The four fields by which a paper is the same one, whatever file it came in."""
    names = ("code_number", "code_notation", "organ_name", "issued_date")
    return {name: getattr(document, name) for name in names}


def _add(found: dict[int, Twin], rows: Any, level: str, shares: Mapping[int, int]) -> None:
    if len(found) < SHOWN:
        for row in rows[:SHOWN]:
            found.setdefault(row.pk, Twin(row, level, shares.get(row.pk)))


def _hashes(document: IncomingDocument) -> Any:
    """The contents that the document has, in the tray or in the store."""
    if document.register_id is None:
        return QuarantinedFile.objects.filter(document_id=document.pk).values("sha256")
    return Attachment.objects.filter(document_id=document.pk).values("file_id")


def _code(entry: Entry) -> Q | None:
    number = clean(entry.code_number)
    if number in ("", NO_NUMBER):
        return None
    return Q(
        code_number=number,
        code_notation=clean(entry.code_notation),
        organ_name__iexact=clean(entry.organ_name),
    )


def _same(seen: Any, entry: Entry) -> Any:
    code = _code(entry)
    return seen.filter(code, issued_date=entry.issued_date) if code else seen.none()


def _near(seen: Any, entry: Entry) -> list[IncomingDocument]:
    """The number of that year with another day; or words that are nearly the same."""
    code = _code(entry)
    rows = list(seen.filter(code, issued_date__year=entry.issued_date.year)[:1]) if code else []
    return rows + list(nearly_the_same(seen, entry)[:SHOWN])


def nearly_the_same(seen: Any, entry: Entry) -> Any:
    """Papers of about that day whose words are like those that were typed, the likest first."""
    window = (entry.issued_date - WINDOW, entry.issued_date + WINDOW)
    words = words_of(entry)
    candidates = (
        seen.filter(issued_date__range=window)
        .annotate(
            theirs=Case(When(organ_name__iexact=clean(entry.organ_name), then=0), default=1),
            letters=Length("search_text"),
        )
        # Texts of other lengths cannot be as like as that.
        .filter(letters__range=(len(words) * LIKE - 10, len(words) / LIKE + 10))
        .order_by("theirs", "-pk")
        .values("pk")[:MOST]
    )
    return (
        seen.filter(pk__in=candidates)
        .annotate(like=TrigramSimilarity("search_text", words))
        .filter(like__gte=LIKE)
        .order_by("-like", "-pk")
    )


def words_of(entry: Entry) -> str:
    """What is typed, as the search text of a registered document says it."""
    return IncomingDocument(
        **{
            name: clean(getattr(entry, name))
            for name in (
                "code_number",
                "code_notation",
                "organ_name",
                "subject",
                "type_name",
                "signer_full_name",
                "description",
            )
        }
    ).folded()


def typed(values: dict[str, Any]) -> dict[str, Any]:
    """What stands in the form, under the names that are compared."""
    parts = (str(values.get(name) or "") for name in ("code_number", "code_notation"))
    return values | {"code": "/".join(part for part in parts if part)}


def numbers(found: Sequence[Twin]) -> list[dict[str, Any]]:
    """What the trail keeps of twins that were compared."""
    return [
        {
            "document": one.document.pk,
            "number": one.document.number,
            "level": one.level,
            **({"share": one.share} if one.share is not None else {}),
        }
        for one in found
    ]


def fields_of(document: IncomingDocument) -> dict[str, Any]:
    """What is registered, under the names that are compared."""
    return {name: getattr(document, name) for name in _COMPARED}


def _label(name: str) -> str:
    return _("Số, ký hiệu") if name == "code" else str(field_label(name))


def _text(value: Any) -> str:
    return f"{value:%d/%m/%Y}" if hasattr(value, "strftime") else str(value or "")
