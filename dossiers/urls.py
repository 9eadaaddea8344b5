"""Addresses of dossiers and of their catalogue (design, section 9)."""

from django.urls import path

from dossiers.views import (
    catalogue,
    catalogue_files,
    files,
    items,
    listing,
    opening,
    prints,
    working,
)

app_name = "dossiers"
urlpatterns = [
    path("", listing.index, name="dossiers"),
    path("new/", opening.new, name="new_dossier"),
    path("tasks/new/", opening.new_task, name="new_task"),
    path("<int:pk>/", working.detail, name="dossier"),
    path("<int:pk>/contents/", prints.contents, name="contents"),
    path("<int:pk>/files/<int:ordinal>/", files.download, name="dossier_file"),
    path("<int:pk>/files/<int:ordinal>/pages/", files.pages, name="dossier_pages"),
    path("<int:pk>/files/<int:ordinal>/<int:page>/", files.page, name="dossier_page"),
    path("<int:pk>/add_item/", items.add, name="add_item"),
    path("<int:pk>/move_item/", items.move, name="move_item"),
    path("<int:pk>/remove_item/", items.remove, name="remove_item"),
    path("<int:pk>/<slug:verb>/", working.verb, name="dossier_verb"),
    path("catalogue/", catalogue.catalogues, name="catalogues"),
    path("catalogue/template/", catalogue_files.template, name="catalogue_template"),
    path("catalogue/<int:year>/", catalogue.catalogue, name="catalogue"),
    path("catalogue/<int:year>/headings/", catalogue.add_heading, name="catalogue_heading_add"),
    path(
        "catalogue/<int:year>/headings/<int:heading>/",
        catalogue.change_heading,
        name="catalogue_heading",
    ),
    path("catalogue/<int:year>/lines/", catalogue.add_line, name="catalogue_line_add"),
    path("catalogue/<int:year>/lines/<int:line>/", catalogue.change_line, name="catalogue_line"),
    path("catalogue/<int:year>/import/", catalogue_files.bring_in, name="catalogue_import"),
    path("catalogue/<int:year>/export/", catalogue_files.export, name="catalogue_export"),
    path("catalogue/<int:year>/print/", catalogue_files.printed, name="catalogue_print"),
    path("catalogue/<int:year>/history/", catalogue_files.history, name="catalogue_history"),
    path("catalogue/<int:year>/<slug:verb>/", catalogue.verb, name="catalogue_verb"),
]
