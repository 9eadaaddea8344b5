"""The 29 types of NĐ 30/2020 Điều 7, and the days that the holiday calendar does not know."""

from django.db import migrations

from documents.catalogue import TYPES
from documents.workdays import SEED


def fill(apps, schema_editor):
    types = apps.get_model("documents", "DocumentType")
    types.objects.bulk_create(
        [
            types(type_name=one.name, abbreviation=one.abbreviation, ordinal=place)
            for place, one in enumerate(TYPES, start=1)
        ],
        ignore_conflicts=True,
    )
    days = apps.get_model("documents", "CalendarDay")
    days.objects.bulk_create(
        [days(date=one.day, kind=one.kind, name=one.name, source=one.source) for one in SEED],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_search_and_trail")]

    # Backwards the rows stay: papers may already carry their names.
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
