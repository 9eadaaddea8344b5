"""submit, the steps, send_back, withdraw; approve and the paper beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import head_post
from accounts.actor import Actor
from accounts.choices import Role
from accounts.models import Appointment, Delegation, Post
from core import clock
from core.errors import Refusal, Stale, require
from documents.actions import keep_proof
from documents.actions.concluding import note_requests
from documents.gate import let_words_in
from documents.models import StoredFile
from documents.rules import article_of
from dossiers.actions import lock_with_holders, recount
from outgoing import rules
from outgoing.actions import routing
from outgoing.actions.drafting import again, numbers_first
from outgoing.actions.making import Made
from outgoing.actions.refusing import (
    refuse_gone,
    refuse_other_body,
    refuse_other_post,
    refuse_other_year,
    refuse_unready,
)
from outgoing.actions.turns import offered_to, return_to, whose_turn
from outgoing.choices import LONGEST_QUOTE, PASSING, Medium, Notice, State, Verb
from outgoing.content import content_of
from outgoing.models import DraftVersion, OutgoingDocument, Remark, SignOff
from outgoing.standing import in_place_of


@dataclass(frozen=True)
class Place:
    """A word about one line of the text."""

    line: int
    quote: str
    text: str


@transaction.atomic
def submit(
    actor: Actor,
    document: OutgoingDocument,
    made: Made,
    *,
    text: str = "",
    answered: str | None = None,
) -> OutgoingDocument:
    """Send the newest version on its way; its file is the one that goes on to the signature.

    ``made``: the PDF of that version (``making.make``). Opinions that are still waited for are
    waited for no longer: for that ``text`` says why. ``answered``, as at every step: that these
    words are of no forbidden kind (documents.gate). Raises Refusal without a signer, without
    that note, and Stale when the version is not the newest.
    """
    lock_with_holders(document)  # its pages are counted in the dossiers where it lies
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_submit, actor, document)
    version = document.versions.get(ordinal=document.version_count)
    if made.version != version.ordinal:
        raise Stale(_("Dự thảo đã có bản mới hơn. Mở lại rồi trình."))
    refuse_unready(document, version)
    facts = let_words_in(actor.agency.regulation, [text], answered)
    _go_on(actor, document, text)
    if version.pdf_id is not None:
        # Its file was looked at, maybe signed: what is made anew is another version.
        version = again(document, version, actor)
    before = document.state
    document.state = document.after(State.DRAFTING)
    document.returned_at = None
    document.numbers_first = numbers_first(document, content_of(version))
    document.save()
    if _answers_for_content(actor, document):
        sign_off(document, actor, State.CONTENT, {})
    users, posts = whose_turn(document)
    act = routing.conclude(
        document,
        actor,
        Verb.SUBMIT,
        before=before,
        text=text,
        users=users,
        posts=posts,
        article=_article(document),
        detail={
            "version": version.ordinal,
            "scan": made.sha256,
            **made.facts,
            **facts,
        },
    )
    _keep_pdf(document, version, act, made)
    return document


def approve_content(
    actor: Actor,
    document: OutgoingDocument,
    *,
    text: str = "",
    seen: int = 0,
    answered: str | None = None,
) -> OutgoingDocument:
    """The head of the drafting unit answers for the content (Cần Thơ Điều 9.3)."""
    return _pass(actor, document, State.CONTENT, text, answered, seen=seen)


def check_format(
    actor: Actor,
    document: OutgoingDocument,
    *,
    text: str = "",
    seen: int = 0,
    overruled: Mapping[str, str] | None = None,
    answered: str | None = None,
) -> OutgoingDocument:
    """Whoever was given the check answers for the form (Cần Thơ Điều 9.4)."""
    return _pass(actor, document, State.FORMAT, text, answered, seen=seen, overruled=overruled)


def appraise(
    actor: Actor,
    document: OutgoingDocument,
    *,
    text: str = "",
    seen: int = 0,
    overruled: Mapping[str, str] | None = None,
    answered: str | None = None,
) -> OutgoingDocument:
    """The office appraises form and order, and submits (Kon Tum Điều 12.2, 14.2)."""
    return _pass(actor, document, State.APPRAISAL, text, answered, seen=seen, overruled=overruled)


def release(
    actor: Actor,
    document: OutgoingDocument,
    *,
    text: str = "",
    seen: int = 0,
    answered: str | None = None,
) -> OutgoingDocument:
    """The leader of a small agency agrees to the release (Kon Tum Điều 16.2b)."""
    return _pass(actor, document, State.APPROVAL, text, answered, seen=seen)


def check_again(
    actor: Actor,
    document: OutgoingDocument,
    *,
    text: str = "",
    seen: int = 0,
    overruled: Mapping[str, str] | None = None,
    answered: str | None = None,
) -> OutgoingDocument:
    """The clerk checks spelling and form once more, and submits (Cần Thơ 9.5, Kon Tum 17.1)."""
    return _pass(actor, document, State.CLERK, text, answered, seen=seen, overruled=overruled)


def approve(
    actor: Actor,
    document: OutgoingDocument,
    *,
    text: str = "",
    seen: int = 0,
    medium: str = Medium.PAPER,
    answered: str | None = None,
) -> OutgoingDocument:
    """The person who signs approves it on the system and signs the paper (Bình Định Điều 9.2).

    ``medium``: where the number comes first, he may sign the numbered file instead.
    """
    return _pass(actor, document, State.SIGNING, text, answered, seen=seen, medium=medium)


@transaction.atomic
def _pass(
    actor: Actor,
    document: OutgoingDocument,
    state: State,
    text: str,
    answered: str | None,
    *,
    seen: int,
    overruled: Mapping[str, str] | None = None,
    medium: str = "",
) -> OutgoingDocument:
    """One step further: the sign-off of that version by that person, and the next one is asked.

    ``seen``: the version that he has read. Raises Stale when it is not the newest, or when somebody
    has edited it and its file is not made yet.
    """
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.OF_STEP[state], actor, document)
    version = document.versions.get(ordinal=document.version_count)
    if seen != version.ordinal:
        said = _("Dự thảo đã có bản %(number)d. Xem bản mới rồi duyệt.")
        raise Stale(said % {"number": version.ordinal})
    if version.pdf_id is None:
        raise Stale(_("Bản vừa sửa chưa thành tệp PDF. Lưu lại bản sửa rồi duyệt."))
    facts = let_words_in(actor.agency.regulation, [text], answered)
    before = document.state
    document.state = document.after(before)
    if document.state == State.SIGNING and document.signer is None:
        raise Refusal(_("Chưa chọn người ký. Trả lại cho người soạn để chọn."))
    if document.state in (State.SIGNING, State.APPROVED):
        refuse_gone(document)
    if document.state == State.APPROVED:
        refuse_other_year(version)
        refuse_other_body(document, version)
        refuse_other_post(document, version)
        document.approved_at = clock.now()
        document.medium = medium if document.numbers_first else Medium.PAPER
        if document.medium == Medium.ELECTRONIC:
            require(rules.not_by_one_alone(document))
    document.save()
    if state == State.APPRAISAL and _answers_for_content(actor, document):
        # The office's own: its chief answers for the content too, and both bear his name.
        sign_off(document, actor, State.CONTENT, {})
    sign_off(document, actor, state, overruled or {})
    users, posts = whose_turn(document)
    collected_by = document.collected_by
    if document.state == State.APPROVED:
        users, posts = [document.drafter.user], _at_hand(document) if collected_by else []
    routing.conclude(
        document,
        actor,
        PASSING[state],
        before=before,
        text=text,
        users=users,
        posts=posts,
        article=collected_by or _article_of_step(actor, document, state),
        # The content of the file that was looked at: what goes on is that one.
        detail={
            "version": version.ordinal,
            "sha256": version.pdf_id,
            "overruled": dict(overruled or {}),
            **(in_place_of(document) if state == State.SIGNING else {}),
            **facts,
        },
        notice=Notice.COLLECT if collected_by else "",
    )
    return document


@transaction.atomic
def send_back(
    actor: Actor,
    document: OutgoingDocument,
    *,
    to: str = "",
    text: str,
    places: Sequence[Place] = (),
    seen: int = 0,
    answered: str | None = None,
) -> OutgoingDocument:
    """Give it back to whoever should act, with words, and words on places of the text.

    ``to``: an earlier state of its way; without one the step before (of a leader the office: Kon
    Tum Điều 14.2). ``seen``: the version that ``places`` speak of; without one the newest. Raises
    Refusal without words.
    """
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_send_back, actor, document)
    if not text and not places:
        raise Refusal(_("Ghi ý kiến để người nhận biết cần sửa gì."), field="text")
    said = [text, *(one.text for one in places)]
    facts = let_words_in(actor.agency.regulation, said, answered)
    offered = offered_to(actor, document)
    target = to or return_to(actor, document)
    if target not in offered:
        raise Refusal(_("Chọn bước nhận lại dự thảo."), field="to")
    version = document.versions.get(ordinal=document.version_count)
    _note_places(document.versions.as_read(seen).pk, actor, places)
    before, document.state = document.state, target
    _give_up(document)
    if target == State.DRAFTING:
        document.returned_at = clock.now()
    # A signature counts for the version that it stands in, and that one goes back.
    document.approved_at = document.signed_at = document.paper_signed_on = None
    document.medium = ""
    document.save()
    users, posts = whose_turn(document)
    returned = actor.agency.regulation.drafts_return(member=actor.agency.is_member)
    routing.conclude(
        document,
        actor,
        Verb.SEND_BACK,
        before=before,
        text=text,
        users=users,
        posts=posts,
        article=returned.article if returned and target == State.APPRAISAL else "",
        detail={"version": version.ordinal, "places": len(places), **facts},
    )
    return document


@transaction.atomic
def withdraw(actor: Actor, document: OutgoingDocument, *, text: str = "") -> OutgoingDocument:
    """The drafter takes it back to work on it; whoever had it is told."""
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_withdraw, actor, document)
    users, posts = whose_turn(document)
    before, document.state = document.state, State.DRAFTING
    _give_up(document)
    document.save()
    routing.conclude(
        document, actor, Verb.WITHDRAW, before=before, text=text, users=users, posts=posts
    )
    return document


@transaction.atomic
def note_paper(actor: Actor, document: OutgoingDocument, *, day: date) -> OutgoingDocument:
    """Note the day on which the paper was signed too (Bình Định Điều 9.2)."""
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_note_paper, actor, document)
    if day > clock.today():
        raise Refusal(_("Ngày ký bản giấy không thể sau hôm nay."), field="day")
    document.paper_signed_on = day
    document.save()
    SignOff.objects.create(
        document=document,
        version=document.versions.get(ordinal=document.version_count),
        step="paper",
        appointment=actor.own,
        at=clock.now(),
    )
    routing.conclude(
        document,
        actor,
        Verb.NOTE_PAPER,
        before=document.state,
        users=[document.drafter.user],
        article=article_of(actor, "paper_approval"),
        detail={"day": f"{day:%d/%m/%Y}"},
    )
    return document


def _give_up(document: OutgoingDocument) -> None:
    """What goes back is again for the one who was to sign it; who signs for him is seen then."""
    if document.signs_for is not None:
        document.signer, document.signs_for = document.signs_for.appointment, None


def _at_hand(document: OutgoingDocument) -> list[Post]:
    """The head of the drafting unit, while the drafter is away or has left: somebody comes for the
    signed paper (Kon Tum Điều 14.2)."""
    drafter, today = document.drafter, clock.today()
    here = Appointment.objects.in_force(today).filter(pk=drafter.pk).exists()
    if here and not Delegation.objects.in_force(today).filter(appointment=drafter).exists():
        return []
    return [head_post(drafter.unit)]


def _answers_for_content(actor: Actor, document: OutgoingDocument) -> bool:
    """True where no step asks for it, and the head of the drafting unit is he who acts, or a leader
    who drafts himself (NĐ 30/2020 Điều 12)."""
    if State.CONTENT in document.way:
        return False
    known = document.sign_offs.filter(
        step=State.CONTENT, version__ordinal=document.version_count
    ).exists()
    leads = document.drafter.role == Role.LEADER and rules.drafts(actor, document)
    return not known and (leads or actor.heads(document.drafter.unit_id))


def sign_off(
    document: OutgoingDocument, actor: Actor, step: str, overruled: Mapping[str, str]
) -> None:
    SignOff.objects.create(
        document=document,
        version=document.versions.get(ordinal=document.version_count),
        step=step,
        appointment=actor.own,
        on_behalf_of=actor.acting_for.appointment if actor.acting_for else None,
        at=clock.now(),
        overruled=dict(overruled),
    )


def _article(document: OutgoingDocument) -> str:
    """By which article the step that is now asked for is taken."""
    step = document.way.get(document.state)
    return step.article if step else ""


def _article_of_step(actor: Actor, document: OutgoingDocument, state: State) -> str:
    if state == State.SIGNING:
        return article_of(actor, "paper_approval")
    step = document.way.get(state)
    return step.article if step else ""


def _go_on(actor: Actor, document: OutgoingDocument, text: str) -> None:
    """Wait no longer for opinions that have not come; whoever goes on without them says why."""
    waited = document.open_opinions
    if not waited:
        return
    if not text:
        raise Refusal(
            _("Còn %(count)d nơi chưa góp ý. Ghi lý do trình khi chưa có đủ ý kiến.")
            % {"count": len(waited)},
            field="text",
        )
    for row in waited:
        row.withdrawn_at = clock.now()
        row.save(update_fields=["withdrawn_at"])
    note_requests(document)


def _note_places(version: int, actor: Actor, places: Sequence[Place]) -> None:
    Remark.objects.bulk_create(
        Remark(
            version_id=version,
            line=one.line,
            quote=one.quote[:LONGEST_QUOTE],
            text=one.text,
            author=actor.own,
            made_at=clock.now(),
        )
        for one in places
        if one.text
    )


def _keep_pdf(document: OutgoingDocument, version: DraftVersion, act: object, made: Made) -> None:
    """The file of the version, beside the act that names it; made once."""
    proof = keep_proof(act, made.row)  # type: ignore[arg-type]
    stored: StoredFile = proof.file
    document.versions.filter(pk=version.pk).update(pdf=stored)
    pages = stored.page_count
    if document.page_amount != pages:
        document.page_amount = pages
        document.save(update_fields=["page_amount"])
        recount(document)
