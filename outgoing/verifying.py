"""Proof that grants and waiting rows of drafts are what they should be, and their files too."""

from collections.abc import Iterator

from documents import proving
from documents.models import DocumentAct
from outgoing.choices import PASSING
from outgoing.models import DraftVersion, OutgoingDocument


def findings(*, repair: bool = False) -> Iterator[str]:
    """One sentence for each draft whose rows are wrong; ``repair`` makes them right."""
    yield from proving.findings(OutgoingDocument, repair=repair)
    yield from other_files()


def other_files() -> Iterator[str]:
    """Versions whose file is not the one that was looked at: the act names its content."""
    passing = [verb.value for verb in PASSING.values()]
    acts = DocumentAct.objects.filter(verb__in=passing, target__kind=OutgoingDocument.KIND)
    made = DraftVersion.objects.filter(pdf__isnull=False)
    kept = {
        (document, ordinal): sha256
        for document, ordinal, sha256 in made.values_list("document_id", "ordinal", "pdf_id")
    }
    for act in acts.order_by("pk").iterator():
        sha256 = kept.get((act.target_id, act.detail.get("version")))
        if sha256 != act.detail.get("sha256"):
            yield f"document {act.target_id}: the file of act {act.ordinal} is another one"
