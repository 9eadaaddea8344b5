"""purge: a document that should never have been stored is taken out again, by decision."""

from dataclasses import asdict
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.actions import receiving_post
from accounts.actor import Actor
from accounts.choices import Role
from accounts.models import Post, User
from core import clock
from core.errors import Refusal
from core.text import clean
from documents.actions import purge_content
from documents.choices import AssignmentState, Outcome, Priority
from documents.gate import marks_of_words
from documents.models import Assignment, Document, Extension, Link, Opinion
from dossiers.actions import forget_document, lock_with_holders
from incoming import above, rules
from incoming.actions import routing
from incoming.actions.texts import forget_text
from incoming.choices import State, Verb
from incoming.models import IncomingDocument, Paper, ProposedLine

LONGEST = 60  # letters of a decision's number


@transaction.atomic
def purge(
    actor: Actor,
    document: IncomingDocument,
    *,
    reason: str,
    decision_number: str,
    decision_date: date,
) -> IncomingDocument:
    """Take out what may not be stored; number and acts stay (Bắc Giang Điều 8.2).

    Files, pictures of pages, national fields with their history, and the words of every act go;
    what stays is the fact: số đến, who did what when, and the decision. Dossiers that hold it keep
    none of its words, and their keepers are told; copies of it go no further, and the act says how
    many documents hold it still. Raises Refusal without a kind that the agency's
    regulation forbids, or without the decision.
    """
    lock_with_holders(document, above.held_by)
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_purge, actor, document)
    number = clean(decision_number)
    forbidden = actor.agency.regulation.gate.get(reason)
    if forbidden is None:
        raise Refusal(_("Chọn loại văn bản không được đưa lên hệ thống."), field="reason")
    if not number or len(number) > LONGEST:
        raise Refusal(_("Ghi số quyết định, không quá 60 ký tự."), field="decision_number")
    marks = marks_of_words(actor.agency.regulation, [number])
    if decision_date > clock.today():
        raise Refusal(_("Ngày quyết định không thể sau hôm nay."), field="decision_date")
    day = f"{decision_date:%d/%m/%Y}"
    users, posts = _close(document)
    before, document.state = document.state, State.VOID
    earlier = Document.history.filter(id=document.pk).values_list("subject", flat=True)
    called = {document.subject, *earlier}
    # In the words of the register's book, whatever language the reader has.
    files = purge_content(document, said=f"Đã gỡ theo quyết định số {number} ngày {day}")
    document.priority = Priority.NORMAL
    document.result, document.refusal_reason = "", reason
    document.save()
    dossiers = forget_document(actor, document, called)
    held = above.stop_all(actor, document)
    clerk = receiving_post(document.agency, Role.CLERK)
    routing.conclude(
        document,
        actor,
        Verb.PURGE,
        before=before,
        users=users,
        posts=[clerk, *(post for post in posts if post.group_id != clerk.group_id)],
        article=forbidden.article,
        detail={
            "reason": reason,
            "decision_number": number,
            "decision_date": decision_date.isoformat(),
            "files": files,
            **marks,
            **({"dossiers": dossiers} if dossiers else {}),
            **({"held": asdict(held)} if held != above.Held() else {}),
        },
    )
    return document


def _close(document: IncomingDocument) -> tuple[list[User], list[Post]]:
    """End what is open and take the words out of every assignment; answers who had open work."""
    users: list[User] = []
    posts: list[Post] = []
    for one in document.all_assignments:
        if one.is_open:
            people, heads = routing.answering(one)
            users += people
            posts += heads
            one.state, one.closed_at = AssignmentState.SENT_BACK, clock.now()
        one.directive = one.result = ""
    Assignment.objects.bulk_update(
        document.all_assignments, ["state", "closed_at", "directive", "result"]
    )
    _unsay(document)
    return users, posts


def _unsay(document: IncomingDocument) -> None:
    """Take the words out of what was asked, proposed and kept; who and when stay."""
    now = clock.now()
    asked = Extension.objects.filter(assignment__document=document)
    asked.filter(outcome=Outcome.ASKED).update(outcome=Outcome.CLOSED, decided_at=now)
    asked.update(reason="", answer="")
    opinions = Opinion.objects.filter(document=document)
    opinions.filter(answered_at=None, withdrawn_at=None).update(withdrawn_at=now)
    opinions.update(question="", text="")
    ProposedLine.objects.filter(act__target_id=document.pk).update(directive="")
    Paper.objects.filter(document=document).update(name="")
    # What it was to other documents is content too.
    Link.objects.filter(Q(source=document) | Q(target=document)).delete()
    forget_text(document)
    document.forget_rows(but_assignments=True)
