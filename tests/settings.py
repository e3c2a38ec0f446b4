"""The settings under test: the product's own, on scratch data, with a quick password hash before the real one."""

import atexit
import os
import shutil
import tempfile

_scratch = tempfile.mkdtemp(prefix="fivegates-test-")
atexit.register(shutil.rmtree, _scratch, ignore_errors=True)
os.environ["FIVEGATES_VAR"] = _scratch
for _name in ("FIVEGATES_ENV", "DEMO", "PORT"):
    os.environ.pop(_name, None)

from readiness.settings import *  # noqa: E402, F403
from readiness.settings import DATABASES, FIVEGATES_VAR, PASSWORD_HASHERS  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]
# Every client has a handler of its own, and each would look through all static files before its first request.
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file as in the product, not a database in memory, which knows neither WAL nor a second connection.
    DATABASES["default"]["TEST"] = {"NAME": str(FIVEGATES_VAR / "test.sqlite3")}
