"""Đưa vào hồ sơ: a draft, or what was issued, goes into one of the reader's dossiers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from dossiers.views.filing import put_in
from outgoing.choices import GIVEN_UP
from outgoing.views.opening import open_draft


@require_http_methods(["GET", "HEAD", "POST"])
def file_in(request: HttpRequest, pk: int) -> HttpResponse:
    """The dossiers in which it may be put; POST puts it into one."""
    actor, document = open_draft(request, pk)
    if document.state in GIVEN_UP:
        return redirect(document)
    return put_in(request, actor, document)
