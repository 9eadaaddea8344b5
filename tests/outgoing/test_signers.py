"""As what a signer signs: his post, and what authority it gives (NĐ 30/2020 Điều 13)."""

from typing import Any

import pytest

from accounts.models import Appointment, User
from core.errors import Refusal
from outgoing import actions, findings
from outgoing.choices import State
from outgoing.models import IssuingBody, OutgoingDocument
from tests.cast import act_as
from tests.keys import trusted
from tests.outgoing.drafts import at_state, body_of, content, drafted, submitted
from tests.outgoing.signing import keys_of, read_again, sign

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]
OWN = {"authority": "", "on_behalf_of": ""}
BY_ORDER = {"authority": "TL.", "on_behalf_of": "CHỦ TỊCH"}


def block(signer: User, position: str, **more: Any) -> dict[str, Any]:
    return {
        "signer": signer,
        "signer_full_name": signer.full_name,
        "signer_position": position,
        **more,
    }


def is_doubtful(document: OutgoingDocument) -> bool:
    """Whether the form check asks about the post; whoever checks mends it or says why it stands."""
    return "signer_post" in findings.check(document, document.versions.latest("ordinal")).codes


def goes(cast, **changes: Any) -> OutgoingDocument:
    return submitted(cast.specialist, drafted(cast, **changes))


def test_a_head_of_unit_does_not_sign_as_the_chair(cast):
    """TM. UBND / CHỦ TỊCH above the name of a head of department."""
    with pytest.raises(Refusal, match="in chức vụ “CHỦ TỊCH” mà Lý Thanh Tâm là") as raised:
        goes(cast, **block(cast.finance_head, "CHỦ TỊCH"))
    assert raised.value.field == "signer_position"


HIS, DOUBT, ANOTHERS = "his", "doubt", "another's"


@pytest.mark.parametrize(
    ("title", "printed", "answer"),
    [
        ("Chủ tịch", "CHỦ TỊCH", HIS),
        ("Chủ tịch", "Chu tich", HIS),
        ("Chủ tịch", "QUYỀN CHỦ TỊCH", HIS),
        ("Q. Chủ tịch", "CHỦ TỊCH", HIS),
        ("Chủ tịch", "Q. CHỦ TỊCH", HIS),
        ("Chủ tịch", "CHỦ TỊCH ỦY BAN NHÂN DÂN THÀNH PHỐ", HIS),
        ("Chủ tịch UBND TP", "CHỦ TỊCH UBND THÀNH PHỐ", HIS),
        ("Chủ tịch UBND thành phố Kon Tum", "CHỦ TỊCH", HIS),
        ("Bí thư Thành ủy, Chủ tịch", "CHỦ TỊCH", HIS),
        ("Bí thư Đảng ủy - Chủ tịch UBND phường", "CHỦ TỊCH", HIS),
        ("Bí thư Đảng ủy – Chủ tịch UBND phường", "CHỦ TỊCH", HIS),
        ("Bí thư và Chủ tịch", "CHỦ TỊCH", HIS),
        ("Chủ tịch kiêm Trưởng ban", "TRƯỞNG BAN", HIS),
        ("Chánh Văn phòng HĐND&UBND", "CHÁNH VĂN PHÒNG HĐND VÀ UBND", HIS),
        ("PCT UBND", "PHÓ CHỦ TỊCH", HIS),
        ("P.CT UBND", "PHÓ CHỦ TỊCH", HIS),
        ("P. Giám đốc", "PHÓ GIÁM ĐỐC", HIS),
        ("Phó Chủ tịch Thường trực", "PHÓ CHỦ TỊCH", HIS),
        ("Phó Chủ tịch", "CHỦ TỊCH", ANOTHERS),
        ("PCT UBND", "CHỦ TỊCH", ANOTHERS),
        ("Chủ tịch", "CHỦ TỊCH QUỐC HỘI", DOUBT),
        ("Trưởng phòng", "TRƯỞNG BAN", DOUBT),
    ],
)
def test_the_printed_post_is_the_one_that_he_holds(cast, title, printed, answer):
    """In full or short, in capitals or not: his, somebody else's, or one to be asked about."""
    Appointment.objects.filter(user=cast.chair).update(title=title)
    document = drafted(cast, signer_position=printed)
    if answer == ANOTHERS:
        with pytest.raises(Refusal, match="Sửa phần ký"):
            submitted(cast.specialist, document)
        return
    document = submitted(cast.specialist, document)
    assert document.state == State.CONTENT
    assert is_doubtful(document) == (answer == DOUBT)


