"""Settings, read top to bottom; what differs between machines comes from the environment."""

from pathlib import Path

import dj_database_url
from celery.schedules import crontab
from csp.constants import NONE, SELF

from core import env

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_ROOT = Path(env.text("DATA_ROOT", str(BASE_DIR / "var" / "data")))

# --- Safe by default: without DEBUG the key and the hosts are required, and HTTPS is expected.
DEBUG = env.flag("DEBUG")
SECRET_KEY = env.text("SECRET_KEY", "only-for-debug" if DEBUG else None)
ALLOWED_HOSTS = (
    env.words("ALLOWED_HOSTS", "localhost,127.0.0.1")
    if DEBUG
    else env.text("ALLOWED_HOSTS").split(",")
)
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
HTTPS = env.flag("HTTPS", not DEBUG)

INSTALLED_APPS = [
    "accounts.admin_app.OfficeAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "guardian",
    "lucide",
    "simple_history",
    "template_partials",
    "core",
    "accounts",
    "notifications",
    "documents",
    "dossiers",
    "signatures",
    "incoming",
    "outgoing",
    "exchange",
    "reports",
    "edocman",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Outermost, so that scripts, styles and refused requests carry their headers, too.
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.PlainRequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.middleware.NoStoreMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.LoginRedirectMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "accounts.middleware.FirstPasswordMiddleware",
    "accounts.middleware.ActorMiddleware",
    "core.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "edocman.urls"
WSGI_APPLICATION = "edocman.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "reports.context_processors.frame",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "core.templatetags.ui",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- PostgreSQL. The pool holds one connection for every web thread and a few for what runs beside.
WEB_THREADS = env.number("WEB_THREADS", 16)
DB_POOL = env.number("DB_POOL", WEB_THREADS + 4)
DATABASES = {
    "default": dj_database_url.parse(
        env.text("DATABASE_URL", "postgresql:///edocman"), conn_max_age=0, conn_health_checks=False
    )
}
# What PostgreSQL shall take for granted in our sessions: a page out of turn costs what one in turn
# costs (memory, SSD); its own figure of four is that of a turning disk, and makes a search read
# all that an agency has. And a page is one short question among many people's: starting parallel
# workers for it costs more than they save (a list of one per cent of 1,000,000: 20 ms, 8 ms), and
# takes the cores from the others. Empty where a pooler between refuses it (PgBouncer).
_DB_OPTIONS = "-c random_page_cost=1.1 -c max_parallel_workers_per_gather=0"
if DB_OPTIONS := env.text("DB_OPTIONS", _DB_OPTIONS):
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", DB_OPTIONS)
if DB_POOL:
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
        "min_size": 1,
        "max_size": DB_POOL,
        "timeout": 20,
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Redis: cache and sessions in database 0 by prefix, Celery's queue beside them.
REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "core.cache.ForgivingCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "edocman",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},  # seconds
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# Scripts read no cookie: the token of a form stands in its page.
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A broker that is away costs a request two seconds and the task, never the verb.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "socket_timeout": 1,
    # A task whose worker died goes to another one after this; longer than any task may take.
    "visibility_timeout": 900,
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
# A worker takes what it works on and no more: the others get the rest, and a dead one keeps little.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 600
CELERY_TIMEZONE = "Asia/Ho_Chi_Minh"
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
# Beat only triggers commands by name (core.tasks.run_command holds the list of those allowed).
CELERY_BEAT_SCHEDULE = {
    "seal-the-trail": {
        "task": "core.tasks.run_command",
        "schedule": crontab(minute=5),
        "args": ["seal_trail"],
    },
    "inspect-tray": {
        "task": "core.tasks.run_command",
        "schedule": crontab(minute="*/5"),
        "args": ["inspect_tray"],
    },
    # What a stopped worker has left; a text is otherwise converted as soon as it has come.
    "convert-drafts": {
        "task": "core.tasks.run_command",
        "schedule": crontab(minute="*/5"),
        "args": ["convert_drafts"],
    },
    # Likewise: signing many begins as soon as it is asked for.
    "sign-batches": {
        "task": "core.tasks.run_command",
        "schedule": crontab(),
        "args": ["sign_batches"],
    },
    # What was issued: into trays, to mailboxes; and what receivers have done with it.
    "deliver": {
        "task": "core.tasks.run_command",
        "schedule": crontab(),
        "args": ["deliver"],
    },
    "read-bounces": {
        "task": "core.tasks.run_command",
        "schedule": crontab(minute="2-59/5"),
        "args": ["read_bounces"],
    },
    "clear-quarantine": {
        "task": "core.tasks.run_command",
        "schedule": crontab(minute=35, hour=2),
        "args": ["clear_quarantine"],
    },
    # Each looks whether it is time: an agency's opening hour, the hours of its rounds.
    "remind": {
        "task": "core.tasks.run_command",
        "schedule": crontab(minute="*/10", hour="5-18"),
        "args": ["remind"],
    },
    # Nobody does a verb on the day when an appointment ends.
    "watch-leavers": {
        "task": "core.tasks.run_command",
        "schedule": crontab(minute="3-59/10"),
        "args": ["watch_leavers"],
    },
    # Nor on the day when somebody begins to follow a field; named in the admin, it begins at once.
    "begin-following": {
        "task": "core.tasks.run_command",
        "schedule": crontab(minute="6-59/10"),
        "args": ["begin_following"],
    },
    "watch-certificates": {
        "task": "core.tasks.run_command",
        "schedule": crontab(minute=20, hour=6),
        "args": ["watch_certificates"],
    },
    "watch-proofs": {
        "task": "core.tasks.run_command",
        "schedule": crontab(minute=25, hour=6),
        "args": ["watch_proofs"],
    },
    "record-rounds": {
        "task": "core.tasks.run_command",
        "schedule": crontab(minute="1-59/5"),
        "args": ["record_rounds"],
    },
    "send-mail": {
        "task": "core.tasks.run_command",
        "schedule": crontab(minute="*/15"),
        "args": ["send_mail"],
    },
}
# --- Reminders, in working days: before the deadline to whoever does the work; so many days late
# also to the head of his unit; then to the chief. No regulation names a number.
REMIND_SOON = env.number("REMIND_SOON", 2)
REMIND_HEAD = env.number("REMIND_HEAD", 2)
REMIND_CHIEF = env.number("REMIND_CHIEF", 3)
REMIND_LINES = env.number("REMIND_LINES", 5)  # of one kind, one person, one run; more is one line

# --- People.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.backends.PersonBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name", "email")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "accounts:start"
LOGOUT_REDIRECT_URL = "accounts:login"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "accounts.views.locked_out"
AXES_USERNAME_CALLABLE = "accounts.sign_in.typed_name"
AXES_CLIENT_IP_CALLABLE = "accounts.sign_in.client_address"
AXES_VERBOSE = False
# Of guardian only the base classes are used, not shortcuts and backend (documents/README.md).
GUARDIAN_MONKEY_PATCH_USER = False
SIMPLE_HISTORY_REVERT_DISABLED = True  # what was is read, never put back behind the verbs
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # its backend is left out on purpose
ANONYMOUS_USER_NAME = None

# --- Languages and time.
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]  # each by its own name
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = USE_TZ = True
USE_THOUSAND_SEPARATOR = False
TIME_ZONE = "Asia/Ho_Chi_Minh"
FORMAT_MODULE_PATH = ["edocman.formats"]

