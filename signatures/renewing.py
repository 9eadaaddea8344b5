"""A time stamp over a whole file, before what its signatures rest on lapses (PAdES B-LTA).

What was there stays, byte for byte; knows pyHanko. The files are our own.
"""

import io
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

from django.conf import settings

from core.errors import Refusal
from documents.scans import laid_out
from signatures import ocsp
from signatures.judging import VERDICTS
from signatures.pdf import certificates_in, examine
from signatures.returned import now_text
from signatures.revocation import der_of, judged
from signatures.sentences import say
from signatures.signing import Signed
from signatures.tsa import stamper

FIELD = "document_time_stamp"


def may_stamp() -> bool:
    """Whether a time stamp service is set."""
    return bool(settings.TSA_URL)


def stamped(pdf: bytes) -> Signed:
    """The file with a time stamp over all of it, and what issuers say of its certificates now.

    Takes time: in a worker. Raises Refusal: no service, none that answers, a signature that is not
    valid any more, or one that would be worse off.
    """
    service = stamper()
    if service is None:
        raise Refusal(say("no_service"))
    with laid_out(pdf) as (place,):
        before = examine(str(place), settings.SIGNATURE_ANCHORS, now=now_text())
        known = certificates_in(str(place))
    if before["verdict"] != "valid":
        raise Refusal(say("not_valid_any_more"), field="files")
    # With an event loop of its own, whatever runs in this thread.
    with ThreadPoolExecutor(1) as pool:
        made = pool.submit(copy_context().run, _made(pdf, service, before, known)).result()
    with laid_out(made) as (place,):
        after = examine(str(place), settings.SIGNATURE_ANCHORS, now=now_text())
    if not made.startswith(pdf) or not _all_good(before, after):
        raise Refusal(say("stamp_breaks"), field="files")
    return Signed(made, judged(after, known, is_ours=True))


def _made(
    pdf: bytes, service: Any, before: dict[str, Any], known: dict[str, list[str]]
) -> Callable[[], bytes]:
    def work() -> bytes:
        from asn1crypto import ocsp as asn1  # noqa: PLC0415 -- slow import
        from pyhanko.pdf_utils.incremental_writer import (  # noqa: PLC0415 -- slow import
            IncrementalPdfFileWriter,
        )
        from pyhanko.sign.signers import PdfTimeStamper  # noqa: PLC0415 -- slow import
        from pyhanko.sign.timestamps import TimestampRequestError  # noqa: PLC0415 -- slow import
        from pyhanko.sign.validation import DocumentSecurityStore  # noqa: PLC0415 -- slow import

        writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
        answers = [asn1.OCSPResponse.load(one) for one in _answers(known)]
        if answers:
            # Below the stamp, so that it proves when they were given.
            DocumentSecurityStore.supply_dss_in_writer(writer, None, ocsps=answers)
        try:
            field = f"{FIELD}_{_count(before) + 1}"
            done = PdfTimeStamper(service, field_name=field).timestamp_pdf(writer, "sha256")
        except TimestampRequestError as error:
            raise Refusal(say("no_time")) from error
        return bytes(done.getvalue())

    return work


def _answers(known: dict[str, list[str]]) -> list[bytes]:
    """What responders say of the certificates of its signatures, where they are asked."""
    found = []
    for field, given in known.items():
        if field and given:
            certificate, *chain = map(der_of, given)
            answer = ocsp.answer_of(certificate, chain)
            if answer is not None and not answer.is_revoked:
                found.append(answer.response)
    return list(dict.fromkeys(found))


def _count(found: dict[str, Any]) -> int:
    named = (re.fullmatch(rf"{FIELD}_(\d+)", one["field"]) for one in found["signatures"])
    return max((int(one[1]) for one in named if one), default=0)


def _all_good(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Every signature is as good as it was, and the new time stamp is one that is trusted."""
    *rest, last = after["signatures"]
    worse = [
        one["field"]
        for one, new in zip(before["signatures"], rest, strict=False)
        if one["field"] != new["field"]
        or VERDICTS.index(new["verdict"]) > VERDICTS.index(one["verdict"])
    ]
    is_stamp = last["kind"] == "timestamp" and last["trusted"] and last["verdict"] == "valid"
    return is_stamp and not worse and len(rest) == len(before["signatures"])
