"""Regulations as data: what an agency's own text allows, and the article that says so.

One TOML file a regulation. A key that this file does not know, or a value of the wrong kind,
stops the start. Citations stay Vietnamese in every language: they are names of laws.
"""

# ruff: noqa: RUF009 -- _key is dataclasses.field under a shorter name.

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, time
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Generic, TypeVar, get_args

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext

from accounts.choices import Role
from accounts.chosen import Chosen, chosen

FOLDER = Path(__file__).resolve().parent / "regulations"
DEFAULT = "nd-30-2020"
GATE_CODES = frozenset(
    {
        "state_secrets",
        "petitions",
        "petition_papers",
        "by_name",
        "one_stop",
        "harmful",
        "security_defence",
    }
)
ROLES = frozenset(Role.values)
DEPUTY = frozenset({"deputy"})

T = TypeVar("T")
# In the order in which a draft takes them (NĐ 30/2020 Điều 12, Kon Tum Điều 12, 16.2, 17.1).
REVIEW_STEPS = ("content", "format", "appraisal", "approval", "clerk")
_read: set[str] = set()


@dataclass(frozen=True, slots=True)
class Provision(Generic[T]):
    """One value of a regulation. Asking is noted, so that a key without a reader is found."""

    key: str
    _value: T
    _article: str

    @property
    def value(self) -> T:
        _read.add(self.key)
        return self._value

    @property
    def article(self) -> str:
        """The citation, as a refusal quotes it."""
        _read.add(self.key)
        return self._article


@dataclass(frozen=True, slots=True)
class Decision:
    """The act that carries the regulation."""

    kind: str
    number: str
    name: str
    date: date
    place: str
    issuer: str
    attached: str = ""

    @property
    def title(self) -> str:
        """ "Quy chế ban hành kèm theo Quyết định 04/2017/QĐ-UBND", or "Nghị định 30/2020/NĐ-CP"."""
        act = f"{self.kind} {self.number}"
        return f"{self.attached} ban hành kèm theo {act}" if self.attached else act


def _key(
    kind: type, *, one_of: frozenset[str] = frozenset(), limit: bool = False, grows: bool = False
) -> Any:
    """A key of [rules].

    An own regulation may make a number marked ``limit`` only smaller, and what is marked
    ``grows`` only larger or longer.
    """
    return field(
        default=None, metadata={"kind": kind, "one_of": one_of, "limit": limit, "grows": grows}
    )


