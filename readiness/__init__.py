"""The Django project, and every door to it."""

from readiness.celery import app as celery_app

__all__ = ["celery_app"]
