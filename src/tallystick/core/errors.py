"""The three ways in which something can be wrong, kept apart on purpose.

A `Rejected` is the user's: a rule says no, the receipt records it. A `Refused` is the sender's: the
bytes never qualified as a transaction, so nothing is recorded. An `Unavailable` is the world's, and
says what to do next. Everything else that is raised is a bug of ours and is never caught here.
"""

from typing import ClassVar


class Rejected(Exception):  # noqa: N818 - a rejection is a sentence, not an error of ours.
    """
    A rule of a contract says no.

    Subclasses carry a stable `code`, unique within their contract, which is part of consensus; the
    message is for people and is not.
    """

    contract: ClassVar[str] = "kernel"
    """The contract whose rule spoke."""

    code: ClassVar[int] = 0
    """The reason, append-only and never reused."""


class Refused(ValueError):  # noqa: N818 - the sender is told what to do, the process is fine.
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
    """No contract in force on this ledger knows the command."""

    code = "unknown-command"


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


class Unavailable(Exception):  # noqa: N818 - the world's fault, named as such.
    """Nothing is wrong with the request; the world cannot serve it now. The message says what to do."""


class Later(Unavailable):
    """The waiting room is full: try again after `retry_after_seconds`."""

    def __init__(self, message: str, *, retry_after_milliseconds: int) -> None:
        super().__init__(message)
        self.retry_after_milliseconds = retry_after_milliseconds


class Damaged(Unavailable):
    """Stored bytes are not what was written; the message names the height and the offset."""


class InvariantBroken(Exception):  # noqa: N818 - an assertion about the ledger as a whole.
    """A contract's invariant does not hold: a bug of ours, never a user's mistake."""
