"""
Why a command on assets is rejected, in order of precedence.

When several reasons apply, the one with the lowest code is given. Codes are never reused; the gaps
leave room for reasons to come.
"""

from collections.abc import Mapping
from typing import Final

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

from .model import Burners

MAY_BURN: Final[Mapping[Burners, str]] = {
    Burners.ISSUER: "an issuer of its class",
    Burners.OWNER: "its owner",
    Burners.EITHER: "its owner or an issuer of its class",
}
"""Who may burn, as people say it."""


class AssetRejected(Rejected):
    """Base of every reason of this contract."""

    contract = "asset"


class AssetNotFound(AssetRejected):
    """There must be a class, or a series of a serial class, with this id."""

    code = 401

    def __init__(self, unit: RecordId, *, field: str = "unit") -> None:
        super().__init__(f"{field}: there is no asset {format_record_id(unit)}")


class AccountNotFound(AssetRejected):
    """There must be an account with this id."""

    code = 402

    def __init__(self, holding: RecordId, *, field: str = "holding") -> None:
        super().__init__(
            f"{field}: nobody holds this unit there: {format_record_id(holding)} has no account, "
            "because its owner never received any; have some sent first"
        )


class SignerIsNotAssetIssuer(AssetRejected):
    """A class is defined by an asset issuer in the scope of its name."""

    code = 410

    def __init__(self, name: str) -> None:
        super().__init__(f"name: no signer is asset issuer for {name!r}; sign as one")


class SignerIsNotIssuer(AssetRejected):
    """Units are minted by an issuer of their class."""

    code = 411

    def __init__(self, asset: RecordId) -> None:
        super().__init__(f"asset: no signer is an issuer of {format_record_id(asset)}; sign as one")


class SignerIsNotOwner(AssetRejected):
    """Whoever owns an account signs for what leaves it."""

    code = 412

    def __init__(self, owner: PublicKey, *, field: str) -> None:
        named = f"{'its owner ' if field == 'holding' else ''}{format_public_key(owner)}"
        super().__init__(f"{field}: {named} has not signed; sign with its key")


class SignerMayNotBurn(AssetRejected):
    """A class says who may burn its units."""

    code = 413

    def __init__(self, burners: Burners) -> None:
        super().__init__(f"unit: no signer may burn it; sign as {MAY_BURN[burners]}")


class CallerIsNoContract(AssetRejected):
    """Locks are for contracts: people hold what they own."""

    code = 414

    def __init__(self) -> None:
        super().__init__(
            "holding: only a contract locks a part of it; send a command of one, "
            "such as exchange.lock"
        )


class VaultIsNotBurned(AssetRejected):
    """What lies in a contract's vault is burned by nobody: the contract relies on it."""

    code = 415

    def __init__(self, vault: PublicKey) -> None:
        super().__init__(
            f"owner: {format_public_key(vault)} is a contract's vault; nobody burns what is in it"
        )


class IssuerNamedTwice(AssetRejected):
    """The issuers of a class are different keys."""

    code = 420

    def __init__(self) -> None:
        super().__init__("issuers: one key stands there twice; name each once")


class OwnerIsNoKey(AssetRejected):
    """Units are owned by a key that can sign, a point of the curve, or by a contract's vault."""

    code = 421

    def __init__(self, owner: PublicKey, *, field: str) -> None:
        super().__init__(
            f"{field}: {format_public_key(owner)} is neither a key that could sign nor a vault; "
            "name one of these"
        )


class AmountIsZero(AssetRejected):
    """Nothing cannot be minted, moved or burned."""

    code = 422

    def __init__(self) -> None:
        super().__init__("amount: 0, at least 1 is needed")


class EvidenceMissing(AssetRejected):
    """In a serial class, and for whoever is to claim, evidence names what is minted."""

    code = 423

    def __init__(self) -> None:
        super().__init__(
            "evidence: empty, but a serial class, and a mint without an owner, needs a reading's id"
        )


