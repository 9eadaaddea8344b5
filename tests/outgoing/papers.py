"""Papers as the offices of the demo write them: one of each form, with words that could be real."""

from dataclasses import replace
from datetime import date

from outgoing.paper import Annex, Paper, Signer

CITY = Paper(
    type_name="Công văn",
    organ_name="ỦY BAN NHÂN DÂN THÀNH PHỐ",
    parent_organ="UBND TỈNH KON TUM",
    issuer="Ủy ban nhân dân thành phố Kon Tum",
    place="Kon Tum",
)
CHAIR = Signer("TM.", "ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Phạm Quang Minh")
VICE = Signer("KT.", "CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Lê Hoàng Sơn")
CHIEF = Signer("TL.", "CHỦ TỊCH", "CHÁNH VĂN PHÒNG", "Trần Thị Bình")

LETTER = replace(
    CITY,
    code_notation="UBND-QLĐT",
    subject="khắc phục sạt lở bờ kè sông Đăk Bla, đoạn qua phường Quyết Thắng",
    addressees=(
        "Sở Xây dựng tỉnh Kon Tum",
        "Sở Nông nghiệp và Môi trường tỉnh Kon Tum",
        "Ban Quản lý dự án đầu tư xây dựng thành phố",
    ),
    body="""Ủy ban nhân dân thành phố Kon Tum nhận được Công văn số 4127/UBND-HTKT ngày 05 tháng 5 \
năm 2026 của Ủy ban nhân dân tỉnh về việc kiểm tra, khắc phục sạt lở bờ kè sông Đăk Bla. Sau khi \
kiểm tra hiện trường ngày 08 tháng 5 năm 2026, Ủy ban nhân dân thành phố có ý kiến như sau:
1. Đoạn bờ kè từ Km0+350 đến Km0+412 sạt lở ăn sâu vào thân kè từ 2,5 m đến 4 m, đe dọa trực tiếp \
11 hộ dân tổ dân phố 3. Ủy ban nhân dân thành phố đã cho rào chắn, cắm biển cảnh báo và di dời \
tạm thời 04 hộ ở vị trí nguy hiểm nhất.
2. Đề nghị Sở Xây dựng chủ trì, phối hợp với Sở Nông nghiệp và Môi trường:
a) Thẩm định phương án gia cố khẩn cấp do Ban Quản lý dự án đầu tư xây dựng thành phố lập;
b) Hướng dẫn trình tự, thủ tục đầu tư công trình khẩn cấp theo quy định của pháp luật.
3. Giao Ban Quản lý dự án đầu tư xây dựng thành phố hoàn thiện hồ sơ, gửi các cơ quan trước ngày \
20 tháng 5 năm 2026.
Ủy ban nhân dân thành phố kính đề nghị quý cơ quan quan tâm, phối hợp thực hiện./.""",
    signer=VICE,
    recipients=(
        "Như trên",
        "UBND tỉnh (báo cáo)",
        "Chủ tịch, các PCT UBND thành phố",
        "UBND phường Quyết Thắng",
        "Lưu: VT, QLĐT",
    ),
    priority=1,
    drafter_mark="NVA.(12)",
    contact="Số 542 Nguyễn Huệ, phường Quyết Thắng, thành phố Kon Tum. ĐT: 0260.3862xxx. "
    "Thư điện tử: ubndthanhpho@kontum.gov.vn",
)

GROUNDS = (
    "Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025",
    "Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư",
    "Luật Lưu trữ ngày 21 tháng 6 năm 2024",
)
CHAIR_GROUNDS = (
    *(f"Căn cứ {line}" for line in GROUNDS),
    "Theo đề nghị của Chánh Văn phòng Hội đồng nhân dân và Ủy ban nhân dân thành phố",
)

