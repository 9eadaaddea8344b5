"""Uploads: each file streams straight into the quarantine, bounded and hashed on the way."""

import errno
import hashlib
import os
import re
import secrets
import unicodedata
import weakref
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

TOKEN = re.compile(r"[0-9a-f]{32}")
NAME_LENGTH = 255
SUFFIX_LENGTH = 20
NO_ROOM = {errno.ENOSPC, errno.EDQUOT}

FAULTS: dict[str, str | Promise] = {
    "too_large": _(
        "Tệp %(name)s lớn hơn %(limit)s nên chưa được nhận. Quét lại với độ phân giải 200 dpi "
        "hoặc tách thành nhiều tệp rồi đính kèm lại."
    ),
    "too_many": _("Một lần gửi nhận nhiều nhất %(files)s tệp. Đính kèm các tệp còn lại ở lần sau."),
    "disk_full": _(
        "Máy chủ hết chỗ lưu nên chưa nhận được tệp. Báo người quản trị rồi đính kèm lại tệp."
    ),
}


def fault_sentences(request: HttpRequest, field: str) -> list[str]:
    """What went wrong with the files of a field, with the limits, and names where they help."""
    known = {
        "limit": re.sub(r"[.,]0\b", "", filesizeformat(settings.UPLOAD_LIMIT)),
        "files": settings.UPLOAD_FILES,
    }
    sentences = []
    for code in getattr(request, "upload_faults", {}).get(field, []):
        names = request.upload_large[field] if code == "too_large" else [""]  # type: ignore[attr-defined]
        sentences += [str(FAULTS[code]) % (known | {"name": name}) for name in names]
    return sentences


def not_written() -> str:
    """What is said when no disk takes a file that we make or keep."""
    return gettext(
        "Máy chủ chưa lưu được tệp. Dữ liệu đã nhập giữ nguyên; báo quản trị rồi lưu lại."
    )


def clean_name(name: str) -> str:
    """The sender's file name as it may be shown: no path, no invisible letters, 255 at most."""
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    # Category C holds control characters and the overrides that make exe.pdf out of fdp.exe.
    name = "".join(letter for letter in name if unicodedata.category(letter)[0] != "C")
    name = unicodedata.normalize("NFC", " ".join(name.split())).strip(" .")
    stem, dot, suffix = name.rpartition(".")
    if len(name) > NAME_LENGTH and stem and len(suffix) <= SUFFIX_LENGTH:
        return stem[: NAME_LENGTH - len(dot + suffix)].rstrip(" .") + dot + suffix
    return name[:NAME_LENGTH] or "tep"


def path_of(token: str) -> Path:
    """Where a file of the quarantine lies. Raises ValueError when it is not a token."""
    if not TOKEN.fullmatch(token):
        raise ValueError("This is not a token of the quarantine.")
    return Path(storages["quarantine"].path(token))


def partner(token: str) -> str:
    """The second place of a file: there lies the PDF of a picture, and the picture's is its.

    It follows from the token both ways, so that whoever removes a file finds what a stopped
    worker has left at the other place.
    """
    return f"{int(token, 16) ^ (1 << 128) - 1:032x}"


def discard(token: str) -> None:
    """Unlink a file of the quarantine; one that has gone already is no error."""
    path_of(token).unlink(missing_ok=True)


def _forget(file: BinaryIO, path: Path | None) -> None:
    if path is not None:
        path.unlink(missing_ok=True)
    try:
        file.close()
    except OSError as error:
        # Closing writes what is buffered; on the full disk that we are leaving it fails again.
        if error.errno not in NO_ROOM:
            raise


