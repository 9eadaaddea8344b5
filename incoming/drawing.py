"""The state diagram of an incoming document as shapes: computed from the table of moves.

Boxes stand in columns along the way, what turns off it below. An arrow carries the verbs that
lead there; verbs that stay where they are stand inside the box. The template only writes it down,
with classes for the colours (the Content-Security-Policy allows no style in a page).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from accounts.regulation import Regulation
from incoming.choices import State
from incoming.transitions import ASIDE, BRANCHES, WAY, Move, moves_of

WIDTH = 1040  # of the drawing; the page scales it
BOX, LINE, PAD, HEAD = 146, 17, 10, 24
_GAP = (WIDTH - len(WAY) * BOX) / (len(WAY) - 1)
_LANE = 30  # between two long arrows above or below the boxes
_TWO_WAYS = 11  # how far an arrow and the one that comes back stand apart
_LETTER = 6.4  # width of a letter of the labels, at most


@dataclass(frozen=True)
class Text:
    """A line of letters; ``anchor`` is SVG's: start, middle, end."""

    x: float
    y: float
    words: str
    anchor: str = "middle"

    @property
    def span(self) -> tuple[float, float]:
        """From where to where it reaches, at most."""
        width = len(self.words) * _LETTER
        left = {"start": 0.0, "middle": width / 2, "end": width}[self.anchor]
        return self.x - left, self.x - left + width


@dataclass
class Box:
    """A state, with the verbs that stay in it."""

    state: State
    x: float
    y: float
    height: float
    label: str
    lines: list[Text] = field(default_factory=list)

    @property
    def title(self) -> Text:
        return Text(self.x + PAD + 17, self.y + PAD + 12, self.label, "start")

    @property
    def rule(self) -> float:
        """Where the line under its name runs."""
        return self.y + HEAD + 9

    @property
    def ring(self) -> tuple[float, float]:
        """The middle of the ring before its name."""
        return self.x + PAD + 5, self.y + PAD + 7.5

    @property
    def middle(self) -> float:
        return self.x + BOX / 2

    @property
    def right(self) -> float:
        return self.x + BOX

    @property
    def bottom(self) -> float:
        return self.y + self.height


@dataclass(frozen=True)
class Arrow:
    """One or more verbs that lead from a state to another."""

    source: State
    target: State
    path: str
    labels: list[Text]
    is_rare: bool  # only in a case that the table names


@dataclass(frozen=True)
class Drawing:
    """All shapes, the height, and the same in sentences."""

    width: int
    height: float
    boxes: list[Box]
    arrows: list[Arrow]
    sentences: list[str]
    box_width: int = BOX


def draw(regulation: Regulation, *, member: bool) -> Drawing:
    """The diagram under a regulation: states that can be reached, and every move between them."""
    moves = [move for move in moves_of(regulation, member=member) if move.verb not in ASIDE]
    states = _reachable(moves)
    moves = [move for move in moves if move.state in states]
    edges: dict[tuple[State, State], list[Move]] = {}
    for move in moves:
        if move.to is not None:
            edges.setdefault((move.state, move.to), []).append(move)
    above = [pair for pair in edges if _is_long(pair) and _column(pair[0]) < _column(pair[1])]
    below = [pair for pair in edges if _is_long(pair) and pair not in above]
    top = len(above) * _LANE + 8
    boxes = _boxes(states, moves, top)
    floor = max(box.bottom for box in boxes.values() if box.state in WAY)
    arrows = [_arrow(boxes, pair, found, above, below, edges) for pair, found in edges.items()]
    lowest = max(
        [box.bottom for box in boxes.values()]
        + [floor + len(below) * _LANE + LINE if below else 0]
        + [label.y for arrow in arrows for label in arrow.labels]
    )
    return Drawing(WIDTH, lowest + 10, list(boxes.values()), arrows, _sentences(moves))


def _reachable(moves: Iterable[Move]) -> set[State]:
    found, moves = {WAY[0]}, list(moves)
    while more := {move.to for move in moves if move.to and move.state in found} - found:
        found |= more
    return found


def _column(state: State) -> int:
    if state in WAY:
        return WAY.index(state)
    return next(WAY.index(above) for above, aside in BRANCHES.items() if aside == state)


def _is_long(pair: tuple[State, State]) -> bool:
    """True between boxes of the way that do not stand side by side."""
    both_on_it = pair[0] in WAY and pair[1] in WAY
    return both_on_it and abs(_column(pair[0]) - _column(pair[1])) > 1


def _boxes(states: set[State], moves: list[Move], top: float) -> dict[State, Box]:
    found = {state: _box(state, moves, top) for state in WAY if state in states}
    pairs = {(move.state, move.to) for move in moves if move.to}
    back = [pair for pair in pairs if _is_long(pair) and _column(pair[0]) > _column(pair[1])]
    floor = max(box.bottom for box in found.values())
    for above, state in BRANCHES.items():
        if state not in states:
            continue
        # Below the long arrows back, where some pass its column.
        passing = any(_column(one) > _column(above) >= _column(to) for one, to in back)
        y = floor + len(back) * _LANE if passing else found[above].bottom
        back_up = {move.verb for move in moves if (move.state, move.to) == (state, above)}
        found[state] = _box(state, moves, y + 24 + LINE * max(2, len(back_up)))
    return found


def _box(state: State, moves: list[Move], y: float) -> Box:
    x = _column(state) * (BOX + _GAP)
    stays = dict.fromkeys(
        str(move.verb.label) for move in moves if move.state == state and not move.to
    )
    lines = [
        Text(x + PAD, y + HEAD + PAD + 16 + place * LINE, words, "start")
        for place, words in enumerate(stays)
    ]
    height = 2 * PAD + HEAD - 4 + (8 + len(stays) * LINE if stays else 0)
    return Box(state, x, y, height, str(state.label), lines)


