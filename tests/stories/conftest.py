"""After every story: whatever has happened, nothing that can be proved is wrong."""

import pytest
from django.core.management import call_command

from accounts.models import Agency
from tests.stories.visitor import Visitor


@pytest.fixture(autouse=True)
def _sound(committed):
    """Whatever a story has done, nothing that can be proved is wrong after it."""
    yield
    for command in ("verify_trail", "verify_grants", "verify_registers", "verify_files"):
        call_command(command)  # leaves by SystemExit when it finds something


@pytest.fixture
def place(committed, cast):
    """`place("bac-giang-2014", "bacgiang", "UBND thành phố Bắc Giang")`: the cast works there."""
    people: dict[str, Visitor] = {}

    def under(regulation: str, slug: str, name: str, below: str = "") -> dict[str, Visitor]:
        Agency.objects.filter(pk=cast.city.pk).update(
            regulation_name=regulation, slug=slug, name=name
        )
        Agency.objects.filter(pk=cast.ward.pk).update(
            regulation_name=regulation, slug="thuoc", name=below or "Đơn vị trực thuộc"
        )
        return _Signed(cast, slug, people)

    return under


class _Signed(dict):
    """Signs a person of the cast in when he is first asked for."""

    def __init__(self, cast, slug, people) -> None:
        super().__init__(people)
        self.cast, self.slug = cast, slug

    def __missing__(self, name: str) -> Visitor:
        slug = "thuoc" if name.startswith("ward_") else self.slug
        self[name] = Visitor(getattr(self.cast, name), slug)
        return self[name]
