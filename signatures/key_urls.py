"""Addresses of one's own keys, below /account/keys/."""

from django.urls import path

from signatures.views import keys

app_name = "keys"

urlpatterns = [
    path("", keys.keys, name="list"),
    path("new/", keys.add, name="add"),
    path("<int:pk>/", keys.picture, name="picture"),
    path("<int:pk>/picture.png", keys.shown, name="shown"),
    path("<int:pk>/unlock/", keys.unlock, name="unlock"),
    path("<int:pk>/retire/", keys.retire, name="retire"),
]
