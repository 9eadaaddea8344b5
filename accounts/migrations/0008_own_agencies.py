"""The agencies of the installation stand in the directory of recipients."""

from django.db import migrations

from core.text import fold


def fill(apps, _schema):
    agencies = apps.get_model("accounts", "Agency").objects.all()
    entries = apps.get_model("accounts", "DirectoryEntry").objects
    rows = {
        agency.pk: entries.create(
            organ_id=agency.organ_id,
            organ_name=agency.name,
            email=agency.mailbox,
            agency=agency,
            is_active=agency.is_active,
            search_text=fold(f"{agency.name} {agency.organ_id}"),
        )
        for agency in agencies
    }
    for agency in agencies:
        if agency.parent_id:
            entries.filter(pk=rows[agency.pk].pk).update(parent=rows[agency.parent_id])


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_directory'),
    ]

    # The table goes with the migration before.
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
