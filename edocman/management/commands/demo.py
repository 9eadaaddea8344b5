"""`manage.py demo`: Kon Tum with its people and some weeks of documents."""

import json
from argparse import ArgumentParser
from itertools import groupby
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.choices import Role
from edocman.demo import offices
from edocman.demo.load import WEEKS, load
from edocman.demo.offices import Found

CANNOT = 2
_OTHERS = (
    "The database holds data that are not the demo's; nothing was changed. "
    "The demo needs a database of its own."
)
_HALF = "The demo was interrupted while it was loaded; manage.py demo --reset loads it anew."


class Command(BaseCommand):
    """Loads the demo once; run again, it says who can sign in."""

    help = "Load the demo offices (Kon Tum), or say who can sign in there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="agencies and accounts as JSON")
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing when there is any agency"
        )
        parser.add_argument(
            "--accounts", action="store_true", help="only list who can sign in, load nothing"
        )
        parser.add_argument(
            "--reset",
            action="store_true",
            help="remove the demo first, and what was done in it",
        )
        parser.add_argument(
            "--weeks", type=int, default=WEEKS, help="how far back the documents go (%(default)s)"
        )

    def handle(self, **options: Any) -> None:
        """Raises CommandError (exit 2) beside other people's data."""
        found = offices.found()
        if options["accounts"]:
            if found in (Found.HALF, Found.WHOLE):
                self._show(as_json=options["json"])
            return
        if options["if_empty"]:
            if found is Found.NOTHING:
                self._load(options["weeks"])
            elif found is Found.HALF:
                self._say(_HALF)
            return
        if found is Found.OTHERS:
            raise CommandError(_OTHERS, returncode=CANNOT)
        if options["reset"] and found is not Found.NOTHING:
            self._say("removing the demo")
            offices.remove()
            found = Found.NOTHING
        if found is Found.HALF:
            raise CommandError(_HALF, returncode=CANNOT)
        if found is Found.NOTHING:
            self._load(options["weeks"])
        else:
            self._say("already loaded")
        self._show(as_json=options["json"])

    def _load(self, weeks: int) -> None:
        if not 1 <= weeks <= 40:
            raise CommandError("--weeks takes a number from 1 to 40.", returncode=CANNOT)
        load(weeks=weeks, say=self._say)

    def _say(self, line: str) -> None:
        # Not on stdout, which may be read as JSON.
        self.stderr.write(f"edocman demo: {line}", self.style.NOTICE)

    def _show(self, *, as_json: bool) -> None:
        accounts = offices.accounts()
        if as_json:
            answer = {"agencies": offices.agencies(), "accounts": accounts}
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))
            return
        names = {agency["slug"]: agency["name"] for agency in offices.agencies()}
        place = {role: number for number, role in enumerate(Role.values)}
        width = max(len(account["username"]) for account in accounts)
        for slug, group in groupby(accounts, key=lambda account: account["agency"]):
            path = f" (/{slug}/)" if slug else " (/admin/)"
            self.stdout.write(f"\n{names.get(slug, 'Hệ thống')}{path}")
            for account in sorted(group, key=lambda each: place.get(each["roles"][0], len(place))):
                role = dict(Role.choices).get(account["roles"][0], account["title"])
                password = account["password"] or "(đã đổi mật khẩu)"
                first = "  phải đổi mật khẩu" if account["must_change_password"] else ""
                self.stdout.write(
                    f"  {role:<20}{account['full_name']:<24}"
                    f"{account['username']:<{width}}  {password}{first}"
                )
        self.stdout.write("")
