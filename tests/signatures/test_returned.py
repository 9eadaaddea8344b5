"""A signed file that comes back is the file that was sent out and one signature, or is refused."""

import functools
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.errors import Refusal
from signatures.adding import fill_fields
from signatures.pdf import opened
from signatures.returned import REASONS, check_by
from tests import files
from tests.signatures.sheets import AGENCY, FIGURES, LEADER, prepared

AN, BINH = "Nguyễn Văn An", "Trần Thị Bình"


@functools.cache
def numbered() -> bytes:
    """Signed by the leader, with number and date."""
    signed = files.sign(prepared(), AN, field=LEADER, certify=True)
    return fill_fields(signed, dict(zip(FIGURES, ("127", "26", "11"), strict=True)))


@pytest.fixture(autouse=True)
def trusted(tmp_path: Path, settings: Any) -> None:
    settings.SIGNATURE_ANCHORS = [str(files.anchor(tmp_path / "ca.pem"))]


def check(
    returned: bytes, sent: bytes | None = None, *, field: str = LEADER, by: bytes | None = None
) -> dict[str, Any]:
    by = by or files.der(AN)
    sent = prepared() if sent is None else sent
    return check_by(sent, returned, field=field, certificates=[by], owner=AN)


def refused(*args: Any, **more: Any) -> str:
    with pytest.raises(Refusal) as error:
        check(*args, **more)
    return str(error.value)


def update(data: bytes, change: Callable[[Any, Any], None]) -> bytes:
    """The file with one update behind it; `change` is given the writer and the first page."""

    def changed(writer: Any) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        change(writer, page)
        writer.update_container(page)
        writer.update_container(writer.root["/AcroForm"])
        writer.update_root()

    return files._updated(data, changed)


# --- What may be taken.


@pytest.mark.parametrize("certify", [True, False])
def test_the_leader_signs_the_file_that_was_sent_to_him(certify: bool) -> None:
    result = check(files.sign(prepared(), AN, field=LEADER, certify=certify))
    [one] = result["signatures"]
    assert (result["verdict"], one["field"], one["signer"]) == ("valid", LEADER, AN)


def test_the_agency_seals_what_its_leader_signed() -> None:
    sealed = files.sign(numbered(), "Sở Nội vụ", field=AGENCY)
    result = check(sealed, numbered(), field=AGENCY, by=files.der("Sở Nội vụ"))
    assert [one["verdict"] for one in result["signatures"]] == ["valid", "valid"]


def test_any_of_the_certificates_of_a_person_will_do() -> None:
    """The old one and its renewal are registered side by side."""
    renewed = files.der(AN, days=4000)
    signed = files.sign(prepared(), AN, field=LEADER, days=4000)
    for mine in ([files.der(AN), renewed], [renewed]):
        assert check_by(prepared(), signed, field=LEADER, certificates=mine, owner=AN)


def in_corner(data: bytes, field: str) -> bytes:
    """Signed in a field of its own where the law wants it."""
    return files.sign(data, AN, field=field, box=files.CORNER)


PLACES = {
    "in the corner": (files.CORNER, 0, ""),
    "nowhere": ((0, 0, 0, 0), 0, "hidden"),
    "too small to be seen": ((500, 800, 513, 830), 0, "hidden"),
    "on the second page": (files.CORNER, 1, "misplaced"),
    "at the left": ((20, 740, 250, 820), 0, "misplaced"),
    "at the foot": ((330, 40, 560, 120), 0, "misplaced"),
    "beyond the edge": ((500, 740, 700, 820), 0, "misplaced"),
    "over all that is said": ((0, 0, 595, 842), 0, "misplaced"),
}


@pytest.mark.parametrize("case", PLACES)
def test_a_signature_on_a_scan_is_seen_at_the_top_right_of_its_first_page(case: str) -> None:
    """NĐ 30/2020 Phụ lục I, ô số 14; standards 5.4."""
    box, page, reason = PLACES[case]
    scan = files.build(pages=2)
    returned = files.sign(scan, AN, field="Signature1", box=box, page=page)
    if reason:
        assert refused(returned, scan, field="") == REASONS[reason]
    else:
        assert check(returned, scan, field="")["verdict"] == "valid"


