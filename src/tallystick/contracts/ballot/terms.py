"""How a vote is held: its questions, what carries them, when, and how sure a signature must be."""

from enum import Enum
from typing import Annotated, Final

from msgspec import Meta

from tallystick.base.amounts import Milliseconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import Hash, LedgerId
from tallystick.contracts.identity.model import Scope

QUESTIONS_MAX: Final = 16
OPTIONS_MAX: Final = 16
DOCUMENTS_MAX: Final = 16
DENOMINATOR_MAX: Final = 1_000_000
PROXIES_MAX: Final = 65_535
VOTERS_MAX: Final = 2**40

DAY_MILLISECONDS: Final = 86_400_000
STATEMENT_DAYS_USUAL: Final = 15
"""How long a member has for a statement per rollam if the articles don't say. [days]"""
PERIOD_MILLISECONDS_MAX: Final = 366 * DAY_MILLISECONDS

Text = Annotated[str, Meta(min_length=1, max_length=256)]
"""A line for people; whatever is longer is a document, and stands here by its hash."""

OptionText = Annotated[str, Meta(min_length=1, max_length=64)]

VoterClass = Annotated[str, Meta(max_length=32, pattern=r"^[A-Za-z0-9._-]*\Z")]
"""A class of shares or of voters; empty where there are none."""

QuestionNumber = Annotated[int, Meta(ge=0, lt=QUESTIONS_MAX)]
"""Which question of a vote, counted from 0."""

OptionNumber = Annotated[int, Meta(ge=0, lt=OPTIONS_MAX)]
"""Which option of a question, counted from 0."""

Questions = Annotated[tuple[QuestionNumber, ...], Meta(max_length=QUESTIONS_MAX)]

Period = Annotated[int, Meta(ge=0, le=PERIOD_MILLISECONDS_MAX)]
"""A length of time. [ms]"""


class Kind(Enum):
    """How people come together."""

    SITTING = "sitting"
    """At one time: it needs a quorum, and may count those who are present."""

    PER_ROLLAM = "per-rollam"
    """By statements, each in its own time from delivery on: all votes count, silence refuses."""


class Base(Enum):
    """Of what a majority is a part."""

    ALL = "all"
    """The weight of all who may vote on the question, whether they do or not."""

    PRESENT = "present"
    """The weight of those who were there when it opened, or came to vote."""

    CLASS = "class"
    """The weight of one class, which alone votes on the question."""


class Assurance(Enum):
    """How sure it is that a person meant a statement, from the weakest on."""

    SIMPLE = "simple"
    """A key has signed."""

    ADVANCED = "advanced"
    """It is known who alone holds the key, or a device has checked who pressed the button."""

    QUALIFIED = "qualified"
    """What a public deed needs."""


class Fraction(Record):
    """An exact part of a whole."""

    numerator: Annotated[int, Meta(ge=0, le=DENOMINATOR_MAX)]
    """How many parts."""

    denominator: Annotated[int, Meta(ge=1, le=DENOMINATOR_MAX)]
    """Parts of the whole."""


class Majority(Record):
    """What an option needs to be chosen."""

    base: Base
    """Of what it needs a part."""

    fraction: Fraction
    """Which part."""

    more_than: bool
    """Whether it needs more than that; else that much is enough."""

    voter_class: VoterClass
    """The class that votes, if the base is a class; else empty."""


class Question(Record):
    """One matter to decide."""

    text: Text
    """What is asked."""

    document: Hash | None
    """Of the full text of what is to be decided."""

    options: Annotated[tuple[OptionText, ...], Meta(min_length=2, max_length=OPTIONS_MAX)]
    """The answers, motions first."""

    motions: Annotated[int, Meta(ge=1, le=OPTIONS_MAX)]
    """How many of them can be chosen; the rest, such as against and abstention, only count."""

    majority: Majority
    """What a motion needs."""


class Terms(Record):
    """Everything that is settled before anybody votes; it never changes."""

    kind: Kind
    """A sitting, or statements per rollam."""

    body: Scope
    """Whose vote it is: a company, a city, a community."""

    title: Text
    """What people call it."""

    questions: Annotated[tuple[Question, ...], Meta(min_length=1, max_length=QUESTIONS_MAX)]
    """What is to be decided."""

    documents: Annotated[tuple[Hash, ...], Meta(max_length=DOCUMENTS_MAX)]
    """What members were given to read, by hash."""

    record_date: Milliseconds
    """As of when the roll is. [ms since the epoch, UTC]"""

    begin: Milliseconds
    """From when on votes are taken. [ms since the epoch, UTC]"""

    end: Milliseconds
    """
    Until when, exclusive. Per rollam a member's own time may end earlier or, if it was delivered to
    him late, later. [ms since the epoch, UTC]
    """

    statement_milliseconds: Period
    """Per rollam: what each member has from delivery on; 0 for what is usual. [ms]"""

    quorum: Fraction
    """Which part of all weight must be available when a sitting opens; 0 for none."""

    turnout: Fraction
    """Which part of the weight that may vote on a question must have voted on it; 0 for none."""

    voters_min: Annotated[int, Meta(ge=0, le=VOTERS_MAX)]
    """How many entries of the roll must have voted, whatever their weight; 0 for no such rule."""

    proxies_max: Annotated[int, Meta(ge=0, le=PROXIES_MAX)]
    """How many others one delegate may represent; 0 if nobody may."""

    changeable: bool
    """Whether a vote may be changed as long as votes are taken."""

    assurance: Assurance
    """What a statement needs; a public deed needs the highest."""

    identity_ledger: LedgerId | None
    """The ledger on which identities in the roll are known; nothing for this one."""

    identity_age_max: Period
    """How old what that ledger said of an identity may be. [ms]"""


ASSURANCES: Final = tuple(Assurance)


def suffices(assurance: Assurance, needed: Assurance) -> bool:
    """Tell whether a statement is as sure as it must be."""
    return ASSURANCES.index(assurance) >= ASSURANCES.index(needed)


def statement_period(terms: Terms) -> int:
    """Return what a member has for a statement per rollam. [ms]"""
    return terms.statement_milliseconds or STATEMENT_DAYS_USUAL * DAY_MILLISECONDS


def least(whole: int, fraction: Fraction, *, more_than: bool) -> int:
    """
    Return the smallest weight that is enough of a whole.

    Never nothing: where nobody may vote, nothing is decided.
    """
    part = whole * fraction.numerator
    if more_than:
        return part // fraction.denominator + 1
    return max(1, -(-part // fraction.denominator))
