"""The notation is that of the body that issues (Cần Thơ Điều 3.4a, Kon Tum Điều 14.1)."""

import pytest

from core.errors import Refusal
from outgoing import actions, notations
from outgoing.choices import State
from outgoing.models import IssuingBody, OutgoingDocument
from tests.cast import act_as
from tests.outgoing.drafts import at_state, body_of, drafted, passed, submitted
from tests.outgoing.signing import read_again
from tests.outgoing.test_pages import PATH, sent, typed
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = pytest.mark.django_db
COUNCIL = "HỘI ĐỒNG NHÂN DÂN THÀNH PHỐ KON TUM"


@pytest.fixture
def bodies(cast) -> dict[str, IssuingBody]:
    """What one office issues for: the committee, the council, its chair, the office itself."""
    rows = {"UBND": body_of(cast)}
    for name, short, collective in (
        ("Hội đồng nhân dân thành phố Kon Tum", "HĐND", "HỘI ĐỒNG NHÂN DÂN"),
        ("Chủ tịch Ủy ban nhân dân thành phố Kon Tum", "CTUBND", ""),
        ("Văn phòng HĐND-UBND", "VP", ""),
    ):
        rows[short] = IssuingBody.objects.create(
            agency=cast.city,
            name=name,
            organ_name=name.upper().removeprefix("CHỦ TỊCH "),
            abbreviation=short,
            collective=collective,
        )
    return rows


@pytest.mark.parametrize(
    ("typed_one", "kind", "short", "right"),
    [
        ("UBND-QLĐT", "Công văn", "UBND", "UBND-QLĐT"),
        ("UBND-QLĐT", "Công văn", "HĐND", "HĐND-QLĐT"),
        ("UBND", "Công văn", "UBND", "UBND"),
        ("HĐND-UBND", "Công văn", "UBND", "UBND-UBND"),
        ("SXD-QLĐT", "Công văn", "UBND", "UBND-QLĐT"),
        ("QĐ-UBND", "Quyết định", "UBND", "QĐ-UBND"),
        ("QĐ-UBND", "Quyết định", "HĐND", "QĐ-HĐND"),
        ("2026/QĐ-UBND", "Quyết định", "UBND", "2026/QĐ-UBND"),
        ("2026/NQ-UBND", "Nghị quyết", "HĐND", "2026/NQ-HĐND"),
        ("qđ-ubnd", "Quyết định", "UBND", "qđ-ubnd"),
        ("QĐ-UBNDX", "Quyết định", "UBND", "QĐ-UBND"),
        ("QĐ-UBND", "Quyết định", "CTUBND", "QĐ-CTUBND"),
        ("TB-UBND-VX", "Thông báo", "VP", "TB-VP-VX"),
    ],
)
def test_what_the_notation_of_a_body_is(bodies, typed_one, kind, short, right):
    """NĐ 30/2020 Phụ lục I, mục II.3: type, agency; of a letter agency, unit."""
    body = bodies[short]
    others = [one for one in bodies.values() if one is not body]
    assert notations.follows(typed_one, kind, body) is (typed_one == right)
    assert notations.mended(typed_one, kind, body, others) == right
    assert notations.follows(right, kind, body)


def test_where_nobody_has_entered_an_abbreviation_nothing_is_said(cast):
    body = IssuingBody(agency=cast.ward, organ_name="ỦY BAN NHÂN DÂN PHƯỜNG")
    assert notations.follows("ABC-X", "Công văn", body)


def test_another_bodys_notation_is_not_submitted(cast, bodies):
    document = drafted(cast, body_key=bodies["HĐND"].pk, on_behalf_of="HỘI ĐỒNG NHÂN DÂN")
    said = "của Hội đồng nhân dân thành phố Kon Tum[.] Ghi “HĐND-QLĐT”"
    with pytest.raises(Refusal, match=said) as raised:
        submitted(cast.specialist, document)
    assert raised.value.field == "code_notation"


def test_the_block_is_that_of_the_body(cast, bodies):
    """TM. Ủy ban nhân dân is not how the council signs."""
    document = drafted(cast, body_key=bodies["HĐND"].pk, code_notation="HĐND-QLĐT")
    with pytest.raises(Refusal, match=r"TM\. HỘI ĐỒNG NHÂN DÂN") as raised:
        submitted(cast.specialist, document)
    assert raised.value.field == "on_behalf_of"


def test_what_was_submitted_before_is_not_approved_nor_numbered(cast, bodies):
    """Also where the body's abbreviation changed on the way: the register is that of the body."""
    waiting, approved = at_state(cast, State.SIGNING), at_state(cast, State.APPROVED)
    IssuingBody.objects.filter(pk=bodies["UBND"].pk).update(abbreviation="UB")
    with pytest.raises(Refusal, match="Ghi “UB-QLĐT”"):
        passed(cast.chair, waiting)
    with pytest.raises(Refusal, match="Ghi “UB-QLĐT”"):
        actions.number(act_as(cast.clerk), read_again(approved))
    approved = read_again(approved)
    assert (approved.state, approved.code_number) == (State.APPROVED, "")
    approved = actions.send_back(act_as(cast.clerk), approved, text="Ký hiệu sai")
    assert approved.state == State.DRAFTING


def test_each_body_counts_under_its_own_notation(cast, bodies):
    clerk, found = act_as(cast.clerk), []
    for short, collective in (("UBND", "ỦY BAN NHÂN DÂN"), ("HĐND", "HỘI ĐỒNG NHÂN DÂN")):
        document = at_state(
            cast,
            State.APPROVED,
            body_key=bodies[short].pk,
            code_notation=f"{short}-QLĐT",
            on_behalf_of=collective,
        )
        document = actions.number(clerk, document)
        found.append((document.code, document.register.name, document.organ_name))
    assert found == [
        ("01/UBND-QLĐT", "UBND", bodies["UBND"].organ_name),
        ("01/HĐND-QLĐT", "HĐND", COUNCIL),
    ]


def test_another_body_is_chosen_and_the_notation_follows(client, cast, bodies):
    """What the form filled in for the one is that of the other when it is sent again."""
    client.force_login(cast.specialist)
    body = str(bodies["UBND"].pk)
    client.post(f"{PATH}new/", typed(body_key=body, signer=_chair(cast)))
    document = OutgoingDocument.objects.get()
    assert document.code_notation == "UBND-QLĐT"
    values = sent(document, body_key=str(bodies["HĐND"].pk), code_notation="UBND-QLĐT")
    client.post(f"{document.get_absolute_url()}compose/", values | {"signer": _chair(cast)})
    document.refresh_from_db()
    assert document.code_notation == "HĐND-QLĐT"
    # Of no body of the office: it stays as typed, and is refused on its way.
    values = sent(document, body_key=str(bodies["HĐND"].pk), code_notation="SXD-QLĐT")
    client.post(f"{document.get_absolute_url()}compose/", values | {"signer": _chair(cast)})
    document.refresh_from_db()
    assert document.code_notation == "SXD-QLĐT"
    answer = client.post(f"{document.get_absolute_url()}submit/", {"text": ""})
    assert answer.status_code == 409
    assert "không phải của" in answer.content.decode()


def _chair(cast) -> str:
    return str(cast.chair.appointments.get().pk)
