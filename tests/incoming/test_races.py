"""Many at once: real threads, each with a connection of its own."""

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import date, datetime
from types import SimpleNamespace

import pytest
from django.core import mail
from django.db import connection, connections, transaction
from django.utils import translation

from accounts.actions import delegate, head_post
from accounts.choices import Role
from accounts.models import Agency
from core import clock
from core.errors import Refusal, Stale
from documents import verifying
from documents.choices import AssignmentRole
from documents.models import DocumentAct, Extension, Opinion, Register, StoredFile
from incoming import actions
from incoming import verifying as verifying_incoming
from incoming.actions import Line, Row
from incoming.models import IncomingDocument, Reminder, Round
from notifications.models import Notification
from notifications.tasks import send_mail
from tests import cast as play
from tests.cast import act_as, make_person
from tests.files import build
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("glance", "wide_pool"),
]

MANY = 50
PATIENCE = 60  # seconds; only a failure is as slow as that


@pytest.fixture
def wide_pool(committed: None) -> Iterator[None]:
    """A connection for every thread: the pool of the tests is as small as that of a small office.

    A thread without a connection would wait for the pool, and not for a lock.
    """
    options = connection.settings_dict["OPTIONS"]
    narrow = options["pool"]
    connection.close()
    connection.close_pool()
    options["pool"] = {**narrow, "max_size": MANY + 5, "timeout": PATIENCE}
    yield
    connection.close()
    connection.close_pool()
    options["pool"] = narrow


