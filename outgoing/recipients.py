"""Who may be sent a document, and by which ways; the lines that somebody types."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Agency, DirectoryEntry
from core.text import clean, fold
from outgoing.choices import Way

MOST = 2000  # receivers of one document
MOST_COPIES = 999
# Somebody is sent it through the system, and the paper follows (Sơn La Điều 8.1).
BOTH = "both"
WORDS: dict[str, str | Promise] = {
    Way.INSIDE: gettext_lazy("Qua hệ thống"),
    BOTH: gettext_lazy("Qua hệ thống và bản giấy"),
    Way.EMAIL: gettext_lazy("Thư điện tử công vụ"),
    Way.PAPER: gettext_lazy("Bản giấy"),
}
# How people write it, folded.
_TYPED = {
    "he thong": Way.INSIDE.value,
    "qua he thong": Way.INSIDE.value,
    "mang": Way.INSIDE.value,
    "qua mang": Way.INSIDE.value,
    "he thong va ban giay": BOTH,
    "qua he thong va ban giay": BOTH,
    "thu dien tu": Way.EMAIL.value,
    "thu dien tu cong vu": Way.EMAIL.value,
    "email": Way.EMAIL.value,
    "e mail": Way.EMAIL.value,
    "thu": Way.EMAIL.value,
    "giay": Way.PAPER.value,
    "ban giay": Way.PAPER.value,
    "buu dien": Way.PAPER.value,
}


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """One receiver by one way."""

    organ_name: str
    way: str
    address: str = ""
    copies: int = 1
    organ_id: str = ""
    agency: Agency | None = None
    note: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Who and how: nobody is sent the same twice by one way."""
        if self.agency is not None:
            return (self.way, f"agency {self.agency.pk}")
        who = self.organ_id or f"{fold(self.organ_name)} {self.address.lower()}"
        return (self.way, who)


def ways_of(entry: DirectoryEntry) -> list[str]:
    """The ways to a receiver of the directory, the one that is taken unasked first.

    Through the system where he works in it, else to his official mailbox, else on paper (Kon Tum
    Điều 15.2, 17.2).
    """
    ways: list[str] = [Way.INSIDE, BOTH] if entry.agency_id else []
    if entry.email:
        ways.append(Way.EMAIL)
    return [*ways, Way.PAPER]


def to_entry(
    entry: DirectoryEntry, way: str, *, copies: int = 1, address: str = ""
) -> list[Recipient]:
    """A receiver of the directory by that way, or by two; ``address``: where the paper goes."""
    addresses = {Way.EMAIL.value: entry.email, Way.PAPER.value: address}
    return [
        Recipient(
            organ_name=entry.organ_name,
            organ_id=entry.organ_id,
            agency=entry.agency,
            way=one,
            address=addresses.get(one, ""),
            copies=copies if one == Way.PAPER else 1,
        )
        for one in ((Way.INSIDE.value, Way.PAPER.value) if way == BOTH else (way,))
    ]


@dataclass(frozen=True)
class Line:
    """A typed line with its number, taken apart."""

    number: int
    name: str
    way: str
    address: str
    copies: int


def read_lines(text: str) -> list[Line]:
    """Lines "name | way | address | copies"; all but the name may be left out.

    Raises ValidationError with one sentence for each line that is wrong.
    """
    lines, faults = [], []
    for number, typed in enumerate(text.splitlines(), start=1):
        parts = [clean(part) for part in typed.split("|")]
        if not any(parts):
            continue
        try:
            lines.append(_line(number, parts))
        except ValidationError as error:
            faults.append(
                _("Dòng %(number)d: %(words)s")
                % {
                    "number": number,
                    "words": error.messages[0],
                }
            )
    if faults:
        raise ValidationError(faults)
    return lines


