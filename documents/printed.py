"""A printed form as an answer: on the screen as it will be on paper, and as PDF."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation

from documents.printing import pdf

STYLE = "prints.css"
Page = Callable[..., HttpResponse]


def in_vietnamese(page: Page) -> Page:
    """Forms of the office are Vietnamese, in whatever language their reader works."""

    @wraps(page)
    def answer(*args: Any, **kwargs: Any) -> HttpResponse:
        with translation.override("vi"):
            return page(*args, **kwargs)

    return answer


def printed(request: HttpRequest, name: str, context: dict[str, Any], file: str) -> HttpResponse:
    """The form ``name``: a page, or with ``?as=pdf`` a file of that name."""
    template = f"prints/{name}.html"
    if request.GET.get("as") != "pdf":
        query = request.GET.copy()
        query["as"] = "pdf"
        frame = {"base": "base_print.html", "pdf_url": f"{request.path}?{query.urlencode()}"}
        return render(request, template, context | frame)
    html = render_to_string(template, context | {"base": "base_pdf.html"})
    answer = HttpResponse(pdf(html, STYLE), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{file}.pdf"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
