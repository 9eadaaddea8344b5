"""The lines of a proposal: shown to the leader, agreed to or changed, and back with the chief."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.actions import delegate, revoke
from accounts.models import Agency
from core import clock
from core.errors import NotYours, Refusal
from documents.choices import AssignmentRole
from documents.models import DocumentAct
from incoming import actions, rules, verifying
from incoming.actions import Line, lines_of
from incoming.forms.deciding import AGREED, CHANGED
from incoming.models import CannedDirective, IncomingDocument
from incoming.proposed import agreed_lines, proposed_lines
from tests import cast as play
from tests.cast import act_as
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]


@pytest.fixture
def day():
    return clock.today() + timedelta(days=8)


@pytest.fixture
def proposed(cast, pdf, day):
    """A document before the chair, with lines."""
    lines = [
        Line(AssignmentRole.LEAD, cast.planning, None, "Kiểm tra.", day),
        Line(AssignmentRole.COORDINATE, cast.finance, None, "Bố trí kinh phí.", day),
        Line(AssignmentRole.INFORM, cast.office, cast.adviser),
    ]
    document = play.submitted(cast, pdf)
    return actions.propose(
        act_as(cast.chief), document, cast.chair, text="Xin ý kiến.", lines=lines
    )


def agreed(document) -> list[Line]:
    fresh = IncomingDocument.objects.get(pk=document.pk)
    return agreed_lines([fresh]).get(document.pk, [])


def shown(cast, **changes: str) -> dict[str, str]:
    """The form as the leader's phone sends it."""
    day = clock.today() + timedelta(days=8)
    values = {
        "rows": "4",
        "who-0": f"u{cast.planning.pk}",
        "directive-0": "Kiểm tra.",
        "due_date-0": f"{day:%d/%m/%Y}",
        "who-1": f"u{cast.finance.pk}",
        "directive-1": "Bố trí kinh phí.",
        "due_date-1": f"{day:%d/%m/%Y}",
        "inform": f"p{cast.adviser.pk}.{cast.office.pk}",
        "text": "",
    }
    return values | changes


def test_the_act_keeps_the_lines_under_its_hash_and_their_words_beside_it(proposed, cast, day):
    """Kon Tum Điều 13.2."""
    act = proposed.acts.last()
    assert act.detail["lines"] == [
        {"role": "lead", "unit": cast.planning.pk, "person": None, "due_date": day.isoformat()},
        {
            "role": "coordinate",
            "unit": cast.finance.pk,
            "person": None,
            "due_date": day.isoformat(),
        },
        {"role": "inform", "unit": cast.office.pk, "person": cast.adviser.pk, "due_date": None},
    ]
    assert [one.directive for one in lines_of([act])[act.pk]] == [
        "Kiểm tra.",
        "Bố trí kinh phí.",
        "",
    ]


def test_two_leads_are_not_proposed(cast, pdf):
    """NĐ 30/2020 Điều 23.2."""
    lines = [Line(AssignmentRole.LEAD, cast.planning), Line(AssignmentRole.LEAD, cast.finance)]
    with pytest.raises(Refusal, match="chỉ có một nơi chủ trì"):
        actions.propose(
            act_as(cast.chief), play.submitted(cast, pdf), cast.chair, text="Trình", lines=lines
        )


def test_the_chief_fills_the_lines_into_the_propose_form(client, cast, pdf, day):
    """Kon Tum Điều 13.2 → /incoming/<id>/propose/"""
    document = play.submitted(cast, pdf)
    client.force_login(cast.chief)
    form = shown(cast, text="Xin ý kiến.", leader=str(cast.chair.pk))
    assert client.post(f"{document.get_absolute_url()}propose/", form).status_code == 302
    act = document.acts.last()
    assert [(one["role"], one["unit"]) for one in act.detail["lines"]] == [
        ("lead", cast.planning.pk),
        ("coordinate", cast.finance.pk),
        ("inform", cast.office.pk),
    ]
    client.force_login(cast.chair)
    page = client.get(document.get_absolute_url()).content.decode()
    for words in ("Chủ trì", "Phòng Quản lý đô thị", "Phối hợp", f"{day:%d/%m/%Y}", "Kiểm tra."):
        assert words in page


