"""What is found by the words of its text, before it has a number and afterwards."""

import io

import pytest
from django.core.management import call_command

from documents.models import Document
from outgoing import actions
from outgoing.actions import words
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


def as_of_old(*documents) -> None:
    """As they stood when numbering left their words out."""
    for document in documents:
        document.refresh_from_db()
        Document.objects.filter(pk=document.pk).update(search_text=document.folded())


def filled() -> str:
    out = io.StringIO()
    call_command("read_texts", stdout=out)
    return out.getvalue().strip()


def test_what_was_numbered_before_is_found_by_its_words_too(client, cast, monkeypatch):
    """In batches, whatever has become of it since; run again nothing is written."""
    monkeypatch.setattr(words, "BATCH", 2)
    clerk, old = act_as(cast.clerk), []
    for name in ("cây xanh", "bến thuyền", "nghĩa trang", "đèn đường"):
        document = at_state(cast, State.APPROVED, subject=f"Về {name}")
        old.append(actions.number(clerk, document))
    old[3] = actions.void(clerk, old[3], text="Nhầm số.")
    draft = at_state(cast, State.CONTENT)
    as_of_old(*old)
    kept = Document.objects.get(pk=draft.pk).search_text
    before = Document.history.count()
    client.force_login(cast.clerk)

    def found(words: str = WORDS) -> list[str]:
        page = client.get(PATH, {"tab": "all", "q": words}).content.decode()
        return [one.get_absolute_url() for one in old if one.get_absolute_url() in page]

    assert found() == []
    assert filled() == "0 read, 4 found by their words"
    assert found() == [one.get_absolute_url() for one in old]
    assert found(f"{old[1].code} bến thuyền {WORDS}") == [old[1].get_absolute_url()]
    for one in old:
        one.refresh_from_db()
        version = one.versions.get(ordinal=one.version_count)
        assert one.search_text == one.searched(version.text)
    assert filled() == "0 read, 0 found by their words"
    # What has no number kept its words all the time, and nothing of it is history.
    assert Document.objects.get(pk=draft.pk).search_text == kept
    assert Document.history.count() == before


def test_what_one_run_had_left_the_next_one_fills(cast):
    clerk = act_as(cast.clerk)
    first, second = (actions.number(clerk, at_state(cast, State.APPROVED)) for _one in range(2))
    as_of_old(second)
    assert filled() == "0 read, 1 found by their words"
    assert Document.objects.get(pk=second.pk).search_text != second.folded()
    assert Document.objects.get(pk=first.pk).search_text == first.search_text
