"""What the tests of the registering form share."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core import clock
from documents.catalogue import TYPES
from documents.models import DocumentType


@pytest.fixture
def upload_file() -> Callable[[bytes, str], SimpleUploadedFile]:
    """A file as the browser sends it."""
    return lambda content, name="quet-001.pdf": SimpleUploadedFile(
        name, content, content_type="application/pdf"
    )


@pytest.fixture
def typed() -> Callable[..., dict[str, Any]]:
    """What a clerk types from an ordinary letter, as the browser sends it."""

    def fill(**changes: Any) -> dict[str, Any]:
        today = clock.today()
        values: dict[str, Any] = {
            "gate": "none",
            "arrival_date": f"{today:%d/%m/%Y}",
            "type_name": "Công văn",
            "priority": "0",
            "organ_name": "UBND tỉnh Kon Tum",
            "language": "Tiếng Việt",
            "code_number": "4127",
            "code_notation": "UBND-HTKT",
            "issued_date": f"{today - timedelta(days=2):%d/%m/%Y}",
            "subject": "Khắc phục sạt lở bờ kè sông Đăk Bla",
            "signer_position": "Phó Chủ tịch",
            "signer_full_name": "Lê Hoàng Sơn",
            "channel": "paper",
        }
        return values | changes

    return fill


@pytest.fixture
def types(cast: SimpleNamespace) -> None:
    """The types of documents: tests with real commits empty the catalogue's table, too."""
    for place, one in enumerate(TYPES, start=1):
        DocumentType.objects.get_or_create(
            agency=None,
            type_name=one.name,
            defaults={"abbreviation": one.abbreviation, "ordinal": place},
        )
