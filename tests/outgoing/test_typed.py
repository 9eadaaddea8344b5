"""What is typed in the composer lies on the server until it is saved: a crash loses nothing."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from core.errors import Stale
from outgoing import actions
from outgoing.choices import State
from outgoing.forms.compose import of_content
from outgoing.models import DraftVersion, OutgoingDocument, TypedDraft
from outgoing.views.typed import shown_again
from tests.cast import act_as
from tests.outgoing.drafts import at_state, content, drafted, passed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]

HTMX = {"HTTP_HX_REQUEST": "true"}
DAY = "25/12/2026"


def sent(**changes) -> dict[str, str]:
    """The fields of the composer as its page sends them."""
    values = of_content(content(**changes))
    plain = {name: str(value or "") for name, value in values.items() if name != "annexes"}
    return plain | {"priority": "0", "annexes": "0", "gate": "none"}


class Window:
    """One open page of the composer, and what it keeps."""

    def __init__(self, client, page: str) -> None:
        self.client, self.page = client, page
        self.html = client.get(page).content.decode()
        self.hidden = {
            name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', self.html)[1]  # type: ignore[index]
            for name in ("token", "base", "window", "typed_revision")
        }
        self.path = re.search(r'id="typed-keeper"[^>]*hx-post="([^"]+)"', self.html)[1]  # type: ignore[index]

    def keep(self, typed: dict[str, str], **more: str):
        """What the page sends while one types."""
        answer = self.client.post(self.path, typed | self.hidden | more, **HTMX)
        found = re.search(r'name="typed_revision" value="(\d+)"', answer.content.decode())
        if found:
            self.hidden["typed_revision"] = found[1]
        return answer

    def save(self, typed: dict[str, str]):
        return self.client.post(self.page, typed | self.hidden)

    def reused(self) -> "Window":
        """The page that "Dùng lại" leads to."""
        found = re.search(r'href="([^"]+typed=\d+[^"]*)"', self.html)
        assert found, "nothing is offered"
        return Window(self.client, found[1].replace("&amp;", "&"))

    def shown(self) -> dict[str, str]:
        form = self.client.get(self.page).context["form"]
        return {name: str(form[name].value() or "") for name in ("subject", "body", "due_date")}


@pytest.fixture
def new(cast) -> str:
    return reverse("outgoing:new", args=[cast.city.slug])


@pytest.fixture
def mine(client, cast) -> str:
    """The composer of the specialist's own draft."""
    document = drafted(cast)
    client.force_login(cast.specialist)
    return f"{document.get_absolute_url()}compose/"


def test_a_new_draft_that_crashed_is_offered_and_gone_on_with(client, cast, new):
    client.force_login(cast.specialist)
    typed = sent(subject="họp giao ban", body="Gõ dở") | {"due_date": DAY, "is_internal": "on"}
    said = Window(client, new).keep(typed)
    assert (said.status_code, OutgoingDocument.objects.count()) == (200, 0)
    assert "giữ tạm lúc" in said.content.decode()
    opened = Window(client, new)
    assert "Có bản đang gõ lúc" in opened.html
    # Beside the composer they would push its sheet below it.
    assert '<form hidden id="typed-' in opened.html
    assert "họp giao ban" in opened.html
    assert opened.shown()["body"] == ""  # nothing is filled in unasked
    again = opened.reused()
    assert again.shown() == {"subject": "họp giao ban", "body": "Gõ dở", "due_date": DAY}
    assert "checked" in re.search(r'<input[^>]*name="is_internal"[^>]*>', again.html)[0]  # type: ignore[index]
    assert again.save(typed).status_code == 302
    assert OutgoingDocument.objects.get().subject == "họp giao ban"
    assert not TypedDraft.objects.exists()


def test_that_of_a_draft_is_no_version_and_goes_once_it_is_saved(client, mine):
    window = Window(client, mine)
    assert window.keep(sent(body="Gõ tiếp")).status_code == 200
    row = TypedDraft.objects.get()
    assert (row.values["body"], row.base, row.revision) == ("Gõ tiếp", 1, 1)
    assert DraftVersion.objects.count() == 1
    assert "Có bản đang gõ lúc" in Window(client, mine).html
    assert window.save(sent(body="Gõ xong")).status_code == 302
    assert not TypedDraft.objects.exists()
    # What was still on its way comes too late.
    assert window.keep(sent(body="Gõ tiếp")).status_code == 409
    assert not TypedDraft.objects.exists()
    assert "Có bản đang gõ" not in Window(client, mine).html


def test_late_words_of_a_new_draft_that_was_saved_are_not_kept(client, cast, new):
    client.force_login(cast.specialist)
    window = Window(client, new)
    assert window.save(sent()).status_code == 302
    assert window.keep(sent(body="Muộn")).status_code == 200
    assert not TypedDraft.objects.exists()


