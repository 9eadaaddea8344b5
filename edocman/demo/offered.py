"""What the demo's offices offer to whoever gives out work: sentences, and presets of the grid."""

from accounts.models import Agency, Unit
from incoming.models import CannedDirective, Preset

_DIRECTIVES = (
    "Nghiên cứu, tham mưu văn bản trả lời.",
    "Tham mưu, trình Chủ tịch trước thời hạn một ngày.",
    "Kiểm tra, báo cáo kết quả bằng văn bản.",
    "Cử lãnh đạo phòng dự họp, báo cáo lại.",
    "Triển khai thực hiện, báo cáo theo yêu cầu.",
)
# Name, lead, coordinators, directive, working days.
_PRESETS = (
    ("Đất đai", "TNMT", ("QLĐT",), _DIRECTIVES[0], 5),
    ("Xây dựng", "QLĐT", ("TNMT",), _DIRECTIVES[2], 7),
    ("Kinh phí", "TCKH", (), _DIRECTIVES[0], 5),
    ("Cán bộ", "NV", (), _DIRECTIVES[4], 10),
)


def make() -> None:
    """For every agency whose units have these names."""
    for agency in Agency.objects.filter(parent__isnull=True):
        units = {unit.short_name: unit for unit in Unit.objects.filter(agency=agency)}
        CannedDirective.objects.bulk_create(
            CannedDirective(agency=agency, text=text, ordinal=place)
            for place, text in enumerate(_DIRECTIVES, start=1)
        )
        for place, (name, lead, helpers, directive, days) in enumerate(_PRESETS, start=1):
            if lead not in units:
                continue
            preset = Preset.objects.create(
                agency=agency,
                name=name,
                lead=units[lead],
                directive=directive,
                working_days=days,
                ordinal=place,
            )
            preset.coordinators.set([units[one] for one in helpers if one in units])
