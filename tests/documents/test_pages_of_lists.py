"""Two readers, one rule: walking page_of in either direction shows what visible_to shows."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.actions import head_post, post_for
from accounts.choices import Role
from accounts.models import Appointment
from documents.actions.routing import view_permission_id
from documents.issuers import issuers_of
from documents.models import Document, GroupGrant, Register, UserGrant
from documents.querysets import Cursor, count_of, page_of
from tests.cast import SINCE, act_as

pytestmark = pytest.mark.django_db

PEOPLE = ("chair", "clerk", "archivist", "head", "deputy", "specialist", "colleague", "adviser")
NEWEST_FIRST = ("-day", "-number", "-pk")


@pytest.fixture(params=[1, 2])
def shelf(request, cast):
    """Some 150 documents of two books on seven days, with grants strewn over people and posts."""
    dice = random.Random(request.param)
    # A second post: what both posts see is seen once.
    Appointment.objects.create(
        user=cast.head, unit=cast.finance, role=Role.UNIT_HEAD, title="Q. TP", start_date=SINCE
    )
    now = datetime(2024, 11, 19, 8, tzinfo=UTC)
    rows = []
    for agency, count in ((cast.city, 60), (cast.ward, 15)):
        # Two books of a year: the same day and number occur twice, only the key differs.
        for name in ("", "mới"):
            register = Register.objects.create(
                agency=agency, book="incoming", year=2024, name=name, last_number=count
            )
            rows += [
                Document(
                    agency=agency,
                    kind="outgoing" if number % 15 == 0 else "incoming",
                    state=dice.choice(["registered", "in_process", "finished"]),
                    register=register,
                    day=date(2024, 11, 11) + timedelta(days=dice.randrange(7)),
                    number=number,
                    created_at=now,
                )
                for number in range(1, count + 1)
            ]
    rows += [
        Document(agency=cast.city, kind="incoming", state="received", day=SINCE, created_at=now)
        for _unused in range(3)
    ]
    dice.shuffle(rows)
    Document.objects.bulk_create(rows)
    people = [getattr(cast, name) for name in PEOPLE]
    groups = [head_post(cast.planning).group, head_post(cast.finance).group]
    groups.append(post_for(cast.planning, Role.SPECIALIST).group)
    permission, users, posts = view_permission_id(), [], []
    for document in rows:
        if document.register_id is None:
            continue
        key = {
            "permission_id": permission,
            "content_object_id": document.pk,
            "kind": document.kind,
            "day": document.day,
            "number": document.number,
        }
        users += [UserGrant(user=one, **key) for one in dice.sample(people, dice.randrange(4))]
        posts += [GroupGrant(group=one, **key) for one in dice.sample(groups, dice.randrange(3))]
    UserGrant.objects.bulk_create(users)
    GroupGrant.objects.bulk_create(posts)
    return cast


def walk(actor, size, narrow=lambda rows: rows, *, back=False):
    """The keys of all pages: from the newest on, or back again from the oldest page."""
    page = page_of(Document.objects.all(), actor, "incoming", narrow=narrow, size=size)
    assert page.newer is None
    pages = [page]
    while page.older:
        cursor = Cursor.parse(str(page.older))
        page = page_of(
            Document.objects.all(), actor, "incoming", narrow=narrow, cursor=cursor, size=size
        )
        assert page.rows, "an offered page is never empty"
        pages.append(page)
    if back:
        pages = [page]
        while page.newer:
            cursor = Cursor.parse(str(page.newer))
            page = page_of(
                Document.objects.all(), actor, "incoming", narrow=narrow, cursor=cursor, size=size
            )
            if not page.rows:
                break
            pages.insert(0, page)
    return [row.pk for page in pages for row in page.rows]


def expected(actor, narrow=lambda rows: rows):
    rows = Document.objects.visible_to(actor).registered().filter(kind="incoming")
    return list(narrow(rows).order_by(*NEWEST_FIRST).values_list("pk", flat=True))


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize("size", [3, 20, 500])
def test_walking_the_pages_shows_what_visible_to_shows(shelf, size, back):
    found = 0
    for name in (*PEOPLE, "ward_clerk", "stranger"):
        actor = act_as(getattr(shelf, name))
        keys = walk(actor, size, back=back)
        assert keys == expected(actor), name
        found += len(keys)
    assert found > 200


def test_what_is_counted_is_what_is_seen(shelf):
    """Counts are asked from the side of the grants, each post by itself."""
    for name in (*PEOPLE, "ward_clerk", "stranger"):
        actor = act_as(getattr(shelf, name))
        found = expected(actor)
        for most in (3, 1000):
            count = count_of(actor, "incoming", narrow=lambda rows: rows, most=most)
            assert count == min(len(found), most), (name, most)


@pytest.mark.parametrize("back", [False, True])
def test_a_narrowed_list_shows_the_same(shelf, back):
    def narrow(rows):
        return rows.filter(state="in_process")

    for name in PEOPLE:
        actor = act_as(getattr(shelf, name))
        assert walk(actor, 5, narrow, back=back) == expected(actor, narrow), name


def test_a_cursor_may_name_a_row_that_has_gone(shelf):
    """Jumping to a number or a day uses such a cursor."""
    actor = act_as(shelf.head)
    gone = Cursor(date(2024, 11, 14), 999, 0)
    page = page_of(Document.objects.all(), actor, "incoming", cursor=gone, size=500)
    later = date(2024, 11, 14)
    keys = Document.objects.visible_to(actor).registered().filter(kind="incoming", day__lte=later)
    assert [row.pk for row in page.rows] == list(
        keys.order_by(*NEWEST_FIRST).values_list("pk", flat=True)
    )


@pytest.mark.parametrize(
    "text", ["", "a_2024-11-14_3", "a_14/11/2024_3_7", "b_2024-11-14_x_7", "a_b_c_d_e"]
)
def test_what_is_no_cursor_is_none(text):
    assert Cursor.parse(text) is None


def test_a_cursor_reads_what_it_wrote():
    for cursor in (Cursor(date(2024, 11, 14), 3, 7), Cursor(date(2024, 1, 2), 1, 1, True)):
        assert Cursor.parse(str(cursor)) == cursor


def test_one_page_costs_two_queries(shelf, django_assert_num_queries):
    for name in ("clerk", "head"):
        actor = act_as(getattr(shelf, name))
        with django_assert_num_queries(2):
            page_of(Document.objects.all(), actor, "incoming", size=20)


@pytest.mark.parametrize("most", [1, 4, 25, 900])
def test_the_first_page_counts_up_to_the_bound(shelf, most):
    found = []
    for name in ("clerk", "chair", "head", "specialist", "accountant"):
        actor = act_as(getattr(shelf, name))
        page = page_of(Document.objects.all(), actor, "incoming", size=10, most=most)
        assert page.count == min(len(expected(actor)), most)
        assert [row.pk for row in page.rows] == expected(actor)[:10]
        found.append(page.count)
    assert max(found) > 0


def test_each_issuer_of_an_agency_is_named_once_and_none_when_there_are_too_many(shelf):
    rows = Document.objects.filter(agency=shelf.city)
    names = ["Sở Y tế", "UBND phường Duy Tân", "Ủy ban Dân tộc", ""]
    for place, row in enumerate(rows.order_by("pk")):
        rows.filter(pk=row.pk).update(organ_name=names[place % 4])
    assert sorted(issuers_of(shelf.city.pk)) == sorted(names)
    assert issuers_of(shelf.city.pk, most=4) is not None
    assert issuers_of(shelf.city.pk, most=3) is None
    assert issuers_of(0) == []