def test_annexes_come_back(client, mine):
    annex = {"annexes": "2", "annex-1-heading": "Phụ lục II", "annex-1-body": "| a | b |"}
    window = Window(client, mine)
    window.keep(sent() | annex | {"annex-1-landscape": "on"})
    form = client.get(Window(client, mine).reused().page).context["form"]
    assert form.annex_count == 2
    shown = [form[f"annex-1-{name}"].value() for name in ("heading", "body", "landscape")]
    assert shown == ["Phụ lục II", "| a | b |", True]


def test_another_window_destroys_nothing_unseen(client, mine):
    first, second = Window(client, mine), Window(client, mine)
    assert first.keep(sent(body="Cửa sổ một")).status_code == 200
    refused = second.keep(sent(body="Cửa sổ hai"))
    assert refused.status_code == 409
    words = refused.content.decode()
    assert "ở cửa sổ khác" in words
    assert "Ghi đè" in words
    assert TypedDraft.objects.get().values["body"] == "Cửa sổ một"
    # The first one goes on; so does what it has not seen of the answer.
    first.hidden["typed_revision"] = "0"
    assert first.keep(sent(body="Cửa sổ một, tiếp")).status_code == 200
    assert second.keep(sent(body="Cửa sổ hai"), then="overwrite").status_code == 200
    assert TypedDraft.objects.get().values["body"] == "Cửa sổ hai"
    assert first.keep(sent(body="Cửa sổ một, tiếp nữa")).status_code == 409


def test_who_saves_in_one_window_keeps_what_the_other_typed(client, mine):
    first, second = Window(client, mine), Window(client, mine)
    first.keep(sent(body="Cửa sổ một"))
    assert second.save(sent(body="Cửa sổ hai")).status_code == 302
    assert TypedDraft.objects.get().values["body"] == "Cửa sổ một"
    opened = Window(client, mine)
    assert "Gõ trên bản 1, nay đã có bản 2" in opened.html
    # Gone on with, it covers nothing that was not seen.
    again = opened.reused()
    assert again.hidden["base"] == "1"
    answer = again.save(sent(body="Cửa sổ một"))
    assert answer.status_code == 409
    assert "đã lưu bản 2" in answer.content.decode()


def test_two_new_drafts_at_once_are_two(client, cast, new):
    client.force_login(cast.specialist)
    Window(client, new).keep(sent(subject="thứ nhất"))
    Window(client, new).keep(sent(subject="thứ hai"))
    html = Window(client, new).html
    assert "thứ nhất" in html
    assert "thứ hai" in html


def test_one_throws_away_only_his_own(client, cast, mine):
    window = Window(client, mine)
    window.keep(sent(body="Gõ dở"))
    row = TypedDraft.objects.get()
    drop = reverse("outgoing:typed_drop", args=[cast.city.slug, row.pk])
    other = type(client)()
    other.force_login(cast.head)
    assert other.post(drop).status_code == 404
    assert TypedDraft.objects.exists()
    assert client.post(drop).status_code == 302
    assert not TypedDraft.objects.exists()


def test_nobody_else_reads_or_writes_it(client, cast, mine):
    window = Window(client, mine)
    window.keep(sent(body="Chữ riêng chưa lưu"))
    row = TypedDraft.objects.get()
    document = row.document
    for who, status in ((cast.chief, 409), (cast.head, 404), (cast.stranger, 404)):
        other = type(client)()
        other.force_login(who)
        page = other.get(f"{mine}?typed={row.pk}", follow=True)
        assert "Chữ riêng" not in page.content.decode()
        assert other.post(window.path, sent() | window.hidden, **HTMX).status_code == status
    found = client.get(reverse("outgoing:outgoing", args=["kontum"]), {"q": "Chữ riêng"})
    assert document.subject not in found.content.decode()


def test_it_may_no_longer_be_edited(cast):
    document = at_state(cast, State.APPRAISAL)
    with pytest.raises(Stale):
        actions.keep_typed(
            act_as(cast.specialist), document, {"body": "x"}, token=uuid4(), window=uuid4()
        )
    assert not TypedDraft.objects.exists()


def test_who_submits_is_told_of_what_he_has_not_saved(client, cast, mine):
    """Kon Tum Điều 12: nothing is submitted in the belief that it was saved."""
    page = mine.removesuffix("compose/")
    said = "Chữ ấy chưa nằm trong bản nào."
    for path in (page, f"{page}submit/"):
        assert said not in client.get(path).content.decode()
    Window(client, mine).keep(sent(body="Gõ dở"))
    for path in (page, f"{page}submit/"):
        words = client.get(path).content.decode()
        assert said in words
        assert f'href="{mine}"' in words
    client.force_login(cast.chief)
    assert said not in client.get(page).content.decode()


def test_what_is_numbered_keeps_nothing_that_is_typed(cast):
    """Its words stand (NĐ 30/2020 Điều 15)."""
    document = at_state(cast, State.SIGNING)
    actions.keep_typed(act_as(cast.chair), document, {"body": "x"}, token=uuid4(), window=uuid4())
    document = passed(cast.chair, document)
    assert TypedDraft.objects.exists()
    actions.number(act_as(cast.clerk), document)
    assert not TypedDraft.objects.exists()


# --- The gate.


