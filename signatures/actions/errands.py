"""Files that go out to be signed by a key that is not here, and come back.

A token lets the signing program fetch and return one file without a session; what it brings counts
only after the same check as every signature of ours, and only a verb of the document uses it.
"""

import hashlib
import secrets
from datetime import timedelta
from pathlib import Path

from django.core.files.storage import storages
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor, actor_for
from core import clock
from core.errors import Refusal, Stale
from documents.actions import examine, forget, keep_content
from documents.models import Document, StoredFile
from documents.uploads import QuarantinedUpload, path_of
from signatures.choices import Purpose, Way
from signatures.models import Errand
from signatures.returned import certificates_of, check_returned

MINUTES = 20  # that a token lives
TRIES = 10  # files that a token may bring until one is right
WITH = ("document__agency", "file", "owner", "agency", "user")


# --- Out.


def open_errand(
    actor: Actor,
    document: Document,
    *,
    purpose: str,
    file: StoredFile,
    field: str,
    page: str,
    file_name: str = "",
) -> tuple[Errand, str]:
    """Send a file out to be signed, with a token; one that is out already gets a new token.

    ``field``: the signature field to be signed; "" where the file has none. ``page``: the address
    at which the person works on it. Raises Refusal as ``errand_for``.
    """
    errand = errand_for(
        actor, document, purpose=purpose, file=file, field=field, page=page, file_name=file_name
    )
    return errand, renew(actor, errand)


def errand_for(
    actor: Actor,
    document: Document,
    *,
    purpose: str,
    file: StoredFile,
    field: str,
    page: str,
    file_name: str = "",
) -> Errand:
    """The errand that a page shows: the one of this file that is not used yet, or a new one.

    Raises Refusal when no certificate of the one whose key is asked for is registered.
    """
    document = Document.objects.visible_to(actor).get(pk=document.pk)
    owner, agency = (actor.user, None) if purpose == Purpose.SIGN else (None, actor.agency)
    certificates_of(owner, agency)
    errand, _made = Errand.objects.select_related(*WITH).get_or_create(
        user=actor.user,
        document=document,
        purpose=Purpose(purpose),
        file=file,
        field=field,
        used_at=None,
        ended_at=None,
        defaults={
            "owner": owner,
            "agency": agency,
            "file_name": file_name or "van-ban.pdf",
            "page": page,
            "created_at": clock.now(),
        },
    )
    if errand.page != page:
        # It goes on where it was asked for last.
        errand.page = page
        errand.save(update_fields=["page"])
    return errand


@transaction.atomic
def renew(actor: Actor, errand: Errand) -> str:
    """A new token for an errand that is still open; the old one is worth nothing any more."""
    row = _lock(errand.pk, actor)
    _require_open(row)
    token = secrets.token_urlsafe(32)
    row.token_hash, row.tries = _hash(token), 0
    row.expires_at = clock.now() + timedelta(minutes=MINUTES)
    row.fetched_at = row.failed_at = None
    row.failure = ""
    row.save()
    return token


def expect(token: str) -> None:
    """Whether a file may come with this token. Raises as ``fetch``."""
    rows = Errand.objects.select_related(*WITH)
    row = rows.get(token_hash=_hash(token), user__is_active=True)
    _require_seen(row)
    _require_out(row)


@transaction.atomic
def fetch(token: str) -> Errand:
    """The errand whose file the signing program asks for; as often as it likes until it returns.

    Raises Errand.DoesNotExist for a token that was never given, Refusal for one that has ended.
    """
    row = _by_token(token)
    _require_out(row)
    if row.fetched_at is None:
        row.fetched_at = clock.now()
        row.save(update_fields=["fetched_at"])
    return row


# --- And back.


def bring_by_token(token: str, upload: QuarantinedUpload) -> Errand:
    """Take what the signing program returns: once. Raises as ``fetch``, and what the check says."""
    digest = _hash(token)
    with transaction.atomic():
        row = _by_token(token)
        _require_out(row)
        if row.tries >= TRIES:
            raise Refusal(_("Đã gửi về quá nhiều tệp không đúng. Bấm ký lại để làm lượt mới."))
        row.tries += 1
        row.save(update_fields=["tries"])
    return _take(row, upload, Way.PLUGIN, digest)


def bring(actor: Actor, errand: Errand, upload: QuarantinedUpload) -> Errand:
    """Take a file that the person has signed elsewhere. Raises Refusal as the check says."""
    with transaction.atomic():
        row = _lock(errand.pk, actor)
        _require_open(row)
    return _take(row, upload, Way.ELSEWHERE)


