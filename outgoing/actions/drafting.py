"""draft, save, abandon, resume: the text, and every version of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.choices import Role
from accounts.models import Appointment
from core import clock
from core.errors import Refusal, Stale, require
from core.text import clean, fold
from documents import gate, stamps
from documents.actions import draw_number, keep_proof, lock_rows
from documents.choices import Book, Kind, LinkKind
from documents.models import Document, Link
from dossiers.actions import add_document
from dossiers.models import Dossier
from incoming.models import IncomingDocument
from incoming.rules import may_reply
from outgoing import rules
from outgoing.actions import routing
from outgoing.actions.keeping import pictures_of
from outgoing.actions.uploading import Uploaded
from outgoing.choices import State, Verb
from outgoing.content import Content, body_of, content_of
from outgoing.models import AnnexFile, DraftVersion, OutgoingDocument, Picture
from outgoing.signers import other_post

SIGNING_ROLES = (Role.LEADER, Role.OFFICE_CHIEF, Role.UNIT_HEAD)
_LONGEST = {"type_name": 100, "subject": 500, "code_notation": 30, "description": 500}


class Overtaken(Stale):
    """Somebody has saved a newer version meanwhile; ``newest`` is that one."""

    def __init__(self, message: str, newest: DraftVersion) -> None:
        super().__init__(message)
        self.newest = newest


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is said of a draft beside its text."""

    signer: Appointment | None = None
    due_date: date | None = None
    is_internal: bool = False


@transaction.atomic
def draft(
    actor: Actor,
    content: Content,
    plan: Plan,
    *,
    token: UUID,
    gate_kind: str,
    answers: Document | None = None,
    replaces: OutgoingDocument | None = None,
    dossier: Dossier | None = None,
    file: Uploaded | None = None,
) -> OutgoingDocument:
    """Begin a draft: of his own, in answer to a document, in place of one that went out wrong, or
    out of a dossier or task.

    The same form sent twice makes one. Raises Refusal for what may not enter the system, whatever
    its direction (Kon Tum Điều 4), and for a signer who may not sign.
    """
    one_at_a_time(token)
    made = OutgoingDocument.objects.filter(entry_token=token, drafter__user=actor.user).first()
    if made is not None:
        return made
    actor = _drafter(actor)
    _refuse_forbidden(actor, gate_kind)
    if answers is not None:
        lock_rows(answers.pk, dossier.pk if dossier else None)
        letter = IncomingDocument.objects.visible_to(actor).registered().get(pk=answers.pk)
        require(may_reply.answer(actor, letter)[0])
    if replaces is not None:
        replaces = OutgoingDocument.objects.visible_to(actor).get(pk=replaces.pk)
        require(rules.may_replace.answer(actor, replaces)[0])
        if answers is None and replaces.answers is not None:
            # In its place it answers the same letter, which may have been dealt with by now.
            answers = replaces.answers
            lock_rows(answers.pk, dossier.pk if dossier else None)
    document = OutgoingDocument(
        agency=actor.agency,
        kind=Kind.OUTGOING,
        state=State.DRAFTING,
        day=clock.today(),
        drafter=actor.appointment,
        answers=answers,
        entry_token=token,
        created_at=clock.now(),
    )
    _plan(document, plan)
    _fields(document, content)
    document.register, document.number = draw_number(actor.agency, Book.DRAFTS, document.day.year)
    document.draft_number = document.number
    document.save()
    version = _version(document, actor, content, file=file)
    carried = _carry_over(actor, replaces, version) if replaces is not None else []
    if answers is not None:
        Link.objects.create(source=document, target=answers, kind=LinkKind.ANSWERS)
    if replaces is not None:
        # A fault of content is mended by a document of the same form (NĐ 30/2020 Điều 18.3).
        Link.objects.create(source=document, target=replaces, kind=LinkKind.REPLACES)
    act = routing.conclude(
        document,
        actor,
        Verb.DRAFT,
        before="",
        detail={
            "version": version.ordinal,
            "answers": answers.pk if answers else None,
            **({"replaces": replaces.pk} if replaces else {}),
            **({"carried": carried} if carried else {}),
            **({"gate": gate_kind} if gate_kind == gate.CLEARED else {}),
            **(file.facts if file else {}),
        },
    )
    if file is not None:
        keep_proof(act, file.row)
    if dossier is not None:
        add_document(actor, dossier, document)
    return document


