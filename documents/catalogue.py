"""The national catalogue: types of documents, degrees of urgency, fields and their numbers."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _


class DocumentType(NamedTuple):
    """A type of NĐ 30/2020 Điều 7; its abbreviation (Phụ lục III) goes into the notation."""

    name: str
    abbreviation: str
    edxml_type: int | None = None  # QCVN 102 SĐ1:2022 list B, where it is known


TYPES = (
    DocumentType(_("Nghị quyết"), "NQ", 1),
    DocumentType(_("Quyết định"), "QĐ", 2),
    DocumentType(_("Chỉ thị"), "CT", 3),
    DocumentType(_("Quy chế"), "QC", 4),
    DocumentType(_("Quy định"), "QyĐ", 5),
    DocumentType(_("Thông cáo"), "TC", 6),
    DocumentType(_("Thông báo"), "TB", 7),
    DocumentType(_("Hướng dẫn"), "HD", 8),
    DocumentType(_("Chương trình"), "CTr", 9),
    DocumentType(_("Kế hoạch"), "KH"),
    DocumentType(_("Phương án"), "PA"),
    DocumentType(_("Đề án"), "ĐA"),
    DocumentType(_("Dự án"), "DA"),
    DocumentType(_("Báo cáo"), "BC"),
    DocumentType(_("Biên bản"), "BB"),
    DocumentType(_("Tờ trình"), "TTr"),
    DocumentType(_("Hợp đồng"), "HĐ"),
    DocumentType(_("Công văn"), "", 18),
    DocumentType(_("Công điện"), "CĐ", 19),
    DocumentType(_("Bản ghi nhớ"), "BGN", 20),
    DocumentType(_("Bản thỏa thuận"), "BTT", 22),
    DocumentType(_("Giấy ủy quyền"), "GUQ", 24),
    DocumentType(_("Giấy mời"), "GM", 25),
    DocumentType(_("Giấy giới thiệu"), "GGT", 26),
    DocumentType(_("Giấy nghỉ phép"), "GNP"),
    DocumentType(_("Phiếu gửi"), "PG"),
    DocumentType(_("Phiếu chuyển"), "PC"),
    DocumentType(_("Phiếu báo"), "PB"),
    DocumentType(_("Thư công"), ""),
)

PRIORITIES: dict[int, Promise] = {
    0: gettext_lazy("Thường"),
    1: gettext_lazy("Khẩn"),
    2: gettext_lazy("Thượng khẩn"),
    3: gettext_lazy("Hỏa tốc"),
    4: gettext_lazy("Hỏa tốc hẹn giờ"),
}


class Field(NamedTuple):
    """A national field of an incoming document, with its number in either text ("" = not there)."""

    name: str
    label: str
    tt01: str
    nd30: str
    max_length: int | None = None


# TT 01/2019 Phụ lục IV began with the document's code, which NĐ 30/2020 Phụ lục VI dropped.
FIELDS = (
    Field("doc_code", _("Mã định danh văn bản"), "1", "", 25),
    Field("file_code", _("Mã hồ sơ"), "2", "1"),
    Field("organ_id", _("Mã định danh cơ quan lập danh mục hồ sơ"), "2.1", "1.1", 13),
    Field("file_catalog", _("Năm hình thành hồ sơ"), "2.2", "1.2", 4),
    Field("file_notation", _("Số và ký hiệu hồ sơ"), "2.3", "1.3", 20),
    Field("doc_ordinal", _("Số thứ tự văn bản trong hồ sơ"), "3", "2", 3),
    Field("type_name", _("Tên loại văn bản"), "4", "3", 100),
    Field("code_number", _("Số của văn bản"), "5", "4", 11),
    Field("code_notation", _("Ký hiệu của văn bản"), "6", "5", 30),
    Field("issued_date", _("Ngày, tháng, năm văn bản"), "7", "6", 10),
    Field("organ_name", _("Tên cơ quan, tổ chức ban hành văn bản"), "8", "7", 200),
    Field("subject", _("Trích yếu nội dung"), "9", "8", 500),
    Field("language", _("Ngôn ngữ"), "10", "9", 30),
    Field("page_amount", _("Số trang của văn bản"), "11", "10", 3),
    Field("description", _("Ghi chú"), "12", "11", 500),
    Field("arrival_date", _("Ngày, tháng, năm đến"), "13", "12", 10),
    Field("arrival_number", _("Số đến"), "14", "13", 10),
    Field("signer_info", _("Chức vụ, họ tên người ký"), "15", "14"),
    Field("signer_position", _("Chức vụ của người ký"), "15.1", "14.1", 100),
    Field("signer_full_name", _("Họ và tên người ký"), "15.2", "14.2", 50),
    Field("priority", _("Mức độ khẩn"), "16", "15", 1),
    Field("to_places", _("Đơn vị hoặc người nhận"), "17", "16", 1000),
    Field(
        "trace_header_list",
        _("Ý kiến phân phối, chỉ đạo, trạng thái xử lý văn bản"),
        "18",
        "17",
    ),
    Field("due_date", _("Thời hạn giải quyết"), "19", "18", 10),
)

_FIELDS = {each.name: each for each in FIELDS}
_ABBREVIATIONS = {each.name: each.abbreviation for each in TYPES}


def field(name: str) -> Field:
    """The national field of that name. Raises KeyError for any other."""
    return _FIELDS[name]


def field_number(name: str, numbering: str) -> str:
    """The number of a field, "nd30" or "tt01"; "" where that text does not have it.

    Raises KeyError for an unknown field and ValueError for an unknown numbering.
    """
    if numbering not in {"nd30", "tt01"}:
        raise ValueError(numbering)
    found = _FIELDS[name]
    return found.nd30 if numbering == "nd30" else found.tt01


def abbreviation(type_name: str) -> str:
    """The abbreviation of a type in a notation; "" for a công văn or a type outside the list."""
    return _ABBREVIATIONS.get(type_name, "")


def type_choices() -> list[tuple[str, Promise]]:
    """Types for a form: the stored name is Vietnamese, the shown one in the reader's language."""
    return [(each.name, gettext_lazy(each.name)) for each in TYPES]


def field_label(name: str) -> Promise:
    """The field's name in the reader's language."""
    return gettext_lazy(_FIELDS[name].label)
