"""Each ledger gets its transactions in one batch, and each transaction its answer."""

from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path

from tallystick.contracts.asset.commands import Transfer
from tallystick.coordination.batches import hand_in
from tallystick.core.errors import Later, Refused, TooLarge, Unavailable
from tallystick.core.node import Answer, Node
from tallystick.core.receipt import Receipt
from tallystick.testing.keys import key, secret
from tests.coordination.world import ANNA, BERT, PLENTY, World, world


def transfer(place: World, n: int, amount: int) -> bytes:
    """Return a signed transfer on the n-th ledger."""
    ledger = place.list[n]
    command = Transfer(place.units[ledger.id], key(ANNA), key(BERT), amount)
    return ledger.transaction(command, [secret(ANNA)])


def test_answers_come_in_the_order_of_the_transactions(tmp_path: Path) -> None:
    """Receipts, rejections and refusals, whichever ledger they come from."""
    with world(tmp_path, witnesses=0) as place:
        one, other = place.list
        work = [
            (other.id, transfer(place, 1, 1)),
            (one.id, transfer(place, 0, PLENTY + 1)),
            (other.id, b"nothing"),
            (one.id, transfer(place, 0, 2)),
        ]
        found = hand_in(place.ledgers, work)
        kinds = [each.accepted if isinstance(each, Receipt) else type(each) for each in found]
        assert [True, False] == kinds[:2]
        assert isinstance(found[2], Refused)
        assert kinds[3] is True
        assert [PLENTY + 2, PLENTY + 1] == place.spendable(BERT)
        assert [] == hand_in(place.ledgers, [])


def test_a_ledger_that_is_too_busy_says_so_for_all_of_its_own(tmp_path: Path) -> None:
    """The other one goes on."""
    with world(tmp_path, witnesses=0) as place:
        one, other = place.list

        class Busy:
            """Has no room."""

            def submit_all(self, _: list[bytes]) -> Future[list[Answer]]:
                """Say so."""
                raise Later("full", retry_after_milliseconds=1)

        raw = transfer(place, 0, 1)
        one.node, node = Busy(), one.node  # type: ignore[assignment]
        try:
            found = hand_in(place.ledgers, [(one.id, raw), (other.id, transfer(place, 1, 1))])
        finally:
            one.node = node
        assert isinstance(found[0], Later)
        assert isinstance(found[1], Receipt)


class Small:
    """A node whose waiting room takes so many at a time, and refuses what is too large whole."""

    def __init__(self, node: Node, *, room: int, place: int = 2**20) -> None:
        self._node = node
        self._room, self._place = room, place

    def submit_all(self, batch: Sequence[bytes]) -> Future[list[Answer]]:
        """Take a batch, or nothing of it."""
        if any(len(raw) > self._place for raw in batch):
            raise TooLarge("too large")
        if len(batch) > self._room:
            raise Later("full", retry_after_milliseconds=1)
        return self._node.submit_all(batch)


def test_what_does_not_fit_at_once_is_handed_in_by_halves(tmp_path: Path) -> None:
    """A batch that is larger than the room would never be taken."""
    with world(tmp_path, witnesses=0) as place:
        one = place.list[0]
        work = [(one.id, transfer(place, 0, 1)) for _ in range(7)]
        node = one.node
        one.node = Small(node, room=2)  # type: ignore[assignment]
        found = hand_in(place.ledgers, work)
        one.node = Small(node, room=0)  # type: ignore[assignment]
        refused = hand_in(place.ledgers, work)
        one.node = node
        assert [True] * 7 == [isinstance(each, Receipt) and each.accepted for each in found]
        assert [Later] * 7 == [type(each) for each in refused]


def test_one_that_no_ledger_takes_leaves_the_others_alone(tmp_path: Path) -> None:
    """It alone is refused; nor does a ledger that is closed disturb another."""
    with world(tmp_path, witnesses=0) as place:
        one, other = place.list
        work = [(one.id, transfer(place, 0, 1)), (one.id, bytes(5_000)), (other.id, b"")]
        node = one.node
        one.node = Small(node, room=9, place=4_000)  # type: ignore[assignment]
        other.close()
        found = hand_in(place.ledgers, work)
        one.node = node
        assert [Receipt, TooLarge, Unavailable] == [type(each) for each in found]
