"""Letters of one form, as an office writes many of them, and what a scanner reads of them."""

from random import Random

from tests.papers import printed

HEAD = """UBND TỈNH KON TUM
SỞ XÂY DỰNG
Số: {number}/SXD-QLN
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Kon Tum, ngày {day} tháng {month} năm 2026
V/v {about}
Kính gửi: UBND thành phố Kon Tum"""
BODY = """Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015; Căn cứ Nghị định
số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư.
Thực hiện ý kiến chỉ đạo của Chủ tịch UBND tỉnh tại Công văn số {asked}/UBND-HTKT ngày {since}
tháng {month} năm 2026, Sở Xây dựng đề nghị UBND thành phố Kon Tum cử {who} tham gia đoàn kiểm tra
công tác {about} trên địa bàn thành phố.
Thời gian: {hour} giờ {minute} phút, ngày {meets} tháng {month} năm 2026. Địa điểm: {place}.
Danh sách gửi về Sở Xây dựng trước ngày {until} tháng {month} năm 2026 để tổng hợp, báo cáo UBND
tỉnh theo quy định. Quá thời hạn nêu trên mà không nhận được danh sách thì xem như thống nhất với
dự kiến của Sở.
Sở Xây dựng kính đề nghị UBND thành phố quan tâm, phối hợp thực hiện./.
Nơi nhận: Như trên; Giám đốc, các Phó Giám đốc Sở; Lưu: VT, QLN.
KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC Nguyễn Văn {name}"""
_ABOUT = (
    "quản lý nhà ở và thị trường bất động sản",
    "khắc phục sạt lở bờ kè sông Đăk Bla",
    "trật tự xây dựng tại các phường trung tâm",
)
_WHO = ("01 lãnh đạo phụ trách", "đồng chí Trưởng phòng Quản lý đô thị", "02 chuyên viên")
_PLACES = ("phòng họp số 2 trụ sở Sở", "hội trường UBND phường Thắng Lợi")


def form_letter(random: Random) -> str:
    """One more letter of the form: its own number, days and matter, all else the same."""
    day = [f"{random.randint(1, 28):02}" for _ in range(4)]
    return f"{HEAD}\n{BODY}".format(
        number=random.randint(100, 3000),
        asked=random.randint(100, 4000),
        day=day[0],
        since=day[1],
        meets=day[2],
        until=day[3],
        month=f"{random.randint(1, 12):02}",
        about=random.choice(_ABOUT),
        who=random.choice(_WHO),
        hour=f"{random.randint(7, 16):02}",
        minute=random.choice(("00", "30")),
        place=random.choice(_PLACES),
        name=random.choice(("An", "Bình", "Cường")),
    )


def misread(text: str, random: Random, of: int) -> str:
    """The text as a scanner reads it: one syllable of that many with a wrong letter."""
    words = text.split(" ")
    for at, word in enumerate(words):
        if word and random.random() < 1 / of:
            place = random.randrange(len(word))
            wrong = random.choice("abcdeghiklmnopqrstuvxy01")
            words[at] = f"{word[:place]}{wrong}{word[place + 1 :]}"
    return " ".join(words)


def as_pdf(text: str) -> bytes:
    """The letter as a file whose words can be read."""
    return printed("".join(f"<p>{line}</p>" for line in text.split("\n")))
