"""Each of the 29 types of NĐ 30/2020 Điều 7: its form, its notation, and what it may not lack."""

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from core.text import clean
from documents.catalogue import TYPES
from outgoing import actions
from outgoing.actions.signing import content_at
from outgoing.checking import check
from outgoing.choices import State
from outgoing.forms.compose import notation_of
from outgoing.paper import Form, Paper, Signer, form_of
from outgoing.rendering import render
from tests.cast import act_as
from tests.outgoing import papers
from tests.outgoing.drafts import begun, body_of, submitted

NAMES = [each.name for each in TYPES]
# The sample whose text a type of that form may have; the others take that of a notice.
SAMPLES = {paper.form: paper for paper in papers.PAPERS.values()} | {Form.NAMED: papers.NOTICE}
LEAVE = """Ủy ban nhân dân thành phố Kon Tum cấp cho:
Ông: A Thiu
Chức vụ: Chuyên viên Phòng Quản lý đô thị
Nghỉ phép 05 ngày, kể từ ngày 15 tháng 6 năm 2026 đến hết ngày 19 tháng 6 năm 2026./."""


def paper_of(name: str) -> Paper:
    """A whole paper of that type, in the right form."""
    abbreviation = next(each.abbreviation for each in TYPES if each.name == name)
    sample = SAMPLES[form_of(name)]
    notation = f"{abbreviation}-UBND" if abbreviation else "UBND"
    if sample.form == Form.LETTER:
        notation = "UBND-QLĐT"
    more = {"organ_name": papers.CITY.organ_name, "parent_organ": papers.CITY.parent_organ}
    if name == "Giấy nghỉ phép":
        more |= {"body": LEAVE}
    if name == "Tờ trình":
        more |= {"addressees": ("Ủy ban nhân dân tỉnh",)}
    return replace(sample, type_name=name, code_notation=notation, circulation="", **more)


def words(pdf: bytes) -> str:
    """What stands on the sheet, in one line."""
    return clean(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def test_there_are_twenty_nine() -> None:
    """NĐ 30/2020 Điều 7: 27 of them with an abbreviation of Phụ lục III."""
    assert len(NAMES) == len(set(NAMES)) == 29
    assert len({each.abbreviation for each in TYPES if each.abbreviation}) == 27
    assert {each.name for each in TYPES if not each.abbreviation} == {"Công văn", "Thư công"}


@pytest.mark.parametrize("name", NAMES)
def test_each_type_is_printed_with_its_components(name: str) -> None:
    """NĐ 30/2020 Điều 8, Phụ lục I mục IV: the nine components, and nothing to be mended."""
    paper = paper_of(name)
    assert [one.code for one in check(paper) if one.severity == "error"] == []
    shown = words(render(paper))
    for one in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        papers.CITY.parent_organ,
        papers.CITY.organ_name,
        f"/{paper.code_notation}",
        "Kon Tum, ngày",
        paper.signer.position,
        paper.signer.full_name,
    ):
        assert one in shown, one
    title = name.upper()
    assert (title in shown) == (paper.form != Form.LETTER)
    assert (clean(paper.subject) in shown) == (paper.form != Form.PERSONAL)
    assert ("V/v" in shown) == (paper.form == Form.LETTER)
    if paper.recipients:
        assert "Nơi nhận:" in shown
        assert f"- {paper.recipients[-1]}." in shown
    if paper.secretary:
        assert paper.secretary.full_name in shown


@pytest.mark.parametrize("name", NAMES)
def test_each_type_tells_what_it_lacks(name: str) -> None:
    """Kon Tum Điều 17.1, Cần Thơ Điều 9.4: nothing of it may be left out unseen."""
    bare = replace(
        paper_of(name),
        organ_name="", code_notation="", subject="", body="", recipients=(), grounds=(),
        addressees=(), deciding_post="", signer=Signer(), secretary=None,
    )  # fmt: skip
    found = {one.code for one in check(bare) if one.severity == "error"}
    wanted = {"organ_missing", "notation_missing", "body_missing", "signer_name_missing"}
    form = bare.form
    wanted |= {"recipients_missing"} if form != Form.AGREEMENT else {"party_missing"}
    wanted |= {"subject_missing"} if form not in (Form.SLIP, Form.PERSONAL) else set()
    wanted |= {"secretary_missing"} if form == Form.MINUTES else {"signer_position_missing"}
    if form in (Form.LETTER, Form.TELEGRAM):
        wanted |= {"addressees_missing"}
    if form == Form.INVITATION:
        wanted |= {"invited_missing"}
    if form == Form.DECISION:
        wanted |= {"grounds_missing", "deciding_post_missing"}
    assert wanted <= found


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_the_notation_of_each_type_is_made_of_its_abbreviation(cast, name: str) -> None:
    """NĐ 30/2020 Phụ lục I mục II.3, Phụ lục III mục I: "QyĐ-UBND", and no "CV"."""
    abbreviation = next(each.abbreviation for each in TYPES if each.name == name)
    wanted = f"{abbreviation}-UBND" if abbreviation else "UBND"
    if name == "Công văn":
        wanted = f"UBND-{cast.planning.short_name}"
    assert notation_of(name, "UBND", cast.planning) == wanted


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["Hợp đồng", "Giấy nghỉ phép", "Thư công"])
def test_those_without_a_form_of_their_own_go_their_way(cast, name: str) -> None:
    """Kon Tum Điều 12: written, rendered, submitted like every other one."""
    body_of(cast)
    notation = notation_of(name, "UBND", cast.planning)
    second = {"secretary_full_name": "Hoàng Văn Lâm", "secretary_position": "ĐẠI DIỆN BÊN B"}
    document = begun(
        cast.specialist, cast.chair, type_name=name, code_notation=notation, addressees="", **second
    )
    document = submitted(cast.specialist, document)
    assert document.state == State.CONTENT
    pdf = document.versions.get(ordinal=document.version_count).pdf
    shown = words(content_at(pdf))
    assert name.upper() in shown
    assert ("Hoàng Văn Lâm" in shown) == (name == "Hợp đồng")
    document = actions.approve_content(act_as(cast.head), document, seen=1)
    assert document.state == State.APPRAISAL
