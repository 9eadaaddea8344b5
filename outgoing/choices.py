"""States of a draft, its steps, the verbs, and what a waiting row asks for."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from signatures.choices import Copy


class State(models.TextChoices):
    """Where a draft stands. Each step before the signature is a state (Kon Tum Điều 12, 14, 16)."""

    DRAFTING = "drafting", _("Đang soạn thảo")
    CONTENT = "content", _("Chờ duyệt nội dung")
    FORMAT = "format", _("Chờ kiểm tra thể thức")
    APPRAISAL = "appraisal", _("Chờ thẩm định")
    APPROVAL = "approval", _("Chờ lãnh đạo xem xét")
    CLERK = "clerk", _("Chờ văn thư kiểm tra")
    SIGNING = "signing", _("Chờ ký duyệt")
    APPROVED = "approved", _("Đã ký, chờ cấp số")
    NUMBERED = "numbered", _("Đã cấp số")
    SEALED = "sealed", _("Chờ phát hành")
    ISSUED = "issued", _("Đã phát hành")
    RECALLED = "recalled", _("Đã thu hồi")
    VOID = "void", _("Đã hủy")
    WITHDRAWN = "withdrawn", _("Đã bỏ")


LONGEST_QUOTE = 300  # of the line that a remark is about
# Steps of the review; the regulation says which of them there are (``Regulation.reviewing``).
STEPS = (State.CONTENT, State.FORMAT, State.APPRAISAL, State.APPROVAL, State.CLERK)
GIVEN_UP = (State.VOID, State.WITHDRAWN)
ON_THE_WAY = (*STEPS, State.SIGNING)
OPEN = (State.DRAFTING, *ON_THE_WAY)
# Signed or approved, and not yet with its receivers: the clerk's queue "chờ phát hành".
TO_ISSUE = (State.APPROVED, State.NUMBERED, State.SEALED)
# It has gone out; a recalled one is frozen.
GONE_OUT = (State.ISSUED, State.RECALLED)


class Verb(models.TextChoices):
    """What people do with a draft; the trail, the desk and the pages use these words."""

    DRAFT = "draft", _("Soạn thảo")
    SAVE = "save", _("Lưu bản dự thảo")
    SUBMIT = "submit", pgettext_lazy("draft", "Trình")
    APPROVE_CONTENT = "approve_content", _("Duyệt nội dung")
    CHECK_FORMAT = "check_format", _("Kiểm tra thể thức")
    APPRAISE = "appraise", _("Thẩm định, trình")
    RELEASE = "release", _("Đồng ý phát hành")
    CHECK_AGAIN = "check_again", _("Kiểm tra lại, trình ký")
    APPROVE = "approve", _("Ký duyệt")
    NOTE_PAPER = "note_paper", _("Ghi nhận bản giấy đã ký")
    SIGN = "sign", _("Ký số")
    TAKE_OVER = "take_over", _("Nhận ký thay")
    NUMBER = "number", _("Cấp số, ngày tháng")
    WRITE_NUMBER = "write_number", _("Ghi số, ngày vào tệp")
    ATTACH_SCAN = "attach_scan", _("Đính kèm bản quét đã ký")
    SEAL = "seal", _("Ký số của cơ quan")
    ISSUE = "issue", _("Phát hành")
    RESEND = "resend", _("Gửi lại")
    NOTE_SENT = "note_sent", _("Ghi nhận đã gửi bản giấy")
    RECALL = "recall", _("Thu hồi")
    COPY = "copy", _("Sao văn bản")
    ORIGINAL_RECALLED = "original_recalled", _("Bản gốc bị thu hồi")
    RECALL_AGAIN = "recall_again", _("Gửi lại yêu cầu thu hồi")
    NOTE_ANSWER = "note_answer", _("Ghi nhận trả lời thu hồi")
    RENEW = "renew", _("Gia hạn chữ ký bằng dấu thời gian")
    VOID = "void", _("Hủy văn bản")
    SEND_BACK = "send_back", _("Chuyển trả")
    WITHDRAW = "withdraw", _("Rút về")
    ABANDON = "abandon", _("Bỏ dự thảo")
    RESUME = "resume", _("Soạn lại")
    LOOK_INTO = "look_into", _("Xem dự thảo của người đã thôi giữ chức vụ")
    HAND_OVER = "hand_over", _("Giao người khác soạn")
    REMARK = "remark", _("Góp ý tại chỗ")
    SETTLE = "settle", _("Đã tiếp thu")
    COMMENT = "comment", _("Cho ý kiến")
    SHARE = "share", pgettext_lazy("verb", "Thông báo")
    READ = "read", _("Đã xem")
    ASK_OPINION = "ask_opinion", _("Xin ý kiến")
    GIVE_OPINION = "give_opinion", _("Góp ý")
    WITHDRAW_OPINION = "withdraw_opinion", _("Thôi xin ý kiến")


# The verb by which each step is passed.
PASSING = {
    State.CONTENT: Verb.APPROVE_CONTENT,
    State.FORMAT: Verb.CHECK_FORMAT,
    State.APPRAISAL: Verb.APPRAISE,
    State.APPROVAL: Verb.RELEASE,
    State.CLERK: Verb.CHECK_AGAIN,
    State.SIGNING: Verb.APPROVE,
}


class Task(models.TextChoices):
    """What a waiting row of a draft asks for: the button on the desk."""

    DRAFT = "draft", _("Soạn thảo")
    REVISE = "revise", _("Sửa, trình lại")
    APPROVE_CONTENT = "approve_content", _("Duyệt nội dung")
    CHECK_FORMAT = "check_format", _("Kiểm tra thể thức")
    APPRAISE = "appraise", _("Thẩm định")
    RELEASE = "release", _("Xem xét")
    CHECK_AGAIN = "check_again", _("Kiểm tra lại")
    APPROVE = "approve", _("Ký duyệt")
    NOTE_PAPER = "note_paper", _("Ghi nhận bản giấy")
    SIGN = "sign", _("Ký số")
    NUMBER = "number", _("Cấp số")
    ATTACH_SCAN = "attach_scan", _("Đính kèm bản quét")
    SEAL = "seal", _("Ký số cơ quan")
    ISSUE = "issue", _("Phát hành")
    NOTE_SENT = "note_sent", _("Gửi bản giấy")
    COLLECT = "collect", _("Lấy bản giấy đã ký")
    OPINION = "give_opinion", _("Góp ý")
    READ = "read", _("Xem")


class Authority(models.TextChoices):
    """In whose name somebody signs (NĐ 30/2020 Phụ lục I, mục II.7)."""

    OWN = "", _("Ký trực tiếp")
    COLLECTIVE = "TM.", _("TM. thay mặt tập thể")
    ACTING = "Q.", _("Q. quyền cấp trưởng")
    FOR_HEAD = "KT.", _("KT. ký thay cấp trưởng")
    BY_ORDER = "TL.", _("TL. thừa lệnh")
    BY_MANDATE = "TUQ.", _("TUQ. thừa ủy quyền")


class Circulation(models.TextChoices):
    """How far a document may go round (box 11)."""

    NONE = "", _("Không ghi")
    RETURN = "XEM XONG TRẢ LẠI", _("Xem xong trả lại")
    INTERNAL = "LƯU HÀNH NỘI BỘ", _("Lưu hành nội bộ")


class Medium(models.TextChoices):
    """On what the authorised person signs."""

    UNKNOWN = "", _("Chưa ký")
    ELECTRONIC = "electronic", _("Ký số trên hệ thống")
    PAPER = "paper", _("Ký trên bản giấy")


class FileStep(models.TextChoices):
    """What a file of a document on its way out is the result of."""

    SIGNED = "signed", _("Bản đã ký số")
    NUMBERED = "numbered", _("Bản đã ghi số, ngày")
    SCAN = "scan", _("Bản quét từ bản giấy đã ký")
    SEALED = "sealed", _("Bản phát hành")
    RENEWED = "renewed", _("Bản phát hành, đã gia hạn chữ ký")


# What a copy is called, and its abbreviation in the notation (NĐ 30/2020 Phụ lục III.I).
COPY_NAMES = {Copy.WHOLE: "Bản sao y", Copy.AGAIN: "Bản sao lục", Copy.PART: "Bản trích sao"}
COPY_SIGNS = {Copy.WHOLE: "SY", Copy.AGAIN: "SL", Copy.PART: "TrS"}


# What is done for many at once, in a worker.
CHOSEN_VERBS = (Verb.SIGN, Verb.NUMBER, Verb.SEAL)
BATCH_VERBS = (*CHOSEN_VERBS, Verb.RENEW)


class Way(models.TextChoices):
    """How a document goes to a receiver (Kon Tum Điều 15.2, 17.2)."""

    INSIDE = "inside", _("Qua hệ thống")
    EMAIL = "email", _("Thư điện tử công vụ")
    PAPER = "paper", _("Bản giấy")


class DeliveryCode(models.TextChoices):
    """What became of a delivery: the codes of QCVN 102:2016, and ours of four letters beside."""

    WAITS = "", _("Chờ gửi")
    ARRIVED = "01", _("Đã đến")
    REFUSED = "02", _("Từ chối tiếp nhận")
    ACCEPTED = "03", _("Đã tiếp nhận")
    ASSIGNED = "04", _("Đã phân công xử lý")
    PROCESSING = "05", _("Đang xử lý")
    FINISHED = "06", _("Hoàn thành")
    RECALL_ASKED = "13", _("Yêu cầu thu hồi")
    RECALL_AGREED = "15", _("Đã hủy theo yêu cầu thu hồi")
    RECALL_REFUSED = "16", _("Không hủy theo yêu cầu thu hồi")
    SENT = "sent", _("Đã gửi")
    FAILED = "fail", _("Không gửi được")
    CALLED_OFF = "off", _("Thôi gửi, thu hồi trước khi gửi")
    REPLACED = "repl", _("Thôi gửi, đã có văn bản thay thế")
    RECALL_FAILED = "lost", _("Không gửi được yêu cầu thu hồi")


# It lies where it should; of e-mail and paper nothing more is known than that it was sent.
ARRIVED = frozenset(
    {
        *(DeliveryCode.ARRIVED, DeliveryCode.ACCEPTED, DeliveryCode.ASSIGNED),
        *(DeliveryCode.PROCESSING, DeliveryCode.FINISHED, DeliveryCode.SENT),
    }
)
# Nothing follows of its own accord.
CLOSED = frozenset(
    {
        *(DeliveryCode.REFUSED, DeliveryCode.FINISHED, DeliveryCode.RECALL_AGREED),
        *(DeliveryCode.RECALL_REFUSED, DeliveryCode.SENT, DeliveryCode.FAILED),
        *(DeliveryCode.CALLED_OFF, DeliveryCode.RECALL_FAILED, DeliveryCode.REPLACED),
    }
)
# It is not where it should be; or its receiver does not know that it should be there no longer.
MISSING = frozenset(
    {
        *(DeliveryCode.WAITS, DeliveryCode.REFUSED, DeliveryCode.FAILED),
        *(DeliveryCode.RECALL_FAILED, DeliveryCode.REPLACED),
    }
)
# Recalled, and its receiver has not answered.
UNANSWERED = frozenset({DeliveryCode.RECALL_ASKED, DeliveryCode.RECALL_FAILED})


class Notice(models.TextChoices):
    """What somebody is told in other words than those of a verb: the sender's clerk of a delivery
    or a copy, the drafting unit of its paper."""

    REFUSED = "delivery_02", _("Nơi nhận từ chối tiếp nhận")
    FAILED = "delivery_fail", _("Không gửi được đến nơi nhận")
    RECALL_AGREED = "delivery_15", _("Nơi nhận đã hủy văn bản thu hồi")
    RECALL_REFUSED = "delivery_16", _("Nơi nhận không hủy văn bản thu hồi")
    RECALL_FAILED = "delivery_lost", _("Yêu cầu thu hồi không đến được nơi nhận")
    STOP_COPY = "stop_copy", _("Bản gốc bị thu hồi, bản sao không phát hành nữa")
    RECALL_COPY = "recall_copy", _("Bản gốc bị thu hồi, xem có thu hồi bản sao đã phát hành")
    COLLECT = "collect_paper", _("Bản giấy đã ký, đến lấy để chuyển văn thư phát hành")
    ANSWERED_GONE = "answered_gone", _("Văn bản được trả lời đã gỡ theo quyết định")


# The status that each speaks of.
TOLD = {
    DeliveryCode.REFUSED: Notice.REFUSED,
    DeliveryCode.FAILED: Notice.FAILED,
    DeliveryCode.RECALL_AGREED: Notice.RECALL_AGREED,
    DeliveryCode.RECALL_REFUSED: Notice.RECALL_REFUSED,
    DeliveryCode.RECALL_FAILED: Notice.RECALL_FAILED,
}
