"""The acts that tell a story have an index; the language of a dossier takes 50 letters."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("documents", "0015_copies"),)

    operations = (
        migrations.AddIndex(
            "documentact",
            models.Index(
                condition=models.Q(("verb__in", ("add_item", "move_item")), _negated=True),
                fields=["target", "at"],
                name="act_of_story",
            ),
        ),
        migrations.AlterField(
            "document",
            "language",
            models.CharField(blank=True, max_length=50, verbose_name="ngôn ngữ"),
        ),
        migrations.AlterField(
            "historicaldocument",
            "language",
            models.CharField(blank=True, max_length=50, verbose_name="ngôn ngữ"),
        ),
    )