@pytest.mark.parametrize("field", ["body", "grounds", "description", "annex-0-body"])
def test_the_mark_of_a_secret_is_not_kept_and_takes_away_what_was(client, mine, field):
    """Kon Tum Điều 4.1: nothing of it stays."""
    window = Window(client, mine)
    window.keep(sent(body="Chưa có gì"))
    answer = window.keep(sent() | {"annexes": "1", field: "TỐI MẬT\nSố liệu"})
    assert answer.status_code == 409
    assert "dấu TỐI MẬT" in answer.content.decode()
    assert not TypedDraft.objects.exists()


@pytest.mark.parametrize("field", ["body", "description", "note"])
def test_refused_at_saving_the_copy_goes_too(client, mine, field):
    """Kon Tum Điều 4.1."""
    window = Window(client, mine)
    window.keep(sent(body="Chưa có gì"))
    answer = window.save(sent() | {field: "MẬT"})
    assert answer.status_code == 409
    assert not TypedDraft.objects.exists()
    # Mended on the page that came back, it is kept again.
    hidden = re.search(r'name="window" value="([^"]+)"', answer.content.decode())
    assert hidden
    window.hidden["window"] = hidden[1]
    assert window.keep(sent(body="Đã bỏ")).status_code == 200
    assert TypedDraft.objects.get().values["body"] == "Đã bỏ"


@pytest.mark.parametrize("how", ["keep", "save"])
def test_a_forbidden_kind_that_is_ticked_takes_it_away(client, cast, new, how):
    """Kon Tum Điều 4, 14.7."""
    client.force_login(cast.specialist)
    window = Window(client, new)
    unsaid = {name: value for name, value in sent().items() if name != "gate"}
    assert window.keep(unsaid).status_code == 200
    assert TypedDraft.objects.exists()
    assert getattr(window, how)(sent() | {"gate": "state_secrets"}).status_code == 409
    assert not TypedDraft.objects.exists()
    # What was on its way before the tick is not kept any more; a wrong tick can be put right.
    assert window.keep(unsaid).status_code == 409
    assert not TypedDraft.objects.exists()
    assert window.keep(sent()).status_code == 200


# --- Hostile and odd.


def test_only_fields_of_the_form_are_kept(client, mine):
    window = Window(client, mine)
    odd = {"evil": "x", "annex-99-body": "x", "annex-²-body": "x", "csrfmiddlewaretoken": "x"}
    window.keep(sent(body="a\x00b") | odd | {"signer": "<script>", "due_date": "31/02"})
    values = TypedDraft.objects.get().values
    assert not set(odd) & set(values)
    assert {"gate", "token", "base", "window"}.isdisjoint(values)
    assert values["body"] == "ab"
    again = Window(client, mine).reused()
    assert "<script>" not in again.html.replace("<script defer", "")
    assert again.shown()["due_date"] == "31/02"


def test_what_is_too_long_is_not_kept(cast):
    document = drafted(cast)
    before = {"token": uuid4(), "window": uuid4()}
    actions.keep_typed(act_as(cast.specialist), document, {"body": "ngắn"}, **before)
    with pytest.raises(actions.TooLong, match="dài quá"):
        actions.keep_typed(act_as(cast.specialist), document, {"body": "x" * 1_600_001}, **before)
    assert TypedDraft.objects.get().values["body"] == "ngắn"


@pytest.mark.parametrize("window", ["", "x", "0" * 40])
def test_a_page_without_a_name_keeps_nothing(client, mine, window):
    found = Window(client, mine)
    found.hidden["window"] = window
    assert found.keep(sent()).status_code == 404


def test_nothing_typed_leaves_no_row(client, cast, new):
    client.force_login(cast.specialist)
    window = Window(client, new)
    window.keep(sent())
    empty = dict.fromkeys(sent(), "") | {"type_name": "Công văn", "priority": "0"}
    assert window.keep(empty).status_code == 200
    assert not TypedDraft.objects.exists()


def test_without_a_script_nothing_changes(client, cast, new):
    """A page that never kept anything keeps nothing when it comes back with something to mend."""
    client.force_login(cast.specialist)
    window = Window(client, new)
    for typed in (sent(subject=""), sent() | {"look": "1"}, sent() | {"more": "1"}):
        window.save(typed)
    assert window.save(sent()).status_code == 302
    assert not TypedDraft.objects.exists()


def test_one_that_comes_back_with_something_to_mend_is_kept_as_sent(client, mine):
    window = Window(client, mine)
    window.keep(sent(body="Gõ"))
    answer = window.save(sent(subject="", body="Gõ nữa"))
    assert answer.status_code == 422
    assert TypedDraft.objects.get().values["body"] == "Gõ nữa"
    assert 'name="typed_revision" value="2"' in answer.content.decode()


def test_values_of_an_older_form_still_fill_it():
    shown = shown_again({"body": "x", "annex-1-title": "y"})
    assert (shown["body"], shown["subject"], shown["is_internal"]) == ("x", "", False)
    assert [one.title for one in shown["annexes"]] == ["", "y"]
