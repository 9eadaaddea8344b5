"""Admin of what an agency often writes and how it often gives work out."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin_site import administered
from accounts.models import Agency, Unit
from incoming.models import CannedDirective, Preset


class OfferedAdmin(admin.ModelAdmin):
    """Rows of the administered agencies only; what is offered may also be deleted."""

    list_filter = ("is_active",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        return rows if request.user.is_superuser else rows.filter(agency__in=administered(request))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser or bool(administered(request))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not self.has_module_permission(request):
            return False
        return obj is None or request.user.is_superuser or obj.agency_id in administered(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    has_change_permission = has_view_permission
    has_delete_permission = has_view_permission

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if not request.user.is_superuser:
            if db_field.name == "agency":
                kwargs["queryset"] = Agency.objects.filter(pk__in=administered(request))
            elif db_field.name == "lead":
                kwargs["queryset"] = _units(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if not request.user.is_superuser:
            kwargs["queryset"] = _units(request)
        return super().formfield_for_manytomany(db_field, request, **kwargs)


def _units(request: HttpRequest) -> QuerySet:
    return Unit.objects.filter(agency__in=administered(request), is_active=True)


@admin.register(CannedDirective)
class CannedDirectiveAdmin(OfferedAdmin):
    """Sentences offered to whoever gives out work and to leaders."""

    list_display = ("text", "agency", "ordinal", "is_active")
    search_fields = ("text",)


@admin.register(Preset)
class PresetAdmin(OfferedAdmin):
    """Presets of the grid, in the order of their keys."""

    list_display = ("name", "agency", "lead", "working_days", "ordinal", "is_active")
    filter_horizontal = ("coordinators", "informed")
