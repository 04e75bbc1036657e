"""Rules of how people are known: devices that votes are cast with, and what is said of keys."""

from msgspec.structs import replace

from tallystick.base.identifiers import PublicKey
from tallystick.contracts.identity.model import EVERYWHERE, Role
from tallystick.contracts.identity.views import acting_identity
from tallystick.core.context import Context

from .commands import Attest, EnrolDevice, RetireDevice
from .errors import (
    AttestationIsOver,
    DeviceHasNotSigned,
    DeviceIsEnrolledAlready,
    DeviceIsRetired,
    PersonHasNotSigned,
    SignerIsNotAdministrator,
    SignerMayNotAttest,
)
from .events import AssuranceAttested, VotingDeviceEnrolled, VotingDeviceRetired
from .model import Attestation, VotingDevice, attestation_id, voting_device_id
from .persons import MEMBER, device_at, key_of


def enrol_device(context: Context, command: EnrolDevice) -> None:
    """
    Let votes of a body be cast with a device.

    The key inside it signs, so that nobody enrols what he doesn't have. A member signs for a device
    of the own, because from then on it speaks for that member alone.
    """
    # READ
    place = voting_device_id(command.body, command.device)
    before = context.read(VotingDevice, place)
    administrator = acting_identity(context, Role.BALLOT_ADMINISTRATOR, command.body)
    # CHECK
    if administrator is None:
        raise SignerIsNotAdministrator(command.body, field="body")
    if command.device not in context.signers:
        raise DeviceHasNotSigned(command.device)
    if command.member is not None and not _signs(context, command.member):
        raise PersonHasNotSigned(command.member, field="member")
    if before is not None:
        raise DeviceIsEnrolledAlready(command.device)
    # COMPUTE
    device = VotingDevice(
        body=command.body,
        key=command.device,
        member=command.member,
        place=command.place,
        assurance=command.assurance,
        enrolled_by=administrator,
        enrolled_at=context.time,
        retired_at=0,
    )
    # WRITE
    context.write(place, device)
    context.emit(
        VotingDeviceEnrolled(
            command.body, command.device, command.member, command.place, command.assurance
        )
    )


def retire_device(context: Context, command: RetireDevice) -> None:
    """Take a device out of use; what was cast with it before stays cast."""
    # READ
    device = device_at(context, command.body, command.device)
    # CHECK
    if not (
        acting_identity(context, Role.BALLOT_ADMINISTRATOR, command.body) is not None
        or (device.member is not None and _signs(context, device.member))
    ):
        raise SignerIsNotAdministrator(command.body, field="body")
    if device.retired_at:
        raise DeviceIsRetired(command.device)
    # WRITE
    context.write(
        voting_device_id(command.body, command.device), replace(device, retired_at=context.time)
    )
    context.emit(VotingDeviceRetired(command.body, command.device))


def attest(context: Context, command: Attest) -> None:
    """
    Say how sure it is who holds a key.

    The last word counts. Statements that rested on an earlier one stay as sure as they were.
    """
    # READ
    attester = acting_identity(context, Role.BALLOT_ADMINISTRATOR, command.body)
    attester = attester or acting_identity(context, Role.REGISTRAR, EVERYWHERE)
    # CHECK
    if attester is None:
        raise SignerMayNotAttest(command.body)
    if command.until <= context.time:
        raise AttestationIsOver(until=command.until, time=context.time)
    # COMPUTE
    attestation = Attestation(
        body=command.body,
        key=command.key,
        assurance=command.assurance,
        until=command.until,
        document=command.document,
        attested_by=attester,
        attested_at=context.time,
    )
    # WRITE
    context.write(attestation_id(command.body, command.key), attestation)
    context.emit(
        AssuranceAttested(command.body, command.key, command.assurance, command.until, attester)
    )


def _signs(context: Context, member: PublicKey) -> bool:
    """Tell whether the key that acts for a member now has signed."""
    return key_of(context, member, MEMBER) in context.signers
