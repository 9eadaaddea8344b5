"""The time stamp service of the installation (TSA_URL, RFC 3161); knows pyHanko."""

import urllib.request
from functools import lru_cache
from http.client import HTTPException
from typing import Any

from django.conf import settings


def stamper() -> Any:
    """The client of TSA_URL; None where no service is set."""
    return stamper_of(settings.TSA_URL) if settings.TSA_URL else None


@lru_cache(maxsize=2)
def stamper_of(url: str) -> Any:
    """A client of the time stamp service (RFC 3161 over HTTP)."""
    from asn1crypto import tsp  # noqa: PLC0415 -- slow import
    from pyhanko.sign.timestamps import (  # noqa: PLC0415 -- slow import
        TimeStamper,
        TimestampRequestError,
    )

    class Service(TimeStamper):
        async def async_request_tsa_response(self, req: Any) -> Any:
            request = urllib.request.Request(  # noqa: S310 -- the installation's own setting
                url, req.dump(), {"Content-Type": "application/timestamp-query"}
            )
            try:
                with urllib.request.urlopen(  # noqa: S310 -- as above
                    request, timeout=settings.TSA_SECONDS
                ) as answer:
                    return tsp.TimeStampResp.load(answer.read(1 << 20))
            except (OSError, ValueError, HTTPException) as error:  # URLError is one
                raise TimestampRequestError(str(error)) from error

    return Service()
