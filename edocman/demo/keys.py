"""Gives the demo's leaders and agencies their keys, with drawn signatures and seals."""

import tempfile
from decimal import Decimal
from pathlib import Path

from django.conf import settings

from accounts.choices import Role
from accounts.models import Agency, Appointment, User
from core import clock
from edocman.demo import authority, hands, offices
from signatures.actions import KeyEntry, keep_key
from signatures.choices import BackEnd

PIN = "demo-2026"  # of every key of the demo, known to everybody
SIGNERS = (Role.LEADER, Role.OFFICE_CHIEF)


def give() -> int:
    """A key for everybody who signs, and one for each agency; answers how many.

    None where the demo's authority is not trusted: nobody would believe what they sign.
    """
    folder = authority.folder_of(settings.SIGNATURE_ANCHORS)
    if folder is None:
        return 0
    held = Appointment.objects.in_force(clock.today()).select_related("user", "unit__agency")
    signers = {one.user: one.unit.agency for one in held.filter(role__in=SIGNERS).order_by("pk")}
    for user, agency in signers.items():
        _keep(folder, user, agency, owner=user)
    agencies = Agency.objects.filter(is_active=True).order_by("pk")
    for agency in agencies:
        _keep(folder, _administrator(agency), agency, owner=None)
    return len(signers) + len(agencies)


def _administrator(agency: Agency) -> User:
    held = Appointment.objects.in_force(clock.today()).filter(unit__agency=agency)
    found = held.filter(role=Role.AGENCY_ADMIN).select_related("user").first()
    return found.user if found else User.objects.get(username=offices.ADMIN)


def _keep(folder: Path, by: User, agency: Agency, *, owner: User | None) -> None:
    name = owner.full_name if owner else agency.name
    picture, width = hands.signature(name) if owner else hands.seal(name)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "picture.png"
        path.write_bytes(picture)
        entry = KeyEntry(
            back_end=BackEnd.PKCS12,
            label=name,
            pin=PIN,
            file=authority.key_file(folder, name, agency.name, PIN),
            picture=path,
            width_mm=Decimal(str(width)),
        )
        keep_key(by, entry, owner=owner, agency=None if owner else agency)
