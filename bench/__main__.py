"""Measure Tallystick against yardsticks of the same run: `./dev bench [NAME…] [--large]`."""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from bench import (
    asset_rates,
    ballot,
    coordination,
    latency,
    ledger_rates,
    market_engine,
    market_ledger,
    proofs,
    records,
    wallet,
    yardstick,
)
from bench.result import Result, print_table, write_results

Benchmark = Callable[[yardstick.Yardstick], Iterable[Result]]


def several(*parts: Benchmark) -> Benchmark:
    """Return one benchmark that measures what others do, in turn."""

    def measure(raw: yardstick.Yardstick) -> Iterator[Result]:
        for part in parts:
            yield from part(raw)

    return measure


def benchmarks(*, large: bool) -> dict[str, Benchmark]:
    """Return what can be measured, by name; `large` adds sizes that take long."""
    return {
        "transfers": ledger_rates.transfers,
        "issue": ledger_rates.publish_and_issue,
        "claims": ledger_rates.claims,
        "latency": latency.commit_latency,
        "proofs": proofs.proof_size_and_time,
        "wallet": wallet.query,
        "market": several(
            market_engine.auction,
            market_engine.continuous,
            market_engine.peers,
            market_ledger.energy,
            market_ledger.holdings,
        ),
        "asset": several(asset_rates.serial, asset_rates.fungible),
        "coordination": several(coordination.joint_changes, coordination.swaps, coordination.rush),
        "ballot": several(ballot.counting, ballot.recounting, ballot.casting),
        "records": partial(records.cost_by_size, large=large),
    }


def main() -> int:
    """Run the named benchmarks, or all; exit with 1 if a figure misses its must."""
    known = ", ".join(benchmarks(large=False))
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {known}")
    parser.add_argument("--large", action="store_true", help="also measure at ten million records")
    arguments = parser.parse_args()
    chosen = benchmarks(large=arguments.large)
    unknown = [name for name in arguments.names if name not in chosen]
    if unknown:
        parser.error(f"no benchmark {unknown[0]!r}: there are {known}")
    results: list[Result] = []
    raw = yardstick.Yardstick()
    for name in arguments.names or chosen:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        results.extend(chosen[name](raw))
    results[:0] = raw.results()
    print_table(results)
    write_results(Path(__file__).parent / "results.json", results)
    return 0 if all(result.met is not False for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
