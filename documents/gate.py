"""What may not enter the system, whichever way a document goes: the marks found, and the question.

Which kinds there are, and the article of each, stands in the agency's regulation (Kon Tum Điều 4;
Bắc Giang Điều 3; Sơn La Điều 3.2; Bình Định chương II Điều 7.1; Cần Thơ Điều 1.4).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.regulation import Provision, Regulation
from core.errors import Refusal
from documents import stamps

NOT_FORBIDDEN = "none"
# A paper that settles a complaint, after its publication was cleared (Kon Tum Điều 4.3).
CLEARED = "cleared"
_BESIDE = 3  # questions that one form may have answered already

# Mark of documents.stamps -> kind of the gate.
KINDS = {
    "secret": "state_secrets",
    "top_secret": "state_secrets",
    "utmost_secret": "state_secrets",
    "complaint": "petitions",
    "denunciation": "petitions",
    "recommendation": "petitions",
    "dispute": "petitions",
    "resolving": "petition_papers",
    "by_name": "by_name",
    "one_stop": "one_stop",
}
# A mark that only some regulations forbid: the word that their own sentence must hold.
_ONLY_NAMED = {"recommendation": "kiến nghị", "dispute": "tranh chấp"}
WORDS: dict[str, Promise] = {
    "secret": gettext_lazy("dấu MẬT"),
    "top_secret": gettext_lazy("dấu TỐI MẬT"),
    "utmost_secret": gettext_lazy("dấu TUYỆT MẬT"),
    "complaint": gettext_lazy("tiêu đề Đơn khiếu nại"),
    "denunciation": gettext_lazy("tiêu đề Đơn tố cáo"),
    "recommendation": gettext_lazy("tiêu đề Đơn kiến nghị"),
    "dispute": gettext_lazy("tiêu đề Đơn về tranh chấp"),
    "resolving": gettext_lazy("tiêu đề văn bản giải quyết khiếu nại, tố cáo"),
    "by_name": gettext_lazy("dấu gửi đích danh"),
    "one_stop": gettext_lazy("giấy tờ của hồ sơ một cửa"),
}


@dataclass(frozen=True)
class Sign:
    """A mark that was found, and the kind that it speaks of under the agency's regulation."""

    mark: str
    kind: str
    provision: Provision[str]

    @property
    def words(self) -> str:
        """What was found, for a person."""
        return str(WORDS[self.mark])


def signs(regulation: Regulation, inspections: Iterable[Mapping[str, Any] | None]) -> list[Sign]:
    """The marks in files that the regulation keeps out, each once, the gravest kind first."""
    found = {mark for one in inspections for mark in (one or {}).get("marks", ())}
    return [
        Sign(mark, kind, regulation.gate[kind])
        for mark, kind in KINDS.items()
        if mark in found
        and kind in regulation.gate
        and _ONLY_NAMED.get(mark, "") in regulation.gate[kind].value.lower()
    ]


def pages_unread(inspections: Iterable[Mapping[str, Any] | None]) -> int:
    """Pages of readable files that have no words: there marks could not be looked for."""
    return sum(
        max((one.get("pages") or 0) - one.get("worded", 0), 0)
        for one in inspections
        if one and one["readable"]
    )


def may_clear(regulation: Regulation) -> bool:
    """True where a forbidden kind may enter once somebody has cleared it."""
    return "petition_papers" in regulation.gate


def unanswered(found: Sequence[Sign], answered: Iterable[str]) -> Refusal | None:
    """Whoever lets a document in must have answered for every mark that was found in it."""
    open_signs = [sign for sign in found if sign.mark not in set(answered)]
    if not open_signs:
        return None
    return Refusal(
        _("Trong tệp có %(what)s. Trả lời văn bản có thuộc diện không được đưa lên hệ thống không.")
        % {"what": in_words(open_signs)},
        open_signs[0].provision.article,
        field="gate",
    )


class Forbidden(Refusal):
    """It may not be here, whatever is answered: nothing of it may stay anywhere."""


class Asked(Refusal):
    """Somebody has to look at these files and answer; ``look`` stands for them and the question.

    An answer that brings another ``look`` was given of other files, or of other marks. ``found`` is
    what was found, without what to do about it.
    """

    def __init__(self, message: str, article: str, look: str, found: str = "") -> None:
        super().__init__(message, article, field="gate")
        self.look, self.found = look, found