@dataclass(frozen=True, kw_only=True)
class Regulation:
    """What one agency works under. A key is None where the regulation says nothing of it."""

    name: str
    decision: Decision
    gate: Mapping[str, Provision[str]]
    # What a role is called here: by role, and in a member agency by "member.<role>".
    titles: Mapping[str, Provision[str]]
    # The steps that a draft takes before the signature, and whose each is: by step, and in a member
    # agency by "member.<step>". A file that names any has its own way, and not that of the decree.
    review: Mapping[str, Provision[str]]
    # What no article says and the agency has chosen: minutes.
    chosen: Chosen

    # Required: every agency has them, through the decree at the latest.
    field_numbering: Provision[str] = _key(str, one_of=frozenset({"nd30", "tt01"}))
    register_fields: Provision[tuple[str, ...]] = _key(tuple)
    submission_receiver: Provision[str] = _key(str, one_of=ROLES)
    submission_receiver_member: Provision[str] = _key(str, one_of=ROLES)
    distributor: Provision[str] = _key(str, one_of=ROLES)
    distributor_member: Provision[str] = _key(str, one_of=ROLES)
    lead_required: Provision[bool] = _key(bool)
    register_days: Provision[int] = _key(int, limit=True)
    submit_days: Provision[int] = _key(int, limit=True)
    urgent_at_once: Provision[bool] = _key(bool)
    urgent_first: Provision[bool] = _key(bool)
    seal_look: Provision[str] = _key(str, one_of=frozenset({"nd-30-2020", "tt-01-2019"}))
    arrival_numbers: Provision[str] = _key(str, one_of=frozenset({"year"}))
    print_register: Provision[bool] = _key(bool)
    send_by: Provision[str] = _key(str, one_of=frozenset({"next_day", "next_morning"}))
    recall_cancels: Provision[bool] = _key(bool)

    # Only where an own regulation speaks of it.
    charset: Provision[str] | None = _key(str)
    account_form: Provision[str] | None = _key(str)
    account_order: Provision[str] | None = _key(
        str, one_of=frozenset({"initials_first", "given_first"})
    )
    agency_path: Provision[str] | None = _key(str, one_of=frozenset({"joined"}))
    daily_visits: Provision[int] | None = _key(int, grows=True)
    first_password_change: Provision[bool] | None = _key(bool)
    proposer: Provision[str] | None = _key(str, one_of=ROLES)
    decider: Provision[str] | None = _key(str, one_of=ROLES)
    direction_returns_to: Provision[str] | None = _key(str, one_of=ROLES)
    leader_gives_out: Provision[bool] | None = _key(bool)
    rounds: Provision[tuple[str, ...]] | None = _key(tuple, grows=True)
    reception_check: Provision[bool] | None = _key(bool)
    scan_dpi: Provision[int] | None = _key(int, grows=True)
    scan_pages: Provision[int] | None = _key(int, limit=True)
    clerk_forwards: Provision[bool] | None = _key(bool)
    paper_receipt: Provision[bool] | None = _key(bool)
    return_to: Provision[str] | None = _key(str, one_of=ROLES)
    return_notice: Provision[bool] | None = _key(bool)
    purger: Provision[str] | None = _key(str, one_of=ROLES)
    return_reason: Provision[bool] | None = _key(bool)
    assign: Provision[bool] | None = _key(bool)
    deputy_assigns: Provision[bool] | None = _key(bool)
    shared_work_terms: Provision[bool] | None = _key(bool)
    progress: Provision[bool] | None = _key(bool)
    delegate_head: Provision[str] | None = _key(str, one_of=DEPUTY)
    delegate_chief: Provision[str] | None = _key(str, one_of=DEPUTY)
    opinion: Provision[bool] | None = _key(bool)
    finish: Provision[bool] | None = _key(bool)
    share: Provision[bool] | None = _key(bool)
    deadline_in_document: Provision[bool] | None = _key(bool)
    reminding: Provision[bool] | None = _key(bool)
    lateness_counts: Provision[bool] | None = _key(bool)
    head_urges: Provision[bool] | None = _key(bool)
    extension_decider: Provision[str] | None = _key(str, one_of=ROLES)
    urge: Provision[bool] | None = _key(bool)
    watcher: Provision[bool] | None = _key(bool)
    backlog_watcher: Provision[str] | None = _key(str, one_of=ROLES)
    deputy_follows: Provision[bool] | None = _key(bool)
    directive_binding: Provision[bool] | None = _key(bool)
    catalogue_approver: Provision[str] | None = _key(str, one_of=ROLES)
    catalogue_addition: Provision[bool] | None = _key(bool)
    dossier_assign: Provision[bool] | None = _key(bool)
    task_assign: Provision[bool] | None = _key(bool)
    dossier_return: Provision[bool] | None = _key(bool)
    dossier_coordinators: Provision[bool] | None = _key(bool)
    dossier_opener: Provision[str] | None = _key(str, one_of=frozenset({"office", "handler"}))
    dossier_result: Provision[bool] | None = _key(bool)
    dossier_closer: Provision[str] | None = _key(str, one_of=frozenset({"leader", "handler"}))
    dossier_notation: Provision[bool] | None = _key(bool)
    hidden_items: Provision[str] | None = _key(str, one_of=frozenset({"told"}))
    signed_kinds: Provision[tuple[str, ...]] | None = _key(tuple, grows=True)
    signed_kinds_issuer: Provision[tuple[str, ...]] | None = _key(tuple, grows=True)
    paperless_kinds: Provision[tuple[str, ...]] | None = _key(tuple, grows=True)
    drafts_paperless: Provision[bool] | None = _key(bool)
    draft_fields: Provision[tuple[str, ...]] | None = _key(tuple, grows=True)
    draft_returns_to: Provision[str] | None = _key(str, one_of=ROLES)
    appraised_first: Provision[bool] | None = _key(bool)
    leader_edits: Provision[bool] | None = _key(bool)
    paper_approval: Provision[bool] | None = _key(bool)
    sign_before_number: Provision[bool] | None = _key(bool)
    scan_goes_out: Provision[str] | None = _key(str, one_of=frozenset({"all", "members"}))
    collect_notice: Provision[bool] | None = _key(bool)
    copies_issued: Provision[bool] | None = _key(bool)
    spelling_check: Provision[bool] | None = _key(bool)
    exchange_with: Provision[str] | None = _key(str, one_of=frozenset({"parent"}))
    electronic_beside_paper: Provision[bool] | None = _key(bool)
    recall_notice: Provision[bool] | None = _key(bool)

    def provision(self, key: str) -> Provision[Any]:
        """The provision of a key ("return_to", "gate.petitions"). Raises KeyError if none."""
        if key.startswith("gate."):
            return self.gate[key.removeprefix("gate.")]
        if key.startswith("titles."):
            return self.titles[key.removeprefix("titles.")]
        if key.startswith("review."):
            return self.review[key.removeprefix("review.")]
        if key not in _RULES or (found := getattr(self, key)) is None:
            raise KeyError(key)
        return found

    def value(self, key: str) -> Any:
        """The value of a key."""
        return self.provision(key).value

    def article(self, key: str) -> str:
        """The article of a key: "khoản 1 Điều 4 Quy chế ban hành kèm theo Quyết định ..."."""
        return self.provision(key).article

    def receiver(self, *, member: bool) -> Provision[str]:
        """The role to which the clerk submits; a member agency has no office chief."""
        return self.submission_receiver_member if member else self.submission_receiver

    def distribution(self, *, member: bool) -> Provision[str]:
        """The role that sends documents on to units and people."""
        return self.distributor_member if member else self.distributor

    def returning(self, *, member: bool) -> Provision[str]:
        """The role to which a document goes back; if nothing is said, the one who distributes."""
        if member or self.return_to is None:
            return self.distribution(member=member)
        return self.return_to

    def scanning(self, *, member: bool) -> Provision[int] | None:
        """From how many pages an annex stays on paper; Kon Tum says it of the city only."""
        return None if member else self.scan_pages

    def signing_for_paper(self, *, member: bool) -> Provision[bool] | None:
        """Whether whoever is handed a paper signs for it; likewise."""
        return None if member else self.paper_receipt

    def drafts_return(self, *, member: bool) -> Provision[str] | None:
        """The role by which a leader gives a draft back; Kon Tum says it of the city only."""
        return None if member else self.draft_returns_to

    def edited_by_leaders(self, *, member: bool) -> Provision[bool] | None:
        """Whether a leader mends a draft himself; likewise."""
        return None if member else self.leader_edits

    def collecting(self, *, member: bool) -> Provision[bool] | None:
        """Whether the drafting unit is told to collect the signed paper; likewise."""
        return None if member else self.collect_notice

    def sending_scans(self, *, member: bool) -> Provision[str] | None:
        """By what the scan of a stamped paper goes out as it is; Kon Tum says it (Điều 17.2) of the
        agencies below the city, whose own clerk signs the file (Điều 15.1)."""
        found = self.scan_goes_out
        return found if found and (member or found.value == "all") else None

    def signed_only(self, type_name: str, *, member: bool) -> str:
        """The article by which documents of that type only go out signed, "" without one; some of
        them only those of the body that issued the regulation (Cần Thơ Điều 3.3b, c)."""
        lists = [self.signed_kinds] if member else [self.signed_kinds, self.signed_kinds_issuer]
        return next((one.article for one in lists if one and type_name in one.value), "")

    def exchanging(self, *, member: bool) -> Provision[str] | None:
        """With whom alone an agency below the one that issued it exchanges (Bình Định Điều 9.2)."""
        return self.exchange_with if member else None

    def spelling_checked(self, *, member: bool) -> Provision[bool] | None:
        """Whether the clerk checks the spelling; Kon Tum says it of the agencies below the city."""
        return self.spelling_check if member or "clerk" in self.review else None

    def reviewing(self, *, member: bool) -> dict[str, Provision[str]]:
        """Steps of a draft before the signature, in order; each one's value is whose it is."""
        prefix = (
            "member." if member and any(one.startswith("member.") for one in self.review) else ""
        )
        return {
            step: self.review[prefix + step]
            for step in REVIEW_STEPS
            if prefix + step in self.review
        }

    def delegate(self, role: str, *, member: bool) -> Provision[str] | None:
        """Who stands in for the holder of that role, if a regulation says so."""
        heads = {Role.UNIT_HEAD, Role.LEADER} if member else {Role.UNIT_HEAD}
        if role in heads and self.delegate_head:
            return self.delegate_head
        return self.delegate_chief if role == Role.OFFICE_CHIEF else None

    def title(self, role: str, *, member: bool) -> str:
        """What a role is called here, as it stands inside a sentence of the reader's language."""
        found = (member and self.titles.get(f"member.{role}")) or self.titles.get(role)
        if found:
            return gettext(found.value)
        label = str(Role(role).label)
        return label if role == Role.OFFICE_CHIEF else label[:1].lower() + label[1:]


