"""What is drafted, its versions, and what an office keeps ready for drafting."""

from outgoing.models.document import OutgoingDocument
from outgoing.models.drafts import Conversion, DraftVersion, Picture, Remark, SignOff
from outgoing.models.office import IssuingBody, Phrase, Template

__all__ = [
    "Conversion",
    "DraftVersion",
    "IssuingBody",
    "OutgoingDocument",
    "Phrase",
    "Picture",
    "Remark",
    "SignOff",
    "Template",
]
