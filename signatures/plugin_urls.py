"""Addresses that the signing program asks for, with a token and without a session."""

from django.urls import path

from signatures.views import plugin

app_name = "plugin"

urlpatterns = [
    path("source", plugin.source, name="plugin_source"),
    path("upload", plugin.upload, name="plugin_upload"),
]
