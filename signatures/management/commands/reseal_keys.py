"""Closes all kept keys with the newest secret: after SIGNING_SECRET=new,old the old one may go."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from signatures import vault
from signatures.models import SigningKey


class Command(BaseCommand):
    help = "Closes the kept key files with the first word of SIGNING_SECRET."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="machine-readable answer")

    def handle(self, *args: Any, **options: Any) -> None:
        facts = {"resealed": 0, "new_already": 0, "lost": 0}
        for pk in SigningKey.objects.exclude(secret=b"").values_list("pk", flat=True):
            with transaction.atomic():
                key = SigningKey.objects.select_for_update(no_key=True).get(pk=pk)
                if vault.is_newest(bytes(key.secret)):
                    facts["new_already"] += 1
                    continue
                try:
                    key.keep_secret(key.open_secret())
                except vault.Closed:
                    facts["lost"] += 1
                    continue
                # Not by save(): the history is of what people do.
                SigningKey.objects.filter(pk=pk).update(secret=key.secret)
                facts["resealed"] += 1
        if options["json"]:
            self.stdout.write(json.dumps(facts))
        else:
            self.stdout.write(", ".join(f"{name}: {value}" for name, value in facts.items()))
        if facts["lost"]:
            raise CommandError("Some keys are opened by no secret of ours.", returncode=1)
