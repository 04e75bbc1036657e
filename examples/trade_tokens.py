"""
Mint tokens and money, open a market, and let two people trade.

You learn how classes of assets are defined, that both sides are funded before they meet, and that a
settlement moves goods and money in one act.

    python examples/trade_tokens.py
"""

import tempfile
from pathlib import Path
from typing import TypeVar

from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.client.ledger import Ledger
from tallystick.client.wallet import Wallet
from tallystick.compose import create_ledger, open_wallet
from tallystick.contracts.asset.commands import Define, Mint
from tallystick.contracts.asset.events import AssetDefined
from tallystick.contracts.asset.model import Burners, Kind
from tallystick.contracts.asset.views import BalanceView, ShowBalance
from tallystick.contracts.identity.model import Role
from tallystick.contracts.market.commands import Open, Place, Settle
from tallystick.contracts.market.events import MarketFilled, MarketOpened
from tallystick.contracts.market.model import (
    Counterparty,
    MarketRules,
    Product,
    Side,
    Subject,
    Tie,
    Trading,
)

DAY = 86_400
Event = TypeVar("Event", bound=Record)


def main() -> None:
    """Sell ten tokens for money."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "ledger"
        with create_ledger(
            place, name="valley", sectors=["valley"], interval_seconds=[3_600]
        ) as ledger:
            wallet = open_wallet(place, ledger.id)
            anna, ben = wallet.next_receive_key(), wallet.next_receive_key()
            euro = mint(ledger, wallet, "EUR", ben, 1_000)
            token = mint(ledger, wallet, "kWh", anna, 10)

            # A market states its rules once; a lot is one token, a price is in cents.
            tomorrow = (ledger.status().time // 1_000 // DAY + 1) * DAY
            opened = happened(
                ledger, wallet, Open("tokens", rules(euro, tomorrow)), MarketOpened, [OPERATOR]
            )

            # Anna asks 25 cents, Ben offers 30: they meet at hers, because it was there first.
            product = Product(token, tomorrow, tomorrow + DAY)
            offer = order(opened.market, product, Side.SELL, anna, level=25)
            ledger.send(offer, wallet=wallet, keys=[anna])
            bid = order(opened.market, product, Side.BUY, ben, level=30)
            filled = happened(ledger, wallet, bid, MarketFilled, [ben])

            # Goods against money, in one act; anybody may ask for it.
            ledger.send(Settle((filled.fill,)), wallet=wallet, keys=[ben])
            for name, owner in (("Anna", anna), ("Ben", ben)):
                cents, tokens = (balance(ledger, unit, owner) for unit in (euro, token))
                print(f"{name} has {cents} cents and {tokens} tokens")


OPERATOR = Role.MARKET_OPERATOR


def mint(ledger: Ledger, wallet: Wallet, name: str, owner: PublicKey, amount: int) -> RecordId:
    """Define a class of assets, mint some of it to an owner, and return its id."""
    issuer = wallet.role_key(Role.ASSET_ISSUER)
    define = Define(
        name=name,
        unit=name,
        scale=0,
        kind=Kind.FUNGIBLE,
        issuers=(issuer,),
        supply_cap=0,
        last_mint_at=0,
        transferable=True,
        burners=Burners.OWNER,
    )
    asset = happened(ledger, wallet, define, AssetDefined, [Role.ASSET_ISSUER]).asset
    ledger.send(
        Mint(asset, owner, amount, evidence="", project="", nonce=0, claim=None),
        wallet=wallet,
        keys=[issuer],
    )
    return asset


def rules(euro: RecordId, begin: int) -> MarketRules:
    """Return the rules of a market of tokens in which orders meet on arrival."""
    return MarketRules(
        subject=Subject.HOLDING,
        sector="",
        goods="asset",
        money=euro,
        trading=Trading.CONTINUOUS,
        tie=Tie.TIME,
        counterparty=Counterparty.NAMED,
        quantum=1,
        price_min=0,
        tick=1,
        levels=100,
        feed_in_floor=0,
        lengths=(DAY,),
        gate_closure=0,
        settlement_delay=0,
        shortfall_price=0,
        excess_price=0,
        collateral=0,
        claims=False,
        members_only=False,
        charges=(),
        periods=(begin - DAY, begin + 30 * DAY),
    )


def order(market: RecordId, product: Product, side: Side, owner: PublicKey, *, level: int) -> Place:
    """Return an order for ten lots."""
    return Place(
        market=market,
        product=product,
        side=side,
        owner=owner,
        level=level,
        lots=10,
        least=0,
        valid_until=0,
        device=None,
        meters=(),
        partner=None,
    )


def happened(
    ledger: Ledger,
    wallet: Wallet,
    command: Record,
    kind: type[Event],
    signers: list[Role] | list[PublicKey],
) -> Event:
    """Send a command and return the event that says what came of it."""
    keys = [wallet.role_key(each) if isinstance(each, Role) else each for each in signers]
    receipt = ledger.send(command, wallet=wallet, keys=keys)
    return next(each for each in ledger.events(receipt) if isinstance(each, kind))


def balance(ledger: Ledger, unit: RecordId, owner: PublicKey) -> int:
    """Return what an owner may spend."""
    view = ledger.ask(ShowBalance(unit, owner))
    assert isinstance(view, BalanceView)
    return view.spendable


if __name__ == "__main__":
    main()
