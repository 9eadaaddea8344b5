"""Roles, and words that may not be an agency's path."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What an appointment lets a person do."""

    LEADER = "leader", _("Lãnh đạo cơ quan")
    OFFICE_CHIEF = "office_chief", _("Chánh Văn phòng")
    CLERK = "clerk", _("Văn thư")
    UNIT_HEAD = "unit_head", _("Trưởng đơn vị")
    DEPUTY_HEAD = "deputy_head", _("Phó trưởng đơn vị")
    SPECIALIST = "specialist", _("Chuyên viên")
    ARCHIVIST = "archivist", _("Lưu trữ")
    AGENCY_ADMIN = "agency_admin", _("Quản trị cơ quan")


# Their role covers the whole agency: they see every document of it without a grant.
WHOLE_AGENCY = frozenset({Role.LEADER, Role.OFFICE_CHIEF, Role.CLERK, Role.ARCHIVIST})

# First path parts of the installation itself; no agency may take them.
RESERVED_SLUGS = frozenset(
    [
        "login",
        "logout",
        "account",
        "admin",
        "healthz",
        "readyz",
        "static",
        "media",
        "i18n",
        "help",
        "incoming",
        "outgoing",
        "dossiers",
        "registers",
        "reports",
        "search",
    ]
)
