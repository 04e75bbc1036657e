"""
Whether a joint change is over: proven, by keys that were pinned before.

A node that says `aborted` where nothing is decided would have a change done twice, by whoever
begins it again; one that says `committed` would have its end reported before there is one.
"""

from collections.abc import Callable, Mapping, Sequence

from tallystick.base.identifiers import LedgerId
from tallystick.client.ledger import Ledger
from tallystick.contracts.exchange.model import (
    Decision,
    Outcome,
    Prepared,
    decision_id,
    prepared_id,
)

from .belief import Belief
from .errands import Attempt
from .facts import Facts, NotProven, Place
from .joint_change import ENDED
from .setbacks import SETBACKS

End = tuple[Attempt, Outcome]
"""An attempt, and how it is said to have ended."""


def proven_decisions(
    ledgers: Mapping[LedgerId, Ledger], belief: Belief, said: Sequence[End]
) -> list[End]:
    """
    Return those whose decision is proven by the deciding ledger; the others are set back.

    An abort is proven, too, by a block from the deadline on under which nothing is decided: from
    then on nothing is committed any more.
    """
    return _proven(ledgers, belief, said, _decision_places, _check_decision)


def proven_ends(
    ledgers: Mapping[LedgerId, Ledger], belief: Belief, said: Sequence[End]
) -> list[End]:
    """
    Return those that are proven to be over on every ledger; the others are set back.

    Parts are proven after the decision, because until then one might still be prepared.
    """
    decided = proven_decisions(ledgers, belief, said)
    return _proven(ledgers, belief, decided, _part_places, _check_parts)


def _proven(
    ledgers: Mapping[LedgerId, Ledger],
    belief: Belief,
    said: Sequence[End],
    places: Callable[[Attempt], Sequence[Place]],
    check: Callable[[Facts, Attempt, Outcome], None],
) -> list[End]:
    """Return those for which what stands at some places is as it should be."""
    facts = Facts(ledgers, belief, (place for attempt, _ in said for place in places(attempt)))
    found = []
    for attempt, outcome in said:
        try:
            check(facts, attempt, outcome)
        except SETBACKS as error:
            attempt.set_back(error)
        else:
            found.append((attempt, outcome))
    return found


def _decision_places(attempt: Attempt) -> Sequence[Place]:
    """Return where the decision stands."""
    return [(attempt.change.deciding, decision_id(attempt.id))]


def _part_places(attempt: Attempt) -> Sequence[Place]:
    """Return where the parts stand."""
    return [
        (part.ledger, prepared_id(attempt.id, n)) for n, part in enumerate(attempt.change.parts)
    ]


def _check_decision(facts: Facts, attempt: Attempt, outcome: Outcome) -> None:
    """Insist that a change was decided so, or can be no more."""
    (place,) = _decision_places(attempt)
    found, time = facts.record(place, Decision)
    late = found is None and time >= attempt.change.deadline
    if (Outcome.ABORTED if late else found and found.outcome) is not outcome:
        raise NotProven(f"the deciding ledger says {outcome.value}, and does not prove it")


def _check_parts(facts: Facts, attempt: Attempt, outcome: Outcome) -> None:
    """Insist that no part waits for anything."""
    for n, place in enumerate(_part_places(attempt)):
        found, _ = facts.record(place, Prepared)
        if (found and found.state) not in ENDED[outcome]:
            raise NotProven(f"part {n}: its ledger says that it has ended, and does not prove it")
