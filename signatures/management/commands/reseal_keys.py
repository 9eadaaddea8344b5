"""Closes all kept keys with the newest secret: after SIGNING_SECRET=new,old the old one may go."""

from typing import Any

from django.db import transaction

from core.commands import FactsCommand
from signatures import vault
from signatures.models import SigningKey


class Command(FactsCommand):
    help = "Closes the kept key files with the first word of SIGNING_SECRET."
    failed, code = "lost", 1
    failure = "Some keys are opened by no secret of ours."

    def work(self, **options: Any) -> dict[str, int]:
        facts = {"resealed": 0, "new_already": 0, "lost": 0}
        for pk in SigningKey.objects.exclude(secret=b"").values_list("pk", flat=True):
            with transaction.atomic():
                key = SigningKey.objects.select_for_update(no_key=True).get(pk=pk)
                if not key.secret:
                    continue  # thrown away meanwhile
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
        return facts