def at_once(works: list[Callable[[], object]]) -> list[object]:
    """What each work answered or raised, all begun together, each in a thread of its own."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        try:
            start.wait(PATIENCE)
            with translation.override("vi"):
                return work()
        except Exception as error:  # noqa: BLE001 -- the answer of this thread
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as threads:
        begun = [threads.submit(run, work) for work in works]
        for _done in as_completed(begun, timeout=PATIENCE * 2):
            pass
    return [one.result() for one in begun]


class Undo(Exception):
    """Something went wrong after the verb, in its transaction."""


def tray(cast: SimpleNamespace, count: int) -> list[IncomingDocument]:
    """So many documents in the tray, each with a file of its own."""
    return [
        play.received(cast.clerk, build(content=f"BT ({number}) Tj ET".encode()))
        for number in range(count)
    ]


def test_fifty_registrations_at_once_with_rollbacks_leave_no_gap(cast):
    """NĐ 30/2020 Điều 22.2: no number is missing, none is given twice."""
    documents = tray(cast, MANY)
    clerk = act_as(cast.clerk)
    fail = random.Random(7).sample(range(MANY), 17)

    def work(place: int, document: IncomingDocument) -> int:
        with transaction.atomic():
            number = actions.register(clerk, document, play.entry()).number
            if place in fail:
                raise Undo
        return number

    answers = at_once(
        [lambda place=place, one=one: work(place, one) for place, one in enumerate(documents)]
    )
    assert [place for place, one in enumerate(answers) if isinstance(one, Undo)] == sorted(fail)
    numbers = sorted(one for one in answers if isinstance(one, int))
    assert numbers == list(range(1, MANY - len(fail) + 1))
    stored = IncomingDocument.objects.registered().order_by("number")
    assert list(stored.values_list("number", flat=True)) == numbers
    assert Register.objects.get().last_number == MANY - len(fail)
    # Those that failed give no number away: the next one follows.
    again = actions.register(clerk, documents[fail[0]], play.entry())
    assert again.number == MANY - len(fail) + 1
    assert list(verifying.broken_registers()) == []
    assert list(verifying.broken_chains()) == []


def test_two_years_and_two_agencies_count_apart(cast, at):
    """NĐ 30/2020 Điều 22.2."""
    works = [
        lambda agency=agency, year=year: verb(agency, year)
        for agency in (cast.city, cast.ward)
        for year in (2025, 2026)
        for _time in range(5)
    ]

    def verb(agency, year):
        with transaction.atomic():
            return (agency.slug, year, actions.registering.draw_number(agency, "incoming", year)[1])

    assert sorted(at_once(works)) == [
        (slug, year, number)
        for slug in ("kontum", "phuong-thang-loi")
        for year in (2025, 2026)
        for number in range(1, 6)
    ]


def test_fifty_verbs_on_different_documents_do_not_wait_for_each_other(cast):
    """Kon Tum Điều 13.1: nobody commits before all fifty have done their verb."""
    clerk = act_as(cast.clerk)
    documents = [actions.register(clerk, one, play.entry()) for one in tray(cast, MANY)]
    # The admin makes a post with its first appointment; the cast is made without it.
    head_post(cast.office)
    done = threading.Barrier(MANY)

    def work(document: IncomingDocument) -> str:
        with transaction.atomic():
            state = actions.submit(clerk, document).state
            # Whoever had to wait for another's commit never comes here: the barrier breaks.
            done.wait(20)
        return state

    answers = at_once([lambda one=one: work(one) for one in documents])
    assert answers == ["submitted"] * MANY
    assert DocumentAct.objects.filter(verb="submit").count() == MANY
    assert list(verifying.broken_chains()) == []


def test_a_leader_who_clicks_twice_directs_once(cast, pdf):
    """Kon Tum Điều 13.3."""
    document = actions.propose(
        act_as(cast.chief), play.submitted(cast, pdf), cast.chair, text="Trình"
    )
    chair = act_as(cast.chair)
    answers = at_once([lambda: actions.direct(chair, document, text="Đồng ý")] * 2)
    one_wins(answers, document, "direct", "Nguyễn Đức Thành, cho ý kiến chỉ đạo lúc")


def test_two_chiefs_distribute_and_one_is_told_who_was_quicker(cast, pdf):
    """Kon Tum Điều 13.2; NĐ 30/2020 Điều 23.2: one place leads."""
    second = make_person(cast.office, Role.OFFICE_CHIEF, "chief2", "Y Ngọc", "Phó Chánh Văn phòng")
    document = play.submitted(cast, pdf)
    lead = AssignmentRole.LEAD
    works = [
        lambda: actions.distribute(act_as(cast.chief), document, [Line(lead, cast.planning)]),
        lambda: actions.distribute(act_as(second), document, [Line(lead, cast.finance)]),
    ]
    answers = at_once(works)
    winner = DocumentAct.objects.get(target=document.pk, verb="distribute").actor
    one_wins(answers, document, "distribute", f"{winner.full_name}, phân phối lúc")
    assert document.assignments.count() == 1


def one_wins(answers: list[object], document: IncomingDocument, verb: str, said: str) -> None:
    assert DocumentAct.objects.filter(target=document.pk, verb=verb).count() == 1
    losers = [one for one in answers if isinstance(one, Exception)]
    assert len(losers) == 1, answers
    assert isinstance(losers[0], Stale)
    assert said in str(losers[0])


def test_one_document_submitted_by_ten_clicks_is_submitted_once(cast, pdf):
    """Kon Tum Điều 13.1."""
    clerk, document = act_as(cast.clerk), play.registered(cast.clerk, pdf)
    answers = at_once([lambda: actions.submit(clerk, document)] * 10)
    assert sum(isinstance(one, Stale) for one in answers) == 9
    assert DocumentAct.objects.filter(target=document.pk, verb="submit").count() == 1


def test_one_document_registered_by_ten_clicks_takes_one_number(cast, pdf):
    """NĐ 30/2020 Điều 22.2."""
    clerk, document = act_as(cast.clerk), play.received(cast.clerk, pdf)
    answers = at_once([lambda: actions.register(clerk, document, play.entry())] * 10)
    assert sum(isinstance(one, Stale) for one in answers) == 9
    assert Register.objects.get().last_number == 1


def test_the_same_files_in_two_orders_are_stored_once_and_nobody_is_locked_out(cast):
    """NĐ 30/2020 Điều 22: two clerks keep the same two files, each in his own order."""
    first, second = build(pages=2), build(pages=3)
    clerk = act_as(cast.clerk)
    documents = []
    for place in range(8):
        files = [play.upload(first), play.upload(second)][:: -1 if place % 2 else 1]
        document = actions.receive(clerk, files)
        actions.inspect_tray(document)
        documents.append(document)
    answers = at_once(
        [lambda one=one: actions.register(clerk, one, play.entry()).number for one in documents]
    )
    assert sorted(answers, key=str) == list(range(1, 9))
    assert StoredFile.objects.count() == 2
    assert list(verifying.broken_files()) == []


def test_comments_of_many_stay_one_chain(cast, pdf):
    """Kon Tum Điều 13.7b."""
    document = play.distributed(cast, pdf)
    people = [cast.chair, cast.vice, cast.chief, cast.clerk, cast.archivist, cast.head]
    actors = [act_as(one) for one in people * 3]
    answers = at_once(
        [lambda one=one: actions.comment(one, document, text="Ý kiến").pk for one in actors]
    )
    assert answers == [document.pk] * len(actors)
    assert list(verifying.broken_chains()) == []
    ordinals = DocumentAct.objects.filter(target=document.pk).values_list("ordinal", flat=True)
    assert list(ordinals) == list(range(1, len(actors) + 5))


def test_the_lead_ends_while_another_reports(cast, pdf):
    """Kon Tum Điều 13.7c: whichever comes first, the rest follows from it."""
    document = play.distributed(cast, pdf)
    head, other = act_as(cast.head), act_as(cast.finance_head)
    answers = at_once(
        [
            lambda: actions.finish(head, document, text="Xong").state,
            lambda: actions.progress(other, document, percent=10, text="Đang làm").state,
        ]
    )
    assert answers[0] == "finished"
    assert answers[1] == "in_process" or isinstance(answers[1], Refusal)
    assert list(verifying.broken_states()) == []


def test_two_of_a_unit_sign_for_one_paper_and_one_is_told(cast, pdf):
    """Kon Tum Điều 13.3: whoever of the unit is quicker has it, and answers for it."""
    clerk, document = act_as(cast.clerk), play.assigned(cast, pdf)
    paper = actions.keep_paper(clerk, document, sheets=2)
    paper = actions.hand_over(clerk, paper, cast.planning, sheets=2)
    head, specialist = act_as(cast.head), act_as(cast.specialist)
    answers = at_once(
        [lambda: actions.take_over(head, paper), lambda: actions.take_over(specialist, paper)]
    )
    winner = DocumentAct.objects.get(target=document.pk, verb="take_over").actor
    one_wins(answers, document, "take_over", f"{winner.full_name}, ký nhận bản giấy lúc")
    paper.refresh_from_db()
    assert (paper.state, paper.holder) == ("held", winner)
    assert paper.moves.count() == 3


def test_a_paper_is_handed_over_once_however_many_give_it(cast, pdf):
    """Kon Tum Điều 13.3: the second clerk would give what lies on another's desk by now."""
    second = make_person(cast.office, Role.CLERK, "clerk2", "Y Ngọc", "Văn thư")
    clerk, document = act_as(cast.clerk), play.assigned(cast, pdf)
    paper = actions.keep_paper(clerk, document, sheets=2)
    give = {"sheets": 2, "signed": True}
    works = [
        lambda: actions.hand_over(clerk, paper, cast.planning, cast.head, **give),
        lambda: actions.hand_over(act_as(second), paper, cast.finance, cast.accountant, **give),
    ]
    answers = at_once(works)
    winner = DocumentAct.objects.get(target=document.pk, verb="hand_over").actor
    one_wins(answers, document, "hand_over", f"{winner.full_name}, giao bản giấy lúc")


