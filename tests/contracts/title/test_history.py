"""The whole way of one title can be told from the ledger's events."""

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts.title.commands import Amend, Confirm, Retire, Share, Transfer
from tallystick.contracts.title.views import TitleStep, history_of
from tallystick.core.holding import Move, Release
from tallystick.testing.foreign import Neighbour
from tallystick.testing.keys import key
from tallystick.testing.tables import accepted
from tests.contracts.title.cases import (
    ALICE,
    BLUE,
    BOB,
    CLERK,
    FIRST,
    INSURER,
    LOCK,
    POLICY,
    SECOND,
    STRANGER,
    Town,
    cast,
    do,
    locked,
    shares,
)
from tests.contracts.title.test_rules_dependence import rebinding
from tests.contracts.title.test_rules_share import ROOF, Roof


def told(trial: Neighbour, id: RecordId) -> list[tuple[str, bytes | None, str]]:
    """Return what happened in the block in the making to a title."""
    events: list[tuple[int, Record]] = list(enumerate(trial.events))
    return [(step.what, step.owner, step.detail) for step in history_of(id, events)]


def test_history_of_one_car() -> None:
    """From registration by amendment, locks and sales to its end; another's is left out."""
    trial = cast()
    do(trial, Amend(FIRST, BLUE), CLERK, ALICE)
    locked(trial)
    assert accepted == trial.execute(Release("title", FIRST, LOCK), signers=[1], caller="market")
    locked(trial)
    move = Move("title", FIRST, LOCK, 1, key(BOB))
    assert accepted == trial.execute(move, signers=[1], caller="market")
    do(trial, Transfer(FIRST, key(ALICE)), BOB)
    do(trial, Share(FIRST, shares(trial)), ALICE)
    do(trial, Retire(FIRST), ALICE)
    expected = [
        ("registered", key(ALICE), ""),
        ("amended", None, ""),
        ("locked", None, "market"),
        ("released", None, ""),
        ("locked", None, "market"),
        ("transferred", key(BOB), "market"),
        ("transferred", key(ALICE), ""),
        ("shared", None, "100"),
        ("retired", None, ""),
    ]
    assert expected == told(trial, FIRST)


def test_history_of_an_insurance() -> None:
    """How it stood since is told with each proof."""
    town = Town()
    town.insure()
    do(town.policies, rebinding(town), ALICE, INSURER)
    do(town.policies, Transfer(POLICY, key(BOB)), ALICE)
    found = history_of(POLICY, list(enumerate(town.policies.events)))
    assert [("rebound", "in-force"), ("transferred", "")] == [
        (step.what, step.detail) for step in found
    ]
    town.finish(town.holding(SECOND))
    town.wait()
    do(town.policies, Confirm(POLICY, town.cars.prove(SECOND)), STRANGER)
    last = history_of(POLICY, list(enumerate(town.policies.events)))[-1]
    assert ("confirmed", None, "lapsed") == (last.what, last.owner, last.detail)


def test_history_of_a_roof() -> None:
    """Each distribution is told, with how much it was."""
    roof = Roof()
    do(roof.trial, roof.distribute(amount=42), INSURER)
    assert ("income distributed", None, "42") == told(roof.trial, ROOF)[-1]
    step = history_of(ROOF, [(7, roof.trial.events[-1])])
    assert [TitleStep(7, "income distributed", None, "42")] == step
