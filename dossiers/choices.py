"""States of a dossier and of a catalogue, and the verbs."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
