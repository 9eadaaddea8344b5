"""A catalogue in each state, as the cast makes it."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from core import clock
from dossiers.actions import cataloguing, issuing
from dossiers.actions.cataloguing import LineEntry
from dossiers.models import Catalogue, Heading, PlannedDossier
from tests.cast import act_as


@pytest.fixture
def line_entry(cast: SimpleNamespace) -> Callable[..., LineEntry]:
    """What a keeper types of an ordinary dossier."""

    def made(heading: Heading, notation: str = "01.TH", **changes: object) -> LineEntry:
        values: dict[str, object] = {
            "file_notation": notation,
            "title": f"Hồ sơ {notation} về chương trình công tác năm",
            "maintenance": "20 năm",
            "creator": "Phòng Quản lý đô thị",
            "unit": cast.planning,
            "heading": heading,
        }
        return LineEntry(**(values | changes))  # type: ignore[arg-type]

    return made


@pytest.fixture
def draft(cast: SimpleNamespace, line_entry: Callable[..., LineEntry]) -> Catalogue:
    """This year's: two large headings, a small one, five dossiers."""
    keeper = act_as(cast.archivist)
    made = issuing.start(keeper, clock.today().year)
    common = cataloguing.add_heading(keeper, made, title="Tổng hợp", abbreviation="TH")
    town = cataloguing.add_heading(keeper, made, title="Quản lý đô thị", abbreviation="QLĐT")
    small = cataloguing.add_heading(keeper, made, title="Cấp phép", parent=town)
    for heading, notation, maintenance in (
        (common, "01.TH", "Vĩnh viễn"),
        (common, "02.TH", "20 năm"),
        (common, "03.TH", "5 năm"),
        (town, "01.QLĐT", "20 năm"),
        (small, "02.QLĐT", "Vĩnh viễn"),
    ):
        entry = line_entry(heading, notation, maintenance=maintenance)
        cataloguing.add_line(keeper, made, entry)
    return Catalogue.objects.get(pk=made.pk)


@pytest.fixture
def issued(cast: SimpleNamespace, draft: Catalogue) -> Catalogue:
    """The same, approved by the chair."""
    submitted = issuing.submit(act_as(cast.archivist), draft)
    return issuing.approve(
        act_as(cast.chair),
        submitted,
        version=submitted.version,
        decision_number="15/QĐ-UBND",
        decided_date=clock.today(),
    )


@pytest.fixture
def proposed(
    cast: SimpleNamespace, issued: Catalogue, line_entry: Callable[..., LineEntry]
) -> PlannedDossier:
    """A dossier that a specialist asks for in the issued one."""
    heading = issued.headings.get(title="Quản lý đô thị")
    entry = line_entry(heading, "03.QLĐT", title="Hồ sơ kè sông Đăk Bla")
    return cataloguing.propose_line(act_as(cast.specialist), issued, entry)
