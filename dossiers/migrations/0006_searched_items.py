"""Notes and file names of dossiers are found without marks, as documents are."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from core.text import fold


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rows = apps.get_model("dossiers", "Item").objects.filter(document__isnull=True)
    for row in rows.select_related("attachment").iterator():
        name = row.attachment.file_name if row.attachment else ""
        row.search_text = fold(f"{row.text} {name}")
        row.save(update_fields=["search_text"])


class Migration(migrations.Migration):
    dependencies = (("dossiers", "0005_file_code_once"),)

    operations = (
        migrations.AddField(
            model_name="item",
            name="search_text",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    )
