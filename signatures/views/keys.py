"""One's own keys: the list, a new one, its picture, opened again, retired."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.views import stand_at_home
from core import clock
from core.errors import Refusal
from signatures import actions
from signatures.forms import KeyForm, PasswordForm, PictureForm
from signatures.models import SigningKey


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """My keys, the one in use first."""
    return _page(request, PasswordForm())


def _page(request: HttpRequest, form: PasswordForm, status: int = 200) -> HttpResponse:
    stand_at_home(request)
    now = clock.now()
    rows = list(_own(request)[:20])
    for row in rows:
        row.days_left = (row.valid_to - now).days
        row.is_over = row.valid_to < now
    return render(request, "signatures/keys.html", {"keys": rows, "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new key; it takes the place of the one in use."""
    user: User = request.user  # type: ignore[assignment]
    form = KeyForm(request.POST, request.FILES) if request.method == "POST" else KeyForm()

    def keep() -> str:
        key = actions.keep_key(user, form.entry(), owner=user)
        return _("Đã thêm khóa ký số “%(label)s”.") % {"label": key.label}

    before = _own(request).filter(is_active=True).first()
    return _form_page(request, form, keep, {"before": before})


@require_http_methods(["GET", "HEAD", "POST"])
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    """Another picture for a key of mine."""
    key = get_object_or_404(_own(request), pk=pk, is_active=True)
    form = (
        PictureForm(request.POST, request.FILES)
        if request.method == "POST"
        else PictureForm(initial={"width_mm": key.picture_width_mm or None})
    )

    def change() -> str:
        actions.change_picture(
            request.user,  # type: ignore[arg-type]
            key,
            form.drawn(),
            form.cleaned_data["width_mm"],
        )
        return _("Đã đổi hình chữ ký.")

    return _form_page(request, form, change, {"key": key})


def _form_page(
    request: HttpRequest, form: Any, do: Callable[[], str], context: dict[str, Any]
) -> HttpResponse:
    refusal, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                sentence = do()
            except Refusal as said:
                status = 409
                if said.field in form.fields and not said.article:
                    form.add_error(said.field, said.message)
                else:
                    refusal = said
            else:
                messages.success(request, sentence)
                return redirect("keys:keys")
    stand_at_home(request)
    context |= {"form": form, "refusal": refusal}
    return render(request, "signatures/key_form.html", context, status=status)


@require_safe
def shown(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture of a key of mine."""
    key = get_object_or_404(_own(request), pk=pk)
    if not key.picture:
        raise Http404
    return HttpResponse(bytes(key.picture), content_type="image/png")


@require_POST
def unlock(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a locked key of mine again, with the password of the account."""
    key = get_object_or_404(_own(request), pk=pk, is_active=True)
    form = PasswordForm(request.POST)
    if form.is_valid():
        user: User = request.user  # type: ignore[assignment]
        # Through the door's own counter: wrong passwords lock the account here as they do there.
        if (
            authenticate(request, username=user.username, password=form.cleaned_data["password"])
            == user
        ):
            actions.unlock(user, key)
            messages.success(request, _("Đã mở khóa ký số “%(label)s”.") % {"label": key.label})
            return redirect("keys:keys")
        form.add_error("password", _("Mật khẩu chưa đúng."))
    return _page(request, form, status=422)


@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign with it no more."""
    key = get_object_or_404(_own(request), pk=pk, is_active=True)
    actions.retire(request.user, key)  # type: ignore[arg-type]
    messages.success(request, _("Đã thôi dùng khóa ký số “%(label)s”.") % {"label": key.label})
    return redirect("keys:keys")


def _own(request: HttpRequest) -> Any:
    return SigningKey.objects.of(owner=request.user)
