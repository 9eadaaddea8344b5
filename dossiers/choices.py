"""States of a dossier and of a catalogue, the verbs, and what a waiting row asks for."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where a dossier stands; lateness is computed, not a state."""

    OPENED = "opened", _("Mới lập")
    IN_PROCESS = "in_process", _("Đang giải quyết")
    COMPLETED = "completed", _("Đã hoàn thành, chờ đóng")
    CLOSED = "closed", _("Đã đóng")


# Work goes on; and what may still be put right before it is closed.
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
    CORRECT = "correct", _("Sửa dữ liệu")
    COMPLETE = "complete", _("Hoàn thành")
    RESUME = "resume", _("Trả lại, làm tiếp")
    CLOSE = "close", _("Đóng hồ sơ")
    REOPEN = "reopen", _("Mở lại")


class Task(models.TextChoices):
    """What a waiting row asks for: the button on the desk."""

    COMPLETE = "complete", pgettext_lazy("dossier", "Giải quyết")
    CLOSE = "close", _("Đóng hồ sơ")


class Way(models.TextChoices):
    """What a dossier is opened from."""

    DOCUMENT = "document", _("từ văn bản đến")
    PLANNED = "planned", _("theo danh mục")
    OWN = "own", _("ngoài danh mục")
