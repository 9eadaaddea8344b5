"""The admin site, open to the installation's administrators and to agency administrators."""

from functools import wraps
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.models import Agency, Appointment
from core import clock


def administered(request: HttpRequest) -> list[int]:
    """Keys of the agencies that the signed-in person administers today; asked once a request."""
    if not hasattr(request, "_administered"):
        user = request.user
        if not (user.is_authenticated and user.is_active):
            found: list[int] = []
        elif user.is_superuser:
            found = list(Agency.objects.values_list("pk", flat=True))
        else:
            found = list(
                Appointment.objects.in_force(clock.today())
                .filter(user=user, role=Role.AGENCY_ADMIN)
                .values_list("unit__agency", flat=True)
                .distinct()
            )
        request._administered = found  # type: ignore[attr-defined]
    return request._administered  # type: ignore[attr-defined]


class OfficeAdminSite(AdminSite):
    """Django's admin in the office's words."""

    site_header = _("Quản trị văn phòng điện tử")
    site_title = _("Quản trị")
    index_title = _("Cơ quan, đơn vị, người dùng")
    site_url = "/"

    @login_not_required
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The office's own door: Django's would let only its own staff in."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def get_urls(self) -> list[Any]:
        """Without Django's jump to the page of any row: it would tell which documents there are."""
        return [one for one in super().get_urls() if getattr(one, "name", "") != "view_on_site"]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Django's pages hand keys and filters to the database as they come: not what none has."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            keys = [*args, *(kwargs[name] for name in ("object_id", "id") if name in kwargs)]
            if not all(key.isascii() and key.isdecimal() and len(key) < 19 for key in keys):
                raise Http404
            if any("\0" in value for values in request.GET.lists() for value in values[1]):
                raise BadRequest
            try:
                return inner(request, *args, **kwargs)
            except OverflowError as error:  # a year that no calendar has
                raise BadRequest from error

        return checked

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and (request.user.is_superuser or bool(administered(request)))
