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
    VOID = "void", _("Đã gỡ")


class Channel(models.TextChoices):
    """How it came (Kon Tum Điều 13.1)."""

    PAPER = "paper", _("Bản giấy, quét")
    ELECTRONIC = "electronic", _("Bản điện tử")
    EMAIL = "email", _("Thư điện tử công vụ")
    EXCHANGE = "exchange", _("Gửi qua hệ thống")


# What a clerk may say of it; that it was sent through the system, the system knows.
TYPED_CHANNELS = [one for one in Channel.choices if one[0] != Channel.EXCHANGE]


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
    TAKE_BACK = "take_back", _("Thu hồi phần việc")
    SEND_BACK = "send_back", _("Chuyển trả")
    COMMENT = "comment", _("Cho ý kiến")
    PROGRESS = "progress", _("Báo cáo tiến độ")
    FINISH = "finish", _("Kết thúc")
    REOPEN = "reopen", _("Mở lại")
    SHARE = "share", pgettext_lazy("verb", "Thông báo")
    READ = "read", _("Đã xem")
    LINK = "link", _("Liên kết văn bản")
    UNLINK = "unlink", _("Gỡ liên kết")
    MERGE = "merge", pgettext_lazy("verb", "Gộp")
    SPLIT = "split", pgettext_lazy("verb", "Tách")
    FORWARD = "forward", pgettext_lazy("verb", "Chuyển theo ý kiến chỉ đạo")
    PURGE = "purge", _("Gỡ văn bản")
    KEEP_PAPER = "keep_paper", _("Theo dõi bản giấy")
    HAND_OVER = "hand_over", _("Giao bản giấy")
    TAKE_OVER = "take_over", _("Ký nhận bản giấy")
    RETURN_PAPER = "return_paper", _("Trả bản giấy")
    REPORT_LOST = "report_lost", _("Báo mất bản giấy")
    ATTACH_SLIP = "attach_slip", _("Đính kèm phiếu giao nhận đã ký")
    URGE = "urge", _("Đôn đốc")
    # No button: it is done for whoever was named to follow the field.
    FOLLOW = "follow", _("Được phân công theo dõi")
    REQUEST_EXTENSION = "request_extension", _("Xin gia hạn")
    DECIDE_EXTENSION = "decide_extension", _("Quyết định gia hạn")
    ASK_OPINION = "ask_opinion", _("Xin ý kiến")
    GIVE_OPINION = "give_opinion", _("Góp ý")
    WITHDRAW_OPINION = "withdraw_opinion", _("Thôi xin ý kiến")
    RECALL = "recall", _("Thu hồi")
    SENDER_RECALL = "sender_recall", _("Bên gửi thu hồi")
    CANCEL = "cancel", _("Hủy văn bản được thu hồi")
    KEEP = "keep", _("Không hủy văn bản được thu hồi")
    COPY = "copy", _("Sao văn bản")


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
    TAKE_OVER = "take_over", _("Ký nhận")
    DECIDE = "decide_extension", _("Quyết định")
    OPINION = "give_opinion", _("Góp ý")
    CANCEL = "cancel", _("Hủy văn bản được thu hồi")
    PUT_ANEW = "put_anew", _("Rút lại, trình lãnh đạo khác")
    GIVE_ANEW = "give_anew", _("Thu hồi, giao người khác")


class Notice(models.TextChoices):
    """What somebody is told that no verb has done, or whose verb does not say enough."""

    LEADER_LEFT = "leader_left", _("Lãnh đạo được trình đã thôi giữ chức vụ")
    DAY_MENDED = "day_mended", _("Văn thư sửa thời hạn theo văn bản")


class RefusalReason(models.TextChoices):
    """Why a document that is not forbidden is sent away all the same."""

    INCOMPLETE = "incomplete", _("Thiếu trang, thiếu phụ lục")
    UNREADABLE = "unreadable", _("Không đọc được")
    NOT_OURS = "not_ours", _("Gửi nhầm nơi nhận")
    DUPLICATE = "duplicate", _("Đã nhận trước đó")
    INVALID_SIGNATURE = "invalid_signature", _("Chữ ký số không hợp lệ")
    UNSIGNED = "unsigned", _("Loại văn bản phải ký số nhưng chưa ký số")
    WRONG_FORM = "wrong_form", _("Sai thể thức, thiếu chữ ký hoặc dấu")
    OTHER = "other", _("Lý do khác")


# Why an entry of the tray is gone though nobody sent it away: its files lie in another one.
MERGED = "merged"
# Why it is gone, or void: whoever sent it has recalled it (Cần Thơ Điều 5.2).
RECALLED = "recalled"


class RecallAnswer(models.TextChoices):
    """What is answered to a recall, with the digits of the national messages."""

    NONE = "", _("Chưa trả lời")
    AGREED = "15", _("Đã hủy")
    REFUSED = "16", _("Không hủy")


class PaperPart(models.TextChoices):
    """Which paper of a document: itself, or the annex that was not scanned (Kon Tum Điều 13.4)."""

    ORIGINAL = "original", _("Văn bản giấy")
    ANNEX = "annex", _("Phụ lục giấy")


class PaperState(models.TextChoices):
    """Where a paper is."""

    KEPT = "kept", _("Văn thư giữ")
    ON_WAY = "on_way", _("Đang chuyển")
    HELD = "held", _("Đã giao")
    RETURNED = "returned", _("Đã trả văn thư")
    LOST = "lost", _("Thất lạc")


# In the clerks' cupboard.
WITH_CLERK = (PaperState.KEPT, PaperState.RETURNED)
