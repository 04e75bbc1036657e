"""
Who may vote with which weight, as one hash, and the proofs that voters bring.

The roll is a list that its body keeps. Only its RFC 6962 root and its sums stand on the ledger.
Whoever has the list computes both again; whoever has only the own line of it proves that.
"""

from collections.abc import Iterator, Sequence
from typing import Annotated, Final, NamedTuple

from msgspec import Meta

from tallystick.base import merkle
from tallystick.base.amounts import AMOUNT_MAX, Amount
from tallystick.base.encoding import Record, encode
from tallystick.base.identifiers import Hash, PublicKey, RecordId
from tallystick.core.log import Log

from .terms import QUESTIONS_MAX, VOTERS_MAX, Base, Question, Questions, Terms, VoterClass

PATH_HASHES_MAX: Final = 40
IDENTITY_HEAD: Final = b"\x00"
"""With what the mark of an identity begins; keys begin otherwise."""

Weight = Annotated[int, Meta(ge=1, le=AMOUNT_MAX)]
"""Votes, shares or people: whatever is counted, in whole units."""

Path = Annotated[tuple[Hash, ...], Meta(max_length=PATH_HASHES_MAX)]
"""RFC 6962 inclusion path, leaf to root."""


class RollEntry(Record, tag="roll-entry/1"):
    """One line of a roll; nobody stands in it twice with the same class."""

    voter: PublicKey
    """A key, or the mark of an identity; see `voter_of`."""

    weight: Weight
    """How much the vote weighs."""

    voter_class: VoterClass
    """The class that the weight is of."""

    for_others: bool
    """Whether it is held for others, so that it may be split over several options."""

    available: bool
    """Whether the voter was there when the roll was made, or had somebody there."""

    excluded: Questions
    """On which questions the voter has a conflict of interest; the weight does not count there."""


class Electorate(Record):
    """Who may vote on one question."""

    eligible: Amount
    """The weight of all who may."""

    available: Amount
    """The weight of those of them who were there when the roll was made."""


class Roll(Record):
    """What stands on the ledger of a roll."""

    root: Hash
    """RFC 6962 root over the canonical bytes of its entries."""

    entries: Annotated[int, Meta(ge=1, le=VOTERS_MAX)]
    """How many there are."""

    weight: Weight
    """What they weigh together."""

    available: Amount
    """What those weigh who were there when it was made."""

    electorates: Annotated[tuple[Electorate, ...], Meta(min_length=1, max_length=QUESTIONS_MAX)]
    """For each question, who may vote on it."""


def voter_of(identity: RecordId) -> PublicKey:
    """
    Return the mark by which a roll names an identity, for which its present key signs.

    It has the form of a key that nobody holds.
    """
    return PublicKey(IDENTITY_HEAD + identity)


def identity_of(voter: PublicKey) -> RecordId | None:
    """Return the identity that a mark names, nothing if it is a key."""
    return RecordId(voter[1:]) if voter.startswith(IDENTITY_HEAD) else None


def may_vote(entry: RollEntry, number: int, question: Question) -> bool:
    """Tell whether an entry's weight counts on a question."""
    if number in entry.excluded:
        return False
    majority = question.majority
    return majority.base is not Base.CLASS or majority.voter_class == entry.voter_class


def roll_of(entries: Sequence[RollEntry], terms: Terms) -> Roll:
    """
    Return what a roll comes to under the terms of a vote.

    Raises `ValueError` if somebody stands in it twice with one class, or if it has nobody.
    """
    places = {(entry.voter, entry.voter_class) for entry in entries}
    if len(places) != len(entries) or not entries:
        raise ValueError("a roll names somebody, and nobody twice with one class")
    return Roll(
        root=Hash(merkle.root([encode(entry) for entry in entries])),
        entries=len(entries),
        weight=sum(entry.weight for entry in entries),
        available=sum(entry.weight for entry in entries if entry.available),
        electorates=tuple(
            _electorate(entries, number, question)
            for number, question in enumerate(terms.questions)
        ),
    )


def roll_paths(entries: Sequence[RollEntry]) -> Iterator[tuple[Hash, ...]]:
    """Yield each entry's inclusion path, in order."""
    log = Log()
    log.extend_leaf_hashes(merkle.leaf_hashes([encode(entry) for entry in entries]))
    for index in range(len(entries)):
        yield tuple(map(Hash, log.inclusion_proof(index)))


def is_in(roll: Roll, entry: RollEntry, index: int, path: tuple[Hash, ...]) -> bool:
    """Tell whether an entry is proven to stand in a roll."""
    return merkle.verify_inclusion(encode(entry), index, roll.entries, path, roll.root)


class Excess(NamedTuple):
    """A sum of a roll that no list could have."""

    field: str
    """Which, from the roll on, such as `.entries`."""

    found: int
    """What it says."""

    bounds: str
    """What a list has there, in words."""


def excess_of(roll: Roll, terms: Terms) -> Excess | None:
    """Return the first of a roll's sums that can be those of no list; nothing if all can."""
    if len(roll.electorates) != len(terms.questions):
        bounds = f"{len(terms.questions)}, one for each question"
        return Excess(".electorates", len(roll.electorates), bounds)
    if roll.entries > roll.weight:
        return Excess(".entries", roll.entries, f"at most {roll.weight}, its weight")
    if roll.available > roll.weight:
        return Excess(".available", roll.available, f"at most {roll.weight}, its weight")
    for number, each in enumerate(roll.electorates):
        field = f".electorates[{number}]"
        if each.eligible > roll.weight:
            bounds = f"at most {roll.weight}, its weight"
            return Excess(f"{field}.eligible", each.eligible, bounds)
        if each.available > each.eligible:
            bounds = f"at most {each.eligible}, who are eligible"
            return Excess(f"{field}.available", each.available, bounds)
        if each.available > roll.available:
            bounds = f"at most {roll.available}, who are available"
            return Excess(f"{field}.available", each.available, bounds)
    return None


def _electorate(entries: Sequence[RollEntry], number: int, question: Question) -> Electorate:
    """Add up who may vote on a question."""
    eligible = [entry for entry in entries if may_vote(entry, number, question)]
    return Electorate(
        eligible=sum(entry.weight for entry in eligible),
        available=sum(entry.weight for entry in eligible if entry.available),
    )
