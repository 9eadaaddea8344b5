"""Vietnamese order: people by given name, words as a dictionary has them."""

import random

import pytest

from accounts.models import User
from core.text import name_key, sort_key

NAMES = [
    "Lê Văn An",
    "Nguyễn Văn An",
    "Trần Văn An",
    "Ngô Thị Ngọc Ánh",
    "Phạm Ân",
    "Nguyễn Quốc Bảo",
    "Trần Quốc Bảo",
    "Đặng Thanh Bình",
    "Nguyễn Thanh Bình",
    "Nguyễn Văn Bình",
    "Trần Công Danh",
    "Lê Đức",
    "Nguyễn Minh Đức",
    "Y Hạnh",
    "Lê Văn Hùng",
    "A Klăh",
    "Hoàng Thị Mỹ Linh",
    "Nguyễn Thị Na",
    "Hoàng Nam",
    "Bùi Thị Hồng Nhung",
    "Lý Thanh Tâm",
    "Nguyễn Đức Thành",
    "Phạm Minh Tuấn",
    "Đinh Thị Vân",
]


@pytest.mark.django_db
def test_people_by_given_name_then_by_family_name():
    """Đ after D, tones after letters."""
    shuffled = random.Random(5).sample(NAMES, len(NAMES))
    for number, name in enumerate(shuffled):
        User.objects.create(username=f"u{number}", full_name=name)
    found = list(User.objects.by_name().values_list("full_name", flat=True))
    assert found == NAMES


@pytest.mark.django_db
def test_the_order_follows_a_changed_name():
    user = User.objects.create(username="u", full_name="Nguyễn Văn An")
    user.full_name = "  Nguyễn\u00a0Văn  Xu\u00e2n "
    user.save()
    user.refresh_from_db()
    assert (user.full_name, user.name_key) == ("Nguyễn Văn Xuân", name_key("Nguyễn Văn Xuân"))
    assert user.get_short_name() == "Xuân"


@pytest.mark.parametrize(
    "words",
    [
        ["a", "à", "ả", "ã", "á", "ạ", "ă", "ằ", "ẳ", "ẵ", "ắ", "ặ", "â", "ầ", "ẩ", "ẫ", "ấ", "ậ"],
        ["d", "đ", "e", "è", "ê", "ề", "i", "o", "ô", "ơ", "u", "ư", "y"],
        ["ba", "bà", "bá", "ban", "bàn", "bản", "bán", "bạn"],
        ["hoa", "hòa", "hoà nhạc", "hóa"],
        ["Dung", "Dũng", "Đông", "Đức"],
    ],
)
def test_words_as_in_a_dictionary(words):
    shuffled = random.Random(3).sample(words, len(words))
    assert sorted(shuffled, key=sort_key) == words


def test_composed_and_decomposed_are_the_same():
    assert sort_key("Đức") == sort_key("\u0110u\u031b\u0301c") == sort_key("ĐỨC")
    assert name_key("Bảo") == sort_key("Bảo")
    assert name_key("") == ""


def test_where_the_tone_is_written_makes_no_difference():
    """Both ways of writing are in use; they are the same name."""
    assert name_key("Lê Văn Hòa") == name_key("Lê Văn Hoà")
    assert sort_key("thủy") == sort_key("thuỷ")
