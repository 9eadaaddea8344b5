"""Whatever a person types is shown as text: on every page, part and answer that shows it."""

import itertools
from dataclasses import replace
from datetime import timedelta
from html import unescape
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models, transaction
from django.urls import resolve, reverse

from accounts import actions as people
from accounts.models import Agency, Appointment, DirectoryEntry, Unit, User
from core import clock
from documents.actions import saving
from documents.choices import AssignmentRole
from documents.models import CalendarDay, DocumentType, Extension, Follow
from dossiers import actions as dossiers
from dossiers.actions import Fields, cataloguing, issuing
from dossiers.actions.cataloguing import LineEntry
from dossiers.models import Catalogue
from incoming import actions
from incoming.actions import Annex, Line
from incoming.models import CannedDirective, IncomingDocument, Preset
from outgoing import actions as drafting
from outgoing.actions.uploading import looked_at
from outgoing.content import AnnexText
from outgoing.models import (
    AnnexFile,
    Conversion,
    Delivery,
    DeliveryStatus,
    IssuingBody,
    OutgoingDocument,
    Series,
    SignedKind,
    TypedDraft,
)
from outgoing.recipients import Recipient
from signatures.actions import errand_for
from signatures.models import SigningKey
from tests import cast as play
from tests.cast import act_as
from tests.files import build
from tests.keys import make_key
from tests.outgoing import drafts
from tests.outgoing.copies import copied
from tests.outgoing.issuing import issued
from tests.security.conftest import drained, fresh
from tests.security.payloads import Page, payload
from tests.stories.visitor import Node, Reader

# Columns of text that nobody types, each with what fills it.
NOT_TYPED = {
    "accounts.Agency": {
        "slug": "letters and digits",
        "organ_id": "checked",
        "regulation_name": "file",
    },
    "accounts.User": {
        "password": "a hash",
        "name_key": "computed",
        "username": "letters, digits, @.+-_",
    },
    "accounts.Post": {"role": "choice"},
    "accounts.Appointment": {"role": "choice"},
    "accounts.Delegation": {"scope": "choice"},
    "accounts.Preferences": {"language": "choice"},
    "accounts.DirectoryEntry": {"organ_id": "checked", "search_text": "computed"},
    "accounts.SignedIn": {"browser": "names of ours"},
    "documents.Document": {
        "kind": "choice",
        "state": "choice",
        "code_number": "letters, digits and hyphens",
        "search_text": "computed",
    },
    "documents.Register": {"book": "choice", "name": "no form has it"},
    "documents.StoredFile": {"sha256": "a hash"},
    "documents.Attachment": {"part": "choice"},
    "documents.QuarantinedFile": {"token": "made", "sha256": "a hash", "part": "choice"},
    "documents.DocumentAct": {
        "verb": "choice",
        "from_state": "choice",
        "to_state": "choice",
        "article": "of the regulation",
        "note_hash": "a hash",
        "previous_hash": "a hash",
        "hash": "a hash",
    },
    "documents.TrailSeal": {"previous_hash": "a hash", "hash": "a hash"},
    "documents.Waiting": {"verb": "choice"},
    "documents.UserGrant": {"kind": "choice"},
    "documents.GroupGrant": {"kind": "choice"},
    "documents.CalendarDay": {"kind": "choice"},
    "documents.SavedFilter": {"page": "choice"},
    "documents.PaperEntry": {"direction": "choice", "kind": "of the regulation"},
    "documents.Link": {"kind": "choice"},
    "documents.Extension": {"outcome": "choice"},
    "documents.Opinion": {"stance": "choice"},
    "incoming.Reminder": {"kind": "choice", "verb": "choice"},
    "incoming.ProposedLine": {"role": "choice"},
    "incoming.Paper": {"token": "figures", "part": "choice", "state": "choice"},
    "incoming.PaperMove": {"state": "choice"},
    "incoming.IncomingDocument": {
        "channel": "choice",
        "refusal_reason": "choice",
        "recall_answer": "choice",
    },
    "dossiers.Catalogue": {"state": "choice"},
    "dossiers.Heading": {"abbreviation": "letters and digits"},
    "dossiers.PlannedDossier": {
        "state": "choice",
        "file_notation": "checked",
        "maintenance": "checked",
    },
    "dossiers.Dossier": {"organ_id": "made", "file_code": "made", "maintenance": "checked"},
    "dossiers.Item": {"search_text": "computed"},
    "dossiers.Proposal": {"outcome": "choice"},
    "documents.Assignment": {"role": "choice", "state": "choice"},
    "notifications.Notification": {"kind": "choice", "path": "made"},
    "outgoing.Conversion": {
        "token": "made",
        "reason": "words of ours",
        "look": "a hash",
        "answer": "a hash",
        "article": "of the regulation",
    },
    "outgoing.OutgoingDocument": {
        "copy_kind": "choice",
        "copied_pages": "figures",
        "medium": "choice",
    },
    "outgoing.Batch": {"verb": "choice"},
    "outgoing.BatchRow": {"outcome": "choice", "reason": "words of ours"},
    "outgoing.Delivery": {"organ_id": "of the directory", "way": "choice", "status": "choice"},
    "outgoing.DeliveryStatus": {"code": "choice"},
    "outgoing.IssuedFile": {"step": "choice"},
    "signatures.Errand": {
        "purpose": "choice",
        "field": "ours",
        "file_name": "made",
        "page": "made",
        "token_hash": "a hash",
        "way": "choice",
    },
    "signatures.SigningKey": {"back_end": "choice", "fingerprint": "a hash"},
    "outgoing.Picture": {"name": "letters, digits, dots and hyphens"},
    "outgoing.SignOff": {"step": "choice"},
}
OURS = (
    "accounts",
    "documents",
    "dossiers",
    "incoming",
    "outgoing",
    "notifications",
    "signatures",
    "reports",
)


