"""States of a dossier and of a catalogue, the verbs, and what a waiting row asks for."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# A catalogue beyond this is no catalogue of one agency and year.
MOST_LINES = 3000
MOST_HEADINGS = 500
CREATOR_LENGTH = 30  # TT 01/2019 Phụ lục VI


class State(models.TextChoices):
    """Where a dossier stands; lateness is computed, not a state."""

    OPENED = "opened", _("Mới lập")
    IN_PROCESS = "in_process", _("Đang giải quyết")
    COMPLETED = "completed", _("Đã hoàn thành, chờ đóng")
    CLOSED = "closed", _("Đã đóng")


# Work goes on; and what may still be put right before it is closed.
ISSUED = "issued"  # the state of what the agency has sent out
WORKING = (State.OPENED, State.IN_PROCESS)
RUNNING = (*WORKING, State.COMPLETED)


class CatalogueState(models.TextChoices):
    """Where a year's catalogue stands, and one heading that is added to it later."""

    DRAFT = "draft", _("Đang lập")
    SUBMITTED = "submitted", _("Chờ duyệt")
    APPROVED = "approved", _("Đã ban hành")


class Verb(models.TextChoices):
    """What people do with a dossier; the trail, the desk and the pages use these words."""

    OPEN = "open", _("Lập hồ sơ")
    OPEN_TASK = "open_task", _("Giao việc")
    GROW = "grow", _("Lập thành hồ sơ")
    ADD_ITEM = "add_item", _("Đưa vào hồ sơ")
    MOVE_ITEM = "move_item", _("Xếp lại thứ tự")
    REMOVE_ITEM = "remove_item", _("Đưa ra khỏi hồ sơ")
    # No verb of the dossier's own: what a purge leaves on its trail, and on the keeper's desk.
    ITEM_PURGED = "item_purged", _("Văn bản đã gỡ nội dung, xem lại tiêu đề, ghi chép của hồ sơ")
    CORRECT = "correct", _("Sửa dữ liệu")
    COMPLETE = "complete", _("Hoàn thành")
    SEND_BACK = "send_back", _("Chuyển trả")
    CLOSE = "close", _("Đóng hồ sơ")
    REOPEN = "reopen", _("Mở lại")
    GIVE_OUT = "give_out", _("Giao việc")
    ASSIGN = "assign", _("Giao việc")
    TAKE_BACK = "take_back", _("Thu hồi phần việc")
    PROPOSE_COORDINATORS = "propose_coordinators", _("Đề xuất phối hợp")
    ANSWER_PROPOSAL = "answer_proposal", _("Trả lời đề xuất phối hợp")
    COMMENT = "comment", _("Cho ý kiến")
    PROGRESS = "progress", _("Báo cáo tiến độ")
    FINISH = "finish", _("Kết thúc")
    SHARE = "share", pgettext_lazy("verb", "Thông báo")
    READ = "read", _("Đã xem")
    URGE = "urge", _("Đôn đốc")
    # No button: it is done for whoever was named to follow the field.
    FOLLOW = "follow", _("Được phân công theo dõi")
    REQUEST_EXTENSION = "request_extension", _("Xin gia hạn")
    DECIDE_EXTENSION = "decide_extension", _("Quyết định gia hạn")
    ASK_OPINION = "ask_opinion", _("Xin ý kiến")
    GIVE_OPINION = "give_opinion", _("Góp ý")
    WITHDRAW_OPINION = "withdraw_opinion", _("Thôi xin ý kiến")


class Task(models.TextChoices):
    """What a waiting row of a dossier asks for: the button on the desk."""

    GIVE_OUT = "give_out", _("Giao việc")
    ASSIGN = "assign", _("Giao việc")
    PROCESS = "process", _("Xử lý")
    CONCLUDE = "conclude", _("Kết thúc")
    READ = "read", _("Xem")
    DECIDE = "decide_extension", _("Quyết định")
    OPINION = "give_opinion", _("Góp ý")
    GIVE_ANEW = "give_anew", _("Thu hồi, giao người khác")
    ANSWER = "answer_proposal", _("Trả lời")
    COMPLETE = "complete", pgettext_lazy("dossier", "Giải quyết")
    CLOSE = "close", _("Đóng hồ sơ")


class CatalogueVerb(models.TextChoices):
    """What people do with a catalogue; notices bear these names."""

    SUBMIT = "catalogue_submit", _("Trình danh mục hồ sơ")
    SEND_BACK = "catalogue_return", _("Trả lại danh mục hồ sơ")
    APPROVE = "catalogue_approve", _("Ban hành danh mục hồ sơ")
    PROPOSE_LINE = "line_propose", _("Đề nghị bổ sung hồ sơ vào danh mục")
    APPROVE_LINE = "line_approve", _("Duyệt hồ sơ bổ sung vào danh mục")
    RETURN_LINE = "line_return", _("Trả lại hồ sơ đề nghị bổ sung")


class Way(StrEnum):
    """What a dossier is opened from; its act keeps it."""

    DOCUMENT = "document"
    PLANNED = "planned"
    OWN = "own"