_RULES = {key.name: key.metadata for key in fields(Regulation) if "kind" in key.metadata}
_REQUIRED = frozenset(
    name for name in _RULES if type(None) not in get_args(Regulation.__annotations__[name])
)


@cache
def load(name: str) -> Regulation:
    """The regulation of that name. Raises ImproperlyConfigured if its file is missing or wrong."""
    path = _files().get(name)
    if path is None:
        raise ImproperlyConfigured(f"There is no regulation {name!r}.")
    try:
        return _build(name, tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, TypeError, ValueError) as error:
        raise ImproperlyConfigured(f"{path.name}: {error}") from error


def load_all() -> list[Regulation]:
    """Every regulation; called at the start, so that a wrong file is found then."""
    return [load(name) for name in names()]


def names() -> tuple[str, ...]:
    """Names of the regulations at hand."""
    return tuple(sorted(_files()))


@cache
def _files() -> Mapping[str, Path]:
    """The files by name: ours, and those that the installation adds (REGULATIONS_FOLDER)."""
    found = {path.stem: path for path in FOLDER.glob("*.toml")}
    own = settings.REGULATIONS_FOLDER
    for path in Path(own).glob("*.toml") if own else ():
        if path.stem in found:
            raise ImproperlyConfigured(f"{path.name}: that name is taken by a regulation of ours.")
        found[path.stem] = path
    return found