def columns() -> list[tuple[Any, Any]]:
    """Every column of text of our own tables that is no copy in a history."""
    return [
        (model, field)
        for app in OURS
        for model in apps.get_app_config(app).get_models()
        if not model.__name__.startswith("Historical")
        for field in model._meta.local_fields
        if isinstance(field, models.CharField | models.TextField)
        and field.name not in NOT_TYPED.get(model._meta.label, {})
    ]


# --- An office whose people, files and words are all payloads.


@pytest.fixture
def poisoned(site: SimpleNamespace) -> SimpleNamespace:
    """The verbs are played with payloads; names are set as the admin would set them."""
    numbers = itertools.count(9001)
    site.typed = {}

    def typed(label: str, longest: int | None = None) -> str:
        site.typed[label] = payload(next(numbers), longest)
        return site.typed[label]

    cast = site.cast
    for model, rows in (
        (Agency, [cast.city]),
        (Unit, [cast.planning]),
        (User, [cast.specialist]),
        (Appointment, [cast.specialist.appointments.get()]),
    ):
        changes = {
            field.name: typed(f"{model._meta.label}.{field.name}", field.max_length)
            for owner, field in columns()
            if owner is model
        }
        if "mailbox" in changes:
            changes["mailbox"] = site.typed["accounts.Agency.mailbox"] = '"><i>9"@a.vn'
        for row in rows:
            for name, value in changes.items():
                setattr(row, name, value)
            row.save()  # with its history
    entry = {
        name: typed(f"documents.Document.{name}", longest)
        for name, longest in (
            ("subject", 500),
            ("description", 500),
            ("organ_name", 200),
            ("signer_position", 100),
            ("signer_full_name", 50),
            ("code_notation", 30),
            ("language", 30),
        )
    }
    own = DocumentType.objects.create(
        agency=cast.city,
        type_name=typed("documents.DocumentType.type_name", 100),
        abbreviation=typed("documents.DocumentType.abbreviation", 10),
    )
    entry["type_name"] = site.typed["documents.Document.type_name"] = own.type_name
    file_name = typed("documents.Attachment.file_name", 60).replace("/", "")
    site.typed["documents.Attachment.file_name"] = file_name
    site.typed["documents.QuarantinedFile.file_name"] = file_name
    _documents(site, typed, entry, file_name)
    today = clock.today()
    people.delegate(
        act_as(cast.head),
        cast.deputy,
        start_date=today + timedelta(days=10),
        end_date=today + timedelta(days=11),
        decision_number=typed("accounts.Delegation.decision_number", 60),
    )
    for reader in (cast.clerk, cast.specialist):
        name = typed("documents.SavedFilter.name", 60)
        query = site.typed["documents.SavedFilter.query"] = f"q={payload(8000, 40)}"
        saving.save_filter(act_as(reader), page="book", name=name, query=query)
    Follow.objects.create(
        appointment=cast.deputy.appointments.get(),
        unit=cast.planning,
        type_name=typed("documents.Follow.type_name", 100),
        start_date=today,
        decision_number=typed("documents.Follow.decision_number", 60),
    )
    CannedDirective.objects.create(
        agency=cast.city, text=typed("incoming.CannedDirective.text", 300)
    )
    Preset.objects.create(
        agency=cast.city,
        name=typed("incoming.Preset.name", 40),
        lead=cast.planning,
        directive=typed("incoming.Preset.directive", 300),
    )
    _catalogues(site, typed)
    _dossier(site, typed)
    _drafts(site, typed)
    _sent(site, typed)
    day = CalendarDay.objects.first()
    for field in ("name", "source"):
        longest = CalendarDay._meta.get_field(field).max_length
        setattr(day, field, typed(f"documents.CalendarDay.{field}", longest))
    day.save()
    return site


