"""Rates of the embedded ledger: durable, proven, signed by everybody whose right is used."""

import statistics
import time
from collections.abc import Iterator

from bench import workload
from bench.result import Result, at_least
from bench.workload import Owner
from bench.yardstick import Yardstick
from tallystick.client.ledger import Ledger
from tallystick.contracts.certificate.commands import Split, SplitPart
from tallystick.contracts.certificate.model import SPLIT, child_id
from tallystick.contracts.measurement.model import Kind

TRANSFERS = 20_000
ROUNDS = 3
OWNERS = 20_000
CLAIMS_A_HOME = 20
CLAIMS = 20_000


def transfers(raw: Yardstick) -> Iterator[Result]:
    """Measure individually signed certificate transfers."""
    rates, yardsticks = [], []
    with workload.bench_ledger() as ledger:
        for turn in range(ROUNDS):
            owners = [Owner(b"owner", turn * TRANSFERS + n) for n in range(TRANSFERS)]
            workload.put(ledger, workload.publications(ledger, owners, Kind.PRODUCTION, 1_000))
            receivers = [Owner(b"receiver", turn * TRANSFERS + n) for n in range(TRANSFERS)]
            batch = workload.transfers(ledger, owners, receivers)
            before = raw.checks_per_second()
            began = time.perf_counter()
            workload.put(ledger, batch)
            rates.append(len(batch) / (time.perf_counter() - began))
            yardsticks.append((before + raw.checks_per_second()) / 2)
    yield at_least(
        "individually signed transfers",
        statistics.median(rates),
        "1/s",
        statistics.median(yardsticks),
        must=0.5,
        aim=0.8,
    )


def publish_and_issue(raw: Yardstick) -> Iterator[Result]:
    """Measure publishing and issuing, a thousand commands a transaction."""
    rates, yardsticks = [], []
    with workload.bench_ledger() as ledger:
        for turn in range(ROUNDS):
            owners = [Owner(b"issue", turn * OWNERS + n) for n in range(OWNERS)]
            batch = workload.publications(ledger, owners, Kind.PRODUCTION, 1_000)
            before = raw.checks_per_second()
            began = time.perf_counter()
            workload.put(ledger, batch)
            rates.append(2 * OWNERS / (time.perf_counter() - began))
            yardsticks.append((before + raw.checks_per_second()) / 2)
    yield at_least(
        "publish + issue commands",
        statistics.median(rates),
        "1/s",
        statistics.median(yardsticks),
        must=1.0,
        aim=2.0,
    )


def claims(raw: Yardstick) -> Iterator[Result]:
    """Measure claims, a home's in one transaction."""
    rates, yardsticks = [], []
    with workload.bench_ledger() as ledger:
        for turn in range(ROUNDS):
            batch = _prepare_claims(ledger, turn)
            before = raw.checks_per_second()
            began = time.perf_counter()
            workload.put(ledger, batch)
            rates.append(CLAIMS / (time.perf_counter() - began))
            yardsticks.append((before + raw.checks_per_second()) / 2)
    yield at_least(
        f"claims, {CLAIMS_A_HOME} a transaction",
        statistics.median(rates),
        "1/s",
        statistics.median(yardsticks),
        must=0.35,
        aim=0.6,
    )


def _prepare_claims(ledger: Ledger, turn: int) -> list[bytes]:
    """Publish production and consumption, split the one for the other, and sign the claims."""
    count = CLAIMS // CLAIMS_A_HOME
    plants = [Owner(b"plant", turn * count + n) for n in range(count)]
    homes = [Owner(b"home", turn * count + n) for n in range(count)]
    workload.put(ledger, workload.publications(ledger, plants, Kind.PRODUCTION, 20_000))
    workload.put(ledger, workload.publications(ledger, homes, Kind.CONSUMPTION, 20_000))
    splits, batch = [], []
    for plant, home in zip(plants, homes, strict=True):
        parts = tuple(SplitPart(20_000 // CLAIMS_A_HOME, home.key) for _ in range(CLAIMS_A_HOME))
        split = Split(plant.measurement, parts, None)
        splits.append(workload.sign(ledger, [split], plant.secret, plant.key))
        children = [child_id(plant.measurement, SPLIT, n) for n in range(CLAIMS_A_HOME)]
        batch.append(workload.claims(ledger, children, home))
    workload.put(ledger, splits)
    return batch