def test_a_paper_brought_back_while_it_is_reported_lost_is_in_one_place(cast, pdf):
    """Whichever comes first, the other is told, and the paper is where its last move left it."""
    clerk, specialist = act_as(cast.clerk), act_as(cast.specialist)
    paper = actions.keep_paper(clerk, play.assigned(cast, pdf), sheets=2)
    give = {"sheets": 2, "signed": True}
    paper = actions.hand_over(clerk, paper, cast.planning, cast.specialist, **give)
    answers = at_once(
        [
            lambda: actions.return_paper(specialist, paper).state,
            lambda: actions.report_lost(clerk, paper, text="Không thấy.").state,
        ]
    )
    paper.refresh_from_db()
    assert paper.state == paper.moves.last().state == "lost"
    assert answers[1] == "lost"
    assert answers[0] == "on_way" or isinstance(answers[0], Stale)


def asked_for_more_time(cast, pdf) -> tuple[IncomingDocument, Extension]:
    """The planning unit has asked the leaders for a later day."""
    document = play.distributed(cast, pdf)
    day = play.clock.today() + play.timedelta(days=9)
    actions.request_extension(act_as(cast.head), document, day=day, text="Chờ số liệu.")
    return document, Extension.objects.get()


def test_two_leaders_decide_the_same_extension_and_one_is_told(cast, pdf):
    """Kon Tum Điều 11.6c."""
    document, row = asked_for_more_time(cast, pdf)
    answers = at_once(
        [
            lambda: actions.decide_extension(act_as(cast.chair), document, row, agree=True),
            lambda: actions.decide_extension(
                act_as(cast.vice), document, row, agree=False, text="Việc gấp."
            ),
        ]
    )
    one_wins(answers, document, "decide_extension", "Yêu cầu gia hạn đã được")
    row.refresh_from_db()
    winner = DocumentAct.objects.get(target=document.pk, verb="decide_extension")
    assert row.decided_by.user == winner.actor
    assert list(verifying_incoming.findings()) == []


