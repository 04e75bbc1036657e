"""Why a title is not found, named, signed for, or free, up to 874; see `errors`."""

from tallystick.base.identifiers import (
    LockId,
    PublicKey,
    RecordId,
    format_lock_id,
    format_public_key,
    format_record_id,
)
from tallystick.base.plain import format_milliseconds
from tallystick.contracts.exchange.model import CONTRACT_NAME as EXCHANGE
from tallystick.core.errors import Rejected
from tallystick.core.holding import LockedFor


class TitleRejected(Rejected):
    """Base of every reason of this contract."""

    contract = "title"


class TitleNotFound(TitleRejected):
    """There must be a title with this id."""

    code = 851

    def __init__(self, title: RecordId, *, field: str = "title") -> None:
        super().__init__(
            f"{field}: there is no title {format_record_id(title)}; title.list shows what there is"
        )


class ShareClassNotFound(TitleRejected):
    """Shares are of a class of assets that is defined."""

    code = 852

    def __init__(self, asset: RecordId) -> None:
        super().__init__(
            f"asset: there is no class {format_record_id(asset)}; asset.define makes one"
        )


class TitleIsNotShared(TitleRejected):
    """Income is distributed to those who share a title."""

    code = 853

    def __init__(self, title: RecordId) -> None:
        super().__init__(
            f"title: {format_record_id(title)} is not shared; its owner does that with title.share"
        )


class PageNotFound(TitleRejected):
    """A list is read page by page, from 0 on."""

    code = 854

    def __init__(self, page: int, pages: int) -> None:
        last = f"0 to {pages - 1}" if pages else "0, which is empty"
        super().__init__(f"page: {page} was given; ask for {last}")


class NameNotFound(TitleRejected):
    """What is looked for by name was registered under that name."""

    code = 855

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"name: no {kind} {name!r} was ever registered; title.list shows what was")


class SignerIsNotTitleRegistrar(TitleRejected):
    """What is said of a thing is said by a title registrar of its kind."""

    code = 857

    def __init__(self, kind: str, *, field: str = "title") -> None:
        super().__init__(f"{field}: no signer is title registrar of {kind!r}; one must sign, too")


class OwnerHasNotSigned(TitleRejected):
    """A title's owner signs for what becomes of it."""

    code = 858

    def __init__(self, owner: PublicKey, *, field: str = "title") -> None:
        super().__init__(
            f"{field}: the owner {format_public_key(owner)} has not signed; let this key sign, too"
        )


class PayerHasNotSigned(TitleRejected):
    """Whoever pays signs for it."""

    code = 859

    def __init__(self, payer: PublicKey) -> None:
        super().__init__(
            f"payer: {format_public_key(payer)} has not signed; let this key sign, too"
        )


class CallerIsNoContract(TitleRejected):
    """Locks are for contracts: people hold what they own."""

    code = 860

    def __init__(self) -> None:
        super().__init__("holding: only a contract locks a title; send exchange.prepare instead")


class LapseIsRecent(TitleRejected):
    """A title that lapsed is retired once a proof had time to show the contrary."""

    code = 861

    def __init__(self, last: int) -> None:
        super().__init__(
            "title: it has only just lapsed; let its owner sign, or send this again after "
            f"{format_milliseconds(last)}"
        )


class AttributesNotAscending(TitleRejected):
    """What is said of a thing is said once, and in order of names."""

    code = 863

    def __init__(self, name: str) -> None:
        super().__init__(
            f"attributes: {name!r} does not come after the one before; name each once, in order"
        )


class TargetIsNoKey(TitleRejected):
    """Titles are owned by a key that can sign, or by a contract's vault."""

    code = 864

    def __init__(self, target: PublicKey) -> None:
        super().__init__(
            f"target: {format_public_key(target)} is neither a key that signs nor a vault; "
            "name one of these"
        )


class AmountIsNotOne(TitleRejected):
    """Of a one-of-a-kind thing there is one, which is the whole of it."""

    code = 865

    def __init__(self, amount: int) -> None:
        super().__init__(f"amount: {amount} was given; of a title there is 1, or 0 for the whole")


class AmountIsZero(TitleRejected):
    """Nothing cannot be distributed."""

    code = 866

    def __init__(self) -> None:
        super().__init__("amount: 0 was given; at least 1 is needed")


class HoldersNotAscending(TitleRejected):
    """Those who have shares are named once, and in order of their keys."""

    code = 867

    def __init__(self, holder: PublicKey) -> None:
        super().__init__(
            f"holders: {format_public_key(holder)} does not come after the one before; "
            "name each once, in order"
        )


class NameIsTaken(TitleRejected):
    """A thing is registered once, and what is retired is not registered again."""

    code = 868

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"name: the {kind} {name!r} is registered already; title.find shows it")


class TargetIsOwner(TitleRejected):
    """A title is handed to somebody else."""

    code = 869

    def __init__(self, target: PublicKey) -> None:
        super().__init__(
            f"target: {format_public_key(target)} owns the title already; name somebody else"
        )


class TitleIsRetired(TitleRejected):
    """What is no more can neither change nor change hands."""

    code = 870

    def __init__(self, title: RecordId, *, field: str = "title") -> None:
        super().__init__(f"{field}: {format_record_id(title)} is retired; nothing changes it again")


class TitleIsLocked(TitleRejected):
    """A title that is handed to a contract obeys that contract alone."""

    code = 871

    def __init__(self, title: RecordId, lock: LockedFor, *, field: str = "title") -> None:
        held = f"{format_record_id(title)} is held by {lock.holder} for"
        super().__init__(f"{field}: {held} {format_lock_id(lock.lock_id)}{_end_of(lock)}")


class UntilHasPassed(TitleRejected):
    """A lock must end after the block that makes it."""

    code = 872

    def __init__(self, until: int, time: int) -> None:
        super().__init__(
            f"until: {format_milliseconds(until)} has passed; give a time after "
            f"{format_milliseconds(time)}, or 0"
        )


class LockNotFound(TitleRejected):
    """The calling contract must hold the title under this id."""

    code = 873

    def __init__(self, holder: str, lock_id: LockId) -> None:
        super().__init__(
            f"lock_id: {holder or 'whoever is no contract'} holds nothing under "
            f"{format_lock_id(lock_id)}; title.show tells who holds the title, and for what"
        )


class LockHasLapsed(TitleRejected):
    """What a lapsed lock held is the owner's again."""

    code = 874

    def __init__(self, until: int) -> None:
        super().__init__(
            f"lock_id: the lock lapsed at {format_milliseconds(until)}; it can only be released"
        )


def _end_of(lock: LockedFor) -> str:
    """Say until when a lock holds, or who says."""
    if lock.until:
        return f" until {format_milliseconds(lock.until)}; wait until then"
    if lock.holder == EXCHANGE:
        return "; exchange.show-reservation says until when"
    return f"; {lock.holder} says until when"
