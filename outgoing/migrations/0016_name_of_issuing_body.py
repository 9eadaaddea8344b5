"""A body is told by a name of its own, as a sentence writes it: several print one header."""

import re

from django.db import migrations, models

# "thành phố" and its like, behind which a proper name stands; not "xã hội", not "hợp tác xã".
_PLACES = re.compile(
    r"\b(thành phố|thị xã|thị trấn|đặc khu|tỉnh|quận|huyện|phường|(?<!tác )xã(?! hội\b)) (.+)$"
)
_NAMED = (
    "ủy ban nhân dân", "hội đồng nhân dân", "đoàn đại biểu quốc hội", "văn phòng", "chủ tịch",
)  # fmt: skip
# Behind these the name of what they look after begins with a capital.
_HEADS = re.compile(
    r"\b(?:sở|(?<!văn )phòng|(?<!ủy )ban|chi cục|cục|trung tâm|thanh tra) \w"
)
_SHORT = re.compile(r"\b(?:hđnd|ubnd|mttq)\b")


def sentence_of(organ_name):
    """The header "ỦY BAN NHÂN DÂN THÀNH PHỐ KON TUM" as a sentence writes it."""
    if organ_name != organ_name.upper():
        return organ_name
    text, place = organ_name.lower(), ""
    if found := _PLACES.search(text):
        named = " ".join(word.capitalize() for word in found[2].split())
        text, place = text[: found.start()], f"{found[1]} {named}"
    text = _SHORT.sub(lambda short: short[0].upper(), text)
    text = _HEADS.sub(lambda head: f"{head[0][:-1].capitalize()}{head[0][-1].upper()}", text)
    for one in _NAMED:
        text = text.replace(one, one.capitalize())
    text += place
    return text[:1].upper() + text[1:]


def fill(apps, schema_editor):
    """What each is called so far; its administrators see it beside the header and may change it."""
    body = apps.get_model("outgoing", "IssuingBody")
    taken = set()
    for row in body.objects.select_related("agency").order_by("pk"):
        name = sentence_of(row.organ_name)
        if row.agency.name.upper() == row.organ_name:
            name = row.agency.name
        if (row.agency_id, name) in taken:
            name = f"{name[:180]} ({row.pk})"
        taken.add((row.agency_id, name))
        body.objects.filter(pk=row.pk).update(name=name)


class Migration(migrations.Migration):

    dependencies = [
        ('outgoing', '0015_renewed_proofs_and_annexes'),
    ]

    operations = [
        migrations.AddField(
            model_name='issuingbody',
            name='name',
            field=models.CharField(default='', help_text='Như viết trong câu: Chủ tịch Ủy ban nhân dân thành phố Kon Tum. In ở dòng “Kèm theo” của phụ lục và ở giấy mời.', max_length=200, verbose_name='tên gọi'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='historicalissuingbody',
            name='name',
            field=models.CharField(default='', help_text='Như viết trong câu: Chủ tịch Ủy ban nhân dân thành phố Kon Tum. In ở dòng “Kèm theo” của phụ lục và ở giấy mời.', max_length=200, verbose_name='tên gọi'),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
