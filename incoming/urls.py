"""Addresses of incoming documents (design, section 9)."""

from django.urls import path

from incoming.views import (
    arriving,
    book,
    bulk,
    drafting,
    exporting,
    files,
    gate,
    guide,
    linking,
    tray,
    working,
)

app_name = "incoming"
urlpatterns = [
    path("", book.book, name="book"),
    path("tray/", tray.tray, name="tray"),
    path("tray/merge/", tray.merge, name="merge"),
    path("register/", arriving.register, name="register"),
    path("register/draft/", drafting.save, name="draft"),
    path("register/draft/<int:draft>/discard/", drafting.discard, name="discard_draft"),
    path("register/sender/", drafting.sender, name="sender"),
    path("help/", guide.guide, name="help"),
    path("bulk/<slug:verb>/", bulk.bulk, name="bulk"),
    path("export/", exporting.export, name="export"),
    path("paper/", gate.paper, name="paper"),
    path("<int:pk>/", working.detail, name="detail"),
    path("<int:pk>/register/", arriving.register, name="register_received"),
    path("<int:pk>/draft/", drafting.save, name="draft_received"),
    path("<int:pk>/split/", tray.split, name="split"),
    path("<int:pk>/refuse/", arriving.refuse, name="refuse"),
    path("<int:pk>/return-slip/", gate.return_slip, name="return_slip"),
    path("<int:pk>/correct/", arriving.correct, name="correct"),
    path("<int:pk>/history/", working.history, name="history"),
    path("<int:pk>/related/", linking.related, name="related"),
    path("<int:pk>/files/<int:ordinal>/", files.download, name="file"),
    path("<int:pk>/files/<int:ordinal>/<int:page>/", files.page, name="page"),
    path("<int:pk>/<slug:verb>/", working.verb, name="verb"),
]
