"""A key that another has replaced leaves no key file behind."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def throw_away(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rows = apps.get_model("signatures", "SigningKey").objects.filter(is_active=False)
    rows.exclude(secret=b"").update(secret=b"")


class Migration(migrations.Migration):
    dependencies = (("signatures", "0002_errands"),)

    operations = (migrations.RunPython(throw_away, migrations.RunPython.noop, elidable=True),)