def _take(errand: Errand, upload: QuarantinedUpload, way: Way, digest: str = "") -> Errand:
    """Check outside of a transaction, for that takes seconds; keep it if it is still waited for."""
    row = None
    try:
        verdict = check_returned(
            content_of(errand.file),
            path_of(upload.token).read_bytes(),
            field=errand.field,
            owner=errand.owner,
            agency=errand.agency,
        )
        row = examine(upload)
        row.signatures = verdict
        with transaction.atomic():
            held = Errand.objects.select_for_update(of=("self",)).get(pk=errand.pk)
            _require_open(held)
            if digest and held.token_hash != digest:
                raise Refusal(_expired())
            held.returned, held.verdict, held.way = keep_content(row), verdict, way
            held.returned_at = clock.now()
            held.failure, held.failed_at = "", None
            held.save()
    except Refusal as refusal:
        waiting = Errand.objects.filter(pk=errand.pk, returned_at=None)
        waiting.update(failure=str(refusal), failed_at=clock.now())
        raise
    finally:
        if row is not None:
            forget(row)
    return held


# --- And used.


def returned_file(actor: Actor, errand: Errand) -> bytes | None:
    """The signed file, checked on arrival; None while it is waited for, or when it was used."""
    row = Errand.objects.select_related("returned").get(pk=errand.pk, user=actor.user)
    return content_of(row.returned) if row.is_returned and row.returned else None


def use(
    actor: Actor, errand: Errand, *, document: Document, purpose: str, file: StoredFile
) -> Errand:
    """Use the signed file for a verb, once; inside the transaction of the verb.

    ``file`` is the newest of the document, which must be the one that went out. Raises Stale when
    it is not, Refusal when nothing came back or it was used already.
    """
    row = _lock(errand.pk, actor)
    if row.document_id != document.pk or row.purpose != purpose:
        raise Refusal(_("Tệp đã ký này là của việc khác. Mở lại văn bản rồi ký."))
    if row.used_at is not None:
        raise Refusal(_("Tệp đã ký của lượt này đã dùng rồi. Mở lại văn bản để xem."))
    if row.ended_at is not None or row.file_id != file.pk:
        raise Stale(_("Văn bản đã thay đổi sau khi đưa đi ký. Mở lại văn bản rồi ký lại."))
    if row.returned_id is None:
        raise Refusal(_("Chưa nhận được tệp đã ký. Ký xong rồi làm tiếp."))
    row.used_at = clock.now()
    row.save(update_fields=["used_at"])
    return row


def end_errands(document: Document) -> int:
    """End what is out of a document whose file has changed; answers how many they were."""
    rows = Errand.objects.filter(document_id=document.pk, used_at=None, ended_at=None)
    return rows.update(ended_at=clock.now(), token_hash=None, expires_at=None)


def content_of(file: StoredFile) -> bytes:
    """The bytes of a stored file. Raises Refusal when the store has lost it."""
    try:
        return Path(storages["store"].path(file.path)).read_bytes()
    except FileNotFoundError as error:
        raise Refusal(_("Tệp không có trong kho. Báo quản trị để kiểm tra bản sao lưu.")) from error


# --- Asked before each step.


def _expired() -> str:
    return _("Lượt ký đã hết hạn. Bấm ký lại trên trang văn bản.")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _lock(pk: int, actor: Actor) -> Errand:
    """The row of this person, whose document he still sees. Raises DoesNotExist otherwise."""
    row = (
        Errand.objects.select_related(*WITH)
        .select_for_update(of=("self",))
        .get(pk=pk, user=actor.user)
    )
    Document.objects.visible_to(actor).get(pk=row.document_id)
    return row


def _by_token(token: str) -> Errand:
    row = (
        Errand.objects.select_related(*WITH)
        .select_for_update(of=("self",))
        .get(token_hash=_hash(token), user__is_active=True)
    )
    _require_seen(row)
    return row


def _require_seen(errand: Errand) -> None:
    """A token opens no more than its person sees today. Raises Errand.DoesNotExist."""
    actor = actor_for(errand.user, errand.document.agency)
    seen = Document.objects.visible_to(actor) if actor else Document.objects.none()
    if not seen.filter(pk=errand.document_id).exists():
        raise Errand.DoesNotExist


def _require_open(errand: Errand) -> None:
    if errand.returned_at is not None:
        raise Refusal(_("Đã nhận tệp đã ký của lượt này. Mở lại trang văn bản để làm tiếp."))
    if errand.ended_at is not None:
        raise Stale(_("Văn bản đã thay đổi sau khi đưa đi ký. Mở lại văn bản rồi ký lại."))


def _require_out(errand: Errand) -> None:
    _require_open(errand)
    if not errand.is_out:
        raise Refusal(_expired())
