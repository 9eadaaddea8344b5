from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0013_outgoing'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='savedfilter',
            name='filter_page_known',
        ),
        migrations.AlterField(
            model_name='savedfilter',
            name='page',
            field=models.CharField(choices=[('book', 'Văn bản đến'), ('search', 'Tìm văn bản'), ('dossiers', 'Hồ sơ công việc')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='savedfilter',
            constraint=models.CheckConstraint(condition=models.Q(('page__in', ['book', 'search', 'dossiers'])), name='filter_page_known'),
        ),
    ]