def test_the_work_ends_while_its_extension_is_decided(cast, pdf):
    """Kon Tum Điều 11.6c, 13.7c: decided before it ended, or closed by its end; never both."""
    document, row = asked_for_more_time(cast, pdf)
    finished, decided = at_once(
        [
            lambda: actions.finish(act_as(cast.head), document, text="Xong trước hạn.").state,
            lambda: actions.decide_extension(act_as(cast.chair), document, row, agree=True),
        ]
    )
    row.refresh_from_db()
    assert finished == "finished"
    if isinstance(decided, Exception):
        assert isinstance(decided, Stale)
        assert "đã khép lại" in str(decided)
        assert "Nguyễn Quốc Bảo, kết thúc lúc" in str(decided)
        assert row.outcome == "closed"
    else:
        assert row.outcome == "agreed"
    assert list(verifying_incoming.findings()) == []


def test_work_is_finished_and_a_later_day_is_asked_at_once(cast, pdf):
    """Kon Tum Điều 11.6c: whichever comes first, no request is left open on ended work."""
    document, head = play.distributed(cast, pdf), act_as(cast.head)
    day = play.clock.today() + play.timedelta(days=9)
    finished, asked = at_once(
        [
            lambda: actions.finish(head, document, text="Xong.").state,
            lambda: actions.request_extension(head, document, day=day, text="Chờ."),
        ]
    )
    assert finished == "finished"
    document.refresh_from_db()
    assert document.state == "finished"
    if isinstance(asked, Exception):
        assert isinstance(asked, Stale)
        assert not Extension.objects.exists()
        assert "kết thúc lúc" in str(asked)
    else:
        assert [row.outcome for row in Extension.objects.all()] == ["closed"]
    verbs = list(document.acts.order_by("ordinal").values_list("verb", flat=True))
    assert verbs.count("finish") == 1
    assert verbs.count("request_extension") == Extension.objects.count()
    assert list(verifying_incoming.findings()) == []


def test_an_opinion_is_given_while_the_question_is_withdrawn(cast, pdf):
    """Kon Tum Điều 13.7b."""
    document = play.distributed(cast, pdf)
    line = Line(AssignmentRole.COORDINATE, cast.finance)
    actions.ask_opinion(act_as(cast.head), document, [line], text="Ý kiến?")
    row = Opinion.objects.get()
    answers = at_once(
        [
            lambda: actions.give_opinion(act_as(cast.finance_head), document, stance="agree"),
            lambda: actions.withdraw_opinion(act_as(cast.head), document, [row]),
        ]
    )
    row.refresh_from_db()
    losers = [one for one in answers if isinstance(one, Exception)]
    assert len(losers) == 1
    assert isinstance(losers[0], Refusal)
    assert (row.answered_at is None) != (row.withdrawn_at is None)


