"""Words that an agency often writes, offered beside the fields of a form.

They are kept by an app above; it says here how they are read when it is ready.
"""

from collections.abc import Callable

from accounts.models import Agency

CANNED: list[Callable[[Agency], list[str]]] = []


def canned_directives(agency: Agency) -> list[str]:
    """What the agency often writes when it gives out work."""
    return [words for read in CANNED for words in read(agency)]
