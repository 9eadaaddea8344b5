"""What is drafted, its versions, and what an office keeps ready for drafting."""

from outgoing.models.batches import Batch, BatchRow
from outgoing.models.deliveries import Delivery, DeliveryStatus
from outgoing.models.document import OutgoingDocument
from outgoing.models.drafts import (
    AnnexFile,
    Conversion,
    DraftVersion,
    IssuedFile,
    Picture,
    Remark,
    SignOff,
    TypedDraft,
)
from outgoing.models.office import IssuingBody, Phrase, Series, SignedKind, Template

__all__ = [
    "AnnexFile",
    "Batch",
    "BatchRow",
    "Conversion",
    "Delivery",
    "DeliveryStatus",
    "DraftVersion",
    "IssuedFile",
    "IssuingBody",
    "OutgoingDocument",
    "Phrase",
    "Picture",
    "Remark",
    "Series",
    "SignOff",
    "SignedKind",
    "Template",
    "TypedDraft",
]
