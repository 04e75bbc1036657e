"""
Lose a wallet, and find everything again from its seed.

You learn what to keep: the seed, and for each meter the period of its readings. Every reading has a
key of its own, numbered by its minute, so a wallet must know where to look; it asks the ledger for
the rest. Keys to receive with are found without being told.

    python examples/recover_wallet.py
"""

import secrets
import tempfile
from pathlib import Path

from tallystick import open_ledger
from tallystick.base.identifiers import format_record_id
from tallystick.base.intervals import format_time, parse_time
from tallystick.client.recovery import measured_on, received_on
from tallystick.client.wallet import Wallet
from tallystick.compose import open_wallet
from tallystick.contracts.identity.model import Role
from tallystick.contracts.measurement.commands import Publish
from tallystick.contracts.measurement.model import Kind, Quality

QUARTER = 900
BEGIN = parse_time("2025-06-21T00:00:00Z")
DAY = 86_400
METER = 7


def main() -> None:
    """Make a wallet, let somebody publish for it, lose it, and recover it."""
    seed, passphrase = secrets.token_bytes(32), secrets.token_urlsafe()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "ledger"
        with open_ledger(place) as ledger:
            mine = Wallet.create(Path(folder) / "mine", passphrase, ledger=ledger.id, seed=seed)
            mine.record_meter(METER, begin=BEGIN, end=BEGIN + DAY, interval_seconds=QUARTER)
            begins = [BEGIN + n * QUARTER for n in (20, 48, 49)]

            # The publisher has a wallet of its own; it needs only the public keys of ours.
            publisher = open_wallet(place, ledger.id)
            for owner, begin in zip(mine.measurement_keys(METER, begins), begins, strict=True):
                reading = Publish(
                    owner,
                    begin,
                    begin + QUARTER,
                    "village",
                    Kind.CONSUMPTION,
                    120,
                    Quality.MEASURED,
                )
                ledger.send(reading, wallet=publisher, keys=[publisher.role_key(Role.PUBLISHER)])

            # The file is lost. The seed stood on a piece of paper, the meter's period on a bill.
            again = Wallet.create(Path(folder) / "again", passphrase, ledger=ledger.id, seed=seed)
            again.record_meter(METER, begin=BEGIN, end=BEGIN + DAY, interval_seconds=QUARTER)
            found = again.recover(measured=measured_on(ledger), received=received_on(ledger))

    print(f"found {len(found)} measurements among {DAY // QUARTER} quarter hours")
    for each in found:
        print(f"meter {each.meter}", format_time(each.begin), format_record_id(each.measurement))


if __name__ == "__main__":
    main()
