"""Drafts of entries: what is typed lies on the server until it is registered or refused."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from core import clock
from core.errors import Refusal, Stale
from documents.models import DocumentAct
from incoming import actions, drafts
from incoming.models import EntryDraft, IncomingDocument
from tests import cast as play
from tests.cast import act_as, make_person
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("types", "glance", "empty_cache")]

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def second(cast):
    """Another clerk of the same office."""
    return make_person(cast.office, "clerk", "clerk2", "Lê Thị Mai", "Văn thư")


def form_of(document) -> str:
    return reverse("incoming:register_received", args=[document.agency.slug, document.pk])


def draft_of(document) -> str:
    return reverse("incoming:draft_received", args=[document.agency.slug, document.pk])


@pytest.fixture
def blank(cast) -> str:
    return reverse("incoming:register", args=[cast.city.slug])


def shown(answer) -> dict[str, object]:
    """What stands in the fields of the form."""
    form = answer.context["form"]
    return {name: form[name].value() for name in ("organ_name", "subject", "issued_date")}


TYPED = {
    "organ_name": "Sở Y tế tỉnh Kon Tum",
    "subject": "Phòng chống dịch",
    "issued_date": "05/11/2024",
}


def test_what_is_typed_comes_back_in_another_browser(client, cast, pdf):
    document = play.received(cast.clerk, pdf)
    client.force_login(cast.clerk)
    answer = client.post(draft_of(document), TYPED, **HTMX)
    assert answer.status_code == 200
    assert "Bản nháp lưu lúc" in answer.content.decode()
    other = type(client)()
    other.force_login(cast.clerk)
    page = other.get(form_of(document))
    assert shown(page) == TYPED
    assert "Bản nháp của tôi, lưu lúc" in page.content.decode()
    # What was left empty is as in a fresh form.
    assert page.context["form"]["language"].value() == "Tiếng Việt"


def test_a_colleague_reads_whose_draft_it_is_and_overwrites_nothing(client, cast, pdf, second):
    document = play.received(cast.clerk, pdf)
    client.force_login(cast.clerk)
    client.post(draft_of(document), TYPED, **HTMX)
    client.get(form_of(document))
    other = type(client)()
    other.force_login(second)
    page = other.get(form_of(document))
    words = page.content.decode()
    assert shown(page) == TYPED
    assert "Bản nháp của Bùi Thị Hồng Nhung, lưu lúc" in words
    assert "Bùi Thị Hồng Nhung đang mở văn bản này, từ" in words
    changed = TYPED | {"subject": "Chữ của người thứ hai"}
    said = other.post(draft_of(document), changed, **HTMX).content.decode()
    assert "Bùi Thị Hồng Nhung cũng có bản nháp" in said
    rows = {one.clerk: one.values["subject"] for one in EntryDraft.objects.all()}
    assert rows == {cast.clerk: "Phòng chống dịch", second: "Chữ của người thứ hai"}
    # The first one keeps his own, and hears of the newer one.
    page = client.get(form_of(document))
    assert shown(page) == TYPED
    assert "Lê Thị Mai có bản nháp mới hơn" in page.content.decode()
    newer = EntryDraft.objects.get(clerk=second)
    page = client.get(f"{form_of(document)}?draft={newer.pk}")
    assert shown(page) == changed
    page = client.get(f"{form_of(document)}?draft=99999999999999999999")
    assert shown(page) == TYPED


def test_another_window_of_the_same_clerk_is_not_overwritten_unseen(client, cast, pdf):
    document = play.received(cast.clerk, pdf)
    client.force_login(cast.clerk)
    client.post(draft_of(document), TYPED, **HTMX)
    stale = TYPED | {"subject": "Của cửa sổ cũ", "draft_revision": "0"}
    answer = client.post(draft_of(document), stale, **HTMX)
    assert answer.status_code == 409
    assert "đã lưu ở cửa sổ khác lúc" in answer.content.decode()
    assert "Ghi đè" in answer.content.decode()
    assert EntryDraft.objects.get().values["subject"] == "Phòng chống dịch"
    # The same by the button of the form, without a script.
    answer = client.post(form_of(document), stale | {"then": "draft"})
    assert answer.status_code == 409
    assert shown(answer)["subject"] == "Của cửa sổ cũ"
    assert 'value="overwrite"' in answer.content.decode()
    answer = client.post(form_of(document), stale | {"then": "overwrite"})
    assert answer.url == form_of(document)
    assert EntryDraft.objects.get().values["subject"] == "Của cửa sổ cũ"


def test_without_a_script_the_button_keeps_the_draft(client, cast, pdf):
    document = play.received(cast.clerk, pdf)
    client.force_login(cast.clerk)
    answer = client.post(form_of(document), TYPED | {"then": "draft"}, follow=True)
    assert "Đã lưu nháp." in answer.content.decode()
    assert shown(answer) == TYPED
    assert IncomingDocument.objects.get().state == "received"


def test_an_entry_without_a_scan(client, cast, pdf, blank, second, typed, upload_file):
    """Typed first, scanned later, by whoever of the office; the draft goes with the document."""
    client.force_login(cast.clerk)
    token = str(uuid4())
    answer = client.post(blank, typed(then="draft", entry_token=token))
    draft = EntryDraft.objects.get()
    assert answer.url == f"{blank}?draft={draft.pk}"
    assert not IncomingDocument.objects.exists()
    # Opened again, it is there; another one can be begun beside it.
    assert shown(client.get(f"{blank}?new"))["organ_name"] == "UBND tỉnh Kon Tum"
    assert not shown(client.get(f"{blank}?new=blank"))["organ_name"]
    other = type(client)()
    other.force_login(second)
    tray = other.get(reverse("incoming:tray", args=[cast.city.slug])).content.decode()
    assert f"?draft={draft.pk}" in tray
    assert "Bùi Thị Hồng Nhung" in tray
    page = other.get(f"{blank}?draft={draft.pk}")
    assert str(page.context["form"]["entry_token"].value()) == token
    other.post(blank, typed(entry_token=token, files=upload_file(pdf)))
    assert IncomingDocument.objects.get().state == "registered"
    assert not EntryDraft.objects.exists()


def test_the_draft_goes_with_the_scan_into_the_tray(client, cast, pdf, blank, typed, upload_file):
    client.force_login(cast.clerk)
    token = str(uuid4())
    client.post(blank, typed(then="draft", entry_token=token))
    values = typed(entry_token=token, files=upload_file(pdf), then="draft", draft_revision="1")
    document_form = client.post(blank, values).url
    document = IncomingDocument.objects.get()
    assert document_form == form_of(document)
    assert EntryDraft.objects.get().document == document
    assert shown(client.get(document_form))["organ_name"] == "UBND tỉnh Kon Tum"


def test_a_wrong_form_is_kept_as_a_draft(client, cast, pdf, typed):
    document = play.received(cast.clerk, pdf)
    client.force_login(cast.clerk)
    answer = client.post(form_of(document), typed(issued_date="31/02/2024"))
    assert answer.status_code == 422
    assert EntryDraft.objects.get().values["issued_date"] == "31/02/2024"
    assert f'name="draft_revision" value="{EntryDraft.objects.get().revision}"' in (
        answer.content.decode()
    )


def test_registered_nothing_of_the_draft_stays(client, cast, pdf, typed, second):
    document = play.received(cast.clerk, pdf)
    for clerk in (cast.clerk, second):
        actions.keep_draft(act_as(clerk), document.entry_token, TYPED)
    client.force_login(cast.clerk)
    assert client.post(form_of(document), typed()).status_code == 302
    assert not EntryDraft.objects.exists()
    # What a window sends late is told where the document is, and kept nowhere.
    answer = client.post(draft_of(document), TYPED, **HTMX)
    assert answer.status_code == 409
    assert "Bước gần nhất: Bùi Thị Hồng Nhung, đăng ký lúc" in answer.content.decode()
    assert not EntryDraft.objects.exists()


@pytest.mark.parametrize("way", ["form", "refuse page", "ticked only"])
def test_of_a_forbidden_document_no_draft_stays(client, cast, pdf, typed, second, way):
    """Kon Tum Điều 4.1, 14.7: not a word, nobody's."""
    document = play.received(cast.clerk, pdf)
    actions.keep_draft(act_as(cast.clerk), document.entry_token, TYPED)
    client.force_login(cast.clerk)
    if way == "ticked only":
        client.post(draft_of(document), TYPED | {"gate": "state_secrets"}, **HTMX)
    else:
        actions.keep_draft(act_as(second), document.entry_token, TYPED)
    if way == "form":
        assert client.post(form_of(document), typed(gate="state_secrets")).status_code == 409
    if way == "refuse page":
        url = reverse("incoming:refuse", args=[cast.city.slug, document.pk])
        client.post(url, {"reason": "state_secrets"})
    assert not EntryDraft.objects.exists()
    if way != "ticked only":
        with pytest.raises(Stale):
            actions.keep_draft(act_as(cast.clerk), document.entry_token, TYPED)


