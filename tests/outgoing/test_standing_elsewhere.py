"""Somebody stands in for the signer of a file that was made elsewhere, and signs it elsewhere."""

from datetime import timedelta
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.actions import delegate, revoke
from accounts.choices import Scope
from core import clock
from core.errors import NotYours, Refusal, Stale
from documents.models import ActFile, DocumentAct, QuarantinedFile
from outgoing import actions, rules, verifying
from outgoing.actions.standing import taking_over
from outgoing.actions.uploading import looked_at
from outgoing.choices import State, Verb
from outgoing.content import content_of
from outgoing.models import OutgoingDocument
from tests import files
from tests.cast import act_as, upload
from tests.keys import make_key, trusted
from tests.outgoing.drafts import content, drafted, passed, submitted
from tests.outgoing.signing import bytes_of, elsewhere, number, read_again, seal, verdict
from tests.outgoing.signing import keys_of as keys_there
from tests.outgoing.test_preparing import typed

pytestmark = pytest.mark.django_db
BLOCK = """<table style="width: 100%"><tr><td style="text-align: left; font-size: 11pt">Nơi nhận:
<br>- Như trên;<br>- Lưu: VT.</td><td><b>{lines}</b><br><br><br><br><br><b>{name}</b></td>
</tr></table>"""
CHAIR = BLOCK.format(lines="TM. ỦY BAN NHÂN DÂN<br>CHỦ TỊCH", name="Nguyễn Đức Thành")
VICE = BLOCK.format(lines="TM. ỦY BAN NHÂN DÂN<br>KT. CHỦ TỊCH<br>PHÓ CHỦ TỊCH", name="Lê Văn Hùng")


@pytest.fixture
def keys(cast: SimpleNamespace, settings: Any, tmp_path: Path) -> SimpleNamespace:
    settings.SIGNATURE_ANCHORS = trusted(tmp_path)
    found = keys_there(cast)
    found.vice = make_key(cast.vice.full_name, owner=cast.vice)
    return found


def to_sign(cast: SimpleNamespace, data: bytes | None = None) -> OutgoingDocument:
    """Made elsewhere, approved, waiting for the chair."""
    document, actor = drafted(cast), act_as(cast.specialist)
    with looked_at(actor, upload(data or typed(signed=CHAIR)), answered="") as file:
        document = actions.save(actor, document, content(), base=1, file=file)
    document = submitted(cast.specialist, document)
    takers = {State.CONTENT: cast.head, State.APPRAISAL: cast.chief}
    while document.state != State.SIGNING:
        document = passed(takers[State(document.state)], document)
    return document


def stands_in(cast: SimpleNamespace, **changes: Any) -> Any:
    """The chair is away for three days."""
    today = clock.today()
    values = {"start_date": today, "end_date": today + timedelta(days=3)} | changes
    return delegate(act_as(cast.chair), cast.vice, **values)


def taken_over(cast: SimpleNamespace, document: OutgoingDocument, data: bytes) -> OutgoingDocument:
    actor, document = act_as(cast.vice), read_again(document)
    with taking_over(actor, document, upload(data), answered="") as sheet:
        return actions.take_over(actor, document, sheet)


def test_the_deputy_takes_it_over_and_signs_it_elsewhere(cast, keys, tmp_path):
    """NĐ 30/2020 Điều 13: a delegate in due form signs in his own name, by whichever back-end."""
    document = to_sign(cast)
    old = document.versions.get(ordinal=document.version_count)
    given = stands_in(cast, decision_number="05/UQ-UBND")
    document = taken_over(cast, document, typed(signed=VICE))
    new = document.versions.get(ordinal=document.version_count)
    assert new.is_uploaded
    assert new.pdf_id not in (None, old.pdf_id)
    assert (document.signer.user, document.signs_for_id) == (cast.vice, given.pk)
    assert content_of(new).signer_full_name == "Lê Văn Hùng"
    act = DocumentAct.objects.get(target_id=document.pk, verb=Verb.TAKE_OVER)
    assert (act.actor, act.on_behalf_of.user) == (cast.vice, cast.chair)
    assert (act.detail["base"], act.detail["scan"]) == (old.pdf_id, new.pdf_id)
    assert (act.detail["source"], act.detail["decision"]) == (new.source_id, "05/UQ-UBND")
    proofs = ActFile.objects.filter(act__target_id=document.pk).values_list("file_id", flat=True)
    kept = set(proofs.order_by("-act__ordinal")[:2])
    assert kept == {new.source_id, new.pdf_id}, "the file as it came, and the one to be signed"
    assert not QuarantinedFile.objects.exists()

    def hand(data: bytes, field: str) -> bytes:
        return files.sign(data, cast.vice.full_name, field=field, certify=True)

    document = elsewhere(cast.vice, document, Verb.SIGN, hand)
    act = DocumentAct.objects.get(target_id=document.pk, verb=Verb.SIGN)
    assert (act.actor, act.detail["delegation"]) == (cast.vice, given.pk)
    assert act.detail["for"].endswith("Nguyễn Đức Thành")
    assert act.detail["decision"] == "05/UQ-UBND"
    document = seal(cast.clerk, number(cast.clerk, document), keys.city)
    assert set(verdict(bytes_of(document), tmp_path).values()) == {"valid"}
    assert list(verifying.findings()) == []


