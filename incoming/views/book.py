from django.http import HttpRequest, HttpResponse


def book(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("")
