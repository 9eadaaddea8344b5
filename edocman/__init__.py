"""The frame: settings, addresses, Celery, the services that come along."""

from edocman.celery import app as celery_app

__all__ = ["celery_app"]
