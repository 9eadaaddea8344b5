"""Reads once what the files of the years before say, so that the same text is found again."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from documents.actions import sketch_stored
from documents.choices import Kind, Part
from documents.models import StoredFile
from incoming.actions.texts import remember_text
from incoming.models import IncomingDocument


class Command(BaseCommand):
    help = "Looks at stored main files of incoming documents whose text was never looked at."

    def handle(self, *args: Any, **options: Any) -> None:
        main = {"attachments__part": Part.MAIN, "attachments__document__kind": Kind.INCOMING}
        unread = StoredFile.objects.exclude(inspection__has_key="sketch").filter(**main)
        read = 0
        # Stopped in the middle, the next run goes on with what is left.
        for file in unread.distinct().iterator(200):
            documents = IncomingDocument.objects.filter(
                attachments__file=file, attachments__part=Part.MAIN
            )
            with transaction.atomic():
                sketch_stored(file)
                for document in documents:
                    remember_text(document)
            read += 1
        self.stdout.write(f"{read} read")
