"""What each finding says to a clerk. ``found`` and ``wanted`` are the words of the paper."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    # Missing.
    "type_missing": _("Chưa chọn tên loại văn bản."),
    "organ_missing": _("Chưa có tên cơ quan ban hành."),
    "notation_missing": _("Chưa có ký hiệu của văn bản."),
    "place_missing": _("Chưa có địa danh trước ngày, tháng, năm."),
    "subject_missing": _("Chưa có trích yếu nội dung."),
    "addressees_missing": _("Chưa ghi văn bản gửi cơ quan, tổ chức hoặc cá nhân nào."),
    "addressees_of_proposal": _("Tờ trình lên cấp trên có dòng “Kính gửi”."),
    "invited_missing": _("Giấy mời chưa ghi mời ai."),
    "grounds_missing": _("Chưa có căn cứ ban hành."),
    "deciding_post_missing": _("Chưa có dòng thẩm quyền ban hành trên các điều."),
    "body_missing": _("Văn bản chưa có nội dung."),
    "articles_missing": _("Nội dung chưa chia thành điều: “Điều 1.”, “Điều 2.”."),
    "signer_position_missing": _("Chưa có chức vụ của người ký."),
    "signer_name_missing": _("Chưa có họ và tên người ký."),
    "secretary_missing": _("Biên bản chưa có họ và tên thư ký."),
    "party_missing": _("Chưa có họ và tên người ký của bên kia; ghi ở phần người ký thứ hai."),
    "introduction_words": _("Giấy giới thiệu chưa ghi: %(found)s."),
    "leave_words": _("Giấy nghỉ phép chưa ghi: %(found)s."),
    "minutes_head": _("Phần đầu biên bản chưa ghi: %(found)s."),
    "recipients_missing": _("Chưa có nơi nhận."),
    # The head of the sheet.
    "organ_capitals": _("Tên cơ quan trình bày bằng chữ in hoa."),
    "number_zero": _("Số của văn bản nhỏ hơn 10 có số 0 phía trước: %(wanted)s."),
    "notation_signs": _(
        "Ký hiệu chỉ có chữ và dấu gạch nối (-), không có khoảng trắng, không ghi lại số: "
        "%(wanted)s."
    ),
    "notation_cv": _("Công văn không có chữ viết tắt tên loại; bỏ “CV” trong ký hiệu."),
    "notation_case": _("Ký hiệu viết bằng chữ in hoa: %(wanted)s."),
    "notation_type": _(
        "Chữ viết tắt tên loại trong ký hiệu “%(found)s” không khớp tên loại văn bản."
    ),
    "notation_groups": _(
        "Ký hiệu “%(found)s” thiếu một phần: văn bản có tên loại ghi chữ viết tắt tên loại và tên "
        "cơ quan; công văn ghi tên cơ quan và đơn vị soạn thảo."
    ),
    "place_date": _("Ô địa danh chỉ ghi địa danh; dấu phẩy và ngày, tháng, năm do mẫu in ra."),
    "subject_vv": _("Không gõ “V/v” vào trích yếu; mẫu công văn tự in."),
    "subject_of_letter": _("Không gõ “Về việc” vào trích yếu công văn; mẫu tự in “V/v”."),
    "subject_type": _("Trích yếu nhắc lại tên loại “%(found)s”, tên loại đã in ở dòng trên."),
    "subject_full_stop": _("Cuối trích yếu không có dấu câu."),
    "field_long": _("Dài %(found)s ký tự; trường thông tin này có nhiều nhất %(wanted)s."),
    "subject_wordy": _("Trích yếu dài %(found)s chữ, nên viết gọn dưới 80 chữ."),
    "priority_unknown": _("Mức độ khẩn không có trong danh mục."),
    "timed_hour": _("Chỉ văn bản “Hỏa tốc hẹn giờ” ghi giờ phải đến, và phải ghi giờ."),
    "circulation_words": _(
        "Chỉ dẫn phạm vi lưu hành “%(found)s” không đúng mẫu: “XEM XONG TRẢ LẠI” hoặc “LƯU HÀNH "
        "NỘI BỘ”."
    ),
    # Lists.
    "addressee_label": _("Không gõ lại “Kính gửi”; mẫu tự in."),
    "addressee_marks": _(
        "Dấu gạch đầu dòng và dấu câu cuối dòng “Kính gửi” do mẫu in ra; bỏ dấu đã gõ."
    ),
    "ground_opening": _("Căn cứ bắt đầu bằng “Căn cứ”, “Theo” hoặc “Xét”, không phải “%(found)s”."),
    "ground_marks": _("Dấu câu cuối mỗi căn cứ do mẫu in ra; bỏ dấu đã gõ."),
    "ground_order": _("“Căn cứ” đứng trước “Theo đề nghị”, “Xét đề nghị”."),
    "recipient_label": _("Không gõ lại “Nơi nhận”; mẫu tự in."),
    "recipient_marks": _(
        "Dấu gạch đầu dòng và dấu câu cuối dòng “Nơi nhận” do mẫu in ra; bỏ dấu đã gõ."
    ),
    "recipient_first": _("Nơi nhận của công văn bắt đầu bằng “Như trên”."),
    "recipient_last": _("Dòng cuối của nơi nhận là “Lưu: VT” và đơn vị soạn thảo."),
    "recipient_unit": _("Dòng “Lưu: VT” chưa ghi đơn vị soạn thảo."),
    # Signer.
    "authority_form": _(
        "Quyền hạn ký ghi là “TM.”, “KT.”, “TL.”, “TUQ.” hoặc “Q.”, không phải “%(found)s”."
    ),
    "authority_typed": _("“%(found)s” thuộc ô quyền hạn ký, không gõ vào đây."),
    "authority_behalf": _("Ký “%(found)s” phải ghi ký thay mặt hoặc ký thay ai."),
    "authority_collective": _(
        "“TM.” đứng trước tên tập thể, không đứng trước chức vụ “%(found)s”."
    ),
    "authority_post": _("“KT.” đứng trước chức vụ người đứng đầu, không đứng trước “%(found)s”."),
    "authority_for_head": _(
        "Cấp phó ký dưới “TM.” hoặc “TL.” thì ghi thêm cấp trưởng được ký thay (KT.), và chỉ khi "
        "ấy; đang ghi “%(found)s”."
    ),
    "deciding_authority": _(
        "Thẩm quyền ban hành in là “%(found)s” mà phần ký không theo đó: tập thể quyết định thì ký "
        "TM., người đứng đầu quyết định thì không. Đổi quyền hạn ký hoặc cơ quan ban hành."
    ),
    "authority_deputy": _("Người ký “KT.” là cấp phó; chức vụ đang ghi “%(found)s”."),
    "signer_title": _("Trước họ và tên người ký không ghi danh xưng, học hàm, học vị “%(found)s”."),
    # Annexes.
    "annex_heading": _(
        "Tiêu đề “%(found)s” ghi là “%(wanted)s”; có nhiều phụ lục thì đánh số La Mã theo thứ tự."
    ),
    "annex_title": _("Phụ lục chưa có tên."),
    "annex_empty": _("Phụ lục “%(found)s” chưa có nội dung."),
    "annex_unnamed": _("Nội dung văn bản chưa nhắc đến “%(found)s”."),
    "annex_missing": _("Nội dung nhắc đến “%(found)s” nhưng chưa kèm theo."),
    # Order.
    "chapter_order": _("“%(found)s” không theo thứ tự; số tiếp theo là %(wanted)s."),
    "article_order": _("“%(found)s” không theo thứ tự; tiếp theo là Điều %(wanted)s."),
    "clause_order": _("Khoản “%(found)s” không theo thứ tự; tiếp theo là %(wanted)s."),
    "list_order": _("Số “%(found)s” không theo thứ tự; tiếp theo là %(wanted)s."),
    "heading_order": _("Đề mục “%(found)s” không theo thứ tự; tiếp theo là %(wanted)s."),
    "point_order": _(
        "Điểm “%(found)s” không theo thứ tự chữ cái tiếng Việt (a, b, c, d, đ, e, g); tiếp theo "
        "là “%(wanted)s”."
    ),
    "typed_frame": _("Dòng “%(found)s” do mẫu in ra, không gõ vào nội dung."),
    "end_mark": _("Nội dung kết thúc bằng dấu “./.”."),
    "end_mark_early": _("Dấu “./.” chỉ đứng ở cuối nội dung."),
    # Words.
    "legacy_font": _(
        "Chữ gõ theo bảng mã cũ (TCVN3, VNI): “%(found)s”. Văn bản dùng bảng mã Unicode."
    ),
    "not_composed": _("Chữ “%(found)s” có dấu gõ rời (Unicode tổ hợp), khó tìm kiếm."),
    "invisible": _("Có ký tự không nhìn thấy (%(found)s), thường do dán từ nơi khác."),
    "date_zero": _("“%(found)s”: ngày nhỏ hơn 10 và tháng 1, tháng 2 có số 0 phía trước."),
    "date_extra_zero": _("“%(found)s”: từ tháng 3 đến tháng 9 không cần số 0 phía trước."),
    "date_impossible": _("“%(found)s” không có trong lịch."),
    "cited_number_zero": _("“%(found)s”: số nhỏ hơn 10 có số 0 phía trước."),
    "spaces_double": _("Có nhiều khoảng trắng liền nhau."),
    "space_before_mark": _("Không có khoảng trắng trước dấu câu."),
    "space_after_mark": _("Sau dấu câu có một khoảng trắng: “%(found)s”."),
    "space_in_brackets": _("Sau dấu mở ngoặc không có khoảng trắng."),
    "quotes_open": _("Dấu ngoặc kép mở và đóng không đủ cặp."),
    "quotes_mixed": _('Văn bản dùng hai kiểu dấu ngoặc kép: " và “ ”.'),
    "brackets_open": _("Dấu ngoặc đơn mở và đóng không đủ cặp."),
    "word_repeated": _("Chữ lặp lại: “%(found)s”."),
    "confusion": _("Có thể sai chính tả: “%(found)s”."),
    "misspelled": _("Không có trong danh mục từ, có thể sai chính tả: “%(found)s”."),
    # Uploaded files.
    "pdf_version": _("Tệp là PDF %(found)s; văn bản phát hành là PDF 1.4 trở lên."),
    "pdf_encrypted": _("Tệp PDF đặt mật khẩu hoặc hạn chế quyền nên không điền số, ký số được."),
    "pdf_active": _("Tệp PDF có mã lệnh hoặc tệp nhúng; xuất lại PDF từ tệp soạn thảo."),
    "pdf_unmeasured": _("Không đo được lề, phông chữ của tệp; kiểm tra thể thức bằng mắt."),
    "pdf_no_text": _(
        "Tệp PDF chỉ có ảnh, không có lớp chữ; xuất PDF từ tệp soạn thảo thay vì quét."
    ),
    "pdf_page_size": _("Khổ giấy %(found)s, không phải A4 (210 × 297 mm)."),
    "pdf_margins": _(
        "Lề %(wanted)s đo được %(found)s; lề trên và dưới 20–25 mm, lề trái 30–35 mm, lề phải "
        "15–20 mm."
    ),
    "pdf_font": _("Phông chữ %(found)s; văn bản dùng Times New Roman."),
    "pdf_size": _("Cỡ chữ nội dung đo được %(found)s; nội dung dùng cỡ 13 đến 14."),
    "pdf_loose_fonts": _(
        "Phông chữ chưa nhúng trong tệp: %(found)s. Máy nơi nhận có thể hiện sai chữ."
    ),
    "pdf_colour": _("Có chữ màu %(found)s; chữ trong văn bản màu đen."),
    "pdf_number_missing": _("Trang chưa có số trang ở giữa lề trên."),
    "pdf_number_first": _("Trang thứ nhất không hiện số trang; đang hiện “%(found)s”."),
    "pdf_motto_missing": _("Trang thứ nhất chưa có Quốc hiệu, Tiêu ngữ."),
    "pdf_code_missing": _("Trang thứ nhất chưa có dòng “Số: …/…”."),
    "pdf_date_missing": _("Trang thứ nhất chưa có địa danh và ngày, tháng, năm."),
    "pdf_type_missing": _("Trang thứ nhất chưa có tên loại “%(found)s”."),
    "pdf_order": _("“%(found)s” đứng trên “%(wanted)s”, sai thứ tự các thành phần thể thức."),
    "pdf_motto": _("“%(found)s” ghi là “%(wanted)s”."),
    "pdf_label": _("Mục “%(found)s” ghi là “%(wanted)s”."),
    "pdf_legacy": _("Chữ trong tệp theo bảng mã cũ (TCVN3, VNI): “%(found)s”."),
    "pdf_pieces": _("Chữ trong tệp có dấu gõ rời (Unicode tổ hợp), khó tìm kiếm."),
    "pdf_differs": _("“%(found)s” đã nhập nhưng không thấy trong tệp."),
    "pdf_confusion": _("Có thể sai chính tả: “%(found)s”, nên là “%(wanted)s”."),
    "pdf_misspelled": _("Không có trong danh mục từ, có thể sai chính tả: %(found)s."),
}

# Margins, as the sentence above names them.
SIDES: dict[str, Promise] = {
    "left": _("trái"),
    "right": _("phải"),
    "top": _("trên"),
    "bottom": _("dưới"),
}
