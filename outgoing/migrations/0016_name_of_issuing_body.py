"""A body is told by a name of its own, as a sentence writes it: several print one header."""

import re
import unicodedata

from django.db import migrations, models

# "thành phố" and its like, behind which a proper name stands; not "xã hội", not "hợp tác xã".
_PLACES = re.compile(
    r"\b((?:tỉnh|thành|thị|quận|huyện) (?:ủy|đoàn)|thành phố|thị xã|thị trấn|đặc khu|tỉnh|quận"
    r"|huyện|phường|(?<!tác )xã(?! hội\b)) (.+)$"
)
_NAMED = (
    "ủy ban nhân dân", "hội đồng nhân dân", "đoàn đại biểu quốc hội", "văn phòng", "chủ tịch",
)  # fmt: skip
# Behind these the name of what they look after begins with a capital.
_HEADS = re.compile(
    r"\b(?:sở|(?<!văn )phòng|(?<!ủy )ban|chi cục|cục|trung tâm|thanh tra) \w"
)
_SEVERAL = re.compile(r"\b(?:Sở|(?<!Văn )(?<!văn )Phòng) .+")  # each thing that these look after
_FURTHER = re.compile(r"(?:, | và )\w")
_DASHED = re.compile(r" [-–] \w")
_WORD = re.compile(r"[^\W\d_]+")
# A word that nobody can read as a syllable is an abbreviation: THPT, HĐND, UBND.
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdđghklmnprstvx])?[aeiouy]{1,3}"
    r"(?:ch|ng|nh|[ckmnpt])?"
)
_TONES = "\u0300\u0301\u0303\u0309\u0323"  # huyền, sắc, ngã, hỏi, nặng
_LATE_TONE = re.compile(rf"(?<!q)(o[ae]|uy)([{_TONES}])(?!\w)")


def folded(name):
    """A name whichever way it is written: capitals, spaces, "uỷ" and "hoà" for "ủy" and "hòa"."""
    text = unicodedata.normalize("NFD", " ".join(name.lower().split()))
    text = _LATE_TONE.sub(lambda late: late[1][0] + late[2] + late[1][1], text)
    return unicodedata.normalize("NFC", text)


def _is_syllable(word):
    parts = unicodedata.normalize("NFD", word)
    return _SYLLABLE.fullmatch("".join(one for one in parts if not unicodedata.combining(one)))


def _last_up(found):
    return found[0][:-1] + found[0][-1].upper()


def sentence_of(organ_name):
    """The header "ỦY BAN NHÂN DÂN THÀNH PHỐ KON TUM" as a sentence writes it."""
    if organ_name != organ_name.upper():
        return organ_name
    text, place = unicodedata.normalize("NFC", organ_name).lower(), ""
    text = re.sub(r"\buỷ\b", "ủy", text)
    if found := _PLACES.search(text):
        named = " ".join(word.capitalize() for word in found[2].split())
        text, place = text[: found.start()], f"{found[1]} {named}"
    text = _HEADS.sub(lambda head: f"{head[0][:-1].capitalize()}{head[0][-1].upper()}", text)
    text = _SEVERAL.sub(lambda rest: _FURTHER.sub(_last_up, rest[0]), text)
    text = _DASHED.sub(_last_up, text)
    for one in _NAMED:
        text = text.replace(one, one.capitalize())
    text = _WORD.sub(
        lambda word: word[0] if _is_syllable(word[0].lower()) else word[0].upper(), text
    )
    text += place
    return text[:1].upper() + text[1:]


def fill(apps, schema_editor):
    """What each is called so far; its administrators see it beside the header and may change it."""
    body = apps.get_model("outgoing", "IssuingBody")
    unit = apps.get_model("accounts", "Unit")
    taken = set()
    for row in body.objects.select_related("agency").order_by("pk"):
        units = unit.objects.filter(agency=row.agency_id).order_by("pk")
        known = [row.agency.name, *units.values_list("name", flat=True)]
        same = [
            one for one in known if folded(one) == folded(row.organ_name) and one != one.upper()
        ]
        name = same[0] if same else sentence_of(row.organ_name)
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
