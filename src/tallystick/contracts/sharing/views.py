"""What can be asked about shared productions, by id."""

from msgspec import Struct

from tallystick.base.amounts import Amount, Milliseconds, Seconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.core.contract import Reader

from .errors import KeyNotFound, NotAMember, NotShared
from .model import (
    Deposit,
    Enrolled,
    Shared,
    SharingKey,
    deposit_id,
    enrolled_consumption_id,
    enrolled_production_id,
)


class ShowKey(Record, tag="sharing.show"):
    """Show a key by which productions are divided."""

    key: RecordId
    """Which."""


class ShowDeposit(Record, tag="sharing.show-deposit"):
    """Show what is left of a member's deposit."""

    key: RecordId
    """The agreement."""

    member: PublicKey
    """Whose."""


class ShowEnrolled(Record, tag="sharing.show-enrolled"):
    """Show by which measurements an interval will be divided, or was."""

    key: RecordId
    """The agreement."""

    begin: Seconds
    """Start of the interval. [s since the epoch, UTC]"""


class ShowShared(Record, tag="sharing.show-shared"):
    """Show how a production was divided."""

    production: RecordId
    """Which."""


class KeyView(Struct, frozen=True):
    """A key as it was agreed."""

    key: RecordId
    """Its id."""

    terms: SharingKey
    """Everything in it."""


class DepositView(Struct, frozen=True):
    """A member's deposit."""

    left: Amount
    """What is left of it; 0 if there is none. [minor units of money]"""


class EnrolledView(Struct, frozen=True):
    """By which measurements an interval is divided; published or not."""

    production: RecordId | None
    """The plant's; nothing if none is enrolled."""

    consumptions: tuple[RecordId | None, ...]
    """One for each member, in the key's order; nothing for who has enrolled none."""


class PartView(Struct, frozen=True):
    """What one member was credited with."""

    member: PublicKey
    """Who."""

    energy_wh: Amount
    """How much. [Wh]"""

    cost: Amount
    """What it paid. [minor units of money]"""


class SharedView(Struct, frozen=True):
    """How a production was divided."""

    key: RecordId
    """By which key."""

    produced_wh: Amount
    """What was measured. [Wh]"""

    rest_wh: Amount
    """What nobody was credited with. [Wh]"""

    parts: tuple[PartView, ...]
    """One for each member, in the key's order."""

    received: tuple[Amount, ...]
    """What each owner of the plant was paid, in the key's order. [minor units of money]"""

    shared_at: Milliseconds
    """When. [ms since the epoch, UTC]"""


def show(reader: Reader, question: ShowKey) -> KeyView:
    """Show a key, or reject if there is none."""
    return KeyView(question.key, _key_at(reader, question.key))


def show_deposit(reader: Reader, question: ShowDeposit) -> DepositView:
    """Show a member's deposit; if nothing was ever deposited, nothing is left."""
    key = _key_at(reader, question.key)
    if question.member not in [each.account for each in key.members]:
        raise NotAMember(question.member)
    found = reader.read(Deposit, deposit_id(question.key, question.member))
    return DepositView(0 if found is None else found.left)


def show_enrolled(reader: Reader, question: ShowEnrolled) -> EnrolledView:
    """Show which measurements belong to an interval, so that anybody can compute its division."""
    id, begin = question.key, question.begin
    key = _key_at(reader, id)
    production = reader.read(Enrolled, enrolled_production_id(id, begin))
    consumptions = [
        reader.read(Enrolled, enrolled_consumption_id(id, member.account, begin))
        for member in key.members
    ]
    return EnrolledView(
        production=None if production is None else production.measurement,
        consumptions=tuple(None if each is None else each.measurement for each in consumptions),
    )


def show_shared(reader: Reader, question: ShowShared) -> SharedView:
    """Show how a production was divided, or reject if it was not."""
    shared = reader.read(Shared, question.production)
    if shared is None:
        raise NotShared(question.production)
    key = _key_at(reader, shared.key)
    parts = tuple(
        PartView(member.account, energy_wh, cost)
        for member, energy_wh, cost in zip(
            key.members, shared.credited_wh, shared.paid, strict=True
        )
    )
    return SharedView(
        key=shared.key,
        produced_wh=shared.produced_wh,
        rest_wh=shared.produced_wh - sum(shared.credited_wh),
        parts=parts,
        received=shared.received,
        shared_at=shared.shared_at,
    )


def _key_at(reader: Reader, id: RecordId) -> SharingKey:
    """Return a key, or reject if there is none."""
    key = reader.read(SharingKey, id)
    if key is None:
        raise KeyNotFound(id)
    return key
