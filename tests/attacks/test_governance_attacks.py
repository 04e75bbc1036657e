"""What an administrator who is not honest could do to a ledger by its ballots, and does not."""

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import Record, encode
from tallystick.contracts import ballot, governance, identity, measurement
from tallystick.contracts.ballot.commands import Close, Open, Vote
from tallystick.contracts.ballot.model import (
    Ballot,
    BallotParameters,
    Choice,
    roll_of,
    roll_paths,
)
from tallystick.contracts.governance.commands import Enact, Propose
from tallystick.contracts.governance.errors import (
    ParametersAreUnsound,
    QuestionIsNotYesOrNo,
    SupportIsTooSmall,
)
from tallystick.contracts.governance.model import SetParameters, proposal_id, resolution_hash
from tallystick.contracts.identity.model import EVERYWHERE, Founder, IdentityParameters, Role
from tallystick.contracts.measurement.model import MeasurementParameters
from tallystick.core.genesis import Genesis
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, accepted, genesis_of
from tests.contracts.governance.cases import (
    ADMIN,
    ANNA,
    BODY,
    CARA,
    FOR,
    LINES,
    NOW,
    PARAMETERS,
    REGISTRAR,
    STRANGER,
    about,
    called,
    do,
    found,
    proposing,
    question,
    resolution,
)

CONTRACTS = (identity.CONTRACT, measurement.CONTRACT, ballot.CONTRACT, governance.CONTRACT)
FOUNDERS = (
    Founder(key(REGISTRAR), Role.REGISTRAR, EVERYWHERE),
    Founder(key(ADMIN), Role.BALLOT_ADMINISTRATOR, BODY),
)
SOUND = (IdentityParameters(FOUNDERS), MeasurementParameters(("village",), (900,)))
NOT_ON_CURVE = type(key(ANNA))(b"\x02" + b"\xff" * 32)

UNSOUND: list[tuple[str, Record]] = [
    ("measurement", MeasurementParameters(("village",), (61,))),
    ("measurement", MeasurementParameters(("village",), (900, 900))),
    ("measurement", MeasurementParameters(("village", "village"), (900,))),
    ("identity", IdentityParameters(FOUNDERS[1:])),
    ("identity", IdentityParameters((*FOUNDERS, FOUNDERS[0]))),
    ("identity", IdentityParameters((replace(FOUNDERS[0], scope="village"),))),
    ("identity", IdentityParameters((*FOUNDERS, replace(FOUNDERS[1], key=NOT_ON_CURVE)))),
]


def _genesis(**others: Record) -> Genesis:
    """Return the genesis of a ledger that measures, with other parameters of some contracts."""
    settings = {"identity": SOUND[0], "measurement": SOUND[1]} | others
    parameters = (*settings.values(), BallotParameters(), PARAMETERS)
    return genesis_of(CONTRACTS, parameters, time=NOW - 1)


@pytest.mark.parametrize(("contract", "parameters"), UNSOUND)
def test_what_genesis_refuses_no_ballot_brings_about(contract: str, parameters: Record) -> None:
    """The same check judges both."""
    with pytest.raises(ValueError, match=f"parameters of contract {contract}: "):
        Trial(CONTRACTS, _genesis(**{contract: parameters}))
    trial = Trial(CONTRACTS, _genesis())
    what = resolution(SetParameters(contract, encode(parameters)))
    assert ParametersAreUnsound == trial.execute(proposing(trial, what), signers=[STRANGER])


def test_what_genesis_takes_a_ballot_may_bring_about() -> None:
    """Other intervals, more sectors."""
    trial = Trial(CONTRACTS, _genesis())
    sound = MeasurementParameters(("village", "hill"), (300, 900))
    what = resolution(SetParameters("measurement", encode(sound)))
    assert accepted == trial.execute(proposing(trial, what), signers=[STRANGER])


def test_labels_that_were_turned_round_carry_nothing() -> None:
    """Who votes against means against."""
    trial = found()
    what = resolution()
    asked = question(resolution_hash(trial.state.ledger, what), options=("against", "for"))
    command = Propose(what, called(trial, asked), 0)
    assert QuestionIsNotYesOrNo == trial.execute(command, signers=[ANNA])


def test_whoever_excludes_nearly_all_lets_nobody_decide_for_them() -> None:
    """A turnout is one of the whole roll, though a question's base leaves out who is excluded."""
    trial = found()
    what = resolution()
    id = called(trial, about(trial, what))
    do(trial, Propose(what, id, 0), STRANGER)
    held = trial.read(Ballot, id)
    assert held is not None
    lines = tuple(
        line if line.voter == key(CARA) else replace(line, excluded=(0,)) for line in LINES
    )
    do(trial, Open(id, roll_of(lines, held.terms)), ADMIN)
    place = next(n for n, line in enumerate(lines) if line.voter == key(CARA))
    choice = Choice(0, FOR, lines[place].weight)
    do(trial, Vote(id, lines[place], place, tuple(roll_paths(lines))[place], (choice,)), CARA)
    trial.move_to(held.terms.end)
    do(trial, Close(id), STRANGER)
    assert SupportIsTooSmall == trial.execute(Enact(proposal_id(id, 0)), signers=[STRANGER])
    assert "a weight of 20 has voted, it takes 50" in trial.message
