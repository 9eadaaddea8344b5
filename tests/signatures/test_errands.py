"""A file goes out to be signed and comes back once: whose, when, how often, and after what."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from core import clock
from core.errors import Refusal, Stale
from documents.models import Document, StoredFile, UserGrant
from signatures import actions
from signatures.choices import Purpose, Way
from signatures.models import Errand, SigningKey
from signatures.returned import REASONS, check_returned
from tests import files
from tests.cast import act_as, upload
from tests.keys import make_key, trusted
from tests.signatures.sheets import (
    AGENCY,
    CHAIR,
    CITY,
    LEADER,
    document,
    keys,
    prepared,
    send_out,
    signed,
    store,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _trust(settings: Any, tmp_path: Path, cast: Any) -> None:
    settings.SIGNATURE_ANCHORS = trusted(tmp_path)
    keys(cast)


def bring(token: str, data: bytes) -> Errand:
    with upload(data) as sent:
        return actions.bring_by_token(token, sent)


def use(cast: Any, errand: Errand, **other: Any) -> Errand:
    how = {
        "document": errand.document,
        "purpose": errand.purpose,
        "file": errand.file,
    } | other
    with transaction.atomic():
        return actions.use(act_as(how.pop("who", cast.chair)), errand, **how)


# --- The way.


def test_out_and_back_and_used(cast: Any) -> None:
    errand, token = send_out(cast)
    assert (errand.owner, errand.agency, errand.holder) == (cast.chair, None, CHAIR)
    chair = act_as(cast.chair)
    assert actions.returned_file(chair, errand) is None
    assert actions.fetch(token).file == errand.file
    assert actions.fetch(token).fetched_at is not None
    came = bring(token, signed())
    assert (came.way, came.verdict["verdict"], came.failure) == (Way.PLUGIN, "valid", "")
    assert actions.returned_file(chair, errand) == signed()
    assert came.returned.signatures["verdict"] == "valid"
    assert use(cast, errand).used_at is not None
    assert actions.returned_file(chair, errand) is None


def test_the_clerk_seals_with_the_agencys_key(cast: Any) -> None:
    about = document(cast)
    sent = store(signed())
    how = {"purpose": Purpose.SEAL, "field": AGENCY, "file": sent}
    errand, token = send_out(cast, cast.clerk, about, **how)
    assert (errand.owner, errand.agency, errand.operation) == (None, cast.city, "SignIssued")
    with pytest.raises(Refusal, match="khoá tệp"):
        bring(token, files.sign(signed(), CITY, field=AGENCY))  # number and date are empty


def test_what_was_signed_elsewhere_comes_by_the_page(cast: Any) -> None:
    errand, _token = send_out(cast)
    with upload(signed()) as sent:
        came = actions.bring(act_as(cast.chair), errand, sent)
    assert (came.way, came.is_returned) == (Way.ELSEWHERE, True)


def test_a_page_shows_one_errand_of_a_file(cast: Any) -> None:
    errand, token = send_out(cast)
    same, other = send_out(cast, about=errand.document, file=errand.file)
    assert (same.pk, token == other) == (errand.pk, False)
    use_of = bring(other, signed())
    use(cast, use_of)
    assert send_out(cast, about=errand.document, file=errand.file)[0].pk != errand.pk


# --- Tokens.


def test_only_the_hash_of_a_token_is_kept(cast: Any) -> None:
    errand, token = send_out(cast)
    row = Errand.objects.filter(pk=errand.pk).values().get()
    assert len(token) >= 43
    assert token not in str(row)


def test_a_token_lives_twenty_minutes(cast: Any) -> None:
    _errand, token = send_out(cast)
    with clock.set_to(clock.now() + timedelta(minutes=19, seconds=59)):
        actions.fetch(token)
    with clock.set_to(clock.now() + timedelta(minutes=20, seconds=1)):
        for late in (lambda: actions.fetch(token), lambda: bring(token, signed())):
            with pytest.raises(Refusal, match="Lượt ký đã hết hạn"):
                late()


def test_a_token_brings_one_file(cast: Any) -> None:
    _errand, token = send_out(cast)
    bring(token, signed())
    for again in (lambda: actions.fetch(token), lambda: bring(token, signed())):
        with pytest.raises(Refusal, match="Đã nhận tệp đã ký của lượt này"):
            again()


def test_the_old_token_of_a_renewed_errand_is_worth_nothing(cast: Any) -> None:
    errand, old = send_out(cast)
    new = actions.renew(act_as(cast.chair), errand)
    with pytest.raises(Errand.DoesNotExist):
        actions.fetch(old)
    assert bring(new, signed()).is_returned


def test_a_token_that_is_renewed_while_its_file_is_checked(cast: Any, monkeypatch: Any) -> None:
    errand, token = send_out(cast)

    def meanwhile(*args: Any, **how: Any) -> Any:
        actions.renew(act_as(cast.chair), errand)
        return check_returned(*args, **how)

    monkeypatch.setattr("signatures.actions.errands.check_returned", meanwhile)
    with pytest.raises(Refusal, match="Lượt ký đã hết hạn"):
        bring(token, signed())
    errand.refresh_from_db()
    assert errand.returned_at is None


def test_two_files_at_once_and_one_is_taken(cast: Any, monkeypatch: Any) -> None:
    """The second came while the first was checked; the first one in counts."""
    errand, token = send_out(cast)
    other = files.sign(prepared(), CHAIR, field=LEADER)

    def meanwhile(*args: Any, **how: Any) -> Any:
        monkeypatch.undo()
        bring(token, other)
        return check_returned(*args, **how)

    monkeypatch.setattr("signatures.actions.errands.check_returned", meanwhile)
    with pytest.raises(Refusal, match="Đã nhận tệp đã ký của lượt này"):
        bring(token, signed())
    errand.refresh_from_db()
    assert (errand.failure, errand.is_returned) == ("", True)
    assert actions.returned_file(act_as(cast.chair), errand) == other


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "\0", "ă" * 500])
def test_a_token_that_was_never_given(cast: Any, token: str) -> None:
    send_out(cast)
    with pytest.raises(Errand.DoesNotExist):
        actions.fetch(token)


def test_the_token_of_whoever_was_switched_off(cast: Any) -> None:
    _errand, token = send_out(cast)
    cast.chair.is_active = False
    cast.chair.save()
    with pytest.raises(Errand.DoesNotExist):
        actions.fetch(token)


def test_wrong_files_can_be_followed_by_the_right_one(cast: Any) -> None:
    """A wrong device first: what was wrong is kept for the page, and the errand goes on."""
    errand, token = send_out(cast)
    with pytest.raises(Refusal, match="chứng thư số đã đăng ký của Nguyễn Đức Thành"):
        bring(token, signed("Trần Thị Bình"))
    errand.refresh_from_db()
    assert "Nguyễn Đức Thành" in errand.failure
    assert bring(token, signed()).failure == ""


def test_a_token_does_not_bring_files_without_end(cast: Any) -> None:
    _errand, token = send_out(cast)
    for _try in range(actions.errands.TRIES):
        with pytest.raises(Refusal, match=REASONS["other_file"][:20]):
            bring(token, b"%PDF-1.7 other")
    with pytest.raises(Refusal, match="quá nhiều tệp không đúng"):
        bring(token, signed())


# --- Whose.


def test_another_person_cannot_go_on_with_it(cast: Any) -> None:
    errand, token = send_out(cast)
    vice = act_as(cast.vice)
    for attempt in (
        lambda: actions.renew(vice, errand),
        lambda: actions.returned_file(vice, errand),
        lambda: use(cast, errand, who=cast.vice),
    ):
        with pytest.raises(Errand.DoesNotExist):
            attempt()
    bring(token, signed())
    with pytest.raises(Errand.DoesNotExist):
        use(cast, errand, who=cast.vice)


def test_nobody_sends_out_what_he_does_not_see(cast: Any) -> None:
    about = document(cast)
    with pytest.raises(Document.DoesNotExist):
        send_out(cast, cast.stranger, about)
    errand, _token = send_out(cast, about=about)
    cast.chair.appointments.update(role="specialist", is_head=False)
    UserGrant.objects.all().delete()
    with pytest.raises(Document.DoesNotExist):
        actions.renew(act_as(cast.chair), errand)


def test_a_token_opens_no_more_than_its_person_sees(cast: Any) -> None:
    """Whoever has lost his post, or the document, fetches and brings nothing any more."""
    _errand, token = send_out(cast)
    assert actions.fetch(token)
    cast.chair.appointments.update(role="specialist", is_head=False)
    UserGrant.objects.all().delete()
    for attempt in (
        lambda: actions.expect(token),
        lambda: actions.fetch(token),
        lambda: bring(token, signed()),
    ):
        with pytest.raises(Errand.DoesNotExist):
            attempt()
    cast.chair.appointments.update(end_date=clock.today() - timedelta(days=1))
    with pytest.raises(Errand.DoesNotExist):
        actions.fetch(token)


def test_it_is_of_one_document_and_one_purpose(cast: Any) -> None:
    errand, token = send_out(cast)
    bring(token, signed())
    for other in ({"document": document(cast)}, {"purpose": Purpose.SEAL}):
        with pytest.raises(Refusal, match="của việc khác"):
            use(cast, errand, **other)
    assert use(cast, errand).used_at


def test_it_is_used_once(cast: Any) -> None:
    errand, token = send_out(cast)
    with pytest.raises(Refusal, match="Chưa nhận được tệp đã ký"):
        use(cast, errand)
    bring(token, signed())
    use(cast, errand)
    with pytest.raises(Refusal, match="đã dùng rồi"):
        use(cast, errand)


def test_it_is_not_used_when_the_verb_fails(cast: Any) -> None:
    errand, token = send_out(cast)
    bring(token, signed())

    def failing_verb() -> None:
        with transaction.atomic():
            use(cast, errand)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing_verb()
    assert use(cast, errand).used_at


# --- After a change.


def test_the_file_has_changed_meanwhile(cast: Any) -> None:
    errand, token = send_out(cast)
    bring(token, signed())
    with pytest.raises(Stale, match="đã thay đổi sau khi đưa đi ký"):
        use(cast, errand, file=store(files.build()))


def test_what_is_out_ends_when_the_document_changes(cast: Any) -> None:
    errand, token = send_out(cast)
    assert actions.end_errands(errand.document) == 1
    with pytest.raises(Errand.DoesNotExist):
        bring(token, signed())
    with pytest.raises(Stale):
        use(cast, errand)
    with pytest.raises(Stale):
        actions.renew(act_as(cast.chair), errand)
    back, again = send_out(cast, about=errand.document, file=errand.file)
    assert back.pk != errand.pk
    bring(again, signed())
    assert actions.end_errands(errand.document) == 1
    with pytest.raises(Stale):
        use(cast, back)
    assert actions.end_errands(errand.document) == 0


def test_it_ends_while_its_file_is_checked(cast: Any, monkeypatch: Any) -> None:
    errand, token = send_out(cast)

    def meanwhile(*args: Any, **how: Any) -> Any:
        actions.end_errands(errand.document)
        return check_returned(*args, **how)

    monkeypatch.setattr("signatures.actions.errands.check_returned", meanwhile)
    with pytest.raises(Stale):
        bring(token, signed())


def test_what_should_never_have_been_stored_takes_its_errands_along(cast: Any) -> None:
    errand, _token = send_out(cast)
    StoredFile.objects.get(pk=errand.file_id).delete()
    assert not Errand.objects.exists()


def test_the_store_has_lost_the_file(cast: Any, settings: Any) -> None:
    errand, token = send_out(cast)
    (Path(settings.DATA_ROOT) / "store" / errand.file.path).unlink()
    with pytest.raises(Refusal, match="Tệp không có trong kho"):
        bring(token, signed())


# --- Registered certificates.


def test_without_a_registered_certificate_nothing_goes_out(cast: Any) -> None:
    with pytest.raises(Refusal, match="Lê Văn Hùng chưa đăng ký chứng thư số"):
        send_out(cast, cast.vice)


def test_a_key_that_is_not_used_any_more_does_not_count(cast: Any) -> None:
    _errand, token = send_out(cast)
    SigningKey.objects.filter(owner=cast.chair).update(is_active=False)
    with pytest.raises(Refusal, match="chưa đăng ký chứng thư số"):
        bring(token, signed())


def test_a_certificate_counts_for_whom_it_is_registered(cast: Any) -> None:
    make_key("Lê Văn Hùng", owner=cast.vice)
    with pytest.raises(Refusal, match="đã đăng ký của Nguyễn Đức Thành"):
        check_returned(
            prepared(), signed("Lê Văn Hùng"), field=LEADER, owner=cast.chair, agency=None
        )
    assert check_returned(
        prepared(), signed("Lê Văn Hùng"), field=LEADER, owner=cast.vice, agency=None
    )
    with pytest.raises(Refusal, match="đã đăng ký của UBND thành phố Kon Tum"):
        check_returned(
            prepared(), signed("Lê Văn Hùng"), field=LEADER, owner=None, agency=cast.city
        )
