"""In whose name an agency issues documents: entered by its administrators."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin import OwnAgencyAdmin
from outgoing.models import IssuingBody, Series


class SeriesInline(admin.TabularInline):
    """Types that count by themselves (NĐ 30/2020 Điều 15.1)."""

    model = Series
    extra = 0

    # Whoever may change the body may change what it counts by itself; the page is his already.
    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


@admin.register(IssuingBody)
class IssuingBodyAdmin(OwnAgencyAdmin):
    """Headers, notations and signature blocks (Cần Thơ Điều 3.4a, Kon Tum Điều 14.1)."""

    inlines = (SeriesInline,)
    list_display = ("organ_name", "abbreviation", "agency", "is_active")
    list_select_related = ("agency",)
    search_fields = ("organ_name", "abbreviation")
