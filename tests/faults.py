"""Faults that no known file causes, brought about inside the child program that reads files."""

from documents import annexes


def annexes_raise(path: str) -> bool:
    """From here on reading the annexes fails, as an unforeseen text would make it fail."""
    annexes._HEADING = None  # type: ignore[assignment]
    return True
