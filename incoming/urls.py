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
    papers,
    prints,
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
    path("paper-register/", gate.paper_register, name="paper_register"),
    path("paper/", papers.index, name="papers"),
    path("paper/<slug:token>/", papers.paper, name="paper"),
    path("paper/<slug:token>/slip/", prints.paper_slip, name="paper_slip"),
    path("paper/<slug:token>/receipt/", prints.paper_receipt, name="paper_receipt"),
    path("paper/<slug:token>/<slug:verb>/", papers.move, name="paper_move"),
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
    path("<int:pk>/files/<int:ordinal>/stamped/", prints.stamped, name="stamped"),
    path("<int:pk>/resolution/", prints.resolution, name="resolution"),
    path("<int:pk>/paper/", papers.keep, name="keep_paper"),
    path("<int:pk>/<slug:verb>/", working.verb, name="verb"),
]
