"""Admin of the keys of agencies: their administrators keep them, their clerks sign with them."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin import OwnAgencyAdmin
from accounts.admin_site import administered
from accounts.models import Agency
from core.errors import Refusal
from signatures import actions
from signatures.forms import KeyForm
from signatures.models import SigningKey
from signatures.pictures import as_address


class SealForm(KeyForm):
    """A key of an agency, with the picture of its seal."""

    is_seal = True
    field_order = (
        *("agency", "label", "back_end", "file", "pin", "token_label", "key_label"),
        *("picture", "width_mm"),
    )

    agency = forms.ModelChoiceField(label=_("Cơ quan"), queryset=Agency.objects.none())
    token_label = forms.CharField(label=_("Tên thiết bị"), required=False, max_length=64)
    key_label = forms.CharField(label=_("Tên khóa trong thiết bị"), required=False, max_length=64)
    request: HttpRequest

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.pop("instance", None)
        super().__init__(*args, **kwargs)
        self.instance = SigningKey()
        self.fields["picture"].label = _("Hình dấu")
        self.fields["picture"].help_text = _("PNG nền trong suốt, màu đỏ, kích thước thực tế.")
        if not settings.PKCS11_MODULE:
            del self.fields["token_label"], self.fields["key_label"]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if self.errors:
            return values
        try:
            self.instance = actions.keep_key(
                self.request.user,  # type: ignore[arg-type]
                self.entry(),
                agency=values["agency"],
            )
        except Refusal as refusal:
            field = refusal.field if refusal.field in self.fields else None
            raise ValidationError(
                {field: str(refusal)} if field else f"{refusal} {refusal.article}".strip()
            ) from refusal
        return values

    def save(self, commit: bool = True) -> SigningKey:
        """It is kept already: the verb has done it."""
        return self.instance

    def save_m2m(self) -> None:
        """Nothing more."""


@admin.register(SigningKey)
class SigningKeyAdmin(OwnAgencyAdmin):
    """Keys of agencies: added and retired, never edited. Those of people are their own."""

    list_display = ("label", "agency", "subject_name", "valid_to", "back_end", "is_active", "lock")
    list_filter = ("is_active", "back_end")
    list_select_related = ("agency",)
    search_fields = ("label", "subject_name", "serial")
    actions = ("retire", "unlock")
    readonly_fields = (
        *("agency", "label", "back_end", "subject_name", "issuer_name", "serial"),
        *("valid_from", "valid_to", "token_label", "key_label", "locked_at", "is_active"),
        *("seal", "picture_width_mm"),
    )

    @admin.display(description=_("bị khóa"), boolean=True)
    def lock(self, key: SigningKey) -> bool:
        """Whether wrong PINs have locked it."""
        return key.locked_at is not None

    @admin.display(description=_("hình dấu"))
    def seal(self, key: SigningKey) -> SafeString | str:
        """The picture."""
        if not key.picture:
            return "–"
        return format_html('<img src="{}" alt="" height="160">', as_address(bytes(key.picture)))

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).filter(agency__isnull=False)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.readonly_fields if obj else list(SealForm.field_order)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.readonly_fields if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_change_permission(request)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is not None:
            return super().get_fieldsets(request, obj)
        left_out = () if settings.PKCS11_MODULE else ("token_label", "key_label")
        fields = [name for name in SealForm.field_order if name not in left_out]
        return [(None, {"fields": fields})]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is not None:
            return super().get_form(request, obj, change=change, **kwargs)
        agencies = Agency.objects.filter(is_active=True)
        if not request.user.is_superuser:
            agencies = agencies.filter(pk__in=administered(request))

        class Asked(SealForm):
            def __init__(self, *args: Any, **more: Any) -> None:
                super().__init__(*args, **more)
                self.request = request
                field = self.fields["agency"]
                assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 -- as declared
                field.queryset = agencies

        return Asked

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The verb has kept it."""

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        return [{"added": {}}]

    @admin.action(description=_("Thôi dùng khóa đã chọn"))
    def retire(self, request: HttpRequest, rows: QuerySet) -> None:
        """Sign with them no more."""
        for key in rows.filter(is_active=True):
            actions.retire(request.user, key)  # type: ignore[arg-type]
        messages.success(request, gettext("Đã thôi dùng khóa."))

    @admin.action(description=_("Mở các khóa bị khóa vì sai mã PIN"))
    def unlock(self, request: HttpRequest, rows: QuerySet) -> None:
        """Wrong PINs are forgotten."""
        for key in rows.filter(is_active=True):
            actions.unlock(request.user, key)  # type: ignore[arg-type]
        messages.success(request, gettext("Đã mở khóa."))
