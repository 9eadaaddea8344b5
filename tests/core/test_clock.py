"""The time: asked in one place, held by tests and the demo."""

import subprocess
import threading
from datetime import UTC, date, datetime
from pathlib import Path

from django.utils import timezone

from core import clock

ROOT = Path(__file__).resolve().parents[2]


def test_it_is_now_and_aware():
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)
    assert timezone.is_aware(clock.now())


def test_the_day_is_that_of_vietnam():
    """NĐ 30/2020 Điều 22.2: the day begins at midnight in Vietnam, 17:00 in Greenwich."""
    with clock.set_to(datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC)):
        assert clock.today() == date(2026, 12, 31)
    with clock.set_to(datetime(2026, 12, 31, 17, tzinfo=UTC)):
        assert clock.today() == date(2027, 1, 1)


def test_it_is_held_inside_the_block_only():
    outer, inner = datetime(2026, 3, 2, 8), datetime(2026, 3, 3, 8)  # noqa: DTZ001 -- local time
    with clock.set_to(outer):
        with clock.set_to(inner):
            assert clock.today() == inner.date()
        assert clock.now() == timezone.make_aware(outer)
    assert clock.today() == timezone.localdate()


def test_other_threads_keep_the_real_time():
    found = []
    with clock.set_to(datetime(2001, 1, 1, tzinfo=UTC)):
        thread = threading.Thread(target=lambda: found.append(clock.today().year))
        thread.start()
        thread.join()
    assert found == [timezone.localdate().year]


def test_nobody_else_asks_for_the_time():
    """A linter holds it: what it says of a file that does."""
    checked = subprocess.run(
        [str(ROOT / ".venv/bin/ruff"), "check", "--stdin-filename", "incoming/rules.py", "-"],
        input="from django.utils import timezone\n\nprint(timezone.now())\n",
        cwd=ROOT,
        text=True,
        capture_output=True,
        check=False,
    )
    assert "TID251" in checked.stdout
