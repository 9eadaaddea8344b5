"""Every address of the URL conf with keys that exist, and what a request writes."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db import connection
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver

from incoming.forms.verbs import FORMS
from outgoing.forms.verbs import FORMS as DRAFT_FORMS

_GROUP = re.compile(r"<(?:\w+:)?(\w+)>")
_WRITE = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM|TRUNCATE) "?(\w+)', re.IGNORECASE)
_MODEL = re.compile(r"/admin/(\w+)/(\w+)/")
# The admin's regular expressions, as the paths that they stand for.
_EXPRESSIONS = {
    r"^([^/]+)/history/([^/]+)/$": "<object_id>/history/<version_id>/",
    r"(?P<url>.*)$": "no-such-page/",
}


@contextmanager
def writes() -> Iterator[list[str]]:
    """The tables that are written meanwhile, one entry a statement."""
    found: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if written := _WRITE.match(sql):
            found.append(written[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def patterns() -> list[tuple[str, URLPattern]]:
    """Every pattern with a view, under its whole path."""

    def walk(resolver: URLResolver, before: str) -> Iterator[tuple[str, URLPattern]]:
        for one in resolver.url_patterns:
            here = str(one.pattern)
            here = "accounts/" if here.startswith("^(?P<app_label>") else here
            here = before + _EXPRESSIONS.get(here, here)
            if isinstance(one, URLResolver):
                yield from walk(one, here)
            else:
                yield here, one

    return list(walk(get_resolver(), "/"))


def addresses(site: SimpleNamespace, *, each_verb: bool = True) -> list[str]:
    """Every address; those of documents for one in the tray and one that is worked on."""
    found = []
    for path, _pattern in patterns():
        forms = DRAFT_FORMS if "/outgoing/" in path else FORMS
        verbs = [str(verb.value) for verb in forms][: None if each_verb else 1]
        found += filled(site, path, verbs)
    assert not [one for one in found if re.search(r"[<>()^$]", one)]
    return list(dict.fromkeys(found))


def filled(site: SimpleNamespace, path: str, verbs: list[str]) -> Iterator[str]:
    """A path with the keys of rows that exist."""
    values: dict[str, Any] = {"agency": site.cast.city.slug, "content_type_id": 1, "object_id": 1}
    values |= {"ordinal": 1, "page": 1, "draft": site.draft.pk, "token": site.paper.token}
    draft = site.catalogues["draft"]
    values |= {"year": draft.year, "heading": draft.headings.get().pk}
    values |= {"line": draft.lines.get().pk}
    values |= {"picture": site.picture.pk, "remark": site.remark.pk, "typed": site.typed.pk}
    values |= {"key": site.made.pk, "part": 1}
    if "<uuid:token>" in path:
        values["token"] = uuid4()
    rows = [site.work]
    # The admin first: the tables of an app lie under its name there, too.
    if (found := _MODEL.match(path)) and found[1] in apps.app_configs:
        model = apps.get_model(*found.groups())
        row = _row(site, model)
        values |= {"object_id": (row and row.pk) or 1, "version_id": 1}
        values["id"] = values["object_id"]
        if hasattr(model, "history"):
            old = model.history.filter(id=values["id"]).first()
            values["version_id"] = old.pk if old else 1
    elif "/outgoing/templates/" in path:
        rows = [site.model]
    elif "/outgoing/phrases/" in path:
        rows = [site.phrase]
    elif "/outgoing/batches/" in path:
        rows = [site.batch]
    elif "/outgoing/" in path and not path.startswith("/admin/"):
        rows = [site.sheet, site.out]
    elif "/incoming/" in path and "<int:pk>" in path:
        rows = [site.tray, site.work]
    elif "/errands/" in path:
        rows = [site.errand]
    elif "/saved/" in path:
        rows = [site.saved]
    elif "/delegations/" in path:
        rows = [site.delegation]
    for row in rows:
        for verb in verbs if "<slug:verb>" in path else [""]:
            known = values | {"pk": row.pk, "verb": verb}
            yield _GROUP.sub(lambda part, known=known: str(known[part[1]]), path)


def _row(site: SimpleNamespace, model: type[Model]) -> Any:
    own = {type(one): one for one in (site.cast.city, site.cast.planning, site.cast.head)}
    return own.get(model) or model._default_manager.order_by("pk").first()
