"""The admin pages: an agency administrator keeps his own house, and only that."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.choices import Role
from accounts.models import Agency, Appointment, Post, Unit, User
from documents.models import DocumentType
from tests.cast import PASSWORD, SINCE, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]
PAGES = ("agency", "unit", "appointment", "user")
PASSWORDS = {"password1": "mat-khau-moi-2026", "password2": "mat-khau-moi-2026"}


@pytest.fixture
def admin(cast, client):
    client.force_login(cast.admin)
    return client


def page(model: str, action: str = "changelist", *args) -> str:
    return reverse(f"admin:accounts_{model}_{action}", args=args)


def listed(answer) -> set:
    return set(answer.context["cl"].queryset)


def fields(answer) -> dict[str, object]:
    """What the form on the page would send, unchanged."""
    values: dict[str, object] = {}
    forms = [answer.context["adminform"].form]
    for inline in answer.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for name, field in form.fields.items():
            value = form.get_initial_for_field(field, name)
            value = field.prepare_value(value)
            if value is False or value is None:
                continue
            values[form.add_prefix(name)] = getattr(value, "pk", value)
    return values


def test_he_sees_his_own_agency_only(cast, admin):
    """Kon Tum Điều 22.2."""
    assert listed(admin.get(page("agency"))) == {cast.city}
    assert listed(admin.get(page("unit"))) == set(Unit.objects.filter(agency=cast.city))
    assert listed(admin.get(page("appointment"))) == set(
        Appointment.objects.filter(unit__agency=cast.city)
    )
    people = {one.username for one in listed(admin.get(page("user")))}
    assert {"clerk", "chair", "admin"} <= people
    assert not {"ward_clerk", "stranger", "strange_boss"} & people


def test_those_of_others_do_not_exist_for_him(cast, admin):
    """Kon Tum Điều 22.2: neither read, nor changed, nor their history."""
    root = User.objects.create_superuser("root", "root@example.com", "x", full_name="Root")
    foreign = {
        "agency": [cast.ward],
        "unit": [cast.ward_unit],
        "appointment": [cast.ward_clerk.appointments.get()],
        "user": [cast.ward_clerk, root],
    }
    for model, rows in foreign.items():
        for row in rows:
            for action in ("change", "history"):
                answer = admin.get(page(model, action, row.pk))
                assert answer.status_code in (302, 403, 404), (model, action)
            answer = admin.post(page(model, "change", row.pk), {"name": "x", "username": "x"})
            assert answer.status_code in (302, 403, 404)
    for row in (cast.ward_clerk, root):
        path = reverse("admin:auth_user_password_change", args=[row.pk])
        answer = admin.post(
            path, {"password1": "mat-khau-moi-2026", "password2": "mat-khau-moi-2026"}
        )
        assert answer.status_code in (302, 403, 404)
        before = row.password
        row.refresh_from_db()
        assert row.password == before
    cast.ward_unit.refresh_from_db()
    assert cast.ward_unit.name == "UBND phường"


def test_he_changes_what_is_his(cast, admin):
    answer = admin.get(page("unit", "change", cast.planning.pk))
    values = fields(answer) | {"name": "Phòng Kinh tế, Hạ tầng và Đô thị"}
    assert admin.post(page("unit", "change", cast.planning.pk), values).status_code == 302
    cast.planning.refresh_from_db()
    assert cast.planning.name == "Phòng Kinh tế, Hạ tầng và Đô thị"
    assert cast.planning.history.first().history_user == cast.admin


def test_a_unit_of_another_agency_is_no_choice(cast, admin):
    """Kon Tum Điều 22.2."""
    values = {
        "agency": cast.ward.pk,
        "name": "Lạ",
        "short_name": "L",
        "ordinal": 1,
        "is_active": "on",
    }
    answer = admin.post(page("unit", "add"), values)
    assert answer.status_code == 200
    assert "agency" in answer.context["adminform"].form.errors
    values |= {"agency": cast.city.pk, "parent": cast.ward_unit.pk}
    answer = admin.post(page("unit", "add"), values)
    assert "parent" in answer.context["adminform"].form.errors
    assert admin.post(page("unit", "add"), values | {"parent": cast.office.pk}).status_code == 302
    made = Unit.objects.get(name="Lạ")
    assert Post.objects.get(unit=made).role == Role.UNIT_HEAD


def test_he_appoints_in_his_units_and_his_people(cast, admin):
    """Kon Tum Điều 22.2."""
    values = {
        "user": cast.adviser.pk,
        "unit": cast.finance.pk,
        "role": Role.DEPUTY_HEAD,
        "title": "Phó Trưởng phòng",
        "start_date": "2026-03-02",
        "decision_number": "12/QĐ-UBND",
    }
    for field, key in (("unit", cast.ward_unit.pk), ("user", cast.ward_clerk.pk)):
        answer = admin.post(page("appointment", "add"), values | {field: key})
        assert answer.status_code == 200
        assert field in answer.context["adminform"].form.errors
    assert admin.post(page("appointment", "add"), values).status_code == 302
    made = Appointment.objects.get(decision_number="12/QĐ-UBND")
    assert (made.user, made.unit, made.start_date) == (cast.adviser, cast.finance, date(2026, 3, 2))
    # Its post is there before the first verb needs it.
    assert Post.objects.filter(unit=cast.finance, role=Role.DEPUTY_HEAD).exists()
    wrong = values | {"end_date": "2026-03-01", "decision_number": "13"}
    answer = admin.post(page("appointment", "add"), wrong)
    assert "Ngày kết thúc phải sau ngày bắt đầu." in answer.content.decode()


def test_he_cannot_make_himself_more_than_he_is(cast, admin):
    """Kon Tum Điều 22.2: no field of the form gives it, and none that is sent along."""
    path = page("user", "change", cast.admin.pk)
    answer = admin.get(path)
    assert not {"is_superuser", "is_staff", "groups", "user_permissions"} & set(
        answer.context["adminform"].form.fields
    )
    values = fields(answer) | {"is_superuser": "on", "is_staff": "on", "phone": "0260"}
    answer = admin.post(path, values)
    assert answer.status_code == 302, answer.context["errors"]
    cast.admin.refresh_from_db()
    assert (cast.admin.phone, cast.admin.is_superuser, cast.admin.is_staff) == (
        "0260",
        False,
        False,
    )


def test_an_agency_keeps_what_the_installation_gave_it(cast, admin):
    answer = admin.get(page("agency", "change", cast.city.pk))
    fixed = {"slug", "organ_id", "parent", "regulation_name", "is_active"}
    assert not fixed & set(answer.context["adminform"].form.fields)
    values = fields(answer) | {"slug": "khac", "regulation_name": "nd-30-2020", "name": "UBND TP"}
    assert admin.post(page("agency", "change", cast.city.pk), values).status_code == 302
    city = Agency.objects.get(pk=cast.city.pk)
    assert (city.name, city.slug, city.regulation_name) == ("UBND TP", "kontum", "kon-tum-2017")
    assert admin.get(page("agency", "add")).status_code == 403


@pytest.mark.parametrize("model", PAGES)
def test_nothing_is_deleted(cast, admin, model):
    """NĐ 30/2020: whoever acted stays known; posts end, accounts are switched off."""
    row = {
        "agency": cast.city,
        "unit": cast.finance,
        "appointment": cast.accountant.appointments.get(),
        "user": cast.accountant,
    }[model]
    assert admin.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    answer = admin.post(
        page(model), {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    )
    assert answer.status_code in (200, 302)
    assert type(row).objects.filter(pk=row.pk).exists()


def test_a_new_account_has_to_change_its_password(cast, admin):
    """Kon Tum Điều 7.2, 21.3."""
    form = admin.get(page("user", "add"))
    values = fields(form) | {
        "username": "moi",
        "full_name": "Người Mới",
        "password1": "mat-khau-mac-dinh-1",
        "password2": "mat-khau-mac-dinh-1",
    }
    answer = admin.post(page("user", "add"), values)
    assert answer.status_code == 302, answer.context["errors"]
    user = User.objects.get(username="moi")
    assert (user.must_change_password, user.is_superuser, user.is_staff) == (True, False, False)


def test_who_works_elsewhere_too_is_seen_and_not_changed(cast, admin):
    """His password would open the other agency as well."""
    Appointment.objects.create(
        user=cast.adviser, unit=cast.ward_unit, role=Role.LEADER, title="Chủ tịch", start_date=SINCE
    )
    assert cast.adviser in listed(admin.get(page("user")))
    before = User.objects.get(pk=cast.adviser.pk).password
    path = reverse("admin:auth_user_password_change", args=[cast.adviser.pk])
    assert admin.post(path, PASSWORDS).status_code == 403
    answer = admin.post(page("user", "change", cast.adviser.pk), {"username": "khac"})
    assert answer.status_code == 403
    assert User.objects.get(pk=cast.adviser.pk).password == before
    # One's own people only: that works.
    path = reverse("admin:auth_user_password_change", args=[cast.accountant.pk])
    assert admin.post(path, PASSWORDS).status_code == 302


@pytest.mark.parametrize(
    ("starts", "active"), [(date(2020, 1, 1), True), (date(2099, 1, 1), True), (SINCE, False)]
)
def test_who_is_to_work_elsewhere_is_not_changed_either(cast, admin, starts, active):
    """Today, later, or with an account that is switched off: the password is not his to give."""
    Appointment.objects.create(
        user=cast.adviser,
        unit=cast.ward_unit,
        role=Role.LEADER,
        title="Chủ tịch",
        start_date=starts,
    )
    User.objects.filter(pk=cast.adviser.pk).update(is_active=active)
    before = User.objects.get(pk=cast.adviser.pk).password
    path = reverse("admin:auth_user_password_change", args=[cast.adviser.pk])
    assert admin.post(path, PASSWORDS).status_code == 403
    answer = admin.post(page("user", "change", cast.adviser.pk), {"is_active": "on"})
    assert answer.status_code == 403
    found = User.objects.get(pk=cast.adviser.pk)
    assert (found.password, found.is_active) == (before, active)


def test_a_new_account_of_somebody_else_is_not_his(cast, admin):
    """Else he would appoint it to his agency, and give it a password."""
    boss = User.objects.create_superuser("boss", "boss@example.com", "x", full_name="Quản trị")
    User.objects.filter(pk=boss.pk).update(must_change_password=False)
    other = make_person(cast.ward_unit, Role.AGENCY_ADMIN, "other", "Quản Trị Phường", "QT")
    made = {}
    for number, maker in enumerate((boss, other, cast.admin)):
        admin.force_login(maker)
        values = fields(admin.get(page("user", "add"))) | {
            "username": f"new{number}",
            "full_name": "Người Mới",
            **PASSWORDS,
        }
        assert admin.post(page("user", "add"), values).status_code == 302
        made[maker] = User.objects.get(username=f"new{number}")
    nobodys = User.objects.create(username="nobodys", full_name="Không Ai")
    for maker, own in made.items():
        admin.force_login(maker)
        seen = listed(admin.get(page("user"))) & {*made.values(), nobodys}
        assert seen == ({*made.values(), nobodys} if maker == boss else {own})
    admin.force_login(cast.admin)
    for foreign in (made[boss], made[other], nobodys):
        before = foreign.password
        path = reverse("admin:auth_user_password_change", args=[foreign.pk])
        assert admin.post(path, PASSWORDS).status_code in (302, 403, 404)
        foreign.refresh_from_db()
        assert foreign.password == before
        values = {
            "user": foreign.pk,
            "unit": cast.finance.pk,
            "role": Role.SPECIALIST,
            "title": "Chuyên viên",
            "start_date": "2026-03-02",
        }
        answer = admin.post(page("appointment", "add"), values)
        assert "user" in answer.context["adminform"].form.errors
    # Once the other agency has appointed him, he is not the maker's any more.
    Appointment.objects.create(
        user=made[cast.admin], unit=cast.ward_unit, role=Role.CLERK, title="VT", start_date=SINCE
    )
    assert made[cast.admin] not in listed(admin.get(page("user")))


def test_an_old_version_is_read_and_never_put_back(cast, client):
    """Posted, it would be saved as it was, with what the form does not show."""
    boss = User.objects.create_superuser("boss", "boss@example.com", "x", full_name="Quản trị")
    User.objects.filter(pk=boss.pk).update(must_change_password=False)
    rows = {
        "agency": cast.city,
        "unit": cast.planning,
        "appointment": cast.head.appointments.get(),
        "user": cast.head,
    }
    for model, row in rows.items():
        version = row.history.last()
        path = reverse(f"admin:accounts_{model}_simple_history", args=[row.pk, version.history_id])
        for who in (cast.admin, boss):
            client.force_login(who)
            shown = client.get(path).context["adminform"].form
            values = {
                name: "" if shown[name].value() is None else shown[name].value()
                for name in shown.fields
            }
            before = type(row).objects.filter(pk=row.pk).values().get()
            count = row.history.count()
            for method in (client.post, client.put, client.patch, client.delete):
                assert method(path, values if method == client.post else "").status_code == 403
            assert type(row).objects.filter(pk=row.pk).values().get() == before
            assert row.history.count() == count
            assert client.head(path).status_code == 200


@pytest.mark.parametrize(
    "name", ["chair", "chief", "clerk", "head", "specialist", "archivist", "stranger"]
)
def test_others_stay_outside(cast, client, name):
    """Kon Tum Điều 22.2."""
    client.force_login(getattr(cast, name))
    paths = [reverse("admin:index"), *(page(model) for model in PAGES), page("user", "add")]
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 302, path
        assert answer.url.startswith("/admin/login/?next=")
        assert client.get(answer.url).status_code == 403


def test_an_administrator_comes_in_by_the_offices_door(cast, client):
    """He is no staff of Django, and has one account for everything (Kon Tum Điều 11.1)."""
    for path in (page("user"), reverse("admin:index")):
        answer = client.get(path, follow=True)
        assert answer.redirect_chain[-1] == (f"/login/?next={path}", 302)
    signed = {"username": "admin", "password": PASSWORD, "next": page("user")}
    assert client.post("/login/", signed).url == page("user")
    assert client.get(page("user")).status_code == 200


def test_an_administrator_whose_post_has_ended_stays_outside(cast, client):
    cast.admin.appointments.update(end_date=date(2021, 1, 1))
    client.force_login(cast.admin)
    assert client.get(page("user")).status_code == 302


def test_an_agencys_own_types_are_its_own(cast, admin):
    """Cần Thơ Điều 19.6: own types beside the national ones, which nobody of an agency changes."""
    national = DocumentType.objects.filter(agency=None).first()
    own = DocumentType.objects.create(agency=cast.city, type_name="Phiếu trình giải quyết")
    foreign = DocumentType.objects.create(agency=cast.ward, type_name="Giấy xác nhận")
    found = listed(admin.get(reverse("admin:documents_documenttype_changelist")))
    assert own in found
    assert national in found
    assert foreign not in found
    for row, status in ((own, 302), (national, 403), (foreign, 302)):
        values = {"agency": cast.city.pk, "type_name": "Đổi tên", "ordinal": 1}
        path = reverse("admin:documents_documenttype_change", args=[row.pk])
        assert admin.post(path, values).status_code == status
    names = {one.pk: one.type_name for one in DocumentType.objects.all()}
    assert (names[own.pk], names[foreign.pk]) == ("Đổi tên", "Giấy xác nhận")
    assert names[national.pk] == national.type_name


def test_an_administrator_of_two_agencies_has_both(cast, client):
    both = make_person(cast.office, Role.AGENCY_ADMIN, "both", "Hai Nơi", "Quản trị")
    Appointment.objects.create(
        user=both, unit=cast.ward_unit, role=Role.AGENCY_ADMIN, title="QT", start_date=SINCE
    )
    client.force_login(both)
    assert listed(client.get(page("agency"))) == {cast.city, cast.ward}


def test_an_account_is_named_by_the_regulation(cast, admin):
    """Kon Tum Điều 7.2: initials and given name; a name that is taken is refused with words."""
    values = fields(admin.get(page("user", "add"))) | {
        "username": "",
        "full_name": "Nguyễn Quốc Bảo",
        **PASSWORDS,
    }
    assert admin.post(page("user", "add"), values).status_code == 302
    assert User.objects.filter(username="nqbao.tp@kontum.gov.vn").count() == 1
    again = admin.post(page("user", "add"), values)
    assert again.status_code == 200
    assert "Gõ tên tài khoản" in again.context["adminform"].form.errors["username"][0]


def test_a_reset_password_is_a_default_one(cast, admin):
    """Kon Tum Điều 21.3: a password that somebody else has set is changed by its owner first."""
    url = reverse("admin:auth_user_password_change", args=[cast.specialist.pk])
    assert admin.post(url, PASSWORDS).status_code == 302
    cast.specialist.refresh_from_db()
    assert cast.specialist.check_password(PASSWORDS["password1"])
    assert cast.specialist.must_change_password


def test_the_history_of_each_page_opens(cast, admin, client):
    """Who changed what is readable for an agency administrator and for the installation's own."""
    boss = User.objects.create(
        username="boss", full_name="Quản trị", is_superuser=True, is_staff=True
    )
    boss.must_change_password = False
    boss.save()
    rows = {
        "agency": cast.city,
        "unit": cast.planning,
        "appointment": cast.head.appointments.first(),
        "user": cast.head,
    }
    for model, row in rows.items():
        row.save()
        version = row.history.first()
        for who in (cast.admin, boss):
            client.force_login(who)
            assert client.get(page(model, "history", row.pk)).status_code == 200
            url = reverse(
                f"admin:accounts_{model}_simple_history", args=[row.pk, version.history_id]
            )
            assert client.get(url).status_code == 200, (model, who)


def test_nobody_appoints_himself(cast, admin):
    """Kon Tum Điều 22.2: whoever provisions accounts gives himself no other post by them."""
    post = {"unit": cast.leaders.pk, "role": Role.LEADER, "title": "Chủ tịch"}
    held = Appointment.objects.get(user=cast.admin)
    answer = admin.post(
        page("appointment", "add"), post | {"user": cast.admin.pk, "start_date": "2026-01-01"}
    )
    assert "user" in answer.context["adminform"].form.errors
    changed = admin.post(page("appointment", "change", held.pk), post | {"user": cast.admin.pk})
    assert changed.status_code == 403
    values = fields(admin.get(page("user", "change", cast.admin.pk)))
    values |= {f"appointments-0-{name}": value for name, value in post.items()}
    values |= {"appointments-TOTAL_FORMS": 1, "appointments-0-start_date": "2026-01-01"}
    admin.post(page("user", "change", cast.admin.pk), values)
    assert list(Appointment.objects.filter(user=cast.admin)) == [held]
    assert Appointment.objects.get(pk=held.pk).role == Role.AGENCY_ADMIN
