from django.contrib import admin
from django.urls import include, path

from songs.views import home

urlpatterns = [
    path("", home, name="home"),
    path("admin/", admin.site.urls),
    path("api/", include("api.urls")),
    path("health/", include("api.health")),
]
