"""The verbs of a catalogue: what they do, and to whom they are refused in which state."""

import random
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from core import clock
from core.errors import NotYours, Refusal, Stale
from dossiers.actions import cataloguing, issuing
from dossiers.choices import CatalogueState
from dossiers.models import Catalogue, PlannedDossier
from dossiers.rules import catalogue as rules
from notifications.models import Notification
from tests.cast import act_as

pytestmark = pytest.mark.django_db

KEEPERS = {"archivist", "clerk", "chief"}
LEADERS = {"chair"}  # NĐ 30/2020 Điều 28: the head of the agency, not his deputies
CITY = (
    "chair", "vice", "chief", "clerk", "archivist", "adviser", "admin", "head", "deputy",
    "specialist", "colleague", "finance_head", "accountant",
)  # fmt: skip


def told(verb: str) -> set[str]:
    return set(Notification.objects.filter(kind=verb).values_list("user__username", flat=True))


def approve(who, catalogue, **changes):
    values = {
        "version": catalogue.version,
        "decision_number": "15/QĐ-UBND",
        "decided_date": clock.today(),
    }
    return issuing.approve(act_as(who), catalogue, **(values | changes))


# --- The way.


def test_a_year_is_drawn_up_submitted_and_issued(cast, draft):
    """NĐ 30/2020 Điều 28: the head of the agency approves it, and all are told."""
    assert (draft.state, draft.lines.count()) == ("draft", 5)
    submitted = issuing.submit(act_as(cast.clerk), draft)
    assert (submitted.state, submitted.submitted_by.user) == ("submitted", cast.clerk)
    assert told("catalogue_submit") == LEADERS
    issued = approve(cast.chair, submitted)
    assert (issued.state, issued.decision_number, issued.approved_by.user) == (
        "approved",
        "15/QĐ-UBND",
        cast.chair,
    )
    assert set(issued.lines.values_list("state", flat=True)) == {"approved"}
    assert told("catalogue_approve") == set(CITY) - {"chair"}
    # Before and after of each step, under the name of whoever did it.
    steps = issued.history.order_by("pk").values_list("state", "history_user__username")
    assert list(steps) == [("draft", "archivist"), ("submitted", "clerk"), ("approved", "chair")]
    line = issued.lines.first()
    assert list(line.history.order_by("pk").values_list("state", flat=True)) == [
        "draft",
        "approved",
    ]


def test_it_is_sent_back_with_a_reason_and_submitted_again(cast, draft):
    issuing.submit(act_as(cast.archivist), draft)
    with pytest.raises(Refusal, match="lý do") as said:
        issuing.send_back(act_as(cast.chair), draft, text="")
    assert said.value.field == "text"
    back = issuing.send_back(act_as(cast.chair), draft, text="Thiếu hồ sơ kỷ luật.")
    assert (back.state, back.returned_reason) == ("draft", "Thiếu hồ sơ kỷ luật.")
    assert told("catalogue_return") == KEEPERS
    assert issuing.submit(act_as(cast.archivist), back).returned_reason == ""


def test_every_verb_in_every_state_by_everybody(cast, draft):
    """NĐ 30/2020 Điều 28, Cần Thơ Điều 13.1: verb × state × role, allowed and refused."""
    expected = {
        "draft": {"edit": KEEPERS, "submit": KEEPERS, "decide": set(), "propose": set()},
        "submitted": {"edit": set(), "submit": set(), "decide": LEADERS, "propose": set()},
        "approved": {
            "edit": set(),
            "submit": set(),
            "decide": set(),
            "propose": set(CITY) - {"admin"},
        },
    }
    asked = {
        "edit": rules.may_edit,
        "submit": rules.may_submit,
        "decide": rules.may_decide,
        "propose": rules.may_propose_line,
    }
    owners = {"edit": KEEPERS, "submit": KEEPERS, "decide": LEADERS, "propose": set(CITY)}
    for state in CatalogueState.values:
        draft.state = state
        for verb, rule in asked.items():
            for who in CITY:
                refusal = rule(act_as(getattr(cast, who)), draft)
                assert (refusal is None) == (who in expected[state][verb]), (state, verb, who)
                if refusal is not None and who not in owners[verb]:
                    assert isinstance(refusal, NotYours), (state, verb, who)
    said = rules.may_edit(act_as(cast.clerk), draft)
    assert said.article == "Điều 28 Nghị định 30/2020/NĐ-CP"


