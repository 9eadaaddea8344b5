"""Who may do what, where: every verb tried from every place of a document by everybody.

The tables are the specification; a verb that is done by anybody else, or refused to somebody
named here, fails.
"""

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from accounts.choices import Role
from core.errors import NotYours, Refusal, Stale
from documents import deciding
from documents.choices import AssignmentRole
from documents.models import Assignment, DocumentAct, Extension, Waiting
from documents.rules import parts_given
from incoming import actions, rules
from incoming.actions import Line
from incoming.choices import Channel, RefusalReason
from incoming.models import IncomingDocument
from notifications.models import Notification
from tests import cast as play
from tests.cast import act_as
from tests.files import build
from tests.quick import glance  # noqa: F401 -- a fixture
from tests.sent import recalled_here, sent_here

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance")]

PEOPLE = (
    "chair",
    "vice",
    "chief",
    "clerk",
    "archivist",
    "adviser",
    "admin",
    "head",
    "deputy",
    "specialist",
    "colleague",
    "finance_head",
    "accountant",
    "ward_chair",
    "ward_clerk",
    "ward_officer",
    "stranger",
    "strange_boss",
)
VERBS = (
    "refuse",
    "register",
    "correct",
    "submit",
    "propose",
    "direct",
    "distribute",
    "assign",
    "send_back",
    "comment",
    "progress",
    "finish",
    "reopen",
    "cancel",
    "keep",
    "share",
    "read",
    "merge",
    "split",
    "forward",
    "purge",
    "urge",
    "request_extension",
    "decide_extension",
    "ask_opinion",
    "give_opinion",
    "withdraw_opinion",
    "recall",
    "take_back",
)
OFFICE = {"chair", "vice", "chief", "clerk", "archivist"}  # they see the whole agency
HEADS = {"head", "finance_head"}