def _catalogues(site: SimpleNamespace, typed: Any) -> None:
    """This year's is issued, with a proposal that was sent back; the next one was sent back."""
    cast, today = site.cast, clock.today()
    keeper, chair, one = map(act_as, (cast.clerk, cast.chair, cast.specialist))
    words = {
        name: typed(f"dossiers.PlannedDossier.{name}", longest)
        for name, longest in (("title", 500), ("creator", 30), ("description", 500))
    }
    title = typed("dossiers.Heading.title", 300)
    for old in site.catalogues.values():
        Catalogue.objects.filter(pk=old.pk).update(year=old.year - 10)
    for year in (today.year, today.year + 1):
        catalogue = issuing.start(keeper, year)
        heading = cataloguing.add_heading(keeper, catalogue, title=title)

        def entry(notation: str, heading: Any = heading) -> LineEntry:
            return LineEntry(notation, maintenance="20 năm", heading=heading, **words)

        cataloguing.add_line(keeper, catalogue, entry("01.TH"))
        catalogue = issuing.submit(keeper, catalogue)
        if year > today.year:
            reason = typed("dossiers.Catalogue.returned_reason", 500)
            issuing.send_back(chair, catalogue, text=reason)
            continue
        issuing.approve(
            chair,
            catalogue,
            version=catalogue.version,
            decision_number=typed("dossiers.Catalogue.decision_number", 60),
            decided_date=today,
        )
        line = cataloguing.propose_line(one, catalogue, entry("02.TH"))
        reason = typed("dossiers.PlannedDossier.returned_reason", 500)
        issuing.return_line(chair, line, version=line.version, text=reason)
        cataloguing.propose_line(one, catalogue, entry("03.TH"))


def _dossier(site: SimpleNamespace, typed: Any) -> None:
    """One on which people work, with words at each step, and one that ended with its words."""
    cast = site.cast
    chair, head, one = map(act_as, (cast.chair, cast.head, cast.specialist))
    words, directive = site.typed["documents.ActText.text"], "documents.Assignment.directive"
    fields = {
        "title": site.typed["documents.Document.subject"],
        "rights": typed("dossiers.Dossier.rights", 30),
        "creator": typed("dossiers.Dossier.creator", 30),
        "maintenance": "5",
    }
    lines = [Line(AssignmentRole.LEAD, cast.planning, None, site.typed[directive])]
    opened = [
        dossiers.begin(chair, Fields(file_notation=f"{place}.TH", **fields), lines=lines)
        for place in (71, 72)
    ]
    done, site.dossier = opened
    dossiers.add_note(head, site.dossier, text=typed("dossiers.Item.text"))
    helper = [Line("coordinate", cast.finance, None, typed("dossiers.Proposal.directive", 1000))]
    mine = [Line(AssignmentRole.LEAD, cast.planning, cast.specialist, site.typed[directive])]
    dossiers.assign(head, site.dossier, mine, text=words)
    dossiers.propose_coordinators(one, site.dossier, helper, text=words)
    dossiers.answer_proposal(
        act_as(cast.finance_head),
        site.dossier,
        site.dossier.proposals.get(),
        agree=False,
        text=typed("dossiers.Proposal.answer"),
    )
    dossiers.complete(head, done, text=typed("dossiers.Dossier.result"))
    site.done = done


