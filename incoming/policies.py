"""The regulation in words: what each of its values means, as the help page says it."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.choices import Role
from documents.catalogue import field_label

# What a value means; %(value)s is the value in words.
POLICIES: dict[str, Promise] = {
    "field_numbering": gettext_lazy("Số thứ tự các trường dữ liệu theo %(value)s."),
    "register_fields": gettext_lazy("Khi vào sổ phải nhập: %(value)s."),
    "register_days": gettext_lazy(
        "Vào sổ trong ngày, chậm nhất sau %(value)s ngày làm việc kể từ ngày đến."
    ),
    "submit_days": gettext_lazy(
        "Trình trong ngày, chậm nhất sau %(value)s ngày làm việc kể từ ngày đến."
    ),
    "urgent_at_once": gettext_lazy("Văn bản khẩn được vào sổ, trình và chuyển ngay."),
    "urgent_first": gettext_lazy("Việc gấp được xử lý trước."),
    "arrival_numbers": gettext_lazy("Số đến chạy từ 1, mỗi năm một dãy số."),
    "print_register": gettext_lazy("Sổ đăng ký được in ra giấy, ký và đóng thành quyển."),
    "submission_receiver": gettext_lazy("Văn thư trình %(value)s."),
    "submission_receiver_member": gettext_lazy("Văn thư trình %(value)s."),
    "distributor": gettext_lazy("%(value)s phân phối cho đơn vị và người xử lý."),
    "distributor_member": gettext_lazy("%(value)s phân phối cho đơn vị và người xử lý."),
    "lead_required": gettext_lazy("Mỗi văn bản có đúng một nơi chủ trì, các nơi khác phối hợp."),
    "proposer": gettext_lazy("Việc thuộc thẩm quyền lãnh đạo: %(value)s đề xuất và trình."),
    "decider": gettext_lazy("%(value)s xem xét, quyết định việc được trình."),
    "direction_returns_to": gettext_lazy("Có ý kiến chỉ đạo thì chuyển lại %(value)s."),
    "leader_gives_out": gettext_lazy(
        "Lãnh đạo được trình giao thẳng cho phòng, đơn vị, cán bộ xử lý."
    ),
    "reception_check": gettext_lazy("Văn bản đến được kiểm tra trước khi vào sổ."),
    "rounds": gettext_lazy("Trình trước %(value)s hằng ngày, văn bản khẩn trình ngay."),
    "shared_work_terms": gettext_lazy(
        "Giao nhiều nơi thì ghi rõ chủ trì, phối hợp, thời hạn và ý kiến chỉ đạo của từng nơi."
    ),
    "assign": gettext_lazy("Người phụ trách đơn vị tự xử lý hoặc giao việc cho người của mình."),
    "deputy_assigns": gettext_lazy("Cấp phó được giao việc thì chuyển tiếp được cho chuyên viên."),
    "progress": gettext_lazy("Người xử lý cập nhật tiến độ trên hệ thống."),
    "delegate_head": gettext_lazy("Thủ trưởng đi vắng thì ủy quyền xử lý văn bản cho cấp phó."),
    "delegate_chief": gettext_lazy("Chánh Văn phòng ủy quyền cho Phó Chánh Văn phòng nhận trình."),
    "catalogue_approver": gettext_lazy("%(value)s phê duyệt danh mục hồ sơ của năm."),
    "catalogue_addition": gettext_lazy(
        "Hồ sơ không có trong danh mục đã ban hành được bổ sung vào danh mục sau khi phê duyệt."
    ),
    "dossier_assign": gettext_lazy(
        "Hồ sơ, công việc được giao cho người chủ trì ngay trên hệ thống."
    ),
    "task_assign": gettext_lazy("Công việc không có văn bản cũng được giao ngay trên hệ thống."),
    "dossier_return": gettext_lazy(
        "Hồ sơ công việc chuyển nhầm, không đúng chức năng của đơn vị thì chuyển trả."
    ),
    "dossier_coordinators": gettext_lazy("Người chủ trì hồ sơ được đề xuất nơi phối hợp xử lý."),
    "dossier_opener": gettext_lazy("Hồ sơ công việc do %(value)s lập."),
    "dossier_notation": gettext_lazy(
        "Người xử lý xác định số và ký hiệu hồ sơ cho văn bản đến theo danh mục hồ sơ."
    ),
    "dossier_result": gettext_lazy(
        "Hoàn thành thì gắn văn bản phát hành hoặc ý kiến đề xuất vào hồ sơ công việc."
    ),
    "dossier_closer": gettext_lazy("Hồ sơ công việc do %(value)s kết thúc."),
    "hidden_items": gettext_lazy(
        "Người xem hồ sơ được biết trong hồ sơ có văn bản mà mình không được mở."
    ),
    "review.content": gettext_lazy("Dự thảo: %(value)s kiểm tra và chịu trách nhiệm về nội dung."),
    "review.format": gettext_lazy(
        "Dự thảo: người được giao trách nhiệm kiểm tra thể thức và kỹ thuật trình bày kiểm tra và "
        "chịu trách nhiệm về phần ấy."
    ),
    "review.appraisal": gettext_lazy(
        "Dự thảo: %(value)s chỉ đạo thẩm định trước khi trình lãnh đạo."
    ),
    "review.approval": gettext_lazy(
        "Dự thảo: bộ phận chuyên môn chuyển đến %(value)s xem xét, phê duyệt."
    ),
    "review.clerk": gettext_lazy(
        "Dự thảo: văn thư kiểm tra lại thể thức và kỹ thuật trình bày trước khi trình ký."
    ),
    "appraised_first": gettext_lazy("Văn bản chuyển đến lãnh đạo thì đồng gửi lãnh đạo Văn phòng."),
    "draft_fields": gettext_lazy("Người soạn thảo nhập: %(value)s."),
    "draft_returns_to": gettext_lazy(
        "Dự thảo chưa đạt thì lãnh đạo chuyển cho %(value)s, kèm ý kiến chỉ đạo."
    ),
    "leader_edits": gettext_lazy("Lãnh đạo xem xét, chỉnh sửa trực tiếp trên dự thảo."),
    "spelling_check": gettext_lazy(
        "Văn thư kiểm tra chính tả, thể thức trình bày trước khi in, trình ký."
    ),
    "paper_approval": gettext_lazy(
        "Dự thảo được ký duyệt đồng thời trên hệ thống và văn bản giấy; chưa ký duyệt trên hệ "
        "thống thì không phát hành."
    ),
    "sign_before_number": gettext_lazy("Văn bản được ký duyệt rồi mới cấp số."),
    "seal_look": gettext_lazy("Chữ ký số của cơ quan trình bày theo %(value)s."),
    "scan_goes_out": gettext_lazy("Bản quét từ bản giấy đã ký, đóng dấu được gửi qua hệ thống."),
    "collect_notice": gettext_lazy(
        "Bản giấy đã ký: Văn phòng phát hành, hoặc báo cơ quan soạn thảo đến lấy."
    ),
    "copies_issued": gettext_lazy("Văn thư vào sổ bản sao và phát hành bản sao trên hệ thống."),
    "send_by": gettext_lazy("Văn bản đi phát hành trong ngày ký, chậm nhất %(value)s."),
    "exchange_with": gettext_lazy(
        "Đơn vị trực thuộc chỉ liên thông với cơ quan cấp trên của mình."
    ),
    "electronic_beside_paper": gettext_lazy(
        "Văn bản giấy phát hành thì gửi kèm văn bản điện tử trên phần mềm."
    ),
    "recall_notice": gettext_lazy("Thu hồi văn bản điện tử thì thông báo cho bên nhận."),
    "recall_cancels": gettext_lazy(
        "Văn bản điện tử được thu hồi thì bên nhận hủy bỏ và báo lại bên gửi."
    ),
    "drafts_paperless": gettext_lazy(
        "Dự thảo xin ý kiến, trình ký gửi nhận trên hệ thống, không gửi văn bản giấy."
    ),
    "signed_kinds": gettext_lazy("Chỉ gửi, nhận bản điện tử có ký số: %(value)s."),
    "signed_kinds_issuer": gettext_lazy(
        "Của cơ quan ban hành quy chế, chỉ gửi, nhận bản điện tử có ký số: %(value)s."
    ),
    "paperless_kinds": gettext_lazy("Không gửi bản giấy: %(value)s."),
    "scan_dpi": gettext_lazy(
        "Bản quét là PDF từ phiên bản 1.4, ảnh màu, ít nhất %(value)s dpi, tỷ lệ 100 %%."
    ),
    "scan_pages": gettext_lazy(
        "Tài liệu, phụ lục từ %(value)s trang trở lên: chỉ quét văn bản chính."
    ),
    "clerk_forwards": gettext_lazy(
        "Trên văn bản đã có ý kiến chỉ đạo thì văn thư nhập ý kiến, chuyển ngay cho người xử lý."
    ),
    "return_notice": gettext_lazy(
        "Văn bản điện tử không bảo đảm yêu cầu thì trả lại, báo cho nơi gửi biết."
    ),
    "purger": gettext_lazy("Gỡ văn bản không được lưu trên hệ thống do %(value)s quyết định."),
    "paper_receipt": gettext_lazy("Giao bản giấy thì người nhận ký nhận."),
    "return_to": gettext_lazy("Không thuộc trách nhiệm thì chuyển trả %(value)s."),
    "return_reason": gettext_lazy("Chuyển trả phải ghi rõ lý do."),
    "opinion": gettext_lazy("Văn bản lấy góp ý thì ghi thêm ý kiến giải quyết."),
    "finish": gettext_lazy("Văn bản chỉ để biết, không cần xử lý tiếp thì bấm “Kết thúc”."),
    "share": gettext_lazy("Muốn người khác cùng xem thì bấm “Thông báo”."),
    "deadline_in_document": gettext_lazy("Văn bản đã ghi ngày xử lý thì theo ngày ấy."),
    "reminding": gettext_lazy("Hệ thống nhắc việc sắp đến hạn."),
    "lateness_counts": gettext_lazy(
        "Quá hạn không có lý do chính đáng thì tính vào đánh giá mức độ hoàn thành công việc."
    ),
    "head_urges": gettext_lazy("Người phụ trách đơn vị đôn đốc người của mình."),
    "extension_decider": gettext_lazy("Việc khó thì xin gia hạn, %(value)s quyết định."),
    "urge": gettext_lazy("Người phụ trách theo dõi, đôn đốc việc giải quyết văn bản."),
    "watcher": gettext_lazy("Có người được phân công thường xuyên theo dõi, đôn đốc."),
    "backlog_watcher": gettext_lazy("%(value)s theo dõi tiến độ, không để tồn đọng văn bản."),
    "deputy_follows": gettext_lazy("Cấp phó đôn đốc, theo dõi việc thuộc lĩnh vực được phân công."),
    "directive_binding": gettext_lazy("Chỉ đạo qua hệ thống là mệnh lệnh hành chính."),
    "charset": gettext_lazy("Chữ Việt theo bộ mã %(value)s."),
    "account_form": gettext_lazy("Tài khoản có dạng %(value)s."),
    "account_order": gettext_lazy("Tên tài khoản ghép %(value)s."),
    "agency_path": gettext_lazy("Đường dẫn của cơ quan viết liền, không dấu, không gạch nối."),
    "daily_visits": gettext_lazy(
        "Mỗi ngày làm việc vào hệ thống ít nhất %(value)s lần để nhận việc."
    ),
    "first_password_change": gettext_lazy("Phải đổi mật khẩu mặc định khi đăng nhập lần đầu."),
}
_BAC_GIANG, _CAN_THO = "04/2014/QĐ-UBND", "1637/QĐ-UBND"
_KON_TUM, _BINH_DINH = "04/2017/QĐ-UBND", "131/QĐ-SXD"
# Where the article of a decision says it otherwise than the sentence above, in its own words; None
# where it says nothing of the kind: the office works so by our reading, and nothing is quoted.
_OWN_WORDS: dict[tuple[str, str], Promise | None] = {
    ("submission_receiver", _BAC_GIANG): None,
    ("submission_receiver_member", _BAC_GIANG): gettext_lazy(
        "%(value)s nhận văn bản đến, công việc trên phần mềm."
    ),
    ("distributor", _BAC_GIANG): gettext_lazy(
        "%(value)s phân văn bản cho nơi chủ trì xử lý, theo chỉ đạo của Chủ tịch."
    ),
    ("distributor_member", _BAC_GIANG): gettext_lazy(
        "%(value)s trực tiếp xử lý hoặc chuyển cho cấp phó, chuyên viên xử lý."
    ),
    ("proposer", _BAC_GIANG): None,
    ("decider", _BAC_GIANG): gettext_lazy("%(value)s chỉ đạo việc phân văn bản."),
    ("watcher", _BAC_GIANG): gettext_lazy(
        "Mỗi đơn vị phân công người thường xuyên theo dõi việc thực hiện phần mềm."
    ),
    ("backlog_watcher", _BAC_GIANG): gettext_lazy(
        "Văn phòng theo dõi, tổng hợp kết quả giải quyết công văn, xử lý hồ sơ công việc."
    ),
    ("scan_goes_out", _KON_TUM): gettext_lazy(
        "Ở các cơ quan, đơn vị: bản quét từ bản giấy đã ký, đóng dấu đỏ được gửi qua hệ thống."
    ),
    ("review.content", _KON_TUM): gettext_lazy(
        "Dự thảo: chỉ lãnh đạo cơ quan, đơn vị trình đến lãnh đạo HĐND và UBND thành phố."
    ),
    ("review.clerk", _KON_TUM): gettext_lazy(
        "Dự thảo: văn thư nhận văn bản đã được đồng ý phát hành, in, trình lãnh đạo ký duyệt."
    ),
    ("review.content", _BAC_GIANG): gettext_lazy(
        "Dự thảo: phòng, ngành, đơn vị hoàn chỉnh văn bản được giao, trình lãnh đạo ký ban hành."
    ),
    ("review.clerk", _BAC_GIANG): gettext_lazy("Văn thư kiểm tra thể thức văn bản."),
    ("review.content", _BINH_DINH): None,
    ("review.content", _CAN_THO): gettext_lazy(
        "Dự thảo: %(value)s xem xét, cho ý kiến và chịu trách nhiệm về nội dung."
    ),
    ("arrival_numbers", _CAN_THO): gettext_lazy(
        "Số của một văn bản đến là duy nhất trong hệ thống của cơ quan."
    ),
    ("reception_check", _CAN_THO): gettext_lazy(
        "Văn bản đến được kiểm tra trước khi tiếp nhận; không bảo đảm thì phản hồi để nơi gửi biết."
    ),
}


def words_of(key: str, article: str) -> Promise | None:
    """What that article says of a key."""
    for (known, decision), words in _OWN_WORDS.items():
        if known == key and article.endswith(f" {decision}"):
            return words
    return POLICIES[key]


# Kon Tum Điều 12 and 14 speak of the city, Điều 17 of the agencies below it.
ONLY_MEMBER = (
    "submission_receiver_member",
    "distributor_member",
    "spelling_check",
    "exchange_with",
)
NOT_MEMBER = (
    "submission_receiver",
    "distributor",
    "proposer",
    "direction_returns_to",
    "clerk_forwards",
    "leader_gives_out",
    "return_to",
    "scan_pages",
    "paper_receipt",
    "appraised_first",
    "draft_returns_to",
    "leader_edits",
    "collect_notice",
)
_WORDS: dict[str, dict[str, Promise]] = {
    "field_numbering": {
        "nd30": gettext_lazy("Phụ lục VI Nghị định 30/2020/NĐ-CP"),
        "tt01": gettext_lazy("Phụ lục IV Thông tư 01/2019/TT-BNV"),
    },
    "seal_look": {
        "nd-30-2020": gettext_lazy("Phụ lục I Nghị định 30/2020/NĐ-CP"),
        "tt-01-2019": gettext_lazy("Thông tư 01/2019/TT-BNV"),
    },
    "account_order": {
        "initials_first": gettext_lazy("chữ cái đầu của họ, đệm trước, tên sau"),
        "given_first": gettext_lazy("tên trước, chữ cái đầu của họ, đệm sau"),
    },
    "send_by": {
        "next_day": gettext_lazy("ngày làm việc tiếp theo"),
        "next_morning": gettext_lazy("buổi sáng của ngày làm việc tiếp theo"),
    },
    "dossier_opener": {
        "office": gettext_lazy("lãnh đạo hoặc Chánh Văn phòng"),
        "handler": gettext_lazy("người giải quyết công việc"),
    },
    "dossier_closer": {
        "leader": gettext_lazy("lãnh đạo"),
        "handler": gettext_lazy("người giải quyết công việc"),
    },
}
# Fields that are called otherwise on what goes out (TT 01/2019 Phụ lục V).
_OF_DRAFT = {"draft_fields": {"due_date": gettext_lazy("Hạn trả lời văn bản")}}


def value_in_words(actor: Actor, key: str, value: Any) -> str:
    """A value as the sentence says it."""
    if key in ("register_fields", "draft_fields"):
        names = [str(_OF_DRAFT.get(key, {}).get(name) or field_label(name)) for name in value]
        return ", ".join(name[:1].lower() + name[1:] for name in names)
    if key in _WORDS:
        return str(_WORDS[key][value])
    if isinstance(value, tuple):
        return ", ".join(value)
    return actor.agency.title_of(value) if value in Role.values else str(value)