@pytest.mark.parametrize(
    ("changes", "clause", "said"),
    [
        ({}, "khoản 2 Điều 13", "Chỉ lãnh đạo cơ quan ký TM."),
        ({"authority": "KT.", "on_behalf_of": "CHỦ TỊCH"}, "", "Chỉ cấp phó ký KT. CHỦ TỊCH"),
        (OWN, "khoản 4 Điều 13", "không đứng đầu Ủy ban nhân dân thành phố Kon Tum"),
        ({"authority": "Q.", "on_behalf_of": ""}, "khoản 4 Điều 13", "không đứng đầu"),
    ],
)
def test_a_head_of_unit_signs_by_order_or_mandate(cast, changes, clause, said):
    """NĐ 30/2020 Điều 13.2 to 13.4: neither for the committee nor in the chair's place."""
    with pytest.raises(Refusal) as raised:
        goes(cast, **block(cast.finance_head, "TRƯỞNG PHÒNG", **changes))
    assert said in raised.value.message
    assert clause in raised.value.article
    assert raised.value.field == "authority"
    for authority in ("TL.", "TUQ."):
        text = {"authority": authority, "on_behalf_of": "CHỦ TỊCH"}
        assert goes(cast, **block(cast.finance_head, "TRƯỞNG PHÒNG", **text)).signer


def test_whoever_heads_the_body_signs_in_his_own_right(cast):
    """Kon Tum Điều 14.1: the office issues in its own name, and its chief signs."""
    body_of(cast)
    office = IssuingBody.objects.create(
        agency=cast.city,
        name="Văn phòng HĐND-UBND thành phố Kon Tum",
        organ_name="VĂN PHÒNG HĐND VÀ UBND",
        abbreviation="VP",
    )
    own = OWN | {"body_key": office.pk, "code_notation": "VP-QLĐT"}
    assert goes(cast, **block(cast.chief, "CHÁNH VĂN PHÒNG", **own)).signer
    # Of another name the office may be his all the same: it is asked about.
    assert is_doubtful(goes(cast, **block(cast.finance_head, "TRƯỞNG PHÒNG", **own)))
    IssuingBody.objects.filter(pk=office.pk).update(deciding_post="TRƯỞNG PHÒNG")
    assert not is_doubtful(goes(cast, **block(cast.finance_head, "TRƯỞNG PHÒNG", **own)))


def test_a_member_of_an_advisory_body_says_his_own_post_beside(cast):
    """NĐ 30/2020 Phụ lục I, II.7.c: what he is there, and below it what he is here."""
    body_of(cast)
    steering = IssuingBody.objects.create(
        agency=cast.city, name="Ban Chỉ đạo", organ_name="BAN CHỈ ĐẠO", abbreviation="BCĐ"
    )
    text = OWN | {"body_key": steering.pk, "code_notation": "BCĐ-QLĐT"}
    head = {"signer_other_post": "TRƯỞNG PHÒNG TÀI CHÍNH - KẾ HOẠCH"}
    assert goes(cast, **block(cast.finance_head, "PHÓ TRƯỞNG BAN", **text | head)).signer
    collective = head | {"authority": "TM.", "on_behalf_of": "BAN CHỈ ĐẠO"}
    assert goes(cast, **block(cast.finance_head, "PHÓ TRƯỞNG BAN", **text | collective)).signer
    # A deputy chairs most councils, and is its chair there.
    council = {"signer_other_post": "PHÓ CHỦ TỊCH ỦY BAN NHÂN DÂN THÀNH PHỐ"}
    title = Appointment.objects.get(user=cast.vice).title
    assert title.startswith("Phó Chủ tịch")
    for printed in ("CHỦ TỊCH", "CHỦ TỊCH HỘI ĐỒNG"):
        assert goes(cast, **block(cast.vice, printed, **text | council)).signer
    # No way round: the chair is not what he is there, nor does the committee let him sign for it.
    with pytest.raises(Refusal, match="in chức vụ “CHỦ TỊCH”"):
        goes(cast, **block(cast.finance_head, "CHỦ TỊCH", **text | head))
    public = collective | {"on_behalf_of": "ỦY BAN NHÂN DÂN"}
    with pytest.raises(Refusal, match="Chỉ lãnh đạo"):
        goes(cast, **block(cast.finance_head, "PHÓ TRƯỞNG BAN", **text | public))


