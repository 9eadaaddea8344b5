"""What the clock has told, and the rounds that it has watched."""

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import F, Q

from accounts.models import Agency, User
from documents.models import Document
from incoming.models.document import IncomingDocument
from notifications.choices import Reminder as Kind


class Reminder(models.Model):
    """Somebody was reminded of something by the clock: the cause, so that it is told once.

    A moved deadline is a new cause, and so is work that was ended and opened anew. Without a
    document it is an agency's morning of that day.
    """

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    document = models.ForeignKey(Document, on_delete=models.CASCADE, null=True, related_name="+")
    # What waits, as the waiting row names it: verb, who or which post, assignment, deadline; and
    # the day since when it waits.
    verb = models.CharField(max_length=20, blank=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, null=True, related_name="+")
    assignment = models.BigIntegerField(default=0)
    due_date = models.DateField()
    since = models.DateField(null=True)
    told_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=(
                    "agency",
                    "due_date",
                    "document",
                    "kind",
                    "verb",
                    "user",
                    "group",
                    "assignment",
                    "since",
                ),
                nulls_distinct=False,
                name="reminded_once",
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="reminder_kind_known"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.document_id} {self.due_date}"


class Round(models.Model):
    """A round of submitting that is over: kept when nothing was left (Bình Định Điều 9.1).

    ``waiting`` is what lay registered and not submitted at any time since the round before;
    ``late`` is what was still there at its hour, and what was urgent and did not go at once. What
    lay in the tray, in no book yet, was left too; what came minutes before the hour is the next
    round's (incoming.rounds). Written once, by the clock, from the trail.
    """

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    hour = models.TimeField()
    waiting = models.PositiveIntegerField()
    in_time = models.PositiveIntegerField()
    # Received before the round and not in the book yet.
    in_tray = models.PositiveIntegerField()
    late = models.ManyToManyField(IncomingDocument, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("-day", "-hour")
        constraints = (
            models.UniqueConstraint(fields=("agency", "day", "hour"), name="round_once"),
            models.CheckConstraint(
                condition=Q(in_time__lte=F("waiting")), name="round_in_time_of_waiting"
            ),
        )

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.hour:%H:%M}"

    @property
    def left(self) -> int:
        """How many did not go in time."""
        return self.waiting - self.in_time + self.in_tray

    @property
    def is_kept(self) -> bool:
        return self.left == 0