DECISION = replace(
    CITY,
    type_name="Quyết định",
    issuer="Chủ tịch Ủy ban nhân dân thành phố Kon Tum",
    code_notation="QĐ-UBND",
    subject="Thành lập Tổ công tác rà soát hồ sơ lưu trữ thành phố Kon Tum",
    deciding_post="CHỦ TỊCH ỦY BAN NHÂN DÂN THÀNH PHỐ KON TUM",
    grounds=CHAIR_GROUNDS,
    body="""Điều 1. Thành lập Tổ công tác rà soát hồ sơ lưu trữ thành phố Kon Tum (sau đây gọi tắt \
là Tổ công tác), gồm các ông, bà có tên sau:
1. Ông Lê Hoàng Sơn, Phó Chủ tịch Ủy ban nhân dân thành phố, Tổ trưởng;
2. Bà Trần Thị Bình, Chánh Văn phòng, Tổ phó thường trực;
3. Ông Nguyễn Văn An, Trưởng phòng Nội vụ, Thành viên.
Điều 2. Tổ công tác có nhiệm vụ rà soát, thống kê hồ sơ, tài liệu lưu trữ hình thành trong hoạt \
động của các cơ quan thuộc thành phố giai đoạn 2021 - 2025; đề xuất phương án chỉnh lý, số hóa; \
báo cáo Chủ tịch Ủy ban nhân dân thành phố trước ngày 30 tháng 9 năm 2026. Tổ công tác tự giải thể \
sau khi hoàn thành nhiệm vụ.
Điều 3. Quyết định này có hiệu lực thi hành kể từ ngày ký.
Điều 4. Chánh Văn phòng Hội đồng nhân dân và Ủy ban nhân dân thành phố, Trưởng phòng Nội vụ, Thủ \
trưởng các cơ quan, đơn vị có liên quan và các ông, bà có tên tại Điều 1 chịu trách nhiệm thi hành \
Quyết định này./.""",
    signer=Signer("", "", "CHỦ TỊCH", "Phạm Quang Minh"),
    recipients=("Như Điều 4", "Sở Nội vụ", "Chủ tịch, các PCT UBND thành phố", "Lưu: VT, NV"),
)

REGULATION = replace(
    DECISION,
    issuer="Ủy ban nhân dân thành phố Kon Tum",
    subject="Ban hành Quy chế tiếp nhận, xử lý, phát hành và quản lý văn bản điện tử",
    deciding_post="ỦY BAN NHÂN DÂN THÀNH PHỐ KON TUM",
    body="""Điều 1. Ban hành kèm theo Quyết định này Quy chế tiếp nhận, xử lý, phát hành và \
quản lý \
văn bản điện tử của Ủy ban nhân dân thành phố Kon Tum.
Điều 2. Quyết định này có hiệu lực kể từ ngày 01 tháng 7 năm 2026.
Điều 3. Chánh Văn phòng và thủ trưởng các phòng, ban, đơn vị chịu trách nhiệm thi hành Quyết định \
này./.""",
    signer=CHAIR,
    recipients=("Như Điều 3", "UBND tỉnh", "Thường trực HĐND thành phố", "Lưu: VT, VP"),
    annexes=(
        Annex(
            heading="QUY CHẾ",
            title="Tiếp nhận, xử lý, phát hành và quản lý văn bản điện tử của Ủy ban nhân dân "
            "thành phố Kon Tum",
            issued_with=True,
            body="""Chương I
Quy định chung
Điều 1. Phạm vi điều chỉnh và đối tượng áp dụng
1. Quy chế này quy định việc tiếp nhận, xử lý, phát hành và quản lý văn bản điện tử trên hệ thống \
quản lý văn bản và điều hành của Ủy ban nhân dân thành phố.
2. Quy chế này áp dụng đối với các phòng, ban, đơn vị thuộc Ủy ban nhân dân thành phố và Ủy ban \
nhân dân các xã, phường.
Điều 2. Giải thích từ ngữ
Trong Quy chế này, các từ ngữ dưới đây được hiểu như sau:
1. Văn bản điện tử là văn bản dưới dạng thông điệp dữ liệu được tạo lập hoặc được số hóa từ văn \
bản giấy và trình bày đúng thể thức, kỹ thuật, định dạng theo quy định.
2. Văn bản đến là tất cả các loại văn bản do cơ quan, tổ chức nhận được từ cơ quan, tổ chức, cá \
nhân khác gửi đến.
Chương II
Tiếp nhận và xử lý văn bản đến
Mục 1
Tiếp nhận văn bản
Điều 3. Trách nhiệm của văn thư
1. Kiểm tra tính xác thực, toàn vẹn của văn bản; trường hợp văn bản không bảo đảm thì trả lại:
a) Trong ngày, đối với văn bản thường;
b) Ngay sau khi nhận, đối với văn bản có dấu chỉ mức độ khẩn.
2. Đăng ký văn bản đến, trình Chánh Văn phòng cho ý kiến phân phối:
- Trước 09 giờ 00 và 15 giờ 00 hằng ngày;
- Ngay khi nhận được văn bản khẩn.
Điều 4. Trách nhiệm của Chánh Văn phòng
Xem xét, phân phối văn bản đến các đơn vị, cá nhân xử lý; theo dõi, đôn đốc thời hạn giải quyết.
""",
        ),
    ),
)

