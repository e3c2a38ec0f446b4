"""Settings. Nothing to set for a first look: every value has a working default on this machine alone.

`FIVEGATES_ENV=production` turns on what belongs to a server that others reach over https. What can be set,
and what it means, stands in `docs/operating.md`.
"""

import os
import secrets
import tempfile
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from whitenoise.compress import Compressor

from readiness.brokers import transport
from readiness.databases import database
from readiness.environment import (
    broker,
    hosts,
    number,
    one_of,
    origins,
    scanner,
    secret,
    served_under,
    web_address,
    yes_or_no,
)

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
PRODUCTION = one_of("FIVEGATES_ENV", ["local", "production"], "local") == "production"
DEBUG = yes_or_no("FIVEGATES_DEBUG") and not PRODUCTION


# --- Where everything of this installation lies -------------------------------------------------------------

FIVEGATES_VAR = Path(env.str("FIVEGATES_VAR", default=str(BASE_DIR / "var"))).resolve()
BROKER_DIR = FIVEGATES_VAR / "broker"
BEAT_SCHEDULE = FIVEGATES_VAR / "beat" / "schedule"
MAIL_DIR = FIVEGATES_VAR / "mail"
EVIDENCE_DIR = FIVEGATES_VAR / "evidence"
REPORTS_DIR = FIVEGATES_VAR / "reports"
UPLOAD_DIR = FIVEGATES_VAR / "uploads"
RUN_DIR = FIVEGATES_VAR / "run"
_FOLDERS = (FIVEGATES_VAR, BROKER_DIR, BEAT_SCHEDULE.parent, MAIL_DIR, EVIDENCE_DIR, REPORTS_DIR, UPLOAD_DIR)
for _folder in (*_FOLDERS, RUN_DIR):
    _folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _secret_key(path: Path) -> str:
    """The key kept in `path`; made on first use. Of two processes that start together one wins."""
    if not path.exists():
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".secret_key-")
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    return path.read_text().strip()


if PRODUCTION:
    SECRET_KEY = env.str("SECRET_KEY", default="")
    ALLOWED_HOSTS = served_under("ALLOWED_HOSTS")
    if len(SECRET_KEY) < 50 or not ALLOWED_HOSTS:
        raise ImproperlyConfigured(
            "Production needs a SECRET_KEY of at least 50 characters and ALLOWED_HOSTS."
        )
else:
    SECRET_KEY = env.str("SECRET_KEY", default="") or _secret_key(FIVEGATES_VAR / "secret_key")
    ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *served_under("ALLOWED_HOSTS")]
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

BEHIND_PROXY = yes_or_no("FIVEGATES_BEHIND_PROXY")
PORT = number("PORT", 8000)
# Links in mails begin with it: a worker has no request to take a host from.
FIVEGATES_URL = web_address("FIVEGATES_URL", f"http://127.0.0.1:{PORT}")
# Who shows it is told how the installation is; without one nobody is.
FIVEGATES_METRICS_TOKEN = secret("FIVEGATES_METRICS_TOKEN")
# Whether an empty database is to be filled with the demo portfolio: `prepare` and `serve` do it.
DEMO = yes_or_no("DEMO")


# --- The parts ----------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "csp",
    "checklists",
    "gates",
    "readiness.accounts",
    "readiness.audit",
    "readiness.work",
    "readiness.standing",
    "readiness.webhooks",
    "readiness.actions",
    "readiness.notices",
    "readiness.portfolio",
    "readiness.workbench",
    "readiness.api",
    "readiness.importing",
    "readiness.reports",
    "readiness.demo",
    "readiness.serving",
    "readiness.ui",
]

MIDDLEWARE = [
    "readiness.references.ReferenceMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "readiness.accounts.middleware.NothingKeptMiddleware",
    "readiness.accounts.middleware.LanguageMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "readiness.accounts.middleware.TwoFactorDueMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "readiness.accounts.middleware.OrganisationZoneMiddleware",
    "readiness.accounts.visits.VisitMiddleware",
    "readiness.failures.NothingToReadMiddleware",
]

SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # usernames are unique, whatever their case, by a constraint that this check does not look at
    "security.W021",  # to have a domain preloaded as https-only is for its owner to decide
]
ROOT_URLCONF = "readiness.urls"
WSGI_APPLICATION = "readiness.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

FORM_RENDERER = "readiness.ui.forms.FormRenderer"  # every form looks like the rest, also as {{ form }}


# --- Database -----------------------------------------------------------------------------------------------

DATABASES = {
    "default": database(
        env.str("DATABASE_URL", default="") or f"sqlite:///{FIVEGATES_VAR / 'fivegates.sqlite3'}"
    )
}
if PRODUCTION and DATABASES["default"].get("PASSWORD") == "fivegates":  # noqa: S105  (what compose falls back to)
    raise ImproperlyConfigured("Production needs a POSTGRES_PASSWORD that is not the one everybody knows.")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


# --- People and sessions ------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["readiness.accounts.backend.NameOrEmailBackend"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600

# Twelve hours from the sign-in, however busy: the session is not written on every request.
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else "fivegates_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "fivegates_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_TRUSTED_ORIGINS = origins("CSRF_TRUSTED_ORIGINS")
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"