def test_consent_sends_the_proposed_lines_back_to_the_chief(client, proposed, cast, day):
    """Kon Tum Điều 13.3 → /incoming/<id>/"""
    client.force_login(cast.chair)
    page = f"{proposed.get_absolute_url()}direct/"
    assert client.post(page, shown(cast, agree="1")).status_code == 302
    act = DocumentAct.objects.get(verb="direct")
    assert act.words.text == AGREED
    assert act.to_state == "submitted"
    assert [(one.role, one.unit, one.directive, one.due_date) for one in agreed(proposed)] == [
        ("lead", cast.planning, "Kiểm tra.", day),
        ("coordinate", cast.finance, "Bố trí kinh phí.", day),
        ("inform", cast.office, "", None),
    ]
    client.force_login(cast.chief)
    form = client.get(f"{proposed.get_absolute_url()}?do=distribute").context["form"]
    first, second = form.rows[:2]
    assert (first["who"].value(), second["who"].value()) == (
        f"u{cast.planning.pk}",
        f"u{cast.finance.pk}",
    )
    assert first["due"].value() == day
    assert form["inform"].value() == [f"p{cast.adviser.pk}.{cast.office.pk}"]


def test_consent_without_any_field_agrees_to_what_was_proposed(client, proposed, cast):
    """Kon Tum Điều 13.3: a phone that sends only the button."""
    client.force_login(cast.chair)
    client.post(f"{proposed.get_absolute_url()}direct/", {"agree": "1"})
    assert [one.unit for one in agreed(proposed)] == [cast.planning, cast.finance, cast.office]


def test_another_lead_and_another_day(client, proposed, cast, day):
    """Kon Tum Điều 13.3: the leader changes what was proposed; the words for the other are gone."""
    client.force_login(cast.chair)
    later = day + timedelta(days=2)
    changed = shown(
        cast,
        agree="1",
        text="Giao TCKH.",
        **{
            "who-0": f"u{cast.finance.pk}",
            "due_date-0": f"{later:%d/%m/%Y}",
            "who-1": f"p{cast.adviser.pk}.{cast.office.pk}",
            "inform": "",
        },
    )
    del changed["inform"]
    assert client.post(f"{proposed.get_absolute_url()}direct/", changed).status_code == 302
    assert DocumentAct.objects.get(verb="direct").words.text == f"{CHANGED}\nGiao TCKH."
    assert [(one.role, one.unit, one.person, one.directive) for one in agreed(proposed)] == [
        ("lead", cast.finance, None, ""),
        ("coordinate", cast.office, cast.adviser, ""),
    ]
    assert agreed(proposed)[0].due_date == later


def test_other_words_alone_agree_to_no_lines(client, proposed, cast):
    """Kon Tum Điều 13.3: "Ý kiến khác" is not consent."""
    client.force_login(cast.chair)
    client.post(f"{proposed.get_absolute_url()}direct/", shown(cast, text="Chưa giao, họp đã."))
    assert DocumentAct.objects.get(verb="direct").words.text == "Chưa giao, họp đã."
    assert agreed(proposed) == []


def test_what_is_added_later_is_not_prefilled_with_what_was_given_out(client, proposed, cast):
    """Kon Tum Điều 13.3: the lines that came back are used once."""
    client.force_login(cast.chair)
    client.post(f"{proposed.get_absolute_url()}direct/", shown(cast, agree="1"))
    document = IncomingDocument.objects.get(pk=proposed.pk)
    actions.distribute(act_as(cast.chief), document, agreed(document))
    client.force_login(cast.chief)
    form = client.get(f"{proposed.get_absolute_url()}?do=distribute").context["form"]
    assert [row["who"].value() for row in form.rows] == [None] * 4


