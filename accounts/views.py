"""Sign in and out, passwords, and the current post."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import LoginView, LogoutView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.i18n import set_language

from accounts import actions, rules
from accounts.actor import Actor, actor_for
from accounts.forms import (
    AppointmentForm,
    DelegationForm,
    LoginForm,
    PasswordForm,
    PreferencesForm,
)
from accounts.middleware import CURRENT
from accounts.models import Agency, Appointment, Delegation, SignedIn, User
from accounts.sign_in import browser_of, client_address
from core import clock
from core.errors import Refusal
from core.text import clean


class SignIn(LoginView):
    """Sign in, under the name of the agency whose page was asked for."""

    authentication_form = LoginForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        note_session(self.request)
        if chosen := form.get_user().chosen.language:
            keep_language(answer, chosen)
        else:
            # What the browser speaks was chosen by whoever sat here before.
            drop_language(answer)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | entrance(self.get_redirect_url())


def note_session(request: HttpRequest) -> None:
    """The browser of this request is one more in which the person is signed in."""
    actions.note_sign_in(
        request.user,  # type: ignore[arg-type]
        request.session.session_key or "",
        browser=browser_of(request),
        address=client_address(request),
    )


def keep_language(answer: HttpResponse, code: str, max_age: int | None = None) -> None:
    """This browser speaks it from now on."""
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=max_age,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,  # type: ignore[arg-type]
    )


def drop_language(answer: HttpResponse) -> None:
    """This browser speaks Vietnamese again."""
    keep_language(answer, "", max_age=0)


def language(request: HttpRequest) -> HttpResponse:
    """The menu's switch; the choice of a signed-in person goes with him to other browsers."""
    answer = set_language(request)
    code = request.POST.get("language", "")
    if request.user.is_authenticated and code in dict(settings.LANGUAGES):
        actions.choose(request.user, language=code)
    return answer


def entrance(path: str) -> dict[str, Any]:
    """The agency at the door: the one of the path, else that above all; of several, none."""
    slug = clean(path.strip("/").split("/")[0])
    agencies = Agency.objects.filter(is_active=True)
    agency = agencies.filter(slug=slug).first()
    if agency is None:
        roots = list(agencies.filter(parent=None)[:2])
        if len(roots) != 1:
            return {}  # the installation's own name stands there
        [agency] = roots
    secrets = agency.regulation.gate.get("state_secrets")
    return {
        "agency_name": agency.name,
        "secret_article": secrets.article if secrets else "",
    }


