"""`python -m edocman.translations`: compiles what was translated, on a machine without gettext."""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_all(folder: Path = LOCALE) -> int:
    """Write a .mo beside each .po that is newer, and return how many were written."""
    written = 0
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3])
        # Under another name first: a reader never meets half a file.
        draft = target.with_suffix(".new")
        with draft.open("wb") as file:
            write_mo(file, catalogue)
        draft.replace(target)
        written += 1
    return written


if __name__ == "__main__":
    compile_all()
    sys.exit(0)
