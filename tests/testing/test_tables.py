"""The harness in which rules are tried behaves like a ledger."""

import pytest

from tallystick.contracts import identity, measurement
from tallystick.contracts.measurement.commands import Correct
from tallystick.contracts.measurement.errors import MeasurementExists, SignerMayNotPublish
from tallystick.contracts.measurement.model import Measurement, MeasurementParameters, Quality
from tallystick.core import transition
from tallystick.core.errors import Rejected, UnknownCommand
from tallystick.core.genesis import ledger_id
from tallystick.core.state import State
from tallystick.store.memory import MemoryStore
from tallystick.testing.factories import (
    GENESIS_TIME,
    ISSUING_BODY,
    PUBLISHER,
    STRANGER,
    TIME,
    identity_parameters,
    measurement_of,
    measurement_parameters,
    publish,
    village,
)
from tallystick.testing.keys import key
from tallystick.testing.tables import accepted, genesis_of, rejection

CONTRACTS = (identity.CONTRACT, measurement.CONTRACT)


def test_verdicts_and_messages() -> None:
    """A verdict is `accepted`, a rejection's class or a refusal's; the message names the value."""
    trial = village(contracts=CONTRACTS)
    assert accepted == trial.execute(publish(), signers=[PUBLISHER])
    assert trial.execute(publish(101), signers=[STRANGER]) == SignerMayNotPublish
    assert "'village'" in trial.message
    assert trial.execute(publish(102, amount=-1), signers=[PUBLISHER]) == UnknownCommand
    assert trial.message == "command: Publish.amount: expected `int` >= 0, found -1"


def test_all_commands_of_a_transaction_or_none() -> None:
    """A rejection undoes the commands before it, with their events, called or not."""
    for caller in ("", "certificate"):
        trial = village(contracts=CONTRACTS)
        commands = [publish(), publish()]
        assert trial.execute(commands, signers=[PUBLISHER], caller=caller) == MeasurementExists
        assert trial.read(Measurement, measurement_of()) is None
        assert trial.events == []


def test_keys_and_numbers_sign_alike() -> None:
    """A signer is a number or a key."""
    trial = village(contracts=CONTRACTS)
    assert accepted == trial.execute(publish(), signers=[key(PUBLISHER)])


def test_time_only_moves_on() -> None:
    """A trial starts at midnight after the standard interval and never goes back."""
    trial = village(contracts=CONTRACTS)
    assert trial.time == TIME
    assert accepted == trial.execute(publish(), signers=[PUBLISHER], time=TIME + 5)
    assert trial.time == TIME + 5
    with pytest.raises(ValueError, match=f"block time {TIME} lies before {TIME + 5}"):
        trial.move_to(TIME)


def test_a_broken_invariant_stops_the_trial() -> None:
    """A step after which an invariant doesn't hold is an assertion, not a verdict."""
    trial = village(contracts=CONTRACTS)
    trial.execute(publish(), signers=[PUBLISHER])
    found = trial.read(Measurement, measurement_of())
    assert found is not None
    trial.plant(measurement_of(101), found)
    with pytest.raises(AssertionError, match="does not stand under the id"):
        trial.execute(publish(102), signers=[PUBLISHER])


def test_blocks_replay_to_the_same_root() -> None:
    """What a trial closed, another ledger of the same genesis replays to the same root."""
    trial = village(contracts=CONTRACTS)
    trial.execute(publish(), signers=[PUBLISHER])
    trial.execute(publish(), signers=[STRANGER])
    first = trial.close_block()
    correction = Correct(measurement=measurement_of(), amount=7, quality=Quality.MEASURED)
    assert accepted == trial.execute(correction, signers=[ISSUING_BODY])
    second = trial.close_block()
    state = State(trial.state.genesis, CONTRACTS, MemoryStore())
    assert trial.founding == transition.found(state)
    for block in (first, second):
        transition.commit(transition.replay(state, block, signatures=False))
    assert trial.state.tree.root == state.tree.root
    assert list(trial.state.store.items()) == list(state.store.items())


def test_parameters_are_those_of_genesis() -> None:
    """A trial runs under the parameters that it was given, and its genesis is an ordinary one."""
    parameters = measurement_parameters(interval_seconds=(60,))
    trial = village(parameters, contracts=CONTRACTS)
    assert parameters == trial.parameters(MeasurementParameters)
    genesis = genesis_of(
        CONTRACTS, [identity_parameters(), parameters], time=GENESIS_TIME, name="village"
    )
    assert ledger_id(genesis) == trial.state.ledger


def test_unlisted_rejections_are_bugs() -> None:
    """A contract that raises what it doesn't list is wrong."""
    found: type[Rejected] = rejection(CONTRACTS, "measurement", MeasurementExists.code)
    assert found == MeasurementExists
    with pytest.raises(AssertionError, match="contract 'measurement' does not list rejection 999"):
        rejection(CONTRACTS, "measurement", 999)