def test_two_urge_the_same_work_and_both_stay_on_the_trail(cast, pdf):
    """NĐ 30/2020 Điều 24.1."""
    document = play.distributed(cast, pdf)
    one = document.assignments.get(unit=cast.planning)
    people = (cast.chair, cast.chief)
    answers = at_once(
        [
            lambda user=user: (
                actions.urge(act_as(user), document, [one], level=1, text="Báo cáo.").pk
            )
            for user in people
        ]
    )
    assert answers == [document.pk] * 2
    assert DocumentAct.objects.filter(target=document.pk, verb="urge").count() == 2
    assert list(verifying.broken_chains()) == []


def test_two_clocks_at_once_remind_and_record_each_cause_once(cast, pdf):
    """Kon Tum Điều 19.4; Bình Định Điều 9.1: two beats, four workers, one notice, one row."""
    monday, later = datetime(2026, 3, 2, 9, 0), datetime(2026, 3, 6, 9, 30)  # noqa: DTZ001 -- made aware by the clock
    cast.city.regulation_name = "binh-dinh-2016"
    cast.city.save()
    with clock.set_to(monday):
        play.registered(cast.clerk, pdf)
    Notification.objects.all().delete()

    def run() -> tuple[int, int]:
        agency = Agency.objects.select_related("parent").get(pk=cast.city.pk)
        with clock.set_to(later):
            return actions.remind(agency).notices, actions.record_rounds(agency)

    answers = at_once([run] * 6)
    assert all(isinstance(one, tuple) for one in answers), answers
    assert sorted(notices for notices, _rows in answers) == [0, 0, 0, 0, 0, 2]
    assert sum(rows for _notices, rows in answers) == Round.objects.count() == 8
    causes = Reminder.objects.values_list("kind", flat=True)
    assert sorted(causes) == ["morning", "overdue", "unit_overdue"]  # the head is the chief
    told = Notification.objects.exclude(kind="morning").values_list("user__username", "kind")
    assert len(set(told)) == len(told) == 2
    mornings = Notification.objects.filter(kind="morning")
    assert [row.user.username for row in mornings] == ["clerk"]


def test_one_letter_is_sent_by_one_of_many_workers(cast, pdf, settings):
    """Whoever sends holds the row; the others find nothing to send."""
    settings.EMAIL_HOST = "mail.example.com"
    cast.chief.email = "chief@example.com"
    cast.chief.save()
    Notification.objects.all().delete()
    row = Notification.objects.create(
        agency=cast.city, user=cast.chief, kind="overdue", path="/", due_date=date(2026, 3, 2),
        figures={"days": 1}, created_at=clock.now(), mail_since=clock.now(),
    )  # fmt: skip
    mail.outbox.clear()
    answers = at_once([lambda: send_mail.run(row.pk)] * 8)
    assert answers == [None] * 8
    assert len(mail.outbox) == 1


def test_two_clerks_submit_the_same_round_and_each_row_goes_once(cast, pdf):
    """Bình Định Điều 9.1: whatever one has submitted is told to the other in words."""
    second = make_person(cast.office, Role.CLERK, "clerk2", "Y Nhung", "Văn thư")
    documents = [play.registered(cast.clerk, pdf, code_number=str(number)) for number in range(8)]
    head_post(cast.office)
    clerks = [act_as(cast.clerk), act_as(second)]
    answers = at_once([lambda one=one: actions.submit_all(one, documents) for one in clerks])
    refused = [row.refusal for verdicts in answers for row in verdicts if row.refusal]
    assert len(refused) == len(documents)
    assert all(isinstance(one, Stale) and "trình lúc" in one.message for one in refused)
    assert DocumentAct.objects.filter(verb="submit").count() == len(documents)


