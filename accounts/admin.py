"""Admin of agencies, units, people and appointments; an agency administrator sees only his own."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from accounts import actions
from accounts.actions import suggest_username
from accounts.admin_site import administered
from accounts.models import Agency, Appointment, Delegation, DirectoryEntry, Unit, User
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

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        # An old version is read: a form sent to it would put it back, hidden fields and all.
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        return super().history_form_view(request, object_id, version_id, extra_context)

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
    """People of the administered agencies, and those whom he made and nobody has appointed yet.

    Another's new account is not his: he could appoint it to his agency and take its password.
    """
    held = Appointment.objects.filter(user=OuterRef("pk"))
    made = User.history.filter(id=OuterRef("pk"), history_type="+", history_user=request.user.pk)
    rows = User.objects.filter(is_superuser=False)
    return rows.filter(
        Exists(held.filter(unit__agency__in=administered(request))) | (~Exists(held) & Exists(made))
    )


@admin.register(Agency)
class AgencyAdmin(OwnAgencyAdmin):
    """Agencies: added by the installation's administrators only."""

    agency_path = "pk"
    list_display = ("name", "slug", "organ_id", "parent", "regulation_name", "is_active")
    search_fields = ("name", "slug", "organ_id")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if request.user.is_superuser:
            return ()
        return ("slug", "organ_id", "parent", "regulation_name", "is_active")


@admin.register(Unit)
class UnitAdmin(OwnAgencyAdmin):
    """Units of an agency."""

    list_display = ("name", "short_name", "agency", "parent", "is_office", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "short_name")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        actions.head_post(obj)


@admin.register(Appointment)
class AppointmentAdmin(OwnAgencyAdmin):
    """Who holds which post from when to when, by which decision."""

    agency_path = "unit__agency"
    list_display = ("user", "title", "role", "unit", "start_date", "end_date", "decision_number")
    list_filter = ("role",)
    search_fields = ("user__full_name", "title", "decision_number")
    autocomplete_fields = ()
    list_select_related = ("user", "unit")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        own = obj is not None and obj.user_id == request.user.pk and not request.user.is_superuser
        return super().has_change_permission(request, obj) and not own

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "user" and field is not None and not request.user.is_superuser:
            # Nobody appoints himself: an administrator would read every document.
            field.queryset = field.queryset.exclude(pk=request.user.pk)
        return field

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        # Made here, no verb makes it: two verbs that both did would wait for each other.
        actions.post_for(obj.unit, obj.role)