class SignOut(LogoutView):
    """Sign out; nothing that the person had chosen stays for whoever sits there next."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = super().post(request, *args, **kwargs)
        drop_language(answer)
        return answer


login = SignIn.as_view()
logout = SignOut.as_view()


def locked_out(request: HttpRequest, credentials: dict[str, Any], *args: object) -> HttpResponse:
    """After five wrong passwords: wait a quarter of an hour, or ask (Kon Tum Điều 21.3)."""
    form, path = LoginForm(request), request.POST.get("next", "")
    sentence = _(
        "Sai mật khẩu 5 lần nên tài khoản tạm khóa 15 phút. Quên mật khẩu thì báo bộ phận "
        "công nghệ thông tin để được cấp lại."
    )
    return render(
        request,
        "registration/login.html",
        {"form": form, "locked": sentence, "next": path, **entrance(path)},
        status=429,
    )


def current_post(request: HttpRequest) -> Appointment | None:
    """The post as which the person acts, or the first that he holds today."""
    held = (
        Appointment.objects.in_force(clock.today())
        .filter(user=request.user)
        .select_related("unit__agency__parent")
    )
    return held.filter(pk=request.session.get(CURRENT)).first() or held.first()


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """To the desk of the agency where the person works; without a post, say so."""
    chosen = current_post(request)
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
        note_session(request)
        # Their key no longer fits: gone from the list of open sessions, too.
        actions.sign_out_elsewhere(request.user, request.session)  # type: ignore[arg-type]
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


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Who I am here, what I have set for myself, and where I am signed in."""
    user: User = request.user  # type: ignore[assignment]
    form = PreferencesForm(user.chosen, request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.choose(user, **form.cleaned_data)
        return chosen_page(request, form.cleaned_data["language"])
    stand_at_home(request)
    return render(
        request,
        "accounts/account.html",
        {"form": form, "mail_server": bool(settings.EMAIL_HOST)} | about(request),
        status=422 if form.errors else 200,
    )


def chosen_page(request: HttpRequest, code: str) -> HttpResponse:
    """Back to the account page, which speaks the language that was just chosen."""
    request.session.pop("density", None)  # and the list begins as it was just chosen
    with translation.override(code):
        messages.success(request, _("Đã lưu thiết lập."))
    answer = redirect("accounts:account")
    keep_language(answer, code)
    return answer


def stand_at_home(request: HttpRequest) -> None:
    """A page outside every agency has the frame of the one where the person works now."""
    chosen = current_post(request)
    if chosen is not None:
        request.actor = actor_for(  # type: ignore[attr-defined]
            request.user,  # type: ignore[arg-type]
            chosen.unit.agency,
            current=chosen.pk,
        )


def about(request: HttpRequest) -> dict[str, Any]:
    """What the office knows of the person: posts, delegations in force, open sessions."""
    user: User = request.user  # type: ignore[assignment]
    today = clock.today()
    running = Delegation.objects.in_force(today).select_related(
        "appointment__user", "appointment__unit__agency", "delegate"
    )
    held = Appointment.objects.in_force(today).select_related("unit__agency")
    return {
        "posts": held.filter(user=user),
        "current": current_post(request),
        "given": running.filter(appointment__user=user),
        "taken": running.filter(delegate=user),
        "sessions": SignedIn.objects.filter(user=user).alive(clock.now()),
        "here": request.session.session_key,
    }


@require_POST
def sign_out_others(request: HttpRequest) -> HttpResponse:
    """End my other sessions; this one stays."""
    count = actions.sign_out_elsewhere(request.user, request.session)  # type: ignore[arg-type]
    said = ngettext(
        "Đã đăng xuất ở %(count)d nơi khác.", "Đã đăng xuất ở %(count)d nơi khác.", count
    )
    none = _("Không có nơi nào khác đang đăng nhập.")
    messages.success(request, said % {"count": count} if count else none)
    return redirect("accounts:account")


@require_http_methods(["GET", "HEAD", "POST"])
def delegations(request: HttpRequest) -> HttpResponse:
    """Whom I let act for me, and for whom I act (Bắc Giang Điều 5.3d, Kon Tum Điều 13.1)."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    refusal = rules.may_delegate(actor.own)
    people = [] if refusal else actions.possible_delegates(actor.own)
    form = DelegationForm(people, request.POST or None)
    status = 409 if refusal and request.method == "POST" else 200
    if request.method == "POST" and refusal is None:
        status = 422
        if form.is_valid():
            values = dict(form.cleaned_data)
            try:
                made = actions.delegate(actor, values.pop("delegate"), **values)
            except Refusal as said:
                refusal, status = said, 409
            else:
                sentence = _("Đã ủy quyền cho %(name)s, từ %(first)s đến hết %(last)s.")
                words = {
                    "name": made.delegate.full_name,
                    "first": f"{made.start_date:%d/%m/%Y}",
                    "last": f"{made.end_date:%d/%m/%Y}",
                }
                messages.success(request, sentence % words)
                return redirect("accounts:delegations", actor.agency.slug)
    today = clock.today()
    mine = Delegation.objects.filter(appointment__unit__agency=actor.agency).select_related(
        "appointment__user", "appointment__unit", "delegate"
    )
    context = {
        "form": form,
        "refusal": refusal,
        "may_delegate": rules.may_delegate(actor.own) is None,
        "provision": actor.agency.regulation.delegate(
            actor.own.role, member=actor.agency.is_member
        ),
        "given": mine.filter(appointment__user=actor.user)[:20],
        "taken": mine.filter(delegate=actor.user).not_over(today),
        "today": today,
    }
    return render(request, "accounts/delegations.html", context, status=status)


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of my delegations now."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = get_object_or_404(
        Delegation, pk=pk, appointment__user=actor.user, appointment__unit__agency=actor.agency
    )
    actions.revoke(actor, found)
    messages.success(
        request, _("Đã thôi ủy quyền cho %(name)s.") % {"name": found.delegate.full_name}
    )
    return redirect("accounts:delegations", actor.agency.slug)
