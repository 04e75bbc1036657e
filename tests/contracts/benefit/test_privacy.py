"""What companies learn of each other's employees from the shared ledger: yes or no."""

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts import asset
from tallystick.contracts.asset.commands import Transfer
from tallystick.core.state import SeenIds
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial
from tests.contracts.benefit.cases import (
    AMOS,
    OFFERED,
    REGISTRAR,
    TOKENS,
    UNITS,
    A,
    benefit_of,
    buying,
    cast,
    do,
    settle,
    tokens_of,
)


def purchase(spare: int) -> Trial:
    """Return the ledger on which Amos has bought, with so many more tokens than it costs."""
    trial = cast()
    price = 20
    rest = tokens_of(trial, A, AMOS) - price - spare
    do(trial, Transfer(UNITS[A], key(AMOS), key(REGISTRAR), rest), AMOS)
    command = buying(trial, OFFERED, AMOS, salt=7)
    do(trial, command, AMOS)
    settle(trial, command.change)
    trial.close_block()
    assert spare == tokens_of(trial, A, AMOS) < TOKENS
    return trial


def shared_records(trial: Trial) -> dict[RecordId, list[Record]]:
    """
    Return what a shared ledger keeps: neither accounts, nor which transactions it has seen.

    The transfer that sets the balance differs, so its id does.
    """
    others = {*asset.CONTRACT.records, SeenIds}
    everything = {id: trial.state.decode(data) for id, data in trial.state.store.items()}
    found = {
        id: [record for kind, record in leaf.items() if kind not in others]
        for id, leaf in everything.items()
    }
    return {id: records for id, records in found.items() if records}


def test_a_balance_leaves_no_trace() -> None:
    """With no token to spare or with thousands, a purchase leaves the very same records."""
    poor, rich = purchase(0), purchase(5_000)
    assert key(AMOS) == benefit_of(poor, OFFERED).owner
    assert shared_records(poor) == shared_records(rich)
    assert len(shared_records(poor)) > len(shared_records(cast()))
