"""Rates of minting on the embedded ledger, durable and signed."""

import statistics
import time
from collections.abc import Iterator

from bench import market_workload as workload
from bench.result import Result, at_least
from bench.yardstick import Yardstick
from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts.asset.commands import Mint
from tallystick.contracts.asset.model import Kind

MINTS = 20_000
ROUNDS = 3


def serial(raw: Yardstick) -> Iterator[Result]:
    """Measure tokens minted for readings, each a series of its own."""
    yield from _mints(raw, Kind.SERIAL, "each reading a series and an account of its own")


def fungible(raw: Yardstick) -> Iterator[Result]:
    """Measure units of one class minted for evidence."""
    yield from _mints(raw, Kind.FUNGIBLE, "each reading remembered, one account for each owner")


def _mints(raw: Yardstick, kind: Kind, note: str) -> Iterator[Result]:
    """Measure mints, each for a reading that was never seen before."""
    rates, yardsticks = [], []
    with workload.village() as village:
        asset = workload.define(village.ledger, "reading", kind=kind)
        for turn in range(ROUNDS):
            batch = workload.signed(village.ledger, _commands(village, asset, turn))
            before = raw.checks_per_second()
            began = time.perf_counter()
            village.ledger.submit_all(batch)
            rates.append(MINTS / (time.perf_counter() - began))
            yardsticks.append((before + raw.checks_per_second()) / 2)
    result = at_least(
        f"{kind.value} mints, 1,000 a transaction",
        statistics.median(rates),
        "1/s",
        statistics.median(yardsticks),
        must=0.5,
        aim=1.0,
    )
    yield result.noted(f"{MINTS:,} readings of {workload.ACCOUNTS} owners; {note}")


def _commands(village: workload.Village, asset: RecordId, turn: int) -> list[Record]:
    """Return mints for readings of a turn."""
    people = village.people
    return [
        Mint(
            asset,
            people[n % len(people)].key,
            1_000 + n % 500,
            f"reading-{turn:02}-{n:08}",
            "aegis",
            n,
            None,
        )
        for n in range(MINTS)
    ]