def test_nothing_is_edited_while_it_waits_or_once_it_is_issued(cast, draft, line_entry):
    keeper, line = act_as(cast.archivist), draft.lines.get(file_notation="02.TH")
    heading = line.heading
    entry = line_entry(heading, "09.TH")

    def verbs():
        yield lambda: cataloguing.add_heading(keeper, draft, title="Mới")
        yield lambda: cataloguing.change_heading(
            keeper, heading, version=heading.version, title="Khác"
        )
        yield lambda: cataloguing.move_heading(keeper, heading, 1)
        yield lambda: cataloguing.remove_heading(keeper, heading)
        yield lambda: cataloguing.add_line(keeper, draft, entry)
        yield lambda: cataloguing.change_line(keeper, line, version=line.version, entry=entry)
        yield lambda: cataloguing.move_line(keeper, line, 1)
        yield lambda: cataloguing.remove_line(keeper, line)
        yield lambda: issuing.submit(keeper, draft)

    before = list(PlannedDossier.objects.values_list("file_notation", "title", "ordinal"))
    issuing.submit(keeper, draft)
    for verb in verbs():
        with pytest.raises(Stale, match="đang chờ duyệt"):
            verb()
    approve(cast.chair, Catalogue.objects.get(pk=draft.pk))
    for verb in verbs():
        with pytest.raises(Stale, match="ban hành nên không sửa được"):
            verb()
    assert list(PlannedDossier.objects.values_list("file_notation", "title", "ordinal")) == before


def test_others_do_not_see_a_draft_and_strangers_see_nothing(cast, issued):
    year = issued.year + 1
    issuing.start(act_as(cast.archivist), year)

    def seen(who):
        rows = Catalogue.objects.visible_to(act_as(who))
        return set(rows.values_list("year", flat=True))

    for who in KEEPERS | LEADERS:
        assert seen(getattr(cast, who)) == {issued.year, year}, who
    for who in ("head", "specialist", "adviser", "admin"):
        assert seen(getattr(cast, who)) == {issued.year}, who
    assert seen(cast.stranger) == seen(cast.ward_clerk) == set()
    with pytest.raises(Catalogue.DoesNotExist):
        issuing.submit(act_as(cast.ward_clerk), issued)


def test_it_is_approved_as_it_was_read_by_a_decision_of_today_or_before(cast, draft):
    issuing.submit(act_as(cast.archivist), draft)
    now = Catalogue.objects.get(pk=draft.pk)
    with pytest.raises(Stale, match="đã thay đổi"):
        approve(cast.chair, now, version=now.version - 1)
    with pytest.raises(Refusal, match="số quyết định"):
        approve(cast.chair, now, decision_number="")
    with pytest.raises(Refusal, match="sau hôm nay"):
        approve(cast.chair, now, decided_date=clock.today() + timedelta(days=1))
    with pytest.raises(NotYours, match="duyệt danh mục hồ sơ"):
        approve(cast.clerk, now)
    assert Catalogue.objects.get(pk=draft.pk).state == "submitted"


def test_an_empty_one_is_not_submitted(cast):
    made = issuing.start(act_as(cast.clerk), clock.today().year)
    with pytest.raises(Refusal, match="chưa có hồ sơ nào"):
        issuing.submit(act_as(cast.clerk), made)


# --- Begun, empty or from last year.


def test_a_year_is_begun_once_for_this_year_or_the_next(cast, draft):
    keeper = act_as(cast.chief)
    with pytest.raises(Stale, match="Đã có danh mục"):
        issuing.start(keeper, draft.year)
    for year in (draft.year - 1, draft.year + 2, 0):
        with pytest.raises(Refusal, match="Lập danh mục cho năm"):
            issuing.start(keeper, year)
    with pytest.raises(NotYours):
        issuing.start(act_as(cast.specialist), draft.year + 1)
    assert issuing.start(keeper, draft.year + 1).state == "draft"


def test_last_year_is_copied_with_headings_lines_and_notations(cast, issued, proposed):
    """What waits for approval is not copied; who has left is replaced by his unit."""
    line = issued.lines.get(file_notation="02.TH")
    PlannedDossier.objects.filter(pk=line.pk).update(
        creator_user=cast.colleague, creator="A Thiu", unit=cast.planning
    )
    cast.colleague.appointments.update(end_date=clock.today() - timedelta(days=1))
    made = issuing.start_from_last(act_as(cast.archivist), issued.year + 1)

    def tree(catalogue):
        rows = catalogue.lines.filter(state__in=("draft", "approved")).select_related(
            "heading__parent"
        )
        return sorted(
            (
                (one.heading.parent.title if one.heading.parent else "", one.heading.title),
                one.ordinal,
                one.file_notation,
                one.title,
                one.maintenance,
            )
            for one in rows
        )

    assert tree(made) == tree(issued)
    assert set(made.lines.values_list("state", flat=True)) == {"draft"}
    copied = made.lines.get(file_notation="02.TH")
    assert (copied.creator, copied.creator_user, copied.unit) == (
        "Phòng Quản lý đô thị",
        None,
        cast.planning,
    )
    assert copied.history.get().history_user == cast.archivist
    with pytest.raises(Stale, match="Đã có danh mục"):
        issuing.start_from_last(act_as(cast.archivist), issued.year + 1)
    assert issued.lines.count() == 6


