"""The exceptions that a verb raises for a person's mistake."""


class Refusal(Exception):
    """A rule of the office says no: a sentence for the person, and the article that says so.

    Rules return it, verbs raise it, pages show it with status 409. ``field`` names the form
    field that it speaks of, when there is one.
    """

    def __init__(self, message: str, article: str = "", *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.article = article
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class NotYours(Refusal):
    """The verb belongs to another post: pages leave its button out instead of explaining it."""


class Stale(Refusal):
    """The record has moved on since the page was drawn."""


def require(refusal: Refusal | None) -> None:
    """Raise what a rule answered, if it refused."""
    if refusal is not None:
        raise refusal
