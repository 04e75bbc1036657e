"""A city that is governed by its ballots, with a till, on which tables of cases are tried."""

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from tallystick.base.encoding import Record, encode
from tallystick.base.identifiers import RecordId
from tallystick.contracts import ballot, governance, identity
from tallystick.contracts.ballot.commands import Call, Close, Open, Vote
from tallystick.contracts.ballot.events import BallotCalled
from tallystick.contracts.ballot.model import (
    Assurance,
    BallotParameters,
    Base,
    Choice,
    Fraction,
    Kind,
    Majority,
    Question,
    RollEntry,
    Terms,
    roll_of,
    roll_paths,
)
from tallystick.contracts.governance.commands import Enact, Propose
from tallystick.contracts.governance.model import (
    Change,
    GovernanceParameters,
    Resolution,
    SetParameters,
    proposal_id,
    resolution_hash,
)
from tallystick.contracts.identity.model import EVERYWHERE, Founder, IdentityParameters, Role
from tallystick.core.genesis import Genesis
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, accepted, genesis_of
from tests.contracts.governance.till import TILLS, Sell, SoldOne, TillParameters

REGISTRAR, ADMIN, OTHER_ADMIN, ANNA, BERT, CARA, STRANGER = range(1, 8)
"""Numbers of the keys of the cast."""

NOW: Final = 1_700_000_000_000
"""When it begins. [ms since the epoch, UTC]"""

HOUR: Final = 3_600_000
BODY, OTHER_BODY = "city", "suburb"
UNKNOWN = RecordId(b"\xee" * 32)
CONTRACTS = (identity.CONTRACT, ballot.CONTRACT, governance.CONTRACT, *TILLS)
PARAMETERS = GovernanceParameters(
    body=BODY,
    notice_blocks_min=2,
    notice_blocks_max=1_000,
    turnout=Fraction(1, 2),
    majority=Fraction(1, 2),
)
FEE, NEW_FEE, HEIGHT = 3, 7, 8
"""What a sale costs at first and later, and from which block on."""

FOR, AGAINST = 0, 1
LINES = tuple(
    RollEntry(key(who), weight, "", for_others=False, available=True, excluded=())
    for who, weight in ((ANNA, 50), (BERT, 30), (CARA, 20))
)
PATHS = tuple(roll_paths(LINES))


def fee_of(fee: int) -> SetParameters:
    """Return the change of what a sale costs."""
    return SetParameters("till", encode(TillParameters(fee)))


def genesis() -> Genesis:
    """Return the city's genesis."""
    founders = (
        Founder(key(REGISTRAR), Role.REGISTRAR, EVERYWHERE),
        Founder(key(ADMIN), Role.BALLOT_ADMINISTRATOR, BODY),
        Founder(key(OTHER_ADMIN), Role.BALLOT_ADMINISTRATOR, OTHER_BODY),
    )
    parameters = (IdentityParameters(founders), BallotParameters(), PARAMETERS, TillParameters(FEE))
    return genesis_of(CONTRACTS[:4], parameters, time=NOW - 1)


def found() -> Trial:
    """Return the city's ledger, in its first block."""
    return Trial(CONTRACTS, genesis())


def do(trial: Trial, command: Record | Iterable[Record], *signers: int) -> list[Record]:
    """Insist that a command is accepted, and return what it reported."""
    before = len(trial.events)
    assert trial.execute(command, signers=signers) == accepted, trial.message
    return trial.events[before:]


def resolution(
    *changes: Change, height: int = HEIGHT, expiry: int = NOW + 24 * HOUR, title: str = "Fee"
) -> Resolution:
    """Return a resolution; unless it says otherwise, on what a sale costs."""
    return Resolution(title, height, expiry, changes or (fee_of(NEW_FEE),))


