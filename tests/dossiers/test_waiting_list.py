"""Chờ tôi on the page of dossiers, and how tasks are called on the desk."""

import re
from html import unescape

import pytest
from django.urls import reverse

from dossiers import actions
from dossiers.actions import Fields
from dossiers.models import Dossier
from dossiers.views import listing
from tests.cast import act_as
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]


def task(who, title: str = "Khảo sát vỉa hè") -> Dossier:
    actor = act_as(who)
    return actions.open_task(actor, Fields(title=title), keeper=actor.appointment, text="Làm.")


def test_what_the_list_does_not_show_is_counted_and_can_be_seen(cast, client, monkeypatch):
    """Kon Tum Điều 21.1: nobody loses work that waits for him. → /dossiers/"""
    monkeypatch.setattr(listing, "SIZE", 3)
    for number in range(5):
        task(cast.head, f"Việc {number}")
    client.force_login(cast.head)
    path = reverse("dossiers:dossiers", args=["kontum"])
    page = unescape(client.get(path).content.decode())
    mine = page.split('class="dossier-filter"')[0]
    assert len(set(re.findall(r"Việc \d", mine))) == 3
    assert "Còn 2 hồ sơ, việc chờ tôi." in mine
    assert 'href="?mine=all"' in mine
    whole = unescape(client.get(path, {"mine": "all"}).content.decode())
    whole = whole.split('class="dossier-filter"')[0]
    assert len(set(re.findall(r"Việc \d", whole))) == 5
    assert "hồ sơ, việc chờ tôi." not in whole


def test_nothing_is_said_of_a_rest_that_there_is_not(cast, client, monkeypatch):
    monkeypatch.setattr(listing, "SIZE", 3)
    for number in range(3):
        task(cast.head, f"Việc {number}")
    client.force_login(cast.head)
    page = client.get(reverse("dossiers:dossiers", args=["kontum"])).content.decode()
    assert "hồ sơ, việc chờ tôi." not in page


def test_a_task_is_called_a_task_on_the_desk(cast, client):
    """Kon Tum Điều 20.2: it is no dossier. → /kontum/"""
    task(cast.head)
    client.force_login(cast.head)
    desk = unescape(client.get("/kontum/").content.decode())
    assert "Khảo sát vỉa hè" in desk
    assert "Công việc" in desk
    actions.open(
        act_as(cast.finance_head), Fields(title="Chợ", file_notation="1TH", maintenance="5")
    )
    client.force_login(cast.finance_head)
    assert "Công việc" not in unescape(client.get("/kontum/").content.decode())