def test_one_that_is_not_seen_at_all_is_refused() -> None:
    scan = files.build()
    assert refused(files.sign(scan, AN, field="Signature1"), scan, field="") == REASONS["hidden"]


@pytest.mark.parametrize(
    ("turned", "box"),
    [
        (0, (400, 750, 580, 830)),
        (90, (10, 650, 90, 830)),
        (180, (15, 10, 195, 90)),
        (270, (505, 10, 585, 190)),
    ],
)
def test_the_corner_is_that_of_the_page_as_it_is_shown(turned: int, box: tuple[float, ...]) -> None:
    from signatures.additions import _out_of_place  # noqa: PLC0415

    scan = turned_pdf(turned)
    for place in ((400, 750, 580, 830), (10, 650, 90, 830), (15, 10, 195, 90), (505, 10, 585, 190)):
        signed = files.sign(scan, AN, field="Sao", box=place)
        reader = opened(io.BytesIO(signed))
        assert (_out_of_place(reader.root, "Sao") == "") is (place == box), (turned, place)


def turned_pdf(turned: int) -> bytes:
    """A page of A4 that is shown turned."""
    from pyhanko.pdf_utils import generic  # noqa: PLC0415 -- slow import

    def change(writer: Any) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        page[generic.pdf_name("/Rotate")] = generic.NumberObject(turned)
        writer.update_container(page)

    return files._updated(files.build(), change)


def test_a_scan_without_a_field_is_signed_in_a_new_one() -> None:
    scan = files.build()
    assert check(in_corner(scan, "Signature1"), scan, field="")["verdict"] == "valid"
    # By ourselves it is given our name.
    assert check(in_corner(scan, AGENCY), scan, field=AGENCY)["verdict"] == "valid"
    assert "không phải ô" in refused(files.sign(scan, AN, field="Sao"), scan, field=AGENCY)
    assert "dành cho người khác" in refused(files.sign(prepared(), AN, field=AGENCY), field="")


def test_data_for_long_term_validation_may_come_along() -> None:
    from pyhanko.sign.validation.dss import DocumentSecurityStore  # noqa: PLC0415 -- slow

    data = io.BytesIO(files.sign(prepared(), AN, field=LEADER, certify=True))
    holder, _, _ = files._asn1(AN, "CA thử nghiệm")
    DocumentSecurityStore.add_dss(data, sig_contents=None, certs=[holder])
    assert check(data.getvalue())["verdict"] == "valid"


def test_a_foreign_signature_that_nobody_here_can_judge_may_stay_as_it_is() -> None:
    """An electronic copy of what another office signed: its signature gets no worse."""
    theirs = files.sign(files.build(), "Người lạ", field="ChuKy1", authority="CA lạ")
    sealed = in_corner(theirs, "Sao")
    result = check(sealed, theirs, field="")
    assert [one["verdict"] for one in result["signatures"]] == ["indeterminate", "valid"]


# --- Another file, another field, no signature.


def test_another_file_is_refused() -> None:
    other = files.sign(files.build(), AN)
    assert refused(other) == REASONS["other_file"]
    twin = files.sign(prepared().replace(b"so 127", b"so 721"), AN, field=LEADER)
    assert refused(twin) == REASONS["other_file"]


def test_a_file_that_was_written_anew_by_a_program_is_another_file() -> None:
    from pypdf import PdfReader, PdfWriter  # noqa: PLC0415 -- slow import

    out = io.BytesIO()
    PdfWriter(clone_from=PdfReader(io.BytesIO(prepared()))).write(out)
    assert refused(files.sign(out.getvalue(), AN, field=LEADER)) == REASONS["other_file"]


@pytest.mark.parametrize("tail", [b"", b"\n", b"% ky roi\n"])
def test_nothing_signed_is_refused(tail: bytes) -> None:
    assert refused(prepared() + tail) == REASONS["no_signature"]


