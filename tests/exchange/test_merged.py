"""What was sent lies in the tray beside other files: a recall takes what it brought, no more."""

import pytest
from django.urls import reverse

from core import clock
from core.errors import Refusal
from documents import verifying
from documents.actions import mark_seen
from documents.models import Attachment, DocumentAct, StoredFile
from exchange.delivering import deliver
from incoming import actions as incoming
from incoming.choices import MERGED, Channel, RefusalReason, State
from incoming.verifying import findings
from outgoing import actions
from outgoing.choices import DeliveryCode
from outgoing.issued import files_of
from outgoing.models import Delivery
from tests.cast import act_as, entry, upload
from tests.files import build
from tests.outgoing.issuing import issued, only
from tests.quick import glance  # noqa: F401 -- a fixture
from tests.sent import sent_here

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance")]
WHY = "Sai số liệu tại khoản 2."


def sent(cast):
    """A document of the city and its entry in the tray of the ward."""
    document = issued(cast)
    deliver()
    return document, only(document).received


def uploaded(cast, *names: str):
    files = [upload(build() + f"%{name}".encode(), name) for name in names or ("bia.pdf",)]
    return incoming.receive(act_as(cast.ward_clerk), files, channel=Channel.EMAIL)


def contents(entry) -> list[str]:
    return list(entry.quarantined.order_by("ordinal").values_list("sha256", flat=True))


def of(document) -> list[str]:
    return [one.file.sha256 for one in files_of(document)]


def recalled(cast, document) -> Delivery:
    """Recalled, carried, and its answer written back."""
    actions.recall(act_as(cast.clerk), document, text=WHY)
    deliver()
    deliver()
    return only(document)


def faults() -> list[str]:
    return [
        *findings(),
        *verifying.broken_chains(),
        *verifying.broken_states(),
        *verifying.broken_files(),
    ]


def test_two_that_were_sent_are_not_put_together(cast, client):
    """Each sender may want his own back."""
    first, one = sent(cast)
    second, other = sent(cast)
    ours = uploaded(cast)
    clerk = act_as(cast.ward_clerk)
    for main, others in ((one, [other]), (ours, [one, other])):
        with pytest.raises(Refusal, match="được đăng ký riêng"):
            incoming.merge(clerk, main, others)
    # Nor one after the other, nor by way of a file of our own.
    incoming.merge(clerk, ours, [one])
    with pytest.raises(Refusal, match="được đăng ký riêng"):
        incoming.merge(clerk, ours, [other])
    with pytest.raises(Refusal, match="được đăng ký riêng"):
        incoming.merge(clerk, other, [ours])
    client.force_login(cast.ward_clerk)
    asked = {"entry": [ours.pk, other.pk], "main": ours.pk}
    answer = client.post(reverse("incoming:merge", args=[cast.ward.slug]), asked)
    assert answer.status_code == 409
    assert "bên gửi có thể thu hồi từng văn bản" in answer.content.decode()
    # So one recall leaves the other where it is.
    assert recalled(cast, first).status == DeliveryCode.RECALL_AGREED
    other.refresh_from_db()
    assert (other.state, contents(other)) == (State.RECEIVED, of(second))
    assert only(second).status == DeliveryCode.ARRIVED


def test_recalled_from_an_upload_the_upload_stays(cast):
    document, letter = sent(cast)
    ours = uploaded(cast)
    kept = contents(ours)
    incoming.merge(act_as(cast.ward_clerk), ours, [letter])
    assert contents(ours) == [*kept, *of(document)]
    delivery = recalled(cast, document)
    assert delivery.status == DeliveryCode.RECALL_AGREED
    assert delivery.statuses.last().text.startswith("Chưa vào sổ; đã hủy")
    ours.refresh_from_db()
    assert (ours.state, ours.channel, contents(ours)) == (State.RECEIVED, Channel.EMAIL, kept)
    act = DocumentAct.objects.filter(target_id=ours.pk, verb="sender_recall").get()
    assert (act.actor, act.words.text, act.detail["sha256"]) == (cast.clerk, WHY, of(document))
    assert faults() == []
    # What is left is a document like any other, and no recall hangs over it.
    incoming.inspect_tray(ours)
    ours = incoming.register(act_as(cast.ward_clerk), ours, entry())
    assert (ours.state, ours.is_recalled) == (State.REGISTERED, False)
    assert [one.file_id for one in ours.attachments.all()] == kept


