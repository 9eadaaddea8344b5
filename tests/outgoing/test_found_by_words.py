"""What is found by the words of its text, before it has a number and afterwards."""

import pytest

from outgoing import actions
from outgoing.choices import State
from tests.cast import act_as
from tests.outgoing.copies import copied
from tests.outgoing.drafts import at_state, body_of
from tests.outgoing.test_copies import letter  # noqa: F401 -- a fixture
from tests.outgoing.test_pages import PATH

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]
WORDS = "kiểm tra hiện trạng"  # of its text alone


def test_a_document_is_found_by_its_words_after_it_has_its_number(client, cast):
    """The box says "Trích yếu, nội dung dự thảo" over every tab, so it looks there in every tab."""
    document = at_state(cast, State.APPROVED)
    client.force_login(cast.clerk)

    def found(tab: str, words: str = WORDS) -> bool:
        page = client.get(PATH, {"tab": tab, "q": words}).content.decode()
        return document.get_absolute_url() in page

    assert found("to_issue")
    document = actions.number(act_as(cast.clerk), document)
    for tab in ("to_issue", "all"):
        assert found(tab)
        assert found(tab, f"{document.code} {WORDS}")
        assert not found(tab, "kiểm tra hiện vật")


def test_a_copy_is_found_by_the_words_of_its_pages(cast, letter):  # noqa: F811
    """Made and numbered at once, it keeps them too."""
    body_of(cast)
    document = copied(cast.clerk, letter)
    assert document.state == State.NUMBERED
    version = document.versions.get()
    assert version.text
    document.refresh_from_db()
    assert document.search_text == document.searched(version.text)
    assert document.search_text.startswith(document.folded())
    assert len(document.search_text) > len(document.folded())
