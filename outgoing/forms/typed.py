"""What stands in the composer while somebody types, as it is kept and shown again."""

import re
from collections.abc import Mapping
from typing import Any

from outgoing.content import AnnexText
from outgoing.forms.compose import MOST_ANNEXES, ComposeForm

AROUND = ("answers", "dossier", "replaces")
# Never kept: what is asked anew each time, and what binds a form to its page.
_NOT_KEPT = frozenset({"gate", "token", "base"})
_FIELDS = tuple(name for name in ComposeForm.base_fields if name not in _NOT_KEPT)
_TICKS = ("is_internal", "drops_file")
_ANNEX = re.compile(r"annex-(\d{1,2})-(heading|title|body|issued_with|landscape)", re.ASCII)


def typed_in(data: Mapping[str, Any]) -> dict[str, str]:
    """What was typed, by the names of the form; nothing else that was sent."""
    known = {name: data.get(name, "") for name in (*_FIELDS, *AROUND) if name in data}
    for name in data:
        found = _ANNEX.fullmatch(name)
        if found and int(found[1]) < MOST_ANNEXES:
            known[name] = data.get(name, "")
    return known


def shown_again(values: Mapping[str, str]) -> dict[str, Any]:
    """What the form begins with, to go on typing."""
    first: dict[str, Any] = {name: values.get(name, "") for name in _FIELDS}
    first |= {name: bool(values.get(name)) for name in _TICKS}
    places = [int(found[1]) for name in values if (found := _ANNEX.fullmatch(name))]
    first["annexes"] = tuple(
        AnnexText(
            heading=values.get(f"annex-{place}-heading", ""),
            title=values.get(f"annex-{place}-title", ""),
            body=values.get(f"annex-{place}-body", ""),
            issued_with=bool(values.get(f"annex-{place}-issued_with")),
            landscape=bool(values.get(f"annex-{place}-landscape")),
        )
        for place in range(max(places, default=-1) + 1)
    )
    return first
