"""What is done with files that are signed outside."""

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

__all__ = [
    "bring",
    "bring_by_token",
    "end_errands",
    "errand_for",
    "expect",
    "fetch",
    "open_errand",
    "renew",
    "returned_file",
    "use",
]
