"""Which devices cast votes, and who says how sure a key is."""

import pytest

from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts.ballot.commands import EnrolDevice, RetireDevice
from tallystick.contracts.ballot.errors import (
    AttestationIsOver,
    DeviceHasNotSigned,
    DeviceIsEnrolledAlready,
    DeviceIsNotEnrolled,
    DeviceIsRetired,
    IdentityIsUnknown,
    PersonHasNotSigned,
    SignerIsNotAdministrator,
    SignerMayNotAttest,
)
from tallystick.contracts.ballot.model import (
    Assurance,
    Attestation,
    VotingDevice,
    attestation_id,
    voter_of,
    voting_device_id,
)
from tallystick.contracts.ballot.views import ShowDevice
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, Verdict, accepted
from tests.contracts.ballot.cases import (
    ADMIN,
    ANNA,
    BODY,
    END,
    FIONA,
    FRESH,
    HALL,
    NOW,
    OTHER_ADMIN,
    OTHER_BODY,
    PHONE,
    REGISTRAR,
    STRANGER,
    UNKNOWN,
    attestation,
    device,
    do,
    found,
)

Row = tuple[Record, list[int], Verdict]


def _equipped() -> Trial:
    """Return a ledger with a device in the hall, Anna's phone, and one that is retired."""
    trial = found()
    do(trial, device(), ADMIN, HALL)
    do(trial, device(PHONE, ANNA), ADMIN, PHONE, ANNA)
    do(trial, device(STRANGER), ADMIN, STRANGER)
    do(trial, RetireDevice(BODY, key(STRANGER)), ADMIN)
    return trial


def of_identity(identity: RecordId) -> PublicKey:
    """Return the mark of an identity."""
    return voter_of(identity)


ENROL: list[Row] = [
    (device(FRESH), [ADMIN, FRESH], accepted),
    (device(FRESH, ANNA), [ADMIN, FRESH, ANNA], accepted),
    (device(FRESH, FIONA), [ADMIN, FRESH, FIONA], accepted),
    (device(HALL, body=OTHER_BODY), [OTHER_ADMIN, HALL], accepted),
    (device(FRESH), [FRESH], SignerIsNotAdministrator),
    (device(FRESH), [OTHER_ADMIN, FRESH], SignerIsNotAdministrator),
    (device(FRESH), [ADMIN], DeviceHasNotSigned),
    (
        EnrolDevice(BODY, key(FRESH), of_identity(UNKNOWN), "x", Assurance.SIMPLE),
        [ADMIN, FRESH],
        IdentityIsUnknown,
    ),
    (device(FRESH, ANNA), [ADMIN, FRESH], PersonHasNotSigned),
    (device(HALL), [ADMIN, HALL], DeviceIsEnrolledAlready),
    (device(STRANGER), [ADMIN, STRANGER], DeviceIsEnrolledAlready),
]

RETIRE: list[Row] = [
    (RetireDevice(BODY, key(HALL)), [ADMIN], accepted),
    (RetireDevice(BODY, key(PHONE)), [ANNA], accepted),
    (RetireDevice(BODY, key(FRESH)), [ADMIN], DeviceIsNotEnrolled),
    (RetireDevice(OTHER_BODY, key(HALL)), [OTHER_ADMIN], DeviceIsNotEnrolled),
    (RetireDevice(BODY, key(HALL)), [HALL], SignerIsNotAdministrator),
    (RetireDevice(BODY, key(PHONE)), [PHONE], SignerIsNotAdministrator),
    (RetireDevice(BODY, key(HALL)), [ANNA], SignerIsNotAdministrator),
    (RetireDevice(BODY, key(STRANGER)), [ADMIN], DeviceIsRetired),
]

ATTEST: list[Row] = [
    (attestation(ANNA), [ADMIN], accepted),
    (attestation(ANNA), [REGISTRAR], accepted),
    (attestation(ANNA, until=NOW + 1), [ADMIN], accepted),
    (attestation(ANNA), [ANNA], SignerMayNotAttest),
    (attestation(ANNA), [OTHER_ADMIN], SignerMayNotAttest),
    (attestation(ANNA, until=NOW), [ADMIN], AttestationIsOver),
]


@pytest.mark.parametrize(("command", "signers", "verdict"), ENROL + RETIRE + ATTEST)
def test_devices_and_keys(command: Record, signers: list[int], verdict: Verdict) -> None:
    """Each is accepted from whom it should be, and refused for its own reason."""
    assert verdict == _equipped().execute(command, signers=signers)


def test_what_is_written() -> None:
    """Who enrolled and attested, what, and when."""
    trial = _equipped()
    phone = trial.read(VotingDevice, voting_device_id(BODY, key(PHONE)))
    assert phone is not None
    assert (key(ANNA), Assurance.ADVANCED, NOW, 0) == (
        phone.member,
        phone.assurance,
        phone.enrolled_at,
        phone.retired_at,
    )
    retired = trial.ask(ShowDevice(BODY, key(STRANGER)))
    assert isinstance(retired, VotingDevice)
    assert NOW == retired.retired_at
    for assurance in (Assurance.QUALIFIED, Assurance.SIMPLE):
        do(trial, attestation(ANNA, assurance), ADMIN)
        said = trial.read(Attestation, attestation_id(BODY, key(ANNA)))
        assert said is not None
        assert (assurance, END, NOW) == (said.assurance, said.until, said.attested_at)