class CreateUserForm(UserCreationForm):
    """A new account, with the default password that its owner changes first."""

    # Set by the admin for the request: whose regulation names the account.
    agency: Agency | None = None

    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("username", "full_name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        form = self.agency.regulation.account_form if self.agency else None
        self.fields["username"].required = form is None
        if form is not None:
            self.fields["username"].help_text = _(
                "Để trống thì hệ thống đặt theo mẫu %(form)s (%(article)s)."
            ) % {"form": form.value.format(username="…"), "article": form.article}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("username") and values.get("full_name") and self.agency:
            try:
                values["username"] = suggest_username(values["full_name"], self.agency)
            except ValueError:
                self.add_error("username", _("Tên theo mẫu đã có người dùng. Gõ tên tài khoản."))
        return values


class ChangeUserForm(UserChangeForm):
    """An account."""

    class Meta(UserChangeForm.Meta):
        model = User


class ResetPasswordForm(AdminPasswordChangeForm):
    """A password that somebody else has set is a default one: its owner changes it first."""

    def save(self, commit: bool = True) -> Any:
        self.user.must_change_password = True
        return super().save(commit)


class AppointmentInline(admin.StackedInline):
    """The person's posts, given together with the account."""

    model = Appointment
    extra = 1

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        return rows.filter(unit__agency__in=administered(request))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser or bool(administered(request))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Nobody appoints himself: an administrator would read every document.
        own = obj is not None and obj.pk == request.user.pk and not request.user.is_superuser
        return self.has_view_permission(request, obj) and not own

    has_add_permission = has_change_permission

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "unit":
            kwargs["queryset"] = Unit.objects.filter(
                agency__in=administered(request)
            ).select_related("agency")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(User)
class UserAdmin(OwnAgencyAdmin, DjangoUserAdmin):
    """Accounts (Kon Tum Điều 7, 22.2)."""

    add_form = CreateUserForm
    form = ChangeUserForm
    change_password_form = ResetPasswordForm
    inlines = (AppointmentInline,)
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
                "fields": ("username", "full_name", "password1", "password2"),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        if request.user.is_superuser:
            return User.objects.all()
        return own_people(request)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        for held in Appointment.objects.filter(user=form.instance).select_related("unit"):
            actions.post_for(held.unit, held.role)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        if obj is None:
            form.agency = Agency.objects.filter(pk__in=administered(request)).order_by("pk").first()
        return form

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Who works elsewhere too is seen, but his password would open that agency as well.
        return super().has_change_permission(request, obj) and (
            obj is None
            or request.user.is_superuser
            or not Appointment.objects.filter(user=obj)
            # Those to come count; so do those of an account or an agency that is switched off.
            .filter(Q(end_date__isnull=True) | Q(end_date__gte=clock.today()))
            .exclude(unit__agency__in=administered(request))
            .exists()
        )


class DelegationForm(forms.ModelForm):
    """The same questions as on one's own page."""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        asked: list[Any] = [
            values.get(name) for name in ("appointment", "delegate", "start_date", "end_date")
        ]
        if all(asked) and (refusal := actions.delegation_refusal(*asked)):
            words = f"{refusal.message} {refusal.article}".strip()
            self.add_error(refusal.field if refusal.field in self.fields else None, words)
        return values


@admin.register(Delegation)
class DelegationAdmin(OwnAgencyAdmin):
    """Who stands in for whom: people do it themselves; here for whoever cannot."""

    form = DelegationForm
    agency_path = "appointment__unit__agency"
    fields = ("appointment", "delegate", "scope", "start_date", "end_date", "decision_number")
    list_display = ("appointment", "delegate", "scope", "start_date", "end_date", "revoked_at")
    list_select_related = ("appointment__unit", "delegate")
    actions = ("revoke",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_change_permission(request)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "appointment":
            held = Appointment.objects.in_force(clock.today()).select_related("user", "unit")
            if not request.user.is_superuser:
                held = held.filter(unit__agency__in=administered(request))
            kwargs["queryset"] = held
        elif db_field.name == "delegate" and not request.user.is_superuser:
            kwargs["queryset"] = own_people(request).by_name()
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "appointment":
            field.label_from_instance = lambda one: f"{one.user.full_name}, {one}"
        return field

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        values = dict(form.cleaned_data)
        made = actions.delegate_post(values.pop("appointment"), values.pop("delegate"), **values)
        obj.pk, obj.created_at = made.pk, made.created_at

    @admin.action(description=_("Thôi ủy quyền ngay"))
    def revoke(self, request: HttpRequest, queryset: QuerySet) -> None:
        for one in self.get_queryset(request).filter(pk__in=queryset, revoked_at=None):
            one.revoked_at = clock.now()
            one.save()


@admin.register(DirectoryEntry)
class DirectoryEntryAdmin(admin.ModelAdmin):
    """Recipients: kept by the installation's administrators; its own stand as the agencies are."""

    list_display = ("organ_name", "organ_id", "email", "is_active")
    list_filter = ("is_active",)
    list_select_related = ("agency",)
    search_fields = ("search_text",)
    raw_id_fields = ("parent",)
    show_full_result_count = False  # of a hundred thousand nobody waits for the sum

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        return (queryset.matching(search_term) if search_term else queryset), False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is not None and obj.agency_id:
            return ("organ_id", "organ_name", "parent", "email", "is_active")
        return ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
