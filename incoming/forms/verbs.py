"""The form of every verb that has one."""

from incoming.choices import Verb
from incoming.forms import asking, working
from incoming.forms.lines import VerbForm

FORMS: dict[Verb, type[VerbForm]] = {**working.FORMS, **asking.FORMS}