def question(
    document: bytes | None,
    *,
    base: Base = Base.ALL,
    motions: int = 1,
    options: tuple[str, ...] = ("for", "against"),
) -> Question:
    """Return a question about what has this hash."""
    majority = Majority(base, Fraction(1, 100), True, "A" if base is Base.CLASS else "")  # noqa: FBT003 - the field's own order.
    return Question("Shall it hold?", document, options, motions, majority)  # type: ignore[arg-type] # A hash is bytes.


def terms(time: int, *questions: Question, body: str = BODY) -> Terms:
    """Return the terms of a vote that takes an hour from a time on. [ms since the epoch, UTC]"""
    return Terms(
        kind=Kind.SITTING,
        body=body,
        title="City council",
        questions=questions,
        documents=(),
        record_date=time,
        begin=time,
        end=time + HOUR,
        statement_milliseconds=0,
        quorum=Fraction(0, 1),
        turnout=Fraction(0, 1),
        voters_min=0,
        proxies_max=0,
        changeable=True,
        assurance=Assurance.SIMPLE,
        identity_ledger=None,
        identity_age_max=0,
    )


def called(trial: Trial, *questions: Question, body: str = BODY) -> RecordId:
    """Call a vote and return its id."""
    admin = ADMIN if body == BODY else OTHER_ADMIN
    (event,) = do(trial, Call(terms(trial.time, *questions, body=body)), admin)
    assert isinstance(event, BallotCalled)
    return event.ballot


def about(trial: Trial, what: Resolution) -> Question:
    """Return the question that decides a resolution."""
    return question(resolution_hash(trial.state.ledger, what))


def proposing(trial: Trial, what: Resolution | None = None) -> Propose:
    """Call a vote on a resolution, and return its proposal."""
    what = what or resolution()
    return Propose(what, called(trial, about(trial, what)), 0)


def proposed(trial: Trial, what: Resolution | None = None, *signers: int) -> Propose:
    """Propose a resolution, and return how."""
    command = proposing(trial, what)
    do(trial, command, *(signers or (STRANGER,)))
    return command


def opened(trial: Trial, id: RecordId) -> None:
    """Open a vote on the roll."""
    found = trial.read(ballot.model.Ballot, id)
    assert found is not None
    do(trial, Open(id, roll_of(LINES, found.terms)), ADMIN, OTHER_ADMIN)


def cast(trial: Trial, id: RecordId, who: int, option: int) -> None:
    """Vote."""
    place = next(n for n, line in enumerate(LINES) if line.voter == key(who))
    choice = Choice(0, option, LINES[place].weight)
    do(trial, Vote(id, LINES[place], place, PATHS[place], (choice,)), who)


def voted(trial: Trial, id: RecordId, votes: dict[int, int] | None = None) -> None:
    """Hold a vote from its opening to its end; Anna is for it unless something else is said."""
    opened(trial, id)
    for who, option in ({ANNA: FOR, BERT: AGAINST} if votes is None else votes).items():
        cast(trial, id, who, option)
    trial.move_to(trial.time + HOUR)
    do(trial, Close(id), STRANGER)


def carried(trial: Trial, what: Resolution | None = None, *signers: int) -> RecordId:
    """Propose a resolution, let it be carried, and return the proposal's id."""
    command = proposed(trial, what, *signers)
    voted(trial, command.ballot)
    return proposal_id(command.ballot, 0)


def enacted(trial: Trial, what: Resolution | None = None, *signers: int) -> RecordId:
    """Propose a resolution, let it be carried, enact it, and return the proposal's id."""
    id = carried(trial, what, *signers)
    do(trial, Enact(id), STRANGER)
    return id


def go_to(trial: Trial, height: int) -> None:
    """Make blocks until the one in the making has a height."""
    while trial.candidate.height < height:
        trial.close_block()


def fee_charged(trial: Trial) -> int:
    """Sell something, and return what it cost."""
    (event,) = do(trial, Sell(), STRANGER)
    assert isinstance(event, SoldOne)
    return event.fee


def with_parameters(**changes: object) -> SetParameters:
    """Return the change of how the ledger is governed."""
    return SetParameters("governance", encode(replace(PARAMETERS, **changes)))