@transaction.atomic
def save(
    actor: Actor,
    document: OutgoingDocument,
    content: Content,
    *,
    base: int,
    plan: Plan | None = None,
    note: str = "",
    file: Uploaded | None = None,
    drops_file: bool = False,
    annexes: Sequence[AnnexFile] | None = None,
    annex: Uploaded | None = None,
) -> OutgoingDocument:
    """Keep a new version; every older one stays.

    ``annexes``: the files of annexes that it has, where they change; ``annex`` is added to them.
    A file that was made elsewhere goes on with the data around it, until the text that is composed
    here takes its place (``drops_file``).

    ``base``: the version that was being edited. Raises Overtaken when there is a newer one by
    now: nobody overwrites what he has not seen. Nothing is kept of a text that has not changed.
    """
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_edit, actor, document)
    newest = document.versions.select_related("author__user").get(ordinal=document.version_count)
    if base != newest.ordinal:
        raise Overtaken(
            _("%(who)s đã lưu bản %(number)d từ lúc mở trang này. Chữ đang gõ giữ nguyên.")
            % {"who": newest.author.user.full_name, "number": newest.ordinal},
            newest,
        )
    if plan is not None:
        _plan(document, plan)
    if document.state != State.DRAFTING:
        refuse_other_name(document, content.signer_full_name)
        is_file = file is not None or (newest.is_uploaded and not drops_file)
        require(other_post(document, content, is_file=is_file))
        # Another body may have another order.
        document.numbers_first = numbers_first(document, content)
    _fields(document, content)
    kept = newest if newest.is_uploaded and file is None and not drops_file else None
    same = newest.content == content.stored() and file is None and annexes is None
    same = same and (kept is not None) == newest.is_uploaded
    # What came back after it had been submitted may have been put right beside its text.
    is_again = document.state == State.DRAFTING and newest.pdf_id is not None
    if same and plan is None:
        return document
    if same and not is_again:
        document.save()
        version = newest
    else:
        version = _version(document, actor, content, note=note, file=file, kept=kept)
        _annexes(version, newest.annex_files.all() if annexes is None else annexes, annex)
    act = routing.conclude(
        document,
        actor,
        Verb.SAVE,
        before=document.state,
        text=note,
        users=[] if rules.drafts(actor, document) else [document.drafter.user],
        article=_article(actor),
        detail={
            "version": version.ordinal,
            **(file.facts if file else {}),
            **(annex.facts if annex else {}),
            **({} if annexes is None else {"annexes": _hashes(version)}),
            **_signing_changed(document, newest, content),
        },
        quiet=rules.drafts(actor, document),
    )
    for one in (file, annex):
        if one is not None:
            keep_proof(act, one.row)
    return document


def refuse_other_name(document: OutgoingDocument, printed: str) -> None:
    """Raise Refusal for a sheet that bears another name than that of whoever is to sign it."""
    signer = document.signer
    if signer is not None and fold(printed) != fold(signer.user.full_name[:50]):
        raise Refusal(
            _("Văn bản in tên người ký “%(printed)s” mà người ký được chọn là %(chosen)s.")
            % {"printed": printed, "chosen": signer.user.full_name},
            field="signer",
        )


def numbers_first(document: OutgoingDocument, content: Content) -> bool:
    """Whether the number comes before the signature: a setting of the body that issues it, where
    the regulation leaves it open (NĐ 30/2020 Điều 15.3)."""
    rule = document.agency.regulation.sign_before_number
    if rule is not None and rule.value:
        return False
    return body_of(document, content).numbers_first


_SIGNING = (
    "authority", "on_behalf_of", "deputy_for", "signer_position", "signer_other_post",
)  # fmt: skip


