"""The matrix of the rules under each of the five regulations: every verb, place and person.

What Kon Tum's table (test_rules) proves by doing each verb is asked here of the rules alone, which
refuse the verb and explain the button: so that five offices cost what one does. What differs is
said below with the article that says so; all else is as in Kon Tum.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from accounts import regulation
from accounts.models import Agency, User
from core.errors import Refusal
from documents.choices import AssignmentRole
from incoming import actions, rules
from incoming.actions import Line
from incoming.choices import State, Verb
from incoming.models import IncomingDocument
from incoming.presenting import VERBS
from incoming.transitions import moves_from, moves_of
from tests import cast as play
from tests.cast import act_as
from tests.incoming.test_rules import CITY, HEADS, OFFICE, PEOPLE, WARD, in_city, in_ward
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance")]

FIVE = ("bac-giang-2014", "binh-dinh-2016", "can-tho-2019", "kon-tum-2017", "son-la-2014")
# The director receives what the clerk has entered, and gives it out himself: Sơn La has no step in
# between (NĐ 30/2020 Điều 23.1), Bình Định Điều 9.1, 7.1 chương III, Cần Thơ Điều 7.
BY_LEADERS = {"binh-dinh-2016", "can-tho-2019", "son-la-2014"}
LEADERS = {"chair", "vice"}
RULES = {
    **{str(verb): rule for verb, rule in VERBS},
    "refuse": rules.may_refuse,
    "register": rules.may_register,
    "merge": rules.may_sort,
    "split": rules.may_sort,
    "forward": rules.may_forward,
}
# Asked of no rule: what a page that is opened notes by itself.
NO_RULE = {"read"}

Table = dict[str, dict[str, set[str]]]


def kon_tum() -> Table:
    """Its table, as the rules alone answer it: a specialist may ask for a later day.

    That the day he asks for there lies beyond his unit's is refused by the verb (test_rules).
    """
    found: Table = {place: dict(may) for place, may in CITY.items()}
    found["assigned"]["request_extension"] = HEADS | {"specialist"}
    found["asked"]["request_extension"] = {"finance_head", "specialist"}
    found["with_deputy"] = with_deputy(found["assigned"])
    return found


def with_deputy(assigned: dict[str, set[str]]) -> dict[str, set[str]]:
    """The work lies with the deputy as otherwise with a specialist."""
    return {
        verb: people - {"specialist"} | ({"deputy"} if "specialist" in people else set())
        for verb, people in assigned.items()
    }


def by_leaders() -> Table:
    """The director in the place of the chief; nobody proposes, nobody forwards by a direction."""
    found: Table = {}
    for place, may in kon_tum().items():
        if place in ("proposed", "forwarded"):
            continue
        found[place] = {
            verb: (people - {"chief"}) | LEADERS
            if verb in ("distribute", "recall", "take_back", "ask_opinion", "send_back", "finish")
            and "chief" in people
            else people - ({"chief"} if verb == "reopen" else set())
            for verb, people in may.items()
            if verb not in ("propose", "forward")
        }
    return found


def bac_giang() -> Table:
    """The chief proposes and gives out as in Kon Tum; the lead's return goes to the clerk."""
    found = {
        place: {verb: people for verb, people in may.items() if verb != "forward"}
        for place, may in kon_tum().items()
        if place != "forwarded"
    }
    # Điều 5.3b: "chuyển lại cho văn thư": the clerk submits it anew, finance still holds its part.
    found["sent_back"] = {
        "correct": {"clerk"},
        "submit": {"clerk"},
        "comment": OFFICE | HEADS,
        "share": OFFICE | HEADS,
        "purge": LEADERS,
    }
    # Nobody but who gave it decides on a later day: no article names a role.
    found["asked"]["decide_extension"] = {"chief"}
    # Điều 6.1: the chair has given it out with his decision, and takes back what nobody has opened.
    found["given_by_leader"] = found["distributed"] | {"recall": {"chair", "chief"}}
    # Điều 5.4a: a deputy who was given the work gives it on to the specialists.
    found["with_deputy"]["assign"] = HEADS | {"deputy"}
    # Điều 8.2: "Thủ trưởng cơ quan", and nobody beside him.
    for may in found.values():
        if "purge" in may:
            may["purge"] = {"chair"}
    return found


EXPECTED: dict[str, Table] = {
    "kon-tum-2017": kon_tum(),
    "bac-giang-2014": bac_giang(),
    **dict.fromkeys(BY_LEADERS, by_leaders()),
}


