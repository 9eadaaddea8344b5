"""Each signature of a file, for a clerk: who, when, what changed since, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from signatures.verdicts import (
    CHANGES,
    LEVELS,
    REASONS,
    fields_of,
    moment_of,
    revocation_of,
    signer_of,
)

_SEND_AGAIN = gettext_lazy("Không nhận tệp này; báo nơi gửi gửi lại bản đã ký.")
_SIGN_AGAIN = gettext_lazy("Báo nơi gửi ký lại bằng chứng thư số còn hiệu lực, đúng mục đích.")
_LOOK = gettext_lazy(
    "Mở tệp bằng phần mềm ký số xem phần thêm vào; chưa rõ thì hỏi nơi gửi trước khi đăng ký."
)
_CHECK = gettext_lazy("Kiểm tra tệp bằng phần mềm ký số trước khi đăng ký.")

ADVICE: dict[str, Promise] = {
    "digest_mismatch": _SEND_AGAIN,
    "false_signature": _SEND_AGAIN,
    "not_covered": _SEND_AGAIN,
    "changed_after_signing": _SEND_AGAIN,
    "broken_signature": _SEND_AGAIN,
    "filled_after_signing": _LOOK,
    "changes_not_judged": _LOOK,
    "changes_unclear": _LOOK,
    "unknown_issuer": gettext_lazy(
        "Hỏi nơi gửi chứng thư số do đâu cấp; nơi cấp đáng tin thì báo quản trị thêm vào danh sách."
    ),
    "certificate_out_of_time": _SIGN_AGAIN,
    "certificate_revoked": _SIGN_AGAIN,
    "revoked_since": gettext_lazy("Hỏi nơi gửi chữ ký làm trước hay sau khi chứng thư bị thu hồi."),
    "certificate_purpose": _SIGN_AGAIN,
    "weak_algorithm": _SIGN_AGAIN,
    "time_to_come": gettext_lazy("Hỏi nơi gửi ngày giờ ký; đồng hồ máy ký có thể sai."),
    "unsupported_format": _CHECK,
    "not_examined": _CHECK,
    "not_listed": _CHECK,
}


@dataclass(frozen=True)
class Signature:
    """One signature in words; ``level`` is ok, unknown or refused."""

    level: str
    who: str
    is_timestamp: bool
    issuer: str
    time: str
    state: str
    changes: str
    advice: str
    revocation: str


def signatures_of(result: Mapping[str, Any] | None) -> list[Signature]:
    """The signatures of a file, as signatures.pdf.examine found them."""
    return [_signature(one) for one in (result or {}).get("signatures", [])]


def _signature(finding: Mapping[str, Any]) -> Signature:
    reason = finding["reason"]
    said = str(REASONS.get(reason) or _("hợp lệ, nội dung chưa bị sửa"))
    changes = [str(CHANGES[code]) for code in finding["changes"] if code in CHANGES]
    if finding["changed_fields"]:
        changes.append(_("điền trường %(fields)s") % {"fields": fields_of(finding)})
    return Signature(
        level=LEVELS[finding["verdict"]],
        who=signer_of(finding),
        is_timestamp=finding["kind"] == "timestamp",
        issuer=finding["issuer"],
        time=moment_of(finding["signing_time"]),
        state=said[:1].upper() + said[1:],
        changes=", ".join(changes),
        advice=str(ADVICE.get(reason, "")),
        revocation=revocation_of(finding),
    )
