from django.contrib.auth.decorators import login_not_required
from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.start, name="start"),
    path("login/", login_not_required(views.login), name="login"),
    path("logout/", login_not_required(views.logout), name="logout"),
    path("account/", views.account, name="account"),
    path("account/others/", views.sign_out_others, name="sign_out_others"),
    path("account/password/", views.password, name="password_change"),
    path("account/post/", views.switch, name="switch"),
    path("<slug:agency>/delegations/", views.delegations, name="delegations"),
    path("<slug:agency>/delegations/<int:pk>/revoke/", views.revoke, name="revoke"),
]