def _drafts(site: SimpleNamespace, typed: Any) -> None:
    """One that has a file, one on its way, one that came back; what is kept ready."""
    cast = site.cast
    me, head, chief = map(act_as, (cast.specialist, cast.head, cast.chief))
    body = IssuingBody.objects.get(agency=cast.city)
    for owner, field in columns():
        if owner is IssuingBody:
            label = f"outgoing.IssuingBody.{field.name}"
            setattr(body, field.name, typed(label, field.max_length))
    body.save()
    words = typed("outgoing.DraftVersion.text")
    national = ("subject", "description", "language", "type_name", "code_notation")
    signed = ("signer_position", "signer_full_name")
    content = drafts.content(
        **{name: site.typed[f"documents.Document.{name}"] for name in (*national, *signed)},
        body=words,
        addressees=words,
        grounds=words,
        place=words[:60],
        on_behalf_of=words[:200],
        recipients=typed("documents.Document.to_places"),
        annexes=(AnnexText(heading=words[:60], title=words, body=words),),
    )

    def begun(text: Any = content) -> Any:
        plan = drafts.plan(cast.chair)
        return drafting.draft(me, text, plan, token=uuid4(), gate_kind="none")

    name = typed("outgoing.DraftVersion.file_name", 60).replace("/", "")
    site.typed["outgoing.DraftVersion.file_name"] = name
    note = typed("outgoing.DraftVersion.note", 500)
    site.written = begun()
    with looked_at(me, play.upload(build(), name)) as found:
        drafting.save(me, site.written, content, base=1, note=note, file=found)
    name = typed("outgoing.Conversion.file_name", 60).replace("/", "")
    site.typed["outgoing.Conversion.file_name"] = name
    Conversion.objects.create(
        document=site.written,
        base=2,
        token="1" * 32,
        file_name=name,
        note=typed("outgoing.Conversion.note", 500),
        asked_by=cast.specialist.appointments.get(),
        asked_at=clock.now(),
        done_at=clock.now() + timedelta(seconds=1),
        reason="Không mở được.",
    )
    # Nothing is submitted under another name and post than the signer's own.
    held = Appointment.objects.filter(user=cast.chair)
    held.update(title=content.signer_position)
    ready = replace(
        content,
        signer_full_name=cast.chair.full_name,
        code_notation=f"{body.abbreviation}-VX",
        on_behalf_of=body.collective,
    )
    site.sent = drafts.submitted(cast.specialist, begun(ready), text=words)
    quote, text = typed("outgoing.Remark.quote", 300), typed("outgoing.Remark.text")
    for line in (0, 1):
        drafting.remark(head, site.sent, version=1, line=line, quote=quote, text=text)
    site.back = drafts.submitted(cast.specialist, begun(ready))
    places = [drafting.Place(1, quote, text)]
    drafting.send_back(head, site.back, text=words, places=places)
    held.update(title="Chủ tịch")
    name = typed("outgoing.Template.name", 120)
    site.typed["outgoing.Template.type_name"] = content.type_name
    drafting.keep_template(chief, name=name, content=content)
    drafting.keep_phrase(chief, typed("outgoing.Phrase.text", 500))
    # What was typed and not saved, of a new draft and of one that is being written.
    kept = {"subject": words[:500], "body": words, "annex-0-heading": words, "signer": words}
    for document in (None, site.written):
        drafting.keep_typed(me, document, kept, token=uuid4(), window=uuid4())
    site.typing = TypedDraft.objects.filter(author=cast.specialist).order_by("pk")


def _sent(site: SimpleNamespace, typed: Any) -> None:
    """One that has gone out, with what its receivers' servers answered; keys, series, lists.

    What a certificate or a server says is typed by strangers.
    """
    cast, words = site.cast, "outgoing.Delivery"
    people = {
        "organ_name": typed(f"{words}.organ_name", 200),
        "address": typed(f"{words}.address", 300),
        "note": typed(f"{words}.note", 200),
    }
    receivers = [Recipient(way="paper", **people), Recipient(organ_name="Ai đó", way="paper")]
    # The first body has another abbreviation by now, and with it another register.
    body = drafts.body_of(cast)
    site.issued = issued(cast, *receivers, code_notation="UBND-VX", body_key=body.pk)
    excerpt = copied(cast.clerk, site.issued)
    part = typed("outgoing.OutgoingDocument.copied_part", 200)
    OutgoingDocument.objects.filter(pk=excerpt.pk).update(copy_kind="TRÍCH SAO", copied_part=part)
    failed = site.issued.deliveries.latest("pk")
    Delivery.objects.filter(pk=failed.pk).update(error=typed(f"{words}.error", 300), status="fail")
    text = typed("outgoing.DeliveryStatus.text", 1000)
    for _twice in range(2):  # the newest has the words of the delivery, those before their own
        DeliveryStatus.objects.create(delivery=failed, code="fail", at=clock.now(), text=text)
    version = site.sent.versions.latest("pk")
    name = typed("outgoing.AnnexFile.file_name", 60).replace("/", "")
    site.typed["outgoing.AnnexFile.file_name"] = name
    AnnexFile.objects.create(version=version, part=1, file=version.pdf, file_name=name)
    made = {
        name: typed(f"signatures.SigningKey.{name}", longest)
        for name, longest in (
            ("label", 100),
            ("subject_name", 255),
            ("issuer_name", 255),
            ("serial", 64),
            ("token_label", 64),
            ("key_label", 64),
        )
    }
    for holder in ({"owner": cast.specialist}, {"agency": cast.city}):
        key = make_key("Ai đó", back_end="pkcs11", **holder)
        SigningKey.objects.filter(pk=key.pk).update(**made)
    errand = errand_for(
        act_as(cast.clerk), site.issued, purpose="seal", file=version.pdf, field="", page="/kontum/"
    )
    errand.failure, errand.failed_at = typed("signatures.Errand.failure"), clock.now()
    errand.save()
    site.outside = errand
    body = IssuingBody.objects.filter(agency=cast.city).order_by("pk")[0]
    Series.objects.create(
        body=body,
        name=typed("outgoing.Series.name", 30),
        type_names=typed("outgoing.Series.type_names"),
    )
    SignedKind.objects.create(
        agency=cast.city,
        type_name=typed("outgoing.SignedKind.type_name", 100),
        basis=typed("outgoing.SignedKind.basis", 200),
        start_date=clock.today(),
    )
    email = site.typed["accounts.DirectoryEntry.email"] = '"><i>8"@a.vn'
    DirectoryEntry.objects.create(
        organ_id="A99.99.99",
        organ_name=typed("accounts.DirectoryEntry.organ_name", 200),
        email=email,
    )


