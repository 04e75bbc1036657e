"""Governance's read model: what was proposed, what became of it, and each change that it makes."""

from collections.abc import Iterator

from tallystick.core.event import Event
from tallystick.core.projection import Insert, Projection, RowChange, Table, Update

from .events import ChangeApplied, ChangeEnacted, ChangeProposed
from .model import Change, SetParameters, SetVersion

PROPOSALS = Table(
    name="governance_proposals",
    columns=(
        ("proposal", "bytes"),
        ("title", "text"),
        ("ballot", "bytes"),
        ("question", "integer"),
        ("height", "integer"),
        ("expiry", "integer"),
        ("proposed_at", "integer"),
        ("enacted_at", "integer"),
        ("applied_at", "integer"),
    ),
    key=("proposal",),
    indexes=(("ballot",), ("height",)),
)

CHANGES = Table(
    name="governance_changes",
    columns=(
        ("proposal", "bytes"),
        ("number", "integer"),
        ("kind", "text"),
        ("contract", "text"),
        ("version", "integer"),
        ("parameters", "bytes"),
    ),
    key=("proposal", "number"),
    indexes=(("contract",),),
)


def fold(event: Event, time: int) -> Iterator[RowChange]:
    """Turn an event into row changes. [ms since the epoch, UTC]"""
    match event:
        case ChangeProposed(proposal=id, resolution=resolution):
            place = (event.ballot, event.question, resolution.height, resolution.expiry)
            yield Insert(PROPOSALS, (id, resolution.title, *place, time, 0, 0))
            for number, change in enumerate(resolution.changes):
                yield Insert(CHANGES, (id, number, *_columns(change)))
        case ChangeEnacted(proposal=id):
            yield Update(PROPOSALS, (id,), {"enacted_at": time})
        case ChangeApplied(proposal=id):
            yield Update(PROPOSALS, (id,), {"applied_at": time})


def _columns(change: Change) -> tuple[str, str, int, bytes]:
    """Return a change's kind, the contract that it is about, and what it sets of it."""
    match change:
        case SetParameters(contract=contract, parameters=parameters):
            return "parameters", contract, 0, parameters
        case SetVersion(contract=contract, version=version):
            return "version", contract, version, b""
    return type(change).__name__.lower(), "identity", 0, b""


PROJECTION = Projection(tables=(PROPOSALS, CHANGES), fold=fold)
