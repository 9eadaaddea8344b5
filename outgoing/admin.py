"""In whose name an agency issues documents: entered by its administrators."""

from django.contrib import admin

from accounts.admin import OwnAgencyAdmin
from outgoing.models import IssuingBody


@admin.register(IssuingBody)
class IssuingBodyAdmin(OwnAgencyAdmin):
    """Headers, notations and signature blocks (Cần Thơ Điều 3.4a, Kon Tum Điều 14.1)."""

    list_display = ("organ_name", "abbreviation", "agency", "is_active")
    list_select_related = ("agency",)
    search_fields = ("organ_name", "abbreviation")
