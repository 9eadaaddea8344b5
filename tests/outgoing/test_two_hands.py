"""Minutes and agreements: what a second person signs as well is signed on paper."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from core.errors import Refusal
from outgoing import actions, rules
from outgoing.actions import producing
from outgoing.choices import Medium, State, Verb
from outgoing.models import IssuingBody, OutgoingDocument
from tests import files
from tests.cast import act_as, upload
from tests.keys import trusted
from tests.outgoing.drafts import at_state, passed, submitted
from tests.outgoing.signing import elsewhere, keys_of, number, read_again, seal, sign

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]
MINUTES = {
    "type_name": "Biên bản",
    "code_notation": "BB-UBND",
    "addressees": "",
    "authority": "",
    "on_behalf_of": "",
    "secretary_position": "THƯ KÝ",
    "secretary_full_name": "Vũ Thị Hạnh",
}
AGREEMENT = MINUTES | {
    "type_name": "Bản thỏa thuận",
    "code_notation": "UBND",
    "secretary_position": "GIÁM ĐỐC",
}


@pytest.fixture
def keys(cast: SimpleNamespace, settings: Any, tmp_path: Path) -> SimpleNamespace:
    settings.SIGNATURE_ANCHORS = trusted(tmp_path)
    return keys_of(cast)


def page(client: Any, document: OutgoingDocument, verb: str = "") -> str:
    path = document.get_absolute_url() + (f"{verb}/" if verb else "")
    return str(client.get(path).content.decode())


@pytest.mark.parametrize(("text", "why"), [(MINUTES, "thư ký"), (AGREEMENT, "bên kia")])
def test_no_file_goes_out_with_an_empty_place_above_a_name(cast, keys, client, text, why):
    """NĐ 30/2020 Phụ lục III, Mẫu 1.9: the secretary signs and the chair; a contract, both sides.

    With a key here, with one elsewhere: refused. The paper is signed, scanned, sealed.
    """
    document = at_state(cast, State.SIGNING, **text)
    with pytest.raises(Refusal, match=why):
        sign(cast.chair, document, keys.chair)
    with pytest.raises(Refusal, match=why):
        elsewhere(cast.chair, document, Verb.SIGN, lambda data, _field: data)
    client.force_login(cast.chair)
    shown = page(client, document)
    assert f"còn chữ ký của {why}, ở đây chỉ một người ký số được" in shown
    assert page_offers(document, shown) == {"approve"}
    client.cookies["django_language"] = "en"
    assert "here only one person signs a file" in page(client, document)
    document = passed(cast.chair, document)
    assert document.medium == Medium.PAPER
    document = number(cast.clerk, document)
    clerk, document = act_as(cast.clerk), read_again(document)
    paper = upload(files.build(), "quet.pdf")
    with producing.scanned(clerk, document, paper, answered=None) as result:
        document = actions.attach_scan(clerk, document, result)
    assert seal(cast.clerk, document, keys.city).state == State.SEALED


def page_offers(document: OutgoingDocument, shown: str) -> set[str]:
    """Which of both ways the page has a link to."""
    path = document.get_absolute_url()
    return {verb for verb in ("sign", "approve") if f'"{path}{verb}/' in shown}


@pytest.mark.parametrize("type_name", ["Hợp đồng", "Bản ghi nhớ", "Bản thỏa thuận"])
def test_an_agreement_has_two_sides_whether_or_not_the_other_is_named(cast, type_name):
    document = at_state(cast, State.SIGNING, **AGREEMENT)
    document.type_name = type_name
    document.save()
    document.versions.update(content=document.versions.get().content | {"secretary_full_name": ""})
    refusal = rules.may_sign(act_as(cast.chair), read_again(document))
    assert "bên kia" in str(refusal)


def test_minutes_without_a_secretary_and_all_else_are_signed_by_one(cast, keys):
    alone = MINUTES | {"secretary_full_name": "", "secretary_position": ""}
    document = sign(cast.chair, at_state(cast, State.SIGNING, **alone), keys.chair)
    assert document.medium == Medium.ELECTRONIC
    # A second name that the sheet of another type does not print.
    letter = at_state(cast, State.SIGNING, secretary_full_name="Vũ Thị Hạnh")
    assert sign(cast.chair, letter, keys.chair).medium == Medium.ELECTRONIC


def test_where_the_number_comes_first_only_paper_is_offered(cast, keys, client):
    """NĐ 30/2020 Điều 15.3: he chooses with the approval on what he will sign."""
    cast.city.regulation_name = "nd-30-2020"
    cast.city.save()
    at_state(cast, State.DRAFTING)
    IssuingBody.objects.filter(agency=cast.city).update(numbers_first=True)
    document = submitted(cast.specialist, at_state(cast, State.DRAFTING, **MINUTES))
    document = passed(cast.chief, passed(cast.head, document))
    assert (document.state, document.numbers_first) == (State.SIGNING, True)
    client.force_login(cast.chair)
    shown = page(client, document, "approve")
    assert 'name="medium" value="paper"' in shown
    assert 'value="electronic"' not in shown
    with pytest.raises(Refusal, match="thư ký"):
        passed(cast.chair, document, medium=Medium.ELECTRONIC)
    document.refresh_from_db()
    assert document.state == State.SIGNING
    document = number(cast.clerk, passed(cast.chair, document, medium=Medium.PAPER))
    assert not document.waits_for_signature
    # What was approved so before this was asked: it has its number.
    OutgoingDocument.objects.filter(pk=document.pk).update(medium=Medium.ELECTRONIC)
    refusal = rules.may_sign(act_as(cast.chair), read_again(document))
    assert "hủy văn bản rồi soạn văn bản thay thế" in str(refusal)
