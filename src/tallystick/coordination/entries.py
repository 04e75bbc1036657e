"""What stands in a diary."""

from typing import Annotated, Any, Final

from msgspec import Meta

from tallystick.base.amounts import Amount, Milliseconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import Hash, LedgerId, PublicKey, RecordId
from tallystick.contracts.exchange.model import (
    PARTS_MAX,
    PREIMAGE_BYTES,
    Change,
    Outcome,
    Part,
)
from tallystick.core.holding import ContractName

INTENT_BYTES: Final = 16
ATTEMPTS_MAX: Final = 1_000

IntentId = Annotated[bytes, Meta(min_length=INTENT_BYTES, max_length=INTENT_BYTES)]
"""A random name for what somebody wants, under which it is tried."""


class Intent(Record, tag="intent/1"):
    """A joint change that somebody wants, however often it has to be tried."""

    id: IntentId
    """Its name."""

    parts: Annotated[tuple[Part, ...], Meta(min_length=1, max_length=PARTS_MAX)]
    """What changes."""

    deciding: LedgerId
    """Which ledger decides."""

    lasting: Annotated[int, Meta(ge=1)]
    """How long each attempt may take. [ms]"""

    attempts_max: Annotated[int, Meta(ge=1, le=ATTEMPTS_MAX)]
    """How often it is tried."""


class ChangeBegun(Record, tag="change-begun/1"):
    """An attempt is made; it is written before anything is sent."""

    intent: Intent
    """What is wanted."""

    attempt: Annotated[int, Meta(ge=1, le=ATTEMPTS_MAX)]
    """Which attempt it is."""

    change: Change
    """The change as the ledgers know it."""


class ChangeEnded(Record, tag="change-ended/1"):
    """An attempt has ended on every ledger."""

    intent: IntentId
    """What was wanted."""

    attempt: Annotated[int, Meta(ge=1, le=ATTEMPTS_MAX)]
    """Which attempt it was."""

    outcome: Outcome
    """How it ended."""

    final: bool
    """Whether it is not tried again."""


class Leg(Record, tag="swap-leg/1"):
    """What one party of a swap gives."""

    ledger: LedgerId
    """On which ledger."""

    contract: ContractName
    """The contract that keeps the holding."""

    holding: RecordId
    """The holding."""

    amount: Amount
    """How much of it, in its own unit; 0 for the whole."""

    owner: PublicKey
    """Who gives."""

    beneficiary: PublicKey
    """Who is paid; the other party, or somebody it names."""

    until: Milliseconds
    """It is paid before this time, and given back from it on. [ms since the epoch, UTC]"""


class Terms(Record, tag="swap-terms/1"):
    """A swap, as both parties know it."""

    digest: Hash
    """SHA-256 of the preimage that the leader drew."""

    lead: Leg
    """What the leader gives: locked first, given back last."""

    follow: Leg
    """What the follower gives."""


class SwapBegun(Record, tag="swap-begun/1"):
    """A party takes part in a swap; it is written before anything is sent."""

    terms: Terms
    """The swap."""

    preimage: Annotated[bytes, Meta(max_length=PREIMAGE_BYTES)]
    """The leader's secret; empty in the follower's diary."""

    def __repr__(self) -> str:
        """Keep the secret out of logs and traces."""
        return f"SwapBegun(digest={self.terms.digest.hex()}, …)"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """Keep the secret out of what is shown to people."""
        return [("terms", self.terms)]


class SwapEnded(Record, tag="swap-ended/1"):
    """A swap is over for a party."""

    digest: Hash
    """Which swap."""

    outcome: Annotated[str, Meta(max_length=32)]
    """How it ended."""


Entry = ChangeBegun | ChangeEnded | SwapBegun | SwapEnded