def _signing_changed(
    document: OutgoingDocument, newest: DraftVersion, content: Content
) -> dict[str, object]:
    """As what the signer signs, where somebody changes it on its way: before and after."""
    if document.state == State.DRAFTING:
        return {}
    old = content_of(newest)
    pairs = {name: [getattr(old, name), getattr(content, name)] for name in _SIGNING}
    changed = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    return {"signing": changed} if changed else {}


def _annexes(version: DraftVersion, rows: Iterable[AnnexFile], added: Uploaded | None) -> None:
    """The files of annexes that a version has, numbered anew."""
    files = [(one.file_id, one.file_name) for one in rows]
    if added is not None:
        files.append((added.row.sha256, added.row.file_name))
    AnnexFile.objects.bulk_create(
        AnnexFile(version=version, part=part, file_id=file, file_name=name)
        for part, (file, name) in enumerate(files, start=1)
    )


def _carry_over(actor: Actor, old: OutgoingDocument, version: DraftVersion) -> list[str]:
    """What a document has beside its text, for the one that takes its place: the files of its
    annexes as they were approved, whose hashes it answers, and the pictures that it shows."""
    newest = old.versions.get(ordinal=old.version_count)
    _annexes(version, newest.annex_files.all(), None)
    for one in old.pictures.filter(name__in=pictures_of(newest)):
        Picture.objects.create(
            document=version.document,
            name=one.name,
            content=one.content,
            added_by=actor.own,
            added_at=version.saved_at,
        )
    return _hashes(version)


def again(document: OutgoingDocument, version: DraftVersion, actor: Actor) -> DraftVersion:
    """The same text as a new version: submitted again, its file is made again."""
    new = _version(
        document,
        actor,
        content_of(version),
        note=_("Trình lại"),
        kept=version if version.is_uploaded else None,
    )
    _annexes(new, version.annex_files.all(), None)
    return new


def signed_by(
    document: OutgoingDocument,
    version: DraftVersion,
    actor: Actor,
    content: Content,
    file: Uploaded | None = None,
) -> DraftVersion:
    """The same text under another signature block, as a new version; saves the document."""
    _fields(document, content)
    new = _version(document, actor, content, note=_("Nhận ký thay"), file=file)
    if file is not None and version.text_places:
        # Number and date stand at the head of the first page, which is the same.
        new.text_places = version.text_places
        new.save(update_fields=["text_places"])
    _annexes(new, version.annex_files.all(), None)
    return new


def _hashes(version: DraftVersion) -> list[str]:
    """What the files of its annexes are; approved together with the text."""
    return list(version.annex_files.values_list("file_id", flat=True))


def _article(actor: Actor) -> str:
    """By which article a leader edits the text himself."""
    found = actor.agency.regulation.edited_by_leaders(member=actor.agency.is_member)
    return found.article if found and actor.holds(Role.LEADER) else ""


@transaction.atomic
def abandon(actor: Actor, document: OutgoingDocument, *, text: str = "") -> OutgoingDocument:
    """Give the draft up; its number and all versions stay."""
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_abandon, actor, document)
    before, document.state = document.state, State.WITHDRAWN
    document.returned_at = None
    document.save()
    routing.conclude(document, actor, Verb.ABANDON, before=before, text=text)
    return document


@transaction.atomic
def resume(actor: Actor, document: OutgoingDocument) -> OutgoingDocument:
    """Take up again what was given up."""
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_resume, actor, document)
    before, document.state = document.state, State.DRAFTING
    document.save()
    routing.conclude(document, actor, Verb.RESUME, before=before)
    return document


