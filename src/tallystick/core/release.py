"""
Releases: which version and which parameters of each contract rule from which height.

Both change at a height and never in the past, so a block replays for ever under what it was made
under. The plans are records of the state: every node reads the same ones. Whether what they say can
work is asked before it is written; see `foresight`.
"""

from collections.abc import Iterable, Sequence
from typing import Annotated

import msgspec

from tallystick.base import hashing
from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId

from .contract import Contract, Rulebook
from .genesis import PARAMETERS_BYTES_MAX, Genesis
from .holding import ContractName

RELEASES_MAX = 256
SETTINGS_MAX = 16

Height = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
"""A block's number."""


class Release(Record, tag="release-entry/1"):
    """One contract's version from one height on."""

    height: Height
    """The first block that it rules."""

    contract: ContractName
    """The contract's name."""

    version: Annotated[int, msgspec.Meta(ge=1, le=65_535)]
    """The version of its rules."""


class ReleasePlan(Record, tag="release-plan/1"):
    """Every release so far, in order of height."""

    releases: Annotated[tuple[Release, ...], msgspec.Meta(max_length=RELEASES_MAX)]
    """The entries; a later one replaces an earlier one of the same contract."""


class Setting(Record, tag="setting-entry/1"):
    """One contract's parameters from one height on."""

    height: Height
    """The first block that they rule."""

    contract: ContractName
    """The contract's name."""

    parameters: Annotated[bytes, msgspec.Meta(max_length=PARAMETERS_BYTES_MAX)]
    """Its parameters, in canonical encoding."""


class ParametersPlan(Record, tag="parameters-plan/1"):
    """
    What a contract's parameters are after those of genesis, beside which it stands.

    What was over when a new setting came is forgotten: blocks of that time found it in their state.
    """

    settings: Annotated[tuple[Setting, ...], msgspec.Meta(max_length=SETTINGS_MAX)]
    """The entries in order of height; a later one replaces an earlier one."""


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


def parameters_at(plan: ParametersPlan | None, *, height: int) -> bytes | None:
    """Return the planned parameters that rule a height; nothing if those of genesis do."""
    ruling = [] if plan is None else [each for each in plan.settings if each.height <= height]
    return ruling[-1].parameters if ruling else None


def with_releases(plan: ReleasePlan, releases: Iterable[Release]) -> ReleasePlan:
    """Return a plan with more entries; of two for the same height the new one rules."""
    return ReleasePlan(
        releases=tuple(sorted((*plan.releases, *releases), key=lambda each: each.height))
    )


def with_settings(
    plan: ParametersPlan | None, settings: Iterable[Setting], *, height: int
) -> ParametersPlan:
    """Return a contract's plan with more entries, and without those that are over at a height."""
    before = () if plan is None else plan.settings
    over = sum(each.height <= height for each in before) - 1
    kept = before[max(over, 0) :]
    return ParametersPlan(settings=tuple(sorted((*kept, *settings), key=lambda each: each.height)))


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
