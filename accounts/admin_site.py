"""The admin site, open to the installation's administrators and to agency administrators."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
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

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and (request.user.is_superuser or bool(administered(request)))
