"""What people type to sign in."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.utils.translation import gettext_lazy as _


class LoginForm(AuthenticationForm):
    """Name and password; the same sentence whatever was wrong."""

    error_messages = {  # noqa: RUF012 -- as Django has it
        "invalid_login": _("Tên đăng nhập hoặc mật khẩu chưa đúng."),
        "inactive": _("Tên đăng nhập hoặc mật khẩu chưa đúng."),
    }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["username"].label = _("Tên đăng nhập")
        self.fields["password"].label = _("Mật khẩu")


class PasswordForm(PasswordChangeForm):
    """One's own new password (Kon Tum Điều 11.2, 21.3)."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["old_password"].label = _("Mật khẩu đang dùng")
        self.fields["new_password1"].label = _("Mật khẩu mới")
        self.fields["new_password2"].label = _("Gõ lại mật khẩu mới")
        self.fields["new_password1"].help_text = _(
            "Ít nhất 10 ký tự, không chỉ gồm chữ số, không giống tên đăng nhập."
        )


class AppointmentForm(forms.Form):
    """The post to act as from now on."""

    appointment = forms.IntegerField()
