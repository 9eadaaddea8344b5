"""In whose name it is issued: several bodies of one office, each by its name (Kon Tum 14.1)."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from outgoing import actions, findings
from outgoing.choices import Medium, State
from outgoing.content import AnnexText, content_of, paper_of
from outgoing.models import IssuingBody, OutgoingDocument
from outgoing.rendering import render
from tests.cast import act_as
from tests.outgoing.drafts import at_state, body_of, content, drafted, passed, submitted
from tests.outgoing.measuring import Sheet
from tests.outgoing.signing import number
from tests.outgoing.test_pages import PATH, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]
COMMITTEE = "Ủy ban nhân dân thành phố Kon Tum"
CHAIR = f"Chủ tịch {COMMITTEE}"
DECISION = {
    "type_name": "Quyết định",
    "code_notation": "QĐ-UBND",
    "subject": "Ban hành Danh mục công trình",
    "grounds": "Căn cứ Luật Tổ chức chính quyền địa phương",
    "addressees": "",
    "body": "Điều 1. Ban hành Danh mục tại Phụ lục.\nĐiều 2. Quyết định có hiệu lực từ ngày ký./.",
    "recipients": "Như Điều 2\nLưu: VT, QLĐT",
    "annexes": (AnnexText(heading="Phụ lục", title="Danh mục công trình", body="Bờ kè."),),
}
OWN = {"authority": "", "on_behalf_of": ""}


def chair_of(cast) -> IssuingBody:
    """The chair of the committee, under the same header and notation."""
    committee = body_of(cast)
    return IssuingBody.objects.create(
        agency=cast.city,
        name=CHAIR,
        organ_name=committee.organ_name,
        parent_organ=committee.parent_organ,
        abbreviation=committee.abbreviation,
        place=committee.place,
        deciding_post=f"CHỦ TỊCH {committee.organ_name}",
    )


def printed(document: OutgoingDocument) -> str:
    """The words of its sheet, drawn from what was typed."""
    paper = paper_of(document, content_of(document.versions.latest("ordinal")))
    return " ".join(line.text for line in Sheet(render(paper)).lines)


def found(document: OutgoingDocument) -> list[tuple[str, str]]:
    checked = findings.check(document, document.versions.latest("ordinal"))
    return [(one.code, one.found) for one in checked.errors]


def test_a_committee_and_its_chair_issue_under_one_header(cast, client):
    """Cần Thơ Điều 3.4a, Kon Tum Điều 14.1: each is chosen by its name and counts with the other,
    as both print one notation (Cần Thơ Điều 4.3)."""
    chair = chair_of(cast)
    client.force_login(cast.specialist)
    page = client.get(f"{PATH}new/").content.decode()
    assert f">{COMMITTEE}</option>" in page
    assert f">{CHAIR}</option>" in page
    first = at_state(cast, State.APPROVED)
    second = at_state(cast, State.APPROVED, body_key=chair.pk, **OWN)
    codes = [number(cast.clerk, one).code for one in (first, second)]
    assert codes == ["01/UBND-QLĐT", "02/UBND-QLĐT"]


def test_an_annex_names_who_issues_it_as_a_sentence_does(cast):
    """NĐ 30/2020 Phụ lục I: "Kèm theo Quyết định số … của …", not the header in capitals."""
    chair = chair_of(cast)
    assert f"của {COMMITTEE})" in printed(drafted(cast, **DECISION))
    assert f"của {CHAIR})" in printed(drafted(cast, body_key=chair.pk, **DECISION | OWN))


def test_an_invitation_names_who_invites_as_a_sentence_does(cast):
    document = drafted(cast, type_name="Giấy mời", code_notation="GM-UBND", subject="Họp giao ban")
    assert f"{COMMITTEE} trân trọng kính mời:" in printed(document)


def test_an_agency_without_bodies_is_called_by_its_own_name(cast):
    document = drafted(cast, type_name="Giấy mời", code_notation="GM-UBND", subject="Họp giao ban")
    IssuingBody.objects.all().delete()
    assert f"{cast.city.name} trân trọng kính mời:" in printed(document)


@pytest.mark.parametrize("type_name", ["Quyết định", "Công điện"])
def test_who_decides_and_how_it_is_signed_agree(cast, type_name):
    """TM. is signed for a body: above its grounds, or before "điện:", stands no post."""
    chair, committee = chair_of(cast), body_of(cast)
    more = DECISION | {"type_name": type_name, "addressees": "Các phường"}
    fits = [drafted(cast, **more), drafted(cast, body_key=chair.pk, **more | OWN)]
    assert not any("deciding_authority" in dict(found(one)) for one in fits)
    wrong = drafted(cast, body_key=chair.pk, **more)
    assert ("deciding_authority", chair.deciding_post) in found(wrong)
    wrong = drafted(cast, body_key=committee.pk, **more | OWN)
    assert ("deciding_authority", committee.deciding_post) in found(wrong)


def test_the_order_of_number_and_signature_follows_the_body(cast):
    """NĐ 30/2020 Điều 15.3: a setting of the body that issues it, also where it is chosen late."""
    cast.city.regulation_name = "nd-30-2020"
    cast.city.save()
    chair, committee, actor = chair_of(cast), body_of(cast), act_as(cast.chair)
    IssuingBody.objects.filter(pk=chair.pk).update(numbers_first=True)
    document = submitted(cast.specialist, drafted(cast))
    for taker in (cast.head, cast.chief):
        document = passed(taker, document)
    assert (document.state, document.numbers_first) == (State.SIGNING, False)
    document = actions.save(actor, document, content(body_key=chair.pk, **OWN), base=1)
    assert document.numbers_first
    document = actions.save(actor, document, content(body_key=committee.pk), base=2)
    assert not document.numbers_first
    document = actions.save(actor, document, content(body_key=chair.pk, **OWN), base=3)
    document = actions.make_again(actor, document)
    document = passed(cast.chair, document, medium=Medium.ELECTRONIC)
    assert (document.state, document.medium) == (State.APPROVED, Medium.ELECTRONIC)


def test_a_draft_keeps_the_body_that_is_no_longer_offered(client, cast):
    """Saved again it is still issued in that name, with that notation; a new one cannot be."""
    committee = body_of(cast)
    council = IssuingBody.objects.create(
        agency=cast.city, name="Hội đồng", organ_name="HỘI ĐỒNG", abbreviation="HĐ", ordinal=0
    )
    text = {"body_key": council.pk, "code_notation": "HĐ-QLĐT"}
    document = drafted(cast, **text | OWN)
    client.force_login(cast.specialist)
    assert ">Hội đồng</option>" in client.get(f"{PATH}new/").content.decode()
    IssuingBody.objects.filter(pk=council.pk).update(is_active=False)
    assert ">Hội đồng" not in client.get(f"{PATH}new/").content.decode()
    page = client.get(f"{PATH}{document.pk}/compose/").content.decode()
    assert f'<option value="{council.pk}" selected>Hội đồng (không còn dùng)</option>' in page
    signer = {"signer": str(document.signer_id)}
    for body, key, wanted in (("Một./.", council, "HĐ-QLĐT"), ("Hai./.", committee, "UBND-QLĐT")):
        document.refresh_from_db()
        values = sent(document, body=body, body_key=str(key.pk), code_notation="HĐ-QLĐT", **signer)
        client.post(f"{PATH}{document.pk}/compose/", values)
        kept = content_of(document.versions.latest("ordinal"))
        assert (kept.body, kept.body_key, kept.code_notation) == (body, key.pk, wanted)


SENTENCES = {
    "ỦY BAN NHÂN DÂN TỈNH SƠN LA": "Ủy ban nhân dân tỉnh Sơn La",
    "CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ MAI SƠN": "Chủ tịch Ủy ban nhân dân xã Mai Sơn",
    "VĂN PHÒNG HĐND-UBND THÀNH PHỐ KON TUM": "Văn phòng HĐND-UBND thành phố Kon Tum",
    "HỘI ĐỒNG NHÂN DÂN THÀNH PHỐ HẢI PHÒNG": "Hội đồng nhân dân thành phố Hải Phòng",
    "SỞ XÂY DỰNG": "Sở Xây dựng",
    "PHÒNG QUẢN LÝ ĐÔ THỊ": "Phòng Quản lý đô thị",
    "Sở Tư pháp": "Sở Tư pháp",
    "UỶ BAN NHÂN DÂN TỈNH BÀ RỊA - VŨNG TÀU": "Ủy ban nhân dân tỉnh Bà Rịa - Vũng Tàu",
    "CHỦ TỊCH UỶ BAN NHÂN DÂN PHƯỜNG 1": "Chủ tịch Ủy ban nhân dân phường 1",
    "TRƯỜNG THPT CHUYÊN": "Trường THPT chuyên",
    "PHÒNG TÀI CHÍNH - KẾ HOẠCH": "Phòng Tài chính - Kế hoạch",
    "SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI": "Sở Lao động - Thương binh và Xã hội",
    "SỞ VĂN HÓA, THỂ THAO VÀ DU LỊCH": "Sở Văn hóa, Thể thao và Du lịch",
    "BAN QUẢN LÝ DỰ ÁN ĐẦU TƯ VÀ XÂY DỰNG": "Ban Quản lý dự án đầu tư và xây dựng",
    "ỦY BAN MTTQ THÀNH PHỐ ĐÀ LẠT": "Ủy ban MTTQ thành phố Đà Lạt",
    "VĂN PHÒNG UBND HUYỆN KON PLÔNG": "Văn phòng UBND huyện Kon Plông",
    "HUYỆN ỦY MAI SƠN": "Huyện ủy Mai Sơn",
}


def test_bodies_of_before_are_named_after_their_headers(cast):
    """The migration: what an office has entered goes on under a name, and none is taken twice."""
    module = import_module("outgoing.migrations.0016_name_of_issuing_body")
    assert {one: module.sentence_of(one) for one in SENTENCES} == SENTENCES
    bodies = [
        IssuingBody.objects.create(agency=agency, name=f"?{place}", organ_name=header)
        for place, (agency, header) in enumerate(
            [
                (cast.city, "SỞ XÂY DỰNG"),
                (cast.city, "Sở Xây dựng"),
                (cast.ward, "SỞ XÂY DỰNG"),
                (cast.ward, cast.ward.name.upper()),
            ]
        )
    ]
    module.fill(apps, connection.schema_editor())
    for one in bodies:
        one.refresh_from_db()
    again = f"Sở Xây dựng ({bodies[1].pk})"
    names = ["Sở Xây dựng", again, "Sở Xây dựng", cast.ward.name]
    assert [one.name for one in bodies] == names


def test_a_header_that_is_a_name_of_the_house_is_called_by_it(cast):
    """The migration: however its tones are placed, as the agency or its unit writes it."""
    module = import_module("outgoing.migrations.0016_name_of_issuing_body")
    cast.city.name = "Trường THPT chuyên Nguyễn Tất Thành"
    cast.city.save()
    unit = cast.head.appointments.get().unit
    unit.name = "Trung tâm Ủy thác Hòa Bình"
    unit.save()
    names = [
        ("TRƯỜNG THPT CHUYÊN NGUYỄN TẤT THÀNH", cast.city.name),
        ("TRUNG TÂM UỶ THÁC  HOÀ BÌNH", unit.name),
        ("TRUNG TÂM UỶ THÁC", "Trung tâm Ủy thác"),
    ]
    IssuingBody.objects.filter(agency=cast.city).delete()
    for place, (header, _name) in enumerate(names):
        IssuingBody.objects.create(agency=cast.city, name=f"?{place}", organ_name=header)
    module.fill(apps, connection.schema_editor())
    rows = IssuingBody.objects.filter(agency=cast.city).values_list("organ_name", "name")
    assert set(rows) == set(names)