NOTICE = replace(
    CITY,
    type_name="Thông báo",
    issuer="Ủy ban nhân dân thành phố Kon Tum",
    code_notation="TB-UBND",
    subject="Kết luận của Phó Chủ tịch Ủy ban nhân dân thành phố Lê Hoàng Sơn tại cuộc họp về công "
    "tác giải phóng mặt bằng dự án Đường bao phía Nam",
    body="""Ngày 12 tháng 5 năm 2026, Phó Chủ tịch Ủy ban nhân dân thành phố Lê Hoàng Sơn chủ trì \
cuộc họp về công tác giải phóng mặt bằng dự án Đường bao phía Nam. Sau khi nghe báo cáo và ý kiến \
của các đại biểu, Phó Chủ tịch Ủy ban nhân dân thành phố kết luận như sau:
1. Về tiến độ
Đến nay đã bàn giao 8,2/11,4 km mặt bằng; còn 46 hộ chưa thống nhất phương án bồi thường.
2. Về nhiệm vụ thời gian tới
a) Phòng Tài nguyên và Môi trường hoàn thành xác định nguồn gốc đất của 46 hộ trước ngày 25 tháng \
5 năm 2026;
b) Ủy ban nhân dân phường Trần Hưng Đạo tổ chức đối thoại với các hộ dân, báo cáo kết quả trước \
ngày 30 tháng 5 năm 2026.
Văn phòng thông báo để các cơ quan, đơn vị biết, thực hiện./.""",
    signer=CHIEF,
    recipients=("Chủ tịch, các PCT UBND thành phố", "Các cơ quan dự họp", "Lưu: VT, ĐT"),
    circulation="LƯU HÀNH NỘI BỘ",
)

PROPOSAL = replace(
    CITY,
    type_name="Tờ trình",
    organ_name="PHÒNG NỘI VỤ",
    parent_organ="UBND THÀNH PHỐ KON TUM",
    issuer="Phòng Nội vụ",
    code_notation="TTr-NV",
    subject="Về việc phê duyệt danh mục hồ sơ năm 2027 của thành phố",
    addressees=("Chủ tịch Ủy ban nhân dân thành phố Kon Tum",),
    body="""Thực hiện quy định tại Điều 29 Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của \
Chính phủ về công tác văn thư, Phòng Nội vụ kính trình Chủ tịch Ủy ban nhân dân thành phố xem xét, \
phê duyệt danh mục hồ sơ năm 2027 với các nội dung chính sau:
I. SỰ CẦN THIẾT
Danh mục hồ sơ là căn cứ để lập hồ sơ công việc và nộp lưu hồ sơ, tài liệu vào Lưu trữ cơ quan.
II. NỘI DUNG TRÌNH
1. Danh mục gồm 214 hồ sơ của 12 phòng, ban.
2. Thời hạn bảo quản thực hiện theo quy định của Bộ Nội vụ.
Kính trình Chủ tịch Ủy ban nhân dân thành phố xem xét, quyết định./.""",
    signer=Signer("", "", "TRƯỞNG PHÒNG", "Nguyễn Văn An"),
    recipients=("Như trên", "Lưu: NV"),
)

