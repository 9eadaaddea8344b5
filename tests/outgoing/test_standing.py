"""Somebody stands in for an absent signer: his own name, his own block, his own key."""

import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pypdf
import pytest
from django.urls import reverse

from accounts.actions import delegate, revoke
from accounts.choices import Scope
from accounts.models import Appointment
from core import clock
from core.errors import NotYours, Refusal, Stale
from documents.models import DocumentAct, Waiting
from notifications.models import Notification
from outgoing import actions, rules, standing, verifying
from outgoing.actions.drafting import Plan
from outgoing.actions.signing import content_at
from outgoing.actions.standing import taking_over
from outgoing.choices import Medium, State, Verb
from outgoing.content import content_of
from outgoing.models import DraftVersion, OutgoingDocument
from tests.cast import act_as
from tests.keys import PIN, make_key, trusted
from tests.outgoing.drafts import at_state, content, passed
from tests.outgoing.signing import bytes_of, number, read_again, seal, sign, verdict
from tests.outgoing.signing import keys_of as keys_there
from tests.signatures.inks import coloured, drawn

pytestmark = pytest.mark.django_db
# As the office's chief signs.
BY_ORDER = {
    "authority": "TL.",
    "on_behalf_of": "CHỦ TỊCH",
    "signer_position": "CHÁNH VĂN PHÒNG",
    "signer_full_name": "Phạm Minh Tuấn",
}


@pytest.fixture
def keys(cast: SimpleNamespace, settings: Any, tmp_path: Path) -> SimpleNamespace:
    settings.SIGNATURE_ANCHORS = trusted(tmp_path)
    found = keys_there(cast)
    found.vice = make_key(cast.vice.full_name, owner=cast.vice)
    return found


def stands_in(cast, who, **changes):
    """The chair is away for three days."""
    today = clock.today()
    values = {"start_date": today, "end_date": today + timedelta(days=3)} | changes
    return delegate(act_as(cast.chair), who, **values)


def taken_over(who, document: OutgoingDocument, **more: Any) -> OutgoingDocument:
    actor, document = act_as(who), read_again(document)
    with taking_over(actor, document) as sheet:
        return actions.take_over(actor, document, sheet, **more)


def sheet_of(document: OutgoingDocument) -> tuple[DraftVersion, str]:
    """The newest version and the words of its file."""
    version = document.versions.select_related("pdf").get(ordinal=document.version_count)
    pages = pypdf.PdfReader(io.BytesIO(content_at(version.pdf))).pages
    return version, " ".join(" ".join(page.extract_text() for page in pages).split())


# --- The block.