# Where the document is -> verb -> those who may. What is not named, nobody may.
CITY: dict[str, dict[str, set[str]]] = {
    "received": {
        "refuse": {"clerk"},
        "register": {"clerk"},
        "merge": {"clerk"},
        "split": {"clerk"},
    },
    "registered": {
        "correct": {"clerk"},
        "submit": {"clerk"},
        "forward": {"clerk"},
        "comment": OFFICE,
        "share": OFFICE,
        "purge": {"chair", "vice"},
    },
    "submitted": {
        "ask_opinion": {"chief"},
        "correct": {"clerk"},
        "propose": {"chief"},
        "distribute": {"chief"},
        "send_back": {"chief"},
        "finish": {"chief"},
        "comment": OFFICE,
        "share": OFFICE,
        "purge": {"chair", "vice"},
    },
    # The leader has not opened it yet: whoever proposed may take it back.
    "proposed": {
        "ask_opinion": {"chair"},
        "recall": {"chief"},
        "correct": {"clerk"},
        "direct": {"chair"},
        "send_back": {"chair"},
        "comment": OFFICE,
        "share": OFFICE,
        "purge": {"chair", "vice"},
    },
    # Nobody has opened it yet: the chief may still take it back.
    "distributed": {
        "ask_opinion": HEADS,
        "request_extension": HEADS,
        "urge": {"chair", "vice", "chief"},
        "correct": {"clerk"},
        "recall": {"chief"},
        "take_back": {"chief"},
        "distribute": {"chief"},
        "assign": HEADS,
        "send_back": HEADS,
        "progress": HEADS,
        "finish": HEADS,
        "comment": OFFICE | HEADS,
        "share": OFFICE | HEADS,
        "purge": {"chair", "vice"},
    },
    # The clerk has sent it on by a written direction; nobody has opened it yet (Kon Tum Điều 13.6).
    "forwarded": {
        "ask_opinion": {"head"},
        "request_extension": {"head"},
        "urge": {"chair", "vice", "chief", "clerk"},
        "correct": {"clerk"},
        "recall": {"chief"},
        "take_back": {"chief"},
        "distribute": {"chief"},
        "assign": {"head"},
        "send_back": {"head"},
        "progress": {"head"},
        "finish": {"head"},
        "comment": OFFICE | {"head"},
        "share": OFFICE | {"head"},
        "purge": {"chair", "vice"},
    },
    # A specialist works: his head waits for his result before he ends it himself.
    "assigned": {
        "ask_opinion": HEADS | {"specialist"},
        "request_extension": HEADS,
        "urge": {"chair", "vice", "chief", "head"},
        "correct": {"clerk"},
        "distribute": {"chief"},
        "assign": HEADS,
        "take_back": {"head", "chief"},
        "send_back": HEADS | {"specialist"},
        "progress": HEADS | {"specialist"},
        "finish": {"finance_head", "specialist"},
        "comment": OFFICE | HEADS | {"specialist"},
        "share": OFFICE | HEADS | {"specialist"},
        "purge": {"chair", "vice"},
    },
    # The leading unit has sent it back; the coordinating one still holds its part.
    "sent_back": {
        "ask_opinion": {"finance_head"},
        "request_extension": {"finance_head"},
        "urge": {"chair", "vice", "chief"},
        "correct": {"clerk"},
        "propose": {"chief"},
        "take_back": {"chief"},
        "distribute": {"chief"},
        "assign": {"finance_head"},
        "send_back": {"finance_head"},
        "progress": {"finance_head"},
        "finish": {"chief", "finance_head"},
        "comment": OFFICE | HEADS,
        "share": OFFICE | HEADS,
        "purge": {"chair", "vice"},
    },
    # The unit has asked for a later day, its specialist too; finance is asked what it thinks.
    "asked": {
        "correct": {"clerk"},
        "distribute": {"chief"},
        "assign": HEADS,
        "take_back": {"head", "chief"},
        "send_back": HEADS | {"specialist"},
        "progress": HEADS | {"specialist"},
        "finish": {"finance_head", "specialist"},
        "comment": OFFICE | HEADS | {"specialist", "adviser"},
        "share": OFFICE | HEADS | {"specialist", "adviser"},
        "urge": {"chair", "vice", "chief", "head"},
        "request_extension": {"finance_head"},
        "decide_extension": {"chair", "vice"},
        "ask_opinion": HEADS | {"specialist"},
        "give_opinion": {"adviser"},
        "withdraw_opinion": {"head"},
        "purge": {"chair", "vice"},
    },
    # Taken back: it waits for the chief again; those who had it see it no more.
    "recalled": {
        "correct": {"clerk"},
        "propose": {"chief"},
        "distribute": {"chief"},
        "send_back": {"chief"},
        "finish": {"chief"},
        "comment": OFFICE,
        "share": OFFICE,
        "ask_opinion": {"chief"},
        "purge": {"chair", "vice"},
    },
    "informed": {
        "correct": {"clerk"},
        "submit": {"clerk"},
        "forward": {"clerk"},
        "comment": OFFICE | {"adviser"},
        "share": OFFICE | {"adviser"},
        "read": {"adviser"},
        "purge": {"chair", "vice"},
    },
    "finished": {
        "reopen": {"chair", "vice", "chief"},
        "share": OFFICE | HEADS | {"specialist"},
        "purge": {"chair", "vice"},
    },
    # Its sender wants it back: only the clerk answers that (Cần Thơ Điều 5.2).
    "wanted_back": {
        "cancel": {"clerk"},
        "keep": {"clerk"},
        "correct": {"clerk"},
        "submit": {"clerk"},
        "forward": {"clerk"},
        "comment": OFFICE,
        "share": OFFICE,
        "purge": {"chair", "vice"},
    },
    "refused": {},
    # Only the number and the trail are left.
    "void": {},
}

# A ward below the city: its leader receives, distributes and ends; nobody proposes (Điều 16.1).
WARD: dict[str, dict[str, set[str]]] = {
    "received": {
        "refuse": {"ward_clerk"},
        "register": {"ward_clerk"},
        "merge": {"ward_clerk"},
        "split": {"ward_clerk"},
    },
    "registered": {
        "correct": {"ward_clerk"},
        "submit": {"ward_clerk"},
        "comment": {"ward_chair", "ward_clerk"},
        "share": {"ward_chair", "ward_clerk"},
        "purge": {"ward_chair"},
    },
    "submitted": {
        "ask_opinion": {"ward_chair"},
        "correct": {"ward_clerk"},
        "distribute": {"ward_chair"},
        "send_back": {"ward_chair"},
        "finish": {"ward_chair"},
        "comment": {"ward_chair", "ward_clerk"},
        "share": {"ward_chair", "ward_clerk"},
        "purge": {"ward_chair"},
    },
    "distributed": {
        "ask_opinion": {"ward_officer"},
        "urge": {"ward_chair"},
        "correct": {"ward_clerk"},
        "recall": {"ward_chair"},
        "take_back": {"ward_chair"},
        "distribute": {"ward_chair"},
        "send_back": {"ward_officer"},
        "progress": {"ward_officer"},
        "finish": {"ward_officer"},
        "comment": {"ward_chair", "ward_clerk", "ward_officer"},
        "share": {"ward_chair", "ward_clerk", "ward_officer"},
        "purge": {"ward_chair"},
    },
    "finished": {
        "reopen": {"ward_chair"},
        "share": {"ward_chair", "ward_clerk", "ward_officer"},
        "purge": {"ward_chair"},
    },
}


