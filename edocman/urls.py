"""Addresses: the installation's own words first, then one path for each agency."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from accounts.views import language
from edocman import views

agency_patterns = [
    path("", include("reports.urls")),
    path("incoming/", include("incoming.urls")),
    path("outgoing/", include("outgoing.urls")),
    path("dossiers/", include("dossiers.urls")),
    path("signatures/", include("signatures.urls")),
]

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("account/language/", login_not_required(language), name="set_language"),
    path("account/keys/", include("signatures.key_urls")),
    path("sign/", include("signatures.plugin_urls")),
    path("", include("accounts.urls")),
    path("<slug:agency>/", include(agency_patterns)),
]
