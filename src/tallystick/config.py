"""One frozen configuration, read once at the edge and handed inwards."""

from typing import Annotated, Final, Literal

import msgspec

VERSION: Final = "0.1.0"
"""The version of this release of Tallystick."""

Positive = Annotated[int, msgspec.Meta(ge=1)]


class Configuration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How an embedded ledger runs. Nothing here changes what it computes."""

    state: Literal["lmdb", "memory"] = "lmdb"
    """Where the state is kept: on disk, or in memory, replayed from the journal when opened."""

    block_transactions_max: Annotated[int, msgspec.Meta(ge=1, le=65_536)] = 8_192
    """A block is closed when it holds this many transactions."""

    block_bytes_max: Annotated[int, msgspec.Meta(ge=1, le=2**28)] = 2**26
    """A block is closed when its transactions take this much. [bytes]"""

    block_delay_milliseconds: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 2
    """How long a block waits for more transactions while the node is idle. [ms]"""

    block_open_milliseconds_max: Positive = 200
    """A block is closed when it has been open this long, however many wait. [ms]"""

    waiting_max: Positive = 200_000
    """Transactions in the waiting room; beyond it the node says `Later`."""

    waiting_bytes_max: Positive = 2**28
    """What those in the waiting room may take in all; beyond it the node says `Later`. [bytes]"""

    batch_transactions: Annotated[int, msgspec.Meta(ge=1, le=1_024)] = 512
    """Transactions that are checked together."""

    verifier_threshold: Positive = 256
    """From this many waiting transactions on, signatures are checked in another process."""

    verifier_processes: Annotated[int, msgspec.Meta(ge=0, le=64)] = 1
    """Processes that check signatures; 0 means never another than this one."""
