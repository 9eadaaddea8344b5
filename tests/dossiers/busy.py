"""A dossier in which everything has happened that its page tells of."""

from types import SimpleNamespace

from core import clock
from dossiers import actions
from dossiers.actions import Line
from dossiers.models import Dossier, Item
from incoming import actions as incoming
from tests import cast as play
from tests.cast import act_as
from tests.dossiers.test_work import COORDINATE, INFORM, later, proposed


def busy(cast: SimpleNamespace, pdf: bytes) -> Dossier:
    """Given, coordinated, asked about, put off, told, opinions in it, things taken out."""
    lead, head, chair = act_as(cast.specialist), act_as(cast.head), act_as(cast.chair)
    dossier = proposed(cast)
    unit, _person = dossier.open_proposals
    actions.answer_proposal(act_as(cast.finance_head), dossier, unit, agree=True, text="Nhận.")
    # A later day: one was decided, one waits.
    dossier = actions.request_extension(lead, dossier, day=later(9), text="Chờ số liệu.")
    [row] = dossier.open_extensions
    dossier = actions.decide_extension(head, dossier, row, agree=True)
    actions.request_extension(lead, dossier, day=later(10), text="Còn chờ.")
    actions.request_extension(head, dossier, day=later(15), text="Đơn vị cũng chờ.")
    # Opinions on the dossier and on a document in it: given, waited for, withdrawn.
    document = play.assigned(cast, pdf, code_number="71")
    incoming.ask_opinion(lead, document, [Line(COORDINATE, cast.finance)], text="Kinh phí?")
    incoming.give_opinion(act_as(cast.finance_head), document, stance="agree", text="Đủ.")
    actions.add_document(lead, dossier, document)
    actions.add_opinion(lead, dossier, document.opinions.get())
    asked = [Line(COORDINATE, cast.finance, cast.accountant), Line(COORDINATE, cast.office)]
    actions.ask_opinion(lead, dossier, asked, text="Thế nào?")
    actions.give_opinion(act_as(cast.accountant), dossier, stance="other", text="Cần thêm.")
    actions.add_opinion(lead, dossier, dossier.opinions.get(answered_at__isnull=False))
    again = [Line(COORDINATE, cast.planning, cast.colleague)]
    dossier = actions.ask_opinion(lead, dossier, again, text="Góp ý?")
    gone = [one for one in dossier.open_opinions if one.person_id == cast.colleague.pk]
    actions.withdraw_opinion(lead, dossier, gone)
    actions.progress(lead, dossier, percent=40, text="Đang khảo sát.")
    actions.urge(chair, dossier, [dossier.all_assignments[0]], level=1, text="Khẩn trương.")
    told = [Line(INFORM, cast.finance, cast.accountant)]
    actions.share(lead, dossier, told, confirmed=True)
    actions.comment(act_as(cast.chief), dossier, text="Lưu ý tiến độ.")
    # Things taken out: a document, a file, a note, an opinion.
    other = play.assigned(cast, pdf, code_number="72")
    incoming.ask_opinion(lead, other, [Line(COORDINATE, cast.finance)], text="Kinh phí?")
    incoming.give_opinion(act_as(cast.finance_head), other, stance="agree", text="Đủ.")
    actions.add_document(lead, dossier, other)
    out = [
        actions.add_opinion(lead, dossier, other.opinions.get()),
        Item.objects.get(dossier=dossier, document=other),
        actions.add_note(lead, dossier, text="Ghi nhầm."),
        *actions.add_files(lead, dossier, [play.upload(pdf, "nham.pdf")]),
    ]
    actions.add_files(lead, dossier, [play.upload(pdf, "khao-sat.pdf")])
    # The head has put in what the others do not see, and taken out another.
    hidden = [play.submitted(cast, pdf, code_number=f"8{number}") for number in (1, 2)]
    for one in hidden:
        actions.add_document(act_as(cast.chief), dossier, one)
    for item in out:
        actions.remove_item(lead, dossier, item, text="Thừa.")
    last = Item.objects.get(dossier=dossier, document=hidden[1])
    actions.remove_item(chair, dossier, last, text="Nhầm hồ sơ.")
    return Dossier.objects.get(pk=dossier.pk)


def filled(cast: SimpleNamespace, dossier: Dossier, last: int) -> None:
    """With notes up to that many items."""
    mine, now = cast.specialist.appointments.get(), clock.now()
    Item.objects.bulk_create(
        Item(dossier=dossier, ordinal=place, text=f"Ghi {place}", added_by=mine, added_at=now)
        for place in range(dossier.items.count() + 1, last + 1)
    )
