"""Any sequence of moves by two people: ordinals, totals, places, days and prints are right."""

import random
from datetime import timedelta

import pytest
from django.db import connection

from core import clock
from documents.models import Document, Opinion
from dossiers import actions, verifying
from dossiers.models import Item
from incoming import actions as incoming
from incoming.models import IncomingDocument
from tests import cast as play
from tests.cast import act_as
from tests.dossiers.test_dossier import opened
from tests.files import build
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]


def said_of(cast, document) -> Opinion:
    """What accounting said when it was asked about it."""
    asker, giver = cast.head.appointments.get(), cast.accountant.appointments.get()
    return Opinion.objects.create(
        document_id=document.pk, unit=cast.finance, question="?", asked_by=asker,
        asked_at=clock.now(), stance="agree", text="Đồng ý.", answered_by=giver,
        answered_at=clock.now(),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_ordinals_and_totals_hold_after_any_sequence_of_two_people(cast, pdf, seed):
    """Add, move and remove in any order: by the chief, and by the keeper who does not see all."""
    chance = random.Random(seed)
    shown = [
        play.distributed(cast, build(pages=chance.randint(1, 4)), code_number=f"{seed}{n}")
        for n in range(4)
    ]
    hidden = [play.submitted(cast, build(pages=n), code_number=f"9{n}") for n in (2, 3)]
    dossier = opened(cast, "head")
    opinions = [said_of(cast, one) for one in (dossier, dossier, shown[0], hidden[0])]
    head, chief = act_as(cast.head), act_as(cast.chief)
    # Key, its pages (-1 for a note or an opinion), hidden from the head.
    model: list[tuple[int, int, bool]] = []
    for step in range(40):
        actor = chance.choice((head, chief))
        mine = [one for one in model if actor is chief or not one[2]]  # what he sees of it
        match chance.choice(("add", "file", "note", "opinion", "move", "remove")):
            case "add":
                inside = {one.document_id for one in Item.objects.filter(dossier=dossier)}
                offered = [*shown, *hidden] if actor is chief else shown
                free = [one for one in offered if one.pk not in inside]
                if free:
                    document = chance.choice(free)
                    item = actions.add_document(actor, dossier, document)
                    model.append((item.pk, document.page_amount, document in hidden))
            case "file":
                [item] = actions.add_files(actor, dossier, [play.upload(pdf, f"tep-{step}.pdf")])
                model.append((item.pk, item.attachment.file.page_count, False))
            case "note":
                item = actions.add_note(actor, dossier, text=f"Ghi {step}")
                model.append((item.pk, -1, False))
            case "opinion":
                there = list(Item.objects.filter(dossier=dossier))
                about = {dossier.pk, *(one.document_id for one in there)}
                free = [
                    one
                    for one in opinions
                    if one.document_id in about
                    and one.pk not in {each.opinion_id for each in there}
                    and (actor is chief or one.document_id != hidden[0].pk)
                ]
                if free:
                    said = chance.choice(free)
                    item = actions.add_opinion(actor, dossier, said)
                    model.append((item.pk, -1, said.document_id == hidden[0].pk))
            case "move" if len(mine) > 1:
                moved, to = chance.choice(mine), chance.randrange(len(mine))
                if mine[to] != moved:
                    actions.move_item(actor, dossier, Item.objects.get(pk=moved[0]), to=to + 1)
                    model.insert(model.index(mine[to]), model.pop(model.index(moved)))
            case "remove" if mine:
                gone = chance.choice(mine)
                model.remove(gone)
                actions.remove_item(actor, dossier, Item.objects.get(pk=gone[0]), text="Thừa.")
        items = list(Item.objects.filter(dossier=dossier).order_by("ordinal"))
        assert [(one.ordinal, one.pk) for one in items] == [
            (place, key) for place, (key, _pages, _hidden) in enumerate(model, 1)
        ]
        dossier.refresh_from_db()
        pages = [count for _key, count, _hidden in model if count >= 0]
        assert (dossier.doc_total, dossier.page_total) == (len(pages), sum(pages))
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    assert list(verifying.findings()) == []


def test_the_story_goes_by_the_day_of_each_thing_also_when_that_changes(cast, pdf, client):
    """The day stands beside the item and follows the document, whoever corrects it."""
    dossier, head = opened(cast, "head"), act_as(cast.head)
    days = [clock.today() - timedelta(days=back) for back in (3, 2, 1)]
    first, second, third = (
        play.distributed(cast, pdf, code_number=f"{place}", arrival_date=day, issued_date=days[0])
        for place, day in enumerate(days)
    )
    for one in (third, first, second):
        actions.add_document(head, dossier, one)
    note = actions.add_note(head, dossier, text="Ghi hôm nay.")
    story = f"{dossier.get_absolute_url()}"

    def told() -> list[int | None]:
        client.force_login(cast.chief)
        keys = [one.pk for one in client.get(story).context["items"]]
        found = Item.objects.in_bulk(keys)
        return [found[key].document_id for key in keys]

    assert told() == [first.pk, second.pk, third.pk, None]
    assert Item.objects.get(pk=note.pk).on == clock.today()
    entry = play.entry(
        code_number="0",
        arrival_date=clock.today(),
        issued_date=days[0],
        due_date=first.due_date,  # that of the work, not of the clerk
    )
    incoming.correct(act_as(cast.clerk), first, entry, reason="Gõ nhầm ngày đến.")
    assert IncomingDocument.objects.get(pk=first.pk).day == clock.today()
    assert told() == [second.pk, third.pk, first.pk, None]
    assert list(verifying.findings()) == []
    # What is wrong all the same is found, and mended.
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE dossiers_item DISABLE TRIGGER item_day")
        Item.objects.filter(pk=note.pk).update(on=days[0])
        cursor.execute("ALTER TABLE dossiers_item ENABLE TRIGGER item_day")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    [said] = verifying.findings()
    assert f"items [{note.pk}] stand at another day" in said
    list(verifying.findings(repair=True))
    assert list(verifying.findings()) == []


def test_the_print_lists_documents_at_their_places_and_no_opinion(cast, pdf, client):
    """NĐ 30/2020 Phụ lục V: the list of contents names documents; ordinals are the dossier's."""
    dossier, head = opened(cast, "head"), act_as(cast.head)
    documents = [
        play.distributed(cast, pdf, code_number=f"{pages}", subject=f"Việc {pages}")
        for pages in (2, 3)
    ]
    hidden = play.submitted(cast, pdf, code_number="9", subject="Việc kín")
    for one, pages in zip((*documents, hidden), (2, 3, 4), strict=True):
        Document.objects.filter(pk=one.pk).update(page_amount=pages)
    said, of_hidden = said_of(cast, dossier), said_of(cast, hidden)
    actions.add_opinion(head, dossier, said)
    actions.add_document(head, dossier, documents[0])
    actions.add_document(act_as(cast.chief), dossier, hidden)
    actions.add_opinion(act_as(cast.chief), dossier, of_hidden)
    actions.add_document(head, dossier, documents[1])
    moved = Item.objects.get(dossier=dossier, document=documents[1].pk)

    def printed(who) -> list[tuple[int, str, str]]:
        client.force_login(who)
        page = client.get(f"{dossier.get_absolute_url()}contents/")
        assert "Đồng ý." not in page.content.decode()
        assert "có cả ý kiến, ghi chép" in page.content.decode()
        return [(one["place"], one["title"], one["pages"]) for one in page.context["lines"]]

    kind = "Công văn: Việc"
    assert printed(cast.chief) == [
        (2, f"{kind} 2", "1-2"), (3, f"{kind} kín", "3-6"), (5, f"{kind} 3", "7-9")
    ]  # fmt: skip
    # The head sees neither that document nor what was said of it, and no gap where they lie.
    assert printed(cast.head) == [(2, f"{kind} 2", "1-2"), (3, f"{kind} 3", "3-5")]
    actions.move_item(head, dossier, moved, to=1)
    assert printed(cast.head) == [(1, f"{kind} 3", "1-3"), (3, f"{kind} 2", "4-5")]
    assert printed(cast.chief) == [
        (1, f"{kind} 3", "1-3"), (3, f"{kind} 2", "4-5"), (4, f"{kind} kín", "6-9")
    ]  # fmt: skip
    # An opinion is moved like everything else.
    actions.move_item(head, dossier, Item.objects.get(dossier=dossier, opinion=said), to=3)
    ordinals = Item.objects.filter(dossier=dossier).order_by("ordinal")
    assert [one.opinion_id for one in ordinals] == [None, None, said.pk, None, of_hidden.pk]
    assert list(verifying.findings()) == []
