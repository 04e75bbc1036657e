"""Whoever may not touch a certificate is told which field says so, and what to do."""

import pytest

from tallystick.base.identifiers import (
    LockId,
    RecordId,
    format_lock_id,
    format_public_key,
    format_record_id,
)
from tallystick.contracts.certificate import errors
from tallystick.contracts.certificate.model import Status
from tallystick.testing.keys import key

ID, LOCK, OWNER = RecordId(b"\x01" * 32), LockId(b"\x02" * 32), key(1)
NAME, KEY = format_record_id(ID), format_public_key(OWNER)

SAID = [
    (errors.CertificateNotFound(ID), f"certificate: there is no certificate {NAME}"),
    (errors.CertificateNotFound(ID, field="holding"), f"holding: there is no certificate {NAME}"),
    (
        errors.LockedForAnother(ID, "market"),
        f"certificate: {NAME} is locked for contract 'market', and obeys it alone",
    ),
    (
        errors.WrongLockId(ID, LOCK),
        f"lock_id: {format_lock_id(LOCK)} was given, {NAME} is locked under another",
    ),
    (
        errors.WrongLockId(ID, None),
        f"lock_id: none was given, {NAME} is locked under another",
    ),
    (
        errors.SignerIsNotOwner(OWNER),
        f"certificate: its owner {KEY} has not signed; sign with its key",
    ),
    (
        errors.SignerIsNotOwner(OWNER, field="owner"),
        f"owner: {KEY} has not signed; sign with its key",
    ),
    (
        errors.CertificateNotActive(ID, Status.SPLIT),
        f"certificate: {NAME} is split; name one that is active",
    ),
]


@pytest.mark.parametrize(("rejected", "expected"), SAID)
def test_a_message_begins_with_its_field(
    rejected: errors.CertificateRejected, expected: str
) -> None:
    """The same reason names another field where another field names the certificate."""
    assert expected == str(rejected)
