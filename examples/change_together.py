"""
A car and its licence plate stand on two ledgers and change owner together.

You learn how ledgers recognise each other by their checkpoint keys, and how one call changes things
on both, or on neither.

    python examples/change_together.py
"""

import tempfile
from pathlib import Path
from typing import NamedTuple

from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.client.foreign import trust_of
from tallystick.client.ledger import Ledger
from tallystick.client.wallet import Wallet
from tallystick.compose import create_ledger, open_wallet
from tallystick.contracts.exchange.model import Part
from tallystick.contracts.identity.commands import Recognise
from tallystick.contracts.identity.model import Role
from tallystick.contracts.title.commands import Register
from tallystick.contracts.title.model import title_id
from tallystick.contracts.title.views import ShowTitle, TitleView
from tallystick.coordination.coordinator import change_together
from tallystick.coordination.wallets import Wallets
from tallystick.core.holding import WHOLE

MINUTE_MILLISECONDS = 60_000


class Thing(NamedTuple):
    """Something on a ledger, and who sells it to whom there."""

    title: RecordId
    seller: PublicKey
    buyer: PublicKey


def main() -> None:
    """Sell a car with its plate."""
    with tempfile.TemporaryDirectory() as folder:
        places = Path(folder) / "cars", Path(folder) / "plates"
        with found(places[0]) as cars, found(places[1]) as plates:
            wallets = {
                ledger.id: open_wallet(place, ledger.id)
                for ledger, place in ((cars, places[0]), (plates, places[1]))
            }
            # Each believes the other by its checkpoint key; with witnesses there would be more.
            for here, there in ((cars, plates), (plates, cars)):
                registrar = wallets[here.id].role_key(Role.REGISTRAR)
                here.send(Recognise(trust_of(there)), wallet=wallets[here.id], keys=[registrar])

            car = register(cars, wallets[cars.id], "car", "beetle 1")
            plate = register(plates, wallets[plates.id], "plate", "ABC 123")

            # Both are held, one ledger decides, and each changes on a proof that it checks itself.
            ended = change_together(
                {cars.id: cars, plates.id: plates},
                [
                    Part(cars.id, "title", car.title, car.seller, WHOLE, car.buyer),
                    Part(plates.id, "title", plate.title, plate.seller, WHOLE, plate.buyer),
                ],
                deciding=cars.id,
                lasting=MINUTE_MILLISECONDS,
                signer=Wallets(wallets),
            )
            print(f"the change was {ended.outcome.value}")
            print(f"the car is {owner(cars, car)}'s, the plate is {owner(plates, plate)}'s")


def found(place: Path) -> Ledger:
    """Found a ledger in a folder of that name."""
    return create_ledger(place, name=place.name, sectors=["valley"], interval_seconds=[3_600])


def register(ledger: Ledger, wallet: Wallet, kind: str, name: str) -> Thing:
    """Register something of Anna's. Its registrar signs, and she does."""
    anna, ben = wallet.next_receive_key(), wallet.next_receive_key()
    registrar = wallet.role_key(Role.TITLE_REGISTRAR)
    command = Register(kind, name, anna, attributes=(), depends_on=None)
    ledger.send(command, wallet=wallet, keys=[registrar, anna])
    return Thing(title_id(kind, name), anna, ben)


def owner(ledger: Ledger, thing: Thing) -> str:
    """Say whose something is."""
    view = ledger.ask(ShowTitle(thing.title))
    assert isinstance(view, TitleView)
    return {thing.seller: "Anna", thing.buyer: "Ben"}[view.owner]


if __name__ == "__main__":
    main()
