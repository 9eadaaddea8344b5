"""Admin of agencies, units, people and appointments; an agency administrator sees only his own."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from accounts.admin_site import administered
from accounts.models import Agency, Appointment, Unit, User
from core import clock

# Rights hang on posts and appointments; nobody edits Django's own groups by hand.
if admin.site.is_registered(Group):
    admin.site.unregister(Group)


class OwnAgencyAdmin(SimpleHistoryAdmin):
    """Shows and edits rows of the administered agencies only; nothing is deleted, it is ended."""

    agency_path = "agency"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        return rows.filter(**{f"{self.agency_path}__in": administered(request)})

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(administered(request)) or request.user.is_superuser

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._own(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._own(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        own = administered(request)
        if not request.user.is_superuser:
            if db_field.name == "agency":
                kwargs["queryset"] = Agency.objects.filter(pk__in=own)
            elif db_field.name in ("unit", "parent"):
                kwargs["queryset"] = Unit.objects.filter(agency__in=own)
            elif db_field.name == "user":
                kwargs["queryset"] = own_people(request).by_name()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def _own(self, request: HttpRequest, obj: Any) -> bool:
        if not self.has_module_permission(request):
            return False
        return (
            obj is None
            or request.user.is_superuser
            or self.get_queryset(request).filter(pk=obj.pk).exists()
        )


def own_people(request: HttpRequest) -> Any:
    """People of the administered agencies, and those whom nobody has appointed yet."""
    held = Appointment.objects.filter(user=OuterRef("pk"))
    rows = User.objects.filter(is_superuser=False)
    return rows.filter(
        Q(Exists(held.filter(unit__agency__in=administered(request)))) | ~Q(Exists(held))
    )


@admin.register(Agency)
class AgencyAdmin(OwnAgencyAdmin):
    """Agencies: added by the installation's administrators only."""

    agency_path = "pk"
    list_display = ("name", "slug", "organ_id", "parent", "regulation_name", "is_active")
    search_fields = ("name", "slug", "organ_id")
    prepopulated_fields: ClassVar = {"slug": ("name",)}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if request.user.is_superuser:
            return ()
        return ("slug", "organ_id", "parent", "regulation_name", "is_active")

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if self.get_readonly_fields(request) else super().get_prepopulated_fields(request)


@admin.register(Unit)
class UnitAdmin(OwnAgencyAdmin):
    """Units of an agency."""

    list_display = ("name", "short_name", "agency", "parent", "is_office", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "short_name")


@admin.register(Appointment)
class AppointmentAdmin(OwnAgencyAdmin):
    """Who holds which post from when to when, by which decision."""

    agency_path = "unit__agency"
    list_display = ("user", "title", "role", "unit", "start_date", "end_date", "decision_number")
    list_filter = ("role",)
    search_fields = ("user__full_name", "title", "decision_number")
    autocomplete_fields = ()
    list_select_related = ("user", "unit")


class CreateUserForm(AdminUserCreationForm):
    """A new account, with the default password that its owner changes first."""

    class Meta(AdminUserCreationForm.Meta):
        model = User
        fields = ("username", "full_name")


class ChangeUserForm(UserChangeForm):
    """An account."""

    class Meta(UserChangeForm.Meta):
        model = User


@admin.register(User)
class UserAdmin(OwnAgencyAdmin, DjangoUserAdmin):
    """Accounts (Kon Tum Điều 7, 22.2)."""

    add_form = CreateUserForm
    form = ChangeUserForm
    list_display = ("username", "full_name", "email", "is_active", "must_change_password")
    list_filter = ("is_active", "must_change_password")
    search_fields = ("username", "full_name", "email")
    ordering = ("name_key",)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password", "full_name", "email", "phone")}),
        (
            _("Tài khoản"),
            {"fields": ("is_active", "must_change_password", "is_function_account")},
        ),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("username", "full_name", "usable_password", "password1", "password2"),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        if request.user.is_superuser:
            return User.objects.all()
        return own_people(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Who works elsewhere too is seen, but his password would open that agency as well.
        return super().has_change_permission(request, obj) and (
            obj is None
            or request.user.is_superuser
            or not Appointment.objects.in_force(clock.today())
            .filter(user=obj)
            .exclude(unit__agency__in=administered(request))
            .exists()
        )
