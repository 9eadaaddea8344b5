"""Spelling by syllables (Kon Tum Điều 17.1): what is a word, what is not, and what it costs."""

import unicodedata

import pytest

from outgoing.checking import check, words
from outgoing.checking.syllables import split, strayed, syllables
from outgoing.checking.words import confused, confusions, is_known, tokens, unknown
from outgoing.paper import Paper, Signer

# In the manner of a report of a district, in the words of the office.
SAMPLE = """
Thực hiện chỉ đạo của Ủy ban nhân dân tỉnh về đẩy mạnh cải cách hành chính, các cơ quan, đơn vị đã
triển khai đồng bộ nhiều giải pháp. Đến nay, 100% văn bản đến được tiếp nhận, đăng ký và xử lý
trên hệ thống; tỷ lệ hồ sơ giải quyết đúng hạn đạt 98,5%, tăng 3,2% so với cùng kỳ. Việc số hóa
tài liệu lưu trữ bước đầu được quan tâm. Tuy nhiên, một số xã vùng sâu như Ia Chim, Đắk Rơ Wa,
Kroong, Ngọk Bay còn thiếu thiết bị; đường truyền internet tại các thôn Kon Jơ Ri, Plei Tơ Nghia
không ổn định. Cán bộ kiêm nhiệm nhiều việc, chuyển đổi vị trí công tác thường xuyên; trang thiết
bị (máy quét, máy tính, UPS) cũ, hỏng, khuyết linh kiện. Giải pháp: rà soát, sắp xếp lại đầu mối;
bồi dưỡng nghiệp vụ; xây dựng quy chế phối hợp giữa Văn phòng HĐND-UBND với phòng Văn hóa và Thông
tin; đôn đốc, giám sát, khen thưởng kịp thời; kinh phí 1.250.000.000 đồng, trong đó vốn ODA khoảng
300 triệu; liên hệ ông Nguyễn Quốc Huy, điện thoại 0260.3862.xxx, thư điện tử vp@kontum.gov.vn.
Khoảnh rừng 45 ha ở tiểu khu 512, suối Đắk Bla; giếng khoan, kênh mương; bệnh tay chân miệng, sởi,
quai bị, sốt xuất huyết; chim yến, khỉ, khuyển, quả quýt, cây quỳnh, xoong nồi, cuốc xẻng, quần
áo, khuya khoắt, ngoằn ngoèo.
"""
# Each line with the words in it that are wrong.
WRONG = {
    "Đề nghị các nghành giải quyêt": ["quyêt"],
    "Bảo đảm an tòan thông tin": ["tòan"],
    "Ke hoach trien khai": ["hoach", "trien"],
    "QUYÊT ĐỊNH số 12": ["QUYÊT"],
    "Ủy bannhân dân": ["bannhân"],
    "chuyếnn công tác, hoàn thànhh": ["chuyếnn", "thànhh"],
    "cuả xã, đựơc giao": ["cuả", "đựơc"],
    "kêt quả, phat triển": ["kêt", "phat"],
    "gánh vác, ghánh vác, kon đường, cính trọng": ["ghánh", "cính"],
}


def strange(line: str) -> list[str]:
    """The words of a line that nobody knows."""
    return [token.word for token in unknown(line, tokens(line))]


@pytest.mark.parametrize("line", SAMPLE.strip().split("\n"))
def test_right_words_are_nobodys_mistake(line):
    """Kon Tum Điều 17.1: a checker that cries wolf is switched off."""
    assert strange(line) == []
    assert list(confused(line, tokens(line))) == []


