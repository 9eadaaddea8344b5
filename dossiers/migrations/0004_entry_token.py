from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dossiers', '0003_work'),
    ]

    operations = [
        migrations.AddField(
            model_name='dossier',
            name='entry_token',
            field=models.UUIDField(default=None, editable=False, null=True, unique=True),
        ),
    ]
