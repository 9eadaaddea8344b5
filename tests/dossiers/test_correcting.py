"""Two who mend a dossier at once, and codes that differ in their letters' case alone."""

import pytest
from django.db import IntegrityError, transaction

from core import clock
from core.errors import Refusal, Stale
from dossiers import actions
from dossiers.actions import Fields
from dossiers.models import Dossier
from tests.cast import act_as

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]


def fields(**changes) -> Fields:
    values = {"title": "Kè sông Đăk Bla", "file_notation": "01.XD", "maintenance": "20 năm"}
    return Fields(**(values | changes))


def typed(**changes) -> dict[str, str]:
    return {
        "title": "Kè sông Đăk Bla",
        "file_notation": "01.XD",
        "maintenance": "20 năm",
        "start_date": f"{clock.today():%d/%m/%Y}",
        "creator": "Linh",
        "language": "Tiếng Việt",
        "reason": "Nhầm.",
        **changes,
    }


def test_what_another_has_mended_meanwhile_is_not_overwritten(cast, client):
    """The head opens the form; the specialist mends the title; the head's save is refused once."""
    dossier = actions.open(act_as(cast.specialist), fields())
    path = f"{dossier.get_absolute_url()}correct/"
    client.force_login(cast.head)
    page = client.get(path).content.decode()
    assert 'name="seen" value="1"' in page
    actions.correct(
        act_as(cast.specialist), dossier, fields(title="Kè sông Pô Kô"), reason="Nhầm sông."
    )
    mine = typed(rights="", description="Ghi chú của trưởng phòng", seen="1")
    answer = client.post(path, mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "đã có bước mới từ lúc mở trang này" in page
    assert "Hoàng Thị Mỹ Linh" in page
    assert "Ghi chú của trưởng phòng" in page  # what he typed stays
    assert 'name="seen" value="2"' in page
    dossier.refresh_from_db()
    assert (dossier.subject, dossier.description) == ("Kè sông Pô Kô", "")
    # Having read it he saves again.
    assert client.post(path, mine | {"title": "Kè sông Pô Kô", "seen": "2"}).status_code == 302
    dossier.refresh_from_db()
    assert (dossier.subject, dossier.description) == ("Kè sông Pô Kô", "Ghi chú của trưởng phòng")


def test_the_verb_refuses_what_was_drawn_before(cast):
    dossier, me = actions.open(act_as(cast.specialist), fields()), act_as(cast.specialist)
    actions.correct(me, dossier, fields(title="Một"), reason="Nhầm.", seen=1)
    with pytest.raises(Stale, match="Bước gần nhất"):
        actions.correct(me, dossier, fields(title="Hai"), reason="Nhầm.", seen=1)
    assert Dossier.objects.get(pk=dossier.pk).subject == "Một"


def test_a_code_is_one_whatever_the_case_of_its_letters(cast):
    """Cần Thơ Điều 13.3: 01.XD and 01.xd name one dossier, as they name one line."""
    first = actions.open(act_as(cast.specialist), fields())
    with pytest.raises(actions.CodeTaken) as refused:
        actions.open(act_as(cast.specialist), fields(file_notation="01.xd"))
    assert refused.value.other == first
    second = actions.open(act_as(cast.specialist), fields(file_notation="02.XD"))
    with pytest.raises(actions.CodeTaken):
        actions.correct(
            act_as(cast.specialist), second, fields(file_notation="1xd"), reason="Nhầm."
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Dossier.objects.filter(pk=second.pk).update(file_code=first.file_code.lower())


def test_every_field_takes_as_many_letters_as_the_table_has(cast, client):
    """TT 01/2019 Phụ lục VI: no letter less, none more; each field says where it stops."""
    longest = {"title": 500, "rights": 30, "creator": 30, "language": 50, "description": 500}
    client.force_login(cast.specialist)
    new, keeper = "/kontum/dossiers/new/", cast.specialist.appointments.get().pk
    full = {name: "ữ" * count for name, count in longest.items()}
    full["file_notation"] = f"01.{'T' * 17}"
    answer = client.post(new, typed(**full, keeper=keeper))
    assert answer.status_code == 302
    made = Dossier.objects.get()
    columns = {"title": "subject"}
    for name, value in longest.items():
        assert getattr(made, columns.get(name, name)) == "ữ" * value
    assert made.file_notation == full["file_notation"]
    for name, count in longest.items():
        over = typed(file_notation="02.XD", keeper=keeper, **{name: "ữ" * (count + 1)})
        answer = client.post(new, over)
        assert answer.status_code == 422
        assert f"Dài quá {count} ký tự" in answer.content.decode(), name
        with pytest.raises(Refusal, match=f"dài quá {count} ký tự"):
            actions.open(
                act_as(cast.specialist), fields(file_notation="02.XD", **{name: "ữ" * (count + 1)})
            )
    answer = client.post(new, typed(file_notation=f"02.{'T' * 18}", keeper=keeper))
    assert "dài quá 20 ký tự" in answer.content.decode()
    assert Dossier.objects.count() == 1