def under(cast: Any, name: str) -> Any:
    """The cast under that regulation, the ward too."""
    Agency.objects.update(regulation_name=name)
    for key, value in vars(cast).items():
        if isinstance(value, User | Agency):
            setattr(cast, key, type(value).objects.get(pk=value.pk))
    return cast


def by_the_chair(cast: Any) -> None:
    """Let the chair do what in Kon Tum the chief does, so that the same places are reached."""
    cast.chief = cast.chair


def at_place(cast: Any, pdf: bytes, place: str) -> IncomingDocument:
    """A document of the city there; the two places that only some regulations tell apart."""
    lead = AssignmentRole.LEAD
    if place == "given_by_leader":
        line = Line(lead, cast.planning, None, "Xử lý.", play.clock.today())
        more = Line(AssignmentRole.COORDINATE, cast.finance, None, "", play.clock.today())
        document = actions.propose(
            act_as(cast.chief), play.submitted(cast, pdf), cast.chair, text="Trình."
        )
        return actions.direct(act_as(cast.chair), document, text="Đồng ý.", lines=[line, more])
    if place == "with_deputy":
        document = play.distributed(cast, pdf)
        return actions.assign(act_as(cast.head), document, [Line(lead, cast.planning, cast.deputy)])
    return in_city(cast, pdf, place)


def asked(cast: Any, document: IncomingDocument, people: Any) -> Iterator[tuple[str, str, Any]]:
    """Person, verb and answer of the rule, of everybody who sees the document."""
    for person in people:
        actor = act_as(getattr(cast, person))
        seen = IncomingDocument.objects.visible_to(actor).filter(pk=document.pk).first()
        if seen is None:
            continue
        seen.agency = actor.agency
        for verb, rule in RULES.items():
            yield person, verb, rule(actor, seen)


def told(cast: Any, document: IncomingDocument, name: str, people: Any) -> dict[str, set[str]]:
    """Who may do what; each refusal is a sentence, with an article of this regulation or none."""
    own = regulation.load(name).decision.title
    decree = regulation.load("nd-30-2020").decision.title
    may: dict[str, set[str]] = {}
    for person, verb, answer in asked(cast, document, people):
        if answer is None:
            may.setdefault(verb, set()).add(person)
            continue
        assert isinstance(answer, Refusal)
        assert answer.message.endswith("."), (verb, person)
        assert not answer.article or answer.article.endswith((own, decree)), (verb, answer.article)
    return may


@pytest.mark.parametrize("name", FIVE)
def test_every_verb_of_everybody_under_each_regulation(cast, pdf, name):
    """Bắc Giang Điều 5, 6.1; Bình Định Điều 9.1; Cần Thơ Điều 7; Kon Tum Điều 13; Sơn La Điều 9."""
    cast = under(cast, name)
    chief = cast.chief
    table = EXPECTED[name]
    said, reached = regulation.load(name), set()
    for place, may in table.items():
        if name in BY_LEADERS:
            by_the_chair(cast)
        document = at_place(cast, pdf, place)
        cast.chief = chief
        found = told(cast, document, name, PEOPLE)
        wanted = {verb: people for verb, people in may.items() if verb not in NO_RULE}
        assert found == wanted, place
        # And what may be done there is what the help page draws.
        drawn = {str(one.verb) for one in moves_from(State(document.state), said, member=False)}
        assert set(found) <= drawn, place
        reached |= {(verb, document.state) for verb in found}
    # Nor is more drawn than somebody may do; of opinions only those about work are asked here.
    everything = {
        (str(one.verb), str(one.state))
        for one in moves_of(said, member=False)
        if one.verb not in (Verb.GIVE_OPINION, Verb.WITHDRAW_OPINION, Verb.CANCEL, Verb.KEEP)
    }
    assert everything <= reached


@pytest.mark.parametrize("name", FIVE)
def test_every_verb_of_everybody_below_under_each_regulation(cast, pdf, name):
    """Kon Tum Điều 16.1; NĐ 30/2020 Điều 23.1: below, its leader receives and gives out."""
    cast = under(cast, name)
    for place, may in WARD.items():
        document = in_ward(cast, pdf, place)
        assert told(cast, document, name, PEOPLE) == may, place
        drawn = moves_from(State(document.state), regulation.load(name), member=True)
        assert set(may) <= {str(one.verb) for one in drawn}, place
