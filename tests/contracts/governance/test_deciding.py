"""Which ballots decide, and what they need beside what carries them."""

from fractions import Fraction as Part

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tallystick.base.identifiers import Hash
from tallystick.contracts.ballot.model import Ballot, Base, Fraction, Minutes, Result, minutes_id
from tallystick.contracts.governance.deciding import insist_about, insist_carried, insist_governs
from tallystick.contracts.governance.errors import (
    BallotIsNotClosed,
    BallotIsOfAnotherBody,
    ProposalNotCarried,
    QuestionIsAboutAnother,
    QuestionIsNotYesOrNo,
    SupportIsTooSmall,
)
from tallystick.contracts.governance.model import Proposal, proposal_id
from tallystick.core.context import Context
from tallystick.testing.tables import Trial
from tests.contracts.governance.cases import (
    AGAINST,
    BODY,
    FOR,
    NOW,
    OTHER_BODY,
    PARAMETERS,
    found,
    proposed,
    question,
    terms,
    voted,
)

DOCUMENT, OTHER = Hash(bytes(32)), Hash(bytes([1]) * 32)


class Reading(Context):
    """A context that reads what a trial holds."""

    def __init__(self, trial: Trial) -> None:
        self._overlay = trial.candidate.overlay


def counted() -> tuple[Trial, Proposal, Minutes]:
    """Return a proposal that was voted on."""
    trial = found()
    command = proposed(trial)
    voted(trial, command.ballot)
    proposal = trial.read(Proposal, proposal_id(command.ballot, 0))
    minutes = trial.read(Minutes, minutes_id(command.ballot))
    assert proposal is not None
    assert minutes is not None
    return trial, proposal, minutes


def planted(*, eligible: int, against: int, votes_for: int, chosen: int | None) -> Reading:
    """Return what reads a count."""
    trial, proposal, minutes = counted()
    result = replace(
        minutes.results[0],
        eligible=eligible,
        voted=against + votes_for,
        totals=(votes_for, against),
        chosen=chosen,
    )
    trial.plant(minutes_id(proposal.ballot), replace(minutes, results=(result,)))
    return Reading(trial)


def test_only_the_body_that_governs_decides() -> None:
    """A name that merely begins alike is another."""
    insist_governs(terms(NOW, question(DOCUMENT)), PARAMETERS, field="ballot")
    for body in (OTHER_BODY, BODY + "x", "*"):
        with pytest.raises(BallotIsOfAnotherBody):
            insist_governs(terms(NOW, question(DOCUMENT), body=body), PARAMETERS, field="ballot")


@pytest.mark.parametrize(
    ("document", "base", "motions", "reason"),
    [
        (DOCUMENT, Base.ALL, 1, None),
        (DOCUMENT, Base.PRESENT, 1, None),
        (OTHER, Base.ALL, 1, QuestionIsAboutAnother),
        (None, Base.ALL, 1, QuestionIsAboutAnother),
        (OTHER, Base.CLASS, 2, QuestionIsAboutAnother),
        (DOCUMENT, Base.ALL, 2, QuestionIsNotYesOrNo),
        (DOCUMENT, Base.CLASS, 1, QuestionIsNotYesOrNo),
    ],
)
def test_a_question_is_about_one_thing(
    document: Hash | None, base: Base, motions: int, reason: type[Exception] | None
) -> None:
    """For or against, by the whole body, and about this."""
    asked = question(document, base=base, motions=motions)
    if reason is None:
        insist_about(asked, DOCUMENT)
        assert DOCUMENT == asked.document
        return
    with pytest.raises(reason):
        insist_about(asked, DOCUMENT)


@pytest.mark.parametrize(
    ("options", "fits"),
    [
        (("for", "against"), True),
        (("for", "against", "abstain"), True),
        (("against", "for"), False),
        (("for", "abstain", "against"), False),
        (("for", "against", "abstain", "other"), False),
        (("for", "abstain"), False),
        (("For", "against"), False),
        (("yes", "no"), False),
    ],
)
def test_options_are_called_what_they_do(options: tuple[str, ...], fits: bool) -> None:  # noqa: FBT001 - a column.
    """Whoever turned the labels round would let those carry a proposal who are against it."""
    asked = question(DOCUMENT, options=options)
    if fits:
        insist_about(asked, DOCUMENT)
        assert options == asked.options
        return
    with pytest.raises(QuestionIsNotYesOrNo):
        insist_about(asked, DOCUMENT)


def test_votes_that_are_not_counted_decide_nothing() -> None:
    """Nor do those of a body that governs no more."""
    trial = found()
    command = proposed(trial)
    proposal = trial.read(Proposal, proposal_id(command.ballot, 0))
    assert proposal is not None
    with pytest.raises(BallotIsNotClosed):
        insist_carried(Reading(trial), proposal, PARAMETERS)
    with pytest.raises(BallotIsOfAnotherBody):
        insist_carried(Reading(trial), proposal, replace(PARAMETERS, body=OTHER_BODY))


@pytest.mark.parametrize("chosen", [None, AGAINST])
def test_what_was_not_chosen_is_not_carried(chosen: int | None) -> None:
    """Whatever the weights say: the ballot's own terms may need more."""
    _, proposal, _ = counted()
    context = planted(eligible=100, against=0, votes_for=100, chosen=chosen)
    with pytest.raises(ProposalNotCarried):
        insist_carried(context, proposal, PARAMETERS)


@given(
    votes_for=st.integers(0, 50),
    against=st.integers(0, 50),
    rest=st.integers(0, 50),
    excluded=st.integers(1, 50),
    turnout=st.integers(0, 4),
    majority=st.integers(0, 3),
)
def test_support_is_an_exact_part(
    votes_for: int, against: int, rest: int, excluded: int, turnout: int, majority: int
) -> None:
    """At least the turnout of the roll, and more than the majority of those who voted."""
    trial, proposal, minutes = COUNTED
    voted_weight, eligible = votes_for + against, votes_for + against + rest
    _weigh(trial, proposal, eligible + excluded)
    result = Result(0, FOR, eligible, eligible, voted_weight, (votes_for, against), ())
    trial.plant(minutes_id(proposal.ballot), replace(minutes, results=(result,)))
    parameters = replace(PARAMETERS, turnout=Fraction(turnout, 4), majority=Fraction(majority, 4))
    enough = (
        voted_weight >= Part(turnout, 4) * (eligible + excluded)
        and votes_for > Part(majority, 4) * voted_weight
    )
    try:
        insist_carried(Reading(trial), proposal, parameters)
    except SupportIsTooSmall:
        assert not enough
    else:
        assert enough


def _weigh(trial: Trial, proposal: Proposal, weight: int) -> None:
    """Let the roll of a proposal's ballot weigh something else."""
    ballot = trial.read(Ballot, proposal.ballot)
    assert ballot is not None
    assert ballot.roll is not None
    roll = replace(ballot.roll, weight=weight)
    trial.plant(proposal.ballot, replace(ballot, roll=roll))


COUNTED = counted()


def test_the_ballot_is_read_by_its_own_records() -> None:
    """If they changed their place, nothing would be carried."""
    trial, proposal, minutes = counted()
    assert trial.read(Ballot, proposal.ballot) is not None
    assert FOR == minutes.results[0].chosen
    insist_carried(Reading(trial), proposal, PARAMETERS)
