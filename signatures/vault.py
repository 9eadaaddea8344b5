"""Secrets at rest: closed with a key made from SIGNING_SECRET, and bound to what they belong to.

A new secret is put in front of the old one (SIGNING_SECRET=new,old); `manage.py reseal_keys` closes
everything anew, then the old one may go.
"""

import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_FORM = b"\x01"
_NAME, _NONCE = 4, 12  # bytes


class Closed(Exception):
    """No secret of ours opens this."""


def close(secret: bytes, owner: bytes) -> bytes:
    """The secret, encrypted; it opens only together with ``owner``."""
    name, key = _key(settings.SIGNING_SECRETS[0])
    nonce = os.urandom(_NONCE)
    return _FORM + name + nonce + AESGCM(key).encrypt(nonce, secret, _FORM + owner)


def open_(closed: bytes, owner: bytes) -> bytes:
    """What ``close`` was given. Raises Closed."""
    name, nonce, rest = closed[1 : 1 + _NAME], *_parts(closed)
    for word in settings.SIGNING_SECRETS:
        ours, key = _key(word)
        if ours == name:
            try:
                return AESGCM(key).decrypt(nonce, rest, closed[:1] + owner)
            except InvalidTag as error:
                raise Closed from error
    raise Closed


def is_newest(closed: bytes) -> bool:
    """Whether the first of the secrets has closed this."""
    return closed[1 : 1 + _NAME] == _key(settings.SIGNING_SECRETS[0])[0]


def _parts(closed: bytes) -> tuple[bytes, bytes]:
    start = 1 + _NAME
    return closed[start : start + _NONCE], closed[start + _NONCE :]


def _key(word: str) -> tuple[bytes, bytes]:
    """Name and key of a secret; the name says nothing of it."""
    key = HKDF(hashes.SHA256(), 32, salt=None, info=b"edocman signing keys").derive(word.encode())
    return hashlib.sha256(b"name" + key).digest()[:_NAME], key
