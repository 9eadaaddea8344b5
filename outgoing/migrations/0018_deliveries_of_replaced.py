"""What was not sent because another document took its place is not followed; it is missing again
once that one is recalled."""

from django.db import migrations, models

FOLLOWED = ["02", "06", "15", "16", "fail", "lost", "off", "repl", "sent"]
MISSING = ["", "02", "fail", "lost", "repl"]


class Migration(migrations.Migration):
    dependencies = [("outgoing", "0017_issuing_body_by_name")]

    operations = [
        migrations.RemoveIndex(model_name="delivery", name="delivery_followed"),
        migrations.RemoveIndex(model_name="delivery", name="delivery_missing"),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                fields=["received"],
                condition=models.Q(("received__isnull", False))
                & ~models.Q(("status__in", FOLLOWED)),
                name="delivery_followed",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                fields=["document"],
                condition=models.Q(("status__in", MISSING)),
                name="delivery_missing",
            ),
        ),
    ]
