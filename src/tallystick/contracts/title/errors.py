"""
Why a command on titles is rejected, in order of precedence.

When several reasons apply, the one with the lowest code is given. Codes are never reused; the gaps
leave room for reasons to come.
"""

from tallystick.base.identifiers import (
    LockId,
    PublicKey,
    RecordId,
    format_lock_id,
    format_public_key,
    format_record_id,
)
from tallystick.base.plain import format_milliseconds
from tallystick.core.errors import Rejected


class TitleRejected(Rejected):
    """Base of every reason of this contract."""

    contract = "title"


class TitleNotFound(TitleRejected):
    """There must be a title with this id."""

    code = 851

    def __init__(self, title: RecordId) -> None:
        super().__init__(f"there is no title {format_record_id(title)}")


class ShareClassNotFound(TitleRejected):
    """Shares are of a class of assets that is defined."""

    code = 852

    def __init__(self, asset: RecordId) -> None:
        super().__init__(f"there is no class of assets {format_record_id(asset)}")


class TitleIsNotShared(TitleRejected):
    """Income is distributed to those who share a title."""

    code = 853

    def __init__(self, title: RecordId) -> None:
        super().__init__(f"{format_record_id(title)} is not shared")


class PageNotFound(TitleRejected):
    """A list is read page by page, from 0 on."""

    code = 854

    def __init__(self, page: int, pages: int) -> None:
        super().__init__(f"page: {page}, there are {pages}")


class SignerIsNotTitleRegistrar(TitleRejected):
    """What is said of a thing is said by a title registrar of its kind."""

    code = 857

    def __init__(self, kind: str) -> None:
        super().__init__(f"no signer is title registrar of {kind!r}")


class OwnerHasNotSigned(TitleRejected):
    """A title's owner signs for what becomes of it."""

    code = 858

    def __init__(self, owner: PublicKey) -> None:
        super().__init__(f"the owner {format_public_key(owner)} has not signed")


class PayerHasNotSigned(TitleRejected):
    """Whoever pays signs for it."""

    code = 859

    def __init__(self, payer: PublicKey) -> None:
        super().__init__(f"the payer {format_public_key(payer)} has not signed")


class CallerIsNoContract(TitleRejected):
    """Locks are for contracts: people hold what they own."""

    code = 860

    def __init__(self) -> None:
        super().__init__("only a contract locks titles")


class AttributesNotAscending(TitleRejected):
    """What is said of a thing is said once, and in order of names."""

    code = 863

    def __init__(self, name: str) -> None:
        super().__init__(f"attributes: {name!r} does not come after the one before")


class TargetIsNoKey(TitleRejected):
    """Titles are owned by a key that can sign, or by a contract's vault."""

    code = 864

    def __init__(self, target: PublicKey) -> None:
        super().__init__(f"{format_public_key(target)} is neither a key that signs nor a vault")


class AmountIsNotOne(TitleRejected):
    """Of a one-of-a-kind thing there is one, which is the whole of it."""

    code = 865

    def __init__(self, amount: int) -> None:
        super().__init__(f"amount: {amount}, of a title there is one")


class AmountIsZero(TitleRejected):
    """Nothing cannot be distributed."""

    code = 866

    def __init__(self) -> None:
        super().__init__("amount: 0, at least 1 is needed")


class HoldersNotAscending(TitleRejected):
    """Those who have shares are named once, and in order of their keys."""

    code = 867

    def __init__(self, holder: PublicKey) -> None:
        super().__init__(f"holders: {format_public_key(holder)} does not come after the one before")


class NameIsTaken(TitleRejected):
    """A thing is registered once, and what is retired is not registered again."""

    code = 868

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"the {kind} {name!r} is registered already")


class TitleIsRetired(TitleRejected):
    """What is no more can neither change nor change hands."""

    code = 870

    def __init__(self, title: RecordId) -> None:
        super().__init__(f"{format_record_id(title)} is retired")


class TitleIsLocked(TitleRejected):
    """A title that is handed to a contract obeys that contract alone."""

    code = 871

    def __init__(self, title: RecordId, holder: str, lock_id: LockId, until: int) -> None:
        end = f"until {format_milliseconds(until)}" if until else "until it ends"
        super().__init__(
            f"{format_record_id(title)} is held by {holder} for {format_lock_id(lock_id)}, {end}"
        )


class UntilHasPassed(TitleRejected):
    """A lock must end after the block that makes it."""

    code = 872

    def __init__(self, until: int, time: int) -> None:
        super().__init__(
            f"until: {format_milliseconds(until)} has passed, it is {format_milliseconds(time)}"
        )


class LockNotFound(TitleRejected):
    """The calling contract must hold the title under this id."""

    code = 873

    def __init__(self, holder: str, lock_id: LockId) -> None:
        super().__init__(f"{holder or 'nobody'} holds nothing under {format_lock_id(lock_id)}")


