"""Kinds, books, urgency, roles and states of an assignment."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """The direction of a document; a dossier stands in the same table."""

    INCOMING = "incoming", _("Văn bản đến")
    OUTGOING = "outgoing", _("Văn bản đi")
    DOSSIER = "dossier", _("Hồ sơ công việc")


# The state of an outgoing document that has gone out, for the floors below its app.
ISSUED = "issued"


class Book(models.TextChoices):
    """What a register holds (NĐ 30/2020 Phụ lục IV)."""

    INCOMING = "incoming", _("Sổ đăng ký văn bản đến")
    OUTGOING = "outgoing", _("Sổ đăng ký văn bản đi")
    DOSSIERS = "dossiers", _("Sổ hồ sơ công việc")
    # Numbers of drafts; an issued document leaves it for a book of its own.
    DRAFTS = "drafts", _("Sổ dự thảo")
    # Older documents of the house were numbered in one of their own; new ones count with the
    # outgoing ones, and are read as a book of their own.
    INTERNAL = "internal", _("Sổ đăng ký văn bản nội bộ")
    # One series a year for all copies (NĐ 30/2020 Phụ lục I, phần II).
    COPIES = "copies", _("Sổ đăng ký bản sao")


# Books whose documents print the same notations: number and notation are unique in a year (NĐ
# 30/2020 Điều 15.1).
BESIDE: dict[str, tuple[str, ...]] = {Book.OUTGOING: (Book.OUTGOING, Book.INTERNAL)}


class Priority(models.IntegerChoices):
    """Mức độ khẩn, with the digits of the national messages."""

    NORMAL = 0, _("Thường")
    URGENT = 1, _("Khẩn")
    VERY_URGENT = 2, _("Thượng khẩn")
    FLASH = 3, _("Hỏa tốc")
    FLASH_TIMED = 4, _("Hỏa tốc hẹn giờ")


class Part(models.TextChoices):
    """What a file is in its document."""

    MAIN = "main", _("Văn bản chính")
    ANNEX = "annex", _("Phụ lục, tài liệu kèm theo")


class AssignmentRole(models.TextChoices):
    """What somebody is asked for."""

    LEAD = "lead", _("Chủ trì")
    COORDINATE = "coordinate", _("Phối hợp")
    INFORM = "inform", _("Để biết")


class AssignmentState(models.TextChoices):
    """Where an assignment stands; lateness is computed."""

    WAITING = "waiting", _("Chưa xem")
    IN_PROCESS = "in_process", _("Đang xử lý")
    DONE = "done", _("Đã xong")
    SENT_BACK = "sent_back", _("Đã chuyển trả")
    RECALLED = "recalled", _("Đã thu hồi")


OPEN_ASSIGNMENT = (AssignmentState.WAITING, AssignmentState.IN_PROCESS)
# Given once and taken away again: whoever had it has no part in the work.
VOID_ASSIGNMENT = (AssignmentState.SENT_BACK, AssignmentState.RECALLED)


# Verbs of waiting rows that the lists know: what is only to be read, and what is decided.
READ = "read"
DECISIONS = ("direct", "decide_extension", "close")
# What the post of the leaders is asked and only the head of the agency does (Bắc Giang Điều 6.3).
OF_HEAD = ("close",)


class UrgeLevel(models.IntegerChoices):
    """How hard somebody is urged (đôn đốc); each level reaches further up."""

    REMIND = 1, _("Nhắc việc")
    URGE = 2, _("Đôn đốc")
    EXPLAIN = 3, _("Đôn đốc gấp, giải trình lý do chậm")


class WorkVerb(StrEnum):
    """Verbs of the work, the same on all kinds; each kind has its own words for them."""

    ASSIGN = "assign"
    TAKE_BACK = "take_back"
    SEND_BACK = "send_back"
    COMMENT = "comment"
    PROGRESS = "progress"
    SHARE = "share"
    READ = "read"
    URGE = "urge"
    FOLLOW = "follow"
    REQUEST_EXTENSION = "request_extension"
    DECIDE_EXTENSION = "decide_extension"
    ASK_OPINION = "ask_opinion"
    GIVE_OPINION = "give_opinion"
    WITHDRAW_OPINION = "withdraw_opinion"


class WorkTask(StrEnum):
    """What the work asks of whoever has it: verbs of waiting rows."""

    ASSIGN = "assign"
    PROCESS = "process"
    CONCLUDE = "conclude"
    READ = "read"
    DECIDE = "decide_extension"
    OPINION = "give_opinion"
    GIVE_ANEW = "give_anew"


class WorkNotice(models.TextChoices):
    """What somebody is told of work that no verb has brought to him."""

    WORK_LEFT = "work_left", _("Người được giao việc đã thôi giữ chức vụ")
    HOLDER_LEFT = "holder_left", _("Người giữ hồ sơ, công việc đã thôi giữ chức vụ")


class Stance(models.TextChoices):
    """What somebody who was asked thinks of it (Kon Tum Điều 13.7b)."""

    AGREE = "agree", _("Thống nhất")
    DISAGREE = "disagree", _("Không thống nhất")
    OTHER = "other", _("Ý kiến khác")


class Outcome(models.TextChoices):
    """What became of a request for a later day."""

    ASKED = "asked", _("Chờ quyết định")
    AGREED = "agreed", _("Đồng ý")
    REFUSED = "refused", _("Không đồng ý")
    CLOSED = "closed", _("Khép lại")


class DayKind(models.TextChoices):
    """Days that differ from the ordinary week."""

    HOLIDAY = "holiday", _("Nghỉ lễ, tết")
    SWAP_OFF = "swap_off", _("Nghỉ hoán đổi")
    SWAP_WORK = "swap_work", _("Làm bù")


class LinkKind(models.TextChoices):
    """What one document is to another."""

    ANSWERS = "answers", pgettext_lazy("link", "Trả lời")
    REPLACES = "replaces", pgettext_lazy("link", "Thay thế")
    AMENDS = "amends", pgettext_lazy("link", "Sửa đổi, bổ sung")
    BASIS = "basis", pgettext_lazy("link", "Căn cứ")
    ENCLOSED = "enclosed", pgettext_lazy("link", "Gửi kèm")
    COPIES = "copies", pgettext_lazy("link", "Sao từ")


# What people say of two documents; that one is a copy, the system knows.
TYPED_LINKS = [one for one in LinkKind.choices if one[0] != LinkKind.COPIES]

# The same links as they read from the other end.
SEEN_FROM = {
    LinkKind.ANSWERS: pgettext_lazy("link", "Được trả lời bởi"),
    LinkKind.REPLACES: pgettext_lazy("link", "Được thay thế bởi"),
    LinkKind.AMENDS: pgettext_lazy("link", "Được sửa đổi, bổ sung bởi"),
    LinkKind.BASIS: pgettext_lazy("link", "Là căn cứ của"),
    LinkKind.ENCLOSED: pgettext_lazy("link", "Có văn bản gửi kèm"),
    LinkKind.COPIES: pgettext_lazy("link", "Bản sao"),
}


class ListPage(models.TextChoices):
    """Where a saved filter opens."""

    BOOK = "book", _("Văn bản đến")
    SEARCH = "search", _("Tìm văn bản")
    DOSSIERS = "dossiers", _("Hồ sơ công việc")
