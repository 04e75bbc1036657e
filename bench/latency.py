"""Commit latency: how long a hundred people wait for their receipts."""

import statistics
import threading
import time
from collections.abc import Iterator

from bench import workload
from bench.result import Result
from bench.workload import Owner
from bench.yardstick import Yardstick, fsync_milliseconds
from tallystick.client.ledger import Ledger
from tallystick.contracts.measurement.model import Kind

SUBMITTERS = 100
EACH = 60
P95_MUST_MILLISECONDS = 50.0
P95_AIM_RATIO = 3


def commit_latency(raw: Yardstick) -> Iterator[Result]:
    """Measure submit to durable receipt, with a hundred threads that each wait for theirs."""
    with workload.bench_ledger() as ledger:
        count = SUBMITTERS * EACH
        owners = [Owner(b"latency", n) for n in range(count)]
        receivers = [Owner(b"latency-receiver", n) for n in range(count)]
        workload.put(ledger, workload.publications(ledger, owners, Kind.PRODUCTION, 1_000))
        batch = workload.transfers(ledger, owners, receivers)
        durations = _submit_at_once(ledger, batch)
    syncs = fsync_milliseconds()
    yardstick = statistics.median(syncs) + 1_000 * SUBMITTERS / raw.checks_per_second()
    percentiles = statistics.quantiles(durations, n=100)
    yield Result("fsync of 30 KB, median", statistics.median(syncs), "ms")
    for percent in (50, 99):
        yield Result(
            f"commit latency p{percent}, {SUBMITTERS} submitters", percentiles[percent - 1], "ms"
        )
    p95 = percentiles[94]
    yield Result(
        f"commit latency p95, {SUBMITTERS} submitters",
        p95,
        "ms",
        yardstick,
        p95 / yardstick,
        f"≤ {P95_MUST_MILLISECONDS:.0f} ms",
        f"≤ {P95_AIM_RATIO} ×",
        p95 <= P95_MUST_MILLISECONDS,
    )


def _submit_at_once(ledger: Ledger, batch: list[bytes]) -> list[float]:
    """Return how long each submission took. [ms]"""
    durations: list[float] = []
    start = threading.Barrier(SUBMITTERS)

    def submit(mine: list[bytes]) -> None:
        start.wait()
        for item in mine:
            began = time.perf_counter()
            ledger.node.submit(item).result()
            durations.append(1_000 * (time.perf_counter() - began))

    threads = [
        threading.Thread(target=submit, args=(batch[n * EACH : (n + 1) * EACH],))
        for n in range(SUBMITTERS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return durations
