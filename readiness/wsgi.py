"""The door for a WSGI server: `gunicorn readiness.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

from readiness.serving.heads import without_bodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "readiness.settings")

application = without_bodies(get_wsgi_application())
