"""What one person or post should do next with a document."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Wait:
    """A waiting row before it is written."""

    verb: str
    user_id: int | None = None
    group_id: int | None = None
    assignment_id: int = 0
    due_date: date | None = None
    urged: int = 0

    @property
    def key(self) -> tuple[str, int | None, int | None, int]:
        """What makes it the same row."""
        return (self.verb, self.user_id, self.group_id, self.assignment_id)
