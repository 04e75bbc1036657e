"""Rates of markets on the embedded ledger: orders, fills and settlements, durable and signed."""

import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bench import market_workload as workload
from bench.market_workload import Village
from bench.result import Result, at_least
from bench.yardstick import Yardstick
from tallystick.base.identifiers import RecordId
from tallystick.contracts.market.events import MarketFilled, OrderPlaced
from tallystick.contracts.market.model import Subject, book_id
from tallystick.core.receipt import Receipt

ROUNDS = 3
STEPS = (("orders placed", 0.4, 0.8), ("fills", 0.5, 1.0), ("fills settled", 0.2, 0.4))
"""What is measured, its must and its aim."""

NOTES = {
    Subject.ENERGY: (
        "each order's money or deposit locked, meters pledged; fills paired N to N; settled by "
        "readings, with two charges, certificates split and claimed"
    ),
    Subject.HOLDING: "each order's money or tokens locked; fills paired N to N; tokens for money",
}


class Step(NamedTuple):
    """A rate, and what the machine did around it."""

    rate: float
    """How much in a second. [1/s]"""

    yardstick: float
    """Raw signature checks in a second, before and after. [1/s]"""


def energy(raw: Yardstick) -> Iterator[Result]:
    """Measure a call market of energy, from orders to settlement."""
    yield from _market(raw, Subject.ENERGY)


def holdings(raw: Yardstick) -> Iterator[Result]:
    """Measure a call market of tokens, from orders to settlement."""
    yield from _market(raw, Subject.HOLDING)


def _market(raw: Yardstick, subject: Subject) -> Iterator[Result]:
    """Measure one market, a few deliveries after each other; of each step the median round."""
    with workload.village() as village:
        market = workload.open_market(village, subject)
        turns = [_turn(raw, village, market, subject, turn) for turn in range(ROUNDS)]
    for (name, must, aim), rounds in zip(STEPS, zip(*turns, strict=True), strict=True):
        step = sorted(rounds, key=_ratio)[ROUNDS // 2]
        result = at_least(
            f"{subject.value}: {name}", step.rate, "1/s", step.yardstick, must=must, aim=aim
        )
        yield result.noted(f"{workload.WORKLOAD}; {NOTES[subject]}")


def _turn(
    raw: Yardstick, village: Village, market: RecordId, subject: Subject, turn: int
) -> list[Step]:
    """Return how many orders, fills and settlements there were in a second each."""
    ledger, clock = village.ledger, village.clock
    products = workload.products(village, market, subject, turn)
    made = workload.orders(village, market, subject, products, turn)
    placing, receipts = _timed(raw, village, workload.placings(village, made))
    events = workload.events_of(ledger, receipts)
    placed = {each.order: each for each in events if isinstance(each, OrderPlaced)}
    clock.set(products[-1].begin)
    filling, receipts = _timed(raw, village, workload.clearings(village, made))
    events = workload.events_of(ledger, receipts)
    fills = [each for each in events if isinstance(each, MarketFilled)]
    clock.set(products[-1].end)
    if subject is Subject.ENERGY:
        books = {book_id(market, product): product for product in products}
        ledger.submit_all(workload.readings(village, books, fills, placed))
    settling, _ = _timed(raw, village, workload.settlings(village, fills, placed))
    done = (len(made), len(fills), len(fills))
    steps = (placing, filling, settling)
    return [Step(n * each.rate, each.yardstick) for n, each in zip(done, steps, strict=True)]


def _timed(raw: Yardstick, village: Village, batch: Sequence[bytes]) -> tuple[Step, list[Receipt]]:
    """Return how often a batch would be durable in a second, and its receipts."""
    before = raw.checks_per_second()
    began = time.perf_counter()
    receipts = village.ledger.submit_all(batch)
    seconds = time.perf_counter() - began
    return Step(1 / seconds, (before + raw.checks_per_second()) / 2), receipts


def _ratio(step: Step) -> float:
    """Return how a rate compares with its yardstick."""
    return step.rate / step.yardstick
