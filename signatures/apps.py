from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register


def anchors_are_certificates(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A wrong trust anchor stops the start: it would turn every verdict into "unknown"."""
    if not settings.SIGNATURE_ANCHORS:
        return []
    from signatures.pdf import wrong_anchors  # noqa: PLC0415 -- slow import, rarely needed

    return [
        Error(f"SIGNATURE_ANCHORS: {words}", id="signatures.E001")
        for words in wrong_anchors(settings.SIGNATURE_ANCHORS)
    ]


class SignaturesConfig(AppConfig):
    name = "signatures"

    def ready(self) -> None:
        register(anchors_are_certificates)
