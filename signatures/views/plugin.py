"""What the signing program on a person's machine asks for: it has no session, but a token."""

from pathlib import Path
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from core.errors import Refusal
from documents.uploads import fault_sentences
from signatures import actions
from signatures.models import Errand


def sent_out(errand: Errand) -> FileResponse:
    """The file that went out, to be saved; never opened inside the site."""
    path = Path(storages["store"].path(errand.file.path))
    if not path.exists():
        raise Refusal(_("Tệp không có trong kho. Báo quản trị để kiểm tra bản sao lưu."))
    return FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=errand.file_name,
        content_type="application/pdf",
        headers={"X-Content-Type-Options": "nosniff"},
    )


@login_not_required
@require_safe
@cache_control(private=True, no_store=True)
@sensitive_variables("token")
def source(request: HttpRequest) -> HttpResponse | FileResponse:
    """The file of an errand; 404 for a token that was never given, 410 for one that has ended."""
    token = request.GET.get("t", "")
    try:
        return sent_out(actions.fetch(token))
    except Errand.DoesNotExist as error:
        raise Http404 from error
    except Refusal as refusal:
        return HttpResponse(str(refusal), status=410, content_type="text/plain; charset=utf-8")


@csrf_exempt  # the token is the right, and no cookie is looked at
@login_not_required
@require_POST
@cache_control(private=True, no_store=True)
@sensitive_variables("token")
def upload(request: HttpRequest) -> JsonResponse:
    """The signed file; the answer is what the program shows the person.

    Whoever has no token is refused before a byte of his file is read.
    """
    token = request.GET.get("t", "")
    try:
        actions.expect(token)
        file: Any = request.FILES.get("uploadfile")
        if file is None:
            said = " ".join(fault_sentences(request, "uploadfile"))
            raise Refusal(said or _("Không có tệp nào được gửi về. Ký lại."))
        errand = actions.bring_by_token(token, file)
    except Errand.DoesNotExist:
        return _answer(1, _("Lượt ký không có hoặc đã được thay bằng lượt khác."), status=403)
    except Refusal as refusal:
        return _answer(1, str(refusal))
    return _answer(0, "", errand.file_name)


def _answer(code: int, message: str, name: str = "", status: int = 200) -> JsonResponse:
    said = {"Status": code, "Message": message, "FileName": name, "FileServer": name}
    return JsonResponse(said, status=status)
