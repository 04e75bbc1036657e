"""What is sent to a community's ledger, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.client.ledger import Ledger, TransactionRejected
from tallystick.contracts.asset.commands import Mint
from tallystick.contracts.asset.events import AssetDefined
from tallystick.contracts.asset.views import BalanceView, ShowBalance
from tallystick.core.errors import Rejected

from .communities_cast import MONEY, Cast, Key
from .communities_terms import SCALE, define

AnyRecord = TypeVar("AnyRecord", bound=Record)
NOTHING = RecordId(bytes(32))
"""An id under which nothing stands yet."""


@dataclass
class Desk:
    """One community's ledger, a block for each thing that is sent."""

    name: str
    """The community's."""
    ledger: Ledger
    """Its ledger."""
    cast: Cast
    """Everybody's keys."""
    money: RecordId = NOTHING
    """In what is paid there."""
    minted: dict[RecordId, int] = field(default_factory=dict)
    """How much was made of each class."""
    refused: dict[str, bool] = field(default_factory=dict)
    """For each thing that was tried and must not be, whether it was refused for its reason."""

    @property
    def height(self) -> int:
        """Return the number of the latest block."""
        return self.ledger.status().height

    def office(self, name: str) -> Key:
        """Return the key of somebody who holds a role in the community."""
        return self.cast.office(self.name, name)

    def define_money(self) -> None:
        """Make the community's money."""
        mint = self.office("mint")
        self.money = self.define(MONEY, "EUR", scale=SCALE, mint=mint)

    def define(self, name: str, unit: str, *, scale: int, mint: Key) -> RecordId:
        """Define a class, and return its id."""
        events = self.send(define(name, unit, scale=scale, issuer=mint.public), mint)
        return one(events, AssetDefined).asset

    def mint(self, asset: RecordId, owner: Key, amount: int, *, evidence: str = "") -> None:
        """Make some of a class for somebody."""
        self.send(
            Mint(asset, owner.public, amount, evidence, self.name, 0, None), self.office("mint")
        )
        self.minted[asset] = self.minted.get(asset, 0) + amount

    def send(self, command: Record | Sequence[Record], *keys: Key) -> list[Record]:
        """Send what some keys sign, and return what it brought about."""
        secrets = {key.public: key.secret for key in keys}
        receipt = self.ledger.send(command, [secrets[each] for each in sorted(secrets)])
        return self.ledger.events(receipt)

    def refuse(self, what: str, reason: type[Rejected], command: Record, *keys: Key) -> None:
        """Note whether something is refused for the reason for which it should be."""
        self.refused[what] = False
        try:
            self.send(command, *keys)
        except TransactionRejected as rejected:
            refusal = rejected.contract, rejected.code
            self.refused[what] = refusal == (reason.contract, reason.code)

    def spendable(self, unit: RecordId, owner: Key) -> int:
        """Return what somebody may spend of a class."""
        view = self.ledger.ask(ShowBalance(unit, owner.public))
        if not isinstance(view, BalanceView):
            raise TypeError(f"ShowBalance is answered with a {type(view).__name__}")
        return view.spendable


def one(events: Sequence[Record], kind: type[AnyRecord]) -> AnyRecord:
    """Return the event of a kind that a command reported."""
    return next(each for each in events if isinstance(each, kind))
