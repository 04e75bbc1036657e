"""
Releases: which version of each contract rules from which height.

Rules change at a height and never in the past, so a block replays for ever under the rules that it
was made under. The plan is a record of the state: every node reads the same one.
"""

from collections.abc import Iterable, Sequence
from typing import Annotated

import msgspec

from tallystick.base import hashing
from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId

from .contract import Contract, Rulebook
from .genesis import Genesis
from .holding import ContractName

RELEASES_MAX = 256


class Release(Record, tag="release-entry/1"):
    """One contract's version from one height on."""

    height: Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
    """The first block that it rules."""

    contract: ContractName
    """The contract's name."""

    version: Annotated[int, msgspec.Meta(ge=1, le=65_535)]
    """The version of its rules."""


class ReleasePlan(Record, tag="release-plan/1"):
    """Every release so far, in order of height."""

    releases: Annotated[tuple[Release, ...], msgspec.Meta(max_length=RELEASES_MAX)]
    """The entries; a later one replaces an earlier one of the same contract."""


def releases_id() -> RecordId:
    """Return the id under which the plan stands in the state."""
    return RecordId(hashing.tagged_hash(hashing.TAG_RELEASES_ID))


def first_plan(genesis: Genesis) -> ReleasePlan:
    """Return the plan that a ledger is born with."""
    return ReleasePlan(
        releases=tuple(
            Release(height=0, contract=section.contract, version=section.version)
            for section in genesis.sections
        )
    )


def versions_at(plan: ReleasePlan, *, height: int) -> tuple[tuple[str, int], ...]:
    """Return name and version of each contract that rules a height, in order of first release."""
    versions: dict[str, int] = {}
    for release in plan.releases:
        if release.height <= height:
            versions[release.contract] = release.version
    return tuple(versions.items())


def rulebook_of(versions: Iterable[tuple[str, int]], available: Sequence[Contract]) -> Rulebook:
    """
    Compile the contracts that rule together.

    Raises ValueError if this software lacks a version: then it must not run the ledger at all. So
    it does if genesis names a contract twice.
    """
    known = {(contract.name, contract.version): contract for contract in available}
    chosen: dict[str, Contract] = {}
    for name, version in versions:
        if name in chosen:
            raise ValueError(f"genesis names contract {name} twice")
        contract = known.get((name, version))
        if contract is None:
            raise ValueError(
                f"the ledger needs contract {name} version {version}, which this release of "
                "Tallystick does not have: install one that does"
            )
        chosen[name] = contract
    return Rulebook(chosen.values())