class LockHasLapsed(TitleRejected):
    """What a lapsed lock held is the owner's again."""

    code = 874

    def __init__(self, until: int) -> None:
        super().__init__(f"the lock lapsed at {format_milliseconds(until)}")


class DependsOnNothing(TitleRejected):
    """Only what depends on another title can be confirmed, or made to depend on another."""

    code = 876

    def __init__(self, title: RecordId) -> None:
        super().__init__(f"{format_record_id(title)} depends on nothing")


class ProofOfAnotherTitle(TitleRejected):
    """A proof shows the title that is named."""

    code = 877

    def __init__(self, id: RecordId, named: RecordId) -> None:
        super().__init__(
            f"proof: it shows {format_record_id(id)}, named is {format_record_id(named)}"
        )


class ProofIsAhead(TitleRejected):
    """Another ledger's clock may differ from this one's, but not by much."""

    code = 878

    def __init__(self, as_of: int, time: int) -> None:
        super().__init__(
            f"proof: it is of {format_milliseconds(as_of)}, here it is {format_milliseconds(time)}"
        )


class ProofIsStale(TitleRejected):
    """What another ledger said long ago says nothing of today."""

    code = 879

    def __init__(self, as_of: int, time: int) -> None:
        super().__init__(
            f"proof: it is of {format_milliseconds(as_of)}, here it is {format_milliseconds(time)}"
        )


class ProofIsOlder(TitleRejected):
    """What was proven last is replaced only by what is not older."""

    code = 880

    def __init__(self, as_of: int, known: int) -> None:
        super().__init__(
            f"proof: it is of {format_milliseconds(as_of)}, "
            f"known is how it was at {format_milliseconds(known)}"
        )


class NamedTitleIsGone(TitleRejected):
    """A title depends on one that stands."""

    code = 881

    def __init__(self, named: RecordId, state: str) -> None:
        super().__init__(f"{format_record_id(named)} is {state} on its ledger")


class NamedTitleIsAnothers(TitleRejected):
    """A title and what it depends on have one owner."""

    code = 882

    def __init__(self, named: RecordId, owner: PublicKey) -> None:
        super().__init__(f"{format_record_id(named)} belongs to {format_public_key(owner)}")


class NamedTitleIsNotHeld(TitleRejected):
    """What a title depends on is held, to stay its owner's, until the title is written."""

    code = 883

    def __init__(self, named: RecordId, change: LockId) -> None:
        super().__init__(
            f"{format_lock_id(change)} does not hold {format_record_id(named)} for its owner"
        )


class HeldForAnotherLedger(TitleRejected):
    """The change for which the named title is held is decided here, and nowhere else."""

    code = 884

    def __init__(self, change: LockId) -> None:
        super().__init__(f"{format_lock_id(change)} is decided by another ledger")


class ChangeWasDecided(TitleRejected):
    """The change for which the named title is held was not decided before this block."""

    code = 885

    def __init__(self, change: LockId, decided_at: int) -> None:
        super().__init__(
            f"{format_lock_id(change)} was decided at {format_milliseconds(decided_at)}: "
            "what it held may be gone"
        )


class OwnerIsNotIssuer(TitleRejected):
    """Whoever shares a title has issued the shares."""

    code = 890

    def __init__(self, asset: RecordId, owner: PublicKey) -> None:
        super().__init__(
            f"{format_public_key(owner)} is not an issuer of {format_record_id(asset)}"
        )


class ShareClassIsSerial(TitleRejected):
    """Shares cannot be told apart."""

    code = 891

    def __init__(self, asset: RecordId) -> None:
        super().__init__(f"{format_record_id(asset)} is a serial class")


class SupplyIsNotFixed(TitleRejected):
    """Nobody can make more shares, or take those of others away."""

    code = 892

    def __init__(self, problem: str) -> None:
        super().__init__(f"asset: {problem}")


class TitleIsShared(TitleRejected):
    """A title is shared once, and a class of assets is a share in one title."""

    code = 893

    def __init__(self, id: RecordId) -> None:
        super().__init__(f"{format_record_id(id)} is shared already")


class SharesAreOut(TitleRejected):
    """A shared title is retired by whoever has all the shares."""

    code = 894

    def __init__(self, held: int, supply: int) -> None:
        super().__init__(f"the owner has {held} of {supply} shares")


class HoldersAreNotAll(TitleRejected):
    """Income is distributed to everybody who has shares, or to nobody."""

    code = 895

    def __init__(self, held: int, supply: int) -> None:
        super().__init__(f"holders: they have {held} of {supply} shares")


class NobodyToPay(TitleRejected):
    """Somebody who has shares can be paid."""

    code = 896

    def __init__(self) -> None:
        super().__init__("holders: all shares lie in vaults, which are not paid")


REJECTIONS: tuple[type[TitleRejected], ...] = tuple(TitleRejected.__subclasses__())
"""Every reason above, in the order in which they stand: none can be forgotten."""
