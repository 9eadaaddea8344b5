"""Addresses of one's own keys, below /account/keys/."""

from django.urls import path

from signatures.views import keys

app_name = "keys"

urlpatterns = [
    path("", keys.keys, name="keys"),
    path("new/", keys.add, name="key_add"),
    path("<int:pk>/", keys.picture, name="key_picture"),
    path("<int:pk>/picture.png", keys.shown, name="key_shown"),
    path("<int:pk>/unlock/", keys.unlock, name="key_unlock"),
    path("<int:pk>/retire/", keys.retire, name="key_retire"),
]
