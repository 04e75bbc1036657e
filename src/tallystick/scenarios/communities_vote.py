"""
Oakfield's assembly: two questions, one carried and one refused, and what nobody gets away with.

The carried resolution raises the community's fee and recognises Millbrook's ledger, both from one
height on. Everything else that is tried on the way is refused.
"""

from dataclasses import dataclass
from typing import Final

from tallystick.base.identifiers import RecordId
from tallystick.client.foreign import trust_of
from tallystick.client.ledger import Ledger
from tallystick.contracts.ballot.commands import Call, Close, Open, Vote
from tallystick.contracts.ballot.events import BallotCalled, BallotClosed
from tallystick.contracts.ballot.model import Choice, RollEntry, Terms, roll_of, roll_paths
from tallystick.contracts.governance.commands import Apply, Enact, Propose
from tallystick.contracts.governance.errors import (
    BallotIsNotClosed,
    BallotIsOfAnotherBody,
    EnactedBefore,
    HeightIsAhead,
    ParametersDoNotFit,
    ProposalNotCarried,
    QuestionIsAboutAnother,
)
from tallystick.contracts.governance.model import (
    Resolution,
    SetParameters,
    proposal_id,
    resolution_hash,
)
from tallystick.contracts.identity.commands import Recognise

from .communities_cast import GARDENERS, MEMBERS, NEW_FEE_PPM, REFUSED_FEE_PPM, Key
from .communities_desk import Desk, one
from .communities_terms import (
    AGAINST,
    FOR,
    HOUR_SECONDS,
    ballot_terms,
    fee_change,
    question,
    resolution,
    second_of,
)
from .village_weeks import DayClock

HEIGHT_AHEAD: Final = 60
"""How far ahead the new fee begins. [blocks]"""
ASSEMBLY_HOUR: Final = 19
MINUTE_MILLISECONDS: Final = 60_000
SAYS: Final = {
    "Ash": (FOR, AGAINST),
    "Birch": (FOR, AGAINST),
    "Cedar": (AGAINST, AGAINST),
    "Elm": (FOR, FOR),
    "Fir": (FOR, AGAINST),
    "Hazel": (FOR, FOR),
    "Linden": (AGAINST, AGAINST),
}
"""What each household says on both questions; Maple stays at home."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What the assembly decided."""

    height: int
    """From which block on the new fee holds."""
    carried: RecordId
    """The proposal that was carried."""
    refused: RecordId
    """The one that was not."""
    counts: tuple[tuple[int, ...], ...]
    """What was said on each question: for, and against."""
    enacted_height: int
    """In which block the first was enacted."""


