"""Makes the demo's agencies and people, knows whether they are there, and takes them away."""

from enum import Enum
from functools import cache
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.core.files.storage import storages
from django.db import connection, transaction

from accounts.models import Agency, Appointment, Unit, User
from documents import uploads
from documents.models import DocumentType, QuarantinedFile, StoredFile
from edocman.demo import letters

PASSWORD = "edocman-demo-2026"  # noqa: S105 -- of the demo's accounts, known to everybody
ADMIN = "admin"
ADMIN_ROLE = "installation_admin"  # no role of an agency; it opens /admin/
CITY = "kontum"
# Written into the history of the city's row as the last thing; a demo without it was interrupted.
_LOADED = "demo: loaded"
# What migrations have filled, and the table that the rows of one of them point at.
_KEPT = frozenset(
    {
        "django_migrations",
        "django_content_type",
        "auth_permission",
        "documents_documenttype",
        "documents_calendarday",
        "accounts_agency",
    }
)


class Found(Enum):
    """What the database holds."""

    NOTHING = "nothing"
    OTHERS = "others"
    HALF = "half"
    WHOLE = "whole"


def found() -> Found:
    """Look whether the demo is there, or somebody's own data."""
    ours = {(agency["slug"], agency["organ_id"]) for agency in _agencies()}
    there = set(Agency.objects.values_list("slug", "organ_id"))
    if there - ours or (not there and User.objects.exists()):
        return Found.OTHERS
    if not there:
        return Found.NOTHING
    loaded = Agency.history.filter(slug=CITY, history_change_reason=_LOADED).exists()
    return Found.WHOLE if loaded else Found.HALF


def mark_loaded() -> None:
    """Note that the demo is complete."""
    city = Agency.objects.get(slug=CITY)
    city._change_reason = _LOADED  # type: ignore[attr-defined]
    city.save()


@transaction.atomic
def make() -> None:
    """All agencies, units and people, and the installation's administrator."""
    password = make_password(PASSWORD)  # once: sixty times would take half a minute
    made: dict[str, Agency] = {}
    for entry in _agencies():
        agency = made[entry["slug"]] = Agency.objects.create(
            name=entry["name"],
            slug=entry["slug"],
            organ_id=entry["organ_id"],
            regulation_name=entry["regulation_name"],
            mailbox=entry["mailbox"],
            parent=made.get(entry.get("parent", "")),
        )
        units = {
            unit["code"]: Unit.objects.create(
                agency=agency,
                name=unit["name"],
                short_name=unit["short_name"],
                is_office=unit.get("is_office", False),
                ordinal=place,
            )
            for place, unit in enumerate(entry["units"], start=1)
        }
        headless = True
        for person in entry["people"]:
            user = User.objects.create(
                username=person["username"],
                full_name=person["full_name"],
                password=password,
                must_change_password=person.get("must_change_password", False),
            )
            Appointment.objects.create(
                user=user,
                unit=units[person["unit"]],
                role=person["role"],
                title=person["title"],
                start_date=letters.offices()["start_date"],
                decision_number=person["decision_number"],
                # The first of the leaders heads the agency; the others are his deputies.
                is_head=headless and person["role"] == "leader",
            )
            headless = headless and person["role"] != "leader"
    User.objects.create(
        username=ADMIN,
        full_name="Quản trị hệ thống",
        password=password,
        must_change_password=False,
        is_staff=True,
        is_superuser=True,
    )


def agencies() -> list[dict[str, str]]:
    """The agencies, for ``--json``."""
    return [
        {
            "slug": entry["slug"],
            "name": entry["name"],
            "organ_id": entry["organ_id"],
            "parent": entry.get("parent", ""),
            "regulation": entry["regulation_name"],
        }
        for entry in _agencies()
    ]


def accounts() -> list[dict[str, Any]]:
    """Who can sign in, in the order of the offices; ``password`` is None when it was changed."""
    users = {
        user.username: user
        for user in User.objects.filter(is_active=True).only(
            "username", "full_name", "password", "must_change_password"
        )
    }
    original = {
        encoded: check_password(PASSWORD, encoded)
        for encoded in {user.password for user in users.values()}
        if encoded
    }
    listed = [
        (entry["slug"], person["username"], [person["role"]], person["title"])
        for entry in _agencies()
        for person in entry["people"]
    ]
    listed.append(("", ADMIN, [ADMIN_ROLE], "Quản trị hệ thống"))
    return [
        {
            "agency": agency,
            "username": username,
            "password": PASSWORD if original.get(users[username].password) else None,
            "roles": roles,
            "full_name": users[username].full_name,
            "title": title,
            "must_change_password": users[username].must_change_password,
        }
        for agency, username, roles, title in listed
        if username in users
    ]


def remove() -> None:
    """Empty the database and the store; the caller has made sure that all of it is the demo's.

    Acts can only be inserted: their rows go with the whole table.
    """
    tokens = list(QuarantinedFile.objects.values_list("token", flat=True))
    paths = [stored.path for stored in StoredFile.objects.all()]
    with transaction.atomic(), connection.cursor() as cursor:
        names = sorted(set(connection.introspection.django_table_names(only_existing=True)) - _KEPT)
        tables = ", ".join(connection.ops.quote_name(name) for name in names)
        DocumentType.objects.filter(agency__isnull=False).delete()
        cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY")
        cursor.execute("UPDATE accounts_agency SET parent_id = NULL")
        cursor.execute("DELETE FROM accounts_agency")
    for token in tokens:
        uploads.discard(token)
    for path in paths:
        storages["store"].delete(path)


@cache
def _agencies() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = letters.offices()["agencies"]
    return found
