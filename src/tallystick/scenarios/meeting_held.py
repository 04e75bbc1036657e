"""
The sitting and the vote per rollam, played one after the other on one ledger.

In the sitting those are counted who are there; per rollam everybody is, and whoever says nothing
refuses. The same opinions so lead to another result.
"""

from msgspec.structs import replace

from tallystick.base.amounts import MILLISECONDS_MAX
from tallystick.client.ledger import Ledger
from tallystick.contracts.ballot.commands import Attest, Close, EnrolDevice, SignMinutes
from tallystick.contracts.ballot.errors import (
    AssuranceTooLow,
    BallotIsClosed,
    DelegationDoesNotCover,
    DelegationIsUsed,
    MayNotSplit,
    NotDelivered,
    NotEnoughAvailable,
    NotInRoll,
    PersonHasNotSigned,
    SignerIsNotAdministrator,
    StatementIsLate,
    TooManyProxies,
    VotedAlready,
    VoteIsDelegated,
    VoterIsExcluded,
    VotingGoesOn,
    VotingIsOver,
    WeightAboveEntry,
)
from tallystick.contracts.ballot.model import DAY_MILLISECONDS, Assurance, Choice

from .meeting_assembly import BY_APPLICATION, Assembly
from .meeting_cast import (
    ABSENT,
    AT_THE_DEVICE,
    BODY,
    LAWYER,
    MEMBER_AS_DELEGATE,
    MEMBERS,
    REPRESENTED_BY_LAWYER,
    REPRESENTED_BY_MEMBER,
    SELLER,
    TOO_LATE,
    Cast,
    Member,
)
from .meeting_terms import (
    ARTICLES,
    LAND,
    LETTERS_FROM,
    LETTERS_UNTIL,
    PROFIT,
    SITTING_BEGIN,
    SITTING_END,
    per_rollam_terms,
    roll,
    sitting_terms,
)
from .scenario import Advance
from .village_weeks import DayClock

HALL = "device in the hall"
ADMINISTRATOR, REGISTRAR, STRANGER = "administrator", "registrar", "stranger"
BY_NAME = {member.name: member for member in MEMBERS}
MINUTE_MILLISECONDS = 60_000
PERIOD_DAYS = 15
REST = tuple(
    member
    for member in MEMBERS
    if member.name not in {*ABSENT, TOO_LATE, REPRESENTED_BY_MEMBER, REPRESENTED_BY_LAWYER}
)
"""Who comes, speaks for himself, and in time."""


def hold_sitting(ledger: Ledger, cast: Cast, clock: DayClock, advance: Advance) -> Assembly:
    """Play the sitting from the call to the minutes."""
    assembly = Assembly(ledger, cast, clock, sitting_terms(), roll(cast))
    _vouch(assembly, Assurance.ADVANCED, but=AT_THE_DEVICE)
    device = EnrolDevice(BODY, cast.key(HALL).public, None, HALL, Assurance.ADVANCED)
    assembly.do(device, ADMINISTRATOR, HALL)
    assembly.call()
    _delegate(assembly)
    assembly.at(SITTING_BEGIN)
    assembly.attempt(
        "opening while nobody has come",
        NotEnoughAvailable,
        assembly.opening(roll(cast, everybody_away=True)),
        ADMINISTRATOR,
    )
    assembly.attempt(
        "opening by a stranger", SignerIsNotAdministrator, assembly.opening(), STRANGER
    )
    assembly.do(assembly.opening(), ADMINISTRATOR)
    _misuse(assembly)
    for number, member in enumerate(REST):
        assembly.at(SITTING_BEGIN + number * MINUTE_MILLISECONDS)
        _say(assembly, member)
        advance(1)
    _speak_for_others(assembly)
    _misuse_afterwards(assembly)
    assembly.at(SITTING_END)
    late = assembly.statement(BY_NAME[TOO_LATE])
    assembly.attempt("a vote at the end of the sitting", VotingIsOver, late, TOO_LATE)
    assembly.close(STRANGER)
    assembly.do(SignMinutes(assembly.ballot), ADMINISTRATOR)
    assembly.attempt("a vote after the count", BallotIsClosed, late, TOO_LATE)
    return assembly


def hold_per_rollam(ledger: Ledger, cast: Cast, clock: DayClock, advance: Advance) -> Assembly:
    """Play the same vote per rollam."""
    assembly = Assembly(ledger, cast, clock, per_rollam_terms(), roll(cast))
    _vouch(assembly, Assurance.QUALIFIED)
    assembly.call()
    _delegate(assembly)
    assembly.at(LETTERS_FROM)
    assembly.do(assembly.opening(), ADMINISTRATOR)
    nobody_asked = assembly.statement(BY_NAME[SELLER])
    assembly.attempt("a statement before delivery", NotDelivered, nobody_asked, SELLER)
    _deliver(assembly)
    for member in REST:
        assembly.say(assembly.statement(member), BY_APPLICATION, member.name)
        advance(1)
    _speak_for_others(assembly)
    until = assembly.told.delivered[TOO_LATE] + PERIOD_DAYS * DAY_MILLISECONDS
    assembly.at(until)
    late = assembly.statement(BY_NAME[TOO_LATE])
    assembly.attempt("a statement after fifteen days", StatementIsLate, late, TOO_LATE)
    assembly.at(LETTERS_UNTIL)
    assembly.close(ADMINISTRATOR)
    return assembly


