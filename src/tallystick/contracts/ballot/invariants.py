"""What always holds about votes."""

from collections import Counter
from collections.abc import Iterator

from tallystick.core.invariant import Changes, Invariant

from .model import (
    Ballot,
    Delegation,
    Delivery,
    Minutes,
    Progress,
    Proxies,
    QuestionTotals,
    Statement,
    Status,
    VotingDevice,
    progress_id,
)

ORDER = tuple(Status)


def _differing_totals(changes: Changes) -> Iterator[str]:
    """Find totals that changed otherwise than the statements that they add up."""
    sums: Counter[tuple[bytes, int, int]] = Counter()
    for _, old, new in changes.of(Statement):
        for statement, sign in ((old, -1), (new, 1)):
            for each in () if statement is None else statement.choices:
                sums[statement.ballot, each.question, each.option] += sign * each.weight
    for _, old, new in changes.of(QuestionTotals):
        for totals, sign in ((old, -1), (new, 1)):
            for option, weight in enumerate(() if totals is None else totals.totals):
                sums[totals.ballot, totals.question, option] -= sign * weight
    for (ballot, question, option), difference in sums.items():
        if difference:
            yield f"vote {ballot.hex()}: question {question}, option {option} is off {difference}"


def _too_heavy(changes: Changes) -> Iterator[str]:
    """Find weights above the roll's."""
    for id, _, totals in changes.of(QuestionTotals):
        if totals is not None and not (
            sum(totals.totals) <= totals.voted <= totals.eligible and totals.base <= totals.eligible
        ):
            yield f"totals {id.hex()} pass the roll"
    for id, _, statement in changes.of(Statement):
        if statement is None:
            continue
        given: Counter[int] = Counter()
        for each in statement.choices:
            given[each.question] += each.weight
        if any(weight > statement.weight for weight in given.values()):
            yield f"statement {id.hex()} weighs more than its voter"


def _past_roll(changes: Changes) -> Iterator[str]:
    """Find votes in which more has spoken, or was delivered to, than the roll has."""
    rolls = {id: new.roll for id, _, new in changes.of(Ballot) if new is not None}
    places = {progress_id(ballot): ballot for ballot in rolls}
    found = [(places[id], new) for id, _, new in changes.of(Progress) if id in places]
    found += [(new.ballot, new) for _, _, new in changes.of(Minutes) if new is not None]
    for ballot, spoken in found:
        roll = rolls.get(ballot)
        if roll is None or spoken is None:
            continue
        delivered = spoken.delivered if isinstance(spoken, Progress) else 0
        if spoken.weight > roll.weight or max(spoken.voters, delivered) > roll.entries:
            yield f"vote {ballot.hex()} passes its roll"


def _miscounted_progress(changes: Changes) -> Iterator[str]:
    """Find votes whose progress is not that of their statements and deliveries."""
    counts: Counter[tuple[bytes, str]] = Counter()
    for kind in (Statement, Delivery):
        for _, old, new in changes.of(kind):
            for said, sign in ((old, -1), (new, 1)):
                if isinstance(said, Statement):
                    counts[progress_id(said.ballot), "voters"] += sign
                    counts[progress_id(said.ballot), "weight"] += sign * said.weight
                elif said is not None:
                    counts[progress_id(said.ballot), "delivered"] += sign
    for id, old, new in changes.of(Progress):
        for progress, sign in ((old, -1), (new, 1)):
            if progress is not None:
                counts[id, "voters"] -= sign * progress.voters
                counts[id, "weight"] -= sign * progress.weight
                counts[id, "delivered"] -= sign * progress.delivered
    for (place, what), difference in counts.items():
        if difference:
            yield f"progress {place.hex()}: {what} is off {difference}"


def _rewritten(changes: Changes) -> Iterator[str]:
    """Find votes that went back, changed their terms or roll, and minutes that changed."""
    for id, old, new in changes.of(Ballot):
        if old is None:
            continue
        if new is None or ORDER.index(new.status) < ORDER.index(old.status):
            yield f"vote {id.hex()} went back"
        elif new.terms != old.terms or old.roll not in {None, new.roll}:
            yield f"vote {id.hex()} was rewritten"
    for id, old, new in changes.of(Minutes):
        if old is not None and (
            new is None
            or old.signed_by is not None
            or (old.record, old.findings, old.results) != (new.record, new.findings, new.results)
        ):
            yield f"minutes {id.hex()} were rewritten"


def _miscounted_proxies(changes: Changes) -> Iterator[str]:
    """Find delegates for whom another number is kept than the delegations that stand."""
    counts: Counter[tuple[bytes, bytes]] = Counter()
    for id, old, new in changes.of(Delegation):
        stands = old is not None and not old.revoked_at
        if stands and (new is None or new.delegate != old.delegate):
            yield f"delegation {id.hex()} went to another"
        for given, sign in ((old, -1), (new, 1)):
            if given is not None and not given.revoked_at:
                counts[given.ballot, given.counted_as] += sign
    for _, old, new in changes.of(Proxies):
        for proxies, sign in ((old, -1), (new, 1)):
            if proxies is not None:
                counts[proxies.ballot, proxies.delegate] -= sign * proxies.count
    for (ballot, delegate), difference in counts.items():
        if difference:
            yield f"vote {ballot.hex()}: proxies of {delegate.hex()} are off {difference}"


def _changed_devices(changes: Changes) -> Iterator[str]:
    """Find devices that changed hands, or came back."""
    for id, old, new in changes.of(VotingDevice):
        if old is not None and (
            new is None
            or old.retired_at
            or (old.body, old.key, old.member, old.assurance)
            != (new.body, new.key, new.member, new.assurance)
        ):
            yield f"device {id.hex()} was rewritten"


INVARIANTS = (
    Invariant("Totals change by exactly what statements say.", _differing_totals),
    Invariant("Nobody, and nobody together, weighs more than the roll says.", _too_heavy),
    Invariant("No more vote, or are delivered to, than the roll has.", _past_roll),
    Invariant("Progress counts exactly statements and deliveries.", _miscounted_progress),
    Invariant("A vote goes forward; its terms, roll and minutes stay as they are.", _rewritten),
    Invariant("A delegate represents as many as have delegations that stand.", _miscounted_proxies),
    Invariant("A device stays whose it is, and stays retired.", _changed_devices),
)
"""What the contract promises."""
