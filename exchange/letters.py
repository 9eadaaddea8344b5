"""The letter with which a document goes to a mailbox, and the one that recalls it."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

from django.conf import settings
from django.core.files.storage import storages
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from core.text import clean
from outgoing import replacing
from outgoing.choices import DeliveryCode
from outgoing.issued import Outgoing, files_of
from outgoing.models import Delivery

DOCUMENT, RECALL = "d", "r"


def message_id(delivery: Delivery, kind: str = DOCUMENT) -> str:
    """The Message-ID of a delivery: sent twice, a letter bears the same one.

    Short, so that no server folds its line.
    """
    token = urlsafe_b64encode(delivery.token.bytes).rstrip(b"=").decode()
    return f"<{kind}-{token}@{_host()}>"


def token_of(value: str) -> tuple[str, str]:
    """Kind and token in a Message-ID of ours, the token as hex; two "" in any other."""
    pattern = rf"<([{DOCUMENT}{RECALL}])-([A-Za-z0-9_-]{{22}})@([^>]+)>"
    found = re.fullmatch(pattern, value.strip())
    if found is None or found[3] != _host():
        return "", ""
    return found[1], urlsafe_b64decode(f"{found[2]}==").hex()


def _is_signed(files: list[Outgoing]) -> bool:
    return bool(files) and (files[0].file.signatures or {}).get("verdict") == "valid"


def document_letter(delivery: Delivery) -> EmailMessage:
    """The document itself, as it was issued. Raises OSError when the store cannot be read."""
    document = delivery.document
    files = files_of(document)
    message = _letter(
        delivery,
        _("%(agency)s: %(code)s") % {"agency": document.agency.name, "code": document.code},
        _(
            "%(agency)s gửi %(organ)s %(type)s số %(code)s ngày %(day)s.\n\n"
            "Tệp đính kèm là văn bản điện tử đã ký số, giữ nguyên từng byte. Gửi lại thư này kèm "
            "lý do nếu không tiếp nhận."
        )
        if _is_signed(files)
        else _(
            "%(agency)s gửi %(organ)s %(type)s số %(code)s ngày %(day)s.\n\n"
            "Tệp đính kèm là bản quét văn bản giấy đã ký, đóng dấu, giữ nguyên từng byte. Gửi lại "
            "thư này kèm lý do nếu không tiếp nhận."
        ),
        DOCUMENT,
    )
    if (replaced := replacing.replaced_by(document)) is not None:
        said = _("Văn bản này thay thế %(name)s.")
        message.body += "\n\n" + said % {"name": replacing.named(replaced)}
    for one in files:
        with storages["store"].open(one.file.path) as content:
            message.attach(one.name, content.read(), "application/pdf")
    return message


def recall_letter(delivery: Delivery, reason: str) -> EmailMessage:
    """What tells a mailbox that a document is recalled (Cần Thơ Điều 10.1b)."""
    code = delivery.document.code
    message = _letter(
        delivery,
        _("%(agency)s: thu hồi %(code)s") % {"agency": delivery.document.agency.name, "code": code},
        _(
            "%(agency)s thu hồi %(type)s số %(code)s ngày %(day)s đã gửi %(organ)s.\n\n"
            "Đề nghị hủy văn bản và báo lại."
        ),
        RECALL,
    )
    message.body += "\n\n" + _("Lý do: %(reason)s") % {"reason": reason}
    # Sent more than once it bore several of them, and any of these letters may lie there.
    sent = _sent_before(delivery) or [message_id(delivery)]
    message.extra_headers |= {"In-Reply-To": sent[-1], "References": " ".join(sent)}
    return message


def _sent_before(delivery: Delivery) -> list[str]:
    """The Message-IDs under which the document went to that mailbox, oldest first."""
    rows = delivery.statuses.filter(code=DeliveryCode.SENT).order_by("pk")
    return [text for text in rows.values_list("text", flat=True) if token_of(text)[0]]


def _letter(delivery: Delivery, subject: str, body: str, kind: str) -> EmailMessage:
    document = delivery.document
    agency = document.agency
    # Letters of an office are Vietnamese, whoever has pressed the button.
    with translation.override("vi"):
        words = {
            "agency": agency.name,
            "organ": delivery.organ_name,
            "type": document.type_name.lower(),
            "code": document.code,
            "day": f"{document.issued_date:%d/%m/%Y}" if document.issued_date else "",
        }
        text = body % words
    return EmailMessage(
        # A name of two lines would make no letter at all.
        subject=clean(subject)[:200],
        body=text,
        from_email=settings.BOUNCE_ADDRESS,
        to=[delivery.address],
        reply_to=[agency.mailbox] if agency.mailbox else None,
        headers={"Message-ID": message_id(delivery, kind)},
    )


def _host() -> str:
    """The office's own name, which makes a Message-ID its own."""
    return settings.SITE_URL.split("//")[-1].split("/")[0].split(":")[0]
