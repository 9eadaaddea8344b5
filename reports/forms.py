"""What a person types about a filter that he keeps."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import own_words
from core.text import clean
from documents.choices import ListPage
from documents.models import SavedFilter


class NameForm(forms.Form):
    """The name of a filter."""

    name = forms.CharField(
        label=_("Tên bộ lọc"), max_length=SavedFilter._meta.get_field("name").max_length
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own_words(self.fields)

    def clean_name(self) -> str:
        return clean(self.cleaned_data["name"])


class SaveForm(NameForm):
    """A name for the list that is open, its page and its query."""

    page = forms.ChoiceField(choices=ListPage.choices, widget=forms.HiddenInput)
    query = forms.CharField(required=False, widget=forms.HiddenInput)
