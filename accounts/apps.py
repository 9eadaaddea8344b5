from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.regulation import load_all


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Cơ quan và con người")

    def ready(self) -> None:
        # A wrong regulation file stops the start, not the first clerk who meets it.
        load_all()
