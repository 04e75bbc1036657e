"""What the company asks its members, at a sitting and per rollam."""

from datetime import UTC, datetime

from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import Hash
from tallystick.contracts.ballot.model import (
    DAY_MILLISECONDS,
    Assurance,
    Base,
    Fraction,
    Kind,
    Majority,
    Question,
    RollEntry,
    Terms,
)

from .meeting_cast import ABSENT, BODY, LATECOMER, MEMBERS, SELLER, TRUSTEE, Cast

HOUR_MILLISECONDS = 3_600_000
CALLED_AT = int(datetime(2026, 5, 4, 8, tzinfo=UTC).timestamp()) * 1_000
"""When the sitting is called. [ms since the epoch, UTC]"""
SITTING_BEGIN = CALLED_AT + 30 * DAY_MILLISECONDS
SITTING_END = SITTING_BEGIN + 3 * HOUR_MILLISECONDS
LETTERS_FROM = SITTING_BEGIN + 30 * DAY_MILLISECONDS
"""When the first letter of the vote per rollam goes out. [ms since the epoch, UTC]"""
LETTERS_UNTIL = LETTERS_FROM + 20 * DAY_MILLISECONDS

OPTIONS = ("for", "against", "abstain")
PROFIT, LAND, ARTICLES = range(3)
TITLES = ("Pay out the profit", "Buy the land from Dagmar", "Change the articles")
PARTS = ((Fraction(1, 2), True), (Fraction(1, 2), True), (Fraction(3, 4), False))
"""What each question needs, and whether more than that."""
PROXIES_MAX = 1
QUORUM = Fraction(1, 2)


def sitting_terms() -> Terms:
    """
    Return the terms of the sitting.

    Majorities are of those who are present. Statements are advanced: somebody vouches for the key,
    or the device in the hall has checked a finger.
    """
    return Terms(
        kind=Kind.SITTING,
        body=BODY,
        title="General meeting 2026",
        questions=_questions(Base.PRESENT),
        documents=(document("annual report"), document("draft of the land purchase")),
        record_date=SITTING_BEGIN - 7 * DAY_MILLISECONDS,
        begin=SITTING_BEGIN,
        end=SITTING_END,
        statement_milliseconds=0,
        quorum=QUORUM,
        turnout=Fraction(1, 2),
        voters_min=3,
        proxies_max=PROXIES_MAX,
        changeable=False,
        assurance=Assurance.ADVANCED,
        identity_ledger=None,
        identity_age_max=0,
    )


def per_rollam_terms() -> Terms:
    """
    Return the terms of the same vote per rollam.

    Majorities are of all votes, and each member has fifteen days from delivery. The articles are
    changed by a public deed, so statements are qualified.
    """
    return Terms(
        kind=Kind.PER_ROLLAM,
        body=BODY,
        title="Vote per rollam 2026",
        questions=_questions(Base.ALL),
        documents=(document("annual report"), document("draft of the land purchase")),
        record_date=LETTERS_FROM - DAY_MILLISECONDS,
        begin=LETTERS_FROM,
        end=LETTERS_UNTIL,
        statement_milliseconds=0,
        quorum=Fraction(0, 1),
        turnout=Fraction(0, 1),
        voters_min=0,
        proxies_max=PROXIES_MAX,
        changeable=False,
        assurance=Assurance.QUALIFIED,
        identity_ledger=None,
        identity_age_max=0,
    )


def roll(cast: Cast, *, everybody_away: bool = False) -> tuple[RollEntry, ...]:
    """Return the list of who may vote; in one that nobody should accept, nobody has come."""
    away = {*ABSENT, LATECOMER}
    return tuple(
        RollEntry(
            voter=cast.key(member.name).public,
            weight=member.shares,
            voter_class="",
            for_others=member.name == TRUSTEE,
            available=member.name not in away and not everybody_away,
            excluded=(LAND,) if member.name == SELLER else (),
        )
        for member in MEMBERS
    )


def document(name: str) -> Hash:
    """Return the hash of a document that members were given."""
    return tagged_hash(b"tallystick/scenarios/meeting/document/1", name.encode())


def _questions(base: Base) -> tuple[Question, ...]:
    """Return the three questions, with majorities of a base."""
    return tuple(
        Question(title, document(title), OPTIONS, 1, Majority(base, part, more_than, ""))
        for title, (part, more_than) in zip(TITLES, PARTS, strict=True)
    )
