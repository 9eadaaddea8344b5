"""Trợ giúp: the way of a document, the regulation, the keys."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.actor import Actor
from incoming import guide as telling
from incoming.drawing import draw

# Keys that exist today: what app.js does by itself, and the data-key of a page.
KEYS = (
    (("/",), _("Tìm văn bản")),
    (("G",), _("Việc của tôi: mở việc đầu tiên cần làm")),
    (("J", "K"), _("Xuống, lên một dòng trong danh sách")),
    (("↵",), _("Mở dòng đang chọn; ở Việc của tôi: làm việc tiếp theo")),
    (("N",), _("Đăng ký văn bản")),
    (("Ctrl ↵",), _("Lưu hoặc gửi biểu mẫu đang gõ")),
    (("Ctrl S",), _("Giữ tạm những gì đang gõ; ở biểu mẫu đăng ký: lưu nháp lên máy chủ")),
    (("Ctrl D",), _("Ở biểu mẫu đăng ký: lấy theo văn bản trước của nơi gửi")),
    (("F2",), _("Qua lại giữa biểu mẫu và bản văn bản")),
    (("PgUp", "PgDn"), _("Lật trang văn bản")),
    (("Esc",), _("Đóng bảng chọn, rời ô đang gõ")),
)


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """The states and verbs as the rules have them, for the reader's agency and post."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    regulation = actor.agency.regulation
    return render(
        request,
        "incoming/help.html",
        {
            "flow": draw(regulation, member=actor.agency.is_member),
            "way": telling.way(actor),
            "beside": telling.beside(actor),
            "decision": regulation.decision,
            "policies": telling.policies(actor),
            "chosen": telling.chosen(actor),
            "forbidden": telling.forbidden(actor),
            "articles": telling.text_of(regulation.name),
            "keys": KEYS,
        },
    )
