"""Numbers from the registers."""

from typing import Any

from django.db import transaction

from accounts.models import Agency
from documents.models import Register


@transaction.atomic
def draw_number(agency: Agency, book: str, year: int, name: str = "") -> tuple[Register, int]:
    """Hand out the next number of a book (NĐ 30/2020 Điều 22.2: one series a year).

    The row lock is held until the caller's transaction ends: two clerks never draw the same
    number, and one that fails gives its number back. Call it last, after the document is locked.
    """
    key: dict[str, Any] = {"agency": agency, "book": book, "year": year, "name": name}
    Register.objects.get_or_create(**key)
    register = Register.objects.select_for_update(of=("self",), no_key=True).get(**key)
    register.last_number += 1
    register.save(update_fields=["last_number"])
    return register, register.last_number
