"""
What a stranger makes of the two votes, with nothing but the journal and the list of voters.

Every event is counted again, by the rules that the company called. A forged record comes to another
hash, and the minutes are proven by the ledger's checkpoint.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.client.events import decode_event
from tallystick.client.foreign import foreign_proof, trust_of
from tallystick.client.ledger import Ledger
from tallystick.contracts.ballot.events import VoteCast
from tallystick.contracts.ballot.model import Minutes, minutes_id
from tallystick.contracts.ballot.views import Recount, agrees, recount
from tallystick.core.foreign import foreign_record, verify_foreign

from .meeting_assembly import Assembly

Timed = tuple[int, Record]
"""An event with its block's time. [ms since the epoch, UTC]"""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a stranger found about one vote."""

    minutes: Minutes
    """What the ledger says."""
    counted: Recount
    """What the stranger counted."""
    agrees: bool
    """Whether both are the same."""
    is_forgery_noticed: bool
    """Whether records in which one vote was turned round, or left out, come to something else."""
    is_proven: bool
    """Whether the ledger's checkpoint proves the minutes."""


def check(ledger: Ledger, assembly: Assembly) -> Checked:
    """Count a vote again from the journal, and hold it against the minutes."""
    minutes, events = assembly.minutes(), list(journal(ledger))
    counted = recount(assembly.ballot, events, assembly.lines)
    forged = (
        recount(assembly.ballot, each, assembly.lines) for each in forgeries(events, assembly)
    )
    return Checked(
        minutes=minutes,
        counted=counted,
        agrees=agrees(counted, minutes),
        is_forgery_noticed=not any(agrees(each, minutes) for each in forged),
        is_proven=proves(ledger, assembly, minutes),
    )


def journal(ledger: Ledger) -> Iterator[Timed]:
    """Yield every event of a ledger's history, with its block's time."""
    for block in ledger.follow():
        for _, event in block.events:
            yield block.header.time, decode_event(event)


def forgeries(events: Sequence[Timed], assembly: Assembly) -> Iterator[list[Timed]]:
    """Yield records in which the first vote of an assembly is turned round, or left out."""
    place, time, vote = next(
        (place, time, event)
        for place, (time, event) in enumerate(events)
        if isinstance(event, VoteCast) and event.ballot == assembly.ballot
    )
    before, after = events[:place], events[place + 1 :]
    turned = tuple(replace(each, option=1 - min(each.option, 1)) for each in vote.choices)
    yield [*before, (time, replace(vote, choices=turned)), *after]
    yield [*before, *after]


def proves(ledger: Ledger, assembly: Assembly, minutes: Minutes) -> bool:
    """Tell whether the minutes stand under the ledger's signed checkpoint."""
    proof = foreign_proof(ledger, minutes_id(assembly.ballot))
    verify_foreign(proof, trust_of(ledger))
    return foreign_record(proof, Minutes) == minutes
