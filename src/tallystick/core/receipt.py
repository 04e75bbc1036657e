"""A receipt: what became of a transaction, given only once it is durable."""

import msgspec

from tallystick.base.amounts import Milliseconds
from tallystick.base.identifiers import TransactionId

from .block import Outcome


class Receipt(msgspec.Struct, frozen=True):
    """The answer to a submission."""

    transaction: TransactionId
    """Id of the transaction."""

    height: int
    """Height of the block in which it stands."""

    index: int
    """Its place in that block."""

    time: Milliseconds
    """The block's time. [ms since the epoch, UTC]"""

    outcome: Outcome
    """What the block commits to: accepted, or rejected with a code."""

    message: str = ""
    """Why it was rejected, in a sentence for people. Not part of consensus."""

    @property
    def accepted(self) -> bool:
        """Tell whether all its commands took effect."""
        return self.outcome.code == 0
