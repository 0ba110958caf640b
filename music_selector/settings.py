"""All settings of MoodiBeats. They come from the environment, completed by `.env`.

Every start is production unless MOODIBEATS_DEV=1. What is missing or wrong is
collected in ENVIRONMENT.problems and reported by the system checks in `checks.py`.
"""

import warnings
from pathlib import Path

import dj_database_url
from corsheaders.defaults import default_headers
from django.core.management.utils import get_random_secret_key
from dotenv import load_dotenv

from music_selector.dev import postgres
from music_selector.env import Environment, stored_secret
from web import log_format

BASE_DIR = Path(__file__).resolve().parent.parent
load_dotenv(BASE_DIR / ".env")
ENVIRONMENT = env = Environment()

DEVELOPMENT = env.flag("MOODIBEATS_DEV")
DEBUG = env.flag("DEBUG")
DATA_DIR = Path(env.text("DATA_DIR") or BASE_DIR / ".data").resolve()
LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))
LOG_FORMAT = env.choice("LOG_FORMAT", "LINE", ("LINE", "JSON"))
PORT = env.number("PORT", 8000, least=1, most=65_535)
METRICS_TOKEN = env.matching(
    "METRICS_TOKEN", r"[!-~]{20,}", "20 or more random characters"
)

# --- YouTube
DEVELOPER_KEY = env.matching(
    "DEVELOPER_KEY", r"[!-~]+", "the key as the Google Cloud console shows it"
)
SAFE_FOR_A_KEY = (
    r"(https://[^\s/]+|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?)(/\S*)?",
    "https://..., or http://127.0.0.1:PORT: the key travels in the open otherwise",
)
YOUTUBE_API_ENDPOINT = env.matching("YOUTUBE_API_ENDPOINT", *SAFE_FOR_A_KEY)
YOUTUBE_DAILY_LIMITS = {
    "search": env.number("YOUTUBE_DAILY_SEARCHES", 100),
    "units": env.number("YOUTUBE_DAILY_UNITS", 10_000),
}
ALLOW_YOUTUBE_PLAYER = env.flag("ALLOW_YOUTUBE_PLAYER")

# --- Last.fm: profiles of artists beside recommendations
LASTFM_API_KEY = env.matching(
    "LASTFM_API_KEY", r"[0-9a-fA-F]{32}", "the 32 characters that Last.fm shows"
)
LASTFM_API_ENDPOINT = env.matching("LASTFM_API_ENDPOINT", *SAFE_FOR_A_KEY)
LASTFM_IMAGES = ["https://lastfm.freetls.fastly.net"] if LASTFM_API_KEY else []

# --- Who may ask
SECRET_KEY = env.text("SECRET_KEY")
ALLOWED_HOSTS = env.words(
    "ALLOWED_HOSTS",
    r"\*|\.?[\w-]+(\.[\w-]+)*|\[[0-9a-fA-F:]+\]",
    "names such as music.example.org, .example.org, separated by commas",
)
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
CORS_ALLOWED_ORIGINS = env.words("CORS_ALLOWED_ORIGINS")
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_HEADERS = [*default_headers, "if-none-match"]
CORS_EXPOSE_HEADERS = [
    "ETag",
    "Link",
    "Location",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "Retry-After",
    "X-Request-ID",
]
TRUSTED_PROXY_HOPS = env.number("TRUSTED_PROXY_HOPS", 0 if DEVELOPMENT else 1)
SUGGESTION_LIMITS = {  # of one address: {seconds: how many}
    60: env.number("SUGGESTIONS_PER_MINUTE", 30),
    86_400: env.number("SUGGESTIONS_PER_DAY", 300),
}
GOOGLE_CLIENT_ID = env.matching(
    "GOOGLE_CLIENT_ID",
    r"[\w-]+\.apps\.googleusercontent\.com",
    "the OAuth client id, which ends in .apps.googleusercontent.com",
)
SIGN_IN_LIMITS = {  # of one address; whole schools and offices share one
    60: env.number("SIGN_INS_PER_MINUTE", 20),
    86_400: env.number("SIGN_INS_PER_DAY", 500),
}
PREDICTION_LIMITS = {  # calls of one address, of up to 200 texts each
    60: env.number("PREDICTIONS_PER_MINUTE", 30),
    86_400: env.number("PREDICTIONS_PER_DAY", 1_000),
}
CLAIM_LIMITS = {  # of one address
    60: env.number("CLAIMS_PER_MINUTE", 5),
    86_400: env.number("CLAIMS_PER_DAY", 20),
}
COSTLY_READ_LIMITS = {  # of one address: searches, counts, tables, mixes, similar ones
    60: env.number("COSTLY_READS_PER_MINUTE", 240),
    86_400: env.number("COSTLY_READS_PER_DAY", 20_000),
}
# --- Datasets
FILE_UPLOAD_HANDLERS = ["datasets.upload.handler.ToDisk"]
DATASET_UPLOAD_BYTES = 1_000_000 * env.number("DATASET_UPLOAD_MB", 2_000, least=1)
if DEVELOPMENT:
    try:
        SECRET_KEY = SECRET_KEY or stored_secret(DATA_DIR / "secret_key")
    except OSError as exc:
        env.add_problem(
            "E007",
            f"DATA_DIR cannot be used: {exc.strerror}: {exc.filename}",
            "Name a folder that is yours, or leave it to the one that owns it.",
        )
        SECRET_KEY = get_random_secret_key()
    ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]
else:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health(/|$)"]  # platforms probe over plain HTTP
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    # The operator's other subdomains are not ours to bind to HTTPS for a year.
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
    if not SECRET_KEY:
        env.add_problem(
            "E002",
            "SECRET_KEY is missing.",
            "Set it to 50 or more random characters; MOODIBEATS_DEV=1 needs none.",
        )
        SECRET_KEY = get_random_secret_key()
    if DEBUG:
        env.add_problem("E003", "DEBUG is on in production.", "Unset DEBUG.")
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        env.add_problem(
            "E004",
            "ALLOWED_HOSTS is missing or has '*'.",
            "Name the hosts that you serve, separated by commas.",
        )
if TRUSTED_PROXY_HOPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Applications
INSTALLED_APPS = [
    "music_selector.apps.MusicSelectorConfig",
    "api.apps.ApiConfig",
    "pages.apps.PagesConfig",
    "web.apps.WebConfig",
    "background.apps.BackgroundConfig",
    "songs.apps.SongsConfig",
    "accounts.apps.AccountsConfig",
    "datasets.apps.DatasetsConfig",
    "recommenders.apps.RecommendersConfig",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "corsheaders",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "web.access_log.log_access",
    "web.response_cache.ResponseCache",
    "web.middleware.without_body_for_head",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "web.compression.CompressPublic",
    "web.middleware.no_store_by_default",
    "web.middleware.DatabaseOutage",
    "web.middleware.without_nul",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
ROOT_URLCONF = "music_selector.urls"
WSGI_APPLICATION = "music_selector.wsgi.application"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "https://i.ytimg.com", *LASTFM_IMAGES],
        "style-src": ["'self'", "'unsafe-inline'"],  # style attributes of admin, docs
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- Database
EMBEDDED_DATABASE = not env.text("DATABASE_URL")
default_database = postgres.database(DATA_DIR)
if not EMBEDDED_DATABASE:
    try:
        default_database = dict(dj_database_url.parse(env.text("DATABASE_URL")))
        if not default_database["ENGINE"].endswith(".postgresql"):
            raise ValueError("another database than PostgreSQL")
        if not default_database["NAME"]:
            raise ValueError("a server without a database")
    except (ValueError, dj_database_url.UnknownSchemeError):
        env.add_problem(
            "E005",
            "DATABASE_URL does not name a PostgreSQL database.",
            "Write postgres://USER:PASSWORD@HOST:PORT/NAME.",
        )
        default_database = postgres.database(DATA_DIR)
DATABASES = {
    "default": default_database
    | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    | {"OPTIONS": {"connect_timeout": 5, **default_database.get("OPTIONS", {})}}
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- The response cache: 500 responses of at most 64 kB in each process
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "TIMEOUT": None,  # a response holds as long as the catalogue's version
        "OPTIONS": {"MAX_ENTRIES": 500},
    }
}
CATALOGUE_VERSION = "songs.browse.version.number"

# --- People
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "login", "home", "home"
LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True

# --- Static files
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
WHITENOISE_USE_FINDERS = True  # no collectstatic needed, welcome where a host runs it
warnings.filterwarnings("ignore", "No directory at", UserWarning)  # ... so it may lack
WHITENOISE_AUTOREFRESH = DEVELOPMENT

# --- HTTP API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "api.http.auth.ProgramTokens",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["api.http.auth.ScopesOrRights"],
    "DEFAULT_THROTTLE_CLASSES": ["api.http.throttles.TokenQuota"],
    "DEFAULT_RENDERER_CLASSES": [
        "api.http.renderers.OrjsonRenderer",
        "rest_framework.renderers.BrowsableAPIRenderer",
    ],
    "DEFAULT_SCHEMA_CLASS": "api.openapi.document.DocumentSchema",
    "EXCEPTION_HANDLER": "api.http.errors.handle_exception",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "MoodiBeats API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,  # else clients must send what is read-only
    "ENUM_NAME_OVERRIDES": {
        "MoodEnum": "songs.models.Mood",
        "ErrorCode": "api.http.errors.NAMES",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "api.openapi.document.postprocess",
    ],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "chosen": {
            "()": log_format.FORMATTERS[LOG_FORMAT],
            "secrets": [DEVELOPER_KEY, LASTFM_API_KEY, METRICS_TOKEN, SECRET_KEY],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "chosen"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        # At DEBUG it prints whole requests, headers and all.
        "googleapiclient": {"level": "WARNING"},
        # A traceback for each stranger who asks for another host.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # A warning for each answer 4xx, beside the line that every request has.
        "django.request": {"level": "ERROR"},
    },
}