PLAN = replace(
    CITY,
    type_name="Kế hoạch",
    code_notation="KH-UBND",
    subject="Kiểm tra công tác văn thư, lưu trữ trên địa bàn thành phố năm 2026",
    body="""I. MỤC ĐÍCH, YÊU CẦU
1. Mục đích
Đánh giá việc chấp hành quy định của pháp luật về công tác văn thư, lưu trữ; kịp thời chấn chỉnh \
những thiếu sót.
2. Yêu cầu
- Kiểm tra đúng nội dung, đúng thời gian, không gây khó khăn cho đơn vị được kiểm tra;
- Kết quả kiểm tra được thông báo bằng văn bản.
II. THỜI GIAN, ĐƠN VỊ ĐƯỢC KIỂM TRA
| TT | Đơn vị được kiểm tra | Thời gian | Số hồ sơ | Ghi chú |
| 1 | Phòng Tài chính - Kế hoạch | 05/6/2026 | 1.240 | |
| 2 | Ủy ban nhân dân phường Quyết Thắng | 08/6/2026 | 386 | Kiểm tra cả kho lưu trữ |
| 3 | Ủy ban nhân dân xã Vinh Quang | 10/6/2026 | 92 | |
III. TỔ CHỨC THỰC HIỆN
Giao Phòng Nội vụ chủ trì, phối hợp với Văn phòng triển khai Kế hoạch này; báo cáo kết quả trước \
ngày 30 tháng 6 năm 2026./.""",
    signer=VICE,
    recipients=("Sở Nội vụ", "Các đơn vị được kiểm tra", "Lưu: VT, NV"),
    annexes=(
        Annex(
            heading="Phụ lục I",
            title="Đề cương báo cáo phục vụ kiểm tra",
            body="1. Tình hình ban hành văn bản về công tác văn thư, lưu trữ.\n"
            "2. Kết quả lập hồ sơ và nộp lưu hồ sơ vào Lưu trữ cơ quan.",
        ),
        Annex(
            heading="Phụ lục II",
            title="Bảng tổng hợp số liệu",
            landscape=True,
            body="| STT | Tên đơn vị | Tổng số hồ sơ | Vĩnh viễn | Có thời hạn | Đã số hóa |\n"
            "| 1 | Văn phòng | 412 | 120 | 292 | 65% |\n"
            "| 2 | Phòng Nội vụ | 1.036 | 301 | 735 | 40% |",
        ),
    ),
)

REPORT = replace(
    CITY,
    type_name="Báo cáo",
    code_notation="BC-UBND",
    subject="Tình hình quản lý, sử dụng văn bản điện tử 6 tháng đầu năm 2026",
    addressees=("Ủy ban nhân dân tỉnh Kon Tum", "Sở Khoa học và Công nghệ tỉnh Kon Tum"),
    body="""Thực hiện Công văn số 1530/UBND-NC ngày 02 tháng 6 năm 2026 của Ủy ban nhân dân tỉnh, \
Ủy ban nhân dân thành phố báo cáo như sau:
I. KẾT QUẢ THỰC HIỆN
1. Văn bản đến: 6.412 văn bản, trong đó văn bản điện tử có ký số chiếm **97,3%**.
2. Văn bản đi: 2.905 văn bản; *100% văn bản không mật* được ký số và gửi qua Trục liên thông.
II. KHÓ KHĂN, VƯỚNG MẮC
Một số đơn vị còn gửi kèm bản giấy đối với văn bản điện tử đã ký số.
III. KIẾN NGHỊ
Đề nghị Sở Khoa học và Công nghệ nâng dung lượng tệp đính kèm trên Trục liên thông./.""",
    signer=VICE,
    recipients=("Như trên", "Thường trực Thành ủy (báo cáo)", "Lưu: VT, VP"),
)

