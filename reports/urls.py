from django.urls import path

from reports.views import desk, saved, search

app_name = "reports"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("notifications/", desk.notifications, name="notifications"),
    path("search/", search.search, name="search"),
    path("search/issuers/", search.issuers, name="issuers"),
    path("search/saved/", saved.saved, name="saved"),
    path("search/saved/<int:pk>/", saved.change, name="saved_change"),
]
