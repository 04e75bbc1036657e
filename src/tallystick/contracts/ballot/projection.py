"""The read model of votes: what was called, who voted, what came of it."""

from collections.abc import Iterator

from tallystick.core.event import Event
from tallystick.core.projection import Add, Insert, Projection, RowChange, Table, Update

from .events import (
    BallotCalled,
    BallotClosed,
    BallotDelivered,
    BallotOpened,
    DelegationGiven,
    DelegationRevoked,
    MinutesSigned,
    VoteCast,
    VotingDeviceEnrolled,
    VotingDeviceRetired,
)

BALLOTS = Table(
    name="ballots",
    columns=(
        ("ballot", "bytes"),
        ("body", "text"),
        ("title", "text"),
        ("kind", "text"),
        ("begin", "integer"),
        ("end", "integer"),
        ("status", "text"),
        ("roll_root", "bytes"),
        ("entries", "integer"),
        ("weight", "integer"),
        ("delivered", "integer"),
        ("record", "bytes"),
        ("valid", "integer"),
        ("signed_by", "bytes"),
    ),
    key=("ballot",),
    indexes=(("body",),),
)

TOTALS = Table(
    name="ballot_totals",
    columns=(
        ("ballot", "bytes"),
        ("question", "integer"),
        ("option", "integer"),
        ("weight", "integer"),
    ),
    key=("ballot", "question", "option"),
)

VOTERS = Table(
    name="ballot_voters",
    columns=(
        ("ballot", "bytes"),
        ("voter", "bytes"),
        ("voter_class", "text"),
        ("weight", "integer"),
        ("statements", "integer"),
        ("cast_at", "integer"),
        ("until", "integer"),
        ("delegate", "bytes"),
    ),
    key=("ballot", "voter", "voter_class"),
    indexes=(("voter",),),
)

DELEGATIONS = Table(
    name="ballot_delegations",
    columns=(
        ("ballot", "bytes"),
        ("voter", "bytes"),
        ("delegate", "bytes"),
        ("given_at", "integer"),
        ("revoked_at", "integer"),
    ),
    key=("ballot", "voter", "delegate"),
    indexes=(("delegate",),),
)

RESULTS = Table(
    name="ballot_results",
    columns=(
        ("ballot", "bytes"),
        ("question", "integer"),
        ("carried", "integer"),
        ("chosen", "integer"),
        ("base", "integer"),
        ("voted", "integer"),
    ),
    key=("ballot", "question"),
)

DEVICES = Table(
    name="ballot_devices",
    columns=(
        ("body", "text"),
        ("device", "bytes"),
        ("member", "bytes"),
        ("place", "text"),
        ("assurance", "text"),
        ("retired", "integer"),
    ),
    key=("body", "device"),
)


def fold(event: Event, time: int) -> Iterator[RowChange]:
    """Turn an event into row changes. [ms since the epoch, UTC]"""
    match event:
        case VoteCast():
            yield from _votes(event, time)
        case BallotCalled(ballot=ballot, terms=terms):
            head = (ballot, terms.body, terms.title, terms.kind.value, terms.begin, terms.end)
            yield Insert(BALLOTS, (*head, "called", b"", 0, 0, 0, b"", 0, b""))
        case BallotOpened(ballot=ballot, roll=roll):
            yield Update(BALLOTS, (ballot,), {"status": "open", "roll_root": roll.root})
            sums = {"entries": roll.entries, "weight": roll.weight}
            yield Update(BALLOTS, (ballot,), sums)
        case BallotDelivered(ballot=ballot, voter=voter, voter_class=voter_class):
            yield Add(BALLOTS, (ballot,), {"delivered": 1})
            yield Add(VOTERS, (ballot, voter, voter_class), {"until": event.until})
        case BallotClosed(ballot=ballot):
            yield Update(BALLOTS, (ballot,), {"status": "closed", "record": event.record})
            yield Update(BALLOTS, (ballot,), {"valid": int(event.valid)})
            for each in event.results:
                carried, chosen = each.chosen is not None, each.chosen or 0
                row = (ballot, each.question, int(carried), chosen, each.base, each.voted)
                yield Insert(RESULTS, row)
        case MinutesSigned(ballot=ballot):
            yield Update(BALLOTS, (ballot,), {"signed_by": event.signed_by})
        case _:
            yield from _persons(event, time)


def _votes(event: VoteCast, time: int) -> Iterator[RowChange]:
    """Yield what a statement changes."""
    entry, ballot = event.entry, event.ballot
    for choices, sign in ((event.replaced, -1), (event.choices, 1)):
        for each in choices:
            option = (ballot, each.question, each.option)
            yield Add(TOTALS, option, {"weight": sign * each.weight})
    place = (ballot, entry.voter, entry.voter_class)
    yield Add(VOTERS, place, {"statements": 1})
    yield Update(VOTERS, place, {"weight": entry.weight, "cast_at": time})
    yield Update(VOTERS, place, {"delegate": event.delegate or b""})


def _persons(event: Event, time: int) -> Iterator[RowChange]:
    """Yield what changes about who votes for whom, and with what."""
    match event:
        case DelegationGiven(ballot=ballot, voter=voter, delegate=delegate):
            yield Add(DELEGATIONS, (ballot, voter, delegate), {})
            columns = {"given_at": time, "revoked_at": 0}
            yield Update(DELEGATIONS, (ballot, voter, delegate), columns)
        case DelegationRevoked(ballot=ballot, voter=voter, delegate=delegate):
            yield Update(DELEGATIONS, (ballot, voter, delegate), {"revoked_at": time})
        case VotingDeviceEnrolled(body=body, device=device, member=member):
            row = (body, device, member or b"", event.place, event.assurance.value, 0)
            yield Insert(DEVICES, row)
        case VotingDeviceRetired(body=body, device=device):
            yield Update(DEVICES, (body, device), {"retired": 1})


PROJECTION = Projection(tables=(BALLOTS, TOTALS, VOTERS, DELEGATIONS, RESULTS, DEVICES), fold=fold)
"""How events become rows."""
