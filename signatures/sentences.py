"""Why something is not signed, in sentences for the one who signs."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, str | Promise] = {
    "wrong_pin": _("Mã PIN chưa đúng. Còn %(left)d lần thử, sau đó khóa ký số bị khóa."),
    "locked": _(
        "Khóa ký số bị khóa vì gõ sai mã PIN %(count)d lần liền. Mở khóa ở trang khóa ký số "
        "của chủ khóa."
    ),
    "wrong_file_pin": _("Mã PIN không mở được tệp, hoặc tệp không phải là PKCS#12 (.p12, .pfx)."),
    "wrong_device_pin": _("Mã PIN của thiết bị chưa đúng."),
    "no_certificate": _("Tệp không phải là chứng thư số (.cer, .crt, .pem)."),
    "retired": _("Khóa ký số đã thôi dùng. Chọn khóa đang dùng."),
    "not_ours": _(
        "Khóa này nằm ở thiết bị của người ký. Ký bằng phần mềm ký số, hoặc ký nơi khác rồi "
        "tải tệp đã ký lên."
    ),
    "expired": _("Chứng thư số hết hiệu lực từ %(day)s. Xin cấp lại rồi thêm khóa mới."),
    "not_yet_valid": _("Chứng thư số có hiệu lực từ %(day)s, chưa dùng được."),
    "revoked": _("Chứng thư số đã bị thu hồi. Xin cấp lại rồi thêm khóa mới."),
    "not_for_signing": _("Chứng thư số không được cấp để ký văn bản."),
    "weak": _(
        "Khóa quá yếu hoặc loại khóa không dùng để ký văn bản: cần RSA từ 2048 bit, hoặc EC."
    ),
    "untrusted": _(
        "Chứng thư số do nơi chưa có trong danh sách tin cậy của hệ thống cấp. Báo quản trị "
        "hệ thống."
    ),
    "no_key": _("Tệp không có khóa bí mật kèm chứng thư số. Xuất lại tệp cả khóa rồi thêm."),
    "other_key": _("Khóa bí mật trong tệp không đi với chứng thư số trong tệp."),
    "sealed_away": _(
        "Hệ thống không mở được nơi giữ khóa này nữa (SIGNING_SECRET đã đổi). Thêm lại tệp khóa."
    ),
    "no_such_key": _("Thiết bị không có khóa và chứng thư số mang tên này."),
    "no_device": _("Không mở được thiết bị giữ khóa. Báo quản trị hệ thống."),
    "device_busy": _("Thiết bị giữ khóa đang bận. Chưa ký; thử lại sau ít phút."),
    "device_failed": _(
        "Thiết bị giữ khóa chưa ký được. Chưa ký; thử lại sau ít phút, nếu vẫn vậy thì báo quản "
        "trị hệ thống."
    ),
    "device_locked": _("Thiết bị giữ khóa đã khóa mã PIN. Báo quản trị hệ thống."),
    "no_field": _("Tệp không có ô chữ ký cần ký. Chuẩn bị lại tệp trước khi ký."),
    "field_signed": _("Ô chữ ký này đã được ký."),
    "certify_late": _("Tệp đã có chữ ký khác, người có thẩm quyền không ký trước được nữa."),
    "no_changes": _("Chữ ký trong tệp không cho thêm chữ ký nào nữa."),
    "earlier_broken": _(
        "Chữ ký số đã có trong tệp không còn hợp lệ nên không ký tiếp được. Chuẩn bị và ký lại "
        "từ đầu."
    ),
    "no_page": _("Tệp không có trang cần đặt chữ ký."),
    "unreadable": _("Tệp bị hỏng hoặc đặt mật khẩu nên không ký được."),
    "no_service": _(
        "Hệ thống chưa khai báo dịch vụ cấp dấu thời gian nên chưa gia hạn được. Báo quản trị "
        "hệ thống."
    ),
    "not_valid_any_more": _(
        "Chữ ký số trong tệp không còn hợp lệ nên không gia hạn được. Giữ kết quả kiểm tra làm "
        "căn cứ."
    ),
    "stamp_breaks": _(
        "Thêm dấu thời gian thì chữ ký số không còn kiểm tra được như trước, nên tệp chưa được "
        "lưu. Báo quản trị hệ thống."
    ),
    "no_time": _("Dịch vụ cấp dấu thời gian không trả lời. Chưa ký; thử lại sau ít phút."),
}


def say(reason: str, **facts: object) -> str:
    """The sentence of a reason."""
    return str(SENTENCES[reason]) % facts if facts else str(SENTENCES[reason])
