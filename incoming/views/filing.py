"""Đưa vào hồ sơ: a document goes into one of the reader's dossiers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from dossiers.rules import may_open_from
from dossiers.views.filing import put_in
from incoming.choices import State
from incoming.views.working import open_document


@require_http_methods(["GET", "HEAD", "POST"])
def file_in(request: HttpRequest, pk: int) -> HttpResponse:
    """The dossiers in which it may be put; POST puts it into one."""
    actor, document = open_document(request, pk)
    if document.state in (State.RECEIVED, State.REFUSED, State.VOID):
        return redirect(document)
    return put_in(request, actor, document, opens=may_open_from(actor, document) is None)
