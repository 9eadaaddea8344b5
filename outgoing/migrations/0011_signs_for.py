import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """By which delegation a document is signed in another's place."""

    dependencies = [
        ("accounts", "0008_own_agencies"),
        ("outgoing", "0010_proof_until"),
    ]

    operations = [
        migrations.AddField(
            model_name="outgoingdocument",
            name="signs_for",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.delegation",
            ),
        ),
    ]
