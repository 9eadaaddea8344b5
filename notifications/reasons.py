"""Why a notice of the clock came, in a sentence: days and figures, never a subject."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.choices import Lapse, Reminder
from notifications.models import Notification


def reason_of(row: Notification) -> str:
    """ "Nhắc vì: hạn 27/11/2026 còn 2 ngày làm việc."; "" for the notice of a verb."""
    if row.kind in Lapse.values:
        return _lapse(row)
    if row.kind not in Reminder.values:
        return ""
    kind = Reminder(row.kind)
    if kind == Reminder.MORNING:
        return _morning(row.figures)
    said = _several(kind, row.figures) if row.due_date is None else _one(kind, row)
    behalf = ""
    if row.on_behalf_of is not None:
        behalf = _(", làm thay %(name)s") % {"name": row.on_behalf_of.full_name}
    return _("Nhắc vì: %(reason)s%(behalf)s.") % {"reason": said, "behalf": behalf}


def _lapse(row: Notification) -> str:
    if row.kind == Lapse.PROOF:
        count = row.figures.get("count", 0)
        words = ngettext(
            "%(count)d văn bản đi có chữ ký số sắp khó kiểm chứng, sớm nhất từ ngày %(day)s. Gia "
            "hạn bằng dấu thời gian hoặc lưu kết quả kiểm tra trước ngày đó.",
            "%(count)d văn bản đi có chữ ký số sắp khó kiểm chứng, sớm nhất từ ngày %(day)s. Gia "
            "hạn bằng dấu thời gian hoặc lưu kết quả kiểm tra trước ngày đó.",
            count,
        )
        return words % {"count": count, "day": f"{row.due_date:%d/%m/%Y}"}
    days = row.figures.get("days", 0)
    words = ngettext(
        "Chứng thư số hết hạn ngày %(day)s, còn %(days)d ngày. Xin cấp lại rồi thêm khóa mới.",
        "Chứng thư số hết hạn ngày %(day)s, còn %(days)d ngày. Xin cấp lại rồi thêm khóa mới.",
        days,
    )
    return words % {"day": f"{row.due_date:%d/%m/%Y}", "days": days}


def _one(kind: Reminder, row: Notification) -> str:
    days = row.figures.get("days", 0)
    match kind:
        case Reminder.DUE_TODAY:
            words = _("hạn trong ngày %(day)s")
        case Reminder.DUE_SOON:
            words = ngettext(
                "hạn %(day)s còn %(days)d ngày làm việc",
                "hạn %(day)s còn %(days)d ngày làm việc",
                days,
            )
        case Reminder.OVERDUE:
            words = ngettext(
                "hạn %(day)s đã quá %(days)d ngày làm việc",
                "hạn %(day)s đã quá %(days)d ngày làm việc",
                days,
            )
        case _:
            words = ngettext(
                "việc của %(who)s, hạn %(day)s, đã quá %(days)d ngày làm việc",
                "việc của %(who)s, hạn %(day)s, đã quá %(days)d ngày làm việc",
                days,
            )
    who = row.about.full_name if row.about else _("đơn vị")
    return words % {"day": f"{row.due_date:%d/%m/%Y}", "days": days, "who": who}


def _several(kind: Reminder, figures: dict[str, Any]) -> str:
    """Many at once are told in one line."""
    count = figures.get("count", 0)
    match kind:
        case Reminder.DUE_SOON:
            words = ngettext("%(count)d việc sắp đến hạn", "%(count)d việc sắp đến hạn", count)
        case Reminder.DUE_TODAY:
            words = ngettext("%(count)d việc đến hạn", "%(count)d việc đến hạn", count)
        case Reminder.OVERDUE:
            words = ngettext("%(count)d việc quá hạn", "%(count)d việc quá hạn", count)
        case _:
            words = ngettext(
                "%(count)d việc của người khác quá hạn",
                "%(count)d việc của người khác quá hạn",
                count,
            )
    return words % {"count": count}


def _morning(figures: dict[str, Any]) -> str:
    parts = [
        words % {"n": figures[name]}
        for name, words in (
            ("late", _("%(n)d quá hạn")),
            ("today", _("%(n)d hạn hôm nay")),
            ("week", _("%(n)d trong tuần")),
        )
        if figures.get(name)
    ]
    return _("Sáng nay: %(counts)s.") % {"counts": ", ".join(parts)}
