"""Words that documents must hold: the same answer whichever of them the index is asked for."""

import random
from datetime import UTC, date, datetime

import pytest

from documents.models import Document

pytestmark = pytest.mark.django_db
WORDS = ("4127", "ubnd", "htkt", "bao", "cao", "12", "kh", "2026", "ke", "hoach", "300")


@pytest.fixture
def shelf(cast):
    """Texts of some words each."""
    dice = random.Random(7)
    now = datetime(2026, 11, 19, 8, tzinfo=UTC)
    return Document.objects.bulk_create(
        Document(
            agency=cast.city,
            kind="incoming",
            state="received",
            day=date(2026, 11, 19),
            created_at=now,
            search_text=" ".join(dice.sample(WORDS, dice.randint(1, 8))),
        )
        for _unused in range(200)
    )


def test_a_number_among_the_words_changes_nothing_in_what_is_found(shelf):
    dice, found = random.Random(8), 0
    for _unused in range(60):
        asked = dice.sample(WORDS, dice.randint(1, 3))
        phrase = [" ".join(asked[:2])] if dice.random() < 0.3 else []
        wanted = [*asked, *phrase]
        plain = {one.pk for one in shelf if all(word in one.search_text for word in wanted)}
        assert set(Document.objects.all().holding(wanted).values_list("pk", flat=True)) == plain
        found += len(plain)
    assert found > 100


def test_of_a_number_and_its_notation_the_index_is_asked_for_the_number_alone():
    rows = Document.objects.all().matching("4127/UBND-HTKT")
    condition = str(rows.query).split("WHERE")[1]
    plain = [
        part for part in condition.split(" AND ") if "||" not in part and "COALESCE" not in part
    ]
    assert [word for word in ("4127", "ubnd", "htkt") if any(word in one for one in plain)] == [
        "4127"
    ]
