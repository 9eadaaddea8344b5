"""A key as it is handed in."""

from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.forms import own_words
from documents.uploads import path_of
from signatures.actions import KeyEntry
from signatures.actions.keeping import LARGEST_FILE, WIDTHS
from signatures.choices import LONGEST_PIN, BackEnd


class PictureForm(forms.Form):
    """The picture that a signature shows, in its real size."""

    is_seal = False

    picture = forms.FileField(
        label=_("Hình chữ ký"),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,.png,.jpg,.jpeg"}),
        help_text=_("PNG nền trong suốt, mực xanh; ảnh chụp trên giấy trắng cũng được."),
    )
    width_mm = forms.DecimalField(
        label=_("Bề rộng hình (mm)"),
        max_digits=4,
        decimal_places=1,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.5"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "key-%s")
        super().__init__(*args, **kwargs)
        usual, least, most = WIDTHS[self.is_seal]
        self.fields["width_mm"].initial = usual
        self.fields["width_mm"].help_text = _("Từ %(least)d đến %(most)d, như in ra giấy.") % {
            "least": least,
            "most": most,
        }
        own_words(self.fields, picture=_("Chọn hình."))

    def drawn(self) -> Path:
        """Where the picture lies that came with the form."""
        return path_of(self.cleaned_data["picture"].token)


class KeyForm(PictureForm):
    """A key file with its PIN, or a certificate whose key stays with its holder."""

    field_order: tuple[str, ...] = (*("back_end", "file", "pin", "label", "picture", "width_mm"),)

    back_end = forms.ChoiceField(
        label=_("Khóa nằm ở đâu"), widget=forms.RadioSelect, initial=BackEnd.PKCS12
    )
    file = forms.FileField(
        label=_("Tệp khóa hoặc tệp chứng thư số"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".p12,.pfx,.cer,.crt,.pem,.der"}),
        help_text=_(
            "Khóa giữ trên máy chủ: tệp .p12 hoặc .pfx. Khóa ở thiết bị của mình: tệp .cer, .crt."
        ),
    )
    pin = forms.CharField(
        label=_("Mã PIN"),
        required=False,
        max_length=LONGEST_PIN,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Mã mở tệp .p12. Hệ thống không lưu mã này; mỗi lần ký đều hỏi lại."),
    )
    label = forms.CharField(label=_("Tên gọi"), required=False, max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [BackEnd.PKCS12, BackEnd.PLUGIN, BackEnd.ELSEWHERE]
        if self.is_seal and settings.PKCS11_MODULE:
            offered.insert(1, BackEnd.PKCS11)
        field = self.fields["back_end"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- as declared above
        field.choices = [(one.value, one.label) for one in offered]
        self.fields["picture"].required = False

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        back_end = values.get("back_end")
        if back_end != BackEnd.PKCS11 and back_end and not values.get("file"):
            self.add_error("file", _("Chọn tệp khóa hoặc tệp chứng thư số."))
        if back_end in (BackEnd.PKCS12, BackEnd.PKCS11) and not values.get("pin"):
            self.add_error("pin", _("Gõ mã PIN."))
        return values

    def entry(self) -> KeyEntry:
        """What the verb is given."""
        values = self.cleaned_data
        file = values.get("file")
        return KeyEntry(
            back_end=values["back_end"],
            label=values.get("label", ""),
            pin=values.get("pin", ""),
            file=file.read(LARGEST_FILE + 1) if file else b"",
            token_label=values.get("token_label", ""),
            key_label=values.get("key_label", ""),
            picture=self.drawn() if values.get("picture") else None,
            width_mm=values.get("width_mm"),
        )


class PasswordForm(forms.Form):
    """Who asks shows once more who he is."""

    password = forms.CharField(
        label=_("Mật khẩu đăng nhập"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "key-%s")
        super().__init__(*args, **kwargs)
        own_words(self.fields, password=_("Gõ mật khẩu đăng nhập."))
