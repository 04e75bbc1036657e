"""
Follow a ledger and fold its events into a table of your own.

You learn that blocks carry events, what they look like, and that a reader who remembers the next
height can stop and go on at any time. What an index in SQL does is this, with more tables.

    python examples/follow_events.py
"""

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, Union

from tallystick import open_ledger
from tallystick.base.encoding import Decoder
from tallystick.base.intervals import format_time, parse_time
from tallystick.client.ledger import Ledger
from tallystick.compose import open_wallet
from tallystick.contracts import CONTRACTS
from tallystick.contracts.certificate.commands import Issue
from tallystick.contracts.certificate.events import CertificateIssued
from tallystick.contracts.identity.model import Role
from tallystick.contracts.measurement.commands import Publish
from tallystick.contracts.measurement.events import MeasurementPublished
from tallystick.contracts.measurement.model import Kind, Quality, measurement_id

QUARTER = 900
NOON = parse_time("2025-06-21T12:00:00Z")
KINDS = tuple(kind for contract in CONTRACTS for kind in contract.events)
EVENTS: Decoder[Any] = Decoder(Union[KINDS])  # noqa: UP007 - known only when this runs.

Table = dict[int, Counter[str]]


def fold(table: Table, event: object) -> None:
    """Add what an event says to the row of its quarter hour; pass over what we don't count."""
    match event:
        case MeasurementPublished(begin=begin, kind=kind, amount=amount):
            table.setdefault(begin, Counter())[kind.value] += amount
        case CertificateIssued(begin=begin, amount_wh=amount_wh):
            table.setdefault(begin, Counter())["certified"] += amount_wh


def follow(ledger: Ledger, table: Table, height: int) -> int:
    """Fold every block from a height on, and return the height to go on from."""
    for block in ledger.follow(height):
        for _, event in block.events:
            fold(table, EVENTS.decode(event))
        height = block.header.height + 1
    return height


def main() -> None:
    """Publish some readings, follow, publish more, and go on where we were."""
    table: Table = {}
    height = 0
    with tempfile.TemporaryDirectory() as folder, open_ledger(Path(folder)) as ledger:
        wallet = open_wallet(Path(folder), ledger.id)
        for n, kind in enumerate((Kind.PRODUCTION, Kind.CONSUMPTION, Kind.PRODUCTION)):
            begin, owner = NOON + n // 2 * QUARTER, wallet.next_receive_key()
            reading = Publish(
                owner, begin, begin + QUARTER, "village", kind, 250 + n, Quality.MEASURED
            )
            ledger.send(reading, wallet=wallet, keys=[wallet.role_key(Role.PUBLISHER)])
            if kind is Kind.PRODUCTION:
                solar = Issue(measurement_id(owner, begin), technology="T010000", fuel="F01040100")
                ledger.send(solar, wallet=wallet, keys=[wallet.role_key(Role.ISSUING_BODY)])
            height = follow(ledger, table, height)
    for begin, row in sorted(table.items()):
        print(format_time(begin), *(f"{name} {amount} Wh" for name, amount in row.items()))
    print(f"read up to height {height - 1}")


if __name__ == "__main__":
    main()
