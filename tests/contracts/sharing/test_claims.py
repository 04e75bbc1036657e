"""What sharing does with the certificate of a production."""

import pytest

from tallystick.contracts.certificate.model import Certificate, Settlement
from tests.contracts.sharing.cases import (
    CARL,
    CONSUMPTIONS,
    DORA,
    MEMBERS,
    PRODUCED_WH,
    PRODUCTION,
    STRANGER,
    cast,
    do,
    sharing_of,
)


@pytest.mark.parametrize(
    ("members", "claimed_wh"),
    [((), 0), ((CARL,), 500), ((CARL, DORA), 800), (MEMBERS, 1_000)],
)
def test_no_watt_hour_is_lost(members: tuple[int, ...], claimed_wh: int) -> None:
    """What is claimed and what is left make the whole; nothing stays locked."""
    trial, id = cast(members=members)
    do(trial, sharing_of(id), STRANGER)
    settled = [trial.read(Settlement, each) for each in CONSUMPTIONS]
    assert claimed_wh == sum(each.total_wh for each in settled if each is not None)
    certificates = [
        record
        for _, _, after in trial.candidate.overlay.changes()
        for record in after.values()
        if isinstance(record, Certificate)
    ]
    free = [each for each in certificates if each.next is None]
    assert PRODUCED_WH - claimed_wh == sum(each.amount_wh for each in free)
    assert all(each.lock is None for each in free)
    assert trial.read(Certificate, PRODUCTION) is not None