def test_recalled_with_an_upload_behind_it_the_upload_stays(cast):
    document, letter = sent(cast)
    ours = uploaded(cast, "a.pdf", "b.pdf")
    kept = contents(ours)
    incoming.merge(act_as(cast.ward_clerk), letter, [ours])
    assert recalled(cast, document).status == DeliveryCode.RECALL_AGREED
    letter.refresh_from_db()
    files = letter.quarantined.order_by("ordinal").values_list("sha256", "part", "ordinal")
    assert list(files) == [(kept[0], "main", 1), (kept[1], "annex", 2)]
    # Of what the sender has told nothing stays with the clerk's own files.
    assert (letter.state, letter.sent_from, letter.channel, letter.subject, letter.code) == (
        State.RECEIVED,
        None,
        Channel.EMAIL,
        "",
        "",
    )
    assert faults() == []
    # Another delivery may now be put with it.
    second, other = sent(cast)
    incoming.merge(act_as(cast.ward_clerk), letter, [other])
    assert contents(letter) == [*kept, *of(second)]


def test_cancelled_in_the_book_the_upload_stays(cast):
    document, letter = sent(cast)
    ours = uploaded(cast)
    kept = contents(ours)
    clerk = act_as(cast.ward_clerk)
    incoming.merge(clerk, letter, [ours])
    incoming.inspect_tray(letter)
    incoming.register(clerk, letter, entry(issued_date=clock.today()))
    deliver()
    actions.recall(act_as(cast.clerk), document, text=WHY)
    deliver()
    letter = incoming.cancel(clerk, letter)
    assert letter.state == State.VOID
    left = Attachment.objects.filter(document_id=letter.pk).values_list("file_id", flat=True)
    assert list(left) == kept
    act = DocumentAct.objects.get(target_id=letter.pk, verb="cancel")
    assert act.detail["sha256"] == of(document)
    deliver()
    assert only(document).status == DeliveryCode.RECALL_AGREED
    assert faults() == []


def test_registered_behind_an_upload_the_page_names_who_wants_it_back(cast, client):
    document, letter = sent(cast)
    ours = uploaded(cast)
    clerk = act_as(cast.ward_clerk)
    incoming.merge(clerk, ours, [letter])
    incoming.inspect_tray(ours)
    ours = incoming.register(clerk, ours, entry())
    actions.recall(act_as(cast.clerk), document, text=WHY)
    deliver()
    client.force_login(cast.ward_clerk)
    page = client.get(ours.get_absolute_url()).content.decode()
    assert "UBND thành phố Kon Tum thu hồi văn bản này lúc" in page
    incoming.cancel(clerk, ours)
    page = client.get(ours.get_absolute_url()).content.decode()
    assert "Tệp của bên gửi không còn trên hệ thống." in page
    assert "bia.pdf" in page
    assert faults() == []
    # The proof looks for the sender's file alone.
    row = StoredFile.objects.get(pk=of(document)[0])
    ours.attachments.create(file=row, file_name="x.pdf", part="annex", ordinal=9)
    assert faults() == [f"document {ours.pk}: was cancelled, but has the file {row.pk}"]


def test_merged_while_it_is_recalled_it_is_found_there(cast, monkeypatch):
    """Between the look at where it lies and the lock."""
    from exchange import following  # noqa: PLC0415 -- to reach what is replaced

    document, letter = sent(cast)
    ours = uploaded(cast)
    kept, lies_in, looks = contents(ours), following.lies_in, []

    def merged_meanwhile(delivery):
        found = lies_in(delivery)
        if not looks:
            incoming.merge(act_as(cast.ward_clerk), ours, [letter])
        looks.append(found)
        return found

    actions.recall(act_as(cast.clerk), document, text=WHY)
    monkeypatch.setattr("exchange.following.lies_in", merged_meanwhile)
    deliver()
    assert looks[:2] == [letter, ours]
    assert contents(ours) == kept


