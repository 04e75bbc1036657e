"""On the disk: closed and opened around the height, replayed, audited and carried elsewhere."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tallystick import compose
from tallystick.base.encoding import Record, decode
from tallystick.base.identifiers import Hash, RecordId
from tallystick.client.ledger import Ledger
from tallystick.contracts.ballot.commands import Call, Close, Open, Vote
from tallystick.contracts.ballot.events import BallotCalled
from tallystick.contracts.ballot.model import Choice, roll_of
from tallystick.contracts.governance.commands import Enact, Propose
from tallystick.contracts.governance.model import (
    Resolution,
    SetVersion,
    proposal_id,
    resolution_hash,
)
from tallystick.contracts.governance.views import PlanView, ShowPlan
from tallystick.core.errors import Damaged, Unavailable, VersionIsLacking
from tallystick.testing.keys import secret
from tests.contracts.governance.cases import (
    ADMIN,
    ANNA,
    CONTRACTS,
    FEE,
    FOR,
    HOUR,
    LINES,
    NEW_FEE,
    NOW,
    PATHS,
    STRANGER,
    fee_of,
    genesis,
    question,
    resolution,
    terms,
)
from tests.contracts.governance.till import TILL_2, Sell, SoldOne


@pytest.fixture(autouse=True)
def _tills(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ledgers know the tills."""
    monkeypatch.setattr(compose, "CONTRACTS", CONTRACTS)


