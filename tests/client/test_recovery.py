"""A ledger itself can say what a wallet asks when it recovers."""

from pathlib import Path

from tallystick.base.identifiers import RecordId
from tallystick.client.recovery import keys_sent_to, measured_on, received_on
from tallystick.client.wallet import FoundMeasurement, Wallet
from tallystick.contracts.certificate.commands import Split, SplitPart, Transfer
from tallystick.contracts.measurement.model import Kind, measurement_id
from tallystick.testing.keys import key
from tests.client.village import (
    BEGIN,
    CONSUMER,
    NEIGHBOUR,
    PRODUCER,
    PUBLISHER,
    QUARTER,
    STRANGER,
    Village,
    measured,
)


def test_a_measurement_is_there_or_not() -> None:
    """It is asked for by id."""
    village = Village()
    id = village.publish(CONSUMER, Kind.CONSUMPTION, 5)
    measured = measured_on(village.ledger)
    assert (True, False) == (measured(id), measured(RecordId(bytes(32))))


def test_keys_that_were_sent_to_are_the_targets_of_what_moved() -> None:
    """Transfers and splits name them; owners of measurements were not sent anything."""
    village = Village()
    village.claimed()
    assert {key(PRODUCER), key(NEIGHBOUR), key(CONSUMER), key(STRANGER)} == keys_sent_to(
        village.ledger.follow()
    )
    received = received_on(village.ledger)
    assert (True, False) == (received(key(NEIGHBOUR)), received(key(PUBLISHER)))


def test_a_wallet_is_recovered_from_its_seed(tmp_path: Path) -> None:
    """A new file from the old seed finds measurements and received keys on the ledger."""
    village = Village()
    seed, passphrase = bytes(range(32)), b"k" * 32
    lost = Wallet.create(tmp_path / "lost", passphrase, ledger=village.id, seed=seed, work_bits=1)
    (owner,) = lost.measurement_keys(4, [BEGIN + QUARTER])
    reading = measured(1, Kind.CONSUMPTION, 9, begin=BEGIN + QUARTER)
    village.must(
        type(reading)(
            owner, reading.begin, reading.end, reading.sector, reading.kind, 9, reading.quality
        ),
        PUBLISHER,
    )
    village.must(Transfer(village.issue(), lost.receive_key(2), None), PRODUCER)
    again = Wallet.create(tmp_path / "new", passphrase, ledger=village.id, seed=seed, work_bits=1)
    again.record_meter(4, begin=BEGIN, end=BEGIN + 4 * QUARTER, interval_seconds=QUARTER)
    found = again.recover(
        measured=measured_on(village.ledger), received=received_on(village.ledger)
    )
    id = measurement_id(owner, BEGIN + QUARTER)
    assert [FoundMeasurement(4, BEGIN + QUARTER, id)] == found
    assert 3 == again.received


def test_parts_of_a_split_are_received_by_their_owners() -> None:
    """Each part names its own."""
    village = Village()
    id = village.issue()
    village.must(Split(id, (SplitPart(1, key(50)), SplitPart(999, key(51))), None), PRODUCER)
    assert {key(50), key(51)} == keys_sent_to(village.ledger.follow())