def with_annex(clerk, pdf: bytes) -> IncomingDocument:
    """A document in the tray that can be taken apart."""
    document = actions.receive(act_as(clerk), [play.upload(pdf), play.upload(pdf, "phu-luc.pdf")])
    actions.inspect_tray(document)
    return document


def in_city(cast, pdf: bytes, place: str) -> IncomingDocument:
    """A document of the city at that place."""
    match place:
        case "received":
            return with_annex(cast.clerk, pdf)
        case "refused":
            document = play.received(cast.clerk, pdf)
            return actions.refuse(act_as(cast.clerk), document, reason=RefusalReason.NOT_OURS)
        case "void":
            return play.purged(cast.chair, play.assigned(cast, pdf))
        case "registered":
            return play.registered(cast.clerk, pdf)
        case "informed":
            line = Line(AssignmentRole.INFORM, cast.office, cast.adviser)
            return actions.share(act_as(cast.clerk), play.registered(cast.clerk, pdf), [line])
        case "wanted_back":
            document = actions.register(act_as(cast.clerk), sent_here(cast, pdf), play.entry())
            return recalled_here(cast, document)
        case "submitted":
            return play.submitted(cast, pdf)
        case "proposed":
            document = play.submitted(cast, pdf)
            return actions.propose(act_as(cast.chief), document, cast.chair, text="Xin ý kiến")
        case "distributed":
            return play.distributed(cast, pdf)
        case "forwarded":
            document = play.registered(cast.clerk, pdf, due_date=play.clock.today())
            return attempt("forward", act_as(cast.clerk), document, cast)
        case "sent_back":
            document = play.distributed(cast, pdf)
            return actions.send_back(act_as(cast.head), document, text="Không thuộc lĩnh vực")
        case "recalled":
            return actions.recall(act_as(cast.chief), play.distributed(cast, pdf))
        case "assigned":
            return play.assigned(cast, pdf)
        case "finished":
            return play.finished(cast, pdf)
        case "asked":
            document, head = play.assigned(cast, pdf), act_as(cast.head)
            adviser = Line(AssignmentRole.COORDINATE, cast.office, cast.adviser)
            actions.ask_opinion(head, document, [adviser], text="Cần ý kiến")
            day = play.clock.today() + play.timedelta(days=8)
            return actions.request_extension(head, document, day=day, text="Chờ số liệu")
    raise ValueError(place)


def in_ward(cast, pdf: bytes, place: str) -> IncomingDocument:
    """A document of the ward at that place."""
    if place == "received":
        return with_annex(cast.ward_clerk, pdf)
    document = play.registered(cast.ward_clerk, pdf)
    if place == "registered":
        return document
    document = actions.submit(act_as(cast.ward_clerk), document)
    if place == "submitted":
        return document
    line = Line(AssignmentRole.LEAD, cast.ward_unit, cast.ward_officer)
    document = actions.distribute(act_as(cast.ward_chair), document, [line])
    if place == "distributed":
        return document
    return actions.finish(act_as(cast.ward_officer), document, text="Đã xong")


