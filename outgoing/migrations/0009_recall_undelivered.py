"""A recall that reaches nobody stands among what has not arrived, and is not followed."""

from django.db import migrations, models

FOLLOWED = ["02", "06", "15", "16", "fail", "lost", "off", "sent"]
MISSING = ["", "02", "fail", "lost"]


class Migration(migrations.Migration):
    dependencies = [("outgoing", "0008_signed_kinds")]

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
