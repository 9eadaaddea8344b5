"""Every list is narrowed to a dossier: also those of work on the way, of papers, of proofs."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Agency
from core import clock
from documents.actions.giving import Line
from documents.choices import AssignmentRole
from dossiers import actions
from dossiers.actions import Fields
from dossiers.showing import shareable
from incoming import actions as incoming
from outgoing import actions as drafting
from tests import cast as play
from tests.cast import act_as
from tests.incoming.test_grid import typed, unit
from tests.outgoing import issuing
from tests.outgoing.drafts import drafted
from tests.outgoing.test_lasting import MAY, finding, verdict
from tests.outgoing.test_leaving import LEFT, leaves
from tests.quick import glance  # noqa: F401 -- a fixture
from tests.test_queries import asked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]
INFORM = AssignmentRole.INFORM


def opened(who, title="Sửa bờ kè", notation="01.TH"):
    fields = Fields(title=title, file_notation=notation, maintenance="20 năm")
    return actions.open(act_as(who), fields)


def found(client, path, subjects, dossier="bo ke") -> set[str]:
    """Which of these subjects stand on the page narrowed to a dossier."""
    answer = client.get(path, {"dossier": dossier} if dossier else {})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert 'name="dossier"' in page
    return {one for one in subjects if one in page}


def test_the_distribution_grid(cast, pdf, client):
    """The chief gives out what belongs to one matter, and stays with it."""
    inside, outside = (
        play.submitted(cast, pdf, code_number=number, subject=subject)
        for number, subject in (("1", "Việc trong hồ sơ"), ("2", "Việc ngoài hồ sơ"))
    )
    dossier, chief = opened(cast.chief), act_as(cast.chief)
    actions.add_document(chief, dossier, inside)
    client.force_login(cast.chief)
    path, both = "/kontum/incoming/distribute/", {inside.subject, outside.subject}
    assert found(client, path, both, "") == both
    assert found(client, path, both) == {inside.subject}
    assert "1 văn bản chờ phân phối" in client.get(path, {"dossier": "01.TH"}).content.decode()
    assert found(client, path, both, "khong co") == set()
    nothing = client.get(path, {"dossier": "khong co"}).content.decode()
    assert "Không có văn bản nào của hồ sơ này chờ phân phối." in nothing
    day = f"{clock.today() + timedelta(days=9):%d/%m/%Y}"
    row = {"lead": unit(cast.planning), "due_date": day}
    answer = client.post(f"{path}?dossier=bo+ke", typed({inside: row}))
    assert answer.status_code == 302
    assert "dossier=bo+ke" in answer.url
    page = client.get(answer.url).content.decode()
    assert "Đã chuyển 1 văn bản." in page
    assert outside.subject not in page
    # A row that is refused keeps the list narrowed, and its count.
    actions.add_document(chief, dossier, outside)
    again = client.post(f"{path}?dossier=bo+ke", typed({outside: {"lead": "", "directive": "x"}}))
    assert again.status_code == 409
    assert again.context["sheet"].total == 1


def test_the_rounds(cast, pdf, client):
    """Bình Định Điều 9.1: what is to go before the next round, of one matter."""
    Agency.objects.filter(pk=cast.city.pk).update(regulation_name="binh-dinh-2016")
    inside, outside = (
        play.registered(cast.clerk, pdf, code_number=number, subject=subject)
        for number, subject in (("1", "Việc trong hồ sơ"), ("2", "Việc ngoài hồ sơ"))
    )
    actions.add_document(act_as(cast.chief), opened(cast.chief), inside)
    client.force_login(cast.clerk)
    path, both = reverse("incoming:rounds", args=["kontum"]), {inside.subject, outside.subject}
    assert found(client, path, both, "") == both
    assert found(client, path, both) == {inside.subject}
    page = client.get(path, {"dossier": "bo ke"}).content.decode()
    assert "1 văn bản đã vào sổ, chưa trình" in page
    assert f'action="{path}?dossier=bo%20ke"' in page
    done = client.post(f"{path}?dossier=bo%20ke", {"document": [inside.pk]}).content.decode()
    assert "Đã trình 1 văn bản" in done
    assert outside.subject not in done
    assert "Không có văn bản nào của hồ sơ này chờ trình." in done


def test_papers(cast, pdf, client):
    """Those held, those that are out, those that a number finds; a hidden dossier finds nothing."""
    clerk, papers = act_as(cast.clerk), []
    for number, subject in (("1", "Việc trong hồ sơ"), ("2", "Việc ngoài hồ sơ")):
        document = play.assigned(cast, pdf, code_number=number, subject=subject)
        paper = incoming.keep_paper(clerk, document, sheets=3)
        incoming.hand_over(clerk, paper, cast.planning, cast.specialist, sheets=3)
        papers.append(paper)
    inside, outside = (one.document for one in papers)
    actions.add_document(act_as(cast.specialist), opened(cast.specialist), inside)
    hidden = opened(cast.chief, "Thanh tra", "02.TH")
    actions.add_document(act_as(cast.chief), hidden, inside)
    path, both = reverse("incoming:papers", args=["kontum"]), {inside.subject, outside.subject}
    for who in (cast.specialist, cast.clerk):
        client.force_login(who)
        assert found(client, path, both, "") == both
        assert found(client, path, both) == {inside.subject}
    assert found(client, path, both, "thanh tra") == {inside.subject}
    client.force_login(cast.specialist)
    assert found(client, path, both, "thanh tra") == found(client, path, both, "khong co") == set()
    query = {"q": str(outside.number), "dossier": "bo ke"}
    assert outside.subject not in client.get(path, query).content.decode()
    answer = client.get(path, {"q": str(inside.number), "dossier": "bo ke"})
    assert answer.status_code == 302


def test_drafts_that_were_left_behind(cast, client):
    """Of a dossier that the head sees; one that he does not see narrows to nothing."""
    inside = drafted(cast, subject="sửa trong hồ sơ", dossier=opened(cast.specialist))
    outside = drafted(cast, subject="sửa ngoài hồ sơ")
    hidden = opened(cast.chief, "Thanh tra", "02.TH")
    actions.add_document(act_as(cast.chief), hidden, inside)
    leaves(cast.specialist)
    client.force_login(cast.head)
    both = {inside.subject, outside.subject}
    assert found(client, LEFT, both, "") == both
    assert found(client, LEFT, both) == {inside.subject}
    assert found(client, LEFT, both, "thanh tra") == set()
    assert "của hồ sơ này" in client.get(LEFT, {"dossier": "thanh tra"}).content.decode()


def test_proofs_that_weaken(cast, client, monkeypatch):
    """What went out of a dossier and will soon be hard to prove."""
    signed = verdict(finding("Nguyễn Đức Thành", MAY))
    monkeypatch.setattr(issuing, "VALID", signed)
    inside, outside = issuing.issued(cast), issuing.issued(cast)
    actions.add_document(act_as(cast.chief), opened(cast.chief), inside)
    path = reverse("outgoing:weakening", args=["kontum"])
    both = {inside.get_absolute_url(), outside.get_absolute_url()}
    with clock.set_to(MAY - timedelta(days=3)):
        client.force_login(cast.clerk)
        assert found(client, path, both, "") == both
        assert found(client, path, both) == {inside.get_absolute_url()}
        assert found(client, path, both, "khong co") == set()
        none = client.get(path, {"dossier": "khong co"}).content.decode()
        assert "Chưa có văn bản nào của hồ sơ này sắp khó kiểm chứng." in none


def test_giving_out_asks_once_for_all_drafts_in_it(cast, pdf, client):
    """Bắc Giang Điều 6.1: what may be shown with the work is known without a question for each."""
    dossier, chief = opened(cast.chief), act_as(cast.chief)
    actions.add_document(chief, dossier, play.submitted(cast, pdf))
    path = reverse("dossiers:dossier_verb", args=["kontum", dossier.pk, "give_out"])
    counts = []
    for count in (1, 4):
        for number in range(count):
            draft = drafted(cast, subject=f"dự thảo {count}-{number}")
            actions.add_document(chief, dossier, draft)
        counts.append(len(asked(client, cast.chief, path)))
    assert counts[0] == counts[1]
    assert client.get(path).content.decode().count('name="documents"') == 6
    # The clerk of a draft's way may show it; whoever was only told of it may not.
    line = Line(INFORM, cast.finance, cast.accountant)
    drafting.share(act_as(cast.specialist), draft, [line])
    offered = {
        who: {one.pk for one in shareable(act_as(getattr(cast, who)), dossier)}
        for who in ("chief", "accountant")
    }
    assert draft.pk in offered["chief"]
    assert draft.pk not in offered["accountant"]
