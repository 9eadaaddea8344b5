"""The cache: a help, never a need."""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import TimeoutError as RedisSilent

log = logging.getLogger(__name__)
LONGEST = 300  # seconds

T = TypeVar("T")


class ForgivingClient(RedisCacheClient):
    """Asks Redis; when it is away, nothing is found and nothing is kept."""

    def get(self, key: Any, default: Any) -> Any:
        return _or(default, super().get, key, default)

    def get_many(self, keys: Any) -> dict[Any, Any]:
        return _or({}, super().get_many, keys)

    def has_key(self, key: Any) -> bool:
        return _or(False, super().has_key, key)

    def add(self, key: Any, value: Any, timeout: Any) -> bool:
        return _or(True, super().add, key, value, timeout)

    def set(self, key: Any, value: Any, timeout: Any) -> None:
        _or(None, super().set, key, value, timeout)

    def set_many(self, data: Any, timeout: Any) -> None:
        _or(None, super().set_many, data, timeout)

    def touch(self, key: Any, timeout: Any) -> bool:
        return _or(False, super().touch, key, timeout)

    def delete(self, key: Any) -> bool:
        return _or(False, super().delete, key)

    def delete_many(self, keys: Any) -> None:
        _or(None, super().delete_many, keys)

    def incr(self, key: Any, delta: int) -> int:
        found = _or(None, super().incr, key, delta)
        if found is None:
            raise ValueError(f"Key {key!r} not found.")
        return found


def _or(without: T, ask: Callable[..., T], *args: Any) -> T:
    try:
        return ask(*args)
    except (RedisAway, RedisSilent) as error:
        # The kind alone: the text of such an error may hold an address.
        log.warning("The cache is away: %s", type(error).__name__)
        return without


class ForgivingCache(RedisCache):
    """Redis, which may be away; nothing lies in it longer than five minutes.

    So a session that has ended or changed while Redis was away, and could not be taken out of
    it, does not come back for long when Redis does.
    """

    def __init__(self, server: str | list[str], params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = ForgivingClient

    def get_backend_timeout(self, timeout: float | None = DEFAULT_TIMEOUT) -> int | None:
        seconds = super().get_backend_timeout(timeout)
        return LONGEST if seconds is None else min(int(seconds), LONGEST)
