"""Dossiers and the year's catalogue: each line has one dossier, what it lacks is approved first."""

import pytest
from django.urls import reverse

from accounts.models import Agency
from core import clock
from core.errors import Refusal
from documents.models import DocumentAct
from dossiers import actions
from dossiers.actions import Fields, cataloguing, issuing
from dossiers.models import Dossier, PlannedDossier
from tests import cast as play
from tests.cast import act_as
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]


@pytest.fixture
def can_tho(cast):
    Agency.objects.filter(pk=cast.city.pk).update(regulation_name="can-tho-2019")
    return cast


def fields(notation: str, **changes) -> Fields:
    values = {"title": "Kè sông Đăk Bla", "file_notation": notation, "maintenance": "Vĩnh viễn"}
    return Fields(**(values | changes))


def line(notation: str) -> PlannedDossier:
    return PlannedDossier.objects.get(file_notation=notation)


def test_what_the_catalogue_lacks_is_approved_first(can_tho, issued, client):
    """Cần Thơ Điều 13.1: "hồ sơ không có trong Danh mục hồ sơ đã ban hành ... bổ sung ... sau khi
    được phê duyệt".
    """
    cast, me = can_tho, act_as(can_tho.specialist)
    with pytest.raises(actions.NotPlanned) as refused:
        actions.open(me, fields("99.ZZZ"))
    assert "khoản 1 Điều 13" in refused.value.article
    assert refused.value.field == "file_notation"
    client.force_login(cast.specialist)
    typed = {
        "title": "Kè",
        "file_notation": "99.QLĐT",
        "maintenance": "20 năm",
        "start_date": f"{clock.today():%d/%m/%Y}",
        "creator": "Linh",
        "language": "Tiếng Việt",
        "keeper": cast.specialist.appointments.get().pk,
    }
    path = reverse("dossiers:new_dossier", args=["kontum"])
    answer = client.post(path, typed)
    assert answer.status_code == 409
    assert f'href="{issued.get_absolute_url()}?edit=new-line#edit"' in answer.content.decode()
    assert not Dossier.objects.exists()
    # Proposed it waits; approved it is opened, and it is the line's.
    town = issued.headings.get(title="Quản lý đô thị")
    entry = cataloguing.LineEntry(
        "99.QLĐT", "Kè", "20 năm", "Phòng Quản lý đô thị", town, unit=cast.planning
    )
    new = cataloguing.propose_line(me, issued, entry)
    with pytest.raises(actions.NotPlanned, match="đang chờ duyệt"):
        actions.open(me, fields("99.QLĐT"))
    issuing.approve_line(act_as(cast.chair), new, version=new.version)
    assert client.post(path, typed).status_code == 302
    assert Dossier.objects.get().planned == new


def test_where_nothing_says_so_it_is_opened_outside_the_catalogue(cast, issued):
    """NĐ 30/2020 Điều 29 alone: Kon Tum names no approval of later ones."""
    assert actions.open(act_as(cast.specialist), fields("99.ZZZ")).planned is None


def test_without_an_issued_catalogue_of_the_year_any_notation_is_free(can_tho, draft):
    assert actions.open(act_as(can_tho.specialist), fields("99.ZZZ")).planned is None


@pytest.mark.parametrize("typed", ["01.QLĐT", "1qlđt", "01. QLĐT"])
def test_a_dossier_with_the_notation_of_a_line_is_its_dossier(cast, issued, typed):
    """Cần Thơ Điều 13.3b: "số và ký hiệu hồ sơ được xác định theo Danh mục hồ sơ"."""
    dossier = actions.open(act_as(cast.specialist), fields(typed))
    assert dossier.planned == line("01.QLĐT")
    assert dossier.code_notation == "01.QLĐT"
    # Its act says so, too: it was opened by the catalogue.
    assert DocumentAct.objects.get(target=dossier.pk).detail["way"] == "planned"
    with pytest.raises(actions.CodeTaken):
        actions.open(act_as(cast.head), fields("01.QLĐT"), planned=line("01.QLĐT"))


