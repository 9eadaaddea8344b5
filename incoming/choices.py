"""States of an incoming document, its ways in, and the verbs."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where an incoming document stands; lateness is computed, not a state."""

    RECEIVED = "received", _("Chờ đăng ký")
    REGISTERED = "registered", _("Chờ trình")
    SUBMITTED = "submitted", _("Chờ phân phối")
    PROPOSED = "proposed", pgettext_lazy("state", "Trình lãnh đạo")
    IN_PROCESS = "in_process", _("Đang xử lý")
    FINISHED = "finished", _("Đã kết thúc")
    REFUSED = "refused", _("Đã từ chối")


class Channel(models.TextChoices):
    """How it came (Kon Tum Điều 13.1)."""

    PAPER = "paper", _("Bản giấy, quét")
    ELECTRONIC = "electronic", _("Bản điện tử")
    EMAIL = "email", _("Thư điện tử công vụ")


class Verb(models.TextChoices):
    """What people do; the trail, the desk and the pages use these words."""

    RECEIVE = "receive", _("Tiếp nhận")
    REFUSE = "refuse", _("Từ chối")
    REGISTER = "register", _("Đăng ký")
    CORRECT = "correct", _("Sửa dữ liệu")
    SUBMIT = "submit", _("Trình")
    PROPOSE = "propose", _("Trình lãnh đạo")
    DIRECT = "direct", _("Cho ý kiến chỉ đạo")
    DISTRIBUTE = "distribute", _("Phân phối")
    ASSIGN = "assign", _("Giao việc")
    SEND_BACK = "send_back", _("Chuyển trả")
    COMMENT = "comment", _("Cho ý kiến")
    PROGRESS = "progress", _("Báo cáo tiến độ")
    FINISH = "finish", _("Kết thúc")
    REOPEN = "reopen", _("Mở lại")
    SHARE = "share", pgettext_lazy("verb", "Thông báo")
    READ = "read", _("Đã xem")
    RECALL = "recall", _("Thu hồi")


class Task(models.TextChoices):
    """What a waiting row asks for: the button on the desk."""

    REGISTER = "register", _("Đăng ký")
    SUBMIT = "submit", _("Trình")
    DISTRIBUTE = "distribute", _("Phân phối")
    DIRECT = "direct", _("Cho ý kiến")
    ASSIGN = "assign", _("Giao việc")
    PROCESS = "process", _("Xử lý")
    CONCLUDE = "conclude", _("Kết thúc")
    READ = "read", _("Xem")


class RefusalReason(models.TextChoices):
    """Why a document that is not forbidden is sent away all the same."""

    INCOMPLETE = "incomplete", _("Thiếu trang, thiếu phụ lục")
    UNREADABLE = "unreadable", _("Không đọc được")
    NOT_OURS = "not_ours", _("Gửi nhầm nơi nhận")
    DUPLICATE = "duplicate", _("Đã nhận trước đó")
    INVALID_SIGNATURE = "invalid_signature", _("Chữ ký số không hợp lệ")
