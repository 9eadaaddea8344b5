from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('outgoing', '0014_typed_drafts'),
    ]

    operations = [
        migrations.AddField(
            model_name='conversion',
            name='for_annex',
            field=models.BooleanField(default=False),
        ),
        migrations.RemoveConstraint(model_name='batch', name='batch_verb_known'),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.CheckConstraint(condition=models.Q(('verb__in', ('sign', 'number', 'seal', 'renew'))), name='batch_verb_known'),
        ),
        migrations.RemoveConstraint(model_name='issuedfile', name='issued_file_step_known'),
        migrations.AddConstraint(
            model_name='issuedfile',
            constraint=models.CheckConstraint(condition=models.Q(('step__in', ['signed', 'numbered', 'scan', 'sealed', 'renewed'])), name='issued_file_step_known'),
        ),
        migrations.AlterField(
            model_name='issuedfile',
            name='step',
            field=models.CharField(choices=[('signed', 'Bản đã ký số'), ('numbered', 'Bản đã ghi số, ngày'), ('scan', 'Bản quét từ bản giấy đã ký'), ('sealed', 'Bản phát hành'), ('renewed', 'Bản phát hành, đã gia hạn chữ ký')], max_length=8),
        ),
    ]