def _line(number: int, parts: Sequence[str]) -> Line:
    name, way, address, copies = [*parts, "", "", "", ""][:4]
    if len(parts) > 4:
        raise ValidationError(_("chỉ có bốn phần: tên | cách gửi | địa chỉ | số bản."))
    if not name or len(name) > 200:
        raise ValidationError(_("ghi tên nơi nhận, không quá 200 ký tự."))
    chosen = _TYPED.get(fold(way), "")
    if way and not chosen:
        raise ValidationError(
            _("cách gửi “%(way)s” không có; ghi: hệ thống, thư điện tử hoặc giấy.") % {"way": way}
        )
    if not chosen and "@" in address:
        chosen = Way.EMAIL.value
    if len(address) > 300:
        raise ValidationError(_("địa chỉ dài quá 300 ký tự."))
    if chosen == Way.EMAIL and address:
        try:
            validate_email(address)
        except ValidationError as error:
            raise ValidationError(
                _("“%(address)s” không phải địa chỉ thư điện tử.") % {"address": address[:100]}
            ) from error
    if copies and not (re.fullmatch(r"[0-9]{1,3}", copies) and int(copies)):
        raise ValidationError(_("số bản là số từ 1 đến %(most)d.") % {"most": MOST_COPIES})
    return Line(number, name, chosen, address, int(copies or 1))


def to_lines(lines: Iterable[Line]) -> list[Recipient]:
    """The receivers of typed lines; a name of the directory is that receiver.

    Raises ValidationError with one sentence for each that cannot be sent so.
    """
    lines = list(lines)
    known = named(one.name for one in lines)
    found: list[Recipient] = []
    faults: list[str] = []
    for one in lines:
        entry = known.get(fold(one.name))
        way = one.way or _unasked(entry, one.address)
        has_own_mailbox = way == Way.EMAIL and one.address
        if entry is not None and way in ways_of(entry) and not has_own_mailbox:
            found += to_entry(entry, way, copies=one.copies, address=one.address)
            continue
        words = ""
        if way in (Way.INSIDE, BOTH):
            words = _("“%(name)s” không ở trong hệ thống này; chọn trong danh bạ.")
        elif way == Way.EMAIL and not one.address:
            words = _("“%(name)s” chưa có địa chỉ thư điện tử.")
        if words:
            said = _("Dòng %(number)d: %(words)s")
            faults.append(said % {"number": one.number, "words": words % {"name": one.name[:80]}})
            continue
        found.append(
            Recipient(
                organ_name=one.name,
                organ_id=entry.organ_id if entry else "",
                agency=entry.agency if entry else None,
                way=way,
                address=one.address,
                copies=one.copies,
            )
        )
    if faults:
        raise ValidationError(faults)
    return found


def _unasked(entry: DirectoryEntry | None, address: str) -> str:
    """The way where none was typed: with an address that is no mailbox, by post."""
    return Way.PAPER.value if entry is None or address else ways_of(entry)[0]


def named(names: Iterable[str]) -> dict[str, DirectoryEntry]:
    """Receivers of the directory with exactly these names, by the folded name; one question.

    A name that two bear is nobody's: it must be chosen.
    """
    # Names stand as they were cleaned; a paper, or a list, may write them in capitals.
    spelled = {form for name in names for form in (name, name.upper())}
    rows = DirectoryEntry.objects.active().filter(organ_name__in=spelled)
    rows = rows.select_related("agency__parent")
    found: dict[str, list[DirectoryEntry]] = {}
    for row in rows:
        found.setdefault(fold(row.organ_name), []).append(row)
    return {key: each[0] for key, each in found.items() if len(each) == 1}


_NOBODY = re.compile(r"^(nhu tren|luu\b|nhu kinh gui|de b c)")


def suggested(texts: Iterable[str]) -> list[DirectoryEntry]:
    """Receivers of the directory whom the printed lines name ("Kính gửi", "Nơi nhận")."""
    names = []
    for line in "\n".join(texts).splitlines():
        name = clean(re.sub(r"\([^)]*\)", "", line)).strip(" -–;,./")
        if name and not _NOBODY.match(fold(name)):
            names.append(name)
    return sorted(named(names).values(), key=lambda row: row.organ_name)
