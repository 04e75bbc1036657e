"""Each ledger gets its transactions in one batch, and each transaction its answer."""

from concurrent.futures import Future
from pathlib import Path

from tallystick.contracts.asset.commands import Transfer
from tallystick.coordination.batches import hand_in
from tallystick.core.errors import Later, Refused
from tallystick.core.node import Answer
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
