"""Reads once what the texts of the years before say, so that they are found by their words."""

from typing import Any

from django.core.management.base import BaseCommand

from incoming.actions.texts import read_stored
from outgoing.actions.words import fill_words


class Command(BaseCommand):
    help = (
        "Looks at stored main files of incoming documents whose text was never looked at, and puts "
        "the words of numbered documents into what they are searched by. Stopped in the middle, "
        "the next run goes on with what is left."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        read, filled = read_stored(), fill_words()
        self.stdout.write(f"{read} read, {filled} found by their words")