def test_a_signature_that_was_there_does_not_count() -> None:
    assert refused(numbered(), numbered(), field=AGENCY) == REASONS["no_signature"]


def test_two_new_signatures_are_refused() -> None:
    twice = files.sign(files.sign(prepared(), AN, field=LEADER), AN, field=AGENCY)
    assert refused(twice) == REASONS["several"]


def test_a_time_stamp_is_no_signature() -> None:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
    from pyhanko.sign import signers  # noqa: PLC0415 -- slow import
    from pyhanko.sign.timestamps import DummyTimeStamper  # noqa: PLC0415 -- slow import

    holder, key, store = files._asn1("Máy chủ thời gian", "CA thử nghiệm", purpose="time")
    stamper = DummyTimeStamper(tsa_cert=holder, tsa_key=key, certs_to_embed=store)
    writer = IncrementalPdfFileWriter(io.BytesIO(prepared()), strict=False)
    stamped = signers.PdfTimeStamper(stamper, field_name=LEADER).timestamp_pdf(
        writer, "sha256", None
    )
    by = files.der("Máy chủ thời gian", purpose="time")
    assert refused(stamped.getvalue(), by=by) == REASONS["no_signature"]


@pytest.mark.parametrize("field", [AGENCY, "Signature1"])
def test_another_field_is_refused(field: str) -> None:
    said = refused(files.sign(prepared(), AN, field=field))
    assert f"“{field}”, không phải ô “{LEADER}”" in said


# --- Another person, a certificate that is not good today.


def test_the_certificate_of_another_person_is_refused() -> None:
    said = refused(files.sign(prepared(), BINH, field=LEADER))
    assert "không dùng chứng thư số đã đăng ký của Nguyễn Văn An" in said


def test_a_namesake_is_another_person() -> None:
    """A certificate of the same name, of another authority that is trusted as well."""
    said = refused(files.sign(prepared(), AN, field=LEADER, authority="CA lạ"))
    assert "không dùng chứng thư số đã đăng ký của Nguyễn Văn An" in said


def test_a_person_without_a_key_is_told_so() -> None:
    signed = files.sign(prepared(), AN, field=LEADER)
    with pytest.raises(Refusal, match="Nguyễn Văn An chưa đăng ký chứng thư số"):
        check_by(prepared(), signed, field=LEADER, certificates=[], owner=AN)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"days": -5}, "đã hết hạn"),
        ({"since": -5}, "chưa đến ngày có hiệu lực"),
        ({"authority": "CA lạ"}, "do nơi không có trong danh sách tin cậy cấp"),
    ],
)
def test_a_certificate_that_is_not_good_today(how: dict[str, Any], said: str) -> None:
    signed = files.sign(prepared(), AN, field=LEADER, **how)
    assert f"Chứng thư số của Nguyễn Văn An {said}" in refused(signed, by=files.der(AN, **how))


def test_a_revoked_certificate(tmp_path: Path, settings: Any) -> None:
    signed = files.sign(prepared(), AN, field=LEADER)
    settings.SIGNATURE_CRLS = [str(files.revocations(tmp_path / "a.crl", BINH))]
    assert check(signed)["verdict"] == "valid"
    settings.SIGNATURE_CRLS = [str(files.revocations(tmp_path / "b.crl", BINH, AN))]
    assert "Chứng thư số của Nguyễn Văn An đã bị thu hồi" in refused(signed)


def test_a_signature_that_does_not_fit_is_refused() -> None:
    signed = files.sign(prepared(), AN, field=LEADER)
    start = signed.index(b"/Contents <", len(prepared())) + len(b"/Contents <")
    broken = signed[:start] + b"ff" * 40 + signed[start + 80 :]
    assert "dữ liệu chữ ký bị hỏng" in refused(broken)
    # One byte behind what was sent out, and covered by the signature.
    place = signed.rindex(b"/Adobe.PPKLite")
    changed = signed[:place] + b"/Adobe.PPKLitf" + signed[place + 14 :]
    assert "nội dung đã bị sửa sau khi ký" in refused(changed)


