"""The file of a version that was changed on its way, for pages that change a part of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.actor import Actor
from documents.gate import Asked
from outgoing import actions
from outgoing.choices import State
from outgoing.models import OutgoingDocument


def made_again(request: HttpRequest, actor: Actor, saved: OutgoingDocument) -> HttpResponse | None:
    """Make it, or say where the text is asked about: the composer, which takes the answer.

    None when it is made, or not needed yet.
    """
    if saved.state == State.DRAFTING:
        return None
    try:
        actions.make_again(actor, saved)
    except Asked as asked:
        said = _("Bản mới đã lưu nhưng chưa thành tệp PDF. Bấm Lưu ở đây rồi trả lời.")
        messages.error(request, f"{asked.found} {said}")
        return redirect("outgoing:compose", actor.agency.slug, saved.pk)
    return None
