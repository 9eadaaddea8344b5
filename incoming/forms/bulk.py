"""What is typed once for many documents."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from core.forms import own_words
from documents.choices import AssignmentRole
from documents.forms.lines import OfficeForm, Targets, WordsField
from dossiers.filing import dossier_name, fillable
from incoming.actions import Line
from incoming.choices import Verb
from incoming.forms.filing import CodeField, IntoDossier


class BulkForm(OfficeForm):
    """Words for every chosen document; ``arguments`` are what the verb takes after the document."""

    text = WordsField(label=gettext_lazy("Ý kiến"), required=False)

    def __init__(self, actor: Actor, data: Any = None) -> None:
        self.actor = actor
        super().__init__(data, auto_id="do-%s")
        self.prepare()

    def prepare(self) -> None:
        """Fill choices and labels."""

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments of the action."""
        return {"text": self.cleaned_data["text"]}


class BulkFinishForm(IntoDossier, BulkForm):
    """Kết thúc nhiều văn bản: one result for all of them, and if one likes one dossier."""

    dossier = forms.ChoiceField(label=gettext_lazy("Đưa vào hồ sơ"), required=False)
    code = CodeField()
    field_order = ("text", "dossier", "code")

    def prepare(self) -> None:
        offered = {str(one.pk): (one, dossier_name(one)) for one in fillable(self.actor)}
        self.offer_dossiers(self.actor, offered)
        self.fields["text"].label = _("Kết quả giải quyết")
        self.fields["text"].required = True
        own_words(self.fields, text=_("Ghi kết quả giải quyết trước khi kết thúc."))

    def arguments(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["text"], "dossier": self.dossier_chosen}


class BulkShareForm(BulkForm):
    """Thông báo nhiều văn bản to the same units and people."""

    people = forms.MultipleChoiceField(
        label=gettext_lazy("Thông báo cho"), widget=forms.CheckboxSelectMultiple
    )
    field_order = ("people", "text")

    def prepare(self) -> None:
        targets = Targets(self.actor)
        self.found = {one.key: one for one in targets.units + targets.people()}
        self.fields["people"].choices = [  # type: ignore[attr-defined]
            (key, f"{one.person.full_name}, {one.unit.short_name}" if one.person else one.unit.name)
            for key, one in self.found.items()
        ]
        self.fields["text"].label = _("Lời nhắn")
        own_words(self.fields, people=_("Chọn đơn vị hoặc người được thông báo."))

    def arguments(self) -> dict[str, Any]:
        chosen = [self.found[key] for key in self.cleaned_data["people"]]
        return {
            "lines": [Line(AssignmentRole.INFORM, one.unit, one.person) for one in chosen],
            "text": self.cleaned_data["text"],
        }


BULK: dict[Verb, type[BulkForm]] = {Verb.FINISH: BulkFinishForm, Verb.SHARE: BulkShareForm}
