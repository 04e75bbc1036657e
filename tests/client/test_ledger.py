"""Sending, asking and following through the face that programs see."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest

from tallystick.base.identifiers import TransactionId
from tallystick.client.ledger import (
    Ledger,
    TransactionRejected,
    require_accepted,
    require_all_accepted,
)
from tallystick.contracts.certificate.views import CertificateView, ShowCertificate
from tallystick.contracts.identity.commands import Enrol
from tallystick.contracts.identity.model import EVERYWHERE
from tallystick.contracts.measurement.events import MeasurementPublished
from tallystick.contracts.measurement.model import Kind
from tallystick.core.block import Outcome
from tallystick.core.check import parse
from tallystick.core.errors import Later, Malformed, WrongLedger
from tallystick.core.node import Answer
from tallystick.core.receipt import Receipt
from tallystick.testing.keys import key, secret
from tests.client.village import (
    CONSUMER,
    PRODUCER,
    PUBLISHER,
    STRANGER,
    MemoryNode,
    Village,
    measured,
)

READING = measured(CONSUMER, Kind.CONSUMPTION, 900)


def test_what_is_accepted_has_a_receipt() -> None:
    """`send` signs, waits and returns the receipt."""
    village = Village()
    receipt = village.ledger.send(READING, [secret(PUBLISHER)])
    assert (True, 1, 0) == (receipt.accepted, receipt.height, receipt.index)


def test_what_a_transaction_brought_about_is_told() -> None:
    """So a program learns the ids of what it made."""
    village = Village()
    receipts = village.ledger.submit_all([village.ledger.transaction(READING, [secret(PUBLISHER)])])
    (event,) = village.ledger.events(receipts[0])
    assert isinstance(event, MeasurementPublished)
    assert (key(CONSUMER), 900) == (event.owner, event.amount)


def test_a_rejection_is_an_exception_that_says_who_refused_what() -> None:
    """Nobody overlooks that a rule said no."""
    village = Village()
    with pytest.raises(TransactionRejected) as caught:
        village.ledger.send([READING], [secret(STRANGER)])
    rejected = caught.value
    assert ("measurement", 0, False) == (
        rejected.contract,
        rejected.receipt.outcome.command,
        rejected.receipt.accepted,
    )
    assert rejected.code > 0
    assert f"measurement rejected command 0 with code {rejected.code}: {rejected.message}" == str(
        rejected
    )


def test_submit_leaves_the_verdict_to_the_caller() -> None:
    """A rejected transaction has a receipt; `require_accepted` insists."""
    village = Village()
    raw = village.ledger.transaction(READING, [secret(STRANGER)])
    receipt = village.ledger.submit(raw)
    assert not receipt.accepted
    with pytest.raises(TransactionRejected):
        require_accepted(receipt)
    good = village.ledger.submit(village.ledger.transaction(READING, [secret(PUBLISHER)]))
    assert good is require_accepted(good)


def test_many_can_be_under_way_together() -> None:
    """`send_later` and `submit_later` return promises."""
    village = Village()
    first = village.ledger.send_later(READING, [secret(PUBLISHER)])
    raw = village.ledger.transaction(measured(PRODUCER, Kind.PRODUCTION, 5), [secret(PUBLISHER)])
    second = village.ledger.submit_later(raw)
    assert [True, True] == [each.result().accepted for each in (first, second)]


def test_equal_intentions_are_two_transactions() -> None:
    """Each transaction draws a nonce of its own."""
    village = Village()
    one, two = (parse(village.ledger.transaction(READING, [secret(1)])).header for _ in range(2))
    assert (one.commands_root, True) == (two.commands_root, one.nonce != two.nonce)


@pytest.mark.parametrize(("ahead", "expected_ahead"), [(0, 0), (5_000, 5_000), (-5_000, 0)])
def test_the_later_of_clock_and_ledger_sets_the_expiry(ahead: int, expected_ahead: int) -> None:
    """An idle ledger's time stands still; a ledger may also be ahead of us."""
    village = Village()
    village.ledger.send(READING, [secret(PUBLISHER)])
    time = village.ledger.status().time
    ledger = Ledger(village.node, clock=lambda: time + ahead)
    assert time + expected_ahead + 60_000 == ledger.expiry()


def test_the_machine_s_clock_is_used_unless_another_is_given() -> None:
    """Without a clock, the expiry follows the time of day."""
    village = Village()
    assert Ledger(village.node).expiry() > 1_700_000_000_000


