"""
The three ways in which something can be wrong, kept apart on purpose.

A `Rejected` is the user's: a rule says no, the receipt records it. A `Refused` is the sender's: the
bytes never qualified as a transaction, so nothing is recorded. An `Unavailable` is the world's, and
says what to do next. Everything else that is raised is a bug of ours and is never caught here.
"""

from typing import ClassVar


class Rejected(Exception):
    """
    A rule of a contract says no.

    Subclasses carry a stable `code`, unique within their contract, which is part of consensus; the
    message is for people and is not.
    """

    contract: ClassVar[str] = "kernel"
    """The contract whose rule spoke."""

    code: ClassVar[int] = 0
    """The reason, append-only and never reused."""


class NonceUsedBefore(Rejected):
    """What these signers made with the same nonce before stands where something new would stand."""

    code = 1

    def __init__(self, id: bytes) -> None:
        super().__init__(
            f"id {id.hex()} is taken: the signers used this nonce before, draw another"
        )


class KeepsNoHoldings(Rejected):
    """A lock can only be put on, or taken off, what a contract in force keeps."""

    code = 2

    def __init__(self, contract: str) -> None:
        super().__init__(f"contract {contract!r} keeps no holdings that could be locked")


class Refused(ValueError):
    """
    The bytes are not a transaction that this ledger may include.

    A refusal is never recorded: it uses up no id and leaves no trace in a block.
    """

    code: ClassVar[str] = "refused"
    """A stable word for programs."""


class Malformed(Refused):
    """The bytes do not decode to a canonical transaction."""

    code = "malformed"


class TooLarge(Refused):
    """A bound of the transaction format is exceeded."""

    code = "too-large"


class WrongLedger(Refused):
    """The transaction was signed for another ledger."""

    code = "wrong-ledger"


class SignersNotSorted(Refused):
    """Signer keys must be strictly ascending, so that no key appears twice."""

    code = "signers-not-sorted"


class SignatureCountDiffers(Refused):
    """There must be exactly one signature for each signer, in the same order."""

    code = "signature-count"


class BadSignature(Refused):
    """A signature does not verify under its signer's key."""

    code = "bad-signature"


class CommandsDiffer(Refused):
    """The commands are not those whose root was signed."""

    code = "commands-differ"


class UnknownCommand(Refused):
    """No contract in force knows the command, or a value in it breaks its field's bounds."""

    code = "unknown-command"


class VersionIsLacking(Refused):
    """
    What a transaction plans needs a version of a contract that this software does not have.

    It is not rejected: a receipt that depends on who reads it could never be replayed.
    """

    code = "version-lacking"

    def __init__(self, contract: str, version: int) -> None:
        super().__init__(
            f"contract {contract} version {version}: this release of Tallystick does not have it, "
            "install one that does"
        )


class TransactionExpired(Refused):
    """The expiry has passed at the time of the block."""

    code = "expired"


class ExpiryTooFar(Refused):
    """The expiry lies further ahead than the ledger remembers ids."""

    code = "expiry-too-far"


class AlreadyIncluded(Refused):
    """A transaction with this id stands in an earlier block."""

    code = "already-included"


class BugInRule(Refused):
    """The transaction met a bug of ours and was set aside; nothing of it was recorded."""

    code = "bug-in-rule"


class Unavailable(Exception):
    """The request is fine, but it cannot be served now; the message says what to do next."""


class Later(Unavailable):
    """The waiting room is full: try again after `retry_after_milliseconds`."""

    def __init__(self, message: str, *, retry_after_milliseconds: int) -> None:
        super().__init__(message)
        self.retry_after_milliseconds = retry_after_milliseconds


class Damaged(Unavailable):
    """Stored bytes are not what was written; the message names the height and the offset."""


class InvariantBroken(Exception):
    """A contract's invariant does not hold: a bug of ours, never a user's mistake."""
