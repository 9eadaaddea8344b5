"""Two people at once on one catalogue: one wins, the other is told in words."""

import pytest

from accounts.models import Appointment
from core.errors import Refusal, Stale
from dossiers.actions import cataloguing, issuing
from dossiers.actions import importing as verbs
from dossiers.importing import Reading
from dossiers.models import Catalogue, PlannedDossier
from tests.cast import act_as
from tests.incoming.test_races import at_once, wide_pool  # noqa: F401 -- a fixture

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("wide_pool"),
]


def test_one_line_changed_by_two_keeps_the_first_and_tells_the_second(cast, draft, line_entry):
    line = draft.lines.get(file_notation="02.TH")
    people = [act_as(cast.clerk), act_as(cast.chief), act_as(cast.archivist)]
    answers = at_once(
        [
            lambda one=one: cataloguing.change_line(
                one,
                line,
                version=line.version,
                entry=line_entry(line.heading, "02.TH", title=one.user.full_name),
            )
            for one in people
        ]
    )
    won = [one for one in answers if isinstance(one, PlannedDossier)]
    told = [one for one in answers if isinstance(one, Stale)]
    assert (len(won), len(told)) == (1, 2), answers
    line.refresh_from_db()
    assert line.title == won[0].title
    assert all(f"“{line.title}”" in str(one) for one in told)


def test_twelve_new_lines_at_once_get_places_without_gaps_and_one_notation_once(
    cast, draft, line_entry
):
    heading = draft.headings.get(title="Tổng hợp")
    people = [act_as(cast.clerk), act_as(cast.chief), act_as(cast.archivist)]
    answers = at_once(
        [
            lambda one=one, number=number: cataloguing.add_line(
                one, draft, line_entry(heading, f"{number // 2 + 10}.TH")
            )
            for number, one in enumerate(people * 4)
        ]
    )
    told = [one for one in answers if isinstance(one, Refusal)]
    assert len(told) == 6, answers
    assert all("Năm nay đã có hồ sơ" in str(one) for one in told)
    places = list(heading.lines.order_by("ordinal").values_list("ordinal", flat=True))
    assert places == list(range(1, 10))


def test_a_year_is_begun_once_by_two(cast, draft):
    answers = at_once(
        [
            lambda: issuing.start(act_as(cast.clerk), draft.year + 1),
            lambda: issuing.start_from_last(act_as(cast.chief), draft.year + 1),
        ]
    )
    assert sorted(type(one).__name__ for one in answers) == ["Catalogue", "Stale"], answers
    made = Catalogue.objects.get(year=draft.year + 1)
    assert made.lines.count() in (0, 5)  # none or all of last year's


def test_submitting_and_importing_at_once_leaves_what_was_submitted(cast, draft):
    row = {"row": 2, "level": 1, "title": "Mới"}
    kept = verbs.keep_import(act_as(cast.clerk), draft, Reading(rows=[row]))
    answers = at_once(
        [
            lambda: issuing.submit(act_as(cast.chief), draft),
            lambda: verbs.confirm_import(
                act_as(cast.clerk), draft, kept.token, remove_missing=False
            ),
        ]
    )
    now = Catalogue.objects.get(pk=draft.pk)
    imported = now.headings.filter(title="Mới").exists()
    assert now.state == "submitted"
    assert isinstance(answers[1], Refusal) != imported, answers


def test_a_proposal_is_decided_once(cast, issued, proposed):
    Appointment.objects.update(is_head=False)  # then any leader decides
    version = proposed.version
    answers = at_once(
        [
            lambda: issuing.approve_line(act_as(cast.chair), proposed, version=version),
            lambda: issuing.return_line(
                act_as(cast.vice), proposed, version=version, text="Trùng."
            ),
        ]
    )
    assert sum(isinstance(one, PlannedDossier) for one in answers) == 1, answers
    assert sum(isinstance(one, Stale) for one in answers) == 1, answers
