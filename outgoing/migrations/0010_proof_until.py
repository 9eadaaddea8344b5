from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outgoing", "0009_recall_undelivered"),
    ]

    operations = [
        migrations.AddField(
            model_name="issuedfile",
            name="proof_until",
            field=models.DateTimeField(blank=True, db_index=True, null=True),
        ),
    ]
