"""What people type about themselves: to sign in, their settings, who stands in for them."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, UsernameField
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.choices import Scope
from accounts.models import Preferences, User
from accounts.sign_in import LONGEST_NAME
from core.forms import DayField, own_words

WRONG = _("Tên đăng nhập hoặc mật khẩu chưa đúng.")


LETTERS = ("mail_work", "mail_urged", "mail_due", "mail_overdue", "mail_morning")


class LoginForm(AuthenticationForm):
    """Name and password; the same sentence whatever was wrong."""

    error_messages = {  # noqa: RUF012 -- as Django has it
        "invalid_login": WRONG,
        "inactive": WRONG,
    }
    # Nobody has such a name: refused here, before it is looked for and counted.
    username = UsernameField(
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autofocus": True}),
        error_messages={"max_length": WRONG, "null_characters_not_allowed": WRONG},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["username"].label = _("Tên đăng nhập")
        self.fields["password"].label = _("Mật khẩu")
        self.fields["password"].error_messages["null_characters_not_allowed"] = WRONG


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

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        new = values.get("new_password1")
        if new and new == values.get("old_password"):
            # Else the default password would stay, and count as changed.
            self.add_error("new_password1", _("Mật khẩu mới phải khác mật khẩu đang dùng."))
        return values


class AppointmentForm(forms.Form):
    """The post to act as from now on."""

    appointment = forms.IntegerField()


class PreferencesForm(forms.ModelForm):
    """One's own settings. Whose they are comes from the session, never from the form."""

    language = forms.ChoiceField(
        label=_("Ngôn ngữ"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )
    one_line = forms.TypedChoiceField(
        label=_("Danh sách văn bản đến"),
        choices=[("two", _("Hai dòng một văn bản")), ("one", _("Một dòng một văn bản"))],
        coerce=lambda value: value == "one",
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Preferences
        fields = (*LETTERS, "letter_keys", "one_line", "language")

    def __init__(self, chosen: Preferences, data: Any = None) -> None:
        first = {
            "language": chosen.language or get_language(),
            "one_line": "one" if chosen.one_line else "two",
        }
        super().__init__(data, instance=chosen, initial=first, auto_id="account-%s")
        own_words(self.fields)

    @property
    def letters(self) -> list[forms.BoundField]:
        """The switches of the letters."""
        return [self[name] for name in LETTERS]


class DelegationForm(forms.Form):
    """Whom, from when to when, how much (Bắc Giang Điều 5.3d)."""

    delegate = forms.ModelChoiceField(
        label=_("Người được ủy quyền"), queryset=User.objects.none(), empty_label=_("Chọn người")
    )
    start_date = DayField(label=_("Từ ngày"))
    end_date = DayField(label=_("Đến hết ngày"))
    scope = forms.ChoiceField(
        label=_("Phạm vi"), choices=Scope.choices, initial=Scope.ALL, widget=forms.RadioSelect
    )
    decision_number = forms.CharField(label=_("Văn bản ủy quyền số"), required=False, max_length=60)

    def __init__(self, people: list[User], data: Any = None) -> None:
        super().__init__(data, auto_id="delegation-%s")
        field = self.fields["delegate"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 -- as declared above
        field.queryset = User.objects.filter(pk__in=[one.pk for one in people]).by_name()
        own_words(
            self.fields,
            delegate=_("Chọn người được ủy quyền."),
            start_date=_("Ghi ngày bắt đầu."),
            end_date=_("Ghi ngày kết thúc."),
        )
