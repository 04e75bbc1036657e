"""
A house in which allowances are traded: goods that end at a deadline, in accounts that must exist.

The vintage may be used until `DEADLINE`; then a share of it is banked and the rest ends, also where
it is locked, once anybody asks for it. Everybody who is named gets an account and `ALLOWANCES`.
"""

from collections.abc import Iterable
from typing import Any, Final

from msgspec.structs import replace

from tallystick.base.identifiers import Hash, LockId, PublicKey, RecordId
from tallystick.contracts import allowance
from tallystick.contracts.allowance.blocks import take
from tallystick.contracts.allowance.commands import (
    Allocate,
    Apply,
    CarryOver,
    CloseAccount,
    Decide,
    OpenAccount,
    OpenProgramme,
    SetBaseline,
    Transfer,
)
from tallystick.contracts.allowance.events import ProgrammeOpened, UnitApplied
from tallystick.contracts.allowance.formula import Formula, TypeRate
from tallystick.contracts.allowance.holdings import (
    BLOCKS_HELD_MAX,
    Block,
    Holding,
    LockedBlocks,
    amount_of,
)
from tallystick.contracts.allowance.ids import account_id, locked_id, vintage_id
from tallystick.contracts.allowance.model import (
    AccountKind,
    AllowanceParameters,
    Facts,
    PeriodTimes,
    Terms,
)
from tallystick.contracts.identity.model import Founder, Role
from tallystick.core.holding import holding_id
from tallystick.testing.keys import key
from tests.contracts.market import house as houses
from tests.contracts.market.house import DAY, MIDNIGHT

DIRECTOR, REGISTRY, PLANT, CHIMNEY, BOILER = range(501, 506)
"""Numbers of the keys of those who have to do with the programme."""

ZONE: Final = "north"
ALLOWANCES: Final = 1_000
"""What everybody has who has an account. [allowances]"""

DEADLINE: Final = MIDNIGHT + 6 * DAY
"""From then on the vintage is good only as far as it is banked. [s since the epoch, UTC]"""

TERMS: Final = Terms(
    name="NOx",
    pollutant="NOx",
    unit_grams=1_000,
    zones=(ZONE,),
    periods=(
        PeriodTimes(MIDNIGHT, MIDNIGHT + 5 * DAY, DEADLINE),
        PeriodTimes(MIDNIGHT + 5 * DAY, MIDNIGHT + 40 * DAY, MIDNIGHT + 90 * DAY),
    ),
    formula=Formula(types=(TypeRate("coal", 2_000),)),
)


class Registry:
    """A house with a programme, and what tests do to it again and again."""

    def __init__(self, accounts: Iterable[int], **changes: Any) -> None:
        self.house = houses.open_house(
            more=[(allowance.CONTRACT, AllowanceParameters())],
            founders=[
                Founder(key=key(DIRECTOR), role=Role.DIRECTOR, scope="*"),
                Founder(key=key(REGISTRY), role=Role.REGISTRY_OPERATOR, scope="*"),
            ],
        )
        houses.do(self.house, OpenProgramme(replace(TERMS, **changes)), DIRECTOR)
        self.programme = houses.last(self.house, ProgrammeOpened).programme
        self.vintage = vintage_id(programme=self.programme, zone=ZONE, period=0)
        self.open_account(PLANT, AccountKind.COMPLIANCE)
        facts = Facts(size_mw=50, type="coal", postcode="2000")
        apply = Apply(self.programme, ZONE, key(PLANT), facts, (key(CHIMNEY),), (key(BOILER),))
        houses.do(self.house, apply, PLANT, CHIMNEY, BOILER)
        unit = houses.last(self.house, UnitApplied).unit
        houses.do(
            self.house,
            [Decide(unit, True, 0, ""), SetBaseline(unit, 0, 2_000, 10_000, ""), Allocate(unit, 0)],  # noqa: FBT003 - as in the record.
            DIRECTOR,
        )
        for owner in accounts:
            self.open_account(owner)
            self.give(owner, ALLOWANCES)

    def open_account(self, owner: int, kind: AccountKind = AccountKind.TRADING) -> None:
        """Let somebody have an account."""
        command = OpenAccount(self.programme, ZONE, key(owner), kind, Hash(b"\1" * 32))
        houses.do(self.house, command, REGISTRY, owner)

    def close_account(self, owner: int) -> None:
        """Let somebody, who has nothing left there, have no account any more."""
        id = account_id(programme=self.programme, zone=ZONE, key=key(owner))
        houses.do(self.house, CloseAccount(id), REGISTRY)

    def give(self, owner: int | PublicKey, amount: int, *, source: int = PLANT) -> None:
        """Transfer allowances to somebody."""
        target = key(owner) if isinstance(owner, int) else owner
        houses.do(
            self.house, Transfer(self.programme, ZONE, 0, key(source), target, amount), source
        )

    def leave(self, vault: PublicKey, amount: int) -> None:
        """
        Let allowances of the plant's, the lowest numbers, lie in a vault.

        They are planted: it would take a contract to bring it about.
        """
        found = self.house.trial.read(Holding, self.holding(PLANT))
        assert found is not None
        taken, rest = take(found.blocks, amount)
        self.house.trial.plant(self.holding(PLANT), replace(found, blocks=rest))
        self.house.trial.plant(self.holding(vault), replace(found, owner=vault, blocks=taken))

    def holding(self, owner: int | PublicKey) -> RecordId:
        """Return the id of somebody's holding."""
        return holding_id(self.vintage, key(owner) if isinstance(owner, int) else owner)

    def held(self, owner: int | PublicKey) -> int:
        """Return what somebody holds and may dispose of. [allowances]"""
        found = self.house.trial.read(Holding, self.holding(owner))
        return 0 if found is None else amount_of(found.blocks)

    def locked(self, owner: int, order: RecordId) -> int:
        """Return what is locked for somebody's order. [allowances]"""
        found = self.house.trial.read(LockedBlocks, self.lock(owner, order))
        return 0 if found is None else amount_of(found.blocks)

    def lock(self, owner: int, order: RecordId) -> RecordId:
        """Return the id of what is locked for somebody's order."""
        lock_id = LockId(Hash(order))
        return locked_id(holding=self.holding(owner), holder="market", lock_id=lock_id)

    def carry_over(self, id: RecordId) -> None:
        """Let what is not banked of a holding, or a lock, end."""
        houses.do(self.house, CarryOver(id), houses.STRANGER)

    def scatter(self, owner: int | PublicKey, blocks: int = BLOCKS_HELD_MAX) -> None:
        """
        Give somebody so many numbers of the plant's of which no two touch.

        They are planted, with those between them in somebody else's hands: it would take as many
        transfers to bring it about.
        """
        found = self.house.trial.read(Holding, self.holding(PLANT))
        assert found is not None
        ((first, last),) = ((each.first, each.last) for each in found.blocks)
        begin = last - 2 * blocks + 1
        numbers = [Block(number, number) for number in range(begin, last + 1)]
        plant = self.house.trial.plant
        plant(self.holding(PLANT), replace(found, blocks=(Block(first, begin - 1),)))
        for target, taken in ((owner, numbers[::2]), (BOILER, numbers[1::2])):
            target_key = key(target) if isinstance(target, int) else target
            before = self.house.trial.read(Holding, self.holding(target))
            held = () if before is None else before.blocks
            planted = replace(found, owner=target_key, blocks=(*held, *taken))
            plant(self.holding(target), planted)