def _documents(site: SimpleNamespace, typed: Any, entry: dict[str, Any], file_name: str) -> None:
    """One in each state, with words at each step."""
    cast, pdf = site.cast, build(pages=2)
    clerk, chief, chair, head, one = map(
        act_as, (cast.clerk, cast.chief, cast.chair, cast.head, cast.specialist)
    )
    words = typed("documents.ActText.text")
    directive = typed("documents.Assignment.directive", 1000)
    site.typed["documents.Assignment.result"] = typed("incoming.IncomingDocument.result")

    proposal = typed("incoming.ProposedLine.directive", 1000)
    annex = Annex(40, typed("incoming.Paper.name", 200))
    slip_name = typed("documents.ActFile.file_name", 60).replace("/", "")
    site.typed["documents.ActFile.file_name"] = slip_name
    question, opinion = typed("documents.Opinion.question"), typed("documents.Opinion.text")
    reason, answer = typed("documents.Extension.reason"), typed("documents.Extension.answer")

    def asked(document: Any) -> Any:
        day, finance = clock.today() + timedelta(days=9), Line("coordinate", cast.finance)
        paper = actions.keep_paper(clerk, document, annex=annex)
        paper = actions.hand_over(clerk, paper, cast.planning, sheets=9)
        slip = play.upload(build(), slip_name)
        actions.attach_slip(clerk, paper, move=paper.moves.last(), slip=slip, text=words)
        actions.ask_opinion(head, document, [finance], text=question)
        actions.give_opinion(act_as(cast.finance_head), document, stance="other", text=opinion)
        actions.ask_opinion(head, document, [finance], text=question)
        actions.request_extension(head, document, day=day, text=reason)
        row = Extension.objects.latest("pk")
        actions.decide_extension(chair, document, row, agree=False, text=answer)
        actions.request_extension(head, document, day=day, text=reason)
        return document

    def registered() -> Any:
        document = play.received(cast.clerk, pdf, file_name)
        return actions.register(clerk, document, play.entry(**entry))

    def proposed() -> Any:
        document = actions.submit(clerk, registered(), text=words)
        lines = [Line(AssignmentRole.LEAD, cast.planning, None, proposal)]
        return actions.propose(chief, document, leader=cast.chair, text=words, lines=lines)

    def worked() -> Any:
        document = actions.direct(chair, proposed(), text=words)
        due = clock.today() + timedelta(days=5)
        lines = [Line(AssignmentRole.LEAD, cast.planning, None, directive, due)]
        document = actions.distribute(chief, document, lines, text=words)
        lines = [Line(AssignmentRole.LEAD, cast.planning, cast.specialist, directive, due)]
        document = actions.assign(head, document, lines, text=words)
        actions.progress(one, document, percent=50, text=words)
        return actions.comment(head, document, text=words)

    play.received(cast.clerk, pdf, file_name)
    proposed()
    site.asked = asked(worked())
    waiting = actions.submit(clerk, registered(), text=words)
    assert waiting.state == "submitted"
    sent_back = actions.send_back(one, worked(), text=words)
    assert sent_back.pk
    done = actions.finish(one, worked(), text=site.typed["incoming.IncomingDocument.result"])
    done = actions.finish(head, done, text=site.typed["incoming.IncomingDocument.result"])
    actions.share(chief, done, [Line(AssignmentRole.INFORM, cast.finance)], text=words)
    actions.refuse(clerk, play.received(cast.clerk, pdf, file_name), reason="not_ours", text=words)
    again = {**entry, "subject": entry["subject"] + " 2"}
    document = worked()
    again["due_date"] = document.due_date
    actions.correct(clerk, document, play.entry(**again), reason=words)
    site.typed["documents.DocumentAct.title"] = site.typed["accounts.Appointment.title"]
    # What a sender says in his own words of another document.
    told = typed("incoming.IncomingDocument.replaces_text", 200)
    IncomingDocument.objects.update(replaces_text=told)


