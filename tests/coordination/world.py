"""Two embedded ledgers that recognise each other, where people own goods and money."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from tallystick.base.identifiers import LedgerId, RecordId
from tallystick.base.notes import TYPE_COSIGNATURE, Signer
from tallystick.client.foreign import anchor_command, trust_of
from tallystick.client.genesis import usual_genesis
from tallystick.client.ledger import Ledger
from tallystick.compose import open_ledger
from tallystick.contracts.asset.commands import Define, Mint
from tallystick.contracts.asset.events import AssetDefined
from tallystick.contracts.asset.model import AssetParameters, Burners, Kind
from tallystick.contracts.asset.views import ShowBalance
from tallystick.contracts.exchange.model import ExchangeParameters, Part
from tallystick.contracts.identity.commands import Recognise
from tallystick.contracts.identity.model import EVERYWHERE, Founder, Role
from tallystick.contracts.title.model import Seed, TitleParameters, title_id
from tallystick.contracts.title.views import ShowTitle, TitleView
from tallystick.coordination.witness import Witness
from tallystick.core.holding import WHOLE, holding_id
from tallystick.testing.keys import key, secret

BEGIN: Final = 1_467_374_400_000
OPERATOR: Final = 1
ANNA: Final = 11
BERT: Final = 12
CLARA: Final = 13
PLENTY: Final = 1_000
MINUTE: Final = 60_000
HEIRLOOM: Final = title_id("heirloom", "ring")
"""On every ledger there is one, Anna's at first."""


class Clock:
    """A clock that stands still until it is moved; one for each ledger."""

    def __init__(self) -> None:
        self.time = BEGIN

    def __call__(self) -> int:
        """Return the time. [ms since the epoch, UTC]"""
        return self.time

    def move(self, milliseconds: int) -> None:
        """Let time pass."""
        self.time += milliseconds


class World:
    """
    Ledgers by id and in order.

    Each has one class of assets of which everybody has plenty, and one thing that is Anna's.
    """

    def __init__(self, folder: Path, stack: ExitStack, *, count: int, witnesses: int) -> None:
        self.clock = Clock()
        self.folder = folder
        self.witnesses = [
            Witness(
                folder / f"witness-{n}",
                Signer(f"witness-{n}", bytes(31) + bytes([n + 1]), TYPE_COSIGNATURE),
            )
            for n in range(witnesses)
        ]
        made = [stack.enter_context(self._open(n)) for n in range(count)]
        self.list: list[Ledger] = sorted(made, key=lambda ledger: ledger.id)
        self.ledgers: dict[LedgerId, Ledger] = {ledger.id: ledger for ledger in self.list}
        self.units: dict[LedgerId, RecordId] = {}
        for ledger in self.list:
            self._furnish(ledger)
        for ledger in self.list:
            for other in self.list:
                if other is not ledger:
                    ledger.send(Recognise(trust_of(other)), [secret(OPERATOR)])

    def anchor(self) -> None:
        """Let every ledger remember what the others' logs are now."""
        for ledger in self.list:
            for other in self.list:
                if other is not ledger:
                    ledger.send(anchor_command(ledger, other), [secret(OPERATOR)])

    def part(self, n: int, source: int, target: int, amount: int = 10) -> Part:
        """Return a part by which somebody gives an amount, or the thing as a whole if it is 0."""
        ledger = self.list[n]
        if amount == WHOLE:
            return Part(ledger.id, "title", HEIRLOOM, key(source), WHOLE, key(target))
        return Part(
            ledger=ledger.id,
            contract="asset",
            holding=holding_id(self.units[ledger.id], key(source)),
            owner=key(source),
            amount=amount,
            target=key(target),
        )

    def balance(self, n: int, owner: int) -> tuple[int, int]:
        """Return what somebody may spend on the n-th ledger, and what is locked."""
        ledger = self.list[n]
        found = ledger.ask(ShowBalance(self.units[ledger.id], key(owner)))
        return found.spendable, found.locked  # type: ignore[attr-defined]

    def heirloom(self, n: int) -> TitleView:
        """Return the thing of which there is one on the n-th ledger."""
        found = self.list[n].ask(ShowTitle(HEIRLOOM))
        assert isinstance(found, TitleView)
        return found

    def owns(self, who: int) -> list[bool]:
        """Tell on which ledgers the thing is somebody's."""
        return [self.heirloom(n).owner == key(who) for n in range(len(self.list))]

    def spendable(self, owner: int) -> list[int]:
        """Return what somebody may spend on each ledger."""
        return [self.balance(n, owner)[0] for n in range(len(self.list))]

    def locked(self) -> int:
        """Return how much is locked in all, on every ledger, with the things."""
        people, places = (ANNA, BERT, CLARA), range(len(self.list))
        things = sum(self.heirloom(n).lock is not None for n in places)
        return things + sum(self.balance(n, who)[1] for n in places for who in people)

    def _open(self, n: int) -> Ledger:
        """Found a ledger."""
        operator = key(OPERATOR)
        genesis = usual_genesis(
            f"side-{n}",
            time=BEGIN - MINUTE,
            salt=bytes([n]) * 32,
            registrar=operator,
            issuing_body=operator,
            publisher=operator,
            sectors=("village",),
            founders=[Founder(operator, Role.ASSET_ISSUER, EVERYWHERE)],
            more={
                "asset": AssetParameters(),
                "exchange": ExchangeParameters(),
                "title": TitleParameters(titles=(Seed("heirloom", "ring", key(ANNA), ()),)),
            },
        )
        return open_ledger(self.folder / f"side-{n}", genesis=genesis, clock=self.clock)

    def _furnish(self, ledger: Ledger) -> None:
        """Define a class and give everybody plenty of it."""
        for witness in self.witnesses:
            witness.watch(ledger.id, ledger.status().checkpoint_key)
        ledger.witnesses = tuple(self.witnesses)
        receipt = ledger.send(
            Define(
                name="token",
                unit="unit",
                scale=0,
                kind=Kind.FUNGIBLE,
                issuers=(key(OPERATOR),),
                supply_cap=0,
                last_mint_at=0,
                transferable=True,
                burners=Burners.ISSUER,
            ),
            [secret(OPERATOR)],
        )
        defined = next(e for e in ledger.events(receipt) if isinstance(e, AssetDefined))
        self.units[ledger.id] = defined.asset
        mints = [Mint(defined.asset, key(n), PLENTY, "", "", 0, None) for n in (ANNA, BERT, CLARA)]
        ledger.send(mints, [secret(OPERATOR)])


@contextmanager
def world(folder: Path, *, count: int = 2, witnesses: int = 1) -> Iterator[World]:
    """Open ledgers that recognise each other."""
    with ExitStack() as stack:
        made = World(folder, stack, count=count, witnesses=witnesses)
        yield made
        for witness in made.witnesses:
            witness.close()


def secrets_of(*people: int) -> Sequence[bytes]:
    """Return the secrets of some people."""
    return [secret(n) for n in people]