def _arrow(
    boxes: dict[State, Box],
    pair: tuple[State, State],
    moves: list[Move],
    above: list[tuple[State, State]],
    below: list[tuple[State, State]],
    edges: dict[tuple[State, State], list[Move]],
) -> Arrow:
    words = list(dict.fromkeys(str(move.verb.label) for move in moves))
    one, other = boxes[pair[0]], boxes[pair[1]]
    back = (pair[1], pair[0]) in edges
    if pair in above:
        path, labels = _over(one, other, above.index(pair), words)
    elif pair in below:
        floor = max(box.bottom for box in boxes.values() if box.state in WAY)
        path, labels = _under(one, other, below.index(pair), words, floor)
    elif one.middle == other.middle:
        path, labels = _down(one, other, words) if one.y < other.y else _up(one, other, words)
    elif one.y == other.y:
        path, labels = _beside(one, other, words, both=back)
    elif one.y > other.y:
        path, labels = _corner_back(one, other, words)
    else:
        path, labels = _corner(one, other, words)
    return Arrow(*pair, path, labels, all(move.when for move in moves))


def _beside(one: Box, other: Box, words: list[str], *, both: bool) -> tuple[str, list[Text]]:
    """Straight to the neighbour; the way back runs below the way there."""
    onward = one.x < other.x
    y = one.y + HEAD - 4 + (0 if onward else _TWO_WAYS + 4) * both
    start, end = (one.right + 3, other.x - 4) if onward else (one.x - 3, other.right + 4)
    middle = (start + end) / 2
    if onward:
        labels = [
            Text(middle, y - 8 - LINE * (len(words) - 1 - place), each)
            for place, each in enumerate(words)
        ]
    else:
        labels = [Text(middle, y + 17 + LINE * place, each) for place, each in enumerate(words)]
    return f"M{start:g} {y:g}H{end:g}", labels


def _over(one: Box, other: Box, lane: int, words: list[str]) -> tuple[str, list[Text]]:
    """Above the boxes to one further on."""
    y = one.y - 12 - lane * _LANE
    start, end = one.middle + 12, other.middle - 12
    path = f"M{start:g} {one.y - 3:g}V{y + 6:g}q0 -6 6 -6H{end - 6:g}q6 0 6 6V{other.y - 4:g}"
    return path, [Text((start + end) / 2, y - 5, ", ".join(words))]


def _under(
    one: Box, other: Box, lane: int, words: list[str], floor: float
) -> tuple[str, list[Text]]:
    """Below the boxes back to an earlier one."""
    y = floor + 14 + lane * _LANE
    start, end = one.middle - 14 + 14 * lane, other.middle + 28 + 14 * lane
    path = (
        f"M{start:g} {one.bottom + 3:g}V{y - 6:g}q0 6 -6 6H{end + 6:g}q-6 0 -6 -6"
        f"V{other.bottom + 4:g}"
    )
    # Beside the box that it comes to, where no arrow goes up or down.
    return path, [Text(other.right + _GAP / 2, y + 15, ", ".join(words))]


def _down(one: Box, other: Box, words: list[str]) -> tuple[str, list[Text]]:
    x = one.middle - _TWO_WAYS - 14
    y = other.y - 20 - LINE * (len(words) - 1)
    side, anchor = (7, "start") if one.x == 0 else (-7, "end")
    labels = [Text(x + side, y + LINE * place, each, anchor) for place, each in enumerate(words)]
    return f"M{x:g} {one.bottom + 3:g}V{other.y - 4:g}", labels


def _up(one: Box, other: Box, words: list[str]) -> tuple[str, list[Text]]:
    x = one.middle - 10
    y = one.y - 20 - LINE * (len(words) - 1)
    labels = [Text(x + 7, y + LINE * place, each, "start") for place, each in enumerate(words)]
    return f"M{x:g} {one.y - 3:g}V{other.bottom + 4:g}", labels


def _corner(one: Box, other: Box, words: list[str]) -> tuple[str, list[Text]]:
    """From a box of the way to one below another."""
    x, y = one.middle - 30, other.y + other.height / 2
    end = other.right + 4 if one.x > other.x else other.x - 4
    turn = -6 if end < x else 6
    path = f"M{x:g} {one.bottom + 3:g}V{y - 6:g}q0 6 {turn} 6H{end:g}"
    labels = [Text((x + end) / 2, y + 16 + LINE * place, each) for place, each in enumerate(words)]
    return path, labels


def _corner_back(one: Box, other: Box, words: list[str]) -> tuple[str, list[Text]]:
    """From a box below to one of the way further on, outside the corner that leads here."""
    x, y = other.middle - 16, one.y + one.height / 2 + 28
    start = one.right + 3
    path = f"M{start:g} {y:g}H{x - 6:g}q6 0 6 -6V{other.bottom + 4:g}"
    labels = [
        Text((start + x) / 2, y + 16 + LINE * place, each) for place, each in enumerate(words)
    ]
    return path, labels


def _sentences(moves: list[Move]) -> list[str]:
    """Every move in words, for those who do not see the drawing."""
    found = []
    for move in moves:
        words = {"verb": move.verb.label, "state": move.state.label, "when": move.when}
        if move.to is None:
            sentence = _("%(state)s: %(verb)s.") % words
        else:
            sentence = _("%(state)s: %(verb)s, sang %(to)s.") % (words | {"to": move.to.label})
        if move.when:
            sentence = f"{sentence.removesuffix('.')} ({move.when})."
        found.append(sentence)
    return found