# --- What else was changed.


def add_note(writer: Any, page: Any, kind: str = "/FreeText", **more: Any) -> None:
    from pyhanko.pdf_utils import generic  # noqa: PLC0415 -- slow import

    name, number = generic.pdf_name, generic.NumberObject
    note = {
        name("/Type"): name("/Annot"),
        name("/Subtype"): name(kind),
        name("/Contents"): generic.pdf_string("So 721"),
        name("/Rect"): generic.ArrayObject([number(side) for side in (72, 760, 300, 790)]),
    }
    place = writer.add_object(generic.DictionaryObject(note | more))
    page.setdefault(name("/Annots"), generic.ArrayObject()).append(place)


def add_widget(writer: Any, page: Any) -> None:
    """Something laid over the page under the name of a field, without being one."""
    add_note(writer, page, "/Widget")


def add_field(writer: Any, page: Any) -> None:
    from pyhanko.pdf_utils import generic  # noqa: PLC0415 -- slow import

    name = generic.pdf_name
    more = {name("/FT"): name("/Tx"), name("/T"): generic.pdf_string("noi_nhan")}
    add_note(writer, page, "/Widget", **more)
    writer.root["/AcroForm"]["/Fields"].append(page["/Annots"].raw_get(-1))


def field_of(writer: Any, name: str) -> Any:
    (found,) = (
        node
        for node in (item.get_object() for item in writer.root["/AcroForm"]["/Fields"])
        if node["/T"] == name
    )
    writer.update_container(found)
    return found


def fill_number(writer: Any, page: Any) -> None:
    from pyhanko.pdf_utils import generic  # noqa: PLC0415 -- slow import

    field_of(writer, "code_number")[generic.pdf_name("/V")] = generic.pdf_string("721")


def move(name: str) -> Callable[[Any, Any], None]:
    def moved(writer: Any, page: Any) -> None:
        from pyhanko.pdf_utils import generic  # noqa: PLC0415 -- slow import

        field_of(writer, name)[generic.pdf_name("/Rect")] = generic.ArrayObject(
            [generic.NumberObject(side) for side in (0, 0, 595, 842)]
        )

    return moved


def unlock(writer: Any, page: Any) -> None:
    """The agency's signature would not hold the number any more."""
    del field_of(writer, AGENCY)["/Lock"]


def replace_words(writer: Any, page: Any) -> None:
    from pyhanko.pdf_utils import generic  # noqa: PLC0415 -- slow import

    other = generic.StreamObject(stream_data=files.WORDS.replace(b"127", b"721"))
    page[generic.pdf_name("/Contents")] = writer.add_object(other)


def add_page(writer: Any, page: Any) -> None:
    from pyhanko.pdf_utils import generic, writer as pdf  # noqa: I001, PLC0415 -- slow import

    sides = generic.ArrayObject([generic.NumberObject(side) for side in (0, 0, 595, 842)])
    content = writer.add_object(generic.StreamObject(stream_data=files.WORDS))
    writer.insert_page(pdf.PageObject(contents=content, media_box=sides))


def remove_page(writer: Any, page: Any) -> None:
    from pyhanko.pdf_utils import generic  # noqa: PLC0415 -- slow import

    tree = writer.root["/Pages"]
    tree["/Kids"].pop()
    tree[generic.pdf_name("/Count")] = generic.NumberObject(1)
    writer.update_container(tree)


def run_script(writer: Any, page: Any) -> None:
    from pyhanko.pdf_utils import generic  # noqa: PLC0415 -- slow import

    name = generic.pdf_name
    action = {name("/S"): name("/JavaScript"), name("/JS"): generic.pdf_string("app.alert(1)")}
    writer.root[name("/OpenAction")] = generic.DictionaryObject(action)


def dynamic_form(writer: Any, page: Any) -> None:
    from pyhanko.pdf_utils import generic  # noqa: PLC0415 -- slow import

    writer.root["/AcroForm"][generic.pdf_name("/XFA")] = generic.pdf_string("x")


