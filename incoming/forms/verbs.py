"""The form of every verb that has one."""

from documents.forms import asking
from documents.forms.lines import VerbForm
from incoming.choices import Verb
from incoming.forms import working

FORMS: dict[Verb, type[VerbForm]] = {
    **working.FORMS,
    **{Verb(verb): form for verb, form in asking.FORMS.items()},
}
