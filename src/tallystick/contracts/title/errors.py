"""
Why a command on titles is rejected, in order of precedence.

When several reasons apply, the one with the lowest code is given. Codes are never reused; the gaps
leave room for reasons to come. Up to 874 they are in `errors_titles`. Every message begins with the
field that it is about, and says after a semicolon what to do.
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

from .errors_titles import (
    AmountIsNotOne,
    AmountIsZero,
    AttributesNotAscending,
    CallerIsNoContract,
    HoldersNotAscending,
    LapseIsRecent,
    LockHasLapsed,
    LockNotFound,
    NameIsTaken,
    NameNotFound,
    OwnerHasNotSigned,
    PageNotFound,
    PayerHasNotSigned,
    ShareClassNotFound,
    SignerIsNotTitleRegistrar,
    TargetIsNoKey,
    TargetIsOwner,
    TitleIsLocked,
    TitleIsNotShared,
    TitleIsRetired,
    TitleNotFound,
    TitleRejected,
    UntilHasPassed,
)

__all__ = [
    "REJECTIONS",
    "AmountIsNotOne",
    "AmountIsZero",
    "AttributesNotAscending",
    "CallerIsNoContract",
    "ChangeWasDecided",
    "DependsOnNothing",
    "HeldForAnotherLedger",
    "HoldersAreNotAll",
    "HoldersNotAscending",
    "LapseIsRecent",
    "LockHasLapsed",
    "LockNotFound",
    "NameIsTaken",
    "NameNotFound",
    "NamedTitleIsAnothers",
    "NamedTitleIsGone",
    "NamedTitleIsNotHeld",
    "NobodyToPay",
    "OwnerHasNotSigned",
    "OwnerIsNotIssuer",
    "PageNotFound",
    "PayerHasNotSigned",
    "ProofIsAhead",
    "ProofIsOlder",
    "ProofIsStale",
    "ProofOfAnotherTitle",
    "ShareClassIsSerial",
    "ShareClassNotFound",
    "SharesAreOut",
    "SignerIsNotTitleRegistrar",
    "SupplyIsNotFixed",
    "TargetIsNoKey",
    "TargetIsOwner",
    "TitleIsLocked",
    "TitleIsNotShared",
    "TitleIsRetired",
    "TitleIsShared",
    "TitleNotFound",
    "TitleRejected",
    "UntilHasPassed",
]


class DependsOnNothing(TitleRejected):
    """Only what depends on another title can be confirmed, or made to depend on another."""

    code = 876

    def __init__(self, title: RecordId) -> None:
        super().__init__(
            f"title: {format_record_id(title)} depends on nothing; that is said at registration"
        )


class ProofOfAnotherTitle(TitleRejected):
    """A proof shows the title that is named."""

    code = 877

    def __init__(self, id: RecordId, named: RecordId, *, field: str) -> None:
        super().__init__(
            f"{field}: it shows {format_record_id(id)}; bring one of {format_record_id(named)}"
        )


class ProofIsAhead(TitleRejected):
    """Another ledger's clock may differ from this one's, but not by much."""

    code = 878

    def __init__(self, as_of: int, time: int, *, field: str) -> None:
        super().__init__(
            f"{field}: it is of {format_milliseconds(as_of)}, here it is "
            f"{format_milliseconds(time)}; send it again a little later"
        )


class ProofIsStale(TitleRejected):
    """What another ledger said long ago says nothing of today."""

    code = 879

    def __init__(self, as_of: int, time: int, *, field: str) -> None:
        super().__init__(
            f"{field}: it is of {format_milliseconds(as_of)}, here it is "
            f"{format_milliseconds(time)}; bring one from a newer block"
        )


class ProofIsOlder(TitleRejected):
    """What was proven last is replaced only by what is not older."""

    code = 880

    def __init__(self, as_of: int, known: int, *, field: str) -> None:
        super().__init__(
            f"{field}: it is of {format_milliseconds(as_of)}; bring one from "
            f"{format_milliseconds(known)}, as of which more is known, or later"
        )


class NamedTitleIsGone(TitleRejected):
    """A title depends on one that stands."""

    code = 881

    def __init__(self, named: RecordId, state: str) -> None:
        super().__init__(
            f"depends_on.title: {format_record_id(named)} is {state} on its ledger; "
            "name one that stands"
        )


class NamedTitleIsAnothers(TitleRejected):
    """A title and what it depends on have one owner."""

    code = 882

    def __init__(self, named: RecordId, owner: PublicKey) -> None:
        super().__init__(
            f"depends_on.title: {format_record_id(named)} belongs to {format_public_key(owner)}; "
            "name one of this title's owner"
        )


class NamedTitleIsNotHeld(TitleRejected):
    """What a title depends on is held, to stay its owner's, until the title is written."""

    code = 883

    def __init__(self, named: RecordId, change: LockId) -> None:
        super().__init__(
            f"depends_on.change: {format_lock_id(change)} does not hold {format_record_id(named)} "
            "for its owner; send exchange.prepare there, then prove it"
        )


