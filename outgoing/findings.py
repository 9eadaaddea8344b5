"""What the form check finds in a version, and which of it must be mended or let stand."""

from dataclasses import dataclass

from django.core.files.storage import storages

from outgoing import checking
from outgoing.checking import Finding
from outgoing.content import content_of, paper_of
from outgoing.models import DraftVersion, OutgoingDocument
from outgoing.signers import doubtful_post


@dataclass(frozen=True)
class Checked:
    """Errors are mended, or let stand with a reason; hints are only shown."""

    errors: tuple[Finding, ...]
    hints: tuple[Finding, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The errors by their codes, each once."""
        return tuple(dict.fromkeys(one.code for one in self.errors))


def check(document: OutgoingDocument, version: DraftVersion) -> Checked:
    """The findings of a version: of its text, or of the file that was uploaded; and whether its
    signer is what is printed there."""
    content = content_of(version)
    paper = paper_of(document, content)
    if version.source is not None:
        with storages["store"].open(version.source.path) as file:
            found = checking.check_pdf(file.read(), paper)
    else:
        found = checking.check(paper)
    if doubt := doubtful_post(document, content, is_file=version.is_uploaded):
        found = (doubt, *found)
    return Checked(
        tuple(one for one in found if one.severity == "error"),
        tuple(one for one in found if one.severity != "error"),
    )