class City:
    """The city's ledger in a folder, opened again whenever somebody wants; a block a command."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.time = NOW
        self.ledger = self._open()

    def _open(self) -> Ledger:
        """Open it."""
        return compose.open_ledger(self.path, genesis=genesis(), clock=lambda: self.time)

    def reopen(self, *, forgetting: bool = False) -> None:
        """Close and open it; without its state, if that is to be made from the journal again."""
        self.ledger.close()
        if forgetting:
            shutil.rmtree(self.path / "state")
        self.ledger = self._open()

    @property
    def height(self) -> int:
        """Return the number of the latest block."""
        return self.ledger.status().height

    def send(self, command: Record, who: int = STRANGER) -> list[bytes]:
        """Put a command into a block of its own, and return what it reported."""
        self.time += 1
        receipt = self.ledger.send(command, [secret(who)])
        return [event for _, event in self.ledger.node.block(receipt.height).events]

    def enact(self, what: Resolution) -> RecordId:
        """Propose, vote and enact in six blocks."""
        asked = question(resolution_hash(self.ledger.id, what))
        rules = terms(self.time + 2, asked)
        (reported,) = self.send(Call(rules), ADMIN)
        event = decode(reported, BallotCalled)
        self.send(Propose(what, event.ballot, 0))
        self.time += 2
        self.send(Open(event.ballot, roll_of(LINES, rules)), ADMIN)
        choice = Choice(0, FOR, LINES[0].weight)
        self.send(Vote(event.ballot, LINES[0], 0, PATHS[0], (choice,)), ANNA)
        self.time += HOUR
        self.send(Close(event.ballot))
        self.send(Enact(proposal_id(event.ballot, 0)))
        return proposal_id(event.ballot, 0)

    def sell(self) -> tuple[int, int]:
        """Sell something, and return in which block and for what fee."""
        (reported,) = self.send(Sell())
        return self.height, decode(reported, SoldOne).fee

    def root(self) -> tuple[int, Hash]:
        """Return height and root."""
        status = self.ledger.status()
        return status.height, Hash(status.state_root)


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    """Return a city that is closed afterwards."""
    made = City(tmp_path / "ledger")
    yield made
    made.ledger.close()


DECIDED, HEIGHT = 6, 10
"""In which block it is enacted, and from which on it holds."""


def decided(city: City) -> None:
    """Let the fee rise, and be charged twice, from the height on."""
    city.enact(resolution(fee_of(NEW_FEE), SetVersion("till", 2), height=HEIGHT))
    assert DECIDED == city.height


@pytest.mark.parametrize("forgetting", [False, True])
@pytest.mark.parametrize("reopened_at", [HEIGHT - 2, HEIGHT - 1, HEIGHT, HEIGHT + 1])
def test_it_holds_from_its_height_on_whenever_the_ledger_is_opened(
    city: City, reopened_at: int, *, forgetting: bool
) -> None:
    """Just before, at, and just after the height, from the state or from the journal alone."""
    decided(city)
    sales = {}
    while city.height < HEIGHT + 2:
        if city.height == reopened_at:
            before = city.root()
            city.reopen(forgetting=forgetting)
            assert before == city.root()
        height, fee = city.sell()
        sales[height] = fee
    charged = {height: FEE if height < HEIGHT else 2 * NEW_FEE for height in sales}
    assert set(range(DECIDED + 1, HEIGHT + 3)) == set(sales)
    assert charged == sales


def test_an_audit_meets_every_root(city: City) -> None:
    """Old blocks under old rules, new ones under new ones."""
    decided(city)
    while city.height < HEIGHT + 2:
        city.sell()
    height, root = city.root()
    city.ledger.close()
    report = compose.audit(city.path)
    assert ((), height, root) == (report.problems, report.height, report.state_root)
    assert any(each.startswith("governance: ") for each in report.invariants)
    city.reopen()


@pytest.mark.parametrize("taken_at", [DECIDED, HEIGHT - 1, HEIGHT])
def test_a_snapshot_carries_what_is_planned(city: City, tmp_path: Path, taken_at: int) -> None:
    """A ledger that begins from it changes its rules at the same height."""
    decided(city)
    while city.height < taken_at:
        city.sell()
    height, root = city.root()
    city.ledger.close()
    compose.write_ledger_snapshot(city.path, tmp_path / "snapshot")
    compose.restore_ledger_snapshot(
        tmp_path / "snapshot", tmp_path / "copy", ledger=city.ledger.id, state_root=root
    )
    city.path = tmp_path / "copy"
    city.reopen()
    assert (height, root) == city.root()
    fees = dict(city.sell() for _ in range(HEIGHT + 1 - height))
    assert {n: FEE if n < HEIGHT else 2 * NEW_FEE for n in fees} == fees


def test_views_are_of_the_mind_of_the_next_block(city: City) -> None:
    """What is planned is shown before it holds."""
    decided(city)
    plan = city.ledger.ask(ShowPlan("till"))
    assert isinstance(plan, PlanView)
    assert [1, 2] == [each.version for each in plan.releases]
    assert [HEIGHT] == [each.height for each in plan.settings]


def test_software_that_lacks_a_version_refuses_it_and_goes_on(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is recorded, so software that has it meets every root of what was written."""
    old = tuple(each for each in CONTRACTS if each is not TILL_2)
    monkeypatch.setattr(compose, "CONTRACTS", old)
    city.reopen()
    height = city.height
    with pytest.raises(VersionIsLacking, match="till version 2"):
        city.enact(resolution(SetVersion("till", 2), height=HEIGHT))
    assert height + 1 == city.height
    assert FEE == city.sell()[1]
    monkeypatch.setattr(compose, "CONTRACTS", CONTRACTS)
    city.reopen(forgetting=True)
    city.enact(resolution(SetVersion("till", 2), height=HEIGHT))
    city.sell()
    assert (HEIGHT, 2 * FEE) == city.sell()


def test_old_software_stops_at_the_height(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    It says what it lacks, and newer software goes on from the same files.

    If it has to replay, it stops at the proposal: it cannot say whether that was accepted.
    """
    decided(city)
    while city.height < HEIGHT - 1:
        city.sell()
    city.ledger.close()
    old = tuple(each for each in CONTRACTS if each is not TILL_2)
    monkeypatch.setattr(compose, "CONTRACTS", old)
    city.reopen()
    with pytest.raises(Unavailable, match="install one that does"):
        city.sell()
    with pytest.raises(Damaged, match=r"block 2: .* install one that does"):
        city.reopen(forgetting=True)
    monkeypatch.setattr(compose, "CONTRACTS", CONTRACTS)
    city.reopen()
    assert (HEIGHT, 2 * NEW_FEE) == city.sell()