def attempt(verb: str, actor, document: IncomingDocument, cast) -> object:
    """Do the verb with arguments that only the person or the state could make wrong."""
    match verb:
        case "refuse":
            return actions.refuse(actor, document, reason=RefusalReason.NOT_OURS)
        case "register":
            return actions.register(actor, document, play.entry())
        case "correct":
            # The day that the office has set is not the clerk's to mend.
            typed = play.entry(subject="Khác", due_date=document.due_date)
            return actions.correct(actor, document, typed, reason="Gõ nhầm")
        case "submit":
            return actions.submit(actor, document)
        case "propose":
            return actions.propose(actor, document, cast.chair, text="Đề xuất")
        case "direct":
            return actions.direct(actor, document, text="Đồng ý")
        case "distribute":
            return actions.distribute(actor, document, new_lines(actor, document, cast))
        case "assign":
            whom = {cast.finance.pk: cast.accountant, cast.planning.pk: cast.colleague}.get(
                actor.unit.pk, actor.user
            )
            line = Line(AssignmentRole.COORDINATE, actor.unit, whom)
            return actions.assign(actor, document, [line])
        case "send_back":
            return actions.send_back(actor, document, text="Nhầm nơi nhận")
        case "comment":
            return actions.comment(actor, document, text="Ý kiến")
        case "progress":
            return actions.progress(actor, document, percent=30, text="Đang làm")
        case "finish":
            return actions.finish(actor, document, text="Kết quả")
        case "reopen":
            return actions.reopen(actor, document, text="Còn việc")
        case "share":
            unit = cast.office if document.agency_id == cast.city.pk else cast.ward_unit
            return actions.share(actor, document, [Line(AssignmentRole.INFORM, unit, None)])
        case "read":
            return actions.read(actor, document)
        case "merge":
            return actions.merge(actor, document, [beside(document)])
        case "split":
            return actions.split(actor, document, 2)
        case "forward":
            ward = document.agency_id == cast.ward.pk
            unit, leader = (
                (cast.ward_unit, cast.ward_chair) if ward else (cast.planning, cast.chair)
            )
            by = leader.appointments.get()
            return actions.forward(actor, document, unit, by=by, text="QLĐT xử lý")
        case "purge":
            return play.purged(actor.user, document, actor)
        case "recall":
            return actions.recall(actor, document)
        case "cancel":
            return actions.cancel(actor, document)
        case "keep":
            return actions.keep(actor, document, text="Đã thi hành")
    return attempt_asking(verb, actor, document, cast)


def attempt_asking(verb: str, actor, document: IncomingDocument, cast) -> object:
    """The same for urging, later days and opinions: always with what this person might choose."""
    seen = IncomingDocument.objects.get(pk=document.pk)
    seen.agency = actor.agency
    later = play.clock.today() + play.timedelta(days=9)
    match verb:
        case "urge":
            rows = deciding.urgeable(actor, seen) or seen.all_assignments
            return actions.urge(actor, document, rows[:1], level=1, text="Báo cáo ngay")
        case "take_back":
            parts = parts_given(actor, seen, rules.may_distribute) or seen.all_assignments
            part = parts[0] if parts else Assignment(pk=0)
            return actions.take_back(actor, document, part, text="Chuyển công tác")
        case "request_extension":
            return actions.request_extension(actor, document, day=later, text="Chờ số liệu")
        case "decide_extension":
            row = Extension.objects.filter(assignment__document=document).last()
            nothing = Extension(pk=0, wanted_day=later)
            return actions.decide_extension(actor, document, row or nothing, agree=True)
        case "ask_opinion":
            unit = cast.office if document.agency_id == cast.city.pk else cast.ward_unit
            line = Line(AssignmentRole.COORDINATE, unit)
            return actions.ask_opinion(actor, document, [line], text="Có ý kiến gì không")
        case "give_opinion":
            return actions.give_opinion(actor, document, stance="agree")
        case "withdraw_opinion":
            return actions.withdraw_opinion(actor, document, list(seen.open_opinions))
    raise ValueError(verb)


def beside(document: IncomingDocument) -> IncomingDocument:
    """Another one that lies in the tray of the same agency."""
    others = IncomingDocument.objects.filter(agency=document.agency_id, state="received")
    return others.exclude(pk=document.pk).get()


def new_lines(actor, document: IncomingDocument, cast) -> list[Line]:
    """A lead where there is none yet, else one more who coordinates."""
    led = any(
        one.role == AssignmentRole.LEAD and one.parent_id is None and one.is_open
        for one in IncomingDocument.objects.get(pk=document.pk).all_assignments
    )
    role = AssignmentRole.COORDINATE if led else AssignmentRole.LEAD
    if document.agency_id == cast.ward.pk:
        return [Line(role, cast.ward_unit, cast.ward_chair)]
    return [Line(role, cast.office, cast.adviser)]


