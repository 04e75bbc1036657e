"""How cost, memory and bytes grow with the number of records."""

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench import workload
from bench.result import Result
from bench.workload import Owner
from bench.yardstick import Yardstick
from tallystick.contracts.measurement.model import Kind

SIZES = (100_000, 1_000_000)
LARGE_SIZE = 10_000_000
FILL_STEP = 20_000
TRANSFERS = 10_000
MUST = 2.5
AIM = 1.3


def cost_by_size(_raw: Yardstick, *, large: bool) -> Iterator[Result]:
    """Measure a transfer's cost at growing numbers of records, each size in a fresh process."""
    costs: dict[int, float] = {}
    for size in (*SIZES, *((LARGE_SIZE,) if large else ())):
        done = subprocess.run(
            [sys.executable, "-m", "bench.records", str(size)],
            check=True,
            capture_output=True,
            text=True,
        )
        cost, memory, state_bytes, journal_bytes = map(float, done.stdout.split())
        costs[size] = cost
        yield Result(f"memory at {size:,} records", memory / size, "B/record")
        yield Result(f"state on disk at {size:,} records", state_bytes / size, "B/record")
        yield Result(f"journal at {size:,} records", journal_bytes / size, "B/record")
        first = costs[SIZES[0]]
        ratio = cost / first
        if size == SIZES[0]:
            yield Result(f"transfer at {size:,} records", cost, "µs")
        else:
            yield Result(
                f"transfer at {size:,} records",
                cost,
                "µs",
                first,
                ratio,
                f"≤ {MUST} ×",
                f"≤ {AIM} ×",
                ratio <= MUST,
            )


def measure(size: int) -> tuple[float, float, float, float]:
    """Fill a ledger, transfer some certificates all over it; return µs each and three sizes. [B]"""
    with workload.bench_folder() as folder, workload.open_bench_ledger(folder) as ledger:
        keep = max(1, size // TRANSFERS)
        movers: list[Owner] = []
        for begin in range(0, size, FILL_STEP):
            owners = [Owner(b"fill", n) for n in range(begin, min(begin + FILL_STEP, size))]
            workload.put(ledger, workload.publications(ledger, owners, Kind.PRODUCTION, 1_000))
            movers += owners[::keep]
        movers = movers[:TRANSFERS]
        receivers = [Owner(b"to", n) for n in range(len(movers))]
        batch = workload.transfers(ledger, movers, receivers)
        rates = []
        for turn in range(5):
            part = batch[turn * len(batch) // 5 : (turn + 1) * len(batch) // 5]
            began = time.perf_counter()
            workload.put(ledger, part)
            rates.append(1e6 * (time.perf_counter() - began) / len(part))
        memory = _own_memory()
        ledger.close()
        sizes = _bytes_of(folder / "state"), _bytes_of(folder / "journal")
    return statistics.median(rates), memory, *sizes


def _own_memory() -> int:
    """Return the memory that is ours alone; pages of mapped files are the system's cache. [B]"""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("RssAnon:"):
                return 1_024 * int(line.split()[1])
    return 1_024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _bytes_of(folder: Path) -> int:
    """Return the bytes that the files of a folder take on the disk."""
    return sum(512 * path.stat().st_blocks for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    print(*measure(int(sys.argv[1])))
