"""The trail of a dossier in words, and the steps of its documents that tell its story."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from accounts.actor import Actor
from accounts.choices import WHOLE_AGENCY
from documents import asked
from documents.models import DocumentAct
from dossiers.above import KINDS
from dossiers.choices import Verb
from dossiers.models import Dossier, Item
from dossiers.named import Named

# Steps of the dossier itself that its page shows; what was added stands in the story.
STEPS = 200
# Their index leaves these out (DocumentAct.Meta): a dossier of 2,000 items has 2,000 of them.
QUIET = (Verb.ADD_ITEM, Verb.MOVE_ITEM)

# What stands in the trail; the people whom it reached follow.
_TRAIL = {
    Verb.OPEN: pgettext_lazy("trail", "lập hồ sơ, giao"),
    Verb.OPEN_TASK: pgettext_lazy("trail", "giao việc cho"),
    Verb.GROW: pgettext_lazy("trail", "lập thành hồ sơ, báo"),
    Verb.REMOVE_ITEM: pgettext_lazy("trail", "đưa một thành phần ra khỏi hồ sơ, báo"),
    Verb.CORRECT: pgettext_lazy("trail", "sửa dữ liệu, báo"),
    Verb.ITEM_PURGED: pgettext_lazy("trail", "gỡ nội dung một văn bản trong hồ sơ, báo"),
    Verb.COMPLETE: pgettext_lazy("trail", "hoàn thành, trình"),
    Verb.SEND_BACK: pgettext_lazy("trail", "chuyển trả"),
    Verb.CLOSE: pgettext_lazy("trail", "đóng hồ sơ, báo"),
    Verb.GIVE_OUT: pgettext_lazy("trail", "giao việc cho"),
    Verb.ASSIGN: pgettext_lazy("trail", "giao việc cho"),
    Verb.TAKE_BACK: pgettext_lazy("trail", "thu hồi phần việc của"),
    Verb.COMMENT: pgettext_lazy("trail", "cho ý kiến"),
    Verb.FINISH: pgettext_lazy("trail", "kết thúc, báo"),
    Verb.SHARE: pgettext_lazy("trail", "thông báo đến"),
    Verb.ASK_OPINION: pgettext_lazy("trail", "xin ý kiến của"),
    Verb.WITHDRAW_OPINION: pgettext_lazy("trail", "thôi xin ý kiến của"),
    Verb.PROPOSE_COORDINATORS: pgettext_lazy("trail", "đề xuất phối hợp:"),
}
_ALONE = {
    Verb.OPEN: pgettext_lazy("trail", "lập hồ sơ"),
    Verb.GROW: pgettext_lazy("trail", "lập thành hồ sơ"),
    Verb.REMOVE_ITEM: pgettext_lazy("trail", "đưa một thành phần ra khỏi hồ sơ"),
    Verb.CORRECT: pgettext_lazy("trail", "sửa dữ liệu"),
    Verb.ITEM_PURGED: pgettext_lazy("trail", "gỡ nội dung một văn bản trong hồ sơ"),
    Verb.COMPLETE: pgettext_lazy("trail", "hoàn thành"),
    Verb.CLOSE: pgettext_lazy("trail", "đóng hồ sơ"),
    Verb.SEND_BACK: pgettext_lazy("trail", "trả lại để làm tiếp"),
    Verb.FINISH: pgettext_lazy("trail", "kết thúc"),
}


@dataclass(frozen=True)
class ActLine:
    """One step in words, for parts/trail.html."""

    verb_label: str
    who: str
    post: str
    on_behalf: str
    at: datetime
    text: str
    addressed_text: str
    article: str
    lines_text: str = ""
    # Number of the decision by which a closed dossier was taken up again.
    decision: str = ""


def trails(
    actor: Actor,
    acts: Sequence[DocumentAct],
    names: Named,
    taken: Mapping[int, str] = MappingProxyType({}),
) -> dict[int, list[ActLine]]:
    """Acts of several documents in words, by document, newest first.

    ``taken``: what was taken out, by act (``taken.said``).
    """
    lines: dict[int, list[ActLine]] = {}
    for act in reversed(acts):
        lines.setdefault(act.target_id, []).append(_line(actor, act, names, taken))
    return lines


def _line(actor: Actor, act: DocumentAct, known: Named, taken: Mapping[int, str]) -> ActLine:
    names = _names(actor, act, act.addressed, known)
    # Where the act says whom it addresses, the others have only been told of it.
    to = _names(actor, act, act.detail["to"], known) if "to" in act.detail else names
    told = ", ".join(one for one in names if one not in to)
    verb_label, addressed = act_words(act, told=bool(to)), ", ".join(to)
    if told and to:
        addressed = pgettext("trail", "%(to)s, báo %(told)s") % {"to": addressed, "told": told}
    elif told:
        verb_label, addressed = pgettext("trail", "%(what)s, báo") % {"what": verb_label}, told
    words = getattr(act, "words", None)
    other = act.on_behalf_of
    behalf = (
        _("thay %(title)s %(name)s, theo ủy quyền")
        % {"title": other.title, "name": other.user.full_name}
        if other
        else ""
    )
    return ActLine(
        verb_label=verb_label,
        who=act.actor.full_name,
        post=act.title,
        on_behalf=behalf,
        at=act.at,
        text=words.text if words else "",
        addressed_text=addressed,
        article=act.article,
        lines_text=taken.get(act.pk, ""),
        decision=act.detail.get("decision_number", "") if act.verb == Verb.REOPEN else "",
    )


def _names(actor: Actor, act: DocumentAct, addressed: Mapping[str, Any], known: Named) -> list[str]:
    """Posts and people by their names, each once; not whoever did it himself."""
    # The head of the keeper's unit sees it too; it is not given to him.
    groups = [] if act.verb in (Verb.OPEN, Verb.OPEN_TASK) else addressed.get("groups", [])
    names = []
    for pk in groups:
        if pk in known.posts:
            unit, role = known.posts[pk]
            names.append(actor.agency.title_of(role) if role in WHOLE_AGENCY else unit)
    names += [
        known.users[pk]
        for pk in addressed.get("users", [])
        if pk in known.users and pk != act.actor_id
    ]
    return list(dict.fromkeys(names))


def act_words(act: DocumentAct, *, told: bool) -> str:
    """What was done, as the trail says it; of documents in it by their own app."""
    above = KINDS.get(act.target.kind)
    if above is not None:
        return above.words(act)
    if act.verb == Verb.REOPEN:
        number = {"number": act.detail.get("decision_number", "")}
        if told:
            return _("mở lại theo quyết định số %(number)s, giao") % number
        return _("mở lại theo quyết định số %(number)s") % number
    if act.verb not in Verb.values:
        return act.verb
    if said := asked.act_words(act):
        return said
    verb = Verb(act.verb)
    if verb == Verb.ANSWER_PROPOSAL:
        return (
            _("nhận phối hợp, báo") if act.detail.get("agreed") else _("không nhận phối hợp, báo")
        )
    words = _TRAIL.get(verb) if told else _ALONE.get(verb, _TRAIL.get(verb))
    return str(words or str(verb.label).lower())


def acts_of(dossier: Dossier, items: Iterable[Item]) -> list[DocumentAct]:
    """The steps of a dossier, and those of these documents that tell its story: one query."""
    documents = [one.document_id for one in items if one.document_id]
    telling = {verb for above in KINDS.values() for verb in above.telling}
    rows = DocumentAct.objects.filter(target_id=dossier.pk).exclude(verb__in=QUIET)
    if documents:
        rows = rows | DocumentAct.objects.filter(target_id__in=documents, verb__in=telling)
    whole = ("actor", "appointment", "words", "on_behalf_of__user", "target")
    return list(rows.select_related(*whole).order_by("at", "pk"))