def outcome(verb: str, person: str, actor, document: IncomingDocument, cast) -> str:
    """ "done", or how it was refused; whatever happened is undone."""
    acts = DocumentAct.objects.count()
    with transaction.atomic():
        try:
            done = attempt(verb, actor, document, cast)
        except (Refusal, ObjectDoesNotExist) as error:
            # A refusal has written nothing: no act, no state.
            assert DocumentAct.objects.count() == acts
            assert IncomingDocument.objects.get(pk=document.pk).state == document.state
            answer = type(error).__name__
        else:
            # A verb wrote its one act, in the name of whoever did it; so has what else it touched.
            more = verb in ("merge", "split")
            assert DocumentAct.objects.count() == acts + (done is not False) + more
            answer = "done" if done is not False else "nothing"
            if done is not False:
                last = DocumentAct.objects.filter(target=document.pk).order_by("ordinal").last()
                assert (last.verb, last.actor.username) == (verb, person)
        transaction.set_rollback(True)
    return answer


def tried(document: IncomingDocument, cast) -> dict[str, dict[str, str]]:
    actors = {person: act_as(getattr(cast, person)) for person in PEOPLE}
    play.received(cast.ward_clerk if document.agency_id == cast.ward.pk else cast.clerk, build())
    return {
        verb: {
            person: outcome(verb, person, actor, document, cast) for person, actor in actors.items()
        }
        for verb in VERBS
    }


def allowed(answers: dict[str, dict[str, str]]) -> dict[str, set[str]]:
    may = {
        verb: {person for person, answer in each.items() if answer == "done"}
        for verb, each in answers.items()
    }
    return {verb: people for verb, people in may.items() if people}


@pytest.mark.parametrize("place", CITY)
def test_every_verb_of_everybody_in_the_city(cast, pdf, place):
    """Kon Tum Điều 13.1, 13.2, 13.3, 13.7a, 13.7b, 13.7c, 20.2, 21.1."""
    document = in_city(cast, pdf, place)
    answers = tried(document, cast)
    assert allowed(answers) == CITY[place]
    # Whoever does not see it learns nothing, not even that it exists.
    seeing = {
        person
        for person in PEOPLE
        if IncomingDocument.objects.visible_to(act_as(getattr(cast, person))).exists()
    }
    for verb, each in answers.items():
        unseen = {person for person, answer in each.items() if answer == "DoesNotExist"}
        assert unseen == set(PEOPLE) - seeing, verb


@pytest.mark.parametrize("place", WARD)
def test_every_verb_of_everybody_in_a_ward(cast, pdf, place):
    """Kon Tum Điều 16.1a, 16.1b."""
    document = in_ward(cast, pdf, place)
    assert allowed(tried(document, cast)) == WARD[place]


def test_only_a_clerk_receives_and_for_his_own_agency(cast, pdf):
    """Kon Tum Điều 13.1, 13.6."""
    received = {}
    for person in PEOPLE:
        actor = act_as(getattr(cast, person))
        try:
            received[person] = actions.receive(actor, [play.upload(pdf)]).agency
        except NotYours:
            assert rules.may_receive(actor) is not None
    assert received == {"clerk": cast.city, "ward_clerk": cast.ward, "stranger": cast.elsewhere}


def test_the_wrong_person_gets_notyours_and_the_wrong_moment_stale(cast, pdf):
    """Kon Tum Điều 13.2: a button of another post is absent, one of another step is explained."""
    document = play.submitted(cast, pdf)
    clerk, chief, chair = act_as(cast.clerk), act_as(cast.chief), act_as(cast.chair)
    assert type(rules.may_distribute(clerk, document)) is NotYours
    assert type(rules.may_propose(chair, document)) is NotYours
    assert type(rules.may_submit(clerk, document)) is Stale
    assert type(rules.may_direct(chair, document)) is Stale
    assert type(rules.may_reopen(chief, document)) is Stale
    assert rules.may_distribute(chief, document) is None


