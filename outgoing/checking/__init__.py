"""The form checker of what goes out (Kon Tum Điều 17.1, Cần Thơ Điều 9.4–9.5).

``check`` looks at a paper that is written here, ``check_pdf`` at an uploaded file; ``mend`` is the
one click that takes a finding away. Nothing here changes what it looks at.
"""

from outgoing.checking.findings import Finding, Severity
from outgoing.checking.papers import check, mend
from outgoing.checking.pdf import MEASURER, check_measured, check_pdf
from outgoing.checking.places import label

__all__ = [
    "MEASURER",
    "Finding",
    "Severity",
    "check",
    "check_measured",
    "check_pdf",
    "label",
    "mend",
]
