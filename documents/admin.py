"""Admin of the catalogue and the calendar."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from accounts.admin import OwnAgencyAdmin, own_people
from accounts.admin_site import administered
from accounts.models import Agency, Appointment
from core import clock
from core.tasks import after_commit, run_command
from documents import calendar, following
from documents.models import CalendarDay, DocumentType, Follow


@admin.register(DocumentType)
class DocumentTypeAdmin(admin.ModelAdmin):
    """National types for the installation, own types for an agency (Cần Thơ Điều 19.6)."""

    list_display = ("type_name", "abbreviation", "agency", "is_active")
    list_filter = ("is_active",)
    search_fields = ("type_name", "abbreviation")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        return rows.filter(Q(agency__isnull=True) | Q(agency__in=administered(request)))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser or bool(administered(request))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not self.has_module_permission(request):
            return False
        return obj is None or request.user.is_superuser or obj.agency_id in administered(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "agency" and field is not None and not request.user.is_superuser:
            field.queryset = Agency.objects.filter(pk__in=administered(request))
            field.required = True
        return field


@admin.register(CalendarDay)
class CalendarDayAdmin(admin.ModelAdmin):
    """Days off and working Saturdays by decision."""

    list_display = ("date", "kind", "name", "source")
    list_filter = ("kind",)
    date_hierarchy = "date"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        calendar.forget()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        calendar.forget()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        super().delete_queryset(request, queryset)
        calendar.forget()


@admin.register(Follow)
class FollowAdmin(OwnAgencyAdmin):
    """The fields of deputies, and who watches a unit (Bắc Giang Điều 5.4b, 11.1b)."""

    agency_path = "appointment__unit__agency"
    list_display = ("appointment", "unit", "person", "type_name", "start_date", "end_date")
    list_select_related = ("appointment__unit", "unit", "person")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "appointment":
            held = Appointment.objects.in_force(clock.today()).select_related("user", "unit")
            if not request.user.is_superuser:
                held = held.filter(unit__agency__in=administered(request))
            kwargs["queryset"] = held
        elif db_field.name == "person" and not request.user.is_superuser:
            kwargs["queryset"] = own_people(request).by_name()
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "appointment":
            field.label_from_instance = lambda one: f"{one.user.full_name}, {one}"
        return field

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        following.forget(obj.appointment.unit.agency_id)
        after_commit(run_command, "begin_following")
