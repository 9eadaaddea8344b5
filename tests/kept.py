"""What is made once for many tests; what a test does to it is undone."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from tests.quick import look_quickly


@contextmanager
def made_once(
    make: Callable[[], SimpleNamespace], blocker: Any, files: Path
) -> Iterator[SimpleNamespace]:
    """One transaction around all tests: making the office costs more than a test."""
    with pytest.MonkeyPatch.context() as patch, blocker.unblock(), transaction.atomic():
        look_quickly(patch)
        made = make()
        shutil.copytree(settings.DATA_ROOT, files)
        made.files = files
        yield made
        transaction.set_rollback(True)


def with_files(made: SimpleNamespace) -> SimpleNamespace:
    """The same, its files where a test finds them: each test leaves an empty store."""
    if not Path(settings.DATA_ROOT).exists():
        shutil.copytree(made.files, settings.DATA_ROOT)
    return made
