"""What whoever watches the machine is told."""

import json

import pytest
from django.core.files.storage import storages
from django.db import connection

from edocman import views


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_only_get_and_no_sign_in(client, db, path):
    assert client.get(path).status_code == client.head(path).status_code == 200
    assert client.post(path).status_code == 405
    assert "no-store" in client.get(path).headers["Cache-Control"]


def test_healthz_asks_nobody(client):
    # Without the database fixture any query would raise.
    assert client.get("/healthz").json() == {"status": "ok"}


def test_readyz_says_what_works_and_leaves_nothing(client, db):
    assert client.get("/readyz").json() == {
        "status": "ok",
        "checks": {"database": "ok", "broker": "ok", "storage": "ok"},
    }
    assert storages["store"].listdir("readyz") == ([], [])


def test_readyz_names_the_broker_and_no_address(client, db, settings, caplog):
    settings.CELERY_BROKER_URL = "redis://:a-secret@127.0.0.1:1/0"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": "ok", "broker": "failed", "storage": "ok"}
    assert "a-secret" not in json.dumps(answer.json()) + caplog.text


def test_readyz_names_the_storage(client, db, settings, tmp_path):
    (tmp_path / "file").write_text("no folder")
    settings.STORAGES = settings.STORAGES | {
        "store": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "file"},
        }
    }
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["storage"] == "failed"


def test_readyz_names_the_database(client, db, monkeypatch):
    def refuse(*_arguments: object) -> None:
        raise OSError("password=a-secret")

    monkeypatch.setitem(views.ATTEMPTS, "database", refuse)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == "failed"
    assert "a-secret" not in answer.content.decode()
    assert connection.ensure_connection() is None
