"""The addresses of the office, and a desk that uses errands as the verbs of a document do."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import include, path

from edocman.urls import urlpatterns as office
from signatures import actions
from signatures.models import Errand


def desk(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows an errand; a POST uses it."""
    errand = get_object_or_404(Errand, pk=request.POST.get("errand", pk))
    if request.method == "POST":
        with transaction.atomic():
            errand = actions.use(
                request.actor,
                errand,
                document=errand.document,
                purpose=errand.purpose,
                file=errand.file,
            )
    return render(request, "signatures/page.html", {"errand": errand})


urlpatterns = [path("<slug:agency>/", include([path("desk/<int:pk>/", desk)])), *office]
