"""Django's admin with our site; apart from apps.py, where only one configuration may stand."""

from django.contrib.admin.apps import AdminConfig


class OfficeAdminConfig(AdminConfig):
    """Django's admin, open to agency administrators as well."""

    default_site = "accounts.admin_site.OfficeAdminSite"
