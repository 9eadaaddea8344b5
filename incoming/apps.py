from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncomingConfig(AppConfig):
    name = "incoming"
    verbose_name = _("Văn bản đến")

    def ready(self) -> None:
        # A dossier holds our documents and may not import us: we tell it how they are shown, and
        # the forms of all work what an agency often writes.
        from incoming import filed, suggesting  # noqa: PLC0415 -- models are there only now

        filed.register()
        suggesting.register()