def test_also_when_it_is_opened_from_a_document(cast, issued, pdf, client):
    """Cần Thơ Điều 13.1: whoever is given the document takes the notation from the catalogue."""
    document, other = play.assigned(cast, pdf), play.assigned(cast, pdf, code_number="2")
    Agency.objects.filter(pk=cast.city.pk).update(regulation_name="can-tho-2019")
    me = act_as(cast.specialist)
    with pytest.raises(actions.NotPlanned):
        actions.open(me, fields("98.KHAC"), source=document)
    client.force_login(cast.specialist)
    path = reverse("dossiers:new_dossier", args=["kontum"])
    page = client.get(path, {"from": document.pk}).content.decode()
    planned = line("02.QLĐT")
    assert f"?planned={planned.pk}&amp;from={document.pk}" in page
    page = client.get(path, {"from": document.pk, "planned": planned.pk}).content.decode()
    assert 'value="02.QLĐT"' in page
    assert f'name="from" value="{document.pk}"' in page
    assert f'name="planned" value="{planned.pk}"' in page
    dossier = actions.open(me, fields("02.QLĐT"), source=document)
    assert (dossier.planned, dossier.items.count()) == (planned, 1)
    with pytest.raises(actions.CodeTaken):
        actions.open(me, fields("02.QLĐT"), source=other, planned=planned)


def test_a_line_fixes_the_notation(cast, issued, client):
    """Cần Thơ Điều 13.3b; another notation would use the line up."""
    me, planned = act_as(cast.specialist), line("01.QLĐT")
    with pytest.raises(Refusal, match=r"ghi hồ sơ này là 01\.QLĐT") as refused:
        actions.open(me, fields("98.KHAC"), planned=planned)
    assert refused.value.field == "file_notation"
    assert not Dossier.objects.exists()
    client.force_login(cast.specialist)
    path = reverse("dossiers:new_dossier", args=["kontum"])
    page = client.get(path, {"planned": planned.pk}).content.decode()
    assert "readonly" in page.split('name="file_notation"')[1].split(">")[0]


def test_a_task_that_grows_takes_its_line(can_tho, issued):
    """Cần Thơ Điều 13.1."""
    cast = can_tho
    keeper = cast.specialist.appointments.get()
    task = actions.open_task(act_as(cast.head), Fields(title="Việc"), keeper=keeper, text="Làm.")
    with pytest.raises(actions.NotPlanned):
        actions.grow(act_as(cast.specialist), task, fields("99.ZZZ"))
    grown = actions.grow(act_as(cast.specialist), task, fields("01.QLĐT"))
    assert grown.planned == line("01.QLĐT")


def test_a_line_of_another_unit_is_not_used_up(can_tho, issued):
    """Cần Thơ Điều 13.1: the catalogue says who opens it; the office may for anybody."""
    cast = can_tho
    with pytest.raises(Refusal, match="cho người khác lập") as refused:
        actions.open(act_as(cast.accountant), fields("01.QLĐT"))
    assert refused.value.field == "file_notation"
    assert actions.open(act_as(cast.chief), fields("01.QLĐT")).planned == line("01.QLĐT")


def test_the_period_of_the_line_binds(cast, issued):
    """NĐ 30/2020 Phụ lục V: the catalogue names the retention."""
    with pytest.raises(Refusal, match="ngắn hơn danh mục") as refused:
        actions.open(act_as(cast.specialist), fields("01.QLĐT", maintenance="5 năm"))
    assert refused.value.field == "maintenance"


def test_a_wrong_line_is_mended(can_tho, issued):
    """The line that was taken by mistake is free again; what the catalogue lacks stays refused."""
    me = act_as(can_tho.specialist)
    dossier = actions.open(me, fields("01.QLĐT"))
    with pytest.raises(actions.NotPlanned):
        actions.correct(me, dossier, fields("97.QLĐT"), reason="Nhầm.")
    mended = actions.correct(me, dossier, fields("02.QLĐT"), reason="Nhầm.")
    assert mended.planned == line("02.QLĐT")
    assert mended.file_code.endswith(".02.QLĐT")
    mended = actions.correct(me, mended, fields("02.QLĐT", title="Tên khác"), reason="Tên.")
    assert mended.planned == line("02.QLĐT")
    assert actions.open(me, fields("01.QLĐT")).planned == line("01.QLĐT")


def test_what_was_opened_before_the_catalogue_keeps_its_name(can_tho, draft):
    cast, me = can_tho, act_as(can_tho.specialist)
    dossier = actions.open(me, fields("99.ZZZ"))
    submitted = issuing.submit(act_as(cast.archivist), draft)
    issuing.approve(
        act_as(cast.chair),
        submitted,
        version=submitted.version,
        decision_number="15/QĐ",
        decided_date=clock.today(),
    )
    mended = actions.correct(me, dossier, fields("99.ZZZ", title="Tên khác"), reason="Tên.")
    assert (mended.subject, mended.planned) == ("Tên khác", None)
