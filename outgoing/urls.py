"""Addresses of outgoing documents (design, section 9)."""

from django.urls import path

from outgoing.views import batching, book, composing, files, listing, office, uploading, working

app_name = "outgoing"
urlpatterns = [
    path("", listing.index, name="outgoing"),
    path("submit/", listing.submit_many, name="submit_many"),
    path("many/<slug:verb>/", batching.many, name="many"),
    path("batches/<int:pk>/", batching.batch, name="batch"),
    path("book/", book.register_book, name="book"),
    path("new/", composing.new, name="new"),
    path("preview/", composing.preview, name="preview_new"),
    path("preview/<uuid:token>/<int:page>/", composing.preview_page, name="preview_page"),
    path("templates/", office.templates, name="templates"),
    path("templates/new/", office.template, name="template_new"),
    path("templates/<int:pk>/", office.template, name="template"),
    path("templates/<int:pk>/delete/", office.delete_template, name="template_delete"),
    path("phrases/", office.add_phrase, name="phrase_add"),
    path("phrases/<int:pk>/delete/", office.delete_phrase, name="phrase_delete"),
    path("<int:pk>/", working.detail, name="detail"),
    path("<int:pk>/compose/", composing.compose, name="compose"),
    path("<int:pk>/upload/", uploading.upload, name="upload"),
    path("<int:pk>/place/", uploading.place, name="place"),
    path("<int:pk>/preview/", composing.preview, name="preview"),
    path("<int:pk>/pictures/", uploading.add_picture, name="picture_add"),
    path("<int:pk>/pictures/<int:picture>/", files.picture, name="picture"),
    path("<int:pk>/pictures/<int:picture>/delete/", uploading.drop_picture, name="picture_drop"),
    path("<int:pk>/versions/", working.versions, name="versions"),
    path("<int:pk>/versions/<int:ordinal>/", files.download, name="version_file"),
    path("<int:pk>/versions/<int:ordinal>/page/<int:page>/", files.page, name="version_page"),
    path("<int:pk>/files/<int:key>/", files.issued, name="issued_file"),
    path("<int:pk>/files/<int:key>/page/<int:page>/", files.issued_page, name="issued_page"),
    path("<int:pk>/files/<int:key>/signatures/", files.signatures, name="signature_report"),
    path("<int:pk>/opinions/<int:ordinal>/", files.opinion, name="opinion_file"),
    path("<int:pk>/remark/", working.remark, name="remark"),
    path("<int:pk>/remark/<int:remark>/settle/", working.settle, name="settle"),
    path("<int:pk>/<slug:verb>/", working.verb, name="verb"),
]
