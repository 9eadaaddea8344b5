"""The signature block of whoever signs for an absent signer (NĐ 30/2020 Điều 13). Reads only.

He signs in his own name: as deputy for the head (KT.), or by a written mandate (TUQ.).
"""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.choices import Role
from accounts.models import Appointment
from accounts.rules import is_deputy
from core.errors import Refusal
from outgoing.choices import Authority
from outgoing.content import Content
from outgoing.models import OutgoingDocument

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
        signer_other_post="",  # that of the one who is away
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


def refuse_other_words(approved: str, brought: str, old: Content, new: Content) -> None:
    """Raise Refusal where a file says anything else than the approved one, its block aside.

    Columns that stand side by side are read line by line, so a longer block moves what stands
    beside it: words of the blocks are counted, all others keep their order.
    """
    before, after = _words(approved), _words(brought)
    _refuse_other_name(before, after, old, new)
    gone, added = Counter(before) - Counter(after), Counter(after) - Counter(before)
    blocks = Counter(_block_words(old)), Counter(_block_words(new))
    wrong = [*(gone - blocks[0]), *(added - blocks[1])]
    either = {*blocks[0], *blocks[1]}
    pairs = zip(
        [one for one in before if one not in either],
        [one for one in after if one not in either],
        strict=False,
    )
    wrong += [second for first, second in pairs if first != second]
    if wrong:
        raise Refusal(
            _(
                "Tệp khác bản đã duyệt ở chỗ “%(word)s”. Chỉ thay phần ký; cần sửa nội dung thì "
                "chuyển trả."
            )
            % {"word": wrong[0][:80]},
            field="file",
        )


def _refuse_other_name(
    before: Sequence[str], after: Sequence[str], old: Content, new: Content
) -> None:
    """The absent signer's name has given way to that of him who signs."""
    absent, own = (" ".join(_words(one.signer_full_name)) for one in (old, new))
    was, now = " ".join(before), " ".join(after)
    if now.count(own) <= was.count(own):
        said = _("Phần ký trong tệp chưa mang tên %(name)s. Sửa phần ký rồi đính kèm lại.")
        raise Refusal(said % {"name": new.signer_full_name}, field="file")
    if absent and now.count(absent) >= was.count(absent) > 0:
        said = _("Phần ký trong tệp vẫn còn tên %(name)s. Sửa phần ký rồi đính kèm lại.")
        raise Refusal(said % {"name": old.signer_full_name}, field="file")


def _words(text: str) -> list[str]:
    return unicodedata.normalize("NFC", text).casefold().split()


def _block_words(content: Content) -> list[str]:
    lines = (
        *(content.authority, content.on_behalf_of, content.deputy_for),
        # "KT. CHỦ TỊCH" below "TM. ỦY BAN NHÂN DÂN".
        *((Authority.FOR_HEAD.value,) if content.deputy_for else ()),
        *(content.signer_position, content.signer_full_name),
    )
    return _words(" ".join(lines))


def in_place_of(document: OutgoingDocument) -> dict[str, Any]:
    """For whom its signer signs, and on what ground; nothing where he signs for himself."""
    given = document.signs_for
    if given is None:
        return {}
    absent = given.appointment
    return {
        "for": f"{absent.title} {absent.user.full_name}",
        "delegation": given.pk,
        "decision": given.decision_number,
        "until": f"{given.end_date:%d/%m/%Y}",
    }
