from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("notifications/", views.notifications, name="notifications"),
]