class OwnerAndClaim(AssetRejected):
    """Units are minted either to an owner or for a claimer."""

    code = 424

    def __init__(self) -> None:
        super().__init__("owner: give either an owner or a claim, not both and not neither")


class EvidenceUsed(AssetRejected):
    """A reading is minted once, whoever tries again."""

    code = 425

    def __init__(self, evidence: str, series: RecordId) -> None:
        super().__init__(f"evidence: {evidence!r} was minted before, as {format_record_id(series)}")


class MintingHasEnded(AssetRejected):
    """A class may state until when it is minted."""

    code = 426

    def __init__(self, last_mint_at: int, time: int) -> None:
        super().__init__(
            f"asset: its minting ended {format_milliseconds(last_mint_at)}, "
            f"it is {format_milliseconds(time)}"
        )


class SupplyCapExceeded(AssetRejected):
    """A class may state how much of it exists at most; what was burned makes room again."""

    code = 427

    def __init__(self, amount: int, room: int) -> None:
        super().__init__(f"amount: {amount}, the class has room for {room}")


class NotTransferable(AssetRejected):
    """A class may state that its units stay where they are minted."""

    code = 430

    def __init__(self, name: str, *, field: str = "unit") -> None:
        super().__init__(f"{field}: units of {name!r} cannot be passed on")


class NothingToClaim(AssetRejected):
    """A series is claimed once, and only if it was minted for a claimer."""

    code = 431

    def __init__(self, series: RecordId) -> None:
        super().__init__(f"series: nothing of {format_record_id(series)} waits for a claimer")


class ProofIsWrong(AssetRejected):
    """The proof and the claimer's key make the commitment that the mint carries."""

    code = 432

    def __init__(self) -> None:
        super().__init__("proof: with this claimer it does not make the mint's commitment")


class UntilHasPassed(AssetRejected):
    """A lock must end after the block that makes it."""

    code = 440

    def __init__(self, until: int, time: int) -> None:
        super().__init__(
            f"until: {format_milliseconds(until)} has passed, it is {format_milliseconds(time)}; "
            "give a later time, or 0"
        )


class UntilMovesForward(AssetRejected):
    """Adding to a lock may prolong it, never shorten it."""

    code = 441

    def __init__(self, until: int, present: int) -> None:
        super().__init__(
            f"until: {_end(until)} is earlier than {_end(present)}, which the lock has"
        )


class LockNotFound(AssetRejected):
    """The calling contract must hold something of the account under this id."""

    code = 442

    def __init__(self, holder: str, lock_id: LockId) -> None:
        super().__init__(
            f"lock_id: {holder or 'whoever is no contract'} holds nothing of the account under "
            f"{format_lock_id(lock_id)}"
        )


class LockHasLapsed(AssetRejected):
    """What a lapsed lock held is the owner's again."""

    code = 443

    def __init__(self, until: int) -> None:
        super().__init__(
            f"lock_id: it lapsed at {format_milliseconds(until)}; what it held is the owner's again"
        )


class LockInForce(AssetRejected):
    """What a lock holds stays until it lapses or its holder releases it."""

    code = 444

    def __init__(self, holder: str, until: int) -> None:
        end = f"until {format_milliseconds(until)}" if until else f"until {holder} releases it"
        super().__init__(f"lock_id: {holder} holds it {end}; wait until then")


class NotEnough(AssetRejected):
    """Only what is there, and not otherwise bound, can be moved, locked or burned."""

    code = 450

    def __init__(self, amount: int, available: int) -> None:
        super().__init__(f"amount: {amount}, available are {available}")


def _end(until: int) -> str:
    """Return when a lock ends."""
    return format_milliseconds(until) if until else "never"


REJECTIONS: tuple[type[AssetRejected], ...] = tuple(AssetRejected.__subclasses__())
"""Every reason above, in the order in which they stand: none can be forgotten."""