class HeldForAnotherLedger(TitleRejected):
    """The change for which the named title is held is decided here, and nowhere else."""

    code = 884

    def __init__(self, change: LockId) -> None:
        super().__init__(
            f"depends_on.change: another ledger decides {format_lock_id(change)}; "
            "prepare one that this ledger decides"
        )


class ChangeWasDecided(TitleRejected):
    """The change for which the named title is held was not decided before this block."""

    code = 885

    def __init__(self, change: LockId, decided_at: int) -> None:
        super().__init__(
            f"depends_on.change: {format_lock_id(change)} was decided at "
            f"{format_milliseconds(decided_at)}, what it held may be gone; prepare another"
        )


class OwnerIsNotIssuer(TitleRejected):
    """Whoever shares a title has issued the shares."""

    code = 890

    def __init__(self, asset: RecordId, owner: PublicKey) -> None:
        super().__init__(
            f"asset: {format_public_key(owner)} is not an issuer of {format_record_id(asset)}; "
            "take a class that the owner has issued"
        )


class ShareClassIsSerial(TitleRejected):
    """Shares cannot be told apart."""

    code = 891

    def __init__(self, asset: RecordId) -> None:
        super().__init__(f"asset: {format_record_id(asset)} is serial; take a fungible class")


class SupplyIsNotFixed(TitleRejected):
    """Nobody can make more shares, or take those of others away."""

    code = 892

    def __init__(self, problem: str) -> None:
        super().__init__(f"asset: {problem}")


class TitleIsShared(TitleRejected):
    """A title is shared once, and a class of assets is a share in one title."""

    code = 893

    def __init__(self, title: RecordId, *, field: str = "title") -> None:
        super().__init__(
            f"{field}: {format_record_id(title)} is shared already; take another {field}"
        )


class SharesAreOut(TitleRejected):
    """A shared title is retired by whoever has all the shares."""

    code = 894

    def __init__(self, held: int, supply: int) -> None:
        super().__init__(
            f"title: its owner has {held} of {supply} shares free; get the others first"
        )


class HoldersAreNotAll(TitleRejected):
    """Income is distributed to everybody who has shares, or to nobody."""

    code = 895

    def __init__(self, held: int, supply: int) -> None:
        super().__init__(
            f"holders: they have {held} of {supply} shares; name everybody who has some"
        )


class NobodyToPay(TitleRejected):
    """Somebody who has shares can be paid."""

    code = 896

    def __init__(self) -> None:
        super().__init__(
            "holders: all shares lie in vaults, which are not paid; pay once they are out"
        )


REJECTIONS: tuple[type[TitleRejected], ...] = tuple(TitleRejected.__subclasses__())
"""Every reason above, in the order in which they stand: none can be forgotten."""
