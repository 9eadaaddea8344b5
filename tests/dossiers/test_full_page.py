"""The page of a dossier in which much has happened asks the database no more than of a new one."""

from datetime import timedelta

import pytest

from accounts import actions as accounts
from core import clock
from dossiers import actions, checks, verifying
from dossiers.models import Dossier, Item
from tests.cast import act_as
from tests.dossiers.busy import busy, filled
from tests.quick import glance  # noqa: F401 -- a fixture
from tests.test_queries import asked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]

# Who leads it and in whose unit, who helps, the chair, who stands in for him, the office.
READERS = ("specialist", "head", "finance_head", "chair", "vice", "chief")
VIEWS = ("", "?view=contents", "?q=ghi", "?page=99")


def most(client, cast, dossier: Dossier, views=VIEWS, readers=READERS) -> dict[str, int]:
    """The most queries that each reader's page needs, whichever way he looks at it."""
    path = Dossier.objects.get(pk=dossier.pk).get_absolute_url()
    return {
        who: max(len(asked(client, getattr(cast, who), path + query)) for query in views)
        for who in readers
    }


def away(cast) -> None:
    """The chair, the head and the lead are away; others stand in for them."""
    days = {"start_date": clock.today(), "end_date": clock.today() + timedelta(days=3)}
    for who, delegate in (("chair", "vice"), ("head", "deputy"), ("specialist", "colleague")):
        accounts.delegate(act_as(getattr(cast, who)), getattr(cast, delegate), **days)


def test_all_work_and_two_thousand_items_need_under_twelve_queries(client, cast, pdf):
    """As lead, member, helper, chair; with people who stand in; while it goes on and at its end."""
    dossier = busy(cast, pdf)
    away(cast)
    few = most(client, cast, dossier)
    filled(cast, dossier, 2000)
    assert list(verifying.findings()) == []
    many = most(client, cast, dossier, readers=("specialist", "finance_head", "chair"))
    assert many == {who: few[who] for who in many}
    assert max(few.values()) < 12, few


def test_nor_does_its_end_by_the_chair_and_its_new_beginning(client, cast, pdf):
    """Bắc Giang Điều 6.3: closed over a check that was overruled in parts, reopened by decision."""
    cast.city.regulation_name = "bac-giang-2014"
    cast.city.save()
    dossier = busy(cast, pdf)
    away(cast)
    path = dossier.get_absolute_url()
    actions.finish(act_as(cast.specialist), dossier, text="Đã khảo sát xong.")
    dossier = actions.complete(act_as(cast.head), dossier, text="Đề nghị phê duyệt phương án.")
    completed = most(client, cast, dossier, VIEWS[:1])
    chair = act_as(cast.chair)
    why = {one.code: "Không cần." for one in checks.findings(chair, dossier)}
    assert why
    end = {"end_date": clock.today(), "description": "Xong."}
    dossier = actions.close(chair, dossier, **end, overruled=why)
    closed = most(client, cast, dossier, VIEWS[:1])
    dossier = actions.reopen(chair, dossier, text="Còn sót.", decision_number="9/QĐ-UBND")
    again = most(client, cast, dossier, VIEWS[:1])
    assert max(*completed.values(), *closed.values(), *again.values()) < 12
    # What the chair overruled about documents that the specialist does not see is not told him.
    client.force_login(cast.specialist)
    assert "9/QĐ-UBND" in client.get(path).content.decode()


def test_each_reader_finds_his_own_places_and_totals(client, cast, pdf):
    """Seeing a dossier is not seeing each document in it: what is hidden is not counted either."""
    dossier = busy(cast, pdf)
    for who in (*READERS, "accountant", "adviser", "clerk"):
        reader = act_as(getattr(cast, who))
        seen = list(dossier.items.visible_to(reader).order_by("ordinal"))
        client.force_login(reader.user)
        page = client.get(f"{dossier.get_absolute_url()}?view=contents").context
        assert [one.pk for one in page["items"]] == [one.pk for one in seen], who
        assert [one.place for one in page["items"]] == list(range(1, len(seen) + 1))
        papers, pages = dossier.items.visible_to(reader).totals()
        fields = {one.number: one.value for one in page["fields"]}
        assert (fields["9"], fields["10"]) == (str(papers), str(pages)), who
        assert page["total"] == len(seen)
        hidden = dossier.items.hidden_from(reader).values_list("pk", flat=True)
        assert {one.pk for one in seen} | set(hidden) == set(
            Item.objects.filter(dossier=dossier).values_list("pk", flat=True)
        )
        assert not {one.pk for one in seen} & set(hidden)
