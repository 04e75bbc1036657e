"""The rulebook finds the rule of a command, and refuses to be incomplete."""

from dataclasses import replace

import pytest

from tallystick.base.encoding import Malformed, Record, encode
from tallystick.base.identifiers import LockId, RecordId
from tallystick.core.context import Context
from tallystick.core.contract import Contract, Rulebook
from tallystick.core.errors import UnknownCommand
from tallystick.core.holding import Lock, LockedFor, Release
from tests.core.toy import (
    TOY,
    Break,
    Make,
    Move,
    ShowToken,
    Token,
    Total,
    make,
    move,
    show,
)

ID = RecordId(bytes(32))
LOCK_ID = LockId(bytes(32))


class Settings(Record, tag="settings"):
    """No settings."""


class Fetch(Record, tag="shed.fetch"):
    """Fetch something."""


def fetch(context: Context, command: Fetch) -> None:
    """Do nothing."""


def lock(context: Context, command: Lock) -> None:
    """Do nothing for a lock."""


def release(context: Context, command: Release) -> None:
    """Do nothing for a release."""


SHED = Contract(
    name="shed",
    requires=("toy",),
    records=(LockedFor,),
    commands={Fetch: fetch, Lock: lock, Release: release},
    parameters=Settings,
)
RULEBOOK = Rulebook([TOY, SHED])


@pytest.mark.parametrize(
    ("command", "contract", "rule"),
    [
        (Make(amount=1), TOY, make),
        (Move(token=ID, owner=b""), TOY, move),  # type: ignore[arg-type]  # Nobody looks at it.
        (Fetch(), SHED, fetch),
        (Lock(contract="shed", holding=ID, lock_id=LOCK_ID, until=0), SHED, lock),
        (Release(contract="shed", holding=ID, lock_id=LOCK_ID), SHED, release),
    ],
)
def test_each_command_has_its_rule(command: Record, contract: Contract, rule: object) -> None:
    """A command belongs to one contract; the two shared ones go to the contract they name."""
    assert (contract, rule) == RULEBOOK.rule_for(command)


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (Lock(contract="toy", holding=ID, lock_id=LOCK_ID, until=0), "'toy' keeps no holdings"),
        (Release(contract="nobody", holding=ID, lock_id=LOCK_ID), "'nobody' keeps no holdings"),
        (Settings(), "keeps no holdings"),
    ],
)
def test_what_nobody_has_a_rule_for_is_refused(command: Record, message: str) -> None:
    """A contract that keeps no holdings has no lock either, and a record is no command."""
    with pytest.raises(UnknownCommand, match=message):
        RULEBOOK.rule_for(command)


@pytest.mark.parametrize("contracts", [[SHED], []])
def test_a_required_contract_must_be_there(contracts: list[Contract]) -> None:
    """A rulebook says which contract misses which."""
    needing = replace(SHED, name="yard", requires=("shed", "toy"))
    absent = "toy" if contracts else "shed"
    with pytest.raises(ValueError, match=f"requires {absent}, which is absent"):
        Rulebook([*contracts, needing])


def test_every_command_is_decoded_and_nothing_else() -> None:
    """The decoder of commands knows each contract's, and no records or questions."""
    commands = [Make(amount=1), Fetch(), Break(how="raise")]
    assert commands == [RULEBOOK.command_decoder.decode(encode(each)) for each in commands]
    for other in (Total(amount=1), ShowToken(token=ID), Settings()):
        with pytest.raises(Malformed):
            RULEBOOK.command_decoder.decode(encode(other))


def test_a_rulebook_knows_views_and_owners() -> None:
    """Each question has its view, each contract its own kinds of record."""
    assert {ShowToken: show} == RULEBOOK.views
    expected = {"toy": frozenset({Token, Total}), "shed": frozenset({LockedFor})}
    assert expected == RULEBOOK.owned
    assert ["toy", "shed"] == list(RULEBOOK.contracts)