# --- What the browser is told -------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
if PRODUCTION:
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health/"]
    # Believed only when told: without a proxy that strips it, anyone can send this header.
    if BEHIND_PROXY:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


# --- Files --------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
# A server collects its files once (the image does); everywhere else they are served from where they lie.
STATIC_ROOT = env.str("FIVEGATES_STATIC_ROOT", default=str(BASE_DIR / "staticfiles")) if PRODUCTION else None
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG
# To pack the source maps of the API's browsable page takes longer than all else, and nobody asks for them.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
_PRIVATE = {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700}
_ON_DISK = "django.core.files.storage.FileSystemStorage"
STORAGES = {
    # Evidence: private to the process, no URL leads to it; a view hands it out after asking the policy.
    "default": {"BACKEND": _ON_DISK, "OPTIONS": {"location": EVIDENCE_DIR, **_PRIVATE}},
    # Reports: as private, and apart, since what no evidence names is swept there.
    "reports": {"BACKEND": _ON_DISK, "OPTIONS": {"location": REPORTS_DIR, **_PRIVATE}},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if PRODUCTION
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
FIVEGATES_MAX_UPLOAD_BYTES = number("FIVEGATES_MAX_UPLOAD_BYTES", 25 * 1024 * 1024)
FIVEGATES_CLAMD = scanner("FIVEGATES_CLAMD")
FILE_UPLOAD_TEMP_DIR = UPLOAD_DIR
# On every page, also those that expect no file: whatever is sent is counted while it comes in.
FILE_UPLOAD_HANDLERS = ["readiness.actions.files.LimitedUpload"]
DATA_UPLOAD_MAX_NUMBER_FILES = 10
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024


# --- Mail and webhooks --------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="fivegates@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 10
if env.str("EMAIL_URL", default=""):
    globals().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = MAIL_DIR
# How those are told who have not chosen: at_once, daily (one mail a day) or app (no mail).
FIVEGATES_MAIL_DELIVERY = one_of("FIVEGATES_MAIL_DELIVERY", ["at_once", "daily", "app"], "daily")
FIVEGATES_WEBHOOK_HOSTS = hosts("FIVEGATES_WEBHOOK_HOSTS")  # these may be private, and plain http


# --- Language and time --------------------------------------------------------------------------------------

# English is what is written in the sources: what a catalogue lacks is shown in it.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "readiness" / "locale"]
FORMAT_MODULE_PATH = "readiness.locale"
TIME_ZONE = "UTC"


# --- REST ---------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "readiness.api.authentication.BearerToken",
        "readiness.api.authentication.BrowserSession",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["readiness.api.permissions.PolicyPermission"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "readiness.api.negotiation.ByWeight",
    "DEFAULT_PAGINATION_CLASS": "readiness.api.pagination.KeysetPagination",
    "DEFAULT_PARSER_CLASSES": ["readiness.api.parsers.JsonBody"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_FILTER_BACKENDS": [],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "readiness.api.errors.problem_handler",
    "NUM_PROXIES": 1 if BEHIND_PROXY else 0,
    "PAGE_SIZE": 50,
    "STRICT_JSON": True,
    "UPLOADED_FILES_USE_URL": False,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Fivegates",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_SPLIT_PATCH": False,
    "POSTPROCESSING_HOOKS": ["readiness.api.openapi.complete"],
}


# --- Celery: the database is the truth, Celery only carries it ----------------------------------------------

REDIS_URL = broker("REDIS_URL")
CELERY_BROKER_URL = broker("CELERY_BROKER_URL") or REDIS_URL or "filesystem://localhost"
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
# Half a minute over: the clocks of two machines differ, and a process takes its time to die.
_VISIBLE_AGAIN = number(
    "FIVEGATES_VISIBILITY_TIMEOUT",
    300,
    least=CELERY_TASK_TIME_LIMIT + 30,
    why=f"a task may run for {CELERY_TASK_TIME_LIMIT} seconds, and would be done twice at once",
)
CELERY_BROKER_TRANSPORT, CELERY_BROKER_TRANSPORT_OPTIONS = transport(
    CELERY_BROKER_URL, BROKER_DIR, _VISIBLE_AGAIN
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
# A web process never waits for the broker: what was not sent, the hourly sweep does.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 300_000
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_ENABLE_UTC = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(BEAT_SCHEDULE)


# --- Logs ---------------------------------------------------------------------------------------------------

_LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "%(asctime)s %(levelname)s %(name)s%(at_reference)s: %(message)s"},
        "json": {"()": "readiness.logs.JsonLines"},
    },
    "filters": {"reference": {"()": "readiness.references.WithReference"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "filters": ["reference"],
            "formatter": one_of("FIVEGATES_LOG_FORMAT", ["plain", "json"], "plain"),
        }
    },
    "root": {"handlers": ["stderr"], "level": one_of("FIVEGATES_LOG_LEVEL", _LEVELS, "INFO")},
    "loggers": {
        # Refused sign-ins of a probe and unknown hosts are no errors of ours.
        "django.security.DisallowedHost": {"handlers": ["stderr"], "level": "CRITICAL", "propagate": False},
        # Each step of laying a PDF out, and what a style sheet for the screen says beyond paper.
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
    },
}