def one_at_a_time(token: UUID) -> None:
    """Whoever sends the same form at this moment waits for our end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(token)])


def _drafter(actor: Actor) -> Actor:
    refusal, acting = rules.may_draft.answer(actor)
    if refusal is not None:
        raise refusal
    return acting


def _refuse_forbidden(actor: Actor, kind: str) -> None:
    """Raise the gate's Refusal for what may not be drafted here (Kon Tum Điều 4, 14.7)."""
    found = actor.agency.regulation.gate
    cleared = kind == gate.CLEARED and gate.may_clear(actor.agency.regulation)
    if kind == gate.NOT_FORBIDDEN or cleared:
        return
    if kind not in found:
        raise Refusal(
            _("Trả lời văn bản có thuộc loại không được đưa lên hệ thống không."), field="gate"
        )
    raise gate.Forbidden(
        _("%(kind)s không được soạn thảo trên hệ thống. Chữ đã gõ chưa lưu ở đâu.")
        % {"kind": found[kind].value},
        found[kind].article,
        field="gate",
    )


def refuse_secret(actor: Actor, texts: Sequence[str]) -> None:
    """Raise the gate's Refusal for the mark of a secret, before anything is kept (Kon Tum 4.1)."""
    found = gate.signs(actor.agency.regulation, [{"marks": stamps.marks_in(texts)}])
    secret = [one for one in found if one.kind == "state_secrets"]
    if secret:
        raise gate.Forbidden(
            _("Trong văn bản có %(what)s: không được soạn thảo trên hệ thống. Chưa lưu chữ nào.")
            % {"what": gate.in_words(secret)},
            secret[0].provision.article,
            field="body",
        )


def _plan(document: OutgoingDocument, plan: Plan) -> None:
    signer = plan.signer
    if signer is not None:
        held = Appointment.objects.in_force(clock.today()).filter(
            pk=signer.pk, unit__agency=document.agency_id, role__in=SIGNING_ROLES
        )
        if not held.exists():
            raise Refusal(_("Người này không còn giữ chức vụ có thẩm quyền ký."), field="signer")
    if plan.due_date and document.pk is None and plan.due_date < clock.today():
        raise Refusal(_("Thời hạn soạn thảo đã qua."), field="draft_due_date")
    if document.signer_id != (signer.pk if signer else None):
        document.signs_for = None  # whoever signs now stands in for nobody
    document.signer = signer
    document.due_date = plan.due_date
    document.is_internal = plan.is_internal


def _fields(document: OutgoingDocument, content: Content) -> None:
    """The national fields of the drafter (TT 01/2019 Phụ lục V), as lists and search read them."""
    for name in ("type_name", "subject", "language", "description", "code_notation"):
        value = clean(getattr(content, name))
        longest = _LONGEST.get(name)
        if longest and len(value) > longest:
            raise Refusal(_("Dài quá %(count)d ký tự.") % {"count": longest}, field=name)
        setattr(document, name, value)
    if not document.type_name:
        raise Refusal(_("Chọn tên loại văn bản."), field="type_name")
    if not document.subject:
        raise Refusal(_("Ghi trích yếu nội dung."), field="subject")
    document.priority = content.priority
    document.reply_due_date = content.reply_day
    document.signer_position = content.signer_position[:100]
    document.signer_full_name = content.signer_full_name[:50]
    document.to_places = "; ".join(content.recipients.split("\n"))[:1000]


def _version(
    document: OutgoingDocument,
    actor: Actor,
    content: Content,
    *,
    note: str = "",
    file: Uploaded | None = None,
    kept: DraftVersion | None = None,
) -> DraftVersion:
    document.version_count += 1
    words = file.text if file else kept.text if kept else content.words()
    beside = (content.description, content.deliver_at, note)
    refuse_secret(actor, [words, *(one.body for one in content.annexes), *beside])
    document.search_text = document.searched(words)
    document.save()
    version = DraftVersion(
        document=document,
        ordinal=document.version_count,
        content=content.stored(),
        text=words,
        note=note[:500],
        author=actor.own,
        saved_at=clock.now(),
    )
    if file is not None:
        version.source_id, version.file_name = file.row.sha256, file.row.file_name
    elif kept is not None:
        version.source_id, version.file_name = kept.source_id, kept.file_name
        version.signer_place, version.text_places = kept.signer_place, kept.text_places
    version.save()
    document.forget_rows()
    return version