def test_a_cleared_line_is_left_out(client, proposed, cast):
    client.force_login(cast.chair)
    form = shown(cast, agree="1", **{"who-1": ""})
    assert client.post(f"{proposed.get_absolute_url()}direct/", form).status_code == 302
    assert [one.role for one in agreed(proposed)] == ["lead", "inform"]


def test_returning_without_a_reason_keeps_what_was_chosen(client, proposed, cast):
    """Kon Tum Điều 13.7a."""
    client.force_login(cast.chair)
    form = shown(cast, **{"from": "question", "who-0": f"u{cast.finance.pk}"})
    answer = client.post(f"{proposed.get_absolute_url()}send_back/", form)
    assert answer.status_code == 422
    assert "Ghi lý do chuyển trả." in answer.content.decode()
    assert answer.context["form"]["who-0"].value() == f"u{cast.finance.pk}"
    client.post(f"{proposed.get_absolute_url()}send_back/", form | {"text": "Thiếu hồ sơ."})
    assert IncomingDocument.objects.get(pk=proposed.pk).state == "submitted"


def test_the_agencys_own_sentences_are_the_chips(client, proposed, cast):
    CannedDirective.objects.create(agency=cast.city, text="Giao Văn phòng theo dõi.")
    client.force_login(cast.chair)
    page = client.get(proposed.get_absolute_url()).content.decode()
    assert "Giao Văn phòng theo dõi." in page
    assert "Làm ngay." not in page
    client.post(f"{proposed.get_absolute_url()}direct/", {"agree": "1", "phrases": ["0"]})
    words = DocumentAct.objects.get(verb="direct").words.text
    assert words == f"{AGREED} Giao Văn phòng theo dõi."


def test_the_trail_tells_what_was_proposed(client, proposed, cast, day):
    client.force_login(cast.chief)
    page = client.get(proposed.get_absolute_url()).content.decode()
    assert f"Chủ trì: Phòng Quản lý đô thị (hạn {day:%d/%m/%Y}) – Kiểm tra." in page


def test_the_next_question_opens_after_a_decision(client, proposed, cast, pdf):
    other = play.submitted(cast, pdf, code_number="2")
    actions.propose(act_as(cast.chief), other, cast.chair, text="Trình")
    client.force_login(cast.chair)
    answer = client.post(f"{proposed.get_absolute_url()}direct/", {"agree": "1"})
    assert answer["Location"] == other.get_absolute_url()


# --- Where the leader gives out himself.


@pytest.fixture
def bac_giang(cast):
    Agency.objects.filter(pk=cast.city.pk).update(regulation_name="bac-giang-2014")


def test_in_bac_giang_consent_gives_out_at_once(bac_giang, client, proposed, cast, day):
    """Bắc Giang Điều 6.1: the chair or the chief gives to units and officials."""
    client.force_login(cast.chair)
    assert (
        "Đồng ý có chủ trì thì việc được giao ngay."
        in client.get(proposed.get_absolute_url()).content.decode()
    )
    client.post(f"{proposed.get_absolute_url()}direct/", shown(cast, agree="1"))
    document = IncomingDocument.objects.get(pk=proposed.pk)
    assert (document.state, document.due_date) == ("in_process", day)
    assert sorted(document.assignments.values_list("role", "unit__short_name")) == [
        ("coordinate", "TCKH"),
        ("inform", "VP"),
        ("lead", "QLĐT"),
    ]
    act = document.acts.last()
    assert (act.verb, act.article) == (
        "direct",
        "khoản 1 Điều 6 Quy chế ban hành kèm theo Quyết định 04/2014/QĐ-UBND",
    )
    assert list(verifying.findings()) == []
    # As long as nobody has opened it, the chair takes it back and decides anew.
    document = actions.recall(act_as(cast.chair), document)
    assert (document.state, document.directed_at) == ("proposed", None)
    assert list(verifying.findings()) == []


