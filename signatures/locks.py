"""Whether later revisions of a file touch what a signature locks (FieldMDP); knows pyHanko.

The library takes the look of every locked field for changed as soon as anything follows the
signature, a time stamp over the whole file too. Here a locked field is untouched when it is still
the same object and nothing that it shows has been written anew. Runs in the bounded child.
"""

import dataclasses
from typing import Any

from signatures.changes import NODES, array, get, resolve

_ELSEWHERE = {"/P", "/Parent"}  # lead to the page and to other fields


def policy() -> Any:
    """What the library is to compare revisions with."""
    from pyhanko.sign.diff_analysis import (  # noqa: PLC0415 -- slow import
        DEFAULT_DIFF_POLICY,
        StandardDiffPolicy,
        SuspiciousModification,
    )

    class Policy(StandardDiffPolicy):
        def apply(self, old: Any, new: Any, field_mdp_spec: Any = None, doc_mdp: Any = None) -> Any:
            try:
                return super().apply(old, new, field_mdp_spec, doc_mdp)
            except SuspiciousModification:
                if field_mdp_spec is None or not _untouched(old, new, field_mdp_spec):
                    raise
            # All other rules hold as before.
            found = super().apply(old, new, None, doc_mdp)
            names = {
                name for name in found.changed_form_fields if not field_mdp_spec.is_locked(name)
            }
            return dataclasses.replace(found, changed_form_fields=names)

    default: Any = DEFAULT_DIFF_POLICY
    return Policy(default.global_rules, default.form_rule)


def _untouched(old: Any, new: Any, spec: Any) -> bool:
    before, after = _fields(old.root), _fields(new.root)
    locked = {name for name in (*before, *after) if spec.is_locked(name)}
    if any(before.get(name) != after.get(name) for name in locked):
        return False
    written = set()
    for revision in range(old.revision + 1, new.revision + 1):
        written |= set(old.reader.xrefs.explicit_refs_in_revision(revision))
    return all(_shown_by(old, before[name]).isdisjoint(written) for name in locked)


def _fields(root: Any) -> dict[str, Any]:
    """By their whole names the references of all fields; a field that is no object of its own
    counts as None, which never equals."""
    found: dict[str, Any] = {}
    waiting = [(item, "") for item in array(get(get(root, "/AcroForm"), "/Fields"))]
    count = 0
    while waiting:
        item, parent = waiting.pop()
        count += 1
        node = resolve(item)
        if count > NODES or not hasattr(node, "keys"):
            raise ValueError("fields that cannot be listed")
        name = ".".join(part for part in (parent, str(get(node, "/T") or "")) if part)
        reference = getattr(item, "reference", None)
        kids = array(get(node, "/Kids"))
        found[name] = (*found.get(name, ()), reference or object())
        waiting += [(kid, name) for kid in kids]
    return found


def _shown_by(old: Any, references: Any) -> set[Any]:
    """All objects on which these fields rest, themselves included."""
    seen: set[Any] = set()
    waiting = list(references)
    while waiting:
        reference = waiting.pop()
        if reference in seen:
            continue
        seen.add(reference)
        if len(seen) > NODES:
            raise ValueError("a field of too many parts")
        inside: list[Any] = [old.get_object(reference)]
        while inside:
            value = inside.pop()
            if hasattr(value, "keys"):
                kept = [key for key in value if key not in _ELSEWHERE]
                inside += [value.raw_get(key) for key in kept]
            elif isinstance(value, list):
                # By raw_get: reading a reference any other way follows it.
                inside += [value.raw_get(place) for place in range(len(value))]  # type: ignore[attr-defined]
            elif hasattr(value, "reference"):
                waiting.append(value.reference)
    return seen