INVITATION = replace(
    CITY,
    type_name="Giấy mời",
    code_notation="GM-UBND",
    subject="Họp đánh giá công tác phòng, chống thiên tai 6 tháng đầu năm 2026",
    addressees=(
        "Đại diện lãnh đạo Phòng Kinh tế, Phòng Quản lý đô thị",
        "Ban Chỉ huy Quân sự, Công an thành phố",
        "Chủ tịch Ủy ban nhân dân các xã, phường",
    ),
    body="""Tới dự cuộc họp đánh giá công tác phòng, chống thiên tai 6 tháng đầu năm 2026, triển \
khai nhiệm vụ 6 tháng cuối năm.
**Chủ trì:** Đồng chí Lê Hoàng Sơn, Phó Chủ tịch Ủy ban nhân dân thành phố.
**Thời gian:** 08 giờ 00, ngày 29 tháng 6 năm 2026 (thứ Hai).
**Địa điểm:** Phòng họp số 2, trụ sở Ủy ban nhân dân thành phố, số 542 Nguyễn Huệ.
Đề nghị các đại biểu sắp xếp công việc, tham dự đúng thành phần./.""",
    signer=CHIEF,
    recipients=("Như trên", "Chủ tịch, các PCT UBND thành phố", "Lưu: VT, VP"),
)

MINUTES = replace(
    CITY,
    type_name="Biên bản",
    code_notation="BB-UBND",
    subject="Họp xét chọn phương án gia cố bờ kè sông Đăk Bla",
    body="""Thời gian bắt đầu: 14 giờ 00, ngày 18 tháng 5 năm 2026.
Địa điểm: Phòng họp số 1, trụ sở Ủy ban nhân dân thành phố.
Thành phần tham dự: 09/09 thành viên Tổ xét chọn.
Chủ trì (chủ tọa): Ông Lê Hoàng Sơn, Phó Chủ tịch Ủy ban nhân dân thành phố.
Thư ký (người ghi biên bản): Bà Vũ Thị Hạnh, chuyên viên Văn phòng.
Nội dung (theo diễn biến cuộc họp):
1. Đại diện đơn vị tư vấn trình bày 02 phương án: kè rọ đá và kè bê tông cốt thép.
2. Các thành viên thảo luận, bỏ phiếu: 08 phiếu chọn phương án kè bê tông cốt thép.
Cuộc họp kết thúc vào 16 giờ 30, ngày 18 tháng 5 năm 2026./.""",
    secretary=Signer("", "", "THƯ KÝ", "Vũ Thị Hạnh"),
    signer=Signer("", "", "CHỦ TỌA", "Lê Hoàng Sơn"),
    recipients=("Các thành viên Tổ xét chọn", "Lưu: VT, Hồ sơ"),
)

TELEGRAM = replace(
    CITY,
    type_name="Công điện",
    code_notation="CĐ-UBND",
    subject="Về việc tập trung ứng phó với mưa lũ trên sông Đăk Bla",
    deciding_post="CHỦ TỊCH ỦY BAN NHÂN DÂN THÀNH PHỐ KON TUM",
    addressees=(
        "Chủ tịch Ủy ban nhân dân các xã, phường",
        "Ban Chỉ huy Phòng thủ dân sự thành phố",
        "Công an thành phố, Ban Chỉ huy Quân sự thành phố",
    ),
    body="""Theo Trung tâm Dự báo khí tượng thủy văn, từ đêm 20 đến ngày 22 tháng 5 năm 2026, \
khu vực \
thành phố có mưa rất to, lũ trên sông Đăk Bla có khả năng vượt báo động III. Chủ tịch Ủy ban nhân \
dân thành phố yêu cầu:
1. Tổ chức trực ban 24/24 giờ; sẵn sàng di dời dân ở vùng ngập sâu, vùng có nguy cơ sạt lở.
2. Cấm người và phương tiện qua các ngầm tràn khi nước lên.
3. Báo cáo tình hình về Văn phòng Ủy ban nhân dân thành phố trước 17 giờ hằng ngày./.""",
    signer=VICE,
    recipients=("Như trên", "UBND tỉnh (báo cáo)", "Lưu: VT, KT"),
    priority=4,
    deliver_at="11 giờ 30, ngày 20/5/2026",
)