def let_in(
    regulation: Regulation,
    files: Sequence[tuple[str, Mapping[str, Any] | None]],
    answered: str | None,
) -> dict[str, Any]:
    """Let files in that come beside a document; answers what was answered for, for the act.

    ``files``: each one's sha256 as it was sent, and its inspection. ``answered``: None when nobody
    has said that they are of no forbidden kind, "" when it was said as they were sent, which is
    enough for pages without words, or the ``look`` of the question (of several, with spaces).
    Raises Refusal for the mark of a secret, whatever was said, and Asked for what has not been
    answered.
    """
    inspections = [one for _sha256, one in files]
    found = signs(regulation, inspections)
    if secret := [sign for sign in found if sign.kind == "state_secrets"]:
        raise Refusal(
            _("Trong tệp có %(what)s: không được đưa lên hệ thống.") % {"what": in_words(secret)},
            secret[0].provision.article,
            field="gate",
        )
    unread = pages_unread(inspections) if regulation.gate else 0
    facts = {"marks": [sign.mark for sign in found], "unread": unread}
    facts = {name: value for name, value in facts.items() if value}
    if not facts or (answered == "" and not found):
        return facts
    look = _look(files, facts)
    if not _is_answered(look, answered):
        told = _told(found, unread)
        again = _(
            "Xem tệp. Không thuộc loại không được đưa lên hệ thống thì chọn lại đúng tệp ấy, đánh "
            "dấu rồi gửi lại."
        )
        article = found[0].provision.article if found else ""
        raise Asked(f"{told} {again}", article, look, told)
    return facts


def let_words_in(
    regulation: Regulation, words: Iterable[str], answered: str | None
) -> dict[str, Any]:
    """The same for what somebody types beside a document: a comment, an opinion, a remark.

    A mark there is a line of its own, as where a paper was copied into it.
    """
    texts = [text for text in words if text]
    found = _in_typed(regulation, texts)
    if not found:
        return {}
    facts = {"words": [sign.mark for sign in found]}
    look = _look([(hashlib.sha256("\n".join(texts).encode()).hexdigest(), None)], facts)
    if not _is_answered(look, answered):
        told = _("Trong lời đã gõ có %(what)s.") % {"what": in_words(found)}
        again = _("Không thuộc loại không được đưa lên hệ thống thì đánh dấu rồi gửi lại.")
        # What was answered of a file beside them stays answered.
        looks = " ".join([*(answered or "").split()[-_BESIDE:], look])
        raise Asked(f"{told} {again}", found[0].provision.article, looks, told)
    return facts


def marks_of_words(regulation: Regulation, words: Iterable[str]) -> dict[str, Any]:
    """What the act keeps of words that were let in; whose form it was has asked about them.

    Raises Forbidden for the mark of a secret (Kon Tum Điều 4.1): no verb writes that down.
    """
    found = _in_typed(regulation, [text for text in words if text])
    return {"words": [sign.mark for sign in found]} if found else {}


def _in_typed(regulation: Regulation, texts: Sequence[str]) -> list[Sign]:
    found = signs(regulation, [{"marks": stamps.marks_in([], loose=texts)}]) if texts else []
    if found and found[0].kind == "state_secrets":
        raise Forbidden(
            _("Trong lời đã gõ có %(what)s: không được đưa lên hệ thống. Chưa lưu chữ nào.")
            % {"what": in_words(found[:1])},
            found[0].provision.article,
            field="text",
        )
    return found


def _is_answered(look: str, answered: str | None) -> bool:
    return answered is not None and look in answered.split()


def _look(files: Iterable[tuple[str, object]], facts: Mapping[str, Any]) -> str:
    asked = json.dumps([sorted(sha256 for sha256, _one in files), facts], sort_keys=True)
    return hashlib.sha256(asked.encode()).hexdigest()


def _told(found: Sequence[Sign], unread: int) -> str:
    said = [_("Trong tệp có %(what)s.") % {"what": in_words(found)}] if found else []
    if unread:
        said.append(
            ngettext(
                "%(count)d trang không có chữ nên không tìm được dấu mật, tiêu đề đơn thư.",
                "%(count)d trang không có chữ nên không tìm được dấu mật, tiêu đề đơn thư.",
                unread,
            )
            % {"count": unread}
        )
    return " ".join(said)


def in_words(found: Iterable[Sign]) -> str:
    """ "dấu TỐI MẬT, tiêu đề Đơn tố cáo"."""
    return ", ".join(sign.words for sign in found)
