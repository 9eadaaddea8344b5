"""Verbs on the lists that a person keeps for himself; no document is touched."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import User
from core import clock
from core.errors import Refusal
from core.text import clean
from documents.choices import ListPage
from documents.models import SavedFilter

MOST = 30
LONGEST = 3000  # letters of a query; a longer address does not reach the server


@transaction.atomic
def save_filter(actor: Actor, *, page: str, name: str, query: str) -> SavedFilter:
    """Keep a narrowed list under a name, last in the order.

    Raises Refusal for a name that he has already, or when he has MOST of them.
    """
    name = clean(name)
    mine = _mine(actor)
    if len(mine) >= MOST:
        raise Refusal(
            _("Đã có %(count)d bộ lọc, nhiều nhất cho mỗi người. Xóa bớt rồi lưu lại.")
            % {"count": MOST}
        )
    _require_free(mine, name)
    if not query or len(query) > LONGEST:
        raise Refusal(_("Chưa lọc theo điều kiện nào nên chưa có gì để lưu."))
    last = max((one.ordinal for one in mine), default=0)
    return SavedFilter.objects.create(
        user=actor.user,
        agency=actor.agency,
        page=ListPage(page),
        name=name,
        query=query,
        ordinal=last + 1,
        created_at=clock.now(),
    )


@transaction.atomic
def rename_filter(actor: Actor, pk: int, name: str) -> SavedFilter:
    """Give one of his filters another name. Raises Refusal when another one has it."""
    name = clean(name)
    mine = _mine(actor)
    row = _one(mine, pk)
    _require_free([one for one in mine if one.pk != pk], name)
    row.name = name
    row.save(update_fields=["name"])
    return row


@transaction.atomic
def move_filter(actor: Actor, pk: int) -> SavedFilter:
    """Put one of his filters before the one that stands before it on the same page."""
    mine = _mine(actor)
    row = _one(mine, pk)
    before = [one for one in mine if one.page == row.page and one.ordinal < row.ordinal]
    if before:
        other = before[-1]
        row.ordinal, other.ordinal = other.ordinal, row.ordinal
        SavedFilter.objects.bulk_update([row, other], ["ordinal"])
    return row


@transaction.atomic
def open_with_filter(actor: Actor, pk: int, *, opens: bool) -> SavedFilter:
    """Let the book open with this filter from now on, or no longer."""
    mine = _mine(actor)
    row = _one(mine, pk)
    if row.page != ListPage.BOOK:
        raise Refusal(_("Chỉ bộ lọc của danh sách văn bản đến mở được sẵn."))
    # The old one first: only one may open the book.
    SavedFilter.objects.filter(pk__in=[one.pk for one in mine]).update(is_default=False)
    row.is_default = opens
    row.save(update_fields=["is_default"])
    return row


@transaction.atomic
def delete_filter(actor: Actor, pk: int) -> str:
    """Drop one of his filters; answers its name."""
    row = _one(_mine(actor), pk)
    row.delete()
    return row.name


def _mine(actor: Actor) -> list[SavedFilter]:
    """All his filters in this agency, in order; other requests of his wait until this one ends."""
    User.objects.select_for_update(no_key=True).get(pk=actor.user.pk)
    return list(SavedFilter.objects.filter(user=actor.user, agency=actor.agency))


def _one(mine: list[SavedFilter], pk: int) -> SavedFilter:
    """Raises SavedFilter.DoesNotExist when it is not his or has gone."""
    for row in mine:
        if row.pk == pk:
            return row
    raise SavedFilter.DoesNotExist


def _require_free(others: list[SavedFilter], name: str) -> None:
    if not name:
        raise Refusal(_("Chưa điền ô này."), field="name")
    if any(one.name.lower() == name.lower() for one in others):
        raise Refusal(
            _("Đã có bộ lọc tên “%(name)s”. Đặt tên khác, hoặc xóa bộ lọc cũ trước.")
            % {"name": name},
            field="name",
        )
