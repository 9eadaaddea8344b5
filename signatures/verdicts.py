"""What the signatures of a file mean, in sentences for a clerk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

LEVELS = {
    "valid": "ok",
    "unsigned": "note",
    "indeterminate": "unknown",
    "unreadable": "unknown",
    "invalid": "refused",
}

TITLES: dict[str, str | Promise] = {
    "valid": gettext_lazy("Chữ ký số hợp lệ"),
    "unsigned": gettext_lazy("Không có chữ ký số"),
    "indeterminate": gettext_lazy("Chưa xác định được chữ ký số"),
    "unreadable": gettext_lazy("Chưa kiểm tra được chữ ký số"),
    "invalid": gettext_lazy("Chữ ký số không hợp lệ"),
}

REASONS: dict[str, str | Promise] = {
    "digest_mismatch": gettext_lazy("nội dung đã bị sửa sau khi ký"),
    "false_signature": gettext_lazy("chữ ký không khớp với chứng thư số đi kèm"),
    "not_covered": gettext_lazy("chữ ký không bao trùm toàn bộ tệp"),
    "changed_after_signing": gettext_lazy("tệp đã bị thay đổi sau khi ký"),
    "filled_after_signing": gettext_lazy("biểu mẫu trong tệp đã được điền sau chữ ký cuối cùng"),
    "changes_not_judged": gettext_lazy(
        "phần đã ký còn nguyên vẹn, chưa đánh giá được phần thêm vào sau khi ký"
    ),
    "changes_unclear": gettext_lazy(
        "phần đã ký còn nguyên vẹn, tệp có phần thêm vào sau khi ký chưa rõ nội dung"
    ),
    "unknown_issuer": gettext_lazy(
        "nội dung còn nguyên vẹn, chứng thư số do nơi chưa có trong danh sách tin cậy cấp"
    ),
    "certificate_out_of_time": gettext_lazy("chứng thư số không còn hiệu lực vào lúc ký"),
    "certificate_revoked": gettext_lazy("chứng thư số đã bị thu hồi"),
    "revoked_since": gettext_lazy(
        "chứng thư số bị thu hồi sau giờ ký ghi trong chữ ký, không có dấu thời gian để tin giờ đó"
    ),
    "certificate_purpose": gettext_lazy("chứng thư số không được cấp để ký văn bản"),
    "weak_algorithm": gettext_lazy("chữ ký dùng thuật toán đã lạc hậu"),
    "time_to_come": gettext_lazy("thời gian ký ghi trong chữ ký ở tương lai"),
    "unsupported_format": gettext_lazy("chữ ký theo định dạng cũ, phần mềm chưa kiểm tra được"),
    "broken_signature": gettext_lazy("dữ liệu chữ ký bị hỏng"),
    "not_examined": gettext_lazy("chưa kiểm tra xong trong thời gian cho phép"),
    "not_listed": gettext_lazy("còn chữ ký trong tệp không đọc được"),
}

CHANGES: dict[str, str | Promise] = {
    "later_signature": gettext_lazy("có chữ ký sau"),
    "ltv": gettext_lazy("thêm dữ liệu xác thực lâu dài"),
    "form_filled": gettext_lazy("điền biểu mẫu"),
    "annotations": gettext_lazy("thêm hoặc sửa chú thích"),
    "page_content": gettext_lazy("sửa nội dung trang"),
    "pages_added": gettext_lazy("thêm trang"),
    "pages_removed": gettext_lazy("bớt trang"),
    "catalog": gettext_lazy("sửa cấu trúc tệp"),
    "unclear": gettext_lazy("thay đổi chưa rõ"),
}

# What is said of a certificate that is good otherwise; a verdict of long ago asked nobody.
REVOCATIONS: dict[str, str | Promise] = {
    "good": gettext_lazy("Chứng thư số chưa bị thu hồi"),
    "unknown": gettext_lazy("Nơi cấp chưa trả lời chứng thư số có bị thu hồi hay không"),
    "": gettext_lazy("Chưa kiểm tra chứng thư số có bị thu hồi hay không"),
}

# Fields that the office fills itself after the leader has signed (Cần Thơ Điều 10.1b).
FIELDS: dict[str, str | Promise] = {
    "code_number": gettext_lazy("số"),
    "issued_day": gettext_lazy("ngày"),
    "issued_month": gettext_lazy("tháng"),
}


@dataclass(frozen=True)
class Verdict:
    """The sentences for a file: `level` is ok, note, unknown or refused."""

    level: str
    title: str
    text: str
    lines: tuple[str, ...] = ()
    # That nobody could say whether the certificates are revoked; "" where it is known.
    note: str = ""


def describe(result: Mapping[str, Any] | None) -> Verdict:
    """Put what signatures.pdf.examine answered into words; None when it never answered."""
    verdict = (result or {}).get("verdict", "unreadable")
    findings = (result or {}).get("signatures", [])
    signatures = [one for one in findings if one["kind"] == "signature"]
    return Verdict(
        level=LEVELS[verdict],
        title=str(TITLES[verdict]),
        text=_text(verdict, signatures),
        lines=tuple(describe_signature(one) for one in findings),
        note=_note(signatures),
    )


def _note(signatures: list[Mapping[str, Any]]) -> str:
    """Such a file is not silently valid."""
    open_ = [one.get("revocation", "") for one in signatures if one["verdict"] != "invalid"]
    if not open_ or all(state in ("good", "revoked") for state in open_):
        return ""
    if "unknown" in open_:
        return _(
            "Nơi cấp chưa trả lời chứng thư số có bị thu hồi hay không. Cần chắc chắn thì kiểm tra "
            "bằng phần mềm ký số."
        )
    return _(
        "Chưa kiểm tra chứng thư số có bị thu hồi hay không. Cần chắc chắn thì kiểm tra bằng phần "
        "mềm ký số."
    )


def revocation_of(finding: Mapping[str, Any]) -> str:
    """What is known of the revocation of its certificate; "" where the reason says it already."""
    if finding["kind"] != "signature" or finding["verdict"] == "invalid":
        return ""
    state = finding.get("revocation", "")
    if state != "revoked":
        return str(REVOCATIONS[state])
    day = moment_of(finding.get("revoked_at", ""))
    return _("Chứng thư số bị thu hồi từ %(day)s, sau khi ký") % {"day": day}


def describe_signature(finding: Mapping[str, Any]) -> str:
    """One line for one signature: who, by whose certificate, when, and what is wrong."""
    if finding["kind"] == "timestamp":
        start = _("Dấu thời gian của %(signer)s") % {"signer": signer_of(finding)}
    elif finding["issuer"]:
        start = _("%(signer)s, chứng thư số của %(issuer)s") % {
            "signer": signer_of(finding),
            "issuer": finding["issuer"],
        }
    else:
        start = signer_of(finding)
    parts = [start]
    if moment := moment_of(finding["signing_time"]):
        parts.append(_("ký lúc %(time)s") % {"time": moment})
    parts.append(str(REASONS.get(finding["reason"]) or _("hợp lệ")))
    changes = [str(CHANGES[code]) for code in finding["changes"] if code in CHANGES]
    line = ", ".join(parts)
    if changes:
        line += ". " + _("Sau khi ký: %(changes)s") % {"changes": ", ".join(changes)}
    if finding["changed_fields"]:
        line += ". " + _("Trường đã điền: %(fields)s") % {"fields": fields_of(finding)}
    return line + "."


def _text(verdict: str, signatures: list[Mapping[str, Any]]) -> str:
    if verdict == "valid":
        return ngettext(
            "%(count)d chữ ký số hợp lệ, tệp chưa bị sửa.",
            "%(count)d chữ ký số hợp lệ, tệp chưa bị sửa.",
            len(signatures),
        ) % {"count": len(signatures)}
    if verdict == "unsigned":
        return _("Tệp không có chữ ký số. Đối chiếu với bản giấy hoặc hỏi lại nơi gửi.")
    if verdict == "unreadable":
        return _("Chưa đọc được chữ ký số trong tệp. Kiểm tra bằng phần mềm ký số trước khi nhận.")
    worst = [one for one in signatures if one["verdict"] == verdict]
    reasons = list(dict.fromkeys(str(REASONS[one["reason"]]) for one in worst if one["reason"]))
    facts = {"bad": len(worst), "all": len(signatures), "reasons": "; ".join(reasons)}
    if not worst:
        return _("Dấu thời gian trong tệp không hợp lệ. Không nhận tệp; báo nơi gửi gửi lại.")
    if verdict == "invalid":
        return (
            ngettext(
                "%(bad)d trong %(all)d chữ ký số không hợp lệ: %(reasons)s. "
                "Báo nơi gửi gửi lại tệp.",
                "%(bad)d trong %(all)d chữ ký số không hợp lệ: %(reasons)s. "
                "Báo nơi gửi gửi lại tệp.",
                len(worst),
            )
            % facts
        )
    return (
        ngettext(
            "%(bad)d trong %(all)d chữ ký số chưa xác định được: %(reasons)s. "
            "Hỏi lại nơi gửi khi cần.",
            "%(bad)d trong %(all)d chữ ký số chưa xác định được: %(reasons)s. "
            "Hỏi lại nơi gửi khi cần.",
            len(worst),
        )
        % facts
    )


def signer_of(finding: Mapping[str, Any]) -> str:
    """Who signed, by the certificate, or the name of the field."""
    return finding["signer"] or finding["field"] or _("Chữ ký không rõ người ký")


def fields_of(finding: Mapping[str, Any]) -> str:
    """The form fields that were filled; ours in words, those of annexes once."""
    names = [str(one).rstrip("0123456789").rstrip("_") for one in finding["changed_fields"]]
    return ", ".join(dict.fromkeys(str(FIELDS.get(one, one)) for one in names))


def moment_of(text: str) -> str:
    """A moment of the verdict as it is read here; "" for none."""
    if not text:
        return ""
    moment = datetime.fromisoformat(text)
    return timezone.localtime(moment).strftime("%H:%M %d/%m/%Y")
