"""
Signed evidence: how much of what was measured, in which interval, and how good the figure is.

A measurement stands under an id that is computed from an owner key and the begin of the interval.
Whoever derives a fresh key per interval makes measurements that nobody can link; whoever knows key
and begin finds the measurement, and everything that other contracts hang on it, under the same id.
"""

from enum import Enum
from hashlib import sha256
from typing import Annotated, Final

from msgspec import Meta

from tallystick.base.amounts import Amount, Milliseconds, Seconds
from tallystick.base.encoding import Record
from tallystick.base.hashing import TAG_MEASUREMENT_ID
from tallystick.base.identifiers import PublicKey, RecordId

HOUR_SECONDS: Final = 3_600
INTERVAL_SECONDS_MIN: Final = 60
LENGTHS_MAX: Final = 32
SECTORS_MAX: Final = 256
REVISION_MAX: Final = 65_535

Sector = Annotated[str, Meta(min_length=1, max_length=32)]
"""A price area or any smaller part of the grid; the ledger's parameters say which there are."""

SectorName = Annotated[
    str, Meta(min_length=1, max_length=32, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*\Z")
]
"""A sector where it is defined; `*` is none, because as a scope it means all of them."""

Relier = Annotated[str, Meta(max_length=32, pattern=r"^[a-z-]*\Z")]
"""A contract's name, or nothing."""


class Kind(Enum):
    """What was measured, and so the unit of the amount."""

    PRODUCTION = "production"
    """Energy fed into the grid. [Wh]"""

    CONSUMPTION = "consumption"
    """Energy taken from the grid. [Wh]"""

    EMISSION = "emission"
    """Mass emitted. [g]"""


class Quality(Enum):
    """How a figure came about, the best first."""

    MEASURED = "measured"
    """Read from the meter."""

    CALCULATED = "calculated"
    """Computed from other measured figures."""

    SUBSTITUTED = "substituted"
    """Taken from elsewhere, such as a check meter."""

    ESTIMATED = "estimated"
    """Guessed from the past or from a profile."""

    MISSING = "missing"
    """Nobody knows; the amount means nothing."""


class Measurement(Record, tag="measurement"):
    """What was measured in one interval."""

    owner: PublicKey
    """The key that may act on it: on production's certificate, or on consumption's claims."""

    begin: Seconds
    """The first second of the interval. [s since the epoch, UTC]"""

    end: Seconds
    """The first second after the interval. [s since the epoch, UTC]"""

    sector: Sector
    """Where on the grid."""

    kind: Kind
    """What was measured."""

    amount: Amount
    """How much, as corrected so far. [Wh for energy, g for an emission]"""

    quality: Quality
    """How the figure came about."""

    revision: Annotated[int, Meta(ge=0, le=REVISION_MAX)]
    """How many times it was corrected."""

    relier: Relier
    """The contract that relies on it and alone may correct it; empty if none does."""

    published_at: Milliseconds
    """When it was published. [ms since the epoch, UTC]"""


class MeasurementParameters(Record, tag="measurement-parameters"):
    """What a ledger measures."""

    sectors: Annotated[tuple[SectorName, ...], Meta(min_length=1, max_length=SECTORS_MAX)]
    """The sectors that it knows."""

    interval_seconds: Annotated[
        tuple[Annotated[int, Meta(ge=INTERVAL_SECONDS_MIN, le=HOUR_SECONDS)], ...],
        Meta(min_length=1, max_length=LENGTHS_MAX),
    ]
    """The lengths that an interval may have, each a whole part of an hour. [s]"""


_ID_HEAD: Final = (
    len(TAG_MEASUREMENT_ID).to_bytes(1, "big") + TAG_MEASUREMENT_ID + (33).to_bytes(4, "big")
)
_ID_MIDDLE: Final = (8).to_bytes(4, "big")

_RANKS: Final = {quality: rank for rank, quality in enumerate(reversed(Quality))}


def measurement_id(owner: PublicKey, begin: int) -> RecordId:
    """
    Return the id of the measurement of an owner key that begins at a second.

    It is `tagged_hash(TAG_MEASUREMENT_ID, owner, begin as 8 bytes)` with what never changes laid
    out beforehand, because every publication computes it.
    """
    parts = (_ID_HEAD, owner, _ID_MIDDLE, begin.to_bytes(8, "big"))
    return RecordId(sha256(b"".join(parts)).digest())


def problem_with(parameters: MeasurementParameters) -> str:
    """
    Say what is wrong with settings, at genesis as well as when a ballot changes them; else nothing.

    Lengths that don't divide the hour would drift against it.
    """
    for n, length in enumerate(parameters.interval_seconds):
        if HOUR_SECONDS % length:
            return f"interval_seconds[{n}]: {length} s does not divide an hour"
    for name, count, values in (
        ("interval_seconds", len(parameters.interval_seconds), set(parameters.interval_seconds)),
        ("sectors", len(parameters.sectors), set(parameters.sectors)),
    ):
        if len(values) != count:
            return f"{name}: one stands there twice"
    return ""


def is_as_good_as(quality: Quality, least: Quality) -> bool:
    """Tell whether a figure came about at least as well as another way."""
    return _RANKS[quality] >= _RANKS[least]
