"""What the benchmarks hold the API against: two applications for gunicorn.

`same_bytes` answers every request with the bytes of the file REFERENCE_BYTES. `stock` is
what Django REST framework gives who takes it as it comes: a ModelSerializer, a
ListAPIView and PageNumberPagination, on the database DATABASE_URL, in the same order by
the same index.
"""

import os
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

MIDDLEWARE = [  # of `startproject`
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
FIELDS = (
    "video_id",
    "video_title",
    "moods",
    "labeled",
    "predicted_moods",
    "predicted_by",
    "predicted_sure",
    "mood_scores",
    "video_thumbnail",
    "licence",
    "channel_id",
    "channel_title",
    "published_at",
    "duration",
    "language",
    "view_count",
    "video_description",
)
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@cache
def _body() -> bytes:
    with open(os.environ["REFERENCE_BYTES"], "rb") as file:
        return file.read()


def same_bytes(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
    body = _body()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    start("200 OK", headers)
    return [body]


def stock() -> Application:
    """Make the application; gunicorn calls it once in each process."""
    import dj_database_url
    from django.conf import settings

    database = dj_database_url.config(conn_max_age=60)
    settings.configure(
        ALLOWED_HOSTS=["*"],
        DATABASES={"default": database},
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "rest_framework",
        ],
        MIDDLEWARE=MIDDLEWARE,
        ROOT_URLCONF="benchmarks.shared.stock_urls",
        SECRET_KEY="of a benchmark",
        USE_TZ=True,
    )
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()