def test_a_refusal_quotes_the_article_of_the_agencys_own_regulation(cast, pdf):
    """Kon Tum Điều 13.1, 13.2, 13.7a, 16.1b."""
    document = play.submitted(cast, pdf)
    own = "Quy chế ban hành kèm theo Quyết định 04/2017/QĐ-UBND"
    adviser, officer = act_as(cast.adviser), act_as(cast.ward_officer)
    quoted = {
        "submit": rules.may_submit(adviser, document).article,
        "propose": rules.may_propose(adviser, document).article,
        "distribute": rules.may_distribute(adviser, document).article,
        "distribute in a ward": rules.may_distribute(officer, document).article,
        "send_back": rules.may_send_back(adviser, document).article,
        "finish": rules.may_finish(adviser, document).article,
    }
    assert quoted == {
        "submit": f"khoản 1 Điều 13 {own}",
        "propose": f"khoản 2 Điều 13 {own}",
        "distribute": f"khoản 2 Điều 13 {own}",
        "distribute in a ward": f"điểm b khoản 1 Điều 16 {own}",
        "send_back": f"điểm a khoản 7 Điều 13 {own}",
        "finish": "",
    }


def test_an_agency_without_an_own_regulation_works_by_the_decree(cast, pdf):
    """NĐ 30/2020 Điều 23.1, 23.2: no step of proposing, and every article is the decree's."""
    document = play.registered(cast.stranger, pdf)
    clerk, boss = act_as(cast.stranger), act_as(cast.strange_boss)
    receiver = clerk.agency.regulation.receiver(member=False)
    assert "Nghị định 30/2020/NĐ-CP" in receiver.article
    assert type(rules.may_propose(boss, document)) is NotYours
    assert type(rules.may_direct(boss, document)) is NotYours
    assert rules.may_submit(clerk, document) is None


def test_only_the_leader_who_was_asked_decides(cast, pdf):
    """Kon Tum Điều 13.3."""
    document = actions.propose(
        act_as(cast.chief), play.submitted(cast, pdf), cast.vice, text="Trình Phó Chủ tịch"
    )
    with pytest.raises(Refusal, match="trình lãnh đạo khác") as refused:
        actions.direct(act_as(cast.chair), document, text="Đồng ý")
    assert not isinstance(refused.value, NotYours)
    assert actions.direct(act_as(cast.vice), document, text="Đồng ý").state == "submitted"


def test_a_document_before_a_leader_is_not_distributed(cast, pdf):
    """Kon Tum Điều 13.3."""
    document = in_city(cast, pdf, "proposed")
    with pytest.raises(Refusal, match="sau khi có ý kiến chỉ đạo") as refused:
        attempt("distribute", act_as(cast.chief), document, cast)
    assert "khoản 3 Điều 13" in refused.value.article


def test_the_head_waits_for_whom_he_made_lead(cast, pdf):
    document = play.assigned(cast, pdf)
    with pytest.raises(Refusal, match="Hoàng Thị Mỹ Linh đang chủ trì"):
        actions.finish(act_as(cast.head), document, text="Xong")
    document = actions.finish(act_as(cast.specialist), document, text="Đã khảo sát")
    assert document.state == "in_process"
    assert actions.finish(act_as(cast.head), document, text="Xong").state == "finished"


NEEDED = {
    "propose": ("submitted", "chief", "đề xuất"),
    "direct": ("proposed", "chair", "ý kiến chỉ đạo"),
    "send_back": ("distributed", "head", "lý do chuyển trả"),
    "comment": ("submitted", "archivist", "Ghi ý kiến"),
    "progress": ("assigned", "specialist", "nội dung báo cáo"),
    "finish": ("assigned", "specialist", "kết quả giải quyết"),
    "reopen": ("finished", "chair", "lý do mở lại"),
}


@pytest.mark.parametrize("verb", NEEDED)
def test_words_are_asked_for(cast, pdf, verb):
    """Kon Tum Điều 13.7a ("ghi rõ lý do"), 13.7b, 13.7c, 21.1."""
    place, person, sentence = NEEDED[verb]
    document, actor = in_city(cast, pdf, place), act_as(getattr(cast, person))
    more = {"propose": {"leader": cast.chair}, "progress": {"percent": 10}}.get(verb, {})
    acts = DocumentAct.objects.count()
    with pytest.raises(Refusal, match=sentence) as refused:
        getattr(actions, verb)(actor, document, text="", **more)
    assert refused.value.field == "text"
    assert DocumentAct.objects.count() == acts


