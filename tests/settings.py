"""The settings of the tests: the real ones, quick, each worker of xdist with its own things."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
NUMBER = int(WORKER.removeprefix("gw") or 0) + 1 if WORKER else 0

# Whatever the shell says about the office outside must not reach the tests.
os.environ |= {
    "DEBUG": "0",
    "SECRET_KEY": "a-key-of-the-tests-that-opens-nothing-and-signs-nothing-elsewhere",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "HTTPS": "off",
    "DB_POOL": "12",
    "REGULATIONS_FOLDER": str(Path(__file__).resolve().parent.parent / "edocman/demo/regulations"),
    "DATA_ROOT": str(Path(tempfile.gettempdir(), f"edocman-test-{os.getpid()}")),
}
for _name in ("SECRET_KEY_FILE", "ALLOWED_HOSTS_FILE", "EMAIL_HOST"):
    os.environ.pop(_name, None)
# mypy and makemigrations read these settings too: nothing is made until a file is saved.
atexit.register(shutil.rmtree, os.environ["DATA_ROOT"], ignore_errors=True)

from edocman.settings import *  # noqa: E402, F403
from edocman.settings import REDIS_URL, STORAGES  # noqa: E402

# A database of its own in the one Redis: emptying the cache empties nobody else's.
REDIS_URL = urlunsplit(urlsplit(REDIS_URL)._replace(path=f"/{NUMBER % 16}"))
CACHES = {"default": {"BACKEND": "core.cache.ForgivingCache", "LOCATION": REDIS_URL}}
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_ALWAYS_EAGER = CELERY_TASK_EAGER_PROPAGATES = True

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
