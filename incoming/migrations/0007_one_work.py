"""Assignments, later days and opinions are the documents' from here on; their rows are moved there."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0011_one_work'),
        ('incoming', '0006_grid_and_proposals'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel(name='Extension'),
                migrations.DeleteModel(name='Opinion'),
                migrations.DeleteModel(name='Assignment'),
            ],
        ),
    ]
