"""How like two texts are: the same letter read twice is found, the next one of its form is not."""

from random import Random

import pytest

from documents import likeness
from documents.inspection import inspect
from tests.letters import as_pdf, form_letter, misread

TIMES = 200


def found_again(of: int) -> float:
    """The share of letters that are found when they are read twice, each time with faults."""
    random = Random(7)
    found = 0
    for _ in range(TIMES):
        letter = form_letter(random)
        one, two = (likeness.sketch_of(misread(letter, random, of)) for _ in range(2))
        found += likeness.share(one, two) > 0 and bool(
            set(likeness.keys_of(one, 1)) & set(likeness.keys_of(two, 1))
        )
    return found / TIMES


@pytest.mark.parametrize(("of", "least"), [(100, 1.0), (50, 0.98), (30, 0.9)])
def test_the_same_letter_read_twice_is_found(of, least) -> None:
    """NĐ 30/2020 Phụ lục VI phần I: with one syllable of so many misread each time."""
    assert found_again(of) >= least


def test_the_next_letter_of_the_same_form_is_another_one() -> None:
    """Their words are as like as those of one letter read twice; the numbers in them are not."""
    random = Random(8)
    pairs = [[likeness.sketch_of(form_letter(random)) for _ in range(2)] for _ in range(TIMES)]
    shown = [likeness.share(one, two) for one, two in pairs]
    assert sum(one > 0 for one in shown) <= TIMES // 100
    # The words alone would not have told them apart: that is what is proved here.
    words = [likeness.share({"words": one["words"]}, {"words": two["words"]}) for one, two in pairs]
    assert sum(one >= likeness.ALONE for one in words) > TIMES // 20


def test_what_is_short_or_says_nothing_has_no_sketch() -> None:
    motto = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
    for text in ("", motto * 50, "Giấy mời họp giao ban tháng 11."):
        assert likeness.sketch_of(text) == {}
        assert likeness.keys_of(likeness.sketch_of(text), 1) == []
    assert likeness.share({}, {}) == 0


def test_no_word_and_no_number_stands_in_a_sketch() -> None:
    """What lies in quarantine is not read out: of it only these numbers are kept."""
    text = form_letter(Random(3)).replace("Kon Tum", "MARKERWORD")
    sketch = likeness.sketch_of(text)
    assert set(sketch) == {"words", "figures"}
    assert "markerword" not in str(sketch).lower()
    assert all(len(one) == 344 for one in sketch.values())


def test_another_agency_has_other_keys() -> None:
    sketch = likeness.sketch_of(form_letter(Random(3)))
    assert len(set(likeness.keys_of(sketch, 1))) == likeness.KEYS
    assert not set(likeness.keys_of(sketch, 1)) & set(likeness.keys_of(sketch, 2))


def test_the_bounded_process_answers_it(tmp_path) -> None:
    path = tmp_path / "letter.pdf"
    text = form_letter(Random(5))
    path.write_bytes(as_pdf(text))
    found = inspect(path, seconds=60, memory_mib=1024)
    assert found.faults == {}
    assert likeness.share(found.sketch, likeness.sketch_of(text)) > 0.9