def test_every_column_of_text_is_poisoned_or_said_to_be_no_bodys_words(poisoned):
    """A new column fails here until somebody says what is typed into it."""
    for model, field in columns():
        label = f"{model._meta.label}.{field.name}"
        assert label in poisoned.typed, label
        rows = model._default_manager.filter(**{f"{field.name}__contains": '"><'})
        assert rows.exists(), label
    known = {
        model._meta.label: {f.name for f in model._meta.local_fields}
        for app in OURS
        for model in apps.get_app_config(app).get_models()
    }
    for label, names in NOT_TYPED.items():
        assert names.keys() <= known[label], label


# --- A spider: every page that links lead to, as a whole page and as a part.

READERS = ("clerk", "chief", "chair", "head", "specialist", "boss")


class Spider:
    """Follows the links of the pages, one of each kind for each state of a document."""

    def __init__(self, site: SimpleNamespace, reader: str) -> None:
        self.site, self.client = site, fresh(site, reader)
        self.seen: set[Any] = set()
        self.text: list[str] = []
        self.forms: dict[Any, tuple[str, Node]] = {}
        self.faults: list[tuple[str, list[str]]] = []
        self.names: set[str] = set()

    def crawl(self, *starts: str) -> None:
        waiting = list(starts)
        while waiting:
            path = waiting.pop(0)
            match = resolve(urlsplit(path).path)
            kind = (
                match.view_name,
                self._state(match.kwargs),
                frozenset(
                    name for name, _value in parse_qsl(urlsplit(path).query, keep_blank_values=True)
                ),
            )
            if kind in self.seen or match.url_name == "jsi18n":
                continue
            self.seen.add(kind)
            self.names.add(match.view_name)
            answer = drained(self.client.get(path))
            assert answer.status_code < 500, path
            if answer.status_code in (301, 302):
                waiting.append(urljoin(path, answer.url))
            elif answer.get("Content-Type", "").startswith("text/html"):
                self._read(path, answer)
                if match.view_name in ("incoming:detail", "incoming:verb"):
                    self._read(path, self.client.get(path, headers={"HX-Request": "true"}))
                waiting += self._links(path, answer)

    def _state(self, kwargs: dict[str, Any]) -> Any:
        rows = apps.get_model("documents.Document").objects.filter(pk=kwargs.get("pk", 0))
        return (
            rows.values_list("state", flat=True).first() if "pk" in kwargs else kwargs.get("year")
        )

    def _read(self, path: str, answer: Any) -> None:
        page = Page(answer.content.decode())
        if page.faults:
            self.faults.append((path, page.faults))
        self.text += page.words

    def _links(self, path: str, answer: Any) -> list[str]:
        root = Reader(answer.content.decode()).root
        found = []
        for node in root.walk():
            for name in ("href", "hx-get"):
                link = node.attributes.get(name, "")
                if node.tag != "link" and link and not link.startswith("#"):
                    found.append(urljoin(path, link).partition("#")[0])
            if node.tag == "form":
                action = urljoin(path, node.attributes.get("action") or path)
                method = node.attributes.get("method", "get")
                match = resolve(urlsplit(action).path)
                key = (match.view_name, match.kwargs.get("verb"), method)
                self.forms.setdefault(key, (action, node))
        return [one for one in found if not one.startswith(("http", "/static/", "mailto"))]

    def fill(self) -> None:
        """Every form with a payload in every field of text, once as it is and once empty beside."""
        for (_name, _verb, method), (action, form) in self.forms.items():
            if "logout" in action or "password" in action:
                continue
            for wrong in (False, True):
                data = _filled(form, wrong=wrong)
                with transaction.atomic():
                    send = self.client.post if method == "post" else self.client.get
                    answer = drained(send(action, data, follow=True))
                    assert answer.status_code < 500, action
                    if answer.get("Content-Type", "").startswith("text/html"):
                        self._read(action, answer)
                    transaction.set_rollback(True)


