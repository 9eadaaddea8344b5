"""The signature block of whoever signs for an absent signer (NĐ 30/2020 Điều 13). Reads only.

He signs in his own name: as deputy for the head (KT.), or by a written mandate (TUQ.).
"""

from dataclasses import replace

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.choices import Role
from accounts.models import Appointment
from accounts.rules import is_deputy
from core.errors import Refusal
from outgoing.choices import Authority
from outgoing.content import Content

_ARTICLE = "khoản %d Điều 13 Nghị định 30/2020/NĐ-CP"
COLLECTIVE, MANDATE, ORDER = (_ARTICLE % clause for clause in (2, 3, 4))
# Whom the head of an agency may give a mandate: who heads a part of it.
_HEADS = (Role.OFFICE_CHIEF, Role.UNIT_HEAD)


def post_of(actor: Actor, signer: Appointment) -> Appointment:
    """As what he signs: as the signer's deputy, if he is it by any of his posts."""
    return next((one for one in actor.appointments if is_deputy(one, signer)), actor.own)


def block_of(content: Content, signer: Appointment, own: Appointment, mandate: str) -> Content:
    """The same text, signed by the holder of ``own`` in place of ``signer``.

    ``mandate``: the number of the written one, if there is any. Raises Refusal where he may not
    sign so, with the clause that says it.
    """
    if content.authority == Authority.BY_MANDATE:
        said = _("Người được ký thừa ủy quyền không ủy quyền lại cho người khác ký.")
        raise Refusal(said, MANDATE)
    signed = replace(
        content,
        signer_position=own.title.upper()[:100],
        signer_full_name=own.user.full_name[:50],
    )
    if is_deputy(own, signer):
        return _as_deputy(signed, content, own)
    _refuse_mandate(content, signer, own, mandate)
    return replace(
        signed, authority=Authority.BY_MANDATE.value, on_behalf_of=content.signer_position
    )


def _as_deputy(signed: Content, content: Content, own: Appointment) -> Content:
    """KT. the one whose place he takes; the head himself stands in for nobody."""
    is_for_head = content.authority == Authority.FOR_HEAD
    if own.role == Role.LEADER and own.is_head:
        if is_for_head:
            return replace(signed, authority="", on_behalf_of="")
        return replace(signed, deputy_for="")
    if is_for_head or content.deputy_for:
        return signed  # another deputy of the same head
    if content.authority in (Authority.COLLECTIVE, Authority.BY_ORDER):
        return replace(signed, deputy_for=content.signer_position)
    return replace(signed, authority=Authority.FOR_HEAD.value, on_behalf_of=content.signer_position)


def _refuse_mandate(content: Content, signer: Appointment, own: Appointment, mandate: str) -> None:
    if content.authority == Authority.COLLECTIVE:
        raise Refusal(_("Văn bản ký thay mặt tập thể thì chỉ cấp phó ký thay."), COLLECTIVE)
    if content.authority == Authority.BY_ORDER:
        raise Refusal(_("Văn bản ký thừa lệnh thì chỉ giao lại cho cấp phó ký thay."), ORDER)
    is_head = signer.is_head or not signer.unit.agency.has_head
    if signer.role != Role.LEADER or not is_head or content.authority == Authority.FOR_HEAD:
        raise Refusal(_("Chỉ người đứng đầu cơ quan giao ký thừa ủy quyền."), MANDATE)
    if own.role not in _HEADS:
        said = _("Chỉ giao ký thừa ủy quyền cho người đứng đầu đơn vị thuộc cơ quan.")
        raise Refusal(said, MANDATE)
    if not mandate:
        raise Refusal(
            _("Ký thừa ủy quyền phải có văn bản ủy quyền; ghi số văn bản ấy ở mục Ủy quyền."),
            MANDATE,
        )
