from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('outgoing', '0016_name_of_issuing_body'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='issuingbody', name='issuing_body_once'),
        migrations.AddConstraint(
            model_name='issuingbody',
            constraint=models.UniqueConstraint(fields=('agency', 'name'), name='issuing_body_once'),
        ),
        migrations.AlterField(
            model_name='issuingbody',
            name='deciding_post',
            field=models.CharField(blank=True, help_text='Dòng trên căn cứ của quyết định: ỦY BAN NHÂN DÂN THÀNH PHỐ khi ký TM., CHỦ TỊCH ỦY BAN NHÂN DÂN THÀNH PHỐ khi người đứng đầu quyết định.', max_length=200, verbose_name='thẩm quyền ban hành'),
        ),
        migrations.AlterField(
            model_name='historicalissuingbody',
            name='deciding_post',
            field=models.CharField(blank=True, help_text='Dòng trên căn cứ của quyết định: ỦY BAN NHÂN DÂN THÀNH PHỐ khi ký TM., CHỦ TỊCH ỦY BAN NHÂN DÂN THÀNH PHỐ khi người đứng đầu quyết định.', max_length=200, verbose_name='thẩm quyền ban hành'),
        ),
    ]