def _filled(form: Node, *, wrong: bool) -> dict[str, Any]:
    """What the form would send; ``wrong``: a payload in choices and hidden fields, too."""
    data: dict[str, Any] = {}
    for node in form.all("input", "textarea", "select", "button"):
        name, kind = node.attributes.get("name"), node.attributes.get("type", "text")
        if not name or name in ("csrfmiddlewaretoken", "more", "take_unicode"):
            continue
        value = node.attributes.get("value", "")
        if kind == "file":
            value = SimpleUploadedFile(payload(7001).replace("/", ""), b"%PDF-1.4 nothing")
        elif wrong or node.tag == "textarea" or kind in ("text", "search", "email"):
            value = (
                value
                if node.attributes.get("data-date") is not None and not wrong
                else payload(7000, 50)
            )
        elif node.tag == "select":
            options = [one.attributes.get("value", "") for one in node.all("option")]
            value = options[-1] if options else ""
        elif kind in ("radio", "checkbox") and "checked" not in node.attributes:
            continue
        data.setdefault(name, value)
    return data


@pytest.mark.parametrize("reader", READERS)
def test_nothing_typed_becomes_markup(poisoned, reader):
    """Pages, parts, forms sent back, messages, the admin and its history."""
    spider = Spider(poisoned, reader)
    odd = payload(7002, 50).replace("&", "")
    starts = [
        poisoned.asked.get_absolute_url(),
        "/kontum/",
        "/kontum/incoming/?tab=all",
        "/kontum/search/?q=script",
        f"/kontum/search/?q={odd}&organ_name={odd}&since={odd}",
        "/kontum/search/issuers/?organ_name=script",
        "/kontum/notifications/",
        "/kontum/search/saved/",
        "/kontum/delegations/",
        "/account/password/",
        "/kontum/incoming/help/",
        "/kontum/incoming/tray/",
        "/kontum/incoming/register/?new=1",
        "/kontum/incoming/distribute/",
        "/kontum/incoming/directives/",
        "/kontum/incoming/backlog/",
        "/kontum/incoming/paper/",
        "/kontum/incoming/paper-register/",
        "/kontum/dossiers/catalogue/",
        poisoned.dossier.get_absolute_url(),
        poisoned.done.get_absolute_url(),
        "/kontum/outgoing/?tab=all",
        "/kontum/outgoing/?tab=all&q=script",
        "/kontum/outgoing/new/",
        f"/kontum/outgoing/new/?typed={poisoned.typing[0].pk}",
        f"{poisoned.written.get_absolute_url()}compose/?typed={poisoned.typing[1].pk}",
        poisoned.written.get_absolute_url(),
        poisoned.sent.get_absolute_url(),
        poisoned.issued.get_absolute_url(),
        "/kontum/outgoing/undelivered/",
        "/kontum/outgoing/book/",
        "/account/keys/",
        *(
            [reverse("signatures:errand", args=["kontum", poisoned.outside.pk])]
            if reader == "clerk"
            else []
        ),
        f"{poisoned.sent.get_absolute_url()}?view=text",
        *(["/kontum/outgoing/templates/"] if reader in ("clerk", "chief", "chair") else []),
        "/login/",
    ]
    if reader == "boss":
        starts = [
            "/admin/",
            f"/admin/accounts/user/?q={odd}",
            f"/admin/accounts/user/{poisoned.cast.specialist.pk}/change/",
        ]
    spider.crawl(*starts)
    spider.fill()
    assert spider.faults == []
    shown = "\n".join(spider.text)
    missing = [label for label in SHOWN[reader] if poisoned.typed[label] not in shown]
    assert missing == []


