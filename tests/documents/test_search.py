"""Words are found without regard to marks, case and signs between them."""

import pytest

from documents.models import Document
from incoming.models import IncomingDocument
from tests import cast as play
from tests.cast import act_as
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance")]


@pytest.mark.parametrize(
    "words",
    [
        "sạt lở",
        "sat lo",
        "SẠT LỞ BỜ KÈ",
        "Đăk Bla",
        "dak bla",
        "4127",
        "4127/UBND-HTKT",
        "ubnd-htkt",
        "UBND tỉnh Kon Tum",
        "Lê Hoàng Sơn",
        "công văn",
        "kè sạt",  # any order
        "giao thong 4127",
        "sa\u0323t lo\u031b\u0309",  # typed with single marks
        "",
    ],
)
def test_found(cast, pdf, words):
    """NĐ 30/2020 Phụ lục VI: by number, notation, issuer, subject, signer."""
    document = play.registered(cast.clerk, pdf)
    assert list(IncomingDocument.objects.matching(words)) == [document]


@pytest.mark.parametrize("words", ["4128", "sạt lở Hà Nội", "41%28", "x' OR 1=1 --"])
def test_not_found(cast, pdf, words):
    play.registered(cast.clerk, pdf)
    assert not IncomingDocument.objects.matching(words).exists()


def test_only_what_the_reader_may_see(cast, pdf):
    """What can leak is there, and it does not."""
    mine = play.assigned(cast, pdf)
    play.registered(cast.clerk, pdf)
    play.registered(cast.ward_clerk, pdf)
    found = Document.objects.visible_to(act_as(cast.specialist)).matching("sat lo")
    assert [one.pk for one in found] == [mine.pk]
    assert Document.objects.matching("sat lo").count() == 3
    assert not Document.objects.visible_to(None).matching("sat lo").exists()
