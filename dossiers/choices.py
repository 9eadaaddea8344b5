"""States of a dossier and of a catalogue, and the verbs."""

from django.db import models
from django.utils.translation import gettext_lazy as _

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


class CatalogueState(models.TextChoices):
    """Where a year's catalogue stands, and one heading that is added to it later."""

    DRAFT = "draft", _("Đang lập")
    SUBMITTED = "submitted", _("Chờ duyệt")
    APPROVED = "approved", _("Đã ban hành")


class Verb(models.TextChoices):
    """What people do with a dossier; the trail, the desk and the pages use these words."""

    OPEN = "open", _("Lập hồ sơ")
    COMPLETE = "complete", _("Hoàn thành")
    CLOSE = "close", _("Đóng hồ sơ")
    REOPEN = "reopen", _("Mở lại")


class CatalogueVerb(models.TextChoices):
    """What people do with a catalogue; notices bear these names."""

    SUBMIT = "catalogue_submit", _("Trình danh mục hồ sơ")
    SEND_BACK = "catalogue_return", _("Trả lại danh mục hồ sơ")
    APPROVE = "catalogue_approve", _("Ban hành danh mục hồ sơ")
    PROPOSE_LINE = "line_propose", _("Đề nghị bổ sung hồ sơ vào danh mục")
    APPROVE_LINE = "line_approve", _("Duyệt hồ sơ bổ sung vào danh mục")
    RETURN_LINE = "line_return", _("Trả lại hồ sơ đề nghị bổ sung")