def choices() -> list[tuple[str, str]]:
    """Names and titles, for a form."""
    return [(each.name, f"{each.decision.title}, {each.decision.issuer}") for each in load_all()]


def keys() -> frozenset[str]:
    """Every key that some regulation sets."""
    found: set[str] = set()
    for each in load_all():
        found |= {name for name in _RULES if getattr(each, name) is not None}
        found |= {f"gate.{code}" for code in each.gate}
        found |= {f"titles.{role}" for role in each.titles}
        found |= {f"review.{step}" for step in each.review}
    return frozenset(found)


def unread_keys() -> frozenset[str]:
    """Keys whose value or article nobody has asked for in this process."""
    return keys() - _read


def _build(name: str, data: dict[str, Any]) -> Regulation:
    base = load(data["extends"]) if "extends" in data else None
    tables = {"extends", "decision", "gate", "titles", "review", "rules", "chosen"}
    _refuse_unknown(set(data), tables, "")
    decision = Decision(**data["decision"]) if "decision" in data else None
    if decision is None:
        raise ValueError("[decision] is missing")
    _refuse_unknown(set(data.get("gate", {})), GATE_CODES, "gate.")
    _refuse_unknown(set(data.get("rules", {})), set(_RULES), "rules.")

    gate = dict(base.gate) if base else {}
    for code, entry in data.get("gate", {}).items():
        value, article = _entry(f"gate.{code}", entry, str, decision)
        gate[code] = Provision(f"gate.{code}", value, article)

    titles = dict(base.titles) if base else {}
    for role, entry in data.get("titles", {}).items():
        if role.removeprefix("member.") not in ROLES:
            raise ValueError(f"unknown key titles.{role}")
        value, article = _entry(f"titles.{role}", entry, str, decision)
        titles[role] = Provision(f"titles.{role}", value, article)

    review = _review(data.get("review", {}), decision, base) or dict(base.review if base else {})

    rules: dict[str, Any] = {key: getattr(base, key) for key in _RULES} if base else {}
    for key, entry in data.get("rules", {}).items():
        value, article = _entry(key, entry, _RULES[key]["kind"], decision)
        if (allowed := _RULES[key]["one_of"]) and value not in allowed:
            raise ValueError(f"{key} may not be {value!r}")
        _refuse_loosening(key, value, rules.get(key))
        if key == "rounds":
            for each in value:
                time.fromisoformat(each)
        rules[key] = Provision(key, value, article)
    if missing := _REQUIRED - {key for key, found in rules.items() if found}:
        raise ValueError(f"missing: {', '.join(sorted(missing))}")
    return Regulation(
        name=name,
        decision=decision,
        gate=MappingProxyType(gate),
        titles=MappingProxyType(titles),
        review=MappingProxyType(review),
        # The decree has chosen nothing: what a file under it sets loosens nothing.
        chosen=chosen(
            data.get("chosen", {}), base.chosen if base and base.name != DEFAULT else None
        ),
        **rules,
    )


