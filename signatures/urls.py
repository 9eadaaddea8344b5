"""Addresses of signing, below those of the agency."""

from django.urls import path

from signatures.views import errands

app_name = "signatures"

urlpatterns = [
    path("errands/<int:pk>/", errands.errand, name="errand"),
    path("errands/<int:pk>/begin/", errands.errand_begin, name="errand_begin"),
    path("errands/<int:pk>/file/", errands.errand_file, name="errand_file"),
    path("errands/<int:pk>/upload/", errands.errand_upload, name="errand_upload"),
]
