from django.http import HttpRequest, HttpResponse


def detail(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("")


def history(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("")


def verb(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("")
