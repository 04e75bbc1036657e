"""The ledgers with which every model of a joint change begins, and the changes that are wanted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from tallystick.base.encoding import Record
from tallystick.base.identifiers import LedgerId, RecordId
from tallystick.contracts import asset, exchange, identity, title
from tallystick.contracts.asset.commands import Define, Mint
from tallystick.contracts.asset.events import AssetDefined
from tallystick.contracts.asset.model import AssetParameters, Burners, Kind
from tallystick.contracts.exchange.model import SALT_BYTES, Change, ExchangeParameters, Part
from tallystick.contracts.identity.model import EVERYWHERE, Founder, IdentityParameters, Role
from tallystick.contracts.title.model import Seed, TitleParameters, title_id
from tallystick.core.holding import WHOLE, holding_id
from tallystick.testing.foreign import Neighbour
from tallystick.testing.keys import key
from tallystick.testing.tables import accepted, genesis_of

REGISTRAR, ISSUER, SELLER, BUYER, RIVAL, STRANGER = 1, 2, 3, 4, 5, 6
BEGIN: Final = 1_700_000_000_000
DEADLINE: Final = BEGIN + 60_000
FUNDS, PRICE = 3, 2
CAR: Final = title_id("car", "1")

Rules = Mapping[type[Record], Callable[..., None]]
"""Rules with which some of the contract's own are replaced."""


class Wish(NamedTuple):
    """A change that somebody wants: everything of the seller's goes to a buyer."""

    target: int
    """Who is to have it."""

    deciding: int = 0
    """The ledger that decides."""

    only_held: frozenset[int] = frozenset()
    """The ledgers whose parts stay the seller's, and are only held meanwhile."""


def found(name: str, rules: Rules) -> Neighbour:
    """Found a ledger on which the seller has a car, with some rules of exchange replaced."""
    commands = {**exchange.CONTRACT.commands, **rules}
    changed = replace(exchange.CONTRACT, commands=commands)
    contracts = (identity.CONTRACT, asset.CONTRACT, changed, title.CONTRACT)
    parameters = (
        IdentityParameters(
            (
                Founder(key(REGISTRAR), Role.REGISTRAR, EVERYWHERE),
                Founder(key(ISSUER), Role.ASSET_ISSUER, EVERYWHERE),
            )
        ),
        AssetParameters(),
        ExchangeParameters(),
        TitleParameters(titles=(Seed("car", "1", key(SELLER), ()),)),
    )
    return Neighbour(contracts, genesis_of(contracts, parameters, time=BEGIN, name=name))


def fund(side: Neighbour, who: int = SELLER) -> RecordId:
    """Define money, and give somebody some."""
    define = Define(
        name="crown",
        unit="CZK",
        scale=2,
        kind=Kind.FUNGIBLE,
        issuers=(key(ISSUER),),
        supply_cap=0,
        last_mint_at=0,
        transferable=True,
        burners=Burners.ISSUER,
    )
    must(side, define, ISSUER)
    defined = side.events[-1]
    assert isinstance(defined, AssetDefined)
    unit = defined.asset
    mint = Mint(
        asset=unit,
        owner=key(who),
        amount=FUNDS,
        evidence="",
        project="",
        nonce=0,
        claim=None,
    )
    must(side, mint, ISSUER)
    return unit


def must(side: Neighbour, command: Record, signer: int) -> None:
    """Do what is not in question."""
    verdict = side.execute(command, signers=[signer])
    if verdict != accepted:
        raise AssertionError(side.message)


def wanted(
    ledgers: Sequence[LedgerId],
    things: Sequence[str],
    units: Sequence[RecordId],
    wish: Wish,
    salt: int,
) -> Change:
    """Return the change that somebody wishes for."""
    owner = key(SELLER)
    parts = []
    for n, (ledger, thing, unit) in enumerate(zip(ledgers, things, units, strict=True)):
        if thing:
            contract, holding, amount = place_of(thing, unit)
            target = owner if n in wish.only_held else key(wish.target)
            parts.append(Part(ledger, contract, holding, owner, amount, target))
    return Change(ledgers[wish.deciding], DEADLINE, tuple(parts), bytes([salt]) * SALT_BYTES)


def place_of(thing: str, unit: RecordId) -> tuple[str, RecordId, int]:
    """Return where the seller's thing is kept, under which id, and how much of it is given."""
    if thing == "title":
        return "title", unit, WHOLE
    return "asset", holding_id(unit, key(SELLER)), PRICE
