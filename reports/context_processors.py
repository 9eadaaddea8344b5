"""What the frame of every page shows."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
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


def frame(request: HttpRequest) -> dict[str, Any]:
    """``frame``: None for whoever is not signed in or stands outside an agency."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return {"frame": None}
    slug = actor.agency.slug
    waiting = Waiting.objects.waiting_for(actor).due().count()
    unread = Notification.objects.filter(
        user=actor.user, agency=actor.agency, read_at__isnull=True
    ).count()
    desk, book = reverse("reports:desk", args=[slug]), reverse("incoming:book", args=[slug])
    guide, files = reverse("incoming:help", args=[slug]), reverse("dossiers:dossiers", args=[slug])
    lists = reverse("dossiers:catalogues", args=[slug])
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
            _("Hồ sơ công việc"),
            files,
            "folder-open",
            0,
            request.path.startswith(files) and not request.path.startswith(lists),
        ),
        Place(_("Danh mục hồ sơ"), lists, "library", 0, request.path.startswith(lists)),
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