def test_a_forbidden_entry_without_a_scan_leaves_no_draft(client, cast, blank, typed):
    """Kon Tum Điều 4.1: and what a window sends late is not kept."""
    client.force_login(cast.clerk)
    token = str(uuid4())
    url = reverse("incoming:draft", args=[cast.city.slug])
    client.post(url, TYPED | {"entry_token": token}, **HTMX)
    assert EntryDraft.objects.count() == 1
    client.post(blank, typed(gate="state_secrets", entry_token=token))
    assert client.post(url, TYPED | {"entry_token": token}, **HTMX).status_code == 409
    assert not EntryDraft.objects.exists()


def test_better_files_keep_the_draft(client, cast, pdf, typed, upload_file, second):
    document = play.received(cast.clerk, pdf)
    actions.keep_draft(act_as(second), document.entry_token, TYPED)
    client.force_login(cast.clerk)
    values = typed(files=upload_file(pdf), then="draft")
    better = client.post(form_of(document), values).url
    held = EntryDraft.objects.filter(document__state="received")
    assert {one.clerk for one in held} == {cast.clerk, second}
    assert shown(client.get(better))["organ_name"] == "UBND tỉnh Kon Tum"


def test_an_old_draft_is_shown_as_such_and_not_deleted(client, cast, pdf, second, settings):
    settings.DRAFT_DAYS = 7
    document = play.received(cast.clerk, pdf)
    draft = actions.keep_draft(act_as(cast.clerk), document.entry_token, TYPED)
    other = act_as(second)
    with pytest.raises(Refusal, match="chỉ người gõ mới bỏ được"):
        actions.discard_draft(other, draft)
    with clock.set_to(clock.now() + timedelta(days=9)):
        client.force_login(cast.clerk)
        tray = client.get(reverse("incoming:tray", args=[cast.city.slug])).content.decode()
        assert "nháp cũ, 9 ngày" in tray
        assert "Nháp cũ, 9 ngày chưa đăng ký." in client.get(form_of(document)).content.decode()
        actions.discard_draft(other, draft)
    assert not EntryDraft.objects.exists()


