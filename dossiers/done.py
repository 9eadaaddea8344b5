"""One sentence of what was done with a dossier or a task, for whoever did it."""

from django.utils.translation import gettext as _

from dossiers.choices import Verb
from dossiers.models import Dossier


def said(verb: Verb, dossier: Dossier) -> str:
    """What the page says after a verb."""
    code = {"code": dossier.file_code or ""}
    of_task = {
        Verb.COMPLETE: _("Đã báo cáo kết quả công việc."),
        Verb.CLOSE: _("Đã kết thúc việc."),
        Verb.REOPEN: _("Đã mở lại việc."),
    }
    if dossier.is_task and verb in of_task:
        return of_task[verb]
    return {
        Verb.COMPLETE: _("Đã hoàn thành hồ sơ."),
        Verb.CLOSE: _("Đã đóng hồ sơ."),
        Verb.SEND_BACK: _("Đã chuyển trả."),
        Verb.REOPEN: _("Đã mở lại hồ sơ."),
        Verb.GROW: _("Đã lập thành hồ sơ %(code)s.") % code,
        Verb.CORRECT: _("Đã lưu bản sửa."),
        Verb.GIVE_OUT: _("Đã giao việc."),
        Verb.ASSIGN: _("Đã giao việc."),
        Verb.TAKE_BACK: _("Đã thu hồi phần việc; giao lại cho người khác được."),
        Verb.PROPOSE_COORDINATORS: _("Đã gửi đề xuất phối hợp; việc vẫn tiếp tục."),
        Verb.ANSWER_PROPOSAL: _("Đã trả lời đề xuất phối hợp."),
        Verb.PROGRESS: _("Đã ghi tiến độ."),
        Verb.COMMENT: _("Đã ghi ý kiến."),
        Verb.FINISH: _("Đã kết thúc phần việc."),
        Verb.SHARE: _("Đã thông báo."),
        Verb.URGE: _("Đã đôn đốc."),
        Verb.REQUEST_EXTENSION: _("Đã gửi yêu cầu gia hạn; việc vẫn tiếp tục."),
        Verb.DECIDE_EXTENSION: _("Đã quyết định yêu cầu gia hạn."),
        Verb.ASK_OPINION: _("Đã gửi xin ý kiến."),
        Verb.GIVE_OPINION: _("Đã gửi góp ý."),
        Verb.WITHDRAW_OPINION: _("Đã thôi xin ý kiến."),
    }[verb]
