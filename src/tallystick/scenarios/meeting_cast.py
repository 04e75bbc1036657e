"""
Who meets: forty members of a company with unequal shares, and those who help them.

Keys are drawn afresh. Shares, absences and opinions are stated here, so that anybody can compute
the count again: what somebody thinks of a question follows from the two numbers.
"""

import os
from dataclasses import dataclass

from tallystick.base.hashing import tagged_hash
from tallystick.base.signatures import public_key
from tallystick.client.genesis import usual_genesis
from tallystick.contracts.ballot.model import BallotParameters
from tallystick.contracts.identity.model import Founder, Role
from tallystick.core.genesis import Genesis

from .market_cast import Key

BODY = "paper-mill"
TAG_KEY = b"tallystick/scenarios/meeting/key/1"

NAMES = (
    *("Agnes", "Bruno", "Clara", "Dagmar", "Emil", "Felix", "Greta", "Hana", "Ivo", "Jana"),
    *("Karel", "Lenka", "Marek", "Nina", "Otto", "Petra", "Quido", "Trustee", "Sara", "Tomas"),
    *("Ursula", "Viktor", "Wanda", "Xaver", "Yvona", "Zdenek", "Adam", "Beata", "Cyril", "Dora"),
    *("Erik", "Franta", "Gita", "Hugo", "Irma", "Josef", "Katka", "Ludek", "Mila", "Norbert"),
)
ABSENT = ("Ivo", "Petra", "Wanda", "Dora", "Katka")
"""Who neither comes nor answers."""
LATECOMER = "Emil"
"""Who comes when the sitting is open already."""
TOO_LATE = "Hugo"
"""Whose vote arrives when the time is over, both times."""
SELLER = "Dagmar"
"""Who would sell land to the company, and is excluded from that question."""
TRUSTEE = "Trustee"
"""Who holds for others, and splits."""
REPRESENTED_BY_MEMBER, MEMBER_AS_DELEGATE = "Agnes", "Bruno"
REPRESENTED_BY_LAWYER, LAWYER = "Clara", "the lawyer"
AT_THE_DEVICE = frozenset(NAMES[-8:]) - {TOO_LATE, *ABSENT}
"""Whose keys nobody has vouched for, so that they vote with the device in the hall."""

TRUSTEE_SHARES = 1_200
TRUSTEE_SPLIT = (700, 300, 200)
"""For, against, abstaining. [shares]"""
SHARES_MIN, SHARES_STEP, SHARES_FACTOR, SHARES_STEPS = 40, 3, 53, 97
OPINIONS, FOR_BELOW, AGAINST_BELOW = 11, 8, 10


@dataclass(frozen=True, slots=True)
class Member:
    """One of the forty."""

    number: int
    """In the book of members, counted from 0."""
    name: str
    """What people call them."""
    shares: int
    """How many they have."""


MEMBERS = tuple(
    Member(
        number,
        name,
        TRUSTEE_SHARES
        if name == TRUSTEE
        else SHARES_MIN + SHARES_STEP * (SHARES_FACTOR * number % SHARES_STEPS),
    )
    for number, name in enumerate(NAMES)
)


class Cast:
    """Everybody's keys, drawn afresh, and the ledger that they found."""

    def __init__(self, *, time: int) -> None:
        self._seed = os.urandom(32)
        registrar = self.key("registrar").public
        self.genesis: Genesis = usual_genesis(
            "meeting",
            time=time,
            salt=os.urandom(32),
            registrar=registrar,
            issuing_body=registrar,
            publisher=registrar,
            sectors=("mill",),
            founders=(Founder(self.key("administrator").public, Role.BALLOT_ADMINISTRATOR, BODY),),
            more={"ballot": BallotParameters()},
        )

    def key(self, name: str) -> Key:
        """Return somebody's key, or a device's."""
        secret = tagged_hash(TAG_KEY, self._seed, name.encode())
        return Key(secret, public_key(secret))


def opinion(member: Member, question: int) -> int:
    """Return what a member thinks of a question: 0 for, 1 against, 2 neither."""
    place = (7 * member.number + 5 * question) % OPINIONS
    if place < FOR_BELOW:
        return 0
    return 1 if place < AGAINST_BELOW else 2
