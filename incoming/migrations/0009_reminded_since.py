"""The day since when the work waits belongs to what makes a reminder the same."""

from django.db import migrations, models

# What waits still has been told of as it stands: nobody is told once more by an upgrade.
FILL = """
    UPDATE incoming_reminder AS told
    SET since = (waits.since AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
    FROM documents_waiting AS waits
    WHERE waits.document_id = told.document_id
      AND waits.verb = told.verb
      AND waits.user_id IS NOT DISTINCT FROM told.user_id
      AND waits.group_id IS NOT DISTINCT FROM told.group_id
      AND waits.assignment = told.assignment
"""


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0015_copies"),
        ("incoming", "0008_exchanged"),
    ]

    operations = [
        migrations.AddField(
            model_name="reminder",
            name="since",
            field=models.DateField(null=True),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="reminder", name="reminded_once"),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                fields=(
                    "agency",
                    "due_date",
                    "document",
                    "kind",
                    "verb",
                    "user",
                    "group",
                    "assignment",
                    "since",
                ),
                name="reminded_once",
                nulls_distinct=False,
            ),
        ),
    ]
