"""Sign in and out, passwords, and the current post."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import LoginView, LogoutView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions
from accounts.forms import AppointmentForm, LoginForm, PasswordForm
from accounts.middleware import CURRENT
from accounts.models import Agency, Appointment
from core import clock
from core.text import clean


class SignIn(LoginView):
    """Sign in, under the name of the agency whose page was asked for."""

    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | entrance(self.get_redirect_url())


def entrance(path: str) -> dict[str, Any]:
    """The agency at the door: the one of the path, else the first of the tree."""
    slug = clean(path.strip("/").split("/")[0])
    agencies = Agency.objects.filter(is_active=True)
    agency = agencies.filter(slug=slug).first() or agencies.filter(parent=None).first()
    if agency is None:
        return {}
    secrets = agency.regulation.gate.get("state_secrets")
    return {
        "agency_name": agency.name,
        "secret_article": secrets.article if secrets else "",
    }


login = SignIn.as_view()
logout = LogoutView.as_view()


def locked_out(request: HttpRequest, credentials: dict[str, Any], *args: object) -> HttpResponse:
    """After five wrong passwords: wait a quarter of an hour, or ask (Kon Tum Điều 21.3)."""
    form = LoginForm(request)
    sentence = _(
        "Sai mật khẩu 5 lần nên tài khoản tạm khóa 15 phút. Quên mật khẩu thì báo bộ phận "
        "công nghệ thông tin để được cấp lại."
    )
    return render(
        request,
        "registration/login.html",
        {"form": form, "locked": sentence, **entrance(request.POST.get("next", ""))},
        status=429,
    )


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """To the desk of the agency where the person works; without a post, say so."""
    held = (
        Appointment.objects.in_force(clock.today())
        .filter(user=request.user)
        .select_related("unit__agency")
    )
    chosen = held.filter(pk=request.session.get(CURRENT)).first() or held.first()
    if chosen is not None:
        return redirect("reports:desk", agency=chosen.unit.agency.slug)
    if request.user.is_staff:
        return redirect("admin:index")
    return render(request, "accounts/no_post.html", status=403)


@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password."""
    form = PasswordForm(request.user, request.POST or None)
    if form.is_valid():
        actions.change_password(request.user, form.cleaned_data["new_password1"])  # type: ignore[arg-type]
        update_session_auth_hash(request, request.user)  # type: ignore[arg-type]
        messages.success(request, _("Đã đổi mật khẩu."))
        return redirect("accounts:start")
    context = {"form": form, "first": request.user.must_change_password}  # type: ignore[union-attr]
    return render(
        request, "registration/password_change.html", context, status=422 if form.errors else 200
    )


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Act as another of one's posts from now on."""
    form = AppointmentForm(request.POST)
    held = Appointment.objects.in_force(clock.today()).filter(user=request.user)
    chosen = (
        held.select_related("unit__agency").filter(pk=form.cleaned_data["appointment"]).first()
        if form.is_valid()
        else None
    )
    if chosen is None:
        raise Http404
    request.session[CURRENT] = chosen.pk
    return redirect(reverse("reports:desk", args=[chosen.unit.agency.slug]))