def test_a_title_is_not_shortened_to_that_of_a_leader(cast):
    """The chair of the trade union is not "CHỦ TỊCH" under the header of the committee."""
    Appointment.objects.filter(user=cast.finance_head).update(title="Chủ tịch Công đoàn")
    assert goes(cast, **block(cast.finance_head, "CHỦ TỊCH CÔNG ĐOÀN", **BY_ORDER)).signer
    for chair in ("Chủ tịch", "Chủ tịch UBND thành phố"):
        Appointment.objects.filter(user=cast.chair).update(title=chair)
        with pytest.raises(Refusal, match="in chức vụ “CHỦ TỊCH”"):
            goes(cast, **block(cast.finance_head, "CHỦ TỊCH", **BY_ORDER))


def test_nobody_has_a_leaders_post_beside_his_own(cast):
    """NĐ 30/2020 Phụ lục I, II.7.c: beside stands his own post."""
    other = BY_ORDER | {"signer_other_post": "CHỦ TỊCH ỦY BAN NHÂN DÂN"}
    with pytest.raises(Refusal, match="Ô chức vụ khác ghi") as raised:
        goes(cast, **block(cast.finance_head, "TRƯỞNG PHÒNG", **other))
    assert raised.value.field == "signer_other_post"


def test_minutes_are_signed_by_who_chaired_the_meeting(cast):
    """Mẫu 1.9: "CHỦ TỌA" is no post of the agency; the chair of the committee is one."""
    text = OWN | {"type_name": "Biên bản", "code_notation": "BB-UBND"}
    text |= {"secretary_full_name": "Hoàng Thị Mỹ Linh", "secretary_position": "THƯ KÝ"}
    assert goes(cast, **block(cast.finance_head, "CHỦ TỌA", **text)).signer
    with pytest.raises(Refusal, match="in chức vụ"):
        goes(cast, **block(cast.finance_head, "CHỦ TỊCH", **text))


def test_on_its_way_nobody_makes_another_post_of_it(cast):
    """Edited by the head, the block stays what the signer is."""
    document = at_state(cast, State.CONTENT)
    Appointment.objects.filter(user=cast.chair).update(title="Phó Chủ tịch")
    with pytest.raises(Refusal, match="in chức vụ “CHỦ TỊCH”"):
        actions.save(act_as(cast.head), document, content(subject="Sửa"), base=1)


def test_what_waits_for_him_is_not_signed_under_another_post(cast, settings, tmp_path):
    """Submitted as long as he was it: neither approved on paper nor signed with a key."""
    settings.SIGNATURE_ANCHORS = trusted(tmp_path)
    keys = keys_of(cast)
    document = at_state(cast, State.SIGNING)
    Appointment.objects.filter(user=cast.chair).update(title="Phó Chủ tịch")
    with pytest.raises(Refusal, match="in chức vụ “CHỦ TỊCH”"):
        actions.approve(act_as(cast.chair), read_again(document), seen=1)
    with pytest.raises(Refusal, match="in chức vụ “CHỦ TỊCH”"):
        sign(cast.chair, document, keys.chair)
    assert read_again(document).state == State.SIGNING
