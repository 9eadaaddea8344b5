"""Who renews the proof of what went out, and when (NĐ 30/2020 Điều 6.3, 19.2)."""

from django.utils.translation import gettext as _

from accounts.actor import Actor, rule
from accounts.choices import Role
from core.errors import NotYours, Refusal
from documents.rules.bearing import stands_in
from outgoing.choices import GONE_OUT, State
from outgoing.lasting import to_renew
from outgoing.models import OutgoingDocument
from signatures.renewing import may_stamp
from signatures.sentences import say


@rule
def may_renew(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """The clerk or the office, who keep the originals, while the certificate is still valid.

    A time stamp that comes later proves nothing of the time before.
    """
    if not actor.holds(Role.CLERK, Role.OFFICE_CHIEF):
        return NotYours(_("Chỉ văn thư và Văn phòng gia hạn chữ ký của văn bản lưu."))
    if refusal := stands_in(document, State.SEALED, *GONE_OUT):
        return refusal
    if not may_stamp():
        return Refusal(say("no_service"))
    if not to_renew(actor, document):
        return Refusal(
            _(
                "Chữ ký chưa đến lúc gia hạn, hoặc chứng thư số đã hết hạn: dấu thời gian thêm sau "
                "không chứng minh được lúc ký."
            )
        )
    return None
