"""As what a signer signs: his own post, and an authority that it gives (NĐ 30/2020 Điều 13).

What is plainly another's, a leader's post or an authority that only leaders have, is refused. What
only differs from the title in the system is a finding, mended or let stand with a reason: titles
are free text. They are compared without case and marks, "PCT" as "Phó Chủ tịch"; one may be
shorter than the other ("CHỦ TỊCH" of "Chủ tịch UBND thành phố"). Reads only.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from accounts.choices import Role
from accounts.models import Appointment
from core import clock
from core.errors import Refusal
from core.text import fold
from outgoing.checking.findings import Finding, Severity
from outgoing.choices import Authority
from outgoing.content import Content, body_of
from outgoing.models import IssuingBody, OutgoingDocument
from outgoing.paper import Form, form_of
from outgoing.standing import COLLECTIVE, ORDER

_SHORT = {
    "ubnd": "uy ban nhan dan", "hdnd": "hoi dong nhan dan", "vp": "van phong", "ct": "chu tich",
    "pct": "pho chu tich", "gd": "giam doc", "pgd": "pho giam doc", "tp": "thanh pho",
    "va": "",
}  # fmt: skip
# "P. Giám đốc", "Q. Chủ tịch": deputy, and acting, which is the post itself.
_DEPUTY = re.compile(r"\bp (?=(?:chu tich|giam doc|truong|chanh)\b)")
_ACTING = re.compile(r"^(?:q|quyen) ")
# "Bí thư, Chủ tịch", "Bí thư - Chủ tịch", "Chủ tịch kiêm Trưởng Công an": each by itself.
_SEVERAL = re.compile(r"[,;/&–—-]|\bkiêm\b|\bvà\b", re.IGNORECASE)
# Of these only their own leaders are signed for.
_PUBLIC = ("uy ban nhan dan", "hoi dong nhan dan")


def other_post(
    document: OutgoingDocument, content: Content, *, is_file: bool = False
) -> Refusal | None:
    """Why its signer may not sign under this block; None where he may, or where it is a doubt.

    ``is_file``: the sheet was made elsewhere; its authority may stand there alone.
    """
    if document.signer is None:
        return None
    signing = _Signing(document.signer, content, body_of(document, content), is_file)
    return signing.other_title() or signing.other_authority(is_plain=True)


def doubtful_post(
    document: OutgoingDocument, content: Content, *, is_file: bool = False
) -> Finding | None:
    """What of the block does not agree with the signer's title, and may be right all the same."""
    if document.signer is None or other_post(document, content, is_file=is_file):
        return None
    signing = _Signing(document.signer, content, body_of(document, content), is_file)
    printed = content.signer_position
    if signing.is_another_title(printed):
        said = _(
            "Phần ký in chức vụ “%(printed)s” mà trên hệ thống %(name)s là %(title)s. Ký với tư "
            "cách thành viên ban, hội đồng thì ghi chức vụ ở cơ quan vào ô “Chức vụ khác của "
            "người ký”."
        )
        message, where = said % (signing.told | {"printed": printed}), "signer.position"
    elif refusal := signing.other_authority(is_plain=False):
        message, where = refusal.message, "signer.authority"
    else:
        return None
    return Finding("signer_post", Severity.ERROR, message, ORDER, where, found=printed)


