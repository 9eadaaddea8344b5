"""Which documents that went out will be hard to prove, and from when on. Reads only."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actor import Actor
from core import clock
from dossiers.filing import of_dossiers
from outgoing.choices import GONE_OUT, State
from outgoing.models import IssuedFile, OutgoingDocument
from signatures.actions.watching import DAYS
from signatures.lasting import support_of

AHEAD = timedelta(days=max(DAYS))  # as long before as the holder of a certificate is told
SHOWN = 200  # on one page


@dataclass(frozen=True)
class Row:
    """A file whose signatures can be proved until a day only: why, and how far that is."""

    document: OutgoingDocument
    why: str
    distance: str
    is_over: bool
    report_url: str


def weakening(actor: Actor, dossier: str = "") -> tuple[list[Row], bool]:
    """What he may see of them, that which weakens first in front; and whether there are more.

    ``dossier``: only what lies in those that hold these words.
    """
    rows = files(actor).select_related("document", "file")
    if dossier:
        rows = rows.filter(of_dossiers(actor, dossier, "document"))
    found = list(rows.order_by("proof_until", "pk")[: SHOWN + 1])
    for one in found:
        one.document.agency = actor.agency
    return [_row(one) for one in found[:SHOWN]], len(found) > SHOWN


def files(actor: Actor) -> "QuerySet[IssuedFile]":
    """The newest file of each part of what was sealed or issued, where its proof weakens soon or
    has weakened already."""
    seen = OutgoingDocument.objects.visible_to(actor).filter(state__in=(State.SEALED, *GONE_OUT))
    newer = IssuedFile.objects.filter(
        document=OuterRef("document"), part=OuterRef("part"), pk__gt=OuterRef("pk")
    )
    return IssuedFile.objects.filter(
        ~Exists(newer), document__in=seen, proof_until__lte=clock.now() + AHEAD
    )


def to_renew(actor: Actor, document: OutgoingDocument) -> list[IssuedFile]:
    """The files of one document whose proof weakens and has not weakened yet, by part."""
    rows = files(actor).filter(document=document.pk, proof_until__gt=clock.now())
    return list(rows.select_related("file", "version").order_by("part"))


def _row(one: IssuedFile) -> Row:
    document, until = one.document, one.proof_until
    assert until is not None  # noqa: S101 -- asked for
    support = support_of(one.file.signatures)
    day = clock.day_of(until)
    said = (
        _("Chứng thư số của dịch vụ cấp dấu thời gian có hiệu lực đến %(day)s.")
        if support and support.is_stamped
        else _("Không có dấu thời gian; chứng thư số của %(signer)s có hiệu lực đến %(day)s.")
    )
    facts = {"day": f"{day:%d/%m/%Y}", "signer": support.signer if support else ""}
    return Row(
        document=document,
        why=said % facts,
        distance=_distance(until, day),
        is_over=until <= clock.now(),
        report_url=reverse(
            "outgoing:signature_report", args=[document.agency.slug, document.pk, one.pk]
        ),
    )


def _distance(until: datetime, day: date) -> str:
    if until <= clock.now():
        return _("Đã yếu từ %(day)s") % {"day": f"{day:%d/%m/%Y}"}
    days = (until - clock.now()).days
    return ngettext("Còn %(days)d ngày", "Còn %(days)d ngày", days) % {"days": days}
