"""Templates, phrases and pictures: what an office keeps ready, and what a text calls for."""

import io
import re

from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image

from accounts.actor import Actor
from core import clock
from core.errors import Refusal, require
from core.text import clean
from documents import uploads
from outgoing import rules
from outgoing.actions import routing
from outgoing.content import Content
from outgoing.markup import read
from outgoing.models import DraftVersion, OutgoingDocument, Phrase, Picture, Template

MOST_PICTURES = 40
MOST_PIXELS = 40_000_000
# As wide as a page prints at 300 dpi; more costs and shows nothing.
WIDEST = 2000
_NAME = re.compile(r"[^\w.\- ]+")


def add_picture(
    actor: Actor, document: OutgoingDocument, upload: uploads.QuarantinedUpload
) -> Picture:
    """Keep a picture for the text. It is drawn anew, so nothing else than the picture is kept.

    Raises Refusal for what is no picture, for one beyond all measure, and for too many.
    """
    content = _drawn(upload)
    with transaction.atomic():
        document = routing.lock(actor, document)
        acting = routing.allowed(rules.may_edit, actor, document)
        if document.pictures.count() >= MOST_PICTURES:
            raise Refusal(
                _("Một dự thảo có nhiều nhất %(count)d hình.") % {"count": MOST_PICTURES},
                field="picture",
            )
        return Picture.objects.create(
            document=document,
            name=_free_name(document, upload.name or ""),
            content=content,
            added_by=acting.appointment,
            added_at=clock.now(),
        )


def _drawn(upload: uploads.QuarantinedUpload) -> bytes:
    """PNG of the picture that was sent; transparency becomes white paper."""
    try:
        with Image.open(uploads.path_of(upload.token), formats=("PNG", "JPEG")) as found:
            if found.width * found.height > MOST_PIXELS:
                raise Refusal(_("Hình lớn quá. Thu nhỏ rồi thêm lại."), field="picture")
            found.load()
            whole = found.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Refusal(_("Chỉ nhận hình PNG hoặc JPEG."), field="picture") from error
    if whole.width > WIDEST:
        whole = whole.resize((WIDEST, max(1, whole.height * WIDEST // whole.width)))
    paper = Image.new("RGB", whole.size, "white")
    paper.paste(whole, mask=whole.getchannel("A"))
    out = io.BytesIO()
    paper.save(out, "PNG", optimize=False)
    return out.getvalue()


def _free_name(document: OutgoingDocument, name: str) -> str:
    stem = _NAME.sub("", clean(name).rsplit(".", 1)[0]).strip() or "hinh"
    stem = stem[:100]
    taken = set(document.pictures.values_list("name", flat=True))
    name, number = f"{stem}.png", 1
    while name in taken:
        number += 1
        name = f"{stem}-{number}.png"
    return name


@transaction.atomic
def drop_picture(actor: Actor, document: OutgoingDocument, picture: Picture) -> None:
    """Take a picture away that no version calls for; older versions keep theirs.

    Raises Refusal while some version shows it.
    """
    document = routing.lock(actor, document)
    routing.allowed(rules.may_edit, actor, document)
    row = document.pictures.get(pk=picture.pk)
    shown = any(row.name in pictures_of(version) for version in document.versions.all())
    if shown:
        raise Refusal(_("Hình này đang nằm trong một bản đã lưu nên được giữ lại."))
    row.delete()


def pictures_of(version: DraftVersion) -> set[str]:
    """Names of the pictures that a version shows."""
    content = Content.read(version.content)
    texts = [content.body, *(one.body for one in content.annexes)]
    return {one.picture for text in texts for one in read(text) if one.picture}


@transaction.atomic
def keep_template(actor: Actor, *, name: str, content: Content, pk: int | None = None) -> Template:
    """Keep a text to begin with, or change one. Raises Refusal for a name that is taken."""
    require(rules.may_keep_ready(actor))
    name = clean(name)[:120]
    if not name:
        raise Refusal(_("Đặt tên mẫu."), field="name")
    rows = Template.objects.filter(agency=actor.agency)
    if rows.filter(name=name).exclude(pk=pk or 0).exists():
        raise Refusal(_("Đã có mẫu tên “%(name)s”.") % {"name": name}, field="name")
    row = rows.select_for_update().get(pk=pk) if pk else Template(agency=actor.agency)
    row.name, row.type_name = name, content.type_name
    row.content, row.changed_at = content.stored(), clock.now()
    row.save()
    return row


@transaction.atomic
def delete_template(actor: Actor, pk: int) -> str:
    """Drop a template; drafts that began with it keep their text. Answers its name."""
    require(rules.may_keep_ready(actor))
    row = Template.objects.get(pk=pk, agency=actor.agency)
    row.delete()
    return row.name


@transaction.atomic
def keep_phrase(actor: Actor, text: str) -> Phrase:
    """Add a standard phrase at the end of the list. Raises Refusal for one that is there."""
    require(rules.may_keep_ready(actor))
    text = clean(text)
    if not text or len(text) > 500:
        raise Refusal(_("Ghi câu mẫu, nhiều nhất 500 ký tự."), field="text")
    rows = Phrase.objects.filter(agency=actor.agency)
    if rows.filter(text=text).exists():
        raise Refusal(_("Câu mẫu này đã có."), field="text")
    return Phrase.objects.create(agency=actor.agency, text=text, ordinal=rows.count() + 1)


@transaction.atomic
def delete_phrase(actor: Actor, pk: int) -> None:
    """Drop a standard phrase."""
    require(rules.may_keep_ready(actor))
    Phrase.objects.get(pk=pk, agency=actor.agency).delete()