def test_lines_that_cannot_be(cast, pdf, at):
    """NĐ 30/2020 Điều 23.2; Kon Tum Điều 20.2."""
    document, chief = play.submitted(cast, pdf), act_as(cast.chief)
    lead, more = AssignmentRole.LEAD, AssignmentRole.COORDINATE
    yesterday = play.clock.today() - play.timedelta(days=1)
    wrong = {
        "Chọn ít nhất một đơn vị": [],
        "Chọn đơn vị hoặc người chủ trì": [Line(more, cast.planning)],
        "không thuộc cơ quan này": [Line(lead, cast.ward_unit)],
        "không làm việc ở đơn vị": [Line(lead, cast.planning, cast.accountant)],
        "đã qua": [Line(lead, cast.planning, None, "", yesterday)],
        "đã được giao": [Line(lead, cast.planning), Line(more, cast.planning)],
    }
    for sentence, lines in wrong.items():
        with pytest.raises(Refusal, match=sentence):
            actions.distribute(chief, document, lines)
    assert IncomingDocument.objects.get(pk=document.pk).state == "submitted"
    assert not document.assignments.exists()
    assert Waiting.objects.get(document=document.pk).verb == "distribute"


def test_a_head_gives_work_to_his_own_people_only(cast, pdf):
    """Kon Tum Điều 20.2."""
    document, head = play.distributed(cast, pdf), act_as(cast.head)
    lead = AssignmentRole.LEAD
    with pytest.raises(Refusal, match="người của đơn vị mình"):
        actions.assign(head, document, [Line(lead, cast.finance, cast.accountant)])
    with pytest.raises(Refusal, match="chỉ có một người chủ trì"):
        actions.assign(
            head,
            document,
            [Line(lead, cast.planning, cast.specialist), Line(lead, cast.planning, cast.colleague)],
        )
    with pytest.raises(Refusal, match="Chọn người"):
        actions.assign(head, document, [])


def test_a_clerk_who_is_also_head_acts_as_what_he_has_chosen(cast, pdf):
    """Kon Tum Điều 11.1: one account, several posts."""
    second = play.Appointment.objects.create(
        user=cast.head, unit=cast.office, role=Role.CLERK, title="Văn thư", start_date=play.SINCE
    )
    as_head = act_as(cast.head)
    as_clerk = play.actor_for(cast.head, as_head.agency, current=second.pk)
    document = play.received(cast.clerk, pdf)
    with pytest.raises(NotYours):
        actions.register(as_head, document, play.entry())
    assert actions.register(as_clerk, document, play.entry()).number == 1
    act = DocumentAct.objects.get(target=document.pk, verb="register")
    assert (act.appointment, act.title) == (second, "Văn thư, Văn phòng HĐND-UBND")


def test_gate_reasons_close_the_door_and_keep_no_word(cast, pdf):
    """Kon Tum Điều 4.1–4.4: refused with the article, nothing of the file or the words stays."""
    for number, code in enumerate(
        ("state_secrets", "petitions", "petition_papers", "by_name"), start=1
    ):
        document = play.received(cast.clerk, pdf)
        document = actions.refuse(act_as(cast.clerk), document, reason=code, text="tả nội dung")
        act = DocumentAct.objects.get(target=document.pk, verb="refuse")
        assert f"khoản {number} Điều 4 Quy chế" in act.article
        assert not hasattr(act, "words")
        assert act.note_hash == ""
        assert document.refusal_reason == code
    document = play.received(cast.clerk, pdf)
    with pytest.raises(Refusal, match="Chọn lý do") as refused:
        actions.refuse(act_as(cast.clerk), document, reason="vì tôi thích")
    assert refused.value.field == "reason"


def test_a_channel_alone_may_be_corrected(cast, pdf):
    """TT 01/2019 Phụ lục IV: what was typed wrong is mended, whatever field it is."""
    document, clerk = play.registered(cast.clerk, pdf), act_as(cast.clerk)
    with pytest.raises(Refusal, match="Chưa có trường nào được sửa"):
        actions.correct(clerk, document, play.entry(), reason="Không có gì")
    document = actions.correct(
        clerk, document, play.entry(channel=Channel.EMAIL), reason="Đến bằng thư điện tử"
    )
    assert IncomingDocument.objects.get(pk=document.pk).channel == Channel.EMAIL
    assert Notification.objects.filter(kind="correct").count() == 0
