"""Trích sao: a part of a document in words, under the form of the original (NĐ 30/2020 Điều 25.1c).

The words are the original's own: what does not stand in it, in that order, is no excerpt.
"""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.core.files.storage import storages
from django.utils.translation import gettext as _

from core.errors import Refusal
from documents.inspection import inspect
from documents.models import Matter, StoredFile
from incoming.models import IncomingDocument
from outgoing.paper import Paper, Signer
from outgoing.rendering import render

LONGEST = 20_000
# What stands for words that were left out.
_LEFT_OUT = re.compile(r"\[?(?:…|\.{3,})\]?")


def words_of(sources: Iterable[StoredFile]) -> str:
    """All words of the original's files; "" where one is a picture of its paper."""
    found = []
    for one in sources:
        path = Path(storages["store"].path(one.path))
        seen = inspect(
            path, seconds=settings.INSPECTION_SECONDS, memory_mib=settings.INSPECTION_MEMORY
        )
        if not seen.text.strip():
            return ""
        found.append(seen.text)
    return "\n".join(found)


def refuse_foreign(excerpt: str, original: str) -> None:
    """Raise Refusal for words that do not stand in the original, or not in that order."""
    if not original.strip():
        raise Refusal(
            _("Bản gốc là bản quét nên không đối chiếu được nguyên văn; trích sao theo trang."),
            field="excerpt",
        )
    whole, place = _letters(original), 0
    for line in excerpt.split("\n"):
        for piece in _LEFT_OUT.split(line):
            wanted = _letters(piece)
            at = whole.find(wanted, place)
            if at < 0:
                said = _(
                    "Trong bản gốc không có nguyên văn “%(words)s”, hoặc không theo thứ tự ấy."
                )
                raise Refusal(said % {"words": piece.strip()[:120]}, field="excerpt")
            place = at + len(wanted)
    if len(_letters(excerpt)) == len(whole):
        raise Refusal(_("Chép đủ nội dung là sao y; trích sao chỉ chép một phần."), field="excerpt")


def sheet_of(original: Matter, part: str, excerpt: str) -> bytes:
    """The sheet of an excerpt: header, number, day and signer of the original, and the part."""
    day = original.issued_date
    paper = Paper(
        type_name=original.type_name or "Văn bản",
        organ_name=original.organ_name.upper(),
        code_number=original.code_number,
        code_notation=original.code_notation,
        issued_date=day,
        place=_place_of(original),
        subject=original.subject,
        body=f"*Trích {part}:*\n\n{excerpt}",
        signer=Signer(
            position=original.signer_position.upper(), full_name=original.signer_full_name
        ),
    )
    return render(paper)


def _place_of(original: Matter) -> str:
    """Địa danh, where it was composed here; of what came in it is not known."""
    if isinstance(original, IncomingDocument):
        return ""
    version = original.versions.filter(ordinal=original.version_count).first()  # type: ignore[attr-defined]
    return str(version.content.get("place", "")) if version else ""


def _letters(text: str) -> str:
    """The text as one word: lines break elsewhere in a file than in a form."""
    return "".join(unicodedata.normalize("NFC", text).split())
