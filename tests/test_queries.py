"""Pages ask the database as often for many rows as for one."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import head_post
from accounts.models import Appointment
from core import clock
from documents.choices import AssignmentRole
from documents.models import Waiting
from dossiers import actions as dossiers
from dossiers.actions import Fields
from dossiers.models import Dossier
from incoming import actions
from incoming.actions import Line
from outgoing import actions as drafting
from outgoing.actions.routing import conclude
from outgoing.choices import State, Verb
from tests import cast as play
from tests.cast import act_as, make_person
from tests.outgoing import drafts
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]

# The frame of every page: session, user, agency, appointment, what waits, what is unread, posts.
FRAME, PAGE = 6, 6
BOTH = FRAME + PAGE
DOCUMENT = 20


def asked(client, user, path) -> list[str]:
    """The queries of one page, the second time that it is opened; sessions lie in the cache."""
    client.force_login(user)
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as found:
        response = client.get(path)
    assert response.status_code == 200
    return [one["sql"] for one in found if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]


def work(cast, pdf, count: int) -> None:
    """So many dossiers, and documents in the tray, submitted, with the unit, with the person."""
    due = clock.today() + timedelta(days=5)
    for number in range(count):
        notation = f"{Dossier.objects.count() + 1:02}.TH"
        typed = Fields(title="Kè sông", file_notation=notation, maintenance="20 năm")
        dossiers.open(act_as(cast.specialist), typed)
        play.received(cast.clerk, pdf)
        play.submitted(cast, pdf, code_number=f"1{number}")
        lead = Line(AssignmentRole.LEAD, cast.planning, None, "Báo cáo.", due)
        told = Line(AssignmentRole.INFORM, cast.office, cast.adviser)
        for place in (2, 3):
            document = play.submitted(cast, pdf, code_number=f"{place}{number}")
            document = actions.distribute(act_as(cast.chief), document, [lead, told])
            if place == 3:
                line = Line(AssignmentRole.LEAD, cast.planning, cast.specialist, "", due)
                actions.assign(act_as(cast.head), document, [line])


LISTS = {
    "desk": ("reports:desk", ["clerk", "chief", "chair", "head", "specialist", "adviser"]),
    "notifications": ("reports:notifications", ["chief", "head", "specialist", "adviser"]),
    "book": ("incoming:book", ["clerk", "chair", "head", "specialist", "adviser"]),
    "tray": ("incoming:tray", ["clerk"]),
    "search": ("reports:search", ["clerk", "head", "specialist"]),
    "saved": ("reports:saved", ["clerk", "head"]),
    "dossiers": ("dossiers:dossiers", ["clerk", "head", "specialist"]),
    "issuers": ("reports:issuers", ["clerk", "head", "adviser"]),
}


def test_lists_need_at_most_twelve_queries_whatever_their_rows(client, cast, pdf):
    counts: dict[tuple[str, str], list[int]] = {}
    there = 0
    for rows in (1, 3, 60):
        work(cast, pdf, rows - there)
        there = rows
        for page, (name, people) in LISTS.items():
            for who in people:
                path = reverse(name, args=["kontum"])
                queries = asked(client, getattr(cast, who), path)
                counts.setdefault((page, who), []).append(len(queries))
                assert len(queries) <= BOTH, (page, who, rows, queries)
    assert {key: found for key, found in counts.items() if len(set(found)) > 1} == {}


def test_the_desk_asks_the_same_for_what_those_who_have_left_had(client, cast, pdf):
    """However many of his people have gone, each with a row on the head's desk."""
    counts = []
    for rows in (1, 3, 20):
        more = [
            make_person(cast.planning, "specialist", f"gone{rows}-{one}", "Người Đi", "Chuyên viên")
            for one in range(rows)
        ]
        for place, person in enumerate(more):
            document = play.distributed(cast, pdf, code_number=f"{rows}{place}")
            line = Line(AssignmentRole.LEAD, cast.planning, person)
            actions.assign(act_as(cast.head), document, [line])
        Appointment.objects.filter(user__in=more).update(end_date=clock.today() - timedelta(days=1))
        call_command("watch_leavers")
        assert Waiting.objects.filter(verb="give_anew").count() == sum(
            (1, 3, 20)[: len(counts) + 1]
        )
        queries = [
            asked(client, cast.head, reverse(name, args=["kontum"]))
            for name in ("reports:desk", "reports:notifications", "incoming:backlog")
        ]
        assert max(map(len, queries)) <= BOTH, queries
        counts.append([len(each) for each in queries])
    assert counts[0] == counts[1] == counts[2]


def test_the_frame_needs_at_most_six_queries(client, cast, pdf):
    """The help page asks nothing of its own: what it asks is the frame."""
    work(cast, pdf, 3)
    path = reverse("incoming:help", args=["kontum"])
    for who in ("clerk", "chief", "head", "specialist"):
        queries = asked(client, getattr(cast, who), path)
        assert len(queries) <= FRAME, (who, queries)


