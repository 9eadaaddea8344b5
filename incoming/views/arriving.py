from django.http import HttpRequest, HttpResponse


def tray(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("")


def register(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("")


def refuse(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("")


def correct(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("")
