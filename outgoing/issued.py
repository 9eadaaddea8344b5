"""What goes out of a document: its newest files, and their names."""

from dataclasses import dataclass

from documents.models import StoredFile
from outgoing.models import AnnexFile, OutgoingDocument


@dataclass(frozen=True)
class Outgoing:
    """A file as its receivers get it; ``part`` 0 is the document itself."""

    part: int
    file: StoredFile
    name: str


def files_of(document: OutgoingDocument) -> list[Outgoing]:
    """The newest file of each part of the newest version, the document itself first.

    An annex that the agency did not sign goes as it was added: beside the scan of a stamped paper.
    """
    rows = document.issued_files.filter(version__ordinal=document.version_count)
    annexes = AnnexFile.objects.filter(
        version__document=document, version__ordinal=document.version_count
    )
    newest = {row.part: row.file for row in annexes.select_related("file")}
    newest |= {row.part: row.file for row in rows.select_related("file").order_by("pk")}
    return [Outgoing(part, newest[part], _name(document, part)) for part in sorted(newest)]


def size_of(files: list[Outgoing]) -> int:
    """Bytes of all of them."""
    return sum(one.file.size for one in files)


def _name(document: OutgoingDocument, part: int) -> str:
    code = document.code.replace("/", "-")
    return f"{code}-phu-luc-{part}.pdf" if part else f"{code}.pdf"
