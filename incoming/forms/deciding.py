"""What the chief proposes to a leader, and what the leader decides."""

from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from documents.forms.lines import LinesForm, Target
from incoming.actions import Line
from incoming.proposed import proposed_lines


class ProposeForm(LinesForm):
    """Trình lãnh đạo: his words, and if he likes who would do it until when."""

    needs_text = True
    empty: ClassVar[dict[str, Promise]] = {
        "leader": gettext_lazy("Chọn lãnh đạo để trình."),
        "text": gettext_lazy("Ghi ý kiến đề xuất trước khi trình."),
    }
    leader = forms.TypedChoiceField(label=gettext_lazy("Trình"), coerce=int)
    field_order = ("leader", "text")

    def prepare(self) -> None:
        super().prepare()
        self.fields["text"].label = _("Đề xuất ý kiến xử lý")
        self.people = {one.user.pk: one for one in self.targets.leaders()}
        self.fields["leader"].choices = [  # type: ignore[attr-defined]
            (pk, f"{one.user.full_name}, {one.title}") for pk, one in self.people.items()
        ]

    def arguments(self) -> dict[str, Any]:
        leader = self.people[self.cleaned_data["leader"]].user
        return {"leader": leader, **super().arguments()}


# What goes into the record is Vietnamese, in whatever language the leader reads the page.
AGREED = "Đồng ý với đề xuất."
CHANGED = "Đồng ý, phân công có thay đổi."
PHRASES = (
    gettext_noop("Làm ngay."),
    gettext_noop("Báo cáo lại tôi."),
    gettext_noop("Xin ý kiến các đơn vị liên quan."),
    gettext_noop("Trình tôi duyệt trước khi gửi."),
)


class DirectForm(LinesForm):
    """Cho ý kiến chỉ đạo: plain consent, another lead or day, one's own words, short phrases."""

    agree = forms.BooleanField(required=False, widget=forms.HiddenInput)
    phrases = forms.MultipleChoiceField(
        label=gettext_lazy("Câu thường dùng"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def prepare(self) -> None:
        self.proposed = proposed_lines(self.document)
        super().prepare()
        self.fields["text"].label = _("Ý kiến chỉ đạo")
        self.said = self.directives or [str(phrase) for phrase in PHRASES]
        shown = self.directives or [_(phrase) for phrase in PHRASES]
        self.fields["phrases"].choices = [  # type: ignore[attr-defined]
            (str(place), phrase) for place, phrase in enumerate(shown)
        ]

    def offered(self) -> list[Target]:
        """Units, the people of the office, and whoever else was proposed."""
        office = {one.unit.pk for one in self.targets.held if one.unit.is_office}
        found = self.targets.units + self.targets.people(office)
        there = {one.key for one in found}
        proposed = [Target(line.unit, line.person) for line in self.proposed]
        return found + [one for one in proposed if one.key not in there]

    def first_lines(self) -> list[Line]:
        return self.proposed

    def clean(self) -> dict[str, Any]:
        for place in range(self.row_count):
            who = self.cleaned_data.get(f"who-{place}")
            # The words were written for another: whoever is put in his place gets none of them.
            if who != self.initial.get(f"who-{place}"):
                self.cleaned_data[f"directive-{place}"] = ""
            if not who:
                self.cleaned_data[f"due_date-{place}"] = None
        values = super().clean() or {}
        self.was_changed = "rows" in self.data and not self.errors and self._changed()
        words = []
        if values.get("agree"):
            words = [CHANGED if self.was_changed and self.proposed else AGREED]
        words += [self.said[int(place)] for place in values.get("phrases", [])]
        values["text"] = "\n".join(part for part in (" ".join(words), values.get("text")) if part)
        return values

    def _changed(self) -> bool:
        """True when the lines are not those that were proposed."""
        mine, theirs = (
            {(str(one.role), one.unit, one.person, one.directive, one.due_date) for one in lines}
            for lines in (self.lines(), self.proposed)
        )
        return mine != theirs

    def arguments(self) -> dict[str, Any]:
        """What he agrees to comes back with his words; other words alone leave the lines open."""
        agreed = self.cleaned_data["agree"]
        lines = self.lines() if self.was_changed else self.proposed if agreed else []
        return {"text": self.cleaned_data["text"], "lines": lines}
