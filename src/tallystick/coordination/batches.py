"""Hand in many transactions at once: one batch for each ledger, all ledgers beside each other."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from itertools import chain

from tallystick.base.identifiers import LedgerId
from tallystick.client.ledger import Ledger
from tallystick.core.errors import Later, Refused, Unavailable
from tallystick.core.node import Answer

Promise = tuple[Sequence[int], Future[list[Answer]]]
"""The answers to come, and which transactions they are to."""


def hand_in(
    ledgers: Mapping[LedgerId, Ledger], transactions: Sequence[tuple[LedgerId, bytes]]
) -> list[Answer]:
    """
    Submit transactions, each to its ledger, and return their answers in the same order.

    A ledger that is away or too busy, or a transaction that no ledger takes, costs the others
    nothing. What doesn't fit into a ledger's waiting room at once is handed in by halves.
    """
    places: dict[LedgerId, list[int]] = defaultdict(list)
    for n, (id, _) in enumerate(transactions):
        places[id].append(n)
    under_way: list[Promise] = []
    answers: dict[int, Answer] = {}
    for id, batch in places.items():
        raws = {n: transactions[n][1] for n in batch}
        under_way += _submit(ledgers[id], batch, raws, answers)
    for waiting, future in under_way:
        try:
            found = future.result()
        except Unavailable as error:
            answers |= dict.fromkeys(waiting, error)
        else:
            answers |= dict(zip(waiting, found, strict=True))
    return [answers[n] for n in range(len(transactions))]


def _submit(
    ledger: Ledger, batch: Sequence[int], raws: Mapping[int, bytes], answers: dict[int, Answer]
) -> list[Promise]:
    """Hand in a batch, or its halves; note what is answered at once, and return the rest."""
    try:
        return [(batch, ledger.node.submit_all([raws[n] for n in batch]))]
    except (Refused, Unavailable) as error:
        if len(batch) == 1 or not isinstance(error, Refused | Later):
            answers |= dict.fromkeys(batch, error)
            return []
    halves = batch[: len(batch) // 2], batch[len(batch) // 2 :]
    first = _submit(ledger, halves[0], raws, answers)
    if not first and all(isinstance(answers[n], Later) for n in halves[0]):
        answers |= dict.fromkeys(halves[1], answers[halves[0][0]])  # There is no room at all.
        return []
    return list(chain(first, _submit(ledger, halves[1], raws, answers)))
