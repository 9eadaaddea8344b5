"""Addresses of incoming documents (design, section 9)."""

from django.urls import path

from incoming.views import arriving, book, files, grid, guide, working

app_name = "incoming"
urlpatterns = [
    path("", book.book, name="book"),
    path("tray/", arriving.tray, name="tray"),
    path("register/", arriving.register, name="register"),
    path("help/", guide.guide, name="help"),
    path("distribute/", grid.grid, name="grid"),
    path("<int:pk>/", working.detail, name="detail"),
    path("<int:pk>/register/", arriving.register, name="register_received"),
    path("<int:pk>/refuse/", arriving.refuse, name="refuse"),
    path("<int:pk>/correct/", arriving.correct, name="correct"),
    path("<int:pk>/history/", working.history, name="history"),
    path("<int:pk>/files/<int:ordinal>/", files.download, name="file"),
    path("<int:pk>/files/<int:ordinal>/<int:page>/", files.page, name="page"),
    path("<int:pk>/<slug:verb>/", working.verb, name="verb"),
]