def other_fonts(writer: Any, page: Any) -> None:
    from pyhanko.pdf_utils import generic  # noqa: PLC0415 -- slow import

    form = writer.root["/AcroForm"]
    form[generic.pdf_name("/DR")] = generic.DictionaryObject()


CHANGES = [
    (add_note, "thêm hoặc sửa chú thích"),
    (add_widget, "thêm hoặc sửa chú thích"),
    (add_field, "điền biểu mẫu"),
    (fill_number, "điền biểu mẫu"),
    (move(LEADER), "điền biểu mẫu"),
    (move("code_number"), "điền biểu mẫu"),
    (unlock, "điền biểu mẫu"),
    (dynamic_form, "điền biểu mẫu"),
    (other_fonts, "điền biểu mẫu"),
    (replace_words, "sửa nội dung trang"),
    (add_page, "thêm trang"),
    (remove_page, "bớt trang"),
    (run_script, "sửa cấu trúc tệp"),
]


@pytest.mark.parametrize(("change", "named"), CHANGES)
def test_what_is_changed_on_the_way_is_refused_though_the_signature_is_sound(
    change: Any, named: str
) -> None:
    """Changed first and signed then: the signature covers it, and no verdict would say so."""
    signed = files.sign(update(prepared(), change), AN, field=LEADER)
    said = refused(signed)
    assert "Ngoài chữ ký số, tệp gửi về còn bị sửa" in said
    assert named in said


@pytest.mark.parametrize(("change", "named"), CHANGES)
def test_what_is_changed_after_signing_is_refused(change: Any, named: str) -> None:
    signed = files.sign(prepared(), AN, field=LEADER, certify=True)
    assert refused(update(signed, change))


@pytest.mark.parametrize("change", [change for change, _ in CHANGES if change is not move(LEADER)])
def test_the_agency_cannot_change_what_the_leader_signed(change: Any) -> None:
    if change is fill_number:
        pytest.skip("the number stands there already")
    sealed = files.sign(update(numbered(), change), AN, field=AGENCY)
    assert refused(sealed, numbered(), field=AGENCY)


def test_a_signature_that_locks_the_number_before_it_is_drawn_is_refused() -> None:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
    from pyhanko.sign import fields, signers  # noqa: PLC0415 -- slow import

    def signed(data: bytes, field: str, box: Any = None) -> bytes:
        writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
        details = signers.PdfSignatureMetadata(
            field_name=field, certify=True, docmdp_permissions=fields.MDPPerm.NO_CHANGES
        )
        signer = files._signer(AN, "CA thử nghiệm")
        spec = fields.SigFieldSpec(field, box=box) if box else None
        return signers.sign_pdf(writer, details, signer=signer, new_field_spec=spec).getvalue()

    assert refused(signed(prepared(), LEADER)) == REASONS["locks"]
    # Where nothing is left to fill in, it may.
    scan = files.build()
    assert check(signed(scan, "Sao", files.CORNER), scan, field="")["verdict"] == "valid"


def test_the_agency_before_the_number_locks_it_empty() -> None:
    signed = files.sign(prepared(), AN, field=LEADER, certify=True)
    assert refused(files.sign(signed, AN, field=AGENCY), signed, field=AGENCY) == REASONS["locks"]


# --- Hostile answers.


@pytest.mark.parametrize(
    "tail", [b"%PDF-1.7\nrubbish /ByteRange", b"xref\n0 1\ntrailer<</Root 99 0 R>>\n", b"\0" * 999]
)
def test_rubbish_behind_the_file_is_a_sentence(tail: bytes) -> None:
    assert refused(prepared() + tail)


def test_an_answer_that_never_ends_is_a_sentence(monkeypatch: Any) -> None:
    monkeypatch.setattr("signatures.returned.call", lambda *_, **__: (None, "too_slow"))
    assert "quá phức tạp" in refused(files.sign(prepared(), AN, field=LEADER))
