"""
Say what a ledger answered, in the words that every scenario's report needs.

Plain numbers and texts: a scenario asks its ledger, fills this in, and a report is written from it
without a ledger at hand.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Conservation:
    """Where the energy of every certificate of one technology is now."""

    label: str
    """The technology."""
    measured_wh: int
    """Production that was published. [Wh]"""
    issued_wh: int
    """For which certificates were issued. [Wh]"""
    held_wh: int
    """Active in somebody's hands. [Wh]"""
    locked_wh: int
    """Locked for a contract. [Wh]"""
    claimed_wh: int
    """Retired against consumption. [Wh]"""
    withdrawn_wh: int
    """Taken back by the issuing body. [Wh]"""
    expired_wh: int
    """Past its time without a claim. [Wh]"""

    @property
    def difference_wh(self) -> int:
        """Energy issued that is nowhere, in Wh: zero, or the ledger is wrong."""
        whereabouts = (self.held_wh, self.locked_wh, self.claimed_wh, self.withdrawn_wh)
        return self.issued_wh - sum(whereabouts) - self.expired_wh


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the work, with how long it took."""

    label: str
    """What was done."""
    count: int
    """How many times."""
    milliseconds: int
    """How long it took in all. [ms]"""


@dataclass(frozen=True, slots=True)
class Finding:
    """What somebody who sees the whole ledger, but holds no key, can find out."""

    question: str
    """What they try to learn."""
    answer: str
    """How well they do."""


@dataclass(frozen=True, slots=True)
class LedgerFacts:
    """What the ledger answered when a scenario's work was done."""

    ledger_id: str
    """As text."""
    readings: int
    """How many values the meters gave."""
    measurements: int
    """How many were published."""
    certificates: int
    """How many were issued."""
    claims: int
    """How many parts of certificates were retired against consumption."""
    conservation: tuple[Conservation, ...]
    """One for each technology."""
    stages: tuple[Stage, ...]
    """In the order of the work."""
    findings: tuple[Finding, ...]
    """What can be linked."""
    is_audited: bool
    """Whether replaying everything from genesis met every root."""
    is_verified: bool
    """Whether the stand-alone check accepted the proof."""
    checkpoint: str
    """The signed note."""
    proof_file: str
    """Path of the proof of one claim."""
    proof_bytes: int
    """Its size. [bytes]"""
    verify_command: str
    """The whole command line that checks it, trust included."""
    ledger_path: str
    """Where the ledger is."""


def is_conserved(ledger: LedgerFacts) -> bool:
    """
    Tell whether all energy measured was issued and all energy issued is somewhere.

    Where nothing was compared, nothing is conserved.
    """
    return bool(ledger.conservation) and all(
        row.difference_wh == 0 and row.measured_wh == row.issued_wh for row in ledger.conservation
    )