# Where the words must be read as they were typed: that they are shown at all is proved, too.
_NATIONAL = [
    f"documents.Document.{name}"
    for name in (
        "subject",
        "organ_name",
        "description",
        "signer_position",
        "signer_full_name",
        "code_notation",
        "language",
        "type_name",
    )
]
_WORK = [
    "documents.ActText.text",
    "documents.Assignment.directive",
    "incoming.IncomingDocument.result",
    "incoming.IncomingDocument.replaces_text",
    "documents.DocumentAct.title",
    "accounts.User.full_name",
    "accounts.Unit.name",
    "accounts.Agency.name",
    "documents.Attachment.file_name",
]
_DRAFT = [
    "outgoing.Conversion.file_name",
    "outgoing.DraftVersion.text",
    "outgoing.DraftVersion.file_name",
    "outgoing.DraftVersion.note",
    "outgoing.Remark.quote",
    "outgoing.Remark.text",
]
_KEPT = ["outgoing.Template.name", "outgoing.Template.type_name", "outgoing.Phrase.text"]
_CATALOGUE = [
    "dossiers.Catalogue.decision_number",
    "dossiers.Heading.title",
    "dossiers.PlannedDossier.title",
    "dossiers.PlannedDossier.creator",
    "dossiers.PlannedDossier.description",
]
_DOSSIER = [
    "dossiers.Dossier.rights",
    "dossiers.Dossier.creator",
    "dossiers.Dossier.result",
    "dossiers.Item.text",
    "dossiers.Proposal.directive",
    "dossiers.Proposal.answer",
]
SHOWN = {
    "clerk": [
        *_NATIONAL,
        *_WORK,
        *_CATALOGUE,
        *_DRAFT,
        *_KEPT,
        "dossiers.Catalogue.returned_reason",
        "documents.ActFile.file_name",
        "documents.QuarantinedFile.file_name",
        "incoming.Paper.name",
        "outgoing.Delivery.organ_name",
        "outgoing.Delivery.address",
        "outgoing.Delivery.note",
        "outgoing.DeliveryStatus.text",
        "outgoing.AnnexFile.file_name",
        "outgoing.OutgoingDocument.copied_part",
        "signatures.Errand.failure",
    ],
    "chief": [
        *_NATIONAL,
        *_WORK,
        "incoming.CannedDirective.text",
        "incoming.Preset.name",
        "incoming.ProposedLine.directive",
    ],
    "chair": [
        *_NATIONAL,
        *_WORK,
        *_DOSSIER,
        "incoming.ProposedLine.directive",
        "documents.Extension.reason",
    ],
    "head": [
        *_NATIONAL,
        *_WORK,
        "accounts.Delegation.decision_number",
        "documents.Opinion.question",
        "documents.Opinion.text",
        "documents.Extension.answer",
    ],
    "specialist": [
        *_NATIONAL,
        *_WORK,
        *_CATALOGUE,
        *_DRAFT,
        "documents.Document.to_places",
        "outgoing.Template.name",
        "outgoing.Phrase.text",
        "dossiers.PlannedDossier.returned_reason",
        "documents.SavedFilter.name",
        "signatures.SigningKey.label",
        "signatures.SigningKey.subject_name",
        "signatures.SigningKey.issuer_name",
        "signatures.SigningKey.serial",
    ],
    "boss": [
        "accounts.User.full_name",
        "accounts.User.phone",
        "accounts.User.email",
        "accounts.Unit.name",
        "accounts.Unit.short_name",
        "accounts.Agency.name",
        "accounts.Appointment.title",
        "accounts.Appointment.decision_number",
        "accounts.Delegation.decision_number",
        "documents.DocumentType.type_name",
        "documents.DocumentType.abbreviation",
        "documents.CalendarDay.name",
        "documents.CalendarDay.source",
        "incoming.Preset.directive",
        "outgoing.IssuingBody.name",
        "outgoing.IssuingBody.organ_name",
        "outgoing.IssuingBody.parent_organ",
        "outgoing.IssuingBody.abbreviation",
        "outgoing.IssuingBody.place",
        "outgoing.IssuingBody.deciding_post",
        "outgoing.IssuingBody.collective",
        "outgoing.IssuingBody.contact",
        "documents.Follow.type_name",
        "documents.Follow.decision_number",
        "outgoing.Series.name",
        "outgoing.Series.type_names",
        "outgoing.SignedKind.type_name",
        "outgoing.SignedKind.basis",
        "accounts.DirectoryEntry.organ_name",
        "signatures.SigningKey.token_label",
        "signatures.SigningKey.key_label",
    ],
}


def test_each_typed_column_is_shown_to_somebody():
    """What nobody sees could not be proved to be harmless."""
    labels = {f"{model._meta.label}.{field.name}" for model, field in columns()}
    shown = {label for found in SHOWN.values() for label in found}
    # The query of a saved filter is shown in words; a result of one's own stands in the trail; the
    # note of a conversion becomes that of its version.
    beside = {
        "outgoing.Conversion.note",
        "documents.SavedFilter.query",
        "documents.Assignment.result",
        "accounts.Agency.mailbox",
        "accounts.DirectoryEntry.email",
        # The status has the words of the server.
        "outgoing.Delivery.error",
    }
    assert labels - shown - beside == set()


def test_the_check_itself_sees_what_it_should():
    for bad in (
        "<p onclick=alert(1)>",
        "<script>alert(1)</script>",
        '<a href="javascript:alert(1)">',
        "<a href='\tjavascript:alert(1)'>",
        '<form action="https://elsewhere.example/">',
        "<iframe>",
        '<p style="x">',
    ):
        assert Page(bad).faults, bad
    fine = '<p title="&quot;&gt;&lt;script&gt;alert(9)&lt;/script&gt;">&lt;img src=x&gt;</p>'
    assert Page(fine).faults == []
    assert unescape("&quot;&gt;&lt;script&gt;alert(9)&lt;/script&gt;") in Page(fine).words
