"""Whether a certificate is revoked now, asked of its issuer online (OCSP, RFC 6960)."""

import io
import time
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pypdf import PdfReader

from core import clock
from core.errors import Refusal
from outgoing.choices import State
from signatures import ocsp
from signatures.models import SigningKey
from tests import files, tokens
from tests.keys import make_key, trusted
from tests.outgoing.drafts import at_state
from tests.outgoing.signing import elsewhere, keys_of
from tests.responder import Responder, responding
from tests.signatures.test_keeping import keep
from tests.signatures.test_signing import VICE, by_leader, ready, refusal, verdict

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]
ISSUER = [files.der("CA thử nghiệm", "CA thử nghiệm")]


@pytest.fixture(autouse=True)
def _trust(settings: Any, tmp_path: Path) -> None:
    settings.SIGNATURE_ANCHORS = trusted(tmp_path)


@pytest.fixture
def vice(cast: SimpleNamespace) -> SigningKey:
    return make_key(VICE, owner=cast.vice)


def ask(settings: Any, responder: Responder, **more: Any) -> ocsp.Answer | None:
    settings.OCSP_URLS = [responder.url]
    return ocsp.answer_of(files.der(VICE), **more)


def test_nobody_is_asked_unless_he_is_named(settings: Any) -> None:
    """Off by default: no address of a certificate is ever called by itself."""
    assert settings.OCSP_URLS == []
    with responding("revoked") as responder:
        assert ocsp.answer_of(files.der(VICE)) is None
        assert not ocsp.is_revoked(files.der(VICE), ISSUER)
    assert responder.asked == []


@pytest.mark.parametrize(("mood", "revoked"), [("good", False), ("revoked", True)])
def test_what_its_issuer_says(settings: Any, mood: str, revoked: bool) -> None:
    with responding(mood) as responder:
        found = ask(settings, responder, chain=ISSUER)
    assert found is not None
    assert found.is_revoked is revoked
    assert responder.asked == [files.certificate(VICE).serial_number]


def test_whoever_the_issuer_lets_answer_for_it(settings: Any) -> None:
    with responding("delegate") as responder:
        found = ask(settings, responder)
    assert found is not None
    assert not found.is_revoked


@pytest.mark.parametrize(
    "mood", ["unknown", "old", "stranger", "layman", "other", "busy", "rubbish", "huge"]
)
def test_what_is_no_answer_says_nothing(settings: Any, mood: str) -> None:
    with responding(mood) as responder:
        assert ask(settings, responder) is None
    assert len(responder.asked) == 1


def test_it_is_waited_for_so_long_and_no_longer(settings: Any) -> None:
    settings.OCSP_SECONDS = 1
    with responding("slow") as responder:
        began = time.monotonic()
        assert ask(settings, responder) is None
        assert time.monotonic() - began < 2.5
    settings.OCSP_URLS = ["http://127.0.0.1:9/"]
    assert ocsp.answer_of(files.der(VICE)) is None


def test_an_answer_is_kept_for_some_minutes_and_then_asked_anew(settings: Any) -> None:
    with responding() as responder:
        for _each in range(3):
            assert ask(settings, responder) is not None
        assert len(responder.asked) == 1
        later = clock.now() + timedelta(days=3)
        with clock.set_to(later):  # it is too old by then
            responder.mood, responder.now = "revoked", later
            found = ask(settings, responder)
        assert found is not None
        assert found.is_revoked
    assert len(responder.asked) == 2


def test_the_next_one_is_asked_where_the_first_is_away(settings: Any) -> None:
    with responding("revoked") as responder:
        settings.OCSP_URLS = ["http://127.0.0.1:9/", responder.url]
        assert ocsp.is_revoked(files.der(VICE))


def test_a_certificate_of_nobody_known_is_not_asked_about(settings: Any) -> None:
    with responding("revoked") as responder:
        settings.OCSP_URLS = [responder.url]
        assert not ocsp.is_revoked(files.der("Người Lạ", "CA lạ"))
    assert responder.asked == []


# --- Where it counts.


def test_a_revoked_certificate_signs_nothing(vice: SigningKey, settings: Any) -> None:
    """TT 41/2017/TT-BTTTT: its state at the time of signing."""
    with responding() as responder:
        settings.OCSP_URLS = [responder.url]
        assert by_leader(vice)
        ocsp.cache.clear()
        responder.mood = "revoked"
        assert "thu hồi" in str(refusal(lambda: by_leader(vice)))


def test_a_revoked_certificate_is_not_registered(cast: SimpleNamespace, settings: Any) -> None:
    with responding("revoked") as responder:
        settings.OCSP_URLS = [responder.url]
        assert "thu hồi" in str(refusal(lambda: keep(cast.vice)))
        ocsp.cache.clear()
        responder.mood = "good"
        assert keep(cast.vice).pk


def test_a_responder_that_is_away_stops_no_office(vice: SigningKey, settings: Any) -> None:
    settings.OCSP_URLS, settings.OCSP_SECONDS = ["http://127.0.0.1:9/"], 1
    assert by_leader(vice)


def test_what_was_signed_elsewhere_is_asked_about_when_it_comes(
    cast: SimpleNamespace, settings: Any
) -> None:
    keys_of(cast)
    document = at_state(cast, State.SIGNING)
    chair = cast.chair.full_name

    def hand(data: bytes, field: str) -> bytes:
        return files.sign(data, chair, field=field, certify=True)

    with responding("revoked") as responder:
        settings.OCSP_URLS = [responder.url]
        with pytest.raises(Refusal, match="đã bị thu hồi"):
            elsewhere(cast.chair, document, "sign", hand)
        ocsp.cache.clear()
        responder.mood = "good"
        assert elsewhere(cast.chair, document, "sign", hand).state == State.APPROVED


def test_the_answer_is_kept_in_a_signature_that_lasts(
    vice: SigningKey, settings: Any, tmp_path: Path
) -> None:
    """B-LT: whoever checks it in ten years needs nobody who answers."""
    with tokens.time_service() as settings.TSA_URL, responding() as responder:
        settings.OCSP_URLS = [responder.url]
        signed = by_leader(vice)
    assert verdict(signed, tmp_path)[""] == "valid"
    store = PdfReader(io.BytesIO(signed)).trailer["/Root"]["/DSS"]  # type: ignore[index]
    assert len(store["/OCSPs"]) == 1
    assert len(signed) > len(ready())
