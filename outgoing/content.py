"""What people type of a draft, and the sheet that it becomes."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from documents.choices import Priority
from outgoing.choices import Authority
from outgoing.models import DraftVersion, IssuingBody, OutgoingDocument
from outgoing.paper import Annex, Paper, Signer


@dataclass(frozen=True, kw_only=True)
class AnnexText:
    """An annex, or the regulation that a decision issues."""

    heading: str
    title: str = ""
    body: str = ""
    issued_with: bool = False
    landscape: bool = False


@dataclass(frozen=True, kw_only=True)
class Content:
    """The composer's fields; lines of lists are kept as typed, one a line.

    TT 01/2019 Phụ lục V: fields 4, 9, 10, 12, 15 and 17 are the drafter's (Cần Thơ Điều 9.2b).
    """

    type_name: str
    subject: str = ""
    language: str = "Tiếng Việt"
    description: str = ""
    priority: int = 0
    deliver_at: str = ""
    # The receivers should answer by this day (field 17), as ISO text.
    reply_due_date: str = ""
    # Key of the IssuingBody; 0: the agency itself.
    body_key: int = 0
    code_notation: str = ""
    place: str = ""
    addressees: str = ""
    grounds: str = ""
    body: str = ""
    recipients: str = ""
    authority: str = ""
    on_behalf_of: str = ""
    deputy_for: str = ""
    signer_position: str = ""
    signer_full_name: str = ""
    signer_other_post: str = ""
    secretary_position: str = ""
    secretary_full_name: str = ""
    circulation: str = ""
    drafter_mark: str = ""
    annexes: tuple[AnnexText, ...] = ()

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Content":
        """From what a version or a template holds; unknown keys of older ones are left out."""
        known = {one.name for one in fields(cls)}
        values = {name: value for name, value in data.items() if name in known}
        values["annexes"] = tuple(AnnexText(**one) for one in values.get("annexes", ()))
        return cls(**values)

    def stored(self) -> dict[str, Any]:
        """As a version or a template holds it."""
        return {**asdict(self), "annexes": [asdict(one) for one in self.annexes]}

    @property
    def reply_day(self) -> date | None:
        """Field 17 as a day."""
        return date.fromisoformat(self.reply_due_date) if self.reply_due_date else None

    def with_paper(self, old: Paper, new: Paper) -> "Content":
        """The text after the sheet was mended: only what differs is taken over."""
        changed: dict[str, Any] = {}
        for name in ("type_name", "subject", "code_notation", "place", "body", "circulation",
                     "drafter_mark", "deliver_at"):  # fmt: skip
            if getattr(old, name) != getattr(new, name):
                changed[name] = getattr(new, name)
        for name in ("addressees", "grounds", "recipients"):
            if getattr(old, name) != getattr(new, name):
                changed[name] = "\n".join(getattr(new, name))
        if old.signer != new.signer:
            changed |= {
                "authority": new.signer.authority,
                "on_behalf_of": new.signer.on_behalf_of,
                "deputy_for": new.signer.deputy_for,
                "signer_position": new.signer.position,
                "signer_full_name": new.signer.full_name,
                "signer_other_post": new.signer.other_post,
            }
        if old.annexes != new.annexes:
            changed["annexes"] = tuple(
                AnnexText(
                    heading=one.heading,
                    title=one.title,
                    body=one.body,
                    issued_with=one.issued_with,
                    landscape=one.landscape,
                )
                for one in new.annexes
            )
        return replace(self, **changed)

    def words(self) -> str:
        """All that is written, for comparing two versions and for searching."""
        parts = [self.type_name, self.subject, self.addressees, self.grounds, self.body]
        for annex in self.annexes:
            parts += [annex.heading, annex.title, annex.body]
        parts += [
            self.recipients,
            f"{self.authority} {self.on_behalf_of}".strip(),
            f"KT. {self.deputy_for}" if self.deputy_for else "",
            self.signer_position,
            self.signer_other_post,
            self.signer_full_name,
        ]
        return "\n".join(part for part in parts if part)

    def compared(self, words: str | None = None) -> str:
        """All that a version holds, a line each: the words (or those of its file), then the rest.

        For seeing what another version has changed; only what differs there is shown.
        """
        body = IssuingBody.objects.filter(pk=self.body_key).first() if self.body_key else None
        rest = (
            (_("Cơ quan ban hành"), body.name if body else ""),
            (_("Ký hiệu"), self.code_notation),
            (_("Địa danh"), self.place),
            (_("Mức độ khẩn"), Priority(self.priority).label if self.priority else ""),
            (_("Giờ phải đến"), self.deliver_at),
            (_("Chỉ dẫn phạm vi lưu hành"), self.circulation),
            (_("Ký hiệu người soạn thảo"), self.drafter_mark),
            (_("Chức vụ người ký thứ hai"), self.secretary_position),
            (_("Người ký thứ hai"), self.secretary_full_name),
            (_("Ngôn ngữ"), self.language),
            (_("Hạn trả lời văn bản"), self.reply_due_date),
            (_("Ghi chú"), self.description),
        )
        said = (f"{label}: {value}" for label, value in rest if value)
        return "\n".join((self.words() if words is None else words, *said))


def compared(version: DraftVersion) -> str:
    """The same of a version, composed here or uploaded."""
    return content_of(version).compared(version.text if version.is_uploaded else None)


def lines(text: str) -> tuple[str, ...]:
    """The lines of a list as typed, without a dash before and a mark behind."""
    found = (line.strip().lstrip("-–+•").strip().rstrip(";,").strip() for line in text.split("\n"))
    return tuple(line for line in found if line)


def body_of(document: OutgoingDocument, content: Content) -> IssuingBody:
    """In whose name it is issued; the agency itself where nobody has entered one."""
    bodies = list(IssuingBody.objects.filter(agency=document.agency_id))
    # What was begun in a body's name stays so, whether or not it is still offered.
    chosen = next((one for one in bodies if one.pk == content.body_key), None)
    if found := chosen or next((one for one in bodies if one.is_active), None):
        return found
    name = document.agency.name
    return IssuingBody(agency=document.agency, name=name, organ_name=name.upper())


def paper_of(
    document: OutgoingDocument, content: Content, *, pictures: Mapping[str, bytes] | None = None
) -> Paper:
    """The sheet: what was typed, under the header of the body that issues it."""
    body = body_of(document, content)
    signs_for_all = content.authority == Authority.COLLECTIVE
    secretary = None
    if content.secretary_full_name:
        secretary = Signer(
            position=content.secretary_position, full_name=content.secretary_full_name
        )
    return Paper(
        type_name=content.type_name,
        organ_name=body.organ_name,
        parent_organ=body.parent_organ,
        issuer=body.name,
        code_notation=content.code_notation,
        place=content.place or body.place,
        subject=content.subject,
        addressees=lines(content.addressees),
        grounds=tuple(one.rstrip(".") for one in lines(content.grounds)),
        deciding_post=body.deciding_post,
        body=content.body,
        annexes=tuple(
            Annex(one.heading, one.title, one.body, one.issued_with, one.landscape)
            for one in content.annexes
        ),
        signer=Signer(
            authority=content.authority,
            on_behalf_of=content.on_behalf_of or (body.collective if signs_for_all else ""),
            deputy_for=content.deputy_for,
            position=content.signer_position,
            full_name=content.signer_full_name,
            other_post=content.signer_other_post,
        ),
        secretary=secretary,
        recipients=tuple(one.rstrip(".") for one in lines(content.recipients)),
        priority=content.priority,
        deliver_at=content.deliver_at,
        circulation=content.circulation,
        drafter_mark=content.drafter_mark,
        contact=body.contact,
        pictures=pictures or {},
    )


def content_of(version: DraftVersion) -> Content:
    """What was typed in a version."""
    return Content.read(version.content)
