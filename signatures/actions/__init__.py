"""What is done with keys, and with files that are signed outside."""

from signatures.actions.errands import (
    bring,
    bring_by_token,
    end_errands,
    errand_for,
    expect,
    fetch,
    open_errand,
    renew,
    returned_file,
    use,
)
from signatures.actions.keeping import KeyEntry, change_picture, keep_key, retire, unlock
from signatures.actions.watching import warn_of_lapse

__all__ = [
    "KeyEntry",
    "bring",
    "bring_by_token",
    "change_picture",
    "end_errands",
    "errand_for",
    "expect",
    "fetch",
    "keep_key",
    "open_errand",
    "renew",
    "retire",
    "returned_file",
    "unlock",
    "use",
    "warn_of_lapse",
]
