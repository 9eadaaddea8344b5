from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutgoingConfig(AppConfig):
    name = "outgoing"
    verbose_name = _("Văn bản đi")

    def ready(self) -> None:
        # A dossier holds our drafts and may not import us: we tell it how they are shown.
        # What is taken out of the incoming book may have been copied.
        from outgoing import filed, held  # noqa: PLC0415 -- models are there only now

        filed.register()
        held.register()