class Assembly:
    """One evening in Oakfield."""

    def __init__(self, desk: Desk, clock: DayClock, neighbour: Ledger, day: int) -> None:
        self.desk, self.clock, self.neighbour, self.day = desk, clock, neighbour, day
        self.lines = tuple(
            RollEntry(
                desk.cast.member(name).public,
                weight=1,
                voter_class="",
                for_others=False,
                available=name in SAYS,
                excluded=(),
            )
            for name in MEMBERS
        )

    def hold(self) -> Decision:
        """Propose, vote, count and enact."""
        height = self.desk.height + HEIGHT_AHEAD
        wanted, unwanted = self._resolutions(height)
        self.clock.milliseconds = second_of(self.day, ASSEMBLY_HOUR) * 1_000 - MINUTE_MILLISECONDS
        ballot, terms = self._call(wanted, unwanted)
        clerk = self.desk.office("clerk")
        self.desk.send(Propose(wanted, ballot, 0), clerk)
        self._try_forgeries(ballot, wanted, height)
        self.desk.send(Propose(unwanted, ballot, 1), clerk)
        carried, refused = proposal_id(ballot, 0), proposal_id(ballot, 1)
        self._vote(ballot, terms, carried)
        counted = one(self.desk.send(Close(ballot), clerk), BallotClosed)
        self.desk.send(Enact(carried), self.desk.cast.member("Elm"))
        enacted_height = self.desk.height
        self._try_misuse(carried, refused)
        counts = tuple(each.totals for each in counted.results)
        return Decision(height, carried, refused, counts, enacted_height)

    def recognise(self, decision: Decision) -> None:
        """Let identity do what was decided, now that the height has come."""
        self.desk.send(Apply(decision.carried), self.desk.cast.member("Hazel"))

    def _resolutions(self, height: int) -> tuple[Resolution, Resolution]:
        """Return what some want, and what others want."""
        treasury = self.desk.office("treasury").public
        wanted = resolution(
            "A fee of 2.5 %, and trade with Millbrook",
            (fee_change(NEW_FEE_PPM, treasury), Recognise(trust_of(self.neighbour))),
            height=height,
            day=self.day,
        )
        unwanted = resolution(
            "A fee of 10 %",
            (fee_change(REFUSED_FEE_PPM, treasury),),
            height=height,
            day=self.day,
        )
        return wanted, unwanted

    @property
    def _anybody(self) -> Key:
        """Return the key of somebody who isn't there."""
        return self.desk.cast.member("Maple")

    def _call(self, *resolutions: Resolution) -> tuple[RecordId, Terms]:
        """Call the assembly on some resolutions."""
        begin = self.clock.milliseconds + MINUTE_MILLISECONDS
        asked = tuple(
            question(each.title, resolution_hash(self.desk.ledger.id, each)) for each in resolutions
        )
        terms = ballot_terms(asked, begin=begin, end=begin + HOUR_SECONDS * 1_000)
        called = one(self.desk.send(Call(terms), self.desk.office("clerk")), BallotCalled)
        return called.ballot, terms

    def _vote(self, ballot: RecordId, terms: Terms, carried: RecordId) -> None:
        """Open the assembly, and let everybody who came say something."""
        self.clock.milliseconds += MINUTE_MILLISECONDS
        self.desk.send(Open(ballot, roll_of(self.lines, terms)), self.desk.office("clerk"))
        paths = tuple(roll_paths(self.lines))
        for place, name in enumerate(MEMBERS):
            if name in SAYS:
                choices = tuple(Choice(n, option, 1) for n, option in enumerate(SAYS[name]))
                vote = Vote(ballot, self.lines[place], place, paths[place], choices)
                self.desk.send(vote, self.desk.cast.member(name))
        early = Enact(carried)
        self.desk.refuse("enacting before the count", BallotIsNotClosed, early, self._anybody)
        self.clock.milliseconds += HOUR_SECONDS * 1_000

    def _try_forgeries(self, ballot: RecordId, wanted: Resolution, height: int) -> None:
        """Try to let a ballot decide what it is not about, and nonsense at all."""
        treasury = self.desk.office("treasury").public
        forged = resolution(wanted.title, (fee_change(0, treasury),), height=height, day=self.day)
        self.desk.refuse(
            "another resolution under the same question",
            QuestionIsAboutAnother,
            Propose(forged, ballot, 1),
            self._anybody,
        )
        nonsense = resolution(
            "Nonsense", (SetParameters("market", b"nonsense"),), height=height, day=self.day
        )
        self.desk.refuse(
            "parameters that no market takes",
            ParametersDoNotFit,
            Propose(nonsense, self._call(nonsense)[0], 0),
            self._anybody,
        )
        begin = self.clock.milliseconds
        asked = (question("Free", resolution_hash(self.desk.ledger.id, forged)),)
        terms = ballot_terms(asked, begin=begin + 1_000, end=begin + 2_000, body=GARDENERS)
        called = one(self.desk.send(Call(terms), self.desk.office("gardener")), BallotCalled)
        self.desk.refuse(
            "a ballot of the gardeners' club",
            BallotIsOfAnotherBody,
            Propose(forged, called.ballot, 0),
            self._anybody,
        )

    def _try_misuse(self, carried: RecordId, refused: RecordId) -> None:
        """Try to enact what was refused, to enact twice, and to apply too early."""
        for what, reason, command in (
            ("enacting what was voted down", ProposalNotCarried, Enact(refused)),
            ("enacting twice", EnactedBefore, Enact(carried)),
            ("recognising a ledger before the height", HeightIsAhead, Apply(carried)),
        ):
            self.desk.refuse(what, reason, command, self._anybody)
