"""Addresses of dossiers (design, section 9)."""

from django.urls import path

from dossiers.views import files, items, listing, opening, prints, working

app_name = "dossiers"
urlpatterns = [
    path("", listing.index, name="dossiers"),
    path("new/", opening.new, name="new_dossier"),
    path("tasks/new/", opening.new_task, name="new_task"),
    path("<int:pk>/", working.detail, name="dossier"),
    path("<int:pk>/contents/", prints.contents, name="contents"),
    path("<int:pk>/files/<int:ordinal>/", files.download, name="dossier_file"),
    path("<int:pk>/add_item/", items.add, name="add_item"),
    path("<int:pk>/move_item/", items.move, name="move_item"),
    path("<int:pk>/remove_item/", items.remove, name="remove_item"),
    path("<int:pk>/<slug:verb>/", working.verb, name="dossier_verb"),
]