def test_the_chief_and_his_delegate_send_the_same_grid(cast, pdf):
    """Kon Tum Điều 13.1, 13.2: of two grids one wins each row, the other is told who did it."""
    deputy = make_person(cast.office, Role.DEPUTY_HEAD, "vp2", "Y Ngọc", "Phó Chánh Văn phòng")
    delegate(act_as(cast.chief), deputy, start_date=clock.today(), end_date=clock.today())
    for unit in (cast.planning, cast.finance, cast.office):
        head_post(unit)
    documents = [play.submitted(cast, pdf, code_number=f"{number}") for number in range(6)]

    def send(actor, unit):
        rows = [Row(one.pk, 3, [Line(AssignmentRole.LEAD, unit)]) for one in documents]
        return actions.distribute_many(actor, rows)

    chief, other = act_as(cast.chief), act_as(deputy)
    answers = at_once([lambda: send(chief, cast.planning), lambda: send(other, cast.finance)])
    assert all(isinstance(one, list) for one in answers), answers
    for mine, theirs, document in zip(*answers, documents, strict=True):
        assert (mine.refusal is None) != (theirs.refusal is None)
        lost = mine.refusal or theirs.refusal
        winner = DocumentAct.objects.get(target=document.pk, verb="distribute").actor
        assert isinstance(lost, Stale)
        assert f"{winner.full_name}, phân phối lúc" in str(lost)
        assert document.assignments.count() == 1
    assert list(verifying.broken_chains()) == []


def test_the_same_grid_sent_twice_at_once_distributes_once(cast, pdf):
    """Kon Tum Điều 13.2: two clicks of one form."""
    head_post(cast.office)
    documents = [play.submitted(cast, pdf, code_number=f"{number}") for number in range(4)]
    chief = act_as(cast.chief)
    rows = [Row(one.pk, 3, [Line(AssignmentRole.LEAD, cast.planning)]) for one in documents]
    answers = at_once([lambda: actions.distribute_many(chief, rows)] * 3)
    sent = [one.key for verdicts in answers for one in verdicts if one.refusal is None]
    assert sorted(sent) == sorted(one.pk for one in documents)
    assert DocumentAct.objects.filter(verb="distribute").count() == 4


def test_a_comment_while_the_grid_is_sent_is_read_first_or_comes_after(cast, pdf):
    """Kon Tum Điều 13.7b: the trail stays one chain, and no comment is overlooked."""
    head_post(cast.office)
    documents = [play.submitted(cast, pdf, code_number=f"{number}") for number in range(8)]
    chief, chair = act_as(cast.chief), act_as(cast.chair)
    rows = [Row(one.pk, 3, [Line(AssignmentRole.LEAD, cast.planning)]) for one in documents]
    answers = at_once(
        [
            lambda: actions.distribute_many(chief, rows),
            lambda: [actions.comment(chair, one, text="Chờ tôi.") for one in documents],
        ]
    )
    for verdict in answers[0]:
        verbs = DocumentAct.objects.filter(target=verdict.key).order_by("ordinal")
        tail = list(verbs.values_list("verb", flat=True))[3:]
        if verdict.refusal is None:
            assert tail == ["distribute", "comment"]
        else:
            assert tail == ["comment"]
            assert "Nguyễn Đức Thành, cho ý kiến lúc" in str(verdict.refusal)
    assert list(verifying.broken_chains()) == []


def test_a_head_assigns_while_the_chief_recalls(cast, pdf):
    """Kon Tum Điều 13.2, 20.2: one wins, the other is told, or does not see it any more."""
    head_post(cast.planning)  # the admin makes a post with its first appointment
    chief, head = act_as(cast.chief), act_as(cast.head)
    line = Line(AssignmentRole.LEAD, cast.planning, cast.specialist)
    for number in range(4):
        document = play.distributed(cast, pdf, code_number=f"{number}")
        answers = at_once(
            [
                lambda one=document: actions.recall(chief, one).state,
                lambda one=document: actions.assign(head, one, [line]).state,
            ]
        )
        if answers[0] == "submitted" and isinstance(answers[1], Stale):
            assert "Việc này đã được thu hồi. Bước gần nhất: Phạm Minh Tuấn" in str(answers[1])
        elif answers[0] == "submitted":
            assert isinstance(answers[1], IncomingDocument.DoesNotExist)
        else:
            assert answers[1] == "in_process"
            assert isinstance(answers[0], Refusal)
            assert "đã mở hoặc xử lý lúc" in str(answers[0])
    assert list(verifying.broken_states()) == []
