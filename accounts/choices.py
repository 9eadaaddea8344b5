"""Roles, and words that may not be an agency's path."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


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


class Scope(models.TextChoices):
    """How much of a post is delegated."""

    ALL = "all", _("Toàn bộ công việc của chức vụ")
    ROUTINE = "routine", _("Xử lý thường xuyên, không gồm trình và cho ý kiến của lãnh đạo")


# What the regulations call the roles: named in their files, gathered here for translation.
TITLES = (
    gettext_noop("Chánh Văn phòng"),
    gettext_noop("Chánh Văn phòng Sở"),
    gettext_noop("Chánh Văn phòng UBND thành phố"),
    gettext_noop("Chủ tịch UBND phường, xã"),
    gettext_noop("Chủ tịch UBND thành phố"),
    gettext_noop("cán bộ quản trị phần mềm"),
    gettext_noop("Giám đốc Sở"),
    gettext_noop("Giám đốc đơn vị"),
    gettext_noop("lãnh đạo cơ quan"),
    gettext_noop("lãnh đạo Ủy ban nhân dân thành phố"),
    gettext_noop("người có thẩm quyền"),
    gettext_noop("phó phòng, ngành, đơn vị"),
    gettext_noop("thủ trưởng cơ quan"),
    gettext_noop("thủ trưởng phòng, ngành, đơn vị"),
    gettext_noop("trưởng phòng"),
    gettext_noop("văn thư cơ quan"),
)

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
        "sign",
    ]
)