# --- Files. Nothing of DATA_ROOT is served as it lies: a view that starts at visible_to gives it.
STATIC_URL = "static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(BASE_DIR / "var" / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
_DISK = "django.core.files.storage.FileSystemStorage"
STORAGES = {
    "default": {"BACKEND": _DISK, "OPTIONS": {"location": DATA_ROOT / "store"}},
    "quarantine": {"BACKEND": _DISK, "OPTIONS": {"location": DATA_ROOT / "quarantine"}},
    "store": {"BACKEND": _DISK, "OPTIONS": {"location": DATA_ROOT / "store"}},
    "derived": {"BACKEND": _DISK, "OPTIONS": {"location": DATA_ROOT / "derived"}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
UPLOAD_LIMIT = env.number("UPLOAD_LIMIT", 50 * 1024 * 1024)  # bytes, one file
UPLOAD_FILES = env.number("UPLOAD_FILES", 20)  # files, one request
FILE_UPLOAD_HANDLERS = ["documents.uploads.BoundedUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# Django refuses the whole form beyond this; our handler leaves out what is over UPLOAD_FILES.
DATA_UPLOAD_MAX_NUMBER_FILES = UPLOAD_FILES * 10
INSPECTION_SECONDS = env.number("INSPECTION_SECONDS", 30)
INSPECTION_MEMORY = env.number("INSPECTION_MEMORY", 1024)  # MiB
# Folder of regulations of the office's own (TOML), beside those that come with edocman.
# Drafts that were written elsewhere (.docx, .odt) become PDF by this program, in a worker.
OFFICE_CONVERTER = env.text("OFFICE_CONVERTER", "soffice")
CONVERSION_SECONDS = env.number("CONVERSION_SECONDS", 90)

REGULATIONS_FOLDER = env.text("REGULATIONS_FOLDER", "")
SIGNATURE_ANCHORS = env.words("SIGNATURE_ANCHORS")  # PEM files of the roots that are trusted
SIGNATURE_CRLS = env.words("SIGNATURE_CRLS")  # files of certificates that are revoked (DER, PEM)
# Responders (OCSP) that are asked before a signature whether its certificate is revoked; none is
# asked unless it is named here, and one that does not answer in time has said nothing.
OCSP_URLS = env.words("OCSP_URLS")
OCSP_SECONDS = env.number("OCSP_SECONDS", 5)
# Keeps the signing keys at rest: the first word closes and opens, the others only open what an
# older one has closed. Without it SECRET_KEY does, and must then never be changed.
SIGNING_SECRETS = env.words("SIGNING_SECRET") or [SECRET_KEY]
# The library (PKCS#11) of the device that holds keys; none without.
PKCS11_MODULE = env.text("PKCS11_MODULE", "")
TSA_URL = env.text("TSA_URL", "")  # a time stamp service (RFC 3161); signatures are B-LT then
TSA_SECONDS = env.number("TSA_SECONDS", 10)
# A draft of an entry that is older is shown as such; it is never deleted by the clock.
DRAFT_DAYS = env.number("DRAFT_DAYS", 7)
PAGES_AHEAD = 3  # page images drawn before anybody asks

# --- E-mail: sent only when a server is named.
EMAIL_HOST = env.text("EMAIL_HOST", "")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "edocman@localhost")
# Documents that go to mailboxes: no more than this with one letter, and where what cannot be
# delivered comes back to. With an IMAP server named, that mailbox is read (`read_bounces`).
MAIL_LIMIT = env.number("MAIL_LIMIT", 10 * 1024 * 1024)  # bytes of the files
BOUNCE_ADDRESS = env.text("BOUNCE_ADDRESS", "") or DEFAULT_FROM_EMAIL
BOUNCE_IMAP_HOST = env.text("BOUNCE_IMAP_HOST", "")
BOUNCE_IMAP_PORT = env.number("BOUNCE_IMAP_PORT", 993)
BOUNCE_IMAP_TLS = env.flag("BOUNCE_IMAP_TLS", True)
BOUNCE_IMAP_USER = env.text("BOUNCE_IMAP_USER", "")
BOUNCE_IMAP_PASSWORD = env.text("BOUNCE_IMAP_PASSWORD", "")
SITE_URL = env.text("SITE_URL", "http://localhost:8000").rstrip("/")

# --- The browser.
# Where the signing program of a person listens on his machine (VGCA Sign Service); empty: no
# button for it. Pages may speak to this address and to ours, and to no other.
SIGNING_PLUGIN_URL = env.text("SIGNING_PLUGIN_URL", "wss://127.0.0.1:8987").rstrip("/")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF, *filter(None, [SIGNING_PLUGIN_URL])],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
# Only then are X-Forwarded-Proto and the last address of X-Forwarded-For believed.
BEHIND_PROXY = env.flag("BEHIND_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None

# --- The log says what failed, never what a document is called or says.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "core.log.OneLine",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "axes": {"level": "WARNING"},
        "fontTools": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
        "pypdf": {"level": "CRITICAL"},
        "pyhanko": {"level": "ERROR"},
        "pyhanko_certvalidator": {"level": "ERROR"},
    },
}