@dataclass(frozen=True)
class _Signing:
    signer: Appointment
    content: Content
    body: IssuingBody
    is_file: bool

    def other_title(self) -> Refusal | None:
        """Somebody else's post, in its place or beside."""
        printed, beside = self.content.signer_position, self.content.signer_other_post
        if beside.strip() and not self._is(beside, self.signer.title) and self._is_others(beside):
            said = _("Ô chức vụ khác ghi “%(printed)s” mà %(name)s là %(title)s.")
            return Refusal(said % (self.told | {"printed": beside}), field="signer_other_post")
        # A leader of the agency may be anything in a body that it advises itself by.
        is_free = self._advises and self._is_leader and not self._is_public
        if not printed.strip() or self._is_own(printed) or is_free:
            return None
        if not self._is_others(printed):
            return None
        said = _(
            "Phần ký in chức vụ “%(printed)s” mà %(name)s là %(title)s. Sửa phần ký; chức danh "
            "trên hệ thống sai thì báo quản trị cơ quan."
        )
        return Refusal(said % (self.told | {"printed": printed}), field="signer_position")

    def is_another_title(self, printed: str) -> bool:
        """True for a post that is not his, as far as the system knows him."""
        is_elsewhere = self._is_of_meeting or self._advises
        return bool(printed.strip()) and not is_elsewhere and not self._is_own(printed)

    def other_authority(self, *, is_plain: bool) -> Refusal | None:
        """A head of an office or unit signs by order or mandate; in his own right what he heads.

        ``is_plain``: only where there is no doubt that the right is a leader's.
        """
        authority, behalf = self.content.authority, self.content.on_behalf_of
        if self._is_leader or self._is_of_meeting:
            return None
        if authority in (Authority.BY_ORDER, Authority.BY_MANDATE):
            return None
        if authority == Authority.COLLECTIVE:
            if not self._is_public and (is_plain or self._advises):
                return None
            said = _("Chỉ lãnh đạo cơ quan ký TM.; %(name)s (%(title)s) ký TL. hoặc TUQ.")
            return Refusal(said % self.told, COLLECTIVE, field="authority")
        if authority == Authority.FOR_HEAD:
            if not any(self._is(behalf, title) for title in self._other_leaders):
                return None
            said = _("Chỉ cấp phó ký KT. %(behalf)s; %(name)s (%(title)s) ký TL. hoặc TUQ.")
            return Refusal(said % (self.told | {"behalf": behalf}), ORDER, field="authority")
        if self._advises or self._heads_body or (self.is_file and not authority):
            return None
        if is_plain and not (self._is_public or self._is_agency):
            return None
        said = _(
            "%(name)s (%(title)s) không đứng đầu %(body)s: ghi TL. hoặc TUQ. người đứng đầu, hoặc "
            "chọn cơ quan ban hành khác."
        )
        return Refusal(said % (self.told | {"body": self.body.name}), ORDER, field="authority")

    @property
    def told(self) -> dict[str, str]:
        return {"name": self.signer.user.full_name, "title": self.signer.title}

    @property
    def _is_of_meeting(self) -> bool:
        """Minutes are signed by whoever chaired the meeting (Mẫu 1.9)."""
        return form_of(self.content.type_name) == Form.MINUTES

    @property
    def _is_leader(self) -> bool:
        return self.signer.role == Role.LEADER

    def _is_own(self, printed: str) -> bool:
        """His title, and not shortened to a leader's: "CHỦ TỊCH" of a "Chủ tịch Công đoàn"."""
        own = self.signer.title
        if not self._is(printed, own):
            return False
        is_whole = self._is_leader or self._heads_body or _words(printed) == _words(own)
        return is_whole or not any(self._is(printed, title) for title in self._other_leaders)

    def _is_others(self, printed: str) -> bool:
        """Plainly a post that somebody else has: a leader's, of one leader the head's."""
        titles = self._other_leaders
        if self._is_leader:
            titles = [title for title in titles if not _words(title).startswith("pho ")]
            own = _words(self.signer.title)
            if own.startswith("pho "):
                titles.append(own.removeprefix("pho "))
        return any(self._is(printed, title) for title in titles)

    @property
    def _advises(self) -> bool:
        return self._is(self.content.signer_other_post, self.signer.title)

    @property
    def _is_public(self) -> bool:
        behalf = self.content.on_behalf_of or self.body.collective or self.body.organ_name
        return _words(behalf).startswith(_PUBLIC)

    @property
    def _is_agency(self) -> bool:
        agency = _words(self.signer.unit.agency.name)
        return agency in (_words(self.body.name), _words(self.body.organ_name))

    @property
    def _heads_body(self) -> bool:
        """Whether the body is the unit that he heads, or decides by his post."""
        unit = _words(self.signer.unit.name)
        names = [_words(name) for name in (self.body.name, self.body.organ_name)]
        if any(_begins(name, unit) or _begins(unit, name) for name in names):
            return True
        return self._is(self.body.deciding_post, self.signer.title)

    @cached_property
    def _other_leaders(self) -> list[str]:
        """What the agency's other leaders are."""
        rows = Appointment.objects.in_force(clock.today()).filter(
            unit__agency=self.signer.unit.agency_id, role=Role.LEADER
        )
        titles = rows.exclude(user=self.signer.user_id).values_list("title", flat=True)
        return [title for title in titles if _words(title) != _words(self.signer.title)]

    @cached_property
    def _known(self) -> frozenset[str]:
        """What may stand behind a post: whose it is."""
        unit, body = self.signer.unit, self.body
        names = (unit.name, unit.agency.name, body.name, body.organ_name)
        return frozenset(word for name in names for word in _words(name).split())

    def _is(self, printed: str, title: str) -> bool:
        """Whether these words are that title, shortened, or with whose it is behind it."""
        words = _words(printed)
        for one in map(_words, (title, *_SEVERAL.split(title))):
            if not words or not one:
                continue
            if _begins(one, words):
                return True
            if _begins(words, one) and self._known.issuperset(words[len(one) :].split()):
                return True
        return False


def _begins(whole: str, start: str) -> bool:
    return bool(start) and f"{whole} ".startswith(f"{start} ")


def _words(text: str) -> str:
    """Folded, abbreviations written out; acting ("quyền") is the post itself."""
    folded = " ".join(filter(None, (_SHORT.get(word, word) for word in fold(text).split())))
    return _ACTING.sub("", _DEPUTY.sub("pho ", folded))
