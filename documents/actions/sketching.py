"""A stored file whose text was never looked at is looked at once more."""

from pathlib import Path

from django.conf import settings
from django.core.files.storage import storages
from django.db import transaction

from documents.inspection import inspect
from documents.models import StoredFile


def sketch_stored(file: StoredFile) -> None:
    """Keep the sketch of a file's words with what is known of it; empty when it has none.

    It takes time, and holds the row only at its end. Nothing else of what is known is touched.
    """
    found = inspect(
        Path(storages["store"].path(file.path)),
        seconds=settings.INSPECTION_SECONDS,
        memory_mib=settings.INSPECTION_MEMORY,
    )
    with transaction.atomic():
        row = StoredFile.objects.select_for_update().filter(pk=file.pk).first()
        if row is not None:  # taken out meanwhile
            row.inspection["sketch"] = found.sketch
            row.save(update_fields=["inspection"])