@pytest.mark.parametrize(
    ("block", "wanted"),
    [
        # On behalf of a collective, the deputy for its head.
        ({}, ("TM.", "ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
        ({"authority": "", "on_behalf_of": ""}, ("KT.", "CHỦ TỊCH", "", "PHÓ CHỦ TỊCH")),
        ({"authority": "Q.", "on_behalf_of": ""}, ("KT.", "CHỦ TỊCH", "", "PHÓ CHỦ TỊCH")),
        # Another deputy of the same head.
        (
            {"authority": "KT.", "on_behalf_of": "CHỦ TỊCH", "signer_position": "PHÓ CHỦ TỊCH"},
            ("KT.", "CHỦ TỊCH", "", "PHÓ CHỦ TỊCH"),
        ),
        (
            {"deputy_for": "CHỦ TỊCH", "signer_position": "PHÓ CHỦ TỊCH"},
            ("TM.", "ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
        ),
    ],
)
def test_a_deputy_signs_for_his_head(cast, block, wanted):
    """NĐ 30/2020 Điều 13.1, 13.2: KT. cấp trưởng."""
    chair, vice = (Appointment.objects.get(user=one) for one in (cast.chair, cast.vice))
    own = content(**block, signer_other_post="BÍ THƯ THÀNH ỦY")
    made = standing.block_of(own, chair, vice, "")
    assert made.signer_other_post == "", "what the other is elsewhere he is not"
    found = (made.authority, made.on_behalf_of, made.deputy_for, made.signer_position)
    assert found == wanted
    assert made.signer_full_name == "Lê Văn Hùng"
    same = replace(
        made,
        authority="",
        on_behalf_of="",
        deputy_for="",
        signer_position="",
        signer_full_name="",
    )
    before = replace(
        content(**block),
        **dict.fromkeys(
            ("authority", "on_behalf_of", "deputy_for", "signer_position", "signer_full_name"), ""
        ),
    )
    assert same == before, "nothing but the block is another"


def test_the_head_stands_in_for_nobody(cast):
    chair, vice = (Appointment.objects.get(user=one) for one in (cast.chair, cast.vice))
    for_head = content(authority="KT.", on_behalf_of="CHỦ TỊCH", signer_position="PHÓ CHỦ TỊCH")
    made = standing.block_of(for_head, vice, chair, "")
    assert (made.authority, made.on_behalf_of, made.signer_position) == ("", "", "CHỦ TỊCH")
    made = standing.block_of(content(deputy_for="CHỦ TỊCH"), vice, chair, "")
    assert (made.authority, made.on_behalf_of, made.deputy_for) == ("TM.", "ỦY BAN NHÂN DÂN", "")


OWN = {"authority": "", "on_behalf_of": ""}


@pytest.mark.parametrize(
    ("block", "signer", "who", "mandate", "why", "clause"),
    [
        ({}, "chair", "head", "12/GUQ", "thay mặt tập thể", 2),
        ({"authority": "TL."}, "chair", "head", "12/GUQ", "thừa lệnh", 4),
        ({"authority": "TUQ."}, "chair", "vice", "12/GUQ", "không ủy quyền lại", 3),
        (OWN, "chair", "head", "", "phải có văn bản ủy quyền", 3),
        (OWN, "chair", "specialist", "12/GUQ", "người đứng đầu đơn vị", 3),
        (OWN, "vice", "head", "12/GUQ", "Chỉ người đứng đầu cơ quan", 3),
        (OWN, "head", "finance_head", "12/GUQ", "Chỉ người đứng đầu cơ quan", 3),
    ],
)
def test_who_signs_by_no_mandate(cast, block, signer, who, mandate, why, clause):
    """NĐ 30/2020 Điều 13.2, 13.3, 13.4."""
    people = (Appointment.objects.get(user=getattr(cast, one)) for one in (signer, who))
    with pytest.raises(Refusal, match=why) as raised:
        standing.block_of(content(**block), *people, mandate)
    assert raised.value.article == f"khoản {clause} Điều 13 Nghị định 30/2020/NĐ-CP"


# --- The verb.


def test_the_deputy_takes_over_and_signs_with_his_own_key(cast, keys, tmp_path):
    """NĐ 30/2020 Điều 13: the sheet bears his block; both files are in the trail."""
    document = at_state(cast, State.SIGNING)
    old, words = sheet_of(document)
    assert "Nguyễn Đức Thành" in words
    given = stands_in(cast, cast.vice)
    document = taken_over(cast.vice, document, text="Chủ tịch đi công tác")
    new, words = sheet_of(document)
    assert "KT. CHỦ TỊCH" in words
    assert "PHÓ CHỦ TỊCH" in words
    assert "Lê Văn Hùng" in words
    assert "Nguyễn Đức Thành" not in words
    assert (document.signer.user, document.signs_for_id) == (cast.vice, given.pk)
    assert document.signer_full_name == "Lê Văn Hùng"
    assert content_of(new).body == content_of(old).body
    act = DocumentAct.objects.get(target_id=document.pk, verb=Verb.TAKE_OVER)
    assert (act.detail["base"], act.detail["scan"]) == (old.pdf_id, new.pdf_id)
    assert old.pdf_id != new.pdf_id
    assert (act.actor, act.on_behalf_of.user) == (cast.vice, cast.chair)
    told = Notification.objects.filter(kind=Verb.TAKE_OVER)
    assert set(told.values_list("user__username", flat=True)) == {"chair", "specialist"}
    assert Waiting.objects.get(document=document.pk).user == cast.vice
    with pytest.raises(Refusal, match="không phải của người ký"):
        sign(cast.vice, document, keys.chair)
    document = sign(cast.vice, document, keys.vice)
    document = seal(cast.clerk, number(cast.clerk, document), keys.city)
    assert verdict(bytes_of(document), tmp_path)[""] == "valid"
    assert list(verifying.findings()) == []


def test_the_seal_covers_a_third_of_a_narrow_hand_too(cast, keys, tmp_path):
    """NĐ 30/2020 Phụ lục I, II.8.a; Cần Thơ Điều 10.1b: of his hand, not of the box."""
    stands_in(cast, cast.vice)
    document = at_state(cast, State.SIGNING)
    document = taken_over(cast.vice, document)
    document = sign(cast.vice, document, drawn(keys.vice, 20, tmp_path))
    hand = coloured(bytes_of(document), 0, "blue")
    document = seal(cast.clerk, number(cast.clerk, document), keys.city)
    stamp = coloured(bytes_of(document), 0, "red")
    assert hand.width == pytest.approx(20, abs=0.7)
    assert (stamp.right - hand.left) / hand.width == pytest.approx(1 / 3, abs=0.06)


def test_without_taking_it_over_he_signs_nothing(cast, keys):
    document = at_state(cast, State.SIGNING)
    stands_in(cast, cast.vice)
    with pytest.raises(Refusal, match="Nhận ký thay để in lại"):
        sign(cast.vice, document, keys.vice)


def numbered_first(cast, signer, document):
    """Approved by him, numbered, and not signed yet."""
    OutgoingDocument.objects.filter(pk=document.pk).update(numbers_first=True)
    document = passed(signer, read_again(document), medium=Medium.ELECTRONIC)
    return number(cast.clerk, document)


def test_of_a_numbered_one_the_page_advises_what_can_be_done(client, cast, keys):
    """NĐ 30/2020 Điều 15.3: the number comes first, then the signer is away; Điều 18.3."""
    document = numbered_first(cast, cast.chair, at_state(cast, State.SIGNING))
    stands_in(cast, cast.vice)
    client.force_login(cast.vice)
    page = client.get(document.get_absolute_url()).content.decode()
    assert f"Số đã cấp cho bản in mang tên {cast.chair.full_name}." in page
    assert "Chờ người ấy ký, hoặc hủy văn bản rồi soạn văn bản thay thế." in page
    assert "Nhận ký thay" not in page
    # What it advises is open: voided by a leader, then drafted anew by the specialist.
    void = reverse("outgoing:verb", args=["kontum", document.pk, "void"])
    assert client.post(void, {"text": "Người ký vắng"}).status_code == 302
    assert read_again(document).state == State.VOID
    client.force_login(cast.specialist)
    assert "Soạn văn bản thay thế" in client.get(document.get_absolute_url()).content.decode()


def test_a_mandate_that_ends_after_the_number_advises_no_sending_back(client, cast, keys):
    """NĐ 30/2020 Điều 13.3: what was taken over is signed as long as the delegation runs."""
    document = at_state(cast, State.SIGNING)
    given = stands_in(cast, cast.vice)
    document = numbered_first(cast, cast.vice, taken_over(cast.vice, document))
    revoke(act_as(cast.chair), given)
    client.force_login(cast.vice)
    page = client.get(document.get_absolute_url()).content.decode()
    assert "đã hết hiệu lực mà số đã cấp." in page
    assert "Hủy văn bản rồi soạn văn bản thay thế." in page


def test_by_a_written_mandate_the_head_of_a_department_signs(cast):
    """NĐ 30/2020 Điều 13.3."""
    document = at_state(cast, State.SIGNING, authority="", on_behalf_of="")
    stands_in(cast, cast.head, decision_number="12/GUQ-UBND")
    document = taken_over(cast.head, document)
    _version, words = sheet_of(document)
    assert "TUQ. CHỦ TỊCH TRƯỞNG PHÒNG" in words
    act = DocumentAct.objects.get(target_id=document.pk, verb=Verb.TAKE_OVER)
    assert (act.detail["authority"], act.detail["decision"]) == ("TUQ.", "12/GUQ-UBND")
    assert passed(cast.head, document).state == State.APPROVED


def test_who_takes_over_nothing(cast):
    document = at_state(cast, State.SIGNING)
    for who in (cast.vice, cast.chair, cast.chief, cast.clerk):
        assert isinstance(rules.may_take_over(act_as(who), read_again(document)), NotYours)
    given = stands_in(cast, cast.vice, scope=Scope.ROUTINE)
    refusal = rules.may_take_over(act_as(cast.vice), read_again(document))
    assert "không gồm ký văn bản" in refusal.message
    revoke(act_as(cast.chair), given)
    stands_in(cast, cast.vice)
    # Of another signer, and not yet there, or signed already.
    others = at_state(cast, State.SIGNING, signer=cast.chief, **BY_ORDER)
    assert isinstance(rules.may_take_over(act_as(cast.vice), read_again(others)), NotYours)
    for state in (State.APPRAISAL, State.APPROVED):
        early = read_again(at_state(cast, state))
        assert isinstance(rules.may_take_over(act_as(cast.vice), early), Refusal)


def test_after_its_last_day_the_delegation_holds_no_signature(cast, keys):
    document = at_state(cast, State.SIGNING)
    given = stands_in(cast, cast.vice)
    document = taken_over(cast.vice, document)
    revoke(act_as(cast.chair), given)
    for rule in (rules.may_sign, rules.may_approve):
        assert "đã hết hiệu lực" in rule(act_as(cast.vice), read_again(document)).message
    with pytest.raises(Refusal, match="hết hiệu lực"):
        sign(cast.vice, document, keys.vice)
    # Whoever was to sign it takes it back, and it is his again.
    document = actions.send_back(act_as(cast.chair), read_again(document), text="Tôi ký")
    assert (document.signer.user, document.signs_for) == (cast.chair, None)
    assert list(verifying.findings()) == []


def test_another_signer_stands_in_for_nobody(cast):
    """Chosen anew on the way, he is bound by no delegation of others."""
    document = at_state(cast, State.SIGNING)
    stands_in(cast, cast.vice)
    document = taken_over(cast.vice, document)
    text = content_of(sheet_of(document)[0])
    chief = Appointment.objects.get(user=cast.chief)
    vice = act_as(cast.vice)
    same = actions.save(vice, read_again(document), text, base=2, plan=Plan(signer=document.signer))
    assert same.signs_for_id is not None
    text = replace(text, deputy_for="", **BY_ORDER)
    other = actions.save(vice, read_again(document), text, base=2, plan=Plan(signer=chief))
    assert (other.signer_id, other.signs_for) == (chief.pk, None)


def test_it_is_not_handed_on(cast):
    document = at_state(cast, State.SIGNING)
    stands_in(cast, cast.vice)
    document = taken_over(cast.vice, document)
    today = clock.today()
    delegate(act_as(cast.vice), cast.head, start_date=today, end_date=today)
    refusal = rules.may_take_over(act_as(cast.head), read_again(document))
    assert refusal.message == "Người ký thay không ủy quyền lại cho người khác ký."


def test_a_text_that_changed_meanwhile_is_read_first(cast):
    document = at_state(cast, State.SIGNING)
    stands_in(cast, cast.vice)
    actor, document = act_as(cast.vice), read_again(document)
    with taking_over(actor, document) as sheet:
        actions.save(act_as(cast.chair), document, content(body="Khác./."), base=1)
        with pytest.raises(Stale):
            actions.take_over(actor, document, sheet)
    assert DocumentAct.objects.filter(verb=Verb.TAKE_OVER).count() == 0


def test_the_page_shows_the_block_first(client, cast, keys):
    document = at_state(cast, State.SIGNING)
    stands_in(cast, cast.vice)
    client.force_login(cast.vice)
    page = client.get(document.get_absolute_url()).content.decode()
    path = reverse("outgoing:verb", args=["kontum", document.pk, "take_over"])
    assert path in page
    form = client.get(path).content.decode()
    for line in ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Lê Văn Hùng"):
        assert line in form
    assert client.post(path, {"text": ""}).status_code == 302
    document = read_again(document)
    page = client.get(document.get_absolute_url()).content.decode()
    act = DocumentAct.objects.get(target_id=document.pk, verb=Verb.TAKE_OVER)
    assert act.detail["base"][:12] in page
    assert act.detail["scan"][:12] in page
    assert "văn bản đã sửa sau đó" not in page
    path = reverse("outgoing:verb", args=["kontum", document.pk, "sign"])
    sent = {"key": keys.vice.pk, "pin": PIN, "seen": document.version_count}
    assert client.post(path, sent).status_code == 302
    assert read_again(document).state == State.APPROVED
    client.force_login(cast.accountant)
    assert client.get(path).status_code == 404