def test_a_draft_is_thrown_away_by_a_button(client, cast, pdf, second):
    document = play.received(cast.clerk, pdf)
    draft = actions.keep_draft(act_as(cast.clerk), document.entry_token, TYPED)
    url = reverse("incoming:discard_draft", args=[cast.city.slug, draft.pk])
    client.force_login(second)
    answer = client.post(url, follow=True)
    assert "chỉ người gõ mới bỏ được" in answer.content.decode()
    client.force_login(cast.clerk)
    assert client.post(url, {"from": "form"}).url == form_of(document)
    assert not EntryDraft.objects.exists()
    assert client.post(url).status_code == 404


def test_nothing_typed_makes_no_draft(client, cast, pdf):
    document = play.received(cast.clerk, pdf)
    client.force_login(cast.clerk)
    given = {"language": "Tiếng Việt", "priority": "0", "channel": "paper"}
    client.post(draft_of(document), given, **HTMX)
    assert not EntryDraft.objects.exists()
    client.post(draft_of(document), TYPED | {"description": "a\x00b"}, **HTMX)
    assert EntryDraft.objects.get().values["description"] == "ab"
    client.post(draft_of(document), given | {"draft_revision": "1"}, **HTMX)
    assert not EntryDraft.objects.exists()


@pytest.mark.parametrize("who", ["chief", "chair", "archivist", "head", "ward_clerk", "stranger"])
def test_nobody_else_reads_or_writes_a_draft(client, cast, pdf, who):
    document = play.received(cast.clerk, pdf)
    draft = actions.keep_draft(act_as(cast.clerk), document.entry_token, TYPED)
    client.force_login(getattr(cast, who))
    for url in (
        draft_of(document),
        reverse("incoming:draft", args=[cast.city.slug]),
        reverse("incoming:discard_draft", args=[cast.city.slug, draft.pk]),
    ):
        assert client.post(url, TYPED | {"entry_token": str(uuid4())}).status_code == 404, url
    assert EntryDraft.objects.get() == draft
    ward = reverse("incoming:register", args=[cast.ward.slug])
    if who == "ward_clerk":
        assert client.get(f"{ward}?draft={draft.pk}").status_code == 404
        # The same token in another agency opens nothing of this one.
        assert drafts.choose(act_as(cast.ward_clerk), document.entry_token).draft is None


def test_a_draft_writes_no_act(cast, pdf):
    document = play.received(cast.clerk, pdf)
    acts = DocumentAct.objects.count()
    actions.keep_draft(act_as(cast.clerk), document.entry_token, TYPED)
    assert DocumentAct.objects.count() == acts


def test_a_full_store_loses_nothing(client, cast, pdf, typed, settings):
    """What was typed stands in the form again, and in the draft."""
    document = play.received(cast.clerk, pdf)
    client.force_login(cast.clerk)
    whole = settings.STORAGES
    full = {**whole["store"], "BACKEND": "tests.incoming.test_bad_input.FullStore"}
    settings.STORAGES = {**whole, "store": full}
    answer = client.post(form_of(document), typed())
    settings.STORAGES = whole
    assert answer.status_code == 409
    assert "Máy chủ chưa lưu được tệp" in answer.content.decode()
    assert EntryDraft.objects.get().values["subject"] == typed()["subject"]
    assert client.post(form_of(document), typed()).status_code == 302
    assert not EntryDraft.objects.exists()