def test_one_that_cannot_be_followed_does_not_stop_the_others(cast, monkeypatch, caplog):
    first, one = sent(cast)
    second, other = sent(cast)
    clerk = act_as(cast.ward_clerk)
    for letter in (one, other):
        incoming.refuse(clerk, letter, reason=RefusalReason.NOT_OURS, text="Thuộc xã khác.")
    from exchange import following  # noqa: PLC0415 -- to reach what is replaced

    steps = following.steps

    def broken(delivery, document):
        if document.pk == one.pk:
            raise IndexError("a fault nobody thought of")
        return steps(delivery, document)

    with monkeypatch.context() as patch:
        patch.setattr("exchange.following.steps", broken)
        assert deliver()["changed"] == 1
    assert f"delivery {only(first).pk} cannot be followed" in caplog.text
    assert (only(first).status, only(second).status) == ("01", "02")
    # Nothing of it was half done: mended, it is written back.
    assert deliver()["changed"] == 1
    assert only(first).status == "02"


def test_an_entry_that_went_by_a_way_nobody_thought_of_is_said_to_be_gone(cast):
    """Without the act that would say when and why: two that were put together of old."""
    document, letter = sent(cast)
    other, theirs = sent(cast)
    # As it was before: both in one, and one of the senders wants his back.
    theirs.quarantined.update(document=letter.pk, ordinal=2, part="annex")
    theirs.state, theirs.refusal_reason = State.REFUSED, MERGED
    theirs.save()
    sender = act_as(cast.clerk)
    incoming.sender_recalls(sender, letter, reason=WHY, content=[*of(document), *of(other)])
    assert deliver()["changed"] == 1
    delivery = only(document)
    assert delivery.status == DeliveryCode.REFUSED
    assert "gửi lại nếu cần" in delivery.statuses.last().text


# --- Taken apart.


def test_what_was_sent_as_one_is_not_split(cast, client):
    """A recall finds both, since both lie in one."""
    letter = sent_here(cast, build(), annexes=[build() + b"%annex"])
    there = contents(letter)
    assert len(there) == 2
    with pytest.raises(Refusal, match="không tách riêng"):
        incoming.split(act_as(cast.clerk), letter, 2)
    client.force_login(cast.clerk)
    url = reverse("incoming:split", args=[cast.city.slug, letter.pk])
    assert "không tách riêng" in client.post(url, {"file": "2"}, follow=True).content.decode()
    # Out of an upload it comes whole.
    ours = incoming.receive(act_as(cast.clerk), [upload(build() + b"%ours", "bia.pdf")])
    incoming.merge(act_as(cast.clerk), ours, [letter])
    made = incoming.split(act_as(cast.clerk), ours, 3)
    assert contents(made) == there
    assert [one.part for one in made.quarantined.all()] == ["main", "annex"]
    assert ours.quarantined.count() == 1


def test_put_together_by_mistake_it_comes_out_again_and_is_followed(cast):
    document, letter = sent(cast)
    ours = uploaded(cast)
    kept = contents(ours)
    clerk = act_as(cast.ward_clerk)
    for _round in range(2):
        incoming.merge(clerk, ours, [letter])
        letter = incoming.split(clerk, ours, 2)
        assert (contents(ours), contents(letter)) == (kept, of(document))
        assert (letter.channel, letter.sent_from) == (Channel.EXCHANGE, cast.city)
        assert letter.quarantined.get().part == "main"
        deliver()
        assert only(document).received == letter
    assert faults() == []
    incoming.inspect_tray(letter)
    incoming.register(clerk, letter, entry())
    deliver()
    assert only(document).status == DeliveryCode.ACCEPTED
    actions.recall(act_as(cast.clerk), document, text=WHY)
    deliver()
    letter.refresh_from_db()
    ours.refresh_from_db()
    assert (letter.is_recalled, ours.recalled_at) == (True, None)


def test_our_own_file_comes_out_of_what_was_sent_as_ours(cast):
    document, letter = sent(cast)
    ours = uploaded(cast)
    kept = contents(ours)
    incoming.merge(act_as(cast.ward_clerk), letter, [ours])
    made = incoming.split(act_as(cast.ward_clerk), letter, 2)
    assert (made.channel, made.sent_from, contents(made)) == (Channel.EMAIL, None, kept)
    recalled(cast, document)
    made.refresh_from_db()
    assert (made.state, contents(made)) == (State.RECEIVED, kept)


# --- Who had looked at it.


def test_whoever_has_opened_it_in_the_tray_is_named(cast):
    """NĐ 30/2020 Phụ lục VI.III.8: nobody says that none has read what somebody has."""
    document, letter = sent(cast)
    mark_seen(letter, act_as(cast.ward_clerk))
    delivery = recalled(cast, document)
    text = delivery.statuses.last().text
    assert text.startswith("Chưa vào sổ; đã hủy. Đã đọc: Văn thư")