def _review(
    steps: Mapping[str, Any], decision: Decision, base: Regulation | None
) -> dict[str, Provision[str]]:
    """The steps of a file that names any, and those of the one above that it keeps (``inherits``);
    it leaves out none that the one above named itself.
    """
    above = base.review if base and base.name != DEFAULT else {}
    kept = steps.get("inherits", ())
    _refuse_unknown(set(kept), set(base.review) if base else set(), "review.inherits.")
    for step, one in above.items():
        if steps and step not in {*steps, *kept} and one._article.endswith(base.decision.title):  # type: ignore[union-attr]
            raise ValueError(f"review.{step} loosens {one._article}")
    review = {step: base.review[step] for step in kept} if base else {}
    for step, entry in steps.items():
        if step == "inherits":
            continue
        value, article = _entry(f"review.{step}", entry, str, decision)
        if step.removeprefix("member.") not in REVIEW_STEPS:
            raise ValueError(f"unknown key review.{step}")
        if value not in ROLES:
            raise ValueError(f"review.{step} may not be {value!r}")
        review[step] = Provision(f"review.{step}", value, article)
    return review


def _refuse_unknown(found: set[str], known: set[str] | frozenset[str], prefix: str) -> None:
    if unknown := found - known:
        raise ValueError(f"unknown key {', '.join(prefix + key for key in sorted(unknown))}")


def _refuse_loosening(key: str, value: object, base: Provision[Any] | None) -> None:
    """An own regulation narrows the one that it extends, or adds to it."""
    if base is None:
        return
    above: Any = base._value
    given: Any = value
    shrinks = set(above) - set(given) if isinstance(above, tuple) else given < above
    if (
        (above is True and given is False)
        or (_RULES[key]["limit"] and given > above)
        or (_RULES[key]["grows"] and shrinks)
    ):
        raise ValueError(f"{key} loosens {base._article}")


def _entry(key: str, entry: object, kind: type, decision: Decision) -> tuple[Any, str]:
    if not isinstance(entry, dict) or set(entry) != {"value", "article"}:
        raise ValueError(f"{key} must be {{value, article}}")
    value = tuple(entry["value"]) if isinstance(entry["value"], list) else entry["value"]
    if type(value) is not kind:
        raise ValueError(f"{key} must be of kind {kind.__name__}")
    return value, _citation(key, entry["article"], decision)


def _citation(key: str, place: Mapping[str, Any], decision: Decision) -> str:
    _refuse_unknown(
        set(place), {"article", "clause", "point", "annex", "part", "chapter"}, f"{key}.article."
    )
    if ("article" in place) == ("annex" in place):
        raise ValueError(f"{key} needs an article or an annex")
    words = [
        f"{word} {place[part]}"
        for part, word in (
            ("point", "điểm"),
            ("clause", "khoản"),
            ("article", "Điều"),
            ("part", "phần"),
            ("annex", "Phụ lục"),
            ("chapter", "Chương"),  # Bình Định has two articles of one number
        )
        if part in place
    ]
    return " ".join([*words, decision.title])
