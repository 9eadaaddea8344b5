"""One record, one line: what people send can write no line of its own into the log."""

import logging
import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def visible(text: str) -> str:
    """Control characters, line ends and turned directions as escapes; letters as they are."""
    return "".join(
        letter.encode("unicode_escape").decode("ascii")
        if unicodedata.category(letter) in _HIDDEN
        else letter
        for letter in text
    )


class OneLine(logging.Formatter):
    """The lines of a traceback follow indented, so that none of them looks like a record."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = visible(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: object) -> str:
        lines = super().formatException(ei).split("\n")  # type: ignore[arg-type]
        return "\n".join(f"  {visible(line)}" for line in lines)
