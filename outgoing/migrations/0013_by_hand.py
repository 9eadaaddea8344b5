from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outgoing", "0012_excerpts"),
    ]

    operations = [
        migrations.AddField(
            model_name="draftversion",
            name="text_places",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="conversion",
            name="look",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="conversion",
            name="article",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="conversion",
            name="answer",
            field=models.CharField(blank=True, max_length=64),
        ),
    ]
