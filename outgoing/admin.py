"""In whose name an agency issues documents: entered by its administrators."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.admin import OwnAgencyAdmin
from accounts.admin_site import administered
from outgoing.models import IssuingBody, Series, SignedKind
from signatures.models import SigningKey


class SeriesFormSet(BaseInlineFormSet):
    """No series goes away in the middle of a year in which it has given numbers."""

    def clean(self) -> None:
        super().clean()
        for form in self.deleted_forms:
            if form.instance.pk and form.instance.has_given():
                said = _("Hệ thống số “%(name)s” đã cấp số trong năm nay, không xóa được.")
                raise ValidationError(said, params={"name": form.instance.name})


class SeriesInline(admin.TabularInline):
    """Types that count by themselves (NĐ 30/2020 Điều 15.1)."""

    model = Series
    formset = SeriesFormSet
    extra = 0

    # Whoever may change the body may change what it counts by itself; the page is his already.
    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


@admin.register(IssuingBody)
class IssuingBodyAdmin(OwnAgencyAdmin):
    """Headers, notations and signature blocks (Cần Thơ Điều 3.4a, Kon Tum Điều 14.1)."""

    inlines = (SeriesInline,)
    list_display = ("name", "organ_name", "abbreviation", "agency", "is_active")
    list_select_related = ("agency",)
    search_fields = ("name", "organ_name", "abbreviation")
    filter_horizontal = ("seals",)

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "seals":
            keys = SigningKey.objects.active().filter(agency__isnull=False)
            if not request.user.is_superuser:
                keys = keys.filter(agency__in=administered(request))
            kwargs["queryset"] = keys
        return super().formfield_for_manytomany(db_field, request, **kwargs)


@admin.register(SignedKind)
class SignedKindAdmin(OwnAgencyAdmin):
    """The list of types that only go out signed, with its dates (Cần Thơ Điều 3.3q)."""

    list_display = ("type_name", "agency", "start_date", "end_date", "basis")
    list_select_related = ("agency",)
    search_fields = ("type_name", "basis")