def test_the_key_of_the_absent_signer_signs_nothing_for_the_deputy(cast, keys):
    """Each signs with his own certificate (NĐ 30/2020 Điều 13, Điều 33)."""
    document = to_sign(cast)
    stands_in(cast)

    def by(name: str) -> Any:
        return lambda data, field: files.sign(data, name, field=field, certify=True)

    with pytest.raises(Refusal, match="Nhận ký thay"):
        elsewhere(cast.vice, document, Verb.SIGN, by(cast.vice.full_name))
    document = taken_over(cast, document, typed(signed=VICE))
    with pytest.raises(Refusal, match="không dùng chứng thư số đã đăng ký của Lê Văn Hùng"):
        elsewhere(cast.vice, document, Verb.SIGN, by(cast.chair.full_name))
    with pytest.raises(NotYours):
        elsewhere(cast.chair, document, Verb.SIGN, by(cast.chair.full_name))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (typed(signed=CHAIR), "chưa mang tên Lê Văn Hùng"),
        (typed(signed=VICE + "<p>Nguyễn Đức Thành</p>"), "vẫn còn tên Nguyễn Đức Thành"),
        (typed(signed="<p>Chi thêm 5 tỷ đồng.</p>" + VICE), "khác bản đã duyệt"),
        (typed(signed=VICE), ""),
        (typed(number="Số: ……../SXD-TCKT", signed=VICE), "khác bản đã duyệt"),
        (typed(signed=VICE, more="<p class=new>Phụ lục</p>"), "khác bản đã duyệt"),
        # The same words in another order.
        (
            typed(
                signed="<p>đơn vị Sở Xây dựng đề nghị các phối hợp thực hiện.</p>" + VICE,
            ),
            "khác bản đã duyệt",
        ),
    ],
)
def test_nothing_but_the_block_may_be_another(cast, data, why):
    """What was approved is signed (Kon Tum Điều 15.1)."""
    document = to_sign(cast)
    stands_in(cast)
    if not why:
        assert taken_over(cast, document, data).signs_for is not None
        return
    with pytest.raises(Refusal, match=why):
        taken_over(cast, document, data)
    document = read_again(document)
    assert (document.signer.user, document.signs_for) == (cast.chair, None)
    assert not DocumentAct.objects.filter(verb=Verb.TAKE_OVER).exists()
    assert not QuarantinedFile.objects.exists()


def test_who_takes_nothing_over_and_when(cast, tmp_path):
    document = to_sign(cast)
    vice = act_as(cast.vice)
    assert isinstance(rules.may_take_over(vice, read_again(document)), NotYours)
    given = stands_in(cast, scope=Scope.ROUTINE)
    refusal = rules.may_take_over(act_as(cast.vice), read_again(document))
    assert "không gồm ký văn bản" in refusal.message
    revoke(act_as(cast.chair), given)
    stands_in(cast)
    sheet = taking_over(act_as(cast.vice), read_again(document))
    with pytest.raises(Refusal, match="Chọn tệp PDF có phần ký"):
        sheet.__enter__()
    signed = files.sign(typed(signed=VICE), "Ai đó khác")
    with pytest.raises(Refusal, match="đã có chữ ký số"):
        taken_over(cast, document, signed)
    # Of a scan nobody can tell what it says.
    document.versions.filter(ordinal=document.version_count).update(text="")
    refusal = rules.may_take_over(act_as(cast.vice), read_again(document))
    assert "không so được chữ" in refusal.message


def test_a_draft_that_changed_meanwhile_is_read_first(cast):
    document = to_sign(cast)
    stands_in(cast)
    actor, document = act_as(cast.vice), read_again(document)
    with taking_over(actor, document, upload(typed(signed=VICE)), answered="") as sheet:
        actions.send_back(act_as(cast.chair), document, to=State.APPRAISAL, text="Xem lại")
        actions.send_back(
            act_as(cast.chief), read_again(document), to=State.DRAFTING, text="Sửa lại"
        )
        with pytest.raises(Refusal):
            actions.take_over(actor, document, sheet)
        composed = actions.save(
            act_as(cast.specialist),
            read_again(document),
            content(),
            base=document.version_count,
            drops_file=True,
        )
        assert not composed.versions.get(ordinal=composed.version_count).is_uploaded
        with pytest.raises((Stale, Refusal)):
            actions.take_over(actor, read_again(document), sheet)


def test_on_the_page(client, cast, keys):
    document = to_sign(cast)
    stands_in(cast, decision_number="05/UQ-UBND")
    client.force_login(cast.vice)
    path = reverse("outgoing:verb", args=["kontum", document.pk, "take_over"])
    assert path in client.get(document.get_absolute_url()).content.decode()
    form = unescape(client.get(path).content.decode())
    assert 'type="file"' in form
    assert "thay phần ký trong tệp rồi đính kèm lại" in form
    answer = client.post(path, {"text": ""})
    assert answer.status_code == 409
    assert "Chọn tệp PDF có phần ký của mình" in unescape(answer.content.decode())
    sent = {"file": SimpleUploadedFile("thay.pdf", typed(signed=VICE)), "not_forbidden": "1"}
    assert client.post(path, sent).status_code == 302
    document = read_again(document)
    assert document.signer.user == cast.vice
    path = reverse("outgoing:verb", args=["kontum", document.pk, "sign"])
    more = {"key": keys.vice.pk, "pin": "một-hai-ba-46", "seen": document.version_count}
    assert client.post(path, more).status_code == 302
    page = unescape(client.get(document.get_absolute_url()).content.decode())
    assert "Nguyễn Đức Thành theo văn bản ủy quyền 05/UQ-UBND, ký số" in page
    client.force_login(cast.accountant)
    assert client.get(path).status_code == 404
