from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import NotSupportedError, connections

POSTGRESQL = 15  # UNIQUE NULLS NOT DISTINCT


def database_is_new_enough(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """An older PostgreSQL stops `migrate`: some constraints would silently not be made there."""
    wrong: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        try:
            with connection.cursor() as cursor:
                cursor.execute("SHOW server_encoding")
                encoding = cursor.fetchone()[0]
        except NotSupportedError as error:  # even older: Django itself refuses it
            wrong.append(_too_old(str(error)))
            continue
        version = connection.pg_version // 10000  # type: ignore[attr-defined]
        if version < POSTGRESQL:
            wrong.append(_too_old(f"This server is PostgreSQL {version}."))
        if encoding != "UTF8":
            wrong.append(
                Error(
                    f"DATABASE_URL: the database is in {encoding}, it must be in UTF8.",
                    hint="CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0",
                    id="core.E002",
                )
            )
    return wrong


def _too_old(found: str) -> Error:
    return Error(
        f"DATABASE_URL: PostgreSQL {POSTGRESQL} or newer is needed. {found}",
        hint="Name a newer server, or none: then the one that comes along is started.",
        id="core.E001",
    )


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        register(database_is_new_enough, Tags.database)
