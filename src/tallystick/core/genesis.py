"""Genesis: what a ledger is, before its first transaction. Its hash is the ledger's id."""

from typing import Annotated

import msgspec

from tallystick.base import hashing
from tallystick.base.amounts import Milliseconds
from tallystick.base.encoding import Record, encode
from tallystick.base.identifiers import LedgerId, RecordId

from .holding import ContractName

CONTRACTS_MAX = 64
PARAMETERS_BYTES_MAX = 65_536
SALT_BYTES = 32


class Section(Record, tag="section/1"):
    """One contract of a new ledger, with its settings."""

    contract: ContractName
    """The contract's name."""

    version: Annotated[int, msgspec.Meta(ge=1, le=65_535)]
    """The version of its rules that holds from block 1 on."""

    parameters: Annotated[bytes, msgspec.Meta(max_length=PARAMETERS_BYTES_MAX)]
    """Its parameters, in canonical encoding."""


class Genesis(Record, tag="genesis/1"):
    """A ledger's birth certificate."""

    name: Annotated[
        str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[a-z0-9][a-z0-9.-]*\Z")
    ]
    """A short name for people; it need not be unique."""

    time: Milliseconds
    """The time of block 0. [ms since the epoch, UTC]"""

    lifetime_max: Annotated[int, msgspec.Meta(ge=1_000, le=3_600_000)]
    """How far ahead a transaction may expire, and how long ids are remembered. [ms]"""

    ids_max: Annotated[int, msgspec.Meta(ge=1, le=4_000_000)]
    """How many ids are remembered at most; beyond it submissions wait."""

    sections: Annotated[tuple[Section, ...], msgspec.Meta(min_length=1, max_length=CONTRACTS_MAX)]
    """The contracts, required ones before those that require them."""

    salt: Annotated[bytes, msgspec.Meta(min_length=SALT_BYTES, max_length=SALT_BYTES)]
    """Random bytes, so that two ledgers with equal settings are still two."""


def ledger_id(genesis: Genesis) -> LedgerId:
    """Return the id that every transaction of the ledger is bound to."""
    return LedgerId(hashing.tagged_hash(hashing.TAG_LEDGER_ID, encode(genesis)))


def parameters_id(contract: str) -> RecordId:
    """Return the id under which a contract's parameters stand in the state."""
    return RecordId(hashing.tagged_hash(hashing.TAG_PARAMETERS_ID, contract.encode()))
