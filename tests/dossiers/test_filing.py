"""Putting an incoming document into one of many dossiers: found by words, by code, by its page."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from documents.choices import AssignmentRole
from dossiers import actions
from dossiers.actions import Line
from dossiers.filing import OFFERED, proposed_for
from tests import cast as play
from tests.cast import act_as
from tests.dossiers.test_dossier import fields, opened
from tests.files import build
from tests.incoming.test_watching import directed
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]


def browser(who: Any) -> Client:
    client = Client()
    client.force_login(who)
    return client


def many(cast: Any) -> Any:
    """The dossier that is looked for, and more newer ones than a page offers."""
    old = opened(cast, file_notation="77.QLĐT", title="Cấp phép quảng cáo ngoài trời")
    for number in range(1, OFFERED + 2):
        opened(cast, file_notation=f"{number}.TH", title=f"Việc số {number}")
    return old


def test_an_old_dossier_is_found_by_words_or_code(cast, pdf):
    """Kon Tum Điều 13.7c: into the dossier that it belongs to, not into one of the newest."""
    old = many(cast)
    document = play.assigned(cast, pdf)
    path = reverse("incoming:file_in", args=["kontum", document.pk])
    client = browser(cast.specialist)
    choice = f'name="dossier" value="{old.pk}"'
    assert choice not in client.get(path).content.decode()
    for typed in ("quang cao", "QUẢNG CÁO", "77.QLĐT", old.file_code):
        said = client.get(path, {"q": typed}).content.decode()
        assert said.count('name="dossier"') == 1, typed
        assert choice in said, typed
    said = client.get(path, {"q": "không đâu có"}).content.decode()
    assert "Không có hồ sơ nào đang giải quyết khớp." in said
    # What was looked for stays where nothing was chosen.
    refused = client.post(path, {"q": "quang cao"})
    assert refused.status_code == 409
    assert choice in refused.content.decode()
    assert client.post(path, {"q": "quang cao", "dossier": old.pk}).status_code == 302
    assert old.items.get().document_id == document.pk


def test_the_search_finds_nothing_of_others_except_for_the_office(cast, pdf):
    theirs = opened(cast, "accountant", title="Quyết toán ngân sách")
    document = play.assigned(cast, pdf)
    path = reverse("incoming:file_in", args=["kontum", document.pk])
    for who, found in ((cast.specialist, False), (cast.chief, True)):
        said = browser(who).get(path, {"q": "quyet toan"}).content.decode()
        assert (f'value="{theirs.pk}"' in said) is found


def test_finishing_reaches_a_dossier_beyond_the_proposed_ones_by_its_code(cast, pdf):
    """Kon Tum Điều 13.7c: "chọn “Kết thúc” và lưu văn bản vào Hồ sơ"."""
    old = many(cast)
    first, second = (
        play.assigned(cast, build(pages=n), code_number=f"{n}", subject=f"Đơn {n}") for n in (1, 2)
    )
    client = browser(cast.specialist)
    form = client.get(f"{first.get_absolute_url()}?do=finish").content.decode()
    assert 'name="code"' in form
    path = reverse("incoming:verb", args=["kontum", first.pk, "finish"])
    newest = proposed_for(act_as(cast.specialist), first)[0].dossier
    for typed, words in (
        ({"code": "99.QLĐT"}, "Không có hồ sơ nào đang giải quyết mang mã này"),
        ({"code": "77.qlđt", "dossier": newest.pk}, "hoặc ghi mã hồ sơ khác"),
    ):
        refused = client.post(path, {"text": "Xong."} | typed)
        assert refused.status_code == 422
        assert words in refused.content.decode()
    assert client.post(path, {"text": "Xong.", "code": "77.qlđt"}).status_code == 302
    assert old.items.get().document_id == first.pk
    path = reverse("incoming:verb", args=["kontum", second.pk, "finish"])
    assert client.post(path, {"text": "Xong.", "code": old.file_code.lower()}).status_code == 302
    assert old.items.count() == 2


def test_with_few_dossiers_finishing_asks_for_no_code(cast, pdf):
    opened(cast)
    document = play.assigned(cast, pdf)
    form = browser(cast.specialist).get(f"{document.get_absolute_url()}?do=finish")
    assert 'name="code"' not in form.content.decode()


def test_the_office_finishes_into_any_dossier_by_its_code(cast, pdf):
    """Kon Tum Điều 13.7c: the chief keeps one dossier; what he ends belongs to another's."""
    opened(cast, "chief", file_notation="01.VP", title="Việc của Văn phòng")
    theirs = opened(cast, file_notation="77.QLĐT", title="Cấp phép quảng cáo ngoài trời")
    document = play.submitted(cast, pdf)
    client = browser(cast.chief)
    form = client.get(f"{document.get_absolute_url()}?do=finish").content.decode()
    assert f'value="{theirs.pk}"' not in form
    assert 'name="code"' in form
    path = reverse("incoming:verb", args=["kontum", document.pk, "finish"])
    assert client.post(path, {"text": "Để biết.", "code": "77.QLĐT"}).status_code == 302
    assert theirs.items.get().document_id == document.pk


def test_words_of_every_second_subject_propose_nothing(cast, pdf):
    """ "Rà soát" is what half of all letters ask for."""
    me = act_as(cast.specialist)
    actions.open(me, fields(title="Rà soát hồ sơ lưu trữ"))
    document = play.assigned(cast, pdf, subject="Rà soát nhà chung cư cũ")
    assert [one.why for one in proposed_for(me, document)] == [""]


# --- Lists that are narrowed to a dossier


@pytest.mark.parametrize("name", ["directives", "backlog"])
def test_what_is_watched_is_narrowed_to_a_dossier(cast, name):
    """Its documents and the dossier itself; of a dossier that the reader does not see, nothing."""
    chair = act_as(cast.chair)
    inside = directed(cast, build(), subject="Văn bản trong hồ sơ")
    directed(cast, build(pages=2), subject="Văn bản bên ngoài", code_number="9")
    dossier = actions.open(chair, fields(title="Bờ kè phía đông"))
    actions.add_document(chair, dossier, inside)
    actions.give_out(chair, dossier, [Line(AssignmentRole.LEAD, cast.finance)])
    path = reverse(f"incoming:{name}", args=["kontum"])
    client = browser(cast.chair)

    def found(**query: str) -> set[str]:
        answer = client.get(path, query)
        assert answer.status_code == 200
        rows = answer.context.get("lines", answer.context.get("items"))
        return {one.subject for one in rows}

    assert found() >= {"Văn bản bên ngoài", "Văn bản trong hồ sơ"}
    assert found(dossier="bo ke phia dong") == {"Văn bản trong hồ sơ", "Bờ kè phía đông"}
    assert found(dossier="không có") == set()
    if name == "backlog":
        said = client.get(path, {"dossier": "bo ke"}).content.decode()
        assert f"unit={cast.planning.pk}&amp;dossier=bo+ke" in said
        client = browser(cast.head)  # who sees both documents, not the dossier
        assert found() >= {"Văn bản bên ngoài", "Văn bản trong hồ sơ"}
        assert found(dossier="bo ke") == set()
