"""Hand in many transactions at once: one batch for each ledger, all ledgers beside each other."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import Future

from tallystick.base.identifiers import LedgerId
from tallystick.client.ledger import Ledger
from tallystick.core.errors import Later
from tallystick.core.node import Answer


def hand_in(
    ledgers: Mapping[LedgerId, Ledger], transactions: Sequence[tuple[LedgerId, bytes]]
) -> list[Answer]:
    """Submit transactions, each to its ledger, and return their answers in the same order."""
    places: dict[LedgerId, list[int]] = defaultdict(list)
    for n, (id, _) in enumerate(transactions):
        places[id].append(n)
    under_way: list[tuple[list[int], Future[list[Answer]]]] = []
    answers: dict[int, Answer] = {}
    for id, batch in places.items():
        try:
            under_way.append(
                (batch, ledgers[id].node.submit_all([transactions[n][1] for n in batch]))
            )
        except Later as later:  # It is too busy, and may be asked again.
            answers |= dict.fromkeys(batch, later)
    for batch, future in under_way:
        answers |= dict(zip(batch, future.result(), strict=True))
    return [answers[n] for n in range(len(transactions))]
