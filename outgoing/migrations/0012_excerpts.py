from django.db import migrations, models


class Migration(migrations.Migration):
    """An excerpt is of whole pages, or a part given in words."""

    dependencies = [
        ("outgoing", "0011_signs_for"),
    ]

    operations = [
        migrations.AddField(
            model_name="outgoingdocument",
            name="copied_part",
            field=models.CharField(
                blank=True,
                default="",
                max_length=200,
                verbose_name="phần được trích sao",
            ),
            preserve_default=False,
        ),
        migrations.RemoveConstraint(model_name="outgoingdocument", name="copy_whole"),
        migrations.AddConstraint(
            model_name="outgoingdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("copied_pages", ""),
                    ("copied_part", ""),
                    ("copy_kind", ""),
                    ("copy_of__isnull", True),
                )
                | models.Q(
                    ("copied_pages", ""),
                    ("copied_part", ""),
                    ("copy_kind__in", ["SAO Y", "SAO LỤC"]),
                    ("copy_of__isnull", False),
                )
                | models.Q(
                    ("copy_kind", "TRÍCH SAO"),
                    ("copy_of__isnull", False),
                    models.Q(("copied_pages", ""), ("copied_part", ""), _negated=True),
                ),
                name="copy_whole",
            ),
        ),
    ]
