from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path, re_path

from accounts.login_form import SignInForm
from api.urls import root as api_root
from pages.home.views import home
from web.health import ready
from web.metrics import metrics

handler400 = "web.errors.bad_request"
handler500 = "web.errors.server_error"


urlpatterns = [
    path("", home, name="home"),
    path(
        "login/",
        LoginView.as_view(
            template_name="accounts/login.html", authentication_form=SignInForm
        ),
        name="login",
    ),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("admin/label/", include("songs.admin.labelling.page")),
    path("admin/", admin.site.urls),
    path("datasets/", include("pages.datasets.urls")),
    path("recommenders/", include("pages.recommenders.urls")),
    path("api", api_root),
    path("api/", include("api.urls")),
    path("health", ready),
    path("health/", include("web.health")),
    re_path(r"^metrics/?$", metrics),
]
