"""Addresses of dossiers and of their catalogue (design, section 9)."""

from django.urls import path

from dossiers.views import catalogue, catalogue_files

app_name = "dossiers"
urlpatterns = [
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
    path("catalogue/<int:year>/<slug:verb>/", catalogue.verb, name="catalogue_verb"),
]
