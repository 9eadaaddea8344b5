"""Who sees a document because of what its acts say: the truth that grant rows repeat."""

from collections import defaultdict
from collections.abc import Iterable

from accounts.choices import WHOLE_AGENCY
from accounts.models import Post
from documents.choices import WorkVerb
from documents.models import DocumentAct, GroupGrant, Matter, UserGrant

Rows = tuple[set[int], set[int]]


def expected_grants(document: Matter) -> Rows:
    """Users and groups who see the document because an act reached them or was theirs.

    An act may take back what earlier ones gave: ``taken`` in its detail names those acts by their
    ordinals, and whom it takes the sight from. Whoever sees by another act as well goes on seeing.
    """
    if document.register_id is None:
        return set(), set()
    own: set[int] = set()
    users: dict[int, set[int]] = defaultdict(set)
    groups: dict[int, set[int]] = defaultdict(set)
    registered = False
    for act in (
        DocumentAct.objects.filter(target_id=document.pk)
        .select_related("appointment__unit")
        .order_by("ordinal")
    ):
        # Before it had a number the document was in the tray, which only clerks see.
        registered = registered or act.to_state != "received"
        if not registered:
            continue
        for pk in act.addressed["users"]:
            users[pk].add(act.ordinal)
        for pk in act.addressed["groups"]:
            groups[pk].add(act.ordinal)
        at_home = act.appointment.unit.agency_id == document.agency_id
        # Whoever was named to follow the field has done nothing himself: it is given, and taken.
        himself = act.verb != WorkVerb.FOLLOW
        if at_home and himself and act.appointment.role not in WHOLE_AGENCY:
            own.add(act.actor_id)
        taken = act.detail.get("taken", {})
        for given, keys in ((users, taken.get("users", ())), (groups, taken.get("groups", ()))):
            for pk in keys:
                given[pk].difference_update(taken["acts"])
    seeing = {pk for pk, acts in groups.items() if acts}
    covered = set(
        Post.objects.filter(group__in=seeing, role__in=WHOLE_AGENCY).values_list("group", flat=True)
    )
    return own | {pk for pk, acts in users.items() if acts}, seeing - covered


def withdraw(document: Matter, users: Iterable[int], groups: Iterable[int]) -> None:
    """Take away the rows of these users and groups that no act gives any more.

    The caller holds the document's lock and has recorded the act that takes the sight.
    """
    still_users, still_groups = expected_grants(document)
    mine = UserGrant.objects.filter(content_object=document.pk)
    mine.filter(user__in=set(users) - still_users).delete()
    theirs = GroupGrant.objects.filter(content_object=document.pk)
    theirs.filter(group__in=set(groups) - still_groups).delete()