def test_what_was_given_out_for_the_chair_the_chair_takes_back(bac_giang, proposed, cast):
    """Bắc Giang Điều 5.3d, 6.1: it is the act of whoever was stood in for."""
    today = clock.today()
    given = delegate(act_as(cast.chair), cast.vice, start_date=today, end_date=today)
    lines = [Line(AssignmentRole.LEAD, cast.planning, None, "Xử lý.")]
    document = actions.direct(act_as(cast.vice), proposed, text="Đồng ý.", lines=lines)
    assert document.state == "in_process"
    assert rules.may_recall(act_as(cast.vice), document) is None  # standing in for him still
    revoke(act_as(cast.chair), given)
    assert type(rules.may_recall(act_as(cast.vice), document)) is NotYours
    assert actions.recall(act_as(cast.chair), document).state == "proposed"


def test_in_bac_giang_words_without_a_lead_go_to_the_chief(bac_giang, client, proposed, cast):
    """Bắc Giang Điều 5.2: the chief carries out the chair's direction."""
    client.force_login(cast.chair)
    client.post(f"{proposed.get_absolute_url()}direct/", shown(cast, text="Họp đã."))
    assert IncomingDocument.objects.get(pk=proposed.pk).state == "submitted"


def test_a_wards_leader_gives_out_on_a_page_of_his_own(client, cast, pdf):
    """Kon Tum Điều 16.1b → /incoming/<id>/?do=distribute"""
    documents = [
        actions.submit(
            act_as(cast.ward_clerk), play.registered(cast.ward_clerk, pdf, code_number=number)
        )
        for number in ("1", "2")
    ]
    client.force_login(cast.ward_chair)
    page = client.get(f"{documents[0].get_absolute_url()}?do=distribute")
    assert "incoming/leader.html" in [one.name for one in page.templates]
    form = {"from": "question", "rows": "4", "who-0": ""}
    refused = client.post(f"{documents[0].get_absolute_url()}distribute/", form)
    assert refused.status_code == 409
    assert "incoming/leader.html" in [one.name for one in refused.templates]
    form["who-0"] = f"p{cast.ward_officer.pk}.{cast.ward_unit.pk}"
    sent = client.post(f"{documents[0].get_absolute_url()}distribute/", form)
    assert sent["Location"] == f"{documents[1].get_absolute_url()}?do=distribute"
    assert IncomingDocument.objects.get(pk=documents[0].pk).state == "in_process"


@pytest.mark.parametrize("way", ["recall", "send_back"])
def test_a_second_proposal_that_comes_to_nothing_leaves_the_first_decision(
    client, cast, proposed, way
):
    """Kon Tum Điều 13.3: the chair has decided; taken back from his deputy, his words stand."""
    document = actions.direct(
        act_as(cast.chair), proposed, text="Đồng ý.", lines=proposed_lines(proposed)
    )
    decided = document.directed_at
    document = actions.propose(act_as(cast.chief), document, cast.vice, text="Xin thêm ý kiến.")
    assert agreed(document) == []
    client.force_login(cast.chief if way == "recall" else cast.vice)
    values = {"text": "Gửi nhầm."}
    client.post(reverse("incoming:verb", args=[cast.city.slug, document.pk, way]), values)
    document = IncomingDocument.objects.get(pk=document.pk)
    assert (document.state, document.proposed_to) == ("submitted", cast.chair)
    assert document.directed_at == decided
    assert [one.unit for one in agreed(document)] == [cast.planning, cast.finance, cast.office]
    client.force_login(cast.chief)
    page = client.get(document.get_absolute_url(), {"do": "distribute"}).content.decode()
    assert 'value="Bố trí kinh phí."' in page
    grid = client.get(reverse("incoming:grid", args=[cast.city.slug])).content.decode()
    assert "Đồng ý." in grid
    assert list(verifying.findings()) == []