def test_a_document_asks_the_same_for_one_reader_and_for_five(client, cast, pdf):
    """However many have acted, are asked or know of it."""
    few = play.assigned(cast, pdf, code_number="1")
    many = play.assigned(cast, pdf, code_number="2")
    more = [
        make_person(cast.planning, "specialist", f"more{number}", "Người Thêm", "Chuyên viên")
        for number in range(5)
    ]
    head = act_as(cast.head)
    for person in more:
        line = Line(AssignmentRole.COORDINATE, cast.planning, person, "Góp ý.")
        actions.assign(head, many, [line], text="Thêm người.")
        actions.progress(act_as(person), many, percent=50, text="Đang làm.")
        actions.comment(act_as(person), many, text="Ý kiến.")
    actions.share(head, many, [Line(AssignmentRole.INFORM, cast.office, cast.adviser)])
    for who in ("clerk", "chief", "chair", "head", "specialist", "finance_head"):
        for query in ("", "?do=comment", "?do=share"):
            first, second = (
                len(asked(client, getattr(cast, who), f"{one.get_absolute_url()}{query}"))
                for one in (few, many)
            )
            assert first == second, (who, query)
            assert second <= DOCUMENT, (who, query, second)


# --- Drafts.

TABS = ("waiting", "mine", "returned", "elsewhere", "approved", "all")


def written(cast, count: int) -> None:
    """So many drafts in each tab: being written, returned, on their way, approved.

    One is really made and submitted; the others take its place by their state alone, so that sixty
    need no sixty files.
    """
    me = act_as(cast.specialist)
    for number in range(count):
        drafts.drafted(cast, subject=f"đang soạn {number}")
        back = drafts.drafted(cast, subject=f"trả lại {number}")
        sent = drafts.drafted(cast, subject=f"đã trình {number}")
        done = drafts.drafted(cast, subject=f"đã duyệt {number}")
        stand(cast, back, State.DRAFTING, returned_at=clock.now())
        stand(cast, sent, State.CONTENT)
        stand(cast, done, State.APPROVED, approved_at=clock.now())
        drafting.comment(me, sent, text="Trình phòng.")
        drafting.comment(act_as(cast.head), sent, text="Đang xem.")


def stand(cast, document, state, **more) -> None:
    """Put it there with an act that tells the head; whom that state asks is asked."""
    for name, value in {"state": state, **more}.items():
        setattr(document, name, value)
    document.save()
    told = [head_post(cast.planning)]
    conclude(document, act_as(cast.specialist), Verb.SUBMIT, before="drafting", posts=told)


def test_lists_of_drafts_need_as_many_queries_for_sixty_as_for_one(client, cast):
    counts: dict[tuple[str, str], list[int]] = {}
    there = 0
    for rows in (1, 3, 15):
        written(cast, rows - there)
        there = rows
        for tab in TABS:
            for who in ("specialist", "head", "chief", "chair"):
                path = f"{reverse('outgoing:outgoing', args=['kontum'])}?tab={tab}"
                queries = asked(client, getattr(cast, who), path)
                counts.setdefault((tab, who), []).append(len(queries))
                assert len(queries) <= FRAME + 12, (tab, who, rows, queries)
    assert {key: found for key, found in counts.items() if found[1] != found[2]} == {}


def test_a_draft_asks_the_same_for_one_version_and_for_many(client, cast):
    """However many have edited it, were asked, remarked and signed off."""
    few, many = drafts.drafted(cast), drafts.drafted(cast)
    me, finance = act_as(cast.specialist), Line(AssignmentRole.COORDINATE, cast.finance)
    few = drafting.ask_opinion(me, few, [finance], text="Thế nào?")
    few = drafts.submitted(cast.specialist, few, text="Đã trao đổi.")
    drafting.remark(act_as(cast.head), few, version=1, line=1, quote="", text="Góp ý.")
    office = Line(AssignmentRole.COORDINATE, cast.office, cast.adviser)
    for number in range(2, 7):
        text = drafts.content(body=f"Bản {number}./.")
        many = drafting.save(me, many, text, base=number - 1, note="Sửa.")
        drafting.comment(me, many, text="Ý kiến.")
    many = drafting.ask_opinion(me, many, [finance, office], text="Thế nào?")
    drafting.give_opinion(act_as(cast.finance_head), many, stance="agree")
    many = drafts.submitted(cast.specialist, many, text="Đã trao đổi.")
    head = act_as(cast.head)
    for number in range(5):
        drafting.remark(head, many, version=6, line=1, quote="", text=f"Góp ý {number}.")
    for who in ("specialist", "head", "chief", "chair", "clerk"):
        for query in ("", "?view=text", "versions/"):
            first, second = (
                len(asked(client, getattr(cast, who), f"{one.get_absolute_url()}{query}"))
                for one in (few, many)
            )
            assert first == second, (who, query)
            assert second <= FRAME + DOCUMENT, (who, query, second)


def test_the_composer_asks_the_same_for_much_that_is_kept_ready(client, cast):
    """Templates, phrases and signers, few or many."""
    document = drafts.drafted(cast)
    paths = [reverse("outgoing:new", args=["kontum"]), f"{document.get_absolute_url()}compose/"]
    found = []
    for count in (1, 10):
        for number in range(count):
            name = f"Mẫu {count}-{number}"
            drafting.keep_template(act_as(cast.chief), name=name, content=drafts.content())
            drafting.keep_phrase(act_as(cast.chief), f"Câu {count}-{number}.")
            make_person(cast.finance, "unit_head", f"h{count}{number}", "Người Ký", "Trưởng phòng")
        found.append([len(asked(client, cast.specialist, path)) for path in paths])
    assert found[0] == found[1]
    assert max(found[1]) <= FRAME + 12, found
