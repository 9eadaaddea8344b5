"""Who may do what with a dossier under each regulation: what differs from Kon Tum, and only that.

Under Kon Tum and Bắc Giang every verb is tried (``test_every_move``). A verb asks its rule before
all else; here each rule is asked of everybody, at every place, under all six.
"""

import pytest

from accounts.models import Agency
from dossiers import rules
from dossiers.models import Dossier
from dossiers.presenting import VERBS
from tests.cast import act_as
from tests.dossiers.moves import KON_TUM, OFFICE
from tests.dossiers.test_every_move import at_place
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]

RULES = dict(VERBS)
OTHERS = ("bac-giang-2014", "son-la-2014", "binh-dinh-2016", "can-tho-2019", "nd-30-2020")


# Regulation → place → verb → who may instead. "Chủ tịch UBND thành phố ... quyết định đóng hồ sơ"
# (Bắc Giang Điều 6.3); everywhere else the handler closes (Cần Thơ Điều 13.4, NĐ 30/2020 Điều 29).
DIFFERENT: dict[str, dict[str, dict[str, set[str]]]] = {
    "bac-giang-2014": {
        "completed": {"close": {"chair"}, "send_back": {"chair", "head"}},
        "closed": {"reopen": OFFICE},
    }
}


def allowed(cast, place: str, dossier: Dossier, regulation: str) -> dict[str, set[str]]:
    """Verb → who may, of those who see it."""
    Agency.objects.filter(pk=cast.city.pk).update(regulation_name=regulation)
    found: dict[str, set[str]] = {verb.value: set() for verb in RULES}
    for person in KON_TUM[place].seen:
        actor = act_as(getattr(cast, person))
        seen = Dossier.objects.visible_to(actor).get(pk=dossier.pk)
        seen.agency = actor.agency
        for verb, rule in RULES.items():
            if rule(actor, seen) is None:
                found[verb.value].add(person)
    return found


@pytest.mark.parametrize("place", KON_TUM)
def test_who_may_do_what_under_every_regulation(cast, place):
    """Bắc Giang Điều 6.3, Cần Thơ Điều 13.4, Kon Tum Điều 20.2; NĐ 30/2020 Điều 29.4."""
    dossier = at_place(cast, place)
    base = allowed(cast, place, dossier, "kon-tum-2017")
    # What was tried there is what the rules say; some are refused for what was typed.
    done = {move.partition(" > ")[0]: people for move, people in KON_TUM[place].done.items()}
    for verb in set(base) & set(done):
        assert done[verb] <= base[verb] <= done[verb] | KON_TUM[place].told.get(verb, set()), verb
    for regulation in OTHERS:
        wanted = base | DIFFERENT.get(regulation, {}).get(place, {})
        assert allowed(cast, place, dossier, regulation) == wanted, regulation


def test_who_closes_is_named_with_its_article(cast):
    """Bắc Giang Điều 6.3, Cần Thơ Điều 13.4: whoever may not close reads who does, and why."""
    dossier = at_place(cast, "completed")
    said = {}
    for regulation in ("kon-tum-2017", *OTHERS):
        Agency.objects.filter(pk=cast.city.pk).update(regulation_name=regulation)
        chief = act_as(cast.chief)
        seen = Dossier.objects.get(pk=dossier.pk)
        seen.agency = chief.agency
        refusal = rules.may_close(chief, seen)
        said[regulation] = (refusal.message, "Điều" in refusal.article)
    leader, handler = (
        "Chỉ Chủ tịch UBND thành phố đóng hồ sơ.",
        "Chỉ người giải quyết công việc đóng hồ sơ.",
    )
    assert said["bac-giang-2014"] == (leader, True)
    assert said["can-tho-2019"] == (handler, True)
    for regulation in ("kon-tum-2017", "son-la-2014", "binh-dinh-2016", "nd-30-2020"):
        assert said[regulation][0] == handler, regulation
