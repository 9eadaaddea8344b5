"""As what a signer signs: his own post, and an authority that it gives (NĐ 30/2020 Điều 13).

Titles are compared without case and marks, "PCT" as "Phó Chủ tịch"; one may be shorter than the
other ("CHỦ TỊCH" of "Chủ tịch UBND thành phố"). Reads only.
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
from outgoing.choices import Authority
from outgoing.content import Content, body_of
from outgoing.models import IssuingBody, OutgoingDocument
from outgoing.paper import Form, form_of
from outgoing.standing import COLLECTIVE, ORDER

_SHORT = {
    "ubnd": "uy ban nhan dan", "hdnd": "hoi dong nhan dan", "vp": "van phong", "ct": "chu tich",
    "pct": "pho chu tich", "gd": "giam doc", "pgd": "pho giam doc",
}  # fmt: skip
# "Bí thư, Chủ tịch", "Chủ tịch kiêm Trưởng Công an": each by itself.
_SEVERAL = re.compile(r"[,;/]|\bkiêm\b", re.IGNORECASE)
# Of these only their own leaders are signed for.
_PUBLIC = ("uy ban nhan dan", "hoi dong nhan dan")


def other_post(
    document: OutgoingDocument, content: Content, *, is_file: bool = False
) -> Refusal | None:
    """Why its signer may not sign under this block; None where he may.

    ``is_file``: the sheet was made elsewhere; its authority may stand there alone.
    """
    if document.signer is None:
        return None
    signing = _Signing(document.signer, content, body_of(document, content))
    if refusal := signing.other_title():
        return refusal
    if document.signer.role == Role.LEADER or signing.is_of_meeting:
        return None
    return signing.other_authority(is_file=is_file)


@dataclass(frozen=True)
class _Signing:
    signer: Appointment
    content: Content
    body: IssuingBody

    def other_title(self) -> Refusal | None:
        printed = self.content.signer_position
        if not printed.strip():
            return None  # the form check asks for it
        if self._is(printed, self.signer.title) and not self._is_a_leaders(printed):
            return None
        # Of an advisory body, or as chair of a meeting: his own post stands in box 7b or nowhere.
        is_elsewhere = self.is_of_meeting or self._advises
        if is_elsewhere and not any(self._is(printed, title) for title in self._other_leaders):
            return None
        said = _(
            "Phần ký in chức vụ “%(printed)s” mà %(name)s là %(title)s. Sửa phần ký; chức danh "
            "trên hệ thống sai thì báo quản trị cơ quan."
        )
        return Refusal(said % (self._told | {"printed": printed}), field="signer_position")

    def other_authority(self, *, is_file: bool) -> Refusal | None:
        """A head of an office or unit signs by order or mandate; in his own right what he heads."""
        authority, behalf = self.content.authority, self.content.on_behalf_of
        if authority == Authority.COLLECTIVE:
            if self._advises and not self._is_public:
                return None
            said = _("Chỉ lãnh đạo cơ quan ký TM.; %(name)s (%(title)s) ký TL. hoặc TUQ.")
            return Refusal(said % self._told, COLLECTIVE, field="authority")
        if authority == Authority.FOR_HEAD:
            if not any(self._is(behalf, title) for title in self._other_leaders):
                return None
            said = _("Chỉ cấp phó ký KT. %(behalf)s; %(name)s (%(title)s) ký TL. hoặc TUQ.")
            return Refusal(said % (self._told | {"behalf": behalf}), ORDER, field="authority")
        if authority in (Authority.BY_ORDER, Authority.BY_MANDATE):
            return None
        if self._advises or self._heads_body or (is_file and not authority):
            return None
        said = _(
            "%(name)s (%(title)s) không đứng đầu %(body)s: ghi TL. hoặc TUQ. người đứng đầu, hoặc "
            "chọn cơ quan ban hành khác."
        )
        return Refusal(said % (self._told | {"body": self.body.name}), ORDER, field="authority")

    @property
    def is_of_meeting(self) -> bool:
        """Minutes are signed by whoever chaired the meeting (Mẫu 1.9)."""
        return form_of(self.content.type_name) == Form.MINUTES

    @property
    def _told(self) -> dict[str, str]:
        return {"name": self.signer.user.full_name, "title": self.signer.title}

    def _is_a_leaders(self, printed: str) -> bool:
        """Short for his own title, and just that of somebody who leads the agency: "CHỦ TỊCH" of a
        "Chủ tịch Công đoàn"."""
        if self.signer.role == Role.LEADER:
            return False
        return _words(printed) in map(_words, self._other_leaders)

    @property
    def _advises(self) -> bool:
        return self._is(self.content.signer_other_post, self.signer.title)

    @property
    def _is_public(self) -> bool:
        behalf = self.content.on_behalf_of or self.body.collective or self.body.organ_name
        return _words(behalf).startswith(_PUBLIC)

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
        return [title for title in titles if not self._is(self.signer.title, title)]

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
    folded = fold(text).split()
    return " ".join(_SHORT.get(word, word) for word in folded).removeprefix("quyen ")