def test_there_may_be_no_last_year(cast):
    with pytest.raises(Refusal, match="năm trước"):
        issuing.start_from_last(act_as(cast.clerk), clock.today().year)
    assert not Catalogue.objects.exists()


# --- Lines and headings.


def test_a_notation_stands_once_in_a_year(cast, draft, line_entry):
    """NĐ 30/2020 Phụ lục V: 01.TH and 01.th are one."""
    heading = draft.headings.get(title="Tổng hợp")
    for notation in ("01.TH", "01.th"):
        with pytest.raises(Refusal, match=r"Năm nay đã có hồ sơ 01\.TH") as said:
            cataloguing.add_line(act_as(cast.clerk), draft, line_entry(heading, notation))
        assert said.value.field == "file_notation"
    line = draft.lines.get(file_notation="02.TH")
    with pytest.raises(Refusal, match=r"Năm nay đã có hồ sơ 03\.TH"):
        cataloguing.change_line(
            act_as(cast.clerk), line, version=line.version, entry=line_entry(heading, "03.TH")
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        PlannedDossier.objects.filter(pk=line.pk).update(file_notation="03.th")


def test_whoever_saves_an_older_line_is_told_what_it_is_now(cast, draft, line_entry):
    line = draft.lines.get(file_notation="02.TH")
    entry = line_entry(line.heading, "02.TH", title="Hồ sơ kế hoạch năm")
    first = cataloguing.change_line(act_as(cast.clerk), line, version=line.version, entry=entry)
    other = line_entry(line.heading, "02.TH", title="Chữ của người sau")
    with pytest.raises(Stale, match=r"Bùi Thị Hồng Nhung đã sửa .* “Hồ sơ kế hoạch năm”"):
        cataloguing.change_line(act_as(cast.chief), line, version=line.version, entry=other)
    again = cataloguing.change_line(act_as(cast.chief), line, version=first.version, entry=other)
    assert again.title == "Chữ của người sau"
    heading = line.heading
    cataloguing.change_heading(act_as(cast.clerk), heading, version=1, title="Việc chung")
    with pytest.raises(Stale, match="“Việc chung”"):
        cataloguing.change_heading(act_as(cast.chief), heading, version=1, title="Khác")


def test_headings_have_two_levels_and_go_only_when_they_are_empty(cast, draft):
    keeper = act_as(cast.archivist)
    small = draft.headings.get(title="Cấp phép")
    with pytest.raises(Refusal, match="hai cấp"):
        cataloguing.add_heading(keeper, draft, title="Nhỏ nữa", parent=small)
    for heading in draft.headings.all():
        with pytest.raises(Refusal, match="Đề mục còn hồ sơ"):
            cataloguing.remove_heading(keeper, heading)
    with pytest.raises(Refusal, match="Đã có đề mục này"):
        cataloguing.add_heading(keeper, draft, title="tổng hợp")
    cataloguing.remove_line(keeper, small.lines.get())
    cataloguing.remove_heading(keeper, small)
    assert not draft.headings.filter(title="Cấp phép").exists()


def places(catalogue) -> dict:
    found: dict = {}
    for heading in catalogue.headings.all():
        found.setdefault(("heading", heading.parent_id), []).append(heading.ordinal)
    for line in catalogue.lines.all():
        found.setdefault(("line", line.heading_id), []).append(line.ordinal)
    return {key: sorted(values) for key, values in found.items()}


@pytest.mark.parametrize("seed", range(4))
def test_places_run_from_one_without_gaps_whatever_is_done(cast, draft, line_entry, seed):
    """Any sequence of adding, moving, changing the heading and removing."""
    chance, keepers = random.Random(seed), [act_as(cast.archivist), act_as(cast.clerk)]
    number = 10
    for _step in range(45):
        keeper = chance.choice(keepers)
        headings, lines = list(draft.headings.all()), list(draft.lines.all())
        heading, line = chance.choice(headings), chance.choice(lines) if lines else None
        match chance.choice(["add", "add", "heading", "move", "move", "place", "remove", "drop"]):
            case "add":
                number += 1
                cataloguing.add_line(keeper, draft, line_entry(heading, f"{number}.TH"))
            case "heading":
                number += 1
                parent = heading if heading.parent_id is None and chance.random() < 0.5 else None
                cataloguing.add_heading(keeper, draft, title=f"Mục {number}", parent=parent)
            case "move" if line:
                cataloguing.move_line(keeper, line, chance.choice([-1, 1]))
                cataloguing.move_heading(keeper, heading, chance.choice([-1, 1]))
            case "place" if line:
                entry = line_entry(heading, line.file_notation)
                cataloguing.change_line(keeper, line, version=line.version, entry=entry)
            case "remove" if line:
                cataloguing.remove_line(keeper, line)
            case "drop":
                try:
                    cataloguing.remove_heading(keeper, heading)
                except Refusal:
                    assert heading.lines.exists() or heading.children.exists()
        for key, found in places(draft).items():
            assert found == list(range(1, len(found) + 1)), key


# --- Added to an issued one.


def test_a_dossier_outside_it_is_proposed_and_enters_once_approved(cast, issued, proposed):
    """Cần Thơ Điều 13.1: added to the catalogue after approval; NĐ 30/2020 Điều 29.2c."""
    assert (proposed.state, proposed.proposed_by.user) == ("submitted", cast.specialist)
    assert told("line_propose") == LEADERS
    assert not PlannedDossier.objects.issued().filter(pk=proposed.pk).exists()
    done = issuing.approve_line(act_as(cast.chair), proposed, version=proposed.version)
    assert (done.state, done.approved_by.user) == ("approved", cast.chair)
    assert told("line_approve") == {"specialist"}
    assert PlannedDossier.objects.issued().filter(pk=proposed.pk).exists()
    with pytest.raises(Stale, match="không chờ duyệt"):
        issuing.approve_line(act_as(cast.chair), done, version=done.version)


def test_a_proposal_is_seen_by_its_proposer_and_the_whole_agency_posts(cast, proposed):
    for who in CITY:
        seen = PlannedDossier.objects.visible_to(act_as(getattr(cast, who)))
        is_seen = seen.filter(pk=proposed.pk).exists()
        assert is_seen == (who in KEEPERS | LEADERS | {"vice", "specialist"}), who


def test_a_proposal_is_sent_back_changed_and_proposed_again(cast, issued, proposed, line_entry):
    chair, one = act_as(cast.chair), act_as(cast.specialist)
    entry = line_entry(proposed.heading, "04.QLĐT")
    with pytest.raises(Stale, match="đang chờ duyệt"):
        cataloguing.change_line(one, proposed, version=proposed.version, entry=entry)
    with pytest.raises(Refusal, match="lý do"):
        issuing.return_line(chair, proposed, version=proposed.version, text="")
    back = issuing.return_line(chair, proposed, version=proposed.version, text="Trùng 01.QLĐT.")
    assert (back.state, back.returned_reason) == ("draft", "Trùng 01.QLĐT.")
    assert told("line_return") == {"specialist"}
    # Somebody else who sees it may not change it.
    with pytest.raises(NotYours, match="Người đề nghị"):
        cataloguing.change_line(act_as(cast.clerk), back, version=back.version, entry=entry)
    again = cataloguing.change_line(one, back, version=back.version, entry=entry)
    assert (again.state, again.file_notation, again.returned_reason) == (
        "submitted",
        "04.QLĐT",
        "",
    )


def test_a_proposal_is_taken_back_until_it_is_approved(cast, issued, proposed):
    with pytest.raises(NotYours):
        cataloguing.remove_line(act_as(cast.archivist), proposed)
    with pytest.raises(PlannedDossier.DoesNotExist):
        cataloguing.remove_line(act_as(cast.colleague), proposed)
    cataloguing.remove_line(act_as(cast.specialist), proposed)
    assert not PlannedDossier.objects.filter(pk=proposed.pk).exists()
    assert PlannedDossier.history.filter(id=proposed.pk, history_type="-").count() == 1
    with pytest.raises(Stale, match="ban hành nên không sửa được"):
        cataloguing.remove_line(act_as(cast.specialist), issued.lines.first())


def test_only_whoever_approves_decides_on_a_proposal(cast, proposed):
    for who in ("clerk", "chief", "archivist", "specialist"):
        with pytest.raises(NotYours, match="duyệt hồ sơ bổ sung"):
            issuing.approve_line(act_as(getattr(cast, who)), proposed, version=1)


def test_the_article_of_can_tho_is_quoted_where_it_is_in_force(cast, proposed):
    """Cần Thơ Điều 13.1: nobody else's regulation says it."""
    assert rules.addition_article(act_as(cast.clerk)) == ""
    cast.city.regulation_name = "can-tho-2019"
    cast.city.save()
    said = rules.may_decide_line(act_as(cast.clerk), proposed)
    assert said.article.startswith("khoản 1 Điều 13 ")