class QuarantinedUpload(UploadedFile):
    """A received file in the quarantine. It goes with its request unless it is claimed."""

    def __init__(
        self, file: BinaryIO, *, name: str, token: str, sha256: str, size: int, content_type: str
    ) -> None:
        super().__init__(file, name, content_type, size)
        self.token = token
        self.sha256 = sha256
        self._forget = weakref.finalize(self, _forget, file, path_of(token))
        self._kept = file

    def claim(self) -> str:
        """Keep the file after the request; answers its token."""
        self._forget.detach()
        self._forget = weakref.finalize(self, _forget, self._kept, None)
        return self.token

    def close(self) -> None:
        """Close the file, and unlink it when nobody has claimed it."""
        self._forget()


class _Part:
    """One file while it is arriving."""

    def __init__(self) -> None:
        self.token = secrets.token_hex(16)
        self.path = path_of(self.token)
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(
            self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600
        )
        self.file = os.fdopen(descriptor, "w+b")
        self.digest = hashlib.sha256()
        self.size = 0
        # Django tells nobody when the connection breaks in the middle of a part: the file then goes
        # with the object.
        self._forget = weakref.finalize(self, _forget, self.file, self.path)

    def write(self, chunk: bytes) -> None:
        self.file.write(chunk)
        self.digest.update(chunk)
        self.size += len(chunk)

    def drop(self) -> None:
        self._forget()

    def hand_over(self, name: str, content_type: str) -> QuarantinedUpload:
        self.file.flush()
        self.file.seek(0)
        upload = QuarantinedUpload(
            self.file,
            name=name,
            token=self.token,
            sha256=self.digest.hexdigest(),
            size=self.size,
            content_type=content_type,
        )
        self._forget.detach()
        return upload


def from_bytes(content: bytes, name: str) -> QuarantinedUpload:
    """A file that came by other means than a form, laid into the quarantine as a form does."""
    part = _Part()
    try:
        part.write(content)
        return part.hand_over(clean_name(name), "application/octet-stream")
    except OSError:
        part.drop()
        raise


class BoundedUploadHandler(FileUploadHandler):
    """Streams every file of a form into the quarantine and stops at the limit.

    A refused file is noted in `request.upload_faults` (field -> codes of FAULTS); the rest of the
    form still arrives, so that nothing typed is lost.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.faults: dict[str, list[str]] = {}
        self.large: dict[str, list[str]] = {}  # field -> names of files over the limit
        if request is not None:
            request.upload_faults = self.faults  # type: ignore[attr-defined]
            request.upload_large = self.large  # type: ignore[attr-defined]
        self._part: _Part | None = None  # not `file`: Django closes that one at every skipped part
        self._count = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._count += 1
        if self._count > settings.UPLOAD_FILES:
            self._refuse("too_many")
        try:
            self._part = _Part()
        except OSError as error:
            self._refuse_or_raise(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write one chunk. Raises SkipFile when the file is refused."""
        part = self._part
        if part is None:
            raise SkipFile
        if part.size + len(raw_data) > settings.UPLOAD_LIMIT:
            self.large.setdefault(self.field_name, []).append(clean_name(self.file_name or ""))
            self._refuse("too_large")
        try:
            part.write(raw_data)
        except OSError as error:
            self._refuse_or_raise(error)

    def file_complete(self, file_size: int) -> QuarantinedUpload | None:
        part = self._part
        if part is None:
            return None
        try:
            upload = part.hand_over(clean_name(self.file_name or ""), self.content_type or "")
        except OSError as error:
            self._drop()
            if error.errno not in NO_ROOM:
                raise
            self._note("disk_full")
            return None
        self._part = None
        return upload

    def upload_interrupted(self) -> None:
        self._drop()

    def _drop(self) -> None:
        if self._part is not None:
            part, self._part = self._part, None
            part.drop()

    def _note(self, code: str) -> None:
        codes = self.faults.setdefault(self.field_name, [])
        if code not in codes:
            codes.append(code)

    def _refuse(self, code: str) -> None:
        self._drop()
        self._note(code)
        raise SkipFile

    def _refuse_or_raise(self, error: OSError) -> None:
        self._drop()
        if error.errno not in NO_ROOM:
            raise error
        self._refuse("disk_full")
