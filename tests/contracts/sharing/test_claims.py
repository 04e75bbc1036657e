"""What sharing does with the certificate of a production."""

import pytest

from tallystick.contracts.certificate.errors import TooManyParts
from tallystick.contracts.certificate.model import Certificate, CertificateParameters, Settlement
from tallystick.contracts.sharing.model import Method
from tallystick.testing.tables import Trial
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
    check_none_lost(trial, claimed_wh)


@pytest.mark.parametrize("split_parts_max", [2, 3, 4, 5])
@pytest.mark.parametrize(
    ("members", "claimed_wh"),
    [((), 0), ((CARL,), 600), ((CARL, DORA), 900), (MEMBERS, 1_000)],
)
def test_a_smaller_split_later_takes_more_of_them(
    members: tuple[int, ...], claimed_wh: int, split_parts_max: int
) -> None:
    """A bound that the ledger sets after a key was agreed stops no division."""
    trial, id = cast(Method.DYNAMIC, members=members)
    bound(trial, split_parts_max)
    do(trial, sharing_of(id), STRANGER)
    check_none_lost(trial, claimed_wh)


def test_where_nothing_is_split_one_may_have_all() -> None:
    """Money moves with certificates, so what cannot be divided waits for another bound."""
    trial, id = cast(Method.DYNAMIC, members=MEMBERS[:1])
    bound(trial, 1)
    assert TooManyParts == trial.execute(sharing_of(id), signers=[STRANGER])
    bound(trial, 2)
    do(trial, sharing_of(id), STRANGER)


def bound(trial: Trial, split_parts_max: int) -> None:
    """Set a parameter of the ledger, as governance does at a height."""
    parameters = CertificateParameters(split_parts_max=split_parts_max)
    trial.candidate._parameters[CertificateParameters] = parameters


def check_none_lost(trial: Trial, claimed_wh: int) -> None:
    """Insist that what is claimed and what is left make the whole, and nothing stays locked."""
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
