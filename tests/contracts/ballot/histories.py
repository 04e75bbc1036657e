"""Votes in which people do what comes to their mind, as Hypothesis draws it."""

from hypothesis import strategies as st
from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts.ballot.model import Choice, Terms
from tests.contracts.ballot.cases import (
    ANNA,
    BERT,
    CARA,
    DORA,
    EMIL,
    FIONA,
    LAWYER,
    LINES,
    PER_ROLLAM,
    SITTING,
    ballot_of,
    delegation,
    on,
    revocation,
)

MEMBERS = (ANNA, BERT, CARA, DORA, EMIL, FIONA)
DELEGATES = (LAWYER, ANNA, BERT)

Step = tuple[str, int, int, tuple[Choice, ...]]
"""What is done, by which member, through which delegate, with which choices."""


def part_of_choices(who: int, number: int, option: int, share: int) -> Choice:
    """Return a choice of all or, for who holds for others, of a part."""
    line = LINES[who]
    return on(number, option, share if line.for_others else line.weight)


@st.composite
def steps(draw: st.DrawFn) -> Step:
    """Draw one thing that somebody does."""
    who, delegate = draw(st.sampled_from(MEMBERS)), draw(st.sampled_from(DELEGATES))
    kind = draw(st.sampled_from(("vote", "vote", "vote", "by delegate", "delegate", "revoke")))
    numbers = sorted(draw(st.sets(st.integers(0, 2), min_size=1)))
    options = [draw(st.integers(0, 2)) for _ in numbers]
    share = draw(st.integers(1, 100))
    pairs = zip(numbers, options, strict=True)
    chosen = tuple(part_of_choices(who, n, option, share) for n, option in pairs)
    return kind, who, delegate, chosen


def terms_of(*, changeable: bool, per_rollam: bool) -> Terms:
    """Return the terms of a history."""
    base = PER_ROLLAM if per_rollam else SITTING
    return replace(base, changeable=changeable)


def act(id: RecordId, step: Step) -> tuple[Record, list[int]]:
    """Return a step's command, and who signs."""
    kind, who, delegate, chosen = step
    match kind:
        case "vote":
            return ballot_of(id, who, *chosen), [who]
        case "by delegate":
            return ballot_of(id, who, *chosen, delegate=delegate), [delegate]
        case "delegate":
            numbers = [each.question for each in chosen]
            return delegation(id, who, delegate, *numbers), [who, delegate]
        case _:
            return revocation(id, who), [who]
