from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutgoingConfig(AppConfig):
    name = "outgoing"
    verbose_name = _("Văn bản đi")

    def ready(self) -> None:
        # A dossier holds our drafts and may not import us: we tell it how they are shown.
        from outgoing import filed  # noqa: PLC0415 -- models are there only now

        filed.register()
