"""Celery: queued after a verb's commit, or triggered by the clock."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "edocman.settings")

app = Celery("edocman")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