@pytest.mark.parametrize("line", WRONG)
def test_wrong_words_are_found(line):
    """Kon Tum Điều 17.1."""
    assert strange(line)[-len(WRONG[line]) :] == WRONG[line]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("ca co cu kẻ kê kí", "ka ko kẩn ce cê ci"),
        ("ga gồ ghe ghi", "gha ghồ gê"),
        ("nga ngờ nghe nghỉ", "ngha nghờ nge"),
        ("quả quý quốc quyển", "qả qúôc"),
        ("gì giếng giữ giặc", "giì gíếng"),
        ("cấp cập cách cạch mát mạt", "cấch cãp càch mat mảt"),
        ("hòa hoà thủy thuỷ khỏe khoẻ toàn", "tòan hóan thuyển."),
        ("kỹ kĩ lý lí yên yếu ỷ", "iên iếu"),
    ],
)
def test_the_rules_of_writing(right, wrong):
    """Before e, ê, i: k, gh, ngh; before a stop sắc and nặng only; a tone has its vowel."""
    assert [word for word in right.split() if word not in syllables()] == []
    assert [word for word in wrong.split() if word in syllables()] == []


def test_syllables_are_composed_and_of_a_likely_number():
    assert all(unicodedata.is_normalized("NFC", word) for word in syllables())
    assert 15_000 < len(syllables()) < 20_000


def test_a_tone_on_another_vowel_is_put_right():
    wrong = ("tòan", "lụât", "qủa", "gíup", "chiụ", "đựơc", "cuả")
    assert [strayed(word) for word in wrong] == [
        "toàn", "luật", "quả", "giúp", "chịu", "được", "của",
    ]  # fmt: skip
    assert strayed("toàn") is None
    assert not set(wrong) & syllables()


def test_words_that_were_written_together():
    assert split("trênphần") == "trên phần"
    assert split("internet") is None


def test_every_confusion_is_put_into_known_words_and_stays_right():
    """What is meant is never itself taken for a mistake, and every mistake is met."""
    rows = [row for entries in confusions().values() for row in entries]
    assert len([right for _parts, right in rows if right]) > 200
    for parts, right in rows:
        wrong = " ".join(parts)
        found = [slip.right for slip in confused(wrong, tokens(wrong))]
        assert found == ([right] if right else []), wrong
        assert all(is_known(word) for word in right.split()), right
        assert list(confused(right, tokens(right))) == [], right


def test_what_stands_between_keeps_words_apart():
    """ "bổ, xung" and words of two lines are no misspelling."""
    for line in ("hỗ trợ bổ, xung quanh", "bổ  xung", "bổ (xung)"):
        assert list(confused(line, tokens(line))) == []


@pytest.mark.parametrize(
    "line",
    [
        "Số 15/QĐ-UBND, 04/2017/QĐ-UBND, UBND-VX, TTr-STC, H34.02.05",
        "http://moha.gov.vn/xyz, www.abc.vn, a.b-c@kontum.gov.vn, tep_dinh-kem.docx",
        "[hình: so-do-to-chuc.png]",
        "Chương XXVIII, mục iv, 8h30, 45km2, 12m², TP.HCM, v.v.",
        "The system shall provide an interface for signing of documents",
        "A Thăk và Y Hlưk ở Kon Klor",
    ],
)
def test_codes_addresses_and_names_are_no_words(line):
    assert strange(line) == []


def test_decomposed_text_is_left_to_its_own_rule():
    assert tokens(unicodedata.normalize("NFD", "giải quyêt")) == []


def test_three_hundred_pages_look_each_word_up_once():
    """What a long draft costs: as many look-ups as it has different words, not as it has words."""
    body = f"{SAMPLE.strip()}\n" * 450
    paper = Paper(
        "Báo cáo", "SỞ NỘI VỤ", code_notation="BC-SNV", place="Kon Tum", subject="Kết quả",
        body=f"{body}Hết./.", signer=Signer(position="GIÁM ĐỐC", full_name="Lê Văn An"),
        recipients=("Như trên", "Lưu: VT, VP"),
    )  # fmt: skip
    different = {token.small for line in body.split("\n") for token in tokens(line)}
    amount = len(body.split())
    assert amount > 100_000
    words.is_known.cache_clear()
    assert check(paper) == ()
    asked = words.is_known.cache_info()
    assert asked.misses <= len(different) + 20
    # Each word is asked for by one rule, and not by several.
    assert asked.hits <= 1.2 * amount