def test_signing_needs_secrets_or_a_wallet() -> None:
    """Not both, and not neither."""
    village = Village()
    with pytest.raises(ValueError, match="a wallet is needed"):
        village.ledger.send(READING)
    with pytest.raises(ValueError, match="a wallet is needed"):
        village.ledger.send(READING, [secret(1)], keys=[key(1)])
    with pytest.raises(ValueError, match="not with both"):
        village.ledger.send(READING, [secret(1)], wallet=object(), keys=[key(1)])  # type: ignore[arg-type]


def test_what_is_no_transaction_here_is_refused() -> None:
    """A refusal passes through as it is."""
    village, other = Village(), Village(salt=b"\x01" * 32)
    with pytest.raises(WrongLedger):
        village.ledger.submit(other.ledger.transaction(READING, [secret(PUBLISHER)]))


def busy(times: int, village: Village, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let a node be too busy so many times; return what was waited."""
    waited: list[float] = []
    now = [0.0]
    submit = MemoryNode.submit

    def submit_when_free(node: MemoryNode, raw: bytes) -> Future[Receipt]:
        if len(waited) < times:
            raise Later("the waiting room is full", retry_after_milliseconds=4_000)
        return submit(node, raw)

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        now[0] += seconds

    monkeypatch.setattr(MemoryNode, "submit", submit_when_free)
    monkeypatch.setattr("tallystick.client.ledger.time.sleep", sleep)
    monkeypatch.setattr("tallystick.client.ledger.time.monotonic", lambda: now[0])
    del village
    return waited


def test_a_busy_node_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """`Later` is waited out, as long as the node says."""
    village = Village()
    waited = busy(2, village, monkeypatch)
    assert village.ledger.send(READING, [secret(PUBLISHER)]).accepted
    assert [4.0, 4.0] == waited


def test_patience_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A node that stays too busy is given up."""
    village = Village()
    waited = busy(99, village, monkeypatch)
    with pytest.raises(Later):
        village.ledger.send(READING, [secret(PUBLISHER)])
    assert 7 == len(waited)


def test_asking_following_and_status_are_the_node_s() -> None:
    """The face adds nothing to what the node answers."""
    village = Village()
    certificate, _ = village.claimed()
    view: Any = village.ledger.ask(ShowCertificate(certificate))
    assert (CertificateView, 600) == (type(view), view.amount_wh)
    assert village.node.blocks[3:] == list(village.ledger.follow(3))
    assert village.node.status() == village.ledger.status()


def test_leaving_the_block_closes_the_node() -> None:
    """A ledger is a context."""
    village = Village()
    with village.ledger as ledger:
        ledger.send(Enrol(key=key(STRANGER), scope=EVERYWHERE), [secret(1)])
        assert not village.node.closed
    assert village.node.closed


def test_the_face_is_light() -> None:
    """Importing it brings neither contracts nor wallets; proving does when it is asked for."""
    code = (
        "import sys; import tallystick.client.ledger; "
        "print([m for m in sys.modules if m.startswith(('tallystick.contracts',"
        " 'tallystick.runtime', 'tallystick.store', 'tallystick.client.proving'))])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "[]\n" == said.stdout


def test_many_are_handed_in_at_once() -> None:
    """They are executed in their order, and each has its receipt."""
    village = Village()
    batch = [
        village.ledger.transaction(measured(key_of, Kind.CONSUMPTION, 900), [secret(PUBLISHER)])
        for key_of in (CONSUMER, PRODUCER)
    ]
    receipts = village.ledger.submit_all(batch)
    assert [True, True] == [each.accepted for each in receipts]


def receipt(code: int) -> Receipt:
    """Return a receipt that says yes (0) or no."""
    id, contract = TransactionId(bytes(32)), "measurement" if code else ""
    outcome = Outcome(transaction=id, contract=contract, code=code, command=0)
    return Receipt(id, height=1, index=0, time=1, outcome=outcome, message="not allowed")


REFUSALS: list[tuple[Callable[[], Answer], type[Exception], str]] = [
    (lambda: Malformed("no transaction"), Malformed, "no transaction"),
    (lambda: Later("full", retry_after_milliseconds=5), Later, "full"),
    (
        lambda: receipt(201),
        TransactionRejected,
        "measurement rejected command 0 with code 201: not allowed",
    ),
]


@pytest.mark.parametrize(("answer", "kind", "message"), REFUSALS)
def test_the_first_of_many_that_is_not_accepted_is_raised(
    answer: Callable[[], Answer], kind: type[Exception], message: str
) -> None:
    """Whether a rule rejected it, or it never reached one."""
    with pytest.raises(kind, match=message):
        require_all_accepted([receipt(0), answer()])
