"""What the frame of every page shows."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Agency, Appointment
from documents.models import Waiting
from notifications.models import Notification


@dataclass(frozen=True)
class Place:
    """One of the places in the header band."""

    label: str
    url: str
    icon: str
    count: int
    current: bool


@dataclass(frozen=True)
class Frame:
    """The header band and the phone's bottom bar."""

    agency: Agency
    actor: Actor
    places: list[Place]
    unread: int
    appointments: tuple[Appointment, ...]
    desk_url: str
    search_url: str
    notifications_url: str
    switch_url: str
    help_url: str
    languages: list[tuple[str, str]]
    admin_url: str


def _counts(actor: Actor) -> tuple[int, int]:
    """What waits for him, and what he has not read: one question on every page."""
    waiting = Waiting.objects.waiting_for(actor).due()
    unread = Notification.objects.filter(user=actor.user, agency=actor.agency, read_at__isnull=True)
    rows = Agency.objects.filter(pk=actor.agency.pk)
    return rows.values_list(_counted(waiting), _counted(unread)).get()


def _counted(rows: QuerySet) -> Coalesce:
    together = rows.order_by().annotate(all=Value(1)).values("all").annotate(n=Count("pk"))
    return Coalesce(Subquery(together.values("n")), 0)


def frame(request: HttpRequest) -> dict[str, Any]:
    """``frame``: None for whoever is not signed in or stands outside an agency."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return {"frame": None}
    slug = actor.agency.slug
    waiting, unread = _counts(actor)
    desk, book = reverse("reports:desk", args=[slug]), reverse("incoming:book", args=[slug])
    guide, files = reverse("incoming:help", args=[slug]), reverse("dossiers:dossiers", args=[slug])
    drafts = reverse("outgoing:outgoing", args=[slug])
    places = [
        Place(_("Việc của tôi"), desk, "list-checks", waiting, request.path == desk),
        Place(
            _("Văn bản đến"),
            book,
            "inbox",
            0,
            request.path.startswith(book) and request.path != guide,
        ),
        Place(
            _("Văn bản đi"),
            drafts,
            "send",
            0,
            request.path.startswith(drafts),
        ),
        Place(
            _("Hồ sơ công việc"),
            files,
            "folder-open",
            0,
            request.path.startswith(files),
        ),
    ]
    admin_url = (
        reverse("admin:index")
        if any(one.role == "agency_admin" for one in actor.everywhere)
        else ""
    )
    return {
        "frame": Frame(
            agency=actor.agency,
            actor=actor,
            places=places,
            unread=unread,
            appointments=actor.everywhere,
            desk_url=desk,
            search_url=reverse("reports:search", args=[slug]),
            notifications_url=reverse("reports:notifications", args=[slug]),
            switch_url=reverse("accounts:switch"),
            help_url=guide,
            languages=settings.LANGUAGES,
            admin_url=admin_url,
        )
    }
