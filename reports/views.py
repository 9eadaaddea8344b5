"""The desk."""
from django.http import HttpRequest, HttpResponse


def desk(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


def notifications(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")