SLIP = replace(
    CITY,
    type_name="Phiếu chuyển",
    organ_name="VĂN PHÒNG",
    parent_organ="UBND THÀNH PHỐ KON TUM",
    issuer="Văn phòng",
    code_notation="PC-VP",
    subject="Đơn kiến nghị của công dân",
    addressees=("Phòng Tài nguyên và Môi trường thành phố",),
    body="""Văn phòng Hội đồng nhân dân và Ủy ban nhân dân thành phố nhận được đơn của bà Y \
Blưi, trú \
tại tổ 3, phường Quyết Thắng, kiến nghị về việc cấp giấy chứng nhận quyền sử dụng đất.
Theo ý kiến của Phó Chủ tịch Ủy ban nhân dân thành phố, Văn phòng kính chuyển đơn đến Phòng Tài \
nguyên và Môi trường để xem xét, giải quyết theo quy định; trả lời công dân và báo cáo kết quả \
trước \
ngày 10 tháng 6 năm 2026./.""",
    signer=Signer("KT.", "CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG", "Đặng Quốc Việt"),
    recipients=("Như trên", "Bà Y Blưi (để biết)", "Lưu: VT"),
    priority=2,
)

INTRODUCTION = replace(
    CITY,
    type_name="Giấy giới thiệu",
    code_notation="GGT-UBND",
    subject="Giới thiệu ông A Thiu",
    body="""Ủy ban nhân dân thành phố Kon Tum trân trọng giới thiệu:
Ông: A Thiu
Chức vụ: Chuyên viên Phòng Quản lý đô thị
Được cử đến: Sở Xây dựng tỉnh Kon Tum
Về việc: trao đổi hồ sơ thiết kế bờ kè sông Đăk Bla.
Đề nghị quý cơ quan tạo điều kiện để ông có tên ở trên hoàn thành nhiệm vụ.
Giấy này có giá trị đến hết ngày 30 tháng 6 năm 2026./.""",
    signer=CHIEF,
    recipients=("Như trên", "Lưu: VT"),
)

CONTRACT = replace(
    CITY,
    type_name="Hợp đồng",
    code_notation="HĐ-UBND",
    subject="Khảo sát, lập thiết kế bờ kè sông Đăk Bla",
    body="""Hôm nay, ngày 18 tháng 5 năm 2026, tại trụ sở Ủy ban nhân dân thành phố, hai bên thỏa \
thuận:
Điều 1. Nội dung công việc
Bên B khảo sát, lập thiết kế bản vẽ thi công đoạn kè từ Km0+350 đến Km0+412.
Điều 2. Hiệu lực
Hợp đồng có hiệu lực kể từ ngày ký; lập thành 04 bản có giá trị như nhau, mỗi bên giữ 02 bản./.""",
    secretary=Signer("", "", "ĐẠI DIỆN BÊN B", "Hoàng Văn Lâm"),
    signer=Signer("", "", "ĐẠI DIỆN BÊN A", "Phạm Quang Minh"),
)

PAPERS = {
    "cong-van": LETTER,
    "quyet-dinh": DECISION,
    "quyet-dinh-quy-che": REGULATION,
    "thong-bao": NOTICE,
    "to-trinh": PROPOSAL,
    "ke-hoach": PLAN,
    "bao-cao": REPORT,
    "giay-moi": INVITATION,
    "bien-ban": MINUTES,
    "cong-dien": TELEGRAM,
    "phieu-chuyen": SLIP,
    "giay-gioi-thieu": INTRODUCTION,
    "hop-dong": CONTRACT,
}


def issued(paper: Paper, number: str = "7", day: date = date(2026, 2, 5)) -> Paper:
    """The same paper, numbered and dated when it was written."""
    return replace(paper, code_number=number, issued_date=day)