def _vouch(assembly: Assembly, assurance: Assurance, *, but: frozenset[str] = frozenset()) -> None:
    """Let the registrar say whose keys are sure, members' and the lawyer's."""
    names = [*(member.name for member in MEMBERS if member.name not in but), LAWYER]
    keys = (assembly.cast.key(name).public for name in names)
    said = [Attest(BODY, key, assurance, MILLISECONDS_MAX, None) for key in keys]
    assembly.do(said, REGISTRAR)


def _delegate(assembly: Assembly) -> None:
    """Let two be represented: one on everything by a member, one by a lawyer on the articles."""
    one, other = REPRESENTED_BY_MEMBER, REPRESENTED_BY_LAWYER
    by_member = assembly.delegation(one, MEMBER_AS_DELEGATE)
    assembly.do(by_member, one, MEMBER_AS_DELEGATE)
    second = assembly.delegation(other, MEMBER_AS_DELEGATE)
    assembly.attempt(
        "a second proxy for one delegate", TooManyProxies, second, other, MEMBER_AS_DELEGATE
    )
    assembly.do(assembly.delegation(other, LAWYER), other, LAWYER)
    assembly.do(assembly.revocation(other), other)
    assembly.do(assembly.delegation(other, LAWYER, ARTICLES), other, LAWYER)


def _say(assembly: Assembly, member: Member) -> None:
    """Let a member vote, with the device in the hall if nobody vouches for the key."""
    if member.name in AT_THE_DEVICE:
        vote = assembly.statement(member, device=HALL)
        assembly.say(vote, HALL, member.name, HALL)
    else:
        assembly.say(assembly.statement(member), BY_APPLICATION, member.name)


def _speak_for_others(assembly: Assembly) -> None:
    """Let delegates vote for those whom they represent."""
    absent, halfway = BY_NAME[REPRESENTED_BY_MEMBER], BY_NAME[REPRESENTED_BY_LAWYER]
    vote = assembly.statement(absent, delegate=MEMBER_AS_DELEGATE)
    assembly.say(vote, MEMBER_AS_DELEGATE, MEMBER_AS_DELEGATE)
    own = assembly.statement(halfway, (PROFIT, LAND))
    assembly.say(own, BY_APPLICATION, halfway.name)
    by_lawyer = assembly.statement(halfway, (ARTICLES,), delegate=LAWYER)
    assembly.say(by_lawyer, LAWYER, LAWYER)


def _misuse(assembly: Assembly) -> None:
    """Try what members may not do before anybody has voted."""
    seller, absent = BY_NAME[SELLER], BY_NAME[REPRESENTED_BY_MEMBER]
    halfway, plain = BY_NAME[REPRESENTED_BY_LAWYER], BY_NAME[TOO_LATE]
    shares, own = plain.shares, assembly.statement(plain)
    on_land = replace(assembly.statement(seller), choices=(Choice(LAND, 0, seller.shares),))
    split = replace(own, choices=(Choice(PROFIT, 0, 1), Choice(PROFIT, 1, shares - 1)))
    heavy = replace(own, choices=(Choice(PROFIT, 0, shares + 1),))
    richer = replace(own, entry=replace(own.entry, weight=shares + 1))
    weak = assembly.statement(BY_NAME[min(AT_THE_DEVICE)])
    assembly.attempt("a vote on one's own business", VoterIsExcluded, on_land, SELLER)
    assembly.attempt("a vote in another's name", PersonHasNotSigned, own, STRANGER)
    assembly.attempt("more shares than the roll says", NotInRoll, richer, TOO_LATE)
    assembly.attempt("more weight than there is", WeightAboveEntry, heavy, TOO_LATE)
    assembly.attempt("a split without holding for others", MayNotSplit, split, TOO_LATE)
    assembly.attempt("a key that nobody vouches for", AssuranceTooLow, weak, min(AT_THE_DEVICE))
    assembly.attempt(
        "a vote that is delegated", VoteIsDelegated, assembly.statement(absent), absent.name
    )
    beyond = assembly.statement(halfway, (PROFIT,), delegate=LAWYER)
    assembly.attempt("a delegate beyond his task", DelegationDoesNotCover, beyond, LAWYER)


def _misuse_afterwards(assembly: Assembly) -> None:
    """Try what members may not do after having voted."""
    absent = REPRESENTED_BY_MEMBER
    again = assembly.statement(REST[0])
    assembly.attempt("a second vote", VotedAlready, again, REST[0].name)
    revoked = assembly.revocation(absent)
    assembly.attempt("taking back what was used", DelegationIsUsed, revoked, absent)
    early = Close(assembly.ballot)
    assembly.attempt("counting before the end", VotingGoesOn, early, ADMINISTRATOR)


def _deliver(assembly: Assembly) -> None:
    """Let letters arrive in the course of four days, ten a day."""
    for day in range(4):
        time = LETTERS_FROM + day * DAY_MILLISECONDS
        assembly.at(time)
        members = MEMBERS[day::4]
        assembly.do([assembly.delivery(member) for member in members], ADMINISTRATOR)
        assembly.told.delivered |= {
            member.name: assembly.ledger.status().time for member in members
        }
