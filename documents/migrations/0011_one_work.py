"""Assignments, later days and opinions come down from incoming documents: one table for all work.

The rows stay where they lie: the tables are renamed and point at the document itself, whose key an
incoming document has anyway. Names of constraints that the models know follow; those that Django
makes itself (of keys and their indexes) it finds by what they hold, whatever they are called.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CHECKS = {
    "assignment": ("percent", "urge_known", "state_known", "role_known", "closed_when_done"),
    "extension": ("outcome", "day_when_agreed", "decided"),
    "opinion": (),
}


def _move(old: str, new: str, target: str, before: str = "", after: str = "") -> list[str]:
    """The statements that move the three tables from one app to the other."""
    found = []
    for name, checks in CHECKS.items():
        table = f"{new}_{name}"
        found += [
            f"ALTER TABLE {old}_{name} RENAME TO {table}",
            f"ALTER SEQUENCE {old}_{name}_id_seq RENAME TO {table}_id_seq",
            *(
                f"ALTER TABLE {table} RENAME CONSTRAINT {before}{name}_{check} TO {after}{name}_{check}"
                for check in checks
            ),
        ]
        if name == "extension":
            continue  # it points at its assignment
        found += [
            f"""DO $$ DECLARE found text; BEGIN
            SELECT conname INTO STRICT found FROM pg_constraint c
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
            WHERE c.contype = 'f' AND c.conrelid = '{table}'::regclass AND a.attname = 'document_id';
            EXECUTE format('ALTER TABLE {table} DROP CONSTRAINT %I', found);
            END $$""",
            f"""ALTER TABLE {table} ADD CONSTRAINT {table}_document_id_fk
            FOREIGN KEY (document_id) REFERENCES {target} DEFERRABLE INITIALLY DEFERRED""",
        ]
    names = ", ".join(f"'{name}'" for name in CHECKS)
    found.append(
        f"""UPDATE django_content_type SET app_label = '{new}'
        WHERE app_label = '{old}' AND model IN ({names})"""
    )
    return found


DOWN = _move("incoming", "documents", "documents_document (id)", before="incoming_")
UP = _move(
    "documents", "incoming", "incoming_incomingdocument (document_ptr_id)", after="incoming_"
)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_opening_hour'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('documents', '0010_dossiers'),
        # The tables are made there; from here on they are ours.
        ('incoming', '0006_grid_and_proposals'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(DOWN, UP)],
            state_operations=[
                migrations.CreateModel(
                    name='Assignment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('role', models.CharField(choices=[('lead', 'Chủ trì'), ('coordinate', 'Phối hợp'), ('inform', 'Để biết')], max_length=10, verbose_name='vai trò')),
                        ('state', models.CharField(choices=[('waiting', 'Chưa xem'), ('in_process', 'Đang xử lý'), ('done', 'Đã xong'), ('sent_back', 'Đã chuyển trả'), ('recalled', 'Đã thu hồi')], default='waiting', max_length=10)),
                        ('directive', models.CharField(blank=True, max_length=1000, verbose_name='ý kiến chỉ đạo')),
                        ('due_date', models.DateField(blank=True, null=True, verbose_name='thời hạn')),
                        ('percent', models.PositiveSmallIntegerField(default=0)),
                        ('urge_level', models.PositiveSmallIntegerField(default=0)),
                        ('result', models.TextField(blank=True, verbose_name='kết quả')),
                        ('given_at', models.DateTimeField()),
                        ('closed_at', models.DateTimeField(blank=True, null=True)),
                        ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='documents.document')),
                        ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.appointment')),
                        ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='documents.assignment')),
                        ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit')),
                        ('urge', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.documentact')),
                    ],
                    options={
                        'verbose_name': 'phân công',
                        'verbose_name_plural': 'phân công',
                        'ordering': ('given_at', 'pk'),
                    },
                ),
                migrations.CreateModel(
                    name='Extension',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('old_day', models.DateField(verbose_name='thời hạn cũ')),
                        ('wanted_day', models.DateField(verbose_name='xin gia hạn đến')),
                        ('reason', models.TextField(verbose_name='lý do xin gia hạn')),
                        ('asked_at', models.DateTimeField()),
                        ('outcome', models.CharField(choices=[('asked', 'Chờ quyết định'), ('agreed', 'Đồng ý'), ('refused', 'Không đồng ý'), ('closed', 'Khép lại')], default='asked', max_length=10)),
                        ('granted_day', models.DateField(blank=True, null=True, verbose_name='gia hạn đến')),
                        ('answer', models.TextField(blank=True, verbose_name='ý kiến')),
                        ('decided_at', models.DateTimeField(blank=True, null=True)),
                        ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.appointment')),
                        ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='extensions', to='documents.assignment')),
                        ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.appointment')),
                    ],
                    options={
                        'verbose_name': 'gia hạn',
                        'verbose_name_plural': 'gia hạn',
                        'ordering': ('pk',),
                    },
                ),
                migrations.CreateModel(
                    name='Opinion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('question', models.TextField(verbose_name='nội dung xin ý kiến')),
                        ('due_date', models.DateField(blank=True, null=True, verbose_name='thời hạn góp ý')),
                        ('asked_at', models.DateTimeField()),
                        ('stance', models.CharField(blank=True, choices=[('agree', 'Thống nhất'), ('disagree', 'Không thống nhất'), ('other', 'Ý kiến khác')], max_length=10, verbose_name='ý kiến')),
                        ('text', models.TextField(blank=True, verbose_name='nội dung góp ý')),
                        ('answered_at', models.DateTimeField(blank=True, null=True)),
                        ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                        ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.appointment')),
                        ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.appointment')),
                        ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='documents.document')),
                        ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit')),
                    ],
                    options={
                        'verbose_name': 'góp ý',
                        'verbose_name_plural': 'góp ý',
                        'ordering': ('pk',),
                    },
                ),
                migrations.AddIndex(
                    model_name='assignment',
                    index=models.Index(condition=models.Q(('state__in', ('waiting', 'in_process'))), fields=['unit', 'due_date'], name='assignment_open_unit'),
                ),
                migrations.AddIndex(
                    model_name='assignment',
                    index=models.Index(condition=models.Q(('state__in', ('waiting', 'in_process'))), fields=['person', 'due_date'], name='assignment_open_person'),
                ),
                migrations.AddConstraint(
                    model_name='assignment',
                    constraint=models.CheckConstraint(condition=models.Q(('percent__lte', 100)), name='assignment_percent'),
                ),
                migrations.AddConstraint(
                    model_name='assignment',
                    constraint=models.CheckConstraint(condition=models.Q(('urge_level__lte', 3)), name='assignment_urge_known'),
                ),
                migrations.AddConstraint(
                    model_name='assignment',
                    constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'in_process', 'done', 'sent_back', 'recalled'])), name='assignment_state_known'),
                ),
                migrations.AddConstraint(
                    model_name='assignment',
                    constraint=models.CheckConstraint(condition=models.Q(('role__in', ['lead', 'coordinate', 'inform'])), name='assignment_role_known'),
                ),
                migrations.AddConstraint(
                    model_name='assignment',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('state__in', ('waiting', 'in_process'))), models.Q(('closed_at__isnull', False), ('state__in', ('done', 'sent_back', 'recalled'))), _connector='OR'), name='assignment_closed_when_done'),
                ),
                migrations.AddConstraint(
                    model_name='assignment',
                    constraint=models.UniqueConstraint(condition=models.Q(('role', 'lead'), ('state__in', ('waiting', 'in_process'))), fields=('document', 'parent'), name='one_open_lead_under_each', nulls_distinct=False),
                ),
                migrations.AddConstraint(
                    model_name='extension',
                    constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['asked', 'agreed', 'refused', 'closed'])), name='extension_outcome'),
                ),
                migrations.AddConstraint(
                    model_name='extension',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('granted_day__isnull', False), ('outcome', 'agreed')), models.Q(models.Q(('outcome', 'agreed'), _negated=True), ('granted_day__isnull', True)), _connector='OR'), name='extension_day_when_agreed'),
                ),
                migrations.AddConstraint(
                    model_name='extension',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('outcome', 'asked')), models.Q(models.Q(('outcome', 'asked'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='extension_decided'),
                ),
                migrations.AddConstraint(
                    model_name='extension',
                    constraint=models.UniqueConstraint(condition=models.Q(('outcome', 'asked')), fields=('assignment',), name='one_open_extension'),
                ),
                migrations.AddConstraint(
                    model_name='opinion',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('answered_by__isnull', True), ('stance', '')), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), ('stance__in', ['agree', 'disagree', 'other'])), _connector='OR'), name='opinion_given_once'),
                ),
                migrations.AddConstraint(
                    model_name='opinion',
                    constraint=models.CheckConstraint(condition=models.Q(('answered_at__isnull', True), ('withdrawn_at__isnull', True), _connector='OR'), name='opinion_given_or_withdrawn'),
                ),
            ],
        ),
    ]
